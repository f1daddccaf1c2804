# SPDX-License-Identifier: Apache-2.0
"""Rasa's own default pipeline, DIET and all, with the classes of urgency as its intents.

It has one label a message, so what a message is about and what is wanted stay unsaid. The texts
are the same as the screen's, letter for letter. Runs where Rasa and TensorFlow are.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot import logs
from training.sentences import URGENCIES, Sentence

EPOCHS = 3
"""Rasa's own is 100, for a few hundred examples. From 3,400 of these sentences it named 0.63 of 600
others rightly after two epochs, 0.61 after six and 0.58 after eight, its own nearly all by then;
three epochs of 20,000 show it nine times as many as those two did."""
SEED = 1
RECIPE = {
    "pipeline": "rasa 3.6 default_config.yml",
    "intents": "urgency",
    "epochs": EPOCHS,
    "seed": SEED,
}


class Diet:
    """The trained pipeline."""

    def __init__(self, agent: Any) -> None:
        self._agent, self._loop = agent, asyncio.new_event_loop()

    def __call__(self, text: str) -> dict[str, dict[str, float]]:
        """Return how likely each class of urgency is."""
        # A slash at the start would be taken for the name of an intent.
        read = self._loop.run_until_complete(self._agent.parse_message(text.lstrip("/")))
        found = {i["name"]: i["confidence"] for i in read["intent_ranking"]}
        known = {label: found[label] for label in URGENCIES if label in found}
        return {"urgency": known or {"none": 1.0}}  # no word in it that it could read


def train(rows: Sequence[Sentence], chosen: Sequence[Sentence]) -> Diet:
    """Train the pipeline; Rasa shows its own progress. Nothing of it is chosen on sentences."""
    logs.configure("ERROR")  # Rasa prints every message otherwise
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    examples = [{"text": s.text.lstrip("/"), "intent": s.urgency} for s in rows]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(config()), encoding="utf-8")
        (folder / "nlu.json").write_text(
            json.dumps({"rasa_nlu_data": {"common_examples": examples}}), encoding="utf-8"
        )
        path = train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder))
        return Diet(Agent.load(path))


def config() -> dict[str, Any]:
    """Return the configuration that Rasa falls back on, with our number of epochs."""
    default = resources.files("rasa.engine.recipes.config_files") / "default_config.yml"
    config = yaml.safe_load(default.read_text(encoding="utf-8"))
    for part in config["pipeline"]:
        if part["name"] == "DIETClassifier":
            part |= {"epochs": EPOCHS, "random_seed": SEED}
    return {**config, "assistant_id": "peer", "policies": []}
