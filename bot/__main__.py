# SPDX-License-Identifier: Apache-2.0
"""The command line: `fingerpost up`, `chat`, `call`, `screen`, `staff add` and the rest."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot import logs
from bot.command_line import parser
from bot.settings import SettingsError


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 could not be done, 2 wrongly asked for."""
    given = parser().parse_args(argv)
    os.umask(0o077)  # the stores are for this account only; every child takes it over
    logs.configure()
    try:
        return COMMANDS[given.command](given)
    except SettingsError as problem:
        for line in problem.problems:
            _print(line)
        return 2
    except KeyboardInterrupt:
        return 1


def _up(given: argparse.Namespace) -> int:
    from bot import up

    return up.main(given.host, given.port)


def _train(given: argparse.Namespace) -> int:
    from bot.assistant import train

    return train.main()


def _screen(given: argparse.Namespace) -> int:
    from bot.understanding import stream

    return stream.run(sys.stdin.buffer, sys.stdout, given.channel)


def _chat(given: argparse.Namespace) -> int:
    from bot import settings
    from bot.web import terminal

    return asyncio.run(terminal.run(settings.load()))


def _call(given: argparse.Namespace) -> int:
    from bot import settings
    from telephony import simulator

    return asyncio.run(simulator.run(settings.load(), given.script))


def _staff(given: argparse.Namespace) -> int:
    async def add(fingerpost: Any) -> int:
        word = await fingerpost.accounts.add(given.name, given.role)
        port, afar = fingerpost.settings.port, fingerpost.settings.console_url.rstrip("/")
        _print(f"One-time set-up link for {given.name} ({given.role}), good for 48 hours:")
        _print(f"{afar or f'http://127.0.0.1:{port}'}/staff/set-up/{word}")
        return 0

    return _with_service(add)


def _audit(given: argparse.Namespace) -> int:
    try:
        day = date.fromisoformat(given.day) if given.day else date.today() - timedelta(days=1)
    except ValueError:
        _print("--day must be like 2026-11-27.")
        return 2

    async def digest(fingerpost: Any) -> int:
        from dataclasses import asdict

        _print(json.dumps(asdict(await fingerpost.audit.digest(day)), indent=2))
        return 0

    return _with_service(digest)


def _retain(given: argparse.Namespace) -> int:
    async def retain(fingerpost: Any) -> int:
        found = await fingerpost.retention.run()
        _print(", ".join(f"{name}: {number}" for name, number in found.items()))
        return 0

    return _with_service(retain)


ERASED = {
    "gone": "Erased.",
    "passed_on": "Erased, but for what a service was sent: the console asks staff to take it back.",
    "held": "Held: something in it waits for review by staff.",
    "decided": "Erased, but for a safeguarding decision to tell somebody: kept for a year.",
    "unknown": "No such conversation.", "failed": "Not all of it could be erased. Try again.",
}


def _erase(given: argparse.Namespace) -> int:
    async def erase(fingerpost: Any) -> int:
        found = await fingerpost.retention.erase(given.id)
        _print(ERASED[found])
        return 0 if found in ("gone", "passed_on", "decided") else 1

    return _with_service(erase)


def _export(given: argparse.Namespace) -> int:
    async def export(fingerpost: Any) -> int:
        from bot.service.export import export as made

        _print(await made(fingerpost.store, fingerpost.keys, given.id))
        return 0

    return _with_service(export)


def _review(given: argparse.Namespace) -> int:
    from bot import review

    return review.run(date.today())


def _directory(given: argparse.Namespace) -> int:
    """Exit with 1 when something that people are told now is due for a check."""
    from pathlib import Path

    from bot.service import directory_check
    from bot.settings import ROOT
    from bot.store.directory import DirectoryError, load

    folder = Path(given.folder) if given.folder else ROOT / "data" / "directory"
    try:
        services = load(folder).services
    except (DirectoryError, OSError) as problem:
        _print(f"The directory cannot be read:\n{problem}")
        return 1
    if given.json:
        _print(json.dumps(directory_check.report(services, date.today()), ensure_ascii=False))
    else:
        for line in directory_check.lines(services, date.today()):
            _print(line)
    return int(directory_check.is_anything_said_due(services, date.today()))


def _routes(given: argparse.Namespace) -> int:
    from bot import routes_check

    return routes_check.main()


def _rota(given: argparse.Namespace) -> int:
    from bot import rota_check, settings
    from bot.means import pagers

    found = settings.load()
    return rota_check.run(found, pagers(found), datetime.now(UTC))


def _drill(given: argparse.Namespace) -> int:
    from bot import drill, settings

    return asyncio.run(drill.run(settings.load(), danger=given.danger, within=given.within))


def _demo(given: argparse.Namespace) -> int:
    from bot import demo

    return asyncio.run(demo.run())


def _bench(given: argparse.Namespace) -> int:
    import subprocess

    from bot.settings import ROOT

    what = ["tests.load.calls"] if given.calls else ["tests.load.bench"]
    what += ["--quick"] if given.quick and not given.calls else []
    return subprocess.call([sys.executable, "-m", *what], cwd=ROOT)


def _with_service(job: Callable[[Any], Awaitable[int]]) -> int:
    from bot import settings
    from bot.service.ports import ConversationError
    from bot.store.database import StoreError
    from bot.store.keys import check_service_key
    from bot.store.migrate import migrate
    from bot.wiring import wire

    async def run() -> int:
        found = settings.load()
        await migrate(found)
        await check_service_key(found)
        fingerpost = wire(found)
        try:
            return await job(fingerpost)
        except ConversationError as problem:
            _print(f"Not done: {problem.code}.")
            return 1
        finally:
            await fingerpost.close()

    try:
        return asyncio.run(run())
    except StoreError:
        _print("The database does not answer. Is the disk full, or the server down?")
        return 1


def _print(text: str) -> None:
    print(text)  # noqa: T201 - this is the command line's own voice


COMMANDS = {
    "up": _up,
    "train": _train,
    "screen": _screen,
    "chat": _chat,
    "call": _call,
    "staff": _staff,
    "audit": _audit,
    "retain": _retain,
    "erase": _erase,
    "export": _export,
    "review": _review,
    "rota": _rota,
    "routes": _routes,
    "drill": _drill,
    "directory": _directory,
    "demo": _demo,
    "bench": _bench,
}

if __name__ == "__main__":
    sys.exit(main())
