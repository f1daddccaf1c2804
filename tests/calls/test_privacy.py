# SPDX-License-Identifier: Apache-2.0
"""Nothing is recorded, nothing personal is in an address, a name or a log; no answer is long."""

from __future__ import annotations

import ast
import logging
from types import SimpleNamespace

import pytest

from bot.settings import ROOT
from tests.calls.acceptance import always
from tests.calls.conftest import PIN

PLANTED = "marigold"
NUMBER = "+447700900123"


async def a_whole_call(cloud):
    caller = await cloud.call(NUMBER)
    await caller.say(f"my neighbour {PLANTED} took my bike")
    await caller.press("5")
    await caller.press("9")
    leg = await cloud.ringing()
    await caller.press("0")
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await leg.press("1")
    await caller.hang_up()
    await cloud.settle()
    return caller, leg


async def test_what_holds_in_every_call_holds_on_each_telephone(cloud, worker):
    for leg in await a_whole_call(cloud):
        assert [*always.documents(leg), *always.hints(leg)] == []
    for path, _ in cloud.posts:
        assert always.OURS.fullmatch(path) and PLANTED not in path and NUMBER[1:] not in path


@pytest.mark.parametrize(
    "document",
    [
        "<Dial record='record-from-answer'><Conference>0123456789abcdef</Conference></Dial>",
        "<Record/>",
        "<Start><Transcription/></Start>",
        "<Dial><Conference>marigold</Conference></Dial>",
        "<Redirect>/telephony/turn/x?who=marigold</Redirect>",
        "<Gather input='dtmf' timeout='9' action='/telephony/turn/x'/>",
        "<Gather input='dtmf speech' timeout='8' action='/telephony/turn/x' language='en-US'/>",
        f"<Say>{'a' * 4097}</Say>",
        "",
    ],
)
def test_what_must_never_be_is_seen(document):
    leg = SimpleNamespace(answers=[f"<Response>{document}</Response>"], twiml="")
    assert [*always.documents(leg)]


async def test_nothing_in_the_code_asks_for_a_recording():
    """What Twilio is asked for, by name, in every module of the telephone."""
    listens = {"record", "recordings", "start", "stream", "siprec", "transcription", "recording"}
    for path in (ROOT / "telephony").glob("*.py"):
        builds = "twilio.twiml" in path.read_text()
        for node in ast.walk(ast.parse(path.read_text())):
            if builds and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in listens, f"{path.name}:{node.lineno}"
            if isinstance(node, ast.keyword) and node.arg and "record" in node.arg:
                assert isinstance(node.value, ast.Name) and node.value.id == "NEVER_RECORD"


@pytest.mark.parametrize("on_call", [()])
async def test_a_flood_of_words_is_told_in_several_answers(cloud, worker, fingerpost):
    leg = await cloud.call()
    await leg.press("0")
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, worker)
    told = [f"part {n} & so on. " * 200 for n in range(30)]
    for text in told:
        await fingerpost.handover.say(waiting.id, worker, text)
    for _ in range(20):
        await leg.wait()
    heard = " ".join(leg.heard)
    assert all(len(text.encode()) < 64_000 for text in leg.answers)
    assert [n for n in range(30) if f"part {n} " in heard] == list(range(30))


async def test_no_log_holds_a_word_a_number_or_a_call(cloud, worker, caplog):
    caplog.set_level(logging.DEBUG)
    caller, leg = await a_whole_call(cloud)
    own = [r for r in caplog.records if r.name.startswith(("telephony", "bot", "twilio"))]
    logged = " ".join(f"{r.getMessage()} {r.__dict__}" for r in own)
    for planted in (PLANTED, NUMBER, NUMBER[1:], caller.sid, leg.sid, leg.to, PIN):
        assert planted not in logged


async def test_the_callers_number_is_kept_nowhere(cloud, worker, fingerpost, settings):
    await a_whole_call(cloud)
    await fingerpost.close()
    for name in ("fingerpost.db", "fingerpost.db-wal", "keys.db"):
        path = settings.var / name
        if path.exists():
            assert NUMBER[1:].encode() not in path.read_bytes()
            assert PLANTED.encode() not in path.read_bytes()
