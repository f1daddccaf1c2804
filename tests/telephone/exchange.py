# SPDX-License-Identifier: Apache-2.0
"""The telephone company: SIP calls on one side, Twilio's webhooks and REST API on the other.

It stands in for Twilio and is not Twilio: its sound, its recogniser and its timing are its own.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

from tests.telephone.leg import Leg
from tests.telephone.sip import Sip, Wire
from tests.telephone.sound import Sound

ACCOUNT = "AC" + "c" * 32
WITHIN = ClientTimeout(total=15)  # Twilio's own ceiling for an answer
CALLS = "/2010-04-01/Accounts/{account}/Calls"
AMD_AFTER = 1.0


@dataclass
class Room:
    """A conference: who is in it, with what they asked for."""

    legs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    started: bool = False


class Exchange:
    """`phones`: which telephone each number rings, as a SIP address."""

    def __init__(self, service: str, token: str, number: str, sound: Sound) -> None:
        self.service, self.token, self.number, self.sound = service, token, number, sound
        self.phones: dict[str, str] = {}
        self.legs: dict[str, Leg] = {}
        self.rooms: dict[str, Room] = {}
        self.rung: list[dict[str, str]] = []
        self.pages: list[dict[str, str]] = []
        self.refused: list[str] = []
        self.took: list[float] = []
        self.troubles: list[str] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._session: ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self._sip: Sip | None = None

    async def start(self, sip_port: int, rest_port: int) -> None:
        """Open both sides, on the loopback."""
        self._session = ClientSession(timeout=WITHIN)
        app = web.Application()
        app.router.add_post(f"{CALLS}.json", self._create)
        app.router.add_post(f"{CALLS}/{{sid}}.json", self._update)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", rest_port).start()
        self._sip = Sip(sip_port, self._comes_in)

    async def close(self) -> None:
        """End every call and both sides."""
        self.forget()
        await asyncio.sleep(0.5)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._sip is not None:
            await self._sip.close()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def beside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something beside the rest; what goes wrong in it is kept and fails the test."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def up(self) -> list[Leg]:
        """Return the legs that are not over."""
        return [leg for leg in self.legs.values() if not leg.over]

    def idle(self) -> bool:
        """Say whether no leg is up and nobody is in a conference."""
        return not self.up() and not any(room.legs for room in self.rooms.values())

    def forget(self) -> None:
        """Begin afresh: hang up what is up, and keep no call of before."""
        for leg in self.up():
            leg.wire.hang_up()
        self.legs, self.rooms, self.phones = {}, {}, {}

    def newest(self, way: str) -> Leg:
        """Return the newest leg, `inbound` or `outbound-api`."""
        return [leg for leg in self.legs.values() if leg.way == way][-1]

    # -- webhooks ----------------------------------------------------------------------------

    async def post(self, leg: Leg, url: str, form: Mapping[str, str], status: str = "") -> str:
        """Post to the service as Twilio does, signed, and return the answer."""
        url = url if url.startswith("http") else self.service + url
        body = {
            "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": leg.sid,
            "CallStatus": status or "in-progress", "Direction": leg.way, "From": leg.sender,
            "To": leg.to, **form,
        }  # fmt: skip
        text = url + "".join(key + body[key] for key in sorted(body))
        digest = hmac.new(self.token.encode(), text.encode(), hashlib.sha1).digest()
        headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
        assert self._session is not None
        async with self._session.post(url, data=body, headers=headers) as answer:
            if answer.status >= 400:
                self.refused.append(f"{url.split('/')[4]}: {answer.status}")
            return await answer.text()

    # -- conferences -------------------------------------------------------------------------

    def enter(self, leg: Leg, name: str, how: Mapping[str, str]) -> None:
        """Put a leg into a conference."""
        room = self.rooms.setdefault(name, Room())
        room.legs[leg.sid] = dict(how)
        room.started = room.started or how.get("startConferenceOnEnter", "true") == "true"
        if not room.started or len(room.legs) < 2:
            leg.alone(how.get("waitUrl", ""))
            return
        for sid in room.legs:
            self.legs[sid].in_company()
        for one, two in combinations(room.legs, 2):
            self.legs[one].wire.between(self.legs[two].wire, True)

    def leave(self, leg: Leg, name: str) -> None:
        """Take a leg out; where it asked for that, the conference ends for all."""
        room = self.rooms[name]
        how = room.legs.pop(leg.sid, {})
        others = [self.legs[sid] for sid in room.legs]
        for other in others:
            leg.wire.between(other.wire, False)
        if how.get("endConferenceOnExit") == "true":
            for one, two in combinations(others, 2):
                one.wire.between(two.wire, False)
            room.legs.clear()
            room.started = False
            for other in others:
                other.out_of_room()

    # -- calls -------------------------------------------------------------------------------

    def _comes_in(self, wire: Wire) -> None:
        leg = Leg(self, wire, "anonymous", self.number, "inbound")
        leg.status_url = "/telephony/status"
        self.legs[leg.sid] = leg
        self.beside(self._connect(leg, "/telephony/voice", ""))
        wire.pick_up()

    async def _connect(self, leg: Leg, url: str, twiml: str, within: float = 30) -> None:
        """Let a leg be followed once it is up, and tell when it is over."""
        ends = asyncio.create_task(leg.wire.down.wait())
        comes = asyncio.create_task(leg.wire.up.wait())
        await asyncio.wait({ends, comes}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        comes.cancel()
        if not leg.wire.up.is_set() and not leg.wire.down.is_set():
            leg.wire.hang_up()
        leg.answered = leg.wire.up.is_set()
        if leg.answered and not ends.done():
            leg.follow(url, twiml)
        await ends
        busy = leg.wire.code in (486, 603)
        await leg.end("completed" if leg.answered else "busy" if busy else "no-answer")

    async def _create(self, request: web.Request) -> web.Response:
        form = {k: str(v) for k, v in (await request.post()).items()}
        if _is_page(form):  # it would ring on through the scenarios that follow
            self.pages.append(form)
            return web.json_response({"sid": f"CA{secrets.token_hex(16)}"}, status=201)
        self.rung.append(form)
        assert self._sip is not None
        wire = self._sip.ring(self.phones[form["To"]])
        leg = Leg(self, wire, form["From"], form["To"], "outbound-api")
        leg.status_url = form.get("StatusCallback", "")
        self.legs[leg.sid] = leg
        within = float(form.get("Timeout", "60"))
        url, twiml = form.get("Url", ""), form.get("Twiml", "")
        self.beside(self._connect(leg, url, twiml, within))
        if form.get("AsyncAmd") == "true":
            self.beside(self._a_human(leg, form["AsyncAmdStatusCallback"]))
        return web.json_response(_shown(leg), status=201)

    async def _a_human(self, leg: Leg, url: str) -> None:
        await leg.wire.up.wait()
        await asyncio.sleep(AMD_AFTER)
        if not leg.over:
            await self.post(leg, url, {"AnsweredBy": "human"})

    async def _update(self, request: web.Request) -> web.Response:
        form = {k: str(v) for k, v in (await request.post()).items()}
        leg = self.legs.get(request.match_info["sid"])
        if leg is None or leg.over:
            return web.json_response({"code": 21220, "message": "over", "status": 400}, status=400)
        if form.get("Status") == "completed":
            leg.wire.hang_up()
        else:
            room, leg.room = leg.room, ""
            if room:
                self.leave(leg, room)
            leg.follow(form["Url"])
        return web.json_response(_shown(leg))

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.troubles.append(repr(task.exception()))


def _is_page(form: Mapping[str, str]) -> bool:
    """Say whether it only calls staff to the queue: it says where to look, and asks us nothing."""
    return "Twiml" in form and "StatusCallback" not in form


def _shown(leg: Leg) -> dict[str, str]:
    return {"sid": leg.sid, "status": "queued", "account_sid": ACCOUNT, "to": leg.to}
