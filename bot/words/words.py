# SPDX-License-Identifier: Apache-2.0
"""How a name becomes the message one person reads or hears."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from bot.policy.turn import Choice, Medium, Message, Sender, ServiceCard, Utterance
from bot.words.checked import Checked
from bot.words.entry import GAP, Entry
from bot.words.files import Files, WordsError, read
from bot.words.spoken import grouped, numbers_in, spelled

# Said until FINGERPOST_SERVICE_NAME gives the deployment's own name.
UNNAMED = {"service": "Support line"}


class Words:
    """The approved words. An unknown name or an unfilled gap is an error, never silence."""

    def __init__(self, files: Files, always: Mapping[str, str] | None = None) -> None:
        self._entries, self._labels, self._answers = files.entries, files.labels, files.answers
        self._checked = files.checked
        self.information = tuple(files.information)
        self.scripts, self.exercises = tuple(files.scripts), tuple(files.exercises)
        self.reviewed = (*self.information, *self.scripts, *self.exercises)
        """Every text with a source and a day by which somebody looks at it again."""
        self._always = {**UNNAMED, **(always or {})}
        self.version = files.version
        """Short hash of the files: goes on a consent receipt, to tell which words were agreed."""

    @classmethod
    def load(cls, folder: Path | str, always: Mapping[str, str] | None = None) -> Words:
        """Read the folder. `always` fills gaps in every text, such as {service}."""
        return cls(read(Path(folder)), always)

    def names(self) -> tuple[str, ...]:
        """Return every name that can be said."""
        return tuple(self._entries)

    def choices(self, name: str) -> tuple[str, ...]:
        """Return the keys of the choices offered with a name."""
        return self._entry(name).choices

    def gaps(self, name: str) -> frozenset[str]:
        """Return the values that a caller must give for a name."""
        found = {gap for text in self._entry(name).texts.values() for gap in GAP.findall(text)}
        bare = {gap.removesuffix("_spoken").removesuffix("_label") for gap in found}
        return frozenset(bare) - set(self._always)

    def label(self, key: str, medium: Medium, language: str = "en") -> str:
        """Return what a choice is called on a channel."""
        try:
            if key in self._labels and medium is Medium.CHAT:
                return self._in(language).labels.get(key, self._labels[key][medium])
            return self._labels[key][medium]
        except KeyError:
            raise WordsError(f"no label for the choice {key}") from None

    def phrases_for(self, choices: Iterable[Choice], say: str = "") -> dict[str, tuple[str, ...]]:
        """Return every phrase that picks each choice; `say` is the name that offers them."""
        return {
            choice.key: (
                *filter(None, (choice.label, *self._labels.get(choice.key, {}).values())),
                *self._answers.get(choice.key, ()),
                *(
                    phrase
                    for name, phrases in self._answers.items()
                    if name.endswith(f".{choice.key}") and fnmatchcase(say, name.rpartition(".")[0])
                    for phrase in phrases
                ),
            )
            for choice in choices
        }

    def message(
        self,
        utterance: Utterance,
        medium: Medium,
        language: str = "en",
        sender: Sender = Sender.ASSISTANT,
    ) -> Message:
        """Return what is read or heard. What nobody has checked in a language is in English, and
        so is all that is spoken: one voice reads one language."""
        entry = self._entry(utterance.say)
        text = self._fill(utterance.say, medium, utterance.values, language)
        if medium is Medium.VOICE:
            text = " ".join([text, *self._spoken_parts(utterance)])
        return Message(
            sender=sender,
            text=text,
            kind=entry.kind,
            choices=self._choices(entry, utterance, medium, language),
            services=utterance.services,
            lines=utterance.lines,
            say=utterance.say,
        )

    def easier(self, message: Message, medium: Medium) -> Message:
        """Return a message of ours in its plainer words, as it is where it has none."""
        entry = self._entries.get(message.say)
        if entry is None or not entry.easy or message.text in entry.easy:
            return message
        text = entry.easy
        if medium is Medium.VOICE:
            shown = Utterance(message.say, services=message.services, lines=message.lines)
            text = " ".join([numbers_in(text), *self._spoken_parts(shown)])
        return replace(message, text=text)

    def has_easy(self, name: str) -> bool:
        """Say whether a name has plainer words of its own."""
        return bool(self._entry(name).easy)

    def withheld(self, flags: Collection[str]) -> frozenset[str]:
        """Return the choices that are not offered once these red flags were heard."""
        told = {flag.partition(":")[2] for flag in flags}
        return frozenset(e.first for e in self.exercises if told & set(e.never_after))

    def _entry(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except KeyError:
            raise WordsError(f"no words for {name}") from None

    def _choices(
        self, entry: Entry, utterance: Utterance, medium: Medium, language: str
    ) -> tuple[Choice, ...]:
        if utterance.choices is None:
            return tuple(Choice(key, self.label(key, medium, language)) for key in entry.choices)
        return tuple(
            choice if choice.label else Choice(choice.key, self.label(choice.key, medium, language))
            for choice in utterance.choices
        )

    def _in(self, language: str) -> Checked:
        return self._checked.get(language) or Checked()

    def _fill(
        self, name: str, medium: Medium, values: Mapping[str, str], language: str = "en"
    ) -> str:
        known = {**self._always, **values}

        def value(gap: str) -> str:
            if gap in known and known[gap].strip():
                return known[gap]
            if gap.endswith("_label") and (key := known.get(gap.removesuffix("_label"))):
                # What a choice is called; words that are no choice stay as they are.
                return self.label(key, medium, language) if key in self._labels else key
            source = known.get(gap.removesuffix("_spoken"), "").strip()
            if not gap.endswith("_spoken") or not source:
                raise WordsError(f"{name}: nothing fills the gap {gap}")
            return grouped(source) if source.replace(" ", "").isdigit() else spelled(source)

        text = self._entry(name).texts[medium]
        if medium is Medium.CHAT:
            text = self._in(language).texts.get(name, text)
        text = GAP.sub(lambda found: value(found.group(1)), text)
        return numbers_in(text) if medium is Medium.VOICE else text

    def _spoken_parts(self, utterance: Utterance) -> list[str]:
        """Cards and lines are seen in a chat; on the telephone they are part of what is said."""
        parts = [part for card in utterance.services for part in self._card(card)]
        for number, line in enumerate(utterance.lines, start=1):
            values = {"number": str(number), "label": _bare(line.label), "text": _bare(line.text)}
            parts.append(self._fill("phone_consent_line", Medium.VOICE, values))
        if utterance.lines:
            parts.append(self._fill("phone_consent_ask", Medium.VOICE, {}))
        return parts

    def _card(self, card: ServiceCard) -> list[str]:
        said = [("phone_service_card", {"name": _bare(card.name), "why": _bare(card.why)})]
        if card.phone:
            said.append(("phone_service_card_phone", {"phone": card.phone}))
        if card.text:
            said.append(("phone_service_card_text", {"text": _bare(card.text)}))
        if not card.phone and not card.text:
            said.append(("phone_service_card_no_phone", {}))
        if card.phone or card.text:
            hours = {True: "open", False: "closed", None: "hours_unknown"}[card.open_now]
            said.append((f"phone_service_card_{hours}", {}))
        if card.free:
            said.append(("phone_service_card_free", {}))
        return [self._fill(name, Medium.VOICE, values) for name, values in said]


def _bare(text: str) -> str:
    """The text without its last stop: the words files put their own."""
    return text.strip().rstrip(".")
