# SPDX-License-Identifier: Apache-2.0
"""What the service says: every approved sentence, read from data/words and rendered by channel."""

from __future__ import annotations

from bot.words.files import WordsError
from bot.words.words import Words

__all__ = ["Words", "WordsError"]
