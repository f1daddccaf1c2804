# SPDX-License-Identifier: Apache-2.0
"""Makes the dialogue model current: `python -m bot.assistant.train` trains only when it must."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from bot import logs
from bot.assistant import lean, model
from bot.settings import ROOT


def train(root: Path = ROOT, models: Path = model.MODELS) -> Path:
    """Train the dialogue model and put it in place in one step; older ones go."""
    warnings.simplefilter("ignore")  # of every utterance: ours have no responses in the domain
    lean.leave_out()
    place = model.path(root, models)
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".training-") as workshop:
        os.environ["RASA_CACHE_DIRECTORY"] = workshop
        os.environ["LOG_LEVEL"] = "ERROR"  # without Rasa's progress bars
        from rasa.model_training import train as rasa_train

        with contextlib.redirect_stdout(io.StringIO()):
            result = rasa_train(
                domain=str(root / "bot" / "domain"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
                output=workshop,
                fixed_model_name="dialogue",
            )
        if result.code != 0 or not result.model:
            raise RuntimeError("the dialogue model could not be trained")
        shutil.move(result.model, place)
    for old in models.glob("dialogue-*.tar.gz"):
        if old != place:
            old.unlink(missing_ok=True)
    return place


def main() -> int:
    """Train if the model is not current, telling what is going on."""
    logs.configure()
    if model.current():
        sys.stdout.write("The dialogue model is current.\n")
        return 0
    sys.stdout.write("Training the dialogue model. This takes about 10 seconds.\n")
    sys.stdout.flush()
    place = train()
    sys.stdout.write(f"The dialogue model is ready: {place.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
