# SPDX-License-Identifier: Apache-2.0
"""The languages of the telephone: a file that would leave one unsaid is refused."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.language import Languages
from telephony.tongues import TonguesError, tongues

OWN = Languages.load(ROOT / "data").own
POLISH = "{locale: pl-PL, voice: Polly.Ewa, socket: pl-PL}"


def test_every_language_of_the_file_is_said_by_its_own_name():
    said = tongues(OWN)
    assert any(text.startswith(OWN("pl")) and voice == "Polly.Ewa" for text, _, voice, _ in said)
    assert all(all(part.strip() for part in tongue) for tongue in said)


def test_a_file_of_their_own_is_read_in_its_order(tmp_path):
    path = tmp_path / "tongues.yml"
    path.write_text(f"tr: {{locale: tr-TR, voice: Polly.Filiz, socket: tr-TR}}\npl: {POLISH}\n")
    assert [code for *_, code in tongues(OWN, path)] == ["tr-TR", "pl-PL"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pl:",
        "pl: {voice: Polly.Ewa, socket: pl-PL}",
        "pl: {locale: pl-PL, socket: pl-PL}",
        "pl: {locale: pl-PL, voice: Polly.Ewa}",
        "pl: {locale: pl-PL, voice: '', socket: pl-PL}",
        "pl: {locale: pl-PL, voice: 7, socket: pl-PL}",
        "pl: {locale: pl-PL, voice: Polly.Ewa, socket: pl-PL, rate: slow}",
        f"xx: {POLISH}",
        f"no: {POLISH}",
    ],
)
def test_a_file_without_a_needed_field_is_refused(tmp_path, text):
    path = tmp_path / "tongues.yml"
    path.write_text(text)
    with pytest.raises(TonguesError):
        tongues(OWN, path)
