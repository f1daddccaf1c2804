# SPDX-License-Identifier: Apache-2.0
"""What plain, readable rules hear in a message; they work when the model is missing.

The rules themselves are data (`data/understanding/rules.yml`); this only applies them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.understanding.text import Spelling

NEAR = 70
"""How many characters around a match its guards look at: about twelve words."""

ACTIONS = ("interrupt", "check", "lean", "none")


@dataclass(frozen=True)
class Rule:
    """One rule. `lean` asks for a check only when the model, if there is one, agrees a little.

    `unless` guards look at what is near a match, `beside` at its own sentence alone.
    """

    name: str
    catches: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()
    beside: tuple[re.Pattern[str], ...] = ()
    needs: tuple[re.Pattern[str], ...] = ()
    asked: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    medium: str = ""
    urgency: str = ""
    action: str = "none"
    flag: str = ""
    cue: str = ""
    topic: str = ""
    act: str = ""
    whole: bool = False

    def fires(self, plain: str, medium: str, asked: str) -> bool:
        """Say whether the rule is met by a message in plain spelling."""
        if self.medium and self.medium != medium:
            return False
        if self.asked and not asked.startswith(self.asked):
            return False
        if self.not_asked and asked.startswith(self.not_asked):
            return False
        if not all(need.search(plain) for need in self.needs):
            return False
        return any(self._meant(plain, pattern) for pattern in self.patterns)

    def _meant(self, plain: str, pattern: re.Pattern[str]) -> bool:
        """Say whether any match stands without a guard (past, idiom, negation) beside it."""
        if self.whole:
            return bool(pattern.fullmatch(plain)) and not any(u.search(plain) for u in self.unless)
        return any(
            not any(u.search(plain[max(0, m.start() - NEAR) : m.end() + NEAR]) for u in self.unless)
            and not any(u.search(_sentence(plain, m)) for u in self.beside)
            for m in pattern.finditer(plain)
        )


def _sentence(plain: str, match: re.Match[str]) -> str:
    """Return what was said in the same sentence as a match."""
    before, after = plain[: match.start()], plain[match.end() :]
    return before.rpartition(" . ")[2] + match.group() + after.partition(" . ")[0]


class RuleBook:
    """Every rule of one file, in its order."""

    def __init__(
        self, rules: tuple[Rule, ...], spelling: Spelling, fillers: frozenset[str]
    ) -> None:
        self.rules, self.spelling, self.fillers = rules, spelling, fillers

    @classmethod
    def load(cls, path: Path) -> RuleBook:
        """Read a rules file. Raises ValueError naming the rule that is wrong."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        macros = {name: _alternatives(value) for name, value in data["macros"].items()}
        rules = tuple(_rule(row, macros, data["guards"]) for row in data["rules"])
        spellings = data["spellings"]
        if not all(isinstance(w, str) for pair in spellings.items() for w in pair):
            raise ValueError("spellings: quote yes, no, on, off and numbers")
        return cls(rules, Spelling(spellings), frozenset(data["fillers"]))

    def heard(self, text: str, medium: str = "chat", asked: str = "") -> list[Rule]:
        """Return the rules that a message meets, in the order of the file."""
        plain = self.spelling.plain(text)
        kept = [word for word in plain.split() if word != "."]
        bare = " ".join(w for w in kept if w not in self.fillers) or " ".join(kept)
        return [
            rule for rule in self.rules if rule.fires(bare if rule.whole else plain, medium, asked)
        ]

    def quotes(self, text: str, cues: Sequence[str], medium: str = "chat") -> list[str]:
        """Return the words of a message, in plain spelling, that met the rules named in `cues`."""
        plain = self.spelling.plain(text)
        named = {cue.removeprefix("rule:") for cue in cues if cue.startswith("rule:")}
        found = []
        for rule in self.rules:
            if rule.medium in ("", medium) and {rule.name, rule.cue.removeprefix("rule:")} & named:
                matches = [m.group() for p in rule.patterns for m in p.finditer(plain)]
                found += [max(matches, key=len)] if matches else []
        return list(dict.fromkeys(found))


def _alternatives(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "(?:" + "|".join(value) + ")"


def _compiled(
    pattern: str, macros: dict[str, str], name: str, bounded: bool = True
) -> re.Pattern[str]:
    for _ in range(4):  # a macro may use another
        pattern = re.sub(r"\{([a-z_]+)\}", lambda m: macros[m.group(1)], pattern)
    try:
        return re.compile(rf"\b(?:{pattern})\b" if bounded else pattern)
    except re.error as wrong:
        raise ValueError(f"rule {name}: {pattern!r}: {wrong}") from None


def _rule(row: dict[str, Any], macros: dict[str, str], guards: dict[str, list[str]]) -> Rule:
    name = row["name"]
    if row.get("action", "none") not in ACTIONS:
        raise ValueError(f"rule {name}: no such action")
    if row.get("whole") and "beside" in row:
        raise ValueError(f"rule {name}: whole knows no sentence beside it: use unless")

    def compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        texts = [t for p in patterns for t in (guards[p] if p in guards else [p])]
        if not texts:
            return ()
        try:
            return (_compiled("|".join(texts), macros, name),)
        except KeyError as unknown:
            raise ValueError(f"rule {name}: no macro {unknown}") from None

    return Rule(
        name=name,
        catches=row["catches"],
        patterns=compiled(row["patterns"]),
        unless=compiled(row.get("unless", [])),
        beside=compiled(row.get("beside", [])),
        needs=tuple(p for need in row.get("needs", []) for p in compiled([need])),
        asked=tuple(row.get("asked", ())),
        not_asked=tuple(row.get("not_asked", ())),
        **{
            key: row[key]
            for key in ("medium", "urgency", "action", "flag", "cue", "topic", "act", "whole")
            if key in row
        },
    )
