# SPDX-License-Identifier: Apache-2.0
"""The languages whose own name is said with key 7 (data/telephone/tongues.yml)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from bot.settings import ROOT
from telephony.menu import LANGUAGE

Tongue = tuple[str, str, str, str]
"""What is said, in which language, by whose voice, and what a socket calls that language."""
FILE = ROOT / "data" / "telephone" / "tongues.yml"
FIELDS = ("locale", "voice", "socket")
MAKER, VOICE = "Google", "{code}-Wavenet-A"
"""Who speaks such a language on a socket."""


class TonguesError(ValueError):
    """A file of languages that would leave a name unsaid, or said by no voice."""


def tongues(own: Callable[[str], str], path: Path = FILE) -> tuple[Tongue, ...]:
    """Return what is said to who may not know English; `own` gives a language its own name."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TonguesError(f"{path} names no languages.")
    return tuple(_tongue(code, row, own) for code, row in found.items())


def _tongue(code: object, row: object, own: Callable[[str], str]) -> Tongue:
    if not isinstance(code, str) or own(code) == code:
        raise TonguesError(f"{code} is no language we know the name of.")
    if not isinstance(row, dict) or row.keys() != set(FIELDS):
        raise TonguesError(f"{code} needs {', '.join(FIELDS)}, and nothing else.")
    if not all(isinstance(row[name], str) and row[name].strip() for name in FIELDS):
        raise TonguesError(f"A field of {code} is empty, or no text.")
    return f"{own(code)}: {LANGUAGE}.", row["locale"], row["voice"], row["socket"]
