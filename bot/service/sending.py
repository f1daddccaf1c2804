# SPDX-License-Identifier: Apache-2.0
"""A text or an e-mail to a person who asked for it this moment: approved words, sent once.

Their own number or address, given for this alone; the leave is kept and lasts minutes. STOP from
that number, and what the story's own plans refuse, are read as it goes. What goes says neither
whose number it is nor what it is about; but it comes from the line's own number or mail address,
and they are told so first. Off until FINGERPOST_SENDS names a means.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Mapping
from typing import Protocol

from bot.policy.mail_address import is_address
from bot.policy.safe_contact import (
    ALWAYS,
    BY_NUMBER,
    DETAILS,
    THEMSELVES,
    YES,
    Permit,
    Plan,
    Refusal,
    permits,
    refuses,
)  # fmt: skip
from bot.policy.turn import Line, Medium, Utterance
from bot.service import contact_plan
from bot.service.contact_plan import THE_PERSON, Agreed
from bot.service.ports import Clock, NotDelivered
from bot.service.stopped import Stopped
from bot.store import callbacks, records, staff
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.words import Words

GOOD_FOR = 300.0
"""Seconds from the yes for which the leave stands [J]: `expires_at` of the plan that is kept."""
KEPT_FOR = 86400.0
"""Seconds for which the number and the leave are kept, to answer for what was sent [J]."""
OFF, BAD_ADDRESS, STOPPED = "off", "bad_address", "stopped"
BEFORE, MAYBE = "sent_before", "maybe_sent"
"""Nobody knows whether it went: this very turn tried before, or a server gave no clear answer."""


class Sender(Protocol):
    """Brings one message to a person who allowed it, or raises NotDelivered."""

    def deliver_to_person(self, permit: Permit, subject: str, text: str) -> Awaitable[None]:
        """Send; `subject` is for what has one."""
        ...


class Sending:
    """Sends what a person asked to be sent. `senders`: by medium, those that are switched on."""

    def __init__(
        self, store: Database, keys: KeyStore, words: Words, stopped: Stopped,
        senders: Mapping[str, Sender], clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.words, self.stopped = store, keys, words, stopped
        self.senders, self.clock = senders, clock

    @property
    def media(self) -> tuple[str, ...]:
        """Return the means by which a person can be sent something from here."""
        return tuple(self.senders)

    def text(self, said: Utterance) -> str:
        """Return the very words that would go."""
        return self.words.message(said, Medium.CHAT).text

    async def send(
        self, *, conversation_id: str, turn_id: str, medium: str, address: str, said: Utterance,
        by: str = THE_PERSON,
    ) -> str:  # fmt: skip
        """Send approved words to where a person says now is theirs, and safe; once a turn.

        `address`: a number as +44..., or an e-mail address. `by`: the worker who was asked to.
        Returns "" when it went, or why not: OFF, BAD_ADDRESS, STOPPED, a reason of
        policy.safe_contact, or the code of a NotDelivered; BEFORE or MAYBE where it may have gone.
        Nothing tries again by itself.
        """
        if medium not in self.senders:
            return OFF
        if medium not in BY_NUMBER and not is_address(address):
            return BAD_ADDRESS
        now, text = self.clock(), self.text(said)
        plan = Plan(
            media={medium: YES},
            number=address if medium in BY_NUMBER else "",
            addresses={} if medium in BY_NUMBER else {medium: address},
            windows=(ALWAYS,),
            purposes=(DETAILS,),
            expires_at=now + GOOD_FOR,
        )
        leave = permits(plan, medium, address, now, DETAILS)
        if isinstance(leave, Refusal):
            return leave.reason
        refused = await self._refused(conversation_id, turn_id, medium, address)
        if refused:
            return refused
        if not await self._keep(conversation_id, turn_id, plan, text, by):
            return BEFORE
        try:
            subject = self.text(Utterance("send_subject"))
            await self.senders[medium].deliver_to_person(leave, subject, text)
        except NotDelivered as failed:
            return MAYBE if failed.maybe else failed.code
        return ""

    async def _refused(self, conversation_id: str, turn_id: str, medium: str, address: str) -> str:
        """Return what was said or done before that stands against it, "" for nothing."""
        plans = []
        async with self.store.read() as tx:
            if await records.effect_result(tx, turn_id, DETAILS) is not None:
                return BEFORE
            for record in await callbacks.records_of(tx, conversation_id):
                box = await self.keys.held(record.id)
                if box is None:  # erased: nothing of it is left that could refuse
                    continue
                agreed = await contact_plan.latest(tx, box, record.id)
                if agreed is not None and record.given_by == THEMSELVES:
                    plans.append(agreed.plan)
        if medium in BY_NUMBER and await self.stopped.has(address):
            return STOPPED
        return refuses(plans, medium)

    async def _keep(
        self, conversation_id: str, turn_id: str, plan: Plan, text: str, by: str
    ) -> bool:
        """Keep the leave and what it was for; False when this turn had it before."""
        now, record_id = self.clock(), str(uuid.uuid4())
        box = await self.keys.make(record_id)
        async with self.store.write() as tx:
            new = await records.once(tx, turn_id, DETAILS, now, record_id)
            if new:
                await callbacks.make_record(
                    tx, id=record_id, conversation_id=conversation_id, given_by=THEMSELVES,
                    made_at=now, erase_at=now + KEPT_FOR,
                )  # fmt: skip
                agreed = Agreed(plan, (Line("sent", self.text(Utterance("send_line")), text),))
                await contact_plan.keep(tx, box, record_id, agreed, by, now)
                if by != THE_PERSON:
                    await staff.note(tx, by, f"sent_{next(iter(plan.media))}", record_id, now)
        if not new:
            await self.keys.erase(record_id)
        return new
