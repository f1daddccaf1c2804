# SPDX-License-Identifier: Apache-2.0
"""Words that take a call back, and words that only say how or when."""

from __future__ import annotations

import pytest

from bot.policy import code_word
from bot.policy.contacting import asks_news, calls_off, reference
from bot.policy.turn import Medium, Utterance
from bot.service.named import new_reference
from bot.words import Words

WORDS = Words.load("data/words")


@pytest.mark.parametrize("text", [
    "don't ring me", "Please do not call me back", "dont ring me after all, i changed my mind",
    "cancel the call", "can you cancel my callback please", "forget about the call",
    "i dont want you to ring me any more", "I don't want a call back",
    "no dont call me its not safe",
    "i changed my mind about the call", "stop calling me", "please dont ring me after all",
    "cancel 3UYYXH", "please cancel my call, reference 3UYYXH",
    "never ring me again", "it's not safe to ring me now", "call off the call",
])  # fmt: skip
def test_a_call_is_taken_back_in_plain_words(text):
    assert calls_off(text)


@pytest.mark.parametrize("text", [
    "don't ring me in the morning", "dont ring me on my house phone",
    "he told me to cancel the call",
    "ring me", "can you call me back", "do they ring me or do i ring them", "dont call the police",
    "he wont stop calling me", "i want to stop him calling me", "they never rang me",
    "my reference is 3UYYXH", "what is the reference", "dont hang up",
    "cancel my bank card", "if i dont ring them he gets angry",
])  # fmt: skip
def test_other_words_take_nothing_back(text):
    assert not calls_off(text)


@pytest.mark.parametrize("text", [
    "cancel police", "cancel friend", "news police", "my reference is friend", "cancel please",
    "cancel charge", "the reference number", "cancel ABC128",
])  # fmt: skip
def test_a_word_or_another_code_is_no_reference(text):
    assert reference(text) == ""
    assert not asks_news(text)


def test_every_reference_we_give_is_read_as_it_is_written():
    for given in (new_reference() for _ in range(500)):
        assert reference(f"cancel {given}") == given == reference(f"my reference is {given}")


@pytest.mark.parametrize(("text", "asks"), [
    ("news 3UYYXH", True), ("any news, my reference is 3UYYXH", True), ("any news", False),
    ("it was on the news friday", False), ("cancel 3UYYXH", False),
])  # fmt: skip
def test_news_of_a_note_is_asked_for_by_its_reference(text, asks):
    assert asks_news(text) is asks


@pytest.mark.parametrize("text,word", [
    ("banana", "banana"), ("My word is Rainbow", "rainbow"), ("use elephant please", "elephant"),
    ("blue tea pot", "blue tea pot"), ("Éclair", "éclair"),
])  # fmt: skip
def test_a_word_to_be_known_by(text, word):
    assert code_word.read(text) == word


@pytest.mark.parametrize("text", [
    "", "yes", "why?", "what do you mean", "1234", "a", "i do not want to choose any word",
    "skip", "none", "my number is 07400 123456", "🙂",
])  # fmt: skip
def test_what_is_no_word_is_not_kept_as_one(text):
    assert code_word.read(text) == ""


@pytest.mark.parametrize("text,named", [
    ("cancel 3uyyxh", "3UYYXH"), ("cancel the call, my reference is 3UYYXH", "3UYYXH"),
    ("cancel the call", ""), ("cancel", ""), ("3UYYXH", ""),
])  # fmt: skip
def test_a_reference_is_read_where_one_is_named(text, named):
    assert reference(text) == named


@pytest.mark.parametrize("text,words", [
    ("is that the garage", "is that the garage"), ("Sorry, wrong day", "wrong day"),
    ("say pizza", "pizza"), ("ok bye mum", "ok bye mum"),
])  # fmt: skip
def test_words_to_end_a_call(text, words):
    assert code_word.stop(text) == words


@pytest.mark.parametrize("text", [
    "", "yes", "a", "no", "why?", "what do you mean", "07400 123456", "skip", "none", "🙂",
    "i would rather not have to choose any words now",
])  # fmt: skip
def test_what_ends_no_call_is_not_kept_as_words_for_it(text):
    assert code_word.stop(text) == ""


def test_what_is_said_to_end_a_call_that_nobody_chose_is_what_the_question_names():
    ours = WORDS.message(Utterance("callback_stop_words"), Medium.CHAT).text
    for medium in Medium:
        asked = WORDS.message(Utterance("referral_ask_contact_stop_word"), medium)
        assert asked.text.endswith(f"it is: {ours}.")
