# SPDX-License-Identifier: Apache-2.0
"""What `up` watches stays up: a start that fails, a question that fails, an IPv6 address."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.settings import load
from bot.up import Child, _children, in_address

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]


@asynccontextmanager
async def watched(child: Child):
    task = asyncio.create_task(child.watch())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await child.stop()


async def well() -> bool:
    return True


async def test_a_child_that_cannot_be_started_is_started_when_it_can():
    child = Child("It", ["/no/such/program"], well, dict(os.environ))
    async with watched(child) as task:
        await asyncio.sleep(0.2)
        assert not task.done() and not child.ready.is_set()
        child.command = SLEEPS
        await asyncio.wait_for(child.ready.wait(), 10)


async def test_a_child_that_cannot_be_asked_how_it_is_is_replaced():
    asked = []

    async def fails_once() -> bool:
        asked.append(child.process.pid)
        if len(asked) == 1:
            raise RuntimeError
        return True

    child = Child("It", SLEEPS, fails_once, dict(os.environ))
    async with watched(child):
        await asyncio.wait_for(child.ready.wait(), 15)
        assert child.process.pid != asked[0] and child.process.returncode is None
        with pytest.raises(ProcessLookupError):
            os.kill(asked[0], 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
async def test_the_edge_is_asked_where_it_listens(tmp_path, host):
    async def page(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, 0)
        await site.start()
    except OSError:
        await runner.cleanup()
        pytest.skip("this machine has no IPv6")
    port = runner.addresses[0][1]
    found = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_HOST": host, "FINGERPOST_PORT": str(port)}
    )
    assert await _children(found, {})["edge"].healthy()
    await runner.cleanup()


def test_an_address_with_ipv6_can_be_opened():
    assert in_address("::1") == "[::1]" and in_address("127.0.0.1") == "127.0.0.1"
