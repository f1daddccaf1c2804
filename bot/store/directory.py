# SPDX-License-Identifier: Apache-2.0
"""Reads the directory of services from its files, or says everything that is wrong with them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, get_args

from bot.policy.browsing import may_be_published
from bot.policy.hours import Hours, Schedule
from bot.policy.listing import Channel, Means, Service
from bot.policy.topics import ANY
from bot.store.directory_published import published
from bot.store.directory_rules import Blocked, digits, rule_faults, said
from bot.store.directory_shape import EXTENSION, Code, Fault, Record, shape_faults

__all__ = ["Code", "Directory", "DirectoryError", "Fault", "load"]


class DirectoryError(Exception):
    """The files cannot be used; `faults` holds one entry for each thing to mend."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Directory:
    """Every service, for choosing among; and in the standard's form those records to publish.

    A service that nobody may be told of has no published record, and a published record holds
    nothing that is not certain enough to be said.
    """

    services: tuple[Service, ...]
    records: tuple[Record, ...]

    def find(self, service_id: str) -> Service | None:
        """Return the service with this id, or None."""
        return next((s for s in self.services if s.id == service_id), None)


def load(folder: Path) -> Directory:
    """Return the directory kept in `folder`, or raise DirectoryError with every fault found."""
    blocked = Blocked.load(folder / "blocked_numbers.yml")
    faults: list[Fault] = []
    found: list[tuple[str, Record]] = []
    for path in sorted(folder.glob("*.json"), key=lambda p: (p.stem != "national", p.stem)):
        try:
            records = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            faults.append(Fault(Code.NOT_JSON, path.name))
            continue
        for record in records if isinstance(records, list) else [records]:
            faults += (Fault(c, path.name, _name(record), f) for c, f in _check(record, blocked))
            found.append((path.name, record))
    faults += _twice(found)
    if not found:
        faults.append(Fault(Code.MISSING, folder.name, field="*.json"))
    if faults:
        raise DirectoryError(faults)
    areas = [Path(name).stem.replace("-", "_") for name, _ in found]
    services = [_service(record, a) for a, (_, record) in zip(areas, found, strict=True)]
    rows = zip(services, areas, found, strict=True)
    return Directory(
        tuple(services),
        tuple(published(record, a) for s, a, (_, record) in rows if may_be_published(s)),
    )


def _check(record: Any, blocked: Blocked) -> list[tuple[Code, str]]:
    return list(shape_faults(record)) or list(rule_faults(record, blocked))


def _name(record: Any) -> str:
    block = record.get(EXTENSION) if isinstance(record, dict) else None
    return str(block.get("id", "")) if isinstance(block, dict) else ""


def _twice(found: list[tuple[str, Record]]) -> Iterator[Fault]:
    for name_of in (_name, lambda r: str(r.get("id", "")) if isinstance(r, dict) else ""):
        named = [(file, name_of(record)) for file, record in found]
        count = Counter(name for _, name in named)
        yield from (Fault(Code.DUPLICATE_ID, f, n) for f, n in named if n and count[n] > 1)


def _service(record: Record, area: str) -> Service:
    x = record[EXTENSION]
    checked = record.get("assured_date")
    reach = record.get("service_at_locations", [])
    access = [a["description"] for at in reach for a in at["location"].get("accessibility", [])]
    return Service(
        id=x["id"],
        name=record["name"],
        tier=x["tier"],
        status=x["status"],
        self_referral=x["self_referral"],
        hours=_hours(record),
        channels=tuple(_channels(record)),
        topics=tuple(x["topics"]),
        uuid=record["id"],
        organisation=record["organization"]["name"],
        description=record["description"],
        eligibility=record["eligibility_description"],
        accessibility=" ".join(access),
        answered_by=x["answered_by_note"] or "",
        area=area,
        serves=tuple(place["name"] for place in record["service_areas"]),
        countries=frozenset(x["countries"]),
        places=tuple(x["places"]),
        minimum_age=record.get("minimum_age"),
        maximum_age=record.get("maximum_age"),
        audience=frozenset(x["audience"]) - {ANY},
        needs=tuple(x["needs"]),
        line=x["line"] or "",
        only_for=x["only_for"] or "",
        emotional_support=x["emotional_support"],
        free=x["free"],
        on_bill=x["on_bill"],
        languages=tuple(spoken["code"] for spoken in record.get("languages", ())),
        hours_note="; ".join(f"{w['value']} ({w['reason']})" for w in _withheld(x, "hours")),
        valid_at=x["valid_at"],
        assured=date.fromisoformat(checked) if checked else None,
    )


def _channels(record: Record) -> Iterator[Channel]:
    """Yield every channel with its mark; what is withheld carries a mark too low to be said."""
    x = record[EXTENSION]
    marked = [(medium, value, x["certainty"][medium]) for medium, value in said(record)]
    for medium, value, certainty in marked:
        yield Channel(
            medium=medium,
            value=_dialled(medium, value),
            display=x.get("display", {}).get(medium, value),
            certainty=certainty,
            contact=medium != "url" or x["online_form"],
            in_hours=medium in x["hours_cover"],
        )
    for medium in get_args(Means):
        for withheld in _withheld(x, medium):
            yield Channel(
                medium=medium,
                value=_dialled(medium, withheld["value"]),
                display=withheld["value"],
                certainty=withheld["certainty"],
                contact=medium != "url" or x["online_form"],
                note=withheld["reason"],
            )


def _dialled(medium: str, value: str) -> str:
    return digits(value) if medium in ("phone", "text") else value


def _withheld(x: Mapping[str, Any], medium: str) -> list[Mapping[str, Any]]:
    return [w for w in x["withheld"] if w["medium"] == medium]


def _hours(record: Record) -> Hours:
    x = record[EXTENSION]
    timed = [s for s in record["schedules"] if "opens_at" in s]
    return Hours(
        certainty=x["certainty"]["hours"],
        always_open=x["always_open"],
        schedules=tuple(
            Schedule(
                frozenset(s["byday"].split(",")),
                time.fromisoformat(s["opens_at"]),
                time.fromisoformat(s["closes_at"]),
            )
            for s in timed
        ),
        bank_holidays=x["bank_holidays"] or "unknown",
    )
