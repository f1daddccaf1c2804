# SPDX-License-Identifier: Apache-2.0
"""Which approved answer does a question ask for? None when none fits: it never guesses."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol, TypeVar

from bot.policy.answer import normalise
from bot.policy.hearing import CRIMES
from bot.policy.steps import HAS_ANSWER
from bot.policy.turn import Understanding

TOLD = "#"
"""Begins a group that is a topic: it must have been told of before the words count."""

FIRST = "^"
"""Begins a group that a message has to begin with."""

# What somebody wants done is done, whatever else the words hold.
STANDS = frozenset(
    "ask_human ask_callback exit_now withdraw_consent repeat cannot_speak distress".split()
)
_ASKING = re.compile(
    r"\b(?:when|how|what|where|who|why|which|can|could|will|would|do|does|did|is|are|am|should|if)"
    r" (?:i|we|you|u|they|he|she|it|the|my|our|his|her|this|that|these|there|a|an|to|long|soon|much"
    r"|many|someone|anyone|happens?|police|court|do|about|comes|next|not)\b"
    r"|^(?:who|where|how|do|does|is|are|can|could|will|should)\b|\bwho (?:can|could|will)\b"
    r"|\b(?:whats|wheres|whos|hows|whens|tell me|know (?:if|when|how|what|who|about))\b"
)
_WHICH = re.compile(
    r"\b(?:which|what|who|where|any|is there an?)\b(?: \w+){0,6}? (?:services?|lines?|helplines?"
    r"|numbers?|organisations?|charit(?:y|ies)|support|groups?|refer|signpost|send|point|call|ring|contact"
    r"|tell|help)\b|\bwhere (?:can|do|should|could) i (?:refer|send|signpost|point)\b"
)

_WRITES = re.compile(
    r"\b(?:i|there|you|them|someone|somebody|anyone|just|to) (?:\w+ )?"
    r"(?:text|message|email|write|chat)\b(?! me\b)"
)


@dataclass(frozen=True)
class Answer:
    """An approved answer, said under `name`; who asks for it and how, and where it is from.

    `topics` are those whose questions it answers when no way fits; `about` is the crime that
    somebody tells of by asking this. `services` know more, the best first. `in_danger`: it is
    said after words of danger too. `told`: also to whoever tells it and asks nothing; it is of what
    they do themselves, so that nothing done to them was told. `written`: the services named are
    those for this person that can be written to.
    """

    id: str
    asks: tuple[str, ...]
    services: tuple[str, ...]
    source: str
    valid_at: str
    review_by: date
    topics: tuple[str, ...] = ()
    about: str = ""
    in_danger: bool = False
    told: bool = False
    written: bool = False

    @property
    def name(self) -> str:
        """Return its name in the words files."""
        return f"info_{self.id}"

    @cached_property
    def ways(self) -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
        """Return each way as the topic it needs ("" for none) and what must be found."""
        return tuple(_way(line) for line in self.asks)

    def fits(self, words: str, topic: str) -> int:
        """Return how many groups the best of its ways finds in the words, 0 when none fits."""
        return max(
            (
                len(groups) + bool(told)
                for told, groups in self.ways
                if told in ("", topic) and all(group.search(words) for group in groups)
            ),
            default=0,
        )


Found = TypeVar("Found", bound=Answer)


def by_words(text: str, topic: str, answers: Sequence[Found]) -> Found | None:
    """Return the answer that the words themselves ask for."""
    words = normalise(text)
    best = max(answers, key=lambda a: a.fits(words, topic), default=None)
    return best if best and best.fits(words, topic) else None


def of_topic(topic: str, answers: Sequence[Answer], said: Collection[str] = ()) -> Answer | None:
    """Return what may help whoever asks anything on a topic, unless they have had it."""
    return next((a for a in answers if topic in a.topics and a.id not in said), None)


def asked(
    text: str, heard: Understanding, known: str, answers: Sequence[Answer]
) -> Answer | None:
    """Return the answer that a message plainly asks for, whatever else it was heard as.

    `known` is the topic of the conversation. A danger is answered first, and so is a wish.
    """
    no_call = _rings_us(text) or _writes(text)
    stands = heard.act in STANDS and not (heard.act == "ask_callback" and no_call)
    if heard.action in ("interrupt", "check") or (stands and heard.act != "distress"):
        return None
    asks = heard.act in ("ask_information", "ask_service") or is_question(text)
    if stands or not asks:
        answers = [answer for answer in answers if answer.told]
    return by_words(text, known if known in CRIMES else heard.topic, answers)


def as_question(heard: Understanding, answer: Answer) -> Understanding:
    """Return what was heard as the question that it is, with the crime that asking it tells of."""
    told = answer.about and heard.topic not in CRIMES
    topic = "none" if answer.told else heard.topic
    return replace(
        heard,
        act="ask_information",
        cues=(*heard.cues, HAS_ANSWER) if answer.in_danger else heard.cues,
        topic=answer.about if told else topic,
        urgency="standard" if told and heard.urgency == "none" else heard.urgency,
    )


def asks_which_service(text: str) -> bool:
    """Say whether a message asks of which service somebody else can be told."""
    return bool(_WHICH.search(normalise(text)))


def group_of(text: str) -> str:
    """Return for whom a service is to be, by what somebody else is called: "her", "him"; else "".

    Where both are spoken of it is not plain who is who.
    """
    said = set(normalise(text).split())
    she = bool(said & {"she", "her", "hers", "shes", "woman", "girl", "daughter", "mum"})
    he = bool(said & {"he", "him", "his", "hes", "man", "boy", "son", "dad"})
    return ("women" if she else "men") if she != he else ""


class Reviewed(Protocol):
    """Anything with a day by which somebody looks at it again."""

    @property
    def review_by(self) -> date: ...


def is_due(answer: Reviewed, today: date) -> bool:
    """Say whether somebody has to look at it again before it counts as certain."""
    return today > answer.review_by


def _rings_us(text: str) -> bool:
    """Say whether it is of people who ring us, and not of us ringing them."""
    words = normalise(text)
    return bool(re.search(r"\b(?:ring|call|phone) you\b", words)) and " me" not in words


def _writes(text: str) -> bool:
    """Say whether it is of writing to somebody, and not of being rung."""
    return bool(_WRITES.search(normalise(text)))


def is_question(text: str) -> bool:
    return "?" in text or bool(_ASKING.search(normalise(text)))


@lru_cache(maxsize=1024)
def _way(line: str) -> tuple[str, tuple[re.Pattern[str], ...]]:
    groups = line.split()
    told = groups.pop(0).removeprefix(TOLD) if groups[0].startswith(TOLD) else ""
    return told, tuple(re.compile(_group(group)) for group in groups)


def _group(group: str) -> str:
    begins = "^" if group.startswith(FIRST) else r"\b"
    return rf"{begins}(?:{_words(group.removeprefix(FIRST))})\b"


def _words(group: str) -> str:
    return re.escape(group).replace(r"\|", "|").replace("_", " ").replace(r"\*", r"\w*")
