# SPDX-License-Identifier: Apache-2.0
"""A real edge on a real port, a telephone network beside it, and a worker with a PIN."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.policy.turn import Choice, Line, ServiceCard, Utterance
from bot.settings import Settings, load
from bot.store import conversations, staff
from bot.web.app import create_app
from telephony.routes import add_routes
from tests.fakes import Cloud

TOKEN, OLD_TOKEN = "t" * 32, "o" * 32
ON_CALL = ("+441172000001", "+441172000002")
PIN = "4071"


@pytest.fixture
def on_call() -> tuple[str, ...]:
    """The numbers that may be rung; a test overrides it with none."""
    return ON_CALL


@pytest.fixture
def settings(
    tmp_path: Path, unused_tcp_port_factory: Callable[[], int], on_call: tuple[str, ...]
) -> Settings:
    return load(
        {
            "FINGERPOST_VAR": str(tmp_path),
            "FINGERPOST_SECRET_KEYS": "k" * 40,
            "FINGERPOST_PORT": str(unused_tcp_port_factory()),
            "FINGERPOST_ON_CALL": ",".join(on_call),
            "TWILIO_AUTH_TOKEN": f"{TOKEN},{OLD_TOKEN}",
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "TWILIO_NUMBER": "+441172345678",
            "TWILIO_BASE_URL": f"http://127.0.0.1:{unused_tcp_port_factory()}",
        }
    )


@pytest.fixture
async def edge(fingerpost, settings: Settings) -> AsyncIterator[TestServer]:
    app = create_app(fingerpost)
    add_routes(app, fingerpost)
    server = TestServer(app, port=settings.port, access_log=None)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def cloud(edge: TestServer, settings: Settings) -> AsyncIterator[Cloud]:
    found = Cloud(f"http://127.0.0.1:{settings.port}", TOKEN, number=settings.twilio_number)
    await found.serve(int(settings.twilio_base_url.rsplit(":", 1)[1]))
    yield found
    await found.close()


@pytest.fixture
async def worker(fingerpost) -> str:
    """A worker with a PIN; returns their id."""
    word = await fingerpost.accounts.add("Sam", "worker")
    word = getattr(word, "word", word)
    await fingerpost.accounts.set_up(word, "a long password indeed", PIN)
    async with fingerpost.store.read() as tx:
        return (await staff.find(tx, name="Sam")).id


@pytest.fixture
def row(fingerpost) -> Callable:
    """Return the story of a caller's leg."""

    async def of(leg):
        from telephony.tokens import Tokens

        found = Tokens(fingerpost.settings.secret_keys).call_hash(leg.sid)
        contact = await fingerpost.conversations.find_call(found)
        async with fingerpost.store.read() as tx:
            return await conversations.conversation(tx, contact.conversation_id)

    return of


SERVICE = ServiceCard("s1", "Lighthouse", "They help after any crime.", phone="0117 000 1234")
LINES = (Line("topic", "What it is about", "burglary"), Line("number", "Number", "07700 900123"))
JOURNEY: dict[str, list[Utterance]] = {
    "begin": [Utterance("support_invite")],
    "find_help": [Utterance("needs_intro"), Utterance("needs_ask_topic")],
    "burglary_theft": [Utterance("needs_ask_reported")],
    "skip": [
        Utterance("services_offered", services=(SERVICE,)),
        Utterance("services_next"),
    ],
    "refer": [
        Utterance("referral_intro"),
        Utterance("referral_ask_service", choices=(Choice("service_1", "Lighthouse"),)),
    ],
    "service_1": [Utterance("referral_ask_contact_number")],
    "number": [Utterance("consent_brief", lines=LINES)],
    "yes": [
        Utterance(
            "consent_given",
            {"reference": "K7Q2", "agreed_at": "today at 2 pm", "agreed_by": "telephone"},
        )
    ],
}


@pytest.fixture
def journey(assistant) -> list[str]:
    """Let the stand-in lead through to a consent; returns what it was told, in order."""
    said: list[str] = []

    async def ask(**turn) -> list[Utterance]:
        assistant.heard.append(turn)
        said.append(turn["choice"] or turn["text"])
        key = "begin" if turn["intent"] == "begin" else turn["choice"]
        return JOURNEY.get(key or "number", [])

    assistant.ask = ask
    return said
