# SPDX-License-Identifier: Apache-2.0
"""With which words what somebody told is received, row by row."""

from __future__ import annotations

import pytest

from bot.policy.acknowledging import is_child, words_for

OWN = {"who": None, "young": False, "little": False, "reported": False, "text": ""}


@pytest.mark.parametrize(
    ("topic", "told", "said"),
    [
        ("burglary_theft", {}, "burglary_theft"),
        ("none", {}, "none"),
        # who told the police is not told that they need not
        ("domestic_abuse", {}, "domestic_abuse"),
        ("domestic_abuse", {"reported": True}, "domestic_abuse_reported"),
        ("burglary_theft", {"reported": True}, "burglary_theft"),
        # under 18
        ("child_abuse", {"young": True}, "child_abuse_child"),
        ("burglary_theft", {"young": True}, "burglary_theft"),
        ("sexual_violence", {"young": True, "reported": True}, "sexual_violence_child"),
        # twelve or under
        ("child_abuse", {"young": True, "little": True}, "little"),
        ("homicide_bereavement", {"young": True, "little": True}, "death_little"),
        ("compensation", {"young": True, "little": True}, "compensation"),
        ("robbery_violence", {"who": "for_family", "little": True}, "little"),
        # who asks for another
        ("robbery_violence", {"who": "for_family"}, "them"),
        ("domestic_abuse", {"who": "for_friend", "reported": True}, "them"),
        ("robbery_violence", {"who": "for_work"}, "work"),
        ("fraud", {"who": "for_work"}, "fraud_them"),
        ("child_abuse", {"who": "for_family"}, "child_abuse"),
        ("child_abuse", {"who": "for_work"}, "child_abuse"),
        ("homicide_bereavement", {"who": "for_family"}, "homicide_bereavement"),
        ("robbery_violence", {"who": "witness"}, "robbery_violence"),
        # somebody died in a crash, or nearly
        ("road_traffic", {"text": "my dad passed he was hit by a drunk driver"},
         "homicide_bereavement"),
        ("road_traffic", {"text": "a drunk driver killed my daughter"}, "homicide_bereavement"),
        ("road_traffic", {"text": "a lorry nearly killed my daughter"}, "road_traffic"),
        ("road_traffic", {"text": "my dad passed the lorry and it hit us"}, "road_traffic"),
        ("road_traffic", {"text": "my dad was hit by a car"}, "road_traffic"),
        # a picture, or only words
        ("online_abuse_image", {"text": "he has my pics"}, "online_abuse_image"),
        ("online_abuse_image", {"text": "they call me names on snap"}, "online_abuse"),
        ("online_abuse_image", {"young": True, "text": "my nudes"}, "online_abuse_image_child"),
        ("online_abuse_image", {"young": True, "little": True}, "online_abuse_child"),
        ("online_abuse_image", {"who": "for_family", "text": "her nudes"}, "them"),
    ],
)  # fmt: skip
def test_words_for_what_was_told(topic, told, said) -> None:
    assert words_for(topic, **{**OWN, **told}) == f"support_heard_{said}"


@pytest.mark.parametrize(
    ("who", "band", "child"),
    [
        (None, "under_16", True),
        ("for_me", "16_17", True),
        ("witness", "16_17", True),
        (None, None, False),
        ("for_me", "18_24", False),
        ("for_family", "under_16", False),  # the age is the one's they ask for
        ("for_work", "16_17", False),
    ],
)
def test_a_parent_of_a_child_is_none(who, band, child) -> None:
    assert is_child(who, band) is child
