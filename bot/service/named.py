# SPDX-License-Identifier: Apache-2.0
"""The reference of a note or a call, and how often one may be tried from another talk.

A reference stands on a service's paper too. Whoever names one is not told whether there is such a
one, and can try few.
"""

from __future__ import annotations

import secrets

from bot.policy.reference import ALPHABET, LENGTH, is_reference
from bot.service.conversation import TRIES, TRIES_WINDOW, fingerprint
from bot.store import callbacks, records, referrals
from bot.store.database import Tx

NOTE, CALL, NEWS = "note", "call", "news"
"""What a reference is of, or what is asked of it."""


def new_reference() -> str:
    """Return a new one, no letter in it twice: "AAA" is not read as it was written."""
    made = ""
    while not is_reference(made):
        made = "".join(secrets.SystemRandom().sample(ALPHABET, LENGTH))
    return made


async def may_try(tx: Tx, what: str, conversation_id: str, reference: str, now: float) -> bool:
    """Count a try, and say whether it counts: five an hour in a talk, and for a reference.

    `what`: NOTE, CALL or NEWS.
    """
    tried = [
        await records.tries(tx, fingerprint(f"{what}:{key}"), now, TRIES_WINDOW)
        for key in (conversation_id, reference)
    ]
    return max(tried) <= TRIES


async def of_own(tx: Tx, conversation_id: str, reference: str) -> str:
    """Return what a reference of this very story is of, NOTE or CALL, "" where it is not its own.

    Whoever is in the talk has all of it: it needs no try.
    """
    if reference in {row.reference for row in await referrals.of_story(tx, conversation_id)}:
        return NOTE
    record = await callbacks.named(tx, reference)
    return CALL if record is not None and record.conversation_id == conversation_id else ""
