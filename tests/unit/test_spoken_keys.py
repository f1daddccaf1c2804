# SPDX-License-Identifier: Apache-2.0
"""A key said aloud is that key: person has none, so "one" is the first choice besides it."""

from __future__ import annotations

import pytest

from bot.policy.turn import Choice, Kind, Message, Sender
from telephony.hearing import Entry, hear
from telephony.speech import asks_number
from telephony.tokens import Place

AFTER = ("person", "carry_on")
TOPICS = ("fraud", "rape", "theft", "robbery", "person")


def offered(keys, say="person_nobody", kind=Kind.TEXT) -> Message:
    choices = tuple(Choice(key, key) for key in keys)
    return Message(Sender.ASSISTANT, "Which?", kind=kind, choices=choices, say=say)


@pytest.mark.parametrize(
    ("keys", "speech", "page", "key"),
    [
        (AFTER, "1", 0, "carry_on"),
        (AFTER, "One.", 0, "carry_on"),
        (AFTER, "press one", 0, "carry_on"),
        (TOPICS, "two", 0, "rape"),
        (TOPICS, "one", 1, "robbery"),
        (AFTER, "two", 0, ""),
        (AFTER, "nine", 0, ""),
        (AFTER, "one of them hit me", 0, ""),
    ],
)
def test_a_spoken_key_picks_what_the_key_picks(keys, speech, page, key) -> None:
    heard = hear(Entry(speech=speech), Place(page=page), offered(keys))
    assert heard.said is not None
    assert (heard.said.key or "") == key
    assert heard.said.text == ("" if key else speech)


def test_four_said_aloud_gives_the_other_choices() -> None:
    heard = hear(Entry(speech="four"), Place(), offered(TOPICS))
    assert heard.said is None and heard.place.page == 1


def test_a_spoken_digit_is_part_of_a_number_where_one_is_asked_for_and_no_consent() -> None:
    number = offered(("skip",), "referral_ask_contact_number")
    assert hear(Entry(speech="one"), Place(), number).said.text == "one"
    consent = offered(("yes", "no"), "consent_brief", Kind.CONSENT)
    assert hear(Entry(speech="one"), Place(), consent).said.text == "one"
    assert hear(Entry(speech="one", confidence=0.2), Place(), offered(AFTER)).said.text == "one"


@pytest.mark.parametrize(
    ("say", "asks"),
    [
        ("referral_ask_contact_number", True),
        ("referral_ask_contact_text", True),
        ("referral_number_refused_short", True),
        ("referral_ask_contact_text_when", False),  # a time, which one key picks
        ("referral_ask_contact_safe", False),
    ],
)
def test_only_where_a_number_is_asked_for_is_one_keyed_in(say, asks) -> None:
    assert asks_number(offered(("skip",), say)) is asks
