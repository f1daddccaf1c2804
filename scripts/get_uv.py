#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Find or fetch the uv that uv.lock pins, and print where it is.

A bare Debian has python3 without pip, venv or tomllib, so this needs the standard library
of Python 3.9 and nothing else. Proxies and SSL_CERT_FILE are honoured as usual.
"""

import errno
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"


class Failed(Exception):
    """What went wrong, in one line for the person who typed `make`."""


def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)


def pinned():
    """Return uv's version in uv.lock and its wheels as (address, sha256) pairs."""
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    block = re.search(r'\nname = "uv"\nversion = "([^"]+)"\n(.*?)(?=\n\[\[|\Z)', lock, re.DOTALL)
    if block is None:
        raise Failed("uv.lock does not pin uv: check the file out again.")
    wheels = re.findall(r'url = "([^"]+\.whl)", hash = "sha256:(\w+)"', block.group(2))
    return block.group(1), wheels


def installed(version):
    """Return a uv of exactly this version, ours before the machine's, or None."""
    for found in filter(None, (str(TOOLS / "uv"), shutil.which("uv"))):
        try:
            said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if said.stdout.split()[:2] == ["uv", version]:
            return found
    return None


def choose(wheels):
    """Return the wheel that runs on this machine."""
    system, machine, libc = platform.system(), platform.machine(), platform.libc_ver()[0]
    if system != "Linux":
        raise Failed(f"{system} is not supported: use a container or WSL2.")
    for url, sha256 in wheels:
        if libc == "glibc" and "manylinux" in url and machine in url:
            return url, sha256
    raise Failed(f"Only x86_64 and aarch64 with glibc are supported, not this {machine} ({libc}).")


def download(url, sha256, target):
    digest, done = hashlib.sha256(), 0
    with urllib.request.urlopen(url, timeout=60) as answer, open(target, "wb") as file:
        total = int(answer.headers.get("Content-Length", 0))
        while chunk := answer.read(1 << 18):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if sys.stderr.isatty():
                say(f"\r  {done / 1e6:.0f} of {total / 1e6:.0f} MB", "\n" * (done == total))
    if digest.hexdigest() != sha256:
        raise Failed("What was downloaded is not the uv that uv.lock names (wrong sha256).")


def unpack(wheel):
    """Put the program in place in one step, so that a half-written one is never run."""
    part = TOOLS / f"uv.{os.getpid()}"
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        with archive.open(member) as source, open(part, "wb") as target:
            shutil.copyfileobj(source, target)
    part.chmod(0o755)
    part.replace(TOOLS / "uv")


def get():
    version, wheels = pinned()
    found = installed(version)
    if found:
        return found
    url, sha256 = choose(wheels)
    TOOLS.mkdir(exist_ok=True)
    wheel = TOOLS / f"uv.{os.getpid()}.whl"
    try:
        say(f"Fetching uv {version}, the tool that installs everything else ...")
        try:
            download(url, sha256, wheel)
        except urllib.error.URLError as error:
            raise Failed(f"No way to the download server: {error.reason}.") from error
        unpack(wheel)
    finally:
        for left in TOOLS.glob(f"uv.{os.getpid()}*"):
            left.unlink()
    return str(TOOLS / "uv")


if __name__ == "__main__":
    try:
        print(get())
    except (Failed, OSError, StopIteration, zipfile.BadZipFile) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        why = "No space left on this disk." if full else str(error) or type(error).__name__
        sys.exit(f"uv could not be installed. {why}")
