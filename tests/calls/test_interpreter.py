# SPDX-License-Identifier: Apache-2.0
"""A worker brings an interpreter to the call; nobody else does, and no leg is left over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.service.ports import ConversationError
from tests.calls.conftest import PIN
from tests.fakes import until

INTERPRETER = "+441179000000"


@pytest.fixture
def settings(settings):
    return replace(settings, interpreter=INTERPRETER)


@pytest.fixture
async def talk(cloud, worker, fingerpost):
    """A caller by key 7, a worker who talks with them, and the handover."""
    caller = await cloud.call()
    await caller.press("7")
    leg = await cloud.ringing()
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await leg.press("1")
    await until(lambda: cloud.bridged(caller))
    assert "They need an interpreter." in " ".join(leg.heard)
    (waiting,) = await fingerpost.handover.queue()
    return caller, leg, waiting.id


async def rung(cloud):
    leg = await cloud.ringing(2)
    assert cloud.rung[-1]["To"] == INTERPRETER
    assert cloud.rung[-1]["From"] == cloud.number
    return leg


async def test_the_interpreter_is_the_third_in_the_call(cloud, worker, fingerpost, talk):
    caller, leg, handover = talk
    await fingerpost.interpreter.bring(handover, worker)
    third = await rung(cloud)
    await third.answer()
    assert third.heard == ["Support line. We need an interpreter. Press 1 to join."]
    assert not cloud.bridged(third)
    await third.press("1")
    assert all(map(cloud.bridged, (caller, leg, third)))
    assert 'record="do-not-record"' in third.answers[-1]


async def test_when_the_interpreter_leaves_the_two_talk_on(cloud, worker, fingerpost, talk):
    caller, leg, handover = talk
    await fingerpost.interpreter.bring(handover, worker)
    third = await rung(cloud)
    await third.answer()
    await third.press("1")
    await third.hang_up()
    await cloud.settle()
    assert cloud.bridged(caller) and cloud.bridged(leg)


@pytest.mark.parametrize("when", ["ringing", "gate", "talk"])
async def test_when_the_caller_leaves_no_interpreter_is_left(cloud, worker, fingerpost, talk, when):
    caller, _, handover = talk
    await fingerpost.interpreter.bring(handover, worker)
    third = await rung(cloud)
    if when != "ringing":
        await third.answer()
    if when == "talk":
        await third.press("1")
    await caller.hang_up()
    await cloud.settle()
    await (third.answer() if when == "ringing" else third.press("1"))
    await cloud.settle()
    assert third.where == "over"


async def test_a_voicemail_presses_no_key_and_hears_nothing(cloud, worker, fingerpost, talk):
    caller, _, handover = talk
    await fingerpost.interpreter.bring(handover, worker)
    third = await rung(cloud)
    await third.answer()
    for _ in range(2):
        await third.wait()
    await cloud.settle()
    assert third.where == "over" and cloud.bridged(caller)


async def test_only_the_worker_who_has_them_may(cloud, fingerpost, talk):
    with pytest.raises(ConversationError, match="not_yours"):
        await fingerpost.interpreter.bring(talk[2], "somebody else")


async def test_nobody_is_rung_before_the_two_talk(cloud, worker, fingerpost):
    caller = await cloud.call()
    await caller.press("7")
    leg = await cloud.ringing()
    await leg.answer()
    await leg.press(f"1{PIN}#")
    (waiting,) = await fingerpost.handover.queue()
    with pytest.raises(ConversationError, match="no_interpreter"):
        await fingerpost.interpreter.bring(waiting.id, worker)
    assert len(cloud.rung) == 1


async def test_an_address_of_another_kind_is_refused(cloud, talk):
    status = len(cloud.posts)
    _, leg, _ = talk
    url = cloud.rung[0]["Url"].replace("/worker/", "/interpreter/")
    with pytest.raises(ConnectionError, match="403"):
        await cloud.post(leg, url, {"Digits": "1"})
    assert len(cloud.posts) == status + 1


async def test_a_second_press_rings_no_second_interpreter(cloud, worker, fingerpost, talk):
    """One who left can be rung again."""
    _, _, handover = talk
    await fingerpost.interpreter.bring(handover, worker)
    third = await rung(cloud)
    assert cloud.rung[-1]["TimeLimit"] == "7200"
    with pytest.raises(ConversationError):
        await fingerpost.interpreter.bring(handover, worker)
    await third.refuse()
    await cloud.settle()
    await fingerpost.interpreter.bring(handover, worker)
    assert await cloud.ringing(3)
