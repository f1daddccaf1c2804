# SPDX-License-Identifier: Apache-2.0
"""What may be said in another language: published official texts, and what a native has checked.

Files of `data/words/checked`, one a language; `data/words/waiting/README.md` says how one comes
about. Only texts are taken from them: kind and choices of a message are those of the English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.policy.turn import Medium

if TYPE_CHECKING:
    from bot.words.files import Files

Gaps = Callable[[str], list[str]]


@dataclass(frozen=True)
class Checked:
    """The texts and labels of one language, for the chat."""

    texts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def read(folder: Path, files: Files, gaps: Gaps) -> tuple[dict[str, Checked], list[str]]:
    """Return what each language has, and every mistake with its file.

    `files` holds the English; `gaps` finds the names in braces of a text.
    """
    found: dict[str, Checked] = {}
    mistakes: list[str] = []
    for path in sorted((folder / "checked").glob("*.yml")):
        try:
            held = yaml.load(path.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 - plain text
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mistakes.append(f"{path.name}: {str(error).splitlines()[0]}")
            continue
        wrong = list(_wrong(held, files, gaps))
        mistakes += [f"checked/{path.name}: {mistake}" for mistake in wrong]
        if not wrong:
            words = {name: " ".join(text.split()) for name, text in held.get("words", {}).items()}
            found[path.stem] = Checked(words, dict(held.get("labels", {})))
    return found, mistakes


def _wrong(held: Any, files: Files, gaps: Gaps) -> Iterator[str]:
    if not isinstance(held, dict) or set(held) - {"checked", "words", "labels"}:
        yield "holds something other than checked, words and labels"
        return
    who = held.get("checked")
    if not isinstance(who, dict) or not who.get("on") or not (who.get("by") or who.get("source")):
        yield "does not say who checked it, or where it was published, and on which day"
    for name, text in (held.get("words") or {}).items():
        if name not in files.entries:
            yield f"{name}: English has no such words"
        elif not isinstance(text, str) or not text.strip():
            yield f"{name}: is empty"
        elif set(gaps(text)) != set(gaps(files.entries[name].texts[Medium.CHAT])):
            yield f"{name}: has other gaps than the English"
    for key, text in (held.get("labels") or {}).items():
        if key not in files.labels:
            yield f"{key}: English has no such choice"
        elif not isinstance(text, str) or not text.strip():
            yield f"{key}: is empty"
