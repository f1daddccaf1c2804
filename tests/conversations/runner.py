# SPDX-License-Identifier: Apache-2.0
"""Holds a conversation with the real model, the real actions and a real store in one process.

It stands where the edge stands: it may pick only what the last words offered, and renders every
name it is given, so that a name without words or a gap that nothing fills is a failure.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from rasa.utils.endpoints import EndpointConfig

from actions.serve import executor
from bot.assistant.client import utterance
from bot.assistant.engine import Engine
from bot.assistant.failed import mark_failed
from bot.assistant.meaning import Turn
from bot.policy.turn import Medium, Message
from bot.words import Words


class InProcess(EndpointConfig):
    """The action server without its port: the same executor, the same JSON. `down` is its fault."""

    def __init__(self) -> None:
        super().__init__(url="in process", selective_domain=True)
        self.executor = executor()
        self.calls: list[str] = []
        self.down = False

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        call = json.loads(json.dumps(kwargs["json"]))
        self.calls.append(call["next_action"])
        if self.down:
            mark_failed(call["next_action"])
            raise ConnectionError
        try:
            return json.loads(json.dumps(await self.executor.run(call)))
        except Exception:
            mark_failed(call["next_action"])
            raise


@dataclass
class Conversation:
    """One person talking to the assistant."""

    engine: Engine
    words: Words
    id: str
    medium: Medium = Medium.CHAT
    offered: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    said: list[Message] = field(default_factory=list)

    async def hear(self, turn_id: str = "", **said: Any) -> list[str]:
        """Say something; return the names said back. `choice` must be on offer.

        `named`: the script or step that the edge found in the words themselves.
        """
        if "named" in said:
            said["choice"] = said.pop("named")
        elif "choice" in said:
            said.setdefault("intent", "choose")
            assert said["choice"] in self.offered, f"{said['choice']} is not on offer"
        turn = Turn(
            self.id, turn_id or str(uuid.uuid4()), self.medium, said.pop("text", "some words"),
            urgency=said.pop("urgency", "standard" if "topic" in said else "none"),
            without=tuple(said.pop("without", ())), **said,
        )  # fmt: skip
        answers = [utterance(found) for found in await self.engine.hear(turn)]
        tracker = await self.tracker()
        lost = [e for e in tracker.events if getattr(e, "action_name", "") == "utter_support_lost"]
        assert not lost, f"no rule fits {turn.intent} {turn.choice}"
        self.said = [self.words.message(answer, self.medium) for answer in answers]
        self.offered = ()
        for message in self.said:
            if message.choices:
                self.offered = tuple(choice.key for choice in message.choices)
            self.lines = tuple(line.id for line in message.lines) or self.lines
        return [answer.say for answer in answers]

    async def tracker(self):
        """Return the tracker as it was saved; an empty one before the first turn."""
        return await self.engine.store.get_or_create_tracker(self.id)

    async def slot(self, name: str) -> Any:
        return (await self.tracker()).get_slot(name)

    async def loop(self) -> str | None:
        return (await self.tracker()).active_loop_name
