# SPDX-License-Identifier: Apache-2.0
"""An interpreter as the third in a call: rung when a worker asks, let in by a key.

They hear nothing of the caller before they press 1: a voicemail presses none. Nothing is said to
them of who called or why. Both others end the conference when they leave; an interpreter does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from telephony.call import is_over
from telephony.held import Held
from telephony.ringing import Stage
from telephony.tokens import Leg

if TYPE_CHECKING:
    from telephony.line import Line

KIND = "interpreter"
OVER = "over"
"""The step of the address at which we hear that the leg ended."""
TRIES = 3


class Interpreters:
    """Rings the interpreting service of the settings, and answers its leg."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._lively = Held(line.store, line.keys, line.clock, KIND, bool, bool)

    async def ring_interpreter(self, call_hash: str, conversation_id: str) -> bool:
        """Ring them to a call in which a worker and a caller talk; False when it cannot be."""
        found = await self.line.transfers.current(call_hash, conversation_id)
        if found is None or found.stage is not Stage.JOINED or found.leg_gone:
            return False
        leg = Leg(call_hash, conversation_id, found.contact_id, found.ref, 0)
        if not await self._lives(leg, True):
            return False
        over = replace(leg, step=OVER)
        if not await self.line.dialler.ring_interpreter(self._at(leg), self._at(over)):
            await self._lives(leg, False)
            return False
        return True

    async def step(self, leg: Leg, form: Mapping[str, str]) -> str:
        """Return what the leg hears next: the gate, then the call, for as long as it lasts."""
        if leg.step == OVER and is_over(form):
            await self._lives(leg, False)
        found = await self.line.transfers.current(leg.caller, leg.conversation_id)
        there = found is not None and found.stage is Stage.JOINED and not found.leg_gone
        talks = found is not None and there and found.ref == leg.ref
        if is_over(form) or not talks or leg.tries > TRIES:
            return self.line.twiml.end([self.line.speech.text("phone_staff_over")])
        if form.get("Digits", "").strip() == "1":
            return self.line.twiml.beside(leg.ref, KIND, ends=False)
        next_try = replace(leg, tries=leg.tries + 1)  # each post has an address of its own
        again = self._at(next_try)
        gate = [self.line.speech.text("phone_interpreter_gate")]
        return self.line.twiml.worker(gate, again, one_key=True)

    def _at(self, leg: Leg) -> str:
        return self.line.address(KIND, self.line.tokens.seal(KIND, "", leg))

    async def _lives(self, leg: Leg, lives: bool) -> bool:
        """Keep whether a leg lives; False where that was so already, as for a second ring."""
        before, after = await self._lively.change(leg.caller, leg.conversation_id, lambda _: lives)
        return after is not None and bool(before) != lives
