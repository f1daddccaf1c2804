# SPDX-License-Identifier: Apache-2.0
"""Cut off? A code goes on; without one a call starts afresh; nothing said before is read out."""

from __future__ import annotations

import re

import pytest

from bot.policy import guessing
from bot.policy.questions import CONTACT_ANEW
from bot.policy.turn import Medium
from bot.service.ports import ConversationError

TOLD = "my neighbour marigold took my bike"


@pytest.fixture(autouse=True)
def asks_for_a_code(assistant):
    """Let the stand-in explain the code wherever one is asked for."""
    from bot.policy.turn import Utterance

    plain = assistant.ask

    async def ask(**turn):
        said = await plain(**turn)
        return [Utterance("code_how")] if "code" in turn["text"] else said

    assistant.ask = ask


async def code_of(leg) -> str:
    before = len(leg.heard)
    await leg.say("can i have a code to come back")
    said = " ".join(leg.heard[before:])
    return re.search(r"Your code is ([\d, ]+)\.", said)[1].replace(" ", "").replace(",", "")


@pytest.fixture
async def cut_off(cloud, row, clock):
    """A call that was cut off, and its code."""
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(TOLD)
    code = await code_of(leg)
    story = (await row(leg)).id
    await leg.hang_up()
    await cloud.settle()
    clock.pass_by(60)
    return story, code


async def test_no_part_of_a_code_that_counts_alone_is_a_key_of_danger(fingerpost):
    """Whoever rests after some digits has keyed in those alone."""
    from telephony.menu import CODE, DANGER, Press, read

    contact = (await fingerpost.conversations.open(Medium.VOICE)).contact
    codes = [(await fingerpost.conversations.codes.give(contact, Medium.VOICE))[0]
             for _ in range(300)]  # fmt: skip
    for code in codes:
        assert len(code) == 6 and code.isdigit() and "99" not in code and "55" not in code
        for part in (code[:n] for n in range(1, 7)):
            assert part not in DANGER and part != CODE
            assert read(part, (), numbers=True).press is not Press.CANNOT_SPEAK
    assert set("589") <= set("".join(codes))  # of seven digits alone there would be too few


async def test_no_code_is_said_before_it_is_safe_to_talk(cloud):
    leg = await cloud.call()
    await leg.press("8")
    await leg.press("8")
    assert "Your code is" not in " ".join(leg.heard) and "Is it safe to talk now?" in leg.heard[-5:]


async def test_star_says_the_same_code_again(cloud):
    leg = await cloud.call()
    await leg.press("1")
    code = await code_of(leg)
    await leg.press("*")
    assert " ".join(leg.heard).replace(" ", "").replace(",", "").count(code) == 4


async def test_the_code_goes_on_and_says_nothing_of_before(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    fresh = (await row(leg)).id
    await leg.press("8")
    assert leg.gather["finishOnKey"] == "#"
    before = len(leg.heard)
    await leg.press(f"{code}#")
    assert (await row(leg)).id == story != fresh
    said = " ".join(leg.heard[before:])
    assert "You are back." in said and "marigold" not in " ".join(leg.heard)
    assert said.index("You are back.") < said.index("Is it safe to talk now?")
    await leg.say("i want to go on")
    assert leg.where == "gather" and "not working" not in " ".join(leg.heard)
    await leg.press("*")
    assert "marigold" not in " ".join(leg.heard)


async def test_the_same_post_twice_is_told_the_same(cloud, row, cut_off):
    _, code = cut_off
    leg = await cloud.call()
    await leg.press("8")
    url = leg.gather["action"]
    await leg.press(f"{code}#")
    assert await cloud.post(leg, url, {"Digits": code}) == leg.answers[-1]


async def test_a_code_may_be_said(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("8")
    await leg.say(f"{code[:3]} {code[3:]}")
    assert (await row(leg)).id == story


async def test_without_a_code_the_call_starts_afresh(cloud, row, cut_off):
    story, _ = cut_off
    leg = await cloud.call()
    await leg.press("8")
    await leg.press("1#")
    assert (await row(leg)).id != story and leg.heard.count("yes: press 1.") == 2
    await leg.press("1")
    assert (await row(leg)).turns == 1


async def test_no_key_means_two_things_while_a_code_is_awaited(cloud, row):
    """1 and 2 answer "is it safe", and one of them is no: that menu waits while a code is due."""
    leg = await cloud.call()
    await leg.press("8")
    before = len(leg.heard)
    for _ in range(4):  # two silences: each wait for a code is half as long
        await leg.wait()
    said = " ".join(leg.heard[before:])
    assert "Key in your code" in said and "press 2" not in said
    await leg.press("2")
    assert "That code does not work." in leg.heard[-1]
    await leg.press("1#")
    await leg.press("2")
    assert "cough or tap" in " ".join(leg.heard)


@pytest.mark.parametrize("keys", ["000000#", "12#", "81#"])
async def test_a_wrong_code_opens_nothing(cloud, row, cut_off, keys):
    story, _ = cut_off
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(keys)
    assert "That code does not work." in " ".join(leg.heard) and (await row(leg)).id != story
    assert leg.gather["finishOnKey"] == "#"


async def test_guessing_comes_to_an_end(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("8")
    for number in range(guessing.A_CALL):
        await leg.press(f"00000{number}#")
    await leg.press("8")
    await leg.press(f"{code}#")
    assert (await row(leg)).id != story


async def test_a_code_does_not_make_it_safe_to_talk(cloud, row, cut_off, fingerpost):
    """Somebody may stand beside them now: it is asked anew, and the old yes counts no more."""
    story, code = cut_off
    assert (await fingerpost.facts.of(story))["safe_to_talk"] == "yes"
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(code)
    assert (await row(leg)).id == story
    facts = await fingerpost.facts.of(story)
    assert "safe_to_talk" not in facts and facts[CONTACT_ANEW] == "yes"
    before = len(leg.heard)
    await leg.press("2")
    assert "cough or tap" in " ".join(leg.heard[before:])
    assert (await fingerpost.facts.of(story))["safe_to_talk"] == "no"


async def test_an_open_question_of_danger_is_not_answered_by_that_yes(
    cloud, row, fingerpost, clock
):
    """It is left open, and staff see the person as they would have."""
    leg = await cloud.call()
    await leg.press("1")
    code = await code_of(leg)
    story = (await row(leg)).id
    await leg.say("i cant go on")
    await leg.hang_up()
    await cloud.settle()
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(code)
    await leg.press("1")
    found = await row(leg)
    assert found.id == story and found.state == "assistant"
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    assert [w.conversation_id for w in await fingerpost.handover.queue()] == [story]


async def test_the_first_words_have_keys_enough(cloud, journey):
    leg = await cloud.call()
    assert not [said for said in leg.heard if "press 8." in said]
    await leg.press("1")
    assert leg.heard[-1].startswith("If we are cut off") and leg.heard[-1].endswith("press 8.")


async def test_eight_works_after_the_first_answer_too(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("8")
    await leg.press(code)
    assert (await row(leg)).id == story


async def test_who_a_worker_is_rung_for_stays_there(cloud, row, cut_off, worker):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("0")
    ringing = await cloud.ringing()
    await leg.press("*")
    await leg.press("8")
    await leg.press("012#")  # a slip leaves the ringing as it is
    await cloud.settle()
    assert ringing.where == "ringing"
    await leg.press(code)
    await cloud.settle()
    assert (await row(leg)).id != story and ringing.where == "ringing"
    assert "I cannot take a code now." in " ".join(leg.heard)


async def test_who_is_in_danger_stays_where_a_worker_looks_for_them(cloud, row, cut_off, worker):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("9")
    await leg.press("8")
    await leg.press(code)
    assert (await row(leg)).id != story and (await row(leg)).urgency == "immediate_danger"
    assert "I cannot take a code now." in " ".join(leg.heard)


async def guess(cloud, wrong: int) -> None:
    """Let strangers key in so many wrong codes, as many in a call as it has tries."""
    at = 0
    while at < wrong:
        leg = await cloud.call()
        await leg.press("8")
        for _ in range(1 if at >= guessing.FREE else min(guessing.A_CALL, guessing.FREE - at)):
            await leg.press(f"00{at:04}")
            at += 1
        await leg.hang_up()
        await cloud.settle()


async def comes_back(cloud, row, code: str) -> str:
    """Ring, key in a code at once, and return the story that the call is in."""
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(code)
    return (await row(leg)).id


async def test_while_others_guess_who_was_just_cut_off_comes_back(cloud, row, cut_off):
    story, code = cut_off
    await guess(cloud, guessing.FREE + 5)
    assert await comes_back(cloud, row, code) == story


async def test_while_others_guess_each_call_has_one_try(cloud, row, cut_off):
    story, code = cut_off
    await guess(cloud, guessing.FREE)
    leg = await cloud.call()
    await leg.press("8")
    await leg.press("000001")
    assert "I cannot take a code now." in " ".join(leg.heard)
    await leg.press("8")
    await leg.press(code)
    assert (await row(leg)).id != story
    assert await comes_back(cloud, row, code) == story  # it is not used up


async def test_while_others_guess_an_older_code_is_told_from_no_wrong_one(
    cloud, row, cut_off, clock
):
    story, code = cut_off
    clock.pass_by(guessing.YOUNG)
    await guess(cloud, guessing.FREE)
    heard = []
    for tried in (code, "000001"):
        leg = await cloud.call()
        await leg.press("8")
        before = len(leg.heard)
        await leg.press(tried)
        heard.append(leg.heard[before:])
        assert (await row(leg)).id != story
    assert heard[0] == heard[1] and "I cannot take a code now." in " ".join(heard[0])
    clock.pass_by(3601)  # the hour of the guesses is over
    assert await comes_back(cloud, row, code) == story


async def test_no_more_codes_are_tried_in_an_hour_than_a_stranger_has_use_for(
    cloud, row, cut_off, clock, monkeypatch
):
    story, code = cut_off
    monkeypatch.setattr(guessing, "MOST", guessing.FREE + 3)
    await guess(cloud, guessing.MOST)
    assert await comes_back(cloud, row, code) != story
    clock.pass_by(3601)
    assert await comes_back(cloud, row, code) == story


async def test_one_call_alone_never_holds_others_back(cloud, row, cut_off, clock):
    story, code = cut_off
    clock.pass_by(guessing.YOUNG)
    leg = await cloud.call()
    for n in range(guessing.FREE + 2):
        await leg.press("8")
        await leg.press(f"00000{n % 8}")
    assert await comes_back(cloud, row, code) == story


async def test_right_codes_are_no_guesses(cloud, row):
    for _ in range(guessing.FREE + 2):
        leg = await cloud.call()
        await leg.press("1")
        code, story = await code_of(leg), (await row(leg)).id
        await leg.hang_up()
        await cloud.settle()
        assert await comes_back(cloud, row, code) == story


async def test_a_spoken_code_opens_nothing_by_web(fingerpost, cut_off):
    _, code = cut_off
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.conversations.resume(code, "chat", "here")


async def test_a_chat_goes_on_by_telephone(cloud, row, fingerpost):
    chat = (await fingerpost.conversations.open(Medium.CHAT)).contact
    codes = await fingerpost.conversations.codes.for_page(chat, phone=True)
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(codes["phone_code"])
    assert (await row(leg)).id == chat.conversation_id
    assert "Is it safe to talk now?" in leg.heard[-10:]
    with pytest.raises(ConversationError, match="unknown"):  # one is used, and so both are
        await fingerpost.conversations.resume(codes["code"], Medium.CHAT, "here")


async def test_a_chat_that_went_on_elsewhere_does_not_go_on_by_telephone(cloud, row, fingerpost):
    chat = (await fingerpost.conversations.open(Medium.CHAT)).contact
    codes = await fingerpost.conversations.codes.for_page(chat, phone=True)
    await fingerpost.conversations.resume(codes["code"], Medium.CHAT, "here")
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(codes["phone_code"])
    assert (await row(leg)).id != chat.conversation_id
    assert "That code does not work." in " ".join(leg.heard)


async def test_danger_and_a_person_are_never_a_code(cloud, row, cut_off, worker):
    leg = await cloud.call()
    await leg.press("8")
    # Nobody in danger adds a hash: what was keyed in counts after a pause, or when it is a code.
    assert int(leg.gather["timeout"]) <= 4 and leg.gather["numDigits"] == "6"
    await leg.press("999")
    assert (await row(leg)).urgency == "immediate_danger"
    other = await cloud.call()
    await other.press("8")
    await other.press("0#")
    assert (await row(other)).state == "waiting"


def codes_in(heard) -> list[str]:
    """Return every code that was read out, as often as it was."""
    found = re.findall(r"(?:code is|say it again:) ([\d, ]+)\.", " ".join(heard))
    return [code.replace(" ", "").replace(",", "") for code in found]


async def test_a_code_is_given_by_keys_alone(cloud, row, clock):
    leg = await cloud.call()
    await leg.press("1")
    story = (await row(leg)).id
    await leg.press("8")
    before = len(leg.heard)
    await leg.press("8#")
    code, again = codes_in(leg.heard[before:])
    assert code == again
    await leg.press("*")
    assert codes_in(leg.heard[before:]) == [code] * 4
    await leg.hang_up()
    await cloud.settle()
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(f"{code}#")
    assert (await row(leg)).id == story


async def test_who_cannot_speak_hears_a_code_when_a_key_asks_for_it(cloud, row):
    """Others may hear: it waits behind key 1 as everything does that is theirs."""
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("5")
    before = len(leg.heard)
    await leg.press("8")
    await leg.press("8#")
    assert not codes_in(leg.heard[before:])
    await leg.press("1")
    code, again = codes_in(leg.heard[before:])
    assert code == again
    await leg.press("*")
    assert len(codes_in(leg.heard[before:])) == 2
    await leg.press("1")
    assert codes_in(leg.heard[before:]) == [code] * 4


async def test_what_is_said_to_the_prompt_for_a_code_ends_it(cloud, row):
    """Whoever asked for a person in words there is not asked for a code any more."""
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("8")
    await leg.say("my house was broken into")
    assert leg.gather["numDigits"] == "1"


async def test_a_code_works_once(cloud, row, cut_off):
    story, code = cut_off
    for _ in range(2):
        leg = await cloud.call()
        await leg.press("8")
        await leg.press(f"{code}#")
    assert (await row(leg)).id != story
