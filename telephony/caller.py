# SPDX-License-Identifier: Apache-2.0
"""The caller's side of a call: each post is read, becomes a turn if it is one, and is answered."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.policy.questions import takes_surely
from bot.policy.turn import Message, Reply, Said, Sender
from bot.service.ports import ConversationError
from bot.understanding import Context
from telephony.answering import Answering, Outcome
from telephony.call import Call
from telephony.hearing import Entry, Heard, hear
from telephony.line import Line
from telephony.tokens import Place


class Caller:
    """Hears a caller who talks with us."""

    def __init__(self, line: Line, answering: Answering) -> None:
        self.line, self.answering = line, answering

    async def start(self, call: Call) -> str:
        """Say the first words of a call, once more to a call we already know."""
        return await self.answering.answer(call, Heard(Place()), Outcome())

    async def turn(self, call: Call, place: Place) -> str:
        """Take what the caller said or pressed, or their silence, and answer it."""
        line = self.line
        place = replace(place, turn=place.turn + 1)
        transfer = await line.transfers.tick(call)
        if transfer is not None and transfer.held:
            # Whoever posts here is not in the conference: a key brought them out of its door.
            back = line.at("back", call, place)
            transfer = await line.transfers.place(call, held=False, back=back)
        first = min(place.since, place.offer - 1) if place.offer else place.since
        story = await line.conversations.messages(call.contact, after=first)
        offered = next((m for m in story.messages if m.id == place.offer), line.speech.always)
        entry = Entry(call.digits, call.speech, call.confidence, line.clock())
        heard = hear(entry, place, offered, self._doubtful(entry, offered))
        if heard.place.quiet != place.quiet:
            speaks = not heard.place.quiet
            await line.by_phone.speaks(call.contact.conversation_id, speaks)
        outcome = Outcome(offered=offered)
        if heard.again:
            outcome = replace(outcome, last=_last(story, place))
        if heard.said is None:
            return await self.answering.answer(call, heard, outcome, transfer, story=story)
        outcome = await self._say(call, heard.said, outcome, place)
        if not outcome.kept and not outcome.unkept:  # no longer on offer: say what is
            heard = replace(heard, lead=("phone_no_such_key",), menu=True)
        return await self.answering.answer(call, heard, outcome, transfer)

    def _doubtful(self, entry: Entry, offered: Message) -> bool:
        """Say whether speech is too unclear to be a consent, a safe number or a deletion.

        Danger in it is heard all the same.
        """
        if not entry.unclear or not takes_surely(offered.say):
            return False
        context = Context(asked=offered.say, confidence=entry.confidence)
        return str(self.line.screen.understand(entry.speech, "voice", context).action) == "none"

    async def _say(self, call: Call, said: Said, outcome: Outcome, place: Place) -> Outcome:
        """Put a turn to the service. An address is one turn, however often Twilio posts it."""
        turn_id = hashlib.sha256(call.address.encode()).hexdigest()
        try:
            said = replace(said, client_id=turn_id, seen=max(place.spoken, place.offer))
            await self.line.conversations.hear(call.contact, said)
        except ConversationError as refused:
            words = refused.reply.messages if refused.reply else ()
            return replace(outcome, unkept=tuple(words))
        return replace(outcome, kept=True)


def _last(story: Reply, place: Place) -> tuple[Message, ...]:
    """Return the words the caller was told last."""
    return tuple(
        m for m in story.messages
        if place.since < m.id <= place.spoken and m.sender is not Sender.PERSON
    )  # fmt: skip
