# SPDX-License-Identifier: Apache-2.0
"""What a person asked to be sent: to their own number, once, in words that name nothing."""

from __future__ import annotations

import json
import uuid
from email import message_from_string
from email.policy import default

import pytest

from bot.means import senders
from bot.policy.mail_address import is_address
from bot.policy.safe_contact import (
    CALLBACK,
    DETAILS,
    SOMEBODY_ELSE,
    THEMSELVES,
    Permit,
    Plan,
    permits,
)
from bot.policy.turn import Utterance
from bot.service import contact_plan
from bot.service.callback import take_back
from bot.service.export import export
from bot.service.ports import NotDelivered
from bot.service.sending import BAD_ADDRESS, BEFORE, KEPT_FOR, MAYBE, OFF, STOPPED
from bot.settings import load
from bot.store import callbacks
from bot.store.keys import KeyGone
from tests.console import seen
from tests.fakes import Cloud
from tests.unit.test_pagers import MailServer
from tests.unit.test_partner_couriers import Silent

MOBILE = "+447400123456"
SAID = Utterance("send_number", {"number": "08 08 16 89 111"})
BODY = "The number you asked for: 08 08 16 89 111."


class Phone:
    """A telephone that gets what is sent; `fails` is the code of what goes wrong."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, str]] = []
        self.fails = ""

    async def deliver_to_person(self, permit: Permit, subject: str, text: str) -> None:
        if self.fails:
            raise NotDelivered(self.fails)
        self.got.append((permit.address, permit.purpose, text))


@pytest.fixture
def phone(fingerpost) -> Phone:
    found = Phone()
    fingerpost.sending.senders = {"text": found}
    return found


async def send(fingerpost, story="", turn="", medium="text", address=MOBILE, **more):
    return await fingerpost.sending.send(
        conversation_id=story or str(uuid.uuid4()), turn_id=turn or str(uuid.uuid4()),
        medium=medium, address=address, said=SAID, **more,
    )  # fmt: skip


async def the_record(fingerpost, story):
    async with fingerpost.store.read() as tx:
        (row,) = await callbacks.records_of(tx, story)
        box = await fingerpost.keys.box(row.id)
        return row, await contact_plan.latest(tx, box, row.id)


async def test_it_is_off_until_the_settings_name_a_means(fingerpost):
    assert fingerpost.sending.media == ()
    assert await send(fingerpost) == OFF


async def test_it_goes_once_to_their_number_and_names_nobody(fingerpost, phone):
    assert await send(fingerpost, turn="turn") == ""
    assert await send(fingerpost, turn="turn") == BEFORE
    assert phone.got == [(MOBILE, DETAILS, BODY)]
    assert "victim" not in BODY.lower() and fingerpost.settings.service_name not in BODY


async def test_the_leave_is_kept_with_the_very_words_and_is_good_for_nothing_else(
    fingerpost, phone, clock
):
    story = str(uuid.uuid4())
    await send(fingerpost, story, by="sam")
    row, agreed = await the_record(fingerpost, story)
    assert [line.text for line in agreed.lines] == [BODY]
    assert ("sam", "sent_text") in await seen(fingerpost, row.id)
    plan, now = agreed.plan, clock()
    assert isinstance(permits(plan, "text", MOBILE, now, DETAILS), Permit)
    for asked in (
        ("call", MOBILE, now, DETAILS), ("voicemail", MOBILE, now, DETAILS),
        ("text", MOBILE, now, CALLBACK), ("text", "+447400123457", now, DETAILS),
        ("text", MOBILE, now + 301, DETAILS), ("email", "a@example.org", now, DETAILS),
    ):  # fmt: skip
        assert not isinstance(permits(plan, *asked), Permit), asked


async def test_what_they_were_sent_is_in_what_is_exported(fingerpost, phone):
    opened = (await fingerpost.conversations.open("chat")).contact.conversation_id
    await send(fingerpost, opened)
    (one,) = json.loads(await export(fingerpost.store, fingerpost.keys, opened))["asked_to_be_sent"]
    assert (one["to"], one["lines"][0]["text"]) == (MOBILE, BODY)


async def test_what_was_sent_is_exported_also_of_a_story_that_is_gone(fingerpost, phone):
    story = str(uuid.uuid4())
    await send(fingerpost, story)
    (one,) = json.loads(await export(fingerpost.store, fingerpost.keys, story))["asked_to_be_sent"]
    assert one["to"] == MOBILE


async def test_the_number_is_gone_a_day_later(fingerpost, phone, clock):
    story = str(uuid.uuid4())
    await send(fingerpost, story)
    row, _ = await the_record(fingerpost, story)
    clock.pass_by(KEPT_FOR + 1)
    await fingerpost.retention.run()
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(row.id)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("999", "emergency"), ("+449098790000", "premium"), ("", "no_address"),
        ("+33612345678", "foreign"),
    ],
)  # fmt: skip
async def test_a_number_that_may_not_be_reached_gets_nothing(fingerpost, phone, address, why):
    assert await send(fingerpost, address=address) == why
    assert phone.got == []


async def test_what_did_not_go_is_said_and_not_tried_again(fingerpost, phone):
    phone.fails = "no_answer"
    assert await send(fingerpost, turn="turn") == "no_answer"
    phone.fails = ""
    assert await send(fingerpost, turn="turn") == BEFORE and phone.got == []


async def test_a_number_that_wrote_stop_is_texted_by_nobody(fingerpost, phone):
    fingerpost.sending.senders["email"] = phone
    await fingerpost.sending.stopped.keep(MOBILE)
    assert await send(fingerpost) == STOPPED and phone.got == []
    assert await send(fingerpost, medium="email", address="ann@example.org") == ""
    await fingerpost.sending.stopped.forget(MOBILE)
    assert await send(fingerpost) == ""


async def keep_plan(fingerpost, story, given_by=THEMSELVES, **plan):
    """Keep what was said in a story of how somebody may be reached."""
    record_id = str(uuid.uuid4())
    box = await fingerpost.keys.make(record_id)
    async with fingerpost.store.write() as tx:
        await callbacks.make_record(
            tx, id=record_id, conversation_id=story, given_by=given_by, made_at=1.0, erase_at=9e9
        )
        agreed = contact_plan.Agreed(Plan(**plan), ())
        await contact_plan.keep(tx, box, record_id, agreed, "person", 1.0)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"held": True}, "held"), ({"withdrawn": True}, "withdrawn"),
        ({"media": {"text": "no"}}, "said_no"), ({"media": {"call": "no"}}, ""),
        ({"media": {"text": "no"}, "given_by": SOMEBODY_ELSE}, ""), ({}, ""),
    ],
)  # fmt: skip
async def test_what_the_story_refused_before_is_not_sent(fingerpost, phone, plan, why):
    story = str(uuid.uuid4())
    await keep_plan(fingerpost, story, **plan)
    assert await send(fingerpost, story, turn="turn") == why
    assert bool(phone.got) is not bool(why)
    assert await send(fingerpost) == "", "another story is another person's"


async def test_who_takes_it_back_is_sent_no_more(fingerpost, phone, clock):
    story = str(uuid.uuid4())
    assert await send(fingerpost, story, turn="turn") == ""
    async with fingerpost.store.write() as tx:
        await take_back(tx, fingerpost.keys, story, clock())
    assert await send(fingerpost, story) == "withdrawn"
    assert await send(fingerpost, story, turn="turn") == BEFORE and len(phone.got) == 1


async def test_what_a_later_plan_took_the_place_of_refuses_nothing(fingerpost, phone):
    story = str(uuid.uuid4())
    await keep_plan(fingerpost, story, withdrawn=True, held=True)
    await keep_plan(fingerpost, story, media={"call": "yes"})
    assert await send(fingerpost, story) == ""


@pytest.mark.parametrize("hour", [0, 1, 3, 12, 23])
async def test_it_goes_at_the_hour_it_is_asked_for(fingerpost, phone, clock, hour):
    clock.now = 1_790_000_000.0 // 86400 * 86400 + hour * 3600 - 1
    assert await send(fingerpost) == ""


async def test_no_mail_goes_to_what_is_no_address(fingerpost):
    fingerpost.sending.senders = {"email": Phone()}
    assert await send(fingerpost, medium="email", address="a@b.org\nBcc: c@d.org") == BAD_ADDRESS
    assert await send(fingerpost, medium="email", address=MOBILE) == BAD_ADDRESS
    assert await send(fingerpost, medium="email", address="ann@example.org") == ""


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ann@example.org", True), ("a.b+c@mail.example.co.uk", True), ("ann@example", False),
        ("ann@example.org, ben@example.org", False), ("Ann <ann@example.org>", False),
        ("ann@example.org ", False), ("@example.org", False), ("ann@-x.org", False),
        (f"{'a' * 64}@{'b.' * 100}org", False),
    ],
)  # fmt: skip
def test_what_is_an_address(text, is_one):
    assert is_address(text) is is_one


# -- the real means ----------------------------------------------------------------------------


def set_up(tmp_path, sends="", **more):
    return load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
         "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32,
         "TWILIO_NUMBER": "+441172345678", "FINGERPOST_SENDS": sends} | more
    )  # fmt: skip


def test_a_means_is_there_only_where_it_is_named_and_set_up(tmp_path, settings):
    assert senders(set_up(tmp_path)) == {} == senders(settings)
    assert set(senders(set_up(tmp_path, "text"))) == {"text"}
    assert set(senders(set_up(tmp_path, "email"))) == set()
    mail = {"FINGERPOST_SMTP_URL": "smtp://127.0.0.1:1", "FINGERPOST_MAIL_FROM": "us@example.org"}
    assert set(senders(set_up(tmp_path, "text,email", **mail))) == {"text", "email"}


async def test_a_text_goes_from_our_own_number_and_a_cloud_that_is_down_is_said(
    fingerpost, tmp_path, unused_tcp_port
):
    cloud = Cloud("http://127.0.0.1:1", "t" * 32)
    await cloud.serve(unused_tcp_port)
    base = {"TWILIO_BASE_URL": f"http://127.0.0.1:{unused_tcp_port}"}
    fingerpost.sending.senders = senders(set_up(tmp_path, "text", **base))
    assert await send(fingerpost) == ""
    assert cloud.texts == [{"To": MOBILE, "From": "+441172345678", "Body": BODY}]
    cloud.failing = True
    assert await send(fingerpost) == MAYBE and len(cloud.texts) == 1
    await cloud.close()
    assert await send(fingerpost) == "no_answer"


async def test_an_email_names_nothing_either(fingerpost, tmp_path):
    async with MailServer() as server:
        mail = {"FINGERPOST_SMTP_URL": server.url, "FINGERPOST_MAIL_FROM": "us@example.org"}
        fingerpost.sending.senders = senders(set_up(tmp_path, "email", **mail))
        assert await send(fingerpost, medium="email", address="ann@example.org") == ""
        server.refuses["RCPT"] = "550 no such"
        assert await send(fingerpost, medium="email", address="bo@example.org") == "address_refused"
    async with Silent() as silent:
        fingerpost.sending.senders = senders(
            set_up(tmp_path, "email", **mail | {"FINGERPOST_SMTP_URL": silent.url})
        )
        assert await send(fingerpost, medium="email", address="ann@example.org") == MAYBE
    found = message_from_string(server.mails[0], policy=default)
    assert (found["To"], found["Subject"]) == ("ann@example.org", "The number you asked for")
    assert found.get_content().strip() == BODY and len(server.mails) == 1
