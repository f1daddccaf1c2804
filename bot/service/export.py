# SPDX-License-Identifier: Apache-2.0
"""Everything kept of one conversation, for a person who asks for it."""

from __future__ import annotations

import json
from typing import Any

from bot.service.ports import ConversationError
from bot.service.transcript import read, to_json
from bot.store import conversations, events, handovers, records
from bot.store.database import Database
from bot.store.keys import KeyGone, KeyStore


async def export(store: Database, keys: KeyStore, conversation_id: str) -> str:
    """Return one conversation as JSON: messages, answers, hits and consents. Raises `unknown`.

    Of one that has closed, what was agreed is still there.
    """
    async with store.read() as tx:
        row = await conversations.conversation(tx, conversation_id)
        rows = await events.after(tx, 0, conversation_id=conversation_id, limit=100_000)
        facts = await records.facts_of(tx, conversation_id)
        hits = await handovers.hits_of(tx, conversation_id)
        consents = await records.consents_of(tx, conversation_id)
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
    if row is None and not consents:
        raise ConversationError("unknown")
    agreed = []
    for consent in consents:
        try:
            lines = (await keys.box(consent.id)).open(consent.sealed)
        except KeyGone:
            continue  # it is being erased at this moment
        agreed.append(
            {
                "reference": consent.reference,
                "service": consent.service_id,
                "given_at": consent.given_at,
                "state": consent.state,
                "lines": lines,
            }
        )
    return json.dumps(found | {"agreed_to_share": agreed}, indent=2, ensure_ascii=False)
