# SPDX-License-Identifier: Apache-2.0
"""Which words of the files somebody heard, told by their names."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from bot.policy.turn import Medium, Utterance
from bot.words import Words

ANYTHING = "zqzq"
# Words that are a part of others, or nothing but a gap.
NO_NAMES = ("phone_choices", "phone_service_card", "phone_consent_line")
BY_TEXT = "text_"


class Names:
    """Knows each of our sentences by its name, whatever fills its gaps.

    `vocabulary`: every word that we say ourselves.
    """

    def __init__(self, words: Words) -> None:
        texts = {name: _text(words, name) for name in words.names()}
        self._patterns = [
            (name, _pattern(text)) for name, text in texts.items() if not name.startswith(NO_NAMES)
        ]
        offered = {key for name in words.names() for key in words.choices(name)}
        said = [*texts.values(), *(words.label(key, Medium.VOICE) for key in offered)]
        self.vocabulary = frozenset(re.findall(r"\w+", " ".join(said).lower()))

    def of(self, said: str) -> list[str]:
        """Return the names of what was said in one breath; several may have the same words."""
        return [name for name, pattern in self._patterns if pattern.match(said)]

    def heard(self, sentences: list[str], what: str) -> bool:
        """Say whether `what` was heard: a name, `*` for any ending, or a /pattern/."""
        if len(what) > 1 and what[0] == what[-1] == "/":
            return any(re.search(what[1:-1], said, re.IGNORECASE) for said in sentences)
        return any(fnmatchcase(name, what) for said in sentences for name in self.of(said))


def _text(words: Words, name: str) -> str:
    over = Medium.CHAT if name.startswith(BY_TEXT) else Medium.VOICE
    return words.message(Utterance(name, dict.fromkeys(words.gaps(name), ANYTHING)), over).text


def _pattern(text: str) -> re.Pattern[str]:
    spelled = ", ".join(ANYTHING.upper())
    parts = re.split(f"{ANYTHING}|{re.escape(spelled)}", text)
    return re.compile(".+?".join(map(re.escape, parts)))
