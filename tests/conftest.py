# SPDX-License-Identifier: Apache-2.0
"""What every test may ask for: settings in a folder of their own, and the wired service."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from bot.policy.turn import Understanding, Utterance
from bot.service.ports import AssistantDown
from bot.settings import ROOT, Settings, load
from bot.store import directory
from bot.store.migrate import migrate, migrate_now
from bot.understanding import Screen
from bot.words import words

# A change that touches nothing of it must not fail by chance; at a desk each run looks elsewhere.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

PATIENT = 60.0
"""Seconds: here a busy machine is no reason for the words that stand in for a slow answer."""


class ScriptedAssistant:
    """Answers with names given beforehand, for tests in which the dialogue is not the subject."""

    def __init__(self) -> None:
        self.says: list[str | Utterance] = ["support_listening"]
        self.down = False
        self.delay = 0.0
        self.heard: list[dict] = []

    async def ask(self, **turn) -> list[Utterance]:
        import asyncio

        if self.delay:
            await asyncio.sleep(self.delay)
        if self.down:
            raise AssistantDown
        self.heard.append(turn)
        silent = turn["intent"].startswith(("danger_", "check_re", "check_im", "check_su"))
        quiet = silent or turn["intent"] in (
            "check_safeguarding",
            "ask_human",
            "exit_now",
            "repeat",
        )
        said = (one if isinstance(one, Utterance) else Utterance(one) for one in self.says)
        return [] if quiet else list(said)

    async def ready(self) -> bool:
        return not self.down


class Clock:
    """A time that moves only when a test moves it."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40})


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Read the shipped words and the shipped directory once, not for each of thousands of tests."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, shipped in ((words, "read", "words"), (directory, "load", "directory")):
            patch.setattr(module, name, _kept(getattr(module, name), ROOT / "data" / shipped))
        yield


def _kept(read: Callable[[Path], Any], shipped: Path) -> Callable[[Path], Any]:
    kept: list[Any] = []

    def found(folder: Path) -> Any:
        if folder != shipped:
            return read(folder)
        if not kept:
            kept.append(read(folder))
        return kept[0]

    return found


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both stores in their newest shape and nothing in them, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    migrate_now(load({"FINGERPOST_VAR": str(folder), "FINGERPOST_SECRET_KEYS": "k" * 40}))
    return folder


@pytest.fixture(scope="session")
def screen() -> Screen:
    """The real screen, loaded once."""
    return Screen.load(ROOT / "models", ROOT / "data")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
async def fingerpost(
    settings: Settings, clock: Clock, assistant: ScriptedAssistant, screen: Screen, empty: Path
) -> AsyncIterator:
    """The whole service on SQLite in a folder of its own, with a scripted assistant."""
    from bot.wiring import wire

    if "sqlite" in settings.database_url:
        shutil.copytree(empty, settings.var, dirs_exist_ok=True)
    else:
        await migrate(settings)
    object.__setattr__(settings, "answer_within", PATIENT)
    found = wire(settings, clock=clock, assistant=assistant, screen=screen)
    yield found
    await found.close()


@pytest.fixture
def danger() -> Callable[[str], Understanding]:
    """Give an understanding of one danger class, heard for certain."""
    return lambda name="immediate_danger": Understanding(name, "interrupt", act="disclose")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser last: its driver keeps an event loop in this thread until the end."""
    items.sort(key=lambda item: "browser" in item.path.parts)
