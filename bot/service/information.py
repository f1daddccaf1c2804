# SPDX-License-Identifier: Apache-2.0
"""What is said to a question about how things work: an approved answer, and who knows more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.policy.information import asks_which_service, by_words, group_of, is_due, of_topic
from bot.policy.passing import OTHERS
from bot.policy.preference import NO_TOPIC
from bot.policy.turn import Utterance
from bot.service.offers import Offers
from bot.service.ports import Clock
from bot.service.talking import CAN_SPEAK
from bot.words import Words
from bot.words.information import spoken_date


@dataclass(frozen=True)
class Told:
    """The answer's id ("" when it is not known), and what is said, the last with the cards."""

    id: str
    said: tuple[Utterance, ...]


class Information:
    """Answers from the words files alone; what they do not hold is not known."""

    def __init__(self, words: Words, offers: Offers, clock: Clock) -> None:
        self.words, self.offers, self.clock = words, offers, clock

    def tell(
        self, text: str, topic: str, facts: Mapping[str, str], medium: str,
        said: Collection[str] = (),
    ) -> Told:  # fmt: skip
        """Return what is said to a question; `said` are the answers this person had before."""
        known = {**facts, "topic": topic}
        answers = self.words.information
        first: tuple[Utterance, ...] = ()
        answer = by_words(text, topic, answers)
        if answer is None and (answer := of_topic(topic, answers, said)):
            first = (Utterance("info_may_help"),)
        if answer is None:
            fitting = self.offers.offer(known, medium) if topic not in NO_TOPIC else []
            cards = fitting or self.offers.named((), known, medium)
            # Whoever asks for somebody else whom to tell them of is answered by the services.
            asks = known.get("who") in OTHERS and asks_which_service(text)
            if asks and "audience" not in known and (group := group_of(text)):
                cards = self.offers.offer({**known, "audience": group}, medium) or cards
            name = "info_who_can_help_them" if asks else "info_not_known"
            return Told("", (Utterance(name, services=tuple(cards)),))
        if not answer.services:  # what we do ourselves nobody knows better
            return Told(answer.id, (Utterance(answer.name),))
        cards = self.offers.named(answer.services, known, medium)
        if answer.written:
            cards = self.offers.offer({**known, CAN_SPEAK: "no"}, medium) or cards
        where = {"source": answer.source, "date": spoken_date(answer.valid_at)}
        more = Utterance("info_who_knows_more", where, services=tuple(cards))
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        old = (Utterance("info_may_be_old"),) if is_due(answer, today) else ()
        return Told(answer.id, (*first, Utterance(answer.name), *old, more))
