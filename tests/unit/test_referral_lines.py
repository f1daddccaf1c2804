# SPDX-License-Identifier: Apache-2.0
"""What a brief says of somebody must mean something to the service that reads it."""

from __future__ import annotations

import pytest

from bot.policy.turn import Medium


async def test_somewhere_else_is_said_from_where_the_service_looks(fingerpost):
    service = next(s.id for s in fingerpost.referrals.offers.services if s.tier == "generalist")
    lines = fingerpost.referrals.draft({"area": "elsewhere"}, service)
    (where,) = [line.text for line in lines if line.id == "area"]
    assert where != fingerpost.referrals.words.label("elsewhere", Medium.CHAT)


def _lines(fingerpost, facts):
    service = next(s.id for s in fingerpost.referrals.offers.services if s.tier == "generalist")
    return {line.id: line for line in fingerpost.referrals.draft(facts, service)}


async def test_whoever_lives_outside_the_areas_is_passed_on_with_their_place(fingerpost):
    lines = _lines(fingerpost, {"area": "elsewhere", "place": "Leeds"})
    assert lines["area"].text == "Leeds"


async def test_every_need_goes_along_the_greatest_first_and_none_when_it_is_struck(fingerpost):
    told = {"need": "need_money", "need_much": "some", "second": "need_home",
            "second_much": "a_lot"}  # fmt: skip
    said = _lines(fingerpost, told)["need"].text
    assert 0 < said.index("Shelter and accommodation") < said.index("Finance and benefits")
    assert "need" not in _lines(fingerpost, {**told, "need": "nothing", "second": "skip"})


async def test_what_makes_it_hard_and_who_to_talk_with_go_along(fingerpost):
    lines = _lines(fingerpost, {"access": "hearing", "wants_worker": "woman", "again": "yes"})
    assert {"access", "wants_worker"} <= set(lines)
    assert "again" not in lines and "rights" not in lines


TEXTED = {"contact_private": "yes", "contact_text": "+447400123456", "contact_text_when": "morning"}
MAILED = {"contact_private": "yes", "contact_email": "ada@example.org"}
WAYS = {"contact_number", "contact_text", "contact_email"}


@pytest.mark.parametrize(
    ("told", "way"),
    [
        (TEXTED, {"contact_text"}),
        (MAILED, {"contact_email"}),
        ({"contact_number": "+447400123456"}, {"contact_number"}),
        ({"contact_number": "skip"}, set()),
        # who else reads it was not asked, or they do: nothing is written there
        ({**TEXTED, "contact_private": "no"}, set()),
        ({**TEXTED, "contact_private": "skip"}, set()),
        ({k: v for k, v in MAILED.items() if k != "contact_private"}, set()),
        ({**TEXTED, "contact_text_when": "skip"}, set()),
        # a text to it is read out aloud, or it is nobody's own
        ({**TEXTED, "contact_text": "+441174960123"}, set()),
        ({**TEXTED, "contact_text": "999"}, set()),
        ({**MAILED, "contact_email": "ada@example.org, bob@example.org"}, set()),
    ],
)
async def test_a_note_names_only_ways_that_are_permitted(fingerpost, told, way):
    lines = _lines(fingerpost, told)
    assert lines.keys() & WAYS == way
    assert ("no_number" in lines) is (not way)
    assert fingerpost.referrals.reaches(told) is bool(way)


async def test_a_message_says_nothing_of_who_skipped_what_it_may_say(fingerpost):
    said = {words: _lines(fingerpost, {**MAILED, "contact_words": words})["contact_words"].text
            for words in ("skip", "words_plain", "words_open")}  # fmt: skip
    assert said["skip"] == said["words_plain"] != said["words_open"]
    assert "contact_words" not in _lines(fingerpost, {"contact_words": "words_open"})


@pytest.mark.parametrize(("struck", "words"), [
    ((), "words_open"), (("contact_words",), "words_plain"),
    (("contact_email", "contact_words"), None),
])  # fmt: skip
async def test_no_address_goes_without_what_a_message_may_say(fingerpost, struck, words):
    shown = list(_lines(fingerpost, {**MAILED, "contact_words": "words_open"}).values())
    left = {line.id: line.text for line in fingerpost.referrals.left(shown, struck)}
    label = fingerpost.referrals.words.label
    assert left.get("contact_words") == (label(words, Medium.CHAT) if words else None)
    assert ("contact_email" in left) is ("contact_email" not in struck)


async def test_with_no_time_for_a_text_its_number_does_not_go(fingerpost):
    shown = list(_lines(fingerpost, TEXTED).values())
    left = {line.id for line in fingerpost.referrals.left(shown, ["contact_text_when"])}
    assert not {"contact_text", "contact_text_when", "contact_words"} & left


async def test_a_card_says_that_a_call_is_on_no_bill_only_where_that_is_known(fingerpost):
    offers = fingerpost.offers if hasattr(fingerpost, "offers") else fingerpost.referrals.offers
    by_id = {s.id: s for s in offers.services}
    facts = {"topic": "mental_distress", "age_band": "under_16"}
    for card in offers.offer(facts, "chat"):
        assert ("bill" in card.why) == (by_id[card.id].on_bill is False), card.id
