# SPDX-License-Identifier: Apache-2.0
"""The languages whose own name is said with key 7, each by a voice that speaks it.

Pure. A name and a digit need no translation; a sentence would need a native reader first
(data/words/waiting/README.md). Voices: Amazon Polly's, as Twilio's page on <Say> lists them.
Which languages an area needs most is a judgement [J]; the key is for every language.
"""

from __future__ import annotations

from collections.abc import Callable

from telephony.menu import LANGUAGE

Tongue = tuple[str, str, str]
"""What is said, in which language, and by whose voice."""
SPOKEN = (
    ("pl", "pl-PL", "Polly.Ewa"),
    ("ro", "ro-RO", "Polly.Carmen"),
    ("ar", "arb", "Polly.Zeina"),
    ("tr", "tr-TR", "Polly.Filiz"),
)


def tongues(own: Callable[[str], str]) -> tuple[Tongue, ...]:
    """Return what is said to who may not know English; `own` gives a language its own name."""
    return tuple((f"{own(code)}: {LANGUAGE}.", locale, voice) for code, locale, voice in SPOKEN)
