# SPDX-License-Identifier: Apache-2.0
"""A worker who takes a person over by telephone: by a PIN, and given up when the line drops."""

from __future__ import annotations

from bot.policy import urgency
from bot.policy.language import NAMED
from bot.policy.turn import Medium
from bot.service import talking
from bot.service.accounts import Accounts
from bot.service.brief import KEPT_BACK, SHOWN, Brief, keeps_back
from bot.service.handover import Handover
from bot.service.ports import Clock, ConversationError
from bot.service.unanswered import Unanswered
from bot.settings import Settings
from bot.store import conversations, handovers, records, staff
from bot.store.database import Database
from bot.store.keys import KeyStore

ANY_LANGUAGE = f"{NAMED}und"
"""The cue of a language that nobody named: "und" is ISO 639's word for undetermined."""


class ByPhone:
    """The queue as a worker's telephone uses it."""

    def __init__(
        self, store: Database, keys: KeyStore, handover: Handover, accounts: Accounts,
        settings: Settings, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.handover, self.accounts = store, keys, handover, accounts
        self.settings, self.clock = settings, clock
        self.unanswered = Unanswered(handover)

    async def worker(self, pin: str, conversation_id: str) -> str | None:
        """Return who has this PIN and may take a person over, None for nobody."""
        worker_id = await self.accounts.by_pin(pin)
        if worker_id is not None:
            async with self.store.write() as tx:
                await staff.note(tx, worker_id, "pin", conversation_id, self.clock())
        return worker_id

    async def take(self, conversation_id: str, worker_id: str) -> str | None:
        """Give a waiting story to a worker and return the handover; None when it waits no more."""
        async with self.store.read() as tx:
            found = await handovers.open_for(tx, conversation_id)
        if found is None or found.state != handovers.WAITING:
            return None
        try:
            await self.handover.accept(found.id, worker_id, by_phone=True)
        except ConversationError:
            return None
        return found.id

    async def brief(self, handover_id: str, worker_id: str) -> Brief:
        """Return what the worker may hear before they join."""
        return await self.handover.brief(handover_id, worker_id)

    async def lost(self, conversation_id: str, *, talked: bool) -> bool:
        """Put a person whose worker's line dropped back into the queue, where they were in it.

        They are told if they had been talking. False when nobody had them any more.
        """
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            found = await handovers.open_for(tx, conversation_id)
            if row is None or found is None or found.state != handovers.TAKEN:
                return False
            await self.handover.release.put_back(tx, row, found, talked=talked)
        return True

    async def speaks(self, conversation_id: str, can_speak: bool) -> None:
        """Keep what a key said: that they cannot speak, or that they can again."""
        said, now = {talking.CAN_SPEAK: "yes" if can_speak else "no"}, self.clock()
        box = await self.keys.box(conversation_id)
        async with self.store.write() as tx:
            if await conversations.conversation(tx, conversation_id, lock=True) is not None:
                await talking.keep(tx, box, conversation_id, "", said, now)

    async def tells(self, conversation_id: str) -> bool:
        """Say whether whoever takes a caller over would see answers that may be kept back."""
        async with self.store.read() as tx:
            facts = await records.facts_of(tx, conversation_id)
        own = [f for f in facts if f.name not in SHOWN and not f.name.startswith("contact_")]
        return bool(own) and not keeps_back(facts)

    async def keep_back(self, conversation_id: str) -> None:
        """Keep a caller's answers from whoever takes them over. Danger that was heard is seen."""
        box = await self.keys.box(conversation_id)
        async with self.store.write() as tx:
            if await conversations.conversation(tx, conversation_id, lock=True) is not None:
                said = box.seal("yes")
                await records.keep_fact(tx, conversation_id, KEPT_BACK, said, "", self.clock())

    async def other_language(self, conversation_id: str) -> None:
        """Tell staff that a caller needs an interpreter; nobody knows for which language yet."""
        box = await self.keys.box(conversation_id)
        tier = urgency.tier("none", unsure=True)  # nobody understood them, and unknown is not safe
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is not None:
                await self.handover.queue_up(tx, box, row, tier, "language", (ANY_LANGUAGE,))

    async def in_danger(self, conversation_id: str) -> bool:
        """Say whether this story is one of danger: heard, asked about just now, or not denied."""
        async with self.store.read() as tx:
            hits = await handovers.hits_of(tx, conversation_id)
            row = await conversations.conversation(tx, conversation_id)
        box = await self.keys.held(conversation_id)
        if hits or row is None or box is None:
            return bool(hits)
        dialogue = await self.handover.transcript.dialogue(row, box)
        return bool(dialogue.check or dialogue.worries)

    async def numbers(self, conversation_id: str) -> tuple[str, ...]:
        """Return the numbers to ring for a caller, in order."""
        async with self.store.read() as tx:
            return await self.handover.standing.duty.numbers_for(tx, conversation_id)

    async def somebody_there(self, conversation_id: str) -> bool:
        """Say whether a person would come to this caller, so that one may be offered."""
        duty = self.handover.standing.duty
        async with self.store.read() as tx:
            return await duty.somebody_there(tx, Medium.VOICE, conversation_id)
