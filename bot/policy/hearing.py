# SPDX-License-Identifier: Apache-2.0
"""What a message means in its conversation, which one message alone cannot say.

Pure. Nothing here lowers urgency: what was heard as danger stays as it was heard.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.policy import same_worker
from bot.policy.age import UNDER_18, YOUNG
from bot.policy.answer import HEDGED_YES, normalise
from bot.policy.besides import OTHER, answers_other
from bot.policy.circumstances import asks_to_talk
from bot.policy.doubt import TOGETHER
from bot.policy.language import BSL
from bot.policy.standing import TAKEN, took
from bot.policy.steps import HAS_ANSWER, SAYS_YOUNG, plainly_heard
from bot.policy.topics import TOPICS
from bot.policy.turn import Understanding
from bot.policy.urgency import DANGER

# What somebody asks about or feels, beside what happened to them.
NOT_A_CRIME = frozenset(
    "mental_distress court_process compensation restorative_justice complaint police_update other "
    "none".split()
)
CRIMES = frozenset(TOPICS) - NOT_A_CRIME
# After a suicide hit nobody is led into a form by half a sentence; a button still does it.
NOT_AFTER_SUICIDE = frozenset("ask_service ask_information ask_callback deny out_of_scope".split())


HALF = 8
"""Words up to which a message may be half of what somebody is saying."""

HALVES = 2

ABOUT_WAIT = frozenset({"asks_place", "ends_wait"})
"""What is said of waiting for a person is whole by itself, and half of nothing."""

PERSON_LIKELY = 0.35
"""From here somebody may want a person, whatever their act is taken for."""

BESIDE = ("person_if_wanted", "person_if_wanted_nobody")
"""What is said beside an answer and is none."""

CALLS_OUT, ASKS_IF_PERSON = "calls_out", "asks_if_person"
"""Cues of whole messages that want a person: an answer to nothing, whatever was asked."""

CANNOT_SPEAK = "rule:cannot_speak"
"""The cue of plain words that they cannot talk freely."""

HURT_BY_PARTNER = "hurt_by_partner"

ABUSE = frozenset(
    "domestic_abuse sexual_violence child_abuse modern_slavery honour_based_abuse".split()
)
"""What an adult may ask no child about, and must not pass over either."""

_ALOUD = re.compile(
    r"\b(?:speak\w*|talk\w*|say\w*|loud|aloud|quiet\w*|hear\w*|whisper\w*|voice|noise|silent\w*"
    r"|mute|calls?|phone|ring|type|typing|text|chat|sound|55|here|asleep|next|room|overhear\w*)\b"
)
LIKELY = 0.5
"""How likely the model alone must find danger in messages read together."""


def topic_kept(known: str, heard: str) -> str:
    """Return what a story is about: a crime told is not lost to what is none."""
    return known if known in CRIMES and heard not in CRIMES else heard


def halves(before: Sequence[str], text: str, heard: Understanding, answer: str) -> list[str]:
    """Return what may go on in the next message: the last short ones that were no answer and in
    which nothing was heard by itself."""
    if answer or heard.action in ("interrupt", "check") or len(text.split()) > HALF:
        return []
    if ABOUT_WAIT & set(heard.cues):
        return list(before)
    return [*before, text][-HALVES:]


def joined(halves: Sequence[str], text: str) -> str:
    """Return a short message with the halves before it, "" where it goes on none of them."""
    return " ".join((*halves, text)) if halves and len(text.split()) <= HALF else ""


def together(alone: Understanding, joined: Understanding) -> Understanding:
    """Return what is heard in a message read with the halves before it; it only raises.

    A question is enough: what several messages say only together is never surely said.
    """
    if alone.action in ("interrupt", "check") or joined.action not in ("interrupt", "check"):
        return alone
    if ABOUT_WAIT & set(alone.cues):
        return alone
    if not plainly_heard(joined) and joined.confidence < LIKELY:
        return alone
    return replace(
        alone,
        urgency=joined.urgency,
        action="check",
        topic=joined.topic,
        confidence=joined.confidence,
        cues=(*joined.cues, TOGETHER),
    )


def by_partner(heard: Understanding) -> Understanding:
    """Return violence by a partner as domestic abuse, whoever tells of it and however lightly."""
    if HURT_BY_PARTNER not in heard.cues:
        return heard
    urgency = heard.urgency if heard.urgency != "none" else "standard"
    act = "disclose" if heard.act == "out_of_scope" else heard.act
    return replace(heard, topic="domestic_abuse", urgency=urgency, act=act)


def of_a_child(
    heard: Understanding, age_band: str, cleared: Collection[str] = ()
) -> Understanding:
    """Return abuse told by somebody who says that they are under 18 as a thing to ask about gently.

    A child may be being hurt, and a trained person has to see it; danger stands as it was heard.
    `age_band` may have been told earlier; `cleared` holds what was asked and answered with no.
    """
    if age_band not in UNDER_18:
        return heard
    if heard.topic == "elder_abuse":
        heard = replace(heard, topic="child_abuse")
    if heard.topic not in ABUSE or heard.urgency in ("none", *DANGER) or DANGER[2] in cleared:
        return heard
    if heard.action in ("interrupt", "check"):
        return heard
    return replace(heard, urgency=DANGER[2], action="check", cues=(*heard.cues, "rule:child_told"))


def says_young(heard: Understanding, age_band: str, after: str) -> Understanding:
    """Return what is heard, with a cue when a young person answers the suicide question by age.

    `after` is the class of a hit whose own question is open.
    """
    if after != DANGER[1] or age_band not in YOUNG:
        return heard
    return replace(heard, cues=(*heard.cues, SAYS_YOUNG))


def they_are_out(heard: Understanding) -> Understanding:
    """Return what "yes, he's gone out" means as the answer to "is it safe?", and as nothing else.

    A model hears danger in who has gone out; what a rule or a red flag heard stands.
    """
    if plainly_heard(heard):
        return replace(heard, cues=(*heard.cues, HEDGED_YES))
    return Understanding(act="affirm", confidence=1.0, cues=(HEDGED_YES,), language=heard.language)


def for_a_person(heard: Understanding, text: str) -> Understanding:
    """Return a wish to speak with a woman, a man, or a worker they know, as one for a person.

    That the person took something, or says yes to something else than danger, is a cue.
    """
    if answers_other(normalise(text)):
        heard = replace(heard, cues=(*heard.cues, OTHER))
    if took(text):
        heard = replace(heard, cues=(*heard.cues, TAKEN))
    known = bool(same_worker.asked_for(text))
    if known:
        heard = replace(heard, cues=(*heard.cues, same_worker.CUE))
    guessed = heard.act == "cannot_speak" and CANNOT_SPEAK not in heard.cues
    if guessed and not _ALOUD.search(normalise(text)):
        heard = replace(heard, act="provide_detail")  # "cant work now": a model's slip
    asks = heard.action not in ("interrupt", "check") and (known or asks_to_talk(text))
    return replace(heard, act="ask_human") if asks else heard


def may_want_person(heard: Understanding) -> bool:
    """Say whether how to have a person is said beside the answer; about bots it is said anyway."""
    likely = heard.wants_person or 0.0
    calm = heard.urgency in ("none", "standard")  # what is grave is answered, and nothing beside
    return calm and likely >= PERSON_LIKELY and heard.act not in ("ask_human", "ask_is_bot")


def only_a_person(heard: Understanding) -> bool:
    """Say whether a message is a wish for a person and no more: "no wait is anyone there"."""
    return heard.act == "ask_human" and bool({CALLS_OUT, ASKS_IF_PERSON} & set(heard.cues))


def wants_person(heard: Understanding) -> bool:
    """Say whether plain words, and no model's guess, ask for a person."""
    plain = "rule:ask_human" in heard.cues or only_a_person(heard)
    return heard.act == "ask_human" and plain


def in_context(
    heard: Understanding, *, answer: str, topic: str, waiting: bool, hits: Collection[str]
) -> Understanding:
    """Return what was heard, read against what is known of the conversation.

    Whoever spoke of suicide and now says that they took something needs 999, whatever else.
    """
    if not answer and TAKEN in heard.cues and DANGER[1] in hits and heard.action != "interrupt":
        heard = replace(heard, urgency=DANGER[1], action="interrupt", act="disclose")
    return replace(
        heard,
        act=heard.act if answer else _act(heard, topic, waiting, hits),
        topic=_topic(heard, topic),
    )


def _topic(heard: Understanding, known: str) -> str:
    """Keep the first crime that was told: later words are about it, or beside it."""
    if known in CRIMES:
        return known
    told = heard.topic != "none" and heard.urgency != "none"
    return heard.topic if told and (known == "none" or heard.topic in CRIMES) else known


def _act(heard: Understanding, known: str, waiting: bool, hits: Collection[str]) -> str:
    after_suicide = DANGER[1] in hits and HAS_ANSWER not in heard.cues
    if after_suicide and heard.act in NOT_AFTER_SUICIDE:
        return "provide_detail"
    act = heard.act
    told = known != "none" or waiting or heard.topic != "none" or BSL in heard.cues
    if act == "out_of_scope" and told:
        act = "provide_detail"  # whoever told of a crime is never told what we are for
    if act in ("provide_detail", "greet") and known == "none" and heard.topic in CRIMES:
        act = "disclose"  # the first time it is told, it is acknowledged, hello or no hello
    if act == "distress" and known == "none" and heard.topic == "homicide_bereavement":
        act = "disclose"  # somebody has died: that is answered before how they feel
    return act
