# SPDX-License-Identifier: Apache-2.0
"""`fingerpost review`: the approved answers, scripts and exercises, those due first."""

from __future__ import annotations

import sys
from datetime import date

from bot.policy.information import is_due
from bot.settings import ROOT
from bot.words import Words


def run(today: date) -> int:
    """Print each; 1 when one is due, for people are told by now that it may have changed."""
    texts = sorted(Words.load(ROOT / "data" / "words").reviewed, key=lambda a: a.review_by)
    for text in texts:
        due = " DUE" if is_due(text, today) else ""
        sys.stdout.write(f"{text.review_by} {text.id}: {text.source}, {text.valid_at}{due}\n")
    return int(any(is_due(text, today) for text in texts))
