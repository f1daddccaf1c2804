# SPDX-License-Identifier: Apache-2.0
"""What becomes of a form's question when the words that follow are no answer to it.

A refusal is a skip, two in a row end the questions. A question that two messages in a row pass by
is left out: it is never put a third time.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from bot.policy import called, code_word, consent
from bot.policy.answer import normalise
from bot.policy.hearing import wants_person
from bot.policy.naming import named_by
from bot.policy.steps import NOT_SAFE_NOW, plainly_heard
from bot.policy.turn import Understanding

SKIP = "skip"
CHILDREN, LIMITS = "rule:children_shouted_at", "check_children_limits"
"""The cue of somebody who shouts at the children in the home, and what is said before the check."""
# What is wanted instead of answering, and gets its own answer though the question is left out.
ASIDES = frozenset("ask_information ask_service ask_privacy ask_is_bot third_party".split())
# What closes the form or holds it for a moment: the question was not passed by.
ELSEWHERE = frozenset(
    "ask_human ask_callback exit_now goodbye distress request_deletion withdraw_consent repeat"
    " cannot_speak stop_questions ask_code".split()
)
_OTHERS = frozenset("he hes she shes they theyre him her them his their we us".split())
_WONT = re.compile(
    r"\b(?:not (?:answering|telling|saying)|(?:wont|dont want to) (?:answer|say)|business"
    r"|no comment|dont need to know)\b"
)
_REFERRAL = "referral_ask_"
_SKIPPABLE = ("needs_ask_", _REFERRAL)
# Where a guess would be kept as what somebody agreed to, or as what is safe for them.
_EXACT = ("consent_", "delete_", "referral_")
# Questions whose answer is kept as agreed or as safe, or deletes: doubtful words answer none.
_SURELY = ("consent_brief", "delete_ask", _REFERRAL, "referral_number_")
_OF_DANGER = ("check_", "emergency_")
NUMBERS = ("referral_ask_contact_number", "referral_ask_contact_text")
PRIVATE = "referral_ask_contact_private"
# "I guess", "fine" and "yes, my mum does" are no yes to "is it safe?".
_HALF = frozenset(
    "guess suppose spose mostly usually think reckon hope probably fine apart he hes him his she"
    " shes her husband wife partner boyfriend girlfriend ex mum mother dad father son daughter"
    " sister brother kids family friend".split()
)
EMAIL, NAME = "referral_ask_contact_email", "referral_ask_called"
AGREES, CALLED = "referral_agrees", "referral_called"
OF_A_CALL = (
    "referral_contact_days", "referral_contact_cover", "referral_contact_unknown",
    "referral_contact_code_word", "referral_contact_stop_word",
)  # fmt: skip
"""Questions of a call, of which one that is left out changes none of the others."""
WRITTEN = tuple(f"referral_{name}" for name in consent.WRITTEN)
"""Questions to whoever has no safe number, and wants a service to write to them instead."""
CONTACT = (
    AGREES, "referral_contact_safe", "referral_contact_number", *WRITTEN,
    "referral_contact_voicemail", "referral_contact_when", CALLED, *OF_A_CALL,
)  # fmt: skip
"""The slots of how it is safe to reach somebody, in the order in which they are asked."""
CODE_USED = "code_used"
"""The fact that somebody came back by a code, which may be in other hands; its time counts."""
CONTACT_ANEW = "contact_anew"
"""The fact that what the dialogue remembers of how to reach them counts no more: they took it back,
or came back by a code, which may be in other hands. It is asked anew before it is shown."""
NEED = "needs_ask_need"
SERVICE = "referral_ask_service"
_WAYS = frozenset("telephone phone line helpline online chat one".split())


def heard_more(heard: Understanding) -> bool:
    """Say whether danger may have been heard, which no answer may outweigh."""
    return heard.action in ("interrupt", "check")


def can_be_left(asking: str, offered: Collection[str]) -> bool:
    """Say whether the open question is one of a form that may go unanswered."""
    return SKIP in offered and asking.startswith(_SKIPPABLE)


def refused(text: str, heard: Understanding, asking: str = "") -> bool:
    """Say whether words with nothing else in them refuse: "I'm not answering that".

    "They never came back" denies too, and tells something. So does "the telephone one" where a
    service is to be picked.
    """
    said = set(normalise(text).split())
    tells = heard.urgency != "none" or _OTHERS & said or (asking == SERVICE and _WAYS & said)
    tells = tells or (asking == NAME and called.read(text))  # "Will" denies nothing
    return heard.act == "deny" and not tells


def names_service(key: str, text: str, label: str) -> bool:
    """Say whether words that picked a service are of its own name, and so tell of no danger."""
    return key.startswith("service_") and named_by(text, label)


def begins_an_answer(heard: Understanding) -> bool:
    """Say whether a yes or a no at the start of these words may answer what was asked.

    None does of "no, it is not safe" and of "no, I want a person".
    """
    return NOT_SAFE_NOW not in heard.cues and not wants_person(heard)


def refuses(asking: str, key: str, text: str, heard: Understanding) -> bool:
    """Say whether words refuse a question of the assessment; "skip" and "next" only leave it."""
    said = refused(text, heard) if not key else key == SKIP and _WONT.search(normalise(text))
    return takes_a_clause(asking) and bool(said)


def twice(refused_twice: bool, key: str, heard: Understanding) -> tuple[str, Understanding]:
    """Return what was picked and heard, which is an end of the questions at a second refusal."""
    return ("", replace(heard, act="stop_questions")) if refused_twice else (key, heard)


def passes_by(asking: str, text: str, heard: Understanding) -> bool:
    """Say whether a message that answers nothing passes the open question by."""
    number = asking in NUMBERS and sum(c.isdigit() for c in text) >= 3
    address = asking == EMAIL and "@" in text
    read = code_word.READ.get(asking.removeprefix(_REFERRAL))
    word = read and read(text)
    return heard.act not in ELSEWHERE and not (number or address or word)


def takes_a_sentence(asking: str) -> bool:
    """Say whether a yes inside a sentence answers this question; a consent is never guessed."""
    return not asking.startswith(_EXACT)


def takes_surely(asking: str) -> bool:
    """Say whether only words that were surely heard answer this question by telephone."""
    return asking.startswith(_SURELY)


def needs_certainty(asking: str) -> bool:
    """Say whether it matters how surely an answer was heard: also a no to a question of danger."""
    return takes_surely(asking) or asking.startswith(_OF_DANGER[0])


def surely(key: str, heard: Understanding, check: str, unclear: bool) -> tuple[str, Understanding]:
    """Return what was picked and heard: a no that the recogniser was unsure of denies no danger.

    It is asked once more, with the keys; an unsure yes counts.
    """
    if key != "no" or not check or not unclear:
        return key, heard
    return "", replace(heard, act="provide_detail")


def as_listed(heard: Understanding) -> Understanding:
    """Return what is heard of words that are, as a whole, a listed answer to the assessment.

    "They're looking into it" answers how far a case has got: no model alone makes it danger now.
    What a rule or a flag hears stands, and staff see what the model made of it.
    """
    if heard.action != "interrupt" or plainly_heard(heard):
        return heard
    return replace(heard, action="check")


def is_of_contact(asking: str) -> bool:
    """Say whether the open question is how it is safe to reach somebody: no is the safe answer."""
    return asking.startswith("referral_ask_contact_")


def doubts_a_yes(asking: str, text: str) -> bool:
    """Say whether words that only sound like a yes are none: how somebody is reached hangs on it.

    Whoever else can read it is told in any words at all ("yes me and my husband").
    """
    said = set(normalise(text).split())
    return asking == PRIVATE or (is_of_contact(asking) and bool(_HALF & said))


def takes_a_clause(asking: str) -> bool:
    """Say whether the first clause of several answers this question."""
    return asking.startswith("needs_ask_")


def is_of_danger(asking: str) -> bool:
    """Say whether the open question asks about danger."""
    return asking.startswith(_OF_DANGER)
