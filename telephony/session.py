# SPDX-License-Identifier: Apache-2.0
"""One call on a socket: frames become turns, answers become frames, and silence is counted here.

The turn is the same as a post's (telephony/caller.py), with an address of its own, so that it is
answered once. Whatever cannot be said here ends the session, and the <Gather> loop goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.policy.pace import sentences
from telephony import asking, frames, menu
from telephony.asking import LISTEN_TO_STAFF, Ask
from telephony.frames import Frame

log = logging.getLogger(__name__)
SECOND = 1.0
"""How long a second lasts; tests have shorter ones."""
PER_LETTER, BREATH = 1 / 14, 0.4
"""Seconds a voice needs for a letter, and for a sentence beside its letters [J]."""
STEP = 0.25
"""Seconds between two looks at whether somebody speaks."""
LONGEST_SPEECH = 60
"""Seconds after which whoever "speaks" without end does not: the news of the end was lost."""
LONGEST_FOR_STAFF = 20
"""Seconds after which what staff write is looked for, whoever speaks meanwhile [J]."""


@dataclass(frozen=True)
class Input:
    """What a caller did, as a form of the <Gather> loop would hold it. `word`: where it goes.

    `before`: where the call stood when they spoke, if that was before the last answer.
    """

    form: Mapping[str, str]
    word: str
    before: str = ""


@dataclass(frozen=True)
class Came:
    """A frame, or None for a silence, and where the call stood when it came."""

    frame: Frame | None
    word: str


Answer = Callable[[Input], Awaitable[str | None]]


class Session:
    """Talks with one caller.

    `answer` takes an input and returns a kept Ask, TwiML that only a post can be given, or None
    where the call is no longer here.
    """

    def __init__(self, send: Callable[[str], Awaitable[None]], answer: Answer) -> None:
        self.send, self.answer = send, answer
        self.came: asyncio.Queue[Came | None] = asyncio.Queue()
        self.asked = Ask("")
        self.left: list[str] = []
        self._heard = ""
        self._sent = self._cut = self._again = False
        self._speaks = {False: False, True: False}
        self._talk: asyncio.Task[None] | None = None

    @property
    def word(self) -> str:
        """Return where the call stands: the last part of the address of the next turn."""
        return word_of(self.asked.action)

    def take(self, frame: Frame) -> None:
        """Take in a frame; it counts for where the call stands now."""
        if isinstance(frame, frames.Speaking):
            self._speaks[frame.ours] = frame.on
        else:
            self.came.put_nowait(Came(frame, self.word))

    def over(self) -> None:
        """Take in that the socket is closed."""
        self.came.put_nowait(None)

    async def run(self) -> None:
        """Say the first words, then answer what comes until the session ends."""
        try:
            going = await self._turn(Input({}, ""))
            while going and (came := await self.came.get()) is not None:
                going = await self._hear(came)
        finally:
            self._hush()

    # -- what comes --------------------------------------------------------------------------

    async def _hear(self, came: Came) -> bool:
        """Answer something that came; False when the session ends with it."""
        frame, late = came.frame, came.word != self.word
        if isinstance(frame, frames.Trouble) and not self._of_a_tongue(frame):
            log.warning("a relay could not use what we sent")
            await self.send(frames.end(self.word))
            return False
        if isinstance(frame, frames.Key):
            return await self._key(frame.digit, late)
        if isinstance(frame, frames.Prompt):
            return await self._prompt(frame, came.word, late)
        if isinstance(frame, frames.Interrupt) and self._sent and not late:
            self._cut = True
            self._hush()
            self._talk = asyncio.create_task(self._wait(self.asked.timeout))
        elif frame is None and not late:
            return await self._silence()
        return True

    async def _silence(self) -> bool:
        """Say again what a noise cut short, or take a silence for what it is."""
        if self._cut and not self._again:
            self._again = True
            return await self._enter({"Digits": menu.AGAIN})
        return await self._enter({})

    async def _key(self, digit: str, late: bool) -> bool:
        if late and digit not in menu.AT_ANY_TIME:
            return True  # it was for what was on offer before
        self._again = False
        return await self._enter({"Digits": digit})

    async def _prompt(self, prompt: frames.Prompt, word: str, late: bool) -> bool:
        """Take a turn in words. A caller who cannot speak is not heard, nor is a guess a turn."""
        if self.asked.keys or not prompt.last or not prompt.text.strip():
            return True
        if late and prompt.text == self._heard:
            return True  # the same frame once more
        self._heard, self._again = prompt.text, False
        return await self._enter({"SpeechResult": prompt.text}, word if late else "")

    async def _enter(self, form: Mapping[str, str], before: str = "") -> bool:
        """Make a turn of it."""
        self._cut = False
        return await self._turn(Input(form, self.word, before))

    async def _turn(self, given: Input) -> bool:
        text = await self.answer(given)
        self._hush()
        if text is None:
            return False
        # Words cut nothing short that is said firmly: what is left of it comes first.
        cut = [] if given.form.get("Digits") else self.left
        asked = asking.opened(text)
        if asked is None:
            await self._firmly(cut)
            await self.send(frames.end(given.word))
            return False
        self.asked, self._sent = asked, False
        self.left = [*cut, *(s for part in asked.firmly for s in sentences(part))]
        self._talk = asyncio.create_task(self._say())
        return True

    # -- what is said ------------------------------------------------------------------------

    async def _say(self) -> None:
        """Say it, then wait. Firm words go a sentence at a time, so that a key can stop them."""
        await self._firmly(self.left)
        parts, tongues = list(self.asked.then), self.asked.tongues if self.asked.then else ()
        if tongues:  # straight after the first words, each a reply of its own
            await self.send(frames.text(parts.pop(0), more=True))
            for name, *_, code in tongues:
                await self.send(frames.text(name, more=True, code=code))
        for number, part in enumerate(parts, start=1):
            await self.send(frames.text(f"{part} ", last=number == len(parts)))
        self._sent = True
        said = [*self.asked.then, *(name for name, *_ in tongues)]
        await asyncio.sleep(sum(map(_lasts, said)) * SECOND)
        await self._wait(self.asked.timeout)

    def _of_a_tongue(self, trouble: frames.Trouble) -> bool:
        """Say whether it is only the name of another language that could not be said."""
        return any(code in trouble.about for *_, code in self.asked.tongues)

    async def _firmly(self, left: list[str]) -> None:
        while left:
            sentence = left.pop(0)
            await self.send(frames.text(sentence, firmly=True))
            await asyncio.sleep(_lasts(sentence) * SECOND)

    async def _wait(self, seconds: float) -> None:
        """Wait until nobody spoke for some seconds, and take that for a silence.

        Who cannot speak is silent, whoever is heard beside them.
        """
        still = spoke = waited = 0.0
        to_staff = self.asked.timeout == LISTEN_TO_STAFF
        while still < seconds and not (to_staff and waited >= LONGEST_FOR_STAFF):
            await asyncio.sleep(STEP * SECOND)
            waited += STEP
            speaks = self._speaks[True] or (self._speaks[False] and not self.asked.keys)
            spoke = spoke + STEP if speaks else 0.0
            still = 0.0 if 0.0 < spoke < LONGEST_SPEECH else still + STEP
        self.came.put_nowait(Came(None, self.word))

    def _hush(self) -> None:
        if self._talk is not None:
            self._talk.cancel()


def word_of(address: str) -> str:
    """Return the opaque word of an address."""
    return address.rpartition("/")[2]


def _lasts(words: str) -> float:
    return len(words) * PER_LETTER + BREATH
