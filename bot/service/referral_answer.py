# SPDX-License-Identifier: Apache-2.0
"""What a service answers to a note, whoever records it; and the person is told of it, if there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.policy import referring
from bot.policy.turn import State, Utterance
from bot.service.ports import Clock, ConversationError
from bot.service.referral_state import AGREED, CHASE, SENT, tell_staff
from bot.service.their_chat import open_chat
from bot.service.transcript import Transcript
from bot.store import records, referrals
from bot.store.database import Tx
from bot.store.keys import KeyStore

PARTNER = "partner"
REACHES = frozenset({"contact_number", "contact_email", "contact_text"})
NEWS = {
    referring.ACCEPTED: "news_accepted",
    referring.DECLINED: "news_declined",
    referring.NOT_REACHED: "news_not_reached",
}


async def told(keys: KeyStore, row: Any, state: str) -> str:
    """Return the name of the words that say how a note stands to who agreed to it.

    A service that says yes and got no way to reach them says so, and not that it will.
    """
    name = NEWS.get(state, "news_waiting")
    if state != referring.ACCEPTED:
        return name
    lines = await keys.opened(row.id, row.sealed)
    if lines is None:
        return "news_accepted_no_number"
    given = any(line["id"] in REACHES for line in lines)
    return name if given else "news_accepted_no_number"


def which(note: Any, of_story: Sequence[Any]) -> list[Utterance]:
    """Return the words that say which note it is about, none where only one of a story stands.

    Its reference says it: the service's name could be read by somebody who looks on.
    """
    several = sum(row.consent in AGREED for row in of_story) > 1
    return [Utterance("news_which", {"reference": note.reference})] if several else []


class ReferralAnswers:
    """Keeps an answer, once, and tells the person who is still in their chat."""

    def __init__(self, keys: KeyStore, transcript: Transcript, clock: Clock) -> None:
        self.keys, self.transcript, self.clock = keys, transcript, clock

    async def keep(self, tx: Tx, row: Any, answer: str, by: str, reason: str = "") -> None:
        """Keep what a service answers. Raises `answered` where it may not say this any more.

        `row`: the note, held. `by`: a member of staff, or PARTNER. `reason`: for a no.
        """
        now = self.clock()
        if row.consent != SENT or not referring.after(row.state, answer):
            raise ConversationError("answered")
        if answer == referring.DECLINED and reason not in referring.REASONS:
            raise ConversationError("no_answer_reason")
        why = reason if answer == referring.DECLINED else None
        kept = {"state": answer, "answered_at": now, "answered_by": by, "reason": why}
        kept["handled"] = None  # an answer is new to whoever dealt with its being late
        if not await referrals.change(tx, row.id, referring.ANSWERS[answer], **kept):
            raise ConversationError("answered")
        await records.cancel(tx, CHASE, row.id)
        await tell_staff(tx, now)
        await self._tell(tx, row, await told(self.keys, row, answer))

    async def _tell(self, tx: Tx, note: Any, name: str) -> None:
        """Tell who agreed, in the very chat in which they did.

        Somebody who said stop, or left, may have company; a code may be found by somebody else.
        """
        states, story = (State.ASSISTANT, State.WAITING), note.conversation_id
        chat = await open_chat(tx, self.keys, self.transcript, story, states, note.given_at)
        if chat is not None:
            said = [*which(note, await referrals.of_story(tx, story)), Utterance(name)]
            await self.transcript.say(tx, chat.box, chat.row, chat.dialogue, said, late=True)
