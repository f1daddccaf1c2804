# SPDX-License-Identifier: Apache-2.0
"""The queue and who has whom: nobody is promised a person who is not there, or left with none."""

from __future__ import annotations

import pytest

from bot.policy.turn import Line, Medium, Said, State, Understanding
from bot.service.by_phone import ByPhone
from bot.service.ports import ConversationError
from bot.settings import load
from bot.store import conversations, handovers, staff
from bot.store.migrate import migrate
from bot.web import console_words as told
from bot.wiring import wire

KNIFE = "he is outside my door with a knife"
TABLETS = "i have taken all my tablets i want to die"
CHILD = "im 11 and my uncle makes me touch him"
STALKED = "my ex keeps turning up outside my house and i dont know what to do"
WORKER = "a-worker"


def pick(reply, key):
    return next(c.id for m in reply.messages for c in m.choices if c.key == key)


async def hear(fingerpost, contact, text):
    return await fingerpost.conversations.hear(contact, Said(text=text))


async def asked(fingerpost, medium="chat"):
    """Open a story, ask for a person, and return its contact and the reply."""
    opened = await fingerpost.conversations.open(medium)
    said = Said(key="person") if medium == "voice" else Said(choice=pick(opened.reply, "person"))
    return opened.contact, await fingerpost.conversations.hear(opened.contact, said)


async def taken(fingerpost, worker_id=WORKER, medium="chat"):
    """Have somebody ask for a person and a worker take them at the console."""
    contact, _ = await asked(fingerpost, medium)
    waiting = await row_of(fingerpost, contact)
    await fingerpost.handover.accept(waiting.id, worker_id)
    return contact, waiting


async def row_of(fingerpost, contact):
    rows = await fingerpost.handover.queue()
    return next(r for r in rows if r.conversation_id == contact.conversation_id)


async def said(fingerpost, contact):
    return [m.say for m in (await fingerpost.conversations.messages(contact)).messages]


async def state(fingerpost, contact):
    return (await fingerpost.conversations.messages(contact)).state


async def work(fingerpost):
    while await fingerpost.work.one():
        pass


async def worker(fingerpost, name="Ann"):
    """Make an account whose console was open just now, and return its id."""
    await fingerpost.accounts.add(name, "worker")
    async with fingerpost.store.read() as tx:
        found = await staff.find(tx, name=name)
    await fingerpost.accounts.set_available(found.id, True)
    return found.id


def by_phone(fingerpost):
    return ByPhone(
        fingerpost.store, fingerpost.keys, fingerpost.handover, fingerpost.accounts,
        fingerpost.settings, fingerpost.clock,
    )  # fmt: skip


class Pages:
    """A pager that only writes down whom it was asked to page for."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def page(self, page):
        self.sent.append(page.tier)


# -- who is there ----------------------------------------------------------------------------


TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32,
          "TWILIO_NUMBER": "+441174960999"}  # fmt: skip


@pytest.mark.parametrize(
    ("medium", "calls", "promised"),
    [("chat", {}, False), ("chat", TWILIO, True), ("voice", TWILIO, True)],
)
async def test_an_on_call_number_is_somebody_where_it_can_be_rung(
    tmp_path, clock, assistant, screen, medium, calls, promised
):
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
         "FINGERPOST_ON_CALL": "+441174960000", **calls}
    )  # fmt: skip
    await migrate(settings)
    fingerpost = wire(settings, clock=clock, assistant=assistant, screen=screen)
    try:
        _, reply = await asked(fingerpost, medium)
        assert ("person_nobody" not in [m.say for m in reply.messages]) is promised
    finally:
        await fingerpost.close()


async def test_danger_in_a_chat_rings_the_on_call_numbers_in_turn(
    tmp_path, clock, assistant, screen
):
    """Set up by the plain settings alone: no rota, two numbers, nobody at a console."""
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
         "FINGERPOST_ON_CALL": "+441174960000,+441174960001", **TWILIO}
    )  # fmt: skip
    await migrate(settings)
    fingerpost = wire(settings, clock=clock, assistant=assistant, screen=screen)
    rung = []

    class Voice:
        async def page(self, page):
            rung.append(page.to)

    fingerpost.paging.pagers["voice"] = Voice()
    try:
        opened = await fingerpost.conversations.open(Medium.CHAT)
        await fingerpost.conversations.hear(opened.contact, Said(text="he has a knife, help"))
        await work(fingerpost)
        assert rung[:1] == ["+441174960000"]
        for _ in range(6):
            clock.pass_by(90)
            await work(fingerpost)
        assert "+441174960001" in rung
    finally:
        await fingerpost.close()


async def test_an_open_console_is_somebody_for_the_chat(fingerpost, clock):
    await worker(fingerpost)
    _, reply = await asked(fingerpost)
    assert [m.say for m in reply.messages] == ["person_asked"]
    clock.pass_by(staff.SEEN_WITHIN + 1)
    _, reply = await asked(fingerpost)
    assert [m.say for m in reply.messages] == ["person_nobody"]


async def later(fingerpost, clock, *consoles):
    """Let the time to the next news pass while these consoles stay open."""
    clock.pass_by(fingerpost.settings.waiting_told_every + 1)
    for someone in consoles:
        await fingerpost.accounts.seen(someone)
    await work(fingerpost)


async def news(fingerpost, contact):
    """Return what a person was told of the queue since they asked."""
    names = ("waiting_update", "waiting_on_duty", "person_nobody")
    return [s for s in await said(fingerpost, contact) if s in names]


async def test_who_waits_is_told_when_their_place_changes_or_nobody_is_there(fingerpost, clock):
    someone = await worker(fingerpost)
    first, _ = await asked(fingerpost)
    clock.pass_by(1)
    second, _ = await asked(fingerpost)
    await later(fingerpost, clock, someone)
    assert await news(fingerpost, second) == []  # nothing has changed
    await fingerpost.handover.accept((await row_of(fingerpost, first)).id, someone)
    await later(fingerpost, clock, someone)
    assert await news(fingerpost, second) == ["waiting_update"]
    last = (await fingerpost.conversations.messages(second)).messages[-1]
    assert "number 1 in line" in last.text
    for _ in range(2):
        await later(fingerpost, clock)  # the console is closed: said once
        assert await news(fingerpost, second) == ["waiting_update", "person_nobody"]
    await fingerpost.accounts.set_available(someone, True)
    await later(fingerpost, clock, someone)
    assert (await news(fingerpost, second))[-1] == "waiting_on_duty"


async def test_news_of_the_queue_takes_no_choice_away(fingerpost, clock):
    someone = await worker(fingerpost)
    contact, _ = await asked(fingerpost)
    reply = await hear(fingerpost, contact, TABLETS)
    await later(fingerpost, clock)
    assert await news(fingerpost, contact) == ["person_nobody"]
    yes = Said(choice=pick(reply, "yes"))
    reply = await fingerpost.conversations.hear(contact, yes)
    assert [m.say for m in reply.messages] == ["emergency_suicide_stay_nobody"]
    await fingerpost.handover.accept((await row_of(fingerpost, contact)).id, someone)
    await later(fingerpost, clock, someone)
    assert await news(fingerpost, contact) == ["person_nobody"]


@pytest.mark.parametrize("how", ["leave", "stop", "voice"])
async def test_no_news_comes_to_who_left_or_said_stop_or_hears_it_anyway(fingerpost, clock, how):
    await worker(fingerpost)
    contact, _ = await asked(fingerpost, "voice" if how == "voice" else "chat")
    if how == "leave":
        await fingerpost.conversations.leave(contact)
    if how == "stop":
        await hear(fingerpost, contact, "stop")
    await later(fingerpost, clock)
    assert await news(fingerpost, contact) == []


async def test_who_lost_their_worker_is_told_their_place_again(fingerpost, clock):
    someone, other = await worker(fingerpost), await worker(fingerpost, "Bea")
    contact, _ = await taken(fingerpost, someone)
    await fingerpost.accounts.sign_out(someone)
    await work(fingerpost)
    await later(fingerpost, clock, other)
    assert (await said(fingerpost, contact))[-2:] == ["staff_gone", "waiting_update"]


# -- a worker who goes away ------------------------------------------------------------------


async def test_a_worker_whose_console_went_away_loses_the_person_to_the_queue(fingerpost, clock):
    someone = await worker(fingerpost)
    contact, before = await taken(fingerpost, someone)
    for _ in range(3):  # as long as the console beats, nothing happens
        clock.pass_by(30)
        await fingerpost.accounts.seen(someone)
        await work(fingerpost)
        assert await state(fingerpost, contact) is State.STAFF
    clock.pass_by(staff.GONE_AFTER + 1)
    await work(fingerpost)
    again = await row_of(fingerpost, contact)
    assert (again.worker_id, again.state) == (None, "waiting")
    assert again.requested_at == before.requested_at
    assert await state(fingerpost, contact) is State.WAITING
    assert (await said(fingerpost, contact)).count("staff_gone") == 1
    await fingerpost.handover.accept(again.id, someone)
    assert await state(fingerpost, contact) is State.STAFF


async def test_signing_out_gives_the_person_up_at_once(fingerpost):
    someone = await worker(fingerpost)
    contact, _ = await taken(fingerpost, someone)
    await fingerpost.accounts.sign_out(someone)
    await work(fingerpost)
    assert (await row_of(fingerpost, contact)).worker_id is None
    assert "staff_gone" in await said(fingerpost, contact)


async def test_a_worker_on_the_telephone_needs_no_console(fingerpost, clock):
    someone = await worker(fingerpost)
    contact, _ = await asked(fingerpost, "voice")
    await by_phone(fingerpost).take(contact.conversation_id, someone)
    clock.pass_by(600)
    await fingerpost.accounts.sign_out(someone)
    await work(fingerpost)
    assert (await row_of(fingerpost, contact)).worker_id == someone


async def test_nobody_is_taken_from_a_worker_because_the_service_was_down(
    fingerpost, settings, clock, assistant, screen
):
    someone = await worker(fingerpost)
    contact, _ = await taken(fingerpost, someone)
    clock.pass_by(staff.GONE_AFTER + 30)
    started = wire(settings, clock=clock, assistant=assistant, screen=screen)
    try:
        await work(started)
        assert (await row_of(started, contact)).worker_id == someone
        clock.pass_by(staff.GONE_AFTER + 1)
        await work(started)
        assert (await row_of(started, contact)).worker_id is None
    finally:
        await started.close()


async def test_a_review_that_was_left_waits_for_the_next_and_tells_nobody(fingerpost, clock):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, KNIFE)
    await work(fingerpost)
    clock.pass_by(3 * 3600)
    await work(fingerpost)
    await fingerpost.retention.run()
    pages = fingerpost.paging.pagers["console"] = Pages()
    someone = await worker(fingerpost)
    await fingerpost.handover.accept((await row_of(fingerpost, opened.contact)).id, someone)
    before = await said(fingerpost, opened.contact)
    await fingerpost.accounts.sign_out(someone)
    await work(fingerpost)
    again = await row_of(fingerpost, opened.contact)
    assert (again.worker_id, again.closed, pages.sent) == (None, True, [])
    assert await said(fingerpost, opened.contact) == before


# -- a worker whose line drops ---------------------------------------------------------------


async def test_a_dropped_caller_keeps_their_place(fingerpost, clock):
    contact, before = await taken(fingerpost, medium="voice")
    clock.pass_by(300)
    assert await by_phone(fingerpost).lost(contact.conversation_id, talked=True)
    assert (await row_of(fingerpost, contact)).requested_at == before.requested_at
    assert not await by_phone(fingerpost).lost(contact.conversation_id, talked=True)


async def test_danger_told_to_a_worker_who_drops_is_answered_queued_and_paged(fingerpost, clock):
    pages = fingerpost.paging.pagers["console"] = Pages()
    contact, _ = await taken(fingerpost, medium="voice")
    await work(fingerpost)
    pages.sent.clear()
    await hear(fingerpost, contact, KNIFE)
    await by_phone(fingerpost).lost(contact.conversation_id, talked=True)
    again = await row_of(fingerpost, contact)
    assert (again.tier, again.reason) == ("now_first", "hit")
    assert (await said(fingerpost, contact)).count("emergency_from_staff") == 1
    await work(fingerpost)
    assert pages.sent == ["now_first"]
    clock.pass_by(61)
    await work(fingerpost)
    heard = await said(fingerpost, contact)
    assert heard.count("danger_nobody_yet") == 1
    assert heard.count("emergency_from_staff") == 1


# -- letting go ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["end", "hand_back"])
async def test_emergency_words_still_owed_are_sent_before_letting_go(fingerpost, clock, how):
    contact, waiting = await taken(fingerpost)
    await hear(fingerpost, contact, KNIFE)
    outcome = ("supported",) if how == "end" else ()
    if how == "end":
        with pytest.raises(ConversationError, match="verdict_first"):
            await fingerpost.handover.end(waiting.id, WORKER, *outcome)
        assert await state(fingerpost, contact) is State.STAFF
        assert "emergency_from_staff" not in await said(fingerpost, contact)
    (flag,) = await fingerpost.desk.flags(waiting.id, WORKER)
    await fingerpost.desk.review(waiting.id, flag.id, WORKER, "right")
    if how == "end":
        await fingerpost.handover.end(waiting.id, WORKER, *outcome)
    else:
        await fingerpost.handover.hand_back(waiting.id, WORKER, agreed=True)
    clock.pass_by(11)
    await work(fingerpost)
    heard = await said(fingerpost, contact)
    last = "staff_ended" if how == "end" else "staff_back"
    assert heard.count("emergency_from_staff") == 1
    assert heard.index("emergency_from_staff") < heard.index(last)


async def test_a_flag_nobody_judged_is_judged_once_the_story_has_closed(fingerpost, clock):
    contact, waiting = await taken(fingerpost)
    await hear(fingerpost, contact, TABLETS)
    await fingerpost.handover.hand_back(waiting.id, WORKER, agreed=True)
    assert await state(fingerpost, contact) is State.ASSISTANT
    assert await fingerpost.handover.queue() == []
    clock.pass_by(3 * 3600)
    for _ in range(2):
        await fingerpost.retention.run()
        clock.pass_by(400)
    (again,) = await fingerpost.handover.queue()
    assert (again.closed, again.reason, again.heard) == (True, "hit", ("suicide_risk",))
    await fingerpost.handover.accept(again.id, WORKER)
    assert (await fingerpost.handover.brief(again.id, WORKER)).hits
    (flag,) = await fingerpost.desk.flags(again.id, WORKER)
    await fingerpost.desk.review(again.id, flag.id, WORKER, "right")
    await fingerpost.handover.end(again.id, WORKER, "safeguarding")
    clock.pass_by(400)
    assert (await fingerpost.retention.run())["closed"] == 1


@pytest.mark.parametrize(
    ("text", "words", "intent"),
    [
        (TABLETS, "staff_back_suicide", "exit_now"),
        (KNIFE, "staff_back", "staff_done"),
        ("", "staff_back", "staff_done"),
    ],
)
async def test_nobody_suicidal_is_led_back_to_questions(
    fingerpost, assistant, text, words, intent
):
    contact, waiting = await taken(fingerpost)
    if text:
        await hear(fingerpost, contact, text)
    await fingerpost.handover.hand_back(waiting.id, WORKER, agreed=True)
    await fingerpost.lane.send(contact.conversation_id)
    heard = await said(fingerpost, contact)
    assert words in heard
    assert [turn["intent"] for turn in assistant.heard][-1] == intent
    last = (await fingerpost.conversations.messages(contact)).messages[-1]
    if text == TABLETS:
        assert last.say == words
        assert [c.key for c in last.choices] == ["person", "tell", "find_help", "done"]


async def test_words_that_were_sent_are_not_owed(fingerpost):
    contact, waiting = await taken(fingerpost)
    await hear(fingerpost, contact, KNIFE)
    await fingerpost.handover.send_emergency_words(waiting.id, WORKER)
    (flag,) = await fingerpost.desk.flags(waiting.id, WORKER)
    await fingerpost.desk.review(waiting.id, flag.id, WORKER, "right")
    await fingerpost.handover.hand_back(waiting.id, WORKER, agreed=True)
    assert (await said(fingerpost, contact)).count("emergency_from_staff") == 1


@pytest.mark.parametrize(
    ("text", "ending"), [(KNIFE, ""), (TABLETS, "_suicide"), (CHILD, "_safeguarding")]
)
async def test_words_that_nobody_sends_fit_the_danger(fingerpost, clock, text, ending):
    contact, _ = await taken(fingerpost)
    await hear(fingerpost, contact, text)
    clock.pass_by(11)
    await work(fingerpost)
    heard = [s for s in await said(fingerpost, contact) if s.startswith("emergency_from_staff")]
    assert heard == [f"emergency_from_staff{ending}"]
    alone = (await fingerpost.conversations.open("chat")).contact
    await hear(fingerpost, alone, text)
    clock.pass_by(61)
    await work(fingerpost)
    heard = [s for s in await said(fingerpost, alone) if s.startswith("danger_nobody_yet")]
    assert heard == [f"danger_nobody_yet{ending}"]


async def test_a_worker_sends_the_words_for_each_danger_just_heard(fingerpost, clock):
    contact, waiting = await taken(fingerpost)
    await hear(fingerpost, contact, TABLETS)
    await hear(fingerpost, contact, KNIFE)
    await fingerpost.handover.send_emergency_words(waiting.id, WORKER)
    both = ["emergency_from_staff", "emergency_from_staff_suicide"]
    assert (await said(fingerpost, contact))[-2:] == both
    clock.pass_by(600)
    await hear(fingerpost, contact, TABLETS)
    await fingerpost.handover.send_emergency_words(waiting.id, WORKER)
    assert (await said(fingerpost, contact))[-2:] == ["", "emergency_from_staff_suicide"]


async def test_words_sent_unasked_fit_what_was_heard_before(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, TABLETS)
    waiting = await row_of(fingerpost, opened.contact)
    await fingerpost.handover.accept(waiting.id, WORKER)
    await fingerpost.handover.send_emergency_words(waiting.id, WORKER)
    assert (await said(fingerpost, opened.contact))[-1] == "emergency_from_staff_suicide"
    contact, waiting = await taken(fingerpost)
    await fingerpost.handover.send_emergency_words(waiting.id, WORKER)
    assert (await said(fingerpost, contact))[-1] == "emergency_from_staff"


# -- the queue and the brief -----------------------------------------------------------------


async def test_closed_stories_are_nobody_in_line_and_stand_last(fingerpost, clock):
    for _ in range(3):
        opened = await fingerpost.conversations.open("chat")
        await hear(fingerpost, opened.contact, KNIFE)
    clock.pass_by(3 * 3600)
    assert (await fingerpost.retention.run())["held"] == 3
    await worker(fingerpost)
    contact, _ = await asked(fingerpost)
    async with fingerpost.store.read() as tx:
        assert await fingerpost.handover.standing.place(tx, contact.conversation_id) == 1
    assert [w.closed for w in await fingerpost.handover.queue()] == [False, True, True, True]


async def test_the_brief_has_the_answers_without_a_number_and_words_only_around_danger(fingerpost):
    contact, waiting = await taken(fingerpost)
    answers = {"topic": "burglary", "contact_number": "+447700900123", "contact_when": "morning"}
    await fingerpost.facts.keep(contact.conversation_id, "a-turn", answers)
    brief = await fingerpost.handover.brief(waiting.id, WORKER)
    assert (brief.facts, brief.around) == ({"topic": "burglary"}, ())
    await hear(fingerpost, contact, KNIFE)
    brief = await fingerpost.handover.brief(waiting.id, WORKER)
    assert brief.facts == {"topic": "burglary"}
    assert KNIFE in [m.text for m in brief.around]


# -- a worry that is denied, and a wish that is over -----------------------------------------


async def queued(fingerpost):
    return [(w.reason, w.tier) for w in await fingerpost.handover.queue()]


async def urgency_of(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        return (await conversations.conversation(tx, contact.conversation_id)).urgency


class Hears:
    """A screen that hears one thing, whatever is said."""

    def __init__(self, heard):
        self.heard = heard

    def understand(self, text, medium="chat", context=None):
        return self.heard


async def test_a_worry_answered_with_no_leaves_the_queue_and_is_kept_in_history(fingerpost):
    contact = (await fingerpost.conversations.open("chat")).contact
    await hear(fingerpost, contact, STALKED)
    assert await queued(fingerpost) == [("red_flag", "now")]
    (waiting,) = await fingerpost.handover.queue()
    await hear(fingerpost, contact, "no")
    assert await queued(fingerpost) == []
    assert await urgency_of(fingerpost, contact) == "high"
    async with fingerpost.store.read() as tx:
        assert (await handovers.find(tx, waiting.id)).outcome == "cleared"


async def test_a_question_that_was_left_and_then_answered_with_no_leaves_the_queue(
    fingerpost, clock, screen
):
    contact = (await fingerpost.conversations.open("chat")).contact
    reader = fingerpost.conversations.turns.reader
    reader.screen = Hears(Understanding("suicide_risk", "check", act="distress"))
    await hear(fingerpost, contact, "what is the point of it all")
    assert await urgency_of(fingerpost, contact) == "none"
    clock.pass_by(61)
    await work(fingerpost)
    assert await queued(fingerpost) == [("unsure_suicide", "soon")]
    assert await urgency_of(fingerpost, contact) == "suicide_risk"
    reader.screen = screen
    await hear(fingerpost, contact, "no")
    assert await queued(fingerpost) == []


@pytest.mark.parametrize("before", ["asked", "hit", "unsure", "language"])
async def test_no_to_a_worry_takes_nobody_out_who_is_there_for_something_else(fingerpost, before):
    opened = await fingerpost.conversations.open("chat")
    contact, reader = opened.contact, fingerpost.conversations.turns.reader
    real = reader.screen
    if before == "asked":
        await fingerpost.conversations.hear(contact, Said(choice=pick(opened.reply, "person")))
    elif before == "hit":
        await hear(fingerpost, contact, TABLETS)
    elif before == "unsure":
        reader.screen = Hears(Understanding("safeguarding", "check", act="distress"))
        await hear(fingerpost, contact, "what she does to him")
        reader.screen = real
        await hear(fingerpost, contact, "not sure")
    else:
        await hear(fingerpost, contact, "proszę o pomoc, nie mówię po angielsku")
    await hear(fingerpost, contact, STALKED)
    await hear(fingerpost, contact, "no")
    assert len(await queued(fingerpost)) == 1


async def test_the_queue_says_what_was_heard_and_who_is_young(fingerpost):
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.facts.keep(contact.conversation_id, "a-turn", {"age_band": "under_16"})
    await hear(fingerpost, contact, TABLETS)
    await hear(fingerpost, contact, KNIFE)
    (row,) = await fingerpost.handover.queue()
    assert row.heard == ("immediate_danger", "suicide_risk")
    assert row.age_band == "under_16"
    assert told.why(row) == "danger now; suicide"
    async with fingerpost.store.read() as tx:
        hits = await handovers.hits_of(tx, contact.conversation_id)
    await fingerpost.handover.accept(row.id, WORKER)
    knife = next(h for h in hits if h.urgency == "immediate_danger")
    await fingerpost.desk.review(row.id, knife.id, WORKER, "wrong")
    (row,) = await fingerpost.handover.queue()
    assert told.why(row) == "suicide"


@pytest.mark.parametrize("text", ["how long will it be", "am i still in the queue?", "u there?"])
@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_who_asks_while_they_wait_is_told_how_it_stands(fingerpost, clock, text, medium):
    someone = await worker(fingerpost)
    contact, _ = await asked(fingerpost, medium)
    reply = await hear(fingerpost, contact, text)
    assert [m.say for m in reply.messages] == ["waiting_update"]
    assert "number 1 in line" in reply.messages[0].text
    await fingerpost.accounts.set_available(someone, False)
    reply = await hear(fingerpost, contact, text)
    assert [m.say for m in reply.messages] == ["person_nobody"]


async def test_nobody_who_is_not_waiting_is_told_of_a_queue(fingerpost, assistant):
    contact = (await fingerpost.conversations.open("chat")).contact
    await hear(fingerpost, contact, "how long will it be")
    assert [m for m in await said(fingerpost, contact) if m.startswith(("waiting", "person"))] == []


@pytest.mark.parametrize("text", ["I don't want to wait", "cancel that, forget the person"])
async def test_who_no_longer_wants_a_person_leaves_the_queue(fingerpost, assistant, clock, text):
    await worker(fingerpost)
    contact, _ = await asked(fingerpost)
    await hear(fingerpost, contact, "how long will it be")  # half of nothing
    reply = await hear(fingerpost, contact, text)
    assert reply.state is State.ASSISTANT
    assert [m.say for m in reply.messages] == ["person_cancelled"]
    assert await queued(fingerpost) == []
    before = await news(fingerpost, contact)
    await later(fingerpost, clock)
    assert await news(fingerpost, contact) == before
    reply = await fingerpost.conversations.hear(contact, Said(choice=pick(reply, "tell")))
    assert [m.say for m in reply.messages] == assistant.says


async def test_danger_keeps_a_place_that_is_not_wanted(fingerpost):
    contact, _ = await asked(fingerpost)
    await hear(fingerpost, contact, TABLETS)
    reply = await hear(fingerpost, contact, "forget the person")
    assert reply.state is State.WAITING
    assert [m.say for m in reply.messages] == ["waiting_stays_nobody"]
    assert len(await queued(fingerpost)) == 1


async def test_a_service_that_left_the_directory_keeps_its_name_for_staff(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await fingerpost.referrals.consent(
        conversation_id=opened.contact.conversation_id, turn_id="a-turn",
        service_id="no-longer-there", medium="chat",
        lines=[Line("service", "Service", "The Old Mill Project"), Line("why", "Why", "Help")],
    )  # fmt: skip
    (found,) = await fingerpost.referrals.to_act_on(WORKER)
    assert found.service == "The Old Mill Project"


@pytest.mark.parametrize(
    "text",
    ["nvm i dont want to talk to a person now", "ok cancel that", "actually forget it cancel"],
)
async def test_a_wait_is_cancelled_in_any_plain_words(fingerpost, text):
    contact, _ = await asked(fingerpost)
    reply = await hear(fingerpost, contact, text)
    assert reply.state is State.ASSISTANT
    assert await fingerpost.handover.queue() == []


@pytest.mark.parametrize(
    "text",
    ["hello?? is anyone there its been ages", "its been ages",
     "are you putting me through or what"],
)  # fmt: skip
async def test_who_waits_and_wonders_hears_how_it_stands(fingerpost, text):
    contact, first = await asked(fingerpost)
    reply = await hear(fingerpost, contact, text)
    told = {"waiting_update", "waiting_unknown", "person_nobody"}
    assert reply.state is State.WAITING
    assert {m.say for m in reply.messages} <= told and reply.messages


async def test_a_rape_told_with_the_wish_for_a_person_is_acknowledged_first(fingerpost):
    contact = (await fingerpost.conversations.open("chat")).contact
    reply = await hear(
        fingerpost, contact, "someone raped me last month, can i speak to a woman"
    )
    assert reply.state is State.WAITING
    assert reply.messages[0].say == "support_heard_sexual_violence"
    reply = await hear(fingerpost, contact, "can i speak to a woman")
    assert "support_heard_sexual_violence" not in [m.say for m in reply.messages]


async def test_answers_of_a_form_left_half_way_reach_the_worker(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["needs_ask_reported"]
    await fingerpost.conversations.hear(opened.contact, Said(choice=pick(opened.reply, "yes")))
    assistant.says = ["needs_ask_age_band"]
    await hear(fingerpost, opened.contact, "yes they have the cctv")
    assistant.says = ["needs_ask_area"]
    await hear(fingerpost, opened.contact, "29")
    await hear(fingerpost, opened.contact, "can i talk to a person")
    row = await row_of(fingerpost, opened.contact)
    await fingerpost.handover.accept(row.id, WORKER)
    brief = await fingerpost.handover.brief(row.id, WORKER)
    assert {"reported": "yes", "age_band": "25_59"}.items() <= brief.facts.items()
