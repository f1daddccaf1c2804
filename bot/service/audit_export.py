# SPDX-License-Identifier: Apache-2.0
"""Puts the digest of each day that is over where whoever runs the service keeps it.

A sweep and no row of work: a day's digest is the same whoever writes it, a file that is there is
left alone, and one that is not is tried again. What is missing is seen in the folder itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.policy.hours import LONDON
from bot.service.audit import Audit
from bot.service.ports import Clock

log = logging.getLogger(__name__)
DAYS = 7
"""Days back that are written where they are missing."""
LATE_AFTER = timedelta(hours=1)
SETTLED_AFTER = timedelta(minutes=10)
"""How long a day is over before it is written: what was done in its last second is kept by then."""
FOLDER_TAKES = 5.0
"""Seconds that a folder, which may be on another machine, has for each thing; people never wait."""
OFF, WRITTEN, MISSING = "off", "written", "missing"


class AuditExport:
    """Writes one file a day. `folder`: "" where none is set, and nothing is written."""

    def __init__(self, audit: Audit, folder: str, clock: Clock) -> None:
        self.audit, self.folder, self.clock = audit, Path(folder) if folder else None, clock

    async def run(self) -> None:
        """Write the digests of the last days that are not there yet, the oldest first."""
        if self.folder is None:
            return
        today = (self._now() - SETTLED_AFTER).date()
        try:
            for back in range(DAYS, 0, -1):
                file = self._file(self.folder, day := today - timedelta(days=back))
                if not await _in_time(file.exists):
                    found = json.dumps(asdict(await self.audit.digest(day)), indent=2) + "\n"
                    await _in_time(self._write, file, found)
        except (OSError, TimeoutError) as problem:
            log.error("no audit digest", extra={"error": type(problem).__name__})

    async def state(self) -> str:
        """Say whether yesterday's is there; it may be an hour late."""
        if self.folder is None:
            return OFF
        day = (self._now() - LATE_AFTER).date() - timedelta(days=1)
        try:
            there = await _in_time(self._file(self.folder, day).exists)
        except (OSError, TimeoutError):
            return MISSING
        return WRITTEN if there else MISSING

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), LONDON)

    @staticmethod
    def _file(folder: Path, day: date) -> Path:
        return folder / f"audit-{day.isoformat()}.json"

    @staticmethod
    def _write(file: Path, text: str) -> None:
        """Write the whole file or none: half a digest would prove nothing."""
        part = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with part.open("w") as kept:
                kept.write(text)
                kept.flush()
                os.fsync(kept.fileno())
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)


async def _in_time(work: Callable[..., Any], *given: Any) -> Any:
    """Do this beside the event loop; raises TimeoutError where the folder does not answer."""
    async with asyncio.timeout(FOLDER_TAKES):
        return await asyncio.to_thread(work, *given)
