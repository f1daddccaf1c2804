# SPDX-License-Identifier: Apache-2.0
"""The engine, loaded once, and a store of its own for every conversation."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable

import pytest

from bot import logs
from bot.assistant import lean, model, train
from bot.settings import Settings, load
from bot.store import conversations
from bot.store.migrate import migrate

logs.configure("ERROR")  # Rasa prints every message otherwise, here as in the served process
lean.leave_out()  # as in the served process; before anything here imports rasa

from tests.conversations.runner import Conversation, InProcess  # noqa: E402


@pytest.fixture(scope="session")
def dialogue_model():
    """The current model; made here if nobody made it yet."""
    return model.path() if model.current() else train.train()


@pytest.fixture
async def stores(tmp_path, monkeypatch):
    """A migrated store, with the actions' service on top of it."""
    import actions.base
    from bot.wiring import for_actions, tracker_rows

    settings: Settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40}
    )
    await migrate(settings)
    service, rows = for_actions(settings), tracker_rows(settings)
    for module in ("base", "services", "consent", "privacy"):
        monkeypatch.setattr(f"actions.{module}.app", lambda: service)
    yield settings, service, rows
    await rows.store.close()
    await rows.keys.database.close()
    await service.facts.store.close()
    await service.facts.keys.database.close()


@pytest.fixture
def action_calls() -> InProcess:
    return InProcess()


@pytest.fixture
def engine(dialogue_model, stores, action_calls):
    from bot.assistant.engine import Engine

    return Engine(dialogue_model, stores[2], action_calls)


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
        return Conversation(engine, service.referrals.words, conversation_id)

    return opened
