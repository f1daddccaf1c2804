# SPDX-License-Identifier: Apache-2.0
"""The console on a test client, and staff who are signed in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.web.app import create_app
from tests.console import PASSWORD, Staff
from tests.notes import FRIDAY, ROUTE, Post, use


@pytest.fixture
async def client(fingerpost) -> AsyncIterator[TestClient]:
    fingerpost.accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    async with TestClient(TestServer(create_app(fingerpost))) as found:
        yield found


@pytest.fixture
def sign_in(client, fingerpost):
    """Make an account and sign it in."""
    numbers = iter(range(2479, 9000, 13))

    async def make(name: str = "Sam Okafor", role: str = "worker") -> Staff:
        word = await fingerpost.accounts.add(name, role)
        await fingerpost.accounts.set_up(word, PASSWORD, str(next(numbers)))
        token = await fingerpost.accounts.sign_in(name, PASSWORD)
        worker = await fingerpost.accounts.worker(token)
        return Staff(client, worker.id, token, worker.csrf)

    return make


@pytest.fixture
def post(fingerpost, clock) -> Post:
    """A courier to the one service that has a route, on a Friday at ten."""
    clock.now = FRIDAY
    found = Post()
    use(fingerpost, ("email", found), mill=ROUTE)
    return found
