# SPDX-License-Identifier: Apache-2.0
"""Does somebody who agreed to a call or a note want it no more: "its not safe to ring any more"?

Read only beside something that stands. A call that should not have been cancelled can be booked
again in a minute; one that rings while he is home cannot be taken back. So any word of ringing or
sending with a "not" before it, or "not safe", takes it back, and what is left in doubt is asked.
What others said or do, and who else is not to be rung, takes nothing back.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.policy import cancelling, disclosing, unwritten
from bot.policy.answer import normalise

CALL, NOTE = "call", "note"
ONE_CALL, ONE_NOTE, NOTHING = frozenset({CALL}), frozenset({NOTE}), frozenset[str]()
ALL = ONE_CALL | ONE_NOTE
TAKES, ASKS, NAMED = "takes_back:", "may_take_back:", "names_reference"
"""Cues: something is taken back, or may be (with what it is of); another talk may be meant."""
OFF, KEEP = "call_off", "call_keep"
"""The choices: what stands is cancelled, or stays."""


@dataclass(frozen=True)
class Wish:
    """What a message does to what stands: a cue ("" for nothing), and to which of it.

    `alone`: it tells of nothing else, so that no model's doubt of danger is about anything else.
    """

    cue: str = ""
    about: frozenset[str] = frozenset()
    alone: bool = False


# -- the words ---------------------------------------------------------------------------------

_RING = (
    r"(?:ring(?:s|ing)?|rung|rang|call(?:s|ed|ing)?|call ?backs?|phon(?:ed|ing)|phone ?calls?"
    r"|phone (?:me|us|back)|(?:by|over the|on the) phone|telephone|contact(?:s|ed|ing)?"
    r"|get(?:ting)? in touch|got in touch|bell me|buzz me"
    r"|(?<!my )(?<!a )(?<!the )(?<!his )(?<!her )(?<!have )phone(?= (?:again|now|to\w+|any)|$))"
)
_NOTE = r"(?<!keep )(?<!leave )(?:the|my|that|this) (?:note|referral)"
# "I never told anyone" discloses: telling is of the note only with what is told, or to whom.
_OF_NOTE = (
    rf"(?:it|that|this|these|them|anything|{_NOTE}|what i (?:said|told|wrote)"
    r"|my (?:\w+ )?(?:details|number|name|info|information|address|story))"
)
_TOLD = r"(?:told|given|shared|passed)"
_SEND = (
    rf"(?:send(?:ing)?|sent|refer(?:red|ring|rals?)?|forward(?:ed)?|{_NOTE}"
    rf"|(?:tell(?:ing)?|told|giv(?:e|en|ing)|shar(?:e|ed|ing)|pass(?:ed|ing)?)"
    rf" (?:on |out |over )?{_OF_NOTE}|be passed on|{_OF_NOTE} (?:to be |being )?{_TOLD})"
)
_NOT = (
    r"(?:dont|don t|do not|dnt|dont you|not|never|stop|cancel|forget(?: about)?|scrap|drop|bin"
    r"|undo|cant|cannot|can not|wont|shouldnt|mustnt|better not|no need|no longer|nobody"
    r"|no one|noone|take back|call off|hold off|instead of|rather than|without|against)"
)
# What may stand between the "not" and the ringing. "Don't text, just ring" is no "not" to a call.
_BETWEEN = r"(?: (?!(?:text|texting|email|message|write|post|but|just|only|so|then|instead)\b)\w+)"
# Between the "not" and the sending: only words of who is asked, what for, and what it is of.
_ASKED = (
    r"(?: (?:you|u|anyone|anybody|someone|somebody|them|they|people|me|us|to|be|being|having|have"
    r"|want|wanted|need|like|think|feel|ready|agree|consent|wish|should|for|please|ever|even|just|really"
    r"|any|my|the|that|this|it|details|number|name|go|ahead|and|under|circumstances|let|call))"
)
_UNSAFE = (
    r"(?:(?<!im )(?<!i am )(?<!feel )(?:not|isnt|is not|wasnt|aint|no longer|never|wont be)"
    r"(?: (?:very|really|be|that|so|at all|a))* safe"
    r"|(?:dont|cant|didnt) (?:think|feel)(?: (?:its|it is|thats|that))? safe|unsafe"
    r"|not a good (?:time|idea)|(?:too )?(?:dangerous|risky)|a (?:bad|terrible) (?:idea|time))"
)
_THE_CALL = r"(?:the|my|that|this|your|a) (?:phone ?)?call(?: ?back)?|call ?back"
_CALLS = rf"{_THE_CALL}|ring(?:ing)?|phoning"

_NOT_RUNG = re.compile(rf"\b{_NOT}{_BETWEEN}{{0,6}}? {_RING}\b")
_NO_CALLS = re.compile(
    r"\b(?:no|no more|zero) (?:more )?(?:phone ?)?(?:calls|ringing|phoning|calling"
    r"|contact(?! (?:order|with))|call ?backs?|call(?! (?:me|us|back))|ring(?! (?:me|us|back)))\b"
)
_NOT_SAFE = re.compile(rf"\b{_UNSAFE}(?: \w+){{0,5}}? {_RING}\b|\b(?:{_CALLS})\b.*\b{_UNSAFE}\b")
_UNWANTED = re.compile(
    rf"\b(?:{_CALLS})\b(?: \w+){{0,6}}? (?:cancel(?:led)?|off|no more|any ?more|isnt wanted"
    r"|not (?:wanted|needed|happening|any ?more|now)|changed my mind|wont work|dont want it)\b"
    r"|\bleave (?:the|my) call\b"
    rf"|\bchanged my mind\b(?: \w+){{0,6}}? (?:{_RING}|{_SEND})\b"
    rf"|\brather (?:you |they |nobody |not )(?:\w+ ){{0,3}}?{_RING}\b"
)
_HARMS = re.compile(
    rf"\b(?:if (?:you|they|anyone|anybody|somebody|someone) {_RING}|ringing|(?:{_THE_CALL}))\b.*"
    r"\b(?:danger|kill(?:ed)?|hurt|hit|batter(?:ed)?|found out|finds? out|me in trouble)\b"
    r"|\b(?:danger|kill|hurt|hit|batter|find out|go mad|know)\b.* if (?:you|they|anyone) "
    rf"{_RING}\b"
)
_A_CALL = re.compile(rf"\b(?:{_THE_CALL})\b")
_EVERYTHING = re.compile(r"\b(?:everything|all of (?:it|that|this|them)|both|consent)\b")
_NO_MORE = re.compile(
    rf"(?:i |its |it is |it |can you )*(?:{_UNSAFE}|cancel|dont (?:want|need|do|bother))\b"
)
_NOT_SENT = re.compile(
    rf"\b(?:{_NOT}|no|withdraw){_ASKED}{{0,6}}? {_SEND}\b"
    rf"|\b{_NOTE}\b(?: \w+){{0,4}}? (?:cancelled|not any ?more|no more)\b"
)

# -- what takes nothing back -------------------------------------------------------------------

_HIM = (
    r"(?:he|she|him|hes|shes|police|copper|officer|bank|council|school|doctor|gp|landlord|lawyer"
    r"|solicitor|court|nurse|(?:my|his|her) (?!call|phone|number|name|mind|mobile|details)\w+)"
)
_WHOM = (
    r"(?:him|her|you|999|101|111|an? (?:ambulance|lawyer|solicitor)|anyone else"
    r"|police|social services|(?:the|my|his|our|their) (?!phone|mobile|number|house|home|flat|land"
    r"|line|call|details|info|name|note|referral|lot)\w+)"
)
_KEEPS = (
    # Others ring, or do not; and I do not ring others.
    re.compile(
        rf"\b{_HIM}(?: \w+)? (?:wont|doesnt|didnt|dont|isnt|never|keeps?|kept|cant|wouldnt|hasnt"
        rf"|not)\b"
    ),
    re.compile(r"\bthey (?:dont|didnt|never|wont stop|havent|keep|kept)\b"),
    re.compile(r"\b(?:stop|stopped|let|make|get|got) my \w+ (?:from )?\w*(?:ing|ring|call)\b"),
    re.compile(r"\bhim (?:from |to )?(?:ring|call|phon|contact|get)\w*\b"),
    re.compile(
        r"\b(?:dont|do not|didnt|not|never|wont)(?: (?:want|need|have|going|mean))?"
        r"(?: to)? (?:cancel|stop|call off|withdraw|scrap|drop)\b"
    ),
    re.compile(r"\b(?:im|hes|shes|its) not called\b|\bno calls? yet\b"),
    re.compile(
        r"\bi (?:really |just |still |also )?(?:cant|cannot|dont|do not|didnt|wont|couldnt|never"
        r"|havent|wouldnt|dont want to|dont dare(?: to)?|cant bear to|am too scared to)"
        r" (?:ring|call|phone|rang|called|phoned|rung|contact|get in touch)\b"
    ),
    re.compile(
        rf"(?<!\bthe )(?<!\bmy )(?<!\bthat )(?<!\bthis )(?<!\ba )(?<!\bno )\b(?:call (?:it|names)"
        rf"|(?:ring(?:ing)?|call(?:ing|ed)?|phon(?:e|ing)|contact(?:ing)?|tell(?:ing)?) {_WHOM})\b"
    ),
    re.compile(r"\bcall(?:ed|s|ing)? me (?:an?|names|that|\w+ing|liar|crazy|mad)\b"),
    re.compile(r"\bi (?:\w+ )?(?:text|message|write|email|chat|type)\b.* (?:of|than|without) \w+"),
    # Who asks why nobody rang, or bids us not to forget it, wants to be rung.
    re.compile(r"\b(?:why|how come|what (?:if|happens|time)|when (?:will|are|do|is|can|should))\b"),
    re.compile(r"\b(?:did|have|has) (?:you|they|anyone|nobody) not\b"),
    re.compile(r"\b(?:nobody|no one|noone)(?: \w+){0,4}? (?:rings|calls|contacts)\b"),
    re.compile(
        r"\b(?:you|anyone|anybody|who) (?:still )?(?:havent|have not|hasnt|didnt|never|not yet)\b"
    ),
    re.compile(
        r"\b(?:nobody|no one|noone)(?: has| have| ever| even| bothered)*(?: to)? (?:(?<=to )ring"
        r"|(?<=to )call|rang|rung|called|phoned)\b|\b(?:(?:hasnt|havent|never)(?: been)?|not been)"
        r" (?:rung|rang|called)\b"
    ),
    re.compile(
        r"\b(?:(?:dont|do not|never) (?:forget|mind|worry|miss|be late|hang|stop ringing)"
        r"|no (?:problem|rush|worries|hurry)|(?:cant|cannot) wait|not only|why not|record"
        r"|(?:cant|wont|couldnt) you)\b"
    ),
    re.compile(r"\bmy phone (?:doesnt|isnt|is not|wont|never|not|hasnt|didnt)\b"),
    re.compile(r"\b(?:send|sent|sending|give|giving|tell|telling|told) (?:me|us)\b"),
    re.compile(
        r"\bsend (?:any|some|police|people|an?|the|him|help|officers?)\w*\b(?! (?:details|info))"
    ),
)  # fmt: skip

# -- what is asked -----------------------------------------------------------------------------

_RATHER = "rather you didnt"
_DOUBT = re.compile(
    r"\b(?:if|unless|until|till|before|after(?! all)|except|maybe|perhaps|not sure|unsure|dont know"
    r"|on (?:my|the|our|his|her) (?:\w+ )?(?:phone|landline|line|mobile|work)"
    r"|on (?:my|the|our) (?:land|house|home)\w*"
    r"|(?:want(?:ed)? to|im not|am not|not going to) (?:tell|giv|shar|pass)(?:e|ing)?"
    r"(?! my (?:details|number|name)))\b"
)
_NOBODY_TOLD = re.compile(rf"\b{_NOT}{_ASKED}{{0,3}}? tell (?:anyone|anybody|people|a soul)\b")
_SAID = re.compile(
    rf"\b(?:{_HIM}|they|everyone|somebody|someone)(?: \w+)? (?:said|says|told|tells)\b"
)
_NO_RING_ME = re.compile(r"^no (?:ring|call) (?:me|us)\b")
_MAYBE = re.compile(
    r"(?:(?:no|actually|sorry|wait|please|oh|ok|i|ive|have) )*"
    r"(?:forget (?:it|that|about it)|never ?mind|leave it|dont bother|scrap (?:it|that)"
    r"|take it back|changed my mind|dont want (?:it|that|this|any of (?:it|this))"
    r"(?: any ?more| now| after all)?"
    r"|dont want to do (?:it|this|that)(?: any ?more| now)?|actually no|its off)"
    r"(?: (?:please|thanks|thank you|sorry|now|then|ok|after all))*"
)
# With a call booked on it: somebody else has the telephone, or will be there.
_OVERHEARD = re.compile(
    r"\b(?:he|she|they|hes|shes|theyre|theyve|(?:my|his|her) \w+)(?: \w+){0,3}? (?:my|the) (?:phone"
    r"|mobile)\b"
    r"|\b(?:hell|shell|theyll|he will|she will|hes|shes|he is|she is|he|she) (?:going to |gonna )?"
    r"(?:be )?(?:home|here|back|in|around|about|off work)(?: \w+){0,2}? (?:tomorrow|today"
    r"|tonight|then|now|in the morning|morning|afternoon|evening)\b"
    r"|\bwont be (?:alone|on my own)\b"
)
_BREAKS = re.compile(r"[.,;:!?\n]+|\b(?:but|because|cos|cuz|coz|however)\b", re.IGNORECASE)
_OTHERS = frozenset(
    "he hes hell him his she shes her they theyre them husband wife partner boyfriend girlfriend ex"
    " mum dad brother".split()
)


def heard(text: str, standing: Collection[str]) -> Wish:
    """Return what a message does to what `standing` there is of a call and a note."""
    if not standing:
        return Wish()
    clauses = [words for part in _BREAKS.split(text) if (words := normalise(part))]
    alone = len(clauses) <= 2 and not _OTHERS & set(" ".join(clauses).split())
    found = [_clause(clause, standing) for clause in clauses]
    found += [_over_two(clauses)] if len(clauses) > 1 else []
    for cue in (TAKES, ASKS):
        about = frozenset[str]().union(*(what for got, what in found if got == cue))
        if about:
            return Wish(cue, about & frozenset(standing) or frozenset(standing), alone)
    return Wish()


def unwanted(text: str, *, alone: bool = False) -> bool:
    """Say whether words beg not to be rung, whatever stands; `alone`: and tell of nothing else."""
    wish = heard(text, (CALL,))
    named = wish.cue == TAKES and not cancelling.plainly(normalise(text))
    return named and (wish.alone or not alone)


def of(cues: Collection[str], kind: str) -> frozenset[str]:
    """Return which of a call and a note the cues of a kind, TAKES or ASKS, are of."""
    return frozenset(cue.removeprefix(kind) for cue in cues if cue.startswith(kind))


def only(cues: Collection[str], answer: str) -> bool:
    """Say whether a turn takes something back, of this talk, and answers nothing else."""
    return answer == OFF or bool(of(cues, TAKES) and NAMED not in cues and not answer)


def _clause(words: str, standing: Collection[str]) -> tuple[str, frozenset[str]]:
    """Return the cue of one clause, and what it is about.

    A call that is named is meant alone. Who is not to be rung at all is not passed on either.
    """
    if cancelling.plainly(words):
        return TAKES, ONE_CALL if _A_CALL.search(words) else ALL
    if _HARMS.search(words):
        return TAKES, ALL
    unsafe = _NOT_SAFE.search(words)
    rung = unsafe or any(p.search(words) for p in (_NOT_RUNG, _NO_CALLS, _UNWANTED))
    begs = NOTE in standing and unwritten.begs(words)
    sent = begs or (NOTE in standing and _NOT_SENT.search(words))
    if rung or sent:
        about = _about(words, bool(unsafe), bool(rung), bool(sent))
        if begs and not rung:  # "he reads everything" is of what is written
            about = ONE_NOTE
        if _SAID.search(words):
            return ASKS, about
        if _RATHER not in words and not begs and _kept(words):
            return "", NOTHING
        return (ASKS if _DOUBT.search(words) else TAKES), about
    nobody_told = _NOBODY_TOLD.search(words) and not _kept(words)
    if NOTE in standing and (nobody_told or unwritten.may(words)):
        return ASKS, ONE_NOTE
    if _NO_RING_ME.search(words) or _MAYBE.fullmatch(words) or cancelling.may(words):
        return ASKS, ALL
    return (ASKS, ALL) if CALL in standing and _OVERHEARD.search(words) else ("", NOTHING)


def _about(words: str, unsafe: bool, rung: bool, sent: bool) -> frozenset[str]:
    """Return what a clause against ringing or sending is about."""
    if unsafe or _EVERYTHING.search(words):
        return ALL
    if not rung:
        return ONE_NOTE
    call = ONE_CALL if _A_CALL.search(words) else ALL
    return call | ONE_NOTE if sent else call


def _kept(words: str) -> bool:
    """Say whether a clause takes nothing back, whatever "not" is in it."""
    return disclosing.tells(words) or any(keeps.search(words) for keeps in _KEEPS)


def _over_two(clauses: list[str]) -> tuple[str, frozenset[str]]:
    """Return the cue of a call that one clause names and the next does not want."""
    for named, after in zip(clauses, clauses[1:], strict=False):
        if _A_CALL.search(named) and _NO_MORE.match(after) and not _kept(named):
            return TAKES, ALL if re.search(_UNSAFE, after) else ONE_CALL
    return "", NOTHING
