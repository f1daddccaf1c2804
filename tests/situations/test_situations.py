# SPDX-License-Identifier: Apache-2.0
"""Every situation in the folders beside this file comes out as its file says."""

from __future__ import annotations

import pytest

from tests.situations import outcome
from tests.situations.situation import files, read

FILES = files()
NAMES = [f"{path.parent.name}: {path.stem.replace('_', ' ')}" for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
async def test_situation(path, held, parts):
    situation, story = read(path), await held(path)
    services = {service.id: service for service in parts.directory.services}
    wrong = outcome.for_everybody(situation, story, services) + outcome.for_them(situation, story)
    assert not wrong, "\n".join([*wrong, str(story)])


def test_those_who_come_are_of_every_kind():
    """Every topic is looked at in test_wrong_answers.py; here are ages, places, hours, channels."""
    all_of_them = [read(path) for path in FILES]
    ages = [situation.age for situation in all_of_them]
    asking = {str(situation.answers.get("who")) for situation in all_of_them}
    groups = {str(situation.answers.get("audience")) for situation in all_of_them}
    assert len(all_of_them) >= 40
    assert min(ages) <= 9 and max(ages) >= 90
    assert {s.when for s in all_of_them} >= {"day", "evening", "night", "weekend", "bank_holiday"}
    assert {s.channel for s in all_of_them} == {"chat", "phone"}
    areas = {str(s.comes.get("facts", {}).get("area")) for s in all_of_them}
    assert areas >= {"avon_and_somerset", "devon_and_cornwall", "elsewhere"}
    assert asking >= {"for_me", "for_family", "for_friend", "for_work", "bereaved", "witness"}
    assert groups >= {"women", "men", "lgbt", "anyone"}
