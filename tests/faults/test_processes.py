# SPDX-License-Identifier: Apache-2.0
"""The three processes for real, killed one by one: a person is never met by silence."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 150.0
pytestmark = pytest.mark.timeout(400)


def free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    found = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return found


def children(pid: int) -> dict[str, int]:
    """Return the pids of the processes that `up` started, by module."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            command = (entry / "cmdline").read_bytes().decode().split("\0")
        except (OSError, ValueError):
            continue
        if int(stat[1]) == pid and stat[0] != "Z" and "-m" in command:
            found[command[command.index("-m") + 1]] = int(entry.name)
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Running:
    process: asyncio.subprocess.Process
    base: str
    http: aiohttp.ClientSession
    var: Path

    async def page_answers(self, within: float = 60.0) -> None:
        began = time.monotonic()
        while True:
            try:
                async with self.http.get(f"{self.base}/") as page:
                    assert page.status == 200 and "999" in await page.text()
                    return
            except aiohttp.ClientError:
                assert time.monotonic() - began < within
                await asyncio.sleep(0.2)

    async def ready(self, within: float = STARTS_WITHIN) -> float:
        began = time.monotonic()
        while time.monotonic() - began < within:
            try:
                async with self.http.get(f"{self.base}/readyz") as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.3)
        raise AssertionError("the service did not become ready")

    async def open(self) -> dict:
        async with self.http.post(f"{self.base}/api/conversations", json={}) as answer:
            assert answer.status == 201
            return await answer.json()

    async def send(self, opened: dict, **body) -> tuple[int, dict, float]:
        began = time.monotonic()
        async with self.http.post(
            f"{self.base}/api/conversations/{opened['id']}/messages",
            json=body,
            headers={"Authorization": f"Bearer {opened['token']}"},
        ) as answer:
            return answer.status, await answer.json(), time.monotonic() - began

    async def messages(self, opened: dict, after: int) -> list[dict]:
        async with self.http.get(
            f"{self.base}/api/conversations/{opened['id']}/messages?after={after}",
            headers={"Authorization": f"Bearer {opened['token']}"},
        ) as answer:
            return (await answer.json())["messages"]

    async def late(self, opened: dict, after: int, within: float = 60.0) -> list[dict]:
        """Wait for messages that come by themselves after a number."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            found = [m for m in await self.messages(opened, after) if m["from"] != "person"]
            if found:
                return found
            await asyncio.sleep(0.5)
        return []

    def child(self, module: str) -> int:
        return children(self.process.pid)[module]


@pytest.fixture
def environ() -> dict[str, str]:
    """Settings beside; a test overrides it."""
    return {}


@pytest.fixture
async def up(tmp_path: Path, environ: dict[str, str]) -> AsyncIterator[Running]:
    port, rasa, actions = free_ports(3)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "up",
        cwd=ROOT,
        env={
            **os.environ, "FINGERPOST_VAR": str(tmp_path), "FINGERPOST_PORT": str(port),
            "FINGERPOST_RASA_PORT": str(rasa), "FINGERPOST_ACTIONS_PORT": str(actions), **environ,
        },
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as http:
        yield Running(process, f"http://127.0.0.1:{port}", http, tmp_path)
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()


def has_999(messages: list[dict]) -> bool:
    return any("999" in m["text"] for m in messages)


async def test_a_person_is_never_met_by_silence(up: Running):
    # The page and the emergency words come first, before the assistant is loaded.
    await up.page_answers()
    early = await up.open()
    assert has_999(early["messages"])
    status, reply, took = await up.send(early, text="he is outside my door with a knife")
    assert status == 200 and took < 5 and has_999(reply["messages"])
    await up.ready()

    # Rasa killed: fixed words within 5 s, then the same turn answered when it is back.
    person = await up.open()
    os.kill(up.child("bot.assistant.serve"), signal.SIGKILL)
    status, reply, took = await up.send(person, text="somebody stole my bike last week")
    assert status == 200 and took < 5 and has_999(reply["messages"])
    status, danger, took = await up.send(person, text="he is outside my door with a knife")
    assert took < 5 and has_999(danger["messages"])
    assert await up.late(person, danger["messages"][-1]["id"], 90)
    await up.ready(90)

    # The action server killed in the middle of the questions.
    person = await up.open()
    status, reply, _ = await up.send(person, text="i need some help after a burglary")
    os.kill(up.child("actions.serve"), signal.SIGKILL)
    for _ in range(8):
        keys = {c["key"]: c["id"] for m in reply["messages"] for c in m["choices"]}
        if "find_help" not in keys and "skip" not in keys:
            break
        choice = keys.get("skip") or keys["find_help"]
        status, reply, took = await up.send(person, choice=choice)
        assert status == 200 and took < 5 and reply["messages"]
        if has_999(reply["messages"]) or any(m["services"] for m in reply["messages"]):
            break
    await up.ready(90)

    # The edge itself killed: `up` starts it again, and the conversation is still there.
    os.kill(up.child("bot.edge"), signal.SIGKILL)
    await asyncio.sleep(0.5)
    await up.ready(60)
    kept = await up.messages(person, 0)
    assert any(m["from"] == "person" for m in kept)
    status, reply, _ = await up.send(person, text="are you still there")
    assert status == 200 and reply["messages"]

    # Stopping leaves nothing.
    pids = list(children(up.process.pid).values())
    assert len(pids) == 3
    up.process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(up.process.wait(), 25) == 0
    assert not [pid for pid in pids if alive(pid)]


async def test_killing_the_parent_leaves_nothing(up: Running):
    await up.ready()
    pids = list(children(up.process.pid).values())
    assert len(pids) == 3
    up.process.kill()
    await up.process.wait()
    for _ in range(60):
        if not [pid for pid in pids if alive(pid)]:
            return
        await asyncio.sleep(0.25)
    raise AssertionError("a process was left running")


async def test_a_port_in_use_is_one_line_that_says_what_to_do(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "up", "--port", str(taken.getsockname()[1]),
            cwd=ROOT, env={**os.environ, "FINGERPOST_VAR": str(tmp_path)},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert "PORT" in out.decode() and "Traceback" not in (out + err).decode()


async def test_a_broken_setting_is_named(tmp_path: Path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "up",
        cwd=ROOT,
        env={**os.environ, "FINGERPOST_VAR": str(tmp_path), "FINGERPOST_AREA": "nowhere",
             "FINGERPOST_TYPO": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert "FINGERPOST_AREA" in out.decode() and "FINGERPOST_TYPO" in out.decode()
    assert "Traceback" not in (out + err).decode()
