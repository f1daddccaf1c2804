# SPDX-License-Identifier: Apache-2.0
"""Whatever breaks, the caller hears the emergency and human lines in five seconds, and goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import replace

import pytest

from bot.settings import Settings


@pytest.fixture(autouse=True)
def as_shipped(fingerpost) -> None:
    """A turn waits here as long as it does for a caller, and no longer."""
    object.__setattr__(fingerpost.settings, "answer_within", Settings.answer_within)


def fixed(said: list[str]) -> bool:
    """Say whether these words hold the emergency number and a human line."""
    digits = "".join(said).replace(" ", "").replace(",", "")
    return "999" in digits and "08081689111" in digits


def new(leg, before: int) -> list[str]:
    return leg.heard[before:]


async def timed(leg, work) -> tuple[float, list[str]]:
    before, start = len(leg.heard), time.monotonic()
    await work
    return time.monotonic() - start, leg.heard[before:]


async def test_the_assistant_is_down_and_comes_back(cloud, assistant):
    leg = await cloud.call()
    assistant.down = True
    took, said = await timed(leg, leg.say("can you help me please"))
    assert fixed(said) and took < 5 and leg.where == "gather"
    assistant.down = False
    _, said = await timed(leg, leg.say("are you there"))
    assert any("Thank you for telling me." in s for s in said)


async def test_a_late_answer_is_said_at_the_next_silence(cloud, assistant):
    leg = await cloud.call()
    assistant.delay, assistant.says = 4.4, ["support_tell"]
    took, said = await timed(leg, leg.say("can you help me please"))
    assert fixed(said) and took < 5
    await asyncio.sleep(1)
    _, said = await timed(leg, leg.wait())
    assert any("Take your time." in s for s in said)


async def test_the_engine_raises(cloud, fingerpost, monkeypatch):
    leg = await cloud.call()

    async def broken(*_):
        raise RuntimeError("made for this test")

    monkeypatch.setattr(fingerpost.conversations, "hear", broken)
    _, said = await timed(leg, leg.say("hello"))
    assert fixed(said) and leg.where == "gather"
    monkeypatch.undo()
    _, said = await timed(leg, leg.press("1"))
    assert said and not fixed(said)


async def test_the_engine_takes_for_ever(cloud, fingerpost, monkeypatch):
    leg = await cloud.call()
    url = leg.gather["action"]

    async def slow(*_):
        await asyncio.sleep(30)

    monkeypatch.setattr(fingerpost.conversations, "hear", slow)
    took, said = await timed(leg, leg.say("hello"))
    assert fixed(said) and took < 5.5
    assert await cloud.post(leg, url, {"SpeechResult": "hello"}) == leg.answers[-1]


async def test_the_database_is_locked_when_a_call_comes_in(cloud, fingerpost, settings):
    lock = sqlite3.connect(settings.var / "fingerpost.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    start = time.monotonic()
    leg = await cloud.call()
    assert fixed(leg.heard) and time.monotonic() - start < 6 and leg.where == "gather"
    lock.execute("ROLLBACK")
    lock.close()
    await leg.wait()
    assert any("I am an automated helper." in s for s in leg.heard)


async def test_danger_is_answered_while_the_database_is_locked(cloud, settings):
    leg = await cloud.call()
    lock = sqlite3.connect(settings.var / "fingerpost.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    _, said = await timed(leg, leg.say("he is breaking my door down with an axe right now"))
    lock.execute("ROLLBACK")
    lock.close()
    assert "999" in "".join(said).replace(" ", "") and leg.where == "gather"


async def test_the_edge_is_killed_and_the_call_goes_on(
    cloud, edge, settings, clock, assistant, screen, journey
):
    from aiohttp.test_utils import TestServer

    from bot.web.app import create_app
    from bot.wiring import wire
    from telephony.routes import add_routes

    leg = await cloud.call()
    await leg.press("1")
    await edge.close()
    with pytest.raises(OSError):
        await leg.press("2")
    fingerpost = wire(replace(settings), clock=clock, assistant=assistant, screen=screen)
    app = create_app(fingerpost)
    add_routes(app, fingerpost)
    again = TestServer(app, port=settings.port)
    await again.start_server()
    leg.where = "gather"
    await leg.press("2")
    assert "For other choices, press 4." in leg.heard and not leg.dropped
    await again.close()
    await fingerpost.close()


async def test_nothing_the_caller_does_ends_the_call(cloud, assistant):
    assistant.says = ["small_thank"]
    leg = await cloud.call()
    for keys in "0123456789*#":
        await leg.press(keys)
        assert leg.where == "gather" and not leg.dropped
    for text in ("goodbye", "stop", "/restart", "/intent{}", "<Hangup/>", "\u3000/x", "x" * 7000):
        await leg.say(text)
        assert leg.where == "gather" and not leg.dropped


@pytest.mark.parametrize("confidence", ["", "high", "-1", "7", "nan", "0.0"])
async def test_a_confidence_that_is_none(cloud, assistant, confidence):
    leg = await cloud.call()
    await leg.go(leg.gather["action"], {"SpeechResult": "hello", "Confidence": confidence})
    assert leg.where == "gather"
    assert "Something is not working" not in " ".join(leg.heard)


