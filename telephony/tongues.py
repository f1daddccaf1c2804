# SPDX-License-Identifier: Apache-2.0
"""The languages whose own name is said with key 7, each by a voice that speaks it.

Pure. A name and a digit need no translation; a sentence would need a native reader first
(data/words/waiting/README.md). Voices: Amazon Polly's, as Twilio's page on <Say> lists them; on a
socket Google's, which has one of the same name for each of these languages.
Which languages an area needs most is a judgement [J]; the key is for every language.
"""

from __future__ import annotations

from collections.abc import Callable

from telephony.menu import LANGUAGE

Tongue = tuple[str, str, str, str]
"""What is said, in which language, by whose voice, and what a socket calls that language."""
SPOKEN = (
    ("pl", "pl-PL", "Polly.Ewa", "pl-PL"),
    ("ro", "ro-RO", "Polly.Carmen", "ro-RO"),
    ("ar", "arb", "Polly.Zeina", "ar-XA"),
    ("tr", "tr-TR", "Polly.Filiz", "tr-TR"),
)
MAKER, VOICE = "Google", "{code}-Wavenet-A"
"""Who speaks such a language on a socket."""


def tongues(own: Callable[[str], str]) -> tuple[Tongue, ...]:
    """Return what is said to who may not know English; `own` gives a language its own name."""
    return tuple((f"{own(code)}: {LANGUAGE}.", *spoken) for code, *spoken in SPOKEN)
