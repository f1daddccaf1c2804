# SPDX-License-Identifier: Apache-2.0
"""Where an answer to "where do you live?" puts somebody, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.policy.places import Areas, Place
from bot.store.directory import load

COUNCILS = yaml.safe_load(Path("data/places/councils.yml").read_text("utf-8"))
AREAS = Areas.of(yaml.safe_load(Path("data/places/areas.yml").read_text("utf-8")), COUNCILS)
AS, DC = "avon_and_somerset", "devon_and_cornwall"
EW, UK = "elsewhere_england_wales", "other_uk"


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Bristol", AS),
        ("i live in bath", AS),
        ("Weston-super-Mare", AS),
        ("B&NES", AS),
        ("near taunton just off the m5", AS),
        ("Plymouth please", DC),
        ("penzance in cornwall", DC),
        ("St. Ives", DC),
        ("South Gloucestershire", AS),
        ("Gloucestershire", EW),
        ("tunbridge wells", EW),
        ("Cardiff", EW),
        ("Glasgow", UK),
        # postcodes, whole and by district
        ("BS3 4AB", AS),
        ("bs34ab", AS),
        ("ba16", AS),
        ("ta 6", AS),
        ("EX4", DC),
        ("pl1 1aa", DC),
        ("TQ", DC),
        ("PL", DC),
        ("my ex", None),
        ("ta", None),
        ("EX4 6", DC),
        ("TR21 0AB", DC),
        ("BA14", EW),
        ("sw1a 1aa", EW),
        ("M5 3AA", EW),
        ("EH1", UK),
        ("BT1", UK),
        # a name settles a border
        ("TA21, wellington somerset", AS),
        # words that are also names, and things that look like districts
        ("on my street", None),
        ("in the bath", None),
        ("my ex 4 years ago", None),
        ("off the m5", None),
        ("a38", None),
        ("me", None),
        ("", None),
        ("narnia", None),
        # named, and perhaps not lived in
        ("not bristol", None),
        ("i used to live in exeter", None),
        ("leeds but i come from bristol", None),
    ],
)
def test_area(text: str, area: str | None) -> None:
    assert AREAS.find(text).area == area


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("TA21 0AB", (AS, DC)),
        ("dt7", (EW, DC)),
        ("SN14 8AA", (EW, AS)),
        ("leeds or bristol", (EW, AS)),
        ("not bristol", (AS,)),
        ("narnia", ()),
    ],
)
def test_what_it_could_be(text: str, candidates: tuple[str, ...]) -> None:
    assert AREAS.find(text) == Place(None, candidates)


@pytest.mark.parametrize(
    ("text", "name", "council"),
    [
        ("Bristol", "Bristol", "bristol"),
        ("i live in weston super mare", "Weston super Mare", "north_somerset"),
        ("BS3", "BS3", "bristol"),
        ("ex4 6", "EX4", "devon"),
        ("EX4 6AB", "EX4", "devon"),
        ("pl4", "PL4", "plymouth"),
        ("in st ives", "St Ives", "cornwall"),
        ("Cardiff", "Cardiff", "wales"),
        ("cf10 1aa", "CF10", "wales"),
        ("G2", "G2", "scotland"),
        ("Leeds", "Leeds", ""),  # outside the two areas only the country is kept, where it is sure
        ("BS16", "BS16", ""),  # two councils share it
        ("Torquay near Exeter", "Torquay", ""),  # one of two, and nobody knows which
        ("TA21 0AB", "", ""),
        ("narnia", "", ""),
    ],
)
def test_what_a_place_is_called_and_whose_council_it_has(text: str, name: str, council: str):
    place = AREAS.find(text)
    assert (place.name, place.council) == (name, council)


def test_every_place_with_a_council_is_known_and_has_one_council() -> None:
    seen: dict[str, str] = {}
    for council, held in COUNCILS.items():
        for name in (*held["places"], *held["districts"]):
            assert seen.setdefault(name, council) == council, name
            assert AREAS.find(name).area or name.isalpha(), name


def test_every_council_that_a_service_needs_is_one_that_a_place_has() -> None:
    services = load(Path("data/directory")).services
    assert {place for s in services for place in s.places} <= set(COUNCILS)


def test_an_area_that_does_not_exist_is_refused() -> None:
    data = {"names": {}, "whole_answer": {}, "districts": {"wessex": ["BS"]}, "border": {}}
    with pytest.raises(ValueError, match="wessex"):
        Areas.of(data)


def test_no_name_is_in_two_areas() -> None:
    data = yaml.safe_load(Path("data/places/areas.yml").read_text("utf-8"))
    seen: dict[str, str] = {}
    for area, kinds in data["names"].items():
        for name in [name for lot in kinds.values() for name in lot]:
            assert seen.setdefault(name, area) == area, name
