# SPDX-License-Identifier: Apache-2.0
"""Does a model's doubt open a question about danger while another one is open already?

Pure. Four gentle questions in a row help nobody, and nobody answers any of them. The one that is
open is put once more, and who does not answer it is told whom to ring: unknown is never safe.
"""

from __future__ import annotations

from bot.policy.turn import Understanding
from bot.policy.urgency import DANGER

TOGETHER = "context:messages_before"
"""The cue of a doubt about several messages, none of which raised it by itself."""
DOUBT = 0.6
# Whoever may think of suicide is asked sooner: no other question asks it.
_SUICIDE_DOUBT = 0.4


def waits(check: str, heard: Understanding, worried: bool = False) -> bool:
    """Say whether a model's doubt lets the open question stand; `check` is what that is about.

    `worried`: an earlier one was left open, whom to ring was told and staff have it. Then what is
    only heard in several messages together asks no more.
    """
    if not check:
        return worried and TOGETHER in heard.cues
    limit = _SUICIDE_DOUBT if heard.urgency == DANGER[1] else DOUBT
    return TOGETHER in heard.cues or (heard.urgency != check and heard.confidence < limit)
