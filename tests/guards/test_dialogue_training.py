# SPDX-License-Identifier: Apache-2.0
"""Rasa's own validation finds nothing in our dialogue but what is meant so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
# What Rasa takes for an oversight and is meant so: intents that only the edge gives, questions
# that only their form asks, and a slot that remembers a form without being asked by it.
KNOWN = (
    r"The intent '\w+' is listed in the domain file, but is not found in the NLU training data",
    r"The intent 'answer' is not used in any story or rule",
    r"The utterance 'utter_ask_\w+' is not used in any story or rule",
    r"Slot 'interrupted' has a mapping condition for form '\w+'",
    r"Slot auto-fill has been removed",
)


def test_rasa_validates_the_dialogue(tmp_path):
    """Rasa wants each utterance to have a response; ours are names, so each is given its own."""
    shutil.copytree(ROOT / "bot" / "domain", tmp_path / "domain")
    actions = [
        action
        for path in (tmp_path / "domain").glob("*.yml")
        for action in yaml.safe_load(path.read_text()).get("actions", [])
        if action.startswith("utter_")
    ]
    responses = {"responses": {action: [{"text": action}] for action in actions}}
    (tmp_path / "domain" / "responses.yml").write_text(yaml.safe_dump(responses))
    found = subprocess.run(
        [
            sys.executable, "-m", "rasa", "data", "validate", "--domain", str(tmp_path / "domain"),
            "--config", str(ROOT / "config.yml"),
            "--data", str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules"),
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=110,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false",
             "HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    warned = re.findall(r"UserWarning: (.*)", found.stdout + found.stderr)
    assert "No story structure conflicts found" in found.stderr + found.stdout
    assert [line for line in warned if not any(re.match(known, line) for known in KNOWN)] == []
