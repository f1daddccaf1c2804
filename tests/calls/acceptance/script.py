# SPDX-License-Identifier: Apache-2.0
"""A call as its file tells it: who does what, and who has to hear what. README.md tells the form.

A word that the form does not know is an error, so that nothing written down goes unchecked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
PEOPLE = ("caller", "other caller", "worker", "other worker")
DOES = (
    "rings", "says", "mumbles", "presses", "presses at once", "picks", "skips up to", "talks over",
    "is silent", "picks up", "does not pick up", "is engaged", "hangs up", "texts",
)  # fmt: skip
COMES = (
    "hears", "hears nothing", "never hears", "cannot talk over", "is", "talks with", "is rung",
    "is texted", "is texted nothing",
)  # fmt: skip
OURS = (
    "time passes", "the service is killed", "every post comes again", "a stranger posts",
    "in the queue as", "heard as", "nobody hears", "telephones rung", "calls booked",
    "nobody is on the line", "told once that it ended",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line: who (nobody for the service itself), what, and the rest of the line."""

    who: str
    what: str
    told: Sequence[str]

    @property
    def does(self) -> bool:
        """Say whether it is something that happens, and not something that is checked."""
        return self.what in DOES or self.what in OURS[:4]

    def __str__(self) -> str:
        """Return the line as it was written."""
        return f"{self.who} {self.what}: {', '.join(self.told)}".strip(" :")


@dataclass(frozen=True)
class Script:
    """One file. `cut`: the caller hangs up after each step in turn, and `then` is so each time."""

    name: str
    about: str
    steps: tuple[Step, ...]
    then: tuple[Step, ...] = ()
    cut: bool = False
    on_duty: bool = True


def read(path: Path) -> Script:
    """Return the call of a file."""
    told = yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - strings alone
    if unknown := set(told) - {"about", "steps", "then", "hangs_up_after_each", "on_duty"}:
        raise ValueError(f"{path.name}: nothing reads {sorted(unknown)}")
    return Script(
        path.stem, told["about"],
        tuple(_step(path, line) for line in told["steps"]),
        tuple(_step(path, line) for line in told.get("then", ())),
        told.get("hangs_up_after_each") == "yes",
        told.get("on_duty", "yes") == "yes",
    )  # fmt: skip


def _step(path: Path, line: dict[str, str | list[str]] | str) -> Step:
    words, told = (line, "") if isinstance(line, str) else next(iter(line.items()))
    who = next((p for p in sorted(PEOPLE, key=len, reverse=True) if words.startswith(p + " ")), "")
    what = words.removeprefix(who).strip()
    if what not in ((*DOES, *COMES) if who else OURS):
        raise ValueError(f"{path.name}: nothing knows the step {words!r}")
    return Step(who, what, [told] if isinstance(told, str) else told)


def files() -> list[Path]:
    """Return every file, by its number."""
    return sorted(HERE.glob("*.yml"))
