# SPDX-License-Identifier: Apache-2.0
"""Which language a message is in: "en" when that is English or not certain.

Words and letters decide (`data/understanding/languages.yml`); where they waver in four words or
more, lingua-language-detector in low-accuracy mode is asked. Alone it is never believed: it takes
a list of Welsh villages for Polish. English with dialect, names and slips must stay English.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.policy.language_wish import ALSO
from bot.policy.screen import RuleHit
from bot.understanding.danger_words import DangerWords
from bot.understanding.letters import plain, script, standard, words

ENGLISH = "en"
LONGEST = 2_000
"""Characters that are looked at to tell a language; danger words are looked for in all of it."""

MOST = 400
"""Characters that lingua is given; more make it slower and no surer."""

FEW = 3
"""Words up to which only a listed word tells a language."""

CLOSE = 0.35
"""Votes between two languages that do not tell them apart."""

AGREED = 0.4
"""How much likelier than the next lingua must find the language that the words tell too."""

SURE = 0.9
"""The same when the words only allow it."""


class Languages:
    """The languages of the data file, and how each is known."""

    def __init__(self, data: dict[str, Any], english: frozenset[str]) -> None:
        self._names = {c: (row["name"], row["own"]) for c, row in data["languages"].items()}
        self._scripts: dict[str, list[str]] = data["scripts"]
        self._kin: list[list[str]] = data["kin"]
        self._letters = {c: frozenset(r.get("letters", "")) for c, r in data["languages"].items()}
        self._danger = DangerWords(data["languages"], data["means"])
        self._borrowed = frozenset(plain(w) for w in words(standard(data["borrowed"])))
        self._english = english
        self._loans = frozenset(_bare(phrase) for phrase in data["loans"].split("|"))
        self._known: dict[str, tuple[str, ...]] = {}
        for code, row in data["languages"].items():
            listed = {plain(w) for w in words(standard(row.get("words", "")))}
            for word in sorted(listed | self._danger.words_of(code)):
                self._known[word] = (*self._known.get(word, ()), code)
        self._latin_codes = tuple(c for c, letters in self._letters.items() if letters)
        self._lingua = {r["lingua"]: c for c, r in data["languages"].items() if "lingua" in r}
        self._detector: Any = None

    @classmethod
    def load(cls, data_folder: Path) -> Languages:
        """Read the lists. lingua and its models are loaded only when first needed."""
        folder = Path(data_folder) / "understanding"
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        data = yaml.load((folder / "languages.yml").read_bytes(), Loader=loader)  # noqa: S506
        listed = (folder / "english.txt").read_text(encoding="utf-8").splitlines()
        english = " ".join(line for line in listed if not line.startswith("#"))
        return cls(data, frozenset(english.split()))

    @property
    def named(self) -> dict[str, str]:
        """The code of each language by its English name, in small letters."""
        return {name.lower(): code for code, (name, _) in self._names.items()} | ALSO

    def codes(self) -> tuple[str, ...]:
        """Return every language that can be told."""
        return tuple(self._names)

    def name(self, code: str) -> str:
        """Return what a language is called in English."""
        return self._names.get(code, (code, code))[0]

    def own(self, code: str) -> str:
        """Return what a language is called by those who speak it."""
        return self._names.get(code, (code, code))[1]

    def heard(self, text: str) -> tuple[str, list[RuleHit]]:
        """Return the language of a message and the danger words of any language in it."""
        hits, whose = self._danger.heard(text)
        found = self.of(text)
        if found == ENGLISH and whose and not self._reads_english(text):
            found = whose
        return found, hits

    def of(self, text: str) -> str:
        """Return the code of the language a message is in, "en" when English or not certain."""
        text = standard(text[:LONGEST])
        spelled = words(text)
        found = script(text)
        if found != "latin":
            return self._of_script(self._scripts[found], spelled)
        if _bare(text) in self._loans:
            return ENGLISH
        pairs = [(w, plain(w)) for w in spelled]
        return self._latin([(w, p) for w, p in pairs if len(p) > 1])

    def warm(self) -> None:
        """Load lingua's models now, so that nobody waits for them later."""
        self._likely("mae hi'n braf yma heddiw")

    # -- other scripts ------------------------------------------------------------------------

    def _of_script(self, codes: Sequence[str], spelled: Sequence[str]) -> str:
        if len(codes) == 1:
            return codes[0]
        shared = frozenset[str]().union(*(self._letters[code] for code in codes))
        votes: Counter[str] = Counter(dict.fromkeys(codes, 0.0))
        for word in spelled:
            mine = self._known.get(plain(word), ())
            votes.update({code: 1.0 for code in codes if code in mine})
            votes.update(self._spelling(shared.intersection(word), codes))
        (best, most), (_, next_best) = votes.most_common(2)
        asked = most - next_best < CLOSE and best in self._lingua.values()
        if asked and len(spelled) > FEW:
            likely, certainty = self._likely(" ".join(spelled))
            if likely in codes and certainty >= SURE:
                return likely
        return best  # of equals the first of the file

    def _spelling(self, odd: frozenset[str], codes: Sequence[str]) -> dict[str, float]:
        """Return what the odd letters of one word say for and against each language."""
        if not odd:
            return {}
        fitting = [code for code in codes if odd <= self._letters[code]]
        return {c: 0.6 / len(fitting) if c in fitting else -0.5 for c in codes}

    # -- Latin letters ------------------------------------------------------------------------

    def _latin(self, tokens: Sequence[tuple[str, str]]) -> str:
        """Tell a language by its words.

        A word that English has too says little; a word of English that the language lacks speaks
        against it.
        """
        plainly = [p in self._english or p in self._borrowed for _, p in tokens]
        if all(plainly):
            return ENGLISH
        votes, certain, odd = self._votes(tokens, plainly)
        if not votes:
            return ENGLISH
        best, clear = self._leading(votes)
        against = sum(
            ordinary and best not in self._known.get(bare, ())
            for (_, bare), ordinary in zip(tokens, plainly, strict=True)
        )
        share, against_share = votes[best] / len(tokens), against / len(tokens)
        if len(tokens) <= FEW:
            # Two bare letters are as likely a slip of the finger.
            solid = any(
                best in self._known.get(bare, ()) and (len(bare) > 2 or not word.isascii())
                for (word, bare), ordinary in zip(tokens, plainly, strict=True)
                if not ordinary
            )
            return best if solid and share >= 0.5 and not against and clear else ENGLISH
        if against_share > 0.3:
            return ENGLISH
        if certain[best] >= 2 and share >= 0.3 and clear:
            return best
        if against_share > 0.2:
            return ENGLISH
        if best not in self._lingua.values():  # lingua cannot confirm it, only take it for another
            sure = certain[best] >= 1 and share >= 0.3 and clear and not against
            return best if sure else ENGLISH
        likely, ahead = self._likely(" ".join(word for word, _ in tokens))
        if likely == best and clear and certain[best] >= 1 and ahead >= AGREED:
            return best
        spelled = votes[likely] >= 0.6 or (odd and votes[likely] > 0 and not against)
        sure = ahead >= SURE and spelled and votes[likely] >= 0.6 * votes[best]
        return likely if sure else ENGLISH

    def _votes(
        self, tokens: Sequence[tuple[str, str]], plainly: Sequence[bool]
    ) -> tuple[Counter[str], Counter[str], bool]:
        """Return what speaks for each language, how many words are certainly its own, and whether
        there is a letter that English lacks."""
        votes: Counter[str] = Counter()
        certain: Counter[str] = Counter()
        odd_letters = False
        for (word, bare), ordinary in zip(tokens, plainly, strict=True):
            for code in self._known.get(bare, ()):
                votes[code] += 0.4 if ordinary else 1.0
                certain[code] += not ordinary
            odd = frozenset(c for c in word if not c.isascii()) if not ordinary else frozenset()
            odd_letters = odd_letters or bool(odd)
            votes.update(self._spelling(odd, self._latin_codes))
        return votes, certain, odd_letters

    def _leading(self, votes: Counter[str]) -> tuple[str, bool]:
        """Return the language with most votes, and whether it is clear of the others."""
        order = votes.most_common()
        best, most = order[0]
        close = [code for code, number in order if number > most - CLOSE]
        for pair in self._kin:
            if set(close) == set(pair):  # either will do: take the likelier, else the first
                return (best if votes[pair[0]] != votes[pair[1]] else pair[0]), True
        return best, len(close) == 1

    def _likely(self, text: str) -> tuple[str, float]:
        """Return what lingua takes a text for, and how far ahead of the next that is."""
        if self._detector is None:
            from lingua import Language, LanguageDetectorBuilder

            names = [Language.from_str(name) for name in ("english", *self._lingua)]
            builder = LanguageDetectorBuilder.from_languages(*names)
            self._detector = builder.with_low_accuracy_mode().build()
        first, second = self._detector.compute_language_confidence_values(text[:MOST])[:2]
        code = self._lingua.get(first.language.name.lower(), ENGLISH)
        return code, first.value - second.value

    def _reads_english(self, text: str) -> bool:
        """Say whether most words of a message are English, whatever is quoted in it."""
        spelled = [plain(w) for w in words(standard(text[:LONGEST]))]
        ordinary = sum(w in self._english for w in spelled)
        return len(spelled) > FEW and ordinary * 2 > len(spelled)


def _bare(text: str) -> str:
    return " ".join(plain(word) for word in words(standard(text)))
