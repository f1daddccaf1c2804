# SPDX-License-Identifier: Apache-2.0
"""May somebody have changed their mind about what they agreed to? It is asked, never acted on.

Read only beside a call or a note that stands, where a needless question costs one "no" and a
missed one a call that rings while he is home. What is plain is `withdrawing`'s to act on, unless
the model finds it most unlikely: "I want him to stop ringing" is then asked about as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.policy import withdrawing
from bot.policy.answer import normalise

LIKELY, UNLIKELY = 0.3, 0.1
"""From the first on it is asked, below the second even plain words only ask [J]. What each costs:
`docs/understanding.md`."""
FEW_WORDS = 6
"""So few ("can you not ring me") are too little for the model to doubt them."""
_NOT_ME = re.compile(
    r"\b(?:dont|do not|never|stop|not to) (?:you )?(?:ring|call|phone?|contact)(?:ing)? (?:me|us)\b"
)
_BY_OTHER_MEANS = re.compile(r"\b(?:text|texts|texting|e ?mail|emails?|whatsapp|letters?)\b")


def may(text: str, likely: float | None, standing: Collection[str]) -> bool:
    """Say whether to ask. `likely`: that a yes is taken back, 0 to 1; None without a model.

    Who names e-mail or text beside a call alone speaks of something else; a note may be written.
    """
    other = withdrawing.NOTE not in standing and _BY_OTHER_MEANS.search(normalise(text))
    return (likely or 0.0) >= LIKELY and not other


def doubtful(text: str, likely: float | None) -> bool:
    """Say whether words that plainly take something back are to be asked about first.

    Whoever bids us in so many words not to ring them is never doubted, whatever else they say.
    """
    if likely is None or len(text.split()) <= FEW_WORDS or _NOT_ME.search(normalise(text)):
        return False
    return likely < UNLIKELY
