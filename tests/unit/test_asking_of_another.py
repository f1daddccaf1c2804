# SPDX-License-Identifier: Apache-2.0
"""Who fishes for another person is heard as that in plain words; who asks for themselves is not."""

from __future__ import annotations

import pytest

ASKS = (
    "did my wife speak to you? i want to know what she said about me",
    "has my girlfriend been on here",
    "what did she tell you about me",
    "i need to know which refuge she went to",
    "can you pass her a message",
    "you people are hiding her",
)
NOT = (
    "what did the police say about me",
    "i need to know which one i can ring",
    "my wife spoke to the police",
    "i need to know where he is now",
    "i want a refuge and i need to know which one takes kids",
    "he is hiding outside my house",
    "can you send me a message",
)


@pytest.mark.parametrize("text", ASKS)
def test_words_that_ask_about_somebody_elses_visit_are_heard(screen, text) -> None:
    assert screen.understand(text).act == "third_party"


@pytest.mark.parametrize("text", NOT)
def test_words_of_ones_own_are_not(screen, text) -> None:
    assert "asks_of_another" not in screen.understand(text).cues


@pytest.mark.parametrize(
    "text",
    [
        "my ex keeps ringing and texting me all night and he parks outside",
        "her ex waits outside",
    ],
)
def test_a_former_partner_outside_is_asked_about(screen, text) -> None:
    assert "flag:stalking" in screen.understand(text).cues
