# SPDX-License-Identifier: Apache-2.0
"""What a caller did in one post, read against where they stand: a turn, a key of ours, or silence.

Pure: the same post at the same place always reads the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.policy import answer, consent
from bot.policy.turn import Kind, Message, Said
from telephony import menu
from telephony.menu import Press
from telephony.speech import asks_number, is_neutral, strikable
from telephony.tokens import Place

FIXED = (
    Press.DANGER, Press.PERSON, Press.CANNOT_SPEAK, Press.CAN_SPEAK, Press.LANGUAGE, Press.CODE,
)  # fmt: skip
"""What a key means to whoever waits as to everybody."""
UNCLEAR = 0.5
"""Below this the recogniser is guessing."""


@dataclass(frozen=True)
class Entry:
    """What came: keys or recognised speech, or neither. `now` is when.

    `late`: it was said before the last answer, and picks nothing that this one offers.
    """

    digits: str = ""
    speech: str = ""
    confidence: float | None = None
    now: float = 0.0
    late: bool = False

    @property
    def unclear(self) -> bool:
        """Say whether the recogniser is not sure of what was said."""
        return bool(self.speech) and self.confidence is not None and self.confidence < UNCLEAR


@dataclass(frozen=True)
class Heard:
    """What is done about it. `lead` and `tail` are names of words said before and after the news.

    `again`: the last words are said once more; `aloud`: also what quiet mode kept back; `menu`:
    the keys are said although nothing new is on offer; `ring`: a silence after danger rings;
    `language`: they asked for another one; `keep_back`: a worker is not to see their answers;
    `told`: they asked for a person and know what one would see, so that one is rung now.
    """

    place: Place
    said: Said | None = None
    lead: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    again: bool = False
    aloud: bool = False
    menu: bool = False
    silent: bool = False
    ring: bool = False
    language: bool = False
    keep_back: bool = False
    told: bool = False


def hear(entry: Entry, place: Place, offered: Message, doubtful: bool = False) -> Heard:
    """Return what an entry asks for. `offered` holds the choices of now.

    `doubtful`: a consent, a safe number or a deletion is asked for, and what was said is too
    unclear to be one.
    """
    if place.waits:
        return _waiting(entry, replace(place, waits=False, tells=False), place, offered)
    if place.tells:
        return _to_ring(entry, replace(place, tells=False), offered)
    early = place.unheard
    place = replace(place, unheard=False)
    if entry.digits:
        heard = _keys(entry, replace(place, silent=0, unclear=0), offered, early)
        unread = early and offered.kind is Kind.CONSENT and not heard.place.held_back
        # Whatever key cut a consent short, it is read from the start before it can be given.
        return replace(heard, again=True, menu=True) if unread and heard.said is None else heard
    if entry.speech:
        place = replace(place, silent=0, code=False)
        picks = not (doubtful or early or entry.late)
        spoken = _digit(entry, place, offered) if picks else None
        return spoken or _speech(entry, place, doubtful)
    return Heard(replace(place, silent=place.silent + 1), silent=True)


def _to_ring(entry: Entry, place: Place, offered: Message) -> Heard:
    """Return what is done once they know what a worker will see: one is rung, whatever comes.

    8 keeps their answers back; a silence agrees that they are seen.
    """
    if entry.digits == menu.KEEP_BACK:
        place = replace(place, silent=0)
        return Heard(place, lead=("phone_kept_back",), ring=True, keep_back=True, told=True)
    if not entry.digits and not entry.speech:
        return Heard(place, ring=True, told=True)
    place = replace(place, silent=0)
    if entry.speech:
        return replace(_speech(entry, place, doubtful=False), told=True)
    return replace(_keys(entry, place, offered, early=False), told=True)


def _waiting(entry: Entry, place: Place, waits: Place, offered: Message) -> Heard:
    """Return what is done while a worker is rung: they are heard, and the keys that never change do
    what they always do. Another one brings back the choices, which nobody has heard meanwhile.

    `waits`: where they stand if they go on waiting. 8 keeps their answers back, if they have any.
    """
    if entry.speech:
        return _speech(entry, replace(place, silent=0), doubtful=False)
    if not entry.digits:
        return Heard(replace(waits, silent=waits.silent + 1), silent=True)
    if waits.tells and entry.digits == menu.KEEP_BACK:
        waits = replace(waits, tells=False)
        return Heard(waits, lead=("phone_kept_back",), keep_back=True)
    place = replace(place, silent=0)
    if place.held_back or menu.read(entry.digits, (), quiet=place.quiet).press in FIXED:
        return _keys(entry, place, offered, early=False)
    return Heard(place, lead=("phone_back",), menu=True)


def typed_for(heard: Heard, *, plain: bool) -> Heard:
    """Return what is done for who has a relay assistant speak for them: a person comes first.

    `plain`: nothing in what was said is danger, which would come before that.
    """
    said = Said(key="person") if plain else heard.said
    place = replace(heard.place, relay_uk=True)
    return replace(heard, place=place, said=said, lead=("phone_relay_uk", *heard.lead))


def _digit(entry: Entry, place: Place, offered: Message) -> Heard | None:
    """Return what a key said aloud picks ("one", "press 2"), None for any other words.

    Only the keys that pick and the one for more: no word is taken for danger or for silence.
    """
    said = answer.lone_number(entry.speech)
    digit = str(said) if said is not None else ""
    keys = [c.key for c in offered.choices]
    shut = place.held_back or entry.unclear or offered.kind is Kind.CONSENT or asks_number(offered)
    if shut or digit not in (*menu.PICKS, menu.MORE):
        return None
    pressed = menu.read(digit, keys, place.page, quiet=place.quiet)
    if pressed.press not in (Press.PICK, Press.MORE):
        return None
    return _keys(replace(entry, digits=digit), replace(place, unclear=0), offered, early=False)


def _speech(entry: Entry, place: Place, doubtful: bool) -> Heard:
    place = replace(place, unclear=place.unclear + 1 if entry.unclear else 0)
    if doubtful:
        return Heard(place, tail=("phone_low_confidence",), menu=True)
    said = Said(text=entry.speech, confidence=entry.confidence)
    if place.unclear < 2:
        return Heard(place, said)
    return Heard(replace(place, unclear=0), said, tail=("phone_low_confidence",), menu=True)


def _keys(entry: Entry, place: Place, offered: Message, early: bool) -> Heard:
    keys = [] if place.held_back else [c.key for c in offered.choices]
    parts = [] if place.held_back else [line.id for line in strikable(offered)]
    if place.parts:
        if (heard := _left_out(entry, place, parts)) is not None:
            return heard
        place = replace(place, parts=0)
    waits, place = place.code, replace(place, code=False)
    numbers = asks_number(offered) and not place.held_back
    again = bool(place.five_at) and 0 <= entry.now - place.five_at <= menu.TWICE_WITHIN
    pressed = menu.read(
        entry.digits, keys, place.page, five_before=again, quiet=place.quiet, numbers=numbers,
        parts=bool(parts),
    )  # fmt: skip
    place = replace(place, five_at=0.0)
    simple = {
        Press.DANGER: Heard(place, Said(key="danger"), lead=("phone_not_999",)),
        Press.PERSON: Heard(place, Said(key="person")),
        Press.LANGUAGE: Heard(
            place, Said(key="person"), lead=("phone_other_language",), language=True
        ),
        Press.REPEAT: Heard(place, again=True, menu=True),
        Press.CANNOT_SPEAK: _quiet(entry, place, offered),
        Press.CAN_SPEAK: Heard(
            replace(place, quiet=False, held_back=False), lead=("phone_can_speak",),
            again=True, menu=True,
        ),  # fmt: skip
        Press.CODE: _code(place, waits),
        Press.LEAVE_OUT: Heard(replace(place, parts=1), menu=True),
        Press.MORE: Heard(replace(place, page=place.page + 1), menu=True),
        Press.NUMBER: Heard(place, Said(text=pressed.value, keyed=True)),
    }
    if pressed.press is Press.CODE and offered.kind is Kind.CONSENT:
        return _unknown(entry, place, offered)  # nothing comes between a consent and its answer
    if pressed.press in simple:
        return simple[pressed.press]
    if pressed.press is Press.PICK:
        if early and offered.kind is Kind.CONSENT and pressed.value == "yes":
            # Nobody has agreed to what they have not heard.
            return Heard(place, lead=("phone_consent_first",))
        return Heard(place, Said(key=pressed.value))
    return _unknown(entry, place, offered)


def _code(place: Place, waits: bool) -> Heard:
    """Return what the key for codes does: it asks for theirs, and pressed again gives them one."""
    if waits:
        return Heard(place, Said(key="code"))
    return Heard(replace(place, code=True), tail=("phone_code_ask",))


def _left_out(entry: Entry, place: Place, parts: Sequence[str]) -> Heard | None:
    """Take the part that a key leaves out of a consent, which is then read once more without it.

    None for the keys that never change.
    """
    pressed = menu.read(entry.digits, parts, place.parts - 1, quiet=place.quiet)
    if pressed.press is Press.PICK:
        return Heard(replace(place, parts=0), Said(text=consent.SAID[pressed.value], keyed=True))
    if pressed.press in (Press.MORE, Press.CODE, Press.UNKNOWN):
        turned = pressed.press is Press.MORE
        return Heard(replace(place, parts=place.parts + turned), menu=True)
    return None


def _unknown(entry: Entry, place: Place, offered: Message) -> Heard:
    """Return that a key means nothing here, with the question that is open; no wait begins anew."""
    if not place.held_back:
        asks = not offered.say.startswith(("person_", "phone_"))
        return Heard(place, lead=("phone_no_such_key",), again=asks, menu=True)
    if entry.digits[:1] == "1":
        return Heard(replace(place, held_back=False), again=True, aloud=True, menu=True)
    return Heard(place, tail=("phone_quiet_hold",))


def _quiet(entry: Entry, place: Place, offered: Message) -> Heard:
    words = ("phone_cannot_speak", "phone_cannot_speak_next")
    place = replace(place, quiet=True, five_at=entry.now)
    if is_neutral(offered) and not place.held_back:
        return Heard(place, lead=words, menu=True)
    return Heard(replace(place, held_back=True), lead=words, tail=("phone_quiet_hold",))
