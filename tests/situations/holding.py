# SPDX-License-Identifier: Apache-2.0
"""Holds a situation's conversation: says its turns, and answers the questions that are put.

Which questions are put is the service's business; a file says what the person answers to each,
and every question that it says nothing of is skipped.
"""

from __future__ import annotations

from bot.policy.questions import SKIP
from bot.policy.turn import Message, Reply, Said
from bot.service.by_phone import ByPhone
from bot.store import handovers, records, staff
from bot.store.conversations import Contact
from bot.wiring import Fingerpost
from telephony import menu
from telephony.menu import Press
from tests.situations.situation import Situation
from tests.situations.story import Exchange, Story, question

MOST_TURNS = 60
ASKED_OF_CONTACT = "referral_ask_"
BRIEF = "consent_brief"
CARRY_ON = "carry_on"


class Holding:
    """One conversation under way."""

    def __init__(self, found: Fingerpost, situation: Situation) -> None:
        self.found, self.situation = found, situation
        self.story = Story()
        self.contact: Contact | None = None
        self.offer: Message | None = None
        self.page = 0
        self.times_asked: dict[str, int] = {}

    async def hold(self) -> Story:
        """Say all there is to say, and return what came of it."""
        if self.situation.on_duty:
            await self._somebody_on_duty()
        call = "a call" if self.situation.channel == "phone" else None
        opened = await self.found.conversations.open(self.situation.medium, call_hash=call)
        self.contact = opened.contact
        self._hear("(opens it)", opened.reply)
        for turn in self.situation.turns:
            await self._answer_questions()
            await self._take(turn)
        await self._answer_questions()
        await self._look_back()
        return self.story

    # -- the person's side ----------------------------------------------------------------

    async def _take(self, turn: dict[str, str]) -> None:
        """Do what a turn of the file says."""
        if "says" in turn:
            await self._say(turn["says"])
        elif "picks" in turn:
            await self._pick(turn["picks"])
        else:
            await self._key(turn["keys"])

    async def _answer_questions(self) -> None:
        """Answer whatever is asked that the file has a standing answer to."""
        for _ in range(MOST_TURNS):
            answer = self._standing_answer()
            if answer is None:
                return
            if self.offer and answer in {choice.key for choice in self.offer.choices}:
                await self._pick(answer)
            else:
                await self._say(answer)
        raise AssertionError(f"the questions have no end\n{self.story}")

    def _standing_answer(self) -> str | None:
        """Return the answer to the open question, None where none is asked or nothing is said."""
        asking = self.offer.say if self.offer else ""
        if asking == "services_next_one":  # a caller is told all of them, one after another
            return "another"
        if asking.startswith("check_") and asking not in ("check_not_sure",) and self._can("no"):
            return self._one_of("check", self.situation.in_danger)
        name = question(asking)
        if name:
            return self._answer(name, SKIP)
        if asking.startswith(ASKED_OF_CONTACT):
            return self._answer(asking.removeprefix(ASKED_OF_CONTACT))
        return self._answer("consent") if asking == BRIEF else None

    def _answer(self, name: str, otherwise: str | None = None) -> str | None:
        """Return what the file answers; of a list the next one, and its last for ever."""
        return self._one_of(name, self.situation.answers.get(name, otherwise))

    def _one_of(self, name: str, known: str | list[str] | None) -> str | None:
        if not isinstance(known, list):
            return known
        at = self.times_asked.get(name, 0)
        self.times_asked[name] = at + 1
        return known[min(at, len(known) - 1)]

    def _can(self, key: str) -> bool:
        return bool(self.offer) and key in {choice.key for choice in self.offer.choices}

    async def _say(self, text: str) -> None:
        confidence = 0.9 if self.situation.channel == "phone" else None
        await self._turn(f'"{text}"', Said(text=text, confidence=confidence))

    async def _pick(self, key: str) -> None:
        """Pick what is on offer; on a telephone by the digits that stand for it.

        After words of danger whoever wants to go on says so first.
        """
        if not self._can(key) and self._can(CARRY_ON):
            await self._pick(CARRY_ON)
        if self.situation.channel == "phone":
            for digit in self._digits(key):
                await self._key(digit)
            return
        assert self.offer is not None, f"nothing is on offer, so not {key}\n{self.story}"
        ids = {choice.key: choice.id for choice in self.offer.choices}
        assert key in ids or key == "person", f"{key} is not on offer\n{self.story}"
        await self._turn(f"[{key}]", Said(choice=ids.get(key, f"{self.offer.id}-{key}")))

    def _digits(self, key: str) -> list[str]:
        """Return what to press for a choice: as often 4 for others as it takes, then its digit."""
        if key == "person":
            return ["0"]
        keys = self._on_offer()
        pages = menu.pages(keys)
        at = next((n for n, page in enumerate(pages) if key in page), None)
        assert at is not None, f"{key} is not on offer\n{self.story}"
        turns = (at - self.page) % len(pages)
        return [menu.MORE] * turns + [str(pages[at].index(key) + 1)]

    def _on_offer(self) -> list[str]:
        return [choice.key for choice in self.offer.choices] if self.offer else []

    async def _key(self, digits: str) -> None:
        """Press a key as a caller does."""
        assert self.situation.channel == "phone", "only a telephone has keys"
        pressed = menu.read(digits, self._on_offer(), self.page)
        if pressed.press is Press.MORE:
            self.page += 1
        elif pressed.press is Press.CANNOT_SPEAK:
            found = self.found
            line = ByPhone(
                found.store, found.keys, found.handover, found.accounts, found.settings,
                found.clock,
            )  # fmt: skip
            await line.speaks(self.contact.conversation_id, False)
        else:
            fixed = {Press.DANGER: "danger", Press.PERSON: "person", Press.REPEAT: "repeat"}
            key = fixed.get(pressed.press, pressed.value)
            assert key, f"{digits} is no key here\n{self.story}"
            await self._turn(f"#{digits} [{key}]", Said(key=key))

    async def _turn(self, did: str, said: Said) -> None:
        reply = await self.found.conversations.hear(self.contact, said)
        self._hear(did, reply)

    def _hear(self, did: str, reply: Reply) -> None:
        self.story.exchanges.append(Exchange(did, reply.messages))
        self.story.state = str(reply.state)
        offers = [m for m in reply.messages if m.choices]
        if offers:
            self.offer, self.page = offers[-1], 0
        elif any(m.say == "referral_ask_contact_number" for m in reply.messages):
            self.offer = next(m for m in reply.messages if m.say == "referral_ask_contact_number")

    # -- the house's side -----------------------------------------------------------------

    async def _somebody_on_duty(self) -> None:
        await self.found.accounts.add("Ann", "worker")
        async with self.found.store.read() as tx:
            worker = await staff.find(tx, name="Ann")
        await self.found.accounts.set_available(worker.id, True)

    async def _look_back(self) -> None:
        """Keep what the conversation left behind."""
        story = self.contact.conversation_id
        self.story.facts = await self.found.facts.of(story)
        async with self.found.store.read() as tx:
            self.story.agreed = [row.service_id for row in await records.consents_of(tx, story)]
            waiting = await handovers.open_for(tx, story)
        self.story.tier = waiting.tier if waiting else "none"
