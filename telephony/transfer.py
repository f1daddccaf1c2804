# SPDX-License-Identifier: Apache-2.0
"""Bringing a person to the line: rings one on-call number after another, also after a restart.

What is decided is kept before anything is rung. The caller's own posts (every few seconds) look
at the clock, so that no ringing hangs on this process staying alive.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from bot.service.by_phone import ByPhone
from bot.service.ports import Clock
from bot.store.database import Database
from bot.store.keys import KeyStore
from telephony import ringing
from telephony.beside import Beside
from telephony.call import Call
from telephony.dialler import Dialler
from telephony.held import Held
from telephony.ringing import Stage, Transfer
from telephony.tokens import Leg, Tokens

NAME = "transfer"
Change = Callable[[Transfer], Transfer]
# Twilio takes the caller out of an ended conference by itself; this is for when it did not.
GRACE = 3.0
SENT_WITHIN = (0.02, 0.04, 0.06, 0.08, *(0.1,) * 13)
"""Pauses between looks at whether Twilio rings at all, before the caller is told to wait: 1.5 s."""


class Transfers:
    """Finds a worker for a caller by telephone."""

    def __init__(
        self, store: Database, keys: KeyStore, by_phone: ByPhone, dialler: Dialler, tokens: Tokens,
        address: Callable[[str, str], str], clock: Clock,
    ) -> None:  # fmt: skip
        self.by_phone, self.dialler = by_phone, dialler
        self.tokens, self.address, self.clock = tokens, address, clock
        self._held = Held(store, keys, clock, NAME, asdict, _from)
        self._beside = Beside()

    @property
    def possible(self) -> bool:
        """Say whether there is anybody to ring."""
        return self.dialler.ready

    async def current(self, caller: str, conversation_id: str) -> Transfer | None:
        """Return how far it has come for a caller, None when nobody was rung for them."""
        return await self._held.of(caller, conversation_id)

    async def rings_for(self, conversation_id: str) -> bool:
        """Say whether somebody is rung for a story now, or is there: no page need ring them too."""
        found = await self._held.of_story(conversation_id)
        return any(ringing.lives(one, self.clock()) for one in found)

    async def begin(self, call: Call, back: str, *, held: bool, quiet: bool) -> Transfer:
        """Start ringing for a caller, unless it rings already; they come back at `back`."""
        new = Transfer(
            ref=secrets.token_hex(8), conversation_id=call.contact.conversation_id,
            contact_id=call.contact.id, caller_sid=call.sid, back=back, rung_at=self.clock(),
            held=held, quiet=quiet,
        )  # fmt: skip

        def start(was: Transfer | None) -> Transfer:
            if was is None or not ringing.stands(was) or was.leg_gone:
                return new
            return replace(was, held=held, back=back, quiet=quiet)

        _, now = await self._change(call.hash, call.contact.conversation_id, start, new=True)
        if now is None:  # the story was erased in this moment: there is nobody to ring for
            return ringing.ended(new)
        if now.ref == new.ref:
            self._beside.begin(self._ring(call.hash, now))
        return now

    async def rings(self, call: Call) -> Transfer | None:
        """Return how it stands once Twilio took a ring, or would take none, or took its time."""
        found = await self.current(call.hash, call.contact.conversation_id)
        for pause in SENT_WITHIN:
            if found is None or found.leg or not ringing.stands(found):
                break
            await asyncio.sleep(pause)
            found = await self.current(call.hash, call.contact.conversation_id)
        return found

    async def place(self, call: Call, *, held: bool, back: str = "") -> Transfer | None:
        """Keep where the caller is now: in the conference, or with us."""

        def moved(was: Transfer) -> Transfer:
            return replace(was, held=held, back=back or was.back)

        return (await self._change(call.hash, call.contact.conversation_id, moved))[1]

    async def told(self, call: Call) -> None:
        """Keep that the caller knows that nobody came."""
        await self._change(
            call.hash, call.contact.conversation_id, lambda was: replace(was, nobody=False)
        )

    async def tick(self, call: Call) -> Transfer | None:
        """Look at the clock on behalf of a caller, and return how it stands."""
        found = await self.current(call.hash, call.contact.conversation_id)
        if found is None:
            return None
        numbers = len(await self.dialler.numbers_for(found.conversation_id))
        if ringing.checked(found, numbers, self.clock()) != found:
            await self._advance(
                call.hash,
                found.conversation_id,
                lambda was: ringing.checked(was, numbers, self.clock()),
            )
            return await self.current(call.hash, found.conversation_id)
        if found.held and (found.stage is Stage.OVER or found.leg_gone):
            self._beside.begin(self.dialler.move(found.caller_sid, found.back))
        return found

    async def leg_over(self, leg: Leg) -> None:
        """Go on after a worker's leg ended: the next number, or the caller comes back to us."""
        numbers = len(await self.dialler.numbers_for(leg.conversation_id))
        before, after = await self._advance(
            leg.caller,
            leg.conversation_id,
            lambda was: ringing.leg_over(was, leg.ref, leg.number, numbers, self.clock()),
        )
        if before and after and before.stage is Stage.TAKEN and after != before:
            await self.by_phone.lost(leg.conversation_id, talked=False)
        if after and after.leg_gone and after.held:
            self._beside.begin(self._fetch(leg.caller, after, GRACE))

    async def take(self, leg: Leg, sid: str, worker_id: str) -> str | None:
        """Give the caller to the worker on this leg and return the handover, None when too late."""
        found = await self.current(leg.caller, leg.conversation_id)
        if not ringing.may_take(found, leg.ref, leg.number):
            return None
        handover_id = await self.by_phone.take(leg.conversation_id, worker_id)
        if handover_id is None:
            return None
        _, after = await self._change(
            leg.caller,
            leg.conversation_id,
            lambda was: ringing.taken(was, leg.ref, leg.number, sid),
        )
        if after is None or after.stage is not Stage.TAKEN:
            await self.by_phone.lost(leg.conversation_id, talked=False)
            return None
        return handover_id

    async def join(self, leg: Leg, sid: str) -> bool:
        """Let the worker join; a caller who talks with us meanwhile is fetched to them."""
        _, after = await self._change(
            leg.caller, leg.conversation_id, lambda was: ringing.joined(was, leg.ref, sid)
        )
        if after is None or after.ref != leg.ref or after.stage is not Stage.JOINED:
            return False
        if not after.held:
            self._beside.begin(self._fetch(leg.caller, after))
        return True

    async def call_off(self, call: Call) -> None:
        """End the ringing: the caller hung up, or a worker took them in the console."""
        before, _ = await self._change(
            call.hash, call.contact.conversation_id, ringing.ended
        )
        await self.end_leg(before)

    async def end_leg(self, was: Transfer | None) -> None:
        """End the leg of a ringing that is over, or whose caller went on in another story."""
        if was and ringing.stands(was) and was.leg and not was.leg_gone:
            self._beside.begin(self.dialler.end(was.leg))

    async def close(self) -> None:
        """Let what is under way end; the caller's next post looks after the rest."""
        await self._beside.close()

    # -- steps -------------------------------------------------------------------------------

    async def _advance(
        self, caller: str, conversation_id: str, change: Change
    ) -> tuple[Transfer | None, Transfer | None]:
        """Change it, and ring or fetch the caller as that asks."""
        before, after = await self._change(caller, conversation_id, change)
        if after is not None and after != before:
            if after.stage is Stage.RINGING:
                if before and before.leg:
                    self._beside.begin(self.dialler.end(before.leg))
                self._beside.begin(self._ring(caller, after))
            elif after.stage is Stage.OVER and after.held:
                self._beside.begin(self.dialler.move(after.caller_sid, after.back))
        return before, after

    async def _ring(self, caller: str, transfer: Transfer) -> None:
        number = transfer.number
        leg = Leg(
            caller, transfer.conversation_id, transfer.contact_id, transfer.ref, number,
            quiet=transfer.quiet,
        )  # fmt: skip
        word = self.tokens.seal("worker", "", leg)
        sid = await self.dialler.ring(
            number, self.address("worker", word), self.address("leg", word),
            transfer.conversation_id,
        )  # fmt: skip
        if sid is None:
            await self.leg_over(leg)
            return
        _, after = await self._change(
            caller,
            transfer.conversation_id,
            lambda was: ringing.sent(was, number, sid, self.clock()),
        )
        if after is None or after.leg != sid:
            await self.dialler.end(sid)

    async def _fetch(self, caller: str, was: Transfer, after: float = 0.0) -> None:
        """Fetch a caller to `back` unless they came there by themselves."""
        await asyncio.sleep(after)
        now = await self.current(caller, was.conversation_id)
        if now is not None and (now.ref, now.held) == (was.ref, was.held):
            await self.dialler.move(now.caller_sid, now.back)

    async def _change(
        self, caller: str, conversation_id: str, change: Callable[[Any], Transfer],
        new: bool = False,
    ) -> tuple[Transfer | None, Transfer | None]:  # fmt: skip
        """Change how it stands; where nothing stands, nothing is changed unless it is `new`."""
        return await self._held.change(
            caller, conversation_id, lambda was: change(was) if was or new else None
        )


def _from(found: dict[str, Any]) -> Transfer:
    return Transfer(**{**found, "stage": Stage(found["stage"])})
