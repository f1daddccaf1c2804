# SPDX-License-Identifier: Apache-2.0
"""The codes by which a story goes on later, once, within a day: to type, and for a telephone."""

from __future__ import annotations

import hashlib
import re
import secrets

from bot.policy.reference import ALPHABET
from bot.policy.turn import Medium, State
from bot.service.ports import Clock, ConversationError
from bot.settings import Settings
from bot.store import conversations, records
from bot.store.conversations import Contact
from bot.store.database import Database, Tx

SPOKEN_LENGTH = 6
DIGITS = "0123456789"
MADE_OF = {Medium.CHAT: (ALPHABET, 8), Medium.VOICE: (DIGITS, SPOKEN_LENGTH)}
# What is keyed in before a pause counts alone: no code begins with a key of danger, with "I cannot
# speak" or with the key for codes, and in none do two 9s or two 5s stand together.
_NO_CODE = re.compile(r"[589]|.*(?:99|55)")


def fingerprint(value: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


class ResumeCodes:
    """Gives codes. All codes of a story are given at once, and the first that is used ends all."""

    def __init__(self, store: Database, settings: Settings, clock: Clock) -> None:
        self.store, self.settings, self.clock = store, settings, clock

    async def give(self, contact: Contact, *media: Medium) -> tuple[str, ...]:
        """Return a code for each medium by which this story may go on; older ones are over."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, contact.conversation_id, lock=True)
            if row is None or row.state == State.ENDED or row.erase_at is not None:
                raise ConversationError("ended")  # no code could be kept to
            codes = [await self._new(tx, medium) for medium in media]
            hashes = [fingerprint(code) for code in codes]
            lasts = now + self.settings.code_closes_after
            await records.keep_codes(tx, hashes, row.id, lasts)
            await conversations.change(tx, row.id, closes_at=max(row.closes_at, lasts))
        return tuple(codes)

    async def for_page(self, contact: Contact, *, phone: bool = False) -> dict[str, str]:
        """Return a code to type and, where one is wished for and there is a telephone, one for it.

        Of six digits a stranger guesses one the sooner the more of them work: none is made unasked.
        """
        media = (Medium.VOICE,) if phone and self.settings.twilio_number else ()
        return dict(
            zip(("code", "phone_code"), await self.give(contact, Medium.CHAT, *media), strict=False)
        )

    async def _new(self, tx: Tx, medium: Medium) -> str:
        """Return a code that is nobody else's: of six digits there are not so many."""
        letters, length = MADE_OF[medium]
        while True:
            code = "".join(secrets.choice(letters) for _ in range(length))
            known = await records.code_known(tx, fingerprint(code))
            if not known and not (medium is Medium.VOICE and _NO_CODE.match(code)):
                return code
