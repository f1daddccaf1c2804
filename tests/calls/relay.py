# SPDX-License-Identifier: Apache-2.0
"""The other end of a socket: Twilio's part of a ConversationRelay, over a real websocket.

It knows nothing of our own modules for it. What we send is checked by a schema written from
Twilio's page "Getting and sending WebSocket messages"; what this stand-in sends, by the models of
Twilio's own `twilio-agent-connect` (their JSON Schemas lie in twilio_relay.json, as the package
needs a newer pydantic than Rasa).
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from xml.etree import ElementTree as Xml

from aiohttp import ClientSession, WSMsgType
from jsonschema import Draft202012Validator
from twilio.request_validator import RequestValidator

from telephony.leg import Leg
from tests.calls.conftest import TOKEN
from tests.fakes import Cloud, until


def _kind(name: str, required: list[str], **known) -> dict:
    return {
        "type": "object",
        "properties": {"type": {"const": name}, **known},
        "required": ["type", *required],
        "additionalProperties": False,
    }


TEXT, FLAG = {"type": "string"}, {"type": "boolean"}
TO_TWILIO = Draft202012Validator(
    {
        "oneOf": [
            _kind(
                "text", ["token", "last"], token=TEXT, last=FLAG, lang=TEXT, interruptible=FLAG,
                preemptible=FLAG,
            ),
            _kind("play", ["source"], source=TEXT, loop={"type": "integer"}, preemptible=FLAG,
                  interruptible=FLAG),
            _kind("sendDigits", ["digits"], digits=TEXT),
            _kind("language", [], ttsLanguage=TEXT, transcriptionLanguage=TEXT),
            _kind("end", [], handoffData=TEXT),
        ]
    }
)  # fmt: skip

MODELS = json.loads(Path(__file__).with_name("twilio_relay.json").read_text(encoding="utf-8"))


def as_twilio_would(name: str, sent: dict) -> None:
    """Raise ValidationError unless Twilio's own model knows what is sent and each of its fields."""
    model = MODELS[name]
    # Twilio's own reader takes "4" for a number too.
    numbers = {k: int(v) for k, v in sent.items() if k.endswith("Ms")}
    Draft202012Validator({**model, "additionalProperties": False}).validate({**sent, **numbers})


class Socket:
    """A caller whose call is on a socket. `heard` is what they were told; `frames` all we sent."""

    def __init__(self, cloud: Cloud, leg: Leg, text: str) -> None:
        self.cloud, self.leg, self.text = cloud, leg, text
        connect = Xml.fromstring(text)[0]
        assert connect.tag == "Connect", text
        self.action, self.relay = connect.get("action"), connect[0]
        self.word = self.relay.find("Parameter").get("value")
        self.frames: list[dict] = []
        self.closed = False
        self._session = ClientSession()

    @property
    def heard(self) -> list[str]:
        return [f["token"] for f in self.frames if f["type"] == "text"]

    @property
    def spoken(self) -> str:
        return " ".join(self.heard)

    async def open(self, sign: str | None = None, word: str | None = None, sid: str = "") -> Socket:
        url = self.relay.get("url")
        signature = RequestValidator(TOKEN).compute_signature(sign or url, {})
        self.socket = await self._session.ws_connect(
            url, headers={"X-Twilio-Signature": signature}
        )
        self._reading = asyncio.create_task(self._read())
        await self.send(
            type="setup", sessionId="VX1", accountSid="AC1", parentCallSid="",
            callSid=sid or self.leg.sid, **{"from": "anonymous"}, to=self.cloud.number,
            forwardedFrom="", callType="PSTN", callerName="", direction="inbound",
            callStatus="RINGING",
            customParameters={"place": self.word if word is None else word},
        )  # fmt: skip
        return self

    async def send(self, **frame) -> None:
        if frame["type"] in MODELS:  # keys and notices have no model there
            as_twilio_would(frame["type"], frame)
        await self.socket.send_str(json.dumps(frame))

    async def say(self, text: str, last: bool = True) -> None:
        await self.send(type="prompt", voicePrompt=text, lang="en-GB", last=last)

    async def press(self, keys: str) -> None:
        for key in keys:
            before = len(self.frames)
            await self.send(type="dtmf", digit=key)
            await self.told(before)

    async def told(self, before: int = 0) -> str:
        """Wait until something is said and nothing follows for a moment; return it."""
        await until(lambda: len(self.frames) > before or self.closed)
        for _ in range(100):
            count = len(self.frames)
            await asyncio.sleep(0.08)
            if count == len(self.frames):
                break
        return " ".join(f.get("token", "") for f in self.frames[before:])

    async def answered(self, text: str) -> str:
        before = len(self.frames)
        await self.say(text)
        return await self.told(before)

    async def drop(self) -> None:
        """Lose the socket, and do what Twilio does then: go on at the address of the verb."""
        await self.socket.close()
        await self.go_on()

    async def go_on(self, **form) -> None:
        end = next((f for f in self.frames if f["type"] == "end"), {})
        data = {"HandoffData": end["handoffData"]} if "handoffData" in end else {}
        form = {"SessionId": "VX1", "SessionStatus": "ended", **data, **form}
        await self.leg.go(self.action, form)

    async def close(self) -> None:
        await self._session.close()

    async def _read(self) -> None:
        async for message in self.socket:
            assert message.type is WSMsgType.TEXT
            frame = json.loads(message.data)
            TO_TWILIO.validate(frame)
            self.frames.append(frame)
        self.closed = True


async def ring(cloud: Cloud) -> Socket:
    """Ring the service, whose calls begin on a socket."""
    leg = Leg(cloud, cloud.number, "anonymous", "inbound")
    leg.status_url = "/telephony/status"
    cloud.legs[leg.sid] = leg
    return Socket(cloud, leg, await cloud.post(leg, "/telephony/voice", {}))
