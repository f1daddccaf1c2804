# SPDX-License-Identifier: Apache-2.0
"""How messages look as JSON, and how JSON and forms become what a person said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.policy.turn import Message, Reply, Said, ServiceCard
from bot.web.problem import Problem

LONGEST_ID = 64
BIGGEST = 2**53


def message(one: Message) -> dict[str, Any]:
    """Return a message as the contract shapes it."""
    return {
        "id": one.id,
        "from": one.sender.value,
        "kind": one.kind.value,
        "text": one.text,
        "choices": [{"id": c.id, "label": c.label, "key": c.key} for c in one.choices],
        "services": [service(s) for s in one.services],
        "lines": [{"id": x.id, "label": x.label, "text": x.text} for x in one.lines],
        "at": one.at,
    }


def service(one: ServiceCard) -> dict[str, Any]:
    """Return a service card as the contract shapes it."""
    return {
        "id": one.id,
        "name": one.name,
        "why": one.why,
        "phone": one.phone,
        "text": one.text,
        "url": safe_url(one.url),
        "open_now": one.open_now,
        "free": one.free,
    }


def safe_url(url: str | None) -> str | None:
    """Return an address only if it is a web page, whatever a directory record holds."""
    return url if url and url.startswith(("https://", "http://")) else None


def reply(one: Reply) -> dict[str, Any]:
    """Return a reply as the contract shapes it."""
    return {"state": one.state.value, "messages": [message(m) for m in one.messages]}


async def body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request; no body at all counts as an empty one."""
    raw = await request.read()
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Problem("not_json") from None
    if not isinstance(found, dict):
        raise Problem("wrong_shape")
    return found


def said(found: Mapping[str, Any]) -> Said:
    """Return what a person said, from a JSON object of the contract's shape."""
    text, choice = _text(found, "text"), _text(found, "choice", LONGEST_ID)
    client_id = _text(found, "client_id", LONGEST_ID)
    without = found.get("without") or []
    if not isinstance(without, list) or not all(isinstance(w, str) for w in without):
        raise Problem("wrong_shape")
    seen = found.get("seen")
    if seen is not None and (type(seen) is not int or seen < 0):
        raise Problem("wrong_shape")
    if choice and text:
        raise Problem("both")
    known = {"client_id": client_id or None, "seen": seen}
    return Said(text=text, choice=choice, without=tuple(without), **known)


def _text(found: Mapping[str, Any], name: str, longest: int = 0) -> str:
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or (longest and len(value) > longest):
        raise Problem("wrong_shape")
    # JSON can hold half of a surrogate pair, which no database and no page can.
    return value.encode("utf-8", "replace").decode("utf-8")


def number(value: str | None) -> int:
    """Return the number of the newest message a client has; none means none."""
    if not value:
        return 0
    if not value.isascii() or not value.isdigit() or len(value) > 16:
        raise Problem("wrong_shape")
    return min(int(value), BIGGEST)
