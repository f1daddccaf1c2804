# SPDX-License-Identifier: Apache-2.0
"""The reference of a note or a call, and how often one may be tried from another talk.

A reference stands on a service's paper too. Whoever names one is not told whether there is such a
one, and can try few.
"""

from __future__ import annotations

import secrets

from bot.service.conversation import TRIES, TRIES_WINDOW, fingerprint
from bot.store import records
from bot.store.database import Tx

ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"


def new_reference() -> str:
    """Return six letters and digits, none of them twice: "AAA" is not read as it was written."""
    return "".join(secrets.SystemRandom().sample(ALPHABET, 6))


async def may_try(tx: Tx, what: str, conversation_id: str, reference: str, now: float) -> bool:
    """Count a try, and say whether it counts: five an hour in a talk, and for a reference.

    `what`: of which kind the reference is, `note` or `call`.
    """
    tried = [
        await records.tries(tx, fingerprint(f"{what}:{key}"), now, TRIES_WINDOW)
        for key in (conversation_id, reference)
    ]
    return max(tried) <= TRIES
