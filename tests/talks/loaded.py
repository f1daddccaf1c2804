# SPDX-License-Identifier: Apache-2.0
"""The parts of the service, read once."""

from __future__ import annotations

from bot.assistant import model, train
from bot.assistant.engine import Engine
from bot.settings import ROOT
from bot.store import directory
from bot.understanding import Screen
from bot.wiring import areas
from bot.words import Words
from tests.conversations.runner import InProcess
from tests.situations.house import Parts


def parts() -> Parts:
    """Return the engine with the current model, the screen, the words and the directory."""
    dialogue = model.path() if model.current() else train.train()
    return Parts(
        engine=Engine(dialogue, None, InProcess(), areas(ROOT)),
        screen=Screen.load(ROOT / "models", ROOT / "data"),
        words=Words.load(ROOT / "data" / "words", {"service": "the support line"}),
        directory=directory.load(ROOT / "data" / "directory"),
    )
