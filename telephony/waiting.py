# SPDX-License-Identifier: Apache-2.0
"""A caller in the conference with a worker: how they get there, and how they come back to us."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.policy.turn import Kind, Message, Sender, State
from bot.policy.urgency import ENDINGS
from telephony.answering import Answering, Outcome
from telephony.call import Call
from telephony.hearing import Heard
from telephony.line import Line
from telephony.ringing import Stage, Transfer
from telephony.tokens import Place

LOOK_EVERY = 5
"""Seconds between two looks at how it stands."""
# Said in the conference, or no longer true after it.
STALE = (
    "person_asked", "person_asked_unknown", "person_already",
    *(f"danger_nobody_yet{ending}" for ending in ("", *ENDINGS.values())),
)  # fmt: skip
# A dropped line of the worker ends the conference; its own news of that comes a moment later.
SETTLES = (0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.3)


class Waiting:
    """Answers the posts of a caller who is fetched to a worker, talks with one, or comes back."""

    def __init__(self, line: Line, answering: Answering) -> None:
        self.line, self.answering = line, answering

    async def wait(self, call: Call, place: Place) -> str:
        """Answer a caller who is in the conference before the worker, or after they were lost.

        Whoever is there in vain is fetched out, and meanwhile told so once.
        """
        transfer = await self.line.transfers.tick(call)
        story = await self.line.conversations.messages(call.contact, after=place.spoken)
        newest = max((m.id for m in story.messages), default=place.spoken)
        words = [
            m.text for m in story.messages
            if m.kind is Kind.URGENT and m.sender is not Sender.PERSON
        ]  # fmt: skip
        comes = transfer is not None and transfer.stage is Stage.JOINED and not transfer.leg_gone
        if not comes and not place.told:
            own = [self.line.speech.own("phone_nobody")]
            words += [m.text for m in (self.line.speech.for_keys(own) if place.quiet else own)]
        place = replace(
            place, turn=place.turn + 1, spoken=newest, told=place.told or not comes
        )
        return self.line.twiml.wait(words, LOOK_EVERY, self.line.at("wait", call, place))

    async def back(self, call: Call, place: Place) -> str:
        """Go on with a caller who came out of the conference, however that came about."""
        place = replace(place, turn=place.turn + 1, silent=0, since=place.spoken)
        transfer = await self._settled(call)
        lead: tuple[str, ...] = ()
        if transfer is not None:
            state = (await self.line.conversations.messages(call.contact, place.spoken)).state
            if transfer.stage is Stage.JOINED and state is State.STAFF:
                if not transfer.leg_gone:  # they are fetched to a worker who is there
                    return await self.answering.join(
                        call, place, transfer, greet=not transfer.held
                    )
                await self.line.by_phone.lost(transfer.conversation_id, talked=True)
                back = self.line.at("back", call, place)
                transfer = await self.line.transfers.begin(
                    call, back, held=False, quiet=place.quiet
                )
            elif transfer.stage is Stage.JOINED:  # ended or handed back in the console
                await self.line.transfers.call_off(call)
            elif transfer.stage in (Stage.RINGING, Stage.TAKEN):
                lead = ("phone_back",)
            back = self.line.at("back", call, place)
            transfer = await self.line.transfers.place(call, held=False, back=back)
        offered = await self._on_offer(call, place)
        heard = Heard(replace(place, offer=offered.id, page=0), lead=lead, menu=True)
        outcome = Outcome(offered=offered)
        return await self.answering.answer(call, heard, outcome, transfer, stale=STALE)

    async def gone(self, call: Call) -> None:
        """The caller hung up: nobody is left ringing, and the story closes if nobody waits."""
        await self.line.by_phone.unanswered.show(call.contact.conversation_id)
        await self.line.transfers.call_off(call)
        await self.line.conversations.end_call(call.contact)

    async def _on_offer(self, call: Call, place: Place) -> Message:
        """Return what the keys pick now: the newest choices, also those given before the wait."""
        first = place.offer - 1 if place.offer else place.spoken
        story = await self.line.conversations.messages(call.contact, after=first)
        return next((m for m in reversed(story.messages) if m.choices), self.line.speech.always)

    async def _settled(self, call: Call) -> Transfer | None:
        """Return how it stands once the news of a dropped line has had time to come."""
        found = await self.line.transfers.current(call.hash, call.contact.conversation_id)
        for pause in SETTLES:
            if found is None or not found.held or found.stage is not Stage.JOINED:
                break
            if found.leg_gone:
                break
            await asyncio.sleep(pause)
            found = await self.line.transfers.current(call.hash, call.contact.conversation_id)
        return found
