# SPDX-License-Identifier: Apache-2.0
"""Serves the actions: `python -m actions.serve`, on the loopback, until its parent goes.

rasa-sdk's own server listens on every address, asks nobody who they are, and puts the request
into its error replies; so only its executor is used.
"""

from __future__ import annotations

import hmac
import logging
import sys

from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions import callback, consent, information, news, privacy, referral, services
from actions.base import BaseAction, app
from bot import lifeline, logs
from bot.settings import load

log = logging.getLogger(__name__)
KEY_HEADER = "X-Fingerpost-Key"


def executor() -> ActionExecutor:
    """Return every action of this folder, by name."""
    found = ActionExecutor()
    for module in (services, information, referral, callback, consent, news, privacy):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, BaseAction) and kind.NAME:
                found.register_action(kind())
    return found


def build(key: str) -> Sanic:
    """Return the server; only who knows the key is answered."""
    server, actions = Sanic("actions", configure_logging=False), executor()
    server.config.KEEP_ALIVE_TIMEOUT = 75

    @server.middleware("request")
    async def only_ours(request: Request) -> HTTPResponse | None:
        given = request.headers.get(KEY_HEADER, "")
        if not hmac.compare_digest(given.encode(), key.encode()):
            return json({"code": "not_ours"}, 401)
        return None

    @server.listener("before_server_start")
    async def put_together(server: Sanic, loop: object) -> None:
        app()  # not in the first person's turn: it reads the directory and the words

    @server.get("/health")
    async def health(request: Request) -> HTTPResponse:
        return json({"actions": sorted(actions.actions)})

    @server.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        try:
            return json(await actions.run(request.json))
        except Exception as problem:
            log.error("an action call was refused", extra={"error": type(problem).__name__})
            return json({"code": "refused"}, 500)

    return server


def main() -> int:
    """Serve until the parent goes."""
    logs.configure()
    lifeline.hold()
    settings = load()
    build(settings.local_key).run("127.0.0.1", settings.actions_port, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
