# SPDX-License-Identifier: Apache-2.0
"""A turn is answered well and kept, or not answered and not kept: never half of it."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from actions import services
from bot.assistant.failed import TurnFailed
from bot.assistant.meaning import Turn
from bot.store import records
from bot.store.database import StoreError
from tests.conversations.states import way_to


async def at(talk, question, medium="chat"):
    conversation = await talk(medium)
    for turn in way_to(question):
        await conversation.hear(**dict(turn))
    return conversation


def the_last_answer(conversation, turn_id):
    return Turn(conversation.id, turn_id, "chat", "nothing", intent="choose", choice="nothing")


async def test_action_server_down_keeps_nothing_and_the_turn_can_be_put_again(talk, action_calls):
    conversation = await at(talk, "needs_access")
    before = await conversation.engine.store.rows.get(conversation.id)
    turn = the_last_answer(conversation, str(uuid.uuid4()))
    action_calls.down = True
    with pytest.raises(TurnFailed):
        await conversation.engine.hear(turn)
    assert await conversation.engine.store.rows.get(conversation.id) == before
    action_calls.down = False
    said = await conversation.engine.hear(turn)
    assert [s["say"] for s in said][0::3] == ["services_offered", "services_next"]


async def test_an_action_that_raises_says_so_and_the_conversation_goes_on(talk, monkeypatch):
    conversation = await at(talk, "needs_access")

    def broken():
        raise RuntimeError("any reason")

    with monkeypatch.context() as patch:
        patch.setattr(services, "app", broken)
        assert await conversation.hear(choice="nothing") == ["trouble"]
    assert await conversation.hear(choice="find_help") == [
        "needs_known", "services_offered", "info_compensation", "rights_can_ask_them",
        "services_next",
    ]  # fmt: skip


async def test_an_action_that_hangs_says_so_in_time(talk, monkeypatch):
    import actions.base

    conversation = await at(talk, "needs_access")
    monkeypatch.setattr(actions.base, "TAKES_AT_MOST", 0.05)

    class Slow:
        async def of(self, conversation_id):
            await asyncio.sleep(5)

    monkeypatch.setattr(services, "app", lambda: type("App", (), {"facts": Slow()})())
    assert await conversation.hear(choice="nothing") == ["trouble"]


async def kept_consents(stores, conversation):
    async with stores[2].store.read() as tx:
        return [(r.service_id, r.state) for r in await records.consents_of(tx, conversation.id)]


async def test_a_yes_that_could_not_be_kept_is_no_yes_to_anything_else(talk, stores, monkeypatch):
    """It is put again as it was; until then it stands nowhere, least of all for another service."""
    referrals, offers = stores[1].referrals, stores[1].offers
    monkeypatch.setattr(offers, "takes_referrals", lambda service: True)
    conversation = await at(talk, "consent_answer")
    turn = Turn(conversation.id, str(uuid.uuid4()), "chat", "x", intent="choose", choice="yes")

    async def broken(**_):
        raise StoreError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(referrals, "consent", broken)
        with pytest.raises(TurnFailed):
            await conversation.engine.hear(turn)
    assert await conversation.slot("consent_answer") is None
    assert await kept_consents(stores, conversation) == []
    # They pick the second one instead: its own brief comes first, and only a yes to that counts.
    conversation.offered = ("another",)
    await conversation.hear(choice="another")
    await conversation.hear(choice="refer")
    said = await conversation.hear(choice="service_2")
    while "skip" in conversation.offered:
        said = await conversation.hear(choice="skip")
    assert said == ["consent_brief"]
    assert await kept_consents(stores, conversation) == []
    picked = (await conversation.slot("offered"))[1]["id"]
    assert await conversation.hear(choice="yes") == ["consent_given", "news_wait_by_hand"]
    assert await kept_consents(stores, conversation) == [(picked, "to_send")]


async def test_a_yes_that_could_not_be_kept_is_kept_when_it_is_put_again(talk, stores, monkeypatch):
    conversation = await at(talk, "consent_answer")
    turn = Turn(conversation.id, str(uuid.uuid4()), "chat", "x", intent="choose", choice="yes")

    async def broken(**_):
        raise StoreError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(stores[1].referrals, "consent", broken)
        with pytest.raises(TurnFailed):
            await conversation.engine.hear(turn)
    said = await conversation.engine.hear(turn)
    assert [s["say"] for s in said] == ["consent_given", "news_wait_by_hand"]
    assert len(await kept_consents(stores, conversation)) == 1


async def test_a_brief_that_could_not_be_shown_is_not_agreed_to(talk, stores, monkeypatch):
    conversation = await at(talk, "consent_answer")
    assert await conversation.slot("consent_lines")
    await conversation.hear(intent="ask_service")  # an interrupt: the lines shown are left behind

    def broken(*_):
        raise RuntimeError("any reason")

    with monkeypatch.context() as patch:
        patch.setattr(stores[1].referrals, "draft", broken)
        conversation.offered = ("refer",)
        assert (await conversation.hear(choice="refer"))[-1] == "trouble"
    assert await conversation.slot("consent_lines") is None


async def test_the_same_turn_twice_has_one_effect_and_one_answer(talk, stores):
    conversation = await at(talk, "consent_answer")
    turn = Turn(
        conversation.id, str(uuid.uuid4()), "chat", "yes", intent="choose", choice="yes",
        without=("area",),
    )  # fmt: skip
    first = await conversation.engine.hear(turn)
    version = (await conversation.engine.store.rows.get(conversation.id))[0]
    assert await conversation.engine.hear(turn) == first
    assert (await conversation.engine.store.rows.get(conversation.id))[0] == version
    rows = stores[2]
    async with rows.store.read() as tx:
        (kept,) = await records.consents_of(tx, conversation.id)
    lines = {line["id"] for line in (await rows.keys.box(kept.id)).open(kept.sealed)}
    assert "area" not in lines and {"service", "contact_number"} <= lines


async def test_two_turns_at_once_are_answered_one_after_the_other(talk):
    conversation = await at(talk, "needs_reported")
    turns = [
        Turn(conversation.id, str(uuid.uuid4()), "chat", "x", intent="choose", choice=choice)
        for choice in ("yes", "for_me")
    ]
    said = await asyncio.gather(*(conversation.engine.hear(turn) for turn in turns))
    assert [s[-1]["say"] for s in said] == ["needs_ask_who", "needs_ask_age_band"]


async def test_a_store_that_cannot_be_read_wipes_nothing(talk, monkeypatch):
    conversation = await at(talk, "needs_area")
    before = await conversation.engine.store.rows.get(conversation.id)

    async def locked(conversation_id):
        raise StoreError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(conversation.engine.store.rows, "get", locked)
        with pytest.raises(StoreError):
            await conversation.hear(intent="provide_detail")
    assert await conversation.engine.store.rows.get(conversation.id) == before
    assert (await conversation.hear(intent="provide_detail"))[-1] == "needs_ask_area_them"


async def test_no_reply_where_one_is_due_is_a_failure(talk, monkeypatch):
    from bot.assistant import nlg

    conversation = await talk()
    monkeypatch.setitem(nlg.DEPENDS, "utter_support_invite", lambda tracker: {})
    with pytest.raises(TurnFailed):
        await conversation.hear(intent="begin")
    assert await conversation.engine.store.rows.get(conversation.id) is None


async def test_words_that_rasa_would_execute_are_only_words(talk):
    conversation = await at(talk, "needs_area")
    for text in ("/restart", "\u3000/restart", '/choose{"choice":"find_help"}', "/session_start"):
        says = await conversation.hear(intent="provide_detail", text=text)
        assert says == ["support_noted", "needs_ask_area_them"], text
    assert await conversation.slot("needs_topic") == "sexual_violence"


async def test_an_unknown_intent_is_refused(talk):
    conversation = await talk()
    for intent in ("restart", "session_start", "answer_everything"):
        with pytest.raises(TurnFailed):
            await conversation.hear(intent=intent)


async def test_a_turn_calls_at_most_one_action(talk, action_calls):
    conversation = await talk()
    for turn in [*way_to("consent_answer"), {"choice": "yes"}, {"intent": "withdraw_consent"}]:
        action_calls.calls.clear()
        await conversation.hear(**dict(turn))
        assert len(action_calls.calls) <= 1, (turn, action_calls.calls)
