# SPDX-License-Identifier: Apache-2.0
"""Whether somebody asks for more than a person could: buckets in memory, nothing written down."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.web.console_origin import is_loopback


@dataclass(frozen=True)
class Rate:
    """How many at once, and how many more each second."""

    burst: float
    a_second: float


# Far above what a frightened person pressing "send" over and over reaches.
SESSION = Rate(burst=60, a_second=3)
SOURCE = Rate(burst=600, a_second=20)
STREAMS = 8


@dataclass
class Limits:
    """Token buckets by session and by source, the oldest forgotten first.

    A source is a hash under a salt that dies with the process: it cannot be turned back into an
    address and no two runs give the same one. Everybody behind a proxy is 127.0.0.1, and
    forwarded headers are not trusted, so the loopback has no bucket of its own: there the proxy
    must limit.
    """

    session: Rate = SESSION
    source: Rate = SOURCE
    clock: Callable[[], float] = time.monotonic
    most: int = 20_000
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _streams: dict[str, int] = field(default_factory=dict, repr=False)

    def name(self, remote: str | None) -> str:
        """Return the name under which a source is counted, never its address."""
        return hashlib.blake2b((remote or "").encode(), key=self._salt, digest_size=16).hexdigest()

    def session_may(self, token: str) -> bool:
        """Count one request of a session; False when it must wait."""
        return self._may("session:" + self.name(token), self.session)

    def source_may(self, remote: str | None) -> bool:
        """Count one request of a source; False when it must wait."""
        return is_loopback(remote) or self._may("source:" + self.name(remote), self.source)

    def open_stream(self, conversation_id: str) -> bool:
        """Count a live stream in; False when this conversation already has as many as it may."""
        if self._streams.get(conversation_id, 0) >= STREAMS:
            return False
        self._streams[conversation_id] = self._streams.get(conversation_id, 0) + 1
        return True

    def close_stream(self, conversation_id: str) -> None:
        """Count a live stream out."""
        self._streams[conversation_id] -= 1
        if not self._streams[conversation_id]:
            del self._streams[conversation_id]

    def _may(self, name: str, rate: Rate) -> bool:
        now = self.clock()
        left, seen = self._left.pop(name, (rate.burst, now))
        left = min(rate.burst, left + (now - seen) * rate.a_second)
        self._left[name] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > self.most:
            self._left.popitem(last=False)
        return left >= 1
