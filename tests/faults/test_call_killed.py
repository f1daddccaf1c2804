# SPDX-License-Identifier: Apache-2.0
"""Processes are killed with -9 in the middle of a call: it goes on from the same place.

Twilio posts again what was not answered, as the cloud here does; its fallback is the last resort.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from argon2 import PasswordHasher

from bot.settings import load
from bot.store import conversations, staff
from bot.wiring import Fingerpost, wire
from telephony.leg import Leg
from telephony.tokens import Tokens
from tests.calls.conftest import ON_CALL, PIN, TOKEN
from tests.fakes import Cloud, until
from tests.faults.test_processes import (  # noqa: F401 - a fixture
    Running,
    alive,
    children,
    free_ports,
    up,
)

pytestmark = pytest.mark.timeout(400)
EDGE, RASA, ACTIONS = "bot.edge", "bot.assistant.serve", "actions.serve"
TRIES = 150


class Patient(Cloud):
    """Posts again what nobody answered, for half a minute."""

    async def post(self, leg, url, form, status="") -> str:
        for _ in range(TRIES):
            try:
                return await super().post(leg, url, form, status)
            except (aiohttp.ClientError, ConnectionError):
                await asyncio.sleep(0.2)
        raise AssertionError("nobody answers")


@dataclass
class Line:
    """The running service, the network beside it, and a look into what it keeps."""

    up: Running
    cloud: Patient
    look: Fingerpost

    async def kill(self, module: str) -> None:
        """Kill one process, as soon as it runs, and see that it is gone."""
        await until(lambda: module in children(self.up.process.pid))
        pid = self.up.child(module)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not alive(pid))

    async def story(self, leg: Leg):
        found = Tokens(self.look.settings.secret_keys).call_hash(leg.sid)
        contact = await self.look.conversations.find_call(found)
        async with self.look.store.read() as tx:
            return await conversations.conversation(tx, contact.conversation_id)

    async def answered(self, leg: Leg) -> None:
        """Wait until the assistant, back again, has put the next question."""
        found = Tokens(self.look.settings.secret_keys).call_hash(leg.sid)
        contact = await self.look.conversations.find_call(found)
        for _ in range(TRIES):
            said = (await self.look.conversations.messages(contact)).messages
            if said[-1].say.startswith("needs_ask_"):
                return
            await asyncio.sleep(0.2)
        raise AssertionError([message.say for message in said])


@pytest.fixture
def environ() -> dict[str, str]:
    (api,) = free_ports(1)
    return {
        "FINGERPOST_SECRET_KEYS": "k" * 40,
        "FINGERPOST_ON_CALL": ",".join(ON_CALL),
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_NUMBER": "+441172345678",
        "TWILIO_BASE_URL": f"http://127.0.0.1:{api}",
    }


@pytest.fixture
async def line(up: Running, environ) -> AsyncIterator[Line]:  # noqa: F811 - the fixture
    await up.ready()
    look = wire(load({"FINGERPOST_VAR": str(up.var), **environ}))
    look.accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    word = await look.accounts.add("Sam", "worker")
    await look.accounts.set_up(word, "a long password indeed", PIN)
    async with look.store.read() as tx:
        assert await staff.find(tx, name="Sam")
    cloud = Patient(up.base, TOKEN, number=environ["TWILIO_NUMBER"])
    await cloud.serve(int(environ["TWILIO_BASE_URL"].rsplit(":", 1)[1]))
    yield Line(up, cloud, look)
    await cloud.close()
    await look.close()


async def test_a_call_goes_on_through_every_death(line: Line):
    caller = await line.cloud.call()
    await caller.say("yes")
    await line.kill(EDGE)
    await caller.say("somebody broke into my shed last night")
    assert any("not safe" in said for said in caller.heard), caller.heard
    await line.kill(EDGE)
    await caller.press("1")  # find help
    assert any("Have the police been told?" in said for said in caller.heard), caller.heard

    await line.kill(RASA)
    before = len(caller.heard)
    await caller.press("2")
    assert caller.heard[before:] and caller.where == "gather"
    await line.up.ready()
    await line.answered(caller)
    await caller.wait()  # what the assistant owed is said at the next silence
    told = " ".join(caller.heard[before:])
    assert ": press 1." in told and "Have the police been told?" not in told, told

    await caller.press("0")
    await line.kill(EDGE)
    await caller.wait()  # the answers are not kept back
    worker = await line.cloud.ringing()
    await worker.answer()
    await line.kill(EDGE)
    await worker.press(f"1{PIN}#")
    assert "Press 1 to join them." in worker.heard[-1]
    await line.kill(EDGE)
    await worker.press("1")
    await until(lambda: line.cloud.bridged(caller) and line.cloud.bridged(worker))
    assert (await line.story(caller)).state == "staff"
    assert len(line.cloud.rung) == 1 and not caller.dropped


async def test_a_post_that_was_on_its_way_is_one_turn(line: Line):
    caller = await line.cloud.call()
    await caller.say("yes")
    for count, (text, after) in enumerate(
        [("my bike was stolen", 0.0), ("it was last week", 0.03), ("from my garden", 0.1)], start=2
    ):
        speaking = asyncio.create_task(caller.say(text))
        await asyncio.sleep(after)
        await line.kill(EDGE)
        await speaking
        assert (await line.story(caller)).turns == count
    url, answer = caller.answers, len(caller.answers)
    assert url and answer == 5 and not caller.dropped


async def test_danger_is_heard_by_an_edge_that_just_came_back(line: Line):
    caller = await line.cloud.call()
    await line.kill(EDGE)
    await line.kill(RASA)
    await caller.say("he is at my door with a knife")
    assert "9 9 9" in " ".join(caller.heard[-8:])
    assert (await line.story(caller)).urgency == "immediate_danger"
    assert await line.cloud.ringing()
