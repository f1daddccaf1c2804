# SPDX-License-Identifier: Apache-2.0
"""The labelled sentences: read, checked against the labelling guide, and known by a hash."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy.topics import TOPICS
from bot.policy.urgency import DANGER, ORDER

URGENCIES = ORDER
TOPIC_LABELS = tuple(sorted(TOPICS - {"none"})) + ("none",)
ACTS = tuple(
    "disclose ask_information ask_service ask_human ask_callback greet affirm deny thank goodbye"
    " exit_now provide_detail cannot_speak repeat distress abuse_bot out_of_scope ask_privacy"
    " ask_is_bot withdraw_consent request_deletion feedback".split()
)
STYLES = frozenset(
    "plain typos textspeak dialect slang second_language child teen older long fragment euphemism"
    " sarcasm swearing negation past third_person hypothetical quotation perpetrator staff"
    " injection lookalike calm panic mishearing woman man".split()
)
COLUMNS = ("scenario", "urgency", "topic", "act", "channel", "style", "text")
LABELS = {"urgency": URGENCIES, "topic": TOPIC_LABELS, "act": ACTS}

CHOSEN_ON = "hand-v.tsv"
"""Thresholds are chosen on this file of validation/; the others are only measured."""


@dataclass(frozen=True)
class Sentence:
    """One labelled message."""

    scenario: str
    urgency: str
    topic: str
    act: str
    channel: str
    styles: tuple[str, ...]
    text: str

    @property
    def danger(self) -> bool:
        """Say whether its label is any of the three danger classes."""
        return self.urgency in DANGER


def read(folder: Path, pattern: str = "*.tsv") -> list[Sentence]:
    """Return the sentences of a folder's files. Raises ValueError for a wrong row."""
    return [
        _sentence(path, number, line)
        for path in sorted(folder.glob(pattern))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if number > 1 and line
    ]


def _sentence(path: Path, number: int, line: str) -> Sentence:
    cells = line.split("\t")
    where = f"{path.name} line {number}"
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{where}: {len(cells)} columns, {len(COLUMNS)} wanted")
    scenario, urgency, topic, act, channel, styles, text = cells
    found = Sentence(scenario, urgency, topic, act, channel, tuple(styles.split(",")), text)
    known = urgency in URGENCIES and topic in TOPICS and act in ACTS and text
    if not known or channel not in ("chat", "voice") or set(found.styles) - STYLES:
        raise ValueError(f"{where}: a label that the guide does not have")
    if (urgency == "none") != (topic == "none"):
        raise ValueError(f"{where}: topic none goes with urgency none")
    return found


def fingerprints(folder: Path) -> dict[str, str]:
    """Return the hash of each file, by which a card names what it was trained or measured on."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.tsv"))
    }


def noisy(text: str, rng: random.Random) -> str:
    """Return the text as another channel might carry it: unpunctuated, a word lost."""
    if rng.random() < 0.3:
        text = re.sub(r"[^\w\s']", "", text).lower()
    if rng.random() < 0.15:
        text = text.replace("'", "")
    words = text.split()
    if rng.random() < 0.15 and len(words) > 6:
        text = " ".join(word for word in words if rng.random() > 0.06)
    return text


def places(sentences: Sequence[Sentence], head: str) -> list[int]:
    """Return the position of each sentence's label among the labels of a head."""
    return [LABELS[head].index(getattr(s, head)) for s in sentences]
