# SPDX-License-Identifier: Apache-2.0
"""A note on its way: by the service's own route, once, with every outcome kept; and its answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest

from bot.policy.route import Route
from bot.policy.turn import Said
from bot.service.ports import ConversationError, NotDelivered, PageFailed
from bot.service.referral_state import CHASE, REFER
from bot.service.referring import Ways
from bot.service.transcript import read
from bot.store import conversations, events, records, referrals
from tests.notes import (
    FRIDAY,
    LINES,
    NUMBER,
    ROUTE,
    Post,
    agreed,
    note_of,
    public,
    said,
    state,
    use,
    work,
)


@pytest.fixture
def settings(tmp_path):
    return public(tmp_path)


async def to_do(fingerpost):
    return [one.to_do for one in await fingerpost.referrals.to_act_on("a-worker")]


async def test_it_goes_by_the_route_and_says_nothing_of_anybody(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    (parcel,) = post.brought
    assert parcel.to == "in@mill.example"
    for hidden in (NUMBER, "Old Mill", "07400"):
        assert hidden not in parcel.subject + parcel.text
    assert "Lighthouse Line" in parcel.text and "Lighthouse" not in parcel.subject
    assert parcel.fields["note"]["lines"][1]["text"] == NUMBER
    assert "voice message" in parcel.fields["note"]["rules"]
    assert await state(fingerpost, contact) == ("sent", "waiting")
    row = await note_of(fingerpost, contact.conversation_id)
    assert datetime.fromtimestamp(row.answer_by, UTC).isoformat() == "2026-12-01T17:00:00+00:00"
    assert await to_do(fingerpost) == []
    (under_way,) = await fingerpost.referrals.under_way("a-worker")
    assert under_way.service == "The Old Mill" and under_way.lines == ()
    async with fingerpost.store.read() as tx:
        assert await referrals.by_link(tx, post.token, FRIDAY) is None, "only a hash is kept"


@pytest.mark.parametrize(
    "ways",
    [
        Ways({}, {"email": Post()}, links=True),
        Ways({"mill": Route("email", "a@b.example", "medium")}, {"email": Post()}, links=True),
        Ways({"mill": ROUTE}, {}, links=True),
        Ways({"mill": ROUTE}, {"email": Post()}, links=False),
        Ways({"mill": Route("print", "", "high", date(2026, 11, 20))}, {}, links=True),
    ],
)
async def test_without_a_certain_route_it_is_a_workers(fingerpost, post, ways):
    fingerpost.notes_out.referring.ways = ways
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    assert await state(fingerpost, contact) == ("to_send", "by_hand")
    assert await to_do(fingerpost) == ["by_hand"]
    await fingerpost.notes_out.desk.sent(one, "a-worker")
    assert await state(fingerpost, contact) == ("sent", "waiting")
    assert await to_do(fingerpost) == []


async def test_what_did_not_go_is_tried_again_and_then_given_to_a_worker(fingerpost, post, clock):
    post.fails = [NotDelivered("no_answer")] * 9
    contact, _ = await agreed(fingerpost)
    for wait in (0, 60, 300, 900, 3600, 36000):
        clock.pass_by(wait)
        await work(fingerpost)
    assert len(post.fails) == 9 - 5
    assert await state(fingerpost, contact) == ("to_send", "failed")
    assert await to_do(fingerpost) == ["failed"]
    assert (await fingerpost.referrals.to_act_on("a-worker"))[0].error == "no_answer"


async def test_a_second_try_has_the_same_name_and_one_that_is_refused_is_the_last(
    fingerpost, post, clock
):
    post.fails = [NotDelivered("no_answer"), None]
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    assert await state(fingerpost, contact) == ("to_send", "planned")
    clock.pass_by(60)
    await work(fingerpost)
    assert [parcel.id for parcel in post.brought] == [one]
    post.fails = [NotDelivered("address_refused", again=False)]
    other, _ = await agreed(fingerpost)
    await work(fingerpost)
    assert await state(fingerpost, other) == ("to_send", "failed")


async def test_what_may_have_gone_is_not_sent_again_by_itself(fingerpost, post, clock):
    post.fails = [NotDelivered("went_silent", maybe=True)]
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    clock.pass_by(7200)
    await work(fingerpost)
    assert post.brought == []
    assert await state(fingerpost, contact) == ("sent", "unsure")
    assert await to_do(fingerpost) == ["unsure"]


async def test_a_process_killed_while_sending_sends_nothing_twice(fingerpost, post, clock):
    """It dies after the service has it and before that is kept; its work is claimed once more."""
    contact, one = await agreed(fingerpost)

    class Killed(BaseException):
        pass

    async def kill():
        post.brought.append(None)
        raise Killed

    post.meanwhile = kill
    with pytest.raises(Killed):
        await fingerpost.work.one()
    post.meanwhile = None
    assert await state(fingerpost, contact) == ("to_send", "sending")
    assert not await fingerpost.work.one(), "its lease has not run out"
    clock.pass_by(60)
    await work(fingerpost)
    assert post.brought == [None], "it was sent once"
    assert await state(fingerpost, contact) == ("sent", "unsure")


async def test_two_edges_send_it_once(fingerpost, post):
    contact, one = await agreed(fingerpost)
    both = [fingerpost.notes_out.referring.deliver(one) for _ in range(2)]

    async def slow():
        await asyncio.sleep(0.05)

    post.meanwhile = slow
    await asyncio.gather(*both)
    assert len(post.brought) == 1
    assert await state(fingerpost, contact) == ("sent", "waiting")


# -- a change of mind ------------------------------------------------------------------------


async def test_who_takes_it_back_before_it_went_sends_nothing(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    assert await fingerpost.referrals.withdraw(contact.conversation_id) == 1
    await work(fingerpost)
    assert post.brought == []
    assert await state(fingerpost, contact) == ("withdrawn", "planned")


async def test_who_takes_it_back_after_it_went_has_it_recalled(fingerpost, post):
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert await to_do(fingerpost) == ["take_back"]
    partner = fingerpost.notes_out.partner
    assert (await partner.seen(post.token)).state == "taken_back"
    assert (await partner.opened(post.token)).note is None
    with pytest.raises(ConversationError, match="answered"):
        await partner.answer(post.token, "accepted")
    await fingerpost.notes_out.desk.deleted(one, "a-worker")
    assert await to_do(fingerpost) == []


async def test_who_takes_it_back_while_it_goes_has_it_recalled(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    post.meanwhile = lambda: fingerpost.referrals.withdraw(contact.conversation_id)
    await work(fingerpost)
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "recalled"
    assert await to_do(fingerpost) == ["take_back"]


async def test_who_takes_it_back_while_it_fails_to_go_has_nothing_to_recall(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    post.meanwhile = lambda: fingerpost.referrals.withdraw(contact.conversation_id)
    post.fails = [NotDelivered("no_answer")]
    await work(fingerpost)
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "withdrawn"
    assert await to_do(fingerpost) == []


@pytest.fixture
def paged(fingerpost, monkeypatch):
    """The pages that whoever is on duty was reminded by."""
    found = []

    async def remind(page_id, tier, name):
        found.append((tier, name))

    monkeypatch.setattr(fingerpost.paging, "remind", remind)
    return found


@pytest.fixture
def hook(fingerpost, post):
    """The same service, taking its notes by a webhook."""
    route = Route("webhook", "https://mill.example/in", "high", date(2026, 11, 20))
    use(fingerpost, ("webhook", post), mill=route)
    return post


async def test_a_webhook_that_failed_may_have_kept_it_and_is_asked(fingerpost, hook, paged, clock):
    """A 502 comes from what stands in front: the note may be behind it."""
    hook.fails = [NotDelivered("status_502")] * 9
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    assert await state(fingerpost, contact) == ("to_send", "planned")
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert await to_do(fingerpost) == ["take_back"]
    await work(fingerpost)
    assert paged == [("when_ready", "page_referral")]


async def test_a_webhook_that_fails_as_it_is_taken_back_is_asked(fingerpost, hook, paged):
    hook.fails = [NotDelivered("status_500")]
    contact, _ = await agreed(fingerpost)
    hook.meanwhile = lambda: fingerpost.referrals.withdraw(contact.conversation_id)
    await work(fingerpost)
    assert await to_do(fingerpost) == ["take_back"]


async def test_staff_are_called_to_take_back_what_went(fingerpost, post, paged):
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert paged == []
    await work(fingerpost)
    assert paged == [("when_ready", "page_referral")]
    other, _ = await agreed(fingerpost)
    await fingerpost.referrals.withdraw(other.conversation_id)
    await work(fingerpost)
    assert len(paged) == 1, "nothing had gone"


async def test_it_is_taken_back_by_its_reference_from_another_talk(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    reference = (await note_of(fingerpost, contact.conversation_id)).reference
    other = (await fingerpost.conversations.open("chat")).contact
    assert await fingerpost.referrals.withdraw(other.conversation_id, "AAAAAA") == 0
    assert await fingerpost.referrals.withdraw(other.conversation_id, reference) == 0, "not told"
    assert await to_do(fingerpost) == ["take_back"]


async def two_notes(fingerpost):
    """Let somebody agree to two notes; return the contact and the references."""
    contact, _ = await agreed(fingerpost)
    story = contact.conversation_id
    first = (await note_of(fingerpost, story)).reference
    second = await fingerpost.referrals.consent(
        conversation_id=story, turn_id="a second turn", service_id="mill", lines=LINES,
        medium="chat",
    )  # fmt: skip
    return contact, [first, second]


async def consents(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        rows = await referrals.of_story(tx, contact.conversation_id)
    return {row.reference: row.consent for row in rows}


async def test_a_reference_takes_back_that_one_note_and_no_other(fingerpost, post):
    contact, (first, second) = await two_notes(fingerpost)
    other = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.referrals.withdraw(other.conversation_id, second)
    assert await consents(fingerpost, contact) == {first: "to_send", second: "withdrawn"}
    assert await fingerpost.referrals.withdraw(contact.conversation_id, first) == 1
    assert await consents(fingerpost, contact) == {first: "withdrawn", second: "withdrawn"}


async def test_a_wrong_reference_in_ones_own_talk_takes_back_all_of_it(fingerpost, post):
    contact, (first, second) = await two_notes(fingerpost)
    assert await fingerpost.referrals.withdraw(contact.conversation_id, "AAAAAA") == 2
    assert set((await consents(fingerpost, contact)).values()) == {"withdrawn"}


async def test_few_references_can_be_tried_from_one_talk(fingerpost, post, clock):
    contact, (first, second) = await two_notes(fingerpost)
    other = (await fingerpost.conversations.open("chat")).contact
    for tried in ("AAAAAA", "CCCCCC", "DDDDDD", "EEEEEE", "FFFFFF", first):
        assert await fingerpost.referrals.withdraw(other.conversation_id, tried) == 0
    assert (await consents(fingerpost, contact))[first] == "to_send"
    clock.pass_by(3601)
    await fingerpost.referrals.withdraw(other.conversation_id, first)
    assert (await consents(fingerpost, contact))[first] == "withdrawn"


# -- the answer ------------------------------------------------------------------------------


async def test_a_service_sees_it_until_it_answers(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    partner, token = fingerpost.notes_out.partner, post.token
    found = await partner.opened(token)
    assert found.note == post.brought[0].fields["note"]
    assert found.answers == ("accepted", "declined", "not_reached")
    await partner.answer(token, "accepted")
    after = await partner.opened(token)
    assert (after.state, after.note, after.answers) == ("accepted", None, ("not_reached",))
    with pytest.raises(ConversationError, match="answered"):
        await partner.answer(token, "declined", "full")
    assert "news_accepted" in await said(fingerpost, contact)
    assert await to_do(fingerpost) == []
    async with fingerpost.store.read() as tx:
        assert (
            await records.cancel(tx, CHASE, (await note_of(fingerpost, contact.conversation_id)).id)
            is False
        )


async def test_a_no_has_a_reason_and_is_a_workers(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    for reason in ("", "because"):
        with pytest.raises(ConversationError, match="no_answer_reason"):
            await fingerpost.notes_out.partner.answer(post.token, "declined", reason)
    await fingerpost.notes_out.partner.answer(post.token, "declined", "full")
    assert await to_do(fingerpost) == ["declined"]
    assert "news_declined" in await said(fingerpost, contact)


@pytest.mark.parametrize("medium", ["voice", "text"])
async def test_nobody_is_told_who_has_no_chat(fingerpost, post, medium):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    async with fingerpost.store.write() as tx:
        await conversations.change(tx, contact.conversation_id, medium=medium)
    await fingerpost.notes_out.partner.answer(post.token, "accepted")
    assert "news_accepted" not in await said(fingerpost, contact)


@pytest.mark.parametrize("how", ["left", "stop", "code"])
async def test_nobody_is_told_who_may_have_company(fingerpost, post, how):
    """Who left, who said that it is not safe, and who came back by a code that can be found."""
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    talks = fingerpost.conversations
    if how == "stop":
        await talks.hear(contact, Said(text="its not safe"))
    elif how == "left":
        await talks.leave(contact)
    else:
        code = await talks.resume_code(contact)
        contact = (await talks.resume(code, "chat", "a-source")).contact
    await fingerpost.notes_out.partner.answer(post.token, "accepted")
    assert await to_do(fingerpost) == [], "it was answered"
    assert "news_accepted" not in await told_in(fingerpost, contact.conversation_id)


async def told_in(fingerpost, story):
    """Return all that was ever said in a story, whoever is shown it."""
    async with fingerpost.store.read() as tx:
        rows = await events.after(tx, 0, conversation_id=story, audiences=(events.BOTH,))
    return [m.say for m in read(await fingerpost.keys.box(story), rows)]


@pytest.mark.parametrize("token", ["", "none", "ü" * 300])
async def test_a_link_that_never_was_opens_nothing(fingerpost, post, token):
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.notes_out.partner.seen(token)


async def test_a_link_ends_by_itself(fingerpost, post, clock):
    await agreed(fingerpost)
    await work(fingerpost)
    clock.pass_by(14 * 86400 + 1)
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.notes_out.partner.opened(post.token)


async def test_a_link_ends_two_working_days_after_the_note_was_opened(fingerpost, post, clock):
    """On Friday at ten: the weekend does not count. Opening it again does not keep it open."""
    await agreed(fingerpost)
    await work(fingerpost)
    partner, token = fingerpost.notes_out.partner, post.token
    assert (await partner.opened(token)).note
    for day, hour in ((30, 10), (1, 9)):
        month = 11 if day == 30 else 12
        clock.now = datetime(2026, month, day, hour, 59, tzinfo=UTC).timestamp()
        assert (await partner.opened(token)).note
    clock.now = datetime(2026, 12, 1, 10, 0, 1, tzinfo=UTC).timestamp()
    with pytest.raises(ConversationError, match="unknown"):
        await partner.opened(token)


async def test_after_a_yes_it_can_be_said_for_longer_that_nobody_was_reached(
    fingerpost, post, clock
):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    partner, token = fingerpost.notes_out.partner, post.token
    await partner.opened(token)
    await partner.answer(token, "accepted")
    clock.pass_by(10 * 86400)
    assert (await partner.opened(token)).note is None
    await partner.answer(token, "not_reached")
    assert await to_do(fingerpost) == ["not_reached"]


# -- chased ----------------------------------------------------------------------------------


async def test_it_is_chased_once_and_then_a_workers(fingerpost, post, clock):
    await agreed(fingerpost)
    await work(fingerpost)
    first = post.token
    clock.now = datetime(2026, 12, 1, 16, 59, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert len(post.brought) == 1
    clock.now = datetime(2026, 12, 1, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert len(post.brought) == 2 and post.token != first
    assert post.brought[1].id.endswith("-again") and "still waits" in post.brought[1].subject
    assert set(post.brought[1].fields) == {"type", "link", "reference"}
    assert (await fingerpost.notes_out.partner.seen(post.token)).may_open
    with pytest.raises(ConversationError, match="unknown"):  # they have a newer one
        await fingerpost.notes_out.partner.seen(first)
    assert await to_do(fingerpost) == []
    clock.now = datetime(2026, 12, 2, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert len(post.brought) == 2
    assert await to_do(fingerpost) == ["late"]


@pytest.mark.parametrize(
    ("answer", "reason"), [("declined", "full"), ("not_reached", "")]
)
async def test_a_no_that_comes_after_it_was_late_is_a_workers_once_more(
    fingerpost, post, clock, answer, reason
):
    _, one = await agreed(fingerpost)
    await work(fingerpost)
    for day in (1, 2):
        clock.now = datetime(2026, 12, day, 17, 0, tzinfo=UTC).timestamp()
        await work(fingerpost)
    await fingerpost.notes_out.desk.handled(one, "a-worker", "late")
    assert await to_do(fingerpost) == []
    await fingerpost.notes_out.partner.answer(post.token, answer, reason)
    assert await to_do(fingerpost) == [answer]


async def test_a_reminder_that_fails_is_not_sent_again(fingerpost, post, clock):
    await agreed(fingerpost)
    await work(fingerpost)
    post.fails = [NotDelivered("no_answer")]
    clock.now = datetime(2026, 12, 1, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    clock.now = datetime(2026, 12, 2, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert len(post.brought) == 1 and await to_do(fingerpost) == ["late"]
    assert await fingerpost.notes_out.partner.seen(post.token), "the one link they have works"


async def test_in_danger_staff_are_called_to_ring_at_once(fingerpost, post, paged):
    contact, _ = await agreed(fingerpost, urgency="immediate_danger")
    await work(fingerpost)
    assert paged == [("now", "page_referral")] and len(post.brought) == 1
    assert await to_do(fingerpost) == ["ring"]
    row = await note_of(fingerpost, contact.conversation_id)
    assert row.answer_by == FRIDAY + 3600
    await agreed(fingerpost, urgency="high")
    await work(fingerpost)
    assert len(paged) == 1


async def test_a_call_to_staff_that_fails_is_made_again(fingerpost, post, clock, monkeypatch):
    failing, paged = [PageFailed("nobody_reminded")], []

    async def remind(page_id, tier, name):
        if failing:
            raise failing.pop()
        paged.append(tier)

    monkeypatch.setattr(fingerpost.paging, "remind", remind)
    _, one = await agreed(fingerpost, urgency="immediate_danger")
    await fingerpost.notes_out.referring.deliver(one)
    with pytest.raises(PageFailed):
        await work(fingerpost)
    assert paged == []
    clock.pass_by(60)
    await work(fingerpost)
    assert paged == ["now"]


async def test_what_was_erased_is_not_sent(fingerpost, post):
    contact, one = await agreed(fingerpost)
    await fingerpost.retention.erase(contact.conversation_id)
    await work(fingerpost)
    await fingerpost.notes_out.referring.deliver(one)
    assert post.brought == []


async def test_a_note_whose_key_is_gone_is_shown_and_not_sent(fingerpost, post):
    contact, one = await agreed(fingerpost)
    await fingerpost.keys.erase(one)
    await work(fingerpost)
    assert post.brought == []
    (found,) = await fingerpost.referrals.to_act_on("a-worker")
    assert found.lines == () and found.progress == "by_hand"
    async with fingerpost.store.read() as tx:
        assert await records.cancel(tx, REFER, one) is False


async def test_what_nobody_sent_by_hand_is_told_to_whoever_is_on_duty(
    fingerpost, post, clock, paged
):
    _, one = await agreed(fingerpost, service="no-route")
    await work(fingerpost)
    assert paged == []
    clock.now = datetime(2026, 12, 1, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert paged == [("when_ready", "page_referral")] and await to_do(fingerpost) == ["by_hand"]
    (found,) = await fingerpost.referrals.to_act_on("a-worker")
    assert found.late
    await fingerpost.notes_out.desk.sent(one, "a-worker")
    clock.pass_by(86400)
    await work(fingerpost)
    assert len(paged) == 1 and await to_do(fingerpost) == [], "its own clock began when it went"


async def test_what_a_worker_sent_by_hand_is_not_sent_again_by_the_reminder(
    fingerpost, post, clock
):
    """Its own route did not take it: a reminder would bring the link where nobody reads it."""
    post.fails = [NotDelivered("address_refused", again=False)]
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    await fingerpost.notes_out.desk.sent(one, "a-worker")
    clock.now = datetime(2026, 12, 1, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert post.brought == [] and await to_do(fingerpost) == ["late"]


async def test_a_route_that_changed_since_gets_no_reminder(fingerpost, post, clock):
    await agreed(fingerpost)
    await work(fingerpost)
    hook, route = Post(), Route("webhook", "https://mill.example/in", "high", date(2026, 11, 20))
    use(fingerpost, ("webhook", hook), mill=route)
    clock.now = datetime(2026, 12, 1, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert hook.brought == [] and await to_do(fingerpost) == ["late"]


async def test_what_may_have_gone_gets_no_reminder(fingerpost, post, clock):
    """A reminder brings a link to the note: that would be sending it again."""
    post.fails = [NotDelivered("went_silent", maybe=True)]
    await agreed(fingerpost)
    await work(fingerpost)
    clock.now = datetime(2026, 12, 2, 17, 0, tzinfo=UTC).timestamp()
    await work(fingerpost)
    assert post.brought == [] and await to_do(fingerpost) == ["unsure"]
