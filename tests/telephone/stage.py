# SPDX-License-Identifier: Apache-2.0
"""Where one scenario is played: its telephones, what was noticed, and what must be so."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.telephone.exchange import Exchange
from tests.telephone.phone import Phone
from tests.telephone.ports import EACH_PHONE, FIRST_PHONE, SIP
from tests.telephone.service import Service
from tests.telephone.sound import Sound

PIN = "4071"
# Both ring the worker's telephone, one after the other; the second is nobody's to pick up first.
ON_CALL, PERSONS_NUMBER = ("+441172000001", "+441172000002"), "+447400123456"
ONE_ROW = 1.5
"""Seconds of silence up to which two things heard stand in one row of the transcript."""
# What the recogniser makes of 999: in words or figures, and often one of the nines misheard.
EMERGENCY = r"(?:9[ ,.-]?9[ ,.-]?9|nine[ ,.-]*nine)"


@dataclass
class Check:
    """One thing that must be so, in words, and whether it was."""

    what: str
    so: bool


@dataclass
class Stage:
    """One scenario under way. Every telephone is switched on for it, and off after it."""

    exchange: Exchange
    service: Service
    sound: Sound
    home: Path
    port: int
    checks: list[Check] = field(default_factory=list)
    phones: dict[str, Phone] = field(default_factory=dict)
    began: float = 0.0

    async def open(self, *names: str) -> list[Phone]:
        """Switch telephones on and return them."""
        self.began = time.monotonic()
        numbers = {"worker": ON_CALL, "person": (PERSONS_NUMBER,)}
        for place, name in enumerate(names):
            port = self.port + FIRST_PHONE + EACH_PHONE * place
            line = f"sip:line@127.0.0.1:{self.port + SIP}"
            phone = Phone(name, port, line, self.home, self.sound)
            self.phones[name] = phone
            for number in numbers.get(name, ()):
                self.exchange.phones[number] = phone.address
            await phone.start()
        return list(self.phones.values())

    async def close(self) -> None:
        """Switch every telephone off; the recordings stay until the folder goes."""
        for phone in self.phones.values():
            await phone.stop()

    def must(self, what: str, so: bool) -> None:
        """Keep whether something that must be so is."""
        self.checks.append(Check(what, bool(so)))

    async def comes_to(self, what: str, true: Callable[[], bool], within: float = 10) -> None:
        """Keep whether something comes about in time, in seconds."""
        ends = time.monotonic() + within
        while not true() and time.monotonic() < ends:  # noqa: ASYNC110 - two programs of others
            await asyncio.sleep(0.1)
        self.must(what, true())

    async def transcript(self) -> list[tuple[float, str, str]]:
        """Return who did and heard what, with the seconds since the scenario began."""
        rows = []
        for name, phone in self.phones.items():
            rows += [(at - self.began, name, what) for at, what in phone.did]
            last = -10.0
            for heard in await phone.heard():
                if heard.begins - last < ONE_ROW:
                    at, _, words = rows.pop()
                    rows.append((at, name, f"{words} {heard.words}"))
                else:
                    at = phone.began + heard.begins - self.began
                    rows.append((at, name, f"hears: {heard.words}"))
                last = heard.ends
        return sorted(rows)


def says(words: str, pattern: str) -> bool:
    """Say whether words that were recognised hold a pattern, in whatever case."""
    return re.search(pattern, words, re.IGNORECASE) is not None
