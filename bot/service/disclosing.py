# SPDX-License-Identifier: Apache-2.0
"""A safeguarding decision to tell another service something without the person's yes.

Only a member of staff makes one, by name, for a person they have, with the reason written down.
The person is told, unless they judge that telling could put somebody in danger.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from bot.policy.turn import Medium, Sender, State, Utterance
from bot.service import holding
from bot.service.ports import Clock, ConversationError
from bot.service.their_chat import open_chat
from bot.service.transcript import Transcript
from bot.store import events, records, referrals, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

RECIPIENTS = ("police", "ambulance", "children", "adults", "health", "other")
KEPT_FOR = 365 * 86400.0
"""How long a decision is kept [J]: it outlives the conversation, and a wish to have it deleted."""
LONGEST = 1000


@dataclass(frozen=True)
class Decision:
    """What was decided. `told_at` is None while the person was not told.

    `conversation_id`: the story it was about, which may be gone. `until`: how long it is kept.
    """

    id: str
    conversation_id: str
    recipient: str
    what: str
    reason: str
    dangerous: bool
    staff_id: str
    at: float
    told_at: float | None
    until: float


class Disclosing:
    """Keeps decisions, and tells the person where that is safe."""

    def __init__(
        self, store: Database, keys: KeyStore, transcript: Transcript, clock: Clock
    ) -> None:
        self.store, self.keys, self.transcript, self.clock = store, keys, transcript, clock

    async def decide(
        self, handover_id: str, staff_id: str, *, recipient: str, what: str, reason: str,
        dangerous: bool, client_id: str,
    ) -> bool:  # fmt: skip
        """Keep a decision; return whether the person was told. `client_id`: the form, kept once.

        `what`: what is passed on. `dangerous`: telling the person could hurt somebody. Raises
        `unknown_recipient`, `no_disclosure_reason`, `empty`, `too_long`, `kept_already` or what
        `holding` raises.
        """
        what, reason, now = what.strip(), reason.strip(), self.clock()
        if recipient not in RECIPIENTS:
            raise ConversationError("unknown_recipient")
        if not reason:
            raise ConversationError("no_disclosure_reason")
        if not what:
            raise ConversationError("empty")
        if max(len(what), len(reason)) > LONGEST:
            raise ConversationError("too_long")
        one = str(uuid.uuid4())
        box = await self.keys.make(one)
        try:
            async with self.store.write() as tx:
                story = (await holding.seen_by(tx, handover_id, staff_id)).conversation_id
                if not await records.once(tx, client_id, "disclosed", now):
                    raise ConversationError("kept_already")
                told = not dangerous and await self._tell(tx, story, recipient)
                await referrals.disclose(
                    tx, id=one, conversation_id=story, recipient=recipient, staff_id=staff_id,
                    sealed=box.seal({"what": what, "reason": reason, "dangerous": dangerous}),
                    at=now, told_at=now if told else None, erase_at=now + KEPT_FOR,
                )  # fmt: skip
                await staff.note(tx, staff_id, "disclosed", story, now)
                await staff.note(tx, staff_id, f"disclosed_{recipient}", one, now)
                await events.add(
                    tx, conversation_id=story, audience=events.STAFF, kind="note", at=now
                )
        except BaseException:
            await self.keys.erase(one)
            raise
        return told

    async def of(self, handover_id: str, staff_id: str) -> list[Decision]:
        """Return the decisions about a person this member of staff has; the view is audited."""
        async with self.store.write() as tx:
            story = (await holding.seen_by(tx, handover_id, staff_id)).conversation_id
            rows = await referrals.disclosures_of(tx, story)
            for row in rows:
                await staff.note(tx, staff_id, "disclosure", row.id, self.clock())
        return [found for row in rows if (found := await read(self.keys, row)) is not None]

    async def every(self, staff_id: str) -> list[Decision]:
        """Return all decisions that are kept, also of stories that are gone; the view is audited.

        Whoever is kept away from a story finds none about it.
        """
        async with self.store.write() as tx:
            rows = await referrals.every_disclosure(tx, staff_id)
            for row in rows:
                await staff.note(tx, staff_id, "disclosure", row.id, self.clock())
        return [found for row in rows if (found := await read(self.keys, row)) is not None]

    async def _tell(self, tx: Tx, conversation_id: str, recipient: str) -> bool:
        """Tell the person in their chat. A worker tells who left, said stop, was asked whether
        they are safe and has not said, or has no chat: somebody may listen or look on."""
        states = (State.ASSISTANT, State.WAITING, State.STAFF)
        chat = await open_chat(tx, self.keys, self.transcript, conversation_id, states)
        if chat is None:
            return False
        name = f"disclosed_who_{recipient}"
        who = self.transcript.words.message(Utterance(name), Medium.CHAT).text
        said = [Utterance("disclosed_told", {"who": who})]
        await self.transcript.say(
            tx, chat.box, chat.row, chat.dialogue, said, sender=Sender.SYSTEM, late=True
        )
        return True


async def read(keys: KeyStore, row: Any) -> Decision | None:
    """Return a decision as it was written, None once its key is gone."""
    held = await keys.opened(row.id, row.sealed)
    if held is None:
        return None
    return Decision(
        row.id, row.conversation_id, row.recipient, held["what"], held["reason"],
        held["dangerous"], row.staff_id, row.at, row.told_at, row.erase_at,
    )  # fmt: skip
