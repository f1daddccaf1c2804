# SPDX-License-Identifier: Apache-2.0
"""A turn read against what was on offer: what it picked, and what its words are heard to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.policy import answer as answers
from bot.policy import information
from bot.policy.hearing import HALF, in_context, together
from bot.policy.language import ENGLISH
from bot.policy.places import Areas
from bot.policy.steps import plainly_heard
from bot.policy.turn import Choice, Medium, Said, State, Understanding
from bot.service.ports import ConversationError
from bot.service.transcript import Dialogue
from bot.understanding import Context, Screen
from bot.words import Words

# On a telephone 9, 99, 999 or 55 is danger, and help can be asked for wherever the story is.
KEYED_DANGER, HELP = "danger", "find_help"
KEYED = Understanding(
    "immediate_danger", "interrupt", act="disclose", confidence=1.0, cues=("keyed:999",)
)
# Where somebody lives, as the question offers it.
AREA_KEYS = {
    "avon_and_somerset": "avon_and_somerset",
    "devon_and_cornwall": "devon_and_cornwall",
    "elsewhere_england_wales": "elsewhere",
    "other_uk": "elsewhere",
}


@dataclass(frozen=True)
class Picked:
    """What a turn says, the key it picked ("" for none), and what was heard in free text."""

    text: str
    answer: str
    heard: Understanding


class Reader:
    """Reads turns. Never guesses: what fits nothing on offer is free text."""

    def __init__(self, words: Words, screen: Screen, areas: Areas) -> None:
        self.words, self.screen, self.areas = words, screen, areas

    def read(self, said: Said, row: Any, dialogue: Dialogue) -> Picked:
        """Return what a turn picked of what was on offer, and what its words mean."""
        if said.choice or said.key:
            key = said.key or choice_key(said.choice, dialogue)
            if said.key == KEYED_DANGER:
                return Picked("999", "", KEYED)
            if key not in dialogue.offered and key not in ("person", "repeat", said.key and HELP):
                raise ConversationError("unknown_choice")
            label = dialogue.offered.get(key) or self.words.label(key, Medium(row.medium))
            return Picked(label, key, Understanding())
        if said.seen is not None and dialogue.offer_id > said.seen:
            dialogue = dialogue.without_offer()
        context = Context(dialogue.asking, row.urgency, said.confidence)
        heard = self.screen.understand(said.text, row.medium, context)
        if dialogue.halves and len(said.text.split()) <= HALF:
            joined = " ".join((*dialogue.halves, said.text))
            heard = together(heard, self.screen.understand(joined, row.medium, context))
        offered = [Choice(k, label) for k, label in dialogue.offered.items()]
        phrases = self.words.phrases_for(offered, dialogue.asking)
        # In another language only a whole phrase picks: what it is about is anybody's guess.
        meant = heard if heard.language == ENGLISH else None
        key = answers.resolve(said.text, tuple(dialogue.offered), phrases, meant)
        if not key and dialogue.opening:
            key = answers.leaning(said.text)
        doubtful = heard.action != "interrupt" and not plainly_heard(heard)
        if not key and "no" in dialogue.offered and doubtful:
            key = answers.leading_no(said.text)
        key = key or self._area(said.text, dialogue)
        known = self.words.information if not dialogue.check else ()
        asked = information.asked(said.text, heard, row.topic, known)
        if asked:  # a plain question picks nothing on offer, not even when it begins with a no
            key, heard = "", information.as_question(heard, asked)
        heard = in_context(
            heard,
            answer=key,
            topic=row.topic,
            waiting=row.state != State.ASSISTANT,
            hits=dialogue.hits,
        )
        return Picked(said.text, key, heard)

    def hear_alone(self, text: str, medium: str) -> Understanding:
        """Return what words mean with nothing known of what came before."""
        return self.screen.understand(text, medium, Context())

    def _area(self, text: str, dialogue: Dialogue) -> str:
        if "avon_and_somerset" not in dialogue.offered:
            return ""
        return AREA_KEYS.get(self.areas.find(text).area or "", "")


def choice_key(choice: str, dialogue: Dialogue) -> str:
    """Return the key of a choice id, or refuse one that is not on offer now."""
    number, _, key = choice.partition("-")
    if key == "person" and number.isdigit():
        return key  # asking for a person works from any message, however old
    if key not in dialogue.offered or number != str(dialogue.offer_id):
        raise ConversationError("unknown_choice")
    return key
