# SPDX-License-Identifier: Apache-2.0
"""What is taken for a name somebody likes to be called, row by row."""

from __future__ import annotations

import pytest

from bot.policy.called import read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada", "Ada"),
        ("ada", "ada"),
        ("my name's Ada Lovelace.", "Ada Lovelace"),
        ("just call me Jo-Ann O'Neill, please", "Jo-Ann O'Neill"),
        ("Ann Mary Jane Smith", ""),
        ("Just call me Jo-Ann O'Neill", "Jo-Ann O'Neill"),
        ("I'm Zoë", "Zoë"),
        ("Mrs. Okafor", "Mrs. Okafor"),
        ("no", ""),
        ("skip", ""),
        ("he shouted", ""),
        ("not my real name", ""),
        ("who sees it?", ""),
        ("07400 123456", ""),
        ("ada@example.org", ""),
        ("in danger", ""),
        ("I'm in danger", ""),
        ("hiding", ""),
        ("im hiding", ""),
        ("bleeding", ""),
        ("please hurry", ""),
        ("help me", ""),
        ("someone coming", ""),
        ("trapped upstairs", ""),
        ("Hope", "Hope"),
        ("A" * 41, ""),
        ("", ""),
    ],
)
def test_a_name_is_plainly_one(text, name):
    assert read(text) == name
