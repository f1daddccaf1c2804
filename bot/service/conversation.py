# SPDX-License-Identifier: Apache-2.0
"""A person and their story: opened, found again, left, and carried to another device by a code."""

from __future__ import annotations

import logging
import secrets
import uuid
from dataclasses import dataclass

from bot.policy import guessing
from bot.policy.questions import CODE_USED, CONTACT_ANEW
from bot.policy.turn import Medium, Reply, Said, State, Utterance
from bot.policy.urgency import DANGER
from bot.service import talking
from bot.service.ports import Clock, ConversationError
from bot.service.resume_codes import SPOKEN_LENGTH, ResumeCodes, fingerprint
from bot.service.standing import Standing
from bot.service.transcript import Dialogue, Transcript, read
from bot.service.turn import Turns
from bot.settings import Settings
from bot.store import calls, conversations, events, handovers, records
from bot.store.conversations import Contact
from bot.store.database import Database, StoreError, Tx
from bot.store.keys import Box, KeyStore

log = logging.getLogger(__name__)
TRIES = 5
SHARED_TRIES = 100
"""Wrong codes in an hour of a source that many people share, such as our own TLS proxy. Eight signs
of 25 leave whoever uses all of them one chance in a thousand million to find a given code [J]."""
TRIES_WINDOW = 3600.0
GUESSES = fingerprint("wrong by voice")


@dataclass(frozen=True)
class Opened:
    """A contact just opened, the secret that proves it, and the first messages."""

    contact: Contact
    token: str
    reply: Reply


class Conversations:
    """Everything a channel may do with a person's story."""

    def __init__(
        self, store: Database, keys: KeyStore, transcript: Transcript, turns: Turns,
        standing: Standing, settings: Settings, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.transcript = store, keys, transcript
        self.turns, self.standing = turns, standing
        self.settings, self.clock = settings, clock
        self.codes = ResumeCodes(store, settings, clock)

    async def open(self, medium: str, language: str = "en", call_hash: str | None = None) -> Opened:
        """Open a new story and say the first words: who we are, 999, and is it safe."""
        now, conversation_id = self.clock(), str(uuid.uuid4())
        try:
            box = await self.keys.make(conversation_id)
            async with self.store.write() as tx:
                await conversations.open_conversation(
                    tx,
                    id=conversation_id,
                    medium=medium,
                    language=language,
                    state=State.ASSISTANT,
                    urgency="none",
                    topic="none",
                    opened_at=now,
                    closes_at=now + self.settings.idle_closes_after,
                    turns=0,
                )
                contact, token = await self._contact(tx, conversation_id, medium, call_hash)
                row = await conversations.conversation(tx, conversation_id)
                words = ["opening_welcome", "opening_emergency", "opening_safe"]
                if medium == Medium.VOICE:
                    words = ["phone_welcome", "phone_spoken_words_notice", "opening_safe"]
                said = await self.standing.as_it_is(
                    tx, medium, conversation_id, [Utterance(w) for w in words],
                    self.transcript.words.names(),
                )  # fmt: skip
                dialogue = Dialogue(opening=True)
                said = await self.transcript.say(tx, box, row, dialogue, said)
        except StoreError:
            raise ConversationError("not_stored", self.turns.unkept("not_stored", medium)) from None
        return Opened(contact, token, Reply(State.ASSISTANT, tuple(said)))

    async def _contact(
        self, tx: Tx, conversation_id: str, medium: str, call_hash: str | None
    ) -> tuple[Contact, str]:
        contact = Contact(str(uuid.uuid4()), conversation_id, medium, self.clock())
        token = secrets.token_urlsafe(32)
        await conversations.open_contact(
            tx, id=contact.id, conversation_id=conversation_id, medium=medium,
            token_hash=fingerprint(token), call_hash=call_hash, opened_at=contact.opened_at,
        )  # fmt: skip
        return contact, token

    async def find(self, conversation_id: str, token: str) -> Contact:
        """Return the contact a token proves; another's story is as unknown as none."""
        try:
            async with self.store.read() as tx:
                found = await conversations.contact_by_token(
                    tx, conversation_id, fingerprint(token)
                )
        except StoreError:
            sorry = self.turns.unkept("not_stored", Medium.CHAT)
            raise ConversationError("not_stored", sorry) from None
        if found is None:
            raise ConversationError("unknown")
        return found

    async def find_call(self, call_hash: str) -> Contact | None:
        """Return the contact of a call, None for a call not seen yet."""
        async with self.store.read() as tx:
            return await conversations.contact_by_call(tx, call_hash)

    async def call_ended(self, call_hash: str) -> bool:
        """Say whether a call's story was closed, or moved to another device by a code."""
        async with self.store.read() as tx:
            return await conversations.call_ended(tx, call_hash)

    async def open_call(self, call_hash: str, medium: str = Medium.VOICE) -> Contact:
        """Return the contact of a call that is not kept yet; raises `ended` for one that is over.

        Two edges may be told of it in the same moment: both return the one that was opened.
        """
        if await self.call_ended(call_hash):
            raise ConversationError("ended")
        try:
            return (await self.open(medium, call_hash=call_hash)).contact
        except ConversationError:
            known = await self.find_call(call_hash)
            if known is None:
                raise
            return known

    async def end_call(self, contact: Contact) -> None:
        """Close the story of a caller who is gone, unless somebody waits in it or has it.

        A code they were given keeps it for as long as the code was promised to work.
        """
        await self.leave(contact)
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, contact.conversation_id, lock=True)
            if row is not None and await handovers.open_for(tx, row.id) is None:
                closes = await records.code_until(tx, row.id, now) or now
                await conversations.change(tx, row.id, closes_at=closes)

    async def hear(self, contact: Contact, said: Said) -> Reply:
        """Take one turn and return every message newer than the person's own."""
        return await self.turns.hear(contact, said)

    async def messages(self, contact: Contact, after: int = 0) -> Reply:
        """Return the state and the messages after a number, the person's own included.

        None from before this contact: whoever holds a code is shown nothing said earlier.
        """
        async with self.store.read() as tx:
            row = await conversations.conversation(tx, contact.conversation_id)
            rows = await events.after(
                tx, after, conversation_id=contact.conversation_id, since=contact.opened_at
            )
        if row is None:
            return Reply(State.ENDED)
        box = await self.keys.held(contact.conversation_id)
        if box is None:
            return Reply(State.ENDED)
        return Reply(State(row.state), tuple(read(box, rows)))

    async def leave(self, contact: Contact) -> None:
        """Take a quick exit: the view ends. Nothing is deleted, and a page to staff stands."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, contact.conversation_id, lock=True)
            if row is None or row.closed_at:
                return
            closes = min(row.closes_at, now + self.settings.leave_closes_after)
            # A code they were given works for as long as it was said to.
            closes = max(closes, await records.code_until(tx, row.id, now) or 0.0)
            await conversations.change(tx, row.id, left_at=now, closes_at=closes)
            await handovers.mark_left(tx, row.id)
            await events.add(
                tx, conversation_id=row.id, audience=events.STAFF, kind="queue", at=now
            )

    async def resume_code(self, contact: Contact) -> str:
        """Return a code that carries this story on where it was asked for, once, for 24 hours."""
        (code,) = await self.codes.give(contact, Medium(contact.medium))
        return code

    async def resume(
        self, code: str, medium: str, source: str, call_hash: str | None = None,
        shared: bool = False,
    ) -> Opened:  # fmt: skip
        """Go on with a story by its code. Earlier words are never shown or read back.

        `shared`: many people come from this source. Only wrong tries count against a source.
        `call_hash`: the call that goes on with it, and leaves the story it was in. A code for
        the telephone is short, and works there alone. Raises `too_many`, `unknown`, or `not_now`
        where too many were guessed by telephone, whoever rang: then no answer tells a code that is
        right, and not to be taken now, from a wrong one.
        """
        now, code = self.clock(), "".join(code.split()).upper()
        by_voice = medium == Medium.VOICE
        of_source = guessing.A_CALL if by_voice else SHARED_TRIES if shared else TRIES
        wrong = 0
        async with self.store.write() as tx:
            what = (f"code:{code}", f"source:{source}")
            counts = [await records.tries(tx, fingerprint(w), now, TRIES_WINDOW) for w in what]
            of_code, of_this = counts
            too_many = of_code > TRIES or of_this > of_source
            if by_voice and not too_many:
                wrong = await records.tried(tx, GUESSES, now, TRIES_WINDOW)
                if guessing.may_try(wrong, of_this - 1):  # counted first: many may ring at once
                    await records.tries(tx, GUESSES, now, TRIES_WINDOW)
        if too_many:
            raise ConversationError("too_many", self.turns.unkept("too_many", medium))
        if not guessing.may_try(wrong, of_this - 1):
            raise ConversationError("not_now")
        if not by_voice and len(code) == SPOKEN_LENGTH:
            raise ConversationError("unknown")
        if guessing.braked(wrong):
            log.warning("codes are guessed by telephone")
        try:
            return await self._go_on(code, medium, source, call_hash, guessing.oldest(wrong))
        except ConversationError as refused:
            if refused.code == "unknown" and guessing.braked(wrong):
                raise ConversationError("not_now") from None
            raise

    async def _go_on(
        self, code: str, medium: str, source: str, call_hash: str | None, oldest: float
    ) -> Opened:
        """Use up a code that was given no longer than `oldest` seconds ago, and open the story that
        it carries; raises `unknown` where it has none."""
        now = self.clock()
        lasts = now + self.settings.code_closes_after - oldest
        async with self.store.write() as tx:
            conversation_id = await records.use_code(tx, fingerprint(code), now, lasts)
            row = await conversations.conversation(tx, conversation_id or "", lock=True)
            if row is None or row.state == State.ENDED:
                raise ConversationError("unknown")
            box = await self._box(row.id)
            await conversations.revoke_contacts(tx, row.id, now)
            if call_hash is not None:
                await conversations.release_call(tx, call_hash, now)
                await calls.forget(tx, call_hash)
            contact, token = await self._contact(tx, row.id, medium, call_hash)
            closes = now + self.settings.idle_closes_after
            await conversations.change(tx, row.id, medium=medium, left_at=None, closes_at=closes)
            await handovers.waiting_again(tx, row.id)
            await records.right(tx, fingerprint(f"source:{source}"))
            if medium == Medium.VOICE:
                await records.right(tx, GUESSES)
            for fact in (CONTACT_ANEW, CODE_USED):
                await records.keep_fact(tx, row.id, fact, box.seal("yes"), "", now)
            row = await conversations.conversation(tx, row.id)
            dialogue = await self.transcript.dialogue(row, box)
            words = [Utterance("opening_back"), Utterance("opening_emergency")]
            if row.state != State.STAFF:
                _nothing_waits(dialogue)
            if medium == Medium.VOICE and row.state != State.STAFF:
                words = await self._asks_anew(tx, row.id, dialogue)
            said = await self.transcript.say(tx, box, row, dialogue, words)
        return Opened(contact, token, Reply(State(row.state), tuple(said)))

    @staticmethod
    async def _asks_anew(tx: Tx, conversation_id: str, dialogue: Dialogue) -> list[Utterance]:
        """Ask whoever rings back whether it is safe now; what it was before says nothing of it."""
        await records.forget_fact(tx, conversation_id, talking.SAFE)
        dialogue.opening = True
        back = Utterance("opening_back", choices=())
        return [back, Utterance("opening_emergency"), Utterance("opening_safe")]

    async def _box(self, conversation_id: str) -> Box:
        box = await self.keys.held(conversation_id)
        if box is None:
            raise ConversationError("unknown")
        return box


def _nothing_waits(dialogue: Dialogue) -> None:
    """Let nothing that was told before be answered to whoever holds the code: it may not be them.

    A question of danger that stood open stays a worry, and staff see them when its time is over:
    no yes to what is asked now is a yes to that.
    """
    if dialogue.check:
        danger = dialogue.check in DANGER
        dialogue.keep_worry(dialogue.check if danger else dialogue.cue or dialogue.check)
    dialogue.check = dialogue.cue = dialogue.after = dialogue.meets = ""
    dialogue.again, dialogue.pupil, dialogue.asks, dialogue.halves = False, False, [], []
    dialogue.back = dialogue.untold = True
