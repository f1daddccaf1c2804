# SPDX-License-Identifier: Apache-2.0
"""What other sites may read of a record, in the form of the standard (HSDS-UK 3).

The list of what is published is closed: a field that nobody named here stays here, so that a new
one cannot leak. Where a fact was read and what is withheld are for whoever checks the directory.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bot.store.directory_shape import EXTENSION, Record

# Every identifier in the directory is made from a name in this space; data/directory/README.md.
SPACE = uuid5(NAMESPACE_URL, "https://fingerpost.example/directory/")
TAXONOMIES = {
    "topic": ("fingerpost topics", "What a person came about."),
    "need": (
        "fingerpost needs",
        "The Ministry of Justice's nine categories of need of victims, by their own names.",
    ),
}

# What the standard lets a list hold: what there is one of.
SINGLE = (
    *("id", "organization_id", "name", "description", "url", "email", "status"),
    *("eligibility_description", "minimum_age", "maximum_age", "assured_date", "organization"),
)
_MANY = (
    *("phones", "schedules", "service_areas", "cost_options", "languages"),
    *("service_at_locations", "attributes"),
)
_OURS = (
    *("id", "tier", "always_open", "certainty", "chat", "display", "hours_cover", "online_form"),
    *("bank_holidays", "audience", "topics", "needs", "countries", "places", "emotional_support"),
    *("free", "on_bill", "answered_by_note", "valid_at"),
)


def taxonomy_id(kind: str) -> str:
    """Return the identifier of one of our two taxonomies."""
    return str(uuid5(SPACE, f"taxonomy/{kind}"))


def published(record: Record, area: str) -> dict[str, Any]:
    """Return a record as other sites may read it; `area` is the pack that it came from."""
    x = record[EXTENSION]
    found = {field: record[field] for field in (*SINGLE, *_MANY) if field in record}
    found["attributes"] = [_attribute(a) for a in record["attributes"]]
    ours = {field: x[field] for field in _OURS if field in x}
    # Of a channel that is not published, not even how far it is from certain is said.
    ours["certainty"] = {
        means: mark if mark in ("high", "medium") else None
        for means, mark in x["certainty"].items()
    }
    return {**found, EXTENSION: {**ours, "area": area}}


def taxonomies() -> list[dict[str, Any]]:
    """Return our two taxonomies."""
    return [
        {"id": taxonomy_id(kind), "name": name, "description": description}
        for kind, (name, description) in TAXONOMIES.items()
    ]


def terms(records: tuple[Record, ...]) -> list[dict[str, Any]]:
    """Return every term that a published record bears, each once, by taxonomy and name."""
    found = {a["taxonomy_term"]["id"]: a["taxonomy_term"] for r in records for a in r["attributes"]}
    return sorted(found.values(), key=lambda term: (term["taxonomy"], term["name"]))


def is_id(text: str) -> bool:
    """Say whether it could be one of the standard's identifiers."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _attribute(attribute: dict[str, Any]) -> dict[str, Any]:
    term = attribute["taxonomy_term"] | {"taxonomy_id": taxonomy_id(attribute["link_type"])}
    return attribute | {"taxonomy_term": term}
