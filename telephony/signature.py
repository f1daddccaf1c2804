# SPDX-License-Identifier: Apache-2.0
"""Whether a post came from Twilio: its signature over our own public address, and nothing else.

The address is never built from forwarded headers, which anybody can send. Every way in which a
post can be malformed is a refusal, never an error (see docs/threat-model.md).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from multidict import MultiDict, MultiDictProxy
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from bot.settings import Settings

LOCAL_TOKEN = "call.token"  # noqa: S105 - a file's name
FORM = "application/x-www-form-urlencoded"
BIGGEST = 64 * 1024
LOOPBACK = ("127.0.0.1", "::1")

Form = MultiDictProxy[str]


def local_url(settings: Settings) -> str:
    """Return the edge's own address on this machine."""
    return f"http://127.0.0.1:{settings.port}"


def public_url(settings: Settings) -> str:
    """Return the address Twilio knows us by, without a last slash."""
    return (settings.public_url or local_url(settings)).rstrip("/")


def prefix(settings: Settings) -> str:
    """Return the path under which a proxy shows us, "" for none."""
    return urlsplit(public_url(settings)).path


def local_token(var: Path) -> str:
    """Return this machine's own token, "" when none was made or others may read it."""
    path = var / LOCAL_TOKEN
    try:
        if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
            return ""
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


async def signed_form(request: web.Request, settings: Settings) -> Form | None:
    """Return the form of a post that Twilio signed, None for any other post."""
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not signature or request.content_type != FORM:
        return None
    if (request.content_length or 0) > BIGGEST:
        return None
    try:
        form = MultiDictProxy(MultiDict((k, str(v)) for k, v in (await request.post()).items()))
    except (ValueError, LookupError, web.HTTPException):
        return None
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
    path = request.rel_url.raw_path_qs
    for token, address in _known(request, settings):
        try:
            if RequestValidator(token).validate(address + path, form, signature, algorithm):
                return form
        except (TypeError, ValueError, IndexError, UnicodeError):
            return None
    return None


def signed_socket(request: web.Request, settings: Settings) -> bool:
    """Say whether Twilio asks for this socket. It signs our wss address and nothing else.

    The same signature fits every call: which call it is, the word in the first frame must prove.
    """
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not signature or request.rel_url.query_string:
        return False
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
    for token, address in _known(request, settings):
        url = socket_url(address + request.rel_url.raw_path)
        try:
            if RequestValidator(token).validate(url, {}, signature, algorithm):
                return True
        except (TypeError, ValueError, IndexError, UnicodeError):
            return False
    return False


def socket_url(address: str) -> str:
    """Return the address of a socket at an address of ours: wss for https."""
    return "ws" + address.removeprefix("http")


def _known(request: web.Request, settings: Settings) -> list[tuple[str, str]]:
    """Return each token that may have signed, with the address it signs."""
    if settings.twilio_auth_tokens:
        return [(t, public_url(settings)) for t in settings.twilio_auth_tokens]
    token = local_token(settings.var) if request.remote in LOOPBACK else ""
    return [(token, local_url(settings))] if token else []
