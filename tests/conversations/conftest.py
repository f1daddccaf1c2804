# SPDX-License-Identifier: Apache-2.0
"""The engine, loaded once, and a store of its own for every conversation."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable

import pytest

import tests.rasa_without_tensorflow  # noqa: F401 - before anything here imports rasa
from bot.assistant import model, train
from bot.policy.turn import Medium
from bot.settings import ROOT, Settings, load
from bot.store import conversations
from bot.store.migrate import migrate
from tests.conversations.runner import Conversation, InProcess

ALWAYS = {"service": "the support line", "service_name": "the support line"}


@pytest.fixture(scope="session")
def dialogue_model():
    """The current model; made here if nobody made it yet."""
    return model.path() if model.current() else train.train()


@pytest.fixture(scope="session")
def loaded(dialogue_model):
    """Rasa with the current model, loaded once."""
    from bot.assistant.engine import Engine
    from bot.wiring import areas

    return Engine(dialogue_model, None, InProcess(), areas(ROOT))


@pytest.fixture(scope="session")
def files():
    """The words and the directory, read once."""
    from bot.store import directory
    from bot.words import Words

    return Words.load(ROOT / "data" / "words", ALWAYS), directory.load(ROOT / "data" / "directory")


@pytest.fixture
async def stores(tmp_path, monkeypatch, files):
    """A migrated store, with the actions' service on top of it."""
    from bot import wiring
    from bot.wiring_actions import for_actions

    settings: Settings = load(
        {
            "FINGERPOST_VAR": str(tmp_path),
            "FINGERPOST_SECRET_KEYS": "k" * 40,
            "FINGERPOST_ON_CALL": "+441172000001",
            "TWILIO_NUMBER": "+441172345678",
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        }
    )
    await migrate(settings)
    monkeypatch.setattr(wiring.Words, "load", lambda *_: files[0])
    monkeypatch.setattr(wiring.directory, "load", lambda *_: files[1])
    service, rows = for_actions(settings), wiring.tracker_rows(settings)
    for module in ("base", "services", "information", "consent", "privacy", "callback", "news"):
        monkeypatch.setattr(f"actions.{module}.app", lambda: service)
    yield settings, service, rows
    for database in (
        rows.store, rows.keys.database, service.facts.store, service.facts.keys.database,
    ):  # fmt: skip
        await database.close()


@pytest.fixture
def action_calls() -> InProcess:
    return InProcess()


@pytest.fixture
def engine(loaded, stores, action_calls):
    loaded.store.rows = stores[2]
    loaded.processor.action_endpoint = action_calls
    return loaded


@pytest.fixture
def talk(engine, stores) -> Callable[..., Awaitable[Conversation]]:
    """Open a conversation with the assistant."""
    settings, service, rows = stores

    async def opened(medium: str = "chat") -> Conversation:
        conversation_id = str(uuid.uuid4())
        await rows.keys.make(conversation_id)
        async with rows.store.write() as tx:
            await conversations.open_conversation(
                tx, id=conversation_id, medium=medium, language="en", state="assistant",
                urgency="none", topic="none", opened_at=0.0, closes_at=4e9, turns=0,
            )  # fmt: skip
        return Conversation(engine, service.referrals.words, conversation_id, Medium(medium))

    return opened
