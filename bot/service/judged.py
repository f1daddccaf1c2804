# SPDX-License-Identifier: Apache-2.0
"""Which yes waits for a person to judge it, in the transaction that keeps it or learns of it."""

from __future__ import annotations

import uuid

from bot.policy import callback as policy
from bot.policy import competence, referring
from bot.policy.safe_contact import THEMSELVES
from bot.service import facts
from bot.service.referral_state import CALL, CHASE, REFER, TO_JUDGE, TO_SEND
from bot.store import callbacks, conversations, records, referrals
from bot.store.database import Tx
from bot.store.keys import KeyStore
from bot.store.leftovers import JUDGED

JUDGE = "judge"
"""The work of calling staff to a yes."""
WHY = "may_they_decide"
"""Why somebody is in the queue whose yes waits to be judged."""
NOT_YET_GONE = (referring.PLANNED, referring.BY_HAND, referring.FAILED)


async def because(tx: Tx, keys: KeyStore, conversation_id: str) -> str:
    """Return why a yes given in this story is judged first, "" where nobody has to."""
    row = await conversations.conversation(tx, conversation_id)
    box = await keys.held(conversation_id)
    if row is None or box is None:
        return ""
    told = box.open(row.dialogue).get("age_band", "") if row.dialogue else ""
    return competence.judged_because(await facts.known(tx, box, conversation_id), told)


async def plan(tx: Tx, subject: str, now: float) -> None:
    """Have staff called to judge a yes."""
    await records.plan(tx, str(uuid.uuid4()), JUDGE, subject, now)


async def keep(tx: Tx, subject: str, now: float, reason: str) -> None:
    """Keep that a worker judged a yes: it is not held back again, for as long as it is kept."""
    await records.once(tx, subject, JUDGED, now, reason)


async def hold(tx: Tx, conversation_id: str, now: float) -> int:
    """Hold back what was agreed before it was known that a person judges it, if it can be yet.

    Return how much of it.
    """
    held = 0
    for note in await referrals.of_story(tx, conversation_id):
        if note.consent == TO_SEND and note.state in NOT_YET_GONE and await _unjudged(tx, note.id):
            held += await records.change_consent(tx, note.id, TO_SEND, state=TO_JUDGE)
            for kind in (REFER, CALL, CHASE):
                await records.cancel(tx, kind, note.id)
            await plan(tx, note.id, now)
    for record in await callbacks.records_of(tx, conversation_id):
        for row in await callbacks.callbacks_of(tx, record.id):
            if record.given_by != THEMSELVES or not await _unjudged(tx, row.id):
                continue
            to = {"state": policy.TO_JUDGE}
            if await callbacks.change(tx, row.id, (policy.BOOKED,), **to):
                for kind in policy.PLANNED:
                    await records.cancel(tx, kind, row.id)
                await plan(tx, row.id, now)
                held += 1
    return held


async def _unjudged(tx: Tx, subject: str) -> bool:
    return await records.effect_result(tx, subject, JUDGED) is None
