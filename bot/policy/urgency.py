# SPDX-License-Identifier: Apache-2.0
"""Who is seen first: queue tiers from what was heard. It orders a queue and is no risk score."""

from __future__ import annotations

from collections.abc import Sequence

DANGER = ("immediate_danger", "suicide_risk", "safeguarding")
DANGER_NOW, SUICIDE = DANGER[:2]
ORDER = (*DANGER, "high", "standard", "none")

# What was heard -> the words staff see. `first` is danger now, `next` sits just under it.
TIERS = ("now_first", "now", "soon", "when_ready")
TIER = {
    "immediate_danger": "now_first",
    "suicide_risk": "now_first",
    "safeguarding": "now",
    "red_flag": "now",
    "high": "soon",
    "standard": "when_ready",
    "none": "when_ready",
}
# Names of words end so where a danger has words of its own; the others are for an attacker.
ENDINGS = {"suicide_risk": "_suicide", "safeguarding": "_safeguarding"}
SAID_AS = {"now_first": "now", "now": "now", "soon": "soon", "when_ready": "when ready"}


def tier(urgency: str, red_flag: bool = False, unsure: bool = False) -> str:
    """Return the tier for an urgency. Unknown is never safe: an unsure answer is at least soon."""
    found = TIER["red_flag"] if red_flag and urgency not in DANGER else TIER[urgency]
    return min(found, "soon", key=TIERS.index) if unsure else found


def higher(one: str, other: str) -> str:
    """Return the more urgent of two urgencies: what is said later never lowers."""
    return min(one, other, key=ORDER.index)


def higher_tier(one: str, other: str) -> str:
    """Return the more urgent of two tiers."""
    return min(one, other, key=TIERS.index)


def place(tiers_and_times: Sequence[tuple[str, float]], mine: tuple[str, float]) -> int:
    """Return a waiting person's place, 1 for the next to be seen."""
    rank = (TIERS.index(mine[0]), mine[1])
    return 1 + sum((TIERS.index(t), at) < rank for t, at in tiers_and_times)


def lately(heard: Sequence[tuple[str, float]], within: float) -> list[str]:
    """Return the dangers heard up to `within` seconds before the newest, the most urgent first."""
    dangers = [(about, at) for about, at in heard if about in DANGER]
    newest = max((at for _, at in dangers), default=0.0)
    return sorted({about for about, at in dangers if at >= newest - within}, key=ORDER.index)


def words(name: str, about: str) -> str:
    """Return the name that fits this danger: of words, or of why somebody is in the queue."""
    return name + ENDINGS.get(about, "")
