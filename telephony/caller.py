# SPDX-License-Identifier: Apache-2.0
"""The caller's side of a call: each post is read, becomes a turn if it is one, and is answered."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.policy.hearing import wants_person
from bot.policy.questions import takes_surely
from bot.policy.turn import Message, Reply, Said, Sender, Understanding
from bot.service.ports import ConversationError
from bot.understanding import Context
from telephony import relay_uk
from telephony.answering import Answering, Outcome
from telephony.call import Call
from telephony.coming_back import ComingBack
from telephony.hearing import Entry, Heard, hear, typed_for
from telephony.line import Line
from telephony.ringing import Stage, Transfer
from telephony.tokens import Place


class Caller:
    """Hears a caller who talks with us."""

    def __init__(self, line: Line, answering: Answering) -> None:
        self.line, self.answering = line, answering
        self.coming_back = ComingBack(line, answering)

    async def start(self, call: Call) -> str:
        """Say the first words of a call, once more to a call we already know."""
        return await self.answering.answer(call, Heard(Place()), Outcome())

    async def turn(self, call: Call, place: Place) -> str:
        """Take what the caller said or pressed, or their silence, and answer it."""
        line = self.line
        place = replace(place, turn=place.turn + 1)
        transfer = await self._transfer(call, place)
        story, offered = await self._offered(call, place)
        if place.code and (call.digits or call.speech):
            came = await self.coming_back.take(call, place, Outcome(offered, _last(story, place)))
            if came is not None:
                return came
        late = call.seen is not None
        entry = Entry(call.digits, call.speech, call.confidence, line.clock(), late)
        heard = hear(entry, place, offered, self._doubtful(entry, offered))
        if entry.speech and not place.relay_uk and relay_uk.named(entry.speech):
            heard = typed_for(heard, plain=self._means(entry, offered).action == "none")
        if heard.keep_back:
            heard = await self._kept_back(call, heard)
        if heard.language:
            await line.by_phone.other_language(call.contact.conversation_id)
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

    async def _kept_back(self, call: Call, heard: Heard) -> Heard:
        """Keep their answers back, and say so only where no worker can have heard them yet."""
        await self.line.by_phone.keep_back(call.contact.conversation_id)
        # Looked at after it is kept: who takes them from now on is not told.
        found = await self.line.transfers.current(call.hash, call.contact.conversation_id)
        if found is None or found.stage not in (Stage.TAKEN, Stage.JOINED):
            return heard
        return replace(heard, lead=("phone_kept_back_late",))

    async def again(self, call: Call, place: Place, lead: tuple[str, ...]) -> str:
        """Say once more what the caller was told last, with what came since, and the keys."""
        place = replace(place, turn=place.turn + 1)
        transfer = await self._transfer(call, place)
        story, offered = await self._offered(call, place)
        heard = Heard(place, lead=lead, again=True, menu=True)
        outcome = Outcome(offered=offered, last=_last(story, place))
        return await self.answering.answer(call, heard, outcome, transfer, story=story)

    async def _transfer(self, call: Call, place: Place) -> Transfer | None:
        """Return how a ringing stands, for a caller who is with us."""
        transfer = await self.line.transfers.tick(call)
        if transfer is not None and transfer.held:
            # Whoever posts here is not in the conference: our answer that led there came too late.
            back = self.line.at("back", call, place)
            transfer = await self.line.transfers.place(call, held=False, back=back)
        return transfer

    async def _offered(self, call: Call, place: Place) -> tuple[Reply, Message]:
        """Return the story from what can be said again on, and what is on offer."""
        first = min(place.since, place.offer - 1) if place.offer else place.since
        story = await self.line.conversations.messages(call.contact, after=first)
        always = self.line.speech.always
        return story, next((m for m in story.messages if m.id == place.offer), always)

    def _doubtful(self, entry: Entry, offered: Message) -> bool:
        """Say whether speech is too unclear to be a consent, a safe number or a deletion.

        Danger in it is heard all the same, and a wish for a person, which is none of these.
        """
        if not entry.unclear or not takes_surely(offered.say):
            return False
        heard = self._means(entry, offered)
        return heard.action == "none" and not wants_person(heard)

    def _means(self, entry: Entry, offered: Message) -> Understanding:
        context = Context(asked=offered.say, confidence=entry.confidence)
        return self.line.screen.understand(entry.speech, "voice", context)

    async def _say(self, call: Call, said: Said, outcome: Outcome, place: Place) -> Outcome:
        """Put a turn to the service. An address is one turn, however often Twilio posts it."""
        turn_id = hashlib.sha256(call.address.encode()).hexdigest()
        try:
            seen = max(place.spoken, place.offer) if call.seen is None else call.seen
            said = replace(said, client_id=turn_id, seen=seen)
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
