# SPDX-License-Identifier: Apache-2.0
"""The tracker store: versions, failures that stay failures, and what compaction keeps."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

import tests.rasa_without_tensorflow  # noqa: F401 - before anything here imports rasa
from bot.assistant.compaction import compact
from bot.assistant.tracker_store import EncryptedTrackerStore, VersionConflict

DOMAIN = Domain.from_yaml(
    """
    intents: [say]
    slots:
      asked: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      told: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      kind: {type: text, initial_value: usual, influence_conversation: false,
             mappings: [{type: custom}]}
    forms: {needs: {required_slots: [asked]}}
    actions: [utter_next]
    """
)


class Rows:
    """Rows in memory, with the store's contract."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[int, bytes]] = {}
        self.broken = False

    async def get(self, conversation_id):
        if self.broken:
            raise OSError("any reason")
        return self.held.get(conversation_id)

    async def put(self, conversation_id, content, expected_version):
        if self.held.get(conversation_id, (0, b""))[0] != expected_version:
            return False
        self.held[conversation_id] = (expected_version + 1, content)
        return True

    async def delete(self, conversation_id):
        self.held.pop(conversation_id, None)


@pytest.fixture
def store():
    return EncryptedTrackerStore(Rows(), DOMAIN)


def heard(text="hello"):
    return UserUttered(text, {"name": "say"}, metadata={"turn_id": "t"})


def listen():
    return ActionExecuted("action_listen")


async def test_what_was_saved_is_read_back(store):
    tracker = await store.get_or_create_tracker("c")
    for event in (listen(), heard("a word"), SlotSet("told", "this"), ActiveLoop("needs")):
        tracker.update(event)
    await store.save(tracker)
    again = await store.retrieve("c")
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.active_loop_name == "needs"
    assert again.latest_message.text == "a word"
    assert again.latest_message.metadata["turn_id"] == "t"


async def test_a_new_tracker_is_not_written_before_its_first_turn(store):
    await store.get_or_create_tracker("c")
    assert store.rows.held == {}


async def test_a_save_over_a_newer_version_is_refused(store):
    await store.save(await store.get_or_create_tracker("c"))
    mine, theirs = await store.retrieve("c"), await store.retrieve("c")
    theirs.update(SlotSet("told", "theirs"))
    await store.save(theirs)
    mine.update(SlotSet("told", "mine"))
    with pytest.raises(VersionConflict):
        await store.save(mine)
    assert (await store.retrieve("c")).get_slot("told") == "theirs"


async def test_a_tracker_that_was_not_read_here_cannot_be_saved(store):
    with pytest.raises(VersionConflict):
        await store.save(DialogueStateTracker("c", DOMAIN.slots))
    assert store.rows.held == {}


async def test_the_same_tracker_may_be_saved_again(store):
    tracker = await store.get_or_create_tracker("c")
    await store.save(tracker)
    tracker.update(SlotSet("told", "more"))
    await store.save(tracker)
    assert (await store.retrieve("c")).get_slot("told") == "more"


async def test_a_failing_read_raises_instead_of_giving_a_blank_tracker(store):
    store.rows.broken = True
    with pytest.raises(OSError):
        await store.get_or_create_tracker("c")


async def test_nothing_that_rasa_adds_to_every_event_is_kept(store):
    tracker = await store.get_or_create_tracker("c")
    tracker.model_id, tracker.assistant_id = "m" * 32, "fingerpost"
    tracker.update(listen())
    await store.save(tracker)
    assert "mmmm" not in store.rows.held["c"][1].decode()
    assert json.loads(store.rows.held["c"][1])[0]["name"] == "action_listen"


def tracker_of(events):
    return DialogueStateTracker.from_events("c", events, DOMAIN.slots)


def state(tracker):
    return (
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.is_active_loop_rejected,
        tracker.is_paused(),
        tracker.latest_action_name,
        tracker.latest_message.text if tracker.latest_message else None,
    )


def test_a_slot_that_was_emptied_stays_empty():
    """Its initial value would come back otherwise."""
    events = [listen(), heard("1"), SlotSet("kind", None), listen(), heard("2"), listen(),
              heard("3"), listen()]  # fmt: skip
    short = compact(events, DOMAIN.slots)
    assert len(short) < len(events)
    assert tracker_of(short).get_slot("kind") is None


def test_a_paused_conversation_stays_paused():
    events = [listen(), heard("1"), ConversationPaused(), listen(), heard("2"), listen(),
              heard("3"), listen()]  # fmt: skip
    assert tracker_of(compact(events, DOMAIN.slots)).is_paused()


def test_a_turn_is_never_cut_in_two():
    events = [SessionStarted(), listen()]
    for n in range(6):
        events += [heard(str(n)), SlotSet("told", str(n)), ActionExecuted("utter_next"),
                   BotUttered("x"), listen()]  # fmt: skip
    short = compact(events, DOMAIN.slots)
    kept = [e for e in short if isinstance(e, UserUttered)]
    assert [e.text for e in kept] == ["4", "5"]
    before = short[short.index(kept[0]) - 1]
    assert isinstance(before, ActionExecuted) and before.action_name == "action_listen"
    assert tracker_of(short[: short.index(kept[0])]).get_slot("told") == "3"


def test_a_short_conversation_is_left_alone():
    events = [SessionStarted(), listen(), heard("1"), ActionExecuted("utter_next"), listen()]
    assert compact(events, DOMAIN.slots) == events


WITHIN = st.sampled_from(
    [
        lambda: SlotSet("told", "a"), lambda: SlotSet("told", None), lambda: SlotSet("kind", None),
        lambda: SlotSet("kind", "b"), lambda: SlotSet("requested_slot", "asked"),
        lambda: ActiveLoop("needs"), lambda: ActiveLoop(None), lambda: ActionExecuted("needs"),
        lambda: ActionExecuted("utter_next"), lambda: ActionExecutionRejected("needs"),
        lambda: ConversationPaused(), lambda: BotUttered("x"),
    ]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(WITHIN, max_size=6), max_size=12))
def test_compacting_after_every_turn_keeps_the_state(turns):
    """However often it is compacted, the state is that of every event."""
    whole, short = [SessionStarted(), listen()], [SessionStarted(), listen()]
    for number, within in enumerate(turns):
        new = [heard(str(number)), *(make() for make in within), listen()]
        whole, short = whole + new, compact(short + new, DOMAIN.slots)
        assert state(tracker_of(short)) == state(tracker_of(whole))
    longest = 2 * (6 + 2) + len(list(DOMAIN.slots)) + 4
    assert len(short) <= longest
