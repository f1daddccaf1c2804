# SPDX-License-Identifier: Apache-2.0
"""What `data/words/information` says of an approved answer besides its sentences, checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.policy.hearing import CRIMES
from bot.policy.information import TOLD, Answer
from bot.policy.topics import TOPICS
from bot.words import provenance

SAID = frozenset({"chat", "voice", "easy"})
NEEDED = ("asks", "services", *provenance.FROM)
_LISTS = ("asks", "services", "topics")
ANSWERS = ("answers_in_danger", "answers_telling", "answers_in_writing")
_KNOWN = SAID | {*NEEDED, *ANSWERS, "topics", "about"}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
WAY = re.compile(r"(?:#[a-z_]+ )?\^?[a-z0-9_*|]+(?: [a-z0-9_*|]+)*")


def read(name: str, held: dict[str, Any]) -> tuple[Answer | None, list[str]]:
    """Return the answer, or None and everything that is wrong with it."""
    wrong = list(_wrong(held))
    if wrong:
        return None, wrong
    return Answer(
        id=name,
        asks=tuple(held["asks"]),
        services=tuple(held["services"]),
        source=held["source"],
        valid_at=held["valid_at"],
        review_by=date.fromisoformat(held["review_by"]),
        topics=tuple(held.get("topics", ())),
        about=held.get("about", ""),
        in_danger=held.get("answers_in_danger") == "true",
        told=held.get("answers_telling") == "true",
        written=held.get("answers_in_writing") == "true",
    ), []


def spoken_date(valid_at: str) -> str:
    """Return "2024-06-10" as "10 June 2024"; a month or a year alone stays what it is."""
    year, *rest = valid_at.split("-")
    month = _MONTHS[int(rest[0]) - 1] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(filter(None, (day, month, year)))


def _wrong(held: dict[str, Any]) -> Iterator[str]:
    yield from (f"unknown field {extra}" for extra in sorted(set(held) - _KNOWN))
    if missing := provenance.missing(held, NEEDED):
        yield f"has no {', '.join(missing)}"
        return
    for field in _LISTS:
        value = held.get(field, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            yield f"{field} must be a list"
            return
    yield from provenance.wrong(held)
    for field in ANSWERS:
        if held.get(field, "true") != "true":
            yield f"{field} is true, or not there"
    yield from (f"not a way of asking: {way}" for way in held["asks"] if not WAY.fullmatch(way))
    told = {way.split()[0].removeprefix(TOLD) for way in held["asks"] if way.startswith(TOLD)}
    about = {held["about"]} if "about" in held else set()
    yield from (f"no such crime: {one}" for one in sorted((told | about) - CRIMES))
    wrong = (set(held.get("topics", ())) & CRIMES) | (set(held.get("topics", ())) - TOPICS)
    yield from (f"cannot answer every question on {topic}" for topic in sorted(wrong))
