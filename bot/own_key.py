# SPDX-License-Identifier: Apache-2.0
"""The key that a machine makes for itself at its first start, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def own_key(path: Path) -> str:
    """Return the key in a file, made now where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write(path)
    return path.read_text().strip()


def _write(path: Path) -> None:
    """Put a whole key there in one step; the first of several processes wins."""
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        os.unlink(made)
