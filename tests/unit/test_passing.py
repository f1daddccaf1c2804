# SPDX-License-Identifier: Apache-2.0
"""What is told in passing, row by row; what is doubtful or another's is left to the question."""

from __future__ import annotations

import pytest

from bot.assistant.beside import settled
from bot.assistant.meaning import Turn
from bot.policy.passing import told
from bot.policy.settling import answers
from bot.settings import ROOT
from bot.wiring import areas

AREAS = areas(ROOT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'm 72", {"age_band": "60_plus"}),
        ("im 14 and my dad hits me", {"age_band": "under_16"}),
        ("i am seventy two years old", {"age_band": "60_plus"}),
        ("I'm a 17 year old girl", {"age_band": "16_17"}),
        ("I'm 45. I live in Taunton", {"age_band": "25_59", "area": "avon_and_somerset"}),
        ("I reported it to the police", {"reported": "yes"}),
        ("ive already told the police", {"reported": "yes"}),
        ("i rang the police on monday and they did nothing", {"reported": "yes"}),
        ("i haven't told the police", {"reported": "no"}),
        ("the police know", {"reported": "yes"}),
        ("I DID tell the police", {"reported": "yes"}),
        ("i was raped in march and i reported it to the police", {"reported": "yes"}),
        ("im 15 someone has my pictures", {"age_band": "under_16"}),
        ("im 14 and someone has my picture and says he'll send it", {"age_band": "under_16"}),
        ("im 9 and my uncle hurts me and he says its our secret", {"age_band": "under_16"}),
        ("she said im 30 and he laughed", {}),
        ("i live in exeter with my mum", {"area": "devon_and_cornwall"}),
        ("we live in Manchester", {"area": "elsewhere"}),
        ("im in plymouth", {"area": "devon_and_cornwall"}),
        ("I'm ringing for my elderly mum", {"who": "for_family"}),
        ("i am calling about one of my clients", {"who": "for_work"}),
        ("im a bloke", {"audience": "men"}),
        ("im a 6 foot 2 bloke and she hits me", {"audience": "men"}),
        ("as a woman i would not feel safe there", {"audience": "women"}),
        ("I'm a woman. I want a refuge", {"audience": "women", "need": "need_home"}),
        ("find me a refuge near torquay, one i can ring", {"need": "need_home"}),
        ("the officer came round on monday", {"reported": "yes"}),
        ("i saw it happen", {"who": "witness"}),
        ("I'm ringing for my neighbour", {"who": "for_friend"}),
        ("they said no further action", {"stage": "stopped", "reported": "yes"}),
        ("hes been charged", {"stage": "charged", "reported": "yes"}),
        ("its going to court in may", {"stage": "trial", "reported": "yes"}),
        ("i never told the police. hes been charged", {"stage": "charged", "reported": "yes"}),
        ("hes been charged. i never told the police", {"stage": "charged", "reported": "yes"}),
        ("will it be going to court", {}),
        ("he has not been charged", {}),
        # where a house of theirs is; not what they had to leave
        ("someone broke in to my house in Exeter", {"area": "devon_and_cornwall"}),
        ("kids smashed up my flat in bristol last night", {"area": "avon_and_somerset"}),
        ("they came to my home in exeter, i live in bristol", {"area": "avon_and_somerset"}),
        ("i had to leave my house in Exeter", {}),
        ("i was robbed on my way home in Exeter", {}),
        ("someone broke in to my mums house in Exeter", {}),
        # a need that is wished for; "i can't sleep" is told by nearly everybody
        ("somebody to go out with me, I get lonely", {"need": "need_social"}),
        ("I need somewhere safe to live", {"need": "need_home"}),
        ("i cant pay my rent", {"need": "need_money"}),
        ("i cant pay my rent and i drink too much", {"need": "need_money", "second": "need_drugs"}),
        ("help with money, my job and the kids", {"need": "need_money", "second": "need_work"}),
        ("find me a refuge. im in debt too", {"need": "need_home", "second": "need_money"}),
        ("i'm worried about my son", {}),
        ("i live in glasgow and i was mugged", {"area": "elsewhere"}),
        ("hi im from newquay, someone smashed my van", {"area": "devon_and_cornwall"}),
        # help is for who was hurt, where nobody else was
        ("my son was robbed outside school", {"who": "for_family"}),
        ("someone attacked my elderly neighbour", {"who": "for_friend"}),
        ("my lad came home with a black eye, some boys jumped him", {"who": "for_family"}),
        ("my daughter had her phone snatched on the bus", {"who": "for_family"}),
        ("someone nicked my mums purse", {"who": "for_family"}),
        ("my boy got a kicking at school", {"who": "for_family"}),
        ("my sister is being hit by her husband", {"who": "for_family"}),
        ("a lad was stabbed outside the shop", {}),
        ("we are both 24", {"age_band": "18_24"}),
        ("were both in our sixties", {"age_band": "60_plus"}),
        ("i'm in my late 20s", {"age_band": "25_59"}),
        ("im in my twenties", {}),
        ("he is in his 60s", {}),
        ("he hit my little girl", {}),
        ("my neighbours lad smashed my window", {}),
        ("my son got home late", {}),
        ("i came home and my door was kicked in", {}),
        ("im a GP, my patient was raped", {"who": "for_work"}),
        ("social worker here. a client was the victim of an attack", {"who": "for_work"}),
        ("i am a nurse and a patient attacked me", {}),
        ("im a carer for my mum", {}),
        ("my dad got conned, i cant sleep", {}),
        ("me and my son were robbed", {}),
        ("my son was stabbed, he died", {}),
        ("my son robbed me", {}),
        ("my husband was arrested", {}),
        ("I can't sleep", {}),
        ("i want to live", {}),
        ("I live alone", {}),
        ("i dont need housing", {}),
        ("my bag was snatched, i am deaf", {"access": "hearing"}),
        ("he is deaf", {}),
        ("i reported it", {"reported": "yes"}),
        ("i reported it to my boss", {}),
        # a bare list of answers
        (
            "me. 26. Bristol. Women",
            {"who": "for_me", "age_band": "25_59", "area": "avon_and_somerset",
             "audience": "women"},
        ),
        ("26 f bristol", {"age_band": "25_59", "area": "avon_and_somerset", "audience": "women"}),
        ("M/19/Exeter", {"age_band": "18_24", "area": "devon_and_cornwall", "audience": "men"}),
        ("26 m from my house", {}),
        ("14, The Mews, Exeter", {}),
        ("26, Bristol", {}),
        ("me, 26, and it was in Bristol", {}),
        ("im afraid of a man", {}),
        ("im a friend of a man", {}),
        ("im not a man", {}),
        ("im a mans best friend", {}),
        ("im a victim of the man next door", {}),
        ("do blokes even ring you lot", {}),
        ("my wife hit me", {}),
        ("i dont want a refuge", {}),
        # another's, another time, another thing, or not sure
        ("my son is 14", {}),
        ("he is 14", {}),
        ("when i was 14 he hurt me", {}),
        ("im nearly 16", {}),
        ("i'll be 18, im 17 next week", {}),
        ("im 16 weeks pregnant", {}),
        ("im 10 minutes away", {}),
        ("im 100 percent sure", {}),
        ("im so scared and alone", {}),
        ("should i tell the police", {}),
        ("if i told the police he would know", {}),
        ("my mum told the police", {}),
        ("did i tell the police everything", {}),
        ("im 15 minutes away", {}),
        ("i havent told the police everything", {}),
        ("he lives in exeter", {}),
        ("i used to live in exeter", {}),
        ("i live in a flat near bath", {}),
        ("i live in bath road", {}),
        ("im in the bath", {}),
        ("16 or 17", {}),
        ("Bristol, Bath or Somerset", {}),
    ],
)
def test_only_plain_first_person_forms_count(text, found):
    assert told(text, AREAS) == found


def turn(text="some words", **more):
    return Turn("c", "t", "chat", text, **more)


@pytest.mark.parametrize(
    ("said", "asked", "who", "slots"),
    [
        (turn("I'm 72"), None, None, {"needs_age_band": "60_plus", "little": None}),
        (turn("I'm 72"), None, "for_me", {"needs_age_band": "60_plus", "little": None}),
        # about the one who asks, and so not about the one who is asked for
        (turn("I'm 72"), None, "for_work", {"little": None}),
        (
            turn("Someone I work with", intent="choose", choice="for_work"), "needs_who", None,
            {"needs_who": "for_work", "needs_age_band": None, "needs_area": None,
             "needs_audience": None},
        ),
        (turn("Me", intent="choose", choice="for_me"), "needs_who", None, {}),
        # left out while another thing is asked; a choice of skip is an answer by itself
        (turn(intent="ask_privacy", choice="skip"), "needs_area", None, {"needs_area": "skip"}),
        (turn(intent="choose", choice="skip"), "needs_area", None, {}),
        # answered beside a question back; never beside danger
        (turn(intent="ask_privacy", choice="women"), "needs_audience", None,
         {"needs_audience": "women"}),
        (turn(intent="danger_immediate", choice="yes"), "needs_reported", None, {}),
        # what is safe for them is never settled beside something else, but it is left out
        (turn(intent="ask_privacy", choice="yes"), "referral_contact_safe", None, {}),
        (turn(intent="ask_privacy", choice="skip"), "referral_contact_safe", None,
         {"referral_contact_safe": "skip", "referral_contact_number": "not_asked",
          "referral_contact_by": "not_asked", "referral_contact_private": "not_asked",
          "referral_contact_email": "not_asked", "referral_contact_text": "not_asked",
          "referral_contact_words": "not_asked", "referral_contact_text_when": "not_asked",
          "referral_called": "not_asked",
          "referral_contact_voicemail": "not_asked", "referral_contact_when": "not_asked",
          "referral_contact_days": "not_asked",
          "referral_contact_code_word": "not_asked", "referral_contact_cover": "not_asked",
          "referral_contact_unknown": "not_asked", "referral_contact_stop_word": "not_asked"}),
    ],
)  # fmt: skip
def test_what_a_turn_settles_beside_its_meaning(said, asked, who, slots):
    assert settled(said, asked, {"who": who} if who else {}, AREAS) == slots


@pytest.mark.parametrize(
    ("asking", "answer", "text", "known", "kept"),
    [
        ("needs_ask_reported", "yes", "yes theyve got cctv", {}, {"reported": "yes"}),
        ("needs_ask_age_band", "skip", "rather not", {}, {"age_band": "skip"}),
        ("needs_ask_age_band", "18_24", "19", {"age_band": "25_59"}, {"age_band": "18_24"}),
        ("support_more", "find_help", "find help", {}, {}),
        ("", "", "I'm 72", {}, {"age_band": "60_plus"}),
        ("", "", "I'm 72", {"age_band": "25_59"}, {}),  # what was answered stays
        ("", "", "I'm 72", {"who": "for_family"}, {}),  # their own age, not that person's
        # put right: what stood does not stay
        ("needs_ask_who", "", "no, I meant Plymouth", {"area": "elsewhere"},
         {"area": "devon_and_cornwall", "place": "Plymouth", "council": "plymouth"}),
        ("needs_ask_need", "", "actually it was reported", {"reported": "no"}, {"reported": "yes"}),
        # where somebody lives, as they call it; picked from a list it has no name
        ("needs_ask_area", "elsewhere", "Leeds", {},
         {"area": "elsewhere", "place": "Leeds", "council": ""}),
        ("needs_ask_area", "avon_and_somerset", "Bristol, Bath or Somerset", {},
         {"area": "avon_and_somerset", "place": "", "council": ""}),
        # several needs in one answer
        ("needs_ask_need", "need_money", "money, my job and the kids", {},
         {"need": "need_money", "second": "need_work", "need_family": "some"}),
        # told later it takes no other's place
        ("", "", "im skint as well", {"need": "need_home"}, {"second": "need_money"}),
        ("", "", "im skint as well", {"need": "need_home", "second": "need_work"},
         {"need_money": "some"}),
        ("", "", "i need somewhere to stay", {"need": "need_home"}, {}),
        ("", "", "im skint as well", {"need": "skip", "second": "not_asked"},
         {"need_money": "some"}),
        ("needs_ask_when", "enough", "show me help", {}, {"when": "skip"}),
        ("", "", "can i speak to a woman", {}, {"wants_worker": "woman"}),
        ("needs_ask_audience", "", "my son, he's 14", {"who": "for_family"},
         {"age_band": "under_16"}),
        ("needs_ask_who", "for_work", "a client", {"age_band": "25_59"},
         {"who": "for_work", "age_band": "skip"}),
        ("needs_ask_age_band_them", "under_16", "she's 12", {"who": "for_family"},
         {"age_band": "under_16"}),
    ],
)  # fmt: skip
def test_what_a_turn_settles_is_kept_for_whoever_joins(asking, answer, text, known, kept):
    assert answers(asking, answer, text, known, AREAS) == kept


def test_next_door_is_no_doubt_about_an_age() -> None:
    assert told("im 78 and the lads next door shout", AREAS) == {"age_band": "60_plus"}


@pytest.mark.parametrize(
    ("text", "asked", "choice", "little"),
    [
        ("im 9", None, "", "yes"),
        ("i am 12 and my dad hits me", None, "", "yes"),
        ("no im 19", None, "", None),  # a slip is put right
        ("im 9. sorry im 19", None, "", None),
        ("19 years old", "needs_need", "", None),
        ("", "needs_age_band", "25_59", None),
        ("9", "needs_age_band", "under_16", "yes"),
        ("eleven", "needs_age_band", "under_16", "yes"),
        ("15", "needs_age_band", "under_16", None),
    ],
)
def test_who_is_little_is_settled_both_ways(text, asked, choice, little) -> None:
    turn = Turn("c", "t", "chat", text, intent="choose" if choice else "disclose", choice=choice)
    found = settled(turn, asked, {}, AREAS)
    assert "little" in found and found["little"] == little


@pytest.mark.parametrize(
    ("text", "asked", "choice", "who"),
    [
        ("he hits me", None, "", None),
        ("", "needs_age_band", "under_16", None),
        ("", "needs_age_band", "skip", None),
        ("", "needs_age_band", "60_plus", "for_family"),  # their age, whom a child asks for
        ("my brother is 19", None, "", "for_family"),
    ],
)
def test_what_tells_no_age_of_theirs_leaves_who_is_little_as_it_is(text, asked, choice, who):
    turn = Turn("c", "t", "chat", text, intent="choose" if choice else "disclose", choice=choice)
    assert "little" not in settled(turn, asked, {"who": who} if who else {}, AREAS)
