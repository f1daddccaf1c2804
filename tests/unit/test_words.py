# SPDX-License-Identifier: Apache-2.0
"""The words files: everything can be said on both channels, and nothing in them does harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.policy.consent import struck
from bot.policy.pace import sentences
from bot.policy.turn import (
    Choice,
    Kind,
    Line,
    Medium,
    Sender,
    ServiceCard,
    Utterance,
)
from bot.words import Words, WordsError
from bot.words.spoken import grouped, numbers_in, spelled

FOLDER = Path("data/words")
WORDS = Words.load(FOLDER)
FEATURES = sorted(
    path.stem for path in FOLDER.glob("*.yml") if path.stem not in ("choices", "answers")
)

# What only a page says.
ON_A_PAGE = ("home_", "chat_", "page_", "privacy_", "closed_", "problem_")
# The only numbers that a person may be given outside the directory.
CERTAIN = {
    "999",
    "55",
    "111",
    "2",
    "116 123",
    "85258",
    "0800 1111",
    "0800 5999 247",
    "08 08 16 89 111",
    "101",
    "18000",
    "18001",
}
# Numbers that are not for dialling: keys, ages, times, things to look for.
COUNTS = {
    "10",
    *"0123456789",
    "16",
    "17",
    "18",
    "19",
    "24",
    "25",
    "59",
    "60",
    "5 5",
    "30",
}

# Said to somebody who has just been heard to be in danger: six seconds of speech.
FIRST_WORDS = [
    "emergency_immediate",
    "emergency_suicide",
    "emergency_suicide_child",
    "emergency_safeguarding",
    "emergency_from_staff",
    "danger_nobody_yet",
    "opening_emergency",
    "not_safe",
    "check_not_sure",
    "check_not_sure_suicide",
    "phone_not_999",
]

NOT_A_FAULT = re.compile(r"fault|blame", re.IGNORECASE)
SORRY_IT_HAPPENED = re.compile(r"sorry this happened|sorry someone did", re.IGNORECASE)


def said(name: str, medium: Medium) -> str:
    return WORDS.message(Utterance(name, dict.fromkeys(WORDS.gaps(name), "12")), medium).text


@pytest.mark.parametrize("name", WORDS.names())
@pytest.mark.parametrize("medium", Medium)
def test_every_name_is_said_on_both_channels(name: str, medium: Medium) -> None:
    text = said(name, medium)
    assert text and "{" not in text
    for key in WORDS.choices(name):
        assert WORDS.label(key, medium)


@pytest.mark.parametrize("name", [n for n in WORDS.names() if not n.startswith(ON_A_PAGE)])
def test_what_is_spoken_has_one_idea_a_sentence(name: str) -> None:
    spoken = re.sub(r"\d(?:[\d ,]*\d)?", "one", said(name, Medium.VOICE))
    assert all(len(sentence.split()) <= 20 for sentence in sentences(spoken))


@pytest.mark.parametrize("name", WORDS.names())
@pytest.mark.parametrize("medium", Medium)
def test_one_question_at_a_time(name: str, medium: Medium) -> None:
    text = re.sub(r"In danger(?: now)?\?|Under 19\?", "", said(name, medium))
    assert text.count("?") <= 1


@pytest.mark.parametrize("name", [n for n in WORDS.names() if not n.startswith("problem_")])
def test_nothing_to_click_is_read_aloud(name: str) -> None:
    spoken = said(name, Medium.VOICE)
    assert not re.search(r"https?:|www\.|\.uk\b|\.org\b", spoken)
    if name.split("_")[0] not in ("home", "chat", "page", "partner", "privacy", "closed"):
        assert not re.search(r"\b(click|button|this page|type)\b", spoken, re.IGNORECASE)


@pytest.mark.parametrize("name", FIRST_WORDS)
def test_the_first_words_in_danger_take_six_seconds(name: str) -> None:
    assert len(said(name, Medium.VOICE).split()) <= 16


@pytest.mark.parametrize("name", ["emergency_from_staff", "danger_nobody_yet"])
def test_nobody_suicidal_or_abused_gets_words_for_an_attacker_in_the_room(name: str) -> None:
    for medium in Medium:
        heard = said(f"{name}_suicide", medium)
        digits = re.sub(r"\D", "", heard)
        assert all(n in digits for n in ("999", "1112", "116123", "85258", "08001111"))
        assert "press 5" not in heard and "Hang up" not in heard
        assert "Childline" in said(f"{name}_safeguarding", medium)
    for danger in ("suicide", "safeguarding"):
        spoken = said(f"{name}_{danger}", Medium.VOICE)
        assert len(spoken.split("9 9 9")[0].split()) <= 16


def test_a_call_opens_within_ten_seconds() -> None:
    assert len(said("phone_welcome", Medium.VOICE).split()) <= 28


WORRIED = [n for n in WORDS.names() if n.startswith("check_worried")]


@pytest.mark.parametrize("name", WORRIED)
def test_a_worry_said_again_is_answered_in_a_breath(name: str) -> None:
    first = said(name, Medium.VOICE).split(". ")[0]
    assert len(first.split()) <= 16


@pytest.mark.parametrize(
    "name", [n for n in WORDS.names() if n.startswith("emergency_")] + WORRIED
)
def test_every_emergency_is_urgent(name: str) -> None:
    assert WORDS.message(Utterance(name), Medium.CHAT).kind is Kind.URGENT


@pytest.mark.parametrize("name", ["emergency_immediate", "emergency_from_staff", "not_safe"])
def test_a_silent_call_is_told_the_whole_of_it(name: str) -> None:
    read = said(name, Medium.CHAT)
    assert "cough or tap, and press 55 only when the recording asks" in read
    assert "On a landline: stay on the line." in read


def test_a_caller_hears_the_rest_of_it_next() -> None:
    heard = said("emergency_immediate_next", Medium.VOICE)
    assert "press 5 5 only when the recording asks" in heard
    assert "On a landline, stay on the line." in heard


@pytest.mark.parametrize("name", ["emergency_suicide_next"])
def test_a_caller_is_offered_a_person_before_any_number(name: str) -> None:
    heard = said(name, Medium.VOICE)
    assert heard.index("a person here") < min(heard.index("9 9 9"), heard.index("1 1 6"))


@pytest.mark.parametrize("feature", FEATURES)
def test_no_number_but_the_certain_ones(feature: str) -> None:
    text = (FOLDER / f"{feature}.yml").read_text("utf-8")
    text = re.sub(r"#.*|^\w+:$", "", text, flags=re.MULTILINE)
    found = set(re.findall(r"(?<!\w)\d(?:[\d ]*\d)?(?!\w)", text))
    assert found <= CERTAIN | COUNTS


@pytest.mark.parametrize(
    "topic",
    ["homicide_bereavement", "road_traffic", "police_update", "court_process", "complaint",
     "compensation", "restorative_justice", "mental_distress", "terrorism"],
)  # fmt: skip
def test_nobody_bereaved_or_asking_is_told_about_fault(topic: str) -> None:
    assert not NOT_A_FAULT.search(said(f"support_heard_{topic}", Medium.CHAT))


@pytest.mark.parametrize(
    "topic",
    ["police_update", "court_process", "complaint", "compensation", "restorative_justice"],
)
def test_a_question_is_not_met_with_condolence(topic: str) -> None:
    assert not SORRY_IT_HAPPENED.search(said(f"support_heard_{topic}", Medium.CHAT))


# -- rendering -----------------------------------------------------------------------------------


def test_a_name_that_is_not_held_is_an_error() -> None:
    with pytest.raises(WordsError, match="no_such_words"):
        WORDS.message(Utterance("no_such_words"), Medium.CHAT)


@pytest.mark.parametrize("values", [{}, {"position": " "}])
def test_an_unfilled_gap_is_an_error(values: dict[str, str]) -> None:
    with pytest.raises(WordsError, match="position"):
        WORDS.message(Utterance("person_asked", values), Medium.CHAT)


def test_a_value_is_never_read_as_a_gap() -> None:
    message = WORDS.message(Utterance("person_asked", {"position": "{service}"}), Medium.CHAT)
    assert "{service}" in message.text


def test_the_deployments_own_name_is_said() -> None:
    words = Words.load(FOLDER, {"service": "The Lantern"})
    assert "The Lantern" in words.message(Utterance("opening_welcome"), Medium.CHAT).text


def test_choices_come_from_the_file_unless_the_dialogue_gives_its_own() -> None:
    message = WORDS.message(Utterance("opening_safe"), Medium.VOICE)
    assert [choice.key for choice in message.choices] == list(WORDS.choices("opening_safe"))
    own = (Choice("service_1", "Next Link"), Choice("skip", ""))
    message = WORDS.message(Utterance("referral_ask_service", choices=own), Medium.CHAT)
    assert [choice.label for choice in message.choices] == [
        "Next Link",
        WORDS.label("skip", Medium.CHAT),
    ]
    assert not WORDS.message(Utterance("opening_safe", choices=()), Medium.CHAT).choices


def test_who_says_it_and_what_it_is_called_go_with_it() -> None:
    message = WORDS.message(Utterance("danger_nobody_yet"), Medium.CHAT, sender=Sender.SYSTEM)
    assert (message.sender, message.say) == (Sender.SYSTEM, "danger_nobody_yet")


CARD = ServiceCard(
    "a", "Harbour Line", "For anyone.", phone="0808 157 0000", url="https://example.org",
    open_now=True, free=True,
)  # fmt: skip


def test_a_card_is_seen_in_a_chat_and_heard_on_the_telephone() -> None:
    offer = Utterance("services_offered", services=(CARD,))
    read, heard = (WORDS.message(offer, medium) for medium in Medium)
    assert read.services == (CARD,) and CARD.name not in read.text
    assert heard.text.count("0 8 0 8, 1 5 7, 0 0 0 0") == 2
    assert CARD.name in heard.text and "example.org" not in heard.text


@pytest.mark.parametrize(
    ("card", "word", "there"),
    [
        (ServiceCard("a", "A", "B", phone="101"), "open now", False),
        (ServiceCard("a", "A", "B", phone="101", open_now=False), "closed", True),
        (ServiceCard("a", "A", "B", phone="101", open_now=True), "open", True),
        (ServiceCard("a", "A", "B", phone="101"), "do not know their opening hours", True),
        (ServiceCard("a", "A", "B", phone="101", open_now=True), "opening hours", False),
        (ServiceCard("a", "A", "B"), "opening hours", False),
        (ServiceCard("a", "A", "B", phone="101"), "free", False),
        (ServiceCard("a", "A", "B"), "no phone line", True),
        (ServiceCard("a", "A", "B", text="Text HELLO to 12345"), "1 2 3, 4 5", True),
    ],
)
def test_what_is_not_known_is_not_said(card: ServiceCard, word: str, there: bool) -> None:
    heard = WORDS.message(Utterance("services_offered", services=(card,)), Medium.VOICE).text
    assert (word in heard) is there


def test_a_caller_hears_every_line_before_the_question() -> None:
    lines = (Line("who", "Who gets it", "Harbour Line."), Line("what", "What", "Your number"))
    heard = WORDS.message(Utterance("consent_brief", lines=lines), Medium.VOICE).text
    asked = said("phone_consent_ask", Medium.VOICE)
    assert heard.endswith(asked)
    assert 0 < heard.index("Harbour Line") < heard.index("Your number") < heard.index(asked)


def test_a_line_can_be_left_out_on_both_channels() -> None:
    """What the words give as an example is what leaves a line out."""
    assert "take out any line" in said("consent_brief", Medium.CHAT)
    assert "say: leave out my age" in said("consent_brief", Medium.VOICE)
    assert struck("leave out my age") == ("age_band",)


def test_a_reference_is_spelled_to_a_caller() -> None:
    when = {"agreed_at": "today at 2 pm", "agreed_by": "chat", "wording": "3f2a1c"}
    given = Utterance("consent_given", {"reference": "K7Q2", **when})
    assert "K7Q2" in WORDS.message(given, Medium.CHAT).text
    assert "K, 7, Q, 2" in WORDS.message(given, Medium.VOICE).text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("999", "9 9 9"),
        ("0808 2000 247", "0 8 0 8, 2 0 0 0, 2 4 7"),
        ("08082000247", "0 8 0 8, 2 0 0, 0 2 4 7"),
        ("07700900123", "0 7 7 0 0, 9 0 0, 1 2 3"),
        ("85258", "8 5 2, 5 8"),
        ("5 5", "5 5"),
        ("9 9 9", "9 9 9"),
    ],
)
def test_a_number_is_said_in_groups(number: str, said: str) -> None:
    assert grouped(number) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call 999 now.", "Call 9 9 9 now."),
        ("Press 55.", "Press 55."),
        ("Ring 0300 003 3601, option 8", "Ring 0 3 0 0, 0 0 3, 3 6 0 1, option 8"),
        ("24 hours", "24 hours"),
        ("K2345", "K2345"),
    ],
)
def test_numbers_inside_a_sentence(text: str, said: str) -> None:
    assert numbers_in(text) == said


def test_a_code_is_spelled() -> None:
    assert spelled("k7q-2m") == "K, 7, Q. 2, M"


# -- the files themselves ------------------------------------------------------------------------


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "one: {chat: ''}\ntwo: {chat: Hi, kind: loud}\nthree: {voice: 'Hi {0}'}\n"
        "four: {chat: Hi, choices: [maybe]}\nfive: {}\nsix: [1]\nseven: {chat: Hi, chta: Hi}\n"
    )
    (tmp_path / "b.yml").write_text("four: {chat: Hi}\n")
    (tmp_path / "c.yml").write_text("twice: {chat: Hi}\ntwice: {chat: Hi}\n")
    (tmp_path / "choices.yml").write_text("yes: {voice: ''}\n")
    (tmp_path / "answers.yml").write_text("no: [nope]\nfour.yes: [ok]\n")
    with pytest.raises(WordsError) as caught:
        Words.load(tmp_path)
    told = str(caught.value)
    for name in ("one", "two", "three", "five", "six", "seven"):
        assert f"a.yml: {name}:" in told
    for other in ("four: offers maybe", "b.yml: four:", "c.yml: given twice", "choices.yml: yes:",
                  "answers.yml: no:", "answers.yml: four.yes:"):  # fmt: skip
        assert other in told


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WordsError):
        Words.load(tmp_path)


def test_the_version_changes_with_any_word(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("one: {chat: Hi}\n")
    before = Words.load(tmp_path).version
    assert Words.load(tmp_path).version == before
    file.write_text("one: {chat: Hello}\n")
    assert Words.load(tmp_path).version != before


def test_a_question_about_a_choice_names_it_on_each_channel() -> None:
    asked = Utterance("needs_ask_need_much", {"need": "need_home"})
    for medium in Medium:
        assert WORDS.label("need_home", medium) in WORDS.message(asked, medium).text


@pytest.mark.parametrize("name", ["phone_other_language", "phone_relay_uk"])
def test_nobody_is_promised_before_it_is_known_that_somebody_is_there(name):
    assert "person" not in WORDS.message(Utterance(name), Medium.VOICE).text
