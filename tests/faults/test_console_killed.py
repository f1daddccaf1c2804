# SPDX-License-Identifier: Apache-2.0
"""The edge is killed with -9 after each step between staff: nobody is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from argon2 import PasswordHasher

from bot.settings import load
from bot.store.migrate import migrate
from bot.wiring import wire
from tests.console import DANGER, PASSWORD
from tests.faults.test_processes import ROOT, free_ports

pytestmark = pytest.mark.timeout(300)


@dataclass
class Edge:
    """One edge process, killed and started again at will, and the browsers in front of it."""

    environ: dict[str, str]
    http: aiohttp.ClientSession
    base: str
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.edge", cwd=ROOT, env=os.environ | self.environ,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        began = time.monotonic()
        while time.monotonic() - began < 60:
            try:
                async with self.http.get(f"{self.base}/staff/sign-in") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
        raise AssertionError("the edge did not start")

    async def killed(self) -> None:
        """Kill it, and start it again."""
        self.process.kill()
        await self.process.wait()
        await self.start()

    async def person(self, path: str, token: str = "", **body) -> dict:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.base}/api/conversations{path}"
        async with self.http.post(url, json=body, headers=headers) as answer:
            return await answer.json()

    async def told(self, opened: dict) -> list[str]:
        url = f"{self.base}/api/conversations/{opened['id']}/messages?after=0"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        async with self.http.get(url, headers=headers) as answer:
            return [m["text"] for m in (await answer.json())["messages"]]

    async def staff(self, who: tuple[str, str], path: str, **form) -> int:
        """Post as a member of staff's page does, and return the status."""
        token, csrf = who
        headers = {"Accept": "application/json", "Cookie": f"staff={token}"}
        url = f"{self.base}/staff/{path}"
        async with self.http.post(url, data=form | {"csrf": csrf}, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator:
    (port, rasa, actions) = free_ports(3)
    environ = {
        "FINGERPOST_VAR": str(tmp_path),
        "FINGERPOST_SECRET_KEYS": "k" * 40,
        "FINGERPOST_PORT": str(port),
        "FINGERPOST_RASA_PORT": str(rasa),
        "FINGERPOST_ACTIONS_PORT": str(actions),
    }
    settings = load(environ)
    await migrate(settings)
    fingerpost = wire(settings)
    fingerpost.accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    people = {}
    for name, role, pin in (
        ("Sam", "worker", "70261"),
        ("Ines", "worker", "81372"),
        ("Sue", "supervisor", "92483"),
    ):
        await fingerpost.accounts.set_up(await fingerpost.accounts.add(name, role), PASSWORD, pin)
        token = await fingerpost.accounts.sign_in(name, PASSWORD)
        worker = await fingerpost.accounts.worker(token)
        people[name] = (token, worker.csrf, worker.id)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        edge = Edge(environ, http, f"http://127.0.0.1:{port}")
        await edge.start()
        yield edge, fingerpost, people
        edge.process.kill()
        await edge.process.wait()
    await fingerpost.close()


async def test_staff_pass_a_person_on_while_the_edge_is_killed_at_each_step(house):
    edge, fingerpost, people = house
    sam, ines, sue = (people[name][:2] for name in ("Sam", "Ines", "Sue"))
    opened = await edge.person("")
    await edge.person(f"/{opened['id']}/messages", opened["token"], text=DANGER)
    await edge.killed()
    (waiting,) = await fingerpost.handover.queue()
    path = f"people/{waiting.id}"

    assert await edge.staff(sam, f"{path}/accept") == 200
    await edge.killed()
    assert await edge.staff(ines, f"{path}/accept") == 409

    said, note = str(uuid.uuid4()), str(uuid.uuid4())
    for _ in range(2):  # the page asks again: it never saw the first answer
        assert await edge.staff(sam, f"{path}/say", text="Hello, I am Sam", client_id=said) == 200
        kept = {"kind": "promise", "note": "to find the hours", "client_id": note}
        assert await edge.staff(sam, f"{path}/notes", **kept) == 200
        await edge.killed()

    assert await edge.staff(sam, f"{path}/offer", what="ask", to=people["Ines"][2]) == 200
    await edge.killed()
    assert await edge.staff(ines, f"{path}/take-over") == 200
    await edge.killed()
    assert await edge.staff(ines, f"{path}/take-over") == 409
    assert await edge.staff(sam, f"{path}/say", text="still me") == 403

    for _ in range(2):
        assert await edge.staff(sue, f"{path}/join") == 200
        await edge.killed()
    assert await edge.staff(ines, f"{path}/say", text="Hello, I am Ines") == 200

    told = await edge.told(opened)
    for once in (
        "Hello, I am Sam",
        "Hello, I am Ines",
        "A second person from our team has joined us. They can see this chat.",
    ):
        assert told.count(once) == 1, once
    assert sum(text.startswith("Another person from our team") for text in told) == 1
    assert sum(text.startswith("A person has joined you") for text in told) == 1
    (now,) = await fingerpost.handover.queue()
    assert (now.id, now.worker_id, now.state) == (waiting.id, people["Ines"][2], "taken")
    (owed,) = await fingerpost.notes.of(waiting.id, people["Ines"][2])
    assert owed.owed and owed.text == "to find the hours"
