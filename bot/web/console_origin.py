# SPDX-License-Identifier: Apache-2.0
"""From where a request came: this computer, our own TLS proxy, or elsewhere."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from aiohttp import HttpVersion, HttpVersion11

OWN_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?")
# What proxies, tunnels and content networks add; any name that begins with x-forwarded counts too.
FORWARDING = frozenset(
    """forwarded via x-real-ip x-client-ip x-cluster-client-ip x-original-host x-original-for
    x-proxyuser-ip x-envoy-external-address x-appengine-user-ip true-client-ip fastly-client-ip
    cf-connecting-ip cf-ray cdn-loop x-amzn-trace-id x-azure-clientip fly-client-ip""".split()
)


def came_directly(remote: str | None, version: HttpVersion, headers: Mapping[str, str]) -> bool:
    """Say whether a request came from this very computer, with nothing in between."""
    names = {name.lower(): value.lower() for name, value in headers.items()}
    forwarded = FORWARDING & set(names) or any(n.startswith("x-forwarded") for n in names)
    origin = names.get("origin", "null")
    return (
        is_loopback(remote)
        and not forwarded
        # No browser speaks HTTP/1.0; a proxy with nothing configured does, and adds no header.
        and version >= HttpVersion11
        and OWN_HOST.fullmatch(names.get("host", "")) is not None
        and (origin == "null" or OWN_HOST.fullmatch(origin.partition("://")[2]) is not None)
    )


def came_by_our_proxy(remote: str | None, headers: Mapping[str, str], console_url: str) -> bool:
    """Say whether a request came by the TLS proxy on this computer, at the console's own address.

    What a proxy says of who asks is not believed and not needed: a second factor is.
    """
    names = {name.lower(): value.lower() for name, value in headers.items()}
    own = console_url.rstrip("/").lower()
    return (
        own.startswith("https://")
        and is_loopback(remote)
        and names.get("host", "") == own.removeprefix("https://")
        and names.get("origin", own) in (own, "null")
    )


def is_shared(remote: str | None, version: HttpVersion, headers: Mapping[str, str]) -> bool:
    """Say whether many people may stand behind this address: it is a proxy on this computer."""
    return is_loopback(remote) and not came_directly(remote, version, headers)


def is_loopback(remote: str | None) -> bool:
    """Say whether an address is of this very computer."""
    try:
        address = ipaddress.ip_address(remote or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
