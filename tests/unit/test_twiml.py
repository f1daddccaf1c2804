# SPDX-License-Identifier: Apache-2.0
"""What Twilio is told: whatever the words, the document is well formed and the words are whole."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from telephony import twiml
from telephony.asking import Ask

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))


@given(st.text(LETTERS, min_size=1, max_size=400))
def test_no_word_escapes_its_place(text):
    root = ElementTree.fromstring(twiml.ask(Ask("/x", then=[text])))
    assert [v.tag for v in root] == ["Gather", "Redirect"]
    said = "".join(v.text or "" for v in root.iter("Say"))
    assert said.split() == text.split()


def test_long_words_are_cut_at_sentences_and_none_is_lost():
    text = "This is one sentence of many. " * 400
    parts = list(ElementTree.fromstring(twiml.end([text])).iter("Say"))
    assert len(parts) > 1 and all(len(p.text) <= 4096 for p in parts)
    assert " ".join(p.text for p in parts).split() == text.split()


def test_what_is_firm_yields_to_a_key_and_to_nothing_else():
    root = ElementTree.fromstring(twiml.ask(Ask("/x", firmly=["Call 999."], then=["Now?"])))
    first, second = root.findall("Gather")
    assert first.get("input") == "dtmf" and first.get("bargeIn") == "false"
    assert second.get("input") == "dtmf speech" and second.get("bargeIn") == "true"
