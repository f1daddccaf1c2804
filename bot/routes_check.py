# SPDX-License-Identifier: Apache-2.0
"""`fingerpost routes check`: by which route each service takes notes, and what one still lacks."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from bot.policy.route import PRINT, Route, certain
from bot.service.referring import Ways
from bot.settings import ROOT, Settings, load
from bot.store import directory
from bot.wiring_notes import ways as ways_of

NO_FILE = "FINGERPOST_ROUTES names no file: see data/referral/routes-example.yml."
SETTINGS = {
    "email": "FINGERPOST_SMTP_URL and FINGERPOST_MAIL_FROM are not set",
    "link": "FINGERPOST_PUBLIC_URL is no address with https",
    "certain": "the service has not confirmed it with a day and certainty: high",
}


def main() -> int:
    """Check the routes of this deployment's own settings."""
    settings = load()
    listed = directory.load(ROOT / "data" / "directory").services
    names = {service.id: service.name for service in listed}
    return run(settings, ways_of(settings, names), names)


def run(settings: Settings, ways: Ways, names: Mapping[str, str]) -> int:
    """Print each route; 0 when every one is used, 1 when one is not, 2 when no file is named.

    `names`: every service of the directory by its id.
    """
    if not settings.routes:
        return _say(2, NO_FILE, *_by_hand(ways, names))
    if ways.problems:
        return _say(1, *ways.problems, "Until then every note is sent by hand.")
    lacking = {name: list(_lacks(route, ways)) for name, route in ways.routes.items()}
    lines = [
        f"{names[name]} ({name}): {_way(route)}"
        + (f"; not used, a worker sends it: {', '.join(lacking[name])}" if lacking[name] else "")
        for name, route in sorted(ways.routes.items())
    ]
    return _say(int(any(lacking.values())), *lines, *_by_hand(ways, names))


def _way(route: Route) -> str:
    to = "printed by a worker" if route.by == PRINT else f"by {route.by} to {route.to}"
    rung = f", rung in danger on {route.voice}" if route.voice else ""
    return f"{to}, {f'confirmed {route.confirmed}' if route.confirmed else 'not confirmed'}{rung}"


def _lacks(route: Route, ways: Ways) -> list[str]:
    """Return why a route is not used, nothing for one that is."""
    found = [] if certain(route) else [SETTINGS["certain"]]
    if route.by != PRINT:
        found += [] if route.by in ways.couriers else [SETTINGS[route.by]]
        found += [] if ways.links else [SETTINGS["link"]]
    return found


def _by_hand(ways: Ways, names: Mapping[str, str]) -> list[str]:
    left = sorted(name for service, name in names.items() if service not in ways.routes)
    return [f"In no file, so a worker sends their notes ({len(left)}): {', '.join(left)}"]


def _say(code: int, *lines: str) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code
