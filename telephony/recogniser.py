# SPDX-License-Identifier: Apache-2.0
"""Which speech model listens and which voice speaks, by the names that each of two ways has.

Pure. One setting for both: <Gather> and <ConversationRelay> call the same model by other names.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.telephone_settings import MODELS, PROVIDERS

MOST_HINTS, LONGEST_HINT = 100, 100
"""Twilio takes 500 phrases of 100 letters."""


@dataclass(frozen=True)
class OnSocket:
    """The same model and voice, as a socket names them."""

    transcription: str
    model: str
    tts: str
    voice: str


def on_socket(model: str, voice: str) -> OnSocket:
    """Return how a socket names a model and a voice of the <Gather> loop."""
    transcription, named = MODELS[model]
    family, _, name = voice.partition(".")
    return OnSocket(transcription, named, PROVIDERS[family], name)


def hints(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the recogniser may expect to hear: the words on offer, each once."""
    short = [label for label in labels if label and len(label) <= LONGEST_HINT and "," not in label]
    return tuple(dict.fromkeys(short))[:MOST_HINTS]
