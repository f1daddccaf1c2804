# SPDX-License-Identifier: Apache-2.0
"""What comes of the assessment for people of many kinds: services, rights, what else is said.

Facts as the questions leave them, with the shipped directory, by day and by night. `has` and `not`
are services by id; what is best known to be wrong for each is in `not`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.policy import rights
from bot.policy.needs import also_said, home_area, plan
from bot.service.offers import Offers
from bot.settings import ROOT
from bot.store.directory import load
from bot.words import Words

WORDS = Words.load(ROOT / "data" / "words")
SERVICES = load(ROOT / "data" / "directory").services
DAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp()
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC).timestamp()
VS = ("victim_support", "as_emotional_support", "dc_victim_care")
ADULT = {"who": "for_me", "age_band": "25_59"}
AS, DC = {"area": "avon_and_somerset"}, {"area": "devon_and_cornwall"}
LEEDS = {"area": "elsewhere", "place": "Leeds"}
FOR_WOMEN = {"audience": "women"}
FOR_MEN = {"audience": "men"}

SITUATIONS = [
    # what, the facts, when and how, has, has not, the words on rights, what else is said
    ("a woman hit by her husband in Weston, at night",
     {**ADULT, **AS, **FOR_WOMEN, "topic": "domestic_abuse", "council": "north_somerset",
      "reported": "no"}, NIGHT, "chat",
     {"national_da_helpline", "as_next_link"}, {"mens_advice_line", "samaritans"},
     "rights_later", ()),
    ("a man hit by his wife, told the police",
     {**ADULT, **DC, **FOR_MEN, "topic": "domestic_abuse", "reported": "yes"}, DAY, "voice",
     {"mens_advice_line"}, {"national_da_helpline", "respect_phoneline"}, "rights_can_ask", ()),
    ("nine years old, hurt by an uncle",
     {"who": "for_me", "age_band": "under_16", "topic": "sexual_violence"}, NIGHT, "chat",
     {"childline"}, {"rape_crisis_247", "napac", "survivors_trust", "cica"}, "", ()),
    ("sixteen, pictures shared", {"age_band": "16_17", "topic": "online_abuse_image", **AS}, DAY,
     "chat", {"report_remove"}, {"revenge_porn_helpline", "stopncii"}, "", ()),
    ("a student raped this week, not told the police",
     {"who": "for_me", "age_band": "18_24", **AS, **FOR_WOMEN, "topic": "sexual_violence",
      "when": "last_week", "reported": "no"}, NIGHT, "chat",
     {"rape_crisis_247"}, {"cica", "as_somerset_da"}, "rights_later",
     ("info_sexual_assault_centre",)),
    ("the same, last year and told the police",
     {"who": "for_me", "age_band": "18_24", **FOR_WOMEN, "topic": "sexual_violence",
      "when": "last_year", "reported": "yes"}, DAY, "chat",
     {"rape_crisis_247"}, {"childline"}, "rights_can_ask", ("info_compensation",)),
    ("ninety, burgled in Exeter", {"who": "for_me", "age_band": "60_plus", **DC,
     "topic": "burglary_theft", "reported": "yes"}, DAY, "voice",
     {"dc_victim_care"}, {"cica", "crimestoppers", "samaritans"}, "", ()),
    ("scammed, and reported it", {**ADULT, **LEEDS, "topic": "fraud", "reported": "yes"}, DAY,
     "chat", {"victim_support"}, {"report_fraud", "samaritans"}, "", ()),
    ("scammed, and not reported", {**ADULT, "topic": "fraud", "reported": "no"}, DAY, "chat",
     {"report_fraud"}, {"cica"}, "", ()),
    ("stalked for a year, it goes to court and frightens her",
     {**ADULT, **AS, "topic": "stalking_harassment", "reported": "yes", "stage": "trial",
      "court_fear": "yes"}, DAY, "chat",
     {"national_stalking_helpline", "witness_service"}, {"samaritans"}, "rights_can_ask", ()),
    ("a mother whose son was killed", {"who": "bereaved", "age_band": "25_59", **LEEDS,
     "topic": "homicide_bereavement", "reported": "yes"}, NIGHT, "voice",
     {"homicide_service"}, {"cica", "crimestoppers"}, "rights_can_ask", ()),
    ("a neighbour saw an attack", {"who": "witness", "age_band": "25_59",
     "topic": "robbery_violence", "reported": "yes"}, DAY, "chat", set(), {"cica"}, "", ()),
    ("a son asks for his mother", {"who": "for_family", "age_band": "60_plus", **DC,
     "topic": "elder_abuse"}, DAY, "voice", {"hourglass"}, {"childline"}, "", ()),
    ("a deaf man robbed", {**ADULT, **DC, "topic": "robbery_violence", "access": "hearing",
     "reported": "no"}, NIGHT, "chat", {"dc_victim_care"}, {"witness_service"},
     "rights_later", ()),
    ("a hate crime in Cardiff", {**ADULT, "area": "elsewhere", "council": "wales",
     "topic": "hate_crime", "reported": "yes"}, DAY, "chat", set(), {"as_sari"},
     "rights_can_ask", ()),
    ("a hate crime in Glasgow", {**ADULT, "area": "elsewhere", "council": "scotland",
     "topic": "hate_crime", "reported": "yes"}, DAY, "chat", set(), {"as_sari", "victim_support"},
     "", ()),
    ("a farm worker without his passport", {**ADULT, **LEEDS, "topic": "modern_slavery"}, NIGHT,
     "voice", {"modern_slavery_helpline"}, {"crimestoppers"}, "rights_later", ()),
    ("neighbours, every night", {**ADULT, **AS, "topic": "antisocial_behaviour", "again": "yes",
     "reported": "yes"}, NIGHT, "chat", {"as_emotional_support"}, {"samaritans"},
     "rights_can_ask", ()),
    ("the police have stopped", {**ADULT, **LEEDS, "topic": "robbery_violence",
     "reported": "yes", "stage": "stopped", "when": "last_year"}, DAY, "chat",
     {"victim_support"}, set(), "", ("info_case_dropped",)),
    ("abused as a child, thirty years ago", {**ADULT, "topic": "child_abuse", "when": "longer",
     "reported": "no"}, DAY, "chat", {"napac"}, {"childline", "ceop"},
     "rights_later", ("info_compensation_child",)),
    ("hardly manages after a crash", {**ADULT, **LEEDS, "topic": "road_traffic",
     "managing": "managing_hardly"}, NIGHT, "chat", {"brake"}, {"cica"}, "", ()),
    ("said nothing at all", {}, NIGHT, "voice", set(), {"crimestoppers", "respect_phoneline"},
     "", ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "now", "medium", "has", "has_not", "on_rights", "also"),
    [row[1:] for row in SITUATIONS],
    ids=[row[0].replace(" ", "_") for row in SITUATIONS],
)
def test_what_comes_of_it(facts, now, medium, has, has_not, on_rights, also) -> None:
    offers = Offers(SERVICES, WORDS, lambda: now)
    cards = offers.offer(facts, medium)
    found = {card.id for card in cards}
    assert has <= found and not has_not & found and 0 < len(found) <= 3
    assert all(card.why for card in cards)
    assert rights.said(facts) == on_rights
    assert also_said(facts) == also
    told = {"": "", "scotland": "services_other_country"}.get(facts.get("council", ""), "")
    elsewhere = told or "services_home_area"
    assert home_area(facts) == (elsewhere if facts.get("area") == "elsewhere" else "")


@pytest.mark.parametrize("row", SITUATIONS, ids=[row[0].replace(" ", "_") for row in SITUATIONS])
def test_nobody_is_asked_what_they_told(row) -> None:
    facts, medium = row[1], row[3]
    assert not set(plan(facts, (), medium)) & set(facts)


def test_whoever_asks_for_another_is_given_reasons_about_the_other() -> None:
    offers = Offers(SERVICES, WORDS, lambda: DAY)
    theirs = {"who": "for_family", "age_band": "under_16", "topic": "child_abuse", **AS}
    own = {**theirs, "who": "for_me"}
    said = {who: " ".join(c.why for c in offers.offer(facts, "chat"))
            for who, facts in (("them", theirs), ("me", own))}  # fmt: skip
    assert "people of your age" in said["me"]
    assert "your" not in said["them"].lower()


def test_who_cannot_hear_is_never_given_a_number_alone() -> None:
    for row in SITUATIONS:
        facts = {**row[1], "access": "hearing"}
        for card in Offers(SERVICES, WORDS, lambda row=row: row[2]).offer(facts, row[3]):
            assert card.url or card.text, card.id
