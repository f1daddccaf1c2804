# SPDX-License-Identifier: Apache-2.0
"""One leg of a call on the exchange: does with real sound what the service's TwiML says.

Written from Twilio's documentation; it shares no line with `telephony/`, which it checks.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from tests.telephone.listening import TICK, Asked, Listening
from tests.telephone.sip import Wire

if TYPE_CHECKING:
    from tests.telephone.exchange import Exchange

MOST_DOCUMENTS = 400
SPOKEN = {"Say", "Pause"}
ELSEWHERE = 0.3
"""Seconds of silence in place of a language that the one voice here does not speak."""
KNOWN = {"Say", "Pause", "Gather", "Redirect", "Dial", "Hangup"}


class Strange(Exception):
    """The service said something that this exchange cannot do: the test fails."""


class Leg:
    """One telephone's leg. `told` is all that the service had said on it."""

    def __init__(self, exchange: Exchange, wire: Wire, sender: str, to: str, way: str) -> None:
        self.exchange, self.wire, self.sender, self.to, self.way = exchange, wire, sender, to, way
        self.sid = f"CA{secrets.token_hex(16)}"
        self.status_url = self.room = ""
        self.told: list[str] = []
        self.asked: list[Mapping[str, str]] = []
        self.over = self.answered = False
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._out: asyncio.Event = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._waits: asyncio.Task[None] | None = None
        self._dialled: Mapping[str, str] = {}
        wire.pressed = self._pressed

    # -- what the exchange does with it ------------------------------------------------------

    def follow(self, url: str = "", twiml: str = "") -> None:
        """Go on at an address or with a document, whatever was under way."""
        if self._task is not None:
            self._task.cancel()
        if self._waits is not None:
            self._waits.cancel()
        if self.wire.ear is not None:
            self.wire.ear.hush()
        self._task = self.exchange.beside(self._follow(url, twiml))

    async def end(self, status: str) -> None:
        """Take in that it is over, and tell whoever asked to be told; once."""
        if self.over:
            return
        self.over = True
        for task in (self._task, self._waits):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        in_room, self.room = self.room, ""
        if in_room:
            self.exchange.leave(self, in_room)
            if self._dialled.get("action"):
                await self.exchange.post(self, self._dialled["action"], {}, status)
        if self.status_url:
            await self.exchange.post(self, self.status_url, {}, status)

    def alone(self, wait_url: str) -> None:
        """Wait in a conference, with what is said to who waits."""
        if wait_url and (self._waits is None or self._waits.done()):
            self._waits = self.exchange.beside(self._wait(wait_url))

    def in_company(self) -> None:
        """Hear the others, and no longer what is said to who waits."""
        if self._waits is not None:
            self._waits.cancel()
        if self.wire.ear is not None:
            self.wire.ear.hush()

    def out_of_room(self) -> None:
        """Take in that the conference ended."""
        self.room = ""
        if self._waits is not None:
            self._waits.cancel()
        self._out.set()

    # -- verbs -------------------------------------------------------------------------------

    async def _follow(self, url: str, twiml: str) -> None:
        verbs = _verbs(twiml) if twiml else await self._fetch(url, {})
        for _ in range(MOST_DOCUMENTS):
            following = await self._document(verbs)
            if following is None:
                break
            verbs = following
        self.wire.hang_up()

    async def _document(self, verbs: list[Xml.Element]) -> list[Xml.Element] | None:
        """Do one document and return the next, None when the call is to end."""
        for verb in verbs:
            if verb.tag not in KNOWN:
                raise Strange(f"<{verb.tag}>")
            if verb.tag in SPOKEN:
                await self._speak([verb])
            elif verb.tag == "Hangup":
                return None
            elif verb.tag == "Redirect":
                return await self._fetch(verb.text or "", {})
            elif verb.tag == "Gather":
                heard = await self._gather(verb)
                if heard is not None:
                    return await self._fetch(verb.attrib["action"], heard)
            elif verb.tag == "Dial":
                await self._dial(verb)
                if verb.get("action"):
                    return await self._fetch(verb.attrib["action"], {"DialCallStatus": "completed"})
        return None

    async def _gather(self, verb: Xml.Element) -> dict[str, str] | None:
        self.asked.append(dict(verb.attrib))
        assert self.wire.ear is not None
        asked = Asked.read(verb.attrib)
        listening = Listening(asked, self.wire.ear, self.exchange.sound, self._keys)
        return await listening.result(lambda: self._speak(list(verb)))

    async def _dial(self, verb: Xml.Element) -> None:
        """Enter a conference, and stay until it ends or star is pressed."""
        room = verb[0]
        if room.tag != "Conference" or len(verb) != 1:
            raise Strange(f"<Dial><{room.tag}>")
        if verb.get("record", "do-not-record") != "do-not-record" or (
            room.get("record", "do-not-record") != "do-not-record"
        ):
            raise Strange("a recording")
        self._dialled, self.room = dict(verb.attrib), room.text or ""
        self._out.clear()
        self.exchange.enter(self, self.room, room.attrib)
        await self._out.wait()

    async def _wait(self, url: str) -> None:
        while True:
            for verb in await self._fetch(url, {}):
                if verb.tag in SPOKEN:
                    await self._speak([verb])
                elif verb.tag == "Redirect":
                    url = verb.text or ""

    async def _speak(self, verbs: Iterable[Xml.Element]) -> None:
        ear = self.wire.ear
        assert ear is not None
        for verb in verbs:
            if verb.tag == "Pause":
                await asyncio.sleep(float(verb.get("length", "1")))
            elif verb.tag == "Say":
                text = "".join(verb.itertext())
                self.told.append(text)
                if not _is_english(verb):
                    await asyncio.sleep(ELSEWHERE)
                    continue
                ear.play(await self.exchange.sound.speak(text))
                while ear.playing:  # noqa: ASYNC110 - pjsip's thread empties it
                    await asyncio.sleep(TICK)
            else:
                raise Strange(f"<{verb.tag}> in words")

    async def _fetch(self, url: str, form: Mapping[str, str]) -> list[Xml.Element]:
        began = time.monotonic()
        verbs = _verbs(await self.exchange.post(self, url, form))
        self.exchange.took.append(time.monotonic() - began)
        for said in filter(_is_english, (say for verb in verbs for say in verb.iter("Say"))):
            self.exchange.sound.prepare("".join(said.itertext()))
        return verbs

    def _pressed(self, key: str) -> None:
        if self.room:
            if key == "*" and self._dialled.get("hangupOnStar") == "true":
                room, self.room = self.room, ""
                self.exchange.leave(self, room)
                self.out_of_room()
            return
        with contextlib.suppress(asyncio.QueueFull):
            self._keys.put_nowait(key)


def _is_english(said: Xml.Element) -> bool:
    return said.get("language", "en-US").startswith("en")


def _verbs(twiml: str) -> list[Xml.Element]:
    root = Xml.fromstring(twiml)  # noqa: S314 - the service under test
    if root.tag != "Response":
        raise Strange(f"<{root.tag}>")
    return list(root)
