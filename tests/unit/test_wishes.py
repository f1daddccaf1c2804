# SPDX-License-Identifier: Apache-2.0
"""How well the shipped model of wishes hears people who never saw what it learnt from."""

from __future__ import annotations

import shutil

import pytest

from bot.policy import second_thoughts
from bot.policy.turn import Said
from bot.settings import ROOT
from bot.understanding import Screen
from bot.understanding.screen import CERTAIN, Context
from bot.understanding.wishes import WISHES

WRITTEN = ROOT / "data" / "understanding" / "wishes"


def rows(folder: str, wish: str) -> list[tuple[bool, str, str]]:
    lines = [
        line.split("\t")
        for file in sorted((WRITTEN / folder).glob("*.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()[1:]
    ]
    return [(meant == "yes", channel, text) for what, meant, channel, text in lines if what == wish]


@pytest.mark.parametrize(
    ("wish", "threshold", "heard", "wrongly"),
    [("takes_back", second_thoughts.LIKELY, 0.86, 0.25), ("wants_person", CERTAIN, 0.65, 0.05)],
)
def test_wishes_of_people_who_never_saw_the_sentences(screen, wish, threshold, heard, wrongly):
    likely = [
        (meant, getattr(screen.understand(text, channel), wish) >= threshold)
        for meant, channel, text in rows("validation", wish)
    ]
    meant, others = ([over for was, over in likely if was is kind] for kind in (True, False))
    assert sum(meant) / len(meant) >= heard
    assert sum(others) / len(others) <= wrongly


async def test_who_may_want_a_person_hears_how_beside_the_answer(fingerpost, assistant):
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    reply = await hear(opened.contact, Said("i just needed to say it out loud to somebody"))
    assert {m.say for m in reply.messages} & {"person_if_wanted", "person_if_wanted_nobody"}
    reply = await hear(opened.contact, Said("my bike was taken from the shed on friday"))
    assert not [m for m in reply.messages if m.say.startswith("person_")]


@pytest.mark.parametrize("asked", ["", "needs_ask_who"])
def test_behind_vague_words_it_brings_a_person_but_not_instead_of_an_answer(screen, asked):
    said = "fetch somebody"
    heard = screen.understand(said, "chat", Context(asked))
    assert heard.wants_person >= CERTAIN
    assert (heard.act == "ask_human") is (not asked)


def test_no_sentence_is_both_learnt_and_judged_by():
    learnt, unseen = (
        {text for wish in WISHES for *_, text in rows(folder, wish)}
        for folder in ("train", "validation")
    )
    assert learnt and unseen and not learnt & unseen


def test_without_the_small_model_the_large_one_and_the_rules_work_on(tmp_path):
    shutil.copytree(ROOT / "models" / "understanding", tmp_path / "understanding")
    (tmp_path / "understanding" / "wishes.npz").unlink()
    heard = Screen.load(tmp_path, ROOT / "data").understand("can i speak to a real person")
    assert heard.takes_back is None and heard.wants_person is None
    assert heard.act == "ask_human"
