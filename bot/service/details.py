# SPDX-License-Identifier: Apache-2.0
"""Which services' numbers a worker can have sent, and in what words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.policy.directory import channels, speakable
from bot.policy.eligibility import answers_always
from bot.policy.listing import Person, Service
from bot.policy.turn import Utterance


def numbers(services: Sequence[Service]) -> dict[str, tuple[str, str]]:
    """Return the name and number of every service that anybody may be told of, by its id."""
    found = {s.id: (s.name, _number(s)) for s in services if speakable(s)}
    return {i: pair for i, pair in sorted(found.items(), key=lambda f: f[1][0]) if pair[1]}


def said(services: Sequence[Service], service_id: str) -> Utterance | None:
    """Return what is sent for a service, None for one that has no number to be sent.

    A line with hours goes with one that answers day and night, as everywhere.
    """
    known = numbers(services)
    if service_id not in known:
        return None
    number, anybody = known[service_id][1], Person()
    by_id = {s.id: s for s in services}
    if answers_always(by_id[service_id], anybody):
        return Utterance("send_number", {"number": number})
    always = (
        s for s in services
        if s.tier == "generalist" and s.emotional_support and not s.local
        and s.id in known and answers_always(s, anybody)
    )  # fmt: skip
    beside = next(always, None)
    if beside is None:
        return None
    return Utterance("send_number_and_always", {"number": number, "always": _number(beside)})


def _number(service: Service) -> str:
    """Return its number, "" where more than digits is written, such as whom to ask for."""
    found = (c.display for c in channels(service) if c.medium == "phone")
    return next((n for n in found if n.replace(" ", "").isdecimal()), "")
