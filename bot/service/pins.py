# SPDX-License-Identifier: Apache-2.0
"""What is kept of a worker's PIN, which alone says by telephone who somebody is.

Twilio waits seconds for an answer with a caller on hold, and a team may be large, so one PIN is
looked for among all in microseconds: it is kept under the service key, not under a slow hash,
which would not save four digits from whoever holds that key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence


def easy(pin: str) -> bool:
    """Say whether a PIN is one that others try, or that a frightened hand hits.

    All one digit, and runs such as 1234: 9999 and 5555 mean danger on the telephone.
    """
    steps = {int(b) - int(a) for a, b in zip(pin, pin[1:], strict=False)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def may_be(pin: str) -> bool:
    """Say whether these digits may be a PIN at all: four to eight, and not easy ones."""
    return pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8 and not easy(pin)


class Pins:
    """Keeps and compares. `secrets`: the service's own for this, the newest first; all compare."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._secrets = tuple(secrets)

    def kept(self, pin: str) -> str:
        """Return what is kept of a PIN, which says nothing without the service key."""
        return _under(self._secrets[0], pin)

    def fits(self, pin: str, kept: str | None) -> bool:
        """Say whether this is the PIN of which that was kept."""
        tags = [_under(secret, pin) for secret in self._secrets]
        return any(hmac.compare_digest(tag, kept or "") for tag in tags)


def _under(secret: bytes, pin: str) -> str:
    return hmac.new(secret, pin.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
