# SPDX-License-Identifier: Apache-2.0
"""One turn at a time of each conversation goes to the assistant, in order, and none is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from bot.policy.turn import Medium, State, Understanding, Utterance
from bot.service.ports import Assistant, AssistantDown, Clock
from bot.service.standing import Standing
from bot.service.transcript import Transcript
from bot.store import conversations, handovers
from bot.store.database import Database, StoreError
from bot.store.keys import KeyGone, KeyStore

log = logging.getLogger(__name__)
REPLAY_EVERY = 2.0
TRIES = 3


class Lane:
    """Puts kept turns to the assistant and keeps what it says."""

    def __init__(
        self,
        store: Database,
        keys: KeyStore,
        transcript: Transcript,
        assistant: Assistant,
        standing: Standing,
        clock: Clock,
        replay_within: float,
    ) -> None:
        self.store, self.keys, self.transcript = store, keys, transcript
        self.assistant, self.standing = assistant, standing
        self.clock, self.replay_within = clock, replay_within
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task] = set()
        self._refused: dict[str, int] = {}

    def send(self, conversation_id: str) -> asyncio.Task[None]:
        """Start putting this conversation's unanswered turns; the task outlives who asked."""
        task = asyncio.create_task(self._drain(conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _drain(self, conversation_id: str) -> None:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            try:
                async with self.store.read() as tx:
                    since = self.clock() - self.replay_within
                    turns = await conversations.unanswered(tx, since, conversation_id)
                    row = await conversations.conversation(tx, conversation_id)
                if row is None or row.state == State.ENDED:
                    return
                for turn in turns:
                    await self._put_or_pass(turn, row.medium)
            except (AssistantDown, KeyGone):
                return
            except StoreError:
                log.warning("a turn waits for the database")
            except Exception as problem:  # nothing here may end in silence: the turn stays kept
                log.error("a turn could not be answered", extra={"error": type(problem).__name__})

    async def _put_or_pass(self, turn: Any, medium: str) -> None:
        """Put a turn; one that a working assistant keeps refusing does not block the others."""
        try:
            await self._put(turn, medium)
            self._refused.pop(turn.id, None)
        except AssistantDown:
            if not await self.assistant.ready():
                raise
            self._refused[turn.id] = self._refused.get(turn.id, 0) + 1
            if self._refused[turn.id] < TRIES:
                raise
            self._refused.pop(turn.id)
            log.error("a turn was given up", extra={"turn": turn.id})
            await self._said(turn, [Utterance("trouble")])

    async def _put(self, turn: Any, medium: str) -> None:
        box = await self.keys.box(turn.conversation_id)
        body = box.open(turn.sealed)
        utterances = await self.assistant.ask(
            conversation_id=turn.conversation_id,
            turn_id=turn.id,
            medium=Medium(medium),
            text=body["text"],
            intent=body["intent"],
            heard=Understanding(**{**body["heard"], "cues": tuple(body["heard"]["cues"])}),
            choice=body["choice"],
            without=tuple(body["without"]),
        )
        await self._said(turn, utterances)

    async def _said(self, turn: Any, utterances: list[Utterance]) -> None:
        """Mark a turn as answered and keep what is said to it, once."""
        box = await self.keys.box(turn.conversation_id)
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, turn.conversation_id, lock=True)
            if row is None or not await conversations.mark_turn(
                tx, turn.id, conversations.ANSWERED, self.clock()
            ):
                return
            if row.state in (State.STAFF, State.ENDED):
                return  # a person has the conversation: the assistant is silent
            dialogue = await self.transcript.dialogue(row, box)
            newer = await conversations.next_seq(tx, row.id) > turn.seq + 1
            if newer and (dialogue.check or await handovers.hit_after(tx, row.id, turn.seq)):
                return  # danger came up since: nothing may stand after the words said to it
            late = newer or bool(dialogue.check or dialogue.after)
            known = self.transcript.words.names()
            said = await self.standing.as_it_is(tx, row.medium, row.id, utterances, known)
            await self.transcript.say(tx, box, row, dialogue, said, turn_id=turn.id, late=late)

    async def replay(self) -> None:
        """Put what is still unanswered, now and again, for as long as the edge runs."""
        while True:
            await asyncio.sleep(REPLAY_EVERY)
            try:
                async with self.store.read() as tx:
                    found = await conversations.unanswered(tx, self.clock() - self.replay_within)
                waiting = {t.conversation_id for t in found}
                if waiting and await self.assistant.ready():
                    await asyncio.gather(*(self.send(c) for c in sorted(waiting)))
            except StoreError:
                continue
            except Exception as problem:  # the next round must come whatever went wrong in this one
                log.error("replay failed", extra={"error": type(problem).__name__})

    async def close(self) -> None:
        """Let go of what is under way; it was kept and is replayed at the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def turn_body(
    text: str,
    intent: str,
    heard: Understanding,
    choice: str = "",
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what is kept, sealed, of a turn."""
    return {
        "text": text,
        "intent": intent,
        "heard": {
            "urgency": heard.urgency,
            "action": heard.action,
            "topic": heard.topic,
            "act": heard.act,
            "confidence": heard.confidence,
            "cues": list(heard.cues),
            "language": heard.language,
        },
        "choice": choice,
        "without": list(without),
    }
