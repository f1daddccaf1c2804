# SPDX-License-Identifier: Apache-2.0
"""Notes and colleagues: what is owed, who takes over, who joins, and who keeps away."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.policy.hours import LONDON
from bot.policy.turn import Line, Said, State
from bot.service.colleagues import READMITTED
from bot.service.ports import ConversationError
from bot.store import console_rows, handovers
from bot.store.rota import Roster
from bot.web.console_beside import READMITTED as READMITTED_LABELS
from bot.web.console_beside import due
from bot.web.console_words import cues
from tests.console import DANGER, person, seen


async def taken(fingerpost, someone, *texts):
    contact, waiting = await person(fingerpost, *(texts or (DANGER,)))
    await fingerpost.handover.accept(waiting, someone.id)
    return contact, waiting


async def said_to(fingerpost, contact) -> list[str]:
    reply = await fingerpost.conversations.messages(contact)
    return [m.say or m.text for m in reply.messages]


# -- notes -----------------------------------------------------------------------------------


async def test_a_note_is_kept_sealed_once_and_only_for_who_has_the_story(
    sign_in, fingerpost, settings
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, waiting = await taken(fingerpost, sam)
    form = {"kind": "promise", "note": "ask about the lilac door", "due": "06:30"}
    form["client_id"] = sam.id
    for _ in range(2):
        assert (await sam.ask("POST", f"/staff/people/{waiting}/notes", **form))[0] == 200
    page = await (await sam.get(f"/staff/people/{waiting}")).text()
    assert page.count("ask about the lilac door</p>") == 1 and "06:30" in page
    status, found = await ines.ask("POST", f"/staff/people/{waiting}/notes", **form)
    assert (status, found["code"]) == (403, "not_yours")
    assert (await ines.ask("GET", f"/staff/people/{waiting}/notes"))[0] == 403
    await fingerpost.store.settle()
    assert b"lilac" not in (settings.var / "fingerpost.db").read_bytes()
    audit = await seen(fingerpost, contact.conversation_id)
    assert (sam.id, "note_promise") in audit and (sam.id, "notes") in audit


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"kind": "gossip", "note": "x"}, "unknown_note"),
        ({"kind": "note", "note": "  "}, "empty_note"),
        ({"kind": "note", "note": "x" * 1001}, "too_long"),
    ],
)
async def test_a_note_that_is_none_is_refused(sign_in, fingerpost, form, code):
    sam = await sign_in()
    _, waiting = await taken(fingerpost, sam)
    status, found = await sam.ask("POST", f"/staff/people/{waiting}/notes", **form)
    assert (status, found["code"]) == ({"unknown_note": 404}.get(code, 422), code)


async def test_a_story_that_owes_something_is_not_ended(sign_in, fingerpost):
    sam = await sign_in()
    _, waiting = await taken(fingerpost, sam)
    (flag,) = await fingerpost.desk.flags(waiting, sam.id)
    await fingerpost.desk.review(waiting, flag.id, sam.id, "right")
    await fingerpost.notes.add(waiting, sam.id, "promise", "find the refuge's hours")
    end = {"outcome": "supported", "sure": "yes"}
    status, found = await sam.ask("POST", f"/staff/people/{waiting}/end", **end)
    assert (status, found["code"]) == (422, "owed_first")
    (note,) = await fingerpost.notes.of(waiting, sam.id)
    done = f"/staff/people/{waiting}/notes/{note.id}/done"
    assert (await sam.ask("POST", done))[0] == 200
    assert (await sam.ask("POST", done))[1]["code"] == "unknown_note"
    assert (await sam.ask("POST", f"/staff/people/{waiting}/end", **end))[0] == 200


async def test_that_999_was_rung_is_kept_with_time_and_reference(sign_in, fingerpost):
    sam = await sign_in()
    _, waiting = await taken(fingerpost, sam)
    form = {"kind": "rang_999", "at": "04:12", "reference": "DC-114"}
    await sam.ask("POST", f"/staff/people/{waiting}/notes", **form)
    (note,) = await fingerpost.notes.of(waiting, sam.id)
    assert note.kind == "rang_999" and "04:12" in note.text and "DC-114" in note.text


async def test_notes_go_when_the_story_goes(sign_in, fingerpost, clock):
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam, "can i speak to a person please")
    await fingerpost.notes.add(waiting, sam.id, "note", "a blue car")
    await fingerpost.handover.end(waiting, sam.id, "supported")
    clock.pass_by(3600)
    await fingerpost.retention.run()
    with pytest.raises(ConversationError):
        await fingerpost.notes.of(waiting, sam.id)
    async with fingerpost.store.read() as tx:
        assert await console_rows.notes_of(tx, contact.conversation_id) == []


@pytest.mark.parametrize(
    ("text", "hours"), [("23:00", 9 / 60), ("22:00", 23 + 9 / 60), ("", None), ("25:00", None)]
)
def test_a_time_of_day_is_the_next_one_there_is(text, hours):
    at = datetime(2026, 11, 27, 22, 51, tzinfo=LONDON).timestamp()
    found = due(text, at)
    assert found == (None if hours is None else pytest.approx(at + hours * 3600))


# -- why the screen flagged ------------------------------------------------------------------


async def test_each_flag_quotes_what_was_said_and_the_words_that_met_a_rule(sign_in, fingerpost):
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam)
    (flag,) = await fingerpost.desk.flags(waiting, sam.id)
    assert flag.said == DANGER
    assert "with a knife" in flag.words
    assert (sam.id, "flags") in await seen(fingerpost, contact.conversation_id)


def test_why_it_flagged_names_each_kind_once():
    heard = ["flag:weapon", "rule:near_now", "context", "rule:weapon_used", "rule:near_now", ""]
    assert cues(heard) == [
        "warning sign: weapon", "words: near now, weapon used",
        "only together with the messages before",
    ]  # fmt: skip


# -- passing on ------------------------------------------------------------------------------


async def test_a_colleague_takes_over_with_the_whole_talk_and_nobody_is_let_go_before(
    sign_in, fingerpost
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, waiting = await taken(fingerpost, sam)
    await fingerpost.handover.say(waiting, sam.id, "Hello, I am Sam")
    path = f"/staff/people/{waiting}"
    assert (await ines.ask("POST", f"{path}/take-over"))[1]["code"] == "taken"
    await sam.ask("POST", f"{path}/offer", what="ask", to=ines.id)
    assert (await fingerpost.conversations.messages(contact)).state is State.STAFF
    page = await (await ines.get("/staff")).text()
    assert "asks you to take over" in page and "Take over" in page
    await fingerpost.handover.say(waiting, sam.id, "A colleague will be here soon")
    assert (await ines.ask("POST", f"{path}/take-over"))[0] == 200
    talk = [e.message.text for e in await fingerpost.desk.talk(waiting, ines.id)]
    assert "Hello, I am Sam" in talk
    with pytest.raises(ConversationError):
        await fingerpost.handover.say(waiting, sam.id, "still me")
    said = await said_to(fingerpost, contact)
    assert said.count("staff_changed") == 1 and said.count("staff_joined") == 1


async def test_a_team_takes_over_and_of_two_in_it_one_has_them(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    leads = [await sign_in(name, role="safeguarding") for name in ("Lea Moss", "Lou Hart")]
    contact, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}"
    await sam.ask("POST", f"{path}/offer", what="ask", to="team:safeguarding")
    assert "You asked any safeguarding lead" in await (await sam.get(path)).text()
    assert "asks you to take over" in await (await leads[0].get("/staff")).text()
    for other in (sam, ines):
        assert "asks you to take over" not in await (await other.get("/staff")).text()
        assert (await other.ask("POST", f"{path}/take-over"))[1]["code"] == "taken"
    answers = await asyncio.gather(*(lead.ask("POST", f"{path}/take-over") for lead in leads))
    assert sorted(status for status, _ in answers) == [200, 409]
    async with fingerpost.store.read() as tx:
        found = await handovers.open_for(tx, contact.conversation_id)
    assert found.worker_id in {lead.id for lead in leads} and not found.offered_to


TEAMS_ON_DUTY = """
people:
  ines: {name: ines reyes, email: i@x.org}
  sam: {name: Sam Okafor, email: s@x.org}
teams:
  night team:
    shifts: [{days: [MO], from: '00:00', to: '00:00', on_call: [ines]}]
  a day team whose name is longer than what an offer holds:
    shifts: [{days: [TU], from: '00:00', to: '00:00', on_call: [sam]}]
"""


async def test_a_team_of_the_rota_takes_over_and_nobody_else(sign_in, fingerpost, tmp_path):
    sam, ines, lee = await sign_in(), await sign_in("Ines Reyes"), await sign_in("Lee Ward")
    (tmp_path / "rota.yml").write_text(TEAMS_ON_DUTY)
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    _, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}"
    night, day = fingerpost.duty.teams()
    page = await (await sam.get(path)).text()
    assert f'value="{night}"' in page and f'value="{day}"' in page and len(day) <= 36
    await sam.ask("POST", f"{path}/offer", what="ask", to=night)
    assert "You asked night team" in await (await sam.get(path)).text()
    assert "asks you to take over" not in await (await lee.get("/staff")).text()
    assert (await lee.ask("POST", f"{path}/take-over"))[1]["code"] == "taken"
    assert "asks you to take over" in await (await ines.get("/staff")).text()
    assert (await ines.ask("POST", f"{path}/take-over"))[0] == 200


async def test_a_team_that_is_none_is_not_asked(sign_in, fingerpost):
    sam = await sign_in()
    _, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}/offer"
    for team in ("team:admin", "team:", "everybody"):
        assert (await sam.ask("POST", path, what="ask", to=team))[1]["code"] == "unknown_colleague"


async def test_asked_no_longer_is_not_taken_over(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    _, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}"
    await sam.ask("POST", f"{path}/offer", what="ask", to=ines.id)
    await sam.ask("POST", f"{path}/offer", what="stop")
    assert (await ines.ask("POST", f"{path}/take-over"))[1]["code"] == "taken"
    await fingerpost.handover.say(waiting, sam.id, "I am here")


async def test_a_call_on_a_workers_own_line_is_not_passed_on_from_the_page(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    _, waiting = await person(fingerpost, DANGER)
    await fingerpost.handover.accept(waiting, sam.id, by_phone=True)
    path = f"/staff/people/{waiting}"
    answer = await sam.ask("POST", f"{path}/offer", what="ask", to=ines.id)
    assert answer[1]["code"] == "on_the_line"
    assert (await ines.ask("POST", f"{path}/take-over"))[1]["code"] == "taken"


async def test_nobody_who_takes_no_people_is_asked(sign_in, fingerpost):
    sam, dpo = await sign_in(), await sign_in("Dee Poe", role="dpo")
    _, waiting = await taken(fingerpost, sam)
    for to in (dpo.id, sam.id, waiting, "nobody"):
        answer = await sam.ask("POST", f"/staff/people/{waiting}/offer", what="ask", to=to)
        assert answer[1]["code"] == "unknown_colleague"


async def test_the_new_worker_is_watched_and_the_old_ones_leaving_moves_nothing(
    sign_in, fingerpost, clock
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, waiting = await taken(fingerpost, sam)
    await fingerpost.colleagues.offer(waiting, sam.id, ines.id)
    await fingerpost.colleagues.take_over(waiting, ines.id)
    await fingerpost.accounts.sign_out(sam.id)
    for _ in range(4):
        clock.pass_by(30)
        await fingerpost.accounts.seen(ines.id)
        while await fingerpost.work.one():
            pass
    async with fingerpost.store.read() as tx:
        found = await handovers.open_for(tx, contact.conversation_id)
    assert (found.id, found.worker_id) == (waiting, ines.id)
    clock.pass_by(200)
    while await fingerpost.work.one():
        pass
    (again,) = await fingerpost.handover.queue()
    assert again.worker_id is None


# -- a supervisor beside ---------------------------------------------------------------------


async def test_a_supervisor_joins_is_seen_by_both_and_ends_nothing(sign_in, fingerpost):
    sam, sue = await sign_in(), await sign_in("Sue Visor", role="supervisor")
    contact, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}"
    assert (await sue.get(path)).status == 403
    for _ in range(2):
        await sue.ask("POST", f"{path}/join")
    assert (await said_to(fingerpost, contact)).count("staff_second_joined") == 1
    await sue.ask("POST", f"{path}/say", text="I am Sue, I am here too")
    page = await (await sam.get(path)).text()
    assert "Sue Visor has joined you" in page
    assert "I am Sue" in page and "<span>Sue Visor</span>" in page
    theirs = await (await sue.get(path)).text()
    assert "Sam Okafor has this person" in theirs and "End the conversation" not in theirs
    for act in ("end", "hand-back", "offer", "exclude"):
        form = {"outcome": "supported", "sure": "yes", "to": sue.id, "what": "ask", "who": "me"}
        assert (await sue.ask("POST", f"{path}/{act}", **form))[0] == 403, act
    await sue.ask("POST", f"{path}/part")
    assert (await sue.get(path)).status == 403
    assert "staff_second_left" in await said_to(fingerpost, contact)
    assert (sue.id, "join") in await seen(fingerpost, contact.conversation_id)


async def test_who_joined_sees_nothing_of_what_comes_after_the_worker_let_go(sign_in, fingerpost):
    sam, sue = await sign_in(), await sign_in("Sue Visor", role="supervisor")
    contact, waiting = await taken(fingerpost, sam, "can i speak to a person please")
    await fingerpost.colleagues.join(waiting, sue.id)
    await fingerpost.handover.hand_back(waiting, sam.id, agreed=True)
    await fingerpost.conversations.hear(contact, Said(text="can i speak to a person please"))
    (again,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(again.id, sam.id)
    assert (await sue.get(f"/staff/people/{again.id}")).status == 403


async def test_emergency_words_pressed_by_two_at_once_are_said_once(sign_in, fingerpost):
    sam, sue = await sign_in(), await sign_in("Sue Visor", role="supervisor")
    contact, waiting = await taken(fingerpost, sam)
    await fingerpost.colleagues.join(waiting, sue.id)
    await asyncio.gather(
        fingerpost.handover.send_emergency_words(waiting, sam.id),
        fingerpost.handover.send_emergency_words(waiting, sue.id),
    )
    said = await said_to(fingerpost, contact)
    assert sum(say.startswith("emergency_from_staff") for say in said) == 1


# -- who keeps away --------------------------------------------------------------------------


async def test_who_knows_somebody_lets_go_and_does_not_see_them_again(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, waiting = await taken(fingerpost, sam)
    await sam.ask("POST", f"/staff/people/{waiting}/exclude", who="me")
    (again,) = await fingerpost.handover.queue()
    assert again.worker_id is None and again.tier == "now_first"
    assert again.id not in await (await sam.get("/staff")).text()
    assert (await sam.ask("POST", f"/staff/people/{again.id}/accept"))[1]["code"] == "excluded"
    assert again.id in await (await ines.get("/staff")).text()
    await fingerpost.handover.accept(again.id, ines.id)
    answer = await ines.ask("POST", f"/staff/people/{again.id}/offer", what="ask", to=sam.id)
    assert answer[1]["code"] == "excluded"
    assert (sam.id, "exclude") in await seen(fingerpost, contact.conversation_id)


async def test_a_colleague_is_kept_away_also_from_joining(sign_in, fingerpost):
    sam, sue = await sign_in(), await sign_in("Sue Visor", role="supervisor")
    _, waiting = await taken(fingerpost, sam)
    await fingerpost.colleagues.join(waiting, sue.id)
    path = f"/staff/people/{waiting}"
    await sam.ask("POST", f"{path}/exclude", who="colleague", to=sue.id)
    assert (await sue.get(path)).status == 403
    assert (await sue.ask("POST", f"{path}/join"))[1]["code"] == "excluded"
    assert waiting not in await (await sue.get("/staff")).text()


# -- what was agreed -------------------------------------------------------------------------


async def test_the_brief_says_what_was_agreed_and_what_became_of_it(sign_in, fingerpost):
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam, "can i speak to a person please")
    reference = await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id,
        turn_id="turn",
        service_id="victim_support",
        lines=[Line("service", "To", "Victim Support")],
        medium="chat",
    )
    page = await (await sam.get(f"/staff/people/{waiting}")).text()
    assert reference in page and "Victim Support: <strong>to be sent" in page
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert "taken back" in await (await sam.get(f"/staff/people/{waiting}")).text()


async def test_who_is_kept_away_is_nobody_who_is_there_for_that_person(sign_in, fingerpost):
    sam = await sign_in()
    await fingerpost.accounts.set_available(sam.id, True)
    contact, waiting = await taken(fingerpost, sam, "can i speak to a person please")
    other, _ = await person(fingerpost, "can i speak to a person please")
    await sam.ask("POST", f"/staff/people/{waiting}/exclude", who="me")
    for who, says in ((contact, "person_nobody"), (other, "waiting_update")):
        reply = await fingerpost.conversations.hear(who, Said(text="how long do i have to wait"))
        assert reply.messages[-1].say == says
    ines = await sign_in("Ines Reyes")
    await fingerpost.accounts.set_available(ines.id, True)
    reply = await fingerpost.conversations.hear(contact, Said(text="how long do i have to wait"))
    assert reply.messages[-1].say == "waiting_update"


ROTA = """
people:
  sam: {name: SAM OKAFOR, voice: "+441172000002"}
teams:
  support:
    shifts:
      - {days: [MO, TU, WE, TH, FR, SA, SU], from: "00:00", to: "00:00", on_call: [sam]}
"""


@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_nor_by_their_name_in_the_rota(sign_in, fingerpost, tmp_path, medium):
    sam = await sign_in()
    (tmp_path / "rota.yml").write_text(ROTA)
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    fingerpost.duty.means = {"voice"}
    contact, waiting = await person(fingerpost, "hello")
    there = fingerpost.duty.somebody_there
    async with fingerpost.store.write() as tx:
        assert await there(tx, medium, contact.conversation_id)
        await console_rows.exclude(tx, contact.conversation_id, sam.id, "ines", 0.0)
        assert not await there(tx, medium, contact.conversation_id)
        assert await there(tx, medium, "another story")


async def test_a_supervisor_lets_somebody_back_with_a_reason_and_nobody_else_does(
    sign_in, fingerpost
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    sue = await sign_in("Sue Adeyemi", role="supervisor")
    contact, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}"
    await sam.ask("POST", f"{path}/exclude", who="colleague", to=ines.id)
    page = await (await sam.get(path)).text()
    assert "Ines Reyes is kept away" in page and "Let them back" not in page
    back = {"to": ines.id, "reason": "mistake"}
    assert (await sam.ask("POST", f"{path}/readmit", **back))[1]["code"] == "role"
    assert (await sue.ask("POST", f"{path}/readmit", **back))[1]["code"] == "not_yours"
    await sue.ask("POST", f"{path}/join")
    assert "Let them back" in await (await sue.get(path)).text()
    for form, code in (({"reason": ""}, "no_reason"), ({"to": sam.id}, "unknown_colleague")):
        assert (await sue.ask("POST", f"{path}/readmit", **(back | form)))[1]["code"] == code
    assert (await sue.ask("POST", f"{path}/readmit", **back))[0] == 200
    assert (await sue.ask("POST", f"{path}/readmit", **back))[1]["code"] == "unknown_colleague"
    await sam.ask("POST", f"{path}/offer", what="ask", to=ines.id)
    assert (await ines.ask("POST", f"{path}/take-over"))[0] == 200
    assert (sue.id, "readmit_mistake") in await seen(fingerpost, contact.conversation_id)
    assert (sue.id, "readmits") in await seen(fingerpost, ines.id)


async def test_nobody_lets_themselves_back(sign_in, fingerpost):
    sam, sue = await sign_in(), await sign_in("Sue Adeyemi", role="supervisor")
    contact, waiting = await taken(fingerpost, sam)
    await sue.ask("POST", f"/staff/people/{waiting}/join")
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, sue.id, sam.id, 0.0)
    form = {"to": sue.id, "reason": "mistake"}
    answer = await sue.ask("POST", f"/staff/people/{waiting}/readmit", **form)
    assert answer[1]["code"] == "unknown_colleague"


def test_every_reason_to_let_somebody_back_is_said_in_words():
    assert tuple(READMITTED_LABELS) == READMITTED
