# SPDX-License-Identifier: Apache-2.0
"""Which commissioner's area a town, a council or a postcode district lies in.

Not known and on the border are both None: the person is asked, never guessed for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.policy.answer import normalise

_POSTCODE = re.compile(r"\b([a-z]{1,2})(\d[a-z\d]?) ?\d[a-z]{2}\b")
_DISTRICT = re.compile(r"\b([a-z]{2})(\d[a-z\d]?)\b")
_ALONE = re.compile(r"^([a-z]{1,2}) ?(\d[a-z\d]?)$")
# Before a digit "TA" is Taunton's; elsewhere it is thanks, and left out.
_TAUNTON = re.compile(r"\bta (?=\d)", re.IGNORECASE)
_BEFORE = re.compile(
    r"^(?:(?:i|we|am|im|are|live|living|lives|stay|staying|based|in|at|near|from|around|"
    r"it|is|its|close|to|by|my|postcode|post|code) )+"
)
# "Not Bristol", "I used to live in Bristol", "outside Bristol": named, and perhaps not lived in.
_DOUBT = frozenset("not isnt never nowhere used left moved outside was born or grew".split())


@dataclass(frozen=True)
class Place:
    """Where an answer puts somebody: one area; or None, with what it could be.

    `name`: the place as it is called, or the postcode district, for whoever is told of it.
    `council`: the council, or the country, that it surely lies in.
    """

    area: str | None = None
    candidates: tuple[str, ...] = ()
    name: str = ""
    council: str = ""


@dataclass(frozen=True)
class Areas:
    """Names and postcode districts, each with its area; and those whose council is sure."""

    names: Mapping[str, str]
    whole_answers: Mapping[str, str]
    districts: Mapping[str, str]
    border: Mapping[str, tuple[str, ...]]
    councils: Mapping[str, str] = field(default_factory=dict)
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    @property
    def known(self) -> tuple[str, ...]:
        """Return every area there is, in the order of the file."""
        return tuple(dict.fromkeys(self.names.values()))

    def __post_init__(self) -> None:
        """Longest names first, so that "south gloucestershire" is not "gloucestershire"."""
        longest = sorted(self.names, key=len, reverse=True)
        pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b")
        object.__setattr__(self, "_pattern", pattern)

    @classmethod
    def of(
        cls, data: Mapping[str, Any], councils: Mapping[str, Mapping[str, list[str]]] | None = None
    ) -> Areas:
        """Build from what data/places holds; the `names` in areas.yml say which areas there are.

        Raises ValueError for an area that stands elsewhere in it and has no names.
        """
        border = {district.lower(): tuple(both) for district, both in data["border"].items()}
        used = {*data["whole_answer"], *data["districts"]}
        used.update(area for both in border.values() for area in both)
        if unknown := used - set(data["names"]):
            raise ValueError(f"unknown areas: {', '.join(sorted(unknown))}")
        kinds = data["names"].items()
        return cls(
            _flat((area, name) for area, kind in kinds for lot in kind.values() for name in lot),
            _flat((area, name) for area, lot in data["whole_answer"].items() for name in lot),
            {part.lower(): area for area, lot in data["districts"].items() for part in lot},
            border,
            _flat(
                (council, name)
                for council, held in (councils or {}).items()
                for kind in held.values()
                for name in kind
            ),
        )

    def find(self, text: str) -> Place:
        """Return where a person's own words put them."""
        words = normalise(_TAUNTON.sub("ta", text.replace("&", " and ")))
        answer = _BEFORE.sub("", words)
        if answer in self.whole_answers:
            return self._called(_place([(self.whole_answers[answer],)]), [answer])
        names = self._pattern.findall(words)
        found: list[tuple[str, ...]] = [(self.names[name],) for name in names]
        codes = self._by_postcode(words, answer)
        found += [areas for _, areas in codes]
        place = _place(found, doubtful=bool(_DOUBT & set(words.split())))
        return self._called(place, [*names, *(code for code, _ in codes)])

    def _called(self, place: Place, named: list[str]) -> Place:
        """Return the place with the name it was given, and its council where that is one only."""
        if not place.area or not named:
            return place
        # "CF10" is in no list, but all of "CF" is in Wales.
        letters = [name.rstrip("0123456789") for name in named]
        sure = {self.councils[name] for name in (*named, *letters) if name in self.councils}
        council = sure.pop() if len(sure) == 1 else ""
        return replace(place, name=_shown(named[0]), council=council)

    def begins(self, text: str) -> bool:
        """Say whether words begin with the name of a place we know."""
        return bool(self._pattern.match(normalise(text)))

    def _by_postcode(self, words: str, answer: str) -> list[tuple[str, tuple[str, ...]]]:
        pairs = _POSTCODE.findall(words)
        # "M5" is a road and "ex 4 years" a husband: a district needs two letters with no gap,
        # or to be the whole answer.
        pairs += _DISTRICT.findall(_POSTCODE.sub(" ", words))
        if not pairs and (alone := _ALONE.match(answer)):
            pairs = [alone.groups()]
        return [
            (letters + rest, areas)
            for letters, rest in pairs
            if (areas := self._district(letters, rest))
        ]

    def _district(self, letters: str, rest: str) -> tuple[str, ...]:
        for key in (letters + rest, letters):
            if key in self.border:
                return self.border[key]
            if key in self.districts:
                return (self.districts[key],)
        return ()


def _shown(name: str) -> str:
    """Return a place as it is written: "Weston super Mare", or a district, "BS3"."""
    if any(c.isdigit() for c in name) or len(name) == 2:
        return name.upper()
    small = ("of", "on", "and", "upon", "super", "the", "in", "under")
    words = [word if word in small else word.capitalize() for word in name.split()]
    return " ".join(words)


def _flat(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {normalise(name): area for area, name in pairs}


def _place(found: list[tuple[str, ...]], doubtful: bool = False) -> Place:
    """One sure area settles a border beside it; two different ones settle nothing."""
    sure = {areas[0] for areas in found if len(areas) == 1}
    if len(sure) == 1 and not doubtful:
        area = sure.pop()
        if all(area in areas for areas in found):
            return Place(area)
    candidates = tuple(dict.fromkeys(area for areas in found for area in areas))
    return Place(None, candidates)
