# SPDX-License-Identifier: Apache-2.0
"""A database's address as people write it, and as its driver needs it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

# What may stand behind the "?" of a PostgreSQL address; the driver fails on anything else.
POSTGRESQL_MAY_SAY = {"host", "port", "ssl"}


def database_url(given: str) -> str:
    """Return a database's address with the driver it needs; raise ValueError if it is none."""
    scheme, _, rest = given.partition("://")
    if scheme in ("sqlite", "sqlite+aiosqlite") and len(rest) > 1 and rest.startswith("/"):
        return f"sqlite+aiosqlite://{rest}"
    parts = urlsplit(given)
    query = {"ssl" if k == "sslmode" else k: v for k, v in parse_qsl(parts.query)}
    known = scheme in ("postgres", "postgresql", "postgresql+asyncpg")
    if not known or parts.port == 0 or query.keys() - POSTGRESQL_MAY_SAY:
        raise ValueError(scheme)
    rest = rest.partition("?")[0]
    return f"postgresql+asyncpg://{rest}" + (f"?{urlencode(query)}" if query else "")
