# SPDX-License-Identifier: Apache-2.0
"""Asks who is still there whether the help came: at its time, and never over another question."""

from __future__ import annotations

import uuid

from bot.policy import referring
from bot.policy.turn import Medium, State, Utterance
from bot.service.follow_up import QUESTION, is_due
from bot.service.ports import Clock
from bot.service.referral_answer import which
from bot.service.referral_state import ASK
from bot.service.transcript import FORMS, Transcript
from bot.store import conversations, records, referrals
from bot.store.database import Database
from bot.store.keys import KeyStore

OPEN = (*FORMS, QUESTION)
"""How the questions begin over which it is not asked: its own about another note, too."""
AGAIN = 600.0
"""Seconds until it is looked once more, where another question is open."""


class ReferralAsking:
    """The work that comes due for who agreed to be asked."""

    def __init__(
        self, store: Database, keys: KeyStore, transcript: Transcript, clock: Clock
    ) -> None:
        self.store, self.keys, self.transcript, self.clock = store, keys, transcript, clock
        self.kinds = {ASK: self.ask}

    async def ask(self, consent_id: str) -> None:
        """Ask once. Whoever has gone, or came back by a code since, is not asked."""
        now = self.clock()
        async with self.store.write() as tx:
            note = await referrals.find(tx, consent_id)
            story = note.conversation_id if note is not None and is_due(note, now) else None
            row = await conversations.conversation(tx, story, lock=True) if story else None
            if row is None or row.state == State.ENDED or row.left_at is not None:
                return
            if await conversations.came_back(tx, row.id, note.given_at):
                return
            box = await self.keys.held(row.id)
            if box is None:
                return
            dialogue = await self.transcript.dialogue(row, box)
            free = row.state == State.ASSISTANT and row.medium == Medium.CHAT
            busy = dialogue.company or dialogue.of_danger or dialogue.asking.startswith(OPEN)
            if busy or not free:
                await records.plan(tx, str(uuid.uuid4()), ASK, consent_id, now + AGAIN)
                return
            await referrals.change(tx, consent_id, referring.STATES, asked_at=now)
            about = which(note, await referrals.of_story(tx, row.id))
            await self.transcript.say(tx, box, row, dialogue, [*about, Utterance(QUESTION)])
