# SPDX-License-Identifier: Apache-2.0
"""Which ports the call test needs, from its first one, and which of them somebody else has."""

from __future__ import annotations

import socket

PHONES = 3
"""More than any scenario opens at once."""
REST, SIP, RTP, FIRST_PHONE, EACH_PHONE = 10, 20, 220, 40, 20
RTP_RANGE = 100
"""Where each stands above the first port: the exchange's REST API, its calls and their sound, and
the telephones. Fingerpost itself has the first four."""


def needed(first: int) -> dict[socket.SocketKind, list[int]]:
    """Return the ports, those of connections and those of datagrams: calls and sound are these."""
    phones = [first + FIRST_PHONE + EACH_PHONE * number for number in range(PHONES)]
    control = [phone + beside for phone in phones for beside in (0, 1, 4)]
    sound = [port for phone in phones for port in range(phone + 10, phone + 19)]
    exchange = range(first + RTP, first + RTP + RTP_RANGE)
    return {
        socket.SOCK_STREAM: [*range(first, first + 4), first + REST, *control],
        socket.SOCK_DGRAM: [first + SIP, *phones, *sound, *exchange],
    }


def taken(first: int) -> int | None:
    """Return a port that somebody else has, None where all are free."""
    for kind, ports in needed(first).items():
        for port in ports:
            with socket.socket(socket.AF_INET, kind) as tried:
                if kind is socket.SOCK_STREAM:  # a connection that just ended stands in no way
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    tried.bind(("127.0.0.1", port))
                except OSError:
                    return port
    return None
