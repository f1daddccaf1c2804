# SPDX-License-Identifier: Apache-2.0
"""What `data/words/scripts` holds: what is said to a feeling, each with whom it is for, checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.policy.scripts import Script
from bot.policy.topics import TOPICS
from bot.words import entry, provenance
from bot.words.information import SAID, WAY

if TYPE_CHECKING:
    from bot.words.files import Files

NEEDED = ("asks", *provenance.MEANT, *provenance.FROM)
_KNOWN = {*SAID, *NEEDED, "label", "choices"}
# What whoever was met with a script can do next.
WAYS_ON = ["calm", "find_help", "person", "done"]


def take(files: Files, name: str, held: Any) -> list[str]:
    """Take one script in, or return everything that is wrong with it."""
    wrong = list(_wrong(held))
    if wrong:
        return wrong
    script = Script(
        id=name,
        asks=tuple(held["asks"]),
        services=(),
        source=held["source"],
        valid_at=held["valid_at"],
        review_by=date.fromisoformat(held["review_by"]),
        meant_for=held["for"],
        not_for=held["not_for"],
    )
    said = {key: held[key] for key in SAID if key in held}
    wrong += entry.take(files, script.name, {**said, "choices": held.get("choices", WAYS_ON)})
    if "label" in held:
        files.labels[script.name] = entry.texts(held["label"], wrong)
    files.scripts += [] if wrong else [script]
    return wrong


def _wrong(held: Any) -> Iterator[str]:
    if not isinstance(held, dict):
        yield "must hold the sentences and for whom they are"
        return
    yield from (f"unknown field {extra}" for extra in sorted(set(held) - _KNOWN))
    if missing := provenance.missing(held, NEEDED):
        yield f"has no {', '.join(missing)}"
        return
    if not isinstance(held["asks"], list) or not all(isinstance(one, str) for one in held["asks"]):
        yield "asks must be a list"
        return
    yield from provenance.wrong(held)
    yield from (f"not a way of saying it: {way}" for way in held["asks"] if not WAY.fullmatch(way))
    told = {way.split()[0][1:] for way in held["asks"] if way.startswith("#")}
    yield from (f"no such topic: {topic}" for topic in sorted(told - set(TOPICS)))
