# SPDX-License-Identifier: Apache-2.0
"""One turn through Rasa: read the tracker, hear the person, say what follows, save; all or nothing.

These are the steps of Rasa's own `handle_message`, taken one by one because between them it hides
what matters here: a tracker that could not be read, an action that failed, a reply that is empty.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.assistant.action_calls import check_once
from bot.assistant.beside import (
    AGREES,
    CALLED,
    HEARD,
    NEEDS,
    REFERRAL,
    agreement,
    passed_over,
    settled,
    uncalled,
)
from bot.assistant.failed import TurnFailed, watch
from bot.assistant.graph import StraightRunner
from bot.assistant.meaning import SILENT, UNHEARD, UNMET, Meaning, Turn, meaning, worried
from bot.assistant.nlg import Nlg
from bot.assistant.tracker_store import EncryptedTrackerStore, TrackerRows
from bot.policy.correcting import corrected
from bot.policy.needs import NAMES, NOT_ASKED, put_as
from bot.policy.places import Areas
from bot.policy.postponed import COME_BACK

log = logging.getLogger(__name__)
NAME = "fingerpost"
PUT = "needs_put"  # the questions of the assessment that were put so far
# Intents of Rasa's own, which it executes: nobody's to say.
EXECUTED = frozenset({"restart", "back", "session_start", "nlu_fallback"})


class Said(OutputChannel):
    """Collects what is said in one turn."""

    def __init__(self) -> None:
        self.utterances: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, the same for in and out."""
        return NAME

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Take one utterance."""
        self.utterances.append(json_message)


class Engine:
    """Rasa behind one method."""

    def __init__(
        self, model: Path, rows: TrackerRows, actions: EndpointConfig, areas: Areas
    ) -> None:
        check_once()
        self.model, self.areas = model, areas
        self.store = EncryptedTrackerStore(rows)
        self.agent = Agent(generator=Nlg(), tracker_store=self.store, action_endpoint=actions)
        self.agent.tracker_store = self.store  # without the wrapper that hides failures
        self.agent.load_model(model)
        if self.agent.processor is None:
            raise RuntimeError("the dialogue model could not be loaded")
        self.processor = self.agent.processor
        self.own_runner = self.processor.graph_runner
        self.processor.graph_runner = StraightRunner(self.own_runner)
        self.intents = frozenset(self.processor.domain.intents) - EXECUTED
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def hear(self, turn: Turn) -> list[dict[str, Any]]:
        """Return what is said to a turn. Raises, and keeps nothing, when that went wrong."""
        if turn.intent in UNHEARD:
            return []
        lock = self._locks.setdefault(turn.conversation_id, asyncio.Lock())
        async with lock:
            tracker = await self.processor.get_tracker(turn.conversation_id)
            known = answer_to(tracker, turn.turn_id)
            return known if known is not None else await self._hear(tracker, turn)

    async def close(self) -> None:
        """Let the connections go."""
        closing = getattr(self.agent.action_endpoint, "close", None)
        if closing is not None:
            await closing()

    async def _hear(self, tracker: DialogueStateTracker, turn: Turn) -> list[dict[str, Any]]:
        failed, said = watch(), Said()
        back, _, choice = turn.choice.partition(":")
        if back == COME_BACK:
            turn = self._begin_anew(tracker, replace(turn, choice=choice or COME_BACK))
        message = await self._message(tracker, turn, said)
        intent = message.parse_data["intent"]["name"]
        await self.processor._update_tracker_session(tracker, said)
        self._settle(tracker, turn)
        await self.processor._handle_message_with_tracker(message, tracker)
        tracker = await self.processor.run_action_extract_slots(said, tracker)
        await self.processor._run_prediction_loop(said, tracker)
        if failed:
            raise TurnFailed("an action failed")
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            raise TurnFailed("the dialogue did not come to rest")
        if not said.utterances and intent not in SILENT:
            raise TurnFailed("nothing was said")
        await self.store.save(tracker)
        return said.utterances

    @staticmethod
    def _begin_anew(tracker: DialogueStateTracker, turn: Turn) -> Turn:
        """Let go of what it was about and of the open question; own words answer none of it."""
        tracker.update(ActiveLoop(None))
        for slot in (*HEARD, REQUESTED_SLOT):
            tracker.update(SlotSet(slot, None))
        return turn if turn.intent == "choose" else replace(turn, choice="")

    def _settle(self, tracker: DialogueStateTracker, turn: Turn) -> None:
        """Fill what the turn tells in passing or puts right, and which questions it leaves out.

        Any other answer that was given stays as it is.
        """
        asked = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
        known = self._known(tracker)
        right = {NEEDS + name for name in corrected(turn.text, self.areas)}
        for slot, value in settled(turn, asked, known, self.areas).items():
            if value is None or slot in right or tracker.get_slot(slot) in (None, NOT_ASKED):
                tracker.update(SlotSet(slot, value))
        self._wait(tracker, turn)
        self._plan(tracker, turn, asked)

    @staticmethod
    def _wait(tracker: DialogueStateTracker, turn: Turn) -> None:
        """Keep the topic told with a doubt about danger until it can be met, for one turn."""
        before = tracker.latest_message
        if worried(turn.intent):
            told = turn.topic != "none" and turn.urgency != "none"
            if told and turn.topic != tracker.get_slot("heard"):
                tracker.update(SlotSet(UNMET, turn.topic))
        elif not worried(before.intent_name if before else ""):
            tracker.update(SlotSet(UNMET, None))

    def _plan(self, tracker: DialogueStateTracker, turn: Turn, asked: str | None) -> None:
        """Leave out the questions that change nothing for this person, as far as is known now."""
        known = self._known(tracker)
        put = list(tracker.get_slot(PUT) or ())
        if asked and asked.startswith(NEEDS):
            name = asked.removeprefix(NEEDS)
            put = [*dict.fromkeys((*put, put_as(name, known)))]
            tracker.update(SlotSet(PUT, put))
            if turn.intent == "choose" and turn.choice in self._fitting(asked):
                known[name] = turn.choice
        who = known.get("who")
        agrees = agreement(tracker.get_slot(AGREES), who)
        agrees |= uncalled(tracker.get_slot(CALLED), who, turn.medium)
        if asked in REFERRAL:
            agrees = {}  # in its middle nothing of it changes
        for slot, value in {**passed_over(turn, known, asked, put), **agrees}.items():
            tracker.update(SlotSet(slot, value))

    @staticmethod
    def _known(tracker: DialogueStateTracker) -> dict[str, str]:
        """Return the answers to the assessment so far, by their question's name."""
        known = {name: tracker.get_slot(NEEDS + name) for name in NAMES}
        return {name: value for name, value in known.items() if value is not None}

    async def _message(
        self, tracker: DialogueStateTracker, turn: Turn, said: Said
    ) -> UserMessage:
        """Return Rasa's form of a turn; parse data is given, so no text can act as a command."""
        asked = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
        if turn.intent:
            told = meaning(turn, asked, self._fitting(asked))
        else:
            found = await self.processor.parse_message(UserMessage(words_only(turn.text)))
            told = Meaning(
                found["intent"]["name"] or "provide_detail",
                tuple((e["entity"], e["value"]) for e in found["entities"]),
            )
        if told.intent not in self.intents:
            raise TurnFailed("an intent that the dialogue does not know")
        metadata = {
            "turn_id": turn.turn_id,
            "medium": turn.medium,
            "without": list(turn.without),
        }
        return UserMessage(
            turn.text,
            said,
            turn.conversation_id,
            input_channel=NAME,
            message_id=turn.turn_id,
            metadata=metadata,
            parse_data={
                "text": turn.text,
                "intent": {"name": told.intent, "confidence": 1.0},
                "entities": [{"entity": name, "value": value} for name, value in told.entities],
            },
        )

    def _fitting(self, asked: str | None) -> frozenset[str]:
        """Return the answers that a question takes; one answered in own words can be skipped."""
        slot = next((s for s in self.processor.domain.slots if s.name == asked), None)
        return frozenset(slot.values if isinstance(slot, CategoricalSlot) else ("skip",))


def words_only(text: str) -> str:
    """Return a text without the leading marks that would make it a command of Rasa's."""
    while text != (plain := text.strip().lstrip("/")):
        text = plain
    return text


def answer_to(tracker: DialogueStateTracker, turn_id: str) -> list[dict[str, Any]] | None:
    """Return what was said to a turn that was answered already, None for a new one."""
    found: list[dict[str, Any]] | None = None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if found is not None:
                return found
            found = [] if event.metadata.get("turn_id") == turn_id else None
        elif isinstance(event, BotUttered) and found is not None:
            if event.data.get("custom"):
                found.append(event.data["custom"])
    return found
