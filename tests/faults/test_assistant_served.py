# SPDX-License-Identifier: Apache-2.0
"""The assistant and the actions as they are really served: two processes, killed in turn."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from pathlib import Path

import aiohttp
import pytest

from bot.assistant import model, train
from bot.assistant.client import Client
from bot.policy.turn import Understanding
from bot.service.ports import AssistantDown
from bot.settings import ROOT, load
from bot.store import conversations
from bot.store.migrate import migrate

PLANTED = "marmalade-and-zanzibar"
RASA, ACTIONS = 5105, 5155
LOOPBACK = "0100007F"


@pytest.fixture
async def served(tmp_path):
    """Both processes on ports and a store of their own, and what they logged."""
    mine = {
        "FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
        "FINGERPOST_RASA_PORT": str(RASA), "FINGERPOST_ACTIONS_PORT": str(ACTIONS),
    }  # fmt: skip
    settings = load(mine)
    await migrate(settings)
    if not model.current():
        await asyncio.to_thread(train.main)
    found = Served(settings, {**os.environ, **mine, "FINGERPOST_LOG_LEVEL": "DEBUG"}, tmp_path)
    yield found
    await found.close()


class Served:
    def __init__(self, settings, environ, folder):
        self.settings, self.environ, self.log = settings, environ, folder / "log"
        self.processes = {}
        self.client = Client(settings.rasa_url, settings.local_key, model.fingerprint())

    def start(self, module):
        with self.log.open("ab") as log:
            self.processes[module] = subprocess.Popen(
                [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=log, stderr=log,
                env=self.environ, cwd=ROOT,
            )  # fmt: skip

    async def up(self):
        for module in ("actions.serve", "bot.assistant.serve"):
            self.start(module)
        await self.until(self.client.ready)
        await self.until(self.actions_ready)

    async def actions_ready(self):
        url = f"http://127.0.0.1:{ACTIONS}/health"
        try:
            async with aiohttp.ClientSession(headers=self.key) as session:
                async with session.get(url) as answer:
                    return answer.status == 200
        except aiohttp.ClientError:
            return False

    @property
    def key(self):
        return {"X-Fingerpost-Key": self.settings.local_key}

    async def until(self, true, seconds=90):
        async with asyncio.timeout(seconds):
            while not await true():  # noqa: ASYNC110 - another process has no event of ours
                await asyncio.sleep(0.1)

    def kill(self, module):
        self.processes[module].kill()
        self.processes[module].wait()

    async def open(self):
        from bot.wiring import tracker_rows

        rows, conversation_id = tracker_rows(self.settings), str(uuid.uuid4())
        await rows.keys.make(conversation_id)
        async with rows.store.write() as tx:
            await conversations.open_conversation(
                tx, id=conversation_id, medium="chat", language="en", state="assistant",
                urgency="none", topic="none", opened_at=0.0, closes_at=4e9, turns=0,
            )  # fmt: skip
        await rows.store.close()
        await rows.keys.database.close()
        return conversation_id

    async def ask(self, conversation_id, intent, choice="", turn_id="", text=PLANTED):
        said = await self.client.ask(
            conversation_id=conversation_id, turn_id=turn_id or str(uuid.uuid4()), medium="chat",
            text=text, intent=intent, heard=Understanding(), choice=choice,
        )  # fmt: skip
        return [utterance.say for utterance in said]

    async def close(self):
        await self.client.close()
        for process in self.processes.values():
            if process.poll() is None:
                process.stdin.close()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.mark.timeout(240)
async def test_two_processes_through_their_faults(served):
    await served.up()
    health = await served.client.health()
    assert health == {
        "agent_ready": True, "store": model.STORE_CLASS, "model": model.fingerprint(),
    }  # fmt: skip
    await only_the_edge_is_answered(served)

    person = await served.open()
    for intent, choice in [("begin", ""), ("choose", "find_help"), ("choose", "fraud")]:
        await served.ask(person, intent, choice)
    for choice in ("yes", "for_me", "25_59", "elsewhere", "nothing"):
        await served.ask(person, "choose", choice)

    # the action server is gone: nothing is kept, danger still closes, the same turn works later
    served.kill("actions.serve")
    turn_id = str(uuid.uuid4())
    with pytest.raises(AssistantDown):
        await served.ask(person, "choose", "enough", turn_id)
    other = await served.open()
    assert await served.ask(other, "danger_immediate") == []
    served.start("actions.serve")
    await served.until(served.actions_ready)
    first = await served.ask(person, "choose", "enough", turn_id)
    assert first == ["services_offered", "services_home_area", "services_next"]

    # Rasa is gone: the edge is told so, and afterwards nothing was lost and nothing is doubled
    served.kill("bot.assistant.serve")
    with pytest.raises(AssistantDown):
        await served.ask(person, "choose", "another")
    served.start("bot.assistant.serve")
    await served.until(served.client.ready)
    assert await served.ask(person, "choose", "enough", turn_id) == first
    assert (await served.ask(person, "choose", "refer"))[-1] == "referral_ask_service"

    # a client that goes away does not cut its turn in two
    gone = asyncio.create_task(served.ask(person, "choose", "service_1"))
    await asyncio.sleep(0.005)
    gone.cancel()
    await asyncio.sleep(1)
    assert await served.ask(person, "provide_detail") in (
        ["support_noted", "referral_ask_contact_safe"], ["support_noted", "referral_ask_service"],
    )  # fmt: skip

    assert PLANTED not in served.log.read_text()
    for process in served.processes.values():
        assert remotes(process.pid) <= {LOOPBACK, "00000000"}  # no telemetry, nobody outside
    await they_go_with_their_parent(served)


async def only_the_edge_is_answered(served):
    turn = {"conversation_id": "c", "turn_id": "t", "medium": "chat", "text": "x",
            "understanding": {"intent": "begin"}}  # fmt: skip
    bad = [None, [], {}, {**turn, "text": 5}, {**turn, "turn_id": ""},
           {**turn, "understanding": {"intent": "choose"}}]  # fmt: skip
    address = f"http://127.0.0.1:{RASA}/webhooks/fingerpost"
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {"X-Fingerpost-Key": "guess"}):
            async with session.post(f"{address}/turn", json=turn, headers=headers) as answer:
                assert answer.status == 401
            async with session.post(
                f"http://127.0.0.1:{ACTIONS}/webhook", json={}, headers=headers
            ) as answer:
                assert answer.status == 401
        for body in bad:
            async with session.post(f"{address}/turn", json=body, headers=served.key) as answer:
                assert answer.status == 400, body
        for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/c/tracker", "/"):
            async with session.get(f"http://127.0.0.1:{RASA}{path}", headers=served.key) as answer:
                assert answer.status == 404, path
    assert listening(RASA) == listening(ACTIONS) == {LOOPBACK}


def listening(port):
    """Return the addresses on which this machine listens at a port, as Linux writes them."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in (Path("/proc/net") / table).read_text().splitlines()[1:]:
            address, at = line.split()[1].split(":")
            if int(at, 16) == port and line.split()[3] == "0A":
                found.add(address)
    return found


def remotes(pid):
    """Return the addresses a process has connections to, as Linux writes them."""
    sockets = {os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    ours = {name[8:-1] for name in sockets if name.startswith("socket:[")}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            if line.split()[9] in ours:
                found.add(line.split()[2].split(":")[0])
    return found


async def they_go_with_their_parent(served):
    for process in served.processes.values():
        process.stdin.close()
    for process in served.processes.values():
        await asyncio.to_thread(process.wait, 10)
