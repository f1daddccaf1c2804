# SPDX-License-Identifier: Apache-2.0
"""Where Rasa's trackers are kept: encrypted, short, and never overwritten by an older reading.

A failing read or save raises. Rasa's own wrapper would turn it into a blank tracker that is then
saved over the real one, so the engine uses this store without that wrapper.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.assistant.compaction import compact

# Rasa writes these two into the metadata of every event; they say nothing about a conversation.
NOT_KEPT = ("model_id", "assistant_id")


class TrackerRows(Protocol):
    """The rows behind the store. What they hold is encrypted under the conversation's own key."""

    async def get(self, conversation_id: str) -> tuple[int, bytes] | None:
        """Return the version and the content, None when there is none. Raises if it cannot say."""

    async def put(self, conversation_id: str, content: bytes, expected_version: int) -> bool:
        """Keep `content` over the version that was read (0: none); False if it moved on since."""

    async def delete(self, conversation_id: str) -> None:
        """Forget a conversation's tracker."""


class VersionConflict(Exception):
    """The tracker was saved by somebody else since it was read; nothing was kept."""


class EncryptedTrackerStore(TrackerStore):
    """Keeps trackers in our own rows."""

    def __init__(self, rows: TrackerRows, domain: Domain | None = None, **kwargs: Any) -> None:
        super().__init__(domain, **kwargs)
        self.rows = rows

    async def get_or_create_tracker(
        self,
        sender_id: str,
        max_event_history: int | None = None,
        append_action_listen: bool = True,
    ) -> DialogueStateTracker:
        """Return the tracker of a conversation; a new one is saved with its first turn."""
        return await self.retrieve(sender_id) or self._read_at(self.init_tracker(sender_id), 0)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker as it was saved last, with the version it had."""
        row = await self.rows.get(sender_id)
        if row is None:
            return None
        version, content = row
        tracker = DialogueStateTracker.from_events(
            sender_id, [_event(found) for found in json.loads(content)], slots=self.domain.slots
        )
        return self._read_at(tracker, version)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save a tracker over the version it was read at, or raise VersionConflict."""
        version = getattr(tracker, "read_at_version", None)
        if version is None:
            raise VersionConflict("a tracker that was not read here cannot be saved")
        events = compact(tracker.events, self.domain.slots)
        content = json.dumps([_as_dict(event) for event in events], separators=(",", ":"))
        if not await self.rows.put(tracker.sender_id, content.encode(), version):
            raise VersionConflict("the tracker was saved by another since it was read")
        self._read_at(tracker, version + 1)

    async def keys(self) -> Iterable[str]:
        """Refuse: nobody lists conversations through Rasa."""
        return []

    @staticmethod
    def _read_at(tracker: DialogueStateTracker, version: int) -> DialogueStateTracker:
        tracker.read_at_version = version  # type: ignore[attr-defined]
        return tracker


@cache
def _classes() -> dict[str, type[Event]]:
    """Return Rasa's kinds of event by name; Rasa itself looks through all of them every time."""
    return {kind.type_name: kind for kind in all_subclasses(Event) if "type_name" in vars(kind)}


def _event(found: dict[str, Any]) -> Event:
    return _classes()[found["event"]]._from_parameters(found)


def _as_dict(event: Any) -> dict[str, Any]:
    found = event.as_dict()
    kept = {k: v for k, v in (found.get("metadata") or {}).items() if k not in NOT_KEPT}
    found.pop("metadata", None)
    return {**found, "metadata": kept} if kept else found
