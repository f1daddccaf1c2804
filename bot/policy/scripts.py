# SPDX-License-Identifier: Apache-2.0
"""Which support script meets what somebody says of how they are, and in which of its forms.

Pure. A script is found in the words themselves or not at all, and danger always goes first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.policy.answer import normalise
from bot.policy.information import Answer, by_words
from bot.policy.turn import Understanding

ACT = "ask_support"
"""The act of whoever is met with a script."""
BEGINS, CHILD, LITTLE, UNBLAMING = "script_", "_child", "_little", "_unblaming"

# Scripts with words of their own for whoever said that they are under 18.
OF_CHILDREN = frozenset("sleep flashbacks guilt anger numb dates".split())
# And for whoever said that they are twelve or under.
OF_LITTLE = frozenset("sleep flashbacks guilt".split())
# Scripts that say a word about fault, and their form that says none. "It is not your fault" is
# never said to a bereaved mother, or to somebody who was in a crash or asks how a thing works.
OF_FAULT = frozenset({"guilt"})
NO_FAULT = frozenset(
    "homicide_bereavement road_traffic terrorism court_process compensation restorative_justice"
    " complaint police_update".split()
)
# A death or a crash in the words themselves, whatever the model makes of them.
_OF_DEATH = re.compile(
    r"\b(?:died?|dead|death|killed|murder\w*|passed away|funeral|buried|grave|crash\w*|driving"
    r"|ran (?:him|her|them) over|run over|lost my (?:son|daughter|boy|girl|child|baby|husband|wife"
    r"|partner|mum|mam|dad|brother|sister|friend|mate))\b"
)
# Where a script is not for whoever told of these: whoever is spoken of may be the one who hurts
# them, and what to do is for a person; a neck that hurts after a crash was not held.
BY_SOMEBODY_CLOSE = frozenset("domestic_abuse honour_based_abuse stalking_harassment".split())
NOT_WITH = {
    "strangled_health": frozenset({"road_traffic"}),
    "helping_partner": BY_SOMEBODY_CLOSE,
    "home_tonight": BY_SOMEBODY_CLOSE,
    "happened_again": BY_SOMEBODY_CLOSE,
}
# What is offered beside the ways on once a topic was told: at most one, so that nobody has to
# choose among many.
OFFERED: dict[str, str] = {
    "sexual_violence": "rape_health",
    "burglary_theft": "home_tonight",
    "fraud": "fraud_first_hour",
    "antisocial_behaviour": "asb_review",
    "homicide_bereavement": "grief",
    "mental_distress": "sleep",
}
# Said to whoever comes again, also before it is known whether it is safe: it tells nothing.
WELCOME = "script_back_again"
# What somebody wants done or asks of us is done, whatever else the words hold.
STANDS = frozenset(
    "ask_human ask_callback exit_now withdraw_consent request_deletion cannot_speak ask_privacy"
    " ask_is_bot ask_code stop_questions strike_line third_party repeat goodbye".split()
)


@dataclass(frozen=True)
class Script(Answer):
    """What is said to a feeling, found in anybody's words as an answer to a question is.

    `meant_for` and `not_for` say whom it is for, for those who look at it again.
    """

    meant_for: str = ""
    not_for: str = ""

    @property
    def name(self) -> str:
        """Return its name in the words files, which is also the choice that asks for it."""
        return f"{BEGINS}{self.id}"


def told(
    text: str, heard: Understanding, known: str, scripts: Sequence[Script], said: Collection[str]
) -> Script | None:
    """Return the script that meets a message, None when none does or it was said before.

    `known` is the topic of the conversation, `said` are the names said in it. With a doubt about
    danger it waits until that was asked about and answered with no.
    """
    if heard.action == "interrupt" or heard.act in STANDS:
        return None
    topic = known if known != "none" else heard.topic
    fitting = [
        script for script in scripts
        if not {script.name, script.name + UNBLAMING} & set(said)
        and topic not in NOT_WITH.get(script.id, ())
    ]  # fmt: skip
    return by_words(text, topic, fitting)


def fits_better(script: Script | None, answer: Answer | None, text: str, topic: str) -> bool:
    """Say whether a script meets a message more closely than the answer to a question does."""
    words = normalise(text)
    found, other = (x.fits(words, topic) if x else 0 for x in (script, answer))
    return bool(found) and found >= other


def as_told(heard: Understanding) -> Understanding:
    """Return what was heard as what a script answers, with nothing of it lowered."""
    return replace(heard, act=ACT)


def as_welcome(heard: Understanding) -> Understanding:
    """Return what was heard as a greeting, after which it is asked whether it is safe."""
    return replace(heard, act="greet", cues=(*heard.cues, WELCOME))


def named(script: Script, text: str) -> str:
    """Return the name of a script for these words, which may tell of a death or a crash."""
    unblaming = script.id in OF_FAULT and _OF_DEATH.search(normalise(text))
    return script.name + (UNBLAMING if unblaming else "")


def form(name: str, topics: Collection[str], *, young: bool, little: bool = False) -> str:
    """Return the form of a script's words that is right for this person.

    `topics` is all that they told it is about.
    """
    script = name.removeprefix(BEGINS)
    if script in OF_FAULT and NO_FAULT & set(topics):
        return name + UNBLAMING
    if little and script in OF_LITTLE:
        return name + LITTLE
    return name + CHILD if young and script in OF_CHILDREN else name
