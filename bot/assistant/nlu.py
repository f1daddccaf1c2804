# SPDX-License-Identifier: Apache-2.0
"""Rasa's only NLU component: what a message means when nobody understood it before Rasa.

In service the edge has understood every turn already and our channel hands that over as parse
data, so this runs only in `rasa shell` and `rasa test nlu`. It loads the model at first use.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.policy.intents import intent
from bot.policy.steps import Asked, next_step
from bot.policy.turn import State

if TYPE_CHECKING:
    from bot.understanding import Screen


@lru_cache(maxsize=1)
def _screen() -> Screen:
    from bot.settings import ROOT
    from bot.understanding import Screen

    return Screen.load(ROOT / "models", ROOT / "data")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Understanding(GraphComponent):
    """Names the intent and the topic of a message with the same model as the edge's screen."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Return the component; there is nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and entities of each message that has none."""
        for message in messages:
            if message.get(INTENT) or message.get(TEXT) is None:
                continue
            heard = _screen().understand(message.get(TEXT))
            step = next_step(State.ASSISTANT, Asked(), "", heard)
            name = intent(step, "", heard)
            message.set(INTENT, {"name": name, "confidence": 1.0}, add_to_output=True)
            if heard.topic != "none" and heard.urgency != "none":
                topic = {"entity": "topic", "value": heard.topic}
                message.set(ENTITIES, [topic], add_to_output=True)
        return messages
