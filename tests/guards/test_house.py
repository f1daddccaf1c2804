# SPDX-License-Identifier: Apache-2.0
"""The house keeps its shape: sizes, imports, no secrets of ours, no hosts that nobody chose."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT, capture_output=True, text=True, check=True,
).stdout.split()  # fmt: skip
CODE = [
    p
    for p in TRACKED
    if p.endswith(".py")
    and p.split("/")[0] in ("bot", "actions", "telephony")
    and "/migrations/" not in p
    and (ROOT / p).exists()
]


def lines(path: str) -> int:
    return len((ROOT / path).read_text().splitlines())


def test_no_module_is_long_and_most_are_short():
    sizes = {p: lines(p) for p in CODE if not p.endswith("__init__.py")}
    assert {p: n for p, n in sizes.items() if n > 300} == {}
    assert statistics.median(sizes.values()) < 110


@pytest.mark.parametrize("path", CODE)
def test_every_module_says_its_licence_and_its_purpose(path):
    text = (ROOT / path).read_text()
    assert text.startswith("# SPDX-License-Identifier: Apache-2.0\n")
    if not path.endswith("__init__.py"):
        assert text.split("\n", 2)[1].startswith(('"""', "'''")), path
    assert Path(path).stem not in ("utils", "util", "manager", "helpers", "common")


def test_imports_point_one_way():
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout


def test_style():
    found = subprocess.run(
        [str(Path(sys.executable).parent / "ruff"), "check", "."],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout


FORBIDDEN = re.compile(
    r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|/work/|/root/|/home/\w+/|\.\./shared"
)


def test_no_registry_hosts_and_no_machine_paths():
    bad = []
    for path in TRACKED:
        file = ROOT / path
        if path == "uv.lock" or not file.is_file() or file.stat().st_size > 5_000_000:
            continue
        if file == Path(__file__).resolve():
            continue
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        bad += [f"{path}: {m.group()}" for m in FORBIDDEN.finditer(text)]
    assert bad == []


def test_nothing_secret_is_tracked():
    assert [p for p in TRACKED if p.startswith("var/") or p.endswith((".key", ".db"))] == []


def test_every_sender_and_store_write_of_words_goes_through_a_box():
    """Words reach the database only sealed: no column of text may hold them."""
    from sqlalchemy import LargeBinary

    from bot.store.schema import metadata

    sealed = {f"{t.name}.{c.name}" for t in metadata.tables.values() for c in t.columns
              if isinstance(c.type, LargeBinary) and not c.name.endswith("hash")}  # fmt: skip
    assert {
        "turns.sealed", "events.sealed", "facts.sealed", "trackers.sealed", "consents.sealed",
        "conversations.dialogue", "hits.cues", "handovers.cues", "calls.sealed",
        "contact_plans.sealed", "callback_calls.sealed",
        "notes.sealed", "staff.second_factor", "disclosures.sealed",
    } == sealed  # fmt: skip
    names = {c.name for t in metadata.tables.values() for c in t.columns}
    assert not names & {"text", "body", "message", "phone", "ip", "address_line", "user_agent"}
