# SPDX-License-Identifier: Apache-2.0
"""What Rasa is given of ours, put together by the composition root: the engine and its stores."""

from __future__ import annotations

from bot.assistant import model
from bot.assistant.action_calls import ActionCalls
from bot.assistant.engine import Engine
from bot.settings import ROOT, Settings
from bot.wiring import areas, tracker_rows


def engine(settings: Settings) -> Engine:
    """Return Rasa with the current model, our tracker store, our words and our actions."""
    url = f"http://127.0.0.1:{settings.actions_port}/webhook"
    actions = ActionCalls(url, settings.local_key)
    return Engine(model.path(), tracker_rows(settings), actions, areas(ROOT))
