# SPDX-License-Identifier: Apache-2.0
"""The stores are for the service's own account: nobody else on the machine can read them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT


def modes(folder: Path) -> dict[str, int]:
    """Return what everybody but the owner may do, by file."""
    return {p.name: stat.S_IMODE(p.stat().st_mode) & 0o077 for p in (folder, *folder.iterdir())}


def retain(folder: Path) -> None:
    environ = os.environ | {"FINGERPOST_VAR": str(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "bot", "retain"], cwd=ROOT, env=environ, check=True, umask=0o022,
        capture_output=True,
    )  # fmt: skip


def test_no_other_account_can_read_them(tmp_path):
    var = tmp_path / "var"
    retain(var)
    found = modes(var)
    assert {"fingerpost.db", "keys.db", "secret.key"} <= set(found)
    assert set(found.values()) == {0}
    for name in ("fingerpost.db", "keys.db"):
        (var / name).chmod(0o644)  # as an earlier version left them
    retain(var)
    assert set(modes(var).values()) == {0}
