# SPDX-License-Identifier: Apache-2.0
"""What holds in every call, without being written in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import yaml

from bot.settings import ROOT
from telephony.leg import Leg
from tests.calls.acceptance.playing import Player, spoken_words

CHOICES = {
    spoken["voice"]
    for spoken in yaml.safe_load((ROOT / "data" / "words" / "choices.yml").read_text()).values()
} | {
    script["label"]["voice"]
    for file in (ROOT / "data" / "words" / "scripts").glob("*.yml")
    for script in yaml.safe_load(file.read_text()).values()
    if isinstance(script, dict) and "label" in script
}
RECORDS = ("Record", "Recording", "Start", "Stream", "Siprec", "Transcription")
BIGGEST, LONGEST_SAY, LONGEST_WAIT = 64_000, 4096, 8
SPEECH = {"language": "en-GB", "profanityFilter": "false", "actionOnEmptyResult": "true"}
OURS = re.compile(r"(/telephony/[a-z-]+/[\w-]+|/telephony/(voice|status|sms))")
# All that whoever picks up a worker's telephone may hear before 1 and a PIN.
BEFORE_PIN = ("phone_staff_gate", "phone_staff_again", "phone_staff_no", "phone_staff_taken")
# Words for staff that have nothing but a gap in them name nobody.
FOR_STAFF = re.compile(r"phone_(staff|callback)_\w+")


def wrong(player: Player) -> list[str]:
    """Return what is wrong with a call that was played."""
    found = []
    for who, leg in player.legs.items():
        found += [f"{who}: {line}" for line in documents(leg)]
        found += [f"{who}: {line}" for line in _overheard(player, leg)]
        found += [f"{who}: a recogniser is told of {hint}" for hint in hints(leg)]
    cloud = player.world.cloud
    personal = [*spoken_words(player), *(leg.sender for leg in player.legs.values())]
    for path, status in cloud.posts:
        if status not in (200, 204):
            found.append(f"{status} at {path}")
        if not OURS.fullmatch(path):
            found.append(f"an address that is not opaque: {path}")
        found += [f"{word} is in {path}" for word in personal if word.strip("+") in path]
    if player.world.assistant.failed:
        found.append(f"the assistant failed: {player.world.assistant.failed}")
    found += [f"{leg.to} was dropped" for leg in cloud.legs.values() if leg.dropped]
    return found


def documents(leg: Leg) -> Iterator[str]:
    """Return what is wrong with what a telephone was told to do."""
    for text in [*leg.answers, *([leg.twiml] if leg.twiml else [])]:
        root = ElementTree.fromstring(text)  # noqa: S314 - our own
        if len(text.encode()) > BIGGEST or not len(root):
            yield "an answer is empty or too long"
        for verb in root.iter():
            yield from _recorded(verb)
            if verb.tag == "Conference" and not re.fullmatch(r"[\w-]{16,36}", verb.text or ""):
                yield f"a conference's name is not opaque: {verb.text}"
            if verb.tag == "Say" and len(verb.text or "") > LONGEST_SAY:
                yield "a sentence is too long for Twilio"
            yield from (f"an address that is not opaque: {url}" for url in _addresses(verb))
            if verb.tag == "Gather":
                yield from _listening(verb)


def _recorded(verb: ElementTree.Element) -> Iterator[str]:
    """Return what would record or write down what is said, or tell somebody what it is about."""
    if verb.tag in RECORDS:
        yield f"<{verb.tag}> records"
    for name, value in verb.attrib.items():
        if "record" in name.lower() and value != "do-not-record":
            yield f"{name}={value} records"
        if name == "statusCallback" or "transcrib" in name.lower():
            yield f"{name} tells what it is about"


def _addresses(verb: ElementTree.Element) -> list[str]:
    """Return the addresses given with a verb that hold more than an opaque word."""
    found = [verb.get("action"), verb.get("waitUrl"), verb.text if verb.tag == "Redirect" else ""]
    return [url for url in found if url and not OURS.fullmatch(url)]


def _listening(gather: ElementTree.Element) -> Iterator[str]:
    """Return what is wrong with how somebody is listened to."""
    if int(gather.get("timeout", "99")) > LONGEST_WAIT:
        yield "a wait is too long"
    told = {name: gather.get(name) for name in SPEECH}
    if "speech" in gather.get("input", "") and told != SPEECH:
        yield f"speech is listened to as {told}"


def hints(leg: Leg) -> Iterator[str]:
    """Return what a recogniser was told to expect and is no choice of ours: a story would show."""
    for text in leg.answers:
        for verb in ElementTree.fromstring(text).iter():  # noqa: S314 - our own
            yield from {*filter(None, verb.get("hints", "").split(", "))} - CHOICES


def _overheard(player: Player, leg: Leg) -> Iterator[str]:
    """Return what somebody heard that was for others."""
    if leg.direction == "inbound":
        for said in leg.heard:
            if found := [n for n in player.names.of(said) if FOR_STAFF.fullmatch(n)]:
                yield f"heard what is for staff: {found}"
        return
    early = []
    for said in leg.heard:
        names = player.names.of(said)
        if any(name.startswith("phone_staff_brief") for name in names):
            break
        told = any(name.startswith("phone_staff_told") for name in names)
        if told:  # the caller's answers open the brief, in the same breath and after the PIN
            early.append(f"heard before the PIN: {said}")
        elif not set(names) & set(BEFORE_PIN):
            yield f"heard before the PIN: {said}"
        else:
            yield from early
            early = []
    else:
        yield from early
