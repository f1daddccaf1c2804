# SPDX-License-Identifier: Apache-2.0
"""Which lines of a brief a person's words strike out: "take out my age", "not my number"."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.policy.answer import normalise

BRIEFS = ("consent_brief", "consent_brief_callback")
LONGEST = 14
WRITTEN = (
    "contact_by", "contact_private", "contact_email", "contact_text", "contact_words",
    "contact_text_when",
)  # fmt: skip
CONTACT_FACTS = (
    "agrees", "called", "contact_number", *WRITTEN, "contact_voicemail", "contact_when",
)  # fmt: skip
"""What is kept of how somebody may be reached and called, until they say no."""
_OUT = re.compile(
    r"\b(?:(?:take|leave|cross|strike|miss|rub|keep) (?:\w+ ){0,6}?(?:out|off|away)"
    r"|remove|delete|drop|exclude|without|except|not"
    r"|(?:dont|do not) (?:want to )?(?:send|share|give|pass on|include|tell|say|put|show))\b"
)
MAILED = ("contact_email", "contact_words")
TEXTED = ("contact_text", "contact_text_when", "contact_words")
# The words for a line, and the lines that go with it: no number, so no time to ring it.
LINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"my age|the age|how old i am|age", ("age_band",)),
    (
        r"(?:my |the )?(?:phone |mobile )?number|my (?:phone|mobile)",
        ("contact_number", "contact_voicemail", "contact_when", *TEXTED),
    ),
    (r"(?:my|the) name|what to call me", ("called",)),
    (r"when to send a text", ("contact_text_when", "contact_text", "contact_words")),
    (r"what (?:a|the) message may say", ("contact_words",)),
    (r"(?:my |the )?e ?mail(?: address)?", MAILED),
    (r"(?:the |my )?(?:text|texts|text message)", TEXTED),
    (r"voice ?mail|voice message", ("contact_voicemail",)),
    (r"(?:the |my )?code ?word|(?:the|my) word", ("contact_code_word",)),
    (r"(?:the |my )?stop ?words?|what i say to end (?:it|the call)", ("contact_stop_word",)),
    (r"(?:if )?some(?:body|one) else", ("contact_cover",)),
    (r"when to ring|(?:the|my) times?", ("contact_when",)),
    (r"where i live|my (?:area|town|address)|the area", ("area",)),
    (r"what its? (?:is )?about|what happened", ("topic",)),
    (r"what i (?:want|need) help with|what i need|my (?:needs|worries)", ("need",)),
    (r"what makes it hard|my (?:hearing|sight|speech|reading|english)", ("access",)),
    (r"(?:that i want )?(?:a|the) (?:woman|man)|who i (?:want|would like) to talk with",
     ("wants_worker",)),
)
_NAMED = tuple((re.compile(rf"\b(?:{words})\b"), lines) for words, lines in LINES)

SAID = {
    "topic": "leave out what it is about", "age_band": "leave out my age",
    "area": "leave out where I live", "need": "leave out what I want help with",
    "access": "leave out what makes it hard", "wants_worker": "leave out who I want to talk with",
    "contact_number": "leave out my number", "contact_when": "leave out when to ring",
    "called": "leave out my name", "contact_text_when": "leave out when to send a text",
    "contact_words": "leave out what a message may say", "contact_email": "leave out my email",
    "contact_text": "leave out the text",
    "contact_voicemail": "leave out the voice message",
    "contact_cover": "leave out somebody else", "contact_code_word": "leave out the code word",
    "contact_stop_word": "leave out the stop word",
}  # fmt: skip
"""What a key says for each line that may be left out, in the words that take it out."""


def with_what_hangs(without: Collection[str]) -> frozenset[str]:
    """Return the lines taken out, with those that are safe only beside one of them."""
    no_time = "contact_text_when" in without  # then no time is safe for a text
    return frozenset(without) | (frozenset(TEXTED) if no_time else frozenset())


def struck(text: str) -> tuple[str, ...]:
    """Return the lines that the words take out; none when no line is plainly named."""
    words = normalise(text)
    if len(words.split()) > LONGEST or not _OUT.search(words):
        return ()
    found = [line for named, lines in _NAMED if named.search(words) for line in lines]
    return tuple(dict.fromkeys(found))
