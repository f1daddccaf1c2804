# SPDX-License-Identifier: Apache-2.0
"""A note on paper: a PDF with a title and a language, of real text in the order it is read."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MARGIN, LABEL, TEXT, HEADING = 20.0, 10.0, 12.0, 18.0


def pdf(note: Mapping[str, Any], words: Mapping[str, str]) -> bytes:
    """Return a note as a PDF of A4 pages, the same bytes for the same note.

    `note`: see bot/service/referral_note.py. `words`: title, intro, footer.
    """
    from fpdf import FPDF  # slow to load, and few requests need it

    page = FPDF(format="A4")
    page.set_margin(MARGIN)
    page.set_auto_page_break(True, MARGIN)
    page.set_title(words["title"])
    page.set_lang("en-GB")
    page.set_creator("")
    page.set_producer("")
    page.set_creation_date(datetime.fromisoformat(note["agreed_on"]).replace(tzinfo=UTC))
    page.set_display_mode("default")
    for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        page.add_font("plain", style, _fonts() / file)
    page.add_page()

    def put(text: str, size: float, style: str = "", after: float = 0.0) -> None:
        page.set_font("plain", style, size)
        page.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
        page.ln(after)

    put(words["title"], HEADING, "B", 3)
    put(words["intro"], TEXT, after=3)
    put(note["rules"], TEXT, "B", 5)
    for line in note["lines"]:
        put(line["label"], LABEL, "B", 0.5)
        put(line["text"], TEXT, after=3)
    put(words["footer"], LABEL)
    return bytes(page.output())


def _fonts() -> Path:
    """Return a folder of fonts that know more than Latin letters: they come with matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise RuntimeError("the fonts of matplotlib are not installed")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
