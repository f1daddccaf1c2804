# SPDX-License-Identifier: Apache-2.0
"""What in a well-shaped record of the directory could hurt somebody, or contradicts itself?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import phonenumbers
import yaml

from bot.policy.eligibility import CERTAIN_ENOUGH
from bot.policy.listing import Means
from bot.policy.topics import topics_for
from bot.store.directory_shape import EXTENSION, HSDS_STATUS, Code, Record

SHORT_NUMBERS = frozenset({"999", "101", "111", "116123", "18001", "85258"})
# A service on these topics may keep people hidden, so nothing in its record may say where.
HIDDEN_TOPICS = frozenset({"domestic_abuse", "honour_based_abuse", "modern_slavery"})
ADDRESS_FIELDS = frozenset({"addresses", "address_1", "city", "postal_code", "latitude"})
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")

Found = Iterator[tuple[Code, str]]


@dataclass(frozen=True)
class Blocked:
    """The numbers, channels and sites that are never said."""

    numbers: frozenset[str]
    channels: frozenset[tuple[str, str]]
    hosts: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> Blocked:
        """Read the block-list."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(
            frozenset(digits(n["number"]) for n in data["numbers"]),
            frozenset((c["service"], c["medium"]) for c in data["channels"]),
            tuple(s["host"] for s in data["sites"]),
        )


def digits(text: str) -> str:
    """Return only the digits of a number as written."""
    return "".join(filter(str.isdigit, text))


def said(record: Record) -> list[tuple[Means, str]]:
    """Return every (medium, value) that the record's public fields hold."""
    kinds: dict[str, Means] = {"voice": "phone", "text": "text"}
    found = [(kinds[p["type"]], p["number"]) for p in record.get("phones", [])]
    found += [("chat", record[EXTENSION]["chat"])] if "chat" in record[EXTENSION] else []
    pages: tuple[Means, ...] = ("email", "url")
    return found + [(medium, record[medium]) for medium in pages if medium in record]


def rule_faults(record: Record, blocked: Blocked) -> Found:
    """Yield a code and the field for each broken rule; the record's shape is already right."""
    yield from _certainty(record)
    yield from _numbers(record)
    yield from _blocked(record, blocked)
    yield from _addresses(record)
    yield from _disagreements(record)


def _certainty(record: Record) -> Found:
    marks = record[EXTENSION]["certainty"]
    for medium, _ in said(record):
        if marks[medium] is None:
            yield Code.CERTAINTY_MISSING, medium
        elif marks[medium] not in CERTAIN_ENOUGH:
            yield Code.NOT_CERTAIN, medium
    timed = any("opens_at" in s for s in record["schedules"])
    if marks["hours"] is None:
        yield Code.CERTAINTY_MISSING, "hours"
    elif timed and marks["hours"] not in CERTAIN_ENOUGH:
        yield Code.NOT_CERTAIN, "hours"


def _numbers(record: Record) -> Found:
    for medium, value in said(record):
        if medium in ("phone", "text") and digits(value) not in SHORT_NUMBERS:
            try:
                number = phonenumbers.parse(value, "GB")
            except phonenumbers.NumberParseException:
                yield Code.BAD_NUMBER, medium
                continue
            premium = phonenumbers.PhoneNumberType.PREMIUM_RATE
            if (
                not phonenumbers.is_valid_number_for_region(number, "GB")
                or phonenumbers.number_type(number) == premium
            ):
                yield Code.BAD_NUMBER, medium


def _blocked(record: Record, blocked: Blocked) -> Found:
    for path, text in _strings(record):
        joined = re.sub(r"(?<=\d)[\s().-]+(?=\d)", "", text)
        if any(number in joined for number in blocked.numbers):
            yield Code.BLOCKED, path
    every = [*said(record), *((w["medium"], w["value"]) for w in record[EXTENSION]["withheld"])]
    for medium, value in every:
        if (record[EXTENSION]["id"], medium) in blocked.channels:
            yield Code.BLOCKED, medium
        host = urlparse(value).hostname or ""
        if any(host == h or host.endswith("." + h) for h in blocked.hosts):
            yield Code.BLOCKED, medium


def _addresses(record: Record) -> Found:
    about = f"{record['name']} {record['description']}".casefold()
    if not HIDDEN_TOPICS & set(record[EXTENSION]["topics"]) and "refuge" not in about:
        return
    for path, text in _strings(record):
        if ADDRESS_FIELDS & set(path.split(".")) or POSTCODE.search(text):
            yield Code.REFUGE_ADDRESS, path


def _disagreements(record: Record) -> Found:
    x = record[EXTENSION]
    if record["status"] != HSDS_STATUS[x["status"]]:
        yield Code.DISAGREES, "status"
    if set(x["topics"]) != topics_for(x["crime_types"], x["tier"]):
        yield Code.DISAGREES, "topics"
    terms = {(a["link_type"], a["taxonomy_term"].get("term")) for a in record["attributes"]}
    if terms != {("topic", t) for t in x["topics"]} | {("need", n) for n in x["needs"]}:
        yield Code.DISAGREES, "attributes"
    owners = {v["service_id"] for v in _owned(record)}
    if owners - {record["id"]} or record["organization"]["id"] != record["organization_id"]:
        yield Code.DISAGREES, "service_id"
    if set(x["hours_cover"]) - {medium for medium, _ in said(record)}:
        yield Code.DISAGREES, "hours_cover"
    numbers = dict(said(record))
    for medium, shown in x.get("display", {}).items():
        if numbers.get(medium, "?") not in shown:
            yield Code.DISAGREES, f"display.{medium}"


def _owned(record: Record) -> Iterator[dict[str, Any]]:
    for field in ("phones", "schedules", "service_areas", "cost_options", "languages"):
        yield from record.get(field, [])


def _strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in the record with its path; where a fact was read is not said to anyone."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "sources":
                yield from _strings(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, path)
    elif value is not None:
        yield path, str(value)
