# SPDX-License-Identifier: Apache-2.0
"""The directory for anybody who looks: cards for a page, records for other sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Any, get_args

from bot.policy.browsing import Wanted, always_there, browse, helps_with, reaches
from bot.policy.eligibility import is_stale
from bot.policy.listing import Channel, Means, Offer, Service
from bot.policy.places import Areas, Place
from bot.service.ports import Clock

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Card:
    """What a page says of one service. None is not known, and then nothing is said of it."""

    service: Service
    open_now: bool | None
    ways: Mapping[Means, Channel | None]
    """The one way of each kind that may be said; None where there is none."""
    stale: bool


@dataclass(frozen=True)
class Filters:
    """What another site asks for, by the names of the standard and three of our own."""

    search: tuple[str, ...] = ()
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: str = ""
    start_time: str = ""
    end_time: str = ""
    topic: str = ""
    need: str = ""
    areas: tuple[str, ...] | None = None
    """None narrows nothing; a postcode on a border lies in two."""


class Directory:
    """Answers who is in the directory; holds the published records and nothing that is not."""

    def __init__(
        self, services: Sequence[Service], records: Sequence[Record], areas: Areas, clock: Clock
    ) -> None:
        self.services, self.records, self.areas = tuple(services), tuple(records), areas
        self._clock = clock
        self._by_id = {s.uuid: s for s in services}

    def browse(self, wanted: Wanted) -> list[Card]:
        """Return a card for everything that fits, what fits best first."""
        return [self._card(offer) for offer in browse(self.services, wanted, self._now())]

    def always_there(self, wanted: Wanted) -> list[Card]:
        """Return a card for each service that listens at any hour, whatever is looked for."""
        found = always_there(self.services, self._now(), wanted.written)
        return [self._card(offer) for offer in found]

    def place(self, text: str) -> Place:
        """Return where a person's own words put them."""
        return self.areas.find(text)

    def find(self, identifier: str) -> Record | None:
        """Return the published record with this identifier, or None."""
        return next((r for r in self.records if r["id"] == identifier), None)

    def matching(self, filters: Filters) -> list[Record]:
        """Return the published records that fit every filter."""
        return [r for r in self.records if self._matches(r, filters)]

    def _matches(self, record: Record, filters: Filters) -> bool:
        service = self._by_id[record["id"]]
        terms = [a["taxonomy_term"] for a in record["attributes"]]
        wanted, kind = filters.taxonomy_term_id, filters.taxonomy_id
        return (
            _holds(record, filters.search)
            and (not wanted or wanted in {t["id"] for t in terms})
            and (not kind or kind in {t["taxonomy_id"] for t in terms})
            and _in_age(record, filters)
            and _in_hours(record, filters)
            and helps_with(service, filters.topic)
            and (not filters.need or filters.need in service.needs)
            and (filters.areas is None or any(reaches(service, a) for a in filters.areas))
        )

    def _card(self, offer: Offer) -> Card:
        service = offer.service
        ways: dict[Means, Channel | None] = dict.fromkeys(get_args(Means))
        ways |= {c.medium: c for c in reversed(offer.channels)}
        return Card(service, offer.open_now, ways, is_stale(service, self._now().date()))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _holds(record: Record, words: tuple[str, ...]) -> bool:
    terms = [a["taxonomy_term"]["name"] for a in record["attributes"]]
    said = [record["name"], record["description"], record["eligibility_description"]]
    text = " ".join([*said, record["organization"]["name"], *terms]).casefold()
    return all(word in text for word in words)


def _in_age(record: Record, filters: Filters) -> bool:
    """Keep to the standard: what has no limit of its own is neither above nor below one."""
    least, most = record.get("minimum_age", -1), record.get("maximum_age", inf)
    asked_least, asked_most = filters.minimum_age, filters.maximum_age
    return (asked_least is None or least >= asked_least) and (
        asked_most is None or most <= asked_most
    )


def _in_hours(record: Record, filters: Filters) -> bool:
    """Answer only from certain hours: a door that may be shut is no answer to "when"."""
    if not (filters.day or filters.start_time or filters.end_time):
        return True
    return record["x_fingerpost"]["certainty"]["hours"] == "high" and any(
        (not filters.day or filters.day in s["byday"].split(","))
        and (not filters.start_time or s["opens_at"] >= filters.start_time)
        and (not filters.end_time or s["closes_at"] <= filters.end_time)
        for s in record["schedules"]
        if "opens_at" in s
    )
