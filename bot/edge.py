# SPDX-License-Identifier: Apache-2.0
"""The edge: the only process that others may reach. Chat, telephone, console and directory."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

from aiohttp import web

from bot import lifeline, logs, settings
from bot.web.app import create_app
from bot.web.health import health_app
from bot.web.metrics import MEASURES
from bot.wiring import Fingerpost, wire
from telephony.routes import add_routes as add_telephony

log = logging.getLogger(__name__)


def build(fingerpost: Fingerpost) -> web.Application:
    """Return the whole edge as one application, its own work started and stopped with it."""
    app = create_app(fingerpost)
    add_telephony(app, fingerpost)

    async def running(app: web.Application):  # noqa: ANN202 - aiohttp's own shape
        fingerpost.start()
        yield
        await fingerpost.close()

    app.cleanup_ctx.append(running)
    return app


async def serve() -> None:
    """Serve until told to stop."""
    found = settings.load()
    fingerpost = wire(found)
    app = build(fingerpost)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, found.host, found.port, reuse_address=True).start()
    second = health_app(fingerpost, app[MEASURES])
    health = web.AppRunner(second, access_log=None, shutdown_timeout=1)
    await health.setup()
    try:
        await web.TCPSite(health, "127.0.0.1", found.health_port, reuse_address=True).start()
    except OSError:  # people are answered all the same
        log.warning("the health port is in use", extra={"where": str(found.health_port)})
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    await health.cleanup()
    await runner.cleanup()


def main() -> None:
    """Run the edge as a process of its own."""
    os.umask(0o077)
    logs.configure()
    lifeline.hold()
    try:
        asyncio.run(serve())
    except settings.SettingsError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
