# SPDX-License-Identifier: Apache-2.0
"""The second port says how each part stands, and names nobody."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.policy.turn import Said
from bot.store.rota import Roster
from bot.web.app import create_app
from bot.web.health import health_app
from bot.web.metrics import MEASURES, Measures, measured
from tests.console import DANGER
from tests.unit.test_console_calls import ROTA, Refusing


@pytest.fixture
async def ask(fingerpost):
    async with TestClient(TestServer(health_app(fingerpost, Measures()))) as client:

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




async def test_figures_tell_how_long_people_wait_and_name_no_story(fingerpost, clock):
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.conversations.hear(contact, Said(text="can i speak to a person please"))
    clock.pass_by(90)
    app = create_app(fingerpost)
    async with TestClient(TestServer(app)) as people:
        await people.get(f"/api/conversations/{contact.conversation_id}/messages")
        async with TestClient(TestServer(health_app(fingerpost, app[MEASURES]))) as client:
            answer = await client.get("/metrics")
            text = await answer.text()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
    assert float(figures['fingerpost_waiting{tier="when_ready"}']) == 1
    assert float(figures['fingerpost_waiting_longest_seconds{tier="when_ready"}']) == 90
    assert float(figures['fingerpost_answers_total{room="api",status="4xx"}']) == 1
    assert float(figures['fingerpost_part_up{part="store"}']) == 1
    assert contact.conversation_id not in text


async def test_a_closed_story_that_a_flag_holds_is_nobody_who_waits(fingerpost, clock):
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.conversations.hear(contact, Said(text=DANGER))
    clock.pass_by(fingerpost.settings.idle_closes_after + 1)
    await fingerpost.retention.run()
    async with TestClient(TestServer(health_app(fingerpost, Measures()))) as client:
        text = await (await client.get("/metrics")).text()
    assert 'fingerpost_waiting{tier="now_first"} 0.0' in text


async def test_figures_come_also_where_a_part_is_down(fingerpost, assistant):
    assistant.down = True
    async with TestClient(TestServer(health_app(fingerpost, Measures()))) as client:
        text = await (await client.get("/metrics")).text()
    assert 'fingerpost_part_up{part="assistant"} 0.0' in text


async def test_what_lasts_as_long_as_somebody_talks_is_not_timed():
    async def socket(request):
        talk = web.WebSocketResponse()
        await talk.prepare(request)
        await talk.close()
        return talk

    async def at_once(request):
        return web.Response()

    app = web.Application(middlewares=[measured])
    app[MEASURES] = Measures()
    app.router.add_get("/telephony/socket", socket)
    app.router.add_get("/telephony/plain", at_once)
    async with TestClient(TestServer(app)) as client:
        async with client.ws_connect("/telephony/socket") as talk:
            await talk.receive()
        await client.get("/telephony/plain")
    assert 'fingerpost_request_seconds_count{room="telephony"} 1.0' in app[MEASURES].page().text
