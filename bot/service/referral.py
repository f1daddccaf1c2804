# SPDX-License-Identifier: Apache-2.0
"""What leaves the service: the exact brief a person agreed to, for one service, until withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.policy import referring, safe_contact
from bot.policy.consent import with_what_hangs
from bot.policy.needs import CATEGORIES, needs_of
from bot.policy.passing import OTHERS, OWN
from bot.policy.turn import Line, Medium, Utterance
from bot.service import contact_plan, judged
from bot.service.agreed import agreed
from bot.service.named import CALL, NOTE, may_try, new_reference, of_own
from bot.service.offers import Offers
from bot.service.ports import Clock
from bot.service.referral_answer import REACHES
from bot.service.referral_note import service_named
from bot.service.referral_state import (
    AGREED,
    RECALLED,
    REFER,
    SENT,
    TO_JUDGE,
    TO_SEND,
    standing,
    take_back,
    take_back_one,
    tell_staff,
)
from bot.settings import Settings
from bot.store import conversations, records, referrals, staff
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.words import Words

# The lines of a brief in the order they are shown. Never an account of what happened.
BRIEF = (
    "topic", "who", "agrees", "called", "age_band", "area", "need", "access", "wants_worker",
    "contact_number", "contact_email", "contact_text", "contact_words", "contact_text_when",
    "contact_voicemail", "contact_when",
)  # fmt: skip
WAYS = {"email": "contact_email", "text": "contact_text"}
"""How a service may write to somebody, and the line that names it."""
OF_WRITING = ("contact_words", "contact_text_when")


@dataclass(frozen=True)
class Referral:
    """One consent as staff see it, to act on. One whose key is missing has no lines.

    `progress`, `tier`, `to_do`: see bot/policy/referring.py. `error`: why it did not go.
    """

    id: str
    reference: str
    service_id: str
    service: str
    state: str
    given_at: float
    lines: tuple[Line, ...]
    progress: str = referring.PLANNED
    tier: str = referring.USUAL
    to_do: str = ""
    error: str = ""
    reason: str = ""
    answer_by: float | None = None
    answered_at: float | None = None
    rung_at: float | None = None
    late: bool = False
    opened_at: float | None = None
    answered_by: str = ""
    rung_by: str = ""


class Referrals:
    """Drafts briefs, keeps consents, and lets staff act on them or take them back."""

    def __init__(
        self,
        store: Database,
        keys: KeyStore,
        offers: Offers,
        words: Words,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.store, self.keys, self.offers, self.words = store, keys, offers, words
        self.settings, self.clock = settings, clock

    @property
    def weeks_kept(self) -> str:
        """How long what was agreed is kept, as it is said."""
        return str(round(self.settings.consent_kept_for / (7 * 86400)))

    def draft(self, facts: Mapping[str, str], service_id: str) -> list[Line]:
        """Return the lines that would go to a service: who, why, what about, how to reach them."""
        facts = self._reachable(facts)
        weeks = {"weeks": self.weeks_kept}
        lines = [
            Line("service", self._label("service"), self.offers.name(service_id)),
            Line("why", self._label("why"), self._label("why_text")),
        ]
        for name in BRIEF:
            answer = facts.get(name, "")
            if answer and answer not in ("skip", "none", "nothing", "for_me"):
                as_given = name in ("called", "contact_number", *WAYS.values())
                said = answer if as_given else self.words.label(answer, Medium.CHAT)
                if (name, answer) == ("area", "elsewhere"):  # means nothing to them by itself
                    said = facts.get("place") or self._label("area_elsewhere")
                if name == "need":
                    said = self._needs(facts)
                theirs = name in (*OWN, "access") and facts.get("who") in OTHERS
                label = self._label(f"{name}_them" if theirs else name)
                lines.append(Line(name, label, said))
        if not REACHES & {line.id for line in lines}:
            lines.append(Line("no_number", self._label("no_number"), self._label("no_number_text")))
        lines.append(Line("kept", self._label("kept"), self._label("kept_text", weeks)))
        return lines

    def reaches(self, facts: Mapping[str, str]) -> bool:
        """Say whether a service could reach this person in a way that is safe."""
        return bool(REACHES & self._reachable(facts).keys())

    def _reachable(self, facts: Mapping[str, str]) -> dict[str, str]:
        """Return the facts with no way to be reached but those that are permitted.

        What a message may say is told with it always: nothing, of who was not asked or skipped it.
        """
        number = facts.get("contact_number", "skip")
        out = {*WAYS.values(), *OF_WRITING} | ({"contact_number"} if number == "skip" else set())
        kept = {name: answer for name, answer in facts.items() if name not in out}
        now = self.clock()
        plan = contact_plan.to_write(facts, now + self.settings.consent_kept_for)
        for medium, name in WAYS.items():
            leave = safe_contact.ever(plan, medium, now, safe_contact.REFERRAL)
            if isinstance(leave, safe_contact.Permit):
                kept[name] = leave.address
                words = facts.get("contact_words", "skip")
                kept["contact_words"] = words if words != "skip" else "words_plain"
                if medium == "text":
                    kept["contact_text_when"] = facts["contact_text_when"]
        return kept

    def _needs(self, facts: Mapping[str, str]) -> str:
        """Return every need that is a worry, the greatest first, as the person picked it."""
        keys = {category: key for key, category in CATEGORIES.items()}
        return "; ".join(self.words.label(keys[n], Medium.CHAT) for n in needs_of(facts))

    def _label(self, name: str, values: dict[str, str] | None = None) -> str:
        said = Utterance(f"consent_line_{name}", values or {})
        return self.words.message(said, Medium.CHAT).text

    def left(self, lines: Sequence[Line], struck: Collection[str]) -> list[Line]:
        """Return the lines that go, without those taken out.

        Where an address stays, what a message may say goes with it: nothing, when it is taken out.
        """
        out = with_what_hangs(struck)
        written = any(line.id in WAYS.values() and line.id not in out for line in lines)
        plain = self.words.label("words_plain", Medium.CHAT)
        return [
            replace(line, text=plain) if line.id in out else line
            for line in lines
            if line.id not in out or (written and line.id == "contact_words")
        ]

    async def consent(
        self,
        *,
        conversation_id: str,
        turn_id: str,
        service_id: str,
        lines: Sequence[Line],
        medium: str,
    ) -> str:
        """Keep a person's yes to these exact lines and return its reference; once a turn."""
        reference = new_reference()
        consent_id, now = str(uuid.uuid4()), self.clock()
        async with self.store.read() as tx:
            known = await records.effect_result(tx, turn_id, "consent")
        if known:
            return known
        box = await self.keys.make(consent_id)
        async with self.store.write() as tx:
            if not await records.once(tx, turn_id, "consent", now, reference):
                return await records.effect_result(tx, turn_id, "consent") or reference
            first = bool(await judged.because(tx, self.keys, conversation_id))
            await records.keep_consent(
                tx,
                id=consent_id,
                conversation_id=conversation_id,
                reference=reference,
                service_id=service_id,
                purpose="referral",
                sealed=box.seal([asdict(line) for line in lines]),
                wording=self.words.version,
                medium=medium,
                given_at=now,
                state=TO_JUDGE if first else TO_SEND,
                erase_at=now + self.settings.consent_kept_for,
            )
            story = await conversations.conversation(tx, conversation_id)
            tier = referring.tier(story.urgency if story else "none")
            await referrals.begin(
                tx, consent_id, tier=tier, route="", state=referring.PLANNED,
                parcel=consent_id, tries=0,
            )  # fmt: skip
            if first:
                await judged.plan(tx, consent_id, now)
            else:
                await records.plan(tx, str(uuid.uuid4()), REFER, consent_id, now)
            await tell_staff(tx, now)
        return reference

    async def receipt(self, conversation_id: str, reference: str) -> tuple[bool, dict[str, str]]:
        """Return whether a worker judges this yes first, and what fills its receipt."""
        async with self.store.read() as tx:
            rows = await referrals.of_story(tx, conversation_id)
        row = next(row for row in rows if row.reference == reference)
        told = {"reference": reference, **agreed(self.words, row, self.clock())}
        return row.consent == TO_JUDGE, told

    async def withdraw(self, conversation_id: str, reference: str = "") -> int:
        """Take back every consent of this story, or the one with this reference; return how many.

        What was sent is shown to staff for recall. The reference of a call of theirs takes back no
        note. Any other is not their own: it takes back the note it is of, if any, and all of this
        story, so that nobody can tell by what follows whether there is such a one.
        """
        now = self.clock()
        async with self.store.write() as tx:
            kind = await of_own(tx, conversation_id, reference)
            if kind == CALL:
                return 0
            one = None
            if kind or (reference and await may_try(tx, NOTE, conversation_id, reference, now)):
                one = await referrals.named(tx, reference)
            taken = await take_back_one(tx, one, now) if one is not None else 0
            return taken if kind else await take_back(tx, conversation_id, now)

    async def passed_on(self, conversation_id: str) -> bool:
        """Say whether a service still has something that this person took back."""
        async with self.store.read() as tx:
            return RECALLED in {r.state for r in await records.consents_of(tx, conversation_id)}

    async def to_act_on(self, worker_id: str, *, again: bool = False) -> list[Referral]:
        """Return the notes that ask something of staff, oldest first; the view is audited."""
        now = self.clock()
        async with self.store.write() as tx:
            rows = await referrals.in_consent(tx, (*AGREED, RECALLED), worker_id)
            rows = [r for r in rows if r.consent != SENT or referring.to_do(standing(r))]
            await staff.look(tx, worker_id, "referral", [r.id for r in rows], now, again)
        return [await self._shown(row) for row in rows]

    async def under_way(self, worker_id: str, *, audited: bool = True) -> list[Referral]:
        """Return the notes that ask nothing of staff now, without their lines."""
        async with self.store.write() as tx:
            rows = await referrals.in_consent(tx, (SENT,), worker_id)
            rows = [r for r in rows if not referring.to_do(standing(r))]
            for row in rows if audited else ():
                await staff.note(tx, worker_id, "under_way", row.id, self.clock())
        return [replace(await self._shown(row), lines=()) for row in rows]

    async def _shown(self, row: Any) -> Referral:
        sealed = await self.keys.opened(row.id, row.sealed)
        # Without its key there are no lines; staff must see all the same that somebody waits.
        lines = tuple(Line(**line) for line in sealed or ())
        named = service_named(lines, row.service_id)
        return Referral(
            row.id, row.reference, row.service_id, named, row.consent, row.given_at,
            lines, row.state, row.tier, referring.to_do(standing(row)), row.error or "",
            row.reason or "", row.answer_by, row.answered_at, row.rung_at,
            row.late_at is not None, row.opened_at, row.answered_by or "", row.rung_by or "",
        )  # fmt: skip
