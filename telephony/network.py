# SPDX-License-Identifier: Apache-2.0
"""A telephone network in the box: signs posts as Twilio does, and answers what we ask of its API.

For the terminal telephone and for tests; a real line never touches it. It serves on the loopback
only, and it ends no call by guessing: what a leg does next is what the TwiML says.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from telephony.leg import Leg

LIMIT = ClientTimeout(total=15)  # Twilio's own ceiling
ACCOUNT = "AC" + "0" * 32


@dataclass
class Room:
    """A conference: who is in it, and whether it has started."""

    legs: dict[str, bool] = field(default_factory=dict)
    started: bool = False


class Network:
    """Legs, conferences, and the account's REST API."""

    def __init__(
        self, edge: str, token: str, *, public: str = "", number: str = "+441172345678",
        tell: Callable[[Leg], None] | None = None,
    ) -> None:  # fmt: skip
        self.edge, self.public, self.number = edge.rstrip("/"), (public or edge).rstrip("/"), number
        self._signer = RequestValidator(token)
        self.legs: dict[str, Leg] = {}
        self.rooms: dict[str, Room] = {}
        self.rung: list[dict[str, str]] = []
        self.texts: list[dict[str, str]] = []
        self.posts: list[tuple[str, int]] = []
        self.tell = tell or (lambda leg: None)
        self.rings: Callable[[Leg], Coroutine[Any, Any, None]] | None = None
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.failing = False
        self.headers: dict[str, str] = {}

    async def call(self, sender: str = "anonymous") -> Leg:
        """Ring the service and return the caller's telephone."""
        leg = Leg(self, self.number, sender, "inbound")
        leg.url, leg.status_url = "/telephony/voice", "/telephony/status"
        self.legs[leg.sid] = leg
        await leg.answer()
        return leg

    # -- posts -------------------------------------------------------------------------------

    async def post(self, leg: Leg, url: str, form: Mapping[str, str], status: str = "") -> str:
        """Post to the service as Twilio does, signed, and return the answer."""
        path = url.removeprefix(self.public)
        body = MultiDict(
            CallSid=leg.sid, AccountSid=ACCOUNT, From=leg.sender, To=leg.to,
            CallStatus=status or "in-progress", Direction=leg.direction, ApiVersion="2010-04-01",
        )  # fmt: skip
        body.update(form)
        signature = self._signer.compute_signature(self.public + path, body)
        if self._session is None:
            self._session = ClientSession(timeout=LIMIT)
        headers = {**self.headers, "X-Twilio-Signature": signature}
        async with self._session.post(self.edge + path, data=body, headers=headers) as answer:
            self.posts.append((path, answer.status))
            text = await answer.text()
        if answer.status != 200 and not status:
            raise ConnectionError(f"the line answered {answer.status}")
        return text

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let something happen on the line beside what is going on."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing is under way on the line."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Take the network down."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    # -- conferences -------------------------------------------------------------------------

    async def enter(self, leg: Leg, name: str, how: Mapping[str, str]) -> None:
        """Put a leg into a conference."""
        room = self.rooms.setdefault(name, Room())
        room.legs[leg.sid] = how.get("endConferenceOnExit") == "true"
        room.started = room.started or how.get("startConferenceOnEnter", "true") == "true"
        leg.where, leg.conference = "conference", name
        self.tell(leg)

    def bridged(self, leg: Leg) -> bool:
        """Say whether a leg hears somebody else."""
        room = self.rooms.get(leg.conference)
        return bool(room and room.started and len(room.legs) > 1 and leg.sid in room.legs)

    async def leave(self, leg: Leg) -> None:
        """Take a leg out of its conference; those whose conference ends go on at their action."""
        room = self.rooms.get(leg.conference)
        leg.conference = ""
        if room is None or leg.sid not in room.legs or not room.legs.pop(leg.sid):
            return
        others = [self.legs[sid] for sid in room.legs]
        room.legs.clear()
        for other in others:
            other.conference = ""
            self.later(other.after_dial())

    async def over(self, leg: Leg, status: str) -> None:
        """End a leg and tell whoever asked to be told."""
        if leg.where == "over":
            return
        in_conference, leg.where = leg.where == "conference", "over"
        await self.leave(leg)
        self.tell(leg)
        if in_conference and leg.dial.get("action"):
            await self.post(leg, leg.dial["action"], {}, status)
        if leg.status_url:
            await self.post(leg, leg.status_url, {}, status)

    # -- the account's API -------------------------------------------------------------------

    def app(self) -> web.Application:
        """Return the part of the REST API that the service uses."""
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{account}/Calls.json", self._create)
        app.router.add_post("/2010-04-01/Accounts/{account}/Calls/{sid}.json", self._update)
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._text)
        return app

    async def _create(self, request: web.Request) -> web.Response:
        form = {k: str(v) for k, v in (await request.post()).items()}
        if self.failing:
            return web.json_response({"code": 20500, "message": "down", "status": 500}, status=500)
        self.rung.append(form)
        leg = Leg(self, form["To"], form["From"], "outbound-api")
        if "Twiml" in form and "StatusCallback" not in form:  # a page: it is said and over
            return web.json_response(_resource(leg), status=201)
        leg.url, leg.status_url = form.get("Url", ""), form.get("StatusCallback", "")
        leg.twiml = form.get("Twiml", "")
        self.legs[leg.sid] = leg
        if self.rings is not None:
            self.later(self.rings(leg))
        return web.json_response(_resource(leg), status=201)

    async def _text(self, request: web.Request) -> web.Response:
        if self.failing:
            return web.json_response({"code": 20500, "message": "down", "status": 500}, status=500)
        self.texts.append({k: str(v) for k, v in (await request.post()).items()})
        return web.json_response({"sid": f"SM{secrets.token_hex(16)}"}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        form = {k: str(v) for k, v in (await request.post()).items()}
        leg = self.legs.get(request.match_info["sid"])
        if leg is None or self.failing:
            return web.json_response({"code": 20404, "message": "no", "status": 404}, status=404)
        if form.get("Status") == "completed":
            self.later(self.over(leg, "completed"))
        elif leg.where != "over":
            self.later(self._move(leg, form["Url"]))
        return web.json_response(_resource(leg))

    async def _move(self, leg: Leg, url: str) -> None:
        await self.leave(leg)
        await leg.go(url)


def _resource(leg: Leg) -> dict[str, str]:
    return {"sid": leg.sid, "status": "queued", "account_sid": ACCOUNT, "to": leg.to}


def new_token() -> str:
    """Return a random token for signing on this machine."""
    return secrets.token_hex(16)
