# SPDX-License-Identifier: Apache-2.0
"""Other programs that are started for the test and end with it, also when it is killed."""

from __future__ import annotations

import asyncio
import ctypes
import signal
from collections.abc import Mapping
from pathlib import Path

ASK_TO_BE_TOLD = 1  # PR_SET_PDEATHSIG of Linux
LIBC = ctypes.CDLL(None)


async def start(
    *command: str, log: Path, cwd: Path, environ: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Start a program; all that it writes goes into a file."""
    with log.open("w") as file:
        return await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file, cwd=cwd,
            env=environ, start_new_session=True, preexec_fn=_end_with_us,
        )  # fmt: skip


async def stop(process: asyncio.subprocess.Process | None, within: float) -> None:
    """End a program: ask, then insist after some seconds."""
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), within)
    except TimeoutError:
        process.kill()
        await process.wait()


def _end_with_us() -> None:
    LIBC.prctl(ASK_TO_BE_TOLD, signal.SIGTERM)
