# SPDX-License-Identifier: Apache-2.0
"""A person who says anything at any time: one random turn after another, the same for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bot.policy import withdrawing
from bot.policy.steps import INTENTS
from bot.policy.topics import TOPICS

ACTS = (
    "disclose ask_information ask_service ask_human ask_callback greet affirm deny thank goodbye"
    " exit_now provide_detail cannot_speak repeat distress abuse_bot out_of_scope ask_privacy"
    " ask_is_bot withdraw_consent request_deletion feedback stop_questions ask_code"
).split()
DANGERS = [f"danger_{INTENTS[name]}" for name in INTENTS if name != "red_flag"]
CHECKS = [f"check_{name}" for name in INTENTS.values()]
EDGE = [*DANGERS, *CHECKS, "check_cleared", "staff_done", "begin"]
OF_THE_EDGE = ("person", withdrawing.OFF, withdrawing.KEEP)
"""Choices that never reach the dialogue."""
TEXTS = ("07400 123456", "999", "it was last week", "ring me on 0909 879 0000", "/restart", "12")


def turns(seed: int, length: int) -> Iterator[Any]:
    """Yield functions from what is on offer to a turn: mostly answers, then anything at all."""
    chance = random.Random(seed)

    def turn(offered: tuple[str, ...]) -> dict[str, Any]:
        kind = chance.random()
        offered = tuple(key for key in offered if key not in OF_THE_EDGE)
        if offered and kind < 0.6:
            return {"choice": chance.choice(offered)}
        if kind < 0.7:
            return {"intent": chance.choice(EDGE), "topic": chance.choice(sorted(TOPICS))}
        if kind < 0.8:
            return {"intent": "provide_detail", "text": chance.choice(TEXTS)}
        intent = chance.choice(ACTS)
        told = intent in ("disclose", "ask_service") and chance.random() < 0.7
        return {"intent": intent, **({"topic": chance.choice(sorted(TOPICS))} if told else {})}

    for _ in range(length):
        yield turn
