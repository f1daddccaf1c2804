# SPDX-License-Identifier: Apache-2.0
"""A turn read against what was on offer: what it picked, and what its words are heard to mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.policy import answer as answers
from bot.policy import (
    consent,
    contacting,
    correcting,
    denial,
    exercise,
    hearing,
    information,
    nodding,
    out_of_turn,
    pace,
    postponed,
    questions,
    scripts,
)  # fmt: skip
from bot.policy.passing import others_told, told
from bot.policy.places import Areas
from bot.policy.settling import ASKED
from bot.policy.steps import ASKS_BESIDE, plainly_heard
from bot.policy.turn import Choice, Medium, Said, State, Understanding
from bot.policy.urgency import DANGER_NOW
from bot.service.own_words import HELP, OwnWords
from bot.service.ports import ConversationError
from bot.service.transcript import Dialogue
from bot.understanding import Context, Screen
from bot.words import Words

KEYED = {
    "danger": Understanding(
        "immediate_danger", "interrupt", act="disclose", confidence=1.0, cues=("keyed:999",)
    ),
    "code": Understanding(act="ask_code", confidence=1.0),
}
"""What keys of a telephone mean that pick nothing: 9, 99, 999 or 55, and the key for codes."""
DENIED = Understanding(act="deny", confidence=1.0)


@dataclass(frozen=True)
class Picked:
    """What a turn says, the key it picked ("" for none), and what was heard in free text.

    `passes`: the form's question it passes by, "" for none; `left_out` when that was the second
    message in a row to do so. `beside`: what answers it beside another matter that comes first.
    `without`: lines of a brief that it strikes out. `refuses`: it refuses a question of the
    assessment; a second time in a row it wants no more of them. `meets`: the script that meets it.
    `asks`: what it asks beside a danger, as its act and its words.
    """

    text: str
    answer: str
    heard: Understanding
    passes: str = ""
    left_out: bool = False
    beside: str = ""
    without: tuple[str, ...] = ()
    refuses: bool = False
    meets: str = ""
    asks: tuple[str, ...] = ()


class Reader:
    """Reads turns. Never guesses: what fits nothing on offer is free text."""

    def __init__(self, words: Words, screen: Screen, areas: Areas) -> None:
        self.words, self.screen, self.areas = words, screen, areas
        self.own_words = OwnWords(words, areas)

    def read(self, said: Said, row: Any, dialogue: Dialogue) -> Picked:
        """Return what a turn picked of what was on offer, and what its words mean."""
        if said.choice or said.key:
            return self._chosen(said, row, dialogue)
        if said.seen is not None and dialogue.offer_id > said.seen:
            dialogue = dialogue.without_offer()
        heard = self._hear(said, row, dialogue)
        if self.own_words.answer_nothing(heard):  # a wish
            return Picked(said.text, "", self._context(heard, "", row, dialogue))
        asked = dialogue.asking.removeprefix(ASKED)
        if correcting.puts_right(asked, said.text, heard, dialogue.topic(row.topic), self.areas):
            right = replace(heard, act="correct", topic="none")  # it tells of nothing else
            return Picked(said.text, "", self._context(right, "", row, dialogue))
        return self._free(said, row, dialogue, heard)

    def _free(self, said: Said, row: Any, dialogue: Dialogue, heard: Understanding) -> Picked:
        """Return what free words picked, or what they are an answer beside."""
        met = self._script(said.text, heard, "none", dialogue) is not None
        key = self.own_words.pick(said.text, heard, dialogue, met=met)
        heard = self.own_words.as_listed(said.text, heard, dialogue)
        brief = not key and dialogue.asking in consent.BRIEFS and dialogue.offered
        struck = consent.struck(said.text) if brief else ()
        unclear = Context(confidence=said.confidence).unclear
        if dialogue.opening and not unclear and answers.hedged_yes(said.text):
            key, heard = "yes", hearing.they_are_out(heard)
        key, heard = self._denied(said, row, dialogue, key, heard)
        if struck:
            heard = replace(heard, act="strike_line")
        elif not key and "no" in dialogue.offered and questions.begins_an_answer(heard):
            key, heard = self._in_a_sentence(said.text, dialogue.asking, heard)
        key, heard = questions.surely(key, heard, dialogue.check, unclear)
        key = key or self.own_words.area(said.text, dialogue)
        topic = dialogue.topic(row.topic)
        script = self._script(said.text, heard, topic, dialogue)
        key, beside, heard = self._asks(key, said.text, heard, topic, dialogue, script)
        if not (key or beside):
            key, heard = self.own_words.contact(said.text, heard, dialogue)
        refuses = not beside and questions.refuses(dialogue.asking, key, said.text, heard)
        key, heard = questions.twice(refuses and dialogue.refused, key, heard)
        key, passes, left_out = self._passing(key, beside, said.text, heard, dialogue)
        in_passing = told(said.text, self.areas)
        age_band = in_passing.get("age_band", "")
        heard = hearing.says_young(heard, age_band, dialogue.after)
        heard = hearing.of_a_child(heard, age_band or dialogue.age_band, dialogue.cleared)
        tells = in_passing or contacting.tells_something(dialogue.asking, said.text)
        answers_nothing = passes or (not key and tells)
        if answers_nothing and heard.act in ("affirm", "deny"):
            heard = replace(heard, act="provide_detail")  # it denied something, not the question
        heard = self._context(heard if key else nodding.heard(said.text, heard), key, row, dialogue)
        meets = scripts.named(script, said.text) if script else ""
        asks = postponed.asked(said.text, heard, topic, self.words.information, dialogue.check)
        return Picked(said.text, key, heard, passes, left_out, beside, struck, refuses, meets, asks)

    @staticmethod
    def _context(heard: Understanding, key: str, row: Any, dialogue: Dialogue) -> Understanding:
        """Return what was heard, read against what is known of the conversation."""
        waiting = row.state != State.ASSISTANT
        return hearing.in_context(
            heard, answer=key, topic=dialogue.topic(row.topic), waiting=waiting, hits=dialogue.hits
        )

    def _chosen(self, said: Said, row: Any, dialogue: Dialogue) -> Picked:
        """Return what a button or a key picked; raises ConversationError for one not on offer."""
        key = said.key or choice_key(said.choice, dialogue)
        if said.key in KEYED:
            return Picked(self.words.label(key, Medium(row.medium)), "", KEYED[said.key])
        if key not in dialogue.offered and key not in ("person", "repeat", said.key and HELP):
            raise ConversationError("unknown_choice")
        label = dialogue.offered.get(key) or self.words.label(key, Medium(row.medium))
        return Picked(label, key, Understanding(), without=said.without)

    def _hear(self, said: Said, row: Any, dialogue: Dialogue) -> Understanding:
        """Return what the words mean, with the halves before them."""
        context = Context(dialogue.asking, row.urgency, said.confidence)
        heard = self.screen.understand(said.text, row.medium, context)
        fact = out_of_turn.answers("", "", said.text, self.areas)  # a place is half of nothing
        if (joined := hearing.joined(dialogue.halves, said.text)) and not fact:
            heard = hearing.together(heard, self.screen.understand(joined, row.medium, context))
        heard = pace.in_context(heard, said.text, 0 if dialogue.of_danger else dialogue.read)
        return hearing.for_a_person(hearing.by_partner(heard), said.text)

    def _denied(
        self, said: Said, row: Any, dialogue: Dialogue, key: str, heard: Understanding
    ) -> tuple[str, Understanding]:
        """Return no, and what is heard beside it, for a plain denial of the danger asked about.

        Unasked, after danger was heard, it is a cue. What is heard in the rest by a rule or a
        flag, or so surely that nobody would be asked, stands as it was heard.
        """
        if key not in ("", "no"):
            return key, heard
        asks = dialogue.check or (dialogue.after if dialogue.after != DANGER_NOW else "")
        if asks and "no" in dialogue.offered:
            rest = denial.denied(said.text, asks)
        else:
            rest = denial.over(said.text) if dialogue.address and not asks else None
        if rest is None:
            return key, heard
        context = Context(dialogue.asking, row.urgency, said.confidence)
        left = self.screen.understand(rest, row.medium, context) if rest else DENIED
        by_rule = any(cue.startswith(("rule:", "flag:")) for cue in left.cues)
        wish = hearing.wants_person(left)
        if wish or left.action == "interrupt" or (left.action == "check" and by_rule):
            return key, heard
        return ("no", left) if asks else (key, replace(left, cues=(*left.cues, denial.OVER)))

    def _asks(
        self, key: str, text: str, heard: Understanding, topic: str, dialogue: Dialogue,
        script: scripts.Script | None,
    ) -> tuple[str, str, Understanding]:  # fmt: skip
        """Return the choice picked, or the one picked beside a question; and what is heard.

        A plain question picks nothing by itself, not even when it begins with a no.
        """
        if others_told(dialogue.asking, text):
            return "", "", heard
        clause, more = self._clause(text, heard, dialogue)
        right = key and correcting.corrected(text, self.areas)
        cleared = key if dialogue.check else ""  # a no to a check stays one, the question beside it
        answered = not dialogue.check or cleared == "no"
        known = self.words.information if answered and not right else ()
        asked = information.asked(text, heard, topic, known)
        if script and scripts.fits_better(script, asked, text, topic):
            asked = None
        if asked:
            heard = information.as_question(heard, asked)
            beside = (ASKS_BESIDE,) if cleared else ()
            return cleared, clause, replace(heard, cues=(*heard.cues, *beside))
        if more:
            return "", clause, more
        if key or questions.heard_more(heard):
            return key, "" if key else clause, heard
        if clause:
            return clause, "", heard
        if stays := exercise.stays(dialogue.asking, text, heard):
            return "", *stays
        if script and dialogue.opening and script.name == scripts.WELCOME:
            return "", "", scripts.as_welcome(heard)
        if script:
            return "", scripts.named(script, text), scripts.as_told(heard)
        return "", "", heard

    def _script(
        self, text: str, heard: Understanding, topic: str, dialogue: Dialogue
    ) -> scripts.Script | None:
        """Return the script that meets how somebody is, None where it is not known to be safe."""
        if dialogue.check:
            return None
        found = scripts.told(text, heard, topic, self.words.scripts, dialogue.scripts)
        unsafe = dialogue.opening and heard.act in nodding.NO_ANSWER
        return None if unsafe and found and found.name != scripts.WELCOME else found

    def _clause(
        self, text: str, heard: Understanding, dialogue: Dialogue
    ) -> tuple[str, Understanding | None]:
        """Return the choice that the first clause picks, and what the rest asks, if it asks."""
        if not questions.takes_a_clause(dialogue.asking) or heard.action == "interrupt":
            return "", None
        first, rest = answers.clauses(text)
        offered = [Choice(k, label) for k, label in dialogue.offered.items()]
        phrases = self.words.phrases_for(offered, dialogue.asking)
        on_offer = tuple(dialogue.offered)
        key = answers.with_a_word_more(first, on_offer, phrases)
        key = key or answers.only_clause(text, on_offer, phrases)
        if not key and rest and "no" in dialogue.offered:
            key = answers.leading_no(first) or answers.leading_yes(first)
        if not key or not rest or questions.heard_more(heard):
            return key, None
        more = self.screen.understand(rest)
        return key, more if more.act in questions.ASIDES - {"ask_service"} else None

    def hear_alone(self, text: str, medium: str) -> Understanding:
        """Return what words mean with nothing known of what came before."""
        return self.screen.understand(text, medium, Context())

    def _in_a_sentence(
        self, text: str, asking: str, heard: Understanding
    ) -> tuple[str, Understanding]:
        """Return the yes or no that a longer answer begins with, "" for none; and what is heard.

        "No, I asked when I can have him back" asks something: it answers nothing.
        """
        of_danger = questions.is_of_danger(asking)
        key = ""
        if heard.action != "interrupt" and not plainly_heard(heard):
            key = answers.leading_no(text, safest=questions.is_of_contact(asking))
        more = not of_danger and questions.heard_more(heard)
        if not key and not more and questions.takes_a_sentence(asking):
            key = answers.leading_yes(text, of_danger)
        if not key or of_danger:
            return key, heard
        rest = self.screen.understand(answers.asked_instead(text))
        if rest.act != "ask_information" or rest.topic == "none":
            return key, heard
        urgency = heard.urgency if heard.urgency != "none" else "standard"
        return "", replace(heard, act=rest.act, topic=rest.topic, urgency=urgency)

    def _passing(
        self, key: str, beside: str, text: str, heard: Understanding, dialogue: Dialogue
    ) -> tuple[str, str, bool]:
        """Return the key, skip for a refusal; the form's question passed by; if it is left out."""
        asking = dialogue.asking
        if key or beside or not questions.can_be_left(asking, dialogue.offered):
            return key, "", False
        if questions.refused(text, heard, asking):
            return questions.SKIP, "", False
        asked = asking.removeprefix(ASKED).removesuffix("_them")
        tells = {**told(text, self.areas), **out_of_turn.answers(asked, "", text, self.areas)}
        answered = asked in tells
        if answered or not questions.passes_by(asking, text, heard):
            return "", "", False
        left_out = asking == dialogue.passed and not tells  # who answers another one does answer
        skips = left_out and heard.act not in questions.ASIDES
        return (questions.SKIP if skips else ""), asking, left_out


def choice_key(choice: str, dialogue: Dialogue) -> str:
    """Return the key of a choice id, or refuse one that is not on offer now."""
    number, _, key = choice.partition("-")
    if key == "person" and number.isdigit():
        return key  # asking for a person works from any message, however old
    if key not in dialogue.offered or number != str(dialogue.offer_id):
        raise ConversationError("unknown_choice")
    return key
