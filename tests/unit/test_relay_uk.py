# SPDX-License-Identifier: Apache-2.0
"""By which words a relay call is known, and by which it is not."""

from __future__ import annotations

import pytest

from telephony.relay_uk import named


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Hello, this is Relay UK, I am typing for a customer.", True),
        ("this is a text relay call go ahead", True),
        ("You have a call by Typetalk", True),
        ("I'm a relay assistant", True),
        ("They are ringing with Next Generation Text", True),
        ("it is a textphone call", True),
        ("he ran in a relay race", False),
        ("I will relay it to my mum in the UK", False),
        ("he smashed my phone and took the text off it", False),
        ("", False),
    ],
)
def test_a_relay_call(said, found):
    assert named(said) is found
