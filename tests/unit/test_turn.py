# SPDX-License-Identifier: Apache-2.0
"""One turn through the real service and store: kept, screened, answered, not lost or doubled."""

from __future__ import annotations

import asyncio

import pytest

from bot.policy.postponed import COME_BACK
from bot.policy.turn import Choice, Kind, Said, Sender, State, Understanding, Utterance
from bot.service.cleaning import clean
from bot.service.ports import AssistantDown, ConversationError
from bot.store import conversations, handovers

KNIFE = "he is outside my door with a knife"
TABLETS = "i have taken all my tablets i want to die"
STALKED = "my ex keeps turning up outside my house and i dont know what to do"


def names(reply):
    return [m.say for m in reply.messages]


def pick(reply, key):
    return next(c.id for m in reply.messages for c in m.choices if c.key == key)


async def hear(fingerpost, contact, text="", **kwargs):
    return await fingerpost.conversations.hear(contact, Said(text=text, **kwargs))


async def test_the_first_words_hold_999_and_ask_whether_it_is_safe(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    kinds = [m.kind for m in opened.reply.messages]
    assert Kind.URGENT in kinds
    assert {"yes", "no", "person"} <= {c.key for c in opened.reply.messages[-1].choices}


async def test_danger_is_answered_queued_and_recorded_without_the_assistant(fingerpost, assistant):
    assistant.down = True
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    assert reply.messages[0].say == "emergency_immediate"
    assert reply.messages[0].kind is Kind.URGENT
    assert reply.state is State.WAITING
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.tier, waiting.reason) == ("now_first", "hit")


async def test_a_stalked_person_is_asked_first_whether_that_person_is_there(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, STALKED)
    assert names(reply) == ["check_red_flag_stalking"]
    await fingerpost.lane.send(opened.contact.conversation_id)
    assert assistant.heard[-1]["intent"].startswith("check_")
    reply = await hear(fingerpost, opened.contact, choice=pick(reply, "no"))
    assert assistant.heard[-1]["intent"] == "check_cleared"
    assert names(reply) == ["support_listening"]


async def test_halves_of_a_sentence_are_heard_together(fingerpost, monkeypatch):
    """Neither half says it. By the rules alone, so that no model's whim decides."""
    monkeypatch.setattr(fingerpost.screen, "model", None)
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    for half in ("last night", "he put his hands"):
        reply = await hear(fingerpost, opened.contact, half)
        assert not any(name.startswith("check_") for name in names(reply))
    reply = await hear(fingerpost, opened.contact, "round my neck")
    assert names(reply) == ["check_red_flag_strangled"]
    reply = await hear(fingerpost, opened.contact, choice=pick(reply, "no"))
    reply = await hear(fingerpost, opened.contact, "ok")
    assert not any(name.startswith("check_") for name in names(reply))


async def test_yes_to_a_check_is_danger_in_words_too(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, STALKED)
    reply = await hear(fingerpost, opened.contact, "yeah")
    assert reply.messages[0].say == "emergency_immediate"


async def test_no_answer_to_a_check_is_not_no(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, STALKED)
    again = await hear(fingerpost, opened.contact, "what do you mean by that")
    assert names(again) == ["check_unclear_red_flag_stalking"]
    unsure = await hear(fingerpost, opened.contact, "what a question")
    assert "check_not_sure" in names(unsure)


@pytest.mark.parametrize("answer", ["no", "not_sure"])
async def test_who_is_not_safe_is_shown_how_to_leave_and_a_person(fingerpost, answer):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, choice=pick(opened.reply, answer))
    text = reply.messages[-1].text
    assert all(words in text for words in ("999", "Leave this page", "Come back later with a code"))
    reply = await hear(fingerpost, opened.contact, choice=pick(reply, "person"))
    assert reply.state is State.WAITING


async def test_asking_for_a_person_needs_no_form_and_is_honest_when_nobody_is_there(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, choice=pick(opened.reply, "person"))
    assert names(reply) == ["person_nobody"]
    assert reply.state is State.WAITING
    assert len(await fingerpost.handover.queue()) == 1


async def test_silence_becomes_the_fallback_and_the_turn_is_answered_later(fingerpost, assistant):
    assistant.down = True
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "i was burgled last week")
    assert names(reply) == ["fallback"]
    assistant.down = False
    await fingerpost.lane.send(opened.contact.conversation_id)
    late = await fingerpost.conversations.messages(opened.contact, after=reply.messages[-1].id)
    assert [m.say for m in late.messages] == ["support_listening"]
    await fingerpost.lane.send(opened.contact.conversation_id)
    assert len(assistant.heard) == 1


async def test_a_late_answer_is_not_lost(fingerpost, assistant, settings):
    object.__setattr__(settings, "answer_within", 1.5)
    assistant.delay = 2.0
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "i was burgled last week")
    assert names(reply) == ["fallback"]
    await asyncio.sleep(1.5)
    late = await fingerpost.conversations.messages(opened.contact, after=reply.messages[-1].id)
    assert [m.say for m in late.messages] == ["support_listening"]


async def test_the_same_message_twice_is_one_turn(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    both = await asyncio.gather(
        *(hear(fingerpost, opened.contact, "i was burgled", client_id="a1") for _ in range(3))
    )
    assert len({tuple(m.id for m in r.messages) for r in both}) == 1
    assert len(assistant.heard) == 1
    with pytest.raises(ConversationError, match="client_id_reused"):
        await hear(fingerpost, opened.contact, "something else", client_id="a1")


async def test_two_messages_at_once_are_answered_in_order(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    await asyncio.gather(
        *(hear(fingerpost, opened.contact, f"my bike was stolen {n}") for n in range(4))
    )
    heard = [t["text"] for t in assistant.heard]
    kept = await fingerpost.conversations.messages(opened.contact)
    own = [m.text for m in kept.messages if m.sender is Sender.PERSON]
    assert heard == own and len(heard) == 4


@pytest.mark.parametrize("shown", ["consent_brief", "delete_ask"])
@pytest.mark.parametrize("pair", [("no", "yes"), ("no", "no"), ("yes", "no")])
async def test_of_two_answers_at_once_the_later_answers_nothing_unseen(
    fingerpost, assistant, shown, pair
):
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["referral_ask_contact_safe"]
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    assistant.says = [shown]
    await asyncio.gather(*(hear(fingerpost, opened.contact, text) for text in pair))
    first, later = assistant.heard[-2:]
    assert (first["intent"], first["choice"]) == ("choose", pair[0])
    assert (later["intent"] == "choose", later["choice"]) == (False, "")


@pytest.mark.parametrize("had", ["before", "after"])
async def test_words_answer_only_what_the_person_had_seen(fingerpost, assistant, had):
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["referral_ask_contact_safe"]
    asked = await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    assistant.says = ["consent_brief"]
    brief = await hear(fingerpost, opened.contact, "no")
    seen = {"before": asked, "after": brief}[had].messages[-1].id
    await hear(fingerpost, opened.contact, "yes", seen=seen)
    assert assistant.heard[-1]["choice"] == ("yes" if had == "after" else "")


async def test_a_yes_to_an_open_check_counts_whatever_came_between(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    check = await hear(fingerpost, opened.contact, STALKED)
    between, yes = await asyncio.gather(
        hear(fingerpost, opened.contact, "what do you mean by that"),
        hear(fingerpost, opened.contact, choice=pick(check, "yes")),
    )
    assert names(between)[0] == "check_unclear_red_flag_stalking"
    assert "emergency_immediate" in names(yes)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(), "empty"),
        (Said(text="/"), "empty"),
        (Said(text="\u3000/ /\n"), "empty"),
        (Said(text="x", choice="1-yes"), "both"),
        (Said(choice="999-yes"), "unknown_choice"),
        (Said(choice="no such thing"), "unknown_choice"),
        (Said(text="x" * 20_000), "too_long"),
    ],
)
async def test_what_is_refused(fingerpost, said, code):
    opened = await fingerpost.conversations.open("chat")
    with pytest.raises(ConversationError, match=code):
        await fingerpost.conversations.hear(opened.contact, said)


async def test_an_old_button_is_refused_but_a_person_can_always_be_asked_for(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    old = pick(opened.reply, "yes")
    person = pick(opened.reply, "person")
    await hear(fingerpost, opened.contact, choice=old)
    with pytest.raises(ConversationError, match="unknown_choice"):
        await hear(fingerpost, opened.contact, choice=old)
    assert (await hear(fingerpost, opened.contact, choice=person)).state is State.WAITING


@pytest.mark.parametrize("text", ["/restart", " /restart", "\u3000/x", "\n//x", "\u200b/x{}"])
def test_nothing_that_an_engine_executes_is_left(text):
    assert clean(text) in ("restart", "x", "x{}")


async def test_a_token_opens_its_own_conversation_only(fingerpost):
    one, other = (
        await fingerpost.conversations.open("chat"),
        await fingerpost.conversations.open("chat"),
    )
    found = await fingerpost.conversations.find(one.contact.conversation_id, one.token)
    assert found == one.contact
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.conversations.find(one.contact.conversation_id, other.token)


async def test_the_words_cannot_be_read_without_the_key(fingerpost, settings):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "zebra marmalade")
    raw = b"".join(p.read_bytes() for p in settings.var.glob("fingerpost.db*"))
    assert b"zebra" not in raw
    await fingerpost.keys.erase(opened.contact.conversation_id)
    assert (await fingerpost.conversations.messages(opened.contact)).messages == ()


async def test_closing_erases_but_an_unreviewed_hit_holds(fingerpost, clock):
    calm, hit = [await fingerpost.conversations.open("chat") for _ in range(2)]
    await hear(fingerpost, calm.contact, "hello")
    await hear(fingerpost, hit.contact, "he is outside my door with a knife")
    clock.pass_by(3 * 3600)
    found = await fingerpost.retention.run()
    assert (found["closed"], found["held"]) == (1, 1)
    async with fingerpost.store.read() as tx:
        assert await conversations.conversation(tx, calm.contact.conversation_id) is None
        assert await conversations.conversation(tx, hit.contact.conversation_id) is not None
    clock.pass_by(73 * 3600)
    assert (await fingerpost.retention.run())["closed"] == 1


async def test_a_code_moves_the_story_and_shows_nothing_of_it(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "zebra")
    code = await fingerpost.conversations.resume_code(opened.contact)
    back = await fingerpost.conversations.resume(code.lower(), "chat", "here")
    assert "zebra" not in str(back.reply)
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.conversations.find(opened.contact.conversation_id, opened.token)
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.conversations.resume(code, "chat", "here")


async def test_codes_cannot_be_guessed_all_night(fingerpost):
    for _ in range(5):
        with pytest.raises(ConversationError, match="unknown"):
            await fingerpost.conversations.resume("AAAAAAAA", "chat", "here")
    with pytest.raises(ConversationError, match="too_many") as refused:
        await fingerpost.conversations.resume("CCCCCCCC", "chat", "here")
    assert refused.value.reply.messages


async def test_right_codes_and_the_others_behind_a_proxy_lock_nobody_out(fingerpost):
    async def back(source, **how):
        opened = await fingerpost.conversations.open("chat")
        code = await fingerpost.conversations.resume_code(opened.contact)
        await fingerpost.conversations.resume(code, "chat", source, **how)

    for _ in range(7):  # a night in a shelter, everybody with a right code
        await back("here")
    for n in range(20):
        with pytest.raises(ConversationError, match="unknown"):
            await fingerpost.conversations.resume(f"AAAAA{n:03}", "chat", "proxy", shared=True)
    await back("proxy", shared=True)
    for n in range(20, 100):
        with pytest.raises(ConversationError, match="unknown"):
            await fingerpost.conversations.resume(f"AAAAA{n:03}", "chat", "proxy", shared=True)
    with pytest.raises(ConversationError, match="too_many"):
        await fingerpost.conversations.resume("AAAAA100", "chat", "proxy", shared=True)


async def test_nobody_came_is_said_once_with_999(fingerpost, clock):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    said = (await fingerpost.conversations.messages(opened.contact)).messages
    assert [m.say for m in said].count("danger_nobody_yet") == 1


async def test_two_workers_accept_at_once_and_one_has_it(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "can i speak to a person please")
    (waiting,) = await fingerpost.handover.queue()
    found = await asyncio.gather(
        *(fingerpost.handover.accept(waiting.id, w) for w in ("w1", "w2")), return_exceptions=True
    )
    assert sum(isinstance(f, ConversationError) for f in found) == 1
    async with fingerpost.store.read() as tx:
        assert (await handovers.find(tx, waiting.id)).state == handovers.TAKEN


async def test_the_assistant_is_silent_and_the_screen_runs_while_a_person_has_it(
    fingerpost, assistant, clock
):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "can i speak to a person please")
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, "w1")
    reply = await hear(fingerpost, opened.contact, "hello, are you there")
    assert (reply.state, reply.messages) == (State.STAFF, ())
    reply = await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    assert reply.messages == ()
    heard = {turn["text"] for turn in assistant.heard}
    assert heard <= {"can i speak to a person please"}
    clock.pass_by(11)
    while await fingerpost.work.one():
        pass
    said = (await fingerpost.conversations.messages(opened.contact)).messages
    assert [m.say for m in said].count("emergency_from_staff") == 1
    await fingerpost.handover.say(waiting.id, "w1", "I am here")
    said = (await fingerpost.conversations.messages(opened.contact)).messages
    assert said[-1].sender is Sender.STAFF


async def test_the_answer_to_the_suicide_question_is_understood(fingerpost):
    for answer in ("yes", "yes i am", "not sure"):
        opened = await fingerpost.conversations.open("chat")
        reply = await hear(fingerpost, opened.contact, "i have taken all my tablets i want to die")
        assert names(reply)[:3] == [
            "emergency_suicide_taken", "emergency_suicide", "emergency_suicide_child",
        ]  # fmt: skip
        reply = await hear(fingerpost, opened.contact, answer)
        assert names(reply) == ["emergency_suicide_stay_nobody"]


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize("how", ["carry on", "Go on", "keep going", "continue"])
async def test_all_that_is_said_in_danger_is_noted_until_they_carry_on(
    fingerpost, assistant, how, medium
):
    opened = await fingerpost.conversations.open(medium)
    await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    reply = await hear(fingerpost, opened.contact, "12 mill lane taunton")
    assert names(reply) == ["emergency_immediate_noted_nobody"]
    for more in ("the red door", "he is in the house with a knife", "flat 2"):
        reply = await hear(fingerpost, opened.contact, more)
        assert names(reply) == ["emergency_immediate_noted_nobody"]
        assert [c.key for c in reply.messages[-1].choices] == ["person", "carry_on"]
    assert names(await hear(fingerpost, opened.contact, how)) == assistant.says
    assert assistant.heard[-1]["choice"] == "carry_on"
    assert names(await hear(fingerpost, opened.contact, "ok")) == assistant.says


async def test_who_tells_more_while_nobody_is_there_is_listened_to(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, KNIFE)
    reply = await hear(fingerpost, opened.contact, "he took my phone off me last week")
    assert names(reply) == assistant.says
    reply = await hear(fingerpost, opened.contact, "12 mill lane taunton")
    assert names(reply) == ["emergency_immediate_noted_nobody"]
    assert names(await hear(fingerpost, opened.contact, "what do i say to her")) == assistant.says


async def test_an_ok_goes_on_where_that_is_offered_and_not_in_danger(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    assistant.says = [Utterance("support_listening", choices=(Choice("carry_on", ""),))]
    await hear(fingerpost, opened.contact, "my shed was broken into")
    await hear(fingerpost, opened.contact, "alright")
    assert assistant.heard[-1]["choice"] == "carry_on"
    await hear(fingerpost, opened.contact, KNIFE)
    assert names(await hear(fingerpost, opened.contact, "ok")) == [
        "emergency_immediate_noted_nobody"
    ]


async def test_a_person_who_is_asked_for_in_danger_ends_it_too(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, KNIFE)
    await hear(fingerpost, opened.contact, choice=pick(reply, "person"))
    assert names(await hear(fingerpost, opened.contact, "12 mill lane")) == assistant.says


@pytest.mark.parametrize(
    ("text", "again", "words"),
    [
        (KNIFE, "he has got a knife and he is in my house", ["emergency_immediate_noted_nobody"]),
        (TABLETS, "i am going to kill myself tonight", ["emergency_suicide_stay_nobody"]),
        ("im 11 and my uncle makes me touch him", "my uncle makes me touch him every night",
         ["emergency_safeguarding", "emergency_safeguarding_noted_nobody"]),
    ],
)  # fmt: skip
async def test_the_same_danger_again_is_not_asked_about_again(fingerpost, text, again, words):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, text)
    for _ in range(2):
        reply = await hear(fingerpost, opened.contact, again)
        assert names(reply) == words
        assert [c.key for c in reply.messages[-1].choices] == ["person", "carry_on"]


async def test_danger_once_more_after_carrying_on_gets_the_short_words_again(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, KNIFE)
    await hear(fingerpost, opened.contact, "carry on")
    reply = await hear(fingerpost, opened.contact, "he is back and he has a knife")
    assert names(reply) == ["emergency_immediate", "emergency_immediate_noted_nobody"]


async def test_a_new_danger_gets_words_of_its_own(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, KNIFE)
    reply = await hear(fingerpost, opened.contact, TABLETS)
    assert names(reply)[:2] == ["emergency_suicide_taken", "emergency_suicide"]
    assert names(reply)[-1] == "emergency_suicide_next_nobody"
    assert names(await hear(fingerpost, opened.contact, "yes")) == ["emergency_suicide_stay_nobody"]
    reply = await hear(fingerpost, opened.contact, "12 mill lane taunton")
    assert names(reply) == ["emergency_immediate_noted_nobody"]  # they are still in danger


class Hears:
    """A screen that hears one thing, whatever is said."""

    def __init__(self, urgency, action="check"):
        self.heard = Understanding(urgency, action, act="distress")

    def understand(self, text, medium="chat", context=None):
        return self.heard


async def test_who_says_yes_to_the_suicide_question_is_not_asked_it_again(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    fingerpost.conversations.turns.reader.screen = Hears("suicide_risk")
    asked = await hear(fingerpost, opened.contact, "what is the point of it all")
    reply = await hear(fingerpost, opened.contact, choice=pick(asked, "yes"))
    assert names(reply) == ["emergency_suicide_stay_nobody"]


@pytest.mark.parametrize(
    ("danger", "words"),
    [
        ("immediate_danger", "check_worried"),
        ("suicide_risk", "check_worried_suicide"),
        ("safeguarding", "check_worried_safeguarding"),
    ],
)
async def test_a_worry_said_again_to_its_question_is_no_mere_doubt(fingerpost, danger, words):
    opened = await fingerpost.conversations.open("chat")
    fingerpost.conversations.turns.reader.screen = Hears(danger)
    await hear(fingerpost, opened.contact, "i cant leave the house")
    reply = await hear(fingerpost, opened.contact, "he wont let me leave the house")
    (said,) = reply.messages
    assert (said.say, said.kind) == (words, Kind.URGENT)
    assert [c.key for c in said.choices] == ["person", "carry_on"]
    assert "999" in said.text and "That is OK" not in said.text
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.tier == "now" and waiting.reason.startswith("unsure")


@pytest.mark.parametrize("there", [True, False])
async def test_a_person_is_offered_only_when_somebody_is_there(
    fingerpost, assistant, monkeypatch, there
):
    async def somebody_there(*_):
        return there

    monkeypatch.setattr(fingerpost.duty, "somebody_there", somebody_there)
    assistant.says = ["support_invite"]
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    assert names(reply) == ["support_invite" if there else "support_invite_nobody"]
    asked = await hear(fingerpost, opened.contact, choice=pick(reply, "person"))
    assert ("person_nobody" in names(asked)) is not there


async def test_a_late_answer_does_not_take_the_place_of_a_danger_check(
    fingerpost, assistant, settings
):
    object.__setattr__(settings, "answer_within", 1.5)
    assistant.delay, assistant.says = 2.0, ["support_invite"]
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "i was burgled last week")
    check = await hear(fingerpost, opened.contact, STALKED)
    await asyncio.sleep(3)
    reply = await hear(fingerpost, opened.contact, choice=pick(check, "yes"))
    assert reply.messages[0].say == "emergency_immediate"


@pytest.mark.parametrize("danger", ["he is outside my door with a knife", STALKED])
async def test_nothing_is_said_after_danger_to_what_came_before_it(fingerpost, assistant, danger):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    assistant.down, assistant.says = True, ["needs_ask_reported"]
    await hear(fingerpost, opened.contact, "i was burgled last week")
    answered = await hear(fingerpost, opened.contact, danger)
    assistant.down = False
    await fingerpost.lane.send(opened.contact.conversation_id)
    later = await fingerpost.conversations.messages(opened.contact, answered.messages[-1].id)
    assert later.messages == ()
    assert [turn["text"] for turn in assistant.heard][-2:] == ["i was burgled last week", danger]
    async with fingerpost.store.read() as tx:
        assert not await conversations.unanswered(tx, 0.0)


async def test_a_check_left_unanswered_reaches_staff(fingerpost, clock):
    fingerpost.conversations.turns.reader.screen = Hears("suicide_risk")
    opened = await fingerpost.conversations.open("chat")
    found = await hear(fingerpost, opened.contact, "what is the point of it all")
    assert names(found) == ["check_suicide"]
    await fingerpost.conversations.leave(opened.contact)
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    assert [w.reason for w in await fingerpost.handover.queue()] == ["unsure_suicide"]


async def test_danger_is_heard_in_an_ended_chat_and_in_a_message_that_is_too_long(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "can i speak to a person please")
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, "w1")
    await fingerpost.handover.end(waiting.id, "w1", "supported")
    danger = "he is outside my door with a knife "
    for text, code in ((danger, "ended"), (danger * 600, "too_long")):
        with pytest.raises(ConversationError, match=code) as refused:
            await hear(fingerpost, opened.contact, text)
        assert refused.value.reply.messages[0].say == "emergency_immediate"


async def test_nothing_from_before_a_resume_is_repeated_or_shown(fingerpost, clock):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "my bike was stolen")
    clock.pass_by(10)
    code = await fingerpost.conversations.resume_code(opened.contact)
    back = await fingerpost.conversations.resume(code, "chat", "here")
    clock.pass_by(1)
    said = await hear(fingerpost, back.contact, "can you say that again")
    assert set(names(said)) <= {"opening_back", "opening_emergency"}
    shown = await fingerpost.conversations.messages(back.contact)
    assert "my bike was stolen" not in [m.text for m in shown.messages]


@pytest.mark.parametrize("first", ["how long does it take", "yes carry on"])
async def test_whoever_comes_by_a_code_is_answered_as_one_who_told_nothing(
    fingerpost, assistant, first
):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "my bike was stolen")
    code = await fingerpost.conversations.resume_code(opened.contact)
    back = await fingerpost.conversations.resume(code, "chat", "here")
    await hear(fingerpost, back.contact, first)
    assert assistant.heard[-1]["choice"] == COME_BACK
    await hear(fingerpost, back.contact, "what happens next")
    assert assistant.heard[-1]["choice"] != COME_BACK  # once: what is told from now on stands


async def test_whoever_comes_by_a_code_and_presses_keys_is_led_on_with_nothing_told_before(
    fingerpost, assistant
):
    opened = await fingerpost.conversations.open("voice")
    await hear(fingerpost, opened.contact, "yes")
    await hear(fingerpost, opened.contact, "my bike was stolen")
    code = await fingerpost.conversations.resume_code(opened.contact)
    back = await fingerpost.conversations.resume(code, "voice", "here")
    await hear(fingerpost, back.contact, choice=pick(back.reply, "yes"))
    assert assistant.heard[-1]["choice"] == f"{COME_BACK}:yes"
    await hear(fingerpost, back.contact, "what happens next")
    assert COME_BACK not in assistant.heard[-1]["choice"]


async def test_what_was_told_before_a_code_is_put_into_no_brief(fingerpost, clock):
    opened = await fingerpost.conversations.open("chat")
    story, facts = opened.contact.conversation_id, fingerpost.facts
    await facts.keep(story, "t", {"topic": "sexual_violence", "age_band": "18_24"})
    assert (await facts.told(story))["topic"] == "sexual_violence"
    clock.pass_by(10)
    code = await fingerpost.conversations.resume_code(opened.contact)
    await fingerpost.conversations.resume(code, "chat", "here")
    clock.pass_by(10)
    await facts.keep(story, "t", {"area": "cornwall"})
    assert await facts.told(story) == {"area": "cornwall"}
    assert (await facts.of(story))["topic"] == "sexual_violence"  # staff still see it


async def test_one_turn_that_cannot_be_answered_does_not_block_the_others(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    ask = assistant.ask

    async def refuse(**turn):
        if "poison" in turn["text"]:
            raise AssistantDown
        return await ask(**turn)

    assistant.ask = refuse
    await hear(fingerpost, opened.contact, "yes")
    assert names(await hear(fingerpost, opened.contact, "poison ivy")) == ["fallback"]
    for _ in range(3):
        await fingerpost.lane.send(opened.contact.conversation_id)
    assert names(await hear(fingerpost, opened.contact, "hello again")) != ["fallback"]


async def test_who_only_cannot_talk_in_danger_is_told_that_nobody_came(fingerpost, clock):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    assert names(await hear(fingerpost, opened.contact, "cant talk")) == ["not_safe"]
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    said = (await fingerpost.conversations.messages(opened.contact)).messages
    assert [m.say for m in said].count("danger_nobody_yet") == 1


async def test_nothing_more_comes_to_a_screen_after_stop(fingerpost, clock):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "he is outside my door with a knife")
    await hear(fingerpost, opened.contact, "stop")
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    said = (await fingerpost.conversations.messages(opened.contact)).messages
    assert "danger_nobody_yet" not in [m.say for m in said]
    assert len(await fingerpost.handover.queue()) == 1


async def test_a_blackmailed_child_is_asked_in_words_that_fit(fingerpost, monkeypatch):
    """By the rules alone, so that no model's whim decides."""
    monkeypatch.setattr(fingerpost.screen, "model", None)
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "someone is blackmailing me with pictures")
    assert names(reply) == ["check_red_flag_blackmail"]
    assert len(await fingerpost.handover.queue()) == 1


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("no because I am scared he will find out", True),
        ("no I am scared of the police", True),
        ("no, they wont believe me", True),
        ("no", False),
        ("no not yet", False),
        ("yes", False),
    ],
)
async def test_a_fear_given_with_the_answer_is_answered(fingerpost, assistant, text, answered):
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["needs_ask_reported"]
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    assistant.says = ["needs_ask_age_band"]
    reply = await hear(fingerpost, opened.contact, text)
    first = ["needs_fear_told"] if answered else []
    assert names(reply) == [*first, "needs_ask_age_band"]
    assert assistant.heard[-1]["choice"] == ("yes" if text == "yes" else "no")


async def test_a_question_that_begins_with_no_is_a_question(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["needs_ask_reported"]
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    await hear(fingerpost, opened.contact, "no, when can i bury my son")
    assert (assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]) == ("ask_information", "")
    assert assistant.heard[-1]["heard"].topic == "homicide_bereavement"


async def test_who_fears_to_be_found_out_hears_that_we_tell_nobody(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    await hear(fingerpost, opened.contact, "will they know i contacted you")
    assert assistant.heard[-1]["intent"] == "ask_information"


NO_BESIDE = [
    "no i am not thinking about ending my life. what kind of question is that. answer me",
    "im not thinking of it i just asked who answers",
    "good heavens no. it's a door",
    "oh for gods sake NO",
    "no!! why. i have kids",
    "what no. i just want the pics gone",
    "i am not going to kill myself",
]


async def asked_about(fingerpost, monkeypatch, text, urgency):
    """Let the model alone wonder, so that one question is put; then hear by the real screen."""
    opened = await fingerpost.conversations.open("chat")
    with monkeypatch.context() as doubt:
        found = Understanding(urgency, "check", act="disclose")
        doubt.setattr(fingerpost.screen, "understand", lambda *_: found)
        await hear(fingerpost, opened.contact, text)
    return opened.contact


@pytest.mark.parametrize("text", NO_BESIDE)
async def test_a_plain_no_anywhere_clears_the_suicide_question(
    fingerpost, assistant, monkeypatch, text
):
    contact = await asked_about(fingerpost, monkeypatch, "they took his medals", "suicide_risk")
    reply = await hear(fingerpost, contact, text)
    assert assistant.heard[-1]["intent"] == "check_cleared"
    assert reply.state is State.ASSISTANT
    assert not await fingerpost.handover.queue()


@pytest.mark.parametrize(
    "text",
    ["no but i wish i was dead", "good heavens no. i want to die", "no. he is here with a knife"],
)
async def test_what_is_heard_beside_a_no_counts(fingerpost, monkeypatch, text):
    contact = await asked_about(fingerpost, monkeypatch, "they took his medals", "suicide_risk")
    reply = await hear(fingerpost, contact, text)
    assert reply.state is State.WAITING
    assert any(m.kind is Kind.URGENT for m in reply.messages)


async def test_a_denial_is_not_heard_as_a_rule_hears_a_hit(fingerpost, monkeypatch):
    """Whoever has just been asked because of a hit may say no, however they say it."""
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, TABLETS)
    reply = await hear(fingerpost, opened.contact, "no i am not thinking about ending my life")
    assert "emergency_suicide_stay_nobody" not in names(reply)


@pytest.mark.parametrize("urgency", ["suicide_risk", "immediate_danger", "safeguarding"])
async def test_a_question_put_again_names_what_it_asks(fingerpost, monkeypatch, urgency):
    contact = await asked_about(fingerpost, monkeypatch, "they took his medals", urgency)
    (first,) = [m for m in (await fingerpost.conversations.messages(contact)).messages
                if m.say.startswith("check_")]  # fmt: skip
    (again,) = (await hear(fingerpost, contact, "what a question")).messages
    asked = first.text.rsplit(". ", 1)[-1]
    assert again.text.endswith(asked)
    assert [c.key for c in again.choices] == [c.key for c in first.choices]


@pytest.mark.parametrize("text", ["safe", "im safe", "yes im safe"])
async def test_safe_is_no_to_danger_and_no_yes_to_suicide(fingerpost, assistant, monkeypatch, text):
    contact = await asked_about(fingerpost, monkeypatch, "it was the door", "immediate_danger")
    await hear(fingerpost, contact, text)
    assert assistant.heard[-1]["intent"] == "check_cleared"
    contact = await asked_about(fingerpost, monkeypatch, "it was the door", "suicide_risk")
    assert names(await hear(fingerpost, contact, text)) == ["check_unclear_suicide"]


@pytest.mark.parametrize(
    "text",
    ["no he isnt here now. 14 church lane", "I'm not in danger", "i only want a locksmith",
     "he's gone now"],
)  # fmt: skip
async def test_who_says_there_is_no_danger_now_is_let_go_and_staff_keep_the_flag(fingerpost, text):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, KNIFE)
    assert names(await hear(fingerpost, opened.contact, text)) == ["danger_over"]
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.tier, waiting.heard) == ("now_first", ("immediate_danger",))
    reply = await hear(fingerpost, opened.contact, "ok")
    assert "emergency_immediate_noted_nobody" not in names(reply)


async def test_no_later_no_takes_out_whoever_may_not_be_safe(fingerpost, monkeypatch):
    contact = await asked_about(fingerpost, monkeypatch, "i have nothing left", "suicide_risk")
    with monkeypatch.context() as doubt:
        found = Understanding("suicide_risk", "check", act="distress")
        doubt.setattr(fingerpost.screen, "understand", lambda *_: found)
        assert names(await hear(fingerpost, contact, "why him")) == ["check_worried_suicide"]
        await hear(fingerpost, contact, "what is it all for")
    await hear(fingerpost, contact, "no")
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.tier == "now"


async def test_two_dangers_in_one_message_both_get_their_words_and_both_reach_staff(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, "he is outside with a knife and i want to die")
    assert names(reply) == [
        "emergency_immediate", "emergency_immediate_next_nobody", "emergency_suicide",
        "emergency_suicide_child", "emergency_suicide_next_nobody",
    ]  # fmt: skip
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.heard == ("immediate_danger", "suicide_risk")
    stay = names(await hear(fingerpost, opened.contact, "yes"))
    assert "emergency_suicide_stay_nobody" in stay


@pytest.mark.parametrize(
    ("text", "reminded"),
    [
        ("i think so hes not here right now", True),
        ("hes at work", True),
        ("yeah im on my own now", True),
        ("yes he's gone out", True),
        ("yh", False),
        ("ye", False),
        ("ya can talk", False),
    ],
)
async def test_a_hedged_yes_goes_on_with_the_way_out(fingerpost, assistant, text, reminded):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, text)
    assert assistant.heard[-1]["intent"] == "begin"
    assert ("opening_way_out" in names(reply)) is reminded


@pytest.mark.parametrize("text", ["i think so", "i think so hes out but hell be back soon"])
async def test_what_may_not_be_safe_is_not_taken_for_safe(fingerpost, assistant, text):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, text)
    assert all(turn["intent"] != "begin" for turn in assistant.heard)


SUICIDE_WORDS = "i dont want to be alive i want to kill myself"


async def test_who_spoke_of_suicide_is_not_answered_as_if_nothing_was_said(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, SUICIDE_WORDS)
    await hear(fingerpost, opened.contact, "yeah")
    told = [names(await hear(fingerpost, opened.contact, said)) for said in (
        "not now, just thinking it", "no ones at home", "the telly is on", "find help",
    )]  # fmt: skip
    assert told == [
        ["emergency_suicide_with_you"], ["emergency_suicide_with_you_text"],
        ["emergency_suicide_with_you_on"], ["emergency_suicide_with_you"],
    ]  # fmt: skip


async def test_carrying_on_ends_the_words_of_a_suicide_hit(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, SUICIDE_WORDS)
    await hear(fingerpost, opened.contact, "yeah")
    await hear(fingerpost, opened.contact, "carry on")
    reply = await hear(fingerpost, opened.contact, "the telly is on")
    assert not any(name.startswith("emergency_") for name in names(reply))


async def test_who_took_something_hears_of_999_first_and_shorter_again(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, SUICIDE_WORDS)
    await hear(fingerpost, opened.contact, "yes")
    reply = await hear(fingerpost, opened.contact, "i took some pills")
    assert names(reply) == ["emergency_suicide_taken", "emergency_suicide_taken_next"]
    assert reply.messages[0].text.startswith("Call 999 now.")
    reply = await hear(fingerpost, opened.contact, "i took them ten mins ago")
    assert names(reply) == ["emergency_suicide_taken_again"]


@pytest.mark.parametrize(
    "text",
    [
        "i have 2 kids here he shouts at them",
        "he shouts at my kids",
        "my husband screams at the children",
    ],
)
async def test_children_who_are_shouted_at_are_asked_about_after_the_limits(fingerpost, text):
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, text)
    assert names(reply) == ["check_children_limits", "check_safeguarding"]


@pytest.mark.parametrize("text", ["my kids shout at me", "he shouts at the telly"])
async def test_other_shouting_is_not_heard_as_children_in_the_home(fingerpost, text):
    assert "rule:children_shouted_at" not in fingerpost.screen.understand(text).cues


@pytest.mark.parametrize(
    "text",
    ["yes I rang them, a young lady gave me a number", "yes please somebody he can talk to",
     "Find help"],
)  # fmt: skip
async def test_a_yes_to_something_else_is_asked_once_more(fingerpost, monkeypatch, text):
    contact = await asked_about(fingerpost, monkeypatch, "they took his medals", "immediate_danger")
    assert names(await hear(fingerpost, contact, text)) == ["check_unclear_immediate"]
    reply = await hear(fingerpost, contact, "for me. well my daughter Susan worries too")
    assert names(reply)[0].startswith("check_not_sure")


@pytest.mark.parametrize(
    "text", ["yes i rang them hes outside", "yes please help", "yes i rang 999"]
)
async def test_a_yes_with_danger_in_it_stays_a_yes(fingerpost, monkeypatch, text):
    contact = await asked_about(fingerpost, monkeypatch, "they took his medals", "immediate_danger")
    assert names(await hear(fingerpost, contact, text))[0] == "emergency_immediate"
