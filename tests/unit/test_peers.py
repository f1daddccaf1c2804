# SPDX-License-Identifier: Apache-2.0
"""What the screen is compared with: measured alike, and named with what it was made from."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from training import diet, evals, figures, peers, sentences
from training.keywords import Keywords
from training.sentences import Sentence


def sentence(text: str, urgency: str) -> Sentence:
    topic = "none" if urgency == "none" else "other"
    return Sentence("one", urgency, topic, "disclose", "chat", ("plain",), text)


SURE = {"a": 0.9, "b": 0.6, "c": 0.3, "d": 0.5, "e": 0.1}
DANGERS = [sentence(text, "suicide_risk") for text in "abc"]
REST = [sentence(text, "standard") for text in "de"]


def hear(text: str) -> dict[str, dict[str, float]]:
    """Give danger what SURE says, in two classes, and the rest to what is none."""
    p = SURE[text]
    return {"urgency": {"suicide_risk": 0.75 * p, "safeguarding": 0.25 * p, "standard": 1 - p}}


@pytest.mark.parametrize("found", [1, 2, 3])
def test_a_peer_finds_as_much_as_the_screen_and_calls_no_more_than_that_takes(found: int) -> None:
    at = peers.threshold(hear, DANGERS, found)
    measured = peers.measure(hear, at, [*DANGERS, *REST])
    assert measured["found"]["all"]["share"] == round(found / 3, 3)
    assert measured["false_alarms"]["all"]["share"] == (0.5 if found == 3 else 0.0)


def test_a_danger_below_the_threshold_is_one_of_the_rest() -> None:
    assert peers.Peer(hear, 0.6).understand("b").urgency == "suicide_risk"
    assert peers.Peer(hear, 0.7).understand("b").urgency == "standard"


def test_a_peer_that_reads_nothing_in_a_message_still_answers() -> None:
    assert (
        peers.Peer(lambda text: {"urgency": {"none": 1.0}}, 0.5).understand("?").urgency == "none"
    )


def test_what_a_peer_does_not_say_is_not_measured_but_printed_as_lacking(
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured = peers.measure(hear, 0.5, [*DANGERS, *REST])
    assert not {"topic_macro_f1", "act_exact", "interrupts_right", "p50_ms"} & set(measured)
    ours = figures.measure(Keywords(), [*DANGERS, *REST])
    evals.show({"where_thresholds_were_chosen": ours, "unseen": ours}, {"peer": measured}, None)
    printed = {
        line[:44].strip(): line[-22:].strip() for line in capsys.readouterr().out.split("\n")
    }
    assert printed["any danger found"].startswith("0.667")
    for lacking in ("topic, macro-F1", "act exact", "interrupts right", "ms a message, p50 / p99"):
        assert printed[lacking] == "-", lacking


def test_rasas_pipeline_is_its_own_but_for_the_epochs() -> None:
    pipeline = diet.config()["pipeline"]
    classifier = next(part for part in pipeline if part["name"] == "DIETClassifier")
    assert classifier["epochs"] == diet.EPOCHS and classifier["constrain_similarities"]
    assert [part["name"] for part in pipeline].count("CountVectorsFeaturizer") == 2


def test_peers_of_other_sentences_are_named() -> None:
    now = evals.made_from()
    assert sentences.CHOSEN_ON in now["validation"] and now["train"]
    older = {**now, "train": {**now["train"], "hand-a.tsv": "0"}}
    made = {"this": {"sha256": now}, "older": {"sha256": older}}
    assert evals.outdated(made, now) == ["older"]


def test_what_is_shipped_has_the_figures_and_says_what_it_was_made_from() -> None:
    shipped: dict[str, Any] = json.loads(evals.PEERS.read_text(encoding="utf-8"))
    assert shipped and set(shipped) <= set(peers.RUN_BY)
    for name, peer in shipped.items():
        assert peer["recipe"] and peer["rows"] > 0, name
        for folder in ("train", "validation"):
            hashes = peer["sha256"][folder]
            assert hashes and all(len(h) == 64 for h in hashes.values()), (name, folder)
        assert sentences.CHOSEN_ON in peer["sha256"]["validation"], name
        for part, path in evals.SHARES.items():
            if path[0] in ("found", "each_class", "false_alarms", "urgency_exact"):
                share = evals.at(peer["figures"], path)
                assert share["of"] and math.isfinite(share["share"]), (name, part)
