# SPDX-License-Identifier: Apache-2.0
"""Everyday words that take back a call or a note that stands, are asked about, or do neither."""

from __future__ import annotations

import pytest

from bot.policy.withdrawing import ASKS, CALL, NOTE, TAKES, heard, unwanted

TAKES_A_CALL_BACK = [
    "please dont ring me tomorrow he'll be home", "can you not ring me",
    "he found out, no calls please", "it isnt safe to ring any more", "Please do not call me.",
    "dont ring", "don't phone me back ok", "i dont want anyone to ring me now",
    "I'd rather you didn't call", "no call please my husband home", "cancel the call",
    "cancel it", "can you cancel my call back please", "stop ringing me",
    "its not safe for you to phone me", "that call tomorrow, its not safe", "the call is off",
    "actually can nobody call me", "I no longer want to be contacted",
    "please don't contact me again", "never ring this number again",
    "my mum will be in so you cant ring", "tell them not to ring",
    "i changed my mind about you ringing", "i have changed my mind about the call",
    "id rather not be rung", "text me instead of ringing", "dont want the phone call no more",
    "he's home all week so dont call the house", "do not under any circumstances phone me",
    "no more calls", "it would be dangerous to ring", "ringing me is not a good idea any more",
    "u cant ring me he checks it", "dnt call me", "forget about the call",
    "take my number off your list", "i wont be able to take your call tomorrow", "pls no ringing",
    "they mustnt ring me", "please could someone make sure i am not called", "scrap the callback",
    "dont get in touch", "My husband is back. Please don't ring.", "not over the phone",
    "it's too risky to call me now", "she said she would be out but she isnt, dont ring",
    "call off the call", "wait no dont ring me", "i dont need you to ring after all",
]  # fmt: skip

LEAVES_A_CALL = [
    "dont cancel the call", "i didnt mean to cancel the call", "please do not cancel my call",
    "i dont want to cancel the call", "dont ring the police", "he said dont ring me",
    "when will you ring", "ring me, dont text",
    "ring me dont text", "why didnt you ring me", "nobody has rung me", "you never rang",
    "he wont stop calling me", "they never rang me back", "i want to stop him calling me",
    "i cant ring you, i have no credit", "i didnt call the police",
    "please dont forget to ring me", "i dont mind if you ring", "dont tell my mum",
    "will you ring from a private number", "dont contact my husband", "i dont call it abuse",
    "he called me names", "no problem, ring me at 10", "can you ring me, i am not safe here",
    "dont send the police", "what happens if i dont answer the call", "my phone doesnt ring",
    "yes please ring me", "thank you", "i dont know what to do", "the police wont call me back",
    "dont text or email, just ring", "is this call recorded", "he doesnt want me to ring anyone",
    "i am not sleeping", "cant wait for you to call",
]  # fmt: skip

ASKED_OF_A_CALL = [
    "he said dont ring me", "forget it", "i changed my mind", "i dont want it any more",
    "dont ring me if he answers", "im not sure i want you to ring me", "he checks my phone",
    "he'll be home tomorrow", "no ring me", "maybe dont call", "he took my phone",
    "dont ring me before ten", "never mind", "my mum told me not to let you ring",
]  # fmt: skip

TAKES_A_NOTE_BACK = [
    "i dont want that sent any more", "please dont send it", "dont share my details",
    "dont pass it on", "cancel the referral", "i dont want to be referred",
    "stop, dont give them my number", "i no longer want you to tell them about me",
    "do not forward anything", "can you not send that",
]  # fmt: skip


@pytest.mark.parametrize("text", TAKES_A_CALL_BACK)
def test_any_words_against_being_rung_take_a_booked_call_back(text):
    assert heard(text, {CALL}).cue == TAKES


@pytest.mark.parametrize("text", TAKES_A_CALL_BACK)
def test_words_against_being_rung_ask_for_no_call_where_none_is_booked(text):
    nothing_named = text in ("cancel it", "take my number off your list")
    assert unwanted(text) is not nothing_named
    assert not unwanted("ring me please") and not unwanted("cancel")


@pytest.mark.parametrize("text", LEAVES_A_CALL)
def test_other_words_take_no_call_back(text):
    assert heard(text, {CALL}).cue != TAKES


@pytest.mark.parametrize("text", ASKED_OF_A_CALL)
def test_what_may_mean_it_is_asked(text):
    assert heard(text, {CALL}).cue == ASKS


@pytest.mark.parametrize("text", TAKES_A_NOTE_BACK)
def test_words_against_sending_take_a_note_back_and_no_call(text):
    wish = heard(text, {CALL, NOTE})
    assert wish.cue == TAKES and wish.about == {NOTE}
    assert heard(text, {NOTE}).about == {NOTE}


@pytest.mark.parametrize("text", ["dont send me links", "dont send anyone", "he sent it, not me"])
def test_other_words_of_sending_take_no_note_back(text):
    assert heard(text, {NOTE}).cue != TAKES


def test_who_does_not_want_to_be_rung_is_not_passed_on_either():
    assert heard("dont ring me", {CALL, NOTE}).about == {CALL, NOTE}
    assert heard("dont ring me", {NOTE}).about == {NOTE}


@pytest.mark.parametrize("text", TAKES_A_CALL_BACK + ASKED_OF_A_CALL)
def test_where_nothing_stands_nothing_is_taken_back(text):
    assert not heard(text, ()).cue
