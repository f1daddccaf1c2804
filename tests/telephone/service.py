# SPDX-License-Identifier: Apache-2.0
"""Fingerpost itself, started on ports of its own, and what people do with it by browser."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar

from tests.telephone.process import start, stop

ACCOUNT = "AC" + "c" * 32
ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 240.0
PASSWORD = "purple otter kettle"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
RING = re.compile(r'action="(/staff/callbacks/[^"]+/ring)"')


class Service:
    """A running service, and somebody at a browser of the console."""

    def __init__(
        self, home: Path, port: int, token: str, number: str, on_call: str, cloud: str
    ) -> None:
        self.url, self._home = f"http://127.0.0.1:{port}", home
        self._environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("FINGERPOST", "TWILIO"))},
            "FINGERPOST_VAR": str(home / "var"),
            "FINGERPOST_PORT": str(port), "FINGERPOST_RASA_PORT": str(port + 1),
            "FINGERPOST_ACTIONS_PORT": str(port + 2), "FINGERPOST_HEALTH_PORT": str(port + 3),
            "FINGERPOST_ON_CALL": on_call, "TWILIO_AUTH_TOKEN": token, "TWILIO_NUMBER": number,
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_BASE_URL": cloud,
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None
        self._http: ClientSession | None = None

    async def start(self) -> None:
        """Start it and wait until all of it answers."""
        self._process = await start(
            *self._python("up"), log=self._home / "service.log", cwd=ROOT, environ=self._environ
        )
        jar = CookieJar(unsafe=True)  # cookies of 127.0.0.1, which has no name
        self._http = ClientSession(cookie_jar=jar, timeout=ClientTimeout(total=20))
        began = time.monotonic()
        while time.monotonic() - began < STARTS_WITHIN:
            if self._process.returncode is not None:
                break
            try:
                async with self._http.get(f"{self.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.5)
        raise RuntimeError("Fingerpost did not start:\n" + (self._home / "service.log").read_text())

    async def stop(self) -> None:
        """End it; its own processes end with it."""
        if self._http is not None:
            await self._http.close()
        await stop(self._process, within=30)

    async def worker(self, name: str, pin: str) -> None:
        """Make an account as whoever runs the service does, set it up, and sign in."""
        made = await asyncio.create_subprocess_exec(
            *self._python("staff", "add", name, "--role", "worker"), cwd=ROOT, env=self._environ,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await made.communicate()
        path = "/staff/set-up/" + said.decode().split("/staff/set-up/")[1].split()[0]
        await self._form(path, path, password=PASSWORD, again=PASSWORD, pin=pin)
        await self._form("/staff/sign-in", "/staff/sign-in", name=name, password=PASSWORD)

    async def ring_me(self) -> None:
        """Press "Ring me, then them" for the call that is to be made."""
        page = await self._get("/staff/callbacks")
        found = RING.search(page)
        if found is None:
            raise RuntimeError("nobody may be rung back now")
        await self._form("/staff/callbacks", found.group(1), phone="0")

    async def chat(self, *turns: str) -> list[dict]:
        """Write these by webchat, `=yes` being the choice "yes"; return the last answers."""
        assert self._http is not None
        async with self._http.post(f"{self.url}/api/conversations", json={}) as answer:
            opened = await answer.json()
        path = f"{self.url}/api/conversations/{opened['id']}/messages"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        messages = opened["messages"]
        for turn in turns:
            offered = [c["id"] for m in messages for c in m["choices"]]
            chosen = [i for i in offered if turn.startswith("=") and i.endswith(f"-{turn[1:]}")]
            body = {"choice": chosen[-1]} if chosen else {"text": turn}
            async with self._http.post(path, json=body, headers=headers) as answer:
                if answer.status != 200:
                    raise RuntimeError(f"{turn}: {await answer.text()}")
                messages = (await answer.json())["messages"]
        return messages

    def _python(self, *what: str) -> list[str]:
        return [str(ROOT / ".venv" / "bin" / "python"), "-m", "bot", *what]

    async def _get(self, path: str) -> str:
        assert self._http is not None
        async with self._http.get(self.url + path, headers={"Accept": "text/html"}) as answer:
            return await answer.text()

    async def _form(self, page: str, action: str, **fields: str) -> None:
        """Send a form of a page as a browser does."""
        assert self._http is not None
        found = CSRF.search(await self._get(page))
        fields["csrf"] = found.group(1) if found else ""
        headers = {"Accept": "text/html"}
        async with self._http.post(self.url + action, data=fields, headers=headers) as answer:
            if answer.status >= 400:
                raise RuntimeError(f"{page}: {answer.status}")
