# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for what a test cannot have: Twilio's cloud. Time and pagers are in conftest.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp.test_utils import TestServer

from telephony.leg import Leg
from telephony.network import Network


class Cloud(Network):
    """Twilio's cloud on the loopback: signed posts to the edge, and its REST API for the edge."""

    def __init__(self, edge: str, token: str, **how) -> None:
        super().__init__(edge, token, **how)
        self._server: TestServer | None = None

    async def serve(self, port: int) -> None:
        self._server = TestServer(self.app(), port=port)
        await self._server.start_server()

    async def close(self) -> None:
        await super().close()
        if self._server is not None:
            await self._server.close()

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
