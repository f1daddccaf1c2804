# SPDX-License-Identifier: Apache-2.0
"""The call test says before it starts which of its ports somebody else has."""

from __future__ import annotations

import socket

import pytest

from tests.telephone.ports import needed, taken

FIRST = 47300


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_in_use_is_named(kind):
    assert taken(FIRST) is None
    with socket.socket(socket.AF_INET, kind) as held:
        port = needed(FIRST)[kind][-1]
        held.bind(("127.0.0.1", port))
        assert taken(FIRST) == port


def test_all_that_is_needed_lies_within_what_is_asked_for():
    for ports in needed(FIRST).values():
        assert len(set(ports)) == len(ports) and max(ports) < FIRST + 330
