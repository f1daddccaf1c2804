# SPDX-License-Identifier: Apache-2.0
"""Taking back what was booked or agreed, by any words at any turn and whoever has the person.

It is done in the transaction that keeps the turn, beside whatever else the turn does: a call that
is not wanted must not ring because danger was heard as well, or because a worker was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.policy import callback as policy
from bot.policy import (
    competence,
    consent,
    contacting,
    postponed,
    second_thoughts,
    steps,
    withdrawing,
)
from bot.policy.age import UNDER_18
from bot.policy.consent import CONTACT_FACTS
from bot.policy.questions import CONTACT_ANEW
from bot.policy.safe_contact import THEMSELVES
from bot.policy.steps import Step
from bot.policy.turn import Choice, Message, Said, Sender, State, Understanding, Utterance
from bot.service import callback, facts, judged, referral_state
from bot.service.reading import Picked
from bot.service.safety import Safety
from bot.service.transcript import Dialogue
from bot.store import callbacks, events, records
from bot.store.database import Tx
from bot.store.keys import Box, KeyStore

# What each is said to have become, the note first: the words of a call end with the ways on.
DONE = {withdrawing.NOTE: "consent_withdrawn", withdrawing.CALL: "callback_withdrawn"}
ASKED = {
    withdrawing.ONE_NOTE: "agreed_ask_off",
    withdrawing.ONE_CALL: "booked_ask_off",
    withdrawing.ALL: "both_ask_off",
}
WAYS_ON = tuple(Choice(key, "") for key in ("find_help", "person", "done"))
WANTS_DELETION, MAY_TAKE_BACK = "request_deletion", "may_take_back"


class TakingBack:
    """What `Safety` does in a turn, and what the turn takes back."""

    def __init__(self, safety: Safety, keys: KeyStore) -> None:
        self.safety, self.keys = safety, keys
        self.transcript, self.clock = safety.handover.transcript, safety.clock

    async def wishes(
        self, tx: Tx, row: Any, dialogue: Dialogue, said: Said, picked: Picked
    ) -> Picked:
        """Return what was picked with the cues of what it does to what stands in this story."""
        heard = picked.heard
        free = not picked.answer and not contacting.asks_something(dialogue.asking)
        asks = heard.act == contacting.CALLBACK
        if (asks or free) and withdrawing.unwanted(said.text, alone=not asks):
            heard = replace(heard, act=contacting.CALLED_OFF)
        brief = dialogue.asking in consent.BRIEFS
        if competence.cannot(said.text, at_brief=brief):
            heard = replace(heard, cues=(*heard.cues, competence.CANNOT))
            if brief:  # nothing is agreed to: a person here goes through it with them
                picked, heard = replace(picked, answer=""), replace(heard, act="ask_human")
        standing = await stands(tx, row.id)
        if not standing:
            return replace(picked, heard=heard)
        wish = withdrawing.heard(said.text, standing)
        asked = next((what for what, say in ASKED.items() if say == dialogue.asking), None)
        plainly = contacting.CALLED_OFF == heard.act or contacting.calls_off(said.text)
        plainly = plainly or wish.cue == withdrawing.TAKES
        may = asked is None and heard.act != WANTS_DELETION
        may = may and second_thoughts.may(said.text, heard.takes_back, standing)
        # Beside danger, and in answer to the question, plain words count at once.
        calm = asked is None and heard.action == "none"
        unlikely = calm and second_thoughts.doubtful(said.text, heard.takes_back)
        if (plainly and not unlikely) or picked.answer == withdrawing.OFF:
            about = wish.about or (asked or standing) & standing or standing
            cues = [f"{withdrawing.TAKES}{what}" for what in sorted(about)]
            if contacting.reference(said.text) and row.state != State.STAFF:
                cues.append(withdrawing.NAMED)
            # It tells of nothing but this: no model's doubt makes danger of it.
            act = contacting.CALLED_OFF if wish.alone and not picked.answer else heard.act
            heard = replace(heard, act=act, cues=(*heard.cues, *cues))
        elif (plainly or wish.cue or may) and not contacting.asks_something(dialogue.asking):
            about = sorted(wish.about or standing)
            cues = [f"{withdrawing.ASKS}{what}" for what in about]
            heard = replace(heard, cues=(*heard.cues, *cues))
            if heard.action != "none":  # asked once it is known that they are safe
                picked = replace(picked, asks=(postponed.TAKE_BACK, *about))
        return replace(picked, heard=heard)

    async def apply(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance | Message]:  # fmt: skip
        """Do what the step asks and what is taken back; return what is said of both."""
        taken = await self._taken(tx, box, row, turn_id, step, heard)
        held = await self._held(tx, box, row, dialogue, turn_id, heard)
        said = await self.safety.apply(tx, box, row, dialogue, turn_id, step, heard)
        if step.step is Step.TO_STAFF:
            flags = [judged.WHY] * bool(held)
            await self._tell_worker(tx, box, row, dialogue, turn_id, taken, heard, flags)
            return said
        if step.step is Step.ASK_OFF:
            return [Utterance(ASKED[withdrawing.of(heard.cues, withdrawing.ASKS)])]
        if dialogue.asks[:1] == [postponed.TAKE_BACK] and step.step in (Step.CLEARED, Step.TALK):
            about = frozenset(dialogue.asks[1:]) & await stands(tx, row.id)
            dialogue.asks = []
            return [*said, Utterance(ASKED.get(about, "support_carry_on"))]
        if step.step is Step.PERSON and competence.CANNOT in heard.cues:
            said = [Utterance("consent_with_a_person", choices=()), *said]
        if step.step is Step.KEPT:
            return [Utterance("booked_kept")]
        done = [Utterance(DONE[what], choices=()) for what in DONE if what in taken]
        done += [Utterance("consent_held", choices=())] * bool(held)
        if step.step is Step.TAKEN_BACK and done:
            return [*done[:-1], replace(done[-1], choices=WAYS_ON)]
        if step.step is Step.TAKEN_BACK:  # it was taken back a moment ago, from another device
            return [Utterance("callback_withdrawn")]
        return self._beside(said, done)

    def _beside(
        self, said: list[Utterance | Message], done: Sequence[Utterance]
    ) -> list[Utterance | Message]:
        """Return the words of what was taken back before the question that the turn ends with.

        Emergency words stay the first.
        """
        asks = len(said) > 1 or (said and not said[0].say.startswith("emergency_"))
        return [*said[:-1], *done, said[-1]] if asks and done else [*said, *done]

    async def _taken(
        self, tx: Tx, box: Box, row: Any, turn_id: str, step: steps.Next, heard: Understanding
    ) -> set[str]:
        """Take back what the turn takes back; return which of a call and a note stood until now."""
        wanted = withdrawing.of(heard.cues, withdrawing.TAKES)
        if not wanted or (step.step is Step.TALK and withdrawing.NAMED in heard.cues):
            return set()
        now, taken = self.clock(), set()
        if withdrawing.NOTE in wanted and await referral_state.take_back(tx, row.id, now):
            taken.add(withdrawing.NOTE)
        if withdrawing.CALL in wanted and await callback.take_back(tx, self.keys, row.id, now):
            taken.add(withdrawing.CALL)
        known = await facts.known(tx, box, row.id)
        forgotten = {name: "skip" for name in CONTACT_FACTS if name in known}
        kept = {**forgotten, CONTACT_ANEW: "yes"}
        await facts.keep(tx, box, row.id, turn_id, kept, now)
        return taken

    async def _held(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str, heard: Understanding
    ) -> int:
        """Hold back what was agreed once a person has to judge it first; return how much."""
        cannot, now = competence.CANNOT in heard.cues, self.clock()
        if cannot:
            helped = {competence.DECIDES: competence.HELPED}
            await facts.keep(tx, box, row.id, turn_id, helped, now)
        if not cannot and dialogue.age_band not in UNDER_18:
            return 0
        return await judged.hold(tx, row.id, now)

    async def _tell_worker(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str, taken: set[str],
        heard: Understanding, flags: list[str],
    ) -> None:  # fmt: skip
        """Let the worker see what was taken back or is wanted, and the person that it is done."""
        flags += [f"took_back_{what}" for what in sorted(taken)]
        flags += [MAY_TAKE_BACK] * bool(withdrawing.of(heard.cues, withdrawing.ASKS))
        flags += [WANTS_DELETION] * (heard.act == WANTS_DELETION)
        for flag in flags:
            message = Message(Sender.SYSTEM, flag)
            await self.transcript.add(
                tx, box, row.id, message, kind="flag", audience=events.STAFF
            )
        done = [Utterance(DONE[what], choices=()) for what in DONE if what in taken]
        if done:
            await self.transcript.say(
                tx, box, row, dialogue, done, turn_id=turn_id, sender=Sender.SYSTEM
            )


async def stands(tx: Tx, conversation_id: str) -> frozenset[str]:
    """Return which of a call and a note were agreed to in a story and may still be taken back."""
    notes = await records.consents_of(tx, conversation_id)
    found = {withdrawing.NOTE} if any(n.state in referral_state.AGREED for n in notes) else set()
    for record in await callbacks.records_of(tx, conversation_id):
        booked = await callbacks.callbacks_of(tx, record.id)
        if record.given_by == THEMSELVES and any(row.state in policy.OPEN for row in booked):
            found.add(withdrawing.CALL)
    return frozenset(found)
