# SPDX-License-Identifier: Apache-2.0
"""Plays a call's file through the real edge, with signed posts and Twilio's cloud beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from bot.store import callbacks, conversations, handovers
from telephony import menu
from telephony.asking import LISTEN_WHILE_RUNG
from telephony.leg import Leg
from telephony.tokens import Tokens
from tests.calls.acceptance.script import Script, Step
from tests.calls.acceptance.strangers import refused
from tests.calls.acceptance.transcript import Names
from tests.calls.acceptance.world import PIN, World

ON_THE_LINE = "gather", "conference", "ringing", "busy"
WITHIN = 5.0
"""Seconds in which what has to come about comes about."""
MOST_KEYS = 20
TELEPHONES = {"caller": "+447400123456", "other caller": "+447400654321"}
"""Whose texts come from where."""
WITH_US, WAITING, GONE = "with the helper", "waiting for a person", "gone"


@dataclass
class Player:
    """One call under way: the telephones by who holds them, and how much each heard before now."""

    world: World
    names: Names
    legs: dict[str, Leg] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    turn: dict[str, int] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    texted: dict[str, list[str]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def play(self, script: Script, most: int | None = None) -> None:
        """Do and check each line; `most`: the caller hangs up after so many that happen."""
        happened = 0
        for step in script.steps:
            happened += step.does
            if most is not None and happened > most:
                break
            await self.take(step)
        if most is not None:
            await self.take(Step("caller", "hangs up", [""]))
        for step in script.then:
            await self.take(step)

    async def take(self, step: Step) -> None:
        """Do or check one line, and write it down."""
        self._write()
        self.written.append(f"-- {step}")
        if step.does:
            self.turn, now = self.seen, {who: len(leg.heard) for who, leg in self.legs.items()}
            self.seen = now
        do = self._found(step)
        for told in step.told:
            await do(step.who, told)
        if step.does:
            await self.world.cloud.settle()
        self._write()

    def _write(self) -> None:
        for who, leg in self.legs.items():
            for said in leg.heard[self.told.get(leg.sid, 0) :]:
                self.written.append(f"   {who} hears: {said}")
            self.told[leg.sid] = len(leg.heard)

    def _found(self, step: Step) -> Callable[[str, str], Awaitable[None]]:
        name = step.what.replace(" ", "_")
        found: Callable[[str, str], Awaitable[None]] = getattr(self, f"_{name}")
        return found

    def __str__(self) -> str:
        """Return who did and heard what, in order."""
        return "\n".join(self.written)

    # -- what somebody does --------------------------------------------------------------------

    async def _rings(self, who: str, number: str) -> None:
        self.legs[who] = await self.world.cloud.call(number or "anonymous")

    async def _says(self, who: str, text: str) -> None:
        self.said.append(text)
        await self.legs[who].say(text)

    async def _mumbles(self, who: str, text: str) -> None:
        self.said.append(text)
        await self.legs[who].say(text, confidence=0.3)

    async def _presses(self, who: str, keys: str) -> None:
        await self.legs[who].press(keys.replace("PIN", PIN))

    async def _picks(self, who: str, label: str) -> None:
        """Press the key that was told for this choice, after as many 4s as it takes to hear it."""
        for _ in range(MOST_KEYS):
            told = [s for s in self.legs[who].heard[self.turn.get(who, 0) :] if ": press " in s]
            keys = [s.split(": press ")[1][0] for s in told if s.startswith(f"{label}: press ")]
            if keys:
                await self._presses(who, keys[-1])
                return
            self.turn[who] = len(self.legs[who].heard)
            await self._presses(who, menu.MORE)
        raise AssertionError(f"{label} is not on offer")

    async def _skips_up_to(self, who: str, what: str) -> None:
        """Press hash at each question until something is heard; 1 where it is not said aloud."""
        for _ in range(2 * MOST_KEYS):
            if self.names.heard(self._new(who), what):
                return
            held = self.names.heard(self.legs[who].heard[-1:], "phone_quiet_hold")
            await self._presses(who, "1" if held else "#")
        raise AssertionError(f"{what} never comes")

    async def _presses_at_once(self, who: str, key: str) -> None:
        await self.legs[who].press_early(key)

    async def _talks_over(self, who: str, text: str) -> None:
        """Speak while we do: only words that yield to the voice are cut short."""
        heard = "speech" in self.legs[who].gather["input"]
        assert heard, "these words do not yield to the voice"
        await self._says(who, text)

    async def _is_silent(self, who: str, times: str) -> None:
        for _ in range(int(times or 1)):
            await self.legs[who].wait()

    async def _picks_up(self, who: str, _: str) -> None:
        await self.legs[who].answer()

    async def _does_not_pick_up(self, who: str, _: str) -> None:
        await self.legs[who].refuse()

    async def _is_engaged(self, who: str, _: str) -> None:
        await self.legs[who].refuse("busy")

    async def _hangs_up(self, who: str, _: str) -> None:
        await self.legs[who].hang_up()

    async def _texts(self, who: str, text: str) -> None:
        self.said.append(text)
        self.texted[who] = await self.world.cloud.texts_from(TELEPHONES[who], text)

    async def _time_passes(self, _: str, seconds: str) -> None:
        self.world.clock.pass_by(float(seconds))
        while await self.world.found.work.one():
            pass

    async def _the_service_is_killed(self, *_: str) -> None:
        await self.world.again()

    async def _every_post_comes_again(self, *_: str) -> None:
        """Post everything once more, the newest first, and be told the same to the byte."""
        cloud = self.world.cloud
        for leg, url, form, answer in reversed(list(cloud.answered)):
            assert await cloud.post(leg, url, form) == answer, f"another answer at {url}"

    async def _a_stranger_posts(self, _: str, how: str) -> None:
        assert await refused(self.world, how), f"not refused: {how}"

    # -- what comes of it ----------------------------------------------------------------------

    async def _hears(self, who: str, what: str) -> None:
        await self._until(lambda: self.names.heard(self._new(who), what), f"never hears {what}")

    async def _cannot_talk_over(self, who: str, what: str) -> None:
        """Hear words that no noise cuts short: those in a part that listens to keys alone."""
        leg = self.legs[who]
        firm = [
            "".join(said.itertext())
            for part in ElementTree.fromstring(leg.answers[-1]).iter("Gather")  # noqa: S314
            if part.get("input") == "dtmf" and part.get("bargeIn") == "true"
            for said in part.iter("Say")
        ]
        assert self.names.heard(firm, what), f"{what} can be talked over"

    async def _hears_nothing(self, who: str, _: str) -> None:
        assert not self._new(who), f"{who} hears {self._new(who)}"

    async def _never_hears(self, who: str, what: str) -> None:
        assert not self.names.heard(self.legs[who].heard, what), f"{who} heard {what}"

    async def _nobody_hears(self, _: str, what: str) -> None:
        for who in self.legs:
            await self._never_hears(who, what)

    async def _is(self, who: str, how: str) -> None:
        """Be with the helper, waiting for a person, or gone."""
        leg = self.legs[who]
        where = "over" if how == GONE else "gather"
        await self._until(lambda: leg.where == where and not leg.dropped, f"is {leg.where}")
        waits = leg.gather.get("timeout") == str(LISTEN_WHILE_RUNG)
        assert waits or how != WAITING, "they are not looked after while a worker is rung"

    async def _is_texted(self, who: str, what: str) -> None:
        """Have got one text back, since the last one sent."""
        (text,) = self.texted[who]
        assert self.names.heard([text], what), f"{who} is texted {text}"

    async def _is_texted_nothing(self, who: str, _: str) -> None:
        """Have got no text back, nor one at any other time."""
        assert not self.texted[who], f"{who} is texted {self.texted[who]}"
        sent = [text["To"] for text in self.world.cloud.texts]
        assert TELEPHONES[who] not in sent, "a text of ours by itself"

    async def _talks_with(self, who: str, other: str) -> None:
        one, two, cloud = self.legs[who], self.legs[other], self.world.cloud
        await self._until(
            lambda: cloud.bridged(one) and cloud.bridged(two) and one.conference == two.conference,
            "they do not hear each other",
        )

    async def _is_rung(self, who: str, _: str) -> None:
        """Wait until the telephone of somebody on duty rings who did not ring before."""
        known = list(self.legs.values())
        leg = await self.world.cloud.ringing(1 + sum(x.direction != "inbound" for x in known))
        assert leg not in known
        self.legs[who] = leg

    async def _in_the_queue_as(self, _: str, tier: str) -> None:
        async with self.world.found.store.read() as tx:
            waiting = await handovers.open_for(tx, await self._story())
        found = waiting.tier if waiting else "none"
        assert found == tier, f"in the queue as {found}"

    async def _heard_as(self, _: str, urgency: str) -> None:
        async with self.world.found.store.read() as tx:
            row = await conversations.conversation(tx, await self._story())
        assert row.urgency == urgency, f"heard as {row.urgency}"

    async def _calls_booked(self, _: str, number: str) -> None:
        async with self.world.found.store.read() as tx:
            records = await callbacks.records_of(tx, await self._story())
            found = [one for r in records for one in await callbacks.callbacks_of(tx, r.id)]
        assert len(found) == int(number), f"{len(found)} booked"

    async def _telephones_rung(self, _: str, number: str) -> None:
        assert len(self.world.cloud.rung) == int(number), f"{len(self.world.cloud.rung)} rung"

    async def _nobody_is_on_the_line(self, *_: str) -> None:
        legs = self.world.cloud.legs.values()
        await self._until(
            lambda: not [leg for leg in legs if leg.where in ON_THE_LINE], "somebody is left"
        )

    async def _told_once_that_it_ended(self, *_: str) -> None:
        posted = [path for path, _ in self.world.cloud.posts]
        assert posted.count("/telephony/status") == 1, "not told once"

    # -- parts ---------------------------------------------------------------------------------

    def _new(self, who: str) -> list[str]:
        return self.legs[who].heard[self.seen.get(who, 0) :]

    async def _story(self) -> str:
        found = Tokens(self.world.found.settings.secret_keys)
        sid = self.legs["caller"].sid
        contact = await self.world.found.conversations.find_call(found.call_hash(sid))
        assert contact is not None, "the call is not known"
        return contact.conversation_id

    async def _until(self, true: Callable[[], bool], otherwise: str) -> None:
        for _ in range(int(WITHIN / 0.02)):
            if true():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(otherwise)


def spoken_words(player: Player) -> Sequence[str]:
    """Return the words of a call long enough to be known again, which no address may hold."""
    return [word for text in player.said for word in text.split() if len(word) > 5]
