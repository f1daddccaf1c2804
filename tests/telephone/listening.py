# SPDX-License-Identifier: Apache-2.0
"""A <Gather>, read and done anew from Twilio's published account of it, not from our own code.

Keys and the voice end a prompt only where bargeIn is not false: of keys Twilio says neither that
they do nor that they do not, and this takes the worse. The time without anything
counts from the end of the prompt. Speech ends after speechTimeout seconds of silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.telephone.sip import Ear
from tests.telephone.sound import LOUD, Sound, loudness

TICK = 0.02
VOICED = 6
"""Loud frames of 20 milliseconds that make a voice and not a click."""
CONFIDENCE = "0.90"
"""Moonshine gives none, so this is what every recognised sentence is said to have."""


@dataclass
class Asked:
    """What a <Gather> asks for, with Twilio's own defaults."""

    inputs: frozenset[str]
    timeout: float
    speech_timeout: float
    digits: int
    finish: str
    barge_in: bool
    answers_silence: bool

    @staticmethod
    def read(of: Mapping[str, str]) -> Asked:
        """Read a verb's attributes."""
        timeout = float(of.get("timeout", "5"))
        patience = of.get("speechTimeout", str(timeout))
        return Asked(
            frozenset(of.get("input", "dtmf").split()),
            timeout,
            1.0 if patience == "auto" else float(patience),
            int(of.get("numDigits", "0")),
            of.get("finishOnKey", "#"),
            of.get("bargeIn", "true") == "true",
            of.get("actionOnEmptyResult", "false") == "true",
        )


@dataclass
class Listening:
    """One <Gather> under way on one call."""

    asked: Asked
    ear: Ear
    sound: Sound
    keys: asyncio.Queue[str]
    digits: str = ""
    voice: list[bytes] = field(default_factory=list)
    loud: int = 0
    quiet: int = 0

    async def result(self, prompt: Callable[[], Awaitable[None]]) -> dict[str, str] | None:
        """Return what to post, None when the verb is passed over."""
        while not self.keys.empty():
            self.keys.get_nowait()
        self.ear.frames.clear()
        saying = asyncio.create_task(prompt())
        try:
            return await self._listen(saying)
        finally:
            saying.cancel()
            self.ear.hush()

    async def _listen(self, saying: asyncio.Task[None]) -> dict[str, str] | None:
        since = time.monotonic()
        while True:
            await asyncio.sleep(TICK)
            if not saying.done():
                since = time.monotonic()
            while not self.keys.empty():
                self._hush(saying)
                since = time.monotonic()
                if self._key(self.keys.get_nowait()):
                    return {"Digits": self.digits}
            if self._spoken(saying):
                words = await self.sound.recognise(b"".join(self.voice))
                if words:
                    return {"SpeechResult": words, "Confidence": CONFIDENCE}
                self.voice, self.loud, since = [], 0, time.monotonic()
            if self.voice and self.loud >= VOICED:
                continue
            if saying.done() and time.monotonic() - since >= self.asked.timeout:
                if self.digits:
                    return {"Digits": self.digits}
                return {} if self.asked.answers_silence else None

    def _hush(self, saying: asyncio.Task[None]) -> None:
        """Stop what is said, where it may be stopped."""
        if self.asked.barge_in:
            saying.cancel()
            self.ear.hush()

    def _key(self, key: str) -> bool:
        """Take in a key and say whether that was the last."""
        if self.asked.finish and key in self.asked.finish:
            return True
        self.digits += key
        return len(self.digits) == self.asked.digits

    def _spoken(self, saying: asyncio.Task[None]) -> bool:
        """Take in what is said and say whether somebody has finished speaking."""
        frames = [self.ear.frames.popleft() for _ in range(len(self.ear.frames))]
        if "speech" not in self.asked.inputs or self.digits:
            return False
        if not saying.done() and not self.asked.barge_in:
            return False
        for frame in frames:
            loud = loudness(frame) >= LOUD
            self.loud += loud
            self.quiet = 0 if loud else self.quiet + 1
            self.voice.append(frame)
            if self.loud < VOICED and self.quiet > 10:  # a click, or nothing yet
                self.voice, self.loud = self.voice[-5:], 0
        if self.loud < VOICED:
            return False
        if not saying.done():
            saying.cancel()
            self.ear.hush()
        return self.quiet * TICK >= self.asked.speech_timeout
