# SPDX-License-Identifier: Apache-2.0
"""What the edge itself does and says in a turn, with or without the assistant.

Emergency words, the one gentle question, the way to a person: none of it waits for Rasa.
"""

from __future__ import annotations

import uuid
from typing import Any

from bot.policy import hearing, pace, scripts, standing, steps, urgency
from bot.policy.answer import HEDGED_YES
from bot.policy.denial import OVER
from bot.policy.questions import CHILDREN, LIMITS
from bot.policy.screen import ALSO, misheard
from bot.policy.steps import NOT_SAFE_NOW, Step
from bot.policy.turn import Message, Sender, State, Understanding, Utterance
from bot.service import facts
from bot.service.handover import Handover
from bot.service.language import Interpreting
from bot.service.ports import Clock
from bot.service.queueing import Queueing
from bot.service.transcript import Dialogue, read
from bot.settings import Settings
from bot.store import conversations, events, handovers, records
from bot.store.database import Tx
from bot.store.keys import Box
from bot.words import Words

# Told together with the wish for a person: acknowledged before any place in a queue.
HEARD_FIRST = ("sexual_violence", "child_abuse")
QUIET = (Step.EXIT, Step.NOT_SAFE)
"""After these the screen stays as it is until the person writes again."""
# Said before whether it is safe is asked once more, by what was said instead of an answer.
ASKED_AGAIN = {
    "out_of_scope": "opening_not_caught", "abuse_bot": "opening_angry", "affirm": "opening_yes_but",
}  # fmt: skip


class Safety:
    """Applies a step of the table inside the transaction that keeps the turn."""

    def __init__(
        self, words: Words, handover: Handover, interpreting: Interpreting, settings: Settings,
        clock: Clock,
    ) -> None:  # fmt: skip
        self.words, self.handover, self.settings, self.clock = words, handover, settings, clock
        self.interpreting = interpreting
        self.queueing = Queueing(handover, clock)

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
        said = await self._said(tx, box, row, dialogue, turn_id, step, heard)
        said = await self.interpreting.beside(tx, box, row, dialogue, step, heard, said)
        return await self.queueing.with_nobody(tx, row, dialogue, said, self.words.names())

    async def _said(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance | Message]:  # fmt: skip
        again = step.step is Step.REPEAT and dialogue.opening
        dialogue.opening = again or step.step is Step.ASK_SAFE
        dialogue.after = dialogue.after if step.step is Step.REPEAT else ""
        dialogue.quiet = step.step in QUIET or NOT_SAFE_NOW in heard.cues
        dialogue.stopped = step.step is Step.EXIT
        if step.step is Step.HIT:
            return await self._hit(tx, box, row, dialogue, turn_id, step.about, heard)
        if step.step is Step.TO_STAFF:
            dialogue.stands = 0
            if step.about:
                await self._flag_staff(tx, box, row, step.about, heard)
            return []
        if step.step in (Step.CHECK, Step.CHECK_AGAIN):
            return await self._check(tx, box, row, dialogue, step, heard)
        if step.step in (Step.CLEARED, Step.UNSURE, Step.WORRIED):
            return await self._check_over(tx, box, row, dialogue, step, heard)
        if step.step is Step.PERSON:
            return await self._person(tx, box, row, dialogue, step, heard)
        if step.step in (Step.PLACE, Step.NO_WAIT):
            wait = self.queueing.place if step.step is Step.PLACE else self.queueing.no_wait
            return await wait(tx, row, dialogue)
        return await self._in_words_alone(tx, box, row, dialogue, step, heard)

    async def _in_words_alone(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance | Message]:  # fmt: skip
        """Return what is said where nothing has to be done; a worry passed over reaches staff."""
        if step.step is Step.REPEAT:
            return await self._again(tx, box, row, pace.asked(heard.cues))
        if step.step is Step.ASK_SAFE:
            names = [ASKED_AGAIN[heard.act]] if heard.act in ASKED_AGAIN else []
            names += [scripts.WELCOME] if scripts.WELCOME in heard.cues else []
            return [Utterance(n, choices=()) for n in names] + [Utterance("opening_safe")]
        simple = {
            Step.NOT_SAFE: "not_safe",
            Step.NOT_MEANT: "misheard_apology",
            Step.EXIT: "exit_words",
            Step.STAY: "emergency_suicide_stay",
            Step.NOTED: "emergency_immediate_noted",
            Step.WITH_YOU: standing.ROUND[max(dialogue.stands, 1) - 1],
        }
        if dialogue.stands:
            over = step.step is Step.NOT_MEANT
            dialogue.stands = 0 if over else standing.following(dialogue.stands)
        if step.step is Step.STAY:
            dialogue.stands = 1
        if step.step is Step.SAFE and HEDGED_YES in heard.cues:
            return [Utterance("opening_way_out")]
        if step.step is Step.NOT_MEANT and OVER in heard.cues:
            return [Utterance("danger_over")]
        if step.step is Step.NOTED and dialogue.check:  # it stays a worry, and staff come first
            dialogue.keep_worry(dialogue.cue or dialogue.check)
            dialogue.check, dialogue.cue, dialogue.again = "", "", False
        asked_again = heard.urgency in dialogue.cleared
        if heard.action == "check" and asked_again and heard.urgency in urgency.DANGER:
            # Asked about a moment ago and answered with no: not asked again, but staff see it.
            tier, why = urgency.tier("none", unsure=True), urgency.words("unsure", heard.urgency)
            await self.handover.queue_up(tx, box, row, tier, why, heard.cues)
            dialogue.keep_worry(heard.urgency)
        if step.step is Step.TALK and hearing.may_want_person(heard):
            return [Utterance("person_if_wanted", choices=())]
        return [Utterance(simple[step.step])] if step.step in simple else []

    async def _hit(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, turn_id: str,
        about: str, heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Record, queue, page, and say the emergency words; with a worker there, flag them.

        Of two dangers in one message each is recorded and gets its words, danger now first.
        """
        now = self.clock()
        cues = list(heard.cues) or [f"answer:{dialogue.asking}"]
        also = [c.removeprefix(ALSO) for c in heard.cues if c.startswith(ALSO)]
        dangers = sorted({about, *also}, key=urgency.ORDER.index)
        for one in dangers:
            await handovers.record_hit(
                tx, id=str(uuid.uuid4()), conversation_id=row.id, turn_id=turn_id, urgency=one,
                cues=box.seal(cues), at=now,
            )  # fmt: skip
        worst = urgency.higher(row.urgency, dangers[0])
        await conversations.change(tx, row.id, urgency=worst)
        names: list[str] = []
        for one in dangers:
            first = one not in dialogue.hits
            taken = one == urgency.SUICIDE and standing.TAKEN in heard.cues
            names += standing.hit_words(
                one, steps.INTENTS[one], first=first, asked=dialogue.check == one, taken=taken,
                told=dialogue.taken, address=dialogue.address, hits=dialogue.hits,
            )  # fmt: skip
            dialogue.hits += [one] * first
            dialogue.taken = dialogue.taken or taken
            dialogue.stands = 1 if one == urgency.SUICIDE else dialogue.stands
        dialogue.check, dialogue.cue, dialogue.again = "", "", False
        await self.handover.queue_up(tx, box, row, urgency.tier(dangers[0]), "hit", cues)
        if row.state == State.STAFF:
            for one in dangers:
                await self._flag_staff(tx, box, row, one, heard)
            return []
        asked = [d for d in dangers if f"emergency_{steps.INTENTS[d]}_next" in names]
        dialogue.after = asked[-1] if asked else ""
        if urgency.DANGER_NOW in dangers:
            dialogue.address = steps.ADDRESS_FOR
        await conversations.change(tx, row.id, state=State.WAITING)
        await records.plan(
            tx, str(uuid.uuid4()), "danger_unanswered", row.id, now + self.settings.nobody_after
        )
        await self.handover.page(tx, row.id)
        known = await facts.known(tx, box, row.id)
        return [Utterance(n) for n in standing.for_them(names, heard.topic, known)]

    async def _flag_staff(
        self, tx: Tx, box: Box, row: Any, about: str, heard: Understanding
    ) -> None:
        """Flag the worker; if they send nothing in time, the emergency words go by themselves."""
        message = Message(Sender.SYSTEM, about, say=",".join(heard.cues))
        await self.handover.transcript.add(
            tx, box, row.id, message, kind="flag", audience=events.STAFF
        )
        if about in urgency.DANGER:
            due = self.clock() + self.settings.staff_sends_within
            await records.plan(tx, str(uuid.uuid4()), "staff_emergency", row.id, due)

    async def _check(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Ask one gentle question; a red flag is queued just under danger meanwhile."""
        if step.step is Step.CHECK_AGAIN:
            dialogue.again = True
            dialogue.opening = False
            return [Utterance(self._question("check_unclear_", step))]
        dialogue.check, dialogue.cue, dialogue.again = step.about, step.cue, False
        await records.cancel(tx, "check_unanswered", row.id)  # of an earlier question
        await records.plan(
            tx,
            str(uuid.uuid4()),
            "check_unanswered",
            row.id,
            self.clock() + self.settings.nobody_after,
        )
        if step.about == "red_flag":
            await self.handover.queue_up(
                tx, box, row, urgency.tier("high", red_flag=True), "red_flag", heard.cues
            )
            dialogue.keep_worry(step.cue or step.about)
        if misheard(heard.cues):
            return [Utterance(f"check_misheard_{steps.INTENTS[step.about]}")]
        limits = [Utterance(LIMITS)] * (CHILDREN in heard.cues)
        return [*limits, Utterance(self._question("check_", step))]

    def _question(self, begins: str, step: steps.Next) -> str:
        """Return the name of the question about a danger or a red flag, in the flag's own words."""
        flagged = f"{begins}red_flag_{step.cue.removeprefix('flag:')}"
        found = step.cue and flagged in self.words.names()
        return flagged if found else begins + steps.INTENTS[step.about]

    async def _check_over(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Close the check. An unsure answer is never "safe": emergency words, and the queue.

        A worry said once more is more than unsure: it goes just under danger.
        """
        cue = step.cue or dialogue.cue
        await records.cancel(tx, "check_unanswered", row.id)
        dialogue.check, dialogue.cue, dialogue.again = "", "", False
        said = []
        if step.step is Step.CLEARED:
            dialogue.cleared[cue or step.about] = row.turns + 1
            dialogue.stands *= step.about != urgency.SUICIDE
            await self.queueing.cleared(tx, row, dialogue, cue or step.about)
        else:
            worried = step.step is Step.WORRIED
            tier = urgency.tier("none", red_flag=worried, unsure=True)
            why = urgency.words("unsure", step.about)
            await self.handover.queue_up(tx, box, row, tier, why, heard.cues)
            # No later "no" takes out of the queue whoever was told that they may not be safe.
            dialogue.keep_worry(f"worried:{step.about}" if worried else cue or step.about)
            words = urgency.words("check_worried", step.about)
            said.append(Utterance(words if worried else _unsure(step.about)))
        if cue == "flag:strangled":
            said.insert(0, Utterance("strangled_checkup"))
        return said

    async def _person(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding,
    ) -> list[Utterance]:  # fmt: skip
        """Bring the person into the queue and tell them honestly where they stand."""
        worst = steps.urgency_after(row.urgency, step, heard)
        first: list[Utterance] = []
        if dialogue.check in urgency.DANGER:
            # Whether they are in danger was not answered: the numbers first, then the queue.
            first, worst = [Utterance(_unsure(dialogue.check))], dialogue.check
            due = self.clock() + self.settings.nobody_after
            await records.plan(tx, str(uuid.uuid4()), "danger_unanswered", row.id, due)
            await conversations.change(tx, row.id, urgency=urgency.higher(row.urgency, worst))
            dialogue.keep_worry(dialogue.check)
        dialogue.check, dialogue.cue = "", ""
        told = heard.urgency != "none" and heard.topic != row.topic
        if not first and told and heard.topic in HEARD_FIRST:
            first = [Utterance(f"support_heard_{heard.topic}")]
        return [*first, *await self.queueing.ask(tx, box, row, dialogue, worst, heard.cues)]

    async def _again(self, tx: Tx, box: Box, row: Any, wish: str) -> list[Utterance | Message]:
        """Say once more what was said last, at the pace wished for, never to another device."""
        batches: list[list[Message]] = [[]]
        contact = await conversations.live_contact(tx, row.id)
        since = contact.opened_at if contact else self.clock()
        rows = await events.after(tx, 0, conversation_id=row.id, since=since, limit=5000)
        for message in read(box, rows):
            if message.sender is Sender.PERSON:
                batches.append([])
            else:
                batches[-1].append(message)
        last = next((b for b in reversed(batches) if b), [])
        again = pace.whole([m for m in last if not m.say.startswith(pace.SAID)])
        told = [pace.told(wish, [m.say for m in last])] if wish else []
        return [*map(Utterance, told), *again] or [Utterance("support_listening")]


def _unsure(about: str) -> str:
    """Return the words for somebody who cannot say whether they are in danger."""
    return "check_not_sure_suicide" if about == "suicide_risk" else "check_not_sure"
