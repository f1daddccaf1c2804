# SPDX-License-Identifier: Apache-2.0
"""Which dialogue model is the right one: its name carries what it was made from. No rasa import.

A wrong `--model` makes Rasa load the newest file it finds; whoever starts us compares names.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from bot.settings import ROOT

MODELS = ROOT / "models"
SOURCES = ("config.yml", "bot/domain/*.yml", "data/nlu/*.yml", "data/rules/*.yml")
# What the health route must name: Rasa falls back to its own in-memory store without a word.
STORE_CLASS = "EncryptedTrackerStore"


@lru_cache(maxsize=4)
def fingerprint(root: Path = ROOT) -> str:
    """Return the fingerprint of what the dialogue is trained from; words are no part of it."""
    digest = hashlib.sha256(f"rasa {version('rasa')}".encode())
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            digest.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def path(root: Path = ROOT, models: Path = MODELS) -> Path:
    """Return where the current model is, or is to be."""
    return models / f"dialogue-{fingerprint(root)}.tar.gz"


def current(root: Path = ROOT, models: Path = MODELS) -> bool:
    """Say whether the model on this machine was made from what is here now."""
    return path(root, models).is_file()
