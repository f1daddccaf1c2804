# SPDX-License-Identifier: Apache-2.0
"""What was half said before a code is not read with the words of whoever holds it."""

from bot.policy.hearing import topic_kept
from bot.service.conversation import _nothing_waits
from bot.service.transcript import Dialogue


def test_half_a_sentence_from_before_a_code_is_let_go() -> None:
    dialogue = Dialogue(halves=["he hits"])
    _nothing_waits(dialogue)
    assert dialogue.halves == []


def test_a_crime_told_before_a_code_stays_what_the_story_is_about() -> None:
    assert topic_kept("sexual_violence", "other") == "sexual_violence"
    assert topic_kept("none", "other") == "other"
