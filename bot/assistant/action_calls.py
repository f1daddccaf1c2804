# SPDX-License-Identifier: Apache-2.0
"""How Rasa calls an action: one kept connection, a short request, and a failure that is noticed.

Rasa opens a connection, sends its whole domain and checks its own JSON schema anew for every call:
more than half of such a turn. And when the call fails it records the action as done and says
nothing, so a failure is marked here and the turn is not kept (docs/adr/0004).
"""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.assistant.failed import mark_failed

log = logging.getLogger(__name__)
KEY_HEADER = "X-Fingerpost-Key"
ANSWERS_WITHIN = 3.0


class ActionCalls(EndpointConfig):
    """Our action server, as Rasa sees it."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url=url, selective_domain=True)
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run one action and return what it answers, or raise and mark the turn as failed."""
        call = kwargs["json"]
        call["tracker"] = {**call["tracker"], "events": []}  # our actions read slots, not history
        try:
            return await self._post(call)
        except Exception as problem:
            mark_failed(call["next_action"])
            extra = {"code": call["next_action"], "error": type(problem).__name__}
            log.error("an action call failed", extra=extra)
            raise RasaException("an action call failed") from None

    async def _post(self, call: dict[str, Any]) -> Any:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={KEY_HEADER: self._key},
                timeout=aiohttp.ClientTimeout(total=ANSWERS_WITHIN),
            )
        async with self._session.post(self.url, json=call) as response:
            response.raise_for_status()
            answer = await response.json()
        if not is_good(answer):
            raise ValueError("not an answer of an action")
        return answer

    async def close(self) -> None:
        """Let the connection go."""
        if self._session is not None:
            await self._session.close()


_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)


def is_good(answer: Any) -> bool:
    """Say whether an action's answer fits Rasa's schema: the same check, compiled once."""
    return _VALIDATOR.is_valid(answer)


def check_once() -> None:
    """Let Rasa rely on the check made above, instead of repeating it with a schema check first."""
    RemoteAction._validate_action_result = lambda self, result: True  # type: ignore[method-assign]
