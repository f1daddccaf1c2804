# SPDX-License-Identifier: Apache-2.0
"""How much somebody wants at once: as it is written, slower, or in plainer words and slower.

Pure. It lasts for the conversation and changes nothing else: no question is answered by it and
none is lost. What must be seen whole, in danger or before a consent, is never cut up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.policy.answer import normalise
from bot.policy.turn import Kind, Message, Sender, Understanding

SIMPLER, SLOWER, USUAL, BACK = "simpler", "slower", "usual_pace", "goes_back"
"""The cues of the rules for what somebody asks of the pace, or for the last words again."""
AS_WRITTEN, SLOW, EASY = "", "slow", "easy"
SAID = "pace_"
"""Begins the names of what is said to such a wish."""
NO_SIMPLER = "pace_no_simpler"
TOLD = {SIMPLER: "simpler", SLOWER: "slower", USUAL: "usual", BACK: "back"}
QUESTIONS = "needs_ask_"
"""Begins the names of the questions whose answers can be put right in words."""
WHOLE = (Kind.URGENT, Kind.CONSENT, Kind.SUMMARY)
SHORTEST = 3
"""Words a sentence has at least that stands alone."""
LONG = 40
"""Words of ours after which "that's too much" is of them, and not of how somebody is."""
DISTRESS = "distress"
_OF_WORDS = ("info_", "services_", "rights_", "privacy_", "consent_", "needs_")
_TOO = re.compile(
    r"(?:(?:sorry|oh|no|thats|that is|this is|its|it is|all|of that is|just|a bit|way|far) )*"
    r"too (?:(much|long|many words)|(hard|difficult|complicated))"
    r"(?: (?:for me|sorry|now|all this|right now|at the moment|to take in|to talk about"
    r"|to think about|to deal with|i cant|i cant cope|to cope with))*"
)
# Of words alone: nobody says it of what happened to them.
_OF_WORDS_ALONE = frozenset({"long", "many words", "complicated"})
# "That's too much" is of the words; whoever says it of everything is worn down.
_WORN_DOWN = re.compile(
    r"\b(?:its|it is|this is|all|all this) (?:\w+ ){0,2}?too much\b|too much .*all"
)
_END = re.compile(r"(?<=[.?!])\s+")


def asked(cues: Collection[str]) -> str:
    """Return the wish about the pace among what was heard, "" for none."""
    return next((cue for cue in (SIMPLER, SLOWER, USUAL, BACK) if cue in cues), "")


def in_context(heard: Understanding, text: str, read: int) -> Understanding:
    """Return "that's too much" as distress, or as a wish about the pace after many words of ours.

    `read` is how many they were. A doubt about danger is never taken for one. "It's all too much"
    is distress: the same words once more, slower, are no help to somebody who is worn down.
    """
    words = normalise(text)
    meant = _TOO.fullmatch(words)
    if not meant or heard.action in ("interrupt", "check"):
        return heard
    of_words = _OF_WORDS_ALONE & set(meant.groups()) or read >= LONG
    if not of_words or _WORN_DOWN.search(words):
        return replace(heard, act=DISTRESS)
    cue = SLOWER if meant.group(1) else SIMPLER
    return replace(heard, act="repeat", cues=(*heard.cues, cue))


def read(messages: Sequence[Message]) -> int:
    """Return how many words of explanation these messages hold."""
    told = [m for m in messages if m.say.startswith(_OF_WORDS)]
    cards = [card.why for m in told for card in m.services]
    return sum(len(text.split()) for text in (*(m.text for m in told), *cards))


def after(pace: str, cues: Collection[str]) -> str:
    """Return the pace from now on. Slower takes no plain words away again."""
    wish = asked(cues)
    return {SIMPLER: EASY, SLOWER: pace or SLOW, USUAL: AS_WRITTEN}.get(wish, pace)


def told(wish: str, last: Collection[str]) -> str:
    """Return the name of what is said to a wish; `last` are the names of what was said last."""
    if wish == BACK and any(name.startswith(QUESTIONS) for name in last):
        return f"{SAID}back_in_questions"
    again = wish == SIMPLER and {f"{SAID}simpler", NO_SIMPLER} & set(last)
    return NO_SIMPLER if again else SAID + TOLD[wish]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with its stop; "OK." goes with the one after it."""
    found: list[str] = []
    for part in filter(None, _END.split(text.strip())):
        if found and len(found[-1].split()) < SHORTEST:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def whole(messages: Sequence[Message]) -> list[Message]:
    """Return messages with those put together again that were said one sentence at a time."""
    found: list[Message] = []
    for message in messages:
        if found and message.say and found[-1].say == message.say and not found[-1].choices:
            message = replace(message, text=f"{found.pop().text} {message.text}")
        found.append(message)
    return found


def parts(message: Message) -> list[Message]:
    """Return a message one sentence at a time; what can be picked stands with the last one."""
    said = sentences(message.text)
    if message.kind in WHOLE or message.sender is Sender.STAFF or len(said) < 2:
        return [message]
    bare = replace(message, choices=(), services=(), lines=())
    return [*(replace(bare, text=one) for one in said[:-1]), replace(message, text=said[-1])]
