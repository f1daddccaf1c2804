# SPDX-License-Identifier: Apache-2.0
"""A caller is brought to who is on duty by the rota, and nobody is rung for them twice."""

from __future__ import annotations

import pytest

from bot.store import console_rows, handovers
from bot.store.rota import Roster
from tests.calls.conftest import PIN
from tests.fakes import until

ANN = "+441174960001"
ROTA = f"""
people:
  ann: {{voice: "{ANN}"}}
teams:
  support:
    shifts:
      - {{days: [MO, TU, WE, TH, FR, SA, SU], from: "00:00", to: "00:00", on_call: [ann]}}
"""


@pytest.fixture
def rota(fingerpost, tmp_path):
    path = tmp_path / "rota.yml"
    path.write_text(ROTA)
    fingerpost.roster = fingerpost.duty.roster = Roster(path)
    return path


async def asks(cloud):
    leg = await cloud.call()
    await leg.say("somebody stole my bike")
    await leg.press("0")
    return leg


async def work(fingerpost):
    while await fingerpost.work.one():
        pass


async def test_who_is_on_duty_is_rung_and_takes_the_caller(fingerpost, cloud, worker, rota):
    caller = await asks(cloud)
    leg = await cloud.ringing()
    assert leg.to == ANN
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await leg.press("1")
    await until(lambda: cloud.bridged(caller))


async def test_the_pages_ring_nobody_who_is_rung_for_the_caller_already(
    fingerpost, cloud, worker, rota
):
    await asks(cloud)
    await cloud.ringing()
    await work(fingerpost)
    assert len(cloud.rung) == 1


def paged(cloud):
    return [rung["To"] for rung in cloud.rung if "Twiml" in rung]


async def test_who_missed_the_ring_is_called_again(fingerpost, cloud, worker, rota, clock):
    await asks(cloud)
    await work(fingerpost)
    await (await cloud.ringing()).refuse()
    await cloud.settle()
    clock.pass_by(fingerpost.paging.paces["when_ready"].acknowledge_within + 1)
    await work(fingerpost)
    assert paged(cloud) == [ANN]


async def test_a_ringing_whose_end_was_lost_holds_up_no_page(
    fingerpost, cloud, worker, rota, clock
):
    await asks(cloud)
    await work(fingerpost)
    clock.pass_by(fingerpost.paging.paces["when_ready"].acknowledge_within + 1)
    await work(fingerpost)
    assert paged(cloud) == [ANN]


async def test_who_is_in_danger_is_rung_for_by_one_call_at_a_time(
    fingerpost, cloud, worker, rota, clock
):
    caller = await cloud.call()
    await caller.say("he is outside my door with a knife")
    leg = await cloud.ringing()
    await work(fingerpost)
    assert not paged(cloud)  # it would find the line engaged
    await leg.refuse()
    await cloud.settle()
    clock.pass_by(fingerpost.paging.paces["now_first"].acknowledge_within + 1)
    await work(fingerpost)
    assert paged(cloud) == [ANN]


async def test_who_was_in_danger_and_hung_up_is_paged_for_by_a_call_that_names_nothing(
    fingerpost, cloud, worker, rota
):
    caller = await cloud.call()
    await caller.say("he is outside my door with a knife")
    await caller.hang_up()
    await cloud.settle()
    await work(fingerpost)
    assert paged(cloud) == [ANN]
    assert "knife" not in next(r["Twiml"] for r in cloud.rung if "Twiml" in r)


async def test_without_anybody_on_the_rota_the_on_call_numbers_are_rung(
    fingerpost, cloud, worker, rota
):
    rota.write_text(ROTA.replace("on_call: [ann]", "on_call: []"))
    await asks(cloud)
    assert (await cloud.ringing()).to == fingerpost.settings.on_call.split(",")[0]


BEN = "+441174960002"
TWO = f'ben: {{name: Ben, voice: "{BEN}"}}\n  ann: {{name: Sam, voice: "'
BOTH = ROTA.replace('ann: {voice: "', TWO)
BOTH = BOTH.replace("on_call: [ann]", "on_call: [ben, ann]")


async def test_who_had_the_caller_before_is_rung_first(fingerpost, cloud, worker, rota, row):
    """Sam, whose number is the second one: they talked in this story, and let go of it."""
    rota.write_text(BOTH)
    caller = await cloud.call()
    story = (await row(caller)).id
    async with fingerpost.store.write() as tx:
        await handovers.ask(
            tx, id="before", conversation_id=story, reason="asked", tier="soon", requested_at=0.0
        )
        await handovers.accept(tx, "before", worker, 1.0)
        await handovers.end(tx, "before", "handed_back", 2.0)
    await caller.say("somebody stole my bike")
    await caller.press("0")
    leg = await cloud.ringing()
    assert leg.to == ANN
    await leg.refuse()  # who they had is not there: then whoever is
    await until(lambda: len(cloud.rung) == 2)
    assert cloud.rung[1]["To"] == BEN


async def test_who_is_kept_away_from_a_caller_is_not_rung(fingerpost, cloud, worker, rota, row):
    rota.write_text(BOTH.replace("[ben, ann]", "[ann, ben]"))
    caller = await cloud.call()
    story = (await row(caller)).id
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, story, worker, worker, 0.0)
    await caller.say("somebody stole my bike")
    await caller.press("0")
    leg = await cloud.ringing()
    assert leg.to == BEN
    await leg.refuse()
    await cloud.settle()
    assert [rung["To"] for rung in cloud.rung] == [BEN]


async def test_who_is_kept_away_is_not_rung_by_the_on_call_numbers_either(
    fingerpost, cloud, worker, rota, row
):
    """Ben, who is on duty, has no number here; Sam, who is kept away, is off duty and on call."""
    ring_first, second, *_ = fingerpost.duty.on_call
    unnumbered = BOTH.replace(f'name: Ben, voice: "{BEN}"', "name: Ben, webhook: https://a.example")
    unnumbered = unnumbered.replace(f'voice: "{ANN}"', f'voice: "{ring_first}"')
    rota.write_text(unnumbered.replace("[ben, ann]", "[ben]"))
    caller = await cloud.call()
    story = (await row(caller)).id
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, story, worker, worker, 0.0)
    await caller.say("somebody stole my bike")
    await caller.press("0")
    assert (await cloud.ringing()).to == second
    await cloud.settle()
    assert ring_first not in [rung["To"] for rung in cloud.rung]


async def test_the_pin_of_who_is_kept_away_opens_no_caller(fingerpost, cloud, worker, row):
    """With no rota nobody knows whose an on-call number is: their PIN tells."""
    caller = await cloud.call()
    story = (await row(caller)).id
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, story, worker, worker, 0.0)
    await caller.say("somebody stole my bike")
    await caller.press("0")
    leg = await cloud.ringing()
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await leg.press("1")
    await cloud.settle()
    assert not cloud.bridged(caller)
    async with fingerpost.store.read() as tx:
        assert (await handovers.open_for(tx, story)).worker_id is None
