# SPDX-License-Identifier: Apache-2.0
"""A person is offered by telephone only when somebody is there; asking for one always works."""

from __future__ import annotations

import pytest

OFFERS = ("For a person, say person or press 0.", "For a person, press 0.")


def offered(leg) -> bool:
    return any(offer in said for said in leg.heard for offer in OFFERS)


async def all_said(leg, journey) -> None:
    """Hear the welcome, what a silence gets, an invitation, menus, and what waits behind a key."""
    for _ in range(4):
        await leg.wait()
    await leg.press("1")
    await leg.press("*")
    await leg.press("2")
    await leg.press("5")


@pytest.mark.parametrize("on_call", [()])
async def test_with_nobody_there_no_person_is_offered_and_asking_is_answered(cloud, journey, row):
    leg = await cloud.call()
    assert "No person is here now." in leg.heard[0]
    await all_said(leg, journey)
    assert not offered(leg)
    # Each of them still names the key.
    assert sum("press 0." in said for said in leg.heard) >= 4
    # It is news once: what they hear after the first words does not say it over and over.
    assert " ".join(leg.heard).count("No person is here now.") == 1
    await leg.press("0")
    assert "No person is free here now." in " ".join(leg.heard)
    assert (await row(leg)).state == "waiting"


async def test_with_somebody_to_ring_a_person_is_offered(cloud, journey):
    leg = await cloud.call()
    await all_said(leg, journey)
    assert offered(leg) and "No person is here" not in " ".join(leg.heard)


@pytest.mark.parametrize("on_call", [()])
async def test_a_worker_at_the_console_is_somebody(cloud, journey, fingerpost, worker):
    await fingerpost.accounts.set_available(worker, True)
    leg = await cloud.call()
    assert offered(leg)
