# SPDX-License-Identifier: Apache-2.0
"""What a message is made of, in whatever script: its words in one plain form, and its script.

Accents, vowel marks and the several ways of typing one letter are taken away, because people in a
hurry leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018`\u00b4\u02bc\u02bb\u02b9")
# A mark belongs to the letter before it, also where Python does not count it as part of a word.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
    "\u0966-\u0dff\u0e30-\u0e4e\u0eb0-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_HARAKAT = re.compile("[\u0640\u064b-\u065f\u0670]")
# Letters that have no accent to take away, and letters typed on a neighbour's keyboard.
_SAME = str.maketrans(
    {
        "ł": "l", "đ": "d", "ı": "i", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ё": "е", "ґ": "г",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ګ": "گ",
        "ة": "ه", "ہ": "ه", "ە": "ه", "ۀ": "ه", "ھ": "ه", "ں": "ن",
    }
)  # fmt: skip

SCRIPTS = {
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06ee-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "devanagari": "\u0904-\u0939\u0958-\u0961\u0972-\u097f",
    "bengali": "\u0985-\u09b9\u09dc-\u09f1",
    "gurmukhi": "\u0a05-\u0a39\u0a59-\u0a5e\u0a72-\u0a74",
    "gujarati": "\u0a85-\u0ab9\u0ae0-\u0ae1",
    "tamil": "\u0b85-\u0bb9",
    "telugu": "\u0c05-\u0c39",
    "kannada": "\u0c85-\u0cb9",
    "malayalam": "\u0d05-\u0d39\u0d7a-\u0d7f",
    "sinhala": "\u0d85-\u0dc6",
    "thai": "\u0e01-\u0e2e\u0e40-\u0e46",
    "lao": "\u0e81-\u0eaf\u0ec0-\u0ec6",
    "myanmar": "\u1000-\u102a",
    "georgian": "\u10d0-\u10ff",
    "ethiopic": "\u1200-\u135a\u1380-\u138f\u2d80-\u2dde",
    "khmer": "\u1780-\u17b3",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "kana": "\u3041-\u3096\u30a1-\u30fa",
    "han": "\u3400-\u4dbf\u4e00-\u9fff",
    "greek": "\u0386-\u03ff\u1f00-\u1fff",
    "hebrew": "\u05d0-\u05ea",
    "armenian": "\u0531-\u0556\u0561-\u0587",
}
_OF_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")

LEAST = 3
"""Letters of another script that make a message of that script; fewer are a face or a sign."""

_LEAST_OF = {"han": 2, "kana": 2, "hangul": 2}


ELIDED = "l d j c m n s t qu un dell nell all dall sull quell".split()
"""Short words that French and Italian write together with the next."""

_ELIDED = re.compile(rf"\b({'|'.join(ELIDED)})['\u2019](?=\w)", re.IGNORECASE)


def standard(text: str) -> str:
    """Return the text in one encoding, in lower case, without apostrophes."""
    text = _ELIDED.sub(r"\1 ", unicodedata.normalize("NFKC", text))
    return text.translate(_APOSTROPHES).lower()


def words(text: str) -> list[str]:
    """Return the words of a `standard` text, as they are spelled."""
    return _WORD.findall(text)


def plain(word: str) -> str:
    """Return a word as it is compared: no accents, no vowel marks, one form of each letter."""
    if word.isascii():
        return word
    word = _HARAKAT.sub("", word.translate(_SAME))
    if not _LATIN.search(word):
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join(c for c in parts if not unicodedata.combining(c)).translate(_SAME)


def script(text: str) -> str:
    """Return the script most of a text is in: `latin`, or one of those above."""
    if text.isascii():
        return "latin"
    found = Counter({name: len(shape.findall(text)) for name, shape in _OF_SCRIPT.items()})
    if found["kana"]:  # Japanese is written in both
        found["kana"] += found.pop("han", 0)
    name, letters = found.most_common(1)[0]
    if letters < _LEAST_OF.get(name, LEAST):
        return "latin"
    # One Han letter says as much as a word does.
    weight = 3 if name in _LEAST_OF else 1
    return name if weight * letters >= len(_LATIN.findall(text)) else "latin"
