# SPDX-License-Identifier: Apache-2.0
"""How a note reaches a service: its own route, and whether that is certain enough to be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.policy.hours import Certainty

By = Literal["email", "webhook", "print"]
PRINT, WEBHOOK = "print", "webhook"


@dataclass(frozen=True)
class Route:
    """Where one service takes notes. `confirmed`: the day on which it told us so itself.

    `voice`: the number a worker rings in danger, as +44. `secret` signs what a webhook gets.
    """

    by: By = "print"
    to: str = ""
    certainty: Certainty = "unverified"
    confirmed: date | None = None
    voice: str = ""
    secret: str = field(default="", repr=False)


BY_HAND = Route()
"""For a service with no route: a worker sends the note the way that service asks for."""


def certain(route: Route) -> bool:
    """Say whether a route may be used, and its number rung: only what the service confirmed."""
    return route.certainty == "high" and route.confirmed is not None
