# SPDX-License-Identifier: Apache-2.0
"""What one turn means to the dialogue: an intent and entities, given the question that is open.

Pure. The edge has understood the turn already; here it is only read against the open question, so
that a form can be filled by nothing but an answer to the very thing it asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.policy import code_word, exercise, mail_address, phone_number, scripts
from bot.policy.answer import normalise

# A form's question is answered by these two alone; every other intent is in its ignored_intents.
ANSWER, DECLINE = "answer", "decline"
DECLINING = ("no", "skip")
# Rasa says nothing to these: the edge has spoken.
SILENT = frozenset(
    "danger_immediate danger_suicide danger_safeguarding check_immediate check_suicide"
    " check_safeguarding check_red_flag ask_human exit_now".split()
)
# The edge says its last words again; the dialogue stays where it is.
UNHEARD = frozenset({"repeat"})
NUMBER_ASKED, SAFE_ASKED = "referral_contact_number", "referral_contact_safe"
NAME_ASKED = "referral_called"
BY_ASKED, EMAIL_ASKED = "referral_contact_by", "referral_contact_email"
NUMBER_READ = {NUMBER_ASKED: phone_number.read, "referral_contact_text": phone_number.to_text}
# Whoever picks one way to be written to is asked nothing about the other one.
UNASKED = {
    "email": (("untexted", "not_asked"), ("untimed", "not_asked")),
    "text": (("unmailed", "not_asked"),),
}
# All that may stand beside a number for it to be a yes as well.
WITH_A_NUMBER = frozenset(
    "yes yeah yep aye ok it its is the this my mobile phone number on ring me use safe".split()
)
# What a sentence with a number in it may be heard as when it answers that question.
HOLDS_A_NUMBER = frozenset(
    "provide_detail disclose affirm ask_callback out_of_scope greet thank feedback".split()
)
# A word by itself may be heard as anything; what needs an answer of its own stays what it is.
MAY_BE_A_WORD = HOLDS_A_NUMBER | frozenset({"ask_service", "ask_information", "goodbye"})

UNMET = "unmet"
"""The slot of a topic told in such a turn, until words for it were said."""
# A check was answered with no: what was said before it is met now.
CLEARED = "check_cleared"
# What is asked for by its name in the words files, and the entity that holds the name.
NAMED_BY = {scripts.ACT: "script", exercise.ACT: "exercise"}


@dataclass(frozen=True)
class Turn:
    """One turn as the edge hands it on; `intent` is empty when nobody understood it yet."""

    conversation_id: str
    turn_id: str
    medium: str
    text: str
    intent: str = ""
    topic: str = "none"
    urgency: str = "none"
    choice: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """What Rasa is told."""

    intent: str
    entities: tuple[tuple[str, str], ...] = ()


def meaning(turn: Turn, asked: str | None, fitting: Collection[str]) -> Meaning:
    """Return what a turn means while `asked` is open; `fitting` are the answers it takes."""
    if asked == SAFE_ASKED and (number := safe_number(turn)):
        if number.refused:
            return Meaning("number_refused", (("reason", number.refused),))
        return Meaning(ANSWER, (("answer", "yes"),))
    told = turn.topic != "none" and turn.urgency != "none"
    known = (("topic", turn.topic),) if told else ()
    if turn.intent == CLEARED and turn.choice.startswith(scripts.BEGINS):
        return Meaning(CLEARED, (("script", turn.choice), *known))
    if named := _named(turn):
        return Meaning(named, ((NAMED_BY[named], turn.choice), *known))
    if turn.intent == "choose":
        return _picked(turn.choice, asked, fitting)
    if given := _given(turn, asked):
        return given
    name = (asked or "").removeprefix("referral_")
    may_be = MAY_BE_A_WORD | {"deny"} if asked == NAME_ASKED else MAY_BE_A_WORD
    read = code_word.READ.get(name) if turn.intent in may_be else None
    # "He shouted at my mum" ends no call: it is told.
    if read is code_word.stop and turn.intent == "disclose":
        read = code_word.read
    if read and (word := read(turn.text)):
        return Meaning(ANSWER, (("answer", word),))
    return Meaning(turn.intent, known)


def _given(turn: Turn, asked: str | None) -> Meaning | None:
    """Return what a number or an address means to the question for it, None where none is given."""
    if turn.intent not in HOLDS_A_NUMBER:
        return None
    if asked in NUMBER_READ and _has_number(turn.text):
        number = NUMBER_READ[asked](turn.text)
        to, refused = number.e164, number.refused
    elif asked == EMAIL_ASKED and "@" in turn.text:
        to, refused = mail_address.within(turn.text), "address"
    else:
        return None
    if to:
        return Meaning(ANSWER, (("answer", to),))
    return Meaning("number_refused", (("reason", refused),))


def worried(intent: str | None) -> bool:
    """Say whether danger was spoken of in a turn, and the edge alone answered it."""
    return (intent or "").startswith(("check_", "danger_")) and intent != CLEARED


def _named(turn: Turn) -> str:
    """Return the intent of a turn whose choice is the very name of what is said next, or ""."""
    if turn.intent not in ("choose", *NAMED_BY):
        return ""
    if turn.choice.startswith(scripts.BEGINS):
        return scripts.ACT
    return exercise.ACT if turn.choice.startswith(exercise.BEGINS) else ""


def _picked(choice: str, asked: str | None, fitting: Collection[str]) -> Meaning:
    if choice == "person":
        return Meaning("ask_human")
    if asked and choice in fitting:
        also = UNASKED.get(choice, ()) if asked == BY_ASKED else ()
        return Meaning(DECLINE if choice in DECLINING else ANSWER, (("answer", choice), *also))
    if not asked and choice in DECLINING:
        return Meaning(DECLINE, (("choice", choice),))
    return Meaning("choose", (("choice", choice),))


def safe_number(turn: Turn) -> phone_number.Number | None:
    """Return the number that is given with a yes to "is there a safe number?", or instead of it.

    With any other word beside it ("that's his, 07...") it is none.
    """
    rest = {word for word in normalise(turn.text).split() if not word.isdigit()}
    meant = turn.choice == "yes" or turn.intent in HOLDS_A_NUMBER
    if not meant or not _has_number(turn.text) or not rest <= WITH_A_NUMBER:
        return None
    return phone_number.read(turn.text)


def _has_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 3
