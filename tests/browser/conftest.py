# SPDX-License-Identifier: Apache-2.0
"""A real edge on a free port and a real Chromium in front of it; only the dialogue is scripted."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.policy.turn import Utterance
from bot.service.ports import AssistantDown
from bot.settings import load
from bot.store.migrate import migrate
from bot.web.app import create_app

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
MISSING = f"no Chromium at {CHROMIUM}: apt-get install -y chromium, or set CHROMIUM"


class Dialogue:
    """Says next what a test put into `says`: names, or utterances with lines or services."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.says: list[str | Utterance] = ["support_listening"]
        self.delay = 0.0
        self.down = False
        self.heard: list[dict[str, Any]] = []

    async def ask(self, **turn: Any) -> list[Utterance]:
        await asyncio.sleep(self.delay)
        if self.down:
            raise AssistantDown
        self.heard.append(turn)
        if turn["intent"].startswith(("danger_", "check_")) or turn["intent"] == "ask_human":
            return []
        return [u if isinstance(u, Utterance) else Utterance(u) for u in self.says]

    async def ready(self) -> bool:
        return not self.down


class Edge:
    """The edge and a neutral page to leave to, in a thread of their own."""

    def __init__(self, var: Path, **settings: Any) -> None:
        self.var, self.changes = var, settings
        self.dialogue = Dialogue()
        self.url = self.away = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.run(self._start())

    def run(self, work: Any) -> Any:
        """Run a coroutine where the edge runs, and return what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        from bot.wiring import wire

        self._runners: list[web.AppRunner] = []
        neutral = web.Application()
        neutral.router.add_get("/weather", _weather)
        # Another host name, so another site: what a cookie of ours must not reach.
        self.away = (await self._serve(neutral)).replace("127.0.0.1", "localhost") + "/weather"
        environ = {"FINGERPOST_VAR": str(self.var), "FINGERPOST_SECRET_KEYS": "k" * 40}
        self.settings = replace(load(environ), leave_url=self.away, **self.changes)
        await migrate(self.settings)
        self.fingerpost = wire(self.settings, assistant=self.dialogue)
        self.fingerpost.start()
        self.url = await self._serve(create_app(self.fingerpost))

    async def _serve(self, app: web.Application) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    def close(self) -> None:
        """Stop everything."""

        async def stop() -> None:
            for runner in self._runners:
                await runner.cleanup()
            await self.fingerpost.close()

        self.run(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # -- a worker ---------------------------------------------------------------------------

    def accept(self, conversation_id: str) -> str:
        """Take a waiting person as a worker."""
        queue = self.run(self.fingerpost.handover.queue())
        mine = next(w for w in queue if w.conversation_id == conversation_id)
        self.run(self.fingerpost.handover.accept(mine.id, "worker"))
        return mine.id

    def messages(self, conversation_id: str, token: str) -> list[Any]:
        """Return everything kept of a conversation."""
        conversations = self.fingerpost.conversations
        contact = self.run(conversations.find(conversation_id, token))
        return list(self.run(conversations.messages(contact)).messages)


async def _weather(request: web.Request) -> web.Response:
    return web.Response(text="<title>Weather</title><h1>Sunny</h1>", content_type="text/html")


@pytest.fixture(scope="session")
def _edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    found = Edge(tmp_path_factory.mktemp("edge"))
    yield found
    found.close()


@pytest.fixture
def edge(_edge: Edge) -> Edge:
    """The edge that the browser tests share, its dialogue as new."""
    _edge.dialogue.reset()
    return _edge


@pytest.fixture
def make_edge(tmp_path: Path) -> Iterator[Callable[..., Edge]]:
    """Make an edge with settings of its own."""
    made: list[Edge] = []

    def make(**settings: Any) -> Edge:
        made.append(Edge(tmp_path / f"edge{len(made)}", **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, headless; without it the browser tests are skipped, saying how."""
    if not shutil.which(CHROMIUM):
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a page in a browser profile of its own: `open_page(javascript=False, ...)`."""
    contexts = []

    def make(javascript: bool = True, **options: Any) -> Any:
        context = chromium.new_context(java_script_enabled=javascript, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
