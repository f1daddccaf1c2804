# SPDX-License-Identifier: Apache-2.0
"""Which danger a speech recogniser may have written down as other words that sound the same.

The phrases are data (`data/understanding/sounds.yml`); sounds are compared across the borders of
words, because a recogniser splits and joins them: "he strangled me", "he strand gold me".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jellyfish import levenshtein_distance, metaphone

from bot.policy.screen import Alike

LEAST = 5
"""Consonants a phrase must have, for its likeness to tell anything."""

LOST = 2
"""How many consonants may be lost or added; so many words more may carry the same sound."""

FAR = 0.4
"""Where more than this share of the consonants differ, the spelling is not looked at."""

BREAK = "|"
"""Stands where ordinary words were."""

_MUTE = str.maketrans("", "", "AEIOUHWY ")


@dataclass(frozen=True)
class Phrase:
    """One phrase: what it means, its consonants, its letters, and the words that tell.

    `most` is how many of its consonants may differ.
    """

    name: str
    urgency: str
    flag: str
    sound: str
    letters: str
    telling: tuple[str, ...]
    most: int

    def written(self, words: Sequence[str]) -> bool:
        """Say whether the words that tell stand in a message, in whatever form."""
        return all(any(word.startswith(told) for word in words) for told in self.telling)


class Sounds:
    """Every phrase, found by its first consonant and about as many of them."""

    def __init__(self, phrases: Sequence[Phrase], ordinary: Sequence[str] = ()) -> None:
        self._ordinary = re.compile(rf"\b(?:{'|'.join(map(re.escape, ordinary)) or '(?!)'})\b")
        self._near: dict[tuple[str, int], list[Phrase]] = {}
        for phrase in phrases:
            for length in range(len(phrase.sound) - LOST, len(phrase.sound) + LOST + 1):
                self._near.setdefault((phrase.sound[0], length), []).append(phrase)
        self._longest = max((length for _, length in self._near), default=0)

    @classmethod
    def load(cls, path: Path, plain: Callable[[str], str]) -> Sounds:
        """Read the phrases in the plain spelling of the rules. Raises ValueError for a short one.

        `plain` is how a message is spelled before it is compared.
        """
        data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        small = frozenset(data["small"].split())
        rows = [(name, text, c, "") for c, said in data["classes"].items()
                for name, text in said.items()]  # fmt: skip
        rows += [(name, text, "high", f) for f, said in data["flags"].items()
                 for name, text in said.items()]  # fmt: skip
        phrases = [_phrase(name, plain(text).split(), u, f, small) for name, text, u, f in rows]
        return cls(phrases, [plain(text) for text in data["ordinary"]])

    def heard(self, plain: str) -> Alike | None:
        """Return the phrase that some words of a message sound most like, None for no likeness."""
        found = self._ordinary.sub(BREAK, plain)
        words = [word for word in found.split() if word != "."]
        sounds = [_sound(word) for word in words]
        best: Alike | None = None
        for start, first in enumerate(sounds):
            sound = letters = ""
            for word, part in zip(words[start:], sounds[start:], strict=True):
                sound, letters = sound + part, letters + word
                if not first or word == BREAK or len(sound) > self._longest:
                    break
                for phrase in self._near.get((first[0], len(sound)), ()):
                    if sound[1] != phrase.sound[1] and sound[-1] != phrase.sound[-1]:
                        continue
                    apart = levenshtein_distance(sound, phrase.sound)
                    if apart > phrase.most:
                        continue
                    likeness = _likeness(apart, sound, letters, phrase)
                    if likeness > (best.likeness if best else 0.0) and not phrase.written(words):
                        best = Alike(phrase.name, likeness, phrase.urgency, phrase.flag)
        return best


def _sound(word: str) -> str:
    """Return the consonants of a word as they sound; vowels and breath are what is lost first."""
    return str(metaphone(word)).translate(_MUTE)


def _likeness(apart: int, sound: str, letters: str, phrase: Phrase) -> float:
    """Return how alike two sounds are, 0 to 1: half by consonants, half by letters."""
    same = 1 - apart / max(len(sound), len(phrase.sound))
    apart = levenshtein_distance(letters, phrase.letters)
    return round((same + 1 - apart / max(len(letters), len(phrase.letters))) / 2, 3)


def _phrase(
    name: str, words: Sequence[str], urgency: str, flag: str, small: frozenset[str]
) -> Phrase:
    spoken = [word for i, word in enumerate(words) if "".join(map(_sound, words[: i + 1]))]
    sound = "".join(map(_sound, spoken))
    if len(sound) < LEAST:
        raise ValueError(f"sounds: {name} is too short to tell from other words")
    telling = tuple(w[:-2] if len(w) > 5 else w for w in words if w not in small)
    return Phrase(name, urgency, flag, sound, "".join(spoken), telling, int(len(sound) * FAR))
