# SPDX-License-Identifier: Apache-2.0
"""Which lines of the brief words take out, row by row."""

from __future__ import annotations

import pytest

from bot.policy.consent import struck

TEXT = ("contact_text", "contact_text_when", "contact_words")
NUMBER = ("contact_number", "contact_voicemail", "contact_when", *TEXT)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("take out my age", ("age_band",)),
        ("Leave my age off please", ("age_band",)),
        ("can you leave out where I live", ("area",)),
        ("not my number", NUMBER),
        ("yes send it but not my number", NUMBER),
        ("don't send my age or my area", ("age_band", "area")),
        ("remove the voicemail bit", ("contact_voicemail",)),
        ("send it without what happened", ("topic",)),
        ("take out my email", ("contact_email", "contact_words")),
        ("leave out the text", TEXT),
        ("please leave out my name", ("called",)),
        ("leave out when to send a text", ("contact_text_when", "contact_text", "contact_words")),
        # no line is named, or none is taken out
        ("take that bit out", ()),
        ("dont send it", ()),
        ("my age is 43", ()),
        ("not at this time", ()),
        ("how do you know my number", ()),
        ("i want to manage without all this", ()),
    ],
)
def test_a_line_is_taken_out_only_when_it_is_named(text, lines):
    assert struck(text) == lines
