# SPDX-License-Identifier: Apache-2.0
"""What a request gets when it cannot be answered: one place, so that no trace ever leaves."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web

from bot.service.ports import ConversationError
from bot.store.database import StoreError
from bot.web.keys import FINGERPOST
from bot.web.problem import Problem

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CODES = {404: "not_found", 405: "not_allowed", 413: "too_long", 403: "refused"}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every refusal and every fault into an answer that says what to do."""
    try:
        return await handler(request)
    except Problem as problem:
        return shown(request, problem)
    except ConversationError as error:
        return shown(request, Problem(error.code, getattr(error, "reply", None)))
    except StoreError:
        return shown(request, Problem("not_stored"))
    except web.HTTPException as error:
        if error.status < 400 or error.status == 401:
            raise
        answer = shown(request, Problem(CODES.get(error.status, "wrong_shape")), error.status)
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except Exception as error:
        # The class only: an exception's own text may hold what a person wrote.
        log.error("a request failed", extra={"route": route(request), **fault(error)})
        return shown(request, Problem("trouble"))


class Nameless(logging.Filter):
    """Takes addresses and words out of what the HTTP server logs by itself (malformed requests)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep that it happened and the class of the error, and nothing else."""
        error = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "the web server could not take a request", ()
        record.error = error.__name__ if error else ""
        record.exc_info, record.exc_text = None, None
        return True


def server_log() -> logging.Logger:
    """Return the logger that the HTTP server is given."""
    found = logging.getLogger("bot.web.server")
    if not found.filters:
        found.addFilter(Nameless())
    return found


def fault(error: BaseException) -> dict[str, str]:
    """Return the class of an error and the line it came from, which hold nobody's words."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}


def route(request: web.Request) -> str:
    """Return the address pattern of a request, which holds no id."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


def shown(request: web.Request, problem: Problem, status: int = 0, draft: str = "") -> web.Response:
    """Return a refusal as this client can read it, and on a page what the person had typed."""
    status = status or problem.status
    words = request.app[FINGERPOST].words
    detail = problem.detail(words)
    if request.path.startswith(("/api/", "/directory/")):
        response = web.json_response(
            {
                "type": f"urn:fingerpost:problem:{problem.code}",
                "title": problem.code.replace("_", " ").capitalize(),
                "status": status,
                "code": problem.code,
                "detail": detail,
            },
            status=status,
            content_type="application/problem+json",
        )
    elif "text/html" in request.headers.get("Accept", ""):
        response = aiohttp_jinja2.render_template(
            "problem.html", request, {"detail": detail, "draft": draft}, status=status
        )
    else:
        response = web.Response(text=detail + "\n", status=status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = "5"
    return response
