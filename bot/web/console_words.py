# SPDX-License-Identifier: Apache-2.0
"""What staff are told: labels, notices and refusals of the console, each by its code."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from bot.policy.hours import in_london
from bot.policy.language import ENGLISH
from bot.policy.turn import TEXT, Medium, Message, Sender, Utterance
from bot.service.brief import Waiting
from bot.service.screen_lock import News
from bot.understanding.language import Languages
from bot.words import Words

CANNED = "staff_canned_"

ROLES = {
    "worker": "worker",
    "supervisor": "supervisor",
    "safeguarding": "safeguarding lead",
    "dpo": "data protection officer",
    "reports": "reports",
    "admin": "administrator",
}
MEDIA: dict[str, str] = {Medium.CHAT: "chat", Medium.VOICE: "telephone", TEXT: "text message"}
REASONS = {
    "asked": "asked for a person",
    "hit": "danger was heard",
    "red_flag": "a warning sign was heard",
    "unsure": "not sure whether it is safe",
    "unsure_suicide": "asked whether they would end their life: no clear no",
    "unsure_safeguarding": "asked whether somebody is being hurt: no clear no",
    "language": "needs an interpreter",
}
HEARD = {
    "immediate_danger": "danger now",
    "suicide_risk": "suicide",
    "safeguarding": "safeguarding: a child or an adult at risk",
    "red_flag": "a warning sign",
    "high": "urgent",
}
YOUNG = {"under_16": "under 16", "16_17": "under 18"}
SAFE = {
    "no": "said it is not safe to talk",
    "not_sure": "not sure that it is safe to talk",
}
TOLD_WHERE = "may have told us where they are: ring 999 for them, if nobody has"
OUTCOMES = {
    "supported": "Listened and supported",
    "signposted": "Told who can help",
    "referred": "Passed on to a service, with their yes",
    "callback": "We ring them back",
    "safeguarding": "Passed to safeguarding",
    "silent": "Nobody spoke",
    "wrong_number": "Reached us by mistake",
    "abusive": "Abusive",
    "left": "They left",
    "test": "A test",
}
NOTES = {
    "note": "Note",
    "promise": "Promise",
    "task": "To do",
    "told": "Told somebody",
    "rang_999": "Rang 999 for them",
}
AGREED = {
    "to_judge": "one of us judges first whether they may decide it by themselves",
    "to_send": "to be sent by us",
    "sent": "sent",
    "recalled": "they changed their mind, to be taken back",
    "withdrawn": "taken back",
}
SEARCHES = {
    "came_back": "They came back",
    "colleague": "A colleague asked",
    "safeguarding": "Safeguarding",
    "complaint": "A complaint",
    "own_data": "They ask what we keep",
}
CALLS = {
    "to_judge": "A worker judges first whether they may decide it by themselves",
    "booked": "It is booked",
    "calling": "A worker is ringing them, or has not written down how it went",
    "held": "A person decides whether they are rung again",
    "done": "They were reached",
    "over": "They are not rung any more",
    "recalled": "They took it back after a call was begun",
    "withdrawn": "They took it back",
}
STATES = {
    "waiting": "waits", "left": "left while waiting", "taken": "with staff", "ended": "over",
}  # fmt: skip
REMINDERS = {
    "": "",
    "pause": "Take a pause before the next one, if you can.",
    "debrief": "That is a lot for one shift. Please talk it over with somebody today: your "
    "supervisor, or whoever is named for advice. You may stop being offered.",
}
TOPICS = {
    "stalking_harassment": "stalking or harassment",
    "burglary_theft": "burglary or theft",
    "robbery_violence": "robbery or violence",
    "homicide_bereavement": "somebody was killed",
    "online_abuse_image": "abuse online, or images",
    "honour_based_abuse": "so-called honour, or forced marriage",
    "court_process": "court",
    "police_update": "news from the police",
    "elder_abuse": "abuse of an older person",
    "other": "something else",
    "none": "not said",
    "skip": "not said",
    "": "not said",
}
SENDERS = {
    "person": "Person",
    "staff": "Staff",
    "assistant": "Automated helper",
    "system": "Sent by the service",
}


def locked(news: News) -> str:
    """Return what a locked screen may say: numbers, never a word of anybody."""
    waiting = {0: "Nobody waits.", 1: "One person waits."}.get(
        news.waiting, f"{news.waiting} people wait."
    )
    if news.has_somebody:
        wrote = " They have written since." if news.wrote else ""
        return f"{waiting} The person you have is still yours.{wrote}"
    return waiting


def plain(name: str) -> str:
    """Return a label of ours as words: `stalking_harassment` is "stalking harassment"."""
    return name.replace("_", " ")


def topic(name: str) -> str:
    """Return what it is about, as far as it was heard."""
    return TOPICS.get(name, plain(name))


def cue(name: str) -> str:
    """Return why the screen flagged, for somebody who never saw the rules."""
    kind, _, rest = name.partition(":")
    if kind == "flag":
        return f"warning sign: {plain(rest)}"
    if kind == "language":
        return "in another language"
    if kind == "rule":
        return f"words: {plain(rest)}"
    if kind == "model":
        return f"sounds like: {HEARD.get(rest, plain(rest))}"
    if kind == "also":
        return f"and in the same message: {HEARD.get(rest, plain(rest))}"
    if kind == "context":
        return "only together with the messages before"
    if kind == "answer":
        return "yes to the question whether it is so"
    return plain(name)


def longest(words: Sequence[str]) -> list[str]:
    """Return these pieces of a message without those that stand inside another."""
    return [one for one in words if not any(one != more and one in more for more in words)]


def why(waiting: Waiting) -> str:
    """Return in plain words why somebody is in the queue: the dangers heard, then what else."""
    heard = [HEARD[about] for about in waiting.heard]
    if waiting.reason != "hit" or not heard:
        heard.append(REASONS.get(waiting.reason, plain(waiting.reason)))
    return "; ".join(heard)


def talks(waiting: Waiting) -> list[str]:
    """Return what staff must know before they write: that it is not safe, or only keys."""
    keys_only = waiting.medium == Medium.VOICE
    found = [TOLD_WHERE if waiting.told_where else "", SAFE.get(waiting.safe_to_talk, "")]
    if waiting.wants_worker:
        found.append(f"asked to talk with a {waiting.wants_worker}")
    if waiting.can_speak == "no":
        found.append("cannot speak: keys only" if keys_only else "said they cannot speak")
    return [words for words in found if words]


def by(waiting: Waiting, languages: Languages) -> str:
    """Return how somebody reaches us, and the language they write in when it is not English."""
    medium = MEDIA.get(waiting.medium, waiting.medium)
    if waiting.language == ENGLISH:
        return medium
    return f"{medium}, in {languages.name(waiting.language)}"


def canned(words: Words) -> list[tuple[str, str, str]]:
    """Return what is approved to be sent: name, label, text. Replies first, then answers."""
    replies = [(n, plain(n.removeprefix(CANNED))) for n in words.names() if n.startswith(CANNED)]
    answers = [
        (a.name, f"{plain(a.id)} (from {a.source}, {a.valid_at})") for a in words.information
    ]
    return [
        (name, label, words.message(Utterance(name), Medium.CHAT).text)
        for name, label in replies + answers
    ]


def person_is(waiting: Waiting) -> str:
    """Return how it stands with the person on the other side."""
    if waiting.closed:
        return "This conversation has closed. Nobody is there; a flag in it waits for a verdict."
    if waiting.left:
        return (
            "They left. They may not see what you write. Do not reach them any other way unless "
            "they agreed to it."
        )
    if waiting.medium == Medium.VOICE and waiting.can_speak == "no":
        return (
            "They are on the telephone and can only press keys: 1 is yes, 2 is no. Ask questions "
            "that yes or no answers, one at a time. What you write is read out by the automated "
            "voice once they press a key to hear it: somebody may be near them."
        )
    if waiting.medium == Medium.VOICE:
        return (
            "They are on the telephone. What you write is read out by the automated voice, unless "
            "you are already talking."
        )
    if waiting.medium == TEXT:
        return (
            "They wrote a text message. They cannot read what you write here: nobody is ever "
            "texted back. They were told to call this number, and of 999."
        )
    return "They are in the chat."


def who_has(waiting: Waiting, names: dict[str, str], me: str) -> str:
    """Return who has a person in the queue."""
    if waiting.worker_id is None:
        return "nobody yet"
    return "you" if waiting.worker_id == me else names.get(waiting.worker_id, "a colleague")


def colleague(staff_id: str, names: dict[str, str], me: str) -> str:
    """Return a member of staff as another is told of them."""
    return "You" if staff_id == me else names.get(staff_id, "A colleague")


def sender(message: Message, names: dict[str, str], me: str) -> str:
    """Return who a message is from, as this member of staff is told."""
    if message.sender is Sender.STAFF and message.by:
        return colleague(message.by, names, me)
    return SENDERS[message.sender.value]


def is_id(value: str) -> bool:
    """Say whether this is one of our ids, and so safe in an address."""
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def short(handover_id: str) -> str:
    """Return what staff call a conversation among themselves."""
    return handover_id[:4]


def time(at: float | str) -> str:
    """Return a time of day as clocks here show it."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return in_london(moment).strftime("%H:%M")


def day(at: float) -> str:
    """Return a day and a time of day."""
    return in_london(at).strftime("%a %d %b, %H:%M")


def lasting(seconds: float) -> str:
    """Return a waiting time as it is counted on the page, where a script goes on counting."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {whole % 60:02} s"


def cues(names: Sequence[str]) -> list[str]:
    """Return each kind of reason once, with all that is of it, in the order they counted."""
    kinds: dict[str, list[str]] = {}
    for name in dict.fromkeys(filter(None, names)):
        kind, _, rest = cue(name).partition(": ")
        kinds.setdefault(kind, []).append(rest)
    return [f"{kind}: {', '.join(rest)}" if any(rest) else kind for kind, rest in kinds.items()]
