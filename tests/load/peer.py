# SPDX-License-Identifier: Apache-2.0
"""The peer: Rasa's own default set-up on the same messages, in the same environment.

Pipeline and policies are the ones `rasa init` suggests, by REST, with the in-memory store and no
action server. Few epochs: training longer changes what it understands, not how fast it is.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
EPOCHS = 5
EXAMPLES = 40
PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": EPOCHS, "constrain_similarities": True},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": EPOCHS, "constrain_similarities": True},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
POLICIES = [
    {"name": "MemoizationPolicy"},
    {"name": "RulePolicy"},
    {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": EPOCHS},
    {"name": "TEDPolicy", "max_history": 5, "epochs": EPOCHS, "constrain_similarities": True},
]


def build(folder: Path) -> None:
    """Write the peer's project: every act an intent, with our own training messages."""
    examples: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "data" / "understanding" / "train").glob("*.tsv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if len(examples[row["act"]]) < EXAMPLES and not set("[](){}`") & set(row["text"]):
                    examples[row["act"]].append(row["text"])
    acts = sorted(a for a, found in examples.items() if len(found) >= 2)
    nlu = [{"intent": a, "examples": "".join(f"- {text}\n" for text in examples[a])} for a in acts]
    rules = [
        {"rule": a, "steps": [{"intent": a}, {"action": f"utter_{a}"}]}
        for a in acts[: len(acts) // 2]
    ]
    stories = [
        {
            "story": f"{a} then {b}",
            "steps": [
                {"intent": a}, {"action": f"utter_{a}"}, {"intent": b}, {"action": f"utter_{b}"},
            ],
        }
        for a, b in zip(acts, acts[1:] + acts[:1], strict=True)
    ]  # fmt: skip
    domain = {
        "version": "3.1",
        "intents": acts,
        "responses": {f"utter_{a}": [{"text": f"You said: {a}."}] for a in acts},
    }
    (folder / "data").mkdir(parents=True)
    for name, body in (
        ("config.yml", {"recipe": "default.v1", "assistant_id": "peer", "language": "en",
                        "pipeline": PIPELINE, "policies": POLICIES}),
        ("domain.yml", domain),
        ("credentials.yml", {"rest": None}),
        ("endpoints.yml", {}),
        ("data/nlu.yml", {"version": "3.1", "nlu": nlu}),
        ("data/rules.yml", {"version": "3.1", "rules": rules}),
        ("data/stories.yml", {"version": "3.1", "stories": stories}),
    ):  # fmt: skip
        (folder / name).write_text(yaml.safe_dump(body, sort_keys=False, allow_unicode=True))


def train(folder: Path) -> None:
    """Train the peer; minutes on two cores."""
    _rasa(folder, "train", "--fixed-model-name", "peer", wait=True)


def serve(folder: Path, port: int) -> subprocess.Popen:
    """Start the peer on the loopback."""
    return _rasa(folder, "run", "-i", "127.0.0.1", "-p", str(port), wait=False)


def _rasa(folder: Path, *arguments: str, wait: bool) -> subprocess.Popen:
    environ = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if wait and process.wait() != 0:
        raise RuntimeError("the peer could not be trained")
    return process
