# SPDX-License-Identifier: Apache-2.0
"""What a person's own words pick among the choices on offer, row by row."""

from __future__ import annotations

import pytest

from bot.policy.answer import (
    asked_instead,
    clauses,
    leading_no,
    leading_yes,
    leaning,
    normalise,
    only_clause,
    resolve,
    with_a_word_more,
)
from bot.policy.questions import SERVICE, as_listed, names_service, refused
from bot.policy.steps import plainly_heard
from bot.policy.turn import Choice, Medium, Understanding
from bot.settings import ROOT
from bot.understanding import Context, Screen
from bot.words import Words

WORDS = Words.load("data/words")
SCREEN = Screen.load(ROOT / "models", ROOT / "data")
SAFE = "opening_safe"
DANGER = "check_immediate"
SUICIDE = "check_suicide"
POLICE = "needs_ask_reported"
AGE = "needs_ask_age_band"
TOPIC = "needs_ask_topic"
CONSENT = "consent_brief"
FIND = "support_what_would_help"


def pick(question: str, text: str, **heard: str) -> str | None:
    offered = WORDS.choices(question)
    choices = [Choice(key, WORDS.label(key, Medium.CHAT)) for key in offered]
    phrases = WORDS.phrases_for(choices, question)
    return resolve(text, offered, phrases, Understanding(**heard) if heard else None)


SERVICES = {
    "service_1": "Victim Support",
    "service_2": "Modern Slavery and Exploitation Helpline",
    "service_3": "Crime Victims Line",
}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("the slavery one", "service_2"),
        ("the second one", "service_2"),
        ("Modern Slavery and Exploitation Helpline", "service_2"),
        ("victim support please", "service_1"),
        ("telephone", None),
        ("a helpline or a support line", None),
    ],
)
def test_a_service_is_picked_by_the_words_of_its_name(text, key) -> None:
    choices = [*(Choice(*named) for named in SERVICES.items()), Choice("skip", "skip")]
    phrases = WORDS.phrases_for(choices, SERVICE)
    assert resolve(text, [c.key for c in choices], phrases) == key


def test_the_name_of_a_service_is_no_refusal_and_no_danger() -> None:
    assert names_service("service_2", "the Modern Slavery helpline", SERVICES["service_2"])
    assert not names_service("service_2", "he keeps me in slavery", SERVICES["service_2"])
    assert not names_service("service_1", "help", "Help for Victims")
    assert not names_service("yes", "modern slavery", "modern slavery")
    denies = Understanding(act="deny")
    assert not refused("the telephone one", denies, SERVICE)
    assert refused("not telling you", denies, SERVICE)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("emergency_safeguarding_next_nobody", "carry_on"),
        ("emergency_immediate_next_nobody", None),
        ("emergency_safeguarding_next", None),
        ("referral_number_refused_short", None),
    ],
)
def test_a_yes_picks_the_only_thing_that_is_asked_about(question, key) -> None:
    assert pick(question, "yes please") == key


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        # the same yes in the many ways people say it
        (POLICE, "Yes", "yes"),
        (POLICE, "yes please", "yes"),
        (POLICE, "erm, yeah.", "yes"),
        (POLICE, "YESSSS!!!", "yes"),
        (POLICE, "\U0001f44d\U0001f3fd", "yes"),
        (POLICE, "\U0001f44d\U0001f44d", "yes"),
        (POLICE, "um i said yes", "yes"),
        (POLICE, "nope", "no"),
        (POLICE, "no ta", "no"),
        (POLICE, "noooo", "no"),
        (POLICE, "no, I haven\u2019t told them", "no"),
        (POLICE, "rather not say", "skip"),
        (POLICE, "dunno", "skip"),
        (POLICE, "can we skip this?", "skip"),
        (POLICE, "I'm not answering that", "skip"),
        (AGE, "none of your business", "skip"),
        ("needs_ask_who", "I'm a social worker", "for_work"),
        ("needs_ask_who", "my daughter", "for_family"),
        ("language_offer", "yes I want interpreter", "person"),
        # a number is a position
        (POLICE, "1", "yes"),
        (POLICE, "2.", "no"),
        (POLICE, "option three", "skip"),
        (POLICE, "4", None),
        (POLICE, "0", None),
        (FIND, "3", "person"),
        (FIND, "0", "person"),
        # never a guess
        (POLICE, "", None),
        (POLICE, "erm", None),
        (POLICE, "yes no", None),
        (POLICE, "yes but only once", None),
        (POLICE, "not no", None),
        (POLICE, "what police", None),
        (FIND, "yes", None),
        (FIND, "can you help me please", "find_help"),
        (FIND, "i want to talk to a real person", "person"),
        # the same words, another question
        (SAFE, "not safe", "no"),
        (DANGER, "not safe", "yes"),
        (SAFE, "i think so", "not_sure"),
        (DANGER, "i think so", "yes"),
        (DANGER, "he isn't", "no"),
        (DANGER, "ok", None),
        (DANGER, "fine", None),
        (DANGER, "not really", "not_sure"),
        (SUICIDE, "not really", "not_sure"),
        (SUICIDE, "not right now", "not_sure"),
        (SUICIDE, "sometimes i do", "yes"),
        (SUICIDE, "no", "no"),
        (SAFE, "can't talk", "no"),
        (DANGER, "can't talk", None),
        # ages, as numbers and as words
        (AGE, "16", "16_17"),
        (AGE, "i'm 17", "16_17"),
        (AGE, "sixty two", "60_plus"),
        (AGE, "I am 31 years old", "25_59"),
        (AGE, "im 9", "under_16"),
        (AGE, "14", "under_16"),
        (AGE, "2", "16_17"),
        (AGE, "130", None),
        (AGE, "pensioner", "60_plus"),
        # consent
        (CONSENT, "yes", "yes"),
        (CONSENT, "i agree", "yes"),
        (CONSENT, "send it then", "yes"),
        (CONSENT, "aye go on then", "yes"),
        (CONSENT, "go ahead and send it", "yes"),
        (CONSENT, "yes send it to my sister", None),
        (CONSENT, "ok", None),
        (CONSENT, "i think so", None),
        (CONSENT, "don't send it", "no"),
        (CONSENT, "let me think about it", "later"),
    ],
)
def test_words_alone(question: str, text: str, key: str | None) -> None:
    assert pick(question, text) == key


@pytest.mark.parametrize(
    ("question", "text", "heard", "key"),
    [
        (POLICE, "we called them yesterday", {"act": "affirm"}, "yes"),
        (POLICE, "no we kept quiet about it", {"act": "deny"}, "no"),
        (POLICE, "no", {"act": "affirm"}, "no"),
        # short, and still neither
        (POLICE, "yes but they did nothing", {"act": "affirm"}, None),
        (POLICE, "not no", {"act": "deny"}, None),
        (POLICE, "i never said no", {"act": "deny"}, None),
        (POLICE, "yeah no", {"act": "deny"}, None),
        (POLICE, "yeah no", {"act": "affirm"}, None),
        (POLICE, "maybe they came", {"act": "affirm"}, None),
        # longer goes on as free text
        (POLICE, "yes my neighbour rang them when it began", {"act": "affirm"}, None),
        (POLICE, "no one in my family would ever do that", {"act": "deny"}, None),
        # what the model heard never clears a danger, never opens a chat and never consents
        (DANGER, "he went to the shop", {"act": "deny"}, None),
        (DANGER, "we are all good", {"act": "affirm"}, None),
        (SAFE, "yep hes only downstairs", {"act": "affirm"}, None),
        (CONSENT, "sounds about right", {"act": "affirm"}, None),
        (CONSENT, "dont fancy that", {"act": "deny"}, None),
        # a topic question takes the topic
        (TOPIC, "he hit me and he took my keys", {"topic": "domestic_abuse"}, "domestic_abuse"),
        (TOPIC, "they broke my fence", {"topic": "criminal_damage"}, "other"),
        (TOPIC, "i got mugged", {"topic": "none"}, "robbery_violence"),
        (TOPIC, "mugged", {"topic": "other"}, "robbery_violence"),
        (TOPIC, "can i speak to a woman", {"topic": "court_process", "act": "ask_human"}, None),
        (FIND, "he hit me", {"topic": "domestic_abuse"}, None),
    ],
)
def test_with_what_the_model_heard(
    question: str, text: str, heard: dict[str, str], key: str | None
) -> None:
    assert pick(question, text, **heard) == key


def test_a_label_given_by_the_dialogue_counts() -> None:
    choices = [Choice("service_1", "Next Link"), Choice("service_2", "Victim Support")]
    phrases = WORDS.phrases_for(choices, "referral_ask_service")
    assert resolve("next link please", ["service_1", "service_2"], phrases) == "service_1"
    assert resolve("the second one", ["service_1", "service_2"], phrases) == "service_2"


@pytest.mark.parametrize("name", WORDS.names())
def test_no_phrase_means_two_choices_of_one_question(name: str) -> None:
    choices = [Choice(key, WORDS.label(key, Medium.CHAT)) for key in WORDS.choices(name)]
    meant: dict[str, str] = {}
    for key, phrases in WORDS.phrases_for(choices, name).items():
        for phrase in map(normalise, phrases):
            assert phrase, f"{key} holds a phrase made of fillers alone"
            assert meant.setdefault(phrase, key) == key, phrase


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("no but i need help", "no"),
        ("Not really, he might come back", "no"),
        ("it's not", "no"),
        ("dunno if he can see this", "not_sure"),
        ("i don't know", "not_sure"),
        ("nobody is home so yes", ""),
        ("notice how i type", ""),
        ("my house was broken into", ""),
    ],
)
def test_leaning_to_not_safe(text, key):
    assert leaning(text) == key


NEEDS = {
    "need_home": ("A safe place to live", "housing"),
    "need_money": ("Money", "my bills"),
    "need_health": ("My health", "sleep"),
    "skip": ("Skip",),
}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("somewhere safe to live", "need_home"),
        ("help with my bills please", "need_money"),
        ("i cant sleep", None),
        ("not money", None),
        ("money and my health", None),
        ("what is the point of living anywhere when it never stops", None),
        ("skip the safe part", None),
    ],
)
def test_a_short_answer_may_share_the_words_of_one_choice(text, key):
    assert resolve(text, tuple(NEEDS), NEEDS, Understanding()) == key


def test_a_safety_question_is_never_answered_by_shared_words():
    phrases = {"yes": ("yes there now",), "no": ("no",), "not_sure": ("not sure",)}
    assert resolve("there somewhere", tuple(phrases), phrases, Understanding()) is None


@pytest.mark.parametrize(
    ("text", "in_danger", "other"),
    [
        ("yes im being blackmailed", "yes", "yes"),
        ("yes my neighbour rang the police monday", "yes", "yes"),
        ("yeah they came out twice", "yes", "yes"),
        # "yes but" is no answer, unless it is about danger
        ("yes but they did nothing", "yes", ""),
        ("yes he wont let me out", "yes", ""),
        # two answers at once are asked about once more
        ("yes no i dont know", "", ""),
        ("yes we are safe", "", "yes"),
        ("yes im not safe", "yes", ""),
        ("yesterday he came", "", ""),
        # an "ok" shows that it was read
        ("ok", "", "yes"),
        ("ok yes", "yes", "yes"),
    ],
)
def test_a_yes_at_the_beginning_of_a_sentence(text, in_danger, other):
    assert leading_yes(text, danger=True) == in_danger
    assert leading_yes(text) == other


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("what? no", "no"),
        ("What!? No, just the lock", "no"),
        ("no I'm not suicidal I'm FURIOUS", "no"),
        ("no but he might", ""),
        ("what police", ""),
    ],
)
def test_a_no_at_the_beginning_of_a_sentence(text, key):
    assert leading_no(text) == key


def test_what_was_asked_instead():
    assert asked_instead("no, I asked when I can see him") == "when i can see him"


def more(question: str, text: str) -> str:
    offered = WORDS.choices(question)
    choices = [Choice(key, WORDS.label(key, Medium.CHAT)) for key in offered]
    return with_a_word_more(text, offered, WORDS.phrases_for(choices, question))


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        ("needs_ask_audience", "women obviously", "women"),
        ("needs_ask_audience", "yeah women", "women"),
        ("needs_ask_who", "its for me dear", "for_me"),
        ("needs_ask_age_band", "yes 26", "25_59"),
        # never a guess, a position, a yes or no, or a skip
        ("needs_ask_audience", "not women", ""),
        ("needs_ask_audience", "women and men", ""),
        ("needs_ask_age_band", "1", ""),
        ("needs_ask_need", "nothing", ""),
        ("needs_ask_reported", "yes", ""),
        ("needs_ask_reported", "skip", ""),
    ],
)
def test_a_word_more_round_a_phrase_picks_all_the_same(question, text, key):
    assert more(question, text) == key


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        ("needs_ask_who", "im a man. its me", "for_me"),
        ("needs_ask_audience", "not women, men", "men"),
        ("needs_ask_audience", "women, men", ""),
        ("needs_ask_who", "not me", ""),
        ("needs_ask_age_band", "1. he came in 2. he left", ""),
        ("needs_ask_who", "he came in and he left again, me, then", ""),
    ],
)
def test_one_clause_alone_may_pick_in_a_short_answer(question, text, key):
    offered = WORDS.choices(question)
    choices = [Choice(key, WORDS.label(key, Medium.CHAT)) for key in offered]
    assert only_clause(text, offered, WORDS.phrases_for(choices, question)) == key


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("women. i want a refuge", "women", "i want a refuge"),
        ("me. its me", "me", "its me"),
        ("yes she rang them but what about the door", "yes she rang them",
         "but what about the door"),
        ("women.", "women.", ""),
        ("women", "women", ""),
    ],
)  # fmt: skip
def test_the_first_clause_of_several(text, first, rest):
    assert clauses(text) == (first, rest)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("no my mum answers it sometimes", "no"),
        ("no maybe not", "no"),
        ("no only my mobile", ""),
        ("no but you can ring my mobile", ""),
    ],
)
def test_where_no_is_safest_a_hedge_leaves_it_a_no(text, key):
    assert leading_no(text, safest=True) == key


@pytest.mark.parametrize(
    "name", ["need_much", "stage", "when", "access", "managing", "second_much", "support"]
)
def test_no_phrase_that_answers_a_later_question_is_heard_as_danger_for_certain(name: str) -> None:
    """Whoever answers what they were asked must not be told to ring 999."""
    asking = f"needs_ask_{name}"
    choices = [Choice(key, WORDS.label(key, "chat")) for key in WORDS.choices(asking)]
    for key, phrases in WORDS.phrases_for(choices, asking).items():
        for phrase in () if key == "skip" else phrases:
            heard = as_listed(SCREEN.understand(phrase, "chat", Context(asking, "none", None)))
            plain = heard.action == "check" and plainly_heard(heard)
            assert heard.action != "interrupt" and not plain, (key, phrase)
