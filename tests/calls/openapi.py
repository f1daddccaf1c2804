# SPDX-License-Identifier: Apache-2.0
"""What Twilio's own description says of a request: an extract of it is in twilio_openapi.json.

Stricter than Twilio: a field that the description does not know is wrong, since it would be
passed over in silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft7Validator
from multidict import MultiMapping

FOUND = json.loads((Path(__file__).parent / "twilio_openapi.json").read_text())
LONGEST_TWIML = 4000
"""Characters of TwiML that may come with a request (Twilio's error 32018)."""
BOOLEANS = {"true": True, "false": False}


def wrong(path: str, form: MultiMapping[str]) -> list[str]:
    """Return what is wrong with a post to Twilio's API; nothing for a good one."""
    for template, methods in FOUND["paths"].items():
        names = re.findall(r"{(\w+)}", template)
        if found := re.fullmatch(re.sub(r"{\w+}", "([^/]+)", template), path):
            values = dict(zip(names, found.groups(), strict=True))
            return [*_in_path(methods["post"], values), *_in_form(methods["post"], form)]
    return [f"no such address: {path}"]


def _in_path(operation: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[str]:
    for parameter in operation["parameters"]:
        name = parameter["name"]
        for problem in Draft7Validator(parameter["schema"]).iter_errors(values[name]):
            yield f"{name}: {problem.message}"


def _in_form(operation: Mapping[str, Any], form: MultiMapping[str]) -> Iterator[str]:
    schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    known = schema["properties"]
    told = {name: _typed(known.get(name, {}), form.getall(name)) for name in form}
    whole = {**schema, "additionalProperties": False, "components": FOUND["components"]}
    for problem in Draft7Validator(whole).iter_errors(told):
        yield f"{'.'.join(map(str, problem.path))}: {problem.message}"
    for name, value in told.items():
        if known.get(name, {}).get("format") == "uri" and not urlsplit(str(value)).netloc:
            yield f"{name} is no whole address: {value}"
    if len(form.get("Twiml", "")) > LONGEST_TWIML:
        yield "Twiml is too long"


def _typed(schema: Mapping[str, Any], values: list[str]) -> Any:
    """Return a field of a form as the type that it is said to have."""
    kind = schema.get("type")
    if kind == "array":
        return values
    (value,) = values
    if kind in ("integer", "number") and re.fullmatch(r"-?\d+", value):
        return int(value)
    return BOOLEANS.get(value, value) if kind == "boolean" else value
