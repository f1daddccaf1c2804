# SPDX-License-Identifier: Apache-2.0
"""The directory's list of work for a person with a telephone, as lines to read or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.policy.listing import Service
from bot.policy.upkeep import Check, Due, Gap, due, gaps, newest

HEADINGS = {
    "said_unsure": "Said to people now, and not certain: ring these first",
    "said_old": "Said to people now, and not checked for a year or more",
    "number_withheld": "Numbers that nobody is told until somebody confirms them",
    "hours": "Opening hours that are not certain, so never called open",
    "runs": "Services that may no longer run",
    "other_withheld": "Pages, chats and addresses that nobody is told until somebody opens them",
}
WHY = {
    "said_unsure": "is said, not certain",
    "said_old": "is said, old",
    "number_withheld": "is withheld",
    "hours": "not certain",
    "runs": "does it still run?",
    "other_withheld": "is withheld",
}
GAP_HEADINGS = {
    "need": "Needs that no service of a kind meets",
    "topic": "What happened, without a service of its own of a kind",
    "group": "Groups without a service of their own of a kind",
}


def report(services: Sequence[Service], today: date) -> dict[str, Any]:
    """Return all that is to be verified and all that is missing, for another program."""
    return {
        "today": today.isoformat(),
        "verify": [_as_json(one) for one in due(services, today)],
        "gaps": [{"kind": g.kind, "name": g.name, "lacks": list(g.lacks)} for g in gaps(services)],
    }


def lines(services: Sequence[Service], today: date) -> Iterator[str]:
    """Yield the same to read: the services in the order to ring them, then who has nothing."""
    found = due(services, today)
    for why, heading in HEADINGS.items():
        group = [one for one in found if one.checks[0].why == why]
        if group:
            yield f"{heading} ({len(group)})"
            for one in group:
                yield from _lines_of(one)
            yield ""
    missing = gaps(services)
    for kind, heading in GAP_HEADINGS.items():
        yield heading
        yield from (_line_of(gap) for gap in missing if gap.kind == kind)
        yield ""
    told = sum(one.said for one in found)
    yield f"{len(found)} services to look at, {told} of them said to people now."


def is_anything_said_due(services: Sequence[Service], today: date) -> bool:
    """Say whether something that people are told now is to be verified."""
    return any(one.said for one in due(services, today))


def _lines_of(one: Due) -> Iterator[str]:
    last = newest(one.service)
    when = f"last known right {last}" if last else "never dated"
    yield f"  {one.service.name} [{one.service.id}, {one.service.area}], {when}"
    yield from (f"    {_check(check)}" for check in one.checks)


def _check(check: Check) -> str:
    value = f" {check.value}" if check.value and check.why != "runs" else ""
    note = f": {check.note}" if check.note else ""
    return f"{check.what}{value} ({check.mark}), {WHY[check.why]}{note}"


def _line_of(gap: Gap) -> str:
    if gap.lacks == ("any",):
        return f"  {gap.name}: no service at all"
    return f"  {gap.name}: nothing " + ", nothing ".join(gap.lacks)


def _as_json(one: Due) -> dict[str, Any]:
    last = newest(one.service)
    return {
        "id": one.service.id,
        "name": one.service.name,
        "area": one.service.area,
        "said_now": one.said,
        "last_known_right": last.isoformat() if last else None,
        "checks": [
            {"why": c.why, "what": c.what, "value": c.value, "mark": c.mark, "note": c.note}
            for c in one.checks
        ],
    }
