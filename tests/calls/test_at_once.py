# SPDX-License-Identifier: Apache-2.0
"""Twenty calls at once, with the real dialogue: each goes through, and none waits long.

Here everything shares one process with the callers, so that the limit is a wide one; how long it
takes in processes of its own is measured by `fingerpost bench --calls` (docs/telephone.md).
"""

from __future__ import annotations

import sys

from tests.calls.acceptance.world import world
from tests.calls.conftest import TOKEN
from tests.load.calls import DOES, Timed, at_once
from tests.situations.conftest import parts  # noqa: F401 - a fixture

CALLS = 20
LONGEST = 4_700.0
"""Milliseconds, on a machine that runs other tests beside: later, a caller hears other words."""


async def test_twenty_calls_at_once(parts, tmp_path, unused_tcp_port_factory):  # noqa: F811
    async with world(parts, tmp_path, unused_tcp_port_factory, on_duty=False) as found:
        line = Timed(f"http://127.0.0.1:{found.found.settings.port}", TOKEN)
        took = await at_once(line, CALLS, pause=1.0)
        sys.stdout.write(f"\n{took}\n")
        answers = {leg.sid: " ".join(leg.heard) for leg in line.legs.values()}
        await line.close()
    assert len(line.took) >= CALLS * len(DOES)
    assert all("Something is not working" not in heard for heard in answers.values())
    assert took["p95_ms"] < LONGEST
    assert not found.assistant.failed
