# SPDX-License-Identifier: Apache-2.0
"""Rings workers and moves calls through Twilio's REST API. Only on-call numbers are ever rung.

Every failure is an answer (None or False): a call goes on without what Twilio would not do.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from aiohttp import ClientSession, ClientTimeout, encode_basic_auth
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.settings import Settings
from telephony.signature import local_token, prefix, public_url
from telephony.twiml import RING_FOR

log = logging.getLogger(__name__)
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


class Dialler:
    """What the service asks of the telephone network."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.numbers = [n.strip() for n in settings.on_call.split(",") if n.strip()]

    @property
    def ready(self) -> bool:
        """Say whether there is somebody to ring and the means to ring them."""
        found = self.settings
        return bool(self.numbers and found.twilio_number and found.twilio_account_sid)

    def _client(self) -> Client:
        found = self.settings
        password = found.twilio_api_secret or next(iter(found.twilio_auth_tokens), "")
        return Client(
            found.twilio_api_key or found.twilio_account_sid,
            password or local_token(found.var) or "-",
            found.twilio_account_sid,
            http_client=Http(found.twilio_base_url),
        )

    async def ring(self, number: int, voice: str, over: str) -> str | None:
        """Ring one on-call number and return the id of the leg, None when it cannot be rung."""
        base = public_url(self.settings).removesuffix(prefix(self.settings))
        try:
            made = await self._client().calls.create_async(
                to=self.numbers[number], from_=self.settings.twilio_number, url=base + voice,
                method="POST", timeout=RING_FOR, status_callback=base + over,
                status_callback_method="POST", status_callback_event=["completed"],
            )  # fmt: skip
        except TROUBLE:
            log.warning("an on-call number could not be rung")
            return None
        return str(made.sid)

    async def move(self, sid: str, address: str) -> bool:
        """Let a call go on at another address of ours."""
        base = public_url(self.settings).removesuffix(prefix(self.settings))
        return await self._update(sid, url=base + address, method="POST")

    async def end(self, sid: str) -> bool:
        """End a leg that nobody needs any more."""
        return await self._update(sid, status="completed")

    async def _update(self, sid: str, **change: str) -> bool:
        try:
            await self._client().calls(sid).update_async(**change)
        except TROUBLE:
            log.warning("a call could not be changed")
            return False
        return True
