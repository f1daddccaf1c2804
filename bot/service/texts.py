# SPDX-License-Identifier: Apache-2.0
"""The text messages that come in: heard as any turn is, answered once, in that moment.

Nothing is ever sent later. The number is not kept: a story is found again by a keyed hash, which
goes with the story; STOP leaves a keyed hash of its own, for ever. What may be danger and gets no
word back, after STOP or from a number that cannot be texted, is brought to a worker.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.policy import texting, urgency
from bot.policy.texting import Texted, Wish
from bot.policy.turn import TEXT, Message, Said, State, Understanding
from bot.policy.urgency import DANGER
from bot.service.conversation import Conversations
from bot.service.handover import Handover
from bot.service.ports import Clock, ConversationError
from bot.service.stopped import Stopped, hashed
from bot.settings import derive
from bot.store import conversations as stories
from bot.store import records
from bot.store.conversations import Contact
from bot.store.database import Database
from bot.understanding import Screen

WINDOW = 3600.0
UNSENT = "not_texted"
"""The mark of a question that was kept back, so that no word answers it."""
WORRIES = ("interrupt", "check")
STORIES = 20
"""Stories of one number that may be kept at once: those that were closed and wait for review."""


class Texts:
    """Hears text messages."""

    def __init__(
        self, store: Database, conversations: Conversations, handover: Handover, screen: Screen,
        secrets: Sequence[str], clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.conversations, self.screen = store, conversations, screen
        self.handover = handover
        self.clock, self.stopped = clock, Stopped(store, secrets, clock)
        self._key = derive(secrets[0], "texts")

    async def hear(
        self, sender: str, text: str, message_id: str, *, reachable: bool = True
    ) -> str:
        """Return the name of the words that answer a text, "" for none.

        `message_id`: the provider's; the same one again is no second turn. `reachable`: a text
        can go back to this number.
        """
        wish = texting.wish(text)
        if wish is Wish.STOP:
            await self.stopped.keep(sender)
            return ""
        if wish is Wish.START:
            await self.stopped.forget(sender)
            return "text_started"
        off = await self.stopped.has(sender)
        async with self.store.write() as tx:
            many = await records.tries(tx, self._hash("hour", sender), self.clock(), WINDOW)
        contact, place = await self._contact(sender)
        read = await self._read(contact) if contact else 0
        heard = self.screen.understand(text, "chat")
        if not texting.taken(heard.action in WORRIES or bool(read), off, many):
            return ""
        first = contact is None
        if contact is None:
            contact = await self.conversations.open_call(place, TEXT)
        said = Said(text=text, client_id=message_id, seen=read)
        name = texting.answer(await self._texted(contact, said, heard, first))
        sent = name if reachable and texting.goes(name, bool(read), off) else ""
        if sent not in texting.ASK:
            await self._not_asked(contact, read)
        if not sent and heard.action in WORRIES:
            await self._to_staff(contact, heard)
        return sent

    def without_store(self, text: str) -> str:
        """Return what answers a text when nothing else works; a STOP is not answered even then.

        What may be danger gets the emergency words: no question can be asked that is understood.
        """
        if texting.wish(text) is not Wish.NONE:
            return ""
        return texting.answer(_unkept(self.screen.understand(text, "chat"), first=True))

    async def story(self, sender: str) -> str | None:
        """Return the id of the story that a number's texts belong to now, None for none."""
        contact, _ = await self._contact(sender)
        return contact.conversation_id if contact else None

    # -- parts -------------------------------------------------------------------------------

    async def _texted(
        self, contact: Contact, said: Said, heard: Understanding, first: bool
    ) -> Texted:
        try:
            reply = await self.conversations.hear(contact, said)
        except ConversationError:  # nothing in it, too much, or nowhere to keep it
            return _unkept(heard, first)
        names = [message.say for message in reply.messages]
        asks = next((m.say for m in reversed(reply.messages) if _asks(m)), "")
        certain = heard.urgency if heard.action == "interrupt" else ""
        return Texted(certain, names, asks, reply.state, first)

    async def _not_asked(self, contact: Contact, read: int) -> None:
        """Mark the question of this turn, if it has one, as one that did not go out by text."""
        question = await self._read(contact)
        if question and question != read:
            async with self.store.write() as tx:
                await records.once(tx, str(question), UNSENT, self.clock())

    async def _to_staff(self, contact: Contact, heard: Understanding) -> None:
        """Show the person to staff now: nobody asks them, and nobody else answers them."""
        box = await self.conversations.keys.held(contact.conversation_id)
        async with self.store.write() as tx:
            row = await stories.conversation(tx, contact.conversation_id, lock=True)
            if row is None or box is None:
                return
            tier, why = urgency.tier("none", unsure=True), urgency.words("unsure", heard.urgency)
            if await self.handover.queue_up(tx, box, row, tier, why, heard.cues):
                await self.handover.page(tx, row.id)

    async def _read(self, contact: Contact) -> int:
        """Return the newest message whose question went out by text, 0 for none."""
        question = _question((await self.conversations.messages(contact)).messages)
        async with self.store.read() as tx:
            unsent = await records.effect_result(tx, str(question), UNSENT) is not None
        return 0 if unsent else question

    async def _contact(self, sender: str) -> tuple[Contact | None, str]:
        """Return the contact of a number's story, or None and where a new one would be kept."""
        place = ""
        for number in range(STORIES):
            place = self._hash(f"story {number}", sender)
            contact = await self.conversations.find_call(place)
            if contact is None and not await self.conversations.call_ended(place):
                return None, place
            if contact is not None and not await self._over(contact):
                return contact, place
        return None, place

    async def _over(self, contact: Contact) -> bool:
        return (await self.conversations.messages(contact)).state is State.ENDED

    def _hash(self, purpose: str, sender: str) -> str:
        return hashed(self._key, sender, purpose)


def _unkept(heard: Understanding, first: bool) -> Texted:
    """Return what came of a text that nobody kept."""
    return Texted(heard.urgency if heard.urgency in DANGER else "", first=first, kept=False)


def _asks(message: Message) -> bool:
    return any(choice.key == "yes" for choice in message.choices)


def _question(messages: Sequence[Message]) -> int:
    """Return the newest message that asks, where it asks about danger; 0 for none.

    Whatever else the assistant asked was never sent, and no word answers it.
    """
    last = next((m for m in reversed(messages) if m.choices), None)
    asked = last is not None and last.say.startswith(("check_", "emergency_suicide"))
    return last.id if last is not None and asked else 0
