# SPDX-License-Identifier: Apache-2.0
"""An area is added by the steps of data/directory/README.md: in data, with no code of ours."""

from __future__ import annotations

import copy
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import pytest
import yaml

from bot.__main__ import main
from bot.policy.browsing import Wanted
from bot.policy.passing import area_key
from bot.policy.places import Areas
from bot.service.directory import Directory, Filters
from bot.service.offers import Offers
from bot.settings import ROOT
from bot.store.directory import load
from bot.words import Words

NOON = 1_795_600_800.0  # 25 November 2026, 10:00 in London
README = (ROOT / "data" / "directory" / "README.md").read_text(encoding="utf-8")


def renamed(value: Any, name: UUID) -> Any:
    """Give every identifier of a copied record another one, each the same everywhere."""
    if isinstance(value, dict):
        return {
            k: v if k in ("taxonomy_term", "taxonomy_term_id") else renamed(v, name)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [renamed(v, name) for v in value]
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return str(uuid5(name, value))
    return value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Step 1: a file for the area, its services copied from the nearest record."""
    for path in (ROOT / "data" / "directory").glob("*"):
        shutil.copy(path, tmp_path)
    shipped = json.loads((tmp_path / "avon-and-somerset.json").read_text(encoding="utf-8"))
    nearest = next(r for r in shipped if r["x_fingerpost"]["id"] == "as_sari")
    invented = renamed(copy.deepcopy(nearest), uuid5(UUID(int=0), "wessex"))
    invented["name"] = "Wessex Against Hate"
    invented["x_fingerpost"]["id"] = "wx_against_hate"
    (tmp_path / "west-wessex.json").write_text(json.dumps([invented]), encoding="utf-8")
    return tmp_path


@pytest.fixture
def areas() -> Areas:
    """Step 3: the area's names and districts, taken out of elsewhere."""
    data = yaml.safe_load((ROOT / "data" / "places" / "areas.yml").read_text(encoding="utf-8"))
    elsewhere = data["names"]["elsewhere_england_wales"]
    for kind in elsewhere.values():
        kind[:] = [name for name in kind if name not in ("dorset", "dorchester")]
    data["districts"]["elsewhere_england_wales"].remove("DT")
    data["names"]["west_wessex"] = {"councils": ["dorset"], "places": ["dorchester"]}
    data["districts"]["west_wessex"] = ["DT"]
    return Areas.of(data)


def offered(folder: Path, **facts: str) -> list[str]:
    services = load(folder).services
    offers = Offers(services, Words.load(ROOT / "data" / "words"), lambda: NOON)
    facts = {"topic": "hate_crime", "age_band": "25_59", "audience": "anyone", **facts}
    return [card.id for card in offers.offer(facts, "chat")]


def test_its_services_are_offered_to_its_people_and_to_nobody_else(folder: Path) -> None:
    assert "wx_against_hate" in offered(folder, area="west_wessex")
    for area in ("avon_and_somerset", "elsewhere", "other_uk", "skip", ""):
        assert "wx_against_hate" not in offered(folder, area=area), area
    assert "as_sari" not in offered(folder, area="west_wessex")


@pytest.mark.parametrize("said", ["I live in Dorchester", "DT1", "DT1 1AA", "Dorset"])
def test_its_places_are_known(areas: Areas, said: str) -> None:
    assert areas.find(said).area == "west_wessex"
    assert "west_wessex" in areas.known
    assert area_key("west_wessex") == "west_wessex"


def test_the_page_and_the_api_know_it(folder: Path, areas: Areas) -> None:
    listed = load(folder)
    directory = Directory(listed.services, listed.records, areas, lambda: NOON)
    here = Wanted("hate_crime", area=directory.place("DT1").area or "")
    assert "wx_against_hate" in {c.service.id for c in directory.browse(here)}
    found = directory.matching(Filters(areas=("west_wessex",), topic="hate_crime"))
    assert "Wessex Against Hate" in {r["name"] for r in found}
    assert {r["x_fingerpost"]["area"] for r in found} == {"national", "west_wessex"}


def test_the_api_takes_its_code_as_a_filter(folder: Path, areas: Areas) -> None:
    from bot.web.directory_query import asked

    directory: Any = SimpleNamespace(areas=areas, place=areas.find)
    assert asked({"area": "west_wessex"}, directory).filters.areas == ("west_wessex",)


def test_what_it_lacks_is_said(folder: Path, capsys) -> None:
    assert main(["directory", "check", "--folder", str(folder)]) == 1
    read = capsys.readouterr().out
    assert "[wx_against_hate, west_wessex]" in read
    assert re.search(r"fraud: .*local in west_wessex", read)
    assert not re.search(r"hate_crime: .*local in west_wessex", read)


def test_every_file_that_the_steps_name_is_there() -> None:
    steps = README.split("## Adding an area")[1].split("## Keeping it right")[0]
    named = set(re.findall(r"`((?:bot|data|tests)/[\w/.]+)`", steps))
    assert len(named) > 6
    for path in named:
        assert (ROOT / path).exists(), path
    for path, code in (
        ("data/words/choices.yml", "avon_and_somerset"),
        ("data/words/needs.yml", "avon_and_somerset"),
        ("data/words/answers.yml", "avon_and_somerset"),
        ("bot/domain/needs.yml", "avon_and_somerset"),
        ("bot/settings.py", "avon_and_somerset"),
    ):
        assert code in (ROOT / path).read_text(encoding="utf-8"), path
