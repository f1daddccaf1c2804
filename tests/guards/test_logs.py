# SPDX-License-Identifier: Apache-2.0
"""Nobody's words or numbers reach a log, at DEBUG, through our own code or a library's."""

from __future__ import annotations

import io
import logging

import pytest

from bot import logs
from bot.policy.turn import Said

PLANTED = ("zanzibar-marmalade", "07700900417")


@pytest.fixture
def written(monkeypatch):
    """Everything this process logs during a test, as the service's own set-up formats it."""
    before = logging.root.handlers[:], logging.root.level
    logs.configure("DEBUG")
    stream = io.StringIO()
    for handler in logging.root.handlers:
        handler.setStream(stream)
    yield stream
    logging.root.handlers[:], level = before
    logging.root.setLevel(level)


async def test_a_whole_conversation_leaves_no_words(fingerpost, assistant, written):
    opened = await fingerpost.conversations.open("chat")
    for text in (
        f"my name is {PLANTED[0]} and he is outside with a knife",
        f"ring me on {PLANTED[1]} about {PLANTED[0]}",
    ):
        await fingerpost.conversations.hear(opened.contact, Said(text=text))
    assistant.down = True
    await fingerpost.conversations.hear(opened.contact, Said(text=PLANTED[0]))
    assert not [word for word in PLANTED if word in written.getvalue()]


def test_neither_arguments_nor_exceptions_are_merged_in(written):
    logging.getLogger("bot.anything").error("could not %s", PLANTED[0])
    logging.getLogger("rasa.core.processor").debug(f"Received {PLANTED[0]}")  # noqa: G004 - as libraries do
    try:
        raise ValueError(PLANTED[1])
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling %s", PLANTED[0])
    logging.getLogger("bot.x").warning("code only", extra={"code": "x1", "text": PLANTED[0]})
    assert "ValueError" in written.getvalue() and "x1" in written.getvalue()
    assert not [word for word in PLANTED if word in written.getvalue()]


def test_structlog_of_a_library_keeps_only_its_place(written):
    import structlog

    structlog.get_logger("rasa.x").warning("processor.message.parse", text=PLANTED[0])
    structlog.get_logger("rasa.x").debug("processor.slots.log", slots=PLANTED[1])
    assert not [word for word in PLANTED if word in written.getvalue()]
