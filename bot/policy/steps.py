# SPDX-License-Identifier: Apache-2.0
"""What happens next with one turn: a table read from the top, the first row that fits wins.

Pure. The screen only raises: no row below a hit can undo it (design, section 5, rules 1 to 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.policy import language, pace, standing, withdrawing
from bot.policy.besides import OTHER
from bot.policy.denial import OVER
from bot.policy.doubt import DOUBT, waits
from bot.policy.nodding import is_no_answer
from bot.policy.screen import misheard
from bot.policy.turn import State, Understanding
from bot.policy.urgency import DANGER, SUICIDE, higher

# What is answered also to somebody in danger whose next words are taken for their address.
ANSWERED_IN_DANGER = (
    "withdraw_consent", "request_deletion", "ask_is_bot", "ask_privacy", "ask_code",
)  # fmt: skip
# Wishes that are done at once, whatever a model alone makes of the words.
WISHES = (*ANSWERED_IN_DANGER, "exit_now", "greet", "stop_questions", "strike_line")
# "No, it's not safe", said at any later turn.
NOT_SAFE_NOW = "not_safe"
# Who answers the suicide question with their age alone is young, and is told who is there for them.
SAYS_YOUNG = "says_young"
# A question whose approved answer is said in danger too; one beside the no to a check.
HAS_ANSWER, ASKS_BESIDE = "has_answer", "asks_beside"


class Step(StrEnum):
    """What the edge does with a turn."""

    HIT = "hit"
    CHECK = "check"
    CHECK_AGAIN = "check_again"
    UNSURE = "unsure"
    WORRIED = "worried"
    CLEARED = "cleared"
    NOT_MEANT = "not_meant"
    TO_STAFF = "to_staff"
    PERSON = "person"
    PLACE = "place"
    NO_WAIT = "no_wait"
    NOT_SAFE = "not_safe"
    STAY = "stay"
    NOTED = "noted"
    WITH_YOU = "with_you"
    CARRY_ON = "carry_on"
    LANGUAGE = "language"
    SAFE = "safe"
    ASK_SAFE = "ask_safe"
    TAKEN_BACK = "taken_back"
    ASK_OFF = "ask_off"
    KEPT = "kept"
    REPEAT = "repeat"
    EXIT = "exit"
    TALK = "talk"


@dataclass(frozen=True)
class Asked:
    """What was on the table when the turn came.

    `check`: the danger class or red flag being asked about, "" when none. `opening`: the first
    question is still open. `again`: the check was already put a second time. `cleared`: classes
    and flags that a check was answered about with no lately. `hits`: classes heard so far.
    `denied`: classes and flags that were answered with no at any time.
    `after`: the class of a hit whose own question is still open (would you end your life).
    `address`: how many more messages are taken for the address that was asked for in danger.
    `languages`: those whose interpreter was offered.
    `stands`: a suicide hit stands. `nobody`: they were told that nobody is there. `worried`: an
    earlier question was left open, and staff have it.
    """

    check: str = ""
    cue: str = ""
    opening: bool = False
    again: bool = False
    cleared: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    after: str = ""
    address: int = 0
    languages: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    stands: bool = False
    nobody: bool = False
    worried: bool = False


@dataclass(frozen=True)
class Next:
    """The step, and the danger class, red flag or language it is about ("" when about none)."""

    step: Step
    about: str = ""
    cue: str = ""


@dataclass(frozen=True)
class _Turn:
    """One turn as the table's rows see it."""

    state: State
    asked: Asked
    answer: str
    heard: Understanding

    @property
    def flag(self) -> str:
        """The red flag heard, "" when none."""
        return next((c for c in self.heard.cues if c.startswith("flag:")), "")

    @property
    def worry(self) -> str:
        """What should be asked about gently, unless this very thing was asked and answered."""
        heard, about = self.heard, self.flag or self.heard.urgency
        if heard.action != "check" or about in (*self.asked.cleared, *self.asked.hits):
            return ""
        if self.waits("asks_place") or self.waits("ends_wait") or pace.asked(heard.cues):
            return ""  # the whole message is about the wait or the pace: no model's doubt counts
        if not plainly_heard(heard):
            # A model's doubt alone: it does not outweigh a plain answer or a plain wish, and a
            # clear "no" to it holds longer.
            denied = about in self.asked.denied and heard.confidence < DOUBT
            plain = heard.act in WISHES or (self.asked.check and OTHER in heard.cues)
            plain = plain or NOT_SAFE_NOW in heard.cues
            if self.answer or denied or plain or waits(self.asked.check, heard, self.asked.worried):
                return ""
        return heard.urgency if heard.urgency in DANGER else "red_flag"

    @property
    def still_suicidal(self) -> bool:
        """Say whether the answer to the suicide question is yes, unsure, or more of the same."""
        more = self.heard.action == "check" and self.heard.urgency == SUICIDE
        young = SAYS_YOUNG in self.heard.cues
        return more or young or self.acts("affirm") or self.acts("distress")

    @property
    def foreign(self) -> str:
        """The language it is in when nothing was said about that yet, "" for English or signs."""
        code = language.to_offer(self.heard, self.asked.languages)
        wish = code == language.wished(self.heard)  # said beside what is said to it
        return "" if self.answer or wish or code == language.BSL else code

    @property
    def wants_language(self) -> bool:
        """Say whether the message asks for a language, in English words, and does nothing else."""
        return not self.answer and language.only_wished(self.heard)

    def acts(self, act: str) -> bool:
        """Say whether the person's own words, not a choice, do this."""
        return not self.answer and self.heard.act == act

    def waits(self, cue: str) -> bool:
        """Say whether somebody who waits for a person says this of the wait, no check open."""
        own = self.state is State.WAITING and not self.answer and not self.asked.check
        return own and cue in self.heard.cues

    @property
    def let_go(self) -> bool:
        """Say whether the person says that it was taken wrong, or is no danger any more."""
        return bool({"not_meant", OVER} & set(self.heard.cues))

    @property
    def stands(self) -> bool:
        """Say whether these are words of somebody whose suicide hit stands, and ask for nothing."""
        led = standing.led(self.heard.act) and HAS_ANSWER not in self.heard.cues
        return self.asked.stands and not self.answer and led

    @property
    def not_safe_now(self) -> bool:
        """Say whether the person's own few words are that it is not safe to go on."""
        return not self.answer and NOT_SAFE_NOW in self.heard.cues

    @property
    def in_danger(self) -> bool:
        """Say whether these are more words of somebody in danger who was asked where they are.

        Whether they would end their life is asked once more all the same.
        """
        asked = self.asked
        # With nobody there to ring 999 for them a story is listened to, and a question answered.
        acts = ANSWERED_IN_DANGER + standing.TELLS_OR_ASKS * asked.nobody
        other = self.heard.act in acts or HAS_ANSWER in self.heard.cues
        return asked.address and asked.check != SUICIDE and not self.answer and not other

    def answers(self, question: object, *keys: str) -> bool:
        """Say whether an open question got one of these answers."""
        return bool(question) and self.answer in keys


_ROWS: tuple[tuple[Step, Callable[[_Turn], object]], ...] = (
    (Step.HIT, lambda t: t.heard.action == "interrupt"),
    (Step.HIT, lambda t: t.answers(t.asked.check, "yes")),
    (Step.TO_STAFF, lambda t: t.state is State.STAFF),
    # Asked once already and the answer is itself a worry: unknown is never safe.
    (Step.WORRIED, lambda t: t.worry and t.worry == t.asked.check),
    (Step.CHECK, lambda t: t.worry),
    # The question that came with the emergency words: its answer is understood, not passed over.
    (Step.STAY, lambda t: t.answers(t.asked.after == SUICIDE, "yes", "not_sure")),
    (Step.STAY, lambda t: t.asked.after == SUICIDE and not t.answer and t.still_suicidal),
    (Step.CARRY_ON, lambda t: t.answers(t.asked.after == SUICIDE, "no")),
    # An open question of danger goes first, and is put again with the interpreter's words.
    (Step.LANGUAGE, lambda t: t.foreign and not t.asked.check and not t.asked.address),
    (Step.REPEAT, lambda t: t.wants_language and not t.asked.check and not t.asked.address),
    (Step.PLACE, lambda t: t.waits("asks_place")),
    (Step.NO_WAIT, lambda t: t.waits("ends_wait")),
    (Step.PERSON, lambda t: t.answer == "person" or t.acts("ask_human")),
    (Step.UNSURE, lambda t: t.answers(t.asked.check, "not_sure")),
    (Step.CLEARED, lambda t: t.answers(t.asked.check, "no")),
    (Step.EXIT, lambda t: t.acts("exit_now")),
    (Step.NOT_MEANT, lambda t: t.asked.hits and not t.answer and t.let_go),
    (Step.REPEAT, lambda t: pace.asked(t.heard.cues) and not t.answer),
    # Not safe to go on: nothing is asked again, and what was asked stays a worry of staff.
    (Step.UNSURE, lambda t: t.asked.check and t.not_safe_now),
    (Step.NOT_SAFE, lambda t: t.not_safe_now),
    (Step.NOTED, lambda t: t.in_danger),
    # No answer is not "no": asked once more, then taken as unsure.
    (Step.UNSURE, lambda t: t.asked.check and t.asked.again),
    (Step.CHECK_AGAIN, lambda t: t.asked.check),
    (Step.NOT_SAFE, lambda t: t.answers(t.asked.opening, "no", "not_sure")),
    (Step.SAFE, lambda t: t.answers(t.asked.opening, "yes")),
    # No answer: whether it is safe to go on is asked again.
    (Step.ASK_SAFE, lambda t: t.asked.opening and not t.answer and is_no_answer(t.heard)),
    # What is taken back is taken back in every step: here it is all that the turn does.
    (Step.TAKEN_BACK, lambda t: withdrawing.only(t.heard.cues, t.answer)),
    (Step.ASK_OFF, lambda t: withdrawing.of(t.heard.cues, withdrawing.ASKS) and not t.answer),
    (Step.KEPT, lambda t: t.answer == withdrawing.KEEP),
    (Step.REPEAT, lambda t: t.answer == "repeat" or t.acts("repeat")),
    (Step.WITH_YOU, lambda t: t.stands),
    (Step.TALK, lambda t: True),
)


def plainly_heard(heard: Understanding) -> bool:
    """Say whether a red flag or a rule heard it, not a likeness of sounds or a model's doubt."""

    def cue(begins: str) -> bool:
        return any(cue.startswith(begins) for cue in heard.cues)

    return not misheard(heard.cues) and (cue("flag:") or (cue("rule:") and not cue("model:")))


def next_step(state: State, asked: Asked, answer: str, heard: Understanding) -> Next:
    """Return what happens with a turn.

    `answer` is the key of the choice that the turn picked, "" when it picked none.
    """
    turn = _Turn(state, asked, answer, heard)
    step = next(step for step, fits in _ROWS if fits(turn))
    if step is Step.HIT:
        known = asked.check if asked.check in DANGER else "immediate_danger"
        return Next(step, heard.urgency if heard.action == "interrupt" else known)
    if step in (Step.CHECK, Step.TO_STAFF):
        return Next(step, turn.worry, turn.flag)
    if step in (Step.UNSURE, Step.WORRIED, Step.CLEARED, Step.CHECK_AGAIN):
        return Next(step, asked.check, asked.cue)
    return Next(step, turn.foreign) if step is Step.LANGUAGE else Next(step)


ADDRESS_FOR = 3
"""Messages, with no danger heard in them, that are taken for an address given in pieces."""


def address_left(asked: Asked, step: Step, answer: str) -> int:
    """Return how many more messages are taken for the address that was asked for in danger.

    Whoever was heard wrong, or is past it, is not answered as in danger for ever.
    """
    over = step in (Step.PERSON, Step.TO_STAFF, Step.NOT_MEANT)
    if over or (step is Step.TALK and answer):
        return 0
    return max(asked.address - (step is Step.NOTED), 0)


def urgency_after(known: str, step: Next, heard: Understanding) -> str:
    """Return a story's urgency after a turn: a danger that is only asked about raises it not yet.

    It does once the answer is yes or unsure; a worker who is there is asked by nobody.
    """
    if step.step in (Step.UNSURE, Step.WORRIED) and step.about in DANGER:
        return higher(known, step.about)
    doubt = heard.action == "check" and heard.urgency in DANGER
    return known if doubt and step.step is not Step.TO_STAFF else higher(known, heard.urgency)


# How each danger is called in the names of words and intents.
INTENTS = {
    "immediate_danger": "immediate",
    "suicide_risk": "suicide",
    "safeguarding": "safeguarding",
    "red_flag": "red_flag",
}
