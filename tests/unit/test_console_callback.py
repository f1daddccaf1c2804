# SPDX-License-Identifier: Apache-2.0
"""The console's calls to make: what must be said first, and who does what when."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.policy import phone_number, safe_contact
from bot.policy.callback import OUTCOMES
from bot.policy.safe_contact import COVERS
from bot.policy.turn import Said
from bot.service import contact_plan
from bot.settings import Settings, load
from bot.store import callbacks, staff
from bot.web import console_callback
from bot.web.app import create_app

TEN = datetime(2026, 11, 27, 10, 0, tzinfo=ZoneInfo("Europe/London")).timestamp()
ANSWERS = {
    "contact_number": "+447400123456", "contact_when": "morning", "contact_voicemail": "no",
    "contact_code_word": "banana <b>", "contact_cover": "cover_hang_up",
}  # fmt: skip


class Ringer:
    """The telephone of a worker, which rings."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, int]] = []

    async def ring_worker(self, record_id, call_id, worker_id, number):
        self.rung.append((call_id, number))
        return True


@pytest.fixture
def settings(tmp_path) -> Settings:
    return load(
        {
            "FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
            "FINGERPOST_ON_CALL": "+441172000001", "TWILIO_NUMBER": "+441172345678",
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        }
    )  # fmt: skip


@pytest.fixture
def ringer(fingerpost, clock) -> Ringer:
    clock.now = TEN
    fingerpost.calling_back.ringer = Ringer()
    return fingerpost.calling_back.ringer


@pytest.fixture
async def client(fingerpost):
    fingerpost.accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    async with TestClient(TestServer(create_app(fingerpost))) as found:
        yield found


@pytest.fixture
def sign_in(client, fingerpost):
    """Sign somebody in; returns how they get and post."""
    pins = iter(("2479", "5813"))

    async def make(name="Sam Okafor"):
        word = await fingerpost.accounts.add(name, "worker")
        await fingerpost.accounts.set_up(word, "purple otter kettle", next(pins))
        token = await fingerpost.accounts.sign_in(name, "purple otter kettle")
        csrf = (await fingerpost.accounts.worker(token)).csrf
        headers = {"Cookie": f"staff={token}", "Accept": "text/html"}

        async def ask(path, **form):
            if not form:
                answer = await client.get(path, headers=headers)
            else:
                answer = await client.post(path, headers=headers, data=form | {"csrf": csrf})
            return answer.status, " ".join((await answer.text()).split())

        return ask

    return make


@pytest.fixture
async def booked(fingerpost, ringer):
    """A call that may be made now: the story, and the callback's address."""
    story = str(uuid.uuid4())
    await fingerpost.callbacks.book(
        conversation_id=story, turn_id="t", answers=ANSWERS,
        lines=fingerpost.callbacks.draft(ANSWERS), medium="chat",
    )  # fmt: skip
    one = (await fingerpost.calling_back.board("test"))[0]
    return story, f"/staff/callbacks/{one.id}", one


async def test_what_must_be_said_first_is_shown_before_anything_rings(sign_in, booked):
    sam = await sign_in()
    status, page = await sam("/staff/callbacks")
    assert status == 200 and "May be rung now" in page
    assert f'<strong dir="auto">{booked[2].plan.our_word}</strong>' in page
    assert "banana &lt;b&gt;" in page and "are you alone?" in page
    assert '<strong dir="auto">no thanks, not today</strong>, say goodbye and end' in page
    assert "Say nothing and hang up." in page and "Ring me, then them" in page
    assert "not asked, so no" in page, "what was not asked is said to be so"


async def test_the_queue_says_that_a_call_is_due_and_nothing_of_anybody(sign_in, booked, clock):
    sam = await sign_in()
    _, page = await sam("/staff")
    assert "1 may be rung now" in page and "banana" not in page and "7400" not in page
    clock.now = TEN + 3 * 3600
    _, page = await sam("/staff")
    assert "may be rung now" not in page


async def test_a_worker_who_is_told_cancels_a_call_in_their_own_name(
    sign_in, booked, ringer, fingerpost
):
    sam = await sign_in()
    _, page = await sam("/staff/callbacks")
    assert f'action="{booked[1]}/withdraw"' in page
    status, page = await sam(booked[1] + "/withdraw", sure="yes")
    assert status == 200 and "No call is booked." in page
    assert (await sam(booked[1] + "/withdraw", sure="yes"))[0] == 409
    assert (await sam(booked[1] + "/ring", phone="0"))[0] == 409 and not ringer.rung
    async with fingerpost.store.read() as tx:
        row = await callbacks.callback(tx, booked[2].id)
        noted = [one.what for one in await staff.audit_of(tx, row.id)]
        box = await fingerpost.keys.box(row.record_id)
        version = (await contact_plan.history(tx, box, row.record_id))[-1]
    worker = (await fingerpost.accounts.names()).get(version.changed_by)
    assert (row.state, worker) == ("withdrawn", "Sam Okafor")
    assert version.agreed.plan.withdrawn and "callback_withdrawn" in noted


async def test_a_worker_rings_and_writes_down_how_it_went(
    sign_in, booked, ringer, clock, fingerpost
):
    sam = await sign_in()
    status, page = await sam(booked[1] + "/ring", phone="0")
    assert status == 200 and len(ringer.rung) == 1 and "How did it go?" in page
    kim = await sign_in("Kim Lee")
    _, page = await kim("/staff/callbacks")
    assert "Sam Okafor on the line" in page and "How did it go?" not in page
    assert (await kim(booked[1] + "/ring", phone="0"))[0] == 409
    assert (await kim(booked[1] + "/outcome", outcome="reached"))[0] == 409
    status, page = await sam(booked[1] + "/outcome", outcome="made up")
    assert status == 409 and "Choose how it went" in page
    _, page = await sam(booked[1] + "/outcome", outcome="wrong_voice")
    assert "A person decides" in page and "Ring me, then them" not in page
    assert (await kim(booked[1] + "/ring", phone="0"))[0] == 409
    _, page = await kim(booked[1] + "/decide", again="yes")
    assert "A person decides" not in page and "Somebody else answered" in page
    clock.now = TEN + 24 * 3600
    await fingerpost.calling_back.begin(booked[2].id, "kim")
    assert len(ringer.rung) == 2


async def test_outside_a_safe_time_there_is_no_button_and_no_ring(sign_in, booked, ringer, clock):
    clock.now = TEN + 3 * 3600
    sam = await sign_in()
    _, page = await sam("/staff/callbacks")
    assert "Not in a safe time now." in page and "Ring me, then them" not in page
    status, page = await sam(booked[1] + "/ring", phone="0")
    assert status == 409 and "Not in a safe time now." in page and ringer.rung == []


async def test_who_took_it_back_is_shown_without_their_words(sign_in, booked, fingerpost, ringer):
    sam = await sign_in()
    await sam(booked[1] + "/ring", phone="0")
    await fingerpost.callbacks.withdraw(booked[0])
    _, page = await sam("/staff/callbacks")
    assert "Taken back" in page and "banana" not in page and "7400" not in page
    _, page = await sam(booked[1] + "/noted", seen="yes")
    assert "No call is booked." in page


async def test_a_view_is_written_down(sign_in, booked, fingerpost):
    from bot.store import staff

    sam = await sign_in()
    await sam("/staff/callbacks")
    async with fingerpost.store.read() as tx:
        rows = await staff.audit_of(tx, booked[2].id)
    assert [row.what for row in rows if row.staff_id != "test"] == ["callback"]


def test_everything_that_can_be_is_said_in_words():
    assert set(console_callback.OUTCOMES) == set(OUTCOMES)
    assert set(console_callback.COVERS) == set(COVERS)
    unsaid = set(safe_contact.REASONS) - set(console_callback.REFUSED)
    # These no plan of ours can come to; they are refused with the words for anything else.
    assert unsaid == {
        "unknown_medium", "given_by_another", "other_purpose", "no_address", "other_address",
        *phone_number.REASONS,
    }  # fmt: skip


# -- booked by a worker, with the person they have ---------------------------------------------

AGREED = {
    "number": "07400 123456", "when": "evening", "voicemail": "no", "may_answer": "my sister Ada",
    "cover": "cover_wrong_number", "unknown": "yes", "code_word": "banana", "agreed": "yes",
    "stop_word": "is that the garage",
}  # fmt: skip


@pytest.fixture
async def taken(fingerpost, ringer, sign_in):
    """Sam has somebody who asked for a person; returns how Sam asks, and the address."""
    sam = await sign_in()
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.conversations.hear(contact, Said(text="can i speak to a person please"))
    (waits,) = await fingerpost.handover.queue()
    path = f"/staff/people/{waits.id}"
    status, _ = await sam(path + "/accept", sure="yes")
    assert status == 200
    return sam, path, contact.conversation_id


async def test_a_worker_books_a_call_with_the_person_and_has_the_receipt_to_send(fingerpost, taken):
    sam, path, story = taken
    assert "Book a call with them" in (await sam(path))[1]
    status, page = await sam(path + "/callback", **AGREED)
    one = (await fingerpost.calling_back.board("test"))[0]
    assert status == 200 and one.plan.our_word in page and one.reference in page
    assert one.plan.may_answer == ("my sister Ada",) and one.plan.code_word == "banana"
    assert one.plan.stop_word == "is that the garage" and "is that the garage" in page
    assert "my sister Ada" in (await sam("/staff/callbacks"))[1]
    assert await fingerpost.callbacks.withdraw(story) == 1


@pytest.mark.parametrize("change,said", [
    ({"number": "999"}, "emergency number"),
    ({"number": "0909 879 0001"}, "costs a lot"),
    ({"number": ""}, "too short"),
    ({"when": ""}, "Nothing is booked"),
    ({"when": "midnight"}, "Nothing is booked"),
    ({"unknown": "no"}, "Nothing is booked"),
    ({"agreed": ""}, "ask for their yes first"),
])  # fmt: skip
async def test_what_is_not_safe_or_not_agreed_is_not_booked(fingerpost, taken, change, said):
    sam, path, _ = taken
    status, page = await sam(path + "/callback", **(AGREED | change))
    assert status == 422 and said in page
    assert await fingerpost.calling_back.board("test") == []


async def test_the_same_form_twice_books_once(fingerpost, taken):
    sam, path, _ = taken
    sent = AGREED | {"client_id": str(uuid.uuid4())}
    for _ in range(2):
        assert (await sam(path + "/callback", **sent))[0] == 200
    assert len(await fingerpost.calling_back.board("test")) == 1


async def test_who_does_not_have_the_person_books_nothing(fingerpost, taken, sign_in):
    _, path, _ = taken
    kim = await sign_in("Kim Lee")
    assert (await kim(path + "/callback", **AGREED))[0] == 403
    assert await fingerpost.calling_back.board("test") == []
