# SPDX-License-Identifier: Apache-2.0
"""What a turn settles beside its meaning: what is told in passing, or answered beside a
question back, and a question left out.

Pure. A question whose answer is known is not asked, and one left out is not put again.
"""

from __future__ import annotations

from bot.assistant.meaning import NUMBER_ASKED, SAFE_ASKED, Turn, safe_number
from bot.policy.passing import OTHERS, OWN, told
from bot.policy.places import Areas
from bot.policy.questions import ASIDES, SKIP

NEEDS = "needs_"
GENTLY_ASKED = "check_"
"""A doubt about danger is asked about first; the answer that came with it stands."""
WHO_ASKS = "needs_who"


def settled(
    turn: Turn, asked: str | None, who: str | None, areas: Areas
) -> dict[str, str | None]:
    """Return the slots that a turn settles, None for one that no longer stands.

    `asked` is the open question's slot and `who` is who is asking, None when not known. Somebody
    who asks for another person is not that person: their own age and place are let go.
    """
    found: dict[str, str | None] = dict(told(turn.text, areas))
    if asked == WHO_ASKS and turn.choice in OTHERS:
        found["who"] = turn.choice
    asking = who or found.get("who")
    if asking in OTHERS:
        found = {name: value for name, value in found.items() if name not in OWN}
        if who is None:
            found |= dict.fromkeys(OWN)
    slots = {NEEDS + name: value for name, value in found.items()}
    if asked == SAFE_ASKED and (number := safe_number(turn)):
        given = {NUMBER_ASKED: number.e164} if number.e164 else {}
        return slots | {SAFE_ASKED: "yes"} | given
    if not asked or not asked.startswith(NEEDS) or turn.intent == "choose":
        return slots
    other = turn.intent in ASIDES or turn.intent.startswith(GENTLY_ASKED)
    answered = turn.choice and (turn.choice == SKIP or other)
    return slots | ({asked: turn.choice} if answered else {})
