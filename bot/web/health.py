# SPDX-License-Identifier: Apache-2.0
"""How each part of the service stands, in detail, for whoever runs it: on a port of its own.

It answers on this machine only. It names parts and codes: no person, no address, no number.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.service.audit_export import MISSING, AuditExport
from bot.service.called import Called
from bot.service.ports import Assistant
from bot.store.database import Database, StoreError
from bot.store.keys import KeyStore


class Parts:
    """What is asked how it stands."""

    def __init__(
        self, store: Database, keys: KeyStore, assistant: Assistant, called: Called,
        audit_export: AuditExport,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.assistant, self.called = store, keys, assistant, called
        self.audit_export = audit_export

    async def health(self, request: web.Request) -> web.Response:
        """Answer 200 where all is well, 503 where a part, calling staff or a digest is not."""
        store, keys, assistant = await asyncio.gather(
            self.store.ping(), self.keys.database.ping(), self.assistant.ready()
        )
        calling = await self._calling() if store else {"well": False}
        found = {"store": store, "keys": keys, "assistant": assistant, "calling": calling}
        found["audit_digest"] = digest = self.audit_export.state()
        well = store and keys and assistant and calling["well"] and digest != MISSING
        return web.json_response(found, status=200 if well else 503)

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


def health_app(fingerpost: Any) -> web.Application:
    """Return the application of the second port."""
    parts = Parts(
        fingerpost.store, fingerpost.keys, fingerpost.assistant, fingerpost.called,
        fingerpost.audit_export,
    )  # fmt: skip
    app = web.Application()
    app.router.add_get("/health", parts.health)
    return app
