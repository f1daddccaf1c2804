# SPDX-License-Identifier: Apache-2.0
"""Shows the very lines that would leave the service, and keeps a yes to them, or a no."""

from __future__ import annotations

from dataclasses import asdict

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, app, forget, say
from actions.referral import AGREES, CONTACT
from bot.policy.turn import Line

ANSWERS = ("agrees", "contact_number", "contact_voicemail", "contact_when")
WAYS_ON = ("find_help", "person", "done")


class ShowBrief(BaseAction):
    """The only question of the consent form."""

    NAME = "action_ask_consent_answer"
    STALE = ("consent_lines",)

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Show the brief for the service picked, without what was taken out of it in words.

        With no number there is nothing to send, nor for somebody who does not want it: then it
        shows how to ring the service.
        """
        service = _service(tracker)
        answers = {name: _answer(tracker.get_slot(f"referral_{name}")) for name in ANSWERS}
        if tracker.get_slot("referral_agrees") == "skip":
            answers["agrees"] = "no"  # not known is not yes
        await app().facts.keep(turn.conversation_id, turn.turn_id, answers)
        facts = await app().facts.of(turn.conversation_id)
        if answers["agrees"] == "no":
            cards = app().offers.named([service], facts, turn.medium)
            say(dispatcher, "consent_not_agreed", services=cards)
            return forget(*(slot for slot in CONTACT if slot != AGREES))
        if answers["contact_number"] == "skip":  # nobody could reach them: they can ring instead
            cards = app().offers.named([service], facts, turn.medium)
            say(dispatcher, "consent_no_number", services=cards)
            return forget(*CONTACT)
        struck = sorted({*(tracker.get_slot("consent_struck") or ()), *turn.without})
        kept = {name: value for name, value in facts.items() if name not in struck}
        lines = app().referrals.draft(kept, service)
        say(dispatcher, "consent_brief", lines=lines)
        shown = {"service": service, "lines": [asdict(line) for line in lines]}
        return [SlotSet("consent_lines", shown), SlotSet("consent_struck", struck)]


class KeepAnswer(BaseAction):
    """A yes is kept with the lines it was said to; after a no or a later nothing has left."""

    NAME = "action_consent_answered"
    DOES = True

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Keep a yes and say its reference, or say that nothing was sent."""
        answer, shown = tracker.get_slot("consent_answer"), tracker.get_slot("consent_lines")
        over = ["consent_answer", "consent_lines", "consent_struck", "referral_service"]
        # A yes counts for the lines of the service picked now, whatever is left from before.
        if answer == "yes" and shown and shown["service"] == _service(tracker):
            lines = [Line(**line) for line in shown["lines"] if line["id"] not in turn.without]
            reference = await app().referrals.consent(
                conversation_id=turn.conversation_id,
                turn_id=turn.turn_id,
                service_id=shown["service"],
                lines=lines,
                medium=turn.medium,
            )
            say(dispatcher, "consent_given", {"reference": reference}, choices=WAYS_ON)
        elif answer == "later":
            say(dispatcher, "consent_later")
        else:
            say(dispatcher, "consent_refused")
            over += CONTACT  # the brief may have been wrong: another one asks again
            await _unkeep_contact(turn)
        return forget(*over)


class Withdraw(BaseAction):
    """Taking consent back works at any time."""

    NAME = "action_consent_withdraw"
    DOES = True

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Take back everything this person agreed to."""
        taken = await app().referrals.withdraw(turn.conversation_id)
        name = "consent_withdrawn" if taken else "consent_nothing_to_withdraw"
        say(dispatcher, name, choices=WAYS_ON)
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


def _answer(value: str | None) -> str:
    """Return an answer as a fact; what was not asked permits nothing, like what was skipped."""
    return "skip" if value in (None, "not_asked") else value
