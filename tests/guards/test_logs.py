# SPDX-License-Identifier: Apache-2.0
"""Nobody's words or numbers reach a log, at DEBUG, through our own code or a library's."""

from __future__ import annotations

import ast
import io
import logging

import pytest

from bot import logs
from bot.policy.turn import Said
from bot.settings import ROOT

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


def logged_names():
    """Yield each name that our own code hands to a log beside the message, and where."""
    for folder in ("bot", "actions", "telephony"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                given = None
                if isinstance(node, ast.keyword) and node.arg == "extra":
                    given = node.value
                elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "extra":
                    given = node.value
                if isinstance(given, ast.Dict):
                    for key in given.keys:
                        if isinstance(key, ast.Constant):
                            yield key.value, path.name


def test_every_name_that_is_logged_comes_through():
    """A name that the formatter drops is a fault nobody can find."""
    assert {name for name, _ in logged_names()} >= {"error", "turn"}
    assert [found for found in logged_names() if found[0] not in logs.SAFE] == []


def test_a_failed_request_is_logged_with_its_place(written):
    logging.getLogger("bot.web.errors").error(
        "a request failed", extra={"route": "/staff", "where": "desk.py:3", "error": "KeyError"}
    )
    assert "/staff" in written.getvalue() and "desk.py:3" in written.getvalue()
