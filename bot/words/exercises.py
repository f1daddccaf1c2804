# SPDX-License-Identifier: Apache-2.0
"""What `data/words/exercises` holds: exercises in steps, each step a message of its own.

The choice that goes on is called as the next step, so that what is on offer is where somebody
stands; "next" and the phrases for it are those of every exercise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.policy.exercise import HERE, STOP, Exercise
from bot.policy.turn import Kind
from bot.words import provenance
from bot.words.entry import Entry, texts

if TYPE_CHECKING:
    from bot.words.files import Files

NEXT, STAYS = "next", "calm_here"
NEEDED = ("label", "steps", *provenance.MEANT, *provenance.FROM)
_KNOWN = {*NEEDED, "never_after"}


def take(files: Files, name: str, held: Any) -> list[str]:
    """Take one exercise in, or return everything that is wrong with it."""
    wrong = list(_wrong(held))
    if wrong:
        return wrong
    steps = [texts(step, wrong) for step in held["steps"]]
    label = texts(held["label"], wrong)
    if wrong:
        return wrong
    exercise = Exercise(
        id=name,
        steps=len(steps),
        meant_for=held["for"],
        not_for=held["not_for"],
        source=held["source"],
        valid_at=held["valid_at"],
        review_by=date.fromisoformat(held["review_by"]),
        never_after=tuple(held.get("never_after", ())),
    )
    for number, said in enumerate(steps, 1):
        choices = (exercise.step(number + 1), STOP, "person")
        files.entries[exercise.step(number)] = Entry(said, Kind.EXERCISE, choices)
    files.labels[exercise.first] = label
    files.exercises.append(exercise)
    return []


def join(files: Files) -> None:
    """Give every step its "next", and the words for whoever stays at it a moment."""
    for exercise in files.exercises:
        for number in range(1, exercise.steps + 1):
            step, after = exercise.step(number), exercise.step(number + 1)
            files.labels.setdefault(after, files.labels.get(NEXT, {}))
            files.answers[after] = files.answers.get(NEXT, ())
            here = files.entries.get(STAYS)
            if here is None:
                files.mistakes.append(f"{STAYS}: is not there, and {exercise.id} needs it")
                return
            choices = files.entries[step].choices
            files.entries[step + HERE] = Entry(here.texts, Kind.EXERCISE, choices)


def _wrong(held: Any) -> Iterator[str]:
    if not isinstance(held, dict):
        yield "must hold its steps and where they are from"
        return
    yield from (f"unknown field {extra}" for extra in sorted(set(held) - _KNOWN))
    if missing := provenance.missing(held, NEEDED):
        yield f"has no {', '.join(missing)}"
        return
    steps = held["steps"]
    if not isinstance(steps, list) or not all(
        isinstance(step, dict) and set(step) <= {"chat", "voice"} for step in steps
    ):
        yield "steps must be a list of texts"
    if not isinstance(held["label"], dict):
        yield "label must hold chat and voice"
    yield from provenance.wrong(held)
