# SPDX-License-Identifier: Apache-2.0
"""The JSON API keeps its contract: every status, every code, nothing doubled, nothing leaked."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from jsonschema import Draft202012Validator

from bot.service.ports import ConversationError
from bot.store.database import StoreError
from bot.web.app import create_app
from bot.web.limits import Limits, Rate


@pytest.fixture
async def client(fingerpost) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(create_app(fingerpost))) as found:
        yield found


async def opened(client: TestClient) -> tuple[str, dict[str, str], dict]:
    answer = await client.post("/api/conversations", json={})
    assert answer.status == 201
    body = await answer.json()
    headers = {"Authorization": f"Bearer {body['token']}"}
    return f"/api/conversations/{body['id']}", headers, body


async def problem(answer, status: int, code: str) -> dict:
    assert answer.status == status, await answer.text()
    assert answer.content_type == "application/problem+json"
    found = await answer.json()
    assert (found["status"], found["code"]) == (status, code)
    assert found["detail"].strip()
    return found


def choice(body: dict, key: str) -> str:
    return next(
        c["id"] for m in reversed(body["messages"]) for c in m["choices"] if c["key"] == key
    )


# -- opening ----------------------------------------------------------------------------------


async def test_a_conversation_opens_with_words_and_choices(client) -> None:
    _, _, body = await opened(client)
    assert set(body) == {"id", "token", "state", "messages"}
    assert body["state"] == "assistant"
    assert any(m["kind"] == "urgent" and "999" in m["text"] for m in body["messages"])
    assert {c["key"] for c in body["messages"][-1]["choices"]} >= {"yes", "no", "person"}


async def test_everything_sent_fits_its_own_description(client) -> None:
    described = await (await client.get("/api/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    schema = {"$ref": "#/components/schemas/Opened", "components": described["components"]}
    _, _, body = await opened(client)
    Draft202012Validator(schema).validate(body)


async def test_opening_needs_no_body(client) -> None:
    assert (await client.post("/api/conversations")).status == 201


async def test_what_is_not_json_is_400(client) -> None:
    url, headers, _ = await opened(client)
    for body in (b"{", b"\xff\xfe\x00", b"[" * 9000, b"text=hello"):
        await problem(await client.post("/api/conversations", data=body), 400, "not_json")
        answer = await client.post(f"{url}/messages", data=body, headers=headers)
        await problem(answer, 400, "not_json")


# -- saying -----------------------------------------------------------------------------------


async def test_a_reply_holds_only_what_is_newer_than_ones_own_words(client) -> None:
    url, headers, before = await opened(client)
    answer = await client.post(f"{url}/messages", json={"text": "hello there"}, headers=headers)
    assert answer.status == 200
    body = await answer.json()
    assert set(body) == {"state", "messages"} and body["messages"]
    assert all(m["from"] != "person" for m in body["messages"])
    everything = await (await client.get(f"{url}/messages", headers=headers)).json()
    ids = [m["id"] for m in everything["messages"]]
    assert ids == sorted(set(ids))
    own = [m for m in everything["messages"] if m["from"] == "person"]
    assert [m["text"] for m in own] == ["hello there"]
    newest = before["messages"][-1]["id"]
    later = await (await client.get(f"{url}/messages?after={newest}", headers=headers)).json()
    assert [m["id"] for m in later["messages"]] == [i for i in ids if i > newest]


async def test_the_same_client_id_is_answered_once(client, assistant) -> None:
    url, headers, _ = await opened(client)
    said = {"text": "only once", "client_id": "one"}
    first = await (await client.post(f"{url}/messages", json=said, headers=headers)).json()
    again = await (await client.post(f"{url}/messages", json=said, headers=headers)).json()
    assert again == first
    everything = await (await client.get(f"{url}/messages", headers=headers)).json()
    assert [m["text"] for m in everything["messages"]].count("only once") == 1
    assert len(assistant.heard) == 1
    other = await client.post(
        f"{url}/messages", json={"text": "something else", "client_id": "one"}, headers=headers
    )
    await problem(other, 409, "client_id_reused")


async def test_a_choice_sent_again_under_its_client_id_gets_the_first_answer_again(client) -> None:
    url, headers, body = await opened(client)
    said = {"choice": choice(body, "yes"), "client_id": "chosen"}
    first = await client.post(f"{url}/messages", json=said, headers=headers)
    again = await client.post(f"{url}/messages", json=said, headers=headers)
    assert (first.status, again.status) == (200, 200)
    assert await again.json() == await first.json()


async def test_the_same_client_id_twice_at_the_same_moment_is_answered_once(
    client, assistant
) -> None:
    assistant.delay = 0.3
    url, headers, _ = await opened(client)
    said = {"text": "i was burgled last week", "client_id": "double"}
    answers = await asyncio.gather(
        *(client.post(f"{url}/messages", json=said, headers=headers) for _ in range(2))
    )
    assert [a.status for a in answers] == [200, 200]
    first, second = [await a.json() for a in answers]
    assert first == second
    assert len(assistant.heard) == 1


async def test_two_messages_at_once_are_both_answered(client, assistant) -> None:
    assistant.delay = 0.1
    url, headers, _ = await opened(client)
    answers = await asyncio.gather(
        *(client.post(f"{url}/messages", json={"text": t}, headers=headers) for t in ("one", "two"))
    )
    assert [a.status for a in answers] == [200, 200]
    assert {t["text"] for t in assistant.heard} == {"one", "two"}


async def test_a_choice_is_taken_once_and_then_stale(client) -> None:
    url, headers, body = await opened(client)
    picked = {"choice": choice(body, "yes")}
    assert (await client.post(f"{url}/messages", json=picked, headers=headers)).status == 200
    await problem(
        await client.post(f"{url}/messages", json=picked, headers=headers), 422, "unknown_choice"
    )


REFUSED = [
    ({}, "empty"),
    ({"text": ""}, "empty"),
    ({"text": " \u2003\n"}, "empty"),
    ({"choice": "no-such-choice"}, "unknown_choice"),
    ({"text": 5}, "wrong_shape"),
    ({"text": ["a"]}, "wrong_shape"),
    ({"choice": {"id": 1}}, "wrong_shape"),
    ({"text": "a", "client_id": 7}, "wrong_shape"),
    ({"text": "a", "client_id": "a" * 65}, "wrong_shape"),
    ({"text": "a", "without": "all"}, "wrong_shape"),
    ([], "wrong_shape"),
    ("text", "wrong_shape"),
]


async def test_what_cannot_be_taken_is_422(client, assistant) -> None:
    url, headers, _ = await opened(client)
    for said, code in REFUSED:
        await problem(await client.post(f"{url}/messages", json=said, headers=headers), 422, code)
    everything = await (await client.get(f"{url}/messages", headers=headers)).json()
    assert all(m["from"] != "person" for m in everything["messages"])
    assert assistant.heard == []


async def test_a_text_and_a_choice_at_once_are_422(client) -> None:
    url, headers, body = await opened(client)
    said = {"text": "hello", "choice": choice(body, "yes")}
    await problem(await client.post(f"{url}/messages", json=said, headers=headers), 422, "both")


async def test_a_number_that_is_none_is_422(client) -> None:
    url, headers, _ = await opened(client)
    for after in ("-1", "x", "1.5", "9" * 40, "\u0663"):
        answer = await client.get(f"{url}/messages", params={"after": after}, headers=headers)
        await problem(answer, 422, "wrong_shape")


async def test_more_than_16_kilobytes_are_413(client) -> None:
    url, headers, _ = await opened(client)
    for size in (17_000, 100_000):
        said = {"text": "a" * size}
        answer = await client.post(f"{url}/messages", json=said, headers=headers)
        await problem(answer, 413, "too_long")


ODD = [
    "\x00\x01\x07 hello",
    "\U0001f62d\U0001f62d\U0001f62d",
    '/restart{"a": 1}',
    "\u3000/greet",
    "<script>alert(1)</script>",
    "\u202e evil \u202c",
    "'; DROP TABLE events; --",
]


async def test_odd_words_are_heard_like_any_others(client) -> None:
    url, headers, _ = await opened(client)
    for text in ODD:
        answer = await client.post(f"{url}/messages", json={"text": text}, headers=headers)
        assert answer.status == 200, await answer.text()
        assert (await answer.json())["messages"], text


async def test_half_a_surrogate_pair_does_no_harm(client) -> None:
    url, headers, _ = await opened(client)
    answer = await client.post(
        f"{url}/messages", data=b'{"text": "help \\ud800 me"}', headers=headers
    )
    assert answer.status == 200
    assert (await client.get(f"{url}/messages", headers=headers)).status == 200


# -- whose conversation -----------------------------------------------------------------------

CALLS = [
    ("POST", "/messages"),
    ("GET", "/messages"),
    ("GET", "/events"),
    ("POST", "/leave"),
    ("POST", "/resume-code"),
]


async def test_without_a_token_it_is_401(client) -> None:
    url, _, _ = await opened(client)
    for method, path in CALLS:
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic YTpi"}):
            answer = await client.request(method, url + path, json={"text": "a"}, headers=headers)
            await problem(answer, 401, "no_token")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_anothers_conversation_is_as_unknown_as_none(client) -> None:
    url, _, _ = await opened(client)
    _, others, _ = await opened(client)
    nowhere = "/api/conversations/00000000-0000-0000-0000-000000000000"
    for method, path in CALLS:
        answers = [
            await client.request(method, where + path, json={"text": "a"}, headers=others)
            for where in (url, nowhere)
        ]
        found = [await problem(answer, 404, "unknown") for answer in answers]
        assert found[0] == found[1]


async def test_what_is_nowhere_is_404_and_what_cannot_be_is_405(client) -> None:
    await problem(await client.get("/api/nothing"), 404, "not_found")
    answer = await client.put("/api/conversations")
    await problem(answer, 405, "not_allowed")
    assert "POST" in answer.headers["Allow"]


async def test_a_cookie_may_read_but_not_change_without_the_pages_own_token(client) -> None:
    started = await client.post("/chat", data={"do": "start"}, allow_redirects=False)
    assert started.status == 303
    cookie = started.cookies["s"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    conversation_id = cookie.value.partition(".")[0]
    url = f"/api/conversations/{conversation_id}"
    assert (await client.get(f"{url}/messages")).status == 200
    answer = await client.post(f"{url}/messages", json={"text": "hello"})
    await problem(answer, 403, "refused")
    other, _, _ = await opened(client)
    await problem(await client.get(f"{other}/messages"), 404, "unknown")


# -- ended, too much, not stored, broken ------------------------------------------------------


async def test_an_ended_conversation_is_410(client, fingerpost) -> None:
    url, headers, body = await opened(client)
    await client.post(f"{url}/messages", json={"choice": choice(body, "person")}, headers=headers)
    waiting = (await fingerpost.handover.queue())[0]
    await fingerpost.handover.accept(waiting.id, "worker")
    await fingerpost.handover.end(waiting.id, "worker", "supported")
    answer = await client.post(f"{url}/messages", json={"text": "still there?"}, headers=headers)
    await problem(answer, 410, "ended")


async def test_too_much_at_once_is_429_with_the_emergency_words(fingerpost) -> None:
    clock = [0.0]
    limits = Limits(session=Rate(3, 1), clock=lambda: clock[0])
    async with TestClient(TestServer(create_app(fingerpost, limits))) as client:
        url, headers, _ = await opened(client)
        _, others, _ = await opened(client)
        statuses = []
        for number in range(4):
            answer = await client.post(
                f"{url}/messages", json={"text": f"help {number}"}, headers=headers
            )
            statuses.append(answer.status)
        assert statuses == [200, 200, 200, 429]
        found = await problem(answer, 429, "too_many")
        assert "999" in found["detail"] and answer.headers["Retry-After"]
        clock[0] += 1.0
        again = await client.post(f"{url}/messages", json={"text": "help"}, headers=headers)
        assert again.status == 200


async def test_what_cannot_be_kept_is_503_with_the_emergency_words(
    client, fingerpost, monkeypatch
) -> None:
    url, headers, _ = await opened(client)

    def locked():
        raise StoreError

    monkeypatch.setattr(fingerpost.store, "write", locked)
    calls = [
        client.post(f"{url}/messages", json={"text": "is anybody there"}, headers=headers),
        client.post("/api/conversations", json={}),
        client.post("/api/resume", json={"code": "ABCDEFGH"}),
    ]
    for call in calls:
        found = await problem(await call, 503, "not_stored")
        assert "999" in found["detail"]


async def test_a_fault_of_ours_tells_nothing_of_itself(client, fingerpost, monkeypatch, caplog):
    url, headers, _ = await opened(client)

    async def broken(*_):
        raise RuntimeError("planted words of a person")

    monkeypatch.setattr(fingerpost.conversations, "hear", broken)
    with caplog.at_level(logging.DEBUG):
        answer = await client.post(f"{url}/messages", json={"text": "hello"}, headers=headers)
    found = await problem(answer, 500, "trouble")
    assert "999" in found["detail"]
    assert "planted" not in json.dumps(found) and "Traceback" not in json.dumps(found)
    ours = [record for record in caplog.records if record.name.startswith(("bot.", "aiohttp."))]
    logged = [json.dumps(vars(record), default=str) for record in ours]
    assert logged
    assert not any("planted" in line or url.rpartition("/")[2] in line for line in logged)
    assert not any(record.exc_info for record in ours)


# -- leaving and coming back ------------------------------------------------------------------


async def test_leaving_is_204_whatever_is_sent_with_it_and_deletes_nothing(client) -> None:
    url, headers, _ = await opened(client)
    for body in ({"json": {}}, {"data": {"a": "b"}}, {"data": b"beacon"}, {}):
        answer = await client.post(f"{url}/leave", headers=headers, **body)
        assert answer.status == 204
        assert "cookies" in answer.headers["Clear-Site-Data"]
    assert (await client.get(f"{url}/messages", headers=headers)).status == 200


async def test_leaving_never_waits(client, fingerpost, monkeypatch) -> None:
    url, headers, _ = await opened(client)

    async def slow(*_):
        await asyncio.sleep(5)

    monkeypatch.setattr(fingerpost.conversations, "leave", slow)
    began = time.monotonic()
    assert (await client.post(f"{url}/leave", headers=headers)).status == 204
    assert time.monotonic() - began < 2


async def test_a_code_goes_on_elsewhere_without_the_earlier_words(client, clock) -> None:
    url, headers, before = await opened(client)
    await client.post(f"{url}/messages", json={"text": "an earlier secret"}, headers=headers)
    answer = await client.post(f"{url}/resume-code", headers=headers)
    given = await answer.json()
    code = given["code"]
    assert len(code) == 8 and list(given) == ["code"]  # there is no telephone to go on by
    clock.pass_by(60)
    resumed = await client.post("/api/resume", json={"code": code})
    assert resumed.status == 200
    body = await resumed.json()
    assert body["id"] == before["id"] and body["token"] != before["token"]
    assert "earlier secret" not in json.dumps(body)
    new = {"Authorization": f"Bearer {body['token']}"}
    seen = await (await client.get(f"{url}/messages", headers=new)).json()
    assert [m["id"] for m in seen["messages"]] == [m["id"] for m in body["messages"]]
    async with client.get(f"{url}/events?after=0", headers=new) as stream:
        first = await next_event(stream)
        assert first["id"] == str(body["messages"][0]["id"])
    await problem(await client.get(f"{url}/messages", headers=headers), 404, "unknown")


async def test_a_wrong_code_is_404_and_the_sixth_try_429(client) -> None:
    for _ in range(5):
        answer = await client.post("/api/resume", json={"code": "WRONGONE"})
        await problem(answer, 404, "unknown_code")
    sixth = await client.post("/api/resume", json={"code": "WRONGONE"})
    found = await problem(sixth, 429, "too_many")
    assert "999" in found["detail"]


async def test_strangers_behind_our_proxy_lock_nobody_out_who_comes_back(client) -> None:
    through = {"X-Forwarded-For": "203.0.113.9"}
    for n in range(9):
        answer = await client.post("/api/resume", json={"code": f"WRONG{n}"}, headers=through)
        await problem(answer, 404, "unknown_code")


async def test_a_code_of_another_shape_is_422(client) -> None:
    for body in ({}, {"code": 5}, {"code": "a" * 99}):
        await problem(await client.post("/api/resume", json=body), 422, "wrong_shape")


# -- live -------------------------------------------------------------------------------------


async def next_event(stream) -> dict[str, str]:
    found: dict[str, str] = {}
    async with asyncio.timeout(5):
        async for raw in stream.content:
            line = raw.decode().strip()
            if not line and "data" in found:
                return found
            name, _, value = line.partition(": ")
            found[name] = value
    raise AssertionError("the stream ended")


async def test_events_come_live_and_resume_where_they_stopped(client) -> None:
    url, headers, before = await opened(client)
    newest = before["messages"][-1]["id"]
    async with client.get(f"{url}/events", headers=headers) as stream:
        assert stream.content_type == "text/event-stream"
        first = await next_event(stream)
        assert first["id"] == str(before["messages"][0]["id"]) and first["retry"]
    async with client.get(
        f"{url}/events", headers={**headers, "Last-Event-ID": str(newest)}
    ) as stream:
        state = await next_event(stream)
        assert state["event"] == "state" and json.loads(state["data"]) == {"state": "assistant"}
        await client.post(f"{url}/messages", json={"text": "live words"}, headers=headers)
        event = await next_event(stream)
        message = json.loads(event["data"])
        assert event["id"] == str(message["id"])
        assert (message["from"], message["text"]) == ("person", "live words")


async def test_a_code_for_the_telephone_is_given_to_who_wants_one(client, settings) -> None:
    object.__setattr__(settings, "twilio_number", "+441172345678")
    url, headers, _ = await opened(client)
    plain = await (await client.post(f"{url}/resume-code", headers=headers)).json()
    assert set(plain) == {"code"}
    wish = {"phone": True}
    given = await (await client.post(f"{url}/resume-code", json=wish, headers=headers)).json()
    assert len(given["code"]) == 8 and re.fullmatch(r"\d{6}", given["phone_code"])
    by_web = await client.post("/api/resume", json={"code": given["phone_code"]})
    assert by_web.status == 404


async def test_both_codes_are_shown_without_javascript(client, settings) -> None:
    object.__setattr__(settings, "twilio_number", "+441172345678")
    started = await client.post("/chat", data={"do": "start"})
    csrf = re.search(r'name="csrf" value="([^"]+)"', await started.text())[1]
    wish = {"do": "code", "csrf": csrf}
    shown = await (await client.post("/chat", data=wish)).text()
    assert re.search(r'id="phone-code"[^>]*><', shown) and 'name="phone"' in shown
    shown = await (await client.post("/chat", data=wish | {"phone": "yes"})).text()
    assert re.search(r'id="code"[^>]*>[^<]*\b[A-Z0-9]{8}<', shown)
    assert re.search(r'id="phone-code"[^>]*>[^<]*\b\d\d \d\d \d\d<', shown)


async def test_a_device_whose_story_moved_on_sees_no_more(client) -> None:
    url, headers, before = await opened(client)
    newest = before["messages"][-1]["id"]
    code = (await (await client.post(f"{url}/resume-code", headers=headers)).json())["code"]
    async with client.get(f"{url}/events?after={newest}", headers=headers) as stream:
        await next_event(stream)
        body = await (await client.post("/api/resume", json={"code": code})).json()
        new = {"Authorization": f"Bearer {body['token']}"}
        await client.post(f"{url}/messages", json={"text": "for new eyes only"}, headers=new)
        async with asyncio.timeout(5):
            rest = await stream.content.read()
        assert b"new eyes" not in rest


async def test_the_service_stops_although_somebody_follows(fingerpost) -> None:
    client = TestClient(TestServer(create_app(fingerpost)))
    await client.start_server()
    url, headers, _ = await opened(client)
    stream = await client.get(f"{url}/events", headers=headers)
    await next_event(stream)
    async with asyncio.timeout(5):
        await client.close()


# -- headers ----------------------------------------------------------------------------------


PATHS = [
    *("/", "/chat", "/privacy", "/directory", "/static/page.css"),
    *("/api/openapi.json", "/api/nothing"),
]


async def test_every_answer_is_closed_to_others_and_kept_by_nobody(client) -> None:
    for path in PATHS:
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers


async def test_readiness_says_yes_or_no_and_nothing_more(client, fingerpost, monkeypatch) -> None:
    for ready, status in ((True, 200), (False, 503)):

        async def answer(ready=ready) -> bool:
            return ready

        monkeypatch.setattr(fingerpost, "ready", answer, raising=False)
        found = await client.get("/readyz")
        assert found.status == status
        assert len(await found.text()) < 20


def test_refusals_of_the_service_are_all_known_here() -> None:
    from bot.web.problem import Problem

    for code in ("unknown", "ended", "client_id_reused", "empty", "unknown_choice", "both",
                 "too_long", "too_many", "not_stored"):  # fmt: skip
        assert Problem(ConversationError(code).code).code == code


def test_a_source_is_counted_without_its_address() -> None:
    limits = Limits(source=Rate(2, 0))
    assert [limits.source_may("203.0.113.9") for _ in range(3)] == [True, True, False]
    assert limits.source_may("203.0.113.10")
    assert all(limits.source_may("127.0.0.1") for _ in range(50))
    assert "203.0.113" not in repr(vars(limits))
