# SPDX-License-Identifier: Apache-2.0
"""The best-known wrong answers of each topic are given in none of its situations.

They stand in wrong_answers.yml, each with why it is wrong. A row that nothing could break is no
test: each pattern is tried on its example, each name and service has to exist, and each row has to
meet at least one situation.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.policy.topics import TOPICS
from tests.situations import outcome
from tests.situations.situation import HERE, Situation, files, read
from tests.situations.story import Story

EVERYBODY = "everybody"
TABLE = yaml.safe_load((HERE / "wrong_answers.yml").read_text())
ROWS = [(topic, row) for topic, rows in TABLE.items() for row in rows]
NAMES = [f"{topic}: {row['wrong']}" for topic, row in ROWS]
NEVER = {"never_says", "never_offered", "never_told", "never_offered_first"}
AT_LEAST = 3


def situations(topic: str, row: dict[str, Any]) -> list[Path]:
    """Return the files that a row is about."""
    about = [path for path in files() if topic in (EVERYBODY, path.parent.name)]
    return [path for path in about if _fits(read(path), row)]


def _fits(situation: Situation, row: dict[str, Any]) -> bool:
    """Say whether a row is about this person: by their age, an answer, a key or the file's name."""
    youngest, oldest = row.get("ages", (0, 120))
    known = {
        **situation.answers,
        "file": situation.name,
        "keys": [turn["keys"] for turn in situation.turns if "keys" in turn],
    }
    among = all(_meets(known.get(name), wanted) for name, wanted in row.get("among", {}).items())
    return youngest <= situation.age <= oldest and among


def _meets(told: Any, wanted: list[str]) -> bool:
    return bool({told} & set(wanted) if isinstance(told, str) else set(told or ()) & set(wanted))


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=NAMES)
async def test_wrong_answer_is_given_to_nobody(topic, row, held):
    found = situations(topic, row)
    assert found, "no situation could show it"
    for path in found:
        story = await held(path)
        wrong = _wrong(row, story)
        assert not wrong, f"{path.stem}: {wrong}\n{story}"


def _wrong(row: dict[str, Any], story: Story) -> list[str]:
    """Return what of a row this person was told or offered."""
    first = [cards[0].id for cards in story.offers()]
    return [
        *outcome.says([row["never_says"]] if "never_says" in row else [], story),
        *(one for one in row.get("never_offered", ()) if one in story.offered()),
        *(one for one in row.get("never_offered_first", ()) if one in first),
        *(name for name in row.get("never_told", ()) if name in story.names()),
    ]


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=NAMES)
def test_row_could_be_broken(topic, row, parts):
    assert NEVER & set(row) and row["why"]
    if "never_says" in row:
        assert re.search(row["never_says"], row["for_example"], re.IGNORECASE)
    known = {service.id for service in parts.directory.services}
    named = {*row.get("never_offered", ()), *row.get("never_offered_first", ())}
    assert named <= known, named - known
    assert set(row.get("never_told", ())) <= set(parts.words.names())


def test_every_topic_has_its_wrong_answers_and_its_situations():
    topics = TOPICS - {"none"}
    assert set(TABLE) - {EVERYBODY} == topics
    assert [t for t in sorted(topics) if len(TABLE[t]) < AT_LEAST] == []
    assert [t for t in sorted(topics) if not situations(t, {})] == []
