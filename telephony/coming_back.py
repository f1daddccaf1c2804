# SPDX-License-Identifier: Apache-2.0
"""Going on after a call that was cut off: by a code that the caller was given, and nothing else.

Who keys in nothing starts afresh. A code opens the story for what comes; nothing of what was said
before is ever read out, and no number of a caller's tells who they are.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.policy.turn import Medium
from bot.service.ports import ConversationError
from telephony import menu
from telephony.answering import CODE_DIGITS, Answering, Outcome
from telephony.call import Call
from telephony.hearing import Heard
from telephony.line import Line
from telephony.menu import Press
from telephony.ringing import stands
from telephony.tokens import Place

AFRESH = ("1", "#")
"""Twilio keeps a hash that ends nothing to itself, so 1 does it too."""
_PAUSES = re.compile(r"[\s,.-]+")


class ComingBack:
    """Takes the code of a caller who was here before."""

    def __init__(self, line: Line, answering: Answering) -> None:
        self.line, self.answering = line, answering

    async def take(self, call: Call, place: Place, outcome: Outcome) -> str | None:
        """Answer what was keyed in, or said, where a code is awaited; None for what is no code.

        The keys that never change keep their meaning: danger, a person, another language. The key
        for codes alone asks for one.
        """
        said = _PAUSES.sub("", call.speech)
        entry = call.digits or (said if said.isdigit() and len(said) == CODE_DIGITS else "")
        pressed = menu.read(entry, (), numbers=True)
        asks_safe = outcome.offered is not None and outcome.offered.say == "opening_safe"
        if entry == menu.CODE and asks_safe:  # no code is said before it is safe to
            return await self._afresh(call, place, outcome)
        no_code = not entry or pressed.press not in (Press.NUMBER, Press.CODE, Press.UNKNOWN)
        if no_code or entry == menu.CODE:
            return None
        if entry in AFRESH:
            return await self._afresh(call, place, outcome)
        try:
            if len(pressed.value) != CODE_DIGITS:
                raise ConversationError("unknown")
            if await self._awaited(call):
                return await self._not_now(call, place, outcome)
            moved = await self._go_on(call, pressed.value)
        except ConversationError as refused:
            if refused.code == "not_now":
                return await self._not_now(call, place, outcome)
            words = refused.reply.messages if refused.reply else ()
            tail = () if words else ("phone_code_unknown",)
            heard = Heard(replace(place, code=not words), tail=tail, menu=bool(words))
            told = Outcome(outcome.offered, unkept=tuple(words))
            return await self.answering.answer(call, heard, told)
        place = replace(place, code=False, offer=0, page=0)
        return await self.answering.answer(moved, Heard(place), Outcome(kept=True))

    async def _afresh(self, call: Call, place: Place, outcome: Outcome) -> str:
        """Go on without a code: what was asked is asked again."""
        afresh = Heard(replace(place, code=False), again=True, menu=True)
        return await self.answering.answer(call, afresh, outcome)

    async def _awaited(self, call: Call) -> bool:
        """Say whether a worker is rung, or looks, for the story of this call: it is not left."""
        story = call.contact.conversation_id
        ringing = stands(await self.line.transfers.current(call.hash, story))
        return ringing or await self.line.by_phone.in_danger(story)

    async def _not_now(self, call: Call, place: Place, outcome: Outcome) -> str:
        """Say that no code is taken now, and go on in the story of this call."""
        heard = Heard(replace(place, code=False), tail=("phone_code_not_now",), menu=True)
        return await self.answering.answer(call, heard, Outcome(outcome.offered))

    async def _go_on(self, call: Call, code: str) -> Call:
        """Return the call in the story that its code opens; the one it began in is over."""
        found = await self.line.conversations.resume(code, Medium.VOICE, call.hash, call.hash)
        await self.line.conversations.end_call(call.contact)
        return replace(call, contact=found.contact)
