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
    """Knows each of our sentences by its name, whatever fills its gaps."""

    def __init__(self, words: Words) -> None:
        self._patterns = [
            (name, self._pattern(words, name))
            for name in words.names()
            if not name.startswith(NO_NAMES)
        ]

    @staticmethod
    def _pattern(words: Words, name: str) -> re.Pattern[str]:
        filled = dict.fromkeys(words.gaps(name), ANYTHING)
        over = Medium.CHAT if name.startswith(BY_TEXT) else Medium.VOICE
        text = words.message(Utterance(name, filled), over).text
        spelled = ", ".join(ANYTHING.upper())
        parts = re.split(f"{ANYTHING}|{re.escape(spelled)}", text)
        return re.compile(".+?".join(map(re.escape, parts)))

    def of(self, said: str) -> list[str]:
        """Return the names of what was said in one breath; several may have the same words."""
        return [name for name, pattern in self._patterns if pattern.match(said)]

    def heard(self, sentences: list[str], what: str) -> bool:
        """Say whether `what` was heard: a name, `*` for any ending, or a /pattern/."""
        if len(what) > 1 and what[0] == what[-1] == "/":
            return any(re.search(what[1:-1], said, re.IGNORECASE) for said in sentences)
        return any(fnmatchcase(name, what) for said in sentences for name in self.of(said))
