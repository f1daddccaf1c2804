# SPDX-License-Identifier: Apache-2.0
"""How each part of the service stands, in detail, for whoever runs it: on a port of its own.

It answers on this machine only. It names parts and codes: no person, no address, no number.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.policy.turn import State
from bot.service.audit_export import MISSING, AuditExport
from bot.service.called import Called
from bot.service.ports import Assistant, Clock
from bot.store import handovers
from bot.store.database import Database, StoreError
from bot.store.keys import KeyStore
from bot.web.metrics import Measures


class Parts:
    """What is asked how it stands."""

    def __init__(
        self, store: Database, keys: KeyStore, assistant: Assistant, called: Called,
        audit_export: AuditExport, measures: Measures, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.assistant, self.called = store, keys, assistant, called
        self.audit_export, self.measures, self.clock = audit_export, measures, clock

    async def health(self, request: web.Request) -> web.Response:
        """Answer 200 where all is well, 503 where a part, calling staff or a digest is not."""
        store, keys, assistant = await self._answer()
        calling = await self._calling() if store else {"well": False}
        found = {"store": store, "keys": keys, "assistant": assistant, "calling": calling}
        found["audit_digest"] = digest = await self.audit_export.state()
        well = store and keys and assistant and calling["well"] and digest != MISSING
        return web.json_response(found, status=200 if well else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer with figures, also where a part is down: that is one of them."""
        store, keys, assistant = await self._answer()
        waits: dict[str, list[float]] = {}
        on_duty = 0
        try:
            if store:
                waits, on_duty = await self._waits(), len((await self.called.calls()).on_duty)
        except StoreError:
            store = False
        parts = {"store": store, "keys": keys, "assistant": assistant}
        self.measures.stands(parts, waits, on_duty)
        return self.measures.page()

    async def _answer(self) -> tuple[bool, bool, bool]:
        return await asyncio.gather(
            self.store.ping(), self.keys.database.ping(), self.assistant.ready()
        )

    async def _waits(self) -> dict[str, list[float]]:
        """Return for how long each person has waited, by tier; no drill and no closed story."""
        async with self.store.read() as tx:
            rows = await handovers.waiting(tx)
        waits: dict[str, list[float]] = {}
        for row in rows:
            nobody = row.drill_at is not None or row.conversation_state == State.ENDED
            if row.state == handovers.WAITING and not nobody:
                waits.setdefault(row.tier, []).append(self.clock() - row.requested_at)
        return waits

    async def _calling(self) -> dict[str, Any]:
        try:
            calls = await self.called.calls()
        except StoreError:
            return {"well": False}
        return {
            "well": not calls.problems and not calls.failing,
            "rota": "none" if not calls.rota else "not usable" if calls.problems else "read",
            "on_duty": len(calls.on_duty),
            "failed_in_the_last_day": list(calls.failing),
            "nobody_has_them": sum(not c.seen_by and not c.drill for c in calls.callings),
        }


def health_app(fingerpost: Any, measures: Measures) -> web.Application:
    """Return the application of the second port."""
    parts = Parts(
        fingerpost.store, fingerpost.keys, fingerpost.assistant, fingerpost.called,
        fingerpost.audit_export, measures, fingerpost.clock,
    )  # fmt: skip
    app = web.Application()
    app.router.add_get("/health", parts.health)
    app.router.add_get("/metrics", parts.metrics)
    return app
