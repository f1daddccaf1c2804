# SPDX-License-Identifier: Apache-2.0
"""What a person asks and says of a note after their yes: is there news, and did the help come?

They are asked only if they said that we may, and only in the very talk in which they agreed: a
code to come back can be found by somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.policy import referring
from bot.policy.hours import said as said_at
from bot.policy.route import PRINT
from bot.policy.turn import Medium, Utterance
from bot.service.duty import Duty
from bot.service.named import NEWS, may_try
from bot.service.ports import Clock
from bot.service.referral_answer import told, which
from bot.service.referral_state import (
    AGREED,
    ASK,
    SENT,
    TO_JUDGE,
    TO_SEND,
    due_of,
    plan_question,
    tell_staff,
)
from bot.service.referring import Ways
from bot.store import conversations, records, referrals
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

QUESTION = "news_ask"


class FollowUp:
    """Keeps the leave to ask and the answer, and says how it stands."""

    def __init__(
        self, store: Database, keys: KeyStore, ways: Ways, duty: Duty, clock: Clock
    ) -> None:
        self.store, self.keys, self.ways, self.duty = store, keys, ways, duty
        self.clock = clock

    async def wait(self, conversation_id: str) -> tuple[str, dict[str, str]]:
        """Return the words for how long the newest note of this story may take.

        Only what is so: that staff are called where somebody is there to be, and a time by which
        the service is asked to answer where the note goes to it by itself.
        """
        async with self.store.read() as tx:
            row = (await referrals.of_story(tx, conversation_id))[-1]
            there = await self.duty.somebody_there(tx, Medium.CHAT, conversation_id)
        if row.tier == referring.NOW:
            return "news_wait_now" if there else "news_wait_now_nobody", {}
        if self.ways.of(row.service_id).by == PRINT:
            return "news_wait_by_hand", {}
        now = self.clock()
        return "news_wait", {"by": said_at(due_of(row.tier, now), now)}

    async def may_ask(self, conversation_id: str) -> bool:
        """Keep that we may ask later whether the help came; False when nothing was agreed to."""
        now = self.clock()
        async with self.store.write() as tx:
            row = _newest(await referrals.of_story(tx, conversation_id))
            if row is None:
                return False
            await referrals.change(tx, row.id, referring.STATES, may_ask=True)
            await plan_question(tx, row, row.answer_by or due_of(row.tier, now))
        return True

    async def news(self, conversation_id: str, reference: str = "") -> list[Utterance]:
        """Return the words that say how the notes stand that were agreed to in this very talk.

        Of several each is named by its reference. Who names one hears of that one alone; to who
        came back by a code nothing is told without it, not even that there is a note.
        """
        async with self.store.write() as tx:
            rows = await referrals.of_story(tx, conversation_id)
            own = [row for row in rows if not await _since(tx, row)]
            if reference:
                known = any(row.reference == reference for row in own) or await may_try(
                    tx, NEWS, conversation_id, reference, self.clock()
                )
                own = [row for row in rows if known and row.reference == reference]
                if not own:
                    return [Utterance("news_not_known")]
            elif not own and await conversations.came_back(tx, conversation_id, 0.0):
                return [Utterance("news_name_it")]
        standing = [row for row in own if row.consent in AGREED]
        if not standing:
            return [Utterance("news_taken_back" if own else "news_none")]
        said: list[Utterance] = []
        for row in standing:
            waits = {TO_JUDGE: "news_to_judge", TO_SEND: "news_to_send"}.get(row.consent)
            name = waits or await told(self.keys, row, row.state)
            said += [*which(row, standing), Utterance(name)]
        return said

    async def arrived(self, conversation_id: str, said: str) -> bool:
        """Keep whether the help came, of the note asked about last; False where there is none.

        Where it did not come, a worker sees it.
        """
        now = self.clock()
        async with self.store.write() as tx:
            rows = await referrals.of_story(tx, conversation_id)
            asked = [row for row in rows if row.consent in AGREED and row.asked_at is not None]
            row = max(asked, key=lambda row: row.asked_at, default=_newest(rows))
            if row is None or said not in referring.ARRIVED:
                return False
            kept = {"arrived": said, "asked_at": now, "handled": None}
            await referrals.change(tx, row.id, referring.STATES, **kept)
            await records.cancel(tx, ASK, row.id)
            day = datetime.fromtimestamp(now, UTC).date().isoformat()
            await records.count(tx, day, f"help:{said}")
            await tell_staff(tx, now)
        return True


def is_due(row: Any, now: float) -> bool:
    """Say whether the person may be asked now, and was not yet."""
    if not row.may_ask or row.asked_at is not None or row.consent != SENT or not row.answer_by:
        return False
    due = datetime.fromtimestamp(row.answer_by, UTC)
    return now >= referring.ask_after(row.tier, due).timestamp()


async def _since(tx: Tx, row: Any) -> bool:
    """Say whether somebody came back by a code since this note was agreed to."""
    return await conversations.came_back(tx, row.conversation_id, row.given_at)


def _newest(rows: Sequence[Any]) -> Any:
    """Return the note agreed to last that still stands, None for none."""
    return next((row for row in reversed(rows) if row.consent in AGREED), None)
