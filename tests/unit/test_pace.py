# SPDX-License-Identifier: Apache-2.0
"""Plainer and slower: asked for at any turn, it lasts, and no question is lost by it."""

from __future__ import annotations

import re
from itertools import product

import pytest

from bot.policy import pace
from bot.policy.turn import (
    Choice,
    Kind,
    Medium,
    Message,
    Said,
    Sender,
    State,
    Understanding,
    Utterance,
)
from bot.words import Words
from tests.unit.test_turn import KNIFE, STALKED, TABLETS, names, pick

WORDS = Words.load("data/words")

WISHES = [
    ("can you say that more simply", pace.SIMPLER),
    ("simpler please", pace.SIMPLER),
    ("in plain english", pace.SIMPLER),
    ("i dont understand", pace.SIMPLER),
    ("your words are too hard", pace.SIMPLER),
    ("i cant read very well", pace.SIMPLER),
    ("easy read", pace.SIMPLER),
    ("what does that mean, say it simpler", pace.SIMPLER),
    ("I no understand, easy words", pace.SIMPLER),
    ("What you say? I not understand. Say easy please", pace.SIMPLER),
    ("what did you say, I can't read all that, put it plainer", pace.SIMPLER),
    ("go back", pace.BACK),
    ("can i go back to the last question please", pace.BACK),
    ("previous question", pace.BACK),
    ("i cant go back to him", ""),
    ("should i go back", ""),
    ("he came back", ""),
    ("hes back", ""),
    ("i want my money back", ""),
    ("the police made it easy and simple", ""),
    ("slower", pace.SLOWER),
    ("the number again, slowly", pace.SLOWER),
    ("can you say that number again please", pace.SLOWER),
    ("slow down please", pace.SLOWER),
    ("youre going too fast", pace.SLOWER),
    ("one thing at a time please", pace.SLOWER),
    ("go back to normal speed", pace.USUAL),
    ("say that again", ""),
    ("its too much", ""),
    ("this is so hard", ""),
    ("its too hard", ""),
    ("i want it to stop", ""),
    ("i dont understand why he did it", ""),
    ("he is a bit slow", ""),
    ("simple, he hit me", ""),
]


@pytest.mark.parametrize(("words", "wish"), WISHES)
def test_a_wish_is_heard_and_distress_is_not_taken_for_one(screen, words, wish) -> None:
    assert pace.asked(screen.understand(words).cues) == wish


@pytest.mark.parametrize(
    ("before", "wish", "after"),
    [
        ("", pace.SIMPLER, "easy"), ("", pace.SLOWER, "slow"), ("slow", pace.SIMPLER, "easy"),
        ("easy", pace.SLOWER, "easy"), ("easy", pace.USUAL, ""), ("easy", "repeat", "easy"),
        ("", "rule:repeat", ""),
    ],
)  # fmt: skip
def test_the_pace_stays_until_something_else_is_asked(before, wish, after) -> None:
    assert pace.after(before, [wish]) == after


@pytest.mark.parametrize(
    ("words", "read", "wish"),
    [
        ("too much", 60, pace.SLOWER),
        ("thats too much for me", 60, pace.SLOWER),
        ("thats a bit too long sorry", 60, pace.SLOWER),
        ("too hard for me", 60, pace.SIMPLER),
        ("its too much", 20, ""),  # of how they are
        ("its too much and i want to die", 60, ""),
        ("he drinks too much", 60, ""),
        ("its too much money", 60, ""),
    ],
)
def test_too_much_is_of_our_words_after_many_of_them(screen, words, read, wish) -> None:
    assert pace.asked(pace.in_context(screen.understand(words), words, read).cues) == wish


@pytest.mark.parametrize(
    ("words", "read", "act", "wish"),
    [
        ("too hard", 0, pace.DISTRESS, ""),
        ("this is too much right now", 0, pace.DISTRESS, ""),
        ("too much to take in", 60, "repeat", pace.SLOWER),
        ("too many words", 0, "repeat", pace.SLOWER),
        ("too complicated", 0, "repeat", pace.SIMPLER),
    ],
)
def test_too_much_at_any_time_is_met(words, read, act, wish) -> None:
    heard = pace.in_context(Understanding(), words, read)
    assert (heard.act, pace.asked(heard.cues)) == (act, wish)


@pytest.mark.parametrize(
    "words", ["its all too much", "this is too much", "its too much", "sorry this is all too much"]
)
@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_who_is_worn_down_is_met_as_in_distress_and_told_nothing_again(
    asked, assistant, fingerpost, words, medium
) -> None:
    says = await asked("info_compensation info_rights support_resume", medium)
    assistant.says = ["support_distress"]
    reply = await says(words)
    assert assistant.heard[-1]["intent"] == "distress"
    assert names(reply) == ["support_distress"]


async def test_what_is_said_of_our_words_is_still_of_the_pace(asked) -> None:
    says = await asked("info_compensation info_rights support_resume")
    assert names(await says("thats too much"))[0] == "pace_slower"


CHOICES = (Choice("yes", "Yes"), Choice("no", "No"))


def test_a_long_message_comes_one_sentence_at_a_time() -> None:
    text = "OK. It is one. Is it two? It is three!"
    found = pace.parts(Message(Sender.ASSISTANT, text, choices=CHOICES, say="x"))
    assert [part.text for part in found] == ["OK. It is one.", "Is it two?", "It is three!"]
    assert [part.choices for part in found] == [(), (), CHOICES]


@pytest.mark.parametrize("kind", [Kind.URGENT, Kind.CONSENT, Kind.SUMMARY])
def test_what_has_to_be_seen_whole_is_never_cut(kind: Kind) -> None:
    message = Message(Sender.SYSTEM, "Call 999. Now. Go.", kind)
    assert pace.parts(message) == [message]


def test_a_workers_own_words_are_left_as_they_are() -> None:
    message = Message(Sender.STAFF, "Hello. I am Sam.")
    assert pace.parts(message) == [message]


EASY = [name for name in WORDS.names() if WORDS.has_easy(name)]


@pytest.mark.parametrize("name", EASY)
def test_plain_words_are_fewer_and_offer_the_same(name: str) -> None:
    values = dict.fromkeys(WORDS.gaps(name), "12")
    for medium in Medium:
        usual = WORDS.message(Utterance(name, values), medium)
        plain = WORDS.easier(usual, medium)
        assert len(plain.text.split()) <= len(usual.text.split())
        bare = re.sub(r"\d[\d ,]*", "one ", plain.text)
        assert all(len(sentence.split()) <= 14 for sentence in pace.sentences(bare))
        assert (plain.choices, plain.kind, plain.say) == (usual.choices, usual.kind, usual.say)
        assert WORDS.easier(plain, medium) == plain


def test_what_somebody_meets_first_and_most_has_plain_words() -> None:
    wanted = {
        "opening_welcome", "support_invite", "support_distress", "needs_intro", "consent_brief",
        "services_next", "referral_intro", "person_asked", "person_nobody", "privacy_answer",
        "consent_given", "info_police_choice", "info_rights", "info_compensation",
    }  # fmt: skip
    assert wanted <= set(EASY)


# -- in a conversation --------------------------------------------------------------------------


WISHES = ("say it more simply", "slower")


@pytest.fixture
async def asked(fingerpost, assistant):
    """Give somebody whom the dialogue just asked something; returns how they go on."""

    async def opened(question: str, medium: str = "chat"):
        found = await fingerpost.conversations.open(medium)
        assistant.says = question.split()
        await fingerpost.conversations.hear(found.contact, Said(choice=pick(found.reply, "yes")))

        async def says(text: str = "", choice: str = ""):
            return await fingerpost.conversations.hear(found.contact, Said(text, choice))

        says.story = found.contact.conversation_id
        return says

    return opened


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize(
    ("question", "wish"),
    [
        *product(("needs_ask_area", "support_resume"), (*WISHES, "i dont understand")),
        # Who does not understand what is to be sent is brought to a person (policy/competence.py).
        *product(("consent_brief",), WISHES),
    ],
)
async def test_the_open_question_comes_again_and_is_answered_by_nothing(
    asked, assistant, fingerpost, wish, medium, question
) -> None:
    says = await asked(question, medium)
    before = len(assistant.heard)
    reply = await says(wish)
    assert names(reply)[0].startswith("pace_") and names(reply)[-1] == question
    keys = [choice.key for choice in reply.messages[-1].choices]
    assert keys == list(WORDS.choices(question))
    assert all(turn["intent"] == "repeat" for turn in assistant.heard[before:])
    await says(choice=reply.messages[-1].choices[0].id)
    assert assistant.heard[-1]["choice"] == keys[0]


async def test_the_pace_lasts_and_ends_when_it_is_asked_to(asked, assistant) -> None:
    says = await asked("support_invite")
    await says("simpler please")
    assistant.says = ["support_distress"]
    reply = await says("i feel so low about it")
    assert len(reply.messages) > 1
    assert all(len(pace.sentences(m.text)) == 1 for m in reply.messages)
    await says("normal speed please")
    reply = await says("i feel so low about it all")
    assert len(reply.messages) == 1


async def test_what_came_in_pieces_is_one_message_again(asked) -> None:
    says = await asked("needs_ask_age_band")
    assert len((await says("slower please")).messages) == 3
    plain = await says("easier words please")
    assert [m.text for m in plain.messages[1:]] == ["How old are you?"]
    says = await asked("needs_ask_area")
    await says("slower please")
    usual = await says("normal speed please")
    text = WORDS.message(Utterance("needs_ask_area"), Medium.CHAT).text
    assert [m.text for m in usual.messages[1:]] == [text]


async def test_simpler_twice_is_honest_about_it(asked) -> None:
    says = await asked("support_resume")
    await says("simpler")
    assert "pace_no_simpler" in names(await says("simpler please"))


async def test_a_check_stays_open_and_its_yes_is_still_danger(fingerpost) -> None:
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    await hear(opened.contact, Said(text=STALKED))
    reply = await hear(opened.contact, Said(text="say it more simply"))
    assert names(reply)[-1] == "check_red_flag_stalking"
    reply = await hear(opened.contact, Said(text="yes"))
    assert names(reply)[0] == "emergency_immediate"


async def test_emergency_words_stay_whole_at_any_pace(asked) -> None:
    says = await asked("support_invite")
    await says("slower please")
    (first, *_) = (await says(KNIFE)).messages
    assert first.say == "emergency_immediate"
    assert first.text == WORDS.message(Utterance("emergency_immediate"), Medium.CHAT).text


async def test_the_question_on_suicide_is_still_open_after_it(fingerpost) -> None:
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    await hear(opened.contact, Said(text=TABLETS))
    await hear(opened.contact, Said(text="i dont understand"))
    reply = await hear(opened.contact, Said(text="yes"))
    assert names(reply)[0].startswith("emergency_suicide_stay")
    assert reply.state is State.WAITING


async def test_it_is_safe_is_still_asked(fingerpost) -> None:
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    reply = await hear(opened.contact, Said(text="slower please"))
    assert names(reply)[-1] == "opening_safe"
    reply = await hear(opened.contact, Said(text="no"))
    assert "not_safe" in names(reply)


async def test_a_caller_is_told_slowly_and_a_chat_in_pieces(asked) -> None:
    voice, chat = await asked("support_distress", "voice"), await asked("support_distress")
    heard, read = await voice("slower please"), await chat("slower please")
    assert [m.slow for m in heard.messages] == [True, True]
    assert len(read.messages) > len(heard.messages)
    assert [m.choices for m in read.messages if m.choices] == [read.messages[-1].choices]
