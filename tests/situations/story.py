# SPDX-License-Identifier: Apache-2.0
"""What came of a conversation: all that was said, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.policy.turn import Message, ServiceCard

QUESTION = "needs_ask_"


def question(say: str) -> str:
    """Return the name of the assessment's question that these words put, "" for none."""
    if not say.startswith(QUESTION):
        return ""
    return say.removeprefix(QUESTION).removesuffix("_them")


@dataclass
class Exchange:
    """What the person did, and every message that came back."""

    did: str
    messages: Sequence[Message]


@dataclass
class Story:
    """A whole conversation and what it left behind."""

    exchanges: list[Exchange] = field(default_factory=list)
    facts: Mapping[str, str] = field(default_factory=dict)
    agreed: Sequence[str] = ()
    tier: str = "none"
    state: str = ""
    failed: Sequence[str] = ()

    def messages(self) -> Iterator[Message]:
        """Return every message, in order."""
        for exchange in self.exchanges:
            yield from exchange.messages

    def names(self) -> list[str]:
        """Return the names of all that was said."""
        return [message.say for message in self.messages()]

    def offers(self) -> list[tuple[ServiceCard, ...]]:
        """Return the services of each message that showed any."""
        return [message.services for message in self.messages() if message.services]

    def offered(self) -> list[str]:
        """Return the ids of all services shown, the first one first."""
        return list(dict.fromkeys(card.id for cards in self.offers() for card in cards))

    def asked(self) -> list[str]:
        """Return the questions of the assessment that were put, each as often as it was."""
        return [name for name in map(question, self.names()) if name]

    def checks(self) -> list[str]:
        """Return the gentle questions about danger."""
        return [name for name in self.names() if name.startswith("check_")]

    def text(self) -> str:
        """Return all that the person read or heard, for patterns that must be in none of it."""
        parts = []
        for message in self.messages():
            parts.append(message.text)
            parts += [f"{card.name}. {card.why}" for card in message.services]
        return "\n".join(parts)

    def __str__(self) -> str:
        """Return the conversation to read, for a test that failed."""
        lines = []
        for exchange in self.exchanges:
            lines.append(f"> {exchange.did}")
            for m in exchange.messages:
                keys = f"  [{' '.join(c.key for c in m.choices)}]" if m.choices else ""
                lines.append(f"  {m.say}: {m.text}{keys}")
                lines += [
                    f"    * {c.id}: {c.why} {c.phone or ''} {c.text or ''} {c.url or ''}"
                    f" open={c.open_now}"
                    for c in m.services
                ]
        lines.append(f"facts {dict(self.facts)} queue {self.tier} state {self.state}")
        return "\n".join(lines)
