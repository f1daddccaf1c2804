# SPDX-License-Identifier: Apache-2.0
"""Every choice has a name, and every question leaves a way not to answer it."""

from __future__ import annotations

import pytest

from bot.policy.turn import Medium
from bot.words import Words

WORDS = Words.load("data/words")
OFFERING = [name for name in WORDS.names() if WORDS.choices(name)]

# A safety or consent question is not skipped: "not sure", "not now" and a person stand for it.
SAFETY_OR_CONSENT = {
    *(name for name in OFFERING if name.startswith(("check_", "emergency_"))),
    "opening_safe",
    "consent_brief",
    "consent_brief_callback",
    "referral_ask_contact_voicemail",
    "delete_ask",
}
# An open offer, not a question that waits: whatever is written next is heard as it is.
OPEN_OFFERS = {
    "support_resume",
    "misheard_apology",
    "danger_over",
    "privacy_is_bot",
    "fallback",
    "opening_back",
    "check_not_sure",
    "check_not_sure_suicide",
    "check_worried",
    "check_worried_suicide",
    "check_worried_safeguarding",
    "not_safe",
    "waiting_update",
    "waiting_unknown",
    "waiting_stays",
    "waiting_stays_nobody",
    "language_offer",
    "language_wanted",
    "language_again",
    "language_offer_nobody",
    "language_wanted_nobody",
    "language_again_nobody",
}
# Something meanwhile, for who has just asked for a person: nobody is offered again what they asked
# for, and "stop" is heard as what it says.
MEANWHILE = {"person_asked", "person_asked_unknown", "person_already"}


@pytest.mark.parametrize("name", OFFERING)
def test_every_choice_offered_has_a_label_on_both_channels(name: str) -> None:
    for key in WORDS.choices(name):
        assert all(WORDS.label(key, medium).strip() for medium in Medium)


@pytest.mark.parametrize(
    "name", sorted(set(OFFERING) - SAFETY_OR_CONSENT - OPEN_OFFERS - MEANWHILE)
)
def test_every_other_question_can_be_skipped_or_ended(name: str) -> None:
    assert {"skip", "done", "stop"} & set(WORDS.choices(name))


@pytest.mark.parametrize("name", sorted(OPEN_OFFERS))
def test_every_open_offer_has_a_person(name: str) -> None:
    assert "person" in WORDS.choices(name)


@pytest.mark.parametrize(
    "name", sorted(n for n in set(OFFERING) - OPEN_OFFERS if n.startswith(("check_", "opening_")))
)
def test_every_safety_question_can_be_answered_with_doubt(name: str) -> None:
    offered = set(WORDS.choices(name))
    assert {"not_sure", "person"} <= offered


def test_labels_of_one_question_differ() -> None:
    for name in OFFERING:
        for medium in Medium:
            labels = [WORDS.label(key, medium) for key in WORDS.choices(name)]
            assert len(set(labels)) == len(labels), name
