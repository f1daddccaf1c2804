# SPDX-License-Identifier: Apache-2.0
"""`fingerpost chat`: the webchat in this terminal, over the same JSON API as every other client."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import textwrap
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.settings import Settings

LOOK_EVERY = 1.0
WIDTH = 78
NAMES = {"assistant": "helper", "staff": "worker", "system": "service", "person": "you"}
HELP = "Type and press Enter. A number picks what is offered. bye leaves."


class Chat:
    """One chat: what was shown so far, and what is on offer."""

    def __init__(self, session: ClientSession, base: str) -> None:
        self.session, self.base = session, base
        self.last, self.state = 0, "assistant"
        self.choices: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()

    async def open(self) -> None:
        """Open a conversation."""
        answer = await self._post("/api/conversations", {})
        self.base += f"/api/conversations/{answer['id']}"
        self.headers = {"Authorization": f"Bearer {answer['token']}"}
        self._show(answer)

    async def say(self, line: str) -> None:
        """Send what was typed, or the choice whose number was typed."""
        body: dict[str, Any] = {"text": line, "seen": self.last}
        if line.isdigit() and 1 <= int(line) <= len(self.choices):
            body = {"choice": self.choices[int(line) - 1]["id"]}
        async with self._one_at_a_time:
            self._show(await self._post("/messages", body))

    async def look(self) -> None:
        """Show what comes by itself: a worker's words, a late answer."""
        while self.state != "ended":
            await asyncio.sleep(LOOK_EVERY)
            with contextlib.suppress(ClientError, OSError):
                async with self._one_at_a_time, self.session.get(
                    f"{self.base}/messages", params={"after": self.last}, headers=self.headers
                ) as answer:
                    if answer.status == 200:
                        self._show(await answer.json())

    async def leave(self) -> None:
        """Leave quickly."""
        async with self.session.post(f"{self.base}/leave", headers=self.headers):
            self.state = "ended"

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.session.post(
            self.base + path, json=body, headers=self.headers
        ) as answer:
            found = await answer.json(content_type=None)
            if answer.status >= 400:
                write(f"({answer.status}) {found.get('detail', '')}")
            return found

    def _show(self, answer: dict[str, Any]) -> None:
        for message in answer.get("messages", []):
            if message["id"] and message["id"] <= self.last:
                continue
            self.last = max(self.last, message["id"])
            if message["from"] == "person":
                continue
            write(_text(message))
            if message["choices"]:
                self.choices = message["choices"]
        if answer.get("state", self.state) != self.state:
            self.state = answer["state"]
            write(f"({self.state})")


def _text(message: dict[str, Any]) -> str:
    """Return a message as this terminal shows it, with its services, lines and choices."""
    mark = "! " if message["kind"] == "urgent" else ""
    parts = [f"{NAMES.get(message['from'], message['from'])}: {mark}{message['text']}"]
    for service in message["services"]:
        ways = [service[way] for way in ("phone", "text", "url") if service.get(way)]
        parts.append(f"  * {service['name']}: {service['why']} {' | '.join(ways)}")
    parts += [f"  - {line['label']}: {line['text']}" for line in message["lines"]]
    shown = [textwrap.fill(part, WIDTH, subsequent_indent="    ") for part in parts]
    offers = [f"[{n}] {c['label']}" for n, c in enumerate(message["choices"], start=1)]
    return "\n".join([*shown, *(["  " + "  ".join(offers)] if offers else [])])


async def run(settings: Settings) -> int:
    """Chat with the running service; return 0, or 1 when it cannot be reached."""
    base = f"http://127.0.0.1:{settings.port}"
    async with ClientSession(timeout=ClientTimeout(total=15)) as session:
        chat = Chat(session, base)
        try:
            write(HELP)
            await chat.open()
            watching = asyncio.create_task(chat.look())
            while chat.state != "ended" and (line := await asyncio.to_thread(sys.stdin.readline)):
                if line.strip() == "bye":
                    break
                if line.strip():
                    await chat.say(line.strip())
            await chat.leave()
            watching.cancel()
        except (ClientError, OSError, KeyError):
            write(f"Nothing answers at {base}. Start it first: fingerpost up")
            return 1
    return 0


def write(text: str) -> None:
    """Show it in the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
