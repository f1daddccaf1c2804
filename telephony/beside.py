# SPDX-License-Identifier: Apache-2.0
"""Work that goes on beside an answer to Twilio, which waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Found = TypeVar("Found")
LAST_WAIT = 1.0
"""Seconds for which what is under way may still end when the service stops."""


class Beside:
    """Begins work, keeps it from being lost, and lets it end when the service stops."""

    def __init__(self) -> None:
        self._work: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, Found]) -> asyncio.Task[Found]:
        """Begin some work and return its task at once."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task

    async def close(self) -> None:
        """Let what is under way end within a moment; what is not done then is given up."""
        if self._work:
            await asyncio.wait(set(self._work), timeout=LAST_WAIT)
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
