# SPDX-License-Identifier: Apache-2.0
"""Which choice on offer a person's own words pick, or none: it never guesses.

No answer is not no, and "yes but" is not yes. What is longer or unclear goes on as free text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.policy.age import band, number_in
from bot.policy.besides import answers_other
from bot.policy.topics import TOPICS
from bot.policy.turn import Understanding

SHORT = 6
"""Words a message may have for its heard act (affirm, deny) to count as yes or no."""

_EXACT = frozenset({"not_sure", "later"})
"""Offered with every safety question and every consent."""

_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018`\u00b4")
_FILLERS = frozenset(
    "ah eh em er erm err hm hmm hmmm mm mmm mmhm oh uh um umm well just actually please pls "
    "plz plse pleas thanks thankyou thx ta cheers mate love sorry hello hi hiya".split()
)
_POLITE = re.compile(r"\bthank you(?: very much| so much)?\b|\bi said\b(?= )")
_STRETCHED = re.compile(r"([a-z])\1{2,}|([^\w\s])\2+")
_POSITION = re.compile(r"^(?:(?:option|number|choice|answer|press|key) )?([1-9]\d?|[a-z]+)$")

# In a short message beside a yes or a no, these make it neither.
_HEDGES = frozenset(
    "but unless if except only maybe mabye perhaps possibly depends sometimes almost until though "
    "although or first after before sort kind kinda why what who how".split()
)
_UNSAFE = frozenset("sometimes maybe perhaps possibly if".split())
SHARED = 8
"""Words an answer may have to be matched by the words it shares with a choice."""

LONGEST_NO = 12
MOSTLY = 0.6
_PLAIN_KEYS = frozenset({"yes", "no", "skip", "person", "done", "not_sure", "later", "tell"})
# Words that tell no choice from another.
_COMMON = frozenset(
    "about also another because been being could doing feel from getting going have help just like "
    "more most need needs really should some someone somebody something that them then there these "
    "they thing things this very want wants what when where which with would your youre".split()
)
_YES = frozenset("y yes yeah yeh yh ye yep yup yea ya aye ok okay sure".split())
_NO = frozenset("n no nope nah naw".split())
_NOT = frozenset(
    "not never cant cannot dont didnt doesnt wont wouldnt isnt havent couldnt arent wasnt".split()
)


def resolve(
    text: str,
    offered: Sequence[str],
    phrases: Mapping[str, Sequence[str]],
    understanding: Understanding | None = None,
) -> str | None:
    """Return the key of the choice that the text picks, None when it picks none or several.

    `phrases` holds, for each key, everything that means it (labels too). What the model heard
    counts in neither a safety question nor a consent: there only exact phrases do.
    """
    words = normalise(text)
    if not words:
        return None
    picked = {key for key in offered if any(normalise(p) == words for p in phrases.get(key, ()))}
    if picked:
        return picked.pop() if len(picked) == 1 else None
    aged = band(words, offered)
    if aged:
        return aged
    placed = _position(words, offered)
    if placed:
        return placed
    heard = _heard(words, offered, understanding) if understanding else None
    return heard or _shared(words, offered, phrases)


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Return the words alone: no capitals, stops, accents' marks, fillers or stretched letters."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    kept = "".join(
        letter if letter.isalnum() or unicodedata.category(letter) in ("So", "Mn", "Mc") else " "
        for letter in plain.replace("\ufe0f", "")
    )
    spoken = _POLITE.sub(" ", " ".join(_STRETCHED.sub(r"\1\2", kept).split()))
    return " ".join(word for word in spoken.split() if word not in _FILLERS)


def lone_number(text: str) -> int | None:
    """Return the number that words are and nothing else: "two", "press 2", "option three"."""
    return number_in(found.group(1)) if (found := _POSITION.match(normalise(text))) else None


def _position(words: str, offered: Sequence[str]) -> str | None:
    """A lone number is the n-th choice; with age bands on offer two digits are an age."""
    number = lone_number(words)
    return offered[number - 1] if number and number <= len(offered) else None


def _heard(words: str, offered: Sequence[str], heard: Understanding) -> str | None:
    topics = [key for key in offered if key in TOPICS]
    if len(topics) > 1 and heard.topic != "none":
        if heard.topic in topics:
            return heard.topic
        return "other" if "other" in topics and heard.act != "ask_human" else None
    if not {"yes", "no"} <= set(offered) or _EXACT & set(offered):
        return None
    said = words.split()
    if len(said) > SHORT or _HEDGES & set(said):
        return None
    if heard.act == "affirm" and not (_NO | _NOT) & set(said):
        return "yes"
    if heard.act == "deny" and not _YES & set(said) and not _turned(said):
        return "no"
    return None


def _shared(words: str, offered: Sequence[str], phrases: Mapping[str, Sequence[str]]) -> str | None:
    """Return the one choice that most of a short answer's telling words belong to.

    "somewhere safe to live" is "a safe place to live". Never in a safety or consent question, and
    never with a "not" or a "no" in it: "no police" is not "police and court".
    """
    said = words.split()
    own = telling(words)
    if _EXACT & set(offered) or not own or len(said) > SHARED or (_NOT | {"no"}) & set(said):
        return None
    keys = [key for key in offered if key not in _PLAIN_KEYS]
    scores = {key: len(own & _telling_all(tuple(phrases.get(key, ())))) for key in keys}
    best = sorted(scores, key=lambda key: scores[key], reverse=True)[:2]
    clear = len(best) < 2 or scores[best[0]] > scores[best[1]]
    return best[0] if best and clear and scores[best[0]] >= MOSTLY * len(own) else None


# What stands round an answer and picks nothing: "women obviously", "its for me dear".
_ROUND = _YES | frozenset("obviously dear duck pet really then".split())
_STOPS = re.compile(r"[.,!?;\n]+")
_CLAUSE = re.compile(
    r"^(.+?)(?:[.!?;\n]+\s*|,?\s+(?=but\b(?! not\b)))(\S.*)$", re.DOTALL | re.IGNORECASE
)


def clauses(text: str) -> tuple[str, str]:
    """Return the first clause of a message and the rest, which is "" when there is only one."""
    found = _CLAUSE.match(text.strip())
    return (found.group(1), found.group(2)) if found else (text.strip(), "")


def with_a_word_more(
    clause: str, offered: Sequence[str], phrases: Mapping[str, Sequence[str]]
) -> str:
    """Return the one choice whose own phrase a clause is, but for a word round it, or "".

    Never yes, no or a skip, and never a position. For questions that a guess cannot harm.
    """
    words = normalise(clause).split()
    while words and words[0] in _ROUND and len(words) > 1:
        words = words[1:]
    while words and words[-1] in _ROUND and len(words) > 1:
        words = words[:-1]
    said = " ".join(words)
    keys = [key for key in offered if key not in _PLAIN_KEYS and key != "nothing"]
    picked = {key for key in keys if any(normalise(p) == said for p in phrases.get(key, ()))}
    if len(picked) > 1:
        return ""
    return picked.pop() if picked else band(said, offered) or ""


def only_clause(
    text: str, offered: Sequence[str], phrases: Mapping[str, Sequence[str]]
) -> str:
    """Return what the one clause of a short answer picks that picks anything: "im a man. its me".

    Two that pick different things pick nothing.
    """
    if len(normalise(text).split()) > SHARED:
        return ""
    found = {with_a_word_more(part, offered, phrases) for part in _STOPS.split(text)} - {""}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=512)
def _telling_all(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in telling(normalise(phrase)))


def telling(words: str) -> frozenset[str]:
    """Return the words of a text that tell something."""
    return frozenset(word for word in words.split() if len(word) > 3 and word not in _COMMON)


def _turned(said: Sequence[str]) -> bool:
    """Say whether a "no" is itself denied: "not no", "i didnt say no"."""
    return any(word in _NO and _NOT & set(said[:at]) for at, word in enumerate(said))


# How a message begins when it is not safe to talk, or nobody knows: "no but", "not really he".
_LEANING = {
    "no": ("no", "nope", "nah", "not", "never", "isnt", "its not", "it isnt"),
    "not_sure": (
        "unsure",
        "dunno",
        "idk",
        "dont know",
        "i dont know",
        "maybe",
        "i think",
        "sort of",
    ),
}


def leaning(text: str) -> str:
    """Return no or not_sure when a longer answer to "is it safe?" begins that way, else "".

    For the opening question alone, where leaning to "not safe" costs one sentence.
    """
    words = normalise(text)
    if len(words.split()) > SHARED:
        return ""  # a story, not an answer
    if (
        words.split()[:1]
        and words.split()[0] in (_YES | {"safe"})
        and not _NOT & set(words.split())
    ):
        return "yes" if "safe" in words.split() or len(words.split()) <= 3 else ""
    for key, starts in _LEANING.items():
        if any(words == start or words.startswith(f"{start} ") for start in starts):
            return key
    return ""


# "I think so, he's not here right now": a yes, as far as anybody knows.
HEDGED_YES = "hedged_yes"
_ABSENT = re.compile(
    r"(?:(?:yes|yeah|yeh|yh|ye|ya) )?(?:(?:i )?(?:think|guess|hope) so|probably|should be|for now)?"
    r" ?(?:(?:cos|because|as|since) )?(?:(?:hes|shes|theyre|he is|she is|they are) "
    r"(?:(?:still )?(?:not (?:here|home|in)|out|away|at work)|gone out)"
    r"|(?:nobody|no one|noone)(?: else)?(?: is|s)? (?:here|home|in)|im (?:alone|on my own))"
    r"(?: (?:right now|now|at the moment|for now|today))*"
)


def hedged_yes(text: str) -> bool:
    """Say whether a longer answer to "is it safe?" is that the other is not there just now."""
    return bool(_ABSENT.fullmatch(normalise(text)))


# "What? No": astonishment before the answer, which is no question back.
_ASTONISHED = re.compile(
    r"^\W*(?:(?:what|god|oh god|oh my god|omg|jesus|christ|honestly)\s*[?!.,]+\s*)+", re.IGNORECASE
)
# "Yes, we are safe" to "are you in danger?" is not yes; it is asked once more.
_CALM = frozenset("safe fine ok okay alright".split())
_ASKED = re.compile(r"^i (?:just |only )?(?:asked|said|meant) |^(?:im|i am) asking (?:you )?")


def leading_no(text: str, safest: bool = False) -> str:
    """Return no for a longer answer that plainly begins with one: "no, heavens no, just the lock".

    Only for words in which nothing else was plainly heard; "no but" is not a no. Where no is the
    `safest` answer, "no, my mum answers it sometimes" is one.
    """
    said = _said(text)
    hedges = _HEDGES - _UNSAFE if safest else _HEDGES
    plain = said[:1] and said[0] in _NO and not (hedges | _YES) & set(said)
    return "no" if plain and len(said) <= LONGEST_NO and not _turned(said[1:]) else ""


def leading_yes(text: str, danger: bool = False) -> str:
    """Return yes for a longer answer that plainly begins with one: "yes my neighbour rang them".

    "Yes but" is not a yes. When the question is of `danger`, it is, and "ok" alone is none.
    """
    said = _said(text)
    rest = set(said[1:])
    if danger and (answers_other(" ".join(said)) or set(said) <= {"ok", "okay"}):
        return ""
    if not said or said[0] not in _YES or _NO & rest:
        return ""
    unclear = _CALM & rest and not _NOT & rest if danger else (_HEDGES | _NOT) & rest
    return "yes" if not unclear and (danger or len(said) <= LONGEST_NO) else ""


def asked_instead(text: str) -> str:
    """Return what is left of "no, I asked when I can have him back" without its beginning."""
    return _ASKED.sub("", " ".join(_said(text)[1:]))


def _said(text: str) -> list[str]:
    return normalise(_ASTONISHED.sub("", text)).split()
