# SPDX-License-Identifier: Apache-2.0
"""What a person asks and says of a note after their yes: is there news, and did the help come?

They are asked only if they said that we may, and only in the very talk in which they agreed: a
code to come back can be found by somebody else.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.policy import referring
from bot.policy.route import PRINT
from bot.policy.turn import Medium
from bot.service.duty import Duty
from bot.service.named import may_try
from bot.service.ports import Clock
from bot.service.referral_answer import told
from bot.service.referral_state import ASK, SENT, STANDING, TO_JUDGE, TO_SEND, tell_staff
from bot.service.referring import Ways
from bot.store import conversations, records, referrals
from bot.store.database import Database
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
            # A number on call alone is rung for callers, not for a note.
            there = await self.duty.somebody_there(tx, Medium.CHAT, conversation_id)
        if row.tier == referring.NOW:
            return "news_wait_now" if there else "news_wait_now_nobody", {}
        if self.ways.of(row.service_id).by == PRINT:
            return "news_wait_by_hand", {}
        due = referring.answer_by(row.tier, datetime.fromtimestamp(self.clock(), UTC))
        return "news_wait", {"by": referring.said(due)}

    async def may_ask(self, conversation_id: str) -> bool:
        """Keep that we may ask later whether the help came; False when nothing was agreed to."""
        now = self.clock()
        async with self.store.write() as tx:
            row = _newest(await referrals.of_story(tx, conversation_id))
            if row is None:
                return False
            await referrals.change(tx, row.id, referring.STATES, may_ask=True)
            begins = datetime.fromtimestamp(row.answer_by or now, UTC)
            due = begins if row.answer_by else referring.answer_by(row.tier, begins)
            at = referring.ask_after(row.tier, due).timestamp()
            await records.plan(tx, str(uuid.uuid4()), ASK, row.id, at)
        return True

    async def news(self, conversation_id: str, reference: str = "") -> str:
        """Return the name of the words that say how the newest note stands.

        To who came back by a code, only of the note whose reference they name; without one they
        are not told that there is a note.
        """
        async with self.store.write() as tx:
            rows = await referrals.of_story(tx, conversation_id)
            agreed_at = rows[-1].given_at if rows else 0.0
            if await conversations.came_back(tx, conversation_id, agreed_at):
                if not reference:
                    return "news_name_it"
                now = self.clock()
                known = await may_try(tx, "news", conversation_id, reference, now)
                rows = [row for row in rows if known and row.reference == reference]
                if not rows:
                    return "news_not_known"
        row = _newest(rows)
        if row is None:
            return "news_taken_back" if rows else "news_none"
        if row.consent == TO_JUDGE:
            return "news_to_judge"
        if row.consent == TO_SEND:
            return "news_to_send"
        return await told(self.keys, row, row.state)

    async def arrived(self, conversation_id: str, said: str) -> None:
        """Keep whether the help came; where it did not, a worker sees it."""
        now = self.clock()
        async with self.store.write() as tx:
            row = _newest(await referrals.of_story(tx, conversation_id))
            if row is None or said not in referring.ARRIVED:
                return
            kept = {"arrived": said, "asked_at": now, "handled": None}
            await referrals.change(tx, row.id, referring.STATES, **kept)
            await records.cancel(tx, ASK, row.id)
            day = datetime.fromtimestamp(now, UTC).date().isoformat()
            await records.count(tx, day, f"help:{said}")
            await tell_staff(tx, now)


def is_due(row: Any, now: float) -> bool:
    """Say whether the person may be asked now, and was not yet."""
    if not row.may_ask or row.asked_at is not None or row.consent != SENT or not row.answer_by:
        return False
    due = datetime.fromtimestamp(row.answer_by, UTC)
    return now >= referring.ask_after(row.tier, due).timestamp()


def _newest(rows: Sequence[Any]) -> Any:
    """Return the note agreed to last that still stands, None for none."""
    return next((row for row in reversed(rows) if row.consent in STANDING), None)
