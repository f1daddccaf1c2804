# SPDX-License-Identifier: Apache-2.0
"""What a caller hears next: the news of their story, our own words, the keys, or a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.policy.questions import needs_certainty
from bot.policy.turn import Kind, Message, Reply, Sender, State
from bot.service.queueing import CALLBACK
from telephony.asking import LISTEN_TO_KEEP_BACK, Ask, kept, listens
from telephony.call import Call
from telephony.hearing import Heard
from telephony.line import Line
from telephony.recogniser import hints
from telephony.ringing import Stage, Transfer, stands
from telephony.saying import in_one_breath
from telephony.silence import Rung, rung
from telephony.speech import asks_number, is_free
from telephony.tokens import Place

# After these words the caller waits for a person.
HOLD_AFTER = ("person_asked", "person_asked_unknown", "person_already")
CODE_DIGITS = 6
LONG = (Kind.SERVICES, Kind.CONSENT)


@dataclass(frozen=True)
class Outcome:
    """What came of a post. `offered`: what was on offer before it; `last`: words to say again;
    `unkept`: words of a refusal, which are not in the story; `kept`: it was a turn."""

    offered: Message | None = None
    last: tuple[Message, ...] = ()
    unkept: tuple[Message, ...] = ()
    kept: bool = False


class Answering:
    """Turns what came of a post into what is told: TwiML, or an Ask kept for a socket."""

    def __init__(self, line: Line) -> None:
        self.line = line

    async def answer(
        self, call: Call, heard: Heard, outcome: Outcome, transfer: Transfer | None = None,
        stale: Sequence[str] = (), story: Reply | None = None,
    ) -> str:  # fmt: skip
        """Return what the caller hears now. `stale`: names of news that time has overtaken.

        `story`: the messages up to now, where they were just read.
        """
        spoken = heard.place.spoken
        if story is None:
            story = await self.line.conversations.messages(call.contact, after=spoken)
        story = replace(story, messages=in_one_breath(m for m in story.messages if m.id > spoken))
        if story.state is State.STAFF and transfer is not None and _is_there(transfer):
            return await self.join(call, heard.place, transfer, greet=True)
        news = [m for m in _news(story, transfer) if m.say not in stale]
        batch = [*outcome.last, *news, *outcome.unkept]
        # A worker took them in the console instead, or they no longer want to wait for one.
        over = story.state is State.STAFF or any(m.say == "person_cancelled" for m in news)
        if over and transfer and transfer.stage is Stage.RINGING:
            await self.line.transfers.call_off(call)
        if story.state is State.ENDED:
            return self._end(batch)
        heard = _waits_on(heard, transfer, story.state)
        place = self._moved(heard.place, story, news, outcome.kept)
        if heard.silent and not news:
            found = await self._rung(call, place, story.state, outcome.offered)
            if found is Rung.END:
                await self.line.conversations.leave(call.contact)
                return self.line.twiml.end([self.line.speech.text("phone_silence_end")])
            if found is Rung.RING:  # whoever comes has to find them in the queue
                await self.line.by_phone.unanswered.show(call.contact.conversation_id)
            heard = _climbed(heard, found, place, outcome.offered)
        if self.line.transfers.possible and _asks_person(batch, story.state, heard):
            if waiting := await self._hold(call, heard, place, batch, outcome, story.state):
                return waiting
            heard = replace(heard, tail=("phone_nobody",), menu=True)
        else:
            await self._ring(call, place, news, story.state, told=heard.told)
        return await self._ask(call, heard, place, batch, news, outcome, story.state, transfer)

    async def join(self, call: Call, place: Place, transfer: Transfer, *, greet: bool) -> str:
        """Bring the caller to the worker who is there for them."""
        story = await self.line.conversations.messages(call.contact, after=place.spoken)
        place = self._moved(replace(place, turn=place.turn + 1), story, [], True)
        back, wait = (self.line.at(kind, call, place) for kind in ("back", "wait"))
        await self.line.transfers.place(call, held=True, back=back)
        aloud = greet and not place.quiet
        words = [self.line.speech.text("staff_joined")] if aloud else []
        return self.line.twiml.join(words, back, wait, transfer.ref, "caller")

    # -- parts -------------------------------------------------------------------------------

    async def _hold(
        self, call: Call, heard: Heard, place: Place, batch: list[Message], outcome: Outcome,
        state: State,
    ) -> str:  # fmt: skip
        """Ring a worker and let the caller wait, heard by us; "" when nobody can be rung.

        Who may keep their answers back is asked before anybody is rung: a worker hears them.
        """
        tells = await self.line.by_phone.tells(call.contact.conversation_id)
        if tells and not heard.told and not heard.ring:  # who is silent after danger is rung for
            words = [*map(self.line.speech.own, heard.lead), *batch]
            return self._what_they_see(call, place, words)
        back = self.line.at("back", call, place)
        await self.line.transfers.begin(call, back, held=False, quiet=place.quiet)
        if not stands(await self.line.transfers.rings(call)):
            await self.line.transfers.told(call)
            return ""
        place = replace(place, waits=True, tells=tells, silent=0)
        heard = replace(heard, tail=("phone_transfer",), menu=False)
        return await self._ask(call, heard, place, batch, [], outcome, state, None)

    def _what_they_see(self, call: Call, place: Place, words: Sequence[Message]) -> str:
        """Tell the caller what a worker will see, and wait for the key that keeps it back."""
        told = [*words, self.line.speech.own("phone_keep_back")]
        said = self.line.speech.batch(told, quiet=place.quiet)
        action = self.line.at("turn", call, replace(place, tells=True))
        asked = Ask(action, said.firmly, said.then, keys=True, timeout=LISTEN_TO_KEEP_BACK)
        return self.line.twiml.ask(asked)

    async def _ring(
        self, call: Call, place: Place, news: Sequence[Message], state: State, *, told: bool
    ) -> None:
        """Ring a worker while the caller talks with us: danger was just heard, or they asked.

        `told`: they asked for one a moment ago, and pressed a key in place of waiting.
        """
        if state is not State.WAITING or not self.line.transfers.possible:
            return
        if told or _in_danger(news):
            back = self.line.at("back", call, place)
            await self.line.transfers.begin(call, back, held=False, quiet=place.quiet)

    async def _rung(self, call: Call, place: Place, state: State, offered: Message | None) -> Rung:
        hit = await self.line.by_phone.in_danger(call.contact.conversation_id)
        # Whoever is in the middle of an exercise is not hurried out of it; where a number is
        # awaited, each wait is half as long.
        free = place.offer == 0 or bool(offered and offered.kind is Kind.EXERCISE)
        free = free or place.code or asks_number(offered)
        return rung(
            place.silent, state, hit=hit, free=free, slow=place.relay_uk, waits=place.waits
        )

    async def _ask(
        self, call: Call, heard: Heard, place: Place, batch: list[Message], news: list[Message],
        outcome: Outcome, state: State, transfer: Transfer | None,
    ) -> str:  # fmt: skip
        speech = self.line.speech
        there = await self.line.by_phone.somebody_there(call.contact.conversation_id)
        lead = list(heard.lead)
        if transfer is not None and transfer.nobody:
            # Danger comes first, and somebody is rung anew for it.
            lead += ["phone_nobody"] * (not _in_danger(news))
            await self.line.transfers.told(call)
        if _is_coming(transfer) and any(m.say == "staff_joined" for m in batch):
            lead.append("phone_connecting")
        words = [*(speech.own(speech.as_it_is(name, there)) for name in lead), *batch]
        if any(m.say == "not_safe" for m in batch):
            words.append(speech.own("phone_not_safe_next"))
        explained = next((i for i, m in enumerate(words, start=1) if m.say == "code_how"), None)
        if explained and (heard.aloud or not place.quiet):
            words.insert(explained, await self._code(call))
        said = speech.batch(words, quiet=place.quiet, aloud=heard.aloud, there=there)
        now_offered = next((m for m in reversed(news) if m.choices), None)
        offered = now_offered or (None if outcome.kept else outcome.offered)
        own = [speech.own(speech.as_it_is(name, there)) for name in heard.tail]
        tail = [m.text for m in (speech.for_keys(own) if place.quiet else own)]
        if not said.held and (heard.menu or now_offered is not None):
            if place.code:  # 1 and 2 would mean two things, and one of them is "not safe"
                tail.append(speech.text("phone_code_ask"))
            elif offered and place.parts:
                tail += speech.parts(offered, place.parts - 1)
            else:
                welcomed = any(m.say.startswith("phone_welcome") for m in news)  # it names the 0
                tail += speech.menu(offered, place.page, person=not welcomed, there=there)
            tail += [speech.text("phone_repeat_hint")] * any(m.kind in LONG for m in batch)
            # Not among the first words: whoever is in distress takes in three keys at most.
            invited = any(m.say.startswith("support_invite") for m in news)
            tail += [speech.text("phone_code_hint")] * invited
        place = replace(place, held_back=said.held or (place.held_back and not outcome.kept))
        action = self.line.at("turn", call, place)
        early = self.line.at("turn", call, replace(place, unheard=True)) if said.consent else ""
        number = (asks_number(offered) or place.code) and not place.waits
        asked = Ask(
            action=action, firmly=said.firmly, then=(*said.then, *tail), early=early,
            keys=place.quiet, number=number, most=CODE_DIGITS if place.code else 0,
            free=is_free(offered),
            slow=said.slow or bool(offered and offered.slow), patient=place.relay_uk,
            hints=hints(tuple(c.label for c in (offered or speech.always).choices)),
            tongues=self.line.tongues if _may_not_know_english(batch, heard) else (),
            timeout=listens(state, number=number, waits=place.waits),
        )  # fmt: skip
        socket = call.relay and not place.waits and _fits(asked, offered)
        return kept(asked) if socket else self.line.twiml.ask(asked)

    async def _code(self, call: Call) -> Message:
        """Return the words with a code to go on by; of a story that is over there is none."""
        code = await self.line.codes.of(call)
        if code is None:
            return self.line.speech.own("phone_code_none")
        hours = str(round(self.line.settings.code_closes_after / 3600))
        return self.line.speech.own("phone_code", code=code, hours=hours)

    def _end(self, batch: Sequence[Message]) -> str:
        """Say how the story ended; the call ends with it."""
        return self.line.twiml.end([m.text for m in batch] or [self.line.speech.text("ended")])

    @staticmethod
    def _moved(place: Place, story: Reply, news: Sequence[Message], kept: bool) -> Place:
        """Return the place after the news was told."""
        newest = max((m.id for m in story.messages), default=place.spoken)
        if kept:
            place = replace(place, offer=0, page=0, parts=0)
        if news:
            place = replace(place, since=place.spoken)
        offers = [m.id for m in news if m.choices]
        if offers:
            place = replace(place, offer=offers[-1], page=0)
        return replace(place, spoken=max(newest, place.spoken))


def _news(story: Reply, transfer: Transfer | None) -> list[Message]:
    """Return what the caller has not heard; that a person is there is said when it is true."""
    found = [m for m in story.messages if m.sender is not Sender.PERSON]
    if story.state is State.STAFF and not _is_coming(transfer):
        return found
    return [m for m in found if m.say != "staff_joined"]


def _in_danger(news: Sequence[Message]) -> bool:
    """Say whether danger was just heard."""
    return any(m.say.startswith("emergency_") for m in news)


def _asks_person(batch: Sequence[Message], state: State, heard: Heard) -> bool:
    """Say whether the caller now waits for a person: they asked for one, or silence did."""
    return heard.ring or (state is State.WAITING and any(m.say in HOLD_AFTER for m in batch))


def _waits_on(heard: Heard, transfer: Transfer | None, state: State) -> Heard:
    """Return that who waited is with us again, where nobody is rung for them any more.

    They hear the choices then, unless a worker took them in the console and writes to them.
    """
    staff = state is State.STAFF and not _is_coming(transfer)
    if not heard.place.waits or (stands(transfer) and not staff):
        return heard
    place = replace(heard.place, waits=False, silent=0)
    return replace(heard, place=place, silent=heard.silent and staff, menu=heard.menu or not staff)


def _is_there(transfer: Transfer) -> bool:
    return transfer.stage is Stage.JOINED and not transfer.leg_gone


def _is_coming(transfer: Transfer | None) -> bool:
    return transfer is not None and transfer.stage is Stage.TAKEN


def _fits(asked: Ask, offered: Message | None) -> bool:
    """Say whether a socket can ask this.

    It has one speed and one patience, takes key by key, and does not say how sure the recogniser
    is.
    """
    certain = offered is not None and needs_certainty(offered.say)
    other = asked.slow or asked.patient or asked.number or asked.early
    return not (certain or other)


def _may_not_know_english(batch: Sequence[Message], heard: Heard) -> bool:
    """Say whether the key for other languages is due: at the start, and after a silence."""
    starts = any(m.say == "opening_safe" for m in batch)
    return not heard.place.quiet and (starts or "phone_silence_2" in heard.tail)


def _climbed(heard: Heard, found: Rung, place: Place, offered: Message | None) -> Heard:
    """Return what a step of the ladder adds to what is said."""
    if place.waits:
        called = offered is not None and CALLBACK in [c.key for c in offered.choices]
        said = ("phone_waiting", "phone_waiting_star", *("phone_waiting_call",) * called)
        return replace(heard, tail=said if found is Rung.STILL_WAITING else ())
    names = {
        Rung.SOFT: "phone_silence_1", Rung.KEYS: "phone_silence_2", Rung.DANGER: "phone_silence_3",
        Rung.STILL_WAITING: "phone_waiting",
    }  # fmt: skip
    if found is Rung.RING:
        return replace(heard, lead=("phone_silence_3",), menu=True, ring=True)
    tail = (names[found],) if found in names else ()
    return replace(heard, tail=tail, menu=found is Rung.KEYS)
