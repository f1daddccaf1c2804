# SPDX-License-Identifier: Apache-2.0
"""With which words is what somebody told received, by what it is about and who tells it?

Pure. What nobody may hear decides: no word of fault after a death, none of "you need not tell the
police" to whoever did, and none that are meant for the child who was hurt to a parent of theirs.
"""

from __future__ import annotations

import re

from bot.policy import bereaved
from bot.policy.age import UNDER_18
from bot.policy.answer import normalise
from bot.policy.hearing import CRIMES
from bot.policy.passing import OTHERS
from bot.policy.scripts import NO_FAULT

HEARD = "support_heard_"
# Topics with words of their own for whoever said that they are under 18, or that they told the
# police: nobody who did is told that they need not.
OF_CHILDREN = (
    "online_abuse_image", "online_abuse", "child_abuse", "sexual_violence", "domestic_abuse",
    "robbery_violence",
)  # fmt: skip
OF_REPORTED = ("domestic_abuse", "sexual_violence")
# Crimes of which somebody who asks for another person hears words about that person. No fault is
# spoken of after a death, and of a child there are words for anybody.
OF_ANOTHER = CRIMES - NO_FAULT - {"child_abuse"}
OF_LITTLE = (OF_ANOTHER | {"child_abuse", "homicide_bereavement"}) - {"online_abuse_image"}
_PICTURE = re.compile(
    r"\b(?:pics?|pictures?|photos?|images?|videos?|vids?|nudes?|naked|film\w*|camera|webcam|topless"
    r"|screenshots?|deepfakes?|underwear)\b"
)


def is_child(who: str | None, age_band: str | None) -> bool:
    """Say whether whoever writes is under 18: the age of whom they ask for is not theirs."""
    return who not in OTHERS and age_band in UNDER_18


def words_for(
    topic: str, *, who: str | None, young: bool, little: bool, reported: bool, text: str
) -> str:
    """Return the name of the words with which a topic is received.

    `who` is for whom help is, None when not known; `young` (under 18) and `little` (twelve or
    under) are of whoever writes; `reported` that the police know; `text` is the message itself.
    """
    # Somebody died in a crash: that is what is answered, and not the crash.
    if topic == "road_traffic" and (bereaved.tells(text) or bereaved.buried(text)):
        topic = "homicide_bereavement"
    if little and topic in OF_LITTLE:
        return HEARD + ("death_little" if topic == "homicide_bereavement" else "little")
    if who in OTHERS and topic in OF_ANOTHER:
        if topic == "fraud":
            return f"{HEARD}fraud_them"
        return HEARD + ("work" if who == "for_work" else "them")
    if topic == "online_abuse_image" and not _tells_of_a_picture(text):
        topic = "online_abuse"
    if young and topic in OF_CHILDREN:
        return f"{HEARD}{topic}_child"
    return f"{HEARD}{topic}{'_reported' if reported and topic in OF_REPORTED else ''}"


def _tells_of_a_picture(text: str) -> bool:
    """Say whether these words are of a picture: what is said online is none."""
    return bool(_PICTURE.search(normalise(text)))
