# SPDX-License-Identifier: Apache-2.0
"""Puts the digest of each day that is over where whoever runs the service keeps it.

A sweep and no row of work: a day's digest is the same whoever writes it, a file that is there is
left alone, and one that is not is tried again. What is missing is seen in the folder itself.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.policy.hours import LONDON
from bot.service.audit import Audit
from bot.service.ports import Clock

log = logging.getLogger(__name__)
DAYS = 7
"""Days back that are written where they are missing."""
LATE_AFTER = timedelta(hours=1)
OFF, WRITTEN, MISSING = "off", "written", "missing"


class AuditExport:
    """Writes one file a day. `folder`: "" where none is set, and nothing is written."""

    def __init__(self, audit: Audit, folder: str, clock: Clock) -> None:
        self.audit, self.folder, self.clock = audit, Path(folder) if folder else None, clock

    async def run(self) -> None:
        """Write the digests of the last days that are not there yet, the oldest first."""
        if self.folder is None:
            return
        today = self._now().date()
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            if not self._file(self.folder, day).exists():
                found = json.dumps(asdict(await self.audit.digest(day)), indent=2) + "\n"
                try:
                    self._write(self._file(self.folder, day), found)
                except OSError as problem:
                    log.error("no audit digest", extra={"error": type(problem).__name__})
                    return

    def state(self) -> str:
        """Say whether yesterday's is there; it may be an hour late."""
        if self.folder is None:
            return OFF
        day = (self._now() - LATE_AFTER).date() - timedelta(days=1)
        try:
            return WRITTEN if self._file(self.folder, day).exists() else MISSING
        except OSError:
            return MISSING

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
