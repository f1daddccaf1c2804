# SPDX-License-Identifier: Apache-2.0
"""Which danger words of other languages a message holds; they count like any rule's hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.policy.screen import RuleHit
from bot.understanding.letters import ELIDED, plain, standard, words

UNSPACED = ("zh",)
"""Written without spaces: a phrase is looked for anywhere, not word by word."""


@dataclass(frozen=True)
class Phrase:
    """One phrase: what it means, whose it is, and whether it counts only when it stands alone."""

    code: str
    means: str
    tokens: tuple[str, ...]
    alone: bool


class DangerWords:
    """Every phrase, found by its first word."""

    def __init__(self, languages: Mapping[str, Any], means: Mapping[str, str]) -> None:
        self._class = dict(means)
        self._by_first: dict[str, list[Phrase]] = {}
        self._unspaced: list[tuple[str, Phrase]] = []
        self._light: dict[str, set[str]] = {}
        for code, row in languages.items():
            for meaning, how in row.get("danger", {}).items():
                for kind in how:
                    for written in how[kind].split("|"):
                        self._add(Phrase(code, meaning, _tokens(written), kind == "alone"))
            self._light[code] = set(_tokens(row.get("beside", "")))
        for phrases in (*self._by_first.values(), [p for _, p in self._unspaced]):
            for phrase in phrases:
                if phrase.alone:
                    self._light[phrase.code].update(phrase.tokens)

    def _add(self, phrase: Phrase) -> None:
        joined = _joined(phrase.tokens)
        if joined != phrase.tokens:  # in a hurry "m'a" is typed "ma"
            self._add(replace(phrase, tokens=joined))
        if phrase.code in UNSPACED and not phrase.tokens[0].isascii():
            self._unspaced.append(("".join(phrase.tokens), phrase))
        else:
            self._by_first.setdefault(phrase.tokens[0], []).append(phrase)

    def words_of(self, code: str) -> set[str]:
        """Return the single words that a language's phrases are made of."""
        found = (p for listed in self._by_first.values() for p in listed if p.code == code)
        return {token for phrase in found for token in phrase.tokens if len(token) > 1}

    def heard(self, text: str) -> tuple[list[RuleHit], str]:
        """Return a hit for each meaning found, and whose words most of them are ("" for none)."""
        tokens = _tokens(text)
        found = [
            phrase
            for at, token in enumerate(tokens)
            for phrase in self._by_first.get(token, ())
            if phrase.tokens == tokens[at : at + len(phrase.tokens)]
            and (not phrase.alone or self._light[phrase.code].issuperset(tokens))
        ]
        if not text.isascii():
            joined = "".join(tokens)
            found += [p for written, p in self._unspaced if self._among(joined, written, p)]
        named = dict.fromkeys((p.code, p.means) for p in found)
        hits = [
            RuleHit(f"{code}_{means}", "interrupt", self._class[means]) for code, means in named
        ]
        whose = Counter(p.code for p in found).most_common(1)
        return hits, whose[0][0] if whose else ""

    def _among(self, joined: str, written: str, phrase: Phrase) -> bool:
        if written not in joined:
            return False
        if not phrase.alone:
            return True
        for light in sorted(self._light[phrase.code], key=len, reverse=True):
            joined = joined.replace(light, "")
        return not joined


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in words(standard(text)))


def _joined(tokens: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for token in tokens:
        if found and found[-1] in ELIDED:
            found[-1] += token
        else:
            found.append(token)
    return tuple(found)
