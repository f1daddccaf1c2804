# SPDX-License-Identifier: Apache-2.0
"""One name in the words files: what is said under it, how it is shown and what it offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.policy.turn import Kind, Medium

if TYPE_CHECKING:
    from bot.words.files import Files

GAP = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FIELDS = {"chat", "voice", "easy", "kind", "choices"}


@dataclass(frozen=True)
class Entry:
    """One name in the words files: its text by medium, how it is shown, what it offers.

    `easy` is how it is said to whoever wants it more simply, "" when that is how it is said anyway.
    """

    texts: Mapping[Medium, str]
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    easy: str = ""


def take(files: Files, name: str, value: Any) -> list[str]:
    """Take one name in, or return everything that is wrong with it."""
    if not isinstance(value, dict):
        return ["must hold chat, voice, easy, kind or choices"]
    wrong = [f"unknown field {extra}" for extra in sorted(set(value) - _FIELDS)]
    if name in files.entries:
        wrong.append("is in another file too")
    said, easy = texts(value, wrong), _easy(value, wrong)
    kind = value.get("kind", Kind.TEXT.value)
    if kind not in set(Kind):
        wrong.append(f"unknown kind {kind}")
    choices = value.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(key, str) for key in choices):
        wrong.append("choices must be a list of keys")
    elif len(set(choices)) < len(choices):
        wrong.append("offers one choice twice")
    if not wrong:
        files.entries[name] = Entry(said, Kind(kind), tuple(choices), easy)
    return wrong


def texts(value: dict[str, Any], wrong: list[str]) -> dict[Medium, str]:
    """Return the text for each medium; the one that is not written is the same as the other."""
    written = {medium: value[medium.value] for medium in Medium if medium.value in value}
    for medium, text in written.items():
        if not isinstance(text, str) or not text.strip():
            wrong.append(f"{medium.value} is empty")
        elif "{" in GAP.sub("", text) or "}" in GAP.sub("", text):
            wrong.append(f"{medium.value} has a gap that is not a plain name")
    if not written:
        wrong.append("has no text")
        return {}
    either = next(iter(written.values()))
    return {medium: " ".join(str(written.get(medium, either)).split()) for medium in Medium}


def _easy(value: dict[str, Any], wrong: list[str]) -> str:
    """The plainer text, on both channels. What filled a gap is not known any more by then."""
    text = value.get("easy", "")
    if not isinstance(text, str) or ("easy" in value and not text.strip()):
        wrong.append("easy is empty")
        return ""
    if "{" in text:
        wrong.append("easy has a gap")
    return " ".join(text.split())
