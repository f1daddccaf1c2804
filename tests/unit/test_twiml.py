# SPDX-License-Identifier: Apache-2.0
"""What Twilio is told: whatever the words, the document is well formed and the words are whole."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.asking import Ask
from telephony.twiml import Twiml

TWIML = Twiml()

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))


@given(st.text(LETTERS, min_size=1, max_size=400))
def test_no_word_escapes_its_place(text):
    root = ElementTree.fromstring(TWIML.ask(Ask("/x", then=[text])))
    assert [v.tag for v in root] == ["Gather", "Redirect"]
    said = "".join(v.text or "" for v in root.iter("Say"))
    assert said.split() == text.split()


def test_long_words_are_cut_at_sentences_and_none_is_lost():
    text = "This is one sentence of many. " * 400
    parts = list(ElementTree.fromstring(TWIML.end([text])).iter("Say"))
    assert len(parts) > 1 and all(len(p.text) <= 4096 for p in parts)
    assert " ".join(p.text for p in parts).split() == text.split()


def test_what_is_firm_yields_to_a_key_and_to_nothing_else():
    root = ElementTree.fromstring(TWIML.ask(Ask("/x", firmly=["Call 999."], then=["Now?"])))
    first, second = root.findall("Gather")
    assert first.get("input") == "dtmf" and first.get("bargeIn") == "true"
    assert second.get("input") == "dtmf speech" and second.get("bargeIn") == "true"


def listening(**how):
    root = ElementTree.fromstring(Twiml(model="deepgram_nova-3").ask(Ask("/x", **how)))
    return root.findall("Gather")[-1]


def test_a_story_has_pauses_and_a_yes_has_none():
    assert listening().get("speechTimeout") == "1"
    assert listening(free=True).get("speechTimeout") == "2"
    slow = listening(patient=True)
    assert slow.get("speechTimeout") == "5"


@pytest.mark.parametrize("how", [{}, {"firmly": ["Call 999."]}, {"patient": True, "number": True}])
def test_a_key_stops_whatever_is_said(how):
    asked = Ask("/x", then=["Now?"], **how)
    gathers = ElementTree.fromstring(TWIML.ask(asked)).findall("Gather")
    assert all("dtmf" in g.get("input") and g.get("bargeIn") == "true" for g in gathers)


def test_no_voice_cuts_what_a_relay_assistant_has_to_type():
    root = ElementTree.fromstring(TWIML.ask(Ask("/x", then=["One.", "Two?"], patient=True)))
    said, listens = root.findall("Gather")
    assert said.get("input") == "dtmf" and "One.Two?" == "".join(said.itertext())
    assert "speech" in listens.get("input") and not "".join(listens.itertext())


def test_the_recogniser_of_the_settings_is_told_what_is_on_offer():
    found = listening(hints=("find help", "no"))
    assert found.get("hints") == "find help, no" and found.get("speechModel") == "deepgram_nova-3"
    assert listening(keys=True, hints=("no",)).get("hints") is None


def test_the_voice_of_the_settings_speaks():
    text = Twiml(voice="Google.en-GB-Neural2-A").end(["Hello."])
    assert ElementTree.fromstring(text)[0].get("voice") == "Google.en-GB-Neural2-A"


def test_both_ways_have_the_same_model_and_voice():
    text = Twiml("Google.en-GB-Neural2-A", "googlev2_telephony").relay("wss://x", "/done", "w")
    (found,) = ElementTree.fromstring(text).iter("ConversationRelay")
    assert (found.get("ttsProvider"), found.get("voice")) == ("Google", "en-GB-Neural2-A")
    assert (found.get("transcriptionProvider"), found.get("speechModel")) == ("Google", "telephony")
    assert found.get("intelligenceService") is None and found.get("welcomeGreeting") is None
