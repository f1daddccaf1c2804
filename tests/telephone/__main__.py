# SPDX-License-Identifier: Apache-2.0
"""`make call-test`: real telephone calls to a real Fingerpost, on this machine alone.

Ends 0 when every call went as it must, 1 when one did not, 2 when something is missing.
"""

from __future__ import annotations

import argparse
import asyncio
import faulthandler
import os
import secrets
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.telephone.exchange import Exchange
from tests.telephone.ports import REST, SIP, taken
from tests.telephone.scenarios import SCENARIOS
from tests.telephone.service import ROOT, Service
from tests.telephone.sound import Sound
from tests.telephone.stage import ON_CALL, PIN, Stage
from tests.telephone.transcript import Played, page

PORT = int(os.environ.get("CALL_TEST_PORT", "18500"))
NUMBER = "+441172345678"
LONGEST = 300.0
"""Seconds for one scenario; then it has failed."""
PAGE = ROOT / "docs" / "call-test-transcript.md"
# When somebody may be rung back who said "any time"; the last half hour is too short to book.
RING_FROM, RING_TO = 9, 19


def main() -> int:
    """Play the scenarios that are named, or all of them, and write down what was heard."""
    parser = argparse.ArgumentParser(prog="make call-test", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"of: {', '.join(SCENARIOS)} (default: all)")
    parser.add_argument("--keep", action="store_true", help="keep recordings and logs, say where")
    given = parser.parse_args()
    names = given.scenario or list(SCENARIOS)
    if unknown := sorted(set(names) - set(SCENARIOS)):
        parser.error(f"no such scenario: {', '.join(unknown)}")
    if missing := lacking(names):
        say(missing)
        return 2
    home = Path(tempfile.mkdtemp(prefix="call-test-"))
    try:
        played = asyncio.run(play(names, home))
    finally:
        if given.keep:
            say(f"Recordings and logs: {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)
    if names == list(SCENARIOS):
        PAGE.write_text(page(played), encoding="utf-8")
        say(f"Written: {PAGE.relative_to(ROOT)}")
    return 0 if all(one.well for one in played) else 1


def lacking(names: list[str]) -> str:
    """Return what is missing for these scenarios and what to do, "" for nothing."""
    if shutil.which("baresip") is None:
        return "baresip is missing: apt-get install --no-install-recommends baresip-core"
    now = datetime.now(ZoneInfo("Europe/London")).hour
    if "callback" in names and not RING_FROM <= now < RING_TO:
        return (
            f"Nobody may be rung back now. Play the scenario `callback` between {RING_FROM} and "
            f"{RING_TO} o'clock UK time, or name the others: {' '.join(SCENARIOS)}"
        )
    if port := taken(PORT):
        return f"Port {port} is in use. Set CALL_TEST_PORT: 330 ports from it must be free."
    return ""


async def play(names: list[str], home: Path) -> list[Played]:
    """Start everything, play, and end everything that was started."""
    token, cloud = secrets.token_hex(16), f"http://127.0.0.1:{PORT + REST}"
    service = Service(home, PORT, token, NUMBER, ",".join(ON_CALL), cloud)
    sound, played = Sound(), []
    exchange = Exchange(service.url, token, NUMBER, sound)
    try:
        say("Starting Fingerpost and the telephone exchange ...")
        await asyncio.gather(service.start(), exchange.start(PORT + SIP, PORT + REST))
        await service.worker("Sam", PIN)
        for name in names:
            stage = Stage(exchange, service, sound, home / name, PORT)
            played.append(await one(name, stage))
    finally:
        await exchange.close()
        await service.stop()
        sound.close()
    return played


async def one(name: str, stage: Stage) -> Played:
    """Play one scenario; whatever goes wrong in it is a check that failed."""
    scenario, exchange = SCENARIOS[name], stage.exchange
    about = (scenario.__doc__ or name).strip()
    say(f"{name}: {about}")
    exchange.took.clear()
    exchange.refused.clear()
    exchange.troubles.clear()
    try:
        await asyncio.wait_for(scenario(stage), LONGEST)
    except Exception as problem:  # a scenario that breaks is one that failed
        stage.must(f"it goes on to its end ({type(problem).__name__}: {problem})", False)
    else:
        await stage.comes_to("in the end no leg is left and no conference", exchange.idle)
    finally:
        await stage.close()
    refused, troubles = exchange.refused, exchange.troubles
    stage.must(f"no signed post was refused {refused or ''}".strip(), not refused)
    stage.must(f"the exchange understood every word of it {troubles or ''}".strip(), not troubles)
    rows = await stage.transcript()
    exchange.forget()
    for at, who, what in rows:
        say(f"  {at:4.0f} s  {who} {what}")
    for check in stage.checks:
        say(f"  {'ok ' if check.so else 'NOT'} {check.what}")
    return Played(name, about, rows, stage.checks, list(exchange.took))


def say(text: str) -> None:
    """Tell whoever runs it how far it has come."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    faulthandler.enable()
    code = main()
    sys.stdout.flush()
    os._exit(code)  # without freeing what pjsip's thread may be at
