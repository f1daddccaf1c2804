# SPDX-License-Identifier: Apache-2.0
"""Each frame of Twilio's, and what is none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import frames
from telephony.frames import (
    BadFrame,
    Interrupt,
    Key,
    Prompt,
    Setup,
    Speaking,
    Trouble,
    Unknown,
    read,
)

CALL = {"type": "setup", "sessionId": "VX1", "callSid": "CA1", "from": "+447700900123"}


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        ({**CALL, "customParameters": {"place": "w"}}, Setup("CA1", "w")),
        ({"type": "prompt", "voicePrompt": "Hi!", "lang": "en-US", "last": True},
         Prompt("Hi!", True)),
        ({"type": "prompt", "voicePrompt": "H", "last": False}, Prompt("H", False)),
        ({"type": "dtmf", "digit": "#"}, Key("#")),
        ({"type": "interrupt", "durationUntilInterruptMs": "460"}, Interrupt()),
        ({"type": "interrupt", "durationUntilInterruptMs": 460}, Interrupt()),
        ({"type": "error", "description": "Invalid message received"},
         Trouble("Invalid message received")),
        ({"type": "error"}, Trouble()),
        ({"type": "info", "name": "clientSpeaking", "value": "on", "ts": 1}, Speaking(True)),
        ({"type": "info", "name": "agentSpeaking", "value": "off"}, Speaking(False, ours=True)),
        ({"type": "info", "name": "tokensPlayed", "value": "Hello."}, Unknown()),
        ({"type": "info", "name": "agentSpeaking", "value": True}, Unknown()),
        ({"type": "connected"}, Unknown()),
    ],
)  # fmt: skip
def test_a_frame(frame, found):
    assert read(json.dumps(frame)) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "1", "null", '"setup"', "{}", '{"type": 1}', json.dumps(CALL),
        json.dumps({**CALL, "customParameters": {}}),
        json.dumps({**CALL, "customParameters": {"place": 1}}),
        json.dumps({**CALL, "callSid": None, "customParameters": {"place": "w"}}),
        '{"type":"prompt","voicePrompt":"hi"}', '{"type":"prompt","voicePrompt":"hi","last":1}',
        '{"type":"dtmf","digit":"12"}', '{"type":"dtmf","digit":"A"}', '{"type":"dtmf","digit":5}',
    ],
)  # fmt: skip
def test_what_is_none(text):
    with pytest.raises(BadFrame):
        read(text)


@given(st.text(max_size=300))
def test_nothing_breaks_it(text):
    try:
        read(text)
    except BadFrame:
        pass


def test_words_and_an_end():
    firm = json.loads(frames.text("Call 999.", firmly=True))
    assert (firm["interruptible"], firm["preemptible"], firm["last"]) == (False, False, True)
    assert json.loads(frames.text("Hi"))["interruptible"] is True
    assert frames.handed(json.loads(frames.end("w0rd"))["handoffData"]) == "w0rd"
    for other in ("", "{", "[]", '{"place": 1}', "x"):
        assert frames.handed(other) == ""
