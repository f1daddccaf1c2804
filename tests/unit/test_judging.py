# SPDX-License-Identifier: Apache-2.0
"""Whose yes a named worker judges first, and that nothing leaves or rings before they have."""

from __future__ import annotations

import uuid

import pytest

from bot.policy import competence
from bot.policy.age import BANDS, UNDER_18
from bot.policy.passing import OTHERS
from bot.policy.turn import Said, State
from bot.service.ports import ConversationError
from bot.store import callbacks, console_rows, conversations, records, referrals, staff
from bot.store.leftovers import JUDGED
from tests.notes import FRIDAY, LINES, note_of, work
from tests.unit.test_callback import book
from tests.unit.test_referral_sent import told_in
from tests.unit.test_taking_back import states, talking
from tests.unit.test_turn import hear, names

WHO = ("", "for_me", *OTHERS)
HOUR = 3600.0


@pytest.fixture
def friday(clock):
    clock.now = FRIDAY


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("band", ["", *BANDS])
def test_a_yes_for_themselves_of_who_is_under_18_is_judged(who, band):
    judged = competence.judged_because({"who": who, "age_band": band})
    assert judged == ("young" if band in UNDER_18 and who not in OTHERS else "")


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("own", ["", *BANDS])
def test_a_child_is_a_child_whoever_they_ask_for(who, own):
    judged = competence.judged_because({"who": who, "age_band": "25_59"}, own)
    assert judged == ("young" if own in UNDER_18 else "")


@pytest.mark.parametrize("text", [
    "my carer decides for me", "i cant decide this on my own", "my mum has to agree",
    "i can't make my own decisions", "there is a power of attorney", "I lack capacity",
    "my social worker makes all my decisions", "someone else decides that",
])  # fmt: skip
def test_who_says_that_they_cannot_decide_is_heard(text):
    assert competence.cannot(text, at_brief=False)


@pytest.mark.parametrize("text", [
    "i dont understand", "sorry i didnt get that", "what does that mean", "im confused",
    "what am i agreeing to", "no understand english good",
])  # fmt: skip
def test_who_did_not_understand_what_was_read_is_heard_there_alone(text):
    assert competence.cannot(text, at_brief=True)
    assert not competence.cannot(text, at_brief=False)


@pytest.mark.parametrize("text", [
    "yes", "no", "i cant decide between them", "my mum died", "my carer hits me", "take out my age",
    "i decided to leave", "my social worker is called jo", "he makes all the decisions",
])  # fmt: skip
def test_other_words_say_nothing_of_it(text):
    assert not competence.cannot(text, at_brief=True)


# -- kept, and nothing comes of it -------------------------------------------------------------


async def agree(fingerpost, contact):
    await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id, turn_id=str(uuid.uuid4()), service_id="mill",
        lines=LINES, medium="chat",
    )  # fmt: skip
    return await note_of(fingerpost, contact.conversation_id)


async def told(fingerpost, contact, **facts):
    await fingerpost.facts.keep(contact.conversation_id, str(uuid.uuid4()), facts)


async def said(fingerpost, contact):
    return [m.say for m in (await fingerpost.conversations.messages(contact)).messages]


async def audited(fingerpost, subject):
    async with fingerpost.store.read() as tx:
        return {(one.staff_id, one.what) for one in await staff.audit_of(tx, subject)}


@pytest.mark.parametrize("kind", ["note", "call"])
@pytest.mark.parametrize(("facts", "state"), [
    ({"age_band": "under_16"}, "to_judge"), ({"age_band": "16_17", "who": "for_me"}, "to_judge"),
    ({"age_band": "under_16", "who": "for_family"}, ""), ({"age_band": "18_24"}, ""), ({}, ""),
    ({"decides": "helped", "age_band": "60_plus"}, "to_judge"),
])  # fmt: skip
async def test_by_age_and_who_asks_a_yes_waits_or_goes(fingerpost, post, kind, facts, state):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, **facts)
    if kind == "note":
        note = await agree(fingerpost, contact)
        await work(fingerpost)
        assert (note.consent == "to_judge", bool(post.brought)) == (bool(state), not state)
    else:
        booked = await book(fingerpost, contact.conversation_id)
        assert booked.to_judge is bool(state)
        assert await states(fingerpost, contact) == [state or "booked"]
    queue = await fingerpost.handover.queue()
    await work(fingerpost)
    queue = await fingerpost.handover.queue()
    assert [w.reason for w in queue] == (["may_they_decide"] if state else [])


@pytest.mark.parametrize("reason", [*competence.MAY, *competence.MAY_NOT])
async def test_a_note_goes_only_after_a_named_workers_yes_and_the_child_is_told(
    fingerpost, post, reason
):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    note = await agree(fingerpost, contact)
    await work(fingerpost)
    await fingerpost.judging.decide(note.id, "sam", reason)
    await work(fingerpost)
    may = reason in competence.MAY
    assert len(post.brought) == may
    after = (await note_of(fingerpost, contact.conversation_id)).consent
    assert after == ("sent" if may else "withdrawn")
    assert (await said(fingerpost, contact))[-1] == f"judged_note_{'may' if may else 'may_not'}"
    what = f"{'may' if may else 'may_not'}_{reason}"
    assert ("sam", what) in await audited(fingerpost, note.id)
    with pytest.raises(ConversationError):
        await fingerpost.judging.decide(note.id, "kim", "understands")


@pytest.mark.parametrize(("reason", "state"), [("understands", "booked"), ("not_free", "over")])
async def test_nobody_rings_a_child_before_a_worker_has_judged_it(
    fingerpost, friday, reason, state
):
    contact = await talking(fingerpost)
    await book(fingerpost, contact.conversation_id, age_band="under_16")
    (one,) = await fingerpost.calling_back.board("sam")
    fingerpost.calling_back.ringer = object()  # nothing of it may be asked for
    with pytest.raises(ConversationError):
        await fingerpost.calling_back.begin(one.id, "sam")
    await fingerpost.judging.decide(one.id, "sam", reason)
    assert await states(fingerpost, contact) == [state]
    assert (await said(fingerpost, contact))[-1].startswith("judged_call_may")


async def test_a_child_who_strikes_out_their_age_is_judged_all_the_same(fingerpost, friday):
    contact = await talking(fingerpost)
    answers = {"contact_number": "+447400123456", "contact_when": "any_time", "age_band": "16_17"}
    lines = fingerpost.callbacks.draft(answers, without=("age_band",))
    booked = await fingerpost.callbacks.book(
        conversation_id=contact.conversation_id, turn_id="t", answers=answers, lines=lines,
        medium="chat",
    )  # fmt: skip
    assert booked.to_judge


@pytest.mark.parametrize("words", ["i am 15", "my carer decides for me"])
async def test_what_is_learned_later_holds_back_what_has_not_gone(fingerpost, friday, words):
    contact = await talking(fingerpost)
    note = await agree(fingerpost, contact)
    await book(fingerpost, contact.conversation_id)
    reply = await hear(fingerpost, contact, words)
    assert "consent_held" in names(reply)
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "to_judge"
    assert await states(fingerpost, contact) == ["to_judge"]
    await fingerpost.judging.decide(note.id, "sam", "with_help")
    reply = await hear(fingerpost, contact, words)  # said again, it is not judged again
    assert "consent_held" not in names(reply)
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "to_send"


async def test_a_yes_that_waits_is_taken_back_like_any_other(fingerpost, friday):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    note = await agree(fingerpost, contact)
    await book(fingerpost, contact.conversation_id)
    reply = await hear(fingerpost, contact, "dont ring me and dont send it")
    assert {"callback_withdrawn", "consent_withdrawn"} <= set(names(reply))
    for subject in (note.id, (await calls(fingerpost, contact))[0]):
        with pytest.raises(ConversationError):
            await fingerpost.judging.decide(subject, "sam", "understands")


async def calls(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        (record,) = await callbacks.records_of(tx, contact.conversation_id)
        return [row.id for row in await callbacks.callbacks_of(tx, record.id)]


async def test_who_did_not_understand_the_brief_is_brought_to_a_person(fingerpost, assistant):
    contact = await talking(fingerpost)
    assistant.says = ["consent_brief"]
    await hear(fingerpost, contact, "ask them to contact me")
    reply = await hear(fingerpost, contact, "i dont understand what that means")
    assert names(reply)[0] == "consent_with_a_person"
    assert [w.reason for w in await fingerpost.handover.queue()] == ["asked"]
    assert (await fingerpost.facts.of(contact.conversation_id))["decides"] == "helped"


async def test_a_worker_decides_in_the_console_with_a_reason(sign_in, fingerpost, post):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    note = await agree(fingerpost, contact)
    await book(fingerpost, contact.conversation_id)
    (call,) = await calls(fingerpost, contact)
    someone = await sign_in()
    shown = (("/staff", f"referrals/{note.id}"), ("/staff/callbacks", f"callbacks/{call}"))
    for page, path in shown:
        assert f'/staff/{path}/judge"' in await (await someone.get(page)).text()
        assert (await someone.post(f"/staff/{path}/judge", reason="because")).status >= 400
        assert (await someone.post(f"/staff/{path}/judge", reason="understands")).status < 400
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "to_send"
    assert await states(fingerpost, contact) == ["booked"]


async def test_who_is_kept_away_decides_nothing(fingerpost, friday):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    note = await agree(fingerpost, contact)
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, "sam", "kim", FRIDAY)
    with pytest.raises(ConversationError):
        await fingerpost.judging.decide(note.id, "sam", "understands")
    async with fingerpost.store.read() as tx:
        assert (await referrals.find(tx, note.id)).consent == "to_judge"


async def test_what_a_worker_booked_with_a_child_stays_booked_as_the_talk_goes_on(
    fingerpost, friday
):
    contact = await talking(fingerpost)
    await hear(fingerpost, contact, "i am 15")
    booked = await book(fingerpost, contact.conversation_id, by="sam")
    assert not booked.to_judge
    assert "consent_held" not in names(await hear(fingerpost, contact, "thanks"))
    assert await states(fingerpost, contact) == ["booked"]


async def test_a_call_booked_before_it_was_known_that_it_is_a_childs_is_judged(fingerpost, friday):
    contact = await talking(fingerpost)
    await book(fingerpost, contact.conversation_id, by="sam")
    assert "consent_held" in names(await hear(fingerpost, contact, "i am 15"))
    assert await states(fingerpost, contact) == ["to_judge"]


async def test_a_verdict_lasts_as_long_as_what_it_is_of(fingerpost, friday, clock):
    contact = await talking(fingerpost)
    note = await agree(fingerpost, contact)
    await book(fingerpost, contact.conversation_id)
    await hear(fingerpost, contact, "i am 15")
    for subject in (note.id, *await calls(fingerpost, contact)):
        await fingerpost.judging.decide(subject, "sam", "understands")
    async with fingerpost.store.write() as tx:  # nothing else of the story is to be swept away
        await conversations.change(tx, contact.conversation_id, closes_at=clock() + 3 * HOUR)
    clock.pass_by(2 * HOUR)
    await fingerpost.retention.run()
    assert "consent_held" not in names(await hear(fingerpost, contact, "thanks"))
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "to_send"
    assert await states(fingerpost, contact) == ["booked"]


async def test_a_verdict_goes_with_what_it_was_of(fingerpost, friday, clock):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    note = await agree(fingerpost, contact)
    await fingerpost.judging.decide(note.id, "sam", "not_free")
    async with fingerpost.store.write() as tx:
        await records.drop_consent(tx, note.id)
    clock.pass_by(2 * HOUR)
    await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await records.effect_result(tx, note.id, JUDGED) is None


async def test_an_answer_for_a_call_says_what_became_of_it(fingerpost, friday, clock):
    """No time that is safe is left when a worker decides: the plan is over before the afternoon."""
    contact = await talking(fingerpost)
    kept = {"age_band": "under_16", "contact_when": "afternoon"}
    await book(fingerpost, contact.conversation_id, **kept)
    (call,) = await calls(fingerpost, contact)
    clock.pass_by(fingerpost.settings.consent_kept_for - HOUR)
    await fingerpost.judging.decide(call, "sam", "understands")
    assert await states(fingerpost, contact) == ["over"]
    assert (await told_in(fingerpost, contact.conversation_id))[-1] == "judged_call_no_time"


@pytest.mark.parametrize("kind", ["note", "call"])
@pytest.mark.parametrize("how", ["left", "stop", "code"])
async def test_what_was_decided_is_not_shown_to_who_may_have_company(
    fingerpost, friday, post, kind, how
):
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    if kind == "note":
        subject = (await agree(fingerpost, contact)).id
    else:
        await book(fingerpost, contact.conversation_id)
        (subject,) = await calls(fingerpost, contact)
    talks = fingerpost.conversations
    if how == "stop":
        await talks.hear(contact, Said(text="its not safe"))
    elif how == "left":
        await talks.leave(contact)
    else:
        await talks.resume(await talks.resume_code(contact), "chat", "a-source")
    await fingerpost.judging.decide(subject, "sam", "understands")
    said = await told_in(fingerpost, contact.conversation_id)
    assert [say for say in said if say.startswith("judged_")] == []


@pytest.mark.parametrize("kind", ["note", "call"])
async def test_who_left_is_not_in_the_queue_and_staff_are_paged_for_what_waits(
    fingerpost, friday, post, kind, monkeypatch
):
    paged = []

    async def remind(page_id, tier, name, rather=()):
        paged.append(name)

    monkeypatch.setattr(fingerpost.paging, "remind", remind)
    contact = await talking(fingerpost)
    await told(fingerpost, contact, age_band="under_16")
    made = agree(fingerpost, contact) if kind == "note" else book(
        fingerpost, contact.conversation_id
    )
    await made
    async with fingerpost.store.write() as tx:
        await conversations.change(tx, contact.conversation_id, state=State.ENDED)
    await work(fingerpost)
    assert paged == [f"page_judge_{kind}"]
