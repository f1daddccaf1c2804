# SPDX-License-Identifier: Apache-2.0
"""What brings a person into the queue and out of it again, and what they are told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bot.policy import urgency
from bot.policy.hearing import ASKS_IF_PERSON
from bot.policy.language import BSL
from bot.policy.same_worker import CUE
from bot.policy.turn import Choice, Message, State, Utterance
from bot.service.handover import Handover
from bot.service.ports import Clock
from bot.service.transcript import Dialogue
from bot.store import events, handovers, records
from bot.store.database import Tx
from bot.store.keys import Box

CALLBACK = "callback"


class Queueing:
    """Works inside the transaction that keeps the person's turn."""

    def __init__(self, handover: Handover, clock: Clock) -> None:
        self.handover, self.clock = handover, clock

    async def ask(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, worst: str, cues: tuple[str, ...]
    ) -> list[Utterance]:
        """Bring in a person who asked for one and tell them honestly where they stand."""
        new = await self.handover.queue_up(tx, box, row, urgency.tier(worst), "asked", cues)
        already = not new and row.state == State.WAITING
        await self.handover.release.becomes(tx, row.id, State.WAITING)
        await self.handover.page(tx, row.id)
        await self.handover.release.tell_again(tx, row.id)
        name = "person_already" if already else "person_asked"
        stands = await self._stands(tx, row, dialogue, name, "person_asked_unknown")
        before = [Utterance("person_automated")] * (ASKS_IF_PERSON in cues)
        before += [Utterance("person_same")] * (CUE in cues)
        return [*before, *stands]

    async def place(self, tx: Tx, row: Any, dialogue: Dialogue) -> list[Utterance]:
        """Tell somebody who asks while they wait how it stands."""
        return await self._stands(tx, row, dialogue, "waiting_update", "waiting_unknown")

    async def no_wait(self, tx: Tx, row: Any, dialogue: Dialogue) -> list[Utterance]:
        """Let go of somebody who waits only because they asked; danger keeps anybody's place."""
        if _kept(dialogue):
            return [Utterance("waiting_stays")]
        await self._leaves(tx, row.id, "not_wanted")
        await records.cancel(tx, "waiting", row.id)
        await self.handover.release.becomes(tx, row.id, State.ASSISTANT)
        dialogue.place = None
        return [Utterance("person_cancelled")]

    async def cleared(self, tx: Tx, row: Any, dialogue: Dialogue, worry: str) -> None:
        """Take out somebody who is in the queue for a worry alone that they have denied."""
        dialogue.worries = [w for w in dialogue.worries if w != worry]
        if row.state != State.WAITING and not _kept(dialogue):
            await self._leaves(tx, row.id, "cleared")

    async def with_nobody(
        self, tx: Tx, row: Any, dialogue: Dialogue, said: Sequence[Utterance | Message],
        known: Collection[str],
    ) -> list[Utterance | Message]:  # fmt: skip
        """Return what is said to who is in danger in words that promise no person, if need be.

        Whoever hears that nobody is on duty is told when somebody is there.
        """
        found = await self.handover.standing.as_it_is(tx, row.medium, row.id, said, known)
        if found != list(said):
            dialogue.place = 0
            await self.handover.release.tell_again(tx, row.id)
        return found

    async def _stands(
        self, tx: Tx, row: Any, dialogue: Dialogue, known: str, unknown: str
    ) -> list[Utterance]:
        place = dialogue.place = await self.handover.standing.place_to_tell(tx, row)
        said = Utterance(known, {"position": str(place)}) if place else Utterance(unknown)
        said = self.handover.standing.nobody() if place == 0 else said
        return [said if _kept(dialogue) else self.or_be_rung(said)]

    def or_be_rung(self, said: Utterance) -> Utterance:
        """Return this with a call at a safe time to choose beside the wait, where we can ring.

        Never for danger: whoever is in it is to be reached now.
        """
        if not self.handover.standing.duty.rings_back(self.handover.settings):
            return said
        keys = self.handover.transcript.words.choices(said.say)
        return replace(said, choices=tuple(Choice(key, "") for key in (CALLBACK, *keys)))

    async def _leaves(self, tx: Tx, conversation_id: str, outcome: str) -> None:
        found = await handovers.open_for(tx, conversation_id)
        if found is not None and found.state != handovers.TAKEN:
            await handovers.end(tx, found.id, outcome, self.clock())
            await self.handover.release.seen_by(tx, conversation_id, events.STAFF, "queue")


def _kept(dialogue: Dialogue) -> bool:
    """Say whether more than a wish for a person keeps somebody in the queue."""
    return bool(dialogue.hits or dialogue.worries or set(dialogue.languages) - {BSL})
