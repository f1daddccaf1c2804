# SPDX-License-Identifier: Apache-2.0
"""One turn, the same on every channel: kept, screened, then answered by whoever should answer.

The order matters. A turn is kept before it is answered; if it cannot be kept it is screened all
the same. What the edge answers by itself (danger, checks, asking for a person) needs no assistant.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.policy import fear, hearing, intents, language, postponed, settling, steps, urgency
from bot.policy.questions import SKIP
from bot.policy.steps import Step
from bot.policy.turn import (
    Kind,
    Medium,
    Message,
    Reply,
    Said,
    Sender,
    State,
    Understanding,
    Utterance,
)  # fmt: skip
from bot.service import facts, talking
from bot.service.cleaning import clean
from bot.service.lane import Lane, turn_body
from bot.service.ports import Clock, ConversationError
from bot.service.reading import Picked, Reader
from bot.service.said import check_shape
from bot.service.transcript import Dialogue, Transcript, read
from bot.settings import Settings
from bot.store import conversations, events, handovers
from bot.store.conversations import Contact
from bot.store.database import Database, StoreError, Tx
from bot.store.keys import Box, KeyGone, KeyStore

# The steps after which a check is open.
ASKED = (Step.CHECK, Step.CHECK_AGAIN, Step.REPEAT)

# The steps after which the assistant speaks; the edge has answered all others by itself.
SPOKEN_BY_RASA = (Step.TALK, Step.SAFE, Step.CLEARED, Step.CARRY_ON)


@dataclass(frozen=True)
class Kept:
    """A turn that was kept. `step` is None when the same turn had been kept before."""

    turn_id: str
    own_id: int
    state: State
    step: steps.Next | None = None
    said: tuple[Message, ...] = ()


class Effects(Protocol):
    """What a step does besides talking; see bot/service/taking_back.py and safety.py."""

    async def wishes(self, tx: Tx, row: Any, dialogue: Dialogue, said: Said, picked: Picked
                     ) -> Picked: ...  # fmt: skip
    async def apply(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str,
        step: steps.Next, heard: Understanding,
    ) -> list[Utterance]: ...  # fmt: skip


class Turns:
    """Hears a person, whatever the channel."""

    def __init__(
        self, store: Database, keys: KeyStore, transcript: Transcript, lane: Lane,
        reader: Reader, effects: Effects, settings: Settings, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.transcript, self.lane = store, keys, transcript, lane
        self.reader, self.effects, self.settings, self.clock = reader, effects, settings, clock
        self.words = transcript.words

    async def hear(self, contact: Contact, said: Said) -> Reply:
        """Return the reply to one turn. Raises ConversationError for a turn that is refused."""
        began = asyncio.get_running_loop().time()
        deadline = began + self.settings.answer_within
        said = replace(said, text=clean(said.text))
        try:
            check_shape(said)
            async with asyncio.timeout_at(deadline):
                row, box, dialogue = await self._story(contact)
                picked = await self._read(contact, said, row, dialogue)
                kept = await self._keep(contact, box, said, picked, dialogue)
        except (StoreError, KeyGone, TimeoutError):
            raise ConversationError(
                "not_stored", self.unkept("not_stored", contact.medium, said.text)
            ) from None
        except ConversationError as refused:
            if refused.code in ("ended", "too_long"):
                # Refused, but heard: whatever the state, danger gets the emergency words.
                refused.reply = self.unkept(refused.code, contact.medium, said.text)
            raise
        if kept.step is None:  # the same message again: wait for the first one's answer
            await self._settled(kept.turn_id, deadline)
        elif kept.step.step is not Step.TO_STAFF:
            task = self.lane.send(contact.conversation_id)
            if kept.step.step not in SPOKEN_BY_RASA:
                return Reply(kept.state, kept.said)
            await self._wait(task, deadline)
        return await self._reply(contact, box, kept)

    # -- reading ------------------------------------------------------------------------------

    async def _story(self, contact: Contact) -> tuple[Any, Box, Dialogue]:
        async with self.store.read() as tx:
            row = await conversations.conversation(tx, contact.conversation_id)
        if row is None or row.state == State.ENDED:
            raise ConversationError("ended")
        box = await self.keys.held(contact.conversation_id)
        if box is None:
            raise ConversationError("ended")
        return row, box, await self.transcript.dialogue(row, box)

    async def _read(self, contact: Contact, said: Said, row: Any, dialogue: Dialogue) -> Picked:
        """Return what the turn picked. A choice sent again was used up by its first sending."""
        try:
            return self.reader.read(said, row, dialogue)
        except ConversationError:
            async with self.store.read() as tx:
                if not said.client_id or not await conversations.turn_by_client_id(
                    tx, contact.id, said.client_id
                ):
                    raise
            return Picked("", "", Understanding())  # not looked at: the earlier turn is found

    # -- keeping ------------------------------------------------------------------------------

    async def _keep(
        self, contact: Contact, box: Box, said: Said, picked: Picked, met: Dialogue
    ) -> Kept:
        """Keep the turn, and what the edge itself answers; `met` is what it was read against."""
        turn_id, now = str(uuid.uuid4()), self.clock()
        body_hash = hashlib.sha256(repr((said.text, said.choice, said.key, said.without)).encode())
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, contact.conversation_id, lock=True)
            if row is None or row.state == State.ENDED:
                raise ConversationError("ended")
            if said.client_id:
                known = await conversations.turn_by_client_id(tx, contact.id, said.client_id)
                if known is not None:
                    if known.body_hash != body_hash.hexdigest():
                        raise ConversationError("client_id_reused")
                    return Kept(known.id, known.event_id, State(row.state))
            dialogue = await self.transcript.dialogue(row, box)
            if not dialogue.still_asks(met):  # another turn came between: this answers nothing
                picked = self.reader.read(said, row, dialogue.without_offer())
            picked = await self.effects.wishes(tx, row, dialogue, said, picked)
            asked = dialogue.asked(row.turns + 1)
            step = steps.next_step(State(row.state), asked, picked.answer, picked.heard)
            own = Message(Sender.PERSON, picked.text, picked=said.is_picked)
            own = await self.transcript.add(tx, box, row.id, own, turn_id=turn_id)
            to_staff = step.step is Step.TO_STAFF or row.state == State.STAFF
            intent = intents.intent(step, picked.answer, picked.heard)
            left_out = picked.left_out and step.step is Step.TALK
            beside = picked.beside if step.step in (Step.TALK, Step.CHECK) else ""
            chosen = SKIP if left_out else beside or intents.choice(step, picked.answer)
            chosen = dialogue.meets or chosen if step.step is Step.CLEARED else chosen
            due = postponed.answered(dialogue.asks, step, picked.answer)
            intent, text = due or (intent, picked.text)
            put = "" if due else postponed.goes_on(chosen, dialogue.back)
            unheard = to_staff or due or step.step not in SPOKEN_BY_RASA
            dialogue.back = dialogue.back and bool(unheard)
            body = turn_body(text, intent, picked.heard, put, picked.without)
            await conversations.keep_turn(
                tx, id=turn_id, conversation_id=row.id, contact_id=contact.id,
                seq=await conversations.next_seq(tx, row.id), client_id=said.client_id,
                body_hash=body_hash.hexdigest(), sealed=box.seal(body), event_id=own.id,
                status=conversations.ANSWERED if to_staff else conversations.UNANSWERED,
                received_at=now,
            )  # fmt: skip
            changes: dict[str, Any] = {"turns": row.turns + 1, "left_at": None}
            changes["closes_at"] = max(row.closes_at, now + self.settings.idle_closes_after)
            if row.left_at:
                await handovers.waiting_again(tx, row.id)
            heard = picked.heard
            changes["urgency"] = steps.urgency_after(row.urgency, step, heard)
            if heard.topic != "none":
                changes["topic"] = hearing.topic_kept(row.topic, heard.topic)
                dialogue.untold = dialogue.untold and heard.topic not in hearing.CRIMES
            if not picked.answer:
                before = (row.language, heard, picked.text, dialogue.languages)
                changes["language"] = language.spoken(*before)
            await conversations.change(tx, row.id, **changes)
            dialogue.offered, dialogue.read = {}, 0
            dialogue.address = steps.address_left(asked, step.step, picked.answer)
            passed = step.step is Step.TALK and not picked.left_out
            dialogue.passed = picked.passes if passed else ""
            dialogue.refused = picked.refuses
            dialogue.asks = postponed.kept(dialogue.asks, picked.asks, step, due)
            meets = (picked.meets or dialogue.meets) if step.step in ASKED else ""
            dialogue.note(chosen, heard.cues, meets, picked.text)
            dialogue.halves = hearing.halves(dialogue.halves, picked.text, heard, picked.answer)
            given = chosen if step.step is Step.TALK else beside
            await self._answers(tx, box, row, turn_id, dialogue.asking, given, picked.text)
            said_now = await self.effects.apply(tx, box, row, dialogue, turn_id, step, heard)
            how = talking.told(step, picked.answer, heard)
            await talking.keep(tx, box, row.id, turn_id, how, now)
            if left_out:
                said_now = [Utterance("needs_left_out"), *said_now]
            feared = fear.to_answer(dialogue.asking, picked.answer, picked.text, step.step)
            said_now += [Utterance(feared)] if feared else []
            row = await conversations.conversation(tx, row.id)
            said_now = await self.transcript.say(
                tx, box, row, dialogue, said_now, turn_id=turn_id, sender=Sender.ASSISTANT
            )
        return Kept(turn_id, own.id, State(row.state), step, tuple(said_now))

    async def _answers(
        self, tx: Tx, box: Box, row: Any, turn_id: str, asking: str, answer: str, text: str
    ) -> None:
        """Keep at once what a turn settles of the assessment, the assistant there or not.

        Whoever joins now sees it, and nobody tells it twice. To a worker nobody answers questions.
        """
        areas = self.reader.areas
        answer = answer if asking and answer in self.words.choices(asking) else ""
        told = settling.answers(asking, answer, text, {}, areas)
        if not told or row.state == State.STAFF:
            return
        before = await facts.known(tx, box, row.id)
        settled = settling.answers(asking, answer, text, before, areas)
        await facts.keep(tx, box, row.id, turn_id, settled, self.clock())

    # -- answering ----------------------------------------------------------------------------

    async def _wait(self, task: asyncio.Task[None], deadline: float) -> None:
        left = deadline - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=max(left, 0.0))

    async def _settled(self, turn_id: str, deadline: float) -> None:
        """Wait until the first sending of a repeated turn has its answer."""
        while asyncio.get_running_loop().time() < deadline:
            async with self.store.read() as tx:
                if len(await events.of_turns(tx, [turn_id])) > 1:
                    return
            await asyncio.sleep(0.1)

    async def _reply(self, contact: Contact, box: Box, kept: Kept) -> Reply:
        """Return every message newer than the person's own; never an empty answer from us."""
        try:
            reply = await self._newer(contact, box, kept.own_id)
            answered = any(m.say not in hearing.BESIDE for m in reply.messages)
            if answered or reply.state in (State.STAFF, State.ENDED):
                return reply
            async with self.store.write() as tx:
                row = await conversations.conversation(tx, contact.conversation_id, lock=True)
                dialogue = await self.transcript.dialogue(row, box)
                await self.transcript.say(
                    tx, box, row, dialogue, [Utterance("fallback")], turn_id=kept.turn_id,
                    sender=Sender.SYSTEM,
                )  # fmt: skip
            return await self._newer(contact, box, kept.own_id)
        except StoreError:  # the turn itself is kept: its answer comes when the store is back
            sorry = self.unkept("fallback", contact.medium)
            return Reply(kept.state, kept.said + sorry.messages)

    async def _newer(self, contact: Contact, box: Box, own_id: int) -> Reply:
        async with self.store.read() as tx:
            row = await conversations.conversation(tx, contact.conversation_id)
            rows = await events.after(
                tx, own_id, conversation_id=contact.conversation_id, since=contact.opened_at
            )
        return Reply(State(row.state) if row else State.ENDED, tuple(read(box, rows, own=False)))

    def unkept(self, name: str, medium: str, text: str = "") -> Reply:
        """Return words for a turn that cannot be taken; danger in it is heard all the same."""
        names = [name]
        heard = self.reader.hear_alone(text, medium) if text else Understanding()
        if heard.urgency in urgency.DANGER:
            names.insert(0, f"emergency_{steps.INTENTS[heard.urgency]}")
        found = [
            self.words.message(Utterance(n), Medium(medium), sender=Sender.SYSTEM) for n in names
        ]
        return Reply(State.ASSISTANT, tuple(replace(m, kind=Kind.URGENT) for m in found))
