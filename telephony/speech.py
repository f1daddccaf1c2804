# SPDX-License-Identifier: Apache-2.0
"""What is said of a batch of messages, in what order, and what a caller who cannot speak is spared.

Emergency words and consents are said firmly: no noise cuts them short. In quiet mode nothing
personal is spoken until the caller asks for it by a key (design, section 5, rule 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.policy import consent, questions
from bot.policy.turn import Choice, Kind, Line, Medium, Message, Sender, Utterance
from bot.words import Words
from telephony import menu

# Words that tell whoever overhears them nothing about the caller.
NEUTRAL = (
    "opening_", "phone_", "person_", "waiting_", "danger_", "support_invite",
    "support_resume", "misheard_apology", "ended", "left", "exit_words",
    "small_cannot_speak", "small_goodbye", "trouble",
)  # fmt: skip
# Words that ask who cannot speak to talk, or to press 5, and what is said in their place.
FOR_KEYS = {
    **dict.fromkeys(("person_nobody", "person_nobody_until", "phone_nobody"), "phone_nobody_quiet"),
    **dict.fromkeys(("person_asked", "person_asked_unknown"), "phone_asked_quiet"),
    "phone_transfer": "phone_transfer_quiet",
}
NUMBER_REFUSED = "referral_number_refused"
CLOSED = frozenset({"yes", "no", "not_sure", "skip", "later", "person"})


@dataclass(frozen=True)
class Said:
    """What is said firmly, then the rest; `consent`: a consent is among it; `held`: kept back;
    `slow`: it is said slowly, because the caller asked for that."""

    firmly: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    consent: bool = False
    held: bool = False
    slow: bool = False


class Speech:
    """Puts messages into the order and form in which they are heard."""

    def __init__(self, words: Words) -> None:
        self.words = words
        label = words.label("find_help", Medium.VOICE)
        person = words.label("person", Medium.VOICE)
        self.always = Message(
            Sender.ASSISTANT, "", choices=(Choice("find_help", label), Choice("person", person)),
            say="phone_always",
        )  # fmt: skip
        """What a caller can pick where nothing else is on offer."""

    def as_it_is(self, name: str, there: bool) -> str:
        """Return the name of these words as they are said with a person `there`, or without."""
        alone = f"{name}_nobody"
        return alone if not there and alone in self.words.names() else name

    def own(self, name: str, **values: str) -> Message:
        """Return words of the telephone's own, which are no part of the story."""
        return self.words.message(Utterance(name, values), Medium.VOICE)

    def text(self, name: str, **values: str) -> str:
        """Return the text of such words."""
        return self.own(name, **values).text

    def batch(
        self, messages: Sequence[Message], *, quiet: bool = False, aloud: bool = False,
        there: bool = True,
    ) -> Said:  # fmt: skip
        """Return how these messages are said; `aloud`: also what `quiet` would keep back."""
        messages = self.for_keys(messages) if quiet else messages
        shown = [m for m in messages if aloud or not quiet or is_neutral(m)]
        held = len(shown) < len(messages)
        firm = _firm_until(shown)
        then = [m.text for m in shown[firm:]]
        then += [self.text(self.as_it_is("phone_quiet_hold", there))] if held else []
        return Said(
            tuple(m.text for m in shown[:firm]),
            tuple(then),
            any(m.kind is Kind.CONSENT for m in shown),
            held,
            any(m.slow for m in shown),
        )

    def for_keys(self, messages: Sequence[Message]) -> list[Message]:
        """Return these in words for who cannot speak."""
        quiet = {name: self.own(name) for name in FOR_KEYS.values()}
        return [
            replace(m, text=quiet[FOR_KEYS[m.say]].text, say=FOR_KEYS[m.say])
            if m.say in FOR_KEYS else m
            for m in messages
        ]  # fmt: skip

    def parts(self, offered: Message, page: int) -> tuple[str, ...]:
        """Return by which key each part of a consent is left out, and how to hear it again."""
        labels = {line.id: line.label for line in strikable(offered)}
        said = [self.text("phone_leave_out_which")]
        for digit, part in enumerate(menu.page(tuple(labels), page), start=1):
            said.append(self.text("phone_choices", label=labels[part], digit=str(digit)))
        several = len(menu.pages(tuple(labels))) > 1
        said += [self.text("phone_more")] if several else []
        return (*said, self.text("phone_repeat_hint"))

    def menu(
        self, offered: Message | None, page: int, *, person: bool = True, there: bool = True
    ) -> tuple[str, ...]:
        """Return what the keys do now, each key after what it is for.

        `person`: also the key for one, where it was not named a moment ago.
        """
        offered = offered or self.always
        keys = [c.key for c in offered.choices]
        labels = {c.key: c.label for c in offered.choices}
        several = len(menu.pages(keys)) > 1
        said = [self.text("phone_number_keys")] if asks_number(offered) else []
        for digit, key in enumerate(menu.page(keys, page), start=1):
            said.append(self.text("phone_choices", label=labels[key], digit=str(digit)))
        if several:
            said.append(self.text("phone_more"))
            said += [self.text("phone_skip")] if "skip" in keys else []
        if strikable(offered):
            said.append(self.text("phone_leave_out"))
        if person and "person" in keys:
            said.append(self.text(self.as_it_is("phone_person", there)))
        return tuple(said)


def is_neutral(message: Message) -> bool:
    """Say whether a message may be overheard. Urgent words are never kept back."""
    return message.kind is Kind.URGENT or message.say.startswith(NEUTRAL)


def strikable(offered: Message) -> list[Line]:
    """Return the parts of a consent that a key can leave out, those with words for it."""
    if offered.kind is not Kind.CONSENT:
        return []
    return [line for line in offered.lines if line.id in consent.SAID]


def asks_number(offered: Message | None) -> bool:
    """Say whether a telephone number is asked for, which may be keyed in."""
    asked = offered.say if offered else ""
    return asked in questions.NUMBERS or asked.startswith(NUMBER_REFUSED)


def is_free(offered: Message | None) -> bool:
    """Say whether the caller may answer at length, so that pauses get more patience."""
    return offered is None or not {c.key for c in offered.choices} <= CLOSED


def _firm_until(messages: Sequence[Message]) -> int:
    """Return how many messages are said firmly: through a consent, or the first urgent words."""
    consents = [i for i, m in enumerate(messages) if m.kind is Kind.CONSENT]
    if consents:
        return consents[-1] + 1
    urgent = [i for i, m in enumerate(messages) if m.kind is Kind.URGENT]
    if not urgent:
        return 0
    until = urgent[0] + 1
    while until < len(messages) and _is_short_urgent(messages[until]):
        until += 1
    return until


def _is_short_urgent(message: Message) -> bool:
    return message.kind is Kind.URGENT and not message.choices
