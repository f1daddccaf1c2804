# SPDX-License-Identifier: Apache-2.0
"""What a person asks and says of a note after their yes: is there news, and did the help come?

They are asked only if they said that we may, and only in their own talk with us.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.policy import referring
from bot.policy.turn import Utterance
from bot.service.ports import Clock
from bot.service.referral_answer import NEWS
from bot.service.referral_state import ASK, SENT, TO_SEND, tell_staff
from bot.store import records, referrals
from bot.store.database import Database, Tx

STANDING = (TO_SEND, SENT)
QUESTION = "news_ask"


class FollowUp:
    """Keeps the leave to ask and the answer, and says how it stands."""

    def __init__(self, store: Database, clock: Clock) -> None:
        self.store, self.clock = store, clock

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

    async def news(self, conversation_id: str) -> str:
        """Return the name of the words that say how the newest note stands."""
        async with self.store.read() as tx:
            rows = await referrals.of_story(tx, conversation_id)
        row = _newest(rows)
        if row is None:
            return "news_taken_back" if rows else "news_none"
        if row.consent == TO_SEND:
            return "news_to_send"
        return NEWS.get(row.state, "news_waiting")

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


async def on_return(tx: Tx, conversation_id: str, now: float) -> list[Utterance]:
    """Return what is said to who comes back by a code: that there may be news, and the question.

    Nothing of the note: somebody else may have the code.
    """
    row = _newest(await referrals.of_story(tx, conversation_id))
    if row is None:
        return []
    if is_due(row, now):
        await referrals.change(tx, row.id, referring.STATES, asked_at=now)
        return [Utterance(QUESTION)]
    return [Utterance("news_offer")]


def is_due(row: Any, now: float) -> bool:
    """Say whether the person may be asked now, and was not yet."""
    if not row.may_ask or row.asked_at is not None or row.consent != SENT or not row.answer_by:
        return False
    due = datetime.fromtimestamp(row.answer_by, UTC)
    return now >= referring.ask_after(row.tier, due).timestamp()


def _newest(rows: Sequence[Any]) -> Any:
    """Return the note agreed to last that still stands, None for none."""
    return next((row for row in reversed(rows) if row.consent in STANDING), None)
