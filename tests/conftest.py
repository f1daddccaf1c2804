# SPDX-License-Identifier: Apache-2.0
"""What every test may ask for: settings in a folder of their own, and the wired service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.policy.turn import Understanding, Utterance
from bot.service.ports import AssistantDown
from bot.settings import ROOT, Settings, load
from bot.store.migrate import migrate
from bot.understanding import Screen


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
    settings: Settings, clock: Clock, assistant: ScriptedAssistant, screen: Screen
) -> AsyncIterator:
    """The whole service on SQLite in a folder of its own, with a scripted assistant."""
    from bot.wiring import wire

    await migrate(settings)
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
