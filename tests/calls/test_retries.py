# SPDX-License-Identifier: Apache-2.0
"""A post that comes again is told the same; no caller hears anything of another."""

from __future__ import annotations

import asyncio

from aiohttp.test_utils import TestServer

from bot.store import conversations
from bot.web.app import create_app
from bot.wiring import wire
from telephony.routes import add_routes
from tests.calls.conftest import PIN
from tests.fakes import until


async def turns(fingerpost, leg, row) -> int:
    return (await row(leg)).turns


async def test_every_post_replayed_is_answered_to_the_byte(cloud, journey, fingerpost, row):
    leg = await cloud.call()
    posts = [("/telephony/voice", {})]
    for keys in ("1", "2", "4", "1", "#"):
        posts.append((leg.gather["action"], {"Digits": keys}))
        await leg.press(keys)
    answers, count = list(leg.answers), await turns(fingerpost, leg, row)
    for (url, form), answer in reversed(list(zip(posts, answers, strict=True))):
        assert await cloud.post(leg, url, form) == answer
    assert await turns(fingerpost, leg, row) == count
    assert len(journey) == count


async def test_two_posts_at_once_are_one_turn(cloud, journey):
    leg = await cloud.call()
    url = leg.gather["action"]
    first, second = await asyncio.gather(
        cloud.post(leg, url, {"Digits": "1"}), cloud.post(leg, url, {"Digits": "1"})
    )
    assert first == second and journey == ["yes"]


async def test_another_edge_gives_the_same_answer(cloud, edge, settings, clock, journey, assistant):
    leg = await cloud.call()
    url = leg.gather["action"]
    await leg.press("1")
    answer = leg.answers[-1]
    await edge.close()
    fingerpost = wire(settings, clock=clock, assistant=assistant)
    app = create_app(fingerpost)
    add_routes(app, fingerpost)
    again = TestServer(app, port=settings.port)
    await again.start_server()
    assert await cloud.post(leg, url, {"Digits": "1"}) == answer
    await leg.press("2")  # and the call goes on where it was
    assert "For other choices, press 4." in leg.heard
    await again.close()
    await fingerpost.close()


async def test_two_withheld_callers_hear_nothing_of_each_other(cloud, fingerpost, row):
    one, other = await cloud.call("anonymous"), await cloud.call("anonymous")
    await one.say("my brother took my savings")
    await other.say("can you say that again")
    assert (await row(one)).id != (await row(other)).id
    for leg in (one, other):
        story = await fingerpost.conversations.messages(
            await _contact(fingerpost, leg)
        )
        assert ("savings" in " ".join(m.text for m in story.messages)) is (leg is one)
    # A token of one call is worth nothing in another.
    story = await row(other)
    await other.go(one.gather["action"], {"Digits": "*"})
    assert (await row(other)).id == story.id


async def _contact(fingerpost, leg):
    from telephony.tokens import Tokens

    found = Tokens(fingerpost.settings.secret_keys).call_hash(leg.sid)
    return await fingerpost.conversations.find_call(found)


async def test_news_of_the_end_in_any_order_is_harmless(cloud, row):
    leg = await cloud.call()
    url = leg.gather["action"]
    await leg.hang_up()
    assert (await row(leg)).left_at
    await cloud.post(leg, "/telephony/status", {}, "ringing")
    await cloud.post(leg, "/telephony/status", {}, "completed")
    await cloud.post(leg, "/telephony/voice", {}, "completed")
    assert "<Gather" in await cloud.post(leg, url, {"Digits": "1"})
    assert all(status < 300 for _, status in cloud.posts)


async def test_a_call_nobody_knows_has_an_end_too(cloud):
    leg = await cloud.call()
    leg.sid = "CA" + "f" * 32
    await cloud.post(leg, "/telephony/status", {}, "completed")
    assert cloud.posts[-1][1] < 300


async def test_a_call_whose_story_was_closed_or_moved_is_told_so_and_ends(cloud, fingerpost, row):
    for said, first in (("hello", "This talk has ended"), ("he has a knife", "9 9 9")):
        leg = await cloud.call()
        story = await row(leg)
        async with fingerpost.store.write() as tx:
            await conversations.revoke_contacts(tx, story.id, fingerpost.clock())
        before = len(leg.heard)
        await leg.say(said)
        new = leg.heard[before:]
        assert first in new[0] and "This talk has ended" in new[-1]
        assert "Something is not working" not in " ".join(new)
        assert "<Hangup" in leg.answers[-1]


async def test_two_edges_at_a_first_post_open_one_story(cloud, fingerpost, monkeypatch):
    real = fingerpost.conversations.open

    async def second(*args, **known):
        await real(*args, **known)
        return await real(*args, **known)

    monkeypatch.setattr(fingerpost.conversations, "open", second)
    leg = await cloud.call()
    assert any("I am an automated helper." in said for said in leg.heard)


async def test_a_retry_as_twilio_marks_it_is_no_turn(cloud, journey, fingerpost, row):
    leg = await cloud.call()
    url = leg.gather["action"]
    await leg.press("1")
    count = await turns(fingerpost, leg, row)
    cloud.headers = {"I-Twilio-Idempotency-Token": "2b6d2a5e-0b1c-4f66-8d3d-1f1a53e8e7b1"}
    for keys in ("1", "2"):  # the same address is the same turn, whatever comes with it
        assert await cloud.post(leg, url, {"Digits": keys}) == leg.answers[-1]
    assert await turns(fingerpost, leg, row) == count and journey == ["yes"]


async def test_news_of_a_workers_leg_twice_and_late_rings_nobody_twice(cloud, worker):
    caller = await cloud.call()
    await caller.press("0")
    first = await cloud.ringing()
    await first.refuse()
    second = await cloud.ringing(2)
    for status in ("no-answer", "ringing", "no-answer"):
        await cloud.post(first, first.status_url, {}, status)
    await cloud.settle()
    assert len(cloud.rung) == 2 and second.where == "ringing"
    await second.answer()
    await second.press(f"1{PIN}#")
    await cloud.post(first, first.status_url, {}, "completed")
    await second.press("1")
    await until(lambda: cloud.bridged(caller) and cloud.bridged(second))


async def test_the_end_comes_before_what_was_still_on_its_way(cloud, row, fingerpost):
    leg = await cloud.call()
    url = leg.gather["action"]
    await cloud.post(leg, "/telephony/status", {}, "completed")
    assert (await row(leg)).left_at
    await cloud.post(leg, url, {"SpeechResult": "he has a knife"})
    assert (await row(leg)).urgency == "immediate_danger"  # it was said, so it counts
    await cloud.post(leg, "/telephony/status", {}, "in-progress")
    assert {status for _, status in cloud.posts} <= {200, 204}


async def test_a_retry_is_told_the_same_though_there_is_news_since(cloud, fingerpost, worker):
    leg = await cloud.call()
    await leg.say("i want to talk to a person")
    await leg.press_early("8")  # stays with us
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, worker)
    await leg.wait()
    url = leg.gather["action"]
    await leg.say("are you there")
    first = leg.answers[-1]
    await fingerpost.handover.say(waiting.id, worker, "Hello from Sam.")
    assert await cloud.post(leg, url, {"SpeechResult": "are you there"}) == first
    before = len(leg.heard)
    await leg.wait()
    assert "Hello from Sam." in leg.heard[before:]  # the news is for the next post
