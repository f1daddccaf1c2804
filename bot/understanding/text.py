# SPDX-License-Identifier: Apache-2.0
"""What a message looks like to the rules: one plain spelling, and windows when it is long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONG = 800
"""Characters that are read in one go; a longer message is read in windows of this size."""

OVERLAP = 200
"""Characters that two windows share, so that a sentence on the border is read whole."""

MOST_WINDOWS = 32
"""More than the edge ever lets in (16,000 characters); beyond that, windows are spread evenly."""

_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018`\u00b4\u02bc")
_STRETCHED = re.compile(r"([a-z!?])\1{2,}")
_STOPS = re.compile(r"[.!?;:\n\r\u2026]+")
_REST = re.compile(r"[^\w.£ ]+")


class Spelling:
    """Brings the many ways of typing a few words to the one that rules are written in."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._words = {typed: meant for typed, meant in spellings.items() if " " not in typed}
        phrases = sorted((t for t in spellings if " " in t), key=len, reverse=True)
        self._phrases = {t: spellings[t] for t in phrases}
        self._phrase = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b") if phrases else None
        )

    def plain(self, text: str) -> str:
        """Return the text in lower case without apostrophes, its sentences parted by ` . `."""
        text = unicodedata.normalize("NFKC", text).lower().translate(_APOSTROPHES)
        text = _STRETCHED.sub(r"\1\1", text)
        if not text.isascii():  # a picture that stands for a word is read as that word
            text = "".join(f" {c} " if not c.isalnum() and c in self._words else c for c in text)
        words = _STOPS.sub(" . ", text).split()
        plain = " ".join(self._words.get(word, word) for word in words)
        plain = " ".join(_REST.sub(" ", plain).split())
        plain = " ".join(self._words.get(word, word) for word in plain.split())
        if self._phrase is not None:
            plain = self._phrase.sub(lambda found: self._phrases[found.group()], plain)
        return plain


def readable(text: str | bytes) -> str:
    """Return text that every later step can take: no broken characters, whatever came in."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    return raw.decode("utf-8", "replace")


def windows(text: str) -> list[str]:
    """Return the pieces that a text is read in: a short one whole, a long one in windows."""
    if len(text) <= LONG:
        return [text]
    starts = list(range(0, len(text) - OVERLAP, LONG - OVERLAP))
    if len(starts) > MOST_WINDOWS:
        starts = [starts[i * (len(starts) - 1) // (MOST_WINDOWS - 1)] for i in range(MOST_WINDOWS)]
    return list(dict.fromkeys(text[start : start + LONG] for start in starts))
