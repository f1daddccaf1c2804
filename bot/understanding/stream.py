# SPDX-License-Identifier: Apache-2.0
"""One message a line in, one JSON a line out: `fingerpost screen`, for figures and for checking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from bot.policy.turn import Understanding
from bot.understanding.screen import Screen

ROOT = Path(__file__).resolve().parents[2]


def run(
    stdin: IO[Any], stdout: IO[str], channel: str = "chat", screen: Screen | None = None
) -> int:
    """Screen every line, an empty one too, in order; return the exit code.

    Lines are read as bytes where the stream has them, so that broken text stops nothing.
    """
    screen = screen or Screen.load(ROOT / "models", ROOT / "data")
    for line in getattr(stdin, "buffer", stdin):
        ended = b"\r\n" if isinstance(line, bytes) else "\r\n"
        heard = screen.understand(line.rstrip(ended), channel)
        stdout.write(json.dumps(as_dict(heard), ensure_ascii=False) + "\n")
        stdout.flush()
    return 0


def as_dict(heard: Understanding) -> dict[str, Any]:
    """Return what was heard under the names of the contract (design, section 4)."""
    return {
        "urgency": heard.urgency,
        "action": heard.action,
        "topic": heard.topic,
        "act": heard.act,
        "confidence": heard.confidence,
        "cues": list(heard.cues),
    }
