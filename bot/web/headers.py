# SPDX-License-Identifier: Apache-2.0
"""Which headers every answer carries: nothing is kept, nothing is framed, nothing leaks."""

from __future__ import annotations

from aiohttp import web

from bot.web.keys import FINGERPOST

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), "
        "autoplay=(), browsing-topics=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on an answer that is about to be sent."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Scripts and styles too: a cached file is a trace of the visit on a shared device.
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Server", None)
    if request.app[FINGERPOST].settings.public_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
