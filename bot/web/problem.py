# SPDX-License-Identifier: Apache-2.0
"""What went wrong, said kindly: RFC 9457 JSON for programs, a page for people, never a trace."""

from __future__ import annotations

from bot.policy.turn import Medium, Reply, Utterance
from bot.words import Words

STATUS = {
    "not_json": 400,
    "no_token": 401,
    "refused": 403,
    "unknown": 404,
    "unknown_code": 404,
    "not_found": 404,
    "unknown_place": 404,
    "not_allowed": 405,
    "client_id_reused": 409,
    "ended": 410,
    "too_long": 413,
    "wrong_shape": 422,
    "no_distance": 422,
    "empty": 422,
    "unknown_choice": 422,
    "both": 422,
    "too_many": 429,
    "trouble": 500,
    "not_stored": 503,
}
# These say what to do in an emergency: the person could not reach us just now.
SPOKEN = {"too_many": "too_many", "not_stored": "not_stored"}


class Problem(Exception):
    """A refusal by its code; `reply` holds words that the person must see with it."""

    def __init__(self, code: str, reply: Reply | None = None) -> None:
        super().__init__(code)
        self.code = code if code in STATUS else "trouble"
        self.reply = reply

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return STATUS[self.code]

    def detail(self, words: Words) -> str:
        """Return the sentence for it, in approved words."""
        if self.reply and self.reply.messages:
            return "\n".join(m.text for m in self.reply.messages)
        name = SPOKEN.get(self.code, f"problem_{self.code}")
        return words.message(Utterance(name), Medium.CHAT).text
