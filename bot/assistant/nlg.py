# SPDX-License-Identifier: Apache-2.0
"""What Rasa says: a name in the words files, never a sentence. The edge turns names into words.

Most names are an action's own. A few depend on what was told: they are in the table below, so
that the rules need no copy for each topic, each reason or each interrupted form.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.failed import mark_failed
from bot.assistant.meaning import CLEARED, UNMET, worried
from bot.policy import exercise, scripts
from bot.policy.acknowledging import is_child, words_for
from bot.policy.hearing import CRIMES
from bot.policy.needs import CATEGORIES, NAMES
from bot.policy.passing import OTHERS
from bot.policy.postponed import COME_BACK
from bot.policy.turn import Medium

log = logging.getLogger(__name__)

Said = dict[str, Any]
FORMS = ("needs", "referral", "consent")
GO_ON = ("find_help", "calm", "person")
NOTHING: Said = {}
# What is a form's own question, and not an aside in the middle of it.
QUESTIONS = ("utter_ask_", "utter_referral_number_refused")


def name_of(utter_action: str) -> str:
    """Return the words' name: utter_ask_needs_topic says needs_ask_topic, utter_x says x."""
    name = utter_action.removeprefix("utter_")
    if not name.startswith("ask_"):
        return name
    feature, _, slot = name.removeprefix("ask_").partition("_")
    return f"{feature}_ask_{slot}"


def offering(say: str, choices: tuple[str, ...]) -> Said:
    """Return words with these choices instead of their own."""
    return {"say": say, "choices": [{"key": key} for key in choices]}


def _words_for(topic: str, tracker: DialogueStateTracker) -> str:
    return words_for(
        topic,
        who=tracker.get_slot("needs_who"),
        young=_young(tracker),
        little=bool(tracker.get_slot("little")),
        reported=tracker.get_slot("needs_reported") == "yes",
        text=tracker.latest_message.text or "",
    )


def _young(tracker: DialogueStateTracker) -> bool:
    return is_child(tracker.get_slot("needs_who"), tracker.get_slot("needs_age_band"))


def _heard(tracker: DialogueStateTracker) -> Said:
    heard = tracker.get_slot("heard")
    if tracker.latest_message.intent_name == CLEARED and heard and not _unmet(tracker):
        return {"say": "support_heard_before"}
    return {"say": _words_for(heard or "none", tracker)}


def _more(tracker: DialogueStateTracker) -> Said:
    topic = _new_topic(tracker)
    return offering(_words_for(topic, tracker), GO_ON) if topic else {"say": "support_listening"}


def _listening(tracker: DialogueStateTracker) -> Said:
    topic = _unmet_in_doubt(tracker)
    return offering(_words_for(topic, tracker), GO_ON) if topic else {"say": "support_listening"}


def _noted(tracker: DialogueStateTracker) -> Said:
    topic = _new_topic(tracker)
    return {"say": _words_for(topic, tracker) if topic else "support_noted"}


def _asked(tracker: DialogueStateTracker) -> Said:
    topic = _new_topic(tracker) or _unmet(tracker)
    met = topic in CRIMES or topic == "mental_distress"
    return {"say": _words_for(topic, tracker)} if met else NOTHING


def _next(tracker: DialogueStateTracker) -> Said:
    in_exercise = tracker.latest_message.intent_name == exercise.ACT
    at_step = in_exercise and tracker.get_slot("exercise") != exercise.AFTER
    if tracker.active_loop_name or at_step:
        return NOTHING  # the open question, or the next step, is what comes next
    if tracker.get_slot("interrupted") in FORMS:
        return {"say": "support_resume"}
    script = scripts.OFFERED.get(tracker.get_slot("heard") or "none")
    beside = (f"{scripts.BEGINS}{script}",) if script else ()
    return offering("support_what_would_help", (*GO_ON[:2], *beside, "person", "done"))


def _script(tracker: DialogueStateTracker) -> Said:
    name = next(tracker.get_latest_entity_values("script"), "")
    young = _young(tracker)
    little = bool(tracker.get_slot("little"))
    topics = {tracker.get_slot("heard"), tracker.get_slot("needs_topic")} - {None}
    return {"say": scripts.form(name, topics, young=young, little=little)} if name else NOTHING


def _distress(tracker: DialogueStateTracker) -> Said:
    again = _previous_intent(tracker) == "distress"
    if topic := _unmet_in_doubt(tracker):
        return offering(_words_for(topic, tracker), ("calm", "person", "find_help", "done"))
    if tracker.get_slot("little") and not again:
        death = next(tracker.get_latest_entity_values("topic"), "") == "homicide_bereavement"
        say = "support_heard_death_little" if death else "support_distress_little"
        return offering(say, ("find_help", "calm", "person", "done"))
    return {"say": "support_distress_again" if again else "support_distress"}


def _step(tracker: DialogueStateTracker) -> Said:
    return {"say": tracker.get_slot("exercise")}


def _carry_on(tracker: DialogueStateTracker) -> Said:
    back = tracker.get_slot("choice") == COME_BACK
    after_danger = not back and worried(_previous_intent(tracker))
    return _heard(tracker) if after_danger else {"say": "support_carry_on"}


def _intro(tracker: DialogueStateTracker) -> Said:
    known = all(tracker.get_slot(f"needs_{name}") is not None for name in NAMES)
    return {"say": "needs_known" if known else "needs_intro"}


def _refused(tracker: DialogueStateTracker) -> Said:
    reason = next(tracker.get_latest_entity_values("reason"), "invalid")
    return {"say": f"referral_number_refused_{reason}"}


def _given(name: str) -> Callable[[DialogueStateTracker], Said]:
    """Return a question for a number or an address, which a refusal just said puts itself."""

    def question(tracker: DialogueStateTracker) -> Said:
        refused = next(tracker.get_latest_entity_values("reason"), None)
        return NOTHING if refused else {"say": name}

    return question


def _by(tracker: DialogueStateTracker) -> Said:
    """Return the question how else they can be reached: an address is not safe to hear by ear."""
    spoken = (tracker.latest_message.metadata or {}).get("medium") == Medium.VOICE
    ask = "referral_ask_contact_by"
    return offering(ask, ("text", "no", "skip")) if spoken else {"say": ask}


def _private(tracker: DialogueStateTracker) -> Said:
    done = (e.action_name for e in tracker.events if isinstance(e, ActionExecuted))
    return {"say": "delete_after" if "action_privacy_erase" in done else "privacy_answer"}


def _by_us(name: str) -> Callable[[DialogueStateTracker], Said]:
    """Return a question that is put about us when it is a worker here who rings."""

    def question(tracker: DialogueStateTracker) -> Said:
        ours = tracker.get_slot("referral_service") == "us"
        return {"say": f"{name}_us" if ours else name}

    return question


def _second(tracker: DialogueStateTracker) -> Said:
    """Return the question about another need, without the one that was picked."""
    them = tracker.get_slot("needs_who") in OTHERS
    others = [need for need in CATEGORIES if need != tracker.get_slot("needs_need")]
    say = "needs_ask_second_them" if them else "needs_ask_second"
    return offering(say, (*others, "nothing", "skip"))


def _much(name: str) -> Callable[[DialogueStateTracker], Said]:
    """Return the question how much of a worry a need is, which names it."""

    def question(tracker: DialogueStateTracker) -> Said:
        need = tracker.get_slot(f"needs_{name}")
        return {"say": f"needs_ask_{name}_much", "values": {"need": need}}

    return question


def _of_them(name: str) -> Callable[[DialogueStateTracker], Said]:
    """Return a question that is put about another person when somebody asks for them."""

    def question(tracker: DialogueStateTracker) -> Said:
        return {"say": f"{name}_them" if tracker.get_slot("needs_who") in OTHERS else name}

    return question


DEPENDS: dict[str, Callable[[DialogueStateTracker], Said]] = {
    "utter_support_heard": _heard,
    "utter_support_more": _more,
    "utter_support_listening": _listening,
    "utter_support_noted": _noted,
    "utter_information_heard": _asked,
    "utter_support_next": _next,
    "utter_support_script": _script,
    "utter_support_distress": _distress,
    "utter_calm_step": _step,
    "utter_support_carry_on": _carry_on,
    "utter_needs_intro": _intro,
    "utter_referral_number_refused": _refused,
    "utter_ask_referral_contact_number": _given("referral_ask_contact_number"),
    "utter_ask_referral_contact_email": _given("referral_ask_contact_email"),
    "utter_ask_referral_contact_text": _given("referral_ask_contact_text"),
    "utter_ask_referral_contact_by": _by,
    "utter_privacy_answer": _private,
    "utter_ask_referral_contact_safe": _by_us("referral_ask_contact_safe"),
    "utter_ask_referral_contact_when": _by_us("referral_ask_contact_when"),
    "utter_ask_needs_age_band": _of_them("needs_ask_age_band"),
    "utter_ask_needs_area": _of_them("needs_ask_area"),
    "utter_ask_needs_need": _of_them("needs_ask_need"),
    "utter_ask_needs_second": _second,
    "utter_ask_needs_need_much": _much("need"),
    "utter_ask_needs_second_much": _much("second"),
    "utter_ask_needs_access": _of_them("needs_ask_access"),
    "utter_ask_needs_managing": _of_them("needs_ask_managing"),
    "utter_ask_needs_support": _of_them("needs_ask_support"),
    "utter_support_lost": lambda _: {"say": "support_listening"},
}


class Nlg(NaturalLanguageGenerator):
    """Gives every utterance as its name."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the name to say, and what it offers where that is not as in the words files."""
        try:
            depends = DEPENDS.get(utter_action)
            said = depends(tracker) if depends else {"say": name_of(utter_action)}
        except Exception:
            mark_failed(utter_action)  # Rasa would log it and go on in silence
            raise
        question = utter_action.startswith(QUESTIONS)
        if said and tracker.active_loop_name and not question:
            # An aside in the middle of a form offers nothing: its question follows.
            said = {**said, "choices": []}
        return {"custom": said}


def _new_topic(tracker: DialogueStateTracker) -> str:
    """Return the topic of this message when it is not the one heard last, else ''."""
    topic = next(tracker.get_latest_entity_values("topic"), "")
    return topic if topic != _heard_before(tracker) else ""


def _heard_before(tracker: DialogueStateTracker) -> str | None:
    before = False
    for event in reversed(tracker.events):
        before = before or isinstance(event, UserUttered)
        if before and isinstance(event, SlotSet) and event.key == "heard":
            return event.value
    return None


def _unmet(tracker: DialogueStateTracker) -> str:
    """Return the topic of what waited for a question about danger, "" if it had its words."""
    waited = worried(_previous_intent(tracker))
    return (tracker.get_slot(UNMET) or "") if waited else ""


def _unmet_in_doubt(tracker: DialogueStateTracker) -> str:
    """Return the same where danger was only asked about: in danger nothing is said beside it."""
    return _unmet(tracker) if _previous_intent(tracker).startswith("check_") else ""


def _previous_intent(tracker: DialogueStateTracker) -> str:
    users = (e for e in reversed(tracker.events) if isinstance(e, UserUttered))
    next(users, None)
    previous = next(users, None)
    return (previous.intent_name or "") if previous else ""
