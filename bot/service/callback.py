# SPDX-License-Identifier: Apache-2.0
"""A call back by a worker of ours: booked with a yes, in times that are safe, until withdrawn.

The person is asked before any of it is kept. Nothing here rings anybody (see calling_back.py).
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.policy import callback as policy
from bot.policy import competence, phone_number
from bot.policy.hours import clock, in_london
from bot.policy.safe_contact import THEMSELVES, next_window
from bot.policy.turn import Line, Medium, Utterance
from bot.service import contact_plan, judged
from bot.service.agreed import Booked, agreed
from bot.service.contact_plan import (
    ANSWERS,
    CODE_WORD,
    MAY_ANSWER,
    NUMBER,
    ON_DAYS,
    STOP_WORD,
    THE_PERSON,
    WHEN,
    Agreed,
)
from bot.service.duty import Duty
from bot.service.named import CALL, NOTE, may_try, new_reference, of_own
from bot.service.ports import Clock
from bot.settings import Settings
from bot.store import callbacks, events, records, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore
from bot.words import Words

SOON, DUE, MISSED = policy.PLANNED
RECALLED = "recalled"
"""Withdrawn after a call had begun: shown until a worker has seen it."""
LONG_ENOUGH = 1800.0
"""What is left of a safe time must be so long for a call to be booked in it."""


class Callbacks:
    """Shows what would be kept, books, and takes back."""

    def __init__(
        self, store: Database, keys: KeyStore, words: Words, duty: Duty, settings: Settings,
        clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.words, self.duty = store, keys, words, duty
        self.settings, self.clock = settings, clock

    @property
    def possible(self) -> bool:
        """Say whether anybody here can be rung and then ring out."""
        return self.duty.rings_back(self.settings)

    def told(self, booked: Booked) -> dict[str, str]:
        """Return what a person is told once of their call: day, times, our word, reference."""
        begins, ends = in_london(booked.begins), in_london(booked.ends)
        return {
            "day": policy.day_said(begins.date(), in_london(self.clock()).date()),
            "from": clock(begins),
            "to": clock(ends),
            "our_word": booked.our_word,
            "stop": self._stop(booked.stop_word),
            "reference": booked.reference,
            **agreed(self.words, booked, self.clock()),
        }

    def draft(self, answers: Mapping[str, str], without: Collection[str] = ()) -> list[Line]:
        """Return the lines that would be kept for a call, without those taken out.

        None at all when no call can be booked: no safe number, or no safe time.
        """
        answers = self._with_stop(answers)
        kept = {n: answers.get(n, "") for n in (*ANSWERS, ON_DAYS) if n not in without}
        plan = contact_plan.plan_of(kept, "", self.clock() + self.settings.consent_kept_for)
        if not plan.number or not plan.windows or plan.unknown_numbers == "no":
            return []
        lines = [Line("service", self._label("service"), self._label("callback_us"))]
        for name in ANSWERS:
            said = self._said(name, kept.get(name, ""))
            if name == WHEN and said and (days := self._said(ON_DAYS, kept.get(ON_DAYS, ""))):
                said = f"{said}, {days}"  # one line, so that no time is kept without its days
            if said:
                lines.append(Line(name, self._label(name), said))
        weeks = {"weeks": str(round(self.settings.consent_kept_for / (7 * 86400)))}
        lines.append(Line("kept", self._label("kept"), self._label("callback_kept_text", weeks)))
        return lines

    async def book(
        self, *, conversation_id: str, turn_id: str, answers: Mapping[str, str],
        lines: Sequence[Line], medium: str, by: str = THE_PERSON,
    ) -> Booked | None:  # fmt: skip
        """Keep a yes to these lines and plan the call; once a turn. None when no time is safe.

        Only what stands in a line counts: what was struck out was not said. `by`: the worker who
        books it with them.
        """
        async with self.store.read() as tx:
            known = await records.effect_result(tx, turn_id, DUE)
        if known:
            return await self._kept(known)
        now = self.clock()
        ours = f"{secrets.choice(policy.FIRST)} {secrets.choice(policy.SECOND)}"
        answers, shown = self._with_stop(answers), {line.id for line in lines}
        shown |= {ON_DAYS} if WHEN in shown else set()
        said = {name: answers[name] for name in shown & {*ANSWERS, ON_DAYS} if name in answers}
        plan = contact_plan.plan_of(said, ours, now + self.settings.consent_kept_for)
        window = next_window(plan.windows, now, LONG_ENOUGH)
        if window is None or not plan.number:
            return None
        reference, record_id, callback_id = new_reference(), str(uuid.uuid4()), str(uuid.uuid4())
        wording = self.words.version
        booked = Booked(
            reference, ours, plan.stop_word, *window, now, medium, wording, callback_id
        )  # fmt: skip
        box = await self.keys.make(record_id)
        async with self.store.write() as tx:
            if await records.once(tx, turn_id, DUE, now, callback_id):
                young = competence.judged_because(answers)  # also where its line was struck out
                why = young or await judged.because(tx, self.keys, conversation_id)
                first = bool(why) and by == THE_PERSON  # a worker who books has judged it
                state = policy.TO_JUDGE if first else policy.BOOKED
                await take_back(tx, self.keys, conversation_id, now)  # the newest one counts
                await callbacks.make_record(
                    tx, id=record_id, conversation_id=conversation_id, given_by=THEMSELVES,
                    made_at=now, erase_at=plan.expires_at,
                )  # fmt: skip
                plan_agreed = Agreed(plan, tuple(lines))
                await contact_plan.keep(tx, box, record_id, plan_agreed, by, now)
                if by != THE_PERSON:
                    await staff.note(tx, by, "callback_booked", callback_id, now)
                await callbacks.book(
                    tx, id=callback_id, record_id=record_id, reference=reference,
                    wording=wording, medium=medium, given_at=now, state=state,
                    due_at=booked.begins, until=booked.ends, attempts=0, missed=0,
                )  # fmt: skip
                if first:
                    await judged.plan(tx, callback_id, now)
                else:
                    await plan_call(tx, callback_id, window, now)
                if why and not first:
                    await judged.keep(tx, callback_id, now, "booked")
                await tell_staff(tx, now)
                return replace(booked, to_judge=first)
            before = await records.effect_result(tx, turn_id, DUE)
        await self.keys.erase(record_id)  # the same turn at the same moment: its first one counts
        return await self._kept(before or "")

    async def standing(self, conversation_id: str) -> tuple[str, dict[str, str]] | None:
        """Return the words for the call of this story that stands, and what fills them, or None."""
        async with self.store.read() as tx:
            rows = [
                row
                for record in await callbacks.records_of(tx, conversation_id)
                for row in await callbacks.callbacks_of(tx, record.id)
                if record.given_by == THEMSELVES and row.state in policy.OPEN
            ]
        booked = await self._kept(rows[-1].id) if rows else None
        if booked is None:
            return None
        told = self.told(booked)
        when = {name: told[name] for name in ("day", "from", "to")}
        waits = rows[-1].state == policy.BOOKED
        return ("booked_already", when) if waits else ("booked_in_hand", {})

    async def withdraw(self, conversation_id: str, reference: str = "") -> int:
        """Take back every call and plan of this story, or the one with this reference.

        Return how many of this story. The reference of a note of theirs takes back no call; of one
        that is not their own see Referrals.withdraw.
        """
        now = self.clock()
        async with self.store.write() as tx:
            kind = await of_own(tx, conversation_id, reference)
            if kind == NOTE:
                return 0
            record = None
            if kind or (reference and await may_try(tx, CALL, conversation_id, reference, now)):
                record = await callbacks.named(tx, reference)
            taken = await take_back_one(tx, self.keys, record, now) if record is not None else 0
            return taken if kind else await take_back(tx, self.keys, conversation_id, now)

    async def _kept(self, callback_id: str) -> Booked | None:
        """Return what a turn that is put again has booked already."""
        async with self.store.read() as tx:
            row = await callbacks.callback(tx, callback_id)
            if row is None:
                return None
            box = await self.keys.box(row.record_id)
            latest = await contact_plan.latest(tx, box, row.record_id)
        if latest is None:
            return None
        plan = latest.plan
        return Booked(
            row.reference, plan.our_word, plan.stop_word, row.due_at, row.until,
            row.given_at, row.medium, row.wording, row.id, row.state == policy.TO_JUDGE,
        )  # fmt: skip

    def _with_stop(self, answers: Mapping[str, str]) -> Mapping[str, str]:
        """Return the answers with words that end the call: ours where they chose none."""
        theirs, ours = answers.get(STOP_WORD, ""), self._text("callback_stop_words")
        return {**answers, STOP_WORD: ours if theirs in ("", "skip", "not_asked") else theirs}

    def _stop(self, word: str) -> str:
        said = ("callback_stop", {"stop_word": word}) if word else ("callback_no_stop", {})
        return self._text(*said)

    def _said(self, name: str, answer: str) -> str:
        if answer in ("", "skip", "not_asked", "not_sure"):
            return ""
        if name == NUMBER:
            return phone_number.shown(answer)
        if name in (CODE_WORD, STOP_WORD, MAY_ANSWER):
            return answer
        return self.words.label(answer, Medium.CHAT)

    def _label(self, name: str, values: dict[str, str] | None = None) -> str:
        return self._text(f"consent_line_{name}", values)

    def _text(self, name: str, values: dict[str, str] | None = None) -> str:
        return self.words.message(Utterance(name, values or {}), Medium.CHAT).text


async def plan_call(tx: Tx, callback_id: str, window: tuple[float, float], now: float) -> None:
    """Plan what is due before, and at both ends of, a safe time, in place of what was planned.

    Who is reminded as it begins is not reminded before it as well.
    """
    await unplan(tx, callback_id)
    before = window[0] - policy.REMINDED_BEFORE
    soon = ((SOON, before),) if before > now else ()
    for kind, at in (*soon, (DUE, window[0]), (MISSED, window[1])):
        await records.plan(tx, str(uuid.uuid4()), kind, callback_id, at)


async def unplan(tx: Tx, callback_id: str) -> None:
    """Let nothing of a callback be due any more."""
    for kind in policy.PLANNED:
        await records.cancel(tx, kind, callback_id)


async def take_back(tx: Tx, keys: KeyStore, conversation_id: str, now: float) -> int:
    """Withdraw every contact plan of a story; return how many calls stood until now."""
    found = await callbacks.records_of(tx, conversation_id)
    return sum([await take_back_one(tx, keys, record, now) for record in found])


async def take_back_one(
    tx: Tx, keys: KeyStore, record: Any, now: float, by: str = THE_PERSON
) -> int:
    """Withdraw a contact plan with its calls; return how many of them stood until now.

    A call that is under way, or was tried, is shown to staff as taken back. Nobody takes back for
    somebody else. `by`: the person, or the worker whom they told.
    """
    if record.given_by != THEMSELVES:
        return 0
    taken = 0
    for row in await callbacks.callbacks_of(tx, record.id):
        begun = row.attempts or row.state == policy.CALLING
        state = RECALLED if begun else policy.WITHDRAWN
        taken += await callbacks.change(tx, row.id, policy.OPEN, state=state, withdrawn_at=now)
        await unplan(tx, row.id)
    box = await keys.held(record.id)
    standing = await contact_plan.latest(tx, box, record.id) if box is not None else None
    if box is not None and standing is not None and not standing.plan.withdrawn:
        await contact_plan.change(tx, box, record.id, by, now, withdrawn=True)
    await tell_staff(tx, now)
    return taken


async def take_back_and_erase(tx: Tx, keys: KeyStore, conversation_id: str, now: float) -> None:
    """Withdraw every contact plan of a story; the next sweep erases them."""
    await take_back(tx, keys, conversation_id, now)
    for record in await callbacks.records_of(tx, conversation_id):
        await callbacks.erase_by(tx, record.id, now)


async def tell_staff(tx: Tx, now: float) -> None:
    """Let every console see that something of a callback changed."""
    await events.add(tx, conversation_id=None, audience=events.STAFF, kind="callback", at=now)
