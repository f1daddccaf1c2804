# SPDX-License-Identifier: Apache-2.0
"""Silence is understood: it climbs slowly, ends kindly, and never ends a call after danger."""

from __future__ import annotations

import pytest

from bot.policy.turn import State
from bot.store import pages
from telephony.silence import Rung, rung
from tests.calls.conftest import PIN
from tests.fakes import until


async def silent(leg, most: int = 30) -> int:
    for count in range(most):
        if leg.where != "gather":
            return count
        await leg.wait()
    return most


async def test_silence_climbs_and_ends_kindly(cloud, row):
    leg = await cloud.call()
    turns = await silent(leg)
    await cloud.settle()
    assert 4 <= turns <= 8 and leg.where == "over" and not leg.dropped
    assert "You can ring back at any hour." in leg.heard[-1]
    assert (await row(leg)).left_at


async def test_speaking_again_starts_the_ladder_anew(cloud, assistant):
    leg = await cloud.call()
    for _ in range(4):
        await leg.wait()
    await leg.say("yes")
    for _ in range(4):
        await leg.wait()
    assert leg.where == "gather"


async def test_after_danger_silence_rings_a_person_and_never_ends(cloud, worker):
    leg = await cloud.call()
    await leg.press("9")
    first = await cloud.ringing()
    await first.refuse()
    await (await cloud.ringing(2)).refuse()
    await cloud.settle()
    await silent(leg, 12)
    assert leg.where == "gather" and len(cloud.rung) > 2


ASKED = {
    "suicide": "i cant go on",
    "stalking": "my ex keeps turning up outside my house",
}


@pytest.mark.parametrize("said", ASKED.values(), ids=ASKED)
async def test_who_is_asked_whether_they_are_in_danger_and_falls_silent_is_rung_for(
    cloud, worker, fingerpost, said
):
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(said)
    await silent(leg, 12)
    await leg.wait()
    assert leg.where != "over" and "I cannot hear you" not in " ".join(leg.heard)
    ringing = await cloud.ringing()
    await ringing.answer()
    await ringing.press(f"1{PIN}#")
    await ringing.press("1")
    await until(lambda: cloud.bridged(leg))


async def test_who_is_not_sure_and_falls_silent_is_not_hung_up_on(cloud, worker):
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(ASKED["suicide"])
    await leg.say("i am not sure")
    await silent(leg, 15)
    assert leg.where != "over" and cloud.rung


async def test_who_denies_it_may_fall_silent_as_anybody(cloud, worker):
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(ASKED["suicide"])
    await leg.say("no")
    await silent(leg)
    assert "You can ring back at any hour." in " ".join(leg.heard)


async def test_who_hangs_up_on_the_question_of_danger_is_seen_by_staff(
    cloud, fingerpost, row, worker, clock
):
    """Their story would be closed, and erased, before the question's time is over."""
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(ASKED["suicide"])
    await leg.hang_up()
    await cloud.settle()
    clock.pass_by(16)
    await fingerpost.retention.run()
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.left and waiting.reason == "unsure_suicide"
    assert (await row(leg)).urgency == "suicide_risk"
    await fingerpost.work.one()
    async with fingerpost.store.read() as tx:
        assert await pages.chain(tx, waiting.id)  # and somebody is called


async def test_who_denied_it_and_hangs_up_waits_for_nobody(cloud, fingerpost, worker):
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(ASKED["suicide"])
    await leg.say("no")
    await leg.hang_up()
    await cloud.settle()
    assert not await fingerpost.handover.queue()


@pytest.mark.parametrize("on_call", [()])
async def test_after_danger_with_nobody_to_ring_the_line_stays_open(cloud):
    leg = await cloud.call()
    await leg.press("9")
    assert await silent(leg, 25) == 25


async def test_a_message_of_staff_is_said_at_the_next_silence(cloud, fingerpost, worker, row):
    leg = await cloud.call()
    await leg.say("i want to talk to a person")
    await leg.press_early("8")  # stays with us
    waiting = (await fingerpost.handover.queue())[0]
    await fingerpost.handover.accept(waiting.id, worker)
    await fingerpost.handover.say(waiting.id, worker, "Hello, this is Sam.")
    await leg.wait()
    assert "Hello, this is Sam." in leg.heard
    await leg.wait()
    assert leg.heard.count("Hello, this is Sam.") == 1


@pytest.mark.parametrize(
    ("count", "state", "hit", "free", "found"),
    [
        (1, State.ASSISTANT, False, False, Rung.SOFT),
        (2, State.ASSISTANT, False, False, Rung.KEYS),
        (3, State.ASSISTANT, False, False, Rung.WAIT),
        (4, State.ASSISTANT, False, False, Rung.DANGER),
        (5, State.ASSISTANT, False, False, Rung.END),
        (1, State.ASSISTANT, False, True, Rung.WAIT),
        (2, State.ASSISTANT, False, True, Rung.SOFT),
        (10, State.ASSISTANT, False, True, Rung.END),
        (5, State.ASSISTANT, True, False, Rung.RING),
        (6, State.WAITING, True, False, Rung.SOFT),
        (10, State.WAITING, True, False, Rung.RING),
        (3, State.WAITING, False, False, Rung.STILL_WAITING),
        (5, State.WAITING, False, False, Rung.WAIT),
        (40, State.STAFF, False, False, Rung.WAIT),
        (40, State.STAFF, True, False, Rung.WAIT),
    ],
)
def test_the_ladder(count, state, hit, free, found):
    assert rung(count, state, hit=hit, free=free) is found


@pytest.mark.parametrize(
    ("count", "hit", "found"),
    [(1, False, Rung.WAIT), (3, False, Rung.SOFT), (6, False, Rung.KEYS), (14, False, Rung.WAIT),
     (15, False, Rung.END), (5, True, Rung.RING)],
)  # fmt: skip
def test_the_ladder_of_a_relay_call_is_slow_until_danger(count, hit, found):
    assert rung(count, State.ASSISTANT, hit=hit, free=False, slow=True) is found


@pytest.mark.parametrize("hit", [True, False])
def test_whoever_is_rung_for_hears_every_twenty_seconds_how_it_stands(hit):
    found = [rung(n, State.WAITING, hit=hit, free=False, waits=True) for n in range(1, 200)]
    assert found[3::4] == [Rung.STILL_WAITING] * 49
    assert set(found) == {Rung.WAIT, Rung.STILL_WAITING}


@pytest.mark.parametrize("state", [State.ASSISTANT, State.WAITING, State.STAFF])
@pytest.mark.parametrize("free", [True, False])
def test_no_rung_ends_a_call_after_danger(state, free):
    assert all(rung(n, state, hit=True, free=free) is not Rung.END for n in range(1, 200))
