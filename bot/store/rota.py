# SPDX-License-Identifier: Apache-2.0
"""Reads the rota and the paces of paging from their files, and says everything that is wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from bot.policy.hours import WEEKDAYS
from bot.policy.mail_address import is_address
from bot.policy.on_call import WHO, Pace
from bot.policy.rota import MEANS, Person, Rota, Shift, Team
from bot.policy.urgency import TIERS

log = logging.getLogger(__name__)
DIALLED = re.compile(r"\+[1-9]\d{7,14}")
HOOK = re.compile(r"https://\S+|http://(?:localhost|127\.0\.0\.1)[:/]\S*")
ADDRESS = {
    "voice": DIALLED.fullmatch, "sms": DIALLED.fullmatch, "email": is_address,
    "webhook": HOOK.fullmatch,
}  # fmt: skip
SHIFT = {"days", "date", "from", "to", "on_call", "bank_holidays"}
BANK_HOLIDAYS = ("as_usual", "off", "only")


class RotaError(Exception):
    """A rota that cannot be used; `problems` holds one plain line for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(path: Path) -> Rota:
    """Return the rota in a file, or raise RotaError naming everything that is wrong."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise RotaError([f"{path} cannot be read."]) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        raise RotaError([f"{path} is not a file of YAML."]) from None
    problems: list[str] = []
    if not isinstance(found, dict):
        raise RotaError([f"{path} has no people and no teams."])
    people = _people(_named(found.get("people"), "people", problems), problems)
    teams = _teams(_named(found.get("teams"), "teams", problems), people, problems)
    problems += [f"{name} is not part of a rota." for name in found.keys() - {"people", "teams"}]
    if problems:
        raise RotaError(problems)
    return Rota(people, teams)


def load_paces(path: Path) -> dict[str, Pace]:
    """Return how fast each tier is paged; raise RotaError unless every tier has a whole row."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        paces = {
            tier: Pace(
                float(row["acknowledge_within"]), tuple(row["steps"]),
                float(row["then_every"]), float(row["accept_within"]),
            )
            for tier, row in found.items()
        }  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RotaError([f"{path} has a row that is not whole."]) from None
    good = all(
        p.steps and set(p.steps) <= set(WHO)
        and min(p.acknowledge_within, p.then_every, p.accept_within) > 0
        for p in paces.values()
    )  # fmt: skip
    if not good or set(paces) != set(TIERS):
        raise RotaError([f"{path} must have a row with steps and times for: {', '.join(TIERS)}."])
    return paces


class Roster:
    """The rota in force. The file is read again when it changes; a bad one changes nothing.

    `problems` says what is wrong with the file as it is now; nothing where all is well.
    """

    def __init__(self, path: Path | None) -> None:
        self.path, self.problems = path, list[str]()
        self._rota: Rota | None = None
        self._read: tuple[float, int] | None = None

    def __call__(self) -> Rota | None:
        """Return the last good rota, None where there is none."""
        if self.path is None:
            return None
        try:
            found = self.path.stat()
            version = (found.st_mtime, found.st_size)
        except OSError:
            version = (0.0, 0)
        if version != self._read:
            self._read = version
            try:
                self._rota, self.problems = load(self.path), []
            except RotaError as wrong:
                self.problems = wrong.problems
                log.error("the rota cannot be used; the last good one counts")
        return self._rota


def _named(found: Any, name: str, problems: list[str]) -> Mapping[str, Any]:
    good = isinstance(found, dict) and found and all(isinstance(v, dict) for v in found.values())
    if not good:
        problems.append(f"{name} must name one or more, each with what belongs to it.")
    return found if good else {}


def _people(found: Mapping[str, Any], problems: list[str]) -> dict[str, Person]:
    people = {}
    for who, row in found.items():
        ways = [(means, str(row[means])) for means in MEANS if row.get(means)]
        if not ways:
            problems.append(f"{who} cannot be reached: give one of {', '.join(MEANS)}.")
        problems += [
            f"{who}: that {means} cannot be used."
            for means, address in ways
            if not ADDRESS[means](address)
        ]
        problems += [
            f"{who}: {name} is not known." for name in row.keys() - {"name", *MEANS}
        ]
        if len(str(who)) > 64:
            problems.append(f"{who} is longer than 64 letters.")
        people[str(who)] = Person(str(who), str(row.get("name") or who), tuple(ways))
    return people


def _teams(
    found: Mapping[str, Any], people: Mapping[str, Person], problems: list[str]
) -> tuple[Team, ...]:
    teams = []
    for name, row in found.items():
        takes = row.get("takes", list(TIERS))
        if not isinstance(takes, list) or not set(map(str, takes)) <= set(TIERS):
            problems.append(f"{name}: takes must be some of {', '.join(TIERS)}.")
            takes = TIERS
        shifts = []
        for number, shift in enumerate(row.get("shifts") or [], start=1):
            try:
                shifts.append(_shift(shift, people))
            except (ValueError, TypeError, KeyError, AttributeError) as wrong:
                reason = wrong if isinstance(wrong, _Wrong) else "days or date, from and to"
                problems.append(f"{name}, shift {number}: look at {reason}.")
        if not shifts and not problems:
            problems.append(f"{name} has no shifts.")
        teams.append(Team(str(name), tuple(shifts), frozenset(takes)))
    return tuple(teams)


class _Wrong(ValueError):
    """What in a shift is to be mended."""


def _shift(row: Mapping[str, Any], people: Mapping[str, Person]) -> Shift:
    on_call = tuple(map(str, row.get("on_call") or ()))
    strange = sorted((set(on_call) - people.keys()) | (set(row) - SHIFT))
    if strange:
        raise _Wrong(", ".join(strange))
    days, day = frozenset(row.get("days") or ()), row.get("date")
    if not days <= set(WEEKDAYS) or bool(days) == bool(day):
        raise _Wrong(f"days ({', '.join(WEEKDAYS)}) or a date, one of the two")
    if day is not None and type(day) is not date:
        raise _Wrong("date, written like 2026-12-25")
    holidays = row.get("bank_holidays", "as_usual")
    if holidays not in BANK_HOLIDAYS:
        raise _Wrong('bank_holidays: as_usual, "off" (in quotes) or only')
    starts, ends = (_time(row[name]) for name in ("from", "to"))
    return Shift(starts, ends, on_call, days, day, holidays)


def _time(given: Any) -> time:
    if not isinstance(given, str):  # YAML reads 20:00 as a number
        raise _Wrong('from and to, in quotes, like "08:00"')
    found = time.fromisoformat(given)
    if found.tzinfo is not None:
        raise _Wrong("from and to, without a time zone")
    return found
