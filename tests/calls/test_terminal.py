# SPDX-License-Identifier: Apache-2.0
"""The telephone in the terminal: a script is rung through, the worker's side included."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from telephony import simulator
from telephony.signature import LOCAL_TOKEN
from tests.calls.conftest import PIN


@pytest.fixture
def script(tmp_path):
    def write(*lines: str):
        path = tmp_path / "call.txt"
        path.write_text("\n".join(lines))
        return path

    return write


async def test_a_caller_reaches_a_worker(edge, settings, worker, script, capsys):
    path = script("#1", "my shed was broken into", "#0", ">", f">#1{PIN}#", ">#1", ">bye", "bye")
    assert await simulator.run(settings, path) == 0
    shown = capsys.readouterr().out
    assert "you hear: Hello." in shown
    assert "worker hears: Support line, press 1 and your PIN." in shown
    assert "(you and the worker hear each other now)" in shown
    assert "you hear: We lost the person" in shown
    assert "worker hears: Hello." not in shown


@pytest.mark.parametrize("on_call", [()])
async def test_without_an_account_it_signs_with_a_token_of_its_own(settings, script, capsys):
    from aiohttp.test_utils import TestServer

    from bot.store.migrate import migrate
    from bot.web.app import create_app
    from bot.wiring import wire
    from telephony.routes import add_routes
    from tests.conftest import ScriptedAssistant

    bare = replace(settings, twilio_auth_tokens=(), twilio_account_sid="", twilio_base_url="")
    await migrate(bare)
    fingerpost = wire(bare, assistant=ScriptedAssistant())
    app = create_app(fingerpost)
    add_routes(app, fingerpost)
    server = TestServer(app, port=bare.port)
    await server.start_server()
    assert await simulator.run(bare, script("#1", "", "#5", "#9")) == 0
    mode = (bare.var / LOCAL_TOKEN).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert "This is not 9 9 9." in capsys.readouterr().out
    await server.close()
    await fingerpost.close()


async def test_nothing_to_ring(settings, script, capsys):
    assert await simulator.run(settings, script("hello")) == 1
    assert "fingerpost up" in capsys.readouterr().out


async def test_another_token_than_the_service_has(edge, settings, script, capsys):
    wrong = replace(settings, twilio_auth_tokens=("z" * 32,))
    assert await simulator.run(wrong, script("hello")) == 1
    assert "TWILIO_AUTH_TOKEN" in capsys.readouterr().out
