# SPDX-License-Identifier: Apache-2.0
"""How well a screen hears: recall of danger, false alarms and the rest, with 95 % intervals."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from bot.policy.turn import Understanding
from bot.policy.urgency import DANGER
from bot.understanding import Context
from training.sentences import TOPIC_LABELS, Sentence


class Hears(Protocol):
    """A screen, or what is measured beside one."""

    def understand(self, text: str, medium: str = ..., context: Context = ...) -> Understanding:
        """Return what one message means."""
        ...


def share(hits: int, of: int) -> dict[str, float | int]:
    """Return a share with Wilson's 95 % interval."""
    if not of:
        return {"share": math.nan, "low": 0.0, "high": 1.0, "of": 0}
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"share": round(p, 3), "low": round(low, 3), "high": round(high, 3), "of": of}


def measure(screen: Hears, sentences: Sequence[Sentence]) -> dict[str, Any]:
    """Return every figure of a screen on sentences."""
    heard, milliseconds = [], []
    for sentence in sentences:
        started = time.perf_counter()
        heard.append(screen.understand(sentence.text, sentence.channel, Context()))
        milliseconds.append(1000 * (time.perf_counter() - started))
    pairs = list(zip(sentences, heard, strict=True))
    milliseconds.sort()
    return {
        "found": _by(pairs, _found),
        "each_class": {
            label: _share_of([h.urgency in DANGER for s, h in pairs if s.urgency == label])
            for label in DANGER
        },
        "false_alarms": _by(pairs, _alarm),
        "interrupts_right": _share_of([s.danger for s, h in pairs if h.action == "interrupt"]),
        "urgency_exact": _share_of([s.urgency == h.urgency for s, h in pairs]),
        "topic_macro_f1": _macro_f1([(s.topic, h.topic) for s, h in pairs]),
        "act_exact": _share_of([s.act == h.act for s, h in pairs]),
        "calibration": _calibration(pairs),
        "p50_ms": round(milliseconds[len(milliseconds) // 2], 1),
        "p99_ms": round(milliseconds[int(len(milliseconds) * 0.99)], 1),
    }


def alarms(screen: Hears, texts: Iterable[str]) -> dict[str, Any]:
    """Return how often ordinary requests are taken for danger, and which."""
    heard = [(text, screen.understand(text)) for text in texts]
    wrong = [text for text, h in heard if h.urgency in DANGER]
    return {
        "false_alarms": share(len(wrong), len(heard)),
        "checks_of_red_flags": sum(h.action == "check" and h.urgency == "high" for _, h in heard),
        "which": wrong,
    }


def missed(screen: Hears, sentences: Sequence[Sentence]) -> list[str]:
    """Return each danger that the screen takes for none: its label and text, by a tab."""
    return [
        f"{s.urgency}\t{s.text}"
        for s in sentences
        if s.danger and screen.understand(s.text, s.channel).urgency not in DANGER
    ]


Pair = tuple[Sentence, Understanding]


def _found(pair: Pair) -> bool | None:
    return pair[1].urgency in DANGER if pair[0].danger else None


def _alarm(pair: Pair) -> bool | None:
    return None if pair[0].danger else pair[1].urgency in DANGER


def _by(pairs: Sequence[Pair], question: Any) -> dict[str, Any]:
    """Return a share for all, for each channel and for each style; None answers are left out."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for pair in pairs:
        answer = question(pair)
        if answer is not None:
            for name in ("all", pair[0].channel, *pair[0].styles):
                groups[name].append(answer)
    return {name: _share_of(answers) for name, answers in sorted(groups.items())}


def _share_of(answers: Sequence[bool]) -> dict[str, float | int]:
    return share(sum(answers), len(answers))


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    scores = []
    for label in TOPIC_LABELS:
        right = sum(true == found == label for true, found in pairs)
        named = sum(true == label for true, _ in pairs) + sum(found == label for _, found in pairs)
        if named:
            scores.append(2 * right / named)
    return round(sum(scores) / len(scores), 3)


def _calibration(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Return, for each band of confidence of danger, how often it was danger."""
    bands: dict[int, list[bool]] = defaultdict(list)
    for sentence, heard in pairs:
        if heard.urgency in DANGER:
            bands[min(int(heard.confidence * 5), 4)].append(sentence.danger)
    return [
        {"from": band / 5, "to": (band + 1) / 5, "was_danger": _share_of(answers)}
        for band, answers in sorted(bands.items())
    ]
