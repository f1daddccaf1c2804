# SPDX-License-Identifier: Apache-2.0
"""Shows the very lines that would leave the service, and keeps a yes to them, or a no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, answers, app, asked_anew, forget, say
from actions.referral import US
from bot.policy import contacting
from bot.policy.age import UNDER_18
from bot.policy.consent import CONTACT_FACTS as ANSWERS
from bot.policy.passing import OTHERS
from bot.policy.questions import AGREES, CONTACT
from bot.policy.turn import Line, Medium

WAYS_ON = ("find_help", "person", "done")
WAYS_WHILE = ("calm", "person", "done")


class ShowBrief(BaseAction):
    """The only question of the consent form."""

    NAME = "action_ask_consent_answer"
    STALE = ("consent_lines",)

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Show the brief for the service picked, without what was taken out of it in words.

        With no safe way to reach them there is nothing to send, nor for somebody who does not want
        it: then it shows how to ring the service.
        """
        anew = await asked_anew(turn)  # taken back since it was told, or told before a code
        struck = sorted({*(tracker.get_slot("consent_struck") or ()), *turn.without})
        if tracker.get_slot("referral_service") == US:
            known = {**await app().facts.of(turn.conversation_id), **answers(tracker)}
            said = {} if anew else {**_contact(tracker), **_young(known)}
            return self._of_callback(dispatcher, said, struck)
        service = _service(tracker)
        given = {name: _answer(tracker.get_slot(f"referral_{name}")) for name in ANSWERS}
        if tracker.get_slot("referral_agrees") == "skip":
            given["agrees"] = "no"  # not known is not yes
        if anew:
            given |= dict.fromkeys(ANSWERS, "skip") | {"agrees": given["agrees"]}
        await app().facts.keep(turn.conversation_id, turn.turn_id, given)
        facts = await app().facts.told(turn.conversation_id)
        if given["agrees"] == "no":
            cards = app().offers.named([service], facts, turn.medium)
            say(dispatcher, "consent_not_agreed", services=cards)
            return forget(*(slot for slot in CONTACT if slot != AGREES))
        if not app().referrals.reaches(given):  # they can get in touch themselves instead
            cards = app().offers.named([service], facts, turn.medium)
            say(dispatcher, "consent_no_number", services=cards)
            return forget(*CONTACT)
        kept = {name: value for name, value in facts.items() if name not in struck}
        lines = app().referrals.draft(kept, service)
        say(dispatcher, "consent_brief", lines=lines)
        shown = {"service": service, "lines": [asdict(line) for line in lines]}
        return [SlotSet("consent_lines", shown), SlotSet("consent_struck", struck)]

    def _of_callback(
        self, dispatcher: CollectingDispatcher, said: dict[str, str], struck: list[str]
    ) -> Events:
        """Show what would be kept for a call, or say that no safe way to ring is seen."""
        lines = app().callbacks.draft(said, struck)
        if not lines:
            say(dispatcher, "callback_not_safe_yet")
            return forget("referral_service", "consent_struck", *CONTACT)
        say(dispatcher, "consent_brief_callback", lines=lines)
        shown = {"service": US, "lines": [asdict(line) for line in lines]}
        return [SlotSet("consent_lines", shown), SlotSet("consent_struck", struck)]


class KeepAnswer(BaseAction):
    """A yes is kept with the lines it was said to; after a no or a later nothing has left."""

    NAME = "action_consent_answered"
    DOES = True

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Keep a yes and say its reference, or say that nothing was sent."""
        answer, shown = tracker.get_slot("consent_answer"), tracker.get_slot("consent_lines")
        over = ["consent_answer", "consent_lines", "consent_struck", "referral_service"]
        if answer == "yes" and shown and shown["service"] == US:
            await self._book(dispatcher, tracker, turn, shown["lines"])
            return forget(*over, *CONTACT)
        # A yes counts for the lines of the service picked now, whatever is left from before.
        if answer == "yes" and shown and shown["service"] == _service(tracker):
            lines = app().referrals.left([Line(**line) for line in shown["lines"]], turn.without)
            reference = await app().referrals.consent(
                conversation_id=turn.conversation_id,
                turn_id=turn.turn_id,
                service_id=shown["service"],
                lines=lines,
                medium=turn.medium,
            )
            to_judge, told = await app().referrals.receipt(turn.conversation_id, reference)
            if to_judge:
                say(dispatcher, "consent_to_judge", told)
                return forget(*over)
            say(dispatcher, "consent_given", told, choices=())
            # Nobody is asked later by telephone: the call is over by then.
            ways = WAYS_WHILE if turn.medium == Medium.VOICE else None
            say(dispatcher, *await app().follow_up.wait(turn.conversation_id), choices=ways)
        elif shown and shown["service"] == US:  # no and not now are the same: nothing is kept
            say(dispatcher, "callback_refused")
            over += CONTACT
            await _unkeep_contact(turn)
        elif answer == "later":
            say(dispatcher, "consent_later")
        else:
            say(dispatcher, "consent_refused")
            over += CONTACT  # the brief may have been wrong: another one asks again
            await _unkeep_contact(turn)
        return forget(*over)

    async def _book(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, shown: list[dict]
    ) -> None:
        """Book the call, and say once what was agreed; what was for us counts for nobody else."""
        known = {**await app().facts.of(turn.conversation_id), **answers(tracker)}
        booked = await app().callbacks.book(
            conversation_id=turn.conversation_id,
            turn_id=turn.turn_id,
            answers={**_contact(tracker), **_young(known)},
            lines=[Line(**line) for line in shown if line["id"] not in turn.without],
            medium=turn.medium,
        )
        if booked is None:
            say(dispatcher, "callback_not_safe_yet")
        else:
            name = "callback_to_judge" if booked.to_judge else "callback_booked"
            say(dispatcher, name, app().callbacks.told(booked))


class Withdraw(BaseAction):
    """Taking consent back works at any time."""

    NAME = "action_consent_withdraw"
    DOES = True

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Take back what this person agreed to, or what has the reference they name.

        A reference may be of a call or of a note, so both are asked. Of another talk's reference
        nobody is told whether there is one.
        """
        named = contacting.reference(tracker.latest_message.get("text") or "")
        calls = await app().callbacks.withdraw(turn.conversation_id, named)
        taken = await app().referrals.withdraw(turn.conversation_id, named)
        if taken or not calls:
            none = "consent_named" if named else "consent_nothing_to_withdraw"
            name = "consent_withdrawn" if taken else none
            say(dispatcher, name, choices=() if calls else WAYS_ON)
        if calls:
            say(dispatcher, "callback_withdrawn")
        await _unkeep_contact(turn)
        return forget(*CONTACT)


async def _unkeep_contact(turn: Turn) -> None:
    """Keep no number, and no word of when to ring it, of somebody who said no."""
    known = await app().facts.of(turn.conversation_id)
    kept = {name: "skip" for name in ANSWERS if name in known}
    if kept:
        await app().facts.keep(turn.conversation_id, turn.turn_id, kept)


def _service(tracker: Tracker) -> str:
    """Return the id of the service picked; raises if nothing was, and nothing is shown then."""
    number = int(tracker.get_slot("referral_service").removeprefix("service_"))
    return tracker.get_slot("offered")[number - 1]["id"]


def _contact(tracker: Tracker) -> dict[str, str]:
    """Return what was answered of how it is safe to ring."""
    given = {slot.removeprefix("referral_"): tracker.get_slot(slot) for slot in CONTACT}
    return {name: value for name, value in given.items() if value is not None}


def _young(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the age of who is under 18 and asks for themselves, which whoever rings must know."""
    own = facts.get("who") not in OTHERS and facts.get("age_band") in UNDER_18
    return {"age_band": facts["age_band"]} if own else {}


def _answer(value: str | None) -> str:
    """Return an answer as a fact; what was not asked permits nothing, like what was skipped."""
    return "skip" if value in (None, "not_asked") else value
