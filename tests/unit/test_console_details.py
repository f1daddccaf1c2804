# SPDX-License-Identifier: Apache-2.0
"""A worker sends somebody the number they ask for: after both answers, once, and nothing else."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from bot.service import details
from bot.service.ports import NotDelivered
from tests.console import person, seen

GIVEN = {"service": "victim_support", "medium": "text", "address": "07400 123456"}
YESES = {"own": "yes", "agreed": "yes"}


class Phone:
    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.down = ""

    async def deliver_to_person(self, permit, subject, text) -> None:
        if self.down:
            raise NotDelivered(self.down, maybe=self.down == "went_silent")
        self.got.append((permit.address, text))


@pytest.fixture
def phone(fingerpost) -> Phone:
    found = Phone()
    fingerpost.sending.senders = {"text": found}
    return found


@pytest.fixture
async def sam(sign_in):
    return await sign_in()


@pytest.fixture
async def path(fingerpost, sam) -> str:
    _, waiting = await person(fingerpost, "can i speak to a person please")
    await fingerpost.handover.accept(waiting, sam.id)
    return f"/staff/people/{waiting}"


async def test_a_number_goes_after_both_yeses_and_the_page_says_so(sam, path, phone, fingerpost):
    page = await (await sam.get(path)).text()
    assert f'{path}/details' in page
    answer = await sam.post(path + "/details", **GIVEN, **YESES, client_id=str(uuid.uuid4()))
    assert answer.status == 303
    ((to, text),) = phone.got
    assert to == "+447400123456" and text == "The number you asked for: 08 08 16 89 111."
    assert "The number went" in await (await sam.get(answer.headers["Location"])).text()


async def test_the_same_form_twice_sends_once_and_claims_nothing(sam, path, phone):
    form = GIVEN | YESES | {"client_id": str(uuid.uuid4())}
    first, again = [await sam.post(path + "/details", **form) for _ in range(2)]
    assert (first.status, again.status) == (303, 303) and len(phone.got) == 1
    assert "It may have gone" in await (await sam.get(again.headers["Location"])).text()


async def test_a_failed_one_put_again_is_not_said_to_have_gone(sam, path, phone):
    form = GIVEN | YESES | {"client_id": str(uuid.uuid4())}
    phone.down = "no_answer"
    assert (await sam.post(path + "/details", **form)).status == 422
    again = await sam.post(path + "/details", **form)
    page = await (await sam.get(again.headers["Location"])).text()
    assert "It may have gone: ask them" in page and "The number went" not in page


async def test_where_nobody_knows_whether_it_went_it_is_said(sam, path, phone):
    phone.down = "went_silent"
    answer = await sam.post(path + "/details", **GIVEN, **YESES)
    page = await (await sam.get(answer.headers["Location"])).text()
    assert "It may have gone: ask them" in page and "did not go" not in page


async def test_a_number_that_wrote_stop_gets_nothing(sam, path, phone, fingerpost):
    await fingerpost.sending.stopped.keep("+447400123456")
    answer = await sam.post(path + "/details", **GIVEN, **YESES)
    page = await answer.text()
    assert answer.status == 422 and "takes no texts from here" in page and phone.got == []


class TestWithANumber:
    """As it is where the line has a number of its own."""

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, twilio_number="+441172345678")

    async def test_the_page_says_whom_it_comes_from(self, sam, path, phone):
        page = await (await sam.get(path + "/details")).text()
        assert "A text comes from 0117 234 5678." in page and "An e-mail" not in page
        assert "They heard what goes out, whom it comes from, and" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"own": ""}, "ask the two questions"), ({"agreed": ""}, "ask the two questions"),
        ({"service": "made_up"}, "Choose what"), ({"medium": "email"}, "Choose what"),
        ({"address": "999"}, "emergency number"), ({"address": "0909 879 0000"}, "costs a lot"),
        ({"address": "ann@example.org"}, "too short"),
    ],
)  # fmt: skip
async def test_without_a_yes_or_a_number_of_theirs_nothing_goes(sam, path, phone, change, says):
    answer = await sam.post(path + "/details", **(GIVEN | YESES | change))
    page = await answer.text()
    assert answer.status == 422 and says in page and phone.got == []
    assert 'value="yes" checked' not in page, "both are asked anew"


async def test_what_did_not_go_is_said(sam, path, phone):
    phone.down = "no_answer"
    answer = await sam.post(path + "/details", **GIVEN, **YESES)
    assert answer.status == 422 and "It did not go" in await answer.text()


async def test_switched_off_there_is_no_button_and_nothing_goes(sam, path):
    assert path + "/details" not in await (await sam.get(path)).text()
    page = await (await sam.get(path + "/details")).text()
    assert "FINGERPOST_SENDS" in page
    assert (await sam.post(path + "/details", **GIVEN, **YESES)).status == 422


async def test_who_does_not_have_the_person_sends_nothing(sign_in, path, phone):
    ines = await sign_in("Ines Reyes")
    answer = await ines.post(path + "/details", **GIVEN, **YESES)
    assert answer.status == 403 and phone.got == []


async def test_who_left_is_sent_nothing(sam, fingerpost, phone):
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    await fingerpost.handover.accept(waiting, sam.id)
    await fingerpost.conversations.leave(contact)
    answer = await sam.post(f"/staff/people/{waiting}/details", **GIVEN, **YESES)
    assert answer.status == 409 and phone.got == []


async def test_a_line_with_hours_goes_with_one_that_is_always_open(fingerpost):
    services = fingerpost.offers.services
    known = details.numbers(services)
    always = known["victim_support"][1]
    for service_id, (name, number) in known.items():
        text = fingerpost.sending.text(details.said(services, service_id))
        assert number in text and name not in text
        hours = next(s for s in services if s.id == service_id).hours
        assert hours.always_open or always in text, service_id
    assert details.said(services, "made_up") is None


async def test_it_is_in_the_audit_without_the_number(sam, path, phone, fingerpost):
    await sam.post(path + "/details", **GIVEN, **YESES)
    async with fingerpost.store.read() as tx:
        from bot.store.contact_schema import contact_records

        (record,) = (await tx.execute(contact_records.select())).all()
    assert await seen(fingerpost, record.id) == [(sam.id, "sent_text")]
