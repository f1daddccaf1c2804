# SPDX-License-Identifier: Apache-2.0
"""The settings that are numbers: ports, and times in seconds, with the judgements [J] among them.

Some times are told to people in weeks or hours, and can be set to whole ones only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

HOUR, WEEK = 3600, 7 * 86400
PORTS = ("port", "rasa_port", "actions_port")
NUMBERS: dict[str, tuple[str, type[int] | type[float]]] = {
    "FINGERPOST_PORT": ("port", int),
    "FINGERPOST_RASA_PORT": ("rasa_port", int),
    "FINGERPOST_ACTIONS_PORT": ("actions_port", int),
    "FINGERPOST_HEALTH_PORT": ("health_port", int),
    "FINGERPOST_ANSWER_WITHIN": ("answer_within", float),
    "FINGERPOST_REPLAY_WITHIN": ("replay_within", float),
    "FINGERPOST_NOBODY_AFTER": ("nobody_after", float),
    "FINGERPOST_STAFF_SENDS_WITHIN": ("staff_sends_within", float),
    "FINGERPOST_WAITING_TOLD_EVERY": ("waiting_told_every", float),
    "FINGERPOST_IDLE_CLOSES_AFTER": ("idle_closes_after", float),
    "FINGERPOST_CODE_CLOSES_AFTER": ("code_closes_after", float),
    "FINGERPOST_LEAVE_CLOSES_AFTER": ("leave_closes_after", float),
    "FINGERPOST_HIT_HELD_FOR": ("hit_held_for", float),
    "FINGERPOST_REVIEW_REMINDED_BEFORE": ("review_reminded_before", float),
    "FINGERPOST_CONSENT_KEPT_FOR": ("consent_kept_for", float),
    "FINGERPOST_SCREEN_IDLE_AFTER": ("screen_idle_after", float),
    "FINGERPOST_CONSOLE_LOCKS_AFTER": ("console_locks_after", float),
}
SAID_IN = {
    "FINGERPOST_HIT_HELD_FOR": (HOUR, "hours"),
    "FINGERPOST_CODE_CLOSES_AFTER": (HOUR, "hours"),
    "FINGERPOST_CONSENT_KEPT_FOR": (WEEK, "weeks"),
}


def read(
    environ: Mapping[str, str], found: dict[str, Any], defaults: Mapping[str, Any]
) -> list[str]:
    """Put the numbers of this environment into `found`; return a plain line for each bad one."""
    problems = []
    for name, (target, cast) in NUMBERS.items():
        if environ.get(name):
            try:
                number = found[target] = cast(environ[name])
            except ValueError:
                problems.append(f"{name} must be a number.")
                continue
            problems += _out_of_bounds(name, cast, number)
    ports = {name: found.get(name, defaults[name]) for name in PORTS}
    if len(set(ports.values())) < len(ports):
        problems.append(
            "FINGERPOST_PORT, FINGERPOST_RASA_PORT and FINGERPOST_ACTIONS_PORT must differ."
        )
    return problems


def _out_of_bounds(name: str, cast: type, number: float) -> list[str]:
    if cast is int:
        port = 1 <= number <= 65535
        return [] if port else [f"{name} must be a port: a number from 1 to 65535."]
    if not 0 < number < math.inf:
        return [f"{name} must be a number of seconds above 0."]
    unit, called = SAID_IN.get(name, (0, ""))
    if unit and number % unit:
        return [
            f"{name} is told to people in {called}: it must be whole ones, {unit} seconds each."
        ]
    return []
