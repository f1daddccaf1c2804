# SPDX-License-Identifier: Apache-2.0
"""The edge's side of the assistant: puts a turn, gets names to say. It knows nothing of Rasa."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.assistant.model import STORE_CLASS
from bot.policy.turn import Choice, Line, ServiceCard, Understanding, Utterance
from bot.service.ports import AssistantDown

KEY_HEADER = "X-Fingerpost-Key"
# Longer than a person is kept waiting (4 s): a late reply still comes, as new messages.
ANSWERS_WITHIN = 20.0


class Client:
    """Our own Rasa on the loopback. Satisfies bot.service.ports.Assistant."""

    def __init__(self, url: str, key: str, model: str = "", actions_url: str = "") -> None:
        self._url = f"{url.rstrip('/')}/webhooks/fingerpost"
        self._key, self._model, self._actions_url = key, model, actions_url
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        *,
        conversation_id: str,
        turn_id: str,
        medium: str,
        text: str,
        intent: str,
        heard: Understanding,
        choice: str = "",
        without: tuple[str, ...] = (),
    ) -> list[Utterance]:
        """Return what is to be said to a turn, or raise AssistantDown on anything but that."""
        body = {
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            "medium": str(medium),
            "text": text,
            "understanding": {
                "intent": intent,
                "topic": heard.topic,
                "urgency": heard.urgency,
                "choice": choice,
            },
            "without": list(without),
        }
        try:
            async with self._open().post(f"{self._url}/turn", json=body) as response:
                if response.status != 200:
                    raise AssistantDown
                found = await response.json()
                return [utterance(said) for said in found["messages"]]
        except (TimeoutError, aiohttp.ClientError, OSError, KeyError, TypeError, ValueError):
            raise AssistantDown from None

    async def health(self) -> dict[str, Any]:
        """Return what is loaded there: `agent_ready`, `store`, `model`; empty if nobody answers."""
        try:
            async with self._open().get(f"{self._url}/health") as response:
                found = await response.json()
                return found if response.status == 200 else {}
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            return {}

    async def ready(self) -> bool:
        """Say whether it would answer now, with our store, the model we expect and its actions."""
        found = await self.health()
        right = not self._model or found.get("model") == self._model
        if not found.get("agent_ready") or found.get("store") != STORE_CLASS or not right:
            return False
        return not self._actions_url or await self._actions_ready()

    async def _actions_ready(self) -> bool:
        try:
            async with self._open().get(f"{self._actions_url}/health") as response:
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={KEY_HEADER: self._key},
                timeout=aiohttp.ClientTimeout(total=ANSWERS_WITHIN),
                connector=aiohttp.TCPConnector(limit=0),
            )
        return self._session


def utterance(said: dict[str, Any]) -> Utterance:
    """Return the utterance in the assistant's JSON."""
    choices = said.get("choices")
    return Utterance(
        say=said["say"],
        values={name: str(value) for name, value in (said.get("values") or {}).items()},
        choices=None if choices is None else tuple(_choice(c) for c in choices),
        services=tuple(ServiceCard(**card) for card in said.get("services") or ()),
        lines=tuple(Line(**line) for line in said.get("lines") or ()),
    )


def _choice(found: dict[str, str]) -> Choice:
    return Choice(found["key"], found.get("label", ""))
