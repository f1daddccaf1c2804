# SPDX-License-Identifier: Apache-2.0
"""One telephone of the network in the box: does what TwiML says and tells what it hears."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

if TYPE_CHECKING:
    from telephony.network import Network

MOST_REDIRECTS = 20
# The few words before a short wait for keys only: Twilio goes on by itself.
GOES_ON_BY_ITSELF = "1"


class Leg:
    """A telephone on the line. `heard` is every sentence it heard, `answers` every TwiML it got.

    `where` is ringing, gather, conference or over. `dropped`: the TwiML ended and so did the call.
    """

    def __init__(self, network: Network, to: str, sender: str, direction: str) -> None:
        self.network, self.to, self.sender, self.direction = network, to, sender, direction
        self.sid = f"CA{secrets.token_hex(16)}"
        self.heard: list[str] = []
        self.answers: list[str] = []
        self.where, self.dropped = "ringing", False
        self.url = self.status_url = self.twiml = ""
        self.gather: Mapping[str, str] = {}
        self.early = ""
        self.dial: Mapping[str, str] = {}
        self.conference = self.wait_url = ""
        self._rest: list[Xml.Element] = []
        self._lock = asyncio.Lock()

    # -- what its owner does -----------------------------------------------------------------

    async def answer(self) -> None:
        """Pick up, or, for a caller, be connected. What came with the ring is done at once."""
        if not self.twiml:
            await self.go(self.url)
            return
        async with self._lock:
            await self._perform(list(Xml.fromstring(self.twiml)))  # noqa: S314 - our own

    async def refuse(self, status: str = "no-answer") -> None:
        """Let it ring out."""
        await self.network.over(self, status)

    async def say(self, text: str, confidence: float = 0.92) -> None:
        """Speak; what is recognised is what was said."""
        await self._input({"SpeechResult": text, "Confidence": f"{confidence:.2f}"})

    async def press(self, keys: str) -> None:
        """Press keys: one at a time, or a number up to hash where a number is awaited."""
        if self.where == "conference":
            return
        if self.gather.get("numDigits") == "1":
            for key in keys:
                await self._input({"Digits": key})
        else:
            await self._input({"Digits": keys.removesuffix("#")})

    async def press_early(self, key: str) -> None:
        """Press a key while words are said that only a key can stop."""
        await self.go(self.early or self.gather["action"], {"Digits": key})

    async def wait(self) -> None:
        """Say nothing until the line does something."""
        if self.where == "conference":
            await self.hear_waiting()
        elif self.gather.get("actionOnEmptyResult") == "true":
            await self._input({})
        elif self.where == "gather":
            async with self._lock:
                await self._perform(self._rest)

    async def hang_up(self) -> None:
        """Put the receiver down."""
        await self.network.over(self, "completed")

    # -- what the line does ------------------------------------------------------------------

    async def go(self, url: str, form: Mapping[str, str] | None = None) -> None:
        """Ask an address what to do, and do it."""
        async with self._lock:
            await self._perform(await self._fetch(url, form or {}))

    async def after_dial(self) -> None:
        """Go on after a conference: at the address given for it, or with what comes next."""
        if self.dial.get("action"):
            await self.go(self.dial["action"], {"DialCallStatus": "completed"})
            return
        async with self._lock:
            await self._perform(self._rest)

    async def hear_waiting(self) -> None:
        """Hear what is said to somebody waiting in a conference, once."""
        if not self.wait_url or self.network.bridged(self):
            return
        verbs = await self._fetch(self.wait_url, {})
        self._say(verbs)
        again = [v for v in verbs if v.tag == "Redirect"]
        self.wait_url = (again[0].text or "") if again else self.wait_url

    async def _input(self, form: Mapping[str, str]) -> None:
        if self.where == "gather":
            await self.go(self.gather["action"], form)

    async def _fetch(self, url: str, form: Mapping[str, str]) -> list[Xml.Element]:
        text = await self.network.post(self, url, form)
        self.answers.append(text)
        return list(Xml.fromstring(text))  # noqa: S314 - our own service's answer

    def _say(self, verbs: list[Xml.Element]) -> None:
        self.heard += ["".join(v.itertext()) for v in verbs if v.tag == "Say"]
        self.network.tell(self)

    async def _perform(self, verbs: list[Xml.Element]) -> None:
        if self.where == "over":  # it ended while the answer was on its way
            return
        self.gather, self.early, self.where = {}, "", "busy"
        for _ in range(MOST_REDIRECTS):
            redirect = await self._one_document(verbs)
            if redirect is None:
                return
            verbs = await self._fetch(redirect, {})
            if self.where == "over":
                return
        self.dropped = True

    async def _one_document(self, verbs: list[Xml.Element]) -> str | None:
        """Do one document; return where to go on, None when it now waits or is over."""
        for number, verb in enumerate(verbs):
            if verb.tag == "Say":
                self._say([verb])
            elif verb.tag == "Gather":
                self._say(list(verb))
                if verb.get("timeout") == GOES_ON_BY_ITSELF and verb.get("input") == "dtmf":
                    stops = verb.get("bargeIn") != "false"  # else nobody knows that a key does
                    self.early = self.early or (verb.get("action", "") if stops else "")
                    continue
                self.gather, self.where = dict(verb.attrib), "gather"
                self._rest = verbs[number + 1 :]
                return None
            elif verb.tag == "Dial":
                self.dial, room = dict(verb.attrib), verb[0]
                self._rest = verbs[number + 1 :]
                self.wait_url = room.get("waitUrl", "")
                await self.network.enter(self, room.text or "", room.attrib)
                return None
            elif verb.tag == "Connect":  # this network has no sockets: as if ours did not answer
                return verb.get("action")
            elif verb.tag == "Redirect":
                return verb.text
            elif verb.tag == "Hangup":
                break
        else:
            self.dropped = True
        self.network.later(self.network.over(self, "completed"))
        return None
