# SPDX-License-Identifier: Apache-2.0
"""`fingerpost bench --calls`: how long a caller waits for an answer when many ring at once.

The whole service in its own processes, signed posts on the loopback, no recogniser and no voice:
what is measured is ours, from the post to the last byte of what is to be said. Callers talk; then
as many are in danger or ask for a person, and workers with a PIN are rung and join them.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

import aiohttp
from aiohttp import web

from bot.settings import load
from bot.wiring import wire
from telephony.leg import Leg
from telephony.network import ACCOUNT, Network, new_token
from tests.load.bench import ROOT, free_port, until

# What each caller does after the first words; an empty line is silence, # and * are keys.
DOES = (
    "yes", "my bike was stolen last week", "#1", "#2", "", "##", "##", "what happens next", "#*",
    "can you say that more simply", "", "#1",
)  # fmt: skip
DANGER = "he is outside my door with a knife"
PINS = ("4071", "4172", "4273", "4374", "4473")
ON_CALL = ("+441172000001", "+441172000002", "+441172000003")
NUMBER = "+441172345678"
BROUGHT_WITHIN = 60.0
"""Seconds for a worker to be with a caller; then the call is lost."""


class Timed(Network):
    """Keeps how long each post of a call waited for its answer, in seconds."""

    def __init__(self, edge: str, token: str) -> None:
        super().__init__(edge, token)
        self.took: list[float] = []

    async def post(self, leg: Leg, url: str, form: Mapping[str, str], status: str = "") -> str:
        """Post as Twilio does."""
        began = time.perf_counter()
        try:
            return await super().post(leg, url, form, status)
        finally:
            if not status:
                self.took.append(time.perf_counter() - began)


async def at_once(line: Timed, calls: int, pause: float) -> dict[str, float]:
    """Hold so many calls at once and return how long answers took, in milliseconds.

    `pause`: seconds between two posts of one caller, more or less by half.
    """

    async def one(number: int) -> None:
        wait = random.Random(number)
        await asyncio.sleep(wait.uniform(0.0, pause))
        leg = await line.call()
        for does in DOES:
            await asyncio.sleep(wait.uniform(0.5, 1.5) * pause)
            if does.startswith("#"):
                await leg.press(does[1:])
            elif does:
                await leg.say(does)
            else:
                await leg.wait()
        if leg.dropped or leg.where != "gather":
            raise RuntimeError(f"a call was lost: {leg.heard[-3:]}")
        await leg.hang_up()

    line.took.clear()
    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(calls)))
    await line.settle()
    return {"posts_a_second": len(line.took) / (time.perf_counter() - began), **figures(line.took)}


async def to_workers(line: Timed, calls: int, pause: float) -> dict[str, float]:
    """Bring so many callers to workers at once, every second one in danger.

    Each worker picks up, keys in a PIN, hears the brief and joins; when they hang up the caller is
    back with the assistant.
    """
    numbers = itertools.count()

    async def rings(leg: Leg) -> None:
        number = next(numbers)
        for keys in ("", f"1{PINS[number % len(PINS)]}#", "1"):
            await asyncio.sleep(random.Random(number).uniform(0.5, 1.5) * pause)
            await (leg.press(keys) if keys else leg.answer())
        await asyncio.sleep(2 * pause)
        await leg.hang_up()

    async def one(number: int) -> None:
        wait = random.Random(number)
        await asyncio.sleep(wait.uniform(0.0, pause))
        leg = await line.call()
        await leg.say("yes")
        await asyncio.sleep(wait.uniform(0.5, 1.5) * pause)
        await (leg.say(DANGER) if number % 2 else leg.press("0"))
        async with asyncio.timeout(BROUGHT_WITHIN):
            while not line.bridged(leg):
                await asyncio.sleep(wait.uniform(0.5, 1.5) * pause or 0.1)
                await leg.wait()
            while leg.where != "gather":  # noqa: ASYNC110 - another program's doing
                await asyncio.sleep(0.1)
        if leg.dropped:
            raise RuntimeError(f"a call was lost: {leg.heard[-3:]}")
        await leg.hang_up()

    line.took.clear()
    line.rings = rings
    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(calls)))
    spent = time.perf_counter() - began
    await line.settle()
    return {"posts_a_second": len(line.took) / spent, **figures(line.took)}


async def workers(environ: Mapping[str, str]) -> None:
    """Make accounts with a PIN in the running service, as its own pages would."""
    found = wire(load(environ))
    for number, pin in enumerate(PINS):
        word = await found.accounts.add(f"Worker {number}", "worker")
        await found.accounts.set_up(word, "a long password indeed", pin)
    await found.close()


def figures(took: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th of a hundred and the longest, in milliseconds."""
    ordered = sorted(took)
    return {
        "p50_ms": 1000 * statistics.median(ordered),
        "p95_ms": 1000 * ordered[int(len(ordered) * 0.95)],
        "longest_ms": 1000 * ordered[-1],
    }


async def measure(calls: int) -> dict[str, dict[str, float]]:
    """Start the service, let so many ring at once, and stop it."""
    with tempfile.TemporaryDirectory() as var:
        port, cloud, token = free_port(), free_port(), new_token()
        environ = {
            **os.environ, "FINGERPOST_VAR": var, "FINGERPOST_PORT": str(port),
            "FINGERPOST_RASA_PORT": str(free_port()), "FINGERPOST_ACTIONS_PORT": str(free_port()),
            "FINGERPOST_HEALTH_PORT": str(free_port()), "TWILIO_AUTH_TOKEN": token,
            "FINGERPOST_SECRET_KEYS": new_token() * 2, "FINGERPOST_ON_CALL": ",".join(ON_CALL),
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_NUMBER": NUMBER,
            "TWILIO_BASE_URL": f"http://127.0.0.1:{cloud}",
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "bot", "up"], cwd=ROOT, env=environ,
                                   stdout=subprocess.DEVNULL)  # fmt: skip
        base = f"http://127.0.0.1:{port}"
        line = Timed(base, token)
        account = web.AppRunner(line.app(), access_log=None)
        try:
            await account.setup()
            await web.TCPSite(account, "127.0.0.1", cloud).start()
            async with aiohttp.ClientSession() as http:

                async def ready() -> bool:
                    async with http.get(f"{base}/readyz") as found:
                        return found.status == 200

                await until(ready, 240)
            await workers(environ)
            await at_once(line, 2, 0.0)  # the first answers load what later ones have
            return {
                "as people talk": await at_once(line, calls, 3.0),
                "to workers": await to_workers(line, calls, 3.0),
                "without a pause": await at_once(line, calls, 0.0),
            }
        finally:
            await line.close()
            await account.cleanup()
            process.send_signal(signal.SIGINT)
            process.wait(30)


def main() -> int:
    """Measure, print a table, then JSON."""
    given = argparse.ArgumentParser()
    given.add_argument("--calls", type=int, default=20)
    found = asyncio.run(measure(given.parse_args().calls))
    for name, values in found.items():
        print(f"{name:18}" + "".join(f"{key:>16}{value:9.1f}" for key, value in values.items()))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
