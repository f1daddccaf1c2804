# SPDX-License-Identifier: Apache-2.0
"""What the edge itself does and says in a turn, with or without the assistant.

Emergency words, the one gentle question, the way to a person: none of it waits for Rasa.
"""

from __future__ import annotations

import uuid
from typing import Any

from bot.policy import steps, urgency
from bot.policy.steps import Step
from bot.policy.turn import Message, Sender, State, Understanding, Utterance
from bot.service.handover import Handover
from bot.service.ports import Clock
from bot.service.transcript import Dialogue, read
from bot.settings import Settings
from bot.store import conversations, events, handovers, records
from bot.store.database import Tx
from bot.store.keys import Box
from bot.words import Words


class Safety:
    """Applies a step of the table inside the transaction that keeps the turn."""

    def __init__(self, words: Words, handover: Handover, settings: Settings, clock: Clock) -> None:
        self.words, self.handover, self.settings, self.clock = words, handover, settings, clock

    async def apply(
        self,
        tx: Tx,
        box: Box,
        row: Any,
        dialogue: Dialogue,
        turn_id: str,
        step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance | Message]:
        """Do what the step asks and return what is said at once; a person's own turn is kept."""
        dialogue.opening = step.step is Step.ASK_SAFE
        if step.step is Step.HIT:
            return await self._hit(tx, box, row, dialogue, turn_id, step.about, heard)
        if step.step is Step.TO_STAFF:
            if step.about:
                await self._flag_staff(tx, box, row, step.about, heard)
            return []
        if step.step in (Step.CHECK, Step.CHECK_AGAIN):
            return await self._check(tx, box, row, dialogue, step, heard)
        if step.step in (Step.CLEARED, Step.UNSURE):
            return await self._check_over(tx, box, row, dialogue, step, heard)
        if step.step is Step.PERSON:
            return await self._person(tx, box, row, dialogue, heard)
        if step.step is Step.REPEAT:
            return await self._again(tx, box, row)
        simple = {
            Step.NOT_SAFE: "not_safe",
            Step.NOT_MEANT: "misheard_apology",
            Step.EXIT: "exit_words",
            Step.ASK_SAFE: "opening_safe",
        }
        return [Utterance(simple[step.step])] if step.step in simple else []

    async def _hit(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str,
        about: str, heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Record, queue, page, and say the emergency words; with a worker there, flag them."""
        now = self.clock()
        cues = list(heard.cues) or [f"answer:{dialogue.asking}"]
        await handovers.record_hit(
            tx, id=str(uuid.uuid4()), conversation_id=row.id, turn_id=turn_id, urgency=about,
            cues=box.seal(cues), at=now,
        )  # fmt: skip
        worst = urgency.higher(row.urgency, about)
        await conversations.change(tx, row.id, urgency=worst)
        first = about not in dialogue.hits
        dialogue.hits = [*dialogue.hits, about] if first else dialogue.hits
        dialogue.check, dialogue.cue, dialogue.again = "", "", False
        if row.state == State.STAFF:
            await self._flag_staff(tx, box, row, about, heard)
            return []
        await self.handover.queue_up(tx, box, row, urgency.tier(about), "hit", cues)
        await conversations.change(tx, row.id, state=State.WAITING)
        await records.plan(
            tx, str(uuid.uuid4()), "danger_unanswered", row.id, now + self.settings.nobody_after
        )
        await self.handover.page(tx, row.id)
        kind = steps.INTENTS[about]
        names = [f"emergency_{kind}"] + ([f"emergency_{kind}_next"] if first else [])
        return [Utterance(n) for n in names]

    async def _flag_staff(
        self, tx: Tx, box: Box, row: Any, about: str, heard: Understanding
    ) -> None:
        """Flag the worker; if they send nothing in time, the emergency words go by themselves."""
        message = Message(Sender.SYSTEM, about, say=",".join(heard.cues))
        await self.handover.transcript.add(
            tx, box, row.id, message, kind="flag", audience=events.STAFF
        )
        if about in urgency.DANGER:
            await records.plan(
                tx,
                str(uuid.uuid4()),
                "staff_emergency",
                row.id,
                self.clock() + self.settings.staff_sends_within,
            )

    async def _check(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Ask one gentle question; a red flag is queued just under danger meanwhile."""
        if step.step is Step.CHECK_AGAIN:
            dialogue.again = True
            dialogue.opening = False
            return [Utterance("check_unclear")]
        dialogue.check, dialogue.cue, dialogue.again = step.about, step.cue, False
        if step.about == "red_flag":
            await self.handover.queue_up(
                tx, box, row, urgency.tier("high", red_flag=True), "red_flag", heard.cues
            )
        flagged = f"check_red_flag_{step.cue.removeprefix('flag:')}"
        name = flagged if step.cue and flagged in self.words.names() else ""
        return [Utterance(name or f"check_{steps.INTENTS[step.about]}")]

    async def _check_over(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Close the check. An unsure answer is never "safe": emergency words, and the queue."""
        cue = step.cue or dialogue.cue
        dialogue.cleared = [*dialogue.cleared, cue or step.about]
        dialogue.check, dialogue.cue, dialogue.again = "", "", False
        said = []
        if step.step is Step.UNSURE:
            await self.handover.queue_up(
                tx, box, row, urgency.tier("none", unsure=True), "unsure", heard.cues
            )
            unsure = {"suicide_risk": "check_not_sure_suicide"}.get(step.about, "check_not_sure")
            said.append(Utterance(unsure))
        if cue == "flag:strangled":
            said.insert(0, Utterance("strangled_checkup"))
        return said

    async def _person(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, heard: Understanding
    ) -> list[Utterance]:
        """Bring the person into the queue and tell them honestly where they stand."""
        worst = urgency.higher(row.urgency, heard.urgency)
        dialogue.check, dialogue.cue = "", ""
        new = await self.handover.queue_up(tx, box, row, urgency.tier(worst), "asked", heard.cues)
        already = not new and row.state == State.WAITING
        await conversations.change(tx, row.id, state=State.WAITING)
        await events.add(
            tx, conversation_id=row.id, audience=events.BOTH, kind="state", at=self.clock()
        )
        await self.handover.page(tx, row.id)
        if not await self.handover.somebody_there(tx):
            return [Utterance("person_nobody")]
        place = await self.handover.place(tx, row.id)
        if place is None:
            return [Utterance("person_asked_unknown")]
        name = "person_already" if already else "person_asked"
        return [Utterance(name, {"position": str(place)})]

    async def _again(self, tx: Tx, box: Box, row: Any) -> list[Utterance | Message]:
        """Say once more what was said last, word for word."""
        batches: list[list[Message]] = [[]]
        for message in read(box, await events.after(tx, 0, conversation_id=row.id, limit=5000)):
            if message.sender is Sender.PERSON:
                batches.append([])
            else:
                batches[-1].append(message)
        return list(next((b for b in reversed(batches) if b), [])) or [
            Utterance("support_listening")
        ]
