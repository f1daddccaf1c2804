# SPDX-License-Identifier: Apache-2.0
"""The only door into Rasa: the edge's turns, on the loopback, with the word our processes share.

POST /webhooks/fingerpost/turn takes one turn and gives what is said, or a 503 when nothing of it
was kept. GET /webhooks/fingerpost/health says what is really loaded.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.assistant.engine import Engine
from bot.assistant.meaning import Turn

log = logging.getLogger(__name__)
KEY_HEADER = "X-Fingerpost-Key"
TEXTS = ("conversation_id", "turn_id", "medium", "text")
HEARD = ("intent", "topic", "urgency", "choice")


class BadTurn(Exception):
    """The body is not a turn."""


def blueprint(key: str, model: str) -> Blueprint:
    """Return the routes; the engine is found in the application's context once it is loaded."""
    routes = Blueprint("fingerpost", url_prefix="/webhooks/fingerpost")
    under_way: set[asyncio.Task[Any]] = set()

    @routes.middleware("request")
    async def only_ours(request: Request) -> HTTPResponse | None:
        given = request.headers.get(KEY_HEADER, "")
        if not hmac.compare_digest(given.encode(), key.encode()):
            return json({"code": "not_ours"}, 401)
        return None

    @routes.get("/health")
    async def health(request: Request) -> HTTPResponse:
        engine: Engine = request.app.ctx.engine
        ready = engine.agent.is_ready()
        held = type(engine.agent.processor.tracker_store).__name__ if ready else ""
        body = {"agent_ready": ready, "store": held, "model": model}
        return json(body, 200 if ready else 503)

    @routes.post("/turn")
    async def turn(request: Request) -> HTTPResponse:
        try:
            heard = read(request.json)
        except Exception:
            return json({"code": "bad_turn"}, 400)
        # A client that goes away cancels this handler; the turn itself must not be cut in two.
        task = asyncio.ensure_future(_answer(request.app, heard))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return await asyncio.shield(task)

    return routes


async def _answer(app: Sanic, turn: Turn) -> HTTPResponse:
    try:
        said = await app.ctx.engine.hear(turn)
    except Exception as problem:
        extra = {"error": type(problem).__name__, "turn": turn.turn_id}
        log.error("a turn was not answered", extra=extra)
        return json({"code": "not_answered"}, 503)
    return json({"messages": said})


def read(body: Any) -> Turn:
    """Return the turn in a request's JSON, or raise BadTurn."""
    if not isinstance(body, dict) or not all(isinstance(body.get(n), str) for n in TEXTS):
        raise BadTurn
    if not body["conversation_id"] or not body["turn_id"]:
        raise BadTurn
    understanding = body.get("understanding") or {}
    heard = {name: understanding[name] for name in HEARD if understanding.get(name)}
    without = body.get("without") or []
    if not all(isinstance(value, str) for value in [*heard.values(), *without]):
        raise BadTurn
    if heard.get("intent") == "choose" and not heard.get("choice"):
        raise BadTurn
    return Turn(**{name: body[name] for name in TEXTS}, **heard, without=tuple(without))
