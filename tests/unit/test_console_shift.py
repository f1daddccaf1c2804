# SPDX-License-Identifier: Apache-2.0
"""The shift's list, looking up, the audit's digest, the accounts, and the reminder to rest."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.policy.exposure import SHIFT, reminder
from bot.policy.hours import LONDON
from bot.service.ports import ConversationError
from bot.store import console_rows
from bot.web.health import health_app
from bot.web.metrics import Measures
from tests.console import DANGER, PASSWORD, person, seen
from tests.notes import NUMBER, agreed, note_of, work


async def taken(fingerpost, someone, *texts):
    contact, waiting = await person(fingerpost, *(texts or (DANGER,)))
    await fingerpost.handover.accept(waiting, someone.id)
    return contact, waiting


# -- the list ------------------------------------------------------------------------------------


async def test_the_list_holds_risks_and_what_is_owed_and_told_but_no_plain_note(
    sign_in, fingerpost, clock
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, waiting = await taken(fingerpost, sam)
    for kind, words in (
        ("promise", "to find the hours"),
        ("task", "to ask the lead"),
        ("told", "the lead knows of the knife"),
        ("note", "a private thought"),
    ):
        await fingerpost.notes.add(waiting, sam.id, kind, words, due_at=clock() + 60)
    page = await (await ines.get("/staff/shift")).text()
    for words in ("to find the hours", "to ask the lead", "the lead knows", "danger now"):
        assert words in page
    assert "a private thought" not in page and "knife in" not in page
    assert (ines.id, "shift") in await seen(fingerpost, contact.conversation_id)
    clock.pass_by(120)
    assert ">late<" in await (await ines.get("/staff/shift")).text()
    for note in await fingerpost.notes.of(waiting, sam.id):
        if note.owed:
            await fingerpost.notes.done(waiting, sam.id, note.id)
    page = await (await ines.get("/staff/shift")).text()
    assert "Nothing is owed" in page and "the lead knows" in page


async def test_who_is_kept_away_finds_nothing_of_that_story(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    _, waiting = await taken(fingerpost, sam)
    await fingerpost.notes.add(waiting, sam.id, "promise", "to find the hours")
    await fingerpost.colleagues.exclude(waiting, sam.id, ines.id)
    page = await (await ines.get("/staff/shift")).text()
    assert "to find the hours" not in page and waiting[:4] not in page
    assert await fingerpost.shift.search(ines.id, waiting[:8], "colleague") == []


async def test_calls_that_were_promised_are_handed_over_without_a_word_of_anybody(
    sign_in, fingerpost, clock
):
    clock.now = datetime(2026, 11, 27, 8, 0, tzinfo=LONDON).timestamp()
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, waiting = await taken(fingerpost, sam)
    given = {
        "contact_number": "+447400123456", "contact_when": "morning",
        "contact_code_word": "banana",
    }  # fmt: skip
    booked = await fingerpost.callbacks.book(
        conversation_id=contact.conversation_id, turn_id="turn", answers=given,
        lines=fingerpost.callbacks.draft(given), medium="chat",
    )  # fmt: skip
    page = await (await ines.get("/staff/shift")).text()
    assert booked.reference in page and "Fri 27 Nov, 09:00 to 12:00" in page
    assert not any(word in page for word in ("banana", "7400", booked.our_word))
    assert "<strong class=\"mark\">now" not in page
    clock.now += 2 * 3600
    assert "<strong class=\"mark\">now" in await (await ines.get("/staff/shift")).text()
    await fingerpost.colleagues.exclude(waiting, sam.id, ines.id)
    assert booked.reference not in await (await ines.get("/staff/shift")).text()


async def test_notes_that_wait_for_a_worker_are_handed_over_without_a_word_of_anybody(
    sign_in, fingerpost, post
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    contact, note = await agreed(fingerpost, service="no-route")
    page = await (await ines.get("/staff/shift")).text()
    assert "No note asks anything of us" in page, "it is about to go, and nobody has to act"
    await work(fingerpost)
    reference = (await note_of(fingerpost, contact.conversation_id)).reference
    page = await (await ines.get("/staff/shift")).text()
    assert f'<a href="/staff#note-{note}">{reference}</a>' in page and NUMBER not in page
    assert (ines.id, "shift") in await seen(fingerpost, note)
    await fingerpost.notes_out.desk.sent(note, sam.id)
    assert reference not in await (await ines.get("/staff/shift")).text()
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert reference in await (await ines.get("/staff/shift")).text()
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, ines.id, sam.id, 1.0)
    assert reference not in await (await ines.get("/staff/shift")).text()


# -- looking up ----------------------------------------------------------------------------------


async def test_a_reference_is_found_with_a_reason_and_shows_no_word(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    _, waiting = await taken(fingerpost, sam)
    answer = await ines.post("/staff/search", asked=waiting[:4].upper(), reason="came_back")
    page = await answer.text()
    assert "with staff" in page and "Sam Okafor" in page and "knife" not in page
    assert (ines.id, "search_came_back") in await seen(fingerpost, ines.id)
    assert (ines.id, "found") in await seen(fingerpost, waiting)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"asked": "abcd", "reason": ""}, "no_reason"),
        ({"asked": "abcd", "reason": "curious"}, "no_reason"),
        ({"asked": "ab", "reason": "colleague"}, "short_reference"),
        ({"asked": "    ", "reason": "colleague"}, "short_reference"),
    ],
)
async def test_nobody_looks_up_without_a_reason_or_a_reference(sign_in, form, code):
    sam = await sign_in()
    status, found = await sam.ask("POST", "/staff/search", **form)
    assert (status, found["code"]) == (422, code)
    assert (await sam.post("/staff/search", **form)).status == 422


async def test_what_is_kept_by_consent_is_found_by_the_exact_number_only(sign_in, fingerpost):
    sam = await sign_in()
    contact, _ = await person(fingerpost)
    told = {"contact_number": "+447400123456", "contact_when": "morning"}  # as an answer is kept
    reference = await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id,
        turn_id="turn",
        service_id="victim_support",
        lines=fingerpost.referrals.draft(told, "victim_support"),
        medium="chat",
    )
    search = fingerpost.shift.search
    for asked, hits in (
        ("07400123456", 1),
        ("07400 123456", 1),
        ("+44 7400 123 456", 1),
        (reference.lower(), 1),
        ("07400123457", 0),
        ("07400123", 0),
        ("Morning", 0),
        ("Victim Support", 0),
        ("%%%%", 0),
    ):
        found = await search(sam.id, asked, "came_back")
        assert [one.reference for one in found] == [reference] * hits, asked


@pytest.mark.parametrize(
    ("asked", "hits"), [("ada lovelace", 1), ("Ada", 0), ("Lovelace Ada", 0), ("ad", None)]
)
async def test_what_is_kept_by_consent_is_found_by_the_exact_name_only(
    sign_in, fingerpost, asked, hits
):
    sam = await sign_in()
    contact, _ = await person(fingerpost)
    told = {"contact_number": "+447400123456", "called": "Ada Lovelace"}
    await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id, turn_id="turn", service_id="victim_support",
        lines=fingerpost.referrals.draft(told, "victim_support"), medium="chat",
    )  # fmt: skip
    if hits is None:
        with pytest.raises(ConversationError):
            await fingerpost.shift.search(sam.id, asked, "came_back")
    else:
        assert len(await fingerpost.shift.search(sam.id, asked, "came_back")) == hits


@pytest.mark.parametrize(
    ("asked", "hits"),
    [("07400 123456", 1), ("+447400123456", 1), ("07400 123457", 0), ("banana", 0), ("", 1)],
)
async def test_a_call_that_was_agreed_is_found_by_reference_or_the_exact_number(
    sign_in, fingerpost, clock, asked, hits
):
    clock.now = datetime(2026, 11, 27, 8, 0, tzinfo=LONDON).timestamp()
    sam = await sign_in()
    given = {
        "contact_number": "+447400123456", "contact_when": "morning",
        "contact_code_word": "banana",
    }  # fmt: skip
    booked = await fingerpost.callbacks.book(
        conversation_id="a story", turn_id="turn", answers=given,
        lines=fingerpost.callbacks.draft(given), medium="chat",
    )  # fmt: skip
    form = {"asked": asked or booked.reference.lower(), "reason": "came_back"}
    page = await (await sam.post("/staff/search", **form)).text()
    assert (f"Call {booked.reference}: it is booked" in page) is bool(hits)
    await fingerpost.callbacks.withdraw("a story")
    page = await (await sam.post("/staff/search", **form)).text()
    assert ("they took it back" in page) is bool(hits)


# -- the audit -----------------------------------------------------------------------------------


async def test_the_digest_of_a_day_stays_the_same_and_shows_what_was_changed(
    sign_in, fingerpost, clock
):
    sam = await sign_in()
    await taken(fingerpost, sam)
    day = datetime.fromtimestamp(clock(), LONDON).date()
    first = await fingerpost.audit.digest(day)
    assert first.rows and first.by["Sam Okafor"]["accept"] == 1
    clock.pass_by(86400)
    await sam.get("/staff/shift")
    await taken(fingerpost, sam)
    assert await fingerpost.audit.digest(day) == first
    second = await fingerpost.audit.digest(date.fromordinal(day.toordinal() + 1))
    assert second.sha256 != first.sha256 and second.number > first.number
    async with fingerpost.store.write() as tx:
        await tx.execute(text("DROP TRIGGER audit_no_update"))
        await tx.execute(text("UPDATE audit SET what = 'nothing' WHERE what = 'accept'"))
    assert (await fingerpost.audit.digest(day)).sha256 != first.sha256


@pytest.mark.parametrize(
    ("role", "path", "what", "again"),
    [
        ("worker", "/staff", "queue", "/staff/queue"),
        ("supervisor", "/staff", "queue", "/staff/calls"),
        ("safeguarding", "/staff", "queue", "/staff/queue"),
        ("admin", "/staff/accounts", "accounts", "/staff/accounts/nobody/link"),
    ],
)
async def test_a_page_of_many_is_one_row_a_load_and_none_where_it_changes_by_itself(
    sign_in, fingerpost, clock, role, path, what, again
):
    await person(fingerpost, DANGER)
    someone = await sign_in(role=role)

    async def rows() -> int:
        return (await seen(fingerpost, someone.id)).count((someone.id, what))

    for loads in (1, 2):
        assert (await someone.get(path)).status == 200
        await someone.get(again)
        assert await rows() == loads
        clock.pass_by(61)


async def test_a_page_that_reloads_by_itself_is_one_look_a_minute(sign_in, fingerpost, clock):
    sam, kim = await sign_in(), await sign_in("Kim Roe")
    for after, rows in ((0, 1), (15, 1), (30, 1), (16, 2)):
        clock.pass_by(after)
        assert (await sam.get("/staff")).status == 200
        assert (await seen(fingerpost, sam.id)).count((sam.id, "queue")) == rows
    assert (await kim.get("/staff")).status == 200
    assert (kim.id, "queue") in await seen(fingerpost, kim.id), "another's look is their own"


async def test_an_open_risk_on_the_list_is_audited_story_by_story(sign_in, fingerpost):
    contact, _ = await person(fingerpost, DANGER)
    calm, _ = await person(fingerpost, "can i speak to a person please")
    sam = await sign_in()
    await sam.get("/staff/shift")
    assert await seen(fingerpost, contact.conversation_id) == [(sam.id, "shift")]
    assert await seen(fingerpost, calm.conversation_id) == []


async def test_a_role_without_the_queue_is_not_in_the_audit_as_having_seen_it(sign_in, fingerpost):
    dee = await sign_in("Dee Poe", role="dpo")
    assert (await dee.get("/staff")).status == 200
    assert (dee.id, "queue") not in await seen(fingerpost, dee.id)


# -- the digest that is kept elsewhere -----------------------------------------------------------


@pytest.fixture
def elsewhere(fingerpost, tmp_path):
    """A folder that gets each day's digest."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    fingerpost.audit_export.folder = folder
    return folder


async def test_each_day_that_is_over_is_written_once_and_whole(
    sign_in, fingerpost, clock, elsewhere
):
    clock.now = datetime(2026, 11, 26, 15, tzinfo=LONDON).timestamp()
    await taken(fingerpost, await sign_in())
    clock.pass_by(86400)
    await fingerpost.audit_export.run()
    file = elsewhere / "audit-2026-11-26.json"
    kept = json.loads(file.read_text())
    assert kept == asdict(await fingerpost.audit.digest(date(2026, 11, 26))) and kept["rows"]
    assert sorted(p.name for p in elsewhere.iterdir())[-1] == file.name  # and none of today
    file.write_text("as it was")
    await fingerpost.audit_export.run()
    assert file.read_text() == "as it was"
    clock.pass_by(2 * 86400)
    await fingerpost.audit_export.run()
    assert {"audit-2026-11-27.json", "audit-2026-11-28.json"} <= {
        p.name for p in elsewhere.iterdir()
    }


@pytest.mark.parametrize(
    ("hour", "minute", "written", "status", "state"),
    [
        (15, 0, True, 200, "written"),
        (15, 0, False, 503, "missing"),
        (1, 5, False, 503, "missing"),
        (0, 30, True, 200, "written"),  # of the day before yesterday: an hour is let pass
    ],
)
async def test_health_is_red_while_the_digest_of_yesterday_is_missing(
    fingerpost, clock, elsewhere, hour, minute, written, status, state
):
    clock.now = datetime(2026, 11, 27, hour, minute, tzinfo=LONDON).timestamp()
    if written:
        await fingerpost.audit_export.run()
        if hour == 0:
            (elsewhere / "audit-2026-11-26.json").unlink()
    async with TestClient(TestServer(health_app(fingerpost, Measures()))) as client:
        answer = await client.get("/health")
        found = await answer.json()
    assert (answer.status, found["audit_digest"]) == (status, state)


async def test_a_day_is_written_once_its_last_second_is_surely_kept(
    fingerpost, clock, elsewhere
):
    clock.now = datetime(2026, 11, 27, 0, 5, tzinfo=LONDON).timestamp()
    await fingerpost.audit_export.run()
    assert (elsewhere / "audit-2026-11-25.json").exists()
    assert not (elsewhere / "audit-2026-11-26.json").exists()


async def test_a_folder_that_went_away_stops_nothing_and_is_made_up_for(
    fingerpost, clock, elsewhere
):
    clock.now = datetime(2026, 11, 27, 15, tzinfo=LONDON).timestamp()
    elsewhere.rmdir()
    await fingerpost.audit_export.run()
    assert await fingerpost.audit_export.state() == "missing"
    elsewhere.mkdir()
    await fingerpost.audit_export.run()
    assert await fingerpost.audit_export.state() == "written"


async def test_the_audit_page_is_itself_in_the_audit(sign_in, fingerpost):
    sam, dee = await sign_in(), await sign_in("Dee Poe", role="dpo")
    await taken(fingerpost, sam)
    page = await (await dee.get("/staff/audit?day=nonsense")).text()
    assert "Sam Okafor" in page and "accept" in page
    assert (dee.id, "audit") in await seen(fingerpost, dee.id)


def test_the_command_prints_a_day_as_json(settings, monkeypatch, capsys):
    from bot.__main__ import main

    monkeypatch.setenv("FINGERPOST_VAR", str(settings.var))
    monkeypatch.setenv("FINGERPOST_SECRET_KEYS", "k" * 40)
    assert main(["audit", "digest", "--day", "2026-11-27"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["day"] == "2026-11-27" and len(found["sha256"]) == 64
    assert main(["audit", "digest", "--day", "soon"]) == 2


# -- the accounts --------------------------------------------------------------------------------


async def test_an_administrator_helps_who_lost_the_app_and_signs_them_out(sign_in, fingerpost):
    sam, ada = await sign_in(), await sign_in("Ada Min", role="admin")
    page = await (await ada.post(f"/staff/accounts/{sam.id}/link")).text()
    word = page.partition("/staff/set-up/")[2].partition("<")[0]
    assert (await fingerpost.accounts.invited(word)).name == "Sam Okafor"
    assert (await sam.get("/staff")).status == 200
    await ada.post(f"/staff/accounts/{sam.id}/sign-out")
    assert (await sam.get("/staff")).headers["Location"] == "/staff/sign-in"
    assert await fingerpost.accounts.sign_in("Sam Okafor", PASSWORD)
    audit = await seen(fingerpost, sam.id)
    assert (ada.id, "new_link") in audit and (ada.id, "signed_out") in audit


# -- the reminder to rest ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hard", "what"), [(0, ""), (1, ""), (2, "pause"), (3, "pause"), (4, "debrief"), (9, "debrief")]
)
def test_how_many_bring_which_reminder(hard, what):
    assert reminder(hard) == what


async def test_only_the_worker_sees_how_often_they_sat_with_danger(sign_in, fingerpost, clock):
    sam, sue = await sign_in(), await sign_in("Sue Visor", role="supervisor")
    for number in range(3):
        _, waiting = await taken(fingerpost, sam)
        flag = (await fingerpost.desk.flags(waiting, sam.id))[0]
        await fingerpost.desk.review(waiting, flag.id, sam.id, "wrong" if number == 2 else "right")
        await fingerpost.handover.end(waiting, sam.id, "supported")
    page = await (await sam.get("/staff")).text()
    assert "you sat with 2 people" in page
    assert "For your eyes only" not in await (await sue.get("/staff")).text()
    clock.pass_by(SHIFT - 60)
    await fingerpost.accounts.seen(sam.id)
    clock.pass_by(120)
    assert await fingerpost.shift.hard_hours(sam.id) == (0, "")
