# SPDX-License-Identifier: Apache-2.0
"""Whoever reads like a nine-year-old can read every words file, in a chat and by telephone.

Flesch-Kincaid grade 4 or less over a file's sentences, without numbers and proper names (design,
section 7), and no single text far above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textstat
import yaml

from bot.policy.turn import Medium
from bot.words.files import ANSWERS, CHOICES

FOLDER = Path(__file__).resolve().parents[2] / "data" / "words"
HELD = {
    path.relative_to(FOLDER).as_posix(): yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    for path in sorted(FOLDER.rglob("*.yml"))
    if path.name not in (CHOICES, ANSWERS) and path.parent.name != "checked"
}
HIGHEST, HIGHEST_OF_ONE = 4, 6

# Names of services, places and laws, which nobody can put more simply.
NAMES = re.compile(
    r"Victim Support|Samaritans|Childline|SHOUT|LGBT\+?|L G B T|A&E|A and E|Crimestoppers"
    r"|Witness (?:Service|Care Unit)|Ombudsman|Homicide Service|Report Remove|Report Fraud"
    r"|Revenge Porn Helpline|Victims' Code|CICA|ISVA|Rape Crisis|CEOP|National Crime Agency"
    r"|Crown Prosecution Service|999 BSL|BSL|Relay UK|Bristol|Bath|Somerset|Devon|Cornwall"
    r"|ASB Case Review|SARC|HIV|\{\w+\}"
)

# Texts that may be harder than grade 6 by themselves: "file name" and the reason. None is.
HARDER: dict[str, str] = {}


def parts(held: Any, medium: str) -> Iterator[str]:
    """Yield what is said on a channel anywhere in an entry, steps of an exercise too."""
    if isinstance(held, dict):
        yield from (" ".join(held[key].split()) for key in (medium, "easy") if key in held)
        yield from (text for value in held.values() for text in parts(value, medium))
    elif isinstance(held, list):
        yield from (text for value in held for text in parts(value, medium))


def grade(texts: list[str]) -> float:
    """Return the grade of texts, each ended like a sentence."""
    ended = " ".join(text if text[-1:] in ".?!" else f"{text}." for text in texts)
    return textstat.flesch_kincaid_grade(re.sub(r"\d[\d ]*", "one ", NAMES.sub("it", ended)))


@pytest.mark.parametrize("file", HELD)
@pytest.mark.parametrize("medium", [m.value for m in Medium])
def test_a_file_can_be_read_at_nine(file: str, medium: str) -> None:
    texts = list(parts(HELD[file], medium))
    assert not texts or grade(texts) <= HIGHEST


EVERY = [
    (f"{file} {name}", medium.value, text)
    for file, held in HELD.items()
    for name, entry in held.items()
    for medium in Medium
    for text in parts(entry, medium.value)
    if len(text.split()) >= 8  # of fewer words the grade says nothing
]


@pytest.mark.parametrize(("where", "medium", "text"), EVERY)
def test_no_single_text_is_far_harder(where: str, medium: str, text: str) -> None:
    assert grade([text]) <= HIGHEST_OF_ONE or where in HARDER


def test_every_exception_is_still_one() -> None:
    hard = {where for where, _, text in EVERY if grade([text]) > HIGHEST_OF_ONE}
    assert set(HARDER) == hard


def test_what_people_pick_is_short() -> None:
    labels = yaml.load((FOLDER / CHOICES).read_text("utf-8"), yaml.BaseLoader)
    assert all(len(text.split()) <= 7 for label in labels.values() for text in label.values())


def test_a_hard_text_fails() -> None:
    assert grade(["Perpetrators habitually minimise the significance of coercive behaviour."]) > 6
