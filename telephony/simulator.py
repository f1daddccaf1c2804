# SPDX-License-Identifier: Apache-2.0
"""`fingerpost call`: a telephone in this terminal, which rings the running service by signed posts.

Where TWILIO_BASE_URL is an address of this machine, it is Twilio's cloud as well: the on-call
numbers ring here, and the worker's side is played here too.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, web

from bot.settings import Settings
from telephony.leg import Leg
from telephony.network import Network
from telephony.signature import LOCAL_TOKEN, local_token, local_url, public_url

HELP = """\
Type what you say, and press Enter. An empty line is silence.
  #5     presses key 5 (a number: #07700900123#)
  !1     presses key 1 while something is being said
  bye    hangs up
  > ...  the same on the worker's telephone; > alone picks it up
"""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Terminal:
    """Shows what each telephone hears and does what is typed."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.caller: Leg | None = None
        self.worker: Leg | None = None
        self._shown: dict[str, int] = {}
        network.tell = self.show

    def show(self, leg: Leg) -> None:
        """Write what a leg heard since the last time."""
        who = "you hear" if leg.direction == "inbound" else "worker hears"
        for said in leg.heard[self._shown.get(leg.sid, 0) :]:
            write(f"{who}: {said}")
        self._shown[leg.sid] = len(leg.heard)
        if leg.where == "over" and self._shown.get(f"over {leg.sid}") is None:
            self._shown[f"over {leg.sid}"] = 1
            write(f"({'your call' if leg.direction == 'inbound' else 'the worker'} has ended)")
        if leg.where == "conference" and self.network.bridged(leg):
            write("(you and the worker hear each other now)")

    async def rings(self, leg: Leg) -> None:
        """Take a ring for a worker."""
        self.worker = leg
        write(f"(the telephone of {leg.to} rings; > picks up, > bye refuses)")

    async def do(self, line: str) -> None:
        """Do what one line says."""
        leg = self.caller
        if line.startswith(">"):
            leg, line = self.worker, line[1:].strip()
            if leg is None or leg.where == "over":
                write("(no worker's telephone rings)")
                return
            if leg.where == "ringing":
                await (leg.refuse() if line == "bye" else leg.answer())
                return
        if leg is not None:
            await act(leg, line)

    async def settle(self) -> None:
        """Wait a moment for what the line does by itself, such as fetching the caller."""
        for _ in range(3):
            await self.network.settle()
            await asyncio.sleep(0.15)


async def act(leg: Leg, line: str) -> None:
    """Do one thing on one telephone."""
    if not line:
        await leg.wait()
    elif line == "bye":
        await leg.hang_up()
    elif line.startswith("#"):
        await leg.press(line[1:] or "#")
    elif line.startswith("!"):
        await leg.press_early(line[1:2])
    else:
        await leg.say(line)


async def run(settings: Settings, script: str | Path | None = None) -> int:
    """Ring the running service; return 0, or 1 when it could not be rung."""
    token = next(iter(settings.twilio_auth_tokens), "") or make_local_token(settings.var)
    public = public_url(settings) if settings.twilio_auth_tokens else ""
    number = settings.twilio_number or "+441170000000"
    network = Network(local_url(settings), token, public=public, number=number)
    terminal = Terminal(network)
    network.rings = terminal.rings
    cloud = await _cloud(settings, network)
    try:
        terminal.caller = await network.call()
    except ConnectionError:
        write("The service refused the call. Is TWILIO_AUTH_TOKEN the same here as there?")
        return 1
    except (ClientError, OSError):
        write(f"Nothing answers at {local_url(settings)}. Start it first: fingerpost up")
        return 1
    else:
        return await _talk(terminal, script)
    finally:
        await network.close()
        if cloud is not None:
            await cloud.cleanup()


async def _talk(terminal: Terminal, script: str | Path | None) -> int:
    write(HELP)
    caller = terminal.caller
    async for line in _lines(script):
        try:
            await terminal.do(line)
            await terminal.settle()
        except (ClientError, OSError):
            write("The line is dead: the service does not answer. Twilio would play its fallback.")
            return 1
        if caller is None or caller.where == "over":
            break
    if caller is not None and caller.where != "over":
        await caller.hang_up()
        await terminal.settle()
    return 1 if caller is None or caller.dropped else 0


async def _lines(script: str | Path | None) -> AsyncIterator[str]:
    if script is not None:
        for line in (await asyncio.to_thread(Path(script).read_text, "utf-8")).splitlines():
            write(f"-> {line}")
            yield line.strip()
        return
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.strip()


async def _cloud(settings: Settings, network: Network) -> web.AppRunner | None:
    """Serve the account's API where the service was told to look for it, if that is here."""
    where = urlsplit(settings.twilio_base_url)
    if where.hostname not in LOOPBACK or not where.port:
        return None
    runner = web.AppRunner(network.app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, where.hostname, where.port).start()
    except OSError:
        write(f"Port {where.port} of TWILIO_BASE_URL is in use: no worker can be rung here.")
        await runner.cleanup()
        return None
    return runner


def make_local_token(var: Path) -> str:
    """Return this machine's own token, made at the first call and readable by its owner only."""
    if found := local_token(var):
        return found
    var.mkdir(parents=True, exist_ok=True)
    path = var / LOCAL_TOKEN
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(16))
    return local_token(var)


def write(text: str) -> None:
    """Show a line in the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
