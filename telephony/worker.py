# SPDX-License-Identifier: Apache-2.0
"""The worker's side of a call: nothing of the caller before "press 1 and your PIN"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.policy.language import ENGLISH, NAMED
from bot.policy.turn import Sender
from bot.policy.urgency import ORDER
from bot.service import talking
from bot.service.brief import Brief
from telephony.call import is_over
from telephony.line import Line
from telephony.ringing import Stage, may_take
from telephony.tokens import Leg
from telephony.told import answers

TRIES = 3
REJOINS = 5
LONGEST_WORDS = 400


class Worker:
    """Answers the posts of a leg to an on-call number."""

    def __init__(self, line: Line) -> None:
        self.line = line

    async def step(self, leg: Leg, sid: str, form: Mapping[str, str]) -> str:
        """Return what the worker hears next."""
        if is_over(form):
            await self.line.transfers.leg_over(leg)
            return self.line.twiml.end(())
        steps = {"pin": self._pin, "join": self._join, "after": self._after}
        if leg.step in steps:
            return await steps[leg.step](leg, sid, form.get("Digits", "").strip())
        if not await self._may_take(leg):
            return self._end("phone_staff_taken")
        return self._gate(leg)

    def _gate(self, leg: Leg, *before: str) -> str:
        words = [self.line.speech.text(name) for name in (*before, "phone_staff_gate")]
        return self.line.twiml.worker(words, self._at(leg, "pin", leg.tries), one_key=False)

    async def _pin(self, leg: Leg, sid: str, digits: str) -> str:
        """Take 1 and a PIN. Who has none learns nothing, not even that somebody waits."""
        worker_id = None
        if digits[:1] == "1" and digits[1:].isascii() and digits[1:].isdigit():
            worker_id = await self.line.by_phone.worker(digits[1:], leg.conversation_id)
        if worker_id is None:
            if leg.tries + 1 >= TRIES:
                return self._end("phone_staff_no")
            return self._gate(replace(leg, tries=leg.tries + 1), "phone_staff_again")
        handover_id = await self.line.transfers.take(leg, sid, worker_id)
        if handover_id is None:
            return self._end("phone_staff_taken")
        words = self._spoken(await self.line.by_phone.brief(handover_id, worker_id), leg.quiet)
        return self.line.twiml.worker(words, self._at(leg, "join", 0), one_key=True)

    async def _join(self, leg: Leg, sid: str, digits: str) -> str:
        """Let the worker in when they press 1; another key tells them so once more."""
        if digits != "1" and leg.tries < TRIES:
            words = [self.line.speech.text("phone_staff_brief_none")]
            return self.line.twiml.worker(words, self._at(leg, "join", leg.tries + 1), one_key=True)
        if digits != "1" or not await self.line.transfers.join(leg, sid):
            return self._end("phone_staff_over")
        return self._conference(leg, 0)

    async def _after(self, leg: Leg, sid: str, digits: str) -> str:
        """The conference ended under a worker still on the line: the caller left, or comes back."""
        found = await self.line.transfers.current(leg.caller, leg.conversation_id)
        if found is not None and (found.ref, found.leg) == (leg.ref, sid):
            if found.stage is Stage.JOINED and leg.tries < REJOINS:
                return self._conference(leg, leg.tries + 1)
        return self._end("phone_staff_over")

    async def _may_take(self, leg: Leg) -> bool:
        found = await self.line.transfers.current(leg.caller, leg.conversation_id)
        return may_take(found, leg.ref, leg.number)

    def _conference(self, leg: Leg, tries: int) -> str:
        return self.line.twiml.join((), self._at(leg, "after", tries), "", leg.ref, "worker")

    def _at(self, leg: Leg, step: str, tries: int) -> str:
        word = self.line.tokens.seal("worker", "", replace(leg, step=step, tries=tries))
        return self.line.address("worker", word)

    def _end(self, name: str) -> str:
        return self.line.twiml.end([self.line.speech.text(name)])

    def _spoken(self, brief: Brief, quiet: bool) -> list[str]:
        """Return the brief: the answers given, and what was said around danger alone."""
        text = self.line.speech.text
        unsafe = brief.facts.get(talking.SAFE) in talking.UNKNOWN
        foreign = any(cue.startswith(NAMED) for cue in brief.cues)
        told = {
            "phone_staff_brief_not_safe": unsafe, "phone_staff_brief_quiet": quiet,
            "phone_staff_brief_interpreter": foreign or brief.handover.language != ENGLISH,
        }  # fmt: skip
        before = answers(self.line.speech.words, brief.facts)
        quietly = " ".join(filter(None, (*(text(n) for n, so in told.items() if so), before)))
        if not brief.hits:
            return [t for t in (quietly, text("phone_staff_brief_none")) if t]
        worst = min((urgency for _, urgency, _ in brief.hits), key=ORDER.index)
        said = [m for m in brief.around if m.sender is Sender.PERSON and not m.picked]
        words = " ".join(message.text for message in said)
        heard = text(
            "phone_staff_brief_heard",
            **{
                "class": text(f"phone_staff_brief_{worst}"),
                "tier": brief.handover.said_as,
                "words": words[-LONGEST_WORDS:] or text("phone_staff_brief_no_words"),
            },
        )
        return [text("phone_staff_brief", brief=f"{heard} {quietly}".strip())]
