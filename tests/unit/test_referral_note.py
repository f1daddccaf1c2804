# SPDX-License-Identifier: Apache-2.0
"""A note holds the lines that were agreed to and nothing else, as JSON and on paper."""

from __future__ import annotations

import json
import re
import zlib

import pytest
from jsonschema import Draft202012Validator

from bot.policy.turn import Line
from bot.service.referral_note import note
from bot.settings import ROOT
from bot.web.note_pdf import pdf

SCHEMA = json.loads((ROOT / "bot" / "web" / "referral-note-1.schema.json").read_text())
LINES = [
    Line("service", "Who gets this", "The Old Mill Project"),
    Line("topic", "What it is about", "Burglary or theft"),
    Line("contact_number", "The number to ring", "+447400123456"),
]
RULES = "Leave no voice message."
WORDS = {"title": "A note for The Old Mill Project", "intro": "From us.", "footer": "ABC234"}
AGREED = 1_795_776_600.0  # 27 November 2026, 10:10 in London


def made(lines=LINES, **more):
    around = {"reference": "ABC234", "sender": "Support line", "rules": RULES}
    return note(lines, agreed_at=AGREED, **around, **more)


def test_it_fits_its_published_schema_and_says_nothing_more():
    Draft202012Validator.check_schema(SCHEMA)
    found = made(answer_by=AGREED + 86400)
    Draft202012Validator(SCHEMA).validate(found)
    assert found == {
        "version": 1, "reference": "ABC234", "from": "Support line", "agreed_on": "2026-11-27",
        "answer_by": "2026-11-28T10:50+00:00", "rules": RULES,
        "lines": [{"name": x.id, "label": x.label, "text": x.text} for x in LINES],
    }  # fmt: skip


@pytest.mark.parametrize("change", [{"version": 2}, {"more": 1}, {"lines": []}, {"rules": ""}])
def test_another_shape_does_not_fit(change):
    assert not Draft202012Validator(SCHEMA).is_valid(made() | change)


def test_a_line_that_was_struck_is_not_in_it():
    assert "+447400123456" not in json.dumps(made(LINES[:2]))


ESCAPED = {b"r": b"\r", b"n": b"\n", b"t": b"\t"}


def text_of(paper: bytes) -> list[str]:
    """Return what stands on the pages, piece by piece, by each font's own map to letters."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL)
    pages = [zlib.decompress(s) for s in streams if s[:1] == b"x" and b"Td" in _open(s)]
    maps = [
        {int(a, 16): chr(int(b, 16)) for a, b in re.findall(rb"<(\w{4})> <(\w{4})>\n", s)}
        for s in streams
        if b"beginbfchar" in s
    ]
    found, font = [], 0
    for named, said in re.findall(
        rb"/F(\d) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", b"".join(pages), re.S
    ):
        if named:
            font = int(named) - 1
            continue
        plain = re.sub(rb"\\(.)", lambda m: ESCAPED.get(m[1], m[1]), said, flags=re.DOTALL)
        glyphs = [int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2)]
        found.append("".join(maps[font][glyph] for glyph in glyphs))
    return found


def _open(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_paper_holds_the_lines_and_nothing_else():
    assert text_of(pdf(made(), WORDS)) == [
        "A note for The Old Mill Project", "From us.", RULES,
        "Who gets this", "The Old Mill Project",
        "What it is about", "Burglary or theft",
        "The number to ring", "+447400123456",
        "ABC234",
    ]  # fmt: skip


def test_paper_says_its_title_and_its_language_and_no_software():
    paper = pdf(made(), WORDS)
    assert paper.startswith(b"%PDF-") and b"/Lang (en-GB)" in paper
    assert b"/Title (" in paper
    for word in (b"fpdf", b"FPDF", b"ingerpost", b"Rasa"):
        assert word not in paper
    assert pdf(made(), WORDS) == paper


def test_paper_has_every_line_and_a_long_one_too():
    wants = [f"wish {number}" for number in range(400)]
    long = [Line("need", "What you want help with", " ".join(wants)), *LINES]
    paper = pdf(made(long), WORDS)
    assert paper.count(b"/Type /Page\n") >= 2
    shown = " ".join(text_of(paper)).split()
    assert " ".join(wants) in " ".join(shown)
    for line in LINES:
        assert line.text in " ".join(shown)


def test_paper_can_show_a_name_in_other_letters():
    assert "Łódź, Київ" in text_of(pdf(made([Line("area", "Where", "Łódź, Київ")]), WORDS))
