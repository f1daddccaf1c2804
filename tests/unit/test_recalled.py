# SPDX-License-Identifier: Apache-2.0
"""A service's webhook is told that a note was taken back: signed, by its reference and no more."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import date

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.pagers.partner import post
from bot.policy.route import Route
from bot.service.referral_state import RECALLED_AFTER
from bot.service.referring import RECALL_AGAIN, Ways
from tests.notes import FRIDAY, NUMBER, agreed, note_of, public, work

SECRET = "s" * 40


class OnThisMachine:
    """Brings a parcel as a webhook does, also to a receiver on this machine without TLS."""

    def __init__(self, clock) -> None:
        self.clock = clock

    async def bring(self, parcel) -> None:
        await post(parcel, self.clock)


@pytest.fixture
def settings(tmp_path):
    return public(tmp_path)


@pytest.fixture
async def hook(fingerpost, clock):
    """A service that takes notes by a webhook; it answers with `status`."""
    clock.now = FRIDAY
    found = {"status": 204, "got": []}

    async def take(request: web.Request) -> web.Response:
        found["got"].append((dict(request.headers), await request.text()))
        return web.Response(status=found["status"])

    app = web.Application()
    app.router.add_post("/in", take)
    async with TestServer(app) as server:
        to = str(server.make_url("/in"))
        route = Route("webhook", to, "high", date(2026, 11, 20), secret=SECRET)
        ways = Ways({"mill": route}, {"webhook": OnThisMachine(clock)}, links=True)
        fingerpost.notes_out.referring.ways = fingerpost.notes_out.desk.ways = ways
        yield found


def got(hook) -> list[dict]:
    return [json.loads(body) for _, body in hook["got"]]


async def taken_back(fingerpost, clock):
    """Let somebody agree to a note, and take it back once it went; return the contact."""
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    await fingerpost.referrals.withdraw(contact.conversation_id)
    clock.pass_by(RECALLED_AFTER)
    return contact


async def test_it_is_told_once_signed_and_by_the_reference_alone(fingerpost, hook, clock):
    contact = await taken_back(fingerpost, clock)
    for _ in range(3):
        await work(fingerpost)
        clock.pass_by(RECALL_AGAIN)
    reference = (await note_of(fingerpost, contact.conversation_id)).reference
    note, told = got(hook)
    assert (note["type"], note["note"]["reference"]) == ("referral.note", reference)
    assert told == {"type": "referral.recalled", "reference": reference}
    (first, _), (headers, body) = hook["got"]
    name, at = headers["webhook-id"], headers["webhook-timestamp"]
    assert name == f"{first['webhook-id']}-recalled" and NUMBER not in body
    made = hmac.new(SECRET.encode(), f"{name}.{at}.{body}".encode(), hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(made).decode()}"


async def test_a_worker_still_has_it_taken_back(fingerpost, hook, clock):
    await taken_back(fingerpost, clock)
    await work(fingerpost)
    assert [n.to_do for n in await fingerpost.referrals.to_act_on("sam")] == ["take_back"]


async def test_what_could_not_be_told_is_told_again_under_the_same_id(fingerpost, hook, clock):
    await taken_back(fingerpost, clock)
    hook["status"] = 503
    await work(fingerpost)
    hook["status"] = 204
    for _ in range(3):
        clock.pass_by(RECALL_AGAIN)
        await work(fingerpost)
    assert [one["type"] for one in got(hook)[1:]] == ["referral.recalled"] * 2
    assert len({headers["webhook-id"] for headers, _ in hook["got"][1:]}) == 1


@pytest.mark.parametrize("how", ["refused", "deleted"])
async def test_it_is_told_no_more_once_refused_for_good_or_done(fingerpost, hook, clock, how):
    contact = await taken_back(fingerpost, clock)
    hook["status"] = 410 if how == "refused" else 503
    await work(fingerpost)
    if how == "deleted":
        note = (await note_of(fingerpost, contact.conversation_id)).id
        await fingerpost.notes_out.desk.deleted(note, "sam")
    for _ in range(3):
        clock.pass_by(RECALL_AGAIN)
        await work(fingerpost)
    assert len(got(hook)) == 2


async def test_what_never_went_is_told_to_nobody(fingerpost, hook, clock):
    contact, _ = await agreed(fingerpost)
    await fingerpost.referrals.withdraw(contact.conversation_id)
    clock.pass_by(RECALLED_AFTER)
    await work(fingerpost)
    assert got(hook) == []
