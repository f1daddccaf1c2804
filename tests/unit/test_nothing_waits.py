# SPDX-License-Identifier: Apache-2.0
"""What was half said before a code is not read with the words of whoever holds it."""

from bot.service.conversation import _nothing_waits
from bot.service.transcript import Dialogue


def test_half_a_sentence_from_before_a_code_is_let_go() -> None:
    dialogue = Dialogue(halves=["he hits"])
    _nothing_waits(dialogue)
    assert dialogue.halves == []
