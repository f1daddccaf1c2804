# SPDX-License-Identifier: Apache-2.0
"""How a note and its consent go from one state to the next, inside somebody's transaction."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from bot.policy import referring
from bot.policy.route import WEBHOOK
from bot.store import conversations, events, records, referrals
from bot.store.database import Tx

TO_SEND, SENT, WITHDRAWN, RECALLED = "to_send", "sent", "withdrawn", "recalled"
TO_JUDGE = "to_judge"
"""Agreed to by somebody of whom a worker judges first whether they may decide it themselves."""
STANDING = (TO_SEND, SENT)
"""Agreed to, and not taken back: it may go out."""
AGREED = (TO_JUDGE, *STANDING)
"""These, and what waits to be judged first: nothing of that goes out."""
REFER, CALL, CHASE, ASK = "refer", "refer_call", "refer_chase", "refer_ask"
RECALL = "refer_recall"
"""Work for later: to send a note, to call staff to it, to chase it, to ask what came of it, and to
tell a webhook that it was taken back."""
RECALLED_AFTER = 10.0
"""Seconds to a webhook's news of a recall: a note that leaves in this moment is there before it."""

BY_WORKER = {
    TO_SEND: (referring.PLANNED, referring.BY_HAND, referring.FAILED),
    SENT: (referring.BY_HAND, referring.FAILED),  # to be sent once more
}
"""In which states a worker may mark a note as sent by hand."""


def standing(row: Any) -> referring.Standing:
    """Return how it stands with a note, as the table of what is to be done reads it."""
    return referring.Standing(
        consent=row.consent,
        state=row.state,
        tier=row.tier,
        rung=row.rung_at is not None,
        late=row.late_at is not None,
        arrived=row.arrived or "",
        handled=row.handled or "",
    )


async def held(tx: Tx, consent_id: str) -> Any:
    """Return a note, held, with its story's row held before it; None for none.

    The story first, as everywhere: two who hold one each and want the other wait for ever.
    """
    row = await referrals.find(tx, consent_id)
    if row is None:
        return None
    await conversations.conversation(tx, row.conversation_id, lock=True)
    return await referrals.find(tx, consent_id, lock=True)


def due_of(tier: str, sent: float) -> float:
    """Return by when a service is to have answered what was sent then."""
    return referring.answer_by(tier, datetime.fromtimestamp(sent, UTC)).timestamp()


async def plan_chase(tx: Tx, consent_id: str, at: float) -> None:
    """Plan that a note is chased then, in place of what was planned."""
    await records.cancel(tx, CHASE, consent_id)
    await records.plan(tx, str(uuid.uuid4()), CHASE, consent_id, at)


async def plan_question(tx: Tx, row: Any, due: float) -> None:
    """Plan when the person is asked whether the help came: from when its answer is `due` on."""
    at = referring.ask_after(row.tier, datetime.fromtimestamp(due, UTC)).timestamp()
    await records.cancel(tx, ASK, row.id)
    await records.plan(tx, str(uuid.uuid4()), ASK, row.id, at)


async def went(tx: Tx, row: Any, now: float, state: str = referring.WAITING) -> None:
    """Keep that a note is with its service; plan when its answer is chased, and the person asked.

    Both count from now: what a worker sent days after the yes is not asked about before.
    """
    due = due_of(row.tier, now)
    gone = {"state": state, "answer_by": due, "error": None, "late_at": None}
    await referrals.change(tx, row.id, referring.STATES, **gone)
    await records.cancel(tx, REFER, row.id)
    await plan_chase(tx, row.id, due)
    if row.may_ask and row.asked_at is None:
        await plan_question(tx, row, due)


def may_have_it(row: Any) -> bool:
    """Say whether a service may have a note that never counted as sent.

    A webhook got the whole note at its first try, and may have kept it before it answered with an
    error. A mail server that refuses has sent nothing on.
    """
    return row.route == WEBHOOK


async def taken_back(tx: Tx, row: Any, now: float, worker_id: str | None = None) -> None:
    """Keep that no service has a recalled note any more; it goes where its story went."""
    changed: dict[str, Any] = {"state": WITHDRAWN}
    if worker_id is not None:
        changed |= {"sent_by": worker_id, "sent_at": now}
    story = await conversations.conversation(tx, row.conversation_id)
    if story is None or story.erase_at is not None:
        changed["erase_at"] = now
    await records.change_consent(tx, row.id, RECALLED, **changed)


async def take_back(tx: Tx, conversation_id: str, now: float) -> int:
    """Withdraw every consent of a story; see take_back_one."""
    rows = await referrals.of_story(tx, conversation_id)
    return sum([await take_back_one(tx, row.id, now) for row in rows])


async def take_back_one(tx: Tx, consent_id: str, now: float) -> int:
    """Withdraw a consent. What may have gone is recalled, not missed; 0 for none.

    A link shows from now on that it was taken back; nothing is sent, chased or asked about. Staff
    are called to a recall: until a worker rings, the service may. A webhook is told as well.
    """
    row = await referrals.find(tx, consent_id, lock=True)
    leaving = row is not None and (row.state == referring.SENDING or may_have_it(row))
    taken = 0
    becomes = RECALLED if leaving else WITHDRAWN
    for was, new in ((TO_JUDGE, becomes), (TO_SEND, becomes), (SENT, RECALLED)):
        changed = {"state": new, "withdrawn_at": now}
        taken += await records.change_consent(tx, consent_id, was, **changed)
    for kind in (REFER, CALL, CHASE, ASK):
        await records.cancel(tx, kind, consent_id)
    row = await referrals.find(tx, consent_id)
    if taken and row is not None and row.consent == RECALLED:
        await records.plan(tx, str(uuid.uuid4()), CALL, consent_id, now)
        if row.route == WEBHOOK:
            await records.plan(tx, str(uuid.uuid4()), RECALL, consent_id, now + RECALLED_AFTER)
    await tell_staff(tx, now)
    return taken


async def take_back_and_erase(tx: Tx, conversation_id: str, now: float) -> None:
    """Withdraw every consent of a story; the next sweep erases all that no service has."""
    await take_back(tx, conversation_id, now)
    await records.change_consents(tx, conversation_id, WITHDRAWN, erase_at=now)


async def tell_staff(tx: Tx, now: float) -> None:
    """Let every console see that something of a note changed."""
    await events.add(tx, conversation_id=None, audience=events.STAFF, kind="referral", at=now)
