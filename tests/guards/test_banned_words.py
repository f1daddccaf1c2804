# SPDX-License-Identifier: Apache-2.0
"""What is never said to somebody who was hurt, in any words file, on any channel.

The reasons are those of the design (sections 5 and 7) and of the support scripts it was drawn from:
no blame, no doubt, no promise, no risk score, nothing that claims to be a person.
"""

from __future__ import annotations

import re

import pytest
import yaml

from tests.guards.test_reading_age import ANSWERS, CHOICES, FOLDER, HELD, parts

NEVER = {
    "asks why, which blames": r"\bwhy (?:did|do|were|was|are|have|not)(?:n't)?\b",
    "claims to feel the same": r"know (?:just |exactly )?how you feel|understand how you feel",
    "orders": r"\bmust\b|\bhave to report\b|\bneed to report\b|\bcalm down\b|\byou ought\b",
    "blames": r"should(?:n't| not)? have\b|should've|your own fault|let it happen",
    "doubts": r"\balleged|\bclaims? (?:that|to) (?:have|be)|are you sure|\byour story\b",
    "makes light of it": r"\bat least (?:you|he|she|it|they)\b|could have been worse|get over it"
    r"|move on\b|be grateful|be strong|time heals|\bat least be\b",
    "promises": r"\b(?:will|going to) be (?:fine|safe|ok|okay|all right|over soon)\b"
    r"|everything will|\bi promise|\bwe promise|guarantee|nothing bad|never happen again"
    r"|you are safe now|no one will (?:hurt|find)|\bwill catch\b|will get better\b|will soon\b",
    "keeps every secret": r"keep (?:it|this|that|your) (?:a )?secrets?(?! if)|total(?:ly)? private",
    "scores the risk": r"\b(?:low|standard|medium|high) risk\b|risk (?:score|level)",
    "claims to be a person": r"\bi am a person\b|\bi am human\b|\bi am here to hold",
    "names them by the crime": r"\bvictims?\b(?! support|' code)|\bperpetrator|\boffence\b"
    r"|\bsurvivor",
    "diagnoses": r"\bptsd\b|\btrauma(?:tised|tic)?\b|\bdisorder\b|\bdepressed\b",
}
LABELS = yaml.load((FOLDER / CHOICES).read_text("utf-8"), yaml.BaseLoader)
SPOKEN = {**HELD, CHOICES: LABELS}


@pytest.mark.parametrize("what", NEVER)
@pytest.mark.parametrize("file", SPOKEN)
def test_it_is_never_said(file: str, what: str) -> None:
    pattern = re.compile(NEVER[what], re.IGNORECASE)
    texts = {text for medium in ("chat", "voice") for text in parts(SPOKEN[file], medium)}
    assert [text for text in texts if pattern.search(text)] == []


def test_what_people_say_is_not_ours() -> None:
    assert ANSWERS not in SPOKEN


@pytest.mark.parametrize(
    "text",
    [
        "Why did you stay?", "I know how you feel.", "You must tell them.",
        "You should have locked it.", "The alleged attack.", "You will be safe.",
        "It will be fine.", "Everything will work out.", "At least you are not hurt.",
        "You are a low risk.", "We promise.", "I will keep it secret.", "Calm down.",
    ],
)  # fmt: skip
def test_the_patterns_find_what_they_are_for(text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in NEVER.values())


@pytest.mark.parametrize(
    "text",
    ["You can talk with Victim Support.", "You have to be 18.", "The police should tell you."],
)
def test_the_patterns_leave_alone_what_is_kind(text: str) -> None:
    assert not any(re.search(pattern, text, re.IGNORECASE) for pattern in NEVER.values())
