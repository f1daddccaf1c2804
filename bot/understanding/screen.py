# SPDX-License-Identifier: Apache-2.0
"""What one message is heard to mean: plain rules and a small model, whichever hears more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.policy import code_word, language_wish
from bot.policy import screen as policy
from bot.policy.contacting import asks_something
from bot.policy.screen import Alike, RuleHit, Thresholds
from bot.policy.turn import Understanding
from bot.understanding.language import ENGLISH, Languages
from bot.understanding.model import Model, Probabilities
from bot.understanding.rules import Rule, RuleBook
from bot.understanding.sounds import Sounds
from bot.understanding.text import readable, windows
from bot.understanding.wishes import WANTS_PERSON, WISHES

UNCLEAR = 0.5
"""Below this confidence of the speech recogniser a word of danger is worth a question."""


FEW_WORDS = 4
"""So few are mostly an answer to what was asked: "nothing", "men", "not yet"."""
IDLE = 0.5
"""From here the model takes a message to be about nothing that happened to anybody."""
PLAIN = ("provide_detail", "affirm")
"""Acts of somebody who answers or goes on telling."""
UNDOING, SURE = ("withdraw_consent", "request_deletion"), 0.7
"""Nobody is offered to have undone what they did not ask for: there the model must be this sure."""
VAGUE = frozenset("out_of_scope feedback abuse_bot ask_service provide_detail".split())
HUMAN, CERTAIN = "ask_human", 0.65
"""Acts that nearly any words may be taken for: behind one a wish for a person counts from here, but
for what answers a question ("yes, a lady please")."""


@dataclass(frozen=True)
class Context:
    """What came before. `asked` is the name of the words last asked, `urgency` the highest so
    far, `confidence` the speech recogniser's. Context may raise what is heard, never lower it."""

    asked: str = ""
    urgency: str = "none"
    confidence: float | None = None

    @property
    def raises(self) -> bool:
        """Say whether less than usual is enough to ask."""
        return self.checked or self.unclear

    @property
    def checked(self) -> bool:
        """Say whether the one gentle question was asked last."""
        return self.asked.startswith("check_")

    @property
    def unclear(self) -> bool:
        """Say whether the speech recogniser was not sure."""
        return self.confidence is not None and self.confidence < UNCLEAR


class Screen:
    """Hears danger, suicide risk and safeguarding, what it is about, and what is wanted."""

    def __init__(
        self, rules: RuleBook, model: Model | None, thresholds: Thresholds, languages: Languages,
        sounds: Sounds,
    ) -> None:  # fmt: skip
        self.rules, self.model, self.thresholds = rules, model, thresholds
        self.languages, self.sounds = languages, sounds

    @classmethod
    def load(cls, models_folder: Path, data_folder: Path) -> Screen:
        """Read rules and model. Without a model the rules work alone."""
        rules = RuleBook.load(Path(data_folder) / "understanding" / "rules.yml")
        model = Model.load(Path(models_folder) / "understanding")
        languages = Languages.load(Path(data_folder))
        phrases = Path(data_folder) / "understanding" / "sounds.yml"
        sounds = Sounds.load(phrases, rules.spelling.plain)
        return cls(rules, model, model.thresholds if model else Thresholds(), languages, sounds)

    def understand(
        self,
        text: str,
        medium: str = "chat",
        context: Context = Context(),  # noqa: B008
    ) -> Understanding:
        """Return what a message means. Never raises, whatever is in it."""
        pieces = windows(readable(text))
        hits = list(
            dict.fromkeys(r for p in pieces for r in self.rules.heard(p, medium, context.asked))
        )
        language, foreign = self.languages.heard(readable(text))
        if not foreign and code_word.answers(context.asked, readable(text)):
            language = ENGLISH
        # The model has learnt English only: of other languages it would say anything at all.
        read = self.model.read(pieces) if self.model and language == ENGLISH else None
        verdict = policy.decide(
            read.agreed if read else None,
            [*(RuleHit(r.name, r.action, r.urgency, r.flag) for r in hits), *foreign],
            self.thresholds,
            context.raises,
            len(text.split()) <= FEW_WORDS and not context.checked,
            read is not None and read.topic["none"] > IDLE,
            self._alike(pieces, medium, context) if language == ENGLISH else None,
            context.unclear,
            read is not None and max(read.act, key=lambda a: read.act[a]) in PLAIN,
        )
        cues = (*verdict.cues, *dict.fromkeys(r.cue for r in hits if r.cue))
        if language != ENGLISH:
            cues += (f"language:{language}",)
        else:
            cues += language_wish.cues(readable(text), self.languages.named)
        topic, act = _topic(hits, read, verdict.urgency), _act(hits, read)
        wanted = (read.wishes.get(WANTS_PERSON) if read else None) or 0.0
        # Where something happened they tell of it: "there was someone there".
        tells = verdict.urgency != "none" or asks_something(context.asked)
        if act in VAGUE and not tells and wanted >= CERTAIN:
            act = HUMAN
        return Understanding(
            verdict.urgency, verdict.action, topic, act, verdict.confidence, cues, language,
            *(read.wishes.get(wish) if read else None for wish in WISHES),
        )  # fmt: skip

    def _alike(self, pieces: list[str], medium: str, context: Context) -> Alike | None:
        """Return the danger that a caller's words sound like; asked about once, not again."""
        if medium != "voice" or context.checked:
            return None
        found = [self.sounds.heard(self.rules.spelling.plain(piece)) for piece in pieces]
        return max(filter(None, found), key=lambda a: a.likeness, default=None)


def _topic(hits: list[Rule], read: Probabilities | None, urgency: str) -> str:
    """Return what it is about: `none` goes with urgency `none` and with nothing else."""
    if urgency == "none":
        return "none"
    if read:
        some = {t: p for t, p in read.topic.items() if t != "none"}
        return max(some, key=lambda t: some[t])
    return next((r.topic for r in hits if r.topic), "other")


def _act(hits: list[Rule], read: Probabilities | None) -> str:
    """Return what is wanted. What must never depend on a model is the rules' to say."""
    ruled = next((r.act for r in hits if r.act), "")
    if ruled:
        return ruled
    if read:
        act = max(read.act, key=lambda a: read.act[a])
        if act in UNDOING and read.act[act] < SURE:
            act = max(("provide_detail", "ask_information"), key=lambda a: read.act[a])
        return act
    return "disclose" if any(r.urgency for r in hits) else "provide_detail"
