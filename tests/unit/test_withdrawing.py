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
    "dont cancel it he is at work then", "dont cancel the call",
    "i want to cancel my bank card", "i didnt mean to cancel the call",
    "please do not cancel my call",
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
    "i think you had better cancel it", "he wants me to cancel that", "he said dont ring me",
    "forget it", "i changed my mind", "i dont want it any more",
    "dont ring me if he answers", "im not sure i want you to ring me", "he checks my phone",
    "he'll be home tomorrow", "no ring me", "maybe dont call", "he took my phone",
    "dont ring me before ten", "never mind", "my mum told me not to let you ring",
]  # fmt: skip

TAKES_A_NOTE_BACK = [
    "i dont want that sent any more", "please dont send it", "dont share my details",
    "dont pass it on", "cancel the referral", "i dont want to be referred",
    "stop, dont give them my number", "i no longer want you to tell them about me",
    "do not forward anything", "can you not send that", "please cancel the note",
    "i dont want my details shared", "i dont want them told", "withdraw the referral",
    "please dont tell them what i said", "i never wanted my details passed on",
    "i dont want to share my details", "you cant give them my number",
    "i dont think you should send it", "do not under any circumstances send it",
    "nobody should share my details", "do not give out my number", "dont pass on my details",
    "i dont want to be passed on",
]  # fmt: skip


TELLS_OF_THEMSELVES = [
    "i dont think they will ring me", "dont believe anyone will call", "cant send you the photo",
    "ive never told anyone", "i have never told anyone about it", "i cant tell anyone",
    "i never told my mum", "i cant give a statement", "i dont want to give evidence",
    "i dont give up", "im not sharing a room", "i never get any calls", "nobody ever contacted me",
    "i cant afford to call", "cant get in touch with my solicitor",
    "i havent told a soul", "ive never told a single person about this", "i couldnt tell my wife",
    "no one knows, i never told them", "i never told it to the police", "i cant tell them that",
    "i didnt tell anybody for twenty years", "we never told the school",
    "i dont want to tell my dad what happened", "im not ready to tell anyone what he did",
    "im scared to tell them, i cant", "i was never told that i could complain",
    "nobody told me about this", "no one ever told them", "nobody passed it on to the detective",
    "i was never referred to anyone", "nobody referred me", "i have never given evidence before",
    "i cant give them up", "i dont give it much thought", "i didnt give him the money",
    "he wont give me my keys", "he never gave me a penny", "i cant share a bed with him",
    "we dont share the same bathroom", "i cant sleep since i told them",
    "im not ok since the doctor sent me home", "no i told them already",
    "i never sent him any pictures", "i didnt send it to him", "ive nobody to tell",
    "i cant pass his street any more", "i never passed it on", "i cant get past it",
    "im not looking forward to it", "i never got a call back", "i havent had a call",
    "no one answers when i call", "i havent been contacted by anyone",
    "nobody has ever been in touch", "i couldnt ever ring the police", "it was never sent to court",
    "i dont like calling people", "i never asked to be contacted by him", "still no call",
    "i dont have any contact with him", "theres nobody i can call", "not rung the police yet",
    "never got a call", "no call back yet", "i told him no more",
    "i feel like giving up, i cant take it",
]  # fmt: skip


@pytest.mark.parametrize("text", TELLS_OF_THEMSELVES)
@pytest.mark.parametrize("standing", [{CALL}, {NOTE}, {CALL, NOTE}])
def test_what_was_never_told_or_never_came_takes_nothing_back(text, standing):
    assert heard(text, standing).cue != TAKES
    assert not unwanted(text)


@pytest.mark.parametrize("text", TAKES_A_CALL_BACK)
def test_any_words_against_being_rung_take_a_booked_call_back(text):
    assert heard(text, {CALL}).cue == TAKES


@pytest.mark.parametrize("text", [
    "can you cancel it he has come home early and will hear", "cancel that hes here",
    "i need to cancel it he never goes out",
])  # fmt: skip
def test_who_cancels_and_says_why_in_one_breath_takes_what_stands_back(text):
    assert heard(text, {CALL}).cue == heard(text, {NOTE}).cue == TAKES
    assert not unwanted(text)


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


@pytest.mark.parametrize(("text", "about"), [
    ("cancel the call", {CALL}), ("please cancel the call but keep the note", {CALL}),
    ("cancel the call and keep the note", {CALL}), ("i dont want the call back", {CALL}),
    ("please cancel my callback", {CALL}), ("the call is off", {CALL}),
    ("withdraw my consent and cancel the call", {CALL, NOTE}),
    ("withdraw my consent, and cancel the call", {CALL, NOTE}),
    ("stop everything", {CALL, NOTE}), ("i withdraw my consent", {CALL, NOTE}),
    ("cancel the call and the note", {CALL, NOTE}), ("cancel it", {CALL, NOTE}),
    ("dont ring me, cancel the call", {CALL, NOTE}),
    ("that call tomorrow, its not safe", {CALL, NOTE}),
])  # fmt: skip
def test_a_call_named_alone_is_the_call_and_everything_is_all(text, about):
    wish = heard(text, {CALL, NOTE})
    assert (wish.cue, wish.about) == (TAKES, about)
    assert heard("cancel the call", {NOTE}).about == {NOTE}


@pytest.mark.parametrize("text", ["please dont tell anyone", "i dont want you to tell anyone"])
def test_a_plea_to_tell_nobody_is_asked_about_where_a_note_stands(text):
    assert heard(text, {NOTE}).cue == ASKS and not heard(text, {CALL}).cue


def test_who_does_not_want_to_be_rung_is_not_passed_on_either():
    assert heard("dont ring me", {CALL, NOTE}).about == {CALL, NOTE}
    assert heard("dont ring me", {NOTE}).about == {NOTE}


@pytest.mark.parametrize("text", TAKES_A_CALL_BACK + ASKED_OF_A_CALL)
def test_where_nothing_stands_nothing_is_taken_back(text):
    assert not heard(text, ()).cue


WRITTEN = {
    TAKES: [
        "dont email me", "please dont text me any more", "tell them not to write to me",
        "no emails please", "stop the email", "its not safe to email me now",
        "i dont want them to text me", "can they not message me please", "they mustnt text me",
        "i do not want them to email me any more he reads everything",
        "i dont think anyone should email me", "dont let them email", "dont let them text me",
        "please no emails its not safe", "please dont email me my husband found my laptop",
        "dont email me my husband doesnt know", "i changed my mind about the email",
        "i dont want a text", "no one should text me", "id rather you didnt email",
    ],
    ASKS: [
        "actually email isnt safe for me any more", "he goes through my emails",
        "he guessed my email password so dont use it", "he knows my password",
        "he can see my emails now", "my ex got into my email", "my email isnt safe any more",
        "my partner reads my texts",
    ],
    "": [
        "he wont stop texting me", "can they email me", "ok its safe to text me",
        "they can text me", "will they text me", "he sent me a text", "i dont email him",
        "dont text, just ring", "i didnt get an email", "my email is ada@example.org",
        "he keeps emailing me", "i dont want him to email me", "i told him not to text me",
        "he said dont text me again", "what will the email say",
        "no emails they never wrote", "no texts he hasnt written for weeks",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("cue", "text"), [(c, t) for c, texts in WRITTEN.items() for t in texts])
def test_who_is_no_longer_safe_to_be_written_to_takes_the_note_back_or_is_asked(cue, text):
    found = heard(text, {NOTE})
    assert found.cue == cue
    assert (NOTE in found.about) is bool(cue)
    if cue == TAKES:
        assert not heard(text, {CALL}).cue  # a call that is booked is no text
