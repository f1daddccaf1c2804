# SPDX-License-Identifier: Apache-2.0
"""The whole service in one process: the real edge, screen, engine, actions, words and store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from actions import base, callback, consent, information, privacy, referral, services
from bot import wiring
from bot.assistant.client import utterance
from bot.assistant.engine import Engine
from bot.assistant.meaning import Turn
from bot.policy.turn import Understanding, Utterance
from bot.service.ports import AssistantDown
from bot.settings import load
from bot.store.migrate import migrate
from bot.understanding import Screen
from bot.wiring_actions import for_actions
from tests.conftest import PATIENT


@dataclass
class InProcess:
    """The assistant without its port; what goes wrong in it is kept, for a test to see."""

    engine: Engine
    failed: list[str] = field(default_factory=list)

    async def ask(
        self, *, conversation_id: str, turn_id: str, medium: str, text: str, intent: str,
        heard: Understanding, choice: str = "", without: tuple[str, ...] = (),
    ) -> list[Utterance]:  # fmt: skip
        """Return what the engine says, as the edge's client would."""
        turn = Turn(
            conversation_id, turn_id, str(medium), text, intent,
            topic=heard.topic, urgency=heard.urgency, choice=choice, without=without,
        )  # fmt: skip
        try:
            return [utterance(said) for said in await self.engine.hear(turn)]
        except Exception as problem:
            self.failed.append(f"{intent} {choice} {text!r}: {problem!r}")
            raise AssistantDown from problem

    async def ready(self) -> bool:
        """Say that it is there."""
        return True


@dataclass(frozen=True)
class Parts:
    """What is loaded once for all situations."""

    engine: Engine
    screen: Screen
    words: Any
    directory: Any


@asynccontextmanager
async def house(
    parts: Parts, folder: Path, clock: Callable[[], float], **environ: str
) -> AsyncIterator[tuple[wiring.Fingerpost, InProcess]]:
    """Give the service with a store of its own, by this clock; `environ`: settings beside."""
    own = {"FINGERPOST_VAR": str(folder), "FINGERPOST_SECRET_KEYS": "k" * 40}
    settings = load({**own, **environ})
    settings = replace(settings, answer_within=PATIENT)
    await migrate(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring.Words, "load", lambda *_: parts.words)
        patch.setattr(wiring.directory, "load", lambda *_: parts.directory)
        assistant = InProcess(parts.engine)
        found = wiring.wire(settings, clock=clock, assistant=assistant, screen=parts.screen)
        service = for_actions(settings, clock=clock)
        rows = wiring.tracker_rows(settings)
        for module in (base, callback, consent, information, privacy, referral, services):
            if hasattr(module, "app"):
                patch.setattr(module, "app", lambda: service)
        patch.setattr(parts.engine.store, "rows", rows)
        try:
            yield found, assistant
        finally:
            await found.close()
            facts = service.facts
            for database in (rows.store, rows.keys.database, facts.store, facts.keys.database):
                await database.close()
