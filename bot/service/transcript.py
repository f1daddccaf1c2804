# SPDX-License-Identifier: Apache-2.0
"""What was said, kept in order and encrypted, and what is on offer to the person now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.policy import childline, out_of_turn, pace, scripts
from bot.policy.age import BANDS, UNDER_18, YOUNG
from bot.policy.contacting import REFER
from bot.policy.language import ENGLISH
from bot.policy.passing import age_told
from bot.policy.settling import ASKED
from bot.policy.steps import Asked
from bot.policy.turn import (
    Choice,
    Kind,
    Line,
    Medium,
    Message,
    Sender,
    ServiceCard,
    Utterance,
)  # fmt: skip
from bot.service.ports import Clock
from bot.store import conversations, events
from bot.store.database import Tx
from bot.store.keys import Box
from bot.words import Words

# A "no" settles the same worry for this many turns; after that it may be asked about again.
SETTLED_FOR = 5
# A question of these is open only after they chose to go on.
FORMS = ("needs_", "referral_", "directory_", "consent_")
OWN_AGE = "needs_ask_age_band"


@dataclass
class Dialogue:
    """What is on the table: the question, its choices, and the checks put so far.

    `worries`: what was asked about, not answered with no, and so brought them into the queue.
    `referable`: services were shown of which one can be asked to contact them.
    `flags`: the red flags heard. `scripts`: those said. `pace`: how they want it said.
    `meets`: the script that waits for the answer to a check.
    `stands`: which words come next while a suicide hit stands, 0 when none does.
    `taken`: they said that they took something. `age_band`: the one they told of themselves.
    `read`: how many words of explanation they had since their last message.
    `stopped`: they said stop; `quiet` is also whoever only said that it is not safe.
    `asks`: what they asked beside a danger, until it is answered.
    `back`: they came by a code, and the assistant has yet to forget what it heard before that.
    `untold`: nothing was told since then of what it is about.
    `pupil`: who is here now spoke as a child, of school or an age; `childline`: they heard of it.
    """

    asking: str = ""
    offer_id: int = 0
    offered: dict[str, str] = field(default_factory=dict)
    opening: bool = False
    check: str = ""
    cue: str = ""
    again: bool = False
    cleared: dict[str, int] = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)
    after: str = ""
    address: int = 0
    worries: list[str] = field(default_factory=list)
    quiet: bool = False
    stopped: bool = False
    place: int | None = None
    languages: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)
    passed: str = ""
    refused: bool = False
    referable: bool = False
    flags: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    pace: str = ""
    meets: str = ""
    stands: int = 0
    taken: bool = False
    age_band: str = ""
    read: int = 0
    asks: list[str] = field(default_factory=list)
    back: bool = False
    untold: bool = False
    pupil: bool = False
    childline: bool = False

    def topic(self, known: str) -> str:
        """Return what it is about, as far as whoever is here now has told it."""
        return "none" if self.untold else known

    def asked(self, turn: int) -> Asked:
        """Return what the table of steps needs to know at this story's turn number `turn`."""
        return Asked(
            check=self.check,
            cue=self.cue,
            opening=self.opening,
            again=self.again,
            cleared=tuple(c for c, at in self.cleared.items() if turn - at <= SETTLED_FOR),
            hits=tuple(self.hits),
            after=self.after,
            address=self.address,
            denied=tuple(self.cleared),
            languages=tuple(self.languages),
            stands=bool(self.stands) and not self.asking.startswith(FORMS),
            nobody=self.place == 0,
            worried=bool(self.worries),
        )

    def note(self, chosen: str, cues: Collection[str], meets: str, text: str) -> None:
        """Keep what lasts of a turn: red flags, a script that is said now, a wish for the pace.

        `meets`: the script that waits until the question about danger was answered with no.
        """
        self.meets = meets
        picked = chosen if self.asking == OWN_AGE and chosen in BANDS else ""
        free = not chosen and self.asking.startswith(("needs_", "support_"))
        asked = self.asking.removeprefix(ASKED).removesuffix("_them")
        alone = out_of_turn.age(text, asked) if free else ""
        told = picked or age_told(text) or alone
        self.age_band = told or self.age_band
        still = self.pupil and told in ("", *YOUNG)
        self.pupil = still or told in UNDER_18 or childline.of_school(text)
        self.stands = 0 if chosen == "carry_on" else self.stands
        self.flags = [*dict.fromkeys((*self.flags, *(c for c in cues if c.startswith("flag:"))))]
        if chosen.startswith(scripts.BEGINS):
            self.scripts = [*dict.fromkeys((*self.scripts, chosen))]
        self.pace = pace.after(self.pace, cues)

    @property
    def of_danger(self) -> bool:
        """Say whether something about danger is open: no other question may take its place."""
        return bool(self.check or self.after or self.address or self.stands)

    @property
    def company(self) -> bool:
        """Say whether somebody else may look on: they said stop, have not said that it is safe, or
        were asked whether they are safe and have not said."""
        return bool(self.quiet or self.opening or self.check)

    def wants_childline(self, said: Sequence[Message]) -> bool:
        """Say whether a child who has not heard of Childline hears of it beside what is said."""
        self.childline = self.childline or childline.named(said)
        open_ = self.opening or self.quiet or self.of_danger
        return self.pupil and bool(said) and not self.childline and not open_

    def keep_worry(self, worry: str) -> None:
        """Keep a worry that brought the person into the queue until it is answered with no."""
        self.worries = [*dict.fromkeys((*self.worries, worry))]

    def still_asks(self, met: Dialogue) -> bool:
        """Say whether an answer to what was `met` earlier is an answer now: the same question."""
        same_check = bool(self.check) and self.check == met.check
        return same_check or (self.offer_id, self.offered) == (met.offer_id, met.offered)

    def without_offer(self) -> Dialogue:
        """Return this with nothing on offer, for words written before the person saw the offer."""
        return replace(self, asking="", offered={}, opening=False)


class Transcript:
    """Writes messages into a transaction and reads them back."""

    def __init__(self, words: Words, clock: Clock) -> None:
        self.words = words
        self.clock = clock

    async def dialogue(self, row: Any, box: Box) -> Dialogue:
        """Return what is on the table in a story."""
        return Dialogue(**box.open(row.dialogue)) if row.dialogue else Dialogue()

    async def keep_dialogue(
        self, tx: Tx, conversation_id: str, box: Box, dialogue: Dialogue
    ) -> None:
        """Keep what is on the table."""
        await conversations.change(tx, conversation_id, dialogue=box.seal(asdict(dialogue)))

    async def say(
        self,
        tx: Tx,
        box: Box,
        row: Any,
        dialogue: Dialogue,
        utterances: Sequence[Utterance | Message],
        *,
        turn_id: str | None = None,
        sender: Sender = Sender.ASSISTANT,
        late: bool = False,
    ) -> list[Message]:
        """Keep what we say, rendered for the person's channel, and what it offers them.

        A `late` answer offers nothing: it must not take the place of a newer question.
        """
        said = []
        for message in self._rendered(row, dialogue, utterances, sender):
            if late:
                message = replace(message, choices=())
            message, *rest = reversed(self._as_wanted(message, dialogue, row))
            for part in reversed(rest):
                said.append(await self.add(tx, box, row.id, part, turn_id=turn_id))
            said.append(await self.add(tx, box, row.id, message, turn_id=turn_id))
            if late:
                continue
            if message.choices:
                dialogue.asking = message.say
                dialogue.offer_id = said[-1].id
                dialogue.offered = {c.key: c.label for c in message.choices}
                dialogue.referable = dialogue.referable or REFER in dialogue.offered
        dialogue.read += pace.read(said)
        await self.keep_dialogue(tx, row.id, box, dialogue)
        return said

    def _rendered(
        self, row: Any, dialogue: Dialogue, utterances: Sequence[Utterance | Message],
        sender: Sender,
    ) -> list[Message]:  # fmt: skip
        """Return what is said in words, and what a child hears once before the last of it."""
        medium = Medium(row.medium)

        def message(said: Utterance | Message) -> Message:
            given = isinstance(said, Message)
            return said if given else self.words.message(said, medium, row.language, sender)

        said = [message(one) for one in utterances]
        if sender is Sender.ASSISTANT and dialogue.wants_childline(said):
            said.insert(len(said) - 1, message(Utterance(childline.WORDS)))
            dialogue.childline = True
        return said

    def _as_wanted(self, message: Message, dialogue: Dialogue, row: Any) -> list[Message]:
        """Return a message at the pace that was asked for, without what is not for this person."""
        withheld = self.words.withheld(dialogue.flags)
        choices = tuple(choice for choice in message.choices if choice.key not in withheld)
        message = replace(message, choices=choices, slow=bool(dialogue.pace))
        if dialogue.pace == pace.EASY and row.language == ENGLISH:  # plain words are English alone
            message = self.words.easier(message, Medium(row.medium))
        return pace.parts(message) if dialogue.pace and row.medium == Medium.CHAT else [message]

    async def add(
        self,
        tx: Tx,
        box: Box,
        conversation_id: str,
        message: Message,
        *,
        turn_id: str | None = None,
        kind: str = "message",
        audience: str = events.BOTH,
    ) -> Message:
        """Keep one message and return it with its number."""
        now = self.clock()
        number = await events.add(
            tx,
            conversation_id=conversation_id,
            audience=audience,
            kind=kind,
            at=now,
            turn_id=turn_id,
            sealed=box.seal(to_json(message)),
        )
        return message.numbered(number, _moment(now))


def to_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON can hold it."""
    return asdict(message)


def from_json(found: dict[str, Any]) -> Message:
    """Return the message that `to_json` gave."""
    return Message(
        **{
            **found,
            "sender": Sender(found["sender"]),
            "kind": Kind(found["kind"]),
            "choices": tuple(Choice(**c) for c in found["choices"]),
            "services": tuple(ServiceCard(**s) for s in found["services"]),
            "lines": tuple(Line(**line) for line in found["lines"]),
        }
    )


def message_of(box: Box, row: Any) -> Message:
    """Return the message of one event; its number and time are the row's."""
    return from_json(box.open(row.sealed)).numbered(row.id, _moment(row.at))


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def read(box: Box, rows: Sequence[Any], *, own: bool = True) -> list[Message]:
    """Return the messages among these events, oldest first; without the person's own if asked."""
    found = [message_of(box, r) for r in rows if r.kind == "message" and r.sealed]
    return [m for m in found if own or m.sender is not Sender.PERSON]
