# SPDX-License-Identifier: Apache-2.0
"""Support scripts: found in anybody's words, in the form that fits them, never before danger."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.policy import scripts
from bot.policy.answer import normalise
from bot.policy.information import by_words, is_due
from bot.policy.topics import TOPICS
from bot.policy.turn import Medium, Said, Understanding, Utterance
from bot.words import Words, WordsError
from tests.unit.test_words import CERTAIN, COUNTS

WORDS = Words.load("data/words")
SCRIPTS = WORDS.scripts
EVERY = pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.id)

# What people say of how they are: what is known of the story, their words, the script; "" for none.
SAID = [
    ("none", "i cant sleep", "sleep"),
    ("burglary_theft", "not been sleeping since they got in", "sleep"),
    ("none", "im awake every night thinking about it", "sleep"),
    ("none", "he makes me sleep on the floor", ""),
    ("none", "i dont want to sleep with him", ""),
    ("none", "i keep having nightmares", "flashbacks"),
    ("none", "it keeps playing in my head", "flashbacks"),
    ("none", "i keep seeing him outside my house", ""),
    ("none", "its all my fault", "guilt"),
    ("none", "i feel so stupid for sending the money", "guilt"),
    ("none", "if only i had locked the door", "guilt"),
    ("none", "i should have fought him off", "guilt"),
    ("none", "maybe i deserved it", "guilt"),
    ("none", "i should have my money back", ""),
    ("none", "im so angry i cant think", "anger"),
    ("none", "he gets so angry he hits me", ""),
    ("none", "i just feel numb", "numb"),
    ("none", "my legs feel numb", ""),
    ("none", "none of it feels real, like a dream", "numb"),
    ("none", "its the anniversary next week and im dreading it", "dates"),
    ("homicide_bereavement", "first christmas without him", "dates"),
    ("none", "he hit me on our anniversary", ""),
    ("homicide_bereavement", "i miss him so much", "grief"),
    ("homicide_bereavement", "how do people cope with this", "grief"),
    ("none", "i miss my old phone", ""),
    ("none", "my daughter was raped, how do i help her", "helping_child"),
    ("none", "what do i say to my son", "helping_child"),
    ("domestic_abuse", "what can i do my son hits me", ""),
    ("sexual_violence", "how can i support my wife", "helping_partner"),
    ("domestic_abuse", "how can i help my husband stop", ""),
    ("none", "whats the best way to support my friend", "helping_friend"),
    ("none", "i saw a man get stabbed and i cant stop thinking about it", "witness"),
    ("none", "it didnt even happen to me i only saw it", "witness"),
    ("sexual_violence", "it was on saturday", "rape_health"),
    ("sexual_violence", "could i be pregnant", "rape_health"),
    ("none", "i was raped, should i get pep", "rape_health"),
    ("burglary_theft", "it was on saturday", ""),
    ("domestic_abuse", "my neck hurts where he grabbed me", "strangled_health"),
    ("domestic_abuse", "my throat still hurts", "strangled_health"),
    ("road_traffic", "my neck is really stiff", ""),
    ("burglary_theft", "what if they come back tonight", "home_tonight"),
    ("burglary_theft", "im scared theyll be back again", "home_tonight"),
    ("stalking_harassment", "what if he comes back tonight, he got burgled", ""),
    ("fraud", "i sent them two grand an hour ago", "fraud_first_hour"),
    ("none", "ive just been scammed, it was this morning", "fraud_first_hour"),
    ("antisocial_behaviour", "told the council five times and nothing happens", "asb_review"),
    ("none", "what is the community trigger", "asb_review"),
    ("none", "weve been burgled again", "happened_again"),
    ("none", "thats the third time they smashed my car", "happened_again"),
    ("domestic_abuse", "its happened again", ""),
    ("none", "its me again", "back_again"),
    ("none", "sorry to bother you", "back_again"),
    ("none", "he is back again", ""),
    ("none", "he is here again", ""),
    ("none", "where can i get help", ""),
    ("fraud", "will the bank refund me", ""),
    # said otherwise, written without looking at the files
    ("none", "ive been up since 3 cant drop off", "sleep"),
    ("none", "my sleep is all over the place", "sleep"),
    ("none", "i only get about two hours sleep", "sleep"),
    ("none", "scared to close my eyes at night", "sleep"),
    ("none", "i havent slept for days", "sleep"),
    ("none", "i dream about it most nights", "flashbacks"),
    ("none", "it replays in my mind constantly", "flashbacks"),
    ("none", "i wake up screaming from nightmares", "flashbacks"),
    ("none", "i get pictures of it in my head", "flashbacks"),
    ("none", "i cant help thinking i caused it", "guilt"),
    ("none", "i blame myself for not locking up", "guilt"),
    ("none", "i shouldnt have been out that late", "guilt"),
    ("none", "everyone will think im an idiot", "guilt"),
    ("none", "is it my fault for drinking", "guilt"),
    ("none", "i feel ashamed of myself", "guilt"),
    ("none", "i feel so much rage towards him", "anger"),
    ("none", "im angry all the time now", "anger"),
    ("none", "i keep shouting at my kids since", "anger"),
    ("none", "i cant feel anything", "numb"),
    ("none", "i feel like im in a dream", "numb"),
    ("none", "christmas is going to be so hard without her", "dates"),
    ("none", "tomorrow is a year since the attack", "dates"),
    ("homicide_bereavement", "i dont know how to live without him", "grief"),
    ("homicide_bereavement", "i cant stop crying for my boy", "grief"),
    ("none", "how should i support my daughter, she was assaulted", "helping_child"),
    ("none", "what should i say to my husband he was robbed", "helping_partner"),
    ("none", "a friend of mine was raped how can i help", "helping_friend"),
    ("none", "my brother got stabbed and i want to be there for him", "helping_friend"),
    ("none", "i witnessed an attack and i feel shaken", "witness"),
    ("sexual_violence", "it was last night", "rape_health"),
    ("sexual_violence", "im worried about hiv", "rape_health"),
    ("sexual_violence", "what if im pregnant", "rape_health"),
    ("domestic_abuse", "he had me by the throat and it hurts to swallow", "strangled_health"),
    ("burglary_theft", "what if they come back", "home_tonight"),
    ("burglary_theft", "i dont feel safe at home any more", "home_tonight"),
    ("fraud", "i sent the money this morning", "fraud_first_hour"),
    ("antisocial_behaviour", "weve rung the police dozens of times", "asb_review"),
    ("none", "third time my van has been broken into", "happened_again"),
    ("none", "me again im afraid", "back_again"),
    ("none", "i called you before about this", "back_again"),
    ("none", "i want to speak to someone about my case", ""),
    ("none", "they stole my bike", ""),
    ("none", "he wont let me sleep", ""),
    ("none", "my ex keeps turning up", ""),
    ("none", "can i get compensation", ""),
    ("fraud", "they took two thousand pounds", ""),
    ("none", "my daughter was hit by a car", ""),
    ("none", "my son is being bullied", ""),
    ("none", "i saw him outside my work", ""),
    ("none", "the police took my statement", ""),
    ("none", "what happens at court", ""),
    ("sexual_violence", "my uncle did things to me as a kid", ""),
    ("none", "he said it was my own stupid fault and hit me", "guilt"),
    ("none", "my mum called the police", ""),
    ("domestic_abuse", "he wakes me up at night shouting", ""),
    ("none", "i am 45 and live in exeter", ""),
    ("burglary_theft", "they took my laptop and my bag", ""),
    ("none", "he said he was so sorry", ""),
    ("none", "my phone was stolen on the bus last night", ""),
    ("antisocial_behaviour", "they play music all night", ""),
    ("none", "my neck was cut", ""),
    ("none", "i dreamed of being a police officer", ""),
    ("none", "the dog wakes up at night", ""),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "words", "script"), SAID)
def test_what_somebody_says_is_met_with_its_script_or_none(topic, words, script) -> None:
    found = scripts.told(words, Understanding(), topic, SCRIPTS, ())
    assert (found.id if found else "") == script


@pytest.mark.parametrize(
    ("heard", "found"),
    [
        (Understanding(act="disclose"), True),
        (Understanding(act="distress"), True),
        (Understanding("immediate_danger", "interrupt"), False),
        (Understanding(act="ask_human"), False),
        (Understanding(act="exit_now"), False),
        (Understanding(act="request_deletion"), False),
    ],
)
def test_danger_and_a_wish_go_first(heard: Understanding, found: bool) -> None:
    assert bool(scripts.told("its all my fault", heard, "none", SCRIPTS, ())) is found


def test_a_script_is_met_with_once_in_a_conversation() -> None:
    for words, said in (("i cant sleep", "sleep"), ("its my fault", "guilt_unblaming")):
        assert scripts.told(words, Understanding(), "none", SCRIPTS, [f"script_{said}"]) is None


@pytest.mark.parametrize("topic", [*TOPICS, "none"])
@pytest.mark.parametrize("young", [True, False])
def test_every_form_of_every_script_has_words(topic: str, young: bool) -> None:
    for script in SCRIPTS:
        if script.asks:
            assert scripts.form(script.name, [topic], young=young) in WORDS.names()


@pytest.mark.parametrize("topic", sorted(scripts.NO_FAULT))
@pytest.mark.parametrize("young", [True, False])
@pytest.mark.parametrize("medium", Medium)
def test_nobody_bereaved_or_in_a_crash_is_told_anything_of_fault(topic, young, medium) -> None:
    for script in SCRIPTS:
        if not script.asks or script.id.startswith("helping_"):  # these are said of somebody else
            continue
        name = scripts.form(script.name, [topic, "other"], young=young)
        found = WORDS.message(Utterance(name), medium).text
        assert not re.search(r"fault|blame", found, re.IGNORECASE), name


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("its my fault", "script_guilt"),
        ("my boy died and its my fault", "script_guilt_unblaming"),
        ("i blame myself, i lost my sister", "script_guilt_unblaming"),
        ("it was my fault i was driving", "script_guilt_unblaming"),
        ("i feel so stupid i lost my savings", "script_guilt"),
    ],
)
def test_a_death_told_in_the_same_breath_counts_whatever_a_model_hears(words, form) -> None:
    script = scripts.told(words, Understanding(), "none", SCRIPTS, ())
    assert scripts.named(script, words) == form


@EVERY
def test_a_script_says_for_whom_it_is_and_for_whom_not(script) -> None:
    assert script.meant_for and script.not_for and script.source
    assert not is_due(script, date(2026, 11, 27))


@EVERY
@pytest.mark.parametrize("medium", Medium)
def test_a_script_is_short_and_has_ways_on(script, medium) -> None:
    message = WORDS.message(Utterance(script.name), medium)
    assert len(re.findall(r"[.?]", message.text)) <= 9
    assert {"person", "done"} <= {choice.key for choice in message.choices}


@EVERY
def test_no_number_but_the_certain_ones(script) -> None:
    for medium in Medium:
        text = WORDS.message(Utterance(script.name), Medium.CHAT).text
        found = set(re.findall(r"(?<!\w)\d(?:[\d ]*\d)?(?!\w)", text))
        assert found <= CERTAIN | COUNTS | {"72"}, medium  # hours


@EVERY
def test_nothing_is_advised_that_its_source_does_not_say(script) -> None:
    text = WORDS.message(Utterance(script.name), Medium.CHAT).text
    assert not re.search(r"you should|you need to report|eligible|leave him|leave her", text, re.I)


def test_a_child_is_told_of_childline_and_an_adult() -> None:
    for script in scripts.OF_CHILDREN:
        text = WORDS.message(Utterance(f"script_{script}_child"), Medium.CHAT).text
        assert "0800 1111" in text and "adult you trust" in text


def test_a_little_child_hears_words_of_their_own() -> None:
    for script in scripts.OF_LITTLE:
        name = scripts.form(f"script_{script}", (), young=True, little=True)
        text = WORDS.message(Utterance(name), Medium.CHAT).text
        assert name.endswith("_little") and "0800 1111" in text and "grown-up you trust" in text
    assert scripts.form("script_guilt", ("homicide_bereavement",), young=True, little=True) == (
        "script_guilt_unblaming"
    )
    assert scripts.form("script_numb", (), young=True, little=True) == "script_numb_child"


@pytest.mark.parametrize(("topic", "script"), scripts.OFFERED.items())
def test_what_is_offered_with_a_topic_has_a_name_on_both_channels(topic, script) -> None:
    assert topic in TOPICS
    assert all(WORDS.label(f"script_{script}", medium) for medium in Medium)


def test_no_script_takes_a_question_from_its_answer() -> None:
    question = "can i be with my daughter in court"
    answer = by_words(question, "none", WORDS.information)
    script = scripts.told(question, Understanding(), "none", SCRIPTS, ())
    assert answer is not None and not scripts.fits_better(script, answer, question, "none")
    assert normalise(question)


# -- in a conversation --------------------------------------------------------------------------


def pick(reply, key):
    return next(c.id for m in reply.messages for c in m.choices if c.key == key)


@pytest.fixture
async def someone(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["support_what_would_help"]
    safe = pick(opened.reply, "yes")
    await fingerpost.conversations.hear(opened.contact, Said(choice=safe))

    async def says(text: str) -> tuple[str, str]:
        await fingerpost.conversations.hear(opened.contact, Said(text=text))
        return assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]

    return says


async def test_who_cannot_sleep_gets_the_script_and_not_the_questions(someone) -> None:
    assert await someone("not sleeping") == ("ask_support", "script_sleep")
    assert (await someone("i cant sleep"))[0] != "ask_support"  # never twice in the same words


GUILTY = "its all my fault"


async def test_after_a_doubt_was_answered_with_no_the_words_before_it_are_met(
    fingerpost, assistant, monkeypatch
) -> None:
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    await hear(opened.contact, Said(choice=pick(opened.reply, "yes")))
    real = fingerpost.screen.understand
    doubt = Understanding("suicide_risk", "check", act="distress", confidence=0.4)
    found = {GUILTY: doubt}
    monkeypatch.setattr(
        fingerpost.screen, "understand", lambda text, *a: found.get(text) or real(text, *a)
    )
    check = await hear(opened.contact, Said(text=GUILTY))
    assert check.messages[-1].say == "check_suicide"
    await hear(opened.contact, Said(choice=pick(check, "no")))
    assert assistant.heard[-1]["intent"] == "check_cleared"
    assert assistant.heard[-1]["choice"] == "script_guilt"
    check = await hear(opened.contact, Said(text="i cant sleep"))
    assert assistant.heard[-1]["choice"] == "script_sleep"  # nothing of it is left over


async def test_a_question_asked_beside_a_feeling_is_answered_as_a_question(someone) -> None:
    intent, _ = await someone("how long do i have to claim compensation")
    assert intent == "ask_information"


async def test_who_comes_again_is_welcomed_and_asked_whether_it_is_safe(
    fingerpost, assistant
) -> None:
    opened = await fingerpost.conversations.open("chat")
    reply = await fingerpost.conversations.hear(opened.contact, Said(text="its me again"))
    assert [m.say for m in reply.messages] == ["script_back_again", "opening_safe"]
    assert assistant.heard == []


# -- the files ----------------------------------------------------------------------------------

GOOD = """rest:
  chat: Some words.
  asks: [cant_rest]
  for: somebody
  not_for: nobody
  source: a page
  valid_at: 2024-06
  certainty: high
  review_by: 2027-01-31
"""


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("  for: somebody\n", "", "has no for"),
        ("  not_for: nobody\n", "", "has no not_for"),
        ("  source: a page\n", "", "has no source"),
        ("certainty: high", "certainty: low", "not certain"),
        ("[cant_rest]", "['cant (rest']", "not a way"),
        ("[cant_rest]", "['#weather rest']", "no such topic"),
        ("  for: some", "  phone: '101'\n  for: some", "unknown field"),
        ("  for: some", "  choices: [nowhere]\n  for: some", "nowhere"),
        ("  chat: Some", "  easy: '{gap}'\n  chat: Some", "easy has a gap"),
    ],
)
def test_a_bad_script_is_refused(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    labels = "".join(f"{key}: {{chat: a, voice: b}}\n" for key in ("calm", "find_help", "person"))
    (tmp_path / "choices.yml").write_text(labels + "done: {chat: a, voice: b}\n")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "rest.yml").write_text(GOOD.replace(old, new))
    with pytest.raises(WordsError, match=wrong):
        Words.load(tmp_path)
    (tmp_path / "scripts" / "rest.yml").write_text(GOOD)
    assert [script.name for script in Words.load(tmp_path).scripts] == ["script_rest"]
