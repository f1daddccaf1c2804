# SPDX-License-Identifier: Apache-2.0
"""Somebody who writes in another language, or signs: told once how to get an interpreter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.policy import language
from bot.policy.intents import intent
from bot.policy.language_wish import wished
from bot.policy.steps import Asked, Step, next_step
from bot.policy.turn import Kind, Medium, Said, State, Understanding, Utterance
from bot.settings import ROOT
from bot.store import conversations
from bot.web import console_words
from bot.words import Words, WordsError
from tests.unit.test_coming_on import comes_on

BURGLED = "włamali mi się wczoraj do mieszkania i nie wiem co robić"
BEATEN = "mąż mnie bije"
POLISH = Understanding(language="pl", cues=("language:pl",))
BEATEN_HEARD = Understanding("immediate_danger", "interrupt", language="pl")
SIGNS = Understanding(cues=("rule:bsl", "bsl"))


def names(reply):
    return [m.say for m in reply.messages]


async def hear(fingerpost, contact, text="", **kwargs):
    return await fingerpost.conversations.hear(contact, Said(text=text, **kwargs))


# -- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "asked", "answer", "heard", "step", "about"),
    [
        (State.ASSISTANT, Asked(), "", POLISH, Step.LANGUAGE, "pl"),
        (State.WAITING, Asked(opening=True), "", POLISH, Step.LANGUAGE, "pl"),
        (State.ASSISTANT, Asked(languages=("pl",)), "", POLISH, Step.TALK, ""),
        (State.ASSISTANT, Asked(languages=("ro",)), "", POLISH, Step.LANGUAGE, "pl"),
        (State.ASSISTANT, Asked(), "", BEATEN_HEARD, Step.HIT, "immediate_danger"),
        (State.STAFF, Asked(), "", POLISH, Step.TO_STAFF, ""),
        (State.ASSISTANT, Asked(check="immediate_danger"), "", POLISH, Step.CHECK_AGAIN,
         "immediate_danger"),
        (State.ASSISTANT, Asked(check="immediate_danger"), "yes", POLISH, Step.HIT,
         "immediate_danger"),
        (State.WAITING, Asked(address=True), "", POLISH, Step.NOTED, ""),
        (State.ASSISTANT, Asked(opening=True), "yes", POLISH, Step.SAFE, ""),
        (State.ASSISTANT, Asked(), "person", POLISH, Step.PERSON, ""),
        (State.ASSISTANT, Asked(), "", SIGNS, Step.TALK, ""),
    ],
)  # fmt: skip
def test_what_happens_with_another_language(state, asked, answer, heard, step, about) -> None:
    found = next_step(state, asked, answer, heard)
    assert (found.step, found.about) == (step, about)


def test_rasa_closes_what_is_open_and_says_nothing() -> None:
    from bot.assistant.meaning import SILENT

    step = next_step(State.ASSISTANT, Asked(), "", POLISH)
    assert intent(step, "", POLISH) in SILENT


@pytest.mark.parametrize(
    ("before", "heard", "text", "after"),
    [
        ("en", POLISH, BURGLED, "pl"),
        ("pl", Understanding(), "ok thank you", "pl"),
        ("pl", Understanding(), "my friend is here now and can write english", "en"),
        ("pl", Understanding(language="ru"), "не понимаю", "ru"),
    ],
)
def test_the_language_of_a_story_is_the_last_one_written(before, heard, text, after) -> None:
    assert language.spoken(before, heard, text) == after


# -- the turn ------------------------------------------------------------------------------------


async def test_the_interpreter_is_offered_once_and_the_story_goes_on(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, BURGLED)
    (offer,) = reply.messages
    assert (offer.say, offer.kind) == ("language_offer_nobody", Kind.URGENT)
    assert "999" in offer.text and "Polish" in offer.text
    assert [c.key for c in offer.choices] == ["person", "carry_on"]
    await fingerpost.lane.send(opened.contact.conversation_id)
    assert assistant.heard[-1]["text"] == BURGLED
    assert assistant.heard[-1]["heard"].language == "pl"
    reply = await hear(fingerpost, opened.contact, "zabrali mi laptopa i telefon")
    assert names(reply) == ["support_listening"]
    assert assistant.heard[-1]["text"] == "zabrali mi laptopa i telefon"


async def test_staff_see_which_language_before_they_accept_and_why(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, BURGLED)
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.reason, waiting.said_as, waiting.language) == ("language", "soon", "pl")
    languages = fingerpost.screen.languages
    assert console_words.by(waiting, languages) == "chat, in Polish"
    assert console_words.REASONS["language"]
    await fingerpost.handover.accept(waiting.id, "w1")
    assert "language:pl" in (await fingerpost.handover.brief(waiting.id, "w1")).cues


async def test_the_emergency_words_come_first_and_the_address_is_asked_last(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, BEATEN)
    said = ["emergency_immediate", "language_offer_nobody", "emergency_immediate_next_nobody"]
    assert names(reply) == said
    assert [bool(m.choices) for m in reply.messages] == [False, False, True]
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.tier, waiting.reason) == ("now_first", "hit")
    reply = await hear(fingerpost, opened.contact, BEATEN)
    assert names(reply) == ["emergency_immediate_noted_nobody"]


async def test_a_second_hit_in_a_new_language_still_gets_the_offer(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    reply = await hear(fingerpost, opened.contact, BEATEN)
    assert names(reply) == ["emergency_immediate_noted_nobody", "language_offer_nobody"]
    assert [c.key for c in reply.messages[-1].choices] == ["person", "carry_on"]


async def test_a_check_that_is_open_stays_the_last_question(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    stalked = "my ex keeps turning up outside my house and i dont know what to do"
    assert names(await hear(fingerpost, opened.contact, stalked))[0].startswith("check_")
    reply = await hear(fingerpost, opened.contact, "nie rozumiem co pani pisze")
    assert names(reply) == ["language_offer_nobody", "check_unclear_red_flag_stalking"]
    assert {"yes", "no"} <= {c.key for c in reply.messages[-1].choices}
    reply = await hear(fingerpost, opened.contact, "так")
    assert reply.messages[0].say == "emergency_immediate"


@pytest.mark.parametrize("text", ["нет", "hayır", "لا", "không"])
async def test_their_no_does_not_clear_a_check_that_they_may_not_have_read(fingerpost, text):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "my ex keeps turning up outside my house again")
    said = names(await hear(fingerpost, opened.contact, text))
    assert said[-1] == "check_unclear_red_flag_stalking"


async def test_on_the_telephone_it_is_said_without_a_page(fingerpost):
    opened = await fingerpost.conversations.open("voice")
    reply = await hear(fingerpost, opened.contact, "nie rozumiem po angielsku")
    (offer,) = reply.messages
    assert offer.say == "language_offer_nobody" and "9 9 9" in offer.text
    assert "Polish" in offer.text and "polski" not in offer.text


async def test_a_worker_who_has_the_person_is_left_to_it(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "can i speak to a person please")
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, "w1")
    for text in (BURGLED, BEATEN):
        assert (await hear(fingerpost, opened.contact, text)).messages == ()
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.language == "pl"


async def test_a_topic_is_never_guessed_from_a_language_nobody_read(fingerpost, assistant):
    assistant.says = ["needs_ask_topic"]
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "my shed was broken into last week")
    assert names(await hear(fingerpost, opened.contact, BURGLED)) == ["language_offer_nobody"]


@pytest.mark.parametrize(
    "text",
    [
        "i am deaf",
        "im deaf and my bike was stolen last week",
        "is there BSL",
        "can i use sign language",
        "my husband and me are profoundly deaf",
        "do you have relay uk",
    ],
)
async def test_a_deaf_person_is_told_how_to_sign_and_is_heard(fingerpost, assistant, text):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, text)
    assert names(reply)[0] == "language_bsl"
    assert "999 BSL" in reply.messages[0].text and "18000" in reply.messages[0].text
    await fingerpost.lane.send(opened.contact.conversation_id)
    assert assistant.heard[-1]["text"] == text
    assert "language_bsl" not in names(await hear(fingerpost, opened.contact, text))


@pytest.mark.parametrize(
    "text",
    ["it fell on deaf ears", "he is tone deaf and i hate his singing", "are you deaf or what"],
)
def test_a_figure_of_speech_is_not_about_hearing(screen, text) -> None:
    assert "bsl" not in screen.understand(text).cues


async def test_the_language_is_kept_with_the_turn(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, BURGLED)
    async with fingerpost.store.read() as tx:
        row = await conversations.conversation(tx, opened.contact.conversation_id)
        (turn,) = await conversations.turns_of(tx, opened.contact.conversation_id)
    box = await fingerpost.keys.box(opened.contact.conversation_id)
    assert row.language == "pl"
    assert box.open(turn.sealed)["heard"]["language"] == "pl"


# -- asked for in English words ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "alone"),
    [
        ("Romanian. You speak Romanian?", "ro", True),
        ("my english not good, Romanian", "ro", True),
        ("my english not good Romanian", "ro", True),
        ("I want Romanian", "ro", True),
        ("no, I want somebody Romanian speak", "ro", True),
        ("I need Romanian language", "ro", True),
        ("they have Romanian?", "ro", True),
        ("can I talk to someone in Urdu please", "ur", True),
        ("do you speak farsi", "fa", True),
        ("I am Romanian, no english", "ro", True),
        ("I was robbed. I need Polish", "pl", False),
        ("a Romanian man robbed me", "", False),
        ("I am Romanian", "", False),
        ("he shouted in Polish", "", False),
        ("they speak Romanian", "", False),
        ("I want the Romanian man arrested", "", False),
        ("i dont speak Polish but they did", "", False),
        ("i need nail polish", "", False),
        ("they want Romanian girls", "", False),
    ],
)
def test_a_language_is_asked_for_in_english_words(screen, text, code, alone) -> None:
    assert wished(text, screen.languages.named) == (code, alone)


async def test_an_english_wish_for_a_language_leaves_the_question_open(fingerpost):
    opened = await fingerpost.conversations.open("voice")
    question = (await fingerpost.conversations.messages(opened.contact)).messages[-1]
    reply = await hear(fingerpost, opened.contact, "no, I want somebody Romanian speak")
    assert names(reply) == ["language_wanted_nobody", question.say]
    assert "9 9 9" in reply.messages[0].text and "Romanian" in reply.messages[0].text
    assert [c.key for c in reply.messages[-1].choices] == [c.key for c in question.choices]
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.reason, waiting.language) == ("language", "ro")
    reply = await hear(fingerpost, opened.contact, "they have Romanian?")
    assert names(reply) == ["language_again_nobody", question.say]
    await hear(fingerpost, opened.contact, "yes")
    await hear(fingerpost, opened.contact, "some men took my money in the street last night")
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.language == "ro"


async def test_what_is_told_beside_the_wish_is_heard(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "my bike was stolen. I need Polish")
    assert names(reply)[0] == "language_wanted_nobody"
    await fingerpost.lane.send(opened.contact.conversation_id)
    assert assistant.heard[-1]["text"] == "my bike was stolen. I need Polish"


async def test_danger_comes_before_a_wish_for_a_language(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "he has a knife. I need Romanian")
    assert names(reply)[:2] == ["emergency_immediate", "language_wanted_nobody"]


# -- texts that a native has checked -------------------------------------------------------------

WHO = "checked: {by: A reader, on: 2026-11-01}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data" / "words", tmp_path / "words")
    (tmp_path / "words" / "checked").mkdir(exist_ok=True)
    return tmp_path / "words"


def test_a_checked_text_is_said_in_the_chat_and_english_fills_the_rest(folder: Path) -> None:
    before = Words.load(folder).version
    held = WHO + "words: {opening_safe: 'XX safe?'}\nlabels: {yes: XX-yes}\n"
    (folder / "checked" / "pl.yml").write_text(held)
    words = Words.load(folder)
    message = words.message(Utterance("opening_safe"), Medium.CHAT, "pl")
    english = words.message(Utterance("opening_safe"), Medium.CHAT)
    assert message.text == "XX safe?" and message.choices[0].label == "XX-yes"
    assert [c.key for c in message.choices] == [c.key for c in english.choices]
    assert message.choices[1].label == english.choices[1].label
    assert english.text != message.text and message.kind is english.kind
    for other in ("ro", "en"):
        assert words.message(Utterance("opening_safe"), Medium.CHAT, other) == english
    spoken = words.message(Utterance("opening_safe"), Medium.VOICE)
    assert words.message(Utterance("opening_safe"), Medium.VOICE, "pl") == spoken
    assert words.version != before


def test_a_draft_that_waits_is_not_said(folder: Path) -> None:
    (folder / "waiting" / "pl.yml").write_text(WHO + "words: {opening_safe: XX}\n")
    words = Words.load(folder)
    assert words.message(Utterance("opening_safe"), Medium.CHAT, "pl").text != "XX"


@pytest.mark.parametrize(
    "held",
    [
        "words: {opening_safe: XX}\n",
        "checked: {by: A reader}\nwords: {opening_safe: XX}\n",
        "checked: {on: 2026-11-01}\nwords: {opening_safe: XX}\n",
        WHO + "words: {no_such_words: XX}\n",
        WHO + "words: {opening_safe: ''}\n",
        WHO + "words: {opening_safe: 'XX {secret}'}\n",
        WHO + "words: {person_asked: 'XX'}\n",
        WHO + "labels: {no_such_choice: XX}\n",
        WHO + "kinds: {opening_safe: text}\n",
        "- a list\n",
        "words: [\n",
    ],
)
def test_an_unchecked_or_wrong_file_is_refused(folder: Path, held: str) -> None:
    (folder / "checked" / "pl.yml").write_text(held)
    with pytest.raises(WordsError, match="pl.yml"):
        Words.load(folder)


def test_nothing_unchecked_is_in_the_house() -> None:
    """Whoever adds a language names it here too, having seen who checked it."""
    assert [p.name for p in (ROOT / "data" / "words" / "checked").glob("*.yml")] == []


async def test_with_a_worker_there_a_person_is_offered_who_finds_a_speaker(fingerpost):
    await comes_on(fingerpost)
    opened = await fingerpost.conversations.open("chat")
    (offer,) = (await hear(fingerpost, opened.contact, BURGLED)).messages
    assert offer.say == "language_offer" and "A person here can find one too" in offer.text


async def test_an_interpreter_asked_for_with_nobody_there_is_answered_in_that_language(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "yes")
    await hear(fingerpost, opened.contact, "mówisz po polsku?")
    (told,) = (await hear(fingerpost, opened.contact, "interpreter please")).messages
    assert told.say == "person_nobody_language" and "Polish" in told.text and "999" in told.text
