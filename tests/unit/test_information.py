# SPDX-License-Identifier: Apache-2.0
"""Approved answers: where they are from, who asks for them and how, and what is never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.policy import information
from bot.policy.directory import speakable
from bot.policy.hearing import in_context
from bot.policy.steps import Asked, Step, next_step
from bot.policy.turn import Medium, State, Understanding, Utterance
from bot.service.information import Information
from bot.service.offers import Offers
from bot.store import directory
from bot.words import Words, WordsError
from bot.words.information import spoken_date
from tests.unit.test_words import CERTAIN, COUNTS

WORDS = Words.load("data/words")
ANSWERS = WORDS.information
SERVICES = directory.load(Path("data/directory")).services
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()
EVERY = pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a.id)

# What people ask, in their own words: what is known of the story, the question, the answer. Where
# it is "", the assistant says that it does not know and names who does.
ASKED = [
    # said much as somebody thought they would be
    ("homicide_bereavement", "when can I bury him", "funeral"),
    ("homicide_bereavement", "no, I asked when I can have my son back", "funeral"),
    ("none", "when will they release the body", "funeral"),
    ("none", "what is an inquest", "inquest"),
    ("none", "can i talk to the homicide service", "homicide_service"),
    ("none", "what happens after I report it", "after_reporting"),
    ("none", "should i report it", "police_choice"),
    ("none", "do i need to tell the police to get help", "police_choice"),
    ("none", "can i report it anonymously", "no_name"),
    ("none", "why have i not heard from the police", "police_news"),
    ("none", "where do i find my crime reference number", "crime_number"),
    ("none", "they dropped my case can i challenge it", "case_dropped"),
    ("none", "what are his bail conditions", "bail"),
    ("none", "how do i do an impact statement", "statement"),
    ("none", "when do i get my phone back from the police", "property"),
    ("none", "can i have an interpreter at the police station", "interpreter"),
    ("none", "what are my rights", "rights"),
    ("none", "is it too late to report it", "too_late"),
    ("none", "will i have to see him in court", "court_fear"),
    ("none", "who pays for my train to court", "court_costs"),
    ("none", "who will tell me the verdict", "court_result"),
    ("none", "when does his parole come up", "offender_release"),
    ("none", "will i be told when he gets out of prison", "offender_release"),
    ("none", "i want to meet the lad who robbed me", "restorative_justice"),
    ("none", "what do i wear to court", "court"),
    ("none", "i have to go court and my english not so good can i have interpreter", "interpreter"),
    ("domestic_abuse", "i hit my wife and i want help to stop, who can i call", "own_behaviour"),
    ("domestic_abuse", "i hit my husband once, how can i stop him", "protective_orders"),
    ("domestic_abuse", "i hit him back, how do i make him stop", ""),
    ("none", "how long do i have to claim compensation", "compensation"),
    ("none", "can my daughter claim compensation", "compensation_child"),
    ("none", "i gave my bank details to a scammer what do i do", "fraud"),
    ("none", "someone took out a loan in my name what do i do", "identity"),
    ("none", "will they know i contacted you", "who_is_told"),
    ("none", "is this in my history", "history"),
    ("online_abuse_image", "will i get in trouble with police for sending it", "own_picture"),
    ("none", "can i get arrested cos i sent a nude", "own_picture"),
    ("none", "how do i hide this", "history"),
    ("none", "he goes through my phone, how do i hide this", "history"),
    ("none", "he has a history of violence, is he in prison", ""),
    ("none", "can i read out how its affected me", "statement"),
    ("none", "can my husband find out i was on here", "who_is_told"),
    ("none", "will you tell my school", "school_or_work"),
    ("none", "does this number come up on the bill", "phone_bill"),
    ("none", "will i be deported if i go to the police", "immigration"),
    ("none", "how do i complain about the police", "complaint"),
    ("none", "who do i complain to about this service", "complaint_about_us"),
    ("none", "where is the nearest sarc", "sexual_assault_centre"),
    ("none", "can you get my pictures taken down", "pictures_taken_down"),
    ("none", "can i get a restraining order", "protective_orders"),
    # said otherwise, written without looking at the files
    ("homicide_bereavement", "they still have him at the mortuary, any end to it", "funeral"),
    ("homicide_bereavement", "how much longer do they hold on to her before the service", ""),
    ("homicide_bereavement", "when do we get to see him", "funeral"),
    ("homicide_bereavement", "what goes on at the coroners thing", "inquest"),
    ("homicide_bereavement", "is there anyone who just helps the families", "homicide_service"),
    ("none", "if i ring 101 what will they actually do", ""),
    ("none", "do i have to go to the police to speak to you", "police_choice"),
    ("none", "would i be wasting their time reporting a stolen bike", ""),
    ("none", "can i tell someone what i saw but keep my name out of it", ""),
    ("none", "its been a month and not a word from the officer, is that normal?", "police_news"),
    ("none", "how would i know if theyve arrested anybody", "police_news"),
    ("none", "whats the CRN thing the insurance wants", "crime_number"),
    ("none", "they said no further action. can i fight that?", "case_dropped"),
    ("none", "when will I see my laptop again, the police took it", "property"),
    ("none", "can we get her clothes back from forensics", "property"),
    ("none", "will somebody speak polish when i talk to the police", ""),
    ("none", "am i owed anything as a victim", ""),
    ("none", "does he sit in the same room as me at the trial", "court_fear"),
    ("none", "who covers my parking when i'm a witness", "court_costs"),
    ("none", "how will i find out what the judge gave him", "court_result"),
    ("none", "that sentence is a joke, 2 years, can it be changed", "sentence_too_short"),
    ("none", "can we sit down with the kid who burgled us and ask why", "restorative_justice"),
    ("none", "can i claim for my broken jaw", ""),
    ("none", "do i get any money for being attacked", "compensation"),
    ("fraud", "will the bank refund me", "fraud"),
    ("none", "i pressed a link in a text and put my card in what now", "fraud"),
    ("none", "would my dad get to hear that i've been on here", "who_is_told"),
    ("none", "should i say anything to my manager", "school_or_work"),
    ("none", "i have no papers, will they send me back", "immigration"),
    ("sexual_violence", "is it ok to wash my clothes", "sexual_assault_centre"),
    ("none", "how do i get a video of me off instagram", "pictures_taken_down"),
    ("online_abuse_image", "is there any way to make the site delete it", "pictures_taken_down"),
    ("none", "can the court make him stay away from me", "protective_orders"),
    ("restorative_justice", "do i have to face him", ""),
    ("none", "am i allowed to get support and leave the police out of it", ""),
    ("none", "how do they work out who is guilty", ""),
    ("none", "i lost the paper with my crime number on", "crime_number"),
    ("none", "will they read my statement out", "statement"),
    ("none", "can they get a picture off snapchat", "pictures_taken_down"),
    ("none", "does anyone get told ive used this chat", "who_is_told"),
    ("none", "if i go to the police will immigration get told", "immigration"),
    # blackmail with pictures: what is paid for must be known, from the words or from before
    ("online_abuse_image", "should i pay him", "blackmail"),
    ("online_abuse_image", "he messaged again. ive got 40. should i just send it", "blackmail"),
    ("online_abuse_image", "PLEASE just tell me yes or no do i pay", "blackmail"),
    ("online_abuse_image", "what if i dont pay them", "blackmail"),
    ("online_abuse_image", "do you think i should give him the money", "blackmail"),
    ("none", "he says he will share my video unless i send 500 quid what do i do", "blackmail"),
    ("none", "got my nudes, should i pay him", "blackmail"),
    ("none", "should i pay him", ""),
    ("fraud", "should i pay them the tax they say i owe", ""),
    ("online_abuse_image", "should i send it to the police", ""),
    ("online_abuse_image", "can i send you a letter", ""),
    ("online_abuse_image", "are u a person. how do i get the pics down", "pictures_taken_down"),
    # after a killing, and before a trial
    ("homicide_bereavement", "do the homicide service ring or the police", "homicide_service"),
    ("homicide_bereavement", "does the homicide team come and see you", "homicide_service"),
    ("none", "the police have had my phone since may, when is it returned", "property"),
    ("homicide_bereavement", "no not money, how do i pay for a funeral", "funeral_costs"),
    ("none", "who pays for the funeral", "funeral_costs"),
    ("homicide_bereavement", "we cant afford to bury her what do we do", "funeral_costs"),
    ("homicide_bereavement", "can we have the funeral yet", "funeral"),
    ("none", "can i have counselling before the trial", "counselling_before_trial"),
    ("none", "will the police read my therapy notes", "counselling_before_trial"),
    ("none", "can i get counselling", ""),
    ("none", "whats an isva", "isva"),
    ("sexual_violence", "can i have an advocate", "isva"),
    ("none", "can i have an advocate", ""),
    ("sexual_violence", "drop the whole thing can I", "going_no_further"),
    ("none", "can i drop the charges", "going_no_further"),
    ("none", "what if i withdraw my statement", "going_no_further"),
    ("none", "can i change my mind about giving evidence", "going_no_further"),
    ("none", "will they drop the case", "case_dropped"),
    ("none", "can i withdraw my consent", ""),
    ("antisocial_behaviour", "how do i stop it", ""),
    # a home
    ("none", "we are homeless now where can we go", "homeless"),
    ("none", "the landlord kicked us out, is there anywhere to sleep tonight", "homeless"),
    ("none", "a homeless man keeps shouting at me, what can i do", ""),
    ("domestic_abuse", "where is there a refuge", ""),
    ("burglary_theft", "who fixes my door", "home_repairs"),
    ("none", "is there a handyman for old people", "home_repairs"),
    ("none", "glass everywhere, who can clear it up", "home_repairs"),
    ("none", "can somebody change the locks", "home_repairs"),
    ("none", "someone is at my door what do i do", ""),
    # who we are for, and when
    ("none", "do blokes even ring you lot", "for_anyone"),
    ("none", "is this just for women", "for_anyone"),
    ("none", "do you help men as well", "for_anyone"),
    ("none", "is there a refuge for women", ""),
    ("none", "can men claim compensation", "compensation"),
    ("none", "does it cost", "cost_and_hours"),
    ("none", "is it free", "cost_and_hours"),
    ("online_abuse_image", "do i have to pay for this chat", "cost_and_hours"),
    ("none", "are you open at night", "cost_and_hours"),
    ("stalking_harassment", "he comes at night, are you there", ""),
    ("none", "is he free to come near me", ""),
    # writing instead of ringing, insurance, who comes to the door
    ("stalking_harassment", "can i text someone instead of ringing", "write_instead"),
    ("none", "i dont want to ring anyone can i message", "write_instead"),
    ("none", "is there a text line", "write_instead"),
    ("domestic_abuse", "he sent me a text, will the police read it", ""),
    ("burglary_theft", "can i claim for it", "insurance"),
    ("none", "will my insurance pay", "insurance"),
    ("robbery_violence", "can i claim for it", "compensation"),
    ("none", "will they come to my house", "police_visit"),
    ("burglary_theft", "can somebody come round", "police_visit"),
    ("stalking_harassment", "will he come round again", ""),
    # not ours to answer
    ("domestic_abuse", "when can i have my son back, his dad took him", ""),
    ("none", "where can i have my son back", ""),
    ("none", "whats the weather doing", ""),
    ("none", "can you recommend a good solicitor", ""),
    ("none", "can i bring my dog", ""),
    ("none", "will the price go up", ""),
    ("none", "do i need a lawyer", ""),
    ("homicide_bereavement", "how long does grief last", ""),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "question", "answer"), ASKED)
def test_a_question_gets_its_answer_or_none(topic: str, question: str, answer: str) -> None:
    found = information.by_words(question, topic, ANSWERS)
    assert (found.id if found else "") == answer


@EVERY
def test_every_answer_has_who_knows_more(answer: information.Answer) -> None:
    known = {service.id: service for service in SERVICES}
    assert len(ANSWERS) >= 25
    text = WORDS.message(Utterance(answer.name), Medium.CHAT).text
    assert answer.services or re.search(r"\b(we|us)\b", text)
    # a line for people who hurt others is named by nothing but what such people ask
    asked = "perpetrator" if answer.told else ""
    assert all(speakable(known[i], asked) for i in answer.services)


@EVERY
def test_every_answer_is_due_again_later_than_its_facts_were_read(answer) -> None:
    assert answer.source and answer.valid_at[:4] < str(answer.review_by.year)


@EVERY
@pytest.mark.parametrize("medium", Medium)
def test_an_answer_is_short(answer: information.Answer, medium: Medium) -> None:
    text = WORDS.message(Utterance(answer.name), medium).text
    assert len(re.findall(r"[.?]", text)) <= 5


@EVERY
def test_an_answer_holds_no_number_but_the_certain_ones(answer: information.Answer) -> None:
    text = WORDS.message(Utterance(answer.name), Medium.CHAT).text
    found = set(re.findall(r"(?<!\w)\d(?:[\d ]*\d)?(?!\w)", text))
    assert found <= CERTAIN | COUNTS | {"12", "20"}  # rights; the birthday a claim ends on


@EVERY
def test_nothing_is_promised_and_nobody_advised(answer: information.Answer) -> None:
    for medium in Medium:
        text = WORDS.message(Utterance(answer.name), medium).text
        assert not re.search(r"eligible|you will get|you should|guarantee|definitely", text, re.I)


@pytest.mark.parametrize("topic", ["domestic_abuse", "sexual_violence", "stalking_harassment"])
def test_being_in_touch_with_who_did_it_is_never_proposed(topic: str) -> None:
    assert not any(a.topics for a in ANSWERS if a.id == "restorative_justice")
    for text in ("what can i do", "how do i get help", "what happens next", "can i see him"):
        found = information.by_words(text, topic, ANSWERS)
        assert not found or found.id != "restorative_justice"


@pytest.mark.parametrize(
    ("text", "act", "action", "expected"),
    [
        ("can my husband find out i was on here", "ask_privacy", "none", "who_is_told"),
        ("no, when can i bury him", "deny", "none", "funeral"),
        ("the police never gave my phone back", "disclose", "none", ""),
        ("can i talk to a person about my compensation", "ask_human", "none", ""),
        ("will they know i contacted you", "ask_privacy", "check", ""),
        ("he bailed on me", "disclose", "none", ""),
        ("do blokes even ring you lot", "out_of_scope", "none", "for_anyone"),
        ("do blokes ever ring you", "ask_callback", "none", "for_anyone"),
        ("do you ring men, can you ring me", "ask_callback", "none", ""),
        ("who pays for the funeral", "provide_detail", "none", "funeral_costs"),
    ],
)
def test_a_plain_question_is_one_whatever_the_model_makes_of_it(
    text: str, act: str, action: str, expected: str
) -> None:
    heard = Understanding(act=act, action=action)
    found = information.asked(text, heard, "none", ANSWERS)
    assert (found.id if found else "") == expected
    if found:
        assert information.as_question(heard, found).act == "ask_information"


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("how do i get the pics down", True),
        ("if i dont pay will he post my pics or what should i do, he says send money", True),
        ("do i have to tell the police", False),  # in danger the words of danger say it better
    ],
)
def test_after_a_hit_a_question_about_the_pictures_is_answered(text: str, answered: bool) -> None:
    found = information.asked(text, Understanding(), "online_abuse_image", ANSWERS)
    heard = information.as_question(Understanding(), found)
    waits = Asked(hits=("immediate_danger",), address=True)
    step = next_step(State.WAITING, waits, "", heard).step
    assert (step is Step.TALK) is answered
    after = in_context(
        heard, answer="", topic="online_abuse_image", waiting=True, hits=["suicide_risk"]
    )
    assert (after.act == "ask_information") is answered


@pytest.mark.parametrize("question", ["should i pay him", "how do i get the pics down"])
def test_a_child_is_sent_to_who_is_there_for_children(question: str) -> None:
    found = told(question, "online_abuse_image", age_band="under_16")
    cards = [card.id for card in found.said[-1].services]
    text = WORDS.message(Utterance(f"info_{found.id}"), Medium.CHAT).text
    assert cards[0] == "report_remove" and "Childline" in text
    assert not {"revenge_porn_helpline", "stopncii"} & set(cards)
    grown = told(question, "online_abuse_image", age_band="25_59")
    assert grown.said[-1].services[0].id == "revenge_porn_helpline"


def test_a_crisis_line_stands_beside_no_question_without_a_crisis() -> None:
    ids = {s.id for s in SERVICES if s.tier == "crisis"}
    cards = [card.id for card in told("will the price go up", "court_process").said[-1].services]
    assert "victim_support" in cards and not ids & set(cards)
    heard = told("will the price go up", "burglary_theft", crisis="yes")
    assert ids & {card.id for card in heard.said[-1].services}


def test_asking_to_bury_somebody_tells_of_a_death() -> None:
    asked = information.asked("when can i bury him?", Understanding(), "none", ANSWERS)
    heard = information.as_question(Understanding(), asked)
    assert (heard.topic, heard.urgency) == ("homicide_bereavement", "standard")


# -- what is said -------------------------------------------------------------------------------


def told(text: str, topic: str = "none", *, at: float = NOON, medium="chat", said=(), **facts: str):
    offers = Offers(SERVICES, WORDS, lambda: at)
    return Information(WORDS, offers, lambda: at).tell(text, topic, facts, medium, said)


def names(found) -> list[str]:
    return [one.say for one in found.said]


@pytest.mark.parametrize("medium", Medium)
def test_an_answer_is_followed_by_who_knows_more_and_where_it_is_from(medium: Medium) -> None:
    found = told("how do i get compensation", medium=medium)
    assert names(found) == ["info_compensation", "info_who_knows_more"]
    assert [card.id for card in found.said[-1].services][0] == "cica"
    text = WORDS.message(found.said[-1], medium).text
    assert ("2025" in text) is (medium is Medium.CHAT)


@EVERY
@pytest.mark.parametrize("age", ["under_16", "25_59", "skip"])
def test_somebody_who_answers_at_any_hour_is_always_named(answer, age: str) -> None:
    offers = Offers(SERVICES, WORDS, lambda: NOON)
    cards = offers.named(answer.services, {"age_band": age}, "chat")
    assert 1 <= len(cards) <= 3 and any(card.open_now for card in cards)


@pytest.mark.parametrize(
    ("topic", "first"),
    [("none", "victim_support"), ("other", "victim_support"), ("burglary_theft", "victim_support")],
)
def test_what_is_not_known_is_said_with_the_names_of_who_does(topic: str, first: str) -> None:
    found = told("will the price go up", topic)
    assert names(found) == ["info_not_known"] and found.id == ""
    cards = [card.id for card in found.said[-1].services]
    assert 1 <= len(cards) <= 3 and first in cards


def test_what_we_do_ourselves_is_told_without_naming_others() -> None:
    found = told("will they know i contacted you")
    assert names(found) == ["info_who_is_told"] and found.said[0].services == ()


def test_any_question_on_a_topic_gets_what_may_help_once() -> None:
    assert names(told("do i need a lawyer", "court_process"))[:2] == ["info_may_help", "info_court"]
    again = told("do i need a lawyer", "court_process", said=["court"])
    assert names(again) == ["info_not_known"]


def test_what_was_to_be_looked_at_again_is_said_to_be_old() -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
    assert "info_may_be_old" in names(told("how do i get compensation", at=later))
    assert information.is_due(ANSWERS[0], date(2030, 1, 1))


def test_a_form_that_only_the_person_can_fill_in_is_sent_no_note() -> None:
    offers = Offers(SERVICES, WORDS, lambda: NOON)
    forms = ("report_remove", "stopncii")
    assert not any(offers.takes_referrals(i) for i in forms)
    assert offers.takes_referrals("homicide_service")


# -- the files ----------------------------------------------------------------------------------

GOOD = """court:
  chat: Some words.
  asks: [court when]
  services: [witness_service]
  source: a page
  valid_at: 2024-06
  certainty: high
  review_by: 2027-01-31
"""


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("  source: a page\n", "", "has no source"),
        ("certainty: high", "certainty: low", "not certain"),
        ("valid_at: 2024-06", "valid_at: 2028", "before its facts"),
        ("valid_at: 2024-06", "valid_at: lately", "no date"),
        ("[court when]", "['court (when']", "not a way"),
        ("[court when]", "['#weather when']", "no such crime"),
        ("  certainty", "  topics: [domestic_abuse]\n  certainty", "every question"),
        ("  chat: Some words.\n", "", "no text"),
        ("  certainty", "  phone: '101'\n  certainty", "unknown field"),
        ("  certainty", "  answers_in_danger: yes\n  certainty", "answers_in_danger"),
    ],
)
def test_a_bad_answer_is_refused(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    (tmp_path / "information").mkdir()
    (tmp_path / "information" / "court.yml").write_text(GOOD.replace(old, new))
    with pytest.raises(WordsError, match=wrong):
        Words.load(tmp_path)
    (tmp_path / "information" / "court.yml").write_text(GOOD)
    assert [a.name for a in Words.load(tmp_path).information] == ["info_court"]


@pytest.mark.parametrize(
    ("valid_at", "spoken"),
    [("2024-06-10", "10 June 2024"), ("2024-08", "August 2024"), ("2018", "2018")],
)
def test_a_date_is_said_as_people_say_it(valid_at: str, spoken: str) -> None:
    assert spoken_date(valid_at) == spoken


def test_who_tells_of_what_they_do_is_answered_without_a_question() -> None:
    heard = Understanding("high", "note", topic="domestic_abuse", act="disclose")
    found = information.asked("i hit my wife and i want help to stop", heard, "none", ANSWERS)
    assert found is not None and found.id == "own_behaviour"
    # nothing done to them was told, so that no word of comfort for it is said
    assert information.as_question(heard, found).topic == "none"
    assert information.asked("i cant sleep since he hit me", heard, "none", ANSWERS) is None
    danger = Understanding("immediate_danger", "check", act="disclose")
    words = "i hit my wife and i want help to stop"
    assert information.asked(words, danger, "none", ANSWERS) is None
