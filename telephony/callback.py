# SPDX-License-Identifier: Apache-2.0
"""Ringing somebody back: the worker is on the line first, and nothing is spoken to who is rung.

Leave is asked for at the last moment (bot/service/calling_back.py), for the number in the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.policy.safe_contact import Permit, Plan
from bot.service.calling_back import CallingBack
from bot.store import callbacks
from telephony.beside import Beside
from telephony.call import is_over
from telephony.tokens import BackLeg

if TYPE_CHECKING:
    from telephony.line import Line

TRIES = 3
PERSON, WORKER, GONE = "person", "worker", "gone"
MACHINES = ("machine", "fax")


class CallsBack:
    """Rings a worker for a call back, and the person once the worker says so."""

    def __init__(self, line: Line, calling_back: CallingBack) -> None:
        self.line, self.calling_back = line, calling_back
        self._beside = Beside()

    async def ring_worker(self, record_id: str, call_id: str, worker_id: str, number: int) -> bool:
        """Ring one on-call number for this call; False when it cannot be rung."""
        dialler = self.line.dialler
        if not dialler.ready or not 0 <= number < len(dialler.numbers):
            return False
        leg = BackLeg(record_id, call_id, worker_id)
        sid = await dialler.ring(
            number, self._at("callback", leg), self._at("callback-worker", leg)
        )
        if sid is None:
            return False
        await self._keep(leg, {WORKER: sid})
        return True

    async def step(self, leg: BackLeg, sid: str, form: Mapping[str, str]) -> str:
        """Return what the worker hears next: nothing of anybody before 1 and their PIN."""
        if is_over(form):
            await self.worker_over(leg)
            return self.line.twiml.end(())
        digits = form.get("Digits", "").strip()
        if leg.step == "pin":
            return await self._pin(leg, digits)
        if leg.step == "ring":
            return await self._ring(leg, sid, digits)
        if leg.step == "machine":
            return self._end("phone_callback_machine")
        if leg.step == "over":
            return self._end("phone_callback_over")
        return self._gate(leg)

    async def worker_over(self, leg: BackLeg) -> None:
        """Let nobody ring on whose worker is gone; a call that rang nobody is booked again."""
        legs = await self._keep(leg, {GONE: "yes"})
        if legs.get(PERSON):
            self._beside.begin(self.line.dialler.end(legs[PERSON]))
        await self.calling_back.never_rang(leg.call_id)

    async def person_over(self, leg: BackLeg, form: Mapping[str, str]) -> None:
        """Tell the worker, who waits alone, that nobody picked up."""
        answered = form.get("CallStatus") == "completed"  # then the conference has told them
        if is_over(form) and not answered:
            await self._fetch(leg, "over")

    async def machine(self, leg: BackLeg, form: Mapping[str, str]) -> None:
        """Put the receiver down before a machine records, unless a voice message is agreed."""
        if not form.get("AnsweredBy", "").startswith(MACHINES):
            return
        if await self.calling_back.may_leave_message(leg.call_id):
            return
        legs = await self._fetch(leg, "machine")
        if legs.get(PERSON):
            await self.line.dialler.end(legs[PERSON])

    async def close(self) -> None:
        """Let what is under way end."""
        await self._beside.close()

    # -- steps -------------------------------------------------------------------------------

    def _gate(self, leg: BackLeg, *before: str) -> str:
        words = [self.line.speech.text(name) for name in (*before, "phone_staff_gate")]
        return self.line.twiml.worker(words, self._next(leg, "pin", leg.tries), one_key=False)

    async def _pin(self, leg: BackLeg, digits: str) -> str:
        """Take 1 and the PIN of the worker who began this call, and of nobody else."""
        worker_id = None
        if digits[:1] == "1" and digits[1:].isascii() and digits[1:].isdigit():
            worker_id = await self.line.by_phone.worker(digits[1:], leg.call_id)
        if worker_id != leg.worker_id:
            if leg.tries + 1 >= TRIES:
                return self._end("phone_staff_no")
            return self._gate(replace(leg, tries=leg.tries + 1), "phone_staff_again")
        plan = await self.calling_back.first_words(leg.call_id, leg.worker_id)
        if plan is None:
            return self._end("phone_callback_not_now")
        message = await self.calling_back.may_leave_message(leg.call_id)
        words = [self._first(plan, message)]
        return self.line.twiml.worker(words, self._next(leg, "ring", 0), one_key=True)

    async def _ring(self, leg: BackLeg, sid: str, digits: str) -> str:
        """Ring the person on a 1, with leave; the worker is in the conference by then."""
        if digits != "1" and leg.tries < TRIES:
            words = [self.line.speech.text("phone_callback_again")]
            again = self._next(leg, "ring", leg.tries + 1)
            return self.line.twiml.worker(words, again, one_key=True)
        leave = None
        if digits == "1":
            leave = await self.calling_back.leave(leg.call_id, leg.worker_id)
        if not isinstance(leave, Permit):
            return self._end("phone_callback_not_now")
        self._beside.begin(self._ring_person(leg, sid, leave))
        return self.line.twiml.join((), self._next(leg, "over", 0), "", leg.call_id, "worker")

    async def _ring_person(self, leg: BackLeg, worker_sid: str, leave: Permit) -> None:
        person = await self.line.dialler.ring_person(
            leave,
            self.line.twiml.beside(leg.call_id),
            self._at("callback-person", leg),
            self._at("callback-machine", leg),
        )
        if person is None:
            await self._fetch(leg, "over")
            return
        legs = await self._keep(leg, {PERSON: person, WORKER: worker_sid})
        if legs.get(GONE):  # the worker hung up in this moment: nobody may pick up to silence
            await self.line.dialler.end(person)

    # -- parts -------------------------------------------------------------------------------

    async def _fetch(self, leg: BackLeg, step: str) -> dict[str, str]:
        """Bring the worker out of the conference to other words, and return the legs."""
        legs = await self._keep(leg, {})
        if legs.get(WORKER):
            await self.line.dialler.move(legs[WORKER], self._next(leg, step, 0))
        return legs

    async def _keep(self, leg: BackLeg, new: dict[str, str]) -> dict[str, str]:
        """Keep the ids of a call's legs, sealed for as long as the call lasts; return them all."""
        box = await self.line.keys.held(leg.record_id)
        if box is None:
            return new
        async with self.line.store.write() as tx:
            call = await callbacks.call(tx, leg.call_id)
            if call is None or call.outcome is not None:
                return new
            legs = {**(box.open(call.sealed) if call.sealed else {}), **new}
            await callbacks.change_call(tx, leg.call_id, sealed=box.seal(legs))
        return legs

    def _first(self, plan: Plan, message: bool) -> str:
        """Return what the worker must know before anybody is rung."""
        text = self.line.speech.text
        word = plan.code_word
        code = text("phone_callback_code", code_word=word) if word else ""
        stop = text("phone_callback_stop", stop_word=plan.stop_word) if plan.stop_word else ""
        return text(
            "phone_callback_first",
            our_word=plan.our_word,
            code=code or text("phone_callback_no_code"),
            other=text(f"phone_callback_{plan.cover}"),
            stop=stop or text("phone_callback_no_stop"),
            message=text("phone_callback_message" if message else "phone_callback_no_message"),
        )

    def _next(self, leg: BackLeg, step: str, tries: int) -> str:
        return self._at("callback", replace(leg, step=step, tries=tries))

    def _at(self, kind: str, leg: BackLeg) -> str:
        return self.line.address(kind, self.line.tokens.seal("callback", "", leg))

    def _end(self, name: str) -> str:
        return self.line.twiml.end([self.line.speech.text(name)])
