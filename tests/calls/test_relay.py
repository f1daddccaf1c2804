# SPDX-License-Identifier: Apache-2.0
"""A call on a socket: the same turns and words, and the <Gather> loop however the socket ends."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import replace

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestServer
from jsonschema import ValidationError

from bot.store import conversations
from bot.web.app import create_app
from bot.wiring import wire
from telephony import menu, session
from telephony.routes import add_routes
from tests.calls.conftest import LINES, ON_CALL
from tests.calls.relay import as_twilio_would, ring
from tests.fakes import until


@pytest.fixture
def settings(settings):
    return replace(settings, conversation_relay=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Seconds of speech and of silence are short here, but in proportion."""
    monkeypatch.setattr(session, "SECOND", 0.002)
    monkeypatch.setattr(session, "STEP", 8.0)


@pytest.fixture
def no_silence(monkeypatch):
    """Nobody is asked anything for being silent."""

    async def never(self, seconds):
        await asyncio.sleep(60)

    monkeypatch.setattr(session.Session, "_wait", never)


@pytest.fixture
async def caller(cloud, no_silence):
    found = await (await ring(cloud)).open()
    await found.told()
    yield found
    await found.close()


def digits(text: str) -> str:
    return text.replace(" ", "").replace(",", "")


async def test_the_first_words_are_those_of_every_call(caller):
    assert "I am an automated helper." in caller.spoken and "999" in digits(caller.spoken)
    assert "press 0" in caller.spoken
    assert caller.relay.get("welcomeGreeting") is None  # Twilio keeps what stands there
    assert caller.relay.get("profanityFilter") == "false"


async def test_words_and_keys_are_the_same_turns(caller, journey):
    await caller.press("1")
    assert "find help: press 2." in caller.spoken
    await caller.answered("find help")
    assert "For other choices, press 4." in caller.spoken
    await caller.press("41#")
    assert "0 1 1 7, 0 0 0, 1 2 3 4" in caller.spoken
    assert journey[-3:] == ["find_help", "burglary_theft", "skip"]


async def test_what_must_be_surely_heard_is_asked_in_the_loop(caller, journey):
    await caller.press("1241#2")
    assert caller.frames[-1]["type"] == "end"
    await caller.go_on()
    leg = caller.leg
    assert "lost you" not in " ".join(leg.heard)
    await leg.press("1")
    await leg.press("07700900123#")
    assert "07700900123" in journey and all(line.label in " ".join(leg.heard) for line in LINES)
    await leg.say("yes", confidence=0.2)
    assert journey[-1] != "yes"
    await leg.press("1")
    assert journey[-1] == "yes"


async def test_a_question_of_danger_is_asked_in_the_loop(caller, row):
    await caller.press("1")
    await caller.say("my ex keeps turning up outside my house and i dont know what to do")
    await until(lambda: caller.frames[-1]["type"] == "end")
    await caller.go_on()
    leg = caller.leg
    assert leg.where == "gather" and "yes: press 1." in leg.heard
    await leg.say("no", confidence=0.2)
    await leg.say("yes", confidence=0.2)
    assert (await row(leg)).urgency == "immediate_danger"


async def test_a_danger_call_is_answered_firmly_and_rings_a_worker(caller, cloud, row, assistant):
    assistant.down = True
    before = len(caller.frames)
    said = await caller.answered("he is breaking the door down he has a knife please help me")
    assert "999" in digits(said)
    first = caller.frames[before]
    assert first["interruptible"] is False and first["preemptible"] is False
    assert (await row(caller.leg)).urgency == "immediate_danger"
    rung = await cloud.ringing()
    assert rung.to == ON_CALL[0]


@pytest.mark.parametrize("key", ["9", "55"])
async def test_keys_of_danger(caller, row, key):
    for one in key:
        await caller.send(type="dtmf", digit=one)
    await until(lambda: "Thisisnot999" in digits(caller.spoken))
    assert (await row(caller.leg)).urgency == "immediate_danger"


async def test_a_dropped_socket_lands_in_the_loop_in_the_same_place(caller, journey):
    await caller.press("12")
    asked = caller.heard[-1]
    await caller.drop()
    leg = caller.leg
    assert leg.where == "gather" and "I lost you for a moment" in leg.heard[0]
    assert asked.strip() in " ".join(leg.heard)
    await leg.press("4")  # the menu is still the one that was on offer
    await leg.press("1")
    assert journey[-1] == "burglary_theft"


async def test_a_socket_lost_while_a_turn_is_answered_loses_no_turn(caller, assistant, row):
    assistant.delay, assistant.says = 0.4, ["support_tell"]
    await caller.say("my house was broken into")
    await asyncio.sleep(0.1)
    await caller.drop()
    assert "Take your time." in " ".join(caller.leg.heard)
    assert (await row(caller.leg)).turns == 1


async def test_a_socket_that_never_opened_lands_at_the_first_words(cloud):
    found = await ring(cloud)
    await found.go_on(SessionStatus="failed", ErrorCode="64102")
    assert "I am an automated helper." in " ".join(found.leg.heard)
    assert "lost you" not in " ".join(found.leg.heard) and found.leg.where == "gather"
    await found.close()


async def test_an_error_of_twilio_lands_in_the_loop(caller, journey):
    await caller.press("1")
    await caller.send(type="error", description="Invalid message received")
    await until(lambda: caller.frames[-1]["type"] == "end")
    await caller.go_on()
    assert "find help: press 2." in caller.leg.heard and caller.leg.where == "gather"


@pytest.mark.parametrize(
    "frame",
    ["", "[]", "{", '"x"', '{"type":"prompt","voicePrompt":1,"last":true}', '{"type":"dtmf"}',
     '{"type":"prompt","voicePrompt":"hi"}', '{"type":"dtmf","digit":"11"}', "[" * 30_000],
)  # fmt: skip
async def test_what_we_cannot_read_may_have_been_words_and_lands_in_the_loop(caller, frame):
    await caller.socket.send_str(frame)
    await until(lambda: caller.frames[-1]["type"] == "end")
    await caller.go_on()
    assert caller.leg.where == "gather"


async def test_kinds_of_frames_that_we_do_not_know_are_no_error(caller):
    await caller.send(type="info", name="tokensPlayed", value="Hello.")
    await caller.send(type="connected")
    assert await caller.answered("hello")


async def test_a_person_is_asked_for_and_the_call_goes_on_by_posts(caller, cloud, worker):
    await caller.press("0")
    assert caller.frames[-1]["type"] == "end"
    handed = caller.frames[-1]["handoffData"]
    assert "person" not in handed and caller.leg.sid not in handed
    await caller.go_on()
    assert caller.leg.where == "gather"
    assert (await cloud.ringing()).to == ON_CALL[0]


async def test_a_worker_who_comes_after_danger_fetches_the_caller(caller, cloud, worker):
    await caller.answered("he is breaking the door down he has a knife please help me")
    rung = await cloud.ringing()
    await rung.answer()
    await rung.press("14071#")
    await rung.press("1")
    await until(lambda: caller.leg.where == "conference")
    assert cloud.bridged(caller.leg)
    before = len(caller.frames)
    await caller.say("hello")  # a frame that was under way changes nothing
    await asyncio.sleep(0.3)
    assert len(caller.frames) == before and cloud.bridged(caller.leg)


# -- who may open one ------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["wss://other.example/telephony/relay", "ws://127.0.0.1/x"])
async def test_a_bad_signature_is_refused(cloud, url):
    found = await ring(cloud)
    with pytest.raises(WSServerHandshakeError) as refused:
        await found.open(sign=url)
    assert refused.value.status == 403
    await found.close()


async def test_no_signature_is_refused(cloud):
    found = await ring(cloud)
    with pytest.raises(WSServerHandshakeError) as refused:
        await found._session.ws_connect(found.relay.get("url"))
    assert refused.value.status == 403
    await found.close()


async def test_a_second_socket_of_a_call_advances_nothing(caller, cloud, journey, row):
    await caller.press("1")
    count = (await row(caller.leg)).turns
    again = await type(caller)(cloud, caller.leg, caller.text).open()
    await until(lambda: again.closed)
    assert again.frames == [] and (await row(caller.leg)).turns == count
    await caller.press("2")
    assert journey[-1] == "find_help"
    await again.close()


async def test_no_socket_is_opened_when_the_call_is_long_under_way(cloud, fingerpost, clock):
    """What the first socket claimed is forgotten with the hour, and its word may have been seen."""
    first = await (await ring(cloud)).open()
    await first.told()
    clock.pass_by(3601)
    await fingerpost.retention.run()
    again = await type(first)(cloud, first.leg, first.text).open()
    await until(lambda: again.closed)
    assert again.frames == []
    await first.close()
    await again.close()


async def test_a_word_of_another_call_opens_nothing(cloud, caller):
    other = await ring(cloud)
    await other.open(word=caller.word)
    await until(lambda: other.closed)
    assert other.frames == []
    unknown = await (await ring(cloud)).open(sid="CA" + "0" * 32)
    await until(lambda: unknown.closed)
    assert unknown.frames == []
    await other.close()
    await unknown.close()


# -- what comes twice, too early or not at all -------------------------------------------------


async def test_the_same_frame_at_once_again_is_one_turn(caller, assistant, row):
    assistant.delay = 0.2
    before = len(caller.frames)
    for _ in range(3):
        await caller.say("my house was broken into")
        await caller.send(type="dtmf", digit="8")
    await caller.told(before)
    assert (await row(caller.leg)).turns == 1


async def test_the_posts_of_the_end_replayed_are_answered_to_the_byte(caller, row, journey):
    await caller.press("1")
    await caller.drop()
    first, count = caller.leg.answers[-1], (await row(caller.leg)).turns
    await caller.leg.press("2")
    again = await caller.cloud.post(caller.leg, caller.action, {"SessionStatus": "ended",
                                                                "SessionId": "VX1"})  # fmt: skip
    assert again == first and (await row(caller.leg)).turns == count + 1
    voice = await caller.cloud.post(caller.leg, "/telephony/voice", {})
    assert voice == caller.text


async def test_a_guess_still_under_way_is_no_turn(caller, row):
    await caller.say("I was", last=False)
    await caller.say("  ")
    await asyncio.sleep(0.1)
    assert (await row(caller.leg)).turns == 0


async def test_words_said_before_the_last_answer_pick_nothing_in_it(caller, assistant):
    assistant.delay = 0.2
    await caller.say("my house was broken into")
    await asyncio.sleep(0.05)
    await caller.say("two")  # something calming, as it turned out
    await until(lambda: len(assistant.heard) == 2)
    assert assistant.heard[-1]["text"] == "two" and not assistant.heard[-1]["choice"]


@pytest.mark.parametrize("key", ["0", "7", "9"])
async def test_a_key_that_brings_a_person_counts_before_the_answer_came(
    caller, assistant, row, key
):
    assistant.delay = 0.2
    await caller.say("my house was broken into")
    await asyncio.sleep(0.05)
    await caller.send(type="dtmf", digit=key)
    for _ in range(60):
        if (await row(caller.leg)).state == "waiting":
            break
        await asyncio.sleep(0.05)
    assert (await row(caller.leg)).state == "waiting"


@pytest.mark.parametrize("key", sorted(set(menu.KEYS) - menu.AT_ANY_TIME))
async def test_a_key_for_what_was_on_offer_before_does_nothing_after_it(
    caller, assistant, row, key
):
    assistant.delay = 0.2
    before = len(caller.frames)
    await caller.say("my house was broken into")
    await asyncio.sleep(0.05)
    await caller.send(type="dtmf", digit=key)
    await caller.told(before)
    assert (await row(caller.leg)).turns == 1 and len(assistant.heard) == 1
    assert not [f for f in caller.frames if f["type"] == "end"]  # where a code is keyed in


async def test_who_cannot_speak_is_not_heard(caller, row, journey):
    await caller.press("15")
    count = (await row(caller.leg)).turns
    await caller.say("who are you talking to")
    await asyncio.sleep(0.1)
    assert (await row(caller.leg)).turns == count
    await caller.press("2")
    assert "abuse" not in caller.spoken and "To hear it, press 1." in caller.spoken


async def test_silence_climbs_to_its_end(cloud):
    found = await (await ring(cloud)).open()
    await until(lambda: found.frames and found.frames[-1]["type"] == "end")
    assert "I am still here. Take your time." in found.spoken
    assert found.heard.count("polski: 7.") == 2  # at the start, and after a silence
    await found.go_on()
    await cloud.settle()
    leg = found.leg
    assert "I will end this call now" in " ".join(leg.heard) and leg.where == "over"
    assert "lost you" not in " ".join(leg.heard)
    await found.close()


async def test_other_languages_are_named_straight_after_the_first_words(caller):
    """Each in its own language, as Twilio was told, and as a reply that none of ours stops."""
    told = {f["lang"]: f for f in caller.frames[1:5]}
    assert list(told) == [language.get("code") for language in caller.relay.findall("Language")]
    assert told["pl-PL"]["token"] == "polski: 7." and "en-GB" not in told
    assert all(f["last"] and not f["preemptible"] and f["interruptible"] for f in told.values())
    assert caller.frames[0]["last"] and not caller.frames[0]["preemptible"]
    assert all(f["lang"] == "en-GB" for f in caller.frames[5:]) and caller.frames[5:]


async def test_a_language_that_cannot_be_said_ends_no_session(caller):
    await caller.send(type="error", description='Invalid message received: {"lang":"pl-PL"}')
    await asyncio.sleep(0.1)
    assert caller.frames[-1]["type"] != "end"
    await caller.send(type="error", description="Invalid message received")
    await until(lambda: caller.frames[-1]["type"] == "end")


async def test_nobody_is_silent_while_they_speak(cloud, monkeypatch):
    monkeypatch.setattr(session, "LONGEST_SPEECH", 10_000)
    found = await (await ring(cloud)).open()
    await found.send(type="info", name="clientSpeaking", value="on", ts=1)
    await asyncio.sleep(0.5)
    assert "I am still here." not in found.spoken
    await found.send(type="info", name="clientSpeaking", value="off", ts=2)
    await until(lambda: "I am still here." in found.spoken)
    await found.close()


async def test_who_cannot_speak_is_silent_whoever_is_heard_beside_them(cloud, monkeypatch):
    """Nothing else lets them hear what staff write."""
    monkeypatch.setattr(session, "LONGEST_SPEECH", 10_000)
    found = await (await ring(cloud)).open()
    await found.press("5")
    await found.send(type="info", name="clientSpeaking", value="on", ts=1)
    await until(lambda: "I am still here." in found.spoken)
    await found.close()


async def test_what_staff_write_is_heard_though_a_radio_never_stops(
    cloud, monkeypatch, fingerpost, worker
):
    monkeypatch.setattr(session, "LONGEST_SPEECH", 10_000)
    found = await (await ring(cloud)).open()
    await found.send(type="info", name="clientSpeaking", value="on", ts=1)
    before = len(found.frames)
    await found.say("he has a knife and he is here")
    await found.told(before)
    queue = await fingerpost.handover.queue()
    await fingerpost.handover.accept(queue[0].id, worker)
    await found.say("are you there")
    await asyncio.sleep(0.3)
    await fingerpost.handover.say(queue[0].id, worker, "Blue lantern.")
    await until(lambda: "Blue lantern." in found.spoken)
    await found.close()


async def test_what_a_noise_cut_short_is_said_once_more(cloud):
    found = await (await ring(cloud)).open()
    await until(lambda: "yes: press 1. " in found.heard)
    await found.send(type="interrupt", utteranceUntilInterrupt="He", durationUntilInterruptMs="4")
    await until(lambda: found.heard.count("yes: press 1. ") == 2)
    await until(lambda: "I am still here." in found.spoken)
    await found.close()


async def test_an_interruption_of_what_was_said_before_cuts_nothing_of_the_answer(
    caller, assistant
):
    assistant.delay, assistant.says = 0.2, ["support_tell"]
    before = len(caller.frames)
    await caller.say("my house was broken into")
    await caller.send(type="interrupt", utteranceUntilInterrupt="", durationUntilInterruptMs=1)
    assert "Take your time." in await caller.told(before)


async def test_whoever_wants_it_slower_goes_on_in_the_loop(caller):
    await caller.say("slower please")
    await until(lambda: caller.frames[-1]["type"] == "end")
    await caller.go_on()
    assert 'rate="80%"' in caller.leg.answers[-1] and caller.leg.where == "gather"
    assert "lost you" not in " ".join(caller.leg.heard)


# -- when something breaks ---------------------------------------------------------------------


async def test_danger_is_answered_while_the_database_is_locked(caller, settings):
    lock = sqlite3.connect(settings.var / "fingerpost.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    said = await caller.answered("he is breaking my door down with an axe right now")
    lock.execute("ROLLBACK")
    lock.close()
    assert "999" in digits(said)
    assert await caller.answered("are you there")


async def test_an_edge_that_stops_lets_its_calls_go_on_in_the_loop(
    caller, edge, settings, clock, assistant, screen
):
    await caller.press("1")
    await edge.close()
    await until(lambda: caller.closed)
    fingerpost = wire(settings, clock=clock, assistant=assistant, screen=screen)
    app = create_app(fingerpost)
    add_routes(app, fingerpost)
    again = TestServer(app, port=settings.port)
    await again.start_server()
    await caller.go_on()
    assert caller.leg.where == "gather" and "lost you" in " ".join(caller.leg.heard)
    await again.close()
    await fingerpost.close()


async def test_a_story_that_was_closed_says_so_and_danger_in_it_is_answered(
    caller, fingerpost, row
):
    story = await row(caller.leg)
    async with fingerpost.store.write() as tx:
        await conversations.revoke_contacts(tx, story.id, fingerpost.clock())
    assert "999" in digits(await caller.answered("he has a knife"))
    await caller.send(type="dtmf", digit="1")
    await until(lambda: caller.frames[-1]["type"] == "end")
    await caller.go_on()
    assert "This talk has ended" in " ".join(caller.leg.heard)


async def test_no_log_and_no_document_holds_a_word_or_a_call(caller, caplog):
    caplog.set_level(logging.DEBUG)
    await caller.answered("my neighbour marigold took my bike")
    await caller.socket.send_str("marigold")
    await until(lambda: caller.frames[-1]["type"] == "end")
    own = [r for r in caplog.records if r.name.startswith(("telephony", "bot", "twilio"))]
    logged = " ".join(f"{r.getMessage()} {r.__dict__}" for r in own)
    assert "marigold" not in logged and caller.leg.sid not in logged
    assert caller.leg.sid not in caller.text
    for name in caller.relay.attrib:
        assert "record" not in name.lower() and "intelligence" not in name.lower()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "setup", "callsid": "CA1"},
        {"type": "prompt", "voicePrompt": 1},
        {"type": "interrupt", "durationUntilInterruptMs": "soon"},
    ],
)
def test_the_stand_in_is_held_to_what_twilio_sends(frame):
    with pytest.raises((ValidationError, ValueError)):
        as_twilio_would(frame["type"], frame)
