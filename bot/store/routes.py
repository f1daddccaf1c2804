# SPDX-License-Identifier: Apache-2.0
"""Reads by which route each service takes notes, and says everything that is wrong with the file.

What is not certain is kept for whoever confirms it next, and never used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import yaml

from bot.policy.hours import Certainty
from bot.policy.mail_address import is_address
from bot.policy.route import By, Route
from bot.settings import SettingsError

FIELDS = {"by", "to", "certainty", "confirmed", "voice", "secret_file"}
HOOK = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[^\s?#]*)?")
DIALLED = re.compile(r"\+44[1-9]\d{8,9}")
SHORTEST_SECRET = 32


def load(path: Path | None, known: Collection[str]) -> dict[str, Route]:
    """Return the routes in a file by the service's id, none without a file.

    Raises SettingsError that names all that is wrong. `known`: the services of the directory.
    """
    if path is None:
        return {}
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError):
        raise SettingsError([f"FINGERPOST_ROUTES: {path} is not a file of YAML."]) from None
    services = held.get("services") if isinstance(held, dict) else None
    if not isinstance(services, dict) or set(held) != {"services"}:
        raise SettingsError([f"FINGERPOST_ROUTES: {path} holds no `services` and nothing else."])
    problems: list[str] = []
    found = {}
    for name, entry in services.items():
        if name not in known:
            problems.append(f"{name}: the directory has no such service.")
        wrong = list(_wrong(entry))
        problems += [f"{name}: {problem}" for problem in wrong]
        if not wrong:
            found[str(name)] = _route(entry, path, str(name), problems)
    if problems:
        raise SettingsError([f"FINGERPOST_ROUTES: {problem}" for problem in problems])
    return found


def _wrong(entry: Any) -> list[str]:
    if not isinstance(entry, Mapping):
        return ["is not a route."]
    problems = [f"{name} is not part of a route." for name in sorted(set(entry) - FIELDS)]
    by, to = entry.get("by"), str(entry.get("to", ""))
    if by not in get_args(By):
        problems.append(f"by is one of {', '.join(get_args(By))}.")
    if by == "email" and not is_address(to):
        problems.append("to is an e-mail address.")
    if by == "webhook" and not HOOK.fullmatch(to):
        problems.append("to starts with https:// and has no ? in it.")
    if by == "webhook" and not entry.get("secret_file"):
        problems.append("a webhook needs a secret_file.")
    if entry.get("certainty") not in get_args(Certainty):
        problems.append(f"certainty is one of {', '.join(get_args(Certainty))}.")
    confirmed = entry.get("confirmed")
    if confirmed is not None and not isinstance(confirmed, date):
        problems.append("confirmed is a day, like 2026-11-27.")
    if entry.get("certainty") == "high" and confirmed is None:
        problems.append("what is certain says on which day it was confirmed.")
    if entry.get("voice") is not None and not DIALLED.fullmatch(str(entry["voice"])):
        problems.append("voice is written like +441171234567, with no spaces.")
    return problems


def _route(entry: Mapping[str, Any], path: Path, name: str, problems: list[str]) -> Route:
    secret = ""
    if entry.get("secret_file"):
        file = path.parent / str(entry["secret_file"])
        try:
            secret = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{name}: {file} cannot be read.")
        else:
            if len(secret) < SHORTEST_SECRET:
                problems.append(f"{name}: the secret has {SHORTEST_SECRET} characters or more.")
    return Route(
        by=entry["by"], to=str(entry.get("to", "")), certainty=entry["certainty"],
        confirmed=entry.get("confirmed"), voice=str(entry.get("voice") or ""), secret=secret,
    )  # fmt: skip
