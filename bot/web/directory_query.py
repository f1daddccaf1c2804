# SPDX-License-Identifier: Apache-2.0
"""What another site's question to the directory means; what cannot be answered is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.policy.browsing import TOPICS_TO_CHOOSE
from bot.policy.hours import WEEKDAYS
from bot.policy.listing import NEEDS
from bot.service.directory import Directory, Filters
from bot.web.problem import Problem

PER_PAGE, MOST_PER_PAGE = 50, 100
LONGEST = 200
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_AGE = re.compile(r"\d{1,20}(?:\.\d{1,20})?(?:e-?\d{1,3})?", re.ASCII | re.IGNORECASE)
OLDEST = 120
_POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z\d]?(?: ?\d[a-z]{2})?", re.ASCII | re.IGNORECASE)
_DAYS = dict(
    zip("monday tuesday wednesday thursday friday saturday sunday".split(), WEEKDAYS, strict=True)
)


@dataclass(frozen=True)
class Asked:
    """One page of what fits the filters."""

    filters: Filters
    page: int
    per_page: int


def paging(query: Mapping[str, str]) -> tuple[int, int]:
    """Return the page and how many to a page."""
    page = _of(query, "page", _whole) or 1
    per_page = _of(query, "per_page", _whole) or PER_PAGE
    if per_page > MOST_PER_PAGE:
        raise Problem("wrong_shape")
    return page, per_page


def asked(query: Mapping[str, str], directory: Directory) -> Asked:
    """Return what is asked for. Raises Problem: a filter that is not understood hides nothing."""
    if query.get("proximity"):
        raise Problem("no_distance")
    filters = Filters(
        search=tuple(_of(query, "search", _text).casefold().split()),
        taxonomy_term_id=_of(query, "taxonomy_term_id", _text).lower(),
        taxonomy_id=_of(query, "taxonomy_id", _text).lower(),
        minimum_age=_of(query, "minimum_age", _age, None),
        maximum_age=_of(query, "maximum_age", _age, None),
        day=_of(query, "day", _day),
        start_time=_of(query, "start_time", _time),
        end_time=_of(query, "end_time", _time),
        topic=_of(query, "topic", lambda value: _one_of(TOPICS_TO_CHOOSE, value)),
        need=_of(query, "need", lambda value: _one_of(NEEDS, value)),
        areas=_areas(query, directory),
    )
    return Asked(filters, *paging(query))


def text_of(query: Mapping[str, str], name: str) -> str:
    """Return a filter that is any text, or an empty one."""
    return _of(query, name, _text)


def _areas(query: Mapping[str, str], directory: Directory) -> tuple[str, ...] | None:
    """Return the areas that fit: the one named, or the one or two that a postcode lies in."""
    area = _of(query, "area", lambda value: _one_of(directory.areas.known, value))
    postcode = _of(query, "postcode", _postcode)
    if not postcode:
        return (area,) if area else None
    place = directory.place(postcode)
    found = (place.area,) if place.area else place.candidates
    if not found:
        raise Problem("unknown_place")
    return tuple(a for a in found if not area or a == area)


def _of(query: Mapping[str, str], name: str, read: Callable[[str], Any], none: Any = "") -> Any:
    """Return a filter's value; one left empty is one not given."""
    value = query.get(name, "").strip()
    return read(value) if value else none


def _text(value: str) -> str:
    if len(value) > LONGEST:
        raise Problem("wrong_shape")
    return value


def _one_of(known: Any, value: str) -> str:
    if value not in known:
        raise Problem("wrong_shape")
    return value


def _whole(value: str) -> int:
    if not re.fullmatch(r"0*[1-9]\d{0,5}", value, re.ASCII):
        raise Problem("wrong_shape")
    return int(value)


def _age(value: str) -> float:
    if not _AGE.fullmatch(value) or float(value) > OLDEST:
        raise Problem("wrong_shape")
    return float(value)


def _postcode(value: str) -> str:
    if not _POSTCODE.fullmatch(value):
        raise Problem("wrong_shape")
    return value


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise Problem("wrong_shape")
    return value


def _day(value: str) -> str:
    """Take MO as in a schedule, or the whole name of the day."""
    short = _DAYS.get(value.casefold(), value.upper())
    return _one_of(WEEKDAYS, short)
