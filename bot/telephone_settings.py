# SPDX-License-Identifier: Apache-2.0
"""What a deployment may set of the telephone: which way calls are carried, who listens, who speaks.

Sources: Twilio's pages on <Gather> (speechModel), <Say> (voice) and <ConversationRelay>.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LANGUAGE = "en-GB"
"""What is listened for and what is spoken, by either way of carrying a call."""
VOICE = "Polly.Amy-Neural"
"""Who speaks unless the settings name another."""
MODELS = {
    "": ("Deepgram", "nova-3-general"),
    "deepgram_nova-3": ("Deepgram", "nova-3-general"),
    "deepgram_nova-2": ("Deepgram", "nova-2-general"),
    "googlev2_telephony": ("Google", "telephony"),
}
"""Each model as a <Gather> names it ("": Twilio picks), and its maker and name on a socket."""
PROVIDERS = {"Polly": "Amazon", "Google": "Google"}
"""Who makes a voice, by the first part of its name; the maker's name on a socket."""
SWITCHES = {
    "FINGERPOST_SMS_LINE": "sms_line",
    "FINGERPOST_CONVERSATION_RELAY": "conversation_relay",
}
_VOICE = re.compile(rf"(?:{'|'.join(PROVIDERS)})\.[A-Za-z0-9-]+")


def switches(environ: Mapping[str, str], found: dict[str, object]) -> list[str]:
    """Read what is on and what is off, and return a plain line for each that says neither."""
    given = {name: environ[name].strip() for name in SWITCHES if environ.get(name)}
    found.update({SWITCHES[name]: value == "on" for name, value in given.items()})
    return [f"{name} must be on or off." for name, v in given.items() if v not in ("on", "off")]


def problems(found: Mapping[str, object]) -> list[str]:
    """Return a plain line for each of these settings that cannot be used."""
    said = []
    if found.get("conversation_relay") and not _https(found):
        said.append("FINGERPOST_CONVERSATION_RELAY needs FINGERPOST_PUBLIC_URL, with https://.")
    if not _VOICE.fullmatch(str(found.get("voice", VOICE))):
        said.append(f"FINGERPOST_VOICE must be like {VOICE} or Google.en-GB-Neural2-A.")
    if found.get("speech_model", "") not in MODELS:
        known = ", ".join(filter(None, MODELS))
        said.append(f"FINGERPOST_SPEECH_MODEL must be one of: {known}.")
    return said


def _https(found: Mapping[str, object]) -> bool:
    return str(found.get("public_url", "")).startswith("https://")
