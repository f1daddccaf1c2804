# SPDX-License-Identifier: Apache-2.0
"""Every call in the files beside this one goes as told, and none breaks what always holds."""

from __future__ import annotations

import sys

import pytest

from tests.calls.acceptance import always
from tests.calls.acceptance.playing import Player
from tests.calls.acceptance.script import files, read
from tests.calls.acceptance.transcript import Names
from tests.calls.acceptance.world import world

FILES = files()


@pytest.mark.parametrize("path", FILES, ids=[path.stem.replace("_", " ") for path in FILES])
async def test_call(path, parts, tmp_path, unused_tcp_port_factory):
    script, names = read(path), Names(parts.words)
    happens = sum(step.does for step in script.steps)
    for most in range(1, happens + 1) if script.cut else [None]:
        folder = tmp_path / str(most)
        async with world(parts, folder, unused_tcp_port_factory, script.on_duty) as found:
            player = Player(found, names)
            try:
                await player.play(script, most)
            except AssertionError as failed:
                raise AssertionError(f"{failed}\n{player}") from None
            sys.stdout.write(f"\n{script.about}\n{player}\n")  # read it with pytest -s
            assert not (wrong := always.wrong(player)), "\n".join([*wrong, str(player)])


def test_the_calls_are_there_and_each_checks_something():
    for path in FILES:
        script = read(path)
        assert script.about and any(not step.does for step in (*script.steps, *script.then))
    assert len(FILES) >= 12
