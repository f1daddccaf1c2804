# SPDX-License-Identifier: Apache-2.0
"""Whether a story stays under the worker who has it, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy.closing import LONGEST_CALL, Held, stays

AWAY = Held(line=False, taken=9000, there=False, acted=60, idle=7200)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (AWAY, ""),
        (replace(AWAY, there=True), "at_work"),
        (replace(AWAY, there=True, acted=7200), ""),
        (replace(AWAY, there=True, acted=None), ""),
        # a call goes on though nobody has a console open, but not longer than any call can
        (replace(AWAY, line=True), "on_the_line"),
        (replace(AWAY, line=True, taken=LONGEST_CALL), ""),
        (replace(AWAY, line=True, taken=LONGEST_CALL, there=True), "at_work"),
    ],
)
def test_a_story_stays_only_where_somebody_is_at_work_in_it(held, why):
    assert stays(held) == why
