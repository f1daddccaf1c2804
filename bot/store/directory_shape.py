# SPDX-License-Identifier: Apache-2.0
"""What shape must a record of the directory have, and where does one depart from it?

The standard's own schema is wide open; this one is what we rely on. It refuses fields it does not
know, so that a slip in a field's name cannot hide what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, get_args

from jsonschema import Draft202012Validator

from bot.policy.hours import Certainty
from bot.policy.listing import COUNTRIES, NEEDS, Group, Means, Status, Tier
from bot.policy.topics import ANY, TOPICS, TOPICS_OF_CRIME

EXTENSION = "x_fingerpost"
HSDS_STATUS = {"current": "active", "uncertain": "inactive", "historic": "defunct"}
MARKS = (*get_args(Means), "hours")

Record = Mapping[str, Any]


class Code(StrEnum):
    """Why a record cannot be used."""

    NOT_JSON = "not_json"
    MISSING = "missing"
    BAD_VALUE = "bad_value"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_STATUS = "unknown_status"
    CERTAINTY_MISSING = "certainty_missing"
    NOT_CERTAIN = "not_certain"
    BAD_NUMBER = "bad_number"
    BLOCKED = "blocked"
    REFUGE_ADDRESS = "refuge_address"
    DISAGREES = "disagrees"
    DUPLICATE_ID = "duplicate_id"


@dataclass(frozen=True)
class Fault:
    """One thing to mend: the code, the file, and where known the record and the field."""

    code: Code
    file: str
    record: str = ""
    field: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.record, self.field, self.code) if part)


def shape_faults(record: Record) -> Iterator[tuple[Code, str]]:
    """Yield a code and the field for each departure from the shape."""
    for error in _validator().iter_errors(record):
        path = [str(step) for step in error.absolute_path]
        code = {"required": Code.MISSING, "additionalProperties": Code.UNKNOWN_FIELD}.get(
            str(error.validator), Code.BAD_VALUE
        )
        if path[-1:] == ["status"]:
            code = Code.UNKNOWN_STATUS
        elif path == [EXTENSION, "certainty"] and code is Code.MISSING:
            code = Code.CERTAINTY_MISSING
        names = error.message.split("'")[1:2] if error.validator in ("required",) else []
        yield code, ".".join([*path, *names])


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(_object(_RECORD, _RECORD_OPTIONAL))


def _object(fields: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], at_least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": at_least, "uniqueItems": True}


def _one_of(values: Any) -> dict[str, Any]:
    return {"enum": sorted(values)}


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_TEXT = {"type": "string", "pattern": r"\S"}
_ID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_SLUG = {"type": "string", "pattern": "^[a-z0-9_]+$"}
_URL = {"type": "string", "pattern": r"^https?://[a-z0-9.-]+\.[a-z]+(/\S*)?$"}
_EMAIL = {"type": "string", "pattern": r"^\S+@\S+\.\S+$"}
_DATE = {"type": "string", "pattern": r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}
_TIME = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
_DAYS = {"type": "string", "pattern": "^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$"}
_AGE = {"type": "integer", "minimum": 0, "maximum": 120}
_YES_NO = {"type": "boolean"}
_OPENING = {"freq": {"const": "WEEKLY"}, "byday": _DAYS, "opens_at": _TIME, "closes_at": _TIME}
_OWNED = {"id": _ID, "service_id": _ID}

_CERTAINTY = _object({mark: _maybe(_one_of(get_args(Certainty))) for mark in MARKS})
_WITHHELD = _object(
    {
        "medium": _one_of(MARKS),
        "value": _TEXT,
        "certainty": _one_of(("low", "unverified")),
        "reason": _TEXT,
    }
)
_BLOCK = _object(
    {
        "id": _SLUG,
        "tier": _one_of(get_args(Tier)),
        "status": _one_of(get_args(Status)),
        "self_referral": _YES_NO,
        "always_open": _maybe(_YES_NO),
        "certainty": _CERTAINTY,
        "hours_cover": _list(_one_of(get_args(Means))),
        "online_form": _YES_NO,
        "bank_holidays": _maybe(_one_of(("open", "closed"))),
        "audience": {"anyOf": [{"const": [ANY]}, _list(_one_of(get_args(Group)), 1)]},
        "crime_types": _list(_one_of(TOPICS_OF_CRIME), 1),
        "topics": _list(_one_of(TOPICS | {ANY}), 1),
        "needs": _list(_one_of(NEEDS)),
        "countries": _list(_one_of(COUNTRIES), 1),
        "places": _list(_SLUG),
        "line": _maybe(_SLUG),
        "only_for": _maybe(_SLUG),
        "emotional_support": _YES_NO,
        "free": {"enum": [True, None]},
        "on_bill": _maybe(_YES_NO),
        "answered_by_note": _maybe(_TEXT),
        "valid_at": _TEXT,
        "sources": _list(_TEXT, 1),
        "withheld": _list(_WITHHELD),
    },
    {"chat": _URL, "display": _object({}, {"phone": _TEXT, "text": _TEXT})},
)
_RECORD = {
    "id": _ID,
    "organization_id": _ID,
    "name": _TEXT,
    "description": _TEXT,
    "status": _one_of(HSDS_STATUS.values()),
    "eligibility_description": _TEXT,
    "organization": _object({"id": _ID, "name": _TEXT, "description": _TEXT}, {"website": _URL}),
    "schedules": _list(
        {
            "anyOf": [
                _object({**_OWNED, "description": _TEXT}),
                _object({**_OWNED, **_OPENING}, {"description": _TEXT}),
            ]
        },
        1,
    ),
    "service_areas": _list(_object({**_OWNED, "name": _TEXT}), 1),
    "attributes": _list({"type": "object", "required": ["taxonomy_term", "link_type"]}, 1),
    EXTENSION: _BLOCK,
}
_RECORD_OPTIONAL = {
    "url": _URL,
    "email": _EMAIL,
    "minimum_age": _AGE,
    "maximum_age": _AGE,
    "assured_date": _DATE,
    "phones": _list(
        _object(
            {**_OWNED, "number": _TEXT, "type": _one_of(("voice", "text"))},
            {"description": _TEXT},
        )
    ),
    "languages": _list(_object({**_OWNED, "code": _TEXT, "name": _TEXT})),
    "cost_options": _list(
        _object(
            {**_OWNED, "option": _TEXT, "amount_description": _TEXT},
            {"amount": {"type": "number"}},
        )
    ),
    "service_at_locations": _list({"type": "object", "required": ["id", "location"]}),
}
