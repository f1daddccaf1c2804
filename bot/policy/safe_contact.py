# SPDX-License-Identifier: Apache-2.0
"""Whether a person may be reached now, in this way, for this: safe contact as a value.

Pure. Nothing is inferred: what was not asked permits nothing (design, section 5, rule 7). Only
`permits` makes a Permit, and nothing that reaches a person works without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.policy import phone_number
from bot.policy.hours import LONDON, WEEKDAYS, in_london

MEDIA = ("call", "text", "email", "voicemail", "letter", "visit")
YES, NO, NOT_ASKED = "yes", "no", "not_asked"
BY_NUMBER = ("call", "text", "voicemail")
TIMED = ("call", "text", "voicemail", "visit")
CALLBACK, DETAILS, REFERRAL = "callback", "details", "referral"
"""What somebody may be reached for: a call they booked; a number they asked to be sent now; by the
service that a note goes to."""
THEMSELVES, SOMEBODY_ELSE = "themselves", "somebody_else"
WRONG_NUMBER, HANG_UP = "cover_wrong_number", "cover_hang_up"
COVERS = (WRONG_NUMBER, HANG_UP)
"""What we say to anybody else who answers. The default gives nothing away."""

# No window begins or ends in the hour in which clocks in London change, twice or not at all.
CHANGES_AT = 1
AHEAD = 9  # days


@dataclass(frozen=True)
class Window:
    """A time of day on some days of the week, as a clock in London shows it."""

    opens: str
    closes: str
    days: tuple[str, ...] = WEEKDAYS

    def __post_init__(self) -> None:
        """Refuse a window that a clock change could move, or that is none."""
        opens, closes = time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        if not opens < closes or CHANGES_AT in (opens.hour, closes.hour):
            raise ValueError("a window runs within one day and keeps off the change of the clocks")

    def holds(self, at: datetime) -> bool:
        """Say whether a moment, in London's time, is in it."""
        inside = time.fromisoformat(self.opens) <= at.time() < time.fromisoformat(self.closes)
        return inside and WEEKDAYS[at.weekday()] in self.days


# For what somebody asks for in this very minute, whatever the hour.
ALWAYS = Window("00:00", "23:59:59.999999")

# [J] When it may ring for who picked a part of the day.
PARTS: Mapping[str, Window] = {
    "morning": Window("09:00", "12:00"),
    "afternoon": Window("12:00", "17:00"),
    "evening": Window("17:00", "20:00"),
    "any_time": Window("09:00", "20:00"),
}
# On which days it may, for who names some.
DAYS: Mapping[str, tuple[str, ...]] = {
    "weekdays": WEEKDAYS[:5],
    "weekend": WEEKDAYS[5:],
    "any_day": WEEKDAYS,
}


@dataclass(frozen=True)
class Plan:
    """What one person said of how they may be reached. Each version is kept; the last counts.

    `media`: yes or no for what was asked. `may_answer`: who else may answer and be asked to fetch
    them, in their own words; nobody unless named. `cover`: what is said to anybody else.
    `code_word` is theirs; `our_word` we say first, so that they know who rings. `stop_word`: when
    they say it, the worker says goodbye and ends the call, and asks nothing. `unknown_numbers`:
    whether calls from numbers that their phone does not know get through. `given_by`: nobody is
    reached on another's word. `held`: somebody else answered, and a person decides what follows.
    """

    media: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    may_answer: tuple[str, ...] = ()
    cover: str = WRONG_NUMBER
    unknown_numbers: str = NOT_ASKED
    code_word: str = ""
    our_word: str = ""
    stop_word: str = ""
    purposes: tuple[str, ...] = ()
    given_by: str = THEMSELVES
    expires_at: float = 0.0
    withdrawn: bool = False
    held: bool = False

    def says(self, medium: str) -> str:
        """Return yes, no or not_asked for a medium."""
        return self.media.get(medium, NOT_ASKED)

    def address(self, medium: str) -> str:
        """Return where they are reached by a medium, "" when they named nothing."""
        return self.number if medium in BY_NUMBER else self.addresses.get(medium, "")


@dataclass(frozen=True)
class Permit:
    """One contact that is allowed now: to this address, for this. It is asked for each time."""

    medium: str
    address: str
    purpose: str


@dataclass(frozen=True)
class Refusal:
    """Why somebody may not be reached now."""

    reason: str


@dataclass(frozen=True)
class _Asked:
    plan: Plan
    medium: str
    address: str
    now: float
    purpose: str

    @property
    def by_number(self) -> bool:
        return self.medium in BY_NUMBER

    @property
    def refused(self) -> str:
        """Why nobody may ever be reached at this number, "" when they may."""
        read = phone_number.to_text if self.medium == "text" else phone_number.read
        return read(self.address).refused if self.by_number else ""

    def answers(self, answer: str) -> bool:
        """Say whether this is the answer for the medium; a voice message needs the call too."""
        needed = ("call", "voicemail") if self.medium == "voicemail" else (self.medium,)
        return any(self.plan.says(medium) == answer for medium in needed)


# Read from the top; the first row that fits is the reason.
_ROWS: tuple[tuple[str, Callable[[_Asked], object]], ...] = (
    ("unknown_medium", lambda a: a.medium not in MEDIA),
    ("withdrawn", lambda a: a.plan.withdrawn),
    ("given_by_another", lambda a: a.plan.given_by != THEMSELVES),
    ("held", lambda a: a.plan.held),
    ("expired", lambda a: a.now >= a.plan.expires_at),
    ("other_purpose", lambda a: a.purpose not in a.plan.purposes),
    ("said_no", lambda a: a.answers(NO)),
    ("not_asked", lambda a: not a.answers(YES) or a.answers(NOT_ASKED)),
    ("no_address", lambda a: not a.plan.address(a.medium)),
    ("other_address", lambda a: a.address != a.plan.address(a.medium)),
    ("number", lambda a: a.refused),
    ("unknown_blocked", lambda a: a.by_number and a.plan.unknown_numbers == NO),
    ("no_times", lambda a: a.medium in TIMED and not a.plan.windows),
    ("outside_times", lambda a: a.medium in TIMED and not inside(a.plan.windows, a.now)),
)
REASONS = ("no_plan", *(r for r, _ in _ROWS if r != "number"), *phone_number.REASONS)


def permits(
    plan: Plan | None, medium: str, number: str, now: float, purpose: str
) -> Permit | Refusal:
    """Return leave to reach a person now, or the reason why not.

    `number`: where they would be reached, an address for media without a number. `now`: seconds
    since 1970.
    """
    if plan is None:
        return Refusal("no_plan")
    asked = _Asked(plan, medium, number, now, purpose)
    reason = next((reason for reason, fits in _ROWS if fits(asked)), "")
    if reason:
        return Refusal(asked.refused if reason == "number" else reason)
    return Permit(medium, number, purpose)


def ever(plan: Plan, medium: str, now: float, purpose: str) -> Permit | Refusal:
    """Return the leave to reach a person now, or else as their next safe time begins."""
    found = next_window(plan.windows, now) if medium in TIMED else None
    return permits(plan, medium, plan.address(medium), found[0] if found else now, purpose)


def refuses(plans: Sequence[Plan], medium: str) -> str:
    """Return why what a person said before forbids a medium now, "" where nothing does.

    `plans`: the newest version of each plan of their story. A plan that a later one took the place
    of is withdrawn too, so only where none stands were they all taken back. Of what was not asked
    before nothing follows: the leave that is asked for now says it.
    """
    standing = [plan for plan in plans if not plan.withdrawn]
    if plans and not standing:
        return "withdrawn"
    if any(plan.held for plan in standing):
        return "held"
    return "said_no" if any(plan.says(medium) == NO for plan in standing) else ""


def inside(windows: Sequence[Window], now: float) -> bool:
    """Say whether a moment is in one of the windows."""
    return any(window.holds(in_london(now)) for window in windows)


def next_window(
    windows: Sequence[Window], now: float, at_least: float = 0.0
) -> tuple[float, float] | None:
    """Return the next stretch of time that is safe and `at_least` so long; None for none."""
    found = []
    for ahead in range(AHEAD):
        day = in_london(now) + timedelta(days=ahead)
        for window in windows:
            if WEEKDAYS[day.weekday()] in window.days:
                begins = max(now, _moment(day, window.opens))
                ends = _moment(day, window.closes)
                if ends - begins > at_least:
                    found.append((begins, ends))
        if found:
            return min(found)
    return None


def _moment(day: datetime, clock: str) -> float:
    at = time.fromisoformat(clock)
    return datetime.combine(day.date(), at, LONDON).timestamp()
