# SPDX-License-Identifier: Apache-2.0
"""`fingerpost demo`: the whole service on ports of its own, filled with invented people.

It keeps everything in a folder that it makes and removes, and is given no number, address or rota
of this deployment, so that it can call nobody.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.settings import ROOT

PEOPLE = ROOT / "data" / "demo" / "people.yml"
NAME = "Demonstration, everybody is invented"
PORTS = {
    "FINGERPOST_PORT": "8090",
    "FINGERPOST_HEALTH_PORT": "8091",
    "FINGERPOST_RASA_PORT": "5095",
    "FINGERPOST_ACTIONS_PORT": "5096",
}
OURS = ("FINGERPOST_", "TWILIO_")
READY_WITHIN = 300.0
ROLES = {"Worker": "worker", "Second worker": "worker", "Supervisor": "supervisor"}


def environment(given: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of a demonstration: nothing of this deployment's, not its ports."""
    kept = {name: value for name, value in given.items() if not name.startswith(OURS)}
    return {**kept, **PORTS, "FINGERPOST_VAR": str(folder), "FINGERPOST_SERVICE_NAME": NAME}


def taken(ports: Iterable[str]) -> str:
    """Return the first port at which something answers already, "" when all are free."""
    for port in ports:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return port
    return ""


async def run() -> int:
    """Bring it up, fill it, and keep it until Ctrl-C; 1 where it did not come up.

    Where a port is taken nothing is begun: invented danger must reach no service that is real.
    """
    if port := taken(PORTS.values()):
        _say(f"Port {port} is in use, and a demonstration needs it. Free it and try again.")
        return 1
    with tempfile.TemporaryDirectory(prefix="fingerpost-demo-") as folder:
        environ = environment(os.environ, Path(folder))
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        service = await _start(["up"], environ)
        try:
            return await _filled(service, environ, stop)
        finally:
            if service.returncode is None:
                service.terminate()
            await service.wait()
            _say("The demonstration is over, and nothing of it is kept.")


async def _filled(
    service: asyncio.subprocess.Process, environ: dict[str, str], stop: asyncio.Event
) -> int:
    base = f"http://127.0.0.1:{environ['FINGERPOST_PORT']}"
    async with ClientSession(timeout=ClientTimeout(total=30)) as session:
        if not await _ready(session, base, service, stop):
            return 1
        people = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))
        for number, person in enumerate(people, start=1):
            _say(f"  {number} of {len(people)}: {person['who']}")
            await talk(session, base, person["says"])
    _say("Open each link once to set up an account of the demonstration:")
    for name, role in ROLES.items():
        adding = await _start(["staff", "add", name, "--role", role], environ)
        await adding.wait()
    _say(f"Then: {base}/staff. As a person: {base}/. Ctrl-C ends it.")
    ended = asyncio.create_task(service.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    return int(ended.done() and not stopped.done())


async def talk(session: ClientSession, base: str, says: list[dict[str, str]]) -> None:
    """Say and pick these things as one new person; what is not on offer is passed over."""
    opened = await _post(session, f"{base}/api/conversations", {})
    token = {"Authorization": f"Bearer {opened['token']}"}
    offered = _choices(opened)
    for one in says:
        said = {"text": one["text"]} if "text" in one else {"choice": offered.get(one["pick"], "")}
        if not any(said.values()):
            continue
        url = f"{base}/api/conversations/{opened['id']}/messages"
        offered = _choices(await _post(session, url, said, token)) or offered


def _choices(answer: dict[str, Any]) -> dict[str, str]:
    """Return what is on offer now, by the key that stays the same."""
    given = [message["choices"] for message in answer["messages"] if message.get("choices")]
    return {choice["key"]: choice["id"] for choice in given[-1]} if given else {}


async def _post(
    session: ClientSession, url: str, body: dict[str, str], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    async with session.post(url, json=body, headers=headers) as answer:
        answer.raise_for_status()
        return await answer.json()


async def _ready(
    session: ClientSession, base: str, service: asyncio.subprocess.Process, stop: asyncio.Event
) -> bool:
    ends = asyncio.get_running_loop().time() + READY_WITHIN
    while asyncio.get_running_loop().time() < ends and not stop.is_set():
        if service.returncode is not None:
            return False
        try:
            async with session.get(f"{base}/readyz") as answer:
                if answer.status == 200:
                    return True
        except (ClientError, TimeoutError, OSError):
            pass
        await asyncio.sleep(0.5)
    return False


async def _start(words: list[str], environ: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=ROOT, env=environ, start_new_session=True
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
