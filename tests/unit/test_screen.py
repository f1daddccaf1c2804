# SPDX-License-Identifier: Apache-2.0
"""The screen: its table row by row, its rules, and that nothing a person sends can stop it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.screen import RuleHit, Thresholds, decide
from bot.policy.topics import TOPICS
from bot.policy.urgency import DANGER, ORDER
from bot.understanding import Context, Screen, stream
from bot.understanding.model import Probabilities
from bot.understanding.screen import _act
from bot.understanding.text import LONG, windows

ROOT = Path(__file__).resolve().parents[2]
AT = Thresholds(interrupt=0.9, check=0.4, check_raised=0.2, lean=0.1, flagged=0.45)
FLAGS = {
    "strangled",
    "threat_to_kill",
    "weapon",
    "leaving",
    "pregnancy",
    "offender_released",
    "stalking",
    "blackmail",
    "attacked",
}


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.load(ROOT / "models", ROOT / "data")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Screen:
    """The rules alone, as when no model was ever trained."""
    return Screen.load(tmp_path_factory.mktemp("no_models"), ROOT / "data")


def likely(**known: float) -> dict[str, float]:
    rest = (1.0 - sum(known.values())) / (len(ORDER) - len(known))
    return {label: known.get(label, rest) for label in ORDER}


CALM = likely(standard=0.95, high=0.01)
STOP = RuleHit("stop", "interrupt", "suicide_risk")
NOW = RuleHit("now", "interrupt", "immediate_danger")
ASK = RuleHit("ask", "check", "immediate_danger")
LEAN = RuleHit("lean", "lean", "safeguarding")
FLAG = RuleHit("neck", "none", "high", "strangled")
PERSON = RuleHit("ask_human", "none", "standard")


@pytest.mark.parametrize(
    ("probabilities", "hits", "raised", "action", "urgency"),
    [
        (CALM, [STOP], False, "check", "suicide_risk"),
        (likely(standard=0.8), [STOP], False, "interrupt", "suicide_risk"),
        (None, [STOP], False, "interrupt", "suicide_risk"),
        (likely(immediate_danger=0.95), [], False, "interrupt", "immediate_danger"),
        (
            likely(immediate_danger=0.5, suicide_risk=0.45),
            [],
            False,
            "interrupt",
            "immediate_danger",
        ),
        (likely(safeguarding=0.95), [ASK], False, "interrupt", "safeguarding"),
        (CALM, [ASK], False, "check", "immediate_danger"),
        (None, [ASK], False, "check", "immediate_danger"),
        (likely(suicide_risk=0.5), [ASK], False, "check", "immediate_danger"),
        (likely(suicide_risk=0.5), [], False, "check", "suicide_risk"),
        (likely(safeguarding=0.2, standard=0.75), [], False, "none", "standard"),
        (likely(safeguarding=0.2, standard=0.75), [], True, "check", "safeguarding"),
        (likely(safeguarding=0.2, standard=0.75), [LEAN], False, "check", "safeguarding"),
        (CALM, [LEAN], False, "none", "standard"),
        (None, [LEAN], False, "check", "safeguarding"),
        (CALM, [FLAG], False, "check", "high"),
        (None, [FLAG], False, "check", "high"),
        (likely(suicide_risk=0.5), [FLAG], False, "check", "suicide_risk"),
        (likely(suicide_risk=0.35, high=0.6), [FLAG], False, "check", "high"),
        (likely(suicide_risk=0.35, high=0.6), [FLAG, LEAN], False, "check", "high"),
        (None, [FLAG, LEAN], False, "check", "safeguarding"),
        (likely(high=0.9), [], False, "note", "high"),
        (CALM, [], False, "none", "standard"),
        (likely(none=0.9), [], False, "none", "none"),
        (None, [PERSON], False, "none", "standard"),
        (None, [], False, "none", "none"),
        (None, [STOP, ASK], False, "interrupt", "suicide_risk"),
        (CALM, [STOP, ASK], False, "check", "immediate_danger"),
    ],
)
def test_every_row_of_the_table(
    probabilities: dict[str, float] | None,
    hits: list[RuleHit],
    raised: bool,
    action: str,
    urgency: str,
) -> None:
    found = decide(probabilities, hits, AT, raised)
    assert (found.action, found.urgency) == (action, urgency)
    assert 0 <= found.confidence <= 1


def test_a_few_words_are_an_answer_unless_the_model_is_sure() -> None:
    wavering, sure = likely(suicide_risk=0.45, none=0.5), likely(suicide_risk=0.6)
    assert decide(wavering, [], AT).action == "check"
    assert decide(wavering, [], AT, raised=True, short=True).action == "none"
    assert decide(sure, [], AT, short=True).action == "check"
    assert decide(wavering, [ASK], AT, short=True).action == "check"


def test_of_a_few_words_the_model_alone_interrupts_only_when_it_is_surer_still() -> None:
    heard, surest = likely(immediate_danger=0.92), likely(immediate_danger=0.98)
    assert decide(heard, [], AT).action == "interrupt"
    asked = decide(heard, [], AT, short=True)
    assert (asked.action, asked.urgency) == ("check", "immediate_danger")
    assert decide(surest, [], AT, short=True).action == "interrupt"
    assert decide(heard, [STOP], AT, short=True).action == "interrupt"


DOUBT = likely(suicide_risk=0.5, standard=0.4)
TOLD = replace(AT, told=0.6)


@pytest.mark.parametrize(
    ("probabilities", "told", "raised", "action"),
    [
        (DOUBT, False, False, "check"),
        (DOUBT, True, False, "none"),  # a plain detail: not surely enough
        (DOUBT, True, True, "check"),  # but in answer to the gentle question it is
        (likely(suicide_risk=0.7), True, False, "check"),
        (likely(suicide_risk=0.95), True, False, "interrupt"),
        (likely(immediate_danger=0.5, standard=0.4), True, False, "check"),
    ],
)
def test_a_doubt_of_suicide_in_a_plain_detail(probabilities, told, raised, action):
    assert decide(probabilities, [], TOLD, raised, told=told).action == action


@pytest.mark.parametrize(("about", "calm"), [(0.9, "standard"), (0.1, "none")])
def test_none_is_said_of_urgency_and_topic_together(about, calm):
    urgency = likely(suicide_risk=0.2, standard=0.35, none=0.35)
    read = Probabilities(urgency, {"fraud": about, "none": 1 - about}, {})
    assert max(("high", "standard", "none"), key=lambda u: read.agreed[u]) == calm
    assert {u: read.agreed[u] for u in DANGER} == {u: urgency[u] for u in DANGER}
    assert sum(read.agreed.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("hits", [[STOP], [ASK], [FLAG]])
def test_what_a_rule_hears_in_a_plain_detail_stands(hits):
    assert decide(DOUBT, hits, TOLD, told=True).action in ("check", "interrupt")


@pytest.mark.parametrize("text", ["the door", "The door won't shut", "shes embarrassed"])
def test_what_an_ordinary_talk_showed_gets_no_emergency_words(screen: Screen, text: str) -> None:
    assert screen.understand(text).action != "interrupt"


@pytest.mark.parametrize("text", ["hes here", "hes got knife", "he has a knife", "im bleeding"])
def test_danger_in_a_few_words_still_interrupts(screen: Screen, text: str) -> None:
    assert screen.understand(text).action == "interrupt"


def test_what_is_about_nothing_is_asked_of_when_the_model_is_surer() -> None:
    wavering, surer = likely(suicide_risk=0.45, none=0.5), replace(AT, idle=0.5)
    assert decide(wavering, [], surer).action == "check"
    assert decide(wavering, [], surer, idle=True).action == "none"
    assert decide(wavering, [], surer, raised=True, idle=True).action == "check"
    assert decide(wavering, [ASK], surer, idle=True).action == "check"


def test_what_was_heard_is_named() -> None:
    found = decide(likely(suicide_risk=0.95), [FLAG, ASK], AT)
    assert found.cues == ("flag:strangled", "rule:neck", "rule:ask", "model:suicide_risk")


@pytest.mark.parametrize(
    ("odds", "hits", "urgency", "also"),
    [
        (None, [STOP, NOW], "immediate_danger", ["also:suicide_risk"]),
        (likely(immediate_danger=0.5, suicide_risk=0.45), [], "immediate_danger",
         ["also:suicide_risk"]),
        (likely(immediate_danger=0.2, suicide_risk=0.75), [], "suicide_risk", []),
        (likely(suicide_risk=0.95), [NOW], "immediate_danger", ["also:suicide_risk"]),
        (None, [STOP], "suicide_risk", []),
        (None, [STOP, ASK], "suicide_risk", []),
    ],
)  # fmt: skip
def test_a_second_danger_in_one_message_is_named(odds, hits, urgency, also) -> None:
    found = decide(odds, hits, AT)
    assert (found.action, found.urgency) == ("interrupt", urgency)
    assert [c for c in found.cues if c.startswith("also:")] == also


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("my dads gonna kill me. i feel sick i wish i was dead", "suicide_risk"),
        ("my dads gonna kill me tonight", "immediate_danger"),
        ("my husband is going to kill me", "immediate_danger"),
        ("my stepdad is going to kill me", "immediate_danger"),
    ],
)
def test_what_children_say_of_a_telling_off_is_no_attack(floor, text, urgency) -> None:
    found = floor.understand(text)
    assert (found.action, found.urgency) == ("interrupt", urgency)
    assert floor.understand("my mum's gonna kill me").action == "check"


RANDOM_HITS = st.lists(
    st.builds(
        RuleHit,
        name=st.just("any"),
        action=st.sampled_from(["interrupt", "check", "lean", "none"]),
        urgency=st.sampled_from(["", *ORDER]),
        flag=st.sampled_from(["", "weapon"]),
    ),
    max_size=4,
)
RANDOM_ODDS = st.none() | st.lists(
    st.floats(0.001, 1), min_size=len(ORDER), max_size=len(ORDER)
).map(lambda odds: {label: o / sum(odds) for label, o in zip(ORDER, odds, strict=True)})


@given(RANDOM_ODDS, RANDOM_HITS, st.booleans())
def test_the_contract_between_urgency_and_action(
    probabilities: dict[str, float] | None, hits: list[RuleHit], raised: bool
) -> None:
    found = decide(probabilities, hits, AT, raised)
    flagged = any(cue.startswith("flag:") for cue in found.cues)
    asked = found.action in ("interrupt", "check")
    assert (found.urgency in DANGER) == (
        asked and not (found.action == "check" and found.urgency == "high" and flagged)
    )
    assert found.action != "check" or found.urgency in DANGER or flagged


@given(RANDOM_ODDS, RANDOM_HITS)
def test_context_raises_and_never_lowers(
    probabilities: dict[str, float] | None, hits: list[RuleHit]
) -> None:
    actions = ("none", "note", "check", "interrupt")
    calm, raised = (decide(probabilities, hits, AT, r) for r in (False, True))
    assert actions.index(raised.action) >= actions.index(calm.action)
    assert ORDER.index(raised.urgency) <= ORDER.index(calm.urgency)


# -- plain cases that must be heard with the model and without it ---------------------------------

MUST_BE_HEARD = [
    ("he is here now", "immediate_danger"),
    ("My ex keeps following me. He is here now.", "immediate_danger"),
    ("he's here", "immediate_danger"),
    ("hes outside with a knife", "immediate_danger"),
    ("She's strangling him", "immediate_danger"),
    ("they're breaking in please", "immediate_danger"),
    ("55 press now", "immediate_danger"),
    ("999", "immediate_danger"),
    ("nine nine nine", "immediate_danger"),
    ("\U0001f198", "immediate_danger"),
    ("i want to die", "suicide_risk"),
    ("ive taken all my tablets", "suicide_risk"),
    ("I'm going to kill myself tonight", "suicide_risk"),
    ("i wanna end my life", "suicide_risk"),
    ("im feeling suicidle", "suicide_risk"),
    ("my dad hits me every night im 11", "safeguarding"),
    ("im 14 and my stepdad beats me up", "safeguarding"),
]
RULED = [
    ("sewerslide thoughts r back", "kill_self"),
    ("i only rang to thank somebody", "goodbye_words"),
    ("just came on to say goodbye", "goodbye_words"),
    ("goodbye and sorry", "goodbye_words"),
    ("i googled whether you can drown in a bath", "place_or_means"),
    ("there is a lot of blood coming out of my head", "medical_now"),
    ("its still bleeding", "medical_now"),
    ("it wont stop bleeding", "medical_now"),
    ("the man keeps our bank cards", "exploited"),
    ("the lads run my flat now", "exploited"),
    ("i cant stop shaking him hes only eight months", "about_to_hurt"),
    ("they're on my drive", "near_now"),
    ("his cousins followed me in", "near_now"),
    ("hes getting shanked on friday", "planned_attack"),
    ("they slashed me in the face", "weapon_used"),
]
NOT_RULED = [
    ("they slashed me tyres", "weapon_used"),
    ("there was a lot of blood last year when he hit me", "medical_now"),
    ("a man keeps his bank card in his phone", "exploited"),
    ("someone stop me eating all this cake", "about_to_hurt"),
    ("i only rang to ask about my case", "goodbye_words"),
]


@pytest.mark.parametrize(("text", "rule", "there"), [
    *((text, rule, True) for text, rule in RULED),
    *((text, rule, False) for text, rule in NOT_RULED),
])  # fmt: skip
def test_what_rules_catch_of_missed_messages(floor: Screen, text, rule, there) -> None:
    assert (rule in {one.name for one in floor.rules.heard(text)}) is there


MUST_NOT_ALARM = [
    "my phone died",
    "this traffic is killing me",
    "he tried to kill me ten years ago and he is dead now",
    "is knife crime compensated",
    "hello",
    "yes",
    "no",
    "thank you",
    "what does the witness service do",
    "someone stole my bike last week",
    "",
]


@pytest.mark.parametrize(("text", "urgency"), MUST_BE_HEARD)
@pytest.mark.parametrize("medium", ["chat", "voice"])
def test_plain_danger_is_heard(
    screen: Screen, floor: Screen, text: str, urgency: str, medium: str
) -> None:
    for which in (screen, floor):
        heard = which.understand(text, medium)
        assert heard.action in ("interrupt", "check")
        assert heard.urgency == urgency
        assert any(cue.startswith("rule:") for cue in heard.cues)


@pytest.mark.parametrize("text", MUST_NOT_ALARM)
def test_what_only_looks_alike_is_not_danger(screen: Screen, floor: Screen, text: str) -> None:
    assert screen.understand(text).urgency not in DANGER
    assert floor.understand(text).urgency not in DANGER


def test_the_sentence_of_the_main_job(screen: Screen, floor: Screen) -> None:
    text = "my ex keeps turning up outside my house and i dont know what to do"
    for which in (screen, floor):
        heard = which.understand(text)
        assert (heard.urgency, heard.action) == ("high", "check")
        assert heard.act == "disclose"
        assert "flag:stalking" in heard.cues
    assert screen.understand(text).topic == "stalking_harassment"


@pytest.mark.parametrize(
    "text",
    [
        "i saw a lad get stabbed and i cant get it out of my head",
        "its my fault i let him go out",
        "we should never have let her go that night",
    ],
)
def test_no_rule_takes_a_witness_or_a_bereaved_mother_for_somebody_in_danger(
    floor: Screen, text: str
) -> None:
    assert floor.understand(text).action in ("none", "note")


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("he strangled me on tuesday", "strangled"),
        ("she said she will kill me if i tell", "threat_to_kill"),
        ("he pulled a knife on me last night", "weapon"),
        ("im leaving him tomorrow", "leaving"),
        ("im 6 months pregnant and he pushed me", "pregnancy"),
        ("they let him out of prison yesterday", "offender_released"),
        ("a man from work keeps following me", "stalking"),
        ("yes im being blackmailed", "blackmail"),
        ("a girl on insta wants £200 or she posts my nudes", "blackmail"),
        ("i sent a pic to someone on snap and now they want money", "blackmail"),
        ("he says he will share our video if i leave", "blackmail"),
    ],
)
def test_red_flags_are_named(floor: Screen, text: str, flag: str) -> None:
    heard = floor.understand(text)
    assert (heard.urgency, heard.action) == ("high", "check")
    assert f"flag:{flag}" in heard.cues


@pytest.mark.parametrize(
    "text",
    [
        "can i share the photos from my phone with the police",
        "what is blackmail",
        "my old boss blackmailed the firm years ago",
        "i said id post the pictures of the broken fence",
        "the wedding photographer wants money before sending the pictures",
        "he shared my nudes at school",
    ],
)
def test_pictures_alone_are_no_blackmail(floor: Screen, text: str) -> None:
    assert "flag:blackmail" not in floor.understand(text).cues


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("i want to know what help there is", "ask_service"),
        ("can i talk to a person please", "ask_human"),
        ("0", "ask_human"),
        ("i need to go", "exit_now"),
        ("please delete everything", "request_deletion"),
        ("I want to withdraw my consent", "withdraw_consent"),
        ("are you a robot?", "ask_is_bot"),
        ("is this confidential?", "ask_privacy"),
        ("sorry can you say that again", "repeat"),
        ("i cant talk", "cannot_speak"),
        ("yeah", "affirm"),
        ("\U0001f44d", "affirm"),
        ("nope", "deny"),
        ("thanks", "thank"),
        ("bye", "goodbye"),
        ("hiya", "greet"),
    ],
)
def test_plain_acts_never_depend_on_a_model(
    screen: Screen, floor: Screen, text: str, act: str
) -> None:
    assert floor.understand(text).act == act
    assert screen.understand(text).act == act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("oh sorry wrong number", "goodbye"),
        ("wrong number", "goodbye"),
        ("will the police come and look", "ask_information"),
        ("are the police coming", "ask_information"),
        ("i need to talk to someone about what my stepdad did", "disclose"),
        ("can somebody deaf ring it", "ask_information"),
    ],
)
def test_a_plain_line_is_heard_for_what_it_is(screen: Screen, text: str, act: str) -> None:
    heard = screen.understand(text)
    assert heard.act == act
    assert ("bsl" in heard.cues) == ("deaf" in text)


def test_not_what_i_meant_is_a_cue(floor: Screen) -> None:
    for text in ("That's not what I meant", "i didnt mean it like that"):
        assert "not_meant" in floor.understand(text).cues
    assert "not_meant" not in floor.understand("i meant tuesday").cues


@pytest.mark.parametrize(
    ("cue", "said", "not_said"),
    [
        (
            "asks_place",
            ("how long will it be", "How long do I have to wait?", "am i still in the queue",
             "are you there", "is anyone coming?", "when will someone join", "still waiting",
             "hello?? is anyone there", "hello?? is anyone there its been ages", "its been ages",
             "ive been waiting ages", "are you putting me through or what"),
            ("how long will it take for the police to come", "how long does court take",
             "is he there", "are they coming", "im waiting for my court date",
             "its been ages since he left", "are you putting him away"),
        ),
        (
            "ends_wait",
            ("I don't want to wait", "cancel that, forget the person", "take me out of the queue",
             "i dont want a person anymore", "no need to wait", "never mind the person",
             "nvm i dont want to talk to a person now", "ok cancel that", "nevermind",
             "actually forget it cancel"),
            ("i dont want to wait, get me someone now", "i cant wait any longer",
             "forget what i told you", "he told me to forget it",
             "i dont want to wait for him to come back", "i want a person", "no need"),
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_wait_is_a_cue(floor: Screen, cue, said, not_said) -> None:
    for text in said:
        assert cue in floor.understand(text).cues, text
    for text in not_said:
        assert cue not in floor.understand(text).cues, text


def test_an_answer_to_is_it_safe_is_heard(floor: Screen) -> None:
    text = "not really he's in the next room"
    assert floor.understand(text, "chat", Context(asked="opening_safe")).action == "check"
    assert floor.understand(text).urgency not in DANGER


@pytest.mark.parametrize("asked", ["", "opening_safe", "needs_ask_audience", "needs_ask_need"])
@pytest.mark.parametrize(
    "text",
    ["men", "nothing", "money", "not yet", "the first one", "im fine", "i am safe now", "bristol",
     "im 27", "maybe", "any time", "my mum", "no i havent", "yes its safe", "skip"],
)  # fmt: skip
def test_an_answer_to_a_question_is_not_danger(screen: Screen, text: str, asked: str) -> None:
    assert screen.understand(text, "chat", Context(asked=asked)).urgency not in DANGER


def test_rules_are_well_formed(floor: Screen) -> None:
    rules = floor.rules.rules
    names = [rule.name for rule in rules]
    assert len(names) == len(set(names))
    assert {rule.flag for rule in rules if rule.flag} == FLAGS
    for rule in rules:
        assert rule.catches and rule.patterns
        assert not rule.topic or rule.topic in TOPICS
        assert (rule.action == "none") == (rule.urgency not in DANGER)


# -- whatever comes in ----------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["chat", "voice"]))
def test_no_text_stops_the_screen(screen: Screen, text: str, medium: str) -> None:
    heard = screen.understand(text, medium)
    assert heard.urgency in ORDER
    assert (heard.topic == "none") == (heard.urgency == "none")


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\x00\x1b[2J",
        "\u3000\u200b",
        "помогите",
        "救命",
        "\U0001f62d" * 500,
        "a" * 100_000,
    ],
)
def test_odd_text_is_read(screen: Screen, text: str) -> None:
    assert screen.understand(text).urgency in ORDER


def test_the_key_fact_in_the_middle_of_a_long_message_is_heard(
    screen: Screen, floor: Screen
) -> None:
    before = "we moved here in may and the garden is lovely, the neighbours wave. " * 40
    after = "anyway the council wrote about the bins again and my sister visits. " * 40
    for which in (screen, floor):
        heard = which.understand(before + "he is outside with a knife. " + after)
        assert heard.urgency == "immediate_danger"


@given(st.integers(0, 30_000))
def test_windows_cover_every_character(length: int) -> None:
    text = "".join(chr(0x4E00 + i % 20_000) for i in range(length))
    pieces = windows(text)
    assert all(len(piece) <= LONG for piece in pieces)
    if length <= 16_000:
        assert set(text) == set("".join(pieces))


def test_one_json_a_line_whatever_the_input(screen: Screen) -> None:
    lines = [
        b"he is here now",
        b"",
        b"\xff\xfe broken",
        b"x" * 1_000_000,
        b"\xe2\x80\xa8",
        b"hello",
    ]
    out = io.StringIO()
    assert stream.run(io.BytesIO(b"\n".join(lines)), out, "chat", screen) == 0
    found = [json.loads(line) for line in out.getvalue().split("\n") if line]
    assert len(found) == len(lines)
    assert found[0]["action"] == "interrupt"
    assert set(found[1]) == {"urgency", "action", "topic", "act", "confidence", "cues"}
    assert found[1]["urgency"] == "none"


@pytest.mark.parametrize(
    ("text", "asked", "act"),
    [
        ("please forget everything i said", "", "request_deletion"),
        ("can you delete all this please", "", "request_deletion"),
        ("please stop sharing my details", "", "withdraw_consent"),
        ("is it gone?", "delete_ask", "ask_privacy"),
        ("does that mean victim support wont ring me either", "delete_ask", "ask_privacy"),
        ("can they ring me", "", "ask_callback"),
        ("does she have to know", "", "ask_privacy"),
        ("Right. I'll just ring myself shall I", "", "ask_service"),
        ("find me a refuge near torquay", "", "ask_service"),
    ],
)
def test_what_is_wanted_is_heard_by_rules(screen, text, asked, act):
    assert screen.understand(text, "chat", Context(asked)).act == act


@pytest.mark.parametrize("text", ["nah forget it", "forget it", "forget it, sorry"])
def test_giving_up_is_no_wish_to_have_it_deleted(screen, text):
    assert screen.understand(text).act not in ("request_deletion", "withdraw_consent")


@pytest.mark.parametrize(
    ("act", "sure", "heard"),
    [
        ("request_deletion", 0.6, "ask_information"),
        ("withdraw_consent", 0.3, "ask_information"),
        ("request_deletion", 0.9, "request_deletion"),
        ("deny", 0.3, "deny"),
    ],
)
def test_a_model_alone_undoes_something_only_when_it_is_sure(act, sure, heard):
    read = Probabilities({}, {}, {act: sure, "ask_information": 0.2, "provide_detail": 0.05})
    assert _act([], read) == heard


def test_who_wants_to_bury_somebody_threatens_nobody(screen: Screen) -> None:
    heard = screen.understand("i said when can i bury him. no questions")
    assert "flag:threat_to_kill" not in heard.cues


@pytest.mark.parametrize(
    ("asked", "text", "english"),
    [
        ("referral_ask_called", "Kim", True),
        ("referral_ask_contact_code_word", "Kim", True),
        ("referral_ask_contact_safe", "Kim", False),
        ("", "Kim", False),
        ("referral_ask_called", "допоможіть мені", False),  # no Latin letters: they may need one
        ("referral_ask_called", "ayuda por favor no entiendo nada de esto", False),
    ],
)
def test_a_name_that_was_asked_for_is_of_no_language(
    screen: Screen, asked: str, text: str, english: bool
) -> None:
    heard = screen.understand(text, "chat", Context(asked=asked))
    assert (heard.language == "en") is english


def test_danger_given_for_a_name_is_danger(screen: Screen) -> None:
    asked = Context(asked="referral_ask_called")
    for text in ("he has a knife", "help me he is here", "I want to die"):
        assert screen.understand(text, "chat", asked).action in ("interrupt", "check"), text
