# SPDX-License-Identifier: Apache-2.0
"""A rule that says two things of which one would be passed over in silence is refused."""

from __future__ import annotations

import pytest
import yaml

from bot.understanding.rules import RuleBook


def read(path, **rule):
    row = {"name": "leaves", "catches": "a goodbye", "patterns": ["bye now"], **rule}
    file = {"macros": {}, "guards": {}, "spellings": {}, "fillers": [], "rules": [row]}
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    return RuleBook.load(path)


def test_a_rule_of_the_whole_message_has_no_guard_beside_it(tmp_path) -> None:
    path = tmp_path / "rules.yml"
    with pytest.raises(ValueError, match="leaves.*beside"):
        read(path, whole=True, beside=["she said"])
    guarded = read(path, beside=["she said"])
    assert guarded.heard("bye now") and not guarded.heard("she said bye now")
    assert read(path, whole=True, unless=["she said"]).heard("bye now")
