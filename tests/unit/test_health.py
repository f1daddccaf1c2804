# SPDX-License-Identifier: Apache-2.0
"""The second port says how each part stands, and names nobody."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.policy.turn import Said
from bot.store.rota import Roster
from bot.web.health import health_app
from tests.unit.test_console_calls import ROTA, Refusing


@pytest.fixture
async def ask(fingerpost):
    async with TestClient(TestServer(health_app(fingerpost))) as client:

        async def health():
            answer = await client.get("/health")
            return answer.status, await answer.json()

        yield health


async def test_all_is_well(ask):
    status, found = await ask()
    assert status == 200 and found["calling"]["rota"] == "none"


async def test_an_assistant_that_is_down_is_named(ask, assistant):
    assistant.down = True
    status, found = await ask()
    assert status == 503 and found["assistant"] is False and found["store"] is True


async def test_pages_that_fail_are_named_by_means_and_code_alone(fingerpost, ask, tmp_path):
    path = tmp_path / "rota.yml"
    path.write_text(ROTA)
    fingerpost.duty.roster = fingerpost.called.roster = Roster(path)
    fingerpost.duty.means = fingerpost.paging.pagers
    fingerpost.paging.pagers["email"] = Refusing()
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.conversations.hear(contact, Said(text="can i speak to a person please"))
    while await fingerpost.work.one():
        pass
    status, found = await ask()
    assert status == 503
    assert found["calling"]["failed_in_the_last_day"] == ["email: address_refused"]
    assert (found["calling"]["on_duty"], found["calling"]["nobody_has_them"]) == (1, 1)
    assert "ann" not in str(found).lower()


async def test_a_rota_that_cannot_be_used_is_said(fingerpost, ask, tmp_path):
    path = tmp_path / "rota.yml"
    path.write_text("people: nobody")
    fingerpost.duty.roster = fingerpost.called.roster = Roster(path)
    status, found = await ask()
    assert status == 503 and found["calling"]["well"] is False


