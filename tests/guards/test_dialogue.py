# SPDX-License-Identifier: Apache-2.0
"""The dialogue's files agree with each other, with the words and with what the edge sends.

Rasa takes a typing error in any of them for granted; here it fails by name.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from actions.serve import executor
from bot.assistant import model
from bot.assistant.meaning import ANSWER, DECLINE, HOLDS_A_NUMBER, SILENT, UNHEARD
from bot.policy import acknowledging, exercise, scripts, steps
from bot.policy.phone_number import REASONS
from bot.policy.topics import TOPICS
from bot.words import Words
from tests.conversations.walk import ACTS, EDGE

FORMS_OF_SCRIPTS = [
    *((name, scripts.CHILD) for name in scripts.OF_CHILDREN),
    *((name, scripts.UNBLAMING) for name in scripts.OF_FAULT),
    *((name, "") for name in scripts.OFFERED.values()),
]
ROOT = Path(__file__).resolve().parents[2]
ANSWERS = {ANSWER, DECLINE}
WORDS = Words.load(ROOT / "data" / "words")


class _OneKeyOnce(yaml.SafeLoader):
    """Refuses a key given twice in one mapping, which YAML would silently let the last one win."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(set(keys)) == len(keys), f"{node.start_mark}: a key is given twice"
        return super().construct_mapping(node, deep)


def files(folder: str) -> dict[str, dict]:
    """Return what each file of a folder holds, by its stem."""
    return {
        path.stem: yaml.load(path.read_text(), Loader=_OneKeyOnce)  # noqa: S506 - a SafeLoader
        for path in sorted((ROOT / folder).glob("*.yml"))
    }


DOMAIN, RULES = files("bot/domain"), files("data/rules")


def every(key: str) -> list:
    """Return all entries under a key of the domain, whichever file holds them."""
    return [entry for held in DOMAIN.values() for entry in held.get(key, [])]


INTENTS, ACTIONS = set(every("intents")), set(every("actions"))
FORMS = {name: form for held in DOMAIN.values() for name, form in held.get("forms", {}).items()}
SLOTS = {name: slot for held in DOMAIN.values() for name, slot in held.get("slots", {}).items()}
ALL_RULES = [rule for held in RULES.values() for rule in held["rules"]]
NAMED = [rule["rule"] for rule in ALL_RULES]


def intents_of(rule: dict) -> set[str]:
    """Return the intents a rule begins with."""
    found = [step for step in rule["steps"] if "intent" in step]
    found += [one for step in rule["steps"] for one in step.get("or", ())]
    return {step["intent"] for step in found}


def loops_of(rule: dict) -> set[str]:
    """Return the forms a rule is only for."""
    return {c["active_loop"] for c in rule.get("condition", ()) if c.get("active_loop")}


def closes(rule: dict) -> bool:
    """Say whether a rule closes whatever form is open."""
    steps_ = rule["steps"]
    return {"action": "action_deactivate_loop"} in steps_ and {"active_loop": None} in steps_


@pytest.mark.parametrize("key", ["intents", "actions", "entities", "forms", "slots"])
def test_nothing_is_defined_twice(key):
    """Rasa reads the first of two and only warns, in whatever order the disk gives the files."""
    twice = [name for name, times in Counter(every(key)).items() if times > 1]
    assert twice == []


def test_only_one_file_says_how_long_a_session_lasts_and_it_never_ends():
    found = [held["session_config"] for held in DOMAIN.values() if "session_config" in held]
    assert found == [{"session_expiration_time": 0, "carry_over_slots_to_new_session": False}]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_ignores_everything_but_answers(form):
    assert set(FORMS[form]["ignored_intents"]) == INTENTS - ANSWERS
    assert len(FORMS[form]["ignored_intents"]) == len(INTENTS - ANSWERS)


@pytest.mark.parametrize("form", FORMS)
def test_every_ignored_intent_has_a_rule_that_fits_in_the_form(form):
    for intent in FORMS[form]["ignored_intents"]:
        fitting = [r for r in ALL_RULES if intent in intents_of(r)]
        everywhere = [r for r in fitting if not loops_of(r) and "action" not in r["steps"][0]]
        here = [r for r in fitting if loops_of(r) == {form}]
        assert everywhere or here, intent


@pytest.mark.parametrize("form,slot", [(f, s) for f in FORMS for s in FORMS[f]["required_slots"]])
def test_a_forms_slot_is_filled_by_an_answer_to_its_own_question(form, slot):
    assert slot.startswith(f"{form}_")
    mappings = SLOTS[slot]["mappings"]
    own = {"active_loop": form, "requested_slot": slot}
    assert any(m.get("entity") == "answer" and m["conditions"] == [own] for m in mappings)
    for mapping in mappings:
        assert mapping.get("conditions"), "without conditions any message would fill it"
        assert mapping["type"] in ("from_entity", "from_intent"), "never a person's own words"
        outside = mapping["conditions"] == [{"active_loop": None}]
        intents = mapping.get("intent", [])
        given = {intents} if isinstance(intents, str) else set(intents)
        assert outside or (given and given <= ANSWERS)


def test_every_interrupt_closes_the_form_and_says_nothing():
    for intent in SILENT:
        rules = [rule for rule in ALL_RULES if intent in intents_of(rule)]
        assert len(rules) == 1, intent
        assert closes(rules[0]) and not loops_of(rules[0]), intent
        assert [s["action"] for s in rules[0]["steps"] if "action" in s] == [
            "action_deactivate_loop"
        ]


def test_whatever_closes_a_form_remembers_which():
    closing = {i for rule in ALL_RULES if closes(rule) for i in intents_of(rule)} - {"choose"}
    remembered = [m for m in SLOTS["interrupted"]["mappings"] if m["value"] in FORMS]
    assert {m["value"] for m in remembered} == set(FORMS)
    for mapping in remembered:
        assert mapping["conditions"] == [{"active_loop": mapping["value"]}]
        # Who wants no more questions is not asked whether to go back to them.
        assert set(mapping["intent"]) == closing - {"begin", "stop_questions"}


def test_the_edge_sends_nothing_that_the_dialogue_does_not_know():
    named = {f"{kind}_{name}" for name in steps.INTENTS.values() for kind in ("danger", "check")}
    sent = (named - {"danger_red_flag"}) | {*ACTS, *EDGE, "choose"}
    assert sent <= INTENTS
    assert SILENT | UNHEARD | ANSWERS | HOLDS_A_NUMBER <= INTENTS


def test_every_name_in_a_rule_exists():
    known = ACTIONS | set(FORMS) | {"action_deactivate_loop"}
    for rule in ALL_RULES:
        assert intents_of(rule) <= INTENTS, rule["rule"]
        used = {step["action"] for step in rule["steps"] if "action" in step}
        assert used <= known, rule["rule"]
    assert len(set(NAMED)) == len(NAMED)


def test_every_action_is_used_and_every_custom_one_is_ours():
    used = {step.get("action") for rule in ALL_RULES for step in rule["steps"]}
    asking = {a for a in ACTIONS if a.startswith(("utter_ask_", "action_ask_"))}
    assert ACTIONS - asking - used == set()
    assert {a for a in ACTIONS if a.startswith("action_")} == set(executor().actions)


@pytest.mark.parametrize("form,slot", [(f, s) for f in FORMS for s in FORMS[f]["required_slots"]])
def test_every_question_can_be_asked_and_takes_every_answer_it_offers(form, slot):
    """A question that no action asks is silence, and Rasa's validation passes all the same."""
    asking = {f"{kind}_ask_{slot}" for kind in ("utter", "action")} & ACTIONS
    assert len(asking) == 1
    name = {"consent_answer": "consent_brief"}.get(slot, slot.replace("_", "_ask_", 1))
    taken = set(SLOTS[slot].get("values", ["skip"]))
    assert set(WORDS.choices(name)) - {"person"} <= taken


def test_every_name_that_can_be_said_has_words():
    import tests.rasa_without_tensorflow  # noqa: F401
    from bot.assistant.nlg import DEPENDS, GO_ON, name_of

    plain = {name_of(action) for action in ACTIONS if action.startswith("utter_")}
    plain -= {name_of(action) for action in DEPENDS}
    depends = {
        *(f"support_heard_{topic}" for topic in TOPICS),
        *(f"support_heard_{topic}_child" for topic in acknowledging.OF_CHILDREN),
        *(f"support_heard_{topic}_reported" for topic in acknowledging.OF_REPORTED),
        "support_heard_them", "support_heard_work", "support_heard_fraud_them",
        "support_heard_little", "support_heard_death_little",
        *(f"referral_number_refused_{reason}" for reason in REASONS),
        "support_distress", "support_distress_again",
        "support_listening", "support_noted", "support_resume", "support_what_would_help",
        *(f"script_{name}{end}" for name, end in FORMS_OF_SCRIPTS),
        "calm_grounding_1", "support_carry_on", "needs_known", "needs_intro",
        "referral_ask_contact_number",
    }  # fmt: skip
    assert (plain | depends) - set(WORDS.names()) == set()
    assert all(not WORDS.gaps(name) for name in plain | depends)
    for key in GO_ON:
        assert WORDS.label(key, "chat")


def test_every_choice_the_dialogue_offers_leads_somewhere():
    """A button that no rule knows would be answered with "I am not sure what you mean"."""
    answered = {value for slot in FORMS for s in FORMS[slot]["required_slots"]
                for value in SLOTS[s].get("values", [])}  # fmt: skip
    menu = {
        step["slot_was_set"][0]["choice"]
        for rule in ALL_RULES
        for step in rule["steps"]
        if "slot_was_set" in step and "choice" in step["slot_was_set"][0]
    }
    assert menu <= set(SLOTS["choice"]["values"])
    said_by_us = [n for n in WORDS.names() if n.split("_")[0] in (
        "support", "script", "calm", "needs", "services", "info", "referral", "consent", "callback",
        "privacy", "delete", "small", "third", "trouble", "news",
    )]  # fmt: skip
    offered = {key for name in said_by_us for key in WORDS.choices(name)}
    by_name = {key for key in offered if key.startswith((scripts.BEGINS, exercise.BEGINS))}
    assert by_name <= set(WORDS.names())
    assert offered - by_name - answered - menu - {"person"} == set()


def test_what_offers_something_else_leaves_no_form_open_behind_it():
    """Two questions at once, and the answer to one would be taken for the other's."""
    for rule in ALL_RULES:
        actions = [step["action"] for step in rule["steps"] if "action" in step]
        custom = [a for a in actions if a.startswith("action_") and a != "action_deactivate_loop"]
        in_context = "action" in rule["steps"][0]  # follows words said outside any form
        asides = {name for name, action in executor().actions.items() if _is_aside(action)}
        if set(custom) - asides and not in_context:
            assert closes(rule), rule["rule"]


def _is_aside(action) -> bool:
    """Say whether an action offers nothing while a form is open (tests/conversations holds it)."""
    return getattr(action, "__self__", action).ASIDE


def test_rasa_trains_on_rules_and_a_few_sentences_and_nothing_else():
    """A test_*.yml in a folder that Rasa reads would be trained on."""
    for folder, key in (("data/rules", "rules"), ("data/nlu", "nlu")):
        for stem, held in files(folder).items():
            assert not stem.startswith("test_")
            assert set(held) == {"version", key}, stem
    assert {Path(pattern).parent.as_posix() for pattern in model.SOURCES} == {
        ".", "bot/domain", "data/nlu", "data/rules",
    }  # fmt: skip


def test_rules_only_and_no_session_start_of_its_own():
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    assert [policy["name"] for policy in config["policies"]] == ["bot.assistant.rules.Rules"]
    assert [part["name"] for part in config["pipeline"]] == ["bot.assistant.nlu.Understanding"]
    assert "action_session_start" not in ACTIONS
    assert not any("validate_" in action for action in ACTIONS)


def test_a_feature_keeps_its_stem_everywhere():
    assert set(DOMAIN) == set(RULES)
    custom = {path.stem for path in (ROOT / "actions").glob("*.py")}
    assert custom - {"__init__", "base", "serve"} <= set(DOMAIN)
