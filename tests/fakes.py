# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for what a test cannot have: Twilio's cloud. Time and pagers are in conftest.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from aiohttp.test_utils import TestServer

from telephony.leg import Leg
from telephony.network import Network
from tests.calls import openapi


class Cloud(Network):
    """Twilio's cloud on the loopback: signed posts to the edge, and its REST API for the edge.

    Whatever Twilio's own description does not take is refused, and fails the test at its end.
    """

    def __init__(self, edge: str, token: str, **how) -> None:
        super().__init__(edge, token, **how)
        self.refused: list[str] = []
        self._server: TestServer | None = None

    async def serve(self, port: int) -> None:
        app = self.app()
        app.middlewares.append(self._described)
        self._server = TestServer(app, port=port)
        await self._server.start_server()

    @web.middleware
    async def _described(self, request: web.Request, handler) -> web.StreamResponse:
        if problems := openapi.wrong(request.path, await request.post()):
            self.refused += problems
            return web.json_response({"code": 20001, "message": "422", "status": 422}, status=422)
        return await handler(request)

    async def close(self) -> None:
        await super().close()
        if self._server is not None:
            await self._server.close()
        assert not self.refused, f"Twilio would not take this: {self.refused}"

    async def ringing(self, number: int = 1) -> Leg:
        """Return the leg of the `number`th ring, once it rings."""
        await until(lambda: len(self.rung) >= number)
        await self.settle()
        return [leg for leg in self.legs.values() if leg.direction == "outbound-api"][number - 1]


async def until(true: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until something is so; the test fails when it never is."""
    for _ in range(int(within / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came about")
