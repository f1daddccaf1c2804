# SPDX-License-Identifier: Apache-2.0
"""Starts and watches the three processes, says what it is doing, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot import settings as settings_
from bot.assistant import model
from bot.assistant.client import KEY_HEADER, Client
from bot.settings import ROOT, Settings
from bot.store import rota
from bot.store.database import StoreError
from bot.store.keys import check_service_key
from bot.store.migrate import migrate

NEEDED_SPACE = 300 * 2**20
HEALTH_EVERY = 3.0
HUNG_AFTER = 5  # health questions in a row without an answer, once it has answered
SLOWEST_START = 180.0


class CannotStart(Exception):
    """One plain line: what is wrong and what to do."""


def say(text: str) -> None:
    """Tell whoever started the service what is happening."""
    print(text, flush=True)  # noqa: T201 - this is the command line's own voice


@dataclass
class Child:
    """One process under watch: started, asked how it is, started again when it dies."""

    name: str
    command: list[str]
    healthy: Callable[[], Awaitable[bool]]
    environ: dict[str, str]
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None

    async def watch(self) -> None:
        """Keep it running for as long as the service is up."""
        wait = 0.5
        while True:
            began = time.monotonic()
            try:
                await self._live()
            except Exception as problem:
                # No memory or no process left for it, say: later there may be, so this never ends.
                say(f"{self.name} cannot be kept up now ({type(problem).__name__}).")
            self.ready.clear()
            wait = 0.5 if time.monotonic() - began > 60 else min(wait * 2, 10.0)
            say(
                f"{self.name} stopped. Starting it again; people get the emergency words meanwhile."
            )
            await asyncio.sleep(wait)

    async def _live(self) -> None:
        """Start it and wait for its end."""
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            env=self.environ,
            cwd=ROOT,
            start_new_session=True,
        )
        ends = asyncio.create_task(self.process.wait())
        minder = asyncio.create_task(self._mind())
        try:
            await asyncio.wait({ends, minder}, return_when=asyncio.FIRST_COMPLETED)
            if not ends.done():  # it hangs, or cannot be asked how it is
                self.process.kill()
                await ends
            if minder.done():
                minder.result()
        finally:
            ends.cancel()
            minder.cancel()

    async def _mind(self) -> None:
        """Notice when it is ready, and kill it when it hangs or is not what it should be."""
        began, missed = time.monotonic(), 0
        while True:
            if await self.healthy():
                missed = 0
                self.ready.set()
            elif self.ready.is_set():
                missed += 1
            if missed >= HUNG_AFTER or (
                not self.ready.is_set() and time.monotonic() - began > SLOWEST_START
            ):
                say(f"{self.name} does not answer. Ending it.")
                return
            await asyncio.sleep(HEALTH_EVERY if self.ready.is_set() else 0.25)

    async def stop(self) -> None:
        """End it: ask by closing its input, then insist."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.stdin.close()
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 8)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _answers(url: str, key: str = "") -> bool:
    try:
        timeout = aiohttp.ClientTimeout(total=3)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            async with session.get(url, headers={KEY_HEADER: key}) as answer:
                return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


def in_address(host: str) -> str:
    """Return a host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def check_machine(found: Settings) -> None:
    """Raise CannotStart if a port is taken or there is no room."""
    found.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(found.var).free < NEEDED_SPACE:
        raise CannotStart(
            "Less than 300 MB of disk space is left. Free some, or set FINGERPOST_VAR to a folder "
            "on another disk."
        )
    ports = (
        ("PORT", found.host, found.port),
        ("FINGERPOST_RASA_PORT", "127.0.0.1", found.rasa_port),
        ("FINGERPOST_ACTIONS_PORT", "127.0.0.1", found.actions_port),
    )
    for name, host, port in ports:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as problem:
                raise CannotStart(
                    f"Cannot listen on {host}:{port} ({problem.strerror}). Stop what uses it, or "
                    f"choose another port by setting {name}."
                ) from None


async def _train(environ: dict[str, str]) -> None:
    if model.current():
        return
    say("Building the assistant's dialogue model (about half a minute, only after a change) ...")
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.assistant.train",
        stdin=asyncio.subprocess.PIPE, env=environ, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        raise
    if code != 0:
        raise CannotStart("The dialogue model could not be built. Run: uv run fingerpost train")
    say(f"Dialogue model built in {time.monotonic() - began:.0f} s.")


def _children(found: Settings, environ: dict[str, str]) -> dict[str, Child]:
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(found.host, found.host)
    edge = f"http://{in_address(own)}:{found.port}/"

    async def rasa() -> bool:
        # Only our own store and the model made from these very files count as ready.
        client = Client(found.rasa_url, found.local_key, model.fingerprint())
        try:
            return await client.ready()
        finally:
            await client.close()

    rows: dict[str, tuple[str, str, Callable[[], Awaitable[bool]]]] = {
        "edge": (
            "The web and telephone edge",
            "bot.edge",
            lambda: _answers(edge),
        ),
        "actions": (
            "The action server",
            "actions.serve",
            lambda: _answers(f"http://127.0.0.1:{found.actions_port}/health", found.local_key),
        ),
        "rasa": ("The assistant", "bot.assistant.serve", rasa),
    }
    return {
        name: Child(spoken, [sys.executable, "-m", module], healthy, environ)
        for name, (spoken, module, healthy) in rows.items()
    }


async def run(found: Settings) -> int:
    """Bring the service up and keep it up until Ctrl-C or SIGTERM. Return the exit code."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    began = time.monotonic()
    check_machine(found)
    say("Fingerpost is starting. Press Ctrl-C to stop it.")
    say("Preparing the database ...")
    await migrate(found)
    await check_service_key(found)
    environ = {
        **os.environ,
        "PYTHONWARNINGS": "ignore",
        "FINGERPOST_SECRET_KEYS": ",".join(found.secret_keys),
        "FINGERPOST_VAR": str(found.var),
        "FINGERPOST_HOST": found.host,
        "FINGERPOST_PORT": str(found.port),
    }
    children = _children(found, environ)
    tasks = [asyncio.create_task(children["edge"].watch())]
    try:
        starting = asyncio.create_task(_rest(found, environ, children, tasks, began))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await stopping
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
    finally:
        say("Stopping ...")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(c.stop() for c in children.values()))
    say("Stopped. Nothing is left running.")
    return 0


async def _rest(
    found: Settings,
    environ: dict[str, str],
    children: dict[str, Child],
    tasks: list[asyncio.Task],
    began: float,
) -> None:
    await children["edge"].ready.wait()
    address = found.public_url or f"http://{in_address(found.host)}:{found.port}"
    say(f"The page and emergency words answer ({time.monotonic() - began:.0f} s): {address}/")
    await _train(environ)
    say("Loading the assistant (about 10 s) ...")
    tasks += [asyncio.create_task(children[name].watch()) for name in ("actions", "rasa")]
    await asyncio.gather(*(children[name].ready.wait() for name in ("actions", "rasa")))
    say(f"Ready after {time.monotonic() - began:.0f} s.")
    say(f"  Chat page      {address}/")
    say(f"  Staff console  http://127.0.0.1:{found.port}/staff")
    say("                 (a first account: uv run fingerpost staff add NAME)")
    say(f"  Phone webhook  {address}/telephony/voice")


def main(host: str | None, port: int | None) -> int:
    """Read the settings and run; every problem but theirs is one line that says what to do."""
    environ = dict(os.environ)
    if host:
        environ["FINGERPOST_HOST"] = host
    if port is not None:
        environ["FINGERPOST_PORT"] = str(port)
    try:
        found = settings_.load(environ)
        if found.rota:
            rota.load(Path(found.rota))
        return asyncio.run(run(found))
    except rota.RotaError as wrong:
        say("\n".join(f"The rota: {problem}" for problem in wrong.problems))
        return 2
    except CannotStart as problem:
        say(str(problem))
        return 1
    except StoreError:
        say("The database cannot be opened. Check FINGERPOST_DATABASE_URL, the server, the disk.")
        return 1
    except OSError as problem:
        say(f"Cannot start: {problem.strerror}. Check the disk and the rights of its var folder.")
        return 1
