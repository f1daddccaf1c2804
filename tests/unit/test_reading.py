# SPDX-License-Identifier: Apache-2.0
"""Words read against an open question: refusals, sentences, and questions that are passed by."""

from __future__ import annotations

import asyncio

import pytest

from bot.policy.turn import Said, State, Understanding


def names(reply):
    return [m.say for m in reply.messages]


@pytest.fixture
async def person(fingerpost, assistant):
    """Give a person who has been asked a question of the dialogue's, and what they may say."""

    class Person:
        def __init__(self, contact) -> None:
            self.contact = contact

        async def says(self, text: str):
            said = Said(text=text)
            return names(await fingerpost.conversations.hear(self.contact, said))

        def meant(self) -> tuple[str, str]:
            turn = assistant.heard[-1]
            return turn["intent"], turn["choice"]

    async def asked(question: str, medium: str = "chat") -> Person:
        opened = await fingerpost.conversations.open(medium)
        (yes,) = (c.id for m in opened.reply.messages for c in m.choices if c.key == "yes")
        assistant.says = [question]
        await fingerpost.conversations.hear(opened.contact, Said(choice=yes))
        return Person(opened.contact)

    return asked


def heard_as(fingerpost, monkeypatch, **heard):
    """Let every message be heard the same, so that no model's whim decides."""
    found = Understanding(**heard)
    monkeypatch.setattr(fingerpost.screen, "understand", lambda *_: found)


@pytest.mark.parametrize("question", ["needs_ask_age_band", "needs_ask_topic", "needs_ask_area"])
@pytest.mark.parametrize("text", ["I'm not answering that", "you dont need to know my details"])
async def test_a_refusal_in_words_is_a_skip(question, text, person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="deny")
    someone = await person(question)
    assert await someone.says(text) == [question]
    assert someone.meant() == ("choose", "skip")


async def test_a_doubt_about_danger_is_not_taken_for_a_refusal(person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="deny", urgency="suicide_risk", action="check")
    someone = await person("needs_ask_age_band")
    assert await someone.says("there is no use in me saying that") == ["check_suicide"]


@pytest.mark.parametrize(
    ("text", "urgency"), [("he never said sorry", "none"), ("nothing was ever done", "standard")]
)
async def test_a_denial_that_tells_something_is_not_a_refusal(
    text, urgency, person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="deny", urgency=urgency)
    someone = await person("needs_ask_age_band")
    await someone.says(text)
    assert someone.meant() == ("provide_detail", "")


async def test_a_question_passed_by_twice_is_left_out_and_it_is_said(
    person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="provide_detail")
    someone = await person("needs_ask_age_band")
    assert await someone.says("it was a tuesday") == ["needs_ask_age_band"]
    assert someone.meant() == ("provide_detail", "")
    assert await someone.says("they came in by the back") == [
        "needs_left_out", "needs_ask_age_band",
    ]  # fmt: skip
    assert someone.meant() == ("choose", "skip")


async def test_a_question_is_not_left_out_for_a_fact_that_answers_another(
    person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="provide_detail")
    someone = await person("needs_ask_who")
    await someone.says("it was a tuesday")
    assert await someone.says("i live in torquay") == ["needs_ask_who"]


async def test_what_is_asked_instead_is_answered_when_the_question_is_left_out(
    person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="ask_information")
    someone = await person("needs_ask_age_band")
    await someone.says("what happens to his things")
    assert "needs_left_out" in await someone.says("and what happens to his flat")
    assert someone.meant() == ("ask_information", "skip")


async def test_a_question_is_left_out_only_after_two_in_a_row(
    person, fingerpost, assistant, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="provide_detail")
    someone = await person("needs_ask_age_band")
    await someone.says("it was a tuesday")
    assistant.says = ["needs_ask_area"]
    await someone.says("skip")
    assistant.says = ["needs_ask_age_band"]
    await someone.says("skip")
    assert "needs_left_out" not in await someone.says("it was a tuesday")


async def test_no_question_about_safe_contact_is_taken_from_a_number(
    person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="provide_detail")
    someone = await person("referral_ask_contact_number")
    for _ in range(3):
        assert "needs_left_out" not in await someone.says("07400 123456")
        assert someone.meant()[0] == "provide_detail"


async def test_an_age_in_a_sentence_answers_the_question_about_it(person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="disclose")
    someone = await person("needs_ask_age_band")
    await someone.says("they came in by the back")
    await someone.says("I am 72 and they took my watch")
    assert someone.meant() == ("choose", "60_plus")


async def test_an_age_told_of_somebody_else_answers_only_the_question_about_them(person):
    someone = await person("needs_ask_age_band_them")
    await someone.says("She\u2019s 80")
    assert someone.meant() == ("choose", "60_plus")
    someone = await person("needs_ask_age_band")
    await someone.says("she's 80")
    assert someone.meant()[0] != "choose"


@pytest.mark.parametrize(
    ("question", "text", "choice"),
    [
        ("needs_ask_reported", "yes my neighbour rang the police monday", "yes"),
        ("needs_ask_reported", "what? no", "no"),
        ("needs_ask_reported", "no they were never told a thing", "no"),
    ],
)
async def test_a_yes_or_no_inside_a_sentence_answers(question, text, choice, person):
    someone = await person(question)
    await someone.says(text)
    assert someone.meant() == ("choose", choice)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("consent_brief", "yes they can have most of it"),
        ("delete_ask", "yes there is a lot in there"),
        ("referral_ask_contact_voicemail", "yes when nobody else is in the house"),
        ("consent_brief", "yes but they did nothing at all about it"),
        ("needs_ask_reported", "yes but not all of it"),
    ],
)
async def test_what_is_agreed_to_is_never_guessed_from_a_sentence(question, text, person):
    someone = await person(question)
    await someone.says(text)
    assert someone.meant()[0] != "choose"


async def test_a_question_that_begins_with_no_is_no_answer(person):
    someone = await person("needs_ask_reported")
    await someone.says("no, I asked if I can get my phone back from the police")
    assert someone.meant() == ("ask_information", "")


async def test_a_yes_inside_a_sentence_is_danger_in_a_check(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    stalked = Said(text="my ex keeps turning up outside my house and i dont know what to do")
    await fingerpost.conversations.hear(opened.contact, stalked)
    reply = await fingerpost.conversations.hear(
        opened.contact, Said(text="yes he is sat in his car")
    )
    assert reply.state is State.WAITING
    assert reply.messages[0].say == "emergency_immediate"


async def test_a_plain_no_to_the_suicide_question_carries_on(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    reply = await fingerpost.conversations.hear(
        opened.contact, Said(text="i want to kill myself tonight")
    )
    assert "emergency_suicide_next_nobody" in names(reply)
    reply = await fingerpost.conversations.hear(
        opened.contact, Said(text="no I'm not suicidal I'm FURIOUS")
    )
    assert "emergency_suicide_stay_nobody" not in names(reply)
    assert (assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]) == ("choose", "carry_on")


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        ("needs_ask_stage", "they're looking into it", "looking_into"),
        ("needs_ask_stage", "he got off", "after"),
        ("needs_ask_when", "tonight", "last_week"),
    ],
)
async def test_a_listed_answer_is_one_whatever_the_model_alone_makes_of_it(
    question, text, key, person
):
    someone = await person(question)
    assert not any(n.startswith(("emergency_", "check_")) for n in await someone.says(text))
    assert someone.meant()[1] == key


async def test_danger_by_a_rule_stands_beside_an_open_question(person):
    someone = await person("needs_ask_stage")
    assert "emergency_immediate" in await someone.says("he is outside with a knife")


@pytest.mark.parametrize("text", ["right, i'm 15", "im seventeen"])
async def test_whoever_answers_the_suicide_question_with_a_young_age_hears_of_childline(
    text, fingerpost
):
    opened = await fingerpost.conversations.open("chat")
    await fingerpost.conversations.hear(opened.contact, Said(text="i want to kill myself tonight"))
    reply = await fingerpost.conversations.hear(opened.contact, Said(text=text))
    assert names(reply) == ["emergency_suicide_stay_nobody"]


async def test_a_question_beside_the_no_to_a_check_is_passed_on_to_be_answered(
    fingerpost, assistant
):
    opened = await fingerpost.conversations.open("chat")
    stalked = Said(text="my ex keeps turning up outside my house and i dont know what to do")
    await fingerpost.conversations.hear(opened.contact, stalked)
    await fingerpost.conversations.hear(
        opened.contact, Said(text="no. how long do i have to claim compensation?")
    )
    assert assistant.heard[-1]["intent"] == "ask_information"


@pytest.mark.parametrize(
    "text", ["stop the questions", "no more questions", "can we stop these questions"]
)
async def test_wanting_no_more_questions_is_neither_deletion_nor_goodbye(text, person):
    someone = await person("needs_ask_age_band")
    await someone.says(text)
    assert someone.meant() == ("stop_questions", "")


@pytest.mark.parametrize(
    "text",
    ["no questions", "I said no questions", "I'm not answering questions love, just tell me"],
)
@pytest.mark.parametrize("question", ["needs_ask_age_band", "needs_ask_reported"])
async def test_no_questions_stops_them_at_any_of_them(text, question, person):
    someone = await person(question)
    await someone.says(text)
    assert someone.meant() == ("stop_questions", "")


async def test_two_refusals_in_a_row_stop_the_questions(person):
    someone = await person("needs_ask_age_band")
    await someone.says("no")
    assert someone.meant() == ("choose", "skip")
    await someone.says("I'm not answering that")
    assert someone.meant() == ("stop_questions", "")


async def test_an_answer_between_two_refusals_keeps_the_questions(person):
    someone = await person("needs_ask_age_band")
    for text in ("no", "26", "no"):
        await someone.says(text)
    assert someone.meant() == ("choose", "skip")


@pytest.mark.parametrize("text", ["ask them to contact me", "can they ring me"])
async def test_being_contacted_is_heard_for_as_long_as_services_were_shown(text, person, assistant):
    someone = await person("services_next")
    assistant.says = ["support_listening"]
    await someone.says("it was a good lock too")
    assistant.says = ["small_out_of_scope"]
    await someone.says("my shed as well")
    await someone.says(text)
    assert someone.meant() == ("choose", "refer")


@pytest.mark.parametrize(
    "text",
    ["Ron Whitcombe", "my name is ron whitcombe", "07700 900123",
     "oh seven seven double oh nine double oh one two three"],
)  # fmt: skip
async def test_a_name_or_number_nobody_asked_for_is_told_that_nothing_is_booked(text, person):
    someone = await person("services_next")
    await someone.says(text)
    assert someone.meant() == ("ask_callback", "")


@pytest.mark.parametrize("text", ["Ron Whitcombe", "the number that rang me was 07700 900123"])
async def test_a_name_or_number_in_a_story_is_no_wish_for_a_call(text, person):
    someone = await person("support_what_would_help")
    await someone.says(text)
    assert someone.meant()[0] != "ask_callback"


@pytest.mark.parametrize(
    "text", ["can I have a code", "how do I come back to this", "can i come back later"]
)
async def test_how_to_come_back_is_asked_in_words(text, person):
    someone = await person("support_what_would_help")
    await someone.says(text)
    assert someone.meant() == ("ask_code", "")


@pytest.mark.parametrize("text", ["take out my age", "leave my age off", "dont send my age"])
async def test_a_line_is_taken_out_in_words_and_nothing_is_withdrawn(text, person, assistant):
    someone = await person("consent_brief")
    await someone.says(text)
    assert someone.meant() == ("strike_line", "")
    assert assistant.heard[-1]["without"] == ("age_band",)


async def test_an_interpreter_just_offered_can_be_asked_for(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    offer = await fingerpost.conversations.hear(
        opened.contact, Said(text="proszę o pomoc, okradli mnie wczoraj w nocy")
    )
    assert "language_offer_nobody" in names(offer)
    reply = await fingerpost.conversations.hear(opened.contact, Said(text="yes I want interpreter"))
    assert reply.state is State.WAITING
    assert any(name.startswith("person_") for name in names(reply))


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        ("needs_ask_need", "company. I get lonely", "need_social"),
        ("needs_ask_audience", "women. i want a refuge", "women"),
        ("needs_ask_audience", "yeah women", "women"),
        ("needs_ask_who", "me. its me", "for_me"),
        ("needs_ask_who", "its for me. you ask a lot of questions", "for_me"),
    ],
)
async def test_the_first_clause_of_several_answers(question, text, key, person):
    someone = await person(question)
    await someone.says(text)
    assert someone.meant() == ("choose", key)


async def test_an_answer_with_a_question_is_kept_and_the_question_answered(person):
    someone = await person("needs_ask_audience")
    await someone.says("women. is this going on my record")
    assert someone.meant() == ("ask_privacy", "women")


async def test_a_yes_before_a_but_is_no_doubt_that_the_police_know(person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="affirm")
    someone = await person("needs_ask_reported")
    await someone.says("yeah but they just give you a number dont they")
    assert someone.meant() == ("choose", "yes")


async def test_an_answer_beside_a_doubt_about_danger_is_kept_and_the_doubt_asked_about(
    person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="affirm", urgency="safeguarding", action="check")
    someone = await person("needs_ask_reported")
    assert await someone.says("oh yes my daughter rang them. but what about the door") == [
        "check_safeguarding"
    ]
    await asyncio.gather(*fingerpost.lane._tasks)
    assert someone.meant() == ("check_safeguarding", "yes")


@pytest.mark.parametrize("question", ["check_suicide", "consent_brief", "delete_ask"])
async def test_no_first_clause_answers_where_a_guess_could_harm(question, person):
    someone = await person(question)
    await someone.says("send it. i mean the form")
    assert someone.meant()[0] != "choose"


async def test_a_doubt_about_danger_outweighs_a_first_clause(person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="disclose", urgency="suicide_risk", action="check")
    someone = await person("needs_ask_who")
    assert await someone.says("me. i cannot do this") == ["check_suicide"]


@pytest.mark.parametrize("text", ["yes delete it all", "yes please delete everything"])
async def test_a_yes_that_says_what_to_delete_is_yes(text, person):
    someone = await person("delete_ask")
    await someone.says(text)
    assert someone.meant() == ("choose", "yes")


@pytest.mark.parametrize(
    "question", ["referral_ask_contact_safe", "referral_ask_contact_voicemail"]
)
async def test_no_is_heard_where_it_is_the_safe_answer(question, person):
    someone = await person(question)
    await someone.says("no my mum answers it sometimes")
    assert someone.meant() == ("choose", "no")


@pytest.mark.parametrize(
    "text",
    [
        "the wife gave me a black eye last night haha",
        "the missus lamped me one with a frying pan lol",
        "my husband keeps hitting me",
    ],
)
async def test_violence_by_a_partner_is_domestic_abuse_whoever_tells_of_it(
    text, person, fingerpost, monkeypatch
):
    cues = fingerpost.screen.understand(text).cues
    heard_as(fingerpost, monkeypatch, act="out_of_scope", topic="robbery_violence", cues=cues)
    someone = await person("needs_ask_topic")
    await someone.says(text)
    assert someone.meant() == ("choose", "domestic_abuse")


async def test_who_is_not_hit_is_not_told_of_domestic_abuse(person, fingerpost):
    for text in ("my wife never hit me", "the neighbour hit me", "my husband was hit by a car"):
        assert "hurt_by_partner" not in fingerpost.screen.understand(text).cues


@pytest.mark.parametrize("text", ["somewhere safe to live", "a home", "money", "my health"])
async def test_naming_what_help_is_for_leads_to_help(text, person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="provide_detail")
    someone = await person("support_what_would_help")
    await someone.says(text)
    assert someone.meant() == ("choose", "find_help")


async def test_what_a_no_tells_in_passing_is_no_lost_answer(person, fingerpost, monkeypatch):
    heard_as(fingerpost, monkeypatch, act="deny")
    someone = await person("support_what_would_help")
    await someone.says("no i havent told the police because im scared")
    assert someone.meant() == ("provide_detail", "")


@pytest.mark.parametrize(
    ("question", "text", "meant"),
    [
        ("needs_ask_reported", "the bus driver rang them", ("choose", "yes")),
        ("needs_ask_reported", "nobody told them", ("choose", "no")),
        ("needs_ask_reported", "actually the police do know", ("choose", "yes")),
        ("needs_ask_need", "money and my kids", ("choose", "need_money")),
        ("needs_ask_need", "a safe place to live i guess", ("choose", "need_home")),
        ("needs_ask_second", "well my job mostly", ("choose", "need_work")),
        ("needs_ask_who", "no, I meant Plymouth", ("correct", "")),
        ("needs_ask_need", "actually it was reported", ("correct", "")),
        ("services_next", "actually it was reported", ("correct", "")),
        ("needs_ask_when", "on saturday", ("choose", "last_week")),
        ("needs_ask_stage", "theyve charged him", ("choose", "charged")),
        ("needs_ask_managing", "not great", ("choose", "managing_hard")),
        ("needs_ask_access", "im deaf", ("choose", "hearing")),
        ("needs_ask_when", "show me help", ("choose", "enough")),
    ],
)
async def test_the_assessment_is_answered_in_ones_own_words(question, text, meant, person):
    someone = await person(question)
    await someone.says(text)
    assert someone.meant() == meant


async def test_a_place_said_to_another_question_is_kept(person, fingerpost):
    someone = await person("needs_ask_who")
    await someone.says("Leeds")
    facts = await fingerpost.facts.of(someone.contact.conversation_id)
    kept = {name: facts.get(name) for name in ("area", "place", "who")}
    assert kept == {"area": "elsewhere", "place": "Leeds", "who": None}


async def test_who_asks_for_a_woman_is_seen_to_have(person, fingerpost):
    someone = await person("support_what_would_help")
    await someone.says("i was raped when i was 19, can i speak to a woman about it")
    assert [w.wants_worker for w in await fingerpost.handover.queue()] == ["woman"]


@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_going_back_puts_the_question_again_and_is_never_leaving(person, medium):
    someone = await person("needs_ask_age_band", medium)
    for _ in range(3):  # nor is the question left out for it
        assert await someone.says("go back") == ["pace_back_in_questions", "needs_ask_age_band"]


async def test_going_back_elsewhere_says_the_last_words_again(person):
    someone = await person("services_next")
    assert await someone.says("can we go back") == ["pace_back", "services_next"]
    await someone.says("i want to go back to the list of services")
    assert someone.meant() == ("choose", "find_help")


@pytest.mark.parametrize(
    ("question", "text", "choice"),
    [
        ("support_listening", "breathing exercise please", "calm"),
        ("support_listening", "I want calm", "calm"),
        ("support_listening", "another exercise", "calm"),
        ("support_listening", "cold water", "calm_water_1"),
        ("needs_ask_age_band", "calm", "calm"),
        ("calm_choose", "slow breath", "calm_breathing_1"),
        ("calm_choose", "breath", "calm_breathing_1"),
        ("calm_feet_2", "not that one", "calm_grounding_1"),
        ("calm_naming_1", "another exercise", "calm_feet_1"),
    ],
)
async def test_an_exercise_is_picked_in_words_whatever_a_model_doubts(
    question, text, choice, person, fingerpost, monkeypatch
):
    heard_as(fingerpost, monkeypatch, act="distress", urgency="suicide_risk", action="interrupt")
    someone = await person(question)
    await someone.says(text)
    assert someone.meant()[1] == choice


async def test_a_rule_that_hears_danger_is_not_outweighed(person, fingerpost, monkeypatch):
    cues = ("rule:any",)
    heard_as(fingerpost, monkeypatch, urgency="suicide_risk", action="interrupt", cues=cues)
    someone = await person("calm_choose")
    assert (await someone.says("cold water"))[0] == "emergency_suicide"


@pytest.mark.parametrize("text", ["no police", "no police please", "no court"])
async def test_no_to_a_worry_picks_never_that_worry(text, person):
    someone = await person("needs_ask_need")
    await someone.says(text)
    assert someone.meant()[1] in ("", "skip", "nothing")


async def test_another_one_is_no_wish_for_a_person(person):
    someone = await person("support_listening")
    assert "person_nobody" not in await someone.says("another one please")
PRIVATE = "referral_ask_contact_private"
WAYS = ["referral_ask_contact_safe", "referral_ask_contact_voicemail"]


@pytest.mark.parametrize("text", [
    "yes, my partner knows it", "yes me and my husband", "yes apart from my mum",
    "yeah just me and him", "yes mostly", "ok", "sure", "its fine", "i guess", "yes its safe",
    "me and my cousin", "yes but my lad has the code",
])  # fmt: skip
async def test_only_a_bare_yes_says_that_nobody_else_can_read_it(text, person):
    someone = await person(PRIVATE)
    await someone.says(text)
    assert someone.meant() != ("choose", "yes")


@pytest.mark.parametrize("text", ["yes", "yeah", "only me", "just me", "yes only me", "nobody else",
                                  "no one else can", "nobody but me"])  # fmt: skip
async def test_who_alone_can_read_it_says_so_in_few_words(text, person):
    someone = await person(PRIVATE)
    await someone.says(text)
    assert someone.meant() == ("choose", "yes")


@pytest.mark.parametrize("question", WAYS)
@pytest.mark.parametrize(("text", "yes"), [
    ("i guess", False), ("fine", False), ("ok i suppose", False), ("yes mostly", False),
    ("yes me and my husband", False), ("yes", True), ("yes its safe", True), ("ok", True),
])  # fmt: skip
async def test_half_a_yes_is_none_to_how_somebody_is_reached(question, text, yes, person):
    someone = await person(question)
    await someone.says(text)
    assert (someone.meant() == ("choose", "yes")) is yes


@pytest.mark.parametrize("text", ["not by phone he checks it", "email is ok"])
async def test_who_wants_no_call_is_not_asked_for_a_number_again(text, person):
    someone = await person("referral_ask_contact_safe")
    await someone.says(text)
    assert someone.meant() == ("choose", "no")


async def test_an_age_put_right_in_one_breath_answers_the_question(person):
    someone = await person("needs_ask_age_band")
    await someone.says("28 no sorry 38")
    assert someone.meant() == ("choose", "25_59")
