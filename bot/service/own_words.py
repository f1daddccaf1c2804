# SPDX-License-Identifier: Apache-2.0
"""Which of the choices on offer do somebody's own words pick? Never guessed: "" for none."""

from __future__ import annotations

from dataclasses import replace

from bot.policy import answer as answers
from bot.policy import (
    contacting,
    correcting,
    exercise,
    fear,
    hearing,
    language,
    nodding,
    pace,
    passing,
    questions,
)
from bot.policy.age import CHILDS_AGE, of_them
from bot.policy.answer import normalise
from bot.policy.language import ENGLISH
from bot.policy.needs_told import named
from bot.policy.places import Areas
from bot.policy.postponed import CARRY_ON
from bot.policy.settling import ASKED
from bot.policy.turn import Choice, Understanding
from bot.service.transcript import Dialogue
from bot.words import Words

ANOTHER, HELP = "another", "find_help"
"""Can be asked for wherever the story is; another once services were shown."""
SERVICES_TOLD = ("info_who_knows_more", "info_not_known", "info_who_can_help_them")
"""What names services in answer to a question."""


class OwnWords:
    """Reads free text against what the dialogue offers."""

    def __init__(self, words: Words, areas: Areas) -> None:
        self.words, self.areas = words, areas

    def pick(self, text: str, heard: Understanding, dialogue: Dialogue, *, met: bool) -> str:
        """Return the choice that the words as a whole pick; `met`: a script meets what they say."""
        offered = [Choice(k, label) for k, label in dialogue.offered.items()]
        phrases = self.words.phrases_for(offered, dialogue.asking)
        # In another language only a whole phrase picks: what it is about is anybody's guess.
        meant = heard if heard.language == ENGLISH else None
        if wish := self._wish(text, dialogue):
            return wish
        if dialogue.asking.endswith("_them"):
            text = of_them(text)
        # Before all else: "email is ok" is no yes to a number.
        no_call = contacting.wants_no_call(dialogue.asking, text)
        if questions.doubts_a_yes(dialogue.asking, text):
            meant = None
        key = no_call or answers.resolve(text, tuple(dialogue.offered), phrases, meant)
        asks_us = heard.act == "ask_is_bot"  # "is this the police?" names no need
        if not key and not asks_us and HELP in dialogue.offered and self._needs(text):
            return "" if met else HELP
        key = key or (answers.leaning(text) if dialogue.opening else "")
        key = key or self._in_own_words(text, heard, dialogue) or self._help(text, dialogue)
        # After danger an "ok" goes on with nothing; elsewhere it is what was offered.
        goes_on = CARRY_ON in dialogue.offered and not dialogue.of_danger and nodding.is_nod(text)
        return key or (CARRY_ON if goes_on else "")

    @staticmethod
    def answer_nothing(heard: Understanding) -> bool:
        """Say whether a message is a wish, and no more: how we say it, in which language, or for a
        person in words that begin with a no ("no wait is anyone there")."""
        person = hearing.only_a_person(heard)
        return person or bool(pace.asked(heard.cues)) or language.only_wished(heard)

    def as_listed(self, text: str, heard: Understanding, dialogue: Dialogue) -> Understanding:
        """Return what is heard of a text that may be a listed answer to the assessment."""
        if self._wish(text, dialogue):
            return questions.as_listed(heard)
        offered = [Choice(k, label) for k, label in dialogue.offered.items()]
        named = any(questions.names_service(c.key, text, c.label) for c in offered)
        if named and heard.action != "interrupt":
            return Understanding(act="provide_detail", confidence=1.0)
        exercises = dialogue.asking == exercise.CHOOSE or exercise.is_step(dialogue.asking)
        if not exercises and not questions.takes_a_clause(dialogue.asking):
            return heard
        phrases = self.words.phrases_for(offered, dialogue.asking)
        listed = answers.resolve(text, tuple(dialogue.offered), phrases)
        return questions.as_listed(heard) if listed else heard

    def area(self, text: str, dialogue: Dialogue) -> str:
        """Return the area of a place named where the question of it is open."""
        if "elsewhere" not in dialogue.offered:
            return ""
        return passing.area_key(self.areas.find(text).area or "")

    def contact(
        self, text: str, heard: Understanding, dialogue: Dialogue
    ) -> tuple[str, Understanding]:
        """Return the choice to be contacted after services were shown, and what is heard.

        A number or a name that nothing asked for is a wish for a call, never passed over.
        """
        if questions.heard_more(heard):
            return "", heard
        if contacting.calls_off(text):
            return "", replace(heard, act=contacting.CALLED_OFF)
        if contacting.asks_news(text):
            return contacting.NEWS, heard
        if contacting.asks_something(dialogue.asking):
            return "", heard
        phrases = self.words.phrases_for([Choice(contacting.REFER, "")])
        if dialogue.referable and contacting.wants_to_be_contacted(text, phrases):
            return contacting.REFER, heard
        wished = dialogue.referable or dialogue.asking == "callback_by_person"
        if contacting.gives_number(text) or (wished and contacting.gives_name(text)):
            return "", replace(heard, act=contacting.CALLBACK)
        return "", heard

    def _in_own_words(self, text: str, heard: Understanding, dialogue: Dialogue) -> str:
        """Return the answer to a question of the assessment that no list of phrases could hold."""
        if questions.heard_more(heard) or not questions.takes_a_clause(dialogue.asking):
            return ""
        asked = dialogue.asking.removeprefix(ASKED).removesuffix("_them")
        right = correcting.corrected(text, self.areas).get(asked, "")
        if right in dialogue.offered:
            return right
        if dialogue.asking == fear.ASKED:
            return passing.told_by_others(text)
        if asked == "age_band":
            age = CHILDS_AGE.get(normalise(text), "") or passing.age_again(text)
            age = age or passing.age_told(text)
            return age if age in dialogue.offered else ""
        if heard.act not in questions.ASIDES and asked in ("need", "second"):
            return next((need for need in named(text) if need in dialogue.offered), "")
        return ""

    def _wish(self, text: str, dialogue: Dialogue) -> str:
        """Return an exercise, or another service, plainly wished for where nothing is at stake."""
        asking = dialogue.asking
        free = questions.takes_a_clause(asking) or not contacting.asks_something(asking)
        if dialogue.opening or dialogue.check or dialogue.after or not free:
            return ""
        wish = exercise.wished(text, asking, self.words.exercises, dialogue.flags)
        if wish or asking == exercise.CHOOSE or exercise.is_step(asking):
            return wish
        label = self.words.phrases_for([Choice(ANOTHER, "")])
        shown = dialogue.referable or dialogue.asking in SERVICES_TOLD
        meant = ANOTHER not in dialogue.offered and shown
        exact = meant and normalise(text) in map(normalise, label[ANOTHER])
        return ANOTHER if exact and not contacting.asks_something(asking) else ""

    def _help(self, text: str, dialogue: Dialogue) -> str:
        """Return help asked for by its own words where it is not on offer and nothing is asked."""
        if contacting.asks_something(dialogue.asking):
            return ""
        label = self.words.phrases_for([Choice(HELP, "")])
        picked = answers.resolve(text, (HELP,), label)
        return picked or answers.with_a_word_more(text, (HELP,), label)  # "yeah find help"

    def _needs(self, text: str) -> bool:
        """Say whether the words name what help is for, as its question offers it: "a home"."""
        offered = self.words.choices(questions.NEED)
        needs = [Choice(key, "") for key in offered if key.startswith("need_")]
        phrases = self.words.phrases_for(needs, questions.NEED)
        return bool(answers.resolve(text, tuple(c.key for c in needs), phrases))
