# SPDX-License-Identifier: Apache-2.0
"""People wait, and every process is killed at every step: nobody is lost, and nothing is doubled.

Two real edges on one database call staff through a webhook of the test's own.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select, update

from bot.settings import load
from bot.store import handovers, pages
from bot.store.migrate import migrate
from bot.store.paging_schema import chains, deliveries
from bot.store.schema import due
from bot.wiring import wire
from tests.conftest import ScriptedAssistant
from tests.faults.test_processes import (  # noqa: F401 - fixtures
    ROOT,
    children,
    environ,
    free_ports,
    up,
)
from tests.store.conftest import two_databases

pytestmark = pytest.mark.timeout(400)
PEOPLE = 8
ASKS, KNIFE = "can i speak to a person please", "he is outside my door with a knife"


class Hook:
    """Takes pages slowly, so that a kill meets them on their way."""

    def __init__(self) -> None:
        self.got: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(request.headers["webhook-id"])
        await asyncio.sleep(0.15)
        return web.Response(status=204)


class Edges:
    """Real edges over one database; `wired` looks into it and does what a console does."""

    def __init__(self, settings, wired, hook) -> None:
        self.environ, self.wired, self.hook = settings, wired, hook
        self.ports = free_ports(4)
        self.running: dict[int, asyncio.subprocess.Process] = {}

    async def start(self, number: int) -> None:
        ports = {
            "FINGERPOST_PORT": str(self.ports[number]),
            "FINGERPOST_HEALTH_PORT": str(self.ports[number + 2]),
        }
        self.running[number] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.edge", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
            env=self.environ | ports,
        )  # fmt: skip

    async def answers(self, http, number: int) -> None:
        began = time.monotonic()
        while time.monotonic() - began < 90:
            try:
                async with http.get(f"http://127.0.0.1:{self.ports[number]}/") as page:
                    if page.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
        raise AssertionError("an edge did not come up")

    async def kill(self, number: int) -> None:
        self.running[number].send_signal(signal.SIGKILL)
        await self.running[number].wait()

    async def asks(self, http, number: int, text: str) -> str:
        base = f"http://127.0.0.1:{self.ports[number]}/api/conversations"
        async with http.post(base, json={}) as answer:
            opened = await answer.json()
        token = {"Authorization": f"Bearer {opened['token']}"}
        url = f"{base}/{opened['id']}/messages"
        async with http.post(url, json={"text": text}, headers=token) as answer:
            assert answer.status == 200 and (await answer.json())["messages"]
        return opened["id"]

    async def kept(self):
        async with self.wired.store.read() as tx:
            return (await tx.execute(select(deliveries))).all()

    async def time_passes(self) -> None:
        """Let the next step of every calling be due now, and every lease be over."""
        async with self.wired.store.write() as tx:
            await tx.execute(update(chains).values(next_at=0.0))
            await tx.execute(update(due).where(due.c.kind == "page_again").values(due_at=1.0))
            await tx.execute(update(due).values(leased_until=0.0))

    async def settled(self, steps: int = 1, within: float = 90.0):
        """Return every page once each calling came so far; time goes on until it does.

        A calling that a kill had lost would have nothing due, and never come there.
        """
        began = time.monotonic()
        for second in range(int(within)):
            found = await self.kept()
            taken = Counter((p.handover_id, p.step) for p in found if p.means == "console")
            far = Counter(handover for handover, _ in taken)
            planned = [p for p in found if p.state == pages.PLANNED]
            if far and min(far.values()) >= steps and not planned:
                return found
            if second % 5 == 4:
                await self.time_passes()
            await asyncio.sleep(1)
        raise AssertionError(f"not settled after {time.monotonic() - began:.0f} s")


@pytest.fixture(params=["sqlite", "postgresql"])
async def edges(request, tmp_path: Path, assistant, screen):
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    server = TestServer(app)
    await server.start_server()
    rota = tmp_path / "rota.yml"
    days = "{days: [MO, TU, WE, TH, FR, SA, SU], from: '00:00', to: '00:00', on_call: [ann, ben]}"
    url = f"http://127.0.0.1:{server.port}/hook"
    rota.write_text(
        f"people:\n  ann: {{webhook: '{url}'}}\n  ben: {{webhook: '{url}'}}\n"
        f"teams:\n  support:\n    shifts:\n      - {days}\n"
    )
    own = {
        "FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
        "FINGERPOST_ROTA": str(rota), "FINGERPOST_WEBHOOK_SECRET": "w" * 40,
    }  # fmt: skip
    databases = two_databases() if request.param == "postgresql" else None
    if databases:
        data, keys = await databases.__aenter__()
        own |= {"FINGERPOST_DATABASE_URL": data, "FINGERPOST_KEYS_URL": keys}
    settings = load(own)
    await migrate(settings)
    wired = wire(settings, assistant=assistant, screen=screen)
    found = Edges({**os.environ, **own}, wired, hook)
    yield found
    for process in found.running.values():
        if process.returncode is None:
            process.kill()
            await process.wait()
    await wired.close()
    await server.close()
    if databases:
        await databases.__aexit__(None, None, None)


async def test_edges_killed_at_every_step_lose_nobody_and_double_no_step(edges):
    chance = random.Random(20261127)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
        await asyncio.gather(edges.start(0), edges.start(1))
        await asyncio.gather(edges.answers(http, 0), edges.answers(http, 1))
        stories = await asyncio.gather(
            *(edges.asks(http, n % 2, KNIFE if n % 3 else ASKS) for n in range(PEOPLE))
        )
        killed = 0
        for step in range(3):
            for number in (0, 1):
                await asyncio.sleep(chance.uniform(0.1, 0.9))
                await edges.kill(number)
                killed += 1
                await edges.start(number)
                await edges.answers(http, number)
            if step < 2:
                await edges.time_passes()
        await edges.time_passes()  # what a killed process had claimed is due again
        found = await edges.settled(steps=3)

    async with edges.wired.store.read() as tx:
        waiting = await handovers.waiting(tx)
    assert Counter(row.conversation_id for row in waiting) == dict.fromkeys(stories, 1)
    # Each step of each calling was taken once: one page for each person and means in it.
    steps = Counter((p.handover_id, p.round, p.step, p.means, p.person) for p in found)
    assert set(steps.values()) == {1}
    for row in waiting:
        taken = sorted({p.step for p in found if p.handover_id == row.id})
        assert taken == list(range(len(taken))) and len(taken) >= 3
    # Every page arrived; one that arrived twice was on its way when its process was killed.
    sent = [p.id for p in found if p.means == "webhook" and p.state == pages.SENT]
    arrived = Counter(edges.hook.got)
    assert set(sent) <= set(arrived) and len(sent) > PEOPLE
    assert sum(arrived.values()) - len(arrived) <= killed * 8


async def test_who_was_accepted_stays_accepted_through_a_kill(edges):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
        await edges.start(0)
        await edges.answers(http, 0)
        stories = [await edges.asks(http, 0, KNIFE) for _ in range(4)]
        queue = await edges.wired.handover.queue()
        mine = [w for w in queue if w.conversation_id in stories[:2]]
        for waiting in mine:
            await edges.wired.handover.accept(waiting.id, "a-worker", by_phone=True)
        await edges.kill(0)
        await edges.start(0)
        await edges.answers(http, 0)
        await edges.time_passes()
        await edges.settled()
        after = {w.conversation_id: w for w in await edges.wired.handover.queue()}
        assert set(after) == set(stories)
        assert [after[s].worker_id for s in stories] == ["a-worker", "a-worker", None, None]
        for waiting in mine:
            await edges.wired.handover.say(waiting.id, "a-worker", "I am here")
        assert {p.handover_id for p in await edges.kept() if p.step > 0} <= {
            after[s].id for s in stories[2:]
        }


async def test_every_process_of_a_whole_service_is_killed_at_every_step(up):  # noqa: F811
    """Asked, paged, accepted, spoken with, handed back: the person keeps their place in each."""
    await up.ready()
    away = ScriptedAssistant()
    away.down = True  # the service's own answers, not this test's
    wired = wire(load({"FINGERPOST_VAR": str(up.var)}), assistant=away)
    people = [await up.open() for _ in range(3)]
    for person in people:
        status, _, _ = await up.send(person, text=ASKS)
        assert status == 200

    async def killed():
        for module in ("bot.assistant.serve", "actions.serve", "bot.edge"):
            for _ in range(150):  # one that was killed before may just be starting again
                if module in children(up.process.pid):
                    break
                await asyncio.sleep(0.2)
            os.kill(up.child(module), signal.SIGKILL)
        await asyncio.sleep(0.5)
        await up.page_answers()

    async def standing():
        found = {w.conversation_id: w for w in await wired.handover.queue()}
        assert set(found) == {p["id"] for p in people}
        return [found[p["id"]] for p in people]

    try:
        await killed()
        first, *others = await standing()
        await wired.handover.accept(first.id, "a-worker", by_phone=True)
        await killed()
        assert [w.state for w in await standing()] == ["taken", "waiting", "waiting"]
        await wired.handover.say(first.id, "a-worker", "I am here with you")
        await killed()
        said = [m["text"] for m in await up.messages(people[0], 0)]
        assert said.count("I am here with you") == 1
        await wired.handover.hand_back(first.id, "a-worker", agreed=True)
        await killed()
        left = {w.conversation_id for w in await wired.handover.queue()}
        assert left == {p["id"] for p in people[1:]}
        status, reply, _ = await up.send(people[0], text="are you still there")
        assert status == 200 and reply["messages"]
    finally:
        await wired.close()
