# SPDX-License-Identifier: Apache-2.0
"""`fingerpost bench`: this service beside Rasa's own default set-up, in one run on one machine.

Load goes to the loopback only, is bounded in number and time, and ends by itself. Figures of a
shared machine are worth little alone: read the ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).parent))
import peer  # noqa: E402 - a script beside this one

ROOT = Path(__file__).resolve().parents[2]
# The fourth makes us call our action server; the peer has no actions at all.
MESSAGES = ("hello there", "my bike was stolen last week", "thank you", "i withdraw my consent")
Send = Callable[[str], Awaitable[None]]


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(text, file=sys.stderr, flush=True)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def memory(pid: int) -> float:
    """Return the resident memory in MB of a process and all it started."""
    parents: dict[int, list[int]] = {}
    resident: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                pages = int((entry / "statm").read_text().split()[1])
            except OSError:
                continue
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
            resident[int(entry.name)] = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    found, todo = 0.0, [pid]
    while todo:
        one = todo.pop()
        found += resident.get(one, 0.0)
        todo += parents.get(one, [])
    return found


async def until(check: Callable[[], Awaitable[bool]], within: float) -> float:
    """Wait until a check holds and return how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        try:
            if await check():
                return time.monotonic() - began
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("it did not start in time")


async def crowd(people: int, turns: int, meet: Callable[[int], Awaitable[Send]]) -> dict:
    """Let many people talk at once; return messages a second and how long a turn took."""
    sends = [await meet(n) for n in range(people)]
    took: list[float] = []

    async def talk(send: Send, offset: int) -> None:
        for turn in range(turns):
            began = time.perf_counter()
            await send(MESSAGES[(turn + offset) % len(MESSAGES)])
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(talk(send, n) for n, send in enumerate(sends)))
    spent = time.perf_counter() - began
    took.sort()
    return {
        "messages_a_second": len(took) / spent,
        "p50_ms": 1000 * statistics.median(took),
        "p95_ms": 1000 * took[int(len(took) * 0.95)],
    }


async def long_talk(turns: int, send: Send, pause: float = 0.0) -> dict:
    """Return what a turn costs early and late in one conversation (median of 10 turns each).

    `pause` keeps a session below its rate limit: waiting for that is not a turn's cost.
    """
    took = []
    for turn in range(turns):
        began = time.perf_counter()
        await send(MESSAGES[turn % 3])
        spent = time.perf_counter() - began
        took.append(1000 * spent)
        if turn >= 40:
            await asyncio.sleep(max(0.0, pause - spent))
    early, late = statistics.median(took[5:15]), statistics.median(took[-10:])
    return {"turn_10_ms": early, f"turn_{turns}_ms": late, "late_over_early": late / early}


async def ours(quick: bool) -> dict:
    """Measure the whole stack of this service."""
    with tempfile.TemporaryDirectory() as var:
        port = free_port()
        environ = {
            **os.environ, "FINGERPOST_VAR": var, "FINGERPOST_PORT": str(port),
            "FINGERPOST_RASA_PORT": str(free_port()), "FINGERPOST_ACTIONS_PORT": str(free_port()),
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, env=environ, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "bot", "up"], cwd=ROOT, env=environ,
                                   stdout=subprocess.DEVNULL)  # fmt: skip
        base = f"http://127.0.0.1:{port}"
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

                async def answers(path: str) -> bool:
                    async with http.get(base + path) as found:
                        return found.status == 200

                page = await until(lambda: answers("/"), 120)
                ready = page + await until(lambda: answers("/readyz"), 180)

                async def meet(_: int) -> Send:
                    async with http.post(f"{base}/api/conversations", json={}) as found:
                        opened = await found.json()
                    url = f"{base}/api/conversations/{opened['id']}/messages"
                    head = {"Authorization": f"Bearer {opened['token']}"}

                    async def send(text: str) -> None:
                        while True:
                            async with http.post(url, json={"text": text}, headers=head) as got:
                                body = await got.json()
                                if got.status == 200:
                                    assert body["messages"], "a reply was empty"
                                    return
                            await asyncio.sleep(0.34)  # 429: one session may send 3 a second

                    return send

                await crowd(5, 4, meet)
                say("  50 conversations at once ...")
                found = await crowd(50, 8 if quick else 24, meet)
                found["page_s"], found["ready_s"] = page, ready
                found["memory_mb"] = memory(process.pid)
                say("  one long conversation ...")
                found |= await long_talk(60 if quick else 400, await meet(0), pause=0.35)
                return found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


async def theirs(quick: bool) -> dict:
    """Measure Rasa's default set-up."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "peer"
        peer.build(project)
        say("  training the peer (a minute or two) ...")
        await asyncio.to_thread(peer.train, project)
        port = free_port()
        base = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        process = peer.serve(project, port)
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

                async def answered(sender: str, text: str) -> bool:
                    async with http.post(base, json={"sender": sender, "message": text}) as got:
                        return got.status == 200 and bool(await got.json())

                ready = await until(lambda: answered("first", "hello there"), 300)

                async def meet(number: int) -> Send:
                    async def send(text: str) -> None:
                        await answered(f"person-{number}", text)

                    return send

                say("  50 conversations at once ...")
                found = await crowd(50, 3 if quick else 8, meet)
                found["ready_s"] = ready
                found["memory_mb"] = memory(process.pid)
                say("  one long conversation ...")
                found |= await long_talk(60 if quick else 400, await meet(999))
                return found
        finally:
            process.terminate()
            process.wait(30)


def table(found: dict) -> str:
    """Return the figures as a table, ours beside the peer's, with the ratio."""
    rows = [f"{'':26}{'Fingerpost':>12}{'peer':>12}{'ratio':>9}"]
    for name, mine in found["fingerpost"].items():
        other = found.get("peer", {}).get(name)
        ratio = f"{mine / other:9.2f}" if other else f"{'':>9}"
        rows.append(f"{name:26}{mine:12.2f}{other if other else float('nan'):12.2f}{ratio}")
    return "\n".join(rows)


def main() -> int:
    """Run both and print a table, then JSON."""
    given = argparse.ArgumentParser()
    given.add_argument("--quick", action="store_true")
    given.add_argument("--alone", action="store_true", help="without the peer")
    wanted = given.parse_args()
    say("Fingerpost:")
    found = {"fingerpost": asyncio.run(ours(wanted.quick))}
    if not wanted.alone:
        say("Rasa's default set-up:")
        found["peer"] = asyncio.run(theirs(wanted.quick))
    print(table(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
