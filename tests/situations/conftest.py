# SPDX-License-Identifier: Apache-2.0
"""The parts loaded once, and every situation held once, whoever asks what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

import tests.rasa_without_tensorflow  # noqa: F401 - before anything here imports rasa
from bot.assistant import model, train
from bot.settings import ROOT
from bot.store import directory
from bot.words import Words
from tests.situations.situation import read
from tests.situations.story import Story


@pytest.fixture(scope="session")
def parts(screen):
    """The engine with the current model, the screen, the words and the directory."""
    from bot.assistant.engine import Engine
    from bot.wiring import areas
    from tests.conversations.runner import InProcess
    from tests.situations.house import Parts

    dialogue = model.path() if model.current() else train.train()
    return Parts(
        engine=Engine(dialogue, None, InProcess(), areas(ROOT)),
        screen=screen,
        words=Words.load(ROOT / "data" / "words", {"service": "the support line"}),
        directory=directory.load(ROOT / "data" / "directory"),
    )


@pytest.fixture(scope="session")
def held(parts, tmp_path_factory) -> Callable[[Path], Awaitable[Story]]:
    """Hold a situation's conversation, or give what came of it when it was held before."""
    from tests.situations.holding import Holding
    from tests.situations.house import house

    stories: dict[Path, Story] = {}

    async def hold(path: Path) -> Story:
        if path not in stories:
            situation = read(path)
            folder = tmp_path_factory.mktemp("situation")
            async with house(parts, folder, lambda: situation.now) as (found, assistant):
                stories[path] = await Holding(found, situation).hold()
                stories[path].failed = assistant.failed
        return stories[path]

    return hold
