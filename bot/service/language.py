# SPDX-License-Identifier: Apache-2.0
"""What somebody is told who writes in another language or signs, beside whatever else is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.policy import language, steps, urgency
from bot.policy.steps import Step
from bot.policy.turn import Choice, Message, Understanding, Utterance
from bot.service.handover import Handover
from bot.service.transcript import Dialogue
from bot.store.database import Tx
from bot.store.keys import Box
from bot.understanding.language import Languages

SAID = ("language_offer", "language_wanted", "language_again")
NOBODY_HERE = ("person_nobody", "person_nobody_until")
GO_ON = (Choice("person", ""), Choice("carry_on", ""))


class Interpreting:
    """Says once in each language how to get an interpreter, and tells staff which one."""

    def __init__(self, languages: Languages, handover: Handover) -> None:
        self.languages, self.handover = languages, handover

    async def beside(
        self, tx: Tx, box: Box, row: Any, dialogue: Dialogue, step: steps.Next,
        heard: Understanding, said: Sequence[Utterance | Message],
    ) -> list[Utterance | Message]:  # fmt: skip
        """Return what is said with the interpreter's words in their place, if they are due.

        Never before emergency words, and never after a question, which would then not be the
        last thing said.
        """
        said = self._with_nobody(row, dialogue, said)
        code = language.to_offer(heard, dialogue.languages)
        with_a_worker = step.step in (Step.HIT, Step.TO_STAFF) and not said
        wish = language.wished(heard)
        if wish and step.step is Step.REPEAT:  # only the open question comes again
            said = said[-1:] if said and _once(said[-1].say) not in SAID else []
        if wish and not code and step.step is Step.REPEAT:
            names = {"language": self.languages.name(wish)}
            again = Utterance("language_again", names)
            return [replace(again, choices=()) if said else again, *said]
        if not code or with_a_worker:
            return list(said)
        if wish:
            dialogue.languages = [*dialogue.languages, language.WISHED + code]
        dialogue.languages = [*dialogue.languages, code]
        if code == language.BSL:
            words = Utterance("language_bsl")
        else:
            # Nobody here read what was written, and unknown is never safe: staff see it.
            tier = urgency.tier("none", unsure=True)
            await self.handover.queue_up(tx, box, row, tier, "language", heard.cues)
            names = {"language": self.languages.name(code), "own": self.languages.own(code)}
            words = Utterance("language_wanted" if wish == code else "language_offer", names)
        if step.step is Step.LANGUAGE:
            return [words]
        at = max(1, len(said) - 1) if step.step is Step.HIT else 0
        # Whatever stands last after danger still offers what the emergency words did.
        last = step.step in (Step.HIT, Step.REPEAT) and not said[at:]
        choices = GO_ON if last else ()
        return [*said[:at], replace(words, choices=choices), *said[at:]]

    def _with_nobody(
        self, row: Any, dialogue: Dialogue, said: Sequence[Utterance | Message]
    ) -> Sequence[Utterance | Message]:
        """Return what is said, with the language in it where nobody is there to find a speaker."""
        codes = [c.removeprefix(language.WISHED) for c in dialogue.languages if c != language.BSL]
        if not codes or row.language == language.ENGLISH:
            return said
        names = {"language": self.languages.name(codes[-1])}
        return [
            Utterance("person_nobody_language", names) if u.say in NOBODY_HERE else u for u in said
        ]


def _once(say: str) -> str:
    return say.removesuffix("_nobody")
