# SPDX-License-Identifier: Apache-2.0
"""What other sites read of the directory: the standard's form, and nothing that may not be told."""

from __future__ import annotations

import asyncio
import json
import os
import re
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.policy.eligibility import channels
from bot.settings import ROOT
from bot.web.app import create_app
from bot.web.limits import Limits, Rate
from bot.words import Words

SAID = {"phone": "number", "text": "number"}
LISTS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")
DESCRIBED = json.loads((ROOT / "bot" / "web" / "openapi.json").read_text(encoding="utf-8"))


@pytest.fixture
async def client(fingerpost) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(create_app(fingerpost))) as found:
        yield found


async def read(client: TestClient, path: str, **query: Any) -> Any:
    answer = await client.get(f"/directory/{path}", params=query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def names(client: TestClient, **query: Any) -> set[str]:
    found = (await read(client, "services", per_page=100, **query))["contents"]
    return {service["name"] for service in found}


# -- what may be told ----------------------------------------------------------------------------


async def test_nothing_is_published_that_may_not_be_told(client, fingerpost) -> None:
    services = {s.uuid: s for s in fingerpost.directory.services}
    listed = (await read(client, "services", per_page=100))["contents"]
    assert len(listed) > 40
    for entry in listed:
        service = services[entry["id"]]
        assert service.status == "current" and service.self_referral and channels(service)
        assert service.tier not in ("perpetrator", "access")
    hidden = [s for s in services.values() if s.uuid not in {e["id"] for e in listed}]
    assert hidden
    for service in hidden:
        answer = await client.get(f"/directory/services/{service.uuid}")
        assert answer.status == 404, service.id


async def test_what_is_withheld_stands_nowhere(client) -> None:
    every = ""
    for entry in (await read(client, "services", per_page=100))["contents"]:
        every += json.dumps(await read(client, f"services/{entry['id']}"))
    every += json.dumps(await read(client, "service_at_locations", per_page=100))
    digits = re.sub(r"[\s()-]", "", every)
    for path in (ROOT / "data" / "directory").glob("*.json"):
        for record in json.loads(path.read_text(encoding="utf-8")):
            for withheld in record["x_fingerpost"]["withheld"]:
                number = re.sub(r"\D", "", withheld["value"])
                if withheld["medium"] in ("phone", "text") and len(number) > 4:
                    assert number not in digits, record["name"]
    for word in ("withheld", "sources", "unverified", '"low"'):
        assert word not in every


async def test_a_hidden_place_has_no_address_anywhere(client) -> None:
    kept_hidden = {"domestic_abuse", "honour_based_abuse", "modern_slavery"}
    seen = 0
    for entry in (await read(client, "services", per_page=100))["contents"]:
        whole = await read(client, f"services/{entry['id']}")
        if kept_hidden & set(whole["x_fingerpost"]["topics"]):
            seen += 1
            text = json.dumps(whole)
            assert not re.search(r"address_1|postal_code|latitude|longitude|\bcity\b", text)
    assert seen > 5


# -- the standard --------------------------------------------------------------------------------


async def test_it_says_which_standard_it_speaks(client) -> None:
    about = await read(client, "")
    assert about["version"] == "HSDS-UK-3.0"
    assert about["openapi_url"].endswith("/api/openapi.json")
    assert about["profile"].startswith("https://")


async def test_a_caches_answer_never_says_what_one_client_sent(client) -> None:
    answer = await client.get("/directory/", headers={"Host": "evil.example"})
    assert "evil.example" not in await answer.text()


@pytest.mark.parametrize("name", LISTS)
async def test_pages_add_up(client, name) -> None:
    whole = await read(client, name, per_page=100)
    assert whole["first_page"] and whole["last_page"] and not whole["empty"]
    assert whole["size"] == whole["total_items"] == len(whole["contents"])
    pages = [await read(client, name, per_page=1, page=n) for n in (1, 2)]
    assert [p["page_number"] for p in pages] == [1, 2]
    assert [p["contents"][0]["id"] for p in pages] == [c["id"] for c in whole["contents"][:2]]
    assert pages[0]["first_page"] and not pages[1]["first_page"]
    beyond = await read(client, name, page=9999)
    assert beyond["empty"] and beyond["last_page"] and beyond["contents"] == []


@pytest.mark.parametrize("name", LISTS)
async def test_all_that_is_listed_can_be_opened(client, name) -> None:
    for entry in (await read(client, name, per_page=100))["contents"]:
        assert (await read(client, f"{name}/{entry['id']}"))["id"] == entry["id"]
    for unknown in (uuid4(), "x", "1", "{id}"):
        answer = await client.get(f"/directory/{name}/{unknown}")
        assert answer.status == 404 and answer.content_type == "application/problem+json"


def fits(name: str, body: Any, where: Path) -> None:
    held = {p.name: json.loads(p.read_text(encoding="utf-8")) for p in where.glob("*.json")}
    registry = Registry().with_resources(
        (file, DRAFT202012.create_resource(schema)) for file, schema in held.items()
    )
    Draft202012Validator(
        held[f"{name}.json"], registry=registry, format_checker=FormatChecker()
    ).validate(body)


@pytest.mark.skipif(
    "HSDS_UK_SCHEMAS" not in os.environ,
    reason="set HSDS_UK_SCHEMAS to a folder with the compiled schemas of OpenReferralUK/uk-profile",
)
async def test_every_answer_fits_the_published_schemas(client) -> None:
    """Their licence (CC BY-SA) is not ours, so they are read from where they were put."""
    where = Path(os.environ["HSDS_UK_SCHEMAS"])
    for name, kind in zip(
        LISTS, ("service", "service_at_location", "taxonomy", "taxonomy_term"), strict=True
    ):
        listed = f"{kind}_list" if name.startswith("service") else kind
        for entry in (await read(client, name, per_page=100))["contents"]:
            fits(listed, entry, where)
            fits(kind, await read(client, f"{name}/{entry['id']}"), where)


# What the published schemas require, taken from them by hand (uk-profile at ecdfabf7).
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "location": {"id", "location_type"},
    "taxonomy_term": {"id", "name", "description"},
    "attributes": {"id"},
    "schedules": {"id"},
    "service_areas": {"id"},
    "cost_options": {"id"},
    "service_at_locations": {"id"},
}
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}


def check(kind: str, held: Any) -> None:
    """Go through an object of the standard and all that it holds."""
    for one in held if isinstance(held, list) else [held]:
        assert REQUIRED.get(kind, set()) <= set(one), (kind, one)
        assert not [k for k, v in one.items() if v is None], one
        assert kind != "service" or one["status"] in STATUSES
        for name, inner in one.items():
            if name in REQUIRED and isinstance(inner, dict | list):
                check(name, inner)


async def test_every_service_holds_what_the_standard_requires(client) -> None:
    for entry in (await read(client, "services", per_page=100))["contents"]:
        check("service", entry)
        assert not [k for k, v in entry.items() if isinstance(v, list)]
        check("service", await read(client, f"services/{entry['id']}"))
    for entry in (await read(client, "service_at_locations", per_page=100))["contents"]:
        check("service_at_locations", entry)
        whole = await read(client, f"service_at_locations/{entry['id']}")
        check("service", whole["service"])


# -- filters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ({"search": "fraud"}, {"Report Fraud"}, {"Galop"}),
        ({"search": "STALKED  harassed"}, {"National Stalking Helpline"}, {"Report Fraud"}),
        ({"topic": "fraud"}, {"Report Fraud", "Victim Support"}, {"Galop"}),
        ({"topic": "court_process"}, {"Witness Service"}, {"Report Fraud"}),
        ({"need": "criminal_justice_system"}, {"Witness Service"}, {"Samaritans"}),
        ({"area": "avon_and_somerset"}, {"Next Link", "Samaritans"}, {"Galop Cymru"}),
        ({"area": "devon_and_cornwall"}, {"Victim Support"}, {"Next Link", "SARI"}),
        ({"postcode": "BS3 1AA"}, {"SARI"}, {"Victim Care Devon and Cornwall (Victim Support)"}),
        ({"postcode": "PL1"}, {"Victim Care Devon and Cornwall (Victim Support)"}, {"SARI"}),
        ({"postcode": "G1 1AA"}, {"Samaritans"}, {"Witness Service"}),
        ({"minimum_age": 18}, {"StopNCII"}, {"Samaritans", "Childline"}),
        ({"maximum_age": 18}, {"Childline"}, {"Samaritans", "StopNCII"}),
        ({"day": "SU"}, {"Samaritans"}, {"Karma Nirvana"}),
        ({"day": "sunday", "start_time": "", "topic": "mental_distress"}, {"Shout"}, {"Childline"}),
        ({"start_time": "08:00", "end_time": "18:00"}, {"Criminal Injuries Compensation Authority"},
         {"Samaritans", "Report Fraud"}),
    ],
)  # fmt: skip
async def test_a_filter_keeps_what_fits(client, query, there, not_there) -> None:
    found = await names(client, **query)
    assert there <= found
    assert not not_there & found


async def test_area_and_postcode_narrow_together(client) -> None:
    assert "SARI" in await names(client, postcode="TA21", area="avon_and_somerset")
    assert not await names(client, postcode="PL1", area="avon_and_somerset")


async def test_a_postcode_that_is_nowhere_is_404(client) -> None:
    answer = await client.get("/directory/services", params={"postcode": "QQ9"})
    assert (answer.status, (await answer.json())["code"]) == (404, "unknown_place")


async def test_a_border_postcode_gives_both_sides(client) -> None:
    found = await names(client, postcode="TA21")
    assert {"SARI", "Victim Care Devon and Cornwall (Victim Support)"} <= found


async def test_terms_lead_to_their_services(client) -> None:
    terms = (await read(client, "taxonomy_terms", per_page=100))["contents"]
    for term in terms:
        listed = (await read(client, "services", taxonomy_term_id=term["id"]))["contents"]
        assert listed, term["name"]
    [needs] = [t for t in (await read(client, "taxonomies"))["contents"] if "needs" in t["name"]]
    own = (await read(client, f"taxonomies/{needs['id']}"))["taxonomy_terms"]
    assert {t["taxonomy_id"] for t in own} == {needs["id"]}
    listed = await read(client, "taxonomy_terms", taxonomy_id=needs["id"], per_page=100)
    assert [t["id"] for t in listed["contents"]] == [t["id"] for t in own]
    with_need = await names(client, taxonomy_id=needs["id"])
    assert "Witness Service" in with_need and "Galop" not in with_need


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"proximity": "5000", "postcode": "BS3"}, "no_distance"),
        *(
            (query, "wrong_shape")
            for query in (
                {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": "1.5"}, {"page": "\u0661"},
                {"per_page": "0"}, {"per_page": "101"}, {"per_page": "9" * 400},
                {"topic": "none"}, {"topic": "nothing"}, {"need": "house"}, {"area": "wessex"},
                {"postcode": "hello"}, {"postcode": "BS3 in Bristol"}, {"minimum_age": "121"},
                {"day": "SUN"}, {"start_time": "9"}, {"end_time": "24:00"}, {"minimum_age": "old"},
                {"maximum_age": "nan"}, {"search": "x" * 201},
            )
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_answered_is_refused(client, query, code) -> None:
    answer = await client.get("/directory/services", params=query)
    assert answer.status == 422
    assert (await answer.json())["code"] == code
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


# -- headers -------------------------------------------------------------------------------------


async def test_any_site_may_read_and_no_cookie_is_set(client) -> None:
    for path in ("", "services", f"services/{uuid4()}", "nothing"):
        answer = await client.get(f"/directory/{path}", headers={"Origin": "https://a.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = await client.options("/directory/services", headers={"Origin": "https://a.example"})
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


async def test_nothing_can_be_changed(client) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert (await client.request(method, "/directory/services")).status == 405


async def test_what_has_not_changed_is_not_sent_again(client) -> None:
    first = await client.get("/directory/services")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    mark = first.headers["ETag"]
    again = await client.get("/directory/services", headers={"If-None-Match": mark})
    assert again.status == 304 and not await again.read() and again.headers["ETag"] == mark
    other = await client.get("/directory/services?page=2", headers={"If-None-Match": mark})
    assert other.status == 200
    refused = await client.get("/directory/services?page=0")
    assert refused.headers["Cache-Control"] == "no-store"


async def test_an_address_that_is_none_is_404(client) -> None:
    for path in ("nothing", "services/", "services/a/b", "organizations"):
        assert (await client.get(f"/directory/{path}")).status == 404, path


async def test_a_flood_is_told_to_wait(fingerpost, monkeypatch) -> None:
    monkeypatch.setattr("bot.web.limits.is_loopback", lambda remote: False)
    limits = Limits(source=Rate(burst=3, a_second=0))
    async with TestClient(TestServer(create_app(fingerpost, limits))) as client:
        found = [(await client.get("/directory/services")).status for _ in range(4)]
        assert found == [200, 200, 200, 429]


async def test_a_person_who_types_one_stroke_too_many_gets_the_page(client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = await client.get("/directory/", headers=browser, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/directory")


# -- its own description -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The directory alone, on a port of its own, for a client that is not ours."""
    from bot.service.directory import Directory
    from bot.settings import load as settings_of
    from bot.store.directory import load
    from bot.wiring import areas

    listed = load(ROOT / "data" / "directory")
    found = SimpleNamespace(
        words=Words.load(ROOT / "data" / "words"),
        settings=settings_of({"FINGERPOST_SECRET_KEYS": "k" * 40}),
        directory=Directory(listed.services, listed.records, areas(ROOT), lambda: 1_790_000_000.0),
    )
    from bot.web import console

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> tuple[web.AppRunner, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(console, "add_routes", lambda app, fingerpost: None)
            app = create_app(found)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"

    runner, url = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    yield url
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


described = schemathesis.openapi.from_dict(DESCRIBED).include(path_regex="^/directory/")


@described.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_it_does_what_its_description_says(case, served) -> None:
    case.call_and_validate(base_url=served)
