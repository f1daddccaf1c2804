# SPDX-License-Identifier: Apache-2.0
"""Is the shipped directory fit to be said aloud, and does a bad one refuse to load?"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import phonenumbers
import pytest
import yaml

from bot.policy.directory import Person, channels, choose, speakable
from bot.policy.listing import COUNTRIES, NEEDS, AgeBand
from bot.policy.topics import ANY, TOPIC_OF_TIER, TOPICS, TOPICS_OF_CRIME, topics_for
from bot.settings import ROOT
from bot.store.directory import Code, Directory, DirectoryError, Fault, load

FOLDER = ROOT / "data" / "directory"
FILES = sorted(FOLDER.glob("*.json"))
RECORDS = [record for path in FILES for record in json.loads(path.read_text(encoding="utf-8"))]
EVERY_RECORD = pytest.mark.parametrize("record", RECORDS, ids=lambda r: r["x_fingerpost"]["id"])

# Numbers known for certain, written down here apart from the data.
CERTAIN = {
    "999": "emergency_999",
    "101": "police_101",
    "111": "nhs_111_mental_health",
    "116123": "samaritans",
    "08081689111": "victim_support",
    "08082000247": "national_da_helpline",
    "08085002222": "rape_crisis_247",
    "08001111": "childline",
    "03003034626": "dc_sarc",
}
# Every other number that may be said. A number that is in neither list is not published: add it
# here by hand, from its source, when it is added to the data.
CONFIRMED = {
    *("85258", "18001", "08000684141", "03003321000", "03000033601", "0800555111"),
    *("03001232040", "03450154033", "08088010327", "08088001170", "08009995428"),
    *("08088024040", "08088020300", "08005999247", "02070080151", "03456000459"),
    *("08088088141", "07860052906", "08088010818", "08088010331", "08081000900"),
    *("08088005000", "08000121700", "08008083733", "08001381625", "08088000401"),
    *("08001601069", "08001712272", "08004700280", "08006949999"),
    *("08088084000", "0800100900"),
}


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load(FOLDER)


def said_text(record: dict[str, Any]) -> str:
    """Return all that could be published of a record: not its sources nor what is withheld."""
    block = {k: v for k, v in record["x_fingerpost"].items() if k not in ("sources", "withheld")}
    return json.dumps({**record, "x_fingerpost": block}, ensure_ascii=False)


def numbers_in(text: str) -> set[str]:
    """Return the numbers one could dial in a text, whatever their spacing: not ids, not dates."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|https?://[^\s\"]+", "", text)
    runs = re.findall(r"\d{3,}", re.sub(r"(?<=\d)[ ()-]+(?=\d)", "", text))
    after_relay = [re.sub(r"^18001(?=\d)", "", run) for run in runs]
    return {run for run in after_relay if not re.fullmatch(r"20\d{2,6}", run)}


def test_every_record_loads(directory: Directory) -> None:
    assert len(directory.services) == len(RECORDS) == 84
    assert [len(json.loads(path.read_text())) for path in FILES] == [14, 6, 64]


def test_what_may_be_offered(directory: Directory) -> None:
    offered = [s for s in directory.services if speakable(s) and channels(s)]
    assert len(offered) == 65
    assert not {"as_lighthouse", "as_avoice", "as_barnardos_cse"} & {s.id for s in offered}
    assert not {"language_line", "relay_uk", "respect_phoneline"} & {s.id for s in offered}


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("topic", ["none", "burglary_theft", "domestic_abuse"])
@pytest.mark.parametrize("area", ["avon_and_somerset", "devon_and_cornwall", "not_said"])
@pytest.mark.parametrize("age", ["under_16", "25_59", "60_plus"])
def test_every_need_leads_somewhere(
    directory: Directory, need: str, topic: str, area: str, age: AgeBand
) -> None:
    person = Person(topic=topic, age_band=age, area=area, needs=(need,))
    offered = choose(directory.services, person, datetime(2026, 11, 24, 12, tzinfo=UTC))
    adult_only = age == "under_16" and need == "outlook_and_attitudes"  # then Childline listens
    assert adult_only or any(need in offer.service.needs for offer in offered)
    assert any(offer.service.emotional_support for offer in offered)


def test_help_with_a_need_is_offered_only_to_whoever_names_it(directory: Directory) -> None:
    everyday = {s.id for s in directory.services if s.tier == "everyday"}
    assert len(everyday) > 10
    for topic in sorted(TOPICS):
        person = Person(topic=topic, age_band="25_59", area="avon_and_somerset")
        offered = choose(directory.services, person, datetime(2026, 11, 24, 12, tzinfo=UTC))
        assert not everyday & {offer.service.id for offer in offered}, topic


@pytest.mark.parametrize(("number", "service_id"), CERTAIN.items())
def test_certain_numbers_stand_in_their_record(
    directory: Directory, number: str, service_id: str
) -> None:
    found = directory.find(service_id)
    assert found is not None and speakable(found)
    [phone] = [c for c in channels(found) if c.medium == "phone"]
    assert phone.value == number and phone.certainty == "high"


@EVERY_RECORD
def test_no_number_is_published_that_nobody_confirmed(record: dict[str, Any]) -> None:
    counts = {"200", "247"}  # 200 languages; 24/7 in a name
    relay_to_999 = {"18000"}
    assert numbers_in(said_text(record)) <= {*CERTAIN, *CONFIRMED, *counts, *relay_to_999}


def test_a_number_is_noticed_however_it_is_written() -> None:
    text = "By 18001 0117 496 0123, (0161) 496 0123 or 01632-960123 since 2020-08-01."
    assert numbers_in(text) == {"01174960123", "01614960123", "01632960123"}


def test_no_confirmed_number_is_lost(directory: Directory) -> None:
    said = {
        c.value for s in directory.services for c in channels(s) if c.medium in ("phone", "text")
    }
    assert said == {*CERTAIN, *CONFIRMED}


def test_every_number_is_one_that_can_be_dialled(directory: Directory) -> None:
    short = {"999", "101", "111", "116123", "85258", "18001"}
    for service in directory.services:
        for channel in channels(service):
            if channel.medium in ("phone", "text") and channel.value not in short:
                number = phonenumbers.parse(channel.value, "GB")
                assert phonenumbers.is_valid_number_for_region(number, "GB"), service.id
                assert phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.PREMIUM_RATE


@EVERY_RECORD
def test_nothing_withheld_stands_in_what_is_published(record: dict[str, Any]) -> None:
    block = record["x_fingerpost"]
    for withheld in block["withheld"]:
        assert withheld["certainty"] in ("low", "unverified")
        if withheld["medium"] in ("phone", "text"):
            number = re.sub(r"\D", "", withheld["value"])
            assert number not in re.sub(r"\D", "", said_text(record))
    assert not any("do_not_publish" in key for key in block)


@EVERY_RECORD
def test_what_people_read_of_a_service_orders_nobody_about(record: dict[str, Any]) -> None:
    said = f"{record['description']} {record['eligibility_description']}"
    assert not re.search(r"\b(must|should|alleged|promise|why did)\b", said, re.IGNORECASE)


def test_published_records_leave_out_what_is_withheld(directory: Directory) -> None:
    for record in directory.records:
        assert "withheld" not in record["x_fingerpost"]


@EVERY_RECORD
def test_ids_are_made_from_the_slug(record: dict[str, Any]) -> None:
    folder = uuid5(NAMESPACE_URL, "https://fingerpost.example/directory/")
    assert record["id"] == str(uuid5(folder, record["x_fingerpost"]["id"]))


def test_services_that_share_a_number_share_a_line_or_say_what_differs(
    directory: Directory,
) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for service in filter(speakable, directory.services):
        for channel in channels(service):
            if channel.medium == "phone":
                mine = (service.line or service.id, channel.display)
                line, display = seen.setdefault(channel.value, mine)
                assert line == mine[0] or display != mine[1], service.id


def test_facts_about_who_answers_and_what_is_recorded(directory: Directory) -> None:
    found = {s.id: s for s in directory.services}
    assert found["rape_crisis_247"].answered_by == "Answered by women."
    assert found["rape_crisis_247"].minimum_age == 16
    assert found["national_da_helpline"].audience == {"women"}
    assert found["mens_advice_line"].audience == found["mankind_initiative"].audience == {"men"}
    assert found["galop"].audience == {"lgbt"}
    assert found["childline"].maximum_age == 18
    assert [s.id for s in found.values() if s.on_bill is not None] == ["samaritans", "childline"]
    assert found["british_muslim_trust"].only_for and not found["victim_support"].only_for
    assert found["as_lighthouse"].self_referral is False


def test_open_at_any_hour_for_certain(directory: Directory) -> None:
    always = {
        s.id
        for s in directory.services
        if s.hours.always_open and s.hours.certainty == "high" and speakable(s) and channels(s)
    }
    assert always == {
        *("emergency_999", "silent_solution_55", "nhs_111_mental_health", "samaritans", "shout"),
        *("victim_support", "homicide_service", "terrorism_support", "national_da_helpline"),
        *("rape_crisis_247", "sarc_finder", "as_emotional_support", "dc_victim_care", "dc_sarc"),
    }


@pytest.mark.parametrize(
    ("crimes", "tier", "expected"),
    [
        (["any"], "generalist", {ANY}),
        (["any", "asb"], "generalist", {ANY, "antisocial_behaviour"}),
        (["any"], "crisis", {ANY, "mental_distress"}),
        (["any"], "criminal_justice", {ANY, "court_process"}),
        (["violence"], "compensation", {"robbery_violence", "compensation"}),
        (["stalking", "harassment"], "specialist", {"stalking_harassment"}),
        (["homicide", "major_incident"], "specialist", {"homicide_bereavement"}),
        (["honour_based_abuse", "forced_marriage"], "specialist", {"honour_based_abuse"}),
        (["fraud", "cyber"], "reporting", {"fraud"}),
        (["abuse_of_adults"], "specialist", {"elder_abuse"}),
        (["image_based_abuse"], "specialist", {"online_abuse_image"}),
        (["road_crash"], "specialist", {"road_traffic"}),
    ],
)
def test_topics_of_crimes(crimes: list[str], tier: str, expected: set[str]) -> None:
    assert topics_for(crimes, tier) == expected


def test_every_mapped_topic_is_a_label() -> None:
    mapped = {t for topics in TOPICS_OF_CRIME.values() for t in topics} | {*TOPIC_OF_TIER.values()}
    assert mapped <= TOPICS | {ANY}
    assert len(TOPICS) == 25 and len(NEEDS) == 9 and len(COUNTRIES) == 4


def test_block_list_gives_a_reason_for_each() -> None:
    blocked = yaml.safe_load((FOLDER / "blocked_numbers.yml").read_text(encoding="utf-8"))
    stale = {re.sub(r"\D", "", entry["number"]) for entry in blocked["numbers"]}
    assert {"08088029999", "08453030900", "08457909090", "02077042040", "03006360300"} <= stale
    assert {"08456038570", "08456038572"} <= stale
    assert all(e["reason"] for e in (*blocked["numbers"], *blocked["channels"], *blocked["sites"]))
    assert stale.isdisjoint({*CERTAIN, *CONFIRMED})


# ---- a directory with something wrong in it


Change = Callable[[dict[str, Any]], Any]


def without(field: str) -> Change:
    return lambda record: record.pop(field)


def block(**fields: Any) -> Change:
    return lambda record: record["x_fingerpost"].update(fields)


def mark(**marks: Any) -> Change:
    return lambda record: record["x_fingerpost"]["certainty"].update(marks)


def put(**fields: Any) -> Change:
    return lambda record: record.update(fields)


def phone(number: str) -> Change:
    return lambda record: record["phones"][0].update(number=number)


def at_address(**fields: Any) -> Change:
    location = {"id": "x", "location_type": "physical", **fields}
    return put(service_at_locations=[{"id": "x", "location": location}])


@pytest.mark.parametrize(
    ("service_id", "change", "code", "field"),
    [
        ("samaritans", without("description"), Code.MISSING, "description"),
        ("samaritans", put(nane="x"), Code.UNKNOWN_FIELD, ""),
        ("samaritans", put(name=" "), Code.BAD_VALUE, "name"),
        ("samaritans", block(status="maybe"), Code.UNKNOWN_STATUS, "x_fingerpost.status"),
        ("samaritans", put(status="open"), Code.UNKNOWN_STATUS, "status"),
        ("samaritans", put(status="defunct"), Code.DISAGREES, "status"),
        ("samaritans", block(tier="helpline"), Code.BAD_VALUE, "x_fingerpost.tier"),
        ("samaritans", block(free=False), Code.BAD_VALUE, "x_fingerpost.free"),
        ("samaritans", block(audience=["any", "men"]), Code.BAD_VALUE, "x_fingerpost.audience"),
        ("samaritans", block(topics=["any"]), Code.DISAGREES, "topics"),
        ("samaritans", block(needs=[]), Code.DISAGREES, "attributes"),
        ("samaritans", block(hours_cover=["chat"]), Code.DISAGREES, "hours_cover"),
        ("samaritans", mark(phone=None), Code.CERTAINTY_MISSING, "phone"),
        ("samaritans", mark(hours=None), Code.CERTAINTY_MISSING, "hours"),
        (
            "samaritans",
            lambda record: record["x_fingerpost"]["certainty"].pop("phone"),
            Code.CERTAINTY_MISSING,
            "x_fingerpost.certainty.phone",
        ),
        ("samaritans", mark(phone="low"), Code.NOT_CERTAIN, "phone"),
        ("samaritans", mark(email="unverified"), Code.NOT_CERTAIN, "email"),
        ("samaritans", mark(hours="low"), Code.NOT_CERTAIN, "hours"),
        ("samaritans", mark(phone="sure"), Code.BAD_VALUE, "x_fingerpost.certainty.phone"),
        ("samaritans", phone("116 12"), Code.BAD_NUMBER, "phone"),
        ("samaritans", phone("ring us"), Code.BAD_NUMBER, "phone"),
        ("samaritans", phone("0909 879 0000"), Code.BAD_NUMBER, "phone"),
        ("rape_crisis_247", phone("0808 802 9999"), Code.BLOCKED, "phones.number"),
        (
            "rape_crisis_247",
            put(description="Or ring 0808 (802) 9999."),
            Code.BLOCKED,
            "description",
        ),
        ("samaritans", lambda r: r["phones"][0].update(type="text"), Code.BLOCKED, "text"),
        ("report_fraud", put(url="https://www.actionfraud.org.uk/"), Code.BLOCKED, "url"),
        ("as_next_link", put(description="At BS1 4ST."), Code.REFUGE_ADDRESS, "description"),
        (
            "as_next_link",
            at_address(addresses=[{"address_1": "1 High Street"}]),
            Code.REFUGE_ADDRESS,
            "service_at_locations.location.addresses.address_1",
        ),
        (
            "modern_slavery_helpline",
            at_address(latitude=51.4),
            Code.REFUGE_ADDRESS,
            "service_at_locations.location.latitude",
        ),
        (
            "brake",
            put(name="A refuge", description="At BS1 4ST."),
            Code.REFUGE_ADDRESS,
            "description",
        ),
        (
            "homicide_service",
            block(display={"phone": "0808 1"}),
            Code.DISAGREES,
            "display.phone",
        ),
    ],
)
def test_a_bad_record_is_refused(
    tmp_path: Path, service_id: str, change: Change, code: Code, field: str
) -> None:
    records = copy.deepcopy(RECORDS)
    change(next(r for r in records if r["x_fingerpost"]["id"] == service_id))
    with pytest.raises(DirectoryError) as refused:
        load(_folder(tmp_path, records))
    assert Fault(code, "national.json", service_id, field) in refused.value.faults


def test_an_address_elsewhere_is_allowed(tmp_path: Path) -> None:
    records = copy.deepcopy(RECORDS)
    record = next(r for r in records if r["x_fingerpost"]["id"] == "as_bridge_sarc")
    at_address(addresses=[{"postal_code": "BS1 4ST"}])(record)
    assert load(_folder(tmp_path, records))


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    records = copy.deepcopy(RECORDS[:3])
    records[0]["x_fingerpost"]["status"] = "maybe"
    records[1]["id"] = records[2]["id"]
    folder = _folder(tmp_path, records)
    (folder / "devon.json").write_text("[{", encoding="utf-8")
    with pytest.raises(DirectoryError) as refused:
        load(folder)
    lines = str(refused.value).splitlines()
    assert len(lines) == len(refused.value.faults) >= 4
    name = records[0]["x_fingerpost"]["id"]
    assert f"national.json: {name}: x_fingerpost.status: unknown_status" in lines
    assert "devon.json: not_json" in lines
    assert sum(line.endswith("duplicate_id") for line in lines) == 2


@pytest.mark.parametrize("content", ["{}", "[1]", "[null]", '["x"]'])
def test_not_a_list_of_records(tmp_path: Path, content: str) -> None:
    folder = _folder(tmp_path, RECORDS[:1])
    (folder / "other.json").write_text(content, encoding="utf-8")
    with pytest.raises(DirectoryError) as refused:
        load(folder)
    assert {f.file for f in refused.value.faults} == {"other.json"}


def test_an_empty_folder_is_not_a_directory(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [])
    with pytest.raises(DirectoryError):
        load(folder)


def _folder(tmp_path: Path, records: list[dict[str, Any]]) -> Path:
    """Put records into a folder of their own, beside the shipped block-list."""
    (tmp_path / "national.json").write_text(json.dumps(records), encoding="utf-8")
    blocked = (FOLDER / "blocked_numbers.yml").read_text(encoding="utf-8")
    (tmp_path / "blocked_numbers.yml").write_text(blocked, encoding="utf-8")
    return tmp_path
