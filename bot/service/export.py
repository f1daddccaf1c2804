# SPDX-License-Identifier: Apache-2.0
"""Everything kept of one conversation, for a person who asks for it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.policy.safe_contact import DETAILS
from bot.service import contact_plan
from bot.service.disclosing import read as read_decision
from bot.service.ports import ConversationError
from bot.service.transcript import read, to_json
from bot.store import callbacks, conversations, events, handovers, records, referrals
from bot.store.database import Database
from bot.store.keys import KeyGone, KeyStore


async def export(store: Database, keys: KeyStore, conversation_id: str) -> str:
    """Return one conversation as JSON: messages, answers, hits, consents and contact plans.

    Raises `unknown`. Of one that has closed, what was agreed is still there. A safeguarding
    decision that could put somebody in danger if the person heard of it is not in it.
    """
    async with store.read() as tx:
        row = await conversations.conversation(tx, conversation_id)
        rows = await events.after(tx, 0, conversation_id=conversation_id, limit=100_000)
        facts = await records.facts_of(tx, conversation_id)
        hits = await handovers.hits_of(tx, conversation_id)
        consents = await referrals.of_story(tx, conversation_id)
        decided = await referrals.disclosures_of(tx, conversation_id)
    found: dict[str, Any] = {"id": conversation_id}
    try:
        if row is not None:
            box = await keys.box(conversation_id)
            found |= {
                "opened_at": row.opened_at,
                "medium": row.medium,
                "messages": [to_json(m) for m in read(box, rows)],
                "answers": {f.name: box.open(f.sealed) for f in facts},
                "heard_as_danger": [
                    {"class": h.urgency, "at": h.at, "verdict": h.verdict} for h in hits
                ],
            }
    except KeyGone:
        row = None
    called = await _calls(store, keys, conversation_id)
    sent = await _sent(store, keys, conversation_id)
    told = [d for one in decided if (d := await read_decision(keys, one)) and not d.dangerous]
    if row is None and not consents and not called and not sent and not told:
        raise ConversationError("unknown")
    agreed = []
    for consent in consents:
        lines = await keys.opened(consent.id, consent.sealed)
        if lines is None:
            continue  # it is being erased at this moment
        agreed.append(
            {
                "reference": consent.reference,
                "service": consent.service_id,
                "given_at": consent.given_at,
                "state": consent.consent,
                "service_answered": consent.state if consent.answered_at else None,
                "help_came": consent.arrived,
                "lines": lines,
            }
        )
    found |= {
        "agreed_to_share": agreed,
        "agreed_to_calls": called,
        "asked_to_be_sent": sent,
        "told_without_a_yes": [
            {"to": d.recipient, "what": d.what, "reason": d.reason, "at": d.at} for d in told
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


async def _calls(store: Database, keys: KeyStore, conversation_id: str) -> list[dict[str, Any]]:
    """Return the calls that were agreed to, with every version of the plan and each outcome."""
    found = []
    async with store.read() as tx:
        for record in await callbacks.records_of(tx, conversation_id):
            box = await keys.held(record.id)
            if box is None:
                continue  # it is being erased at this moment
            versions = await contact_plan.history(tx, box, record.id)
            for row in await callbacks.callbacks_of(tx, record.id):
                calls = await callbacks.calls_of(tx, row.id)
                found.append(
                    {
                        "reference": row.reference,
                        "given_at": row.given_at,
                        "state": row.state,
                        "lines": [asdict(line) for line in versions[-1].agreed.lines],
                        "plans": [{"at": v.at, **asdict(v.agreed.plan)} for v in versions],
                        "calls": [{"at": c.began_at, "outcome": c.outcome} for c in calls],
                    }
                )
    return found


async def _sent(store: Database, keys: KeyStore, conversation_id: str) -> list[dict[str, Any]]:
    """Return what was texted or mailed because the person asked for it, and where to."""
    found = []
    async with store.read() as tx:
        for record in await callbacks.records_of(tx, conversation_id):
            box = await keys.held(record.id)
            if box is None:
                continue  # it is being erased at this moment
            agreed = await contact_plan.latest(tx, box, record.id)
            if agreed and DETAILS in agreed.plan.purposes:
                lines = [asdict(line) for line in agreed.lines]
                to = agreed.plan.number or dict(agreed.plan.addresses)
                found.append({"at": record.made_at, "to": to, "lines": lines})
    return found
