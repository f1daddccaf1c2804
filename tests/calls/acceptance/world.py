# SPDX-License-Identifier: Apache-2.0
"""The whole service with its real dialogue, on a port, between Twilio's cloud and its workers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from bot import wiring
from bot.web.app import create_app
from telephony import answers
from telephony.routes import add_routes
from tests.calls.conftest import ON_CALL, PIN, TOKEN
from tests.calls.texts import send, texted
from tests.conftest import PATIENT, Clock
from tests.fakes import Cloud
from tests.situations.house import InProcess, Parts, house
from tests.situations.situation import WHEN

__all__ = ["PIN", "World", "world"]


class Recorded(Cloud):
    """Keeps every post of a call with its answer, to post it again."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.answered: list[tuple[Any, str, dict[str, str], str]] = []

    async def post(self, leg: Any, url: str, form: Any, status: str = "") -> str:
        text = await super().post(leg, url, form, status)
        if not status:
            self.answered.append((leg, url, dict(form), text))
        return text

    async def texts_from(self, sender: str, text: str) -> list[str]:
        """Send a text message to the service and return what is texted back at once."""
        status, document = await send(self.edge, sender, text)
        self.posts.append(("/telephony/sms", status))
        return texted(document)


@dataclass
class World:
    """What a call happens in."""

    found: wiring.Fingerpost
    assistant: InProcess
    parts: Parts
    clock: Clock
    server: TestServer | None = None
    cloud: Recorded = field(init=False)

    async def serve(self) -> None:
        """Let the edge answer on its port."""
        app = create_app(self.found)
        add_routes(app, self.found)
        self.server = TestServer(app, port=self.found.settings.port, access_log=None)
        await self.server.start_server()

    async def again(self) -> None:
        """Take the edge away and start another, which has nothing but what was kept."""
        await self.server.close()
        await self.found.close()
        self.found = wiring.wire(
            self.found.settings, clock=self.clock, assistant=self.assistant,
            screen=self.parts.screen,
        )  # fmt: skip
        await self.serve()


@asynccontextmanager
async def world(
    parts: Parts, folder: Path, port: Callable[[], int], on_duty: bool
) -> AsyncIterator[World]:
    """Give the service on a Wednesday afternoon, with two numbers on call or none."""
    clock, api = Clock(WHEN["day"].timestamp()), port()
    environ = {
        "FINGERPOST_PORT": str(port()),
        "FINGERPOST_ON_CALL": ",".join(ON_CALL) if on_duty else "",
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_NUMBER": "+441172345678",
        "TWILIO_BASE_URL": f"http://127.0.0.1:{api}",
        "FINGERPOST_SMS_LINE": "on",
    }
    patch = pytest.MonkeyPatch()
    async with house(parts, folder, clock, **environ) as (found, assistant):
        patch.setattr(answers, "WITHIN", PATIENT)
        made = World(found, assistant, parts, clock)
        found.accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        word = await found.accounts.add("Sam", "worker")
        await found.accounts.set_up(word, "a long password indeed", PIN)
        await made.serve()
        settings = found.settings
        made.cloud = Recorded(
            f"http://127.0.0.1:{settings.port}", TOKEN, number=settings.twilio_number
        )
        await made.cloud.serve(api)
        try:
            yield made
        finally:
            patch.undo()
            await made.cloud.close()
            await made.server.close()
            if made.found is not found:
                await made.found.close()
