# SPDX-License-Identifier: Apache-2.0
"""The text line: heard like any turn, answered once and briefly, silent for ever after STOP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.policy import texting
from bot.policy.turn import State
from bot.service.stopped import Stopped
from bot.service.transcript import read
from bot.store import events
from tests.calls.texts import send, texted

NUMBER, OTHER = "+447400123456", "+447400654321"
KNIFE = "he is outside my door now with a knife"
WORN = "i can't do this any more"


@pytest.fixture
def settings(settings):
    return replace(settings, sms_line=True)


class Phone:
    """Somebody's telephone that sends texts."""

    def __init__(self, base: str, number: str = NUMBER) -> None:
        self.base, self.number = base, number

    async def post(self, text: str, sid: str = "", **more: str) -> tuple[int, str]:
        return await send(self.base, self.number, text, sid, **more)

    async def says(self, text: str, **more: str) -> str:
        """Send a text and return the one that comes back, "" for none."""
        status, answer = await self.post(text, **more)
        assert status == 200
        messages = texted(answer)
        assert len(messages) <= 1 and all(len(m) <= texting.LONGEST for m in messages)
        return "".join(messages)


@pytest.fixture
def base(edge, settings) -> str:
    return f"http://127.0.0.1:{settings.port}"


@pytest.fixture
def phone(base) -> Phone:
    return Phone(base)


@pytest.fixture
def queue(fingerpost):
    async def waiting():
        return await fingerpost.handover.queue()

    return waiting


async def told(fingerpost, waiting):
    """Return the messages of a story in the queue."""
    async with fingerpost.store.read() as tx:
        rows = await events.after(tx, 0, conversation_id=waiting.conversation_id)
    return read(await fingerpost.keys.box(waiting.conversation_id), rows)


async def test_danger_gets_emergency_words_and_a_worker_is_called(phone, queue):
    assert "Call 999." in await phone.says(KNIFE)
    (waiting,) = await queue()
    assert (waiting.tier, waiting.medium) == ("now_first", "text")


async def test_an_ordinary_text_is_told_how_to_talk_and_asked_nothing(phone, assistant):
    assistant.says = ["needs_intro", "needs_ask_topic"]
    first = await phone.says("somebody stole my bike")
    assert "call this number" in first and "?" not in first.replace("In danger?", "")
    assert "send STOP" in first
    again = await phone.says("it was blue")
    assert "call this number" in again and "STOP" not in again


async def test_the_one_question_about_danger_is_asked_and_answered(phone, queue):
    assert "YES or NO" in await phone.says("my ex keeps turning up outside my house")
    assert "999" in await phone.says("YES")
    (waiting,) = await queue()
    assert waiting.tier == "now_first"


async def test_no_answers_the_question_about_danger(phone, queue):
    await phone.says("my ex keeps turning up outside my house")
    assert "YES or NO" not in await phone.says("No")
    assert not [w for w in await queue() if w.tier in ("now_first", "now")]


async def test_a_yes_answers_nothing_that_was_not_sent(phone, assistant):
    assistant.says = ["delete_ask"]
    await phone.says("somebody stole my bike")
    await phone.says("yes")
    assert assistant.heard[-1]["choice"] == ""


@pytest.mark.parametrize("word", ["STOP", "Stop.", "unsubscribe", " stop all "])
async def test_after_stop_nothing_comes_back_ever(phone, clock, word, fingerpost):
    await phone.says("hello")
    assert await phone.says(word) == ""
    for days in (0, 1, 400):
        clock.pass_by(days * 86400)
        await fingerpost.retention.run()
        assert await phone.says("are you there") == ""
    assert "999" in await phone.says(KNIFE)  # who writes of danger wishes to be answered now
    assert await Phone(phone.base, OTHER).says("hello")


async def test_after_stop_a_yes_to_the_question_about_danger_is_heard(phone, fingerpost):
    await phone.says("STOP")
    assert "YES or NO" in await phone.says("i want to end my life tonight")
    assert "Samaritans" in await phone.says("yes")
    async with fingerpost.store.read() as tx:
        assert (await tx.exec_driver_sql("select turns from conversations")).all() == [(2,)]


async def test_after_stop_what_may_be_danger_is_brought_to_a_worker_without_a_word(
    phone, fingerpost, queue
):
    await phone.says("STOP")
    assert await phone.says(WORN) == ""
    while await fingerpost.work.one():
        pass
    (waiting,) = await queue()
    assert waiting.tier == "soon"
    messages = await told(fingerpost, waiting)
    assert WORN in [m.text for m in messages]
    assert await phone.says("my ex keeps turning up outside my house") == ""
    assert [w.tier for w in await queue()] == ["now"]


async def test_a_question_kept_back_is_answered_by_no_word(phone, fingerpost, queue):
    await phone.says("STOP")
    assert await phone.says(WORN) == ""
    assert await phone.says("hello") == ""
    await phone.says("START")
    await phone.says("no")
    while await fingerpost.work.one():
        pass
    assert len(await queue()) == 1


async def test_start_begins_again(phone):
    for word in ("START", "unstop"):
        assert await phone.says("STOP") == ""
        assert "You can text us again." in await phone.says(word)
        assert await phone.says("hello")


async def test_stop_holds_when_the_key_is_changed(phone, settings, fingerpost):
    await phone.says("STOP")
    for secrets, holds in (
        (settings.secret_keys, True),
        (("n" * 40, *settings.secret_keys), True),
        (("n" * 40,), False),
    ):
        found = Stopped(fingerpost.store, secrets, fingerpost.clock)
        assert await found.has(NUMBER) is holds and not await found.has(OTHER)


async def test_a_flood_is_answered_by_few_and_danger_by_each(phone):
    answers = [await phone.says(f"hello number {n}") for n in range(14)]
    assert sum(bool(answer) for answer in answers) == texting.PER_HOUR
    assert not answers[-1] and "YES or NO" in await phone.says(WORN)
    assert "Call 999." in await phone.says(KNIFE)
    assert await Phone(phone.base, OTHER).says("hello")


async def test_the_same_text_again_is_the_same_answer_and_no_second_turn(phone, fingerpost):
    first = await phone.post(KNIFE, sid="SMsame")
    assert await phone.post(KNIFE, sid="SMsame") == first
    async with fingerpost.store.read() as tx:
        rows = (await tx.exec_driver_sql("select turns from conversations")).all()
    assert rows == [(1,)]


async def test_two_texts_at_once_are_two_turns_of_one_story(phone, fingerpost):
    texts = ("he has a knife", "he is in the house now please help", "we are upstairs")
    answers = await asyncio.gather(*(phone.says(text) for text in texts))
    assert all("999" in answer for answer in answers)
    async with fingerpost.store.read() as tx:
        assert (await tx.exec_driver_sql("select turns from conversations")).all() == [(3,)]


async def test_each_number_has_a_story_of_its_own(phone, queue):
    other = Phone(phone.base, OTHER)
    await phone.says(KNIFE)
    assert "no more texts" in await other.says("what did she tell you")
    assert len(await queue()) == 1


async def test_nobody_is_texted_later(phone, cloud, fingerpost, worker, clock, queue):
    await phone.says(KNIFE)
    (waiting,) = await queue()
    await fingerpost.handover.accept(waiting.id, worker)
    await fingerpost.handover.say(waiting.id, worker, "Hello, this is Sam.")
    clock.pass_by(400)
    while await fingerpost.work.one():
        pass
    await cloud.settle()
    assert [text["To"] for text in cloud.texts if text["To"] == NUMBER] == []
    answer = await phone.says("are you there")
    assert "No person can text you back." in answer and "Sam" not in answer


async def test_with_a_worker_there_danger_is_answered_at_once(phone, fingerpost, worker, queue):
    await phone.says(KNIFE)
    (waiting,) = await queue()
    await fingerpost.handover.accept(waiting.id, worker)
    assert "Call 999." in await phone.says("he is breaking the door down with an axe")


async def test_staff_know_that_no_text_goes_back(phone, queue):
    from bot.web import console_words

    await phone.says(KNIFE)
    (waiting,) = await queue()
    assert "nobody is ever texted back" in console_words.person_is(waiting)
    assert console_words.MEDIA[waiting.medium] == "text message"


async def test_after_a_story_is_over_a_text_begins_another(phone, fingerpost, clock, queue):
    await phone.says(KNIFE)
    clock.pass_by(3 * 3600)
    await fingerpost.retention.run()  # an unreviewed hit holds it, closed
    assert "Call 999." in await phone.says(KNIFE)
    live = [w for w in await queue() if not w.closed]
    assert len(live) == 1


async def test_the_number_is_nowhere(phone, fingerpost, settings, caplog):
    caplog.set_level("DEBUG")
    await phone.says(KNIFE)
    await phone.says("STOP")
    await fingerpost.close()
    for name in ("fingerpost.db", "fingerpost.db-wal", "keys.db"):
        path = settings.var / name
        if path.exists():
            assert NUMBER[1:].encode() not in path.read_bytes()
    logged = " ".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records)
    assert NUMBER[1:] not in logged and "knife" not in logged


async def test_with_the_story_goes_all_but_stop(phone, fingerpost, clock):
    await phone.says("hello")
    await phone.says("STOP")
    clock.pass_by(3 * 3600)
    await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        kept = {"contacts": 0, "conversations": 0, "turns": 0, "resume_tries": 0, "stopped": 1}
        for table, left in kept.items():
            query = f"select count(*) from {table}"  # noqa: S608 - names above
            assert (await tx.exec_driver_sql(query)).scalar() == left, table


@pytest.mark.parametrize("sender", ["+266696687", "60777", "VICTIMLINE", "anonymous", ""])
async def test_who_cannot_be_answered_is_heard_and_not_answered(base, sender, queue):
    phone = Phone(base, sender)
    assert await phone.says(KNIFE) == ""
    assert len(await queue()) == 1


@pytest.mark.parametrize("sender", ["+266696687", "60777"])
async def test_what_may_be_danger_from_who_cannot_be_answered_is_brought_to_a_worker(
    base, sender, queue, fingerpost
):
    phone = Phone(base, sender)
    assert await phone.says(WORN) == ""
    assert [w.tier for w in await queue()] == ["soon"]
    await phone.says("no")  # nobody was asked: no word of theirs takes it back
    clear = [m.say for m in await told(fingerpost, (await queue())[0])]
    assert "check_cleared" not in clear and len(await queue()) == 1


async def test_after_stop_a_worry_that_asks_nothing_is_brought_to_a_worker_too(phone, queue):
    stalked = "my ex keeps turning up outside my house"
    assert "YES or NO" in await phone.says(stalked)
    await phone.says("No")
    assert await queue() == []
    await phone.says("STOP")
    assert await phone.says(stalked) == ""  # answered with no a moment ago: not asked again
    assert [w.tier for w in await queue()] == ["soon"]


async def test_a_question_that_the_text_did_not_ask_is_answered_by_no_word(phone):
    """Of two dangers the text says the words for danger now, and asks nothing."""
    answer = await phone.says("he has a knife at my throat and i want to end my life tonight")
    assert "Call 999." in answer and "YES" not in answer
    await phone.says("STOP")
    assert await phone.says("no") == ""


@pytest.mark.parametrize("body", ["", "\u0000", "x" * 7000, "/restart", "\u3000/x", "\U0001f622"])
async def test_whatever_comes_has_one_short_answer(phone, body):
    assert "999" in await phone.says(body)


async def test_a_locked_database_leaves_nobody_in_danger_without_words(phone, settings):
    import sqlite3

    lock = sqlite3.connect(settings.var / "fingerpost.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        danger = await phone.says(KNIFE)
        assert "Call 999." in danger and "they will see" not in danger
        worn = await phone.says(WORN)
        assert "Samaritans" in worn and "YES" not in worn and "they will see" not in worn
        assert "999" in await phone.says("hello")
        assert await phone.says("STOP") == ""
    finally:
        lock.execute("ROLLBACK")
        lock.close()


async def test_only_twilio_may_post(base, phone):
    async with ClientSession() as http:
        async with http.post(f"{base}/telephony/sms", data={"MessageSid": "SM1"}) as answer:
            assert answer.status == 403
    phone.base = base.replace("127.0.0.1", "localhost")  # signed for another address
    assert (await phone.post("hello"))[0] == 403


class TestOff:
    """As it is where nobody switched it on."""

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, sms_line=False)

    async def test_there_is_no_address(self, base, phone):
        assert (await phone.post("hello"))[0] == 404


@pytest.mark.parametrize(
    ("danger", "found"),
    [
        ("immediate_danger", "text_danger_unkept"), ("suicide_risk", "text_suicide_unkept"),
        ("safeguarding", "text_safeguarding_unkept"), ("", "text_first"),
    ],
)  # fmt: skip
def test_what_was_not_kept_promises_no_worker_and_asks_nothing(fingerpost, danger, found):
    from bot.policy.turn import Medium, Utterance

    name = texting.answer(texting.Texted(danger, first=True, kept=False))
    text = fingerpost.words.message(Utterance(name), Medium.CHAT).text
    assert name == found and "they will see" not in text and "YES" not in text


@pytest.mark.parametrize(
    ("danger", "names", "asks", "state", "first", "found"),
    [
        ("", ("emergency_suicide_taken",), "", State.WAITING, False, "text_taken"),
        ("immediate_danger", (), "", State.STAFF, False, "text_danger"),
        ("", ("emergency_immediate",), "", State.WAITING, True, "text_danger"),
        ("suicide_risk", (), "", State.ASSISTANT, True, "text_suicide"),
        ("safeguarding", (), "", State.WAITING, False, "text_safeguarding"),
        ("", ("check_misheard_suicide",), "check_misheard_suicide", State.ASSISTANT, False,
         "text_check_suicide"),
        ("", ("check_safeguarding",), "check_safeguarding", State.ASSISTANT, False,
         "text_check_safeguarding"),
        ("", ("check_red_flag",), "check_red_flag", State.WAITING, True, "text_check"),
        ("", ("person_asked",), "", State.ASSISTANT, True, "text_person"),
        ("", (), "", State.WAITING, False, "text_person"),
        ("", ("not_safe",), "", State.ASSISTANT, True, "text_not_safe"),
        ("", ("support_invite",), "", State.ASSISTANT, True, "text_first"),
        ("", ("needs_ask_topic",), "needs_ask_topic", State.ASSISTANT, False, "text_again"),
    ],
)  # fmt: skip
def test_what_goes_back(danger, names, asks, state, first, found):
    assert texting.answer(texting.Texted(danger, names, asks, state, first)) == found


@pytest.mark.parametrize(
    ("worry", "stopped", "many", "found"),
    [
        (False, False, 1, True), (False, False, texting.PER_HOUR, True),
        (False, False, texting.PER_HOUR + 1, False), (False, True, 1, False),
        (True, True, 1, True), (True, False, 500, True), (True, True, 500, True),
    ],
)  # fmt: skip
def test_what_is_heard(worry, stopped, many, found):
    assert texting.taken(worry, stopped, many) is found


@pytest.mark.parametrize(
    ("name", "asked", "stopped", "found"),
    [
        ("text_first", False, False, True), ("text_first", False, True, False),
        ("text_check", False, True, False), ("text_person", False, True, False),
        ("text_person", True, True, True), ("text_danger", False, True, True),
        ("text_taken", False, True, True), ("text_suicide_unkept", False, True, True),
    ],
)  # fmt: skip
def test_what_goes_back_to_whom(name, asked, stopped, found):
    assert texting.goes(name, asked, stopped) is found


def test_what_nothing_keeps_back_is_among_the_answers():
    assert set(texting.EMERGENCY) <= {name for name, _ in texting.ROWS}


def test_the_answers_that_ask_are_those_that_say_how_to_answer(fingerpost):
    from bot.policy.turn import Medium, Utterance

    said = {name: fingerpost.words.message(Utterance(name), Medium.CHAT).text
            for name, _ in texting.ROWS}  # fmt: skip
    assert set(texting.ASK) == {name for name, text in said.items() if "YES or NO" in text}


GSM = set("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
          "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")  # fmt: skip


def test_every_text_fits_and_names_nobody(fingerpost):
    from bot.policy.turn import Medium, Utterance

    sent = {name for name, _ in texting.ROWS} | {"text_started"}
    assert sent == {name for name in fingerpost.words.names() if name.startswith("text_")}
    for name in sent:
        text = fingerpost.words.message(Utterance(name), Medium.CHAT).text
        assert len(text) <= texting.LONGEST and set(text) <= GSM, name
        assert "999" in text, name
        for word in ("victim", "crime", "abuse", "police", fingerpost.settings.service_name):
            assert word.lower() not in text.lower() or name.startswith("text_danger"), name


def test_a_text_is_answered_in_one_place_alone():
    root = Path(__file__).resolve().parents[2]
    found = [
        path.name for folder in ("bot", "actions", "telephony")
        for path in (root / folder).rglob("*.py") if "MessagingResponse" in path.read_text()
    ]  # fmt: skip
    assert found == ["sms.py"]
