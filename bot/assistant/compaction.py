# SPDX-License-Identifier: Apache-2.0
"""What of a conversation's events must be kept so that it goes on as if all of them were.

Rasa replays every event on every turn, so turn 400 would cost thirty times turn 10. Kept are the
state at the cut, then whole turns from the listening before the last but one user message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 2


def compact(events: Sequence[Event], slots: Iterable[Slot]) -> list[Event]:
    """Return a short list of events that leads to the same state and the same next actions."""
    events = list(events)
    cut = _cut(events)
    if cut <= 0:
        return events
    before = DialogueStateTracker.from_events("", events[:cut], slots)
    return _state(before, events[cut].timestamp) + events[cut:]


def _cut(events: list[Event]) -> int:
    """Return where to cut: the listening before the last but one user message, 0 for nowhere."""
    heard = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(heard) < TURNS_KEPT:
        return 0
    for at in range(heard[-TURNS_KEPT], -1, -1):
        event = events[at]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            return at
    return 0


def _state(tracker: DialogueStateTracker, at: float | None) -> list[Event]:
    """Return the events that set a new tracker to this one's state."""
    state: list[Event] = [
        # Also when it is None now: the initial value would come back otherwise.
        SlotSet(slot.name, slot.value, timestamp=at)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value
    ]
    if tracker.active_loop_name:
        state.append(ActiveLoop(tracker.active_loop_name, timestamp=at))
        if tracker.is_active_loop_rejected:
            state.append(ActionExecutionRejected(tracker.active_loop_name, timestamp=at))
    if tracker.is_paused():
        state.append(ConversationPaused(timestamp=at))
    return state
