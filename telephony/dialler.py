# SPDX-License-Identifier: Apache-2.0
"""Rings workers and moves calls through Twilio's REST API.

On-call numbers and interpreters are rung, and a person who agreed: that needs a Permit, which only
bot/policy/safe_contact.py gives (held by tests/guards/test_senders.py).

Every failure is an answer (None or False): a call goes on without what Twilio would not do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
from aiohttp import ClientSession, ClientTimeout, encode_basic_auth
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.policy.safe_contact import Permit
from bot.settings import Settings
from telephony.signature import local_token, prefix, public_url
from telephony.twiml import RING_FOR

log = logging.getLogger(__name__)
LONGEST_INTERPRETED = 7200
"""Seconds after which an interpreter's leg ends by itself, should all else fail [J]."""
API = "https://api.twilio.com"
WITHIN = ClientTimeout(total=4)
TROUBLE = (TwilioException, aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError)


class Http(AsyncHttpClient):
    """Twilio's client over aiohttp: bounded in time, silent in logs, to the address in settings."""

    def __init__(self, base_url: str) -> None:
        super().__init__(logging.getLogger("twilio.silent"), True)
        self.base_url = base_url.rstrip("/") or API

    async def request(
        self, method: str, uri: str, params: Any = None, data: Any = None, headers: Any = None,
        auth: Any = None, timeout: Any = None, allow_redirects: bool = False,  # noqa: ASYNC109
    ) -> Response:  # fmt: skip
        login = {"Authorization": encode_basic_auth(*auth)} if auth else {}
        async with ClientSession(timeout=WITHIN) as session:
            async with session.request(
                method, uri.replace(API, self.base_url, 1), params=params, data=data,
                headers={**(headers or {}), **login}, allow_redirects=allow_redirects,
            ) as answer:  # fmt: skip
                return Response(answer.status, await answer.text(), answer.headers)


def client(settings: Settings) -> Client:
    """Return Twilio's client for the account in the settings."""
    password = settings.twilio_api_secret or next(iter(settings.twilio_auth_tokens), "")
    return Client(
        settings.twilio_api_key or settings.twilio_account_sid,
        password or local_token(settings.var) or "-",
        settings.twilio_account_sid,
        http_client=Http(settings.twilio_base_url),
    )


class Dialler:
    """What the service asks of the telephone network. `on_duty`: the numbers to ring, in order;
    `for_story`: the same, in the order for one caller."""

    def __init__(
        self, settings: Settings, on_duty: Callable[[], Sequence[str]],
        for_story: Callable[[str], Awaitable[Sequence[str]]],
    ) -> None:  # fmt: skip
        self.settings, self._on_duty, self.numbers_for = settings, on_duty, for_story

    @property
    def numbers(self) -> Sequence[str]:
        """Return the numbers of who is on duty now."""
        return self._on_duty()

    @property
    def ready(self) -> bool:
        """Say whether there is somebody to ring and the means to ring them."""
        found = self.settings
        return bool(self.numbers and found.twilio_number and found.twilio_account_sid)

    async def ring(self, number: int, voice: str, over: str, story: str = "") -> str | None:
        """Ring one on-call number and return the id of the leg, None when it cannot be rung.

        `story`: the caller's, in whose order `number` is a place.
        """
        numbers = await self.numbers_for(story) if story else self.numbers
        if number >= len(numbers):  # fewer are on duty than when the ringing began
            return None
        return await self._create(
            "an on-call number", numbers[number], over, url=self._at(voice), method="POST"
        )

    async def ring_interpreter(self, voice: str, over: str) -> bool:
        """Ring the interpreting service of the settings; False when it cannot be rung."""
        found = self.settings
        if not (found.interpreter and found.twilio_number and found.twilio_account_sid):
            return False
        rung = await self._create(
            "an interpreter", found.interpreter, over, url=self._at(voice), method="POST",
            time_limit=LONGEST_INTERPRETED,
        )  # fmt: skip
        return rung is not None

    async def ring_person(self, permit: Permit, twiml: str, over: str, machine: str) -> str | None:
        """Ring somebody who agreed to it and return the id of the leg, None when it cannot be.

        What their leg does comes with it: Twilio asks us nothing when they pick up, so that no
        trouble of ours can be spoken to them. A machine is told apart without a word.
        """
        return await self._create(
            "a person", permit.address, over, twiml=twiml, machine_detection="Enable",
            async_amd="true", async_amd_status_callback=self._at(machine),
            async_amd_status_callback_method="POST",
        )  # fmt: skip

    async def move(self, sid: str, address: str) -> bool:
        """Let a call go on at another address of ours."""
        return await self._update(sid, url=self._at(address), method="POST")

    async def end(self, sid: str) -> bool:
        """End a leg that nobody needs any more."""
        return await self._update(sid, status="completed")

    # -- parts -------------------------------------------------------------------------------

    def _at(self, address: str) -> str:
        """Return an address of ours as Twilio reaches it."""
        return public_url(self.settings).removesuffix(prefix(self.settings)) + address

    async def _create(self, who: str, to: str, over: str, **how: Any) -> str | None:
        """Ring a number, the service's own shown to it; news of its end goes to `over`."""
        try:
            made = await client(self.settings).calls.create_async(
                to=to, from_=self.settings.twilio_number, timeout=RING_FOR,
                status_callback=self._at(over), status_callback_method="POST",
                status_callback_event=["completed"], **how,
            )  # fmt: skip
        except TROUBLE:
            log.warning("%s could not be rung", who)
            return None
        return str(made.sid)

    async def _update(self, sid: str, **change: str) -> bool:
        try:
            await client(self.settings).calls(sid).update_async(**change)
        except TROUBLE:
            log.warning("a call could not be changed")
            return False
        return True
