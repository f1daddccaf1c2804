# SPDX-License-Identifier: Apache-2.0
"""What we made quicker in Rasa gives what Rasa gives, prediction by prediction."""

from __future__ import annotations

import pytest
from jsonschema import ValidationError, validate
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy

from bot.assistant.action_calls import is_good
from bot.assistant.rules import Rules
from tests.conversations.walk import turns


@pytest.mark.parametrize("seed", range(100, 103))
async def test_every_prediction_is_the_one_rasa_makes(seed, talk, monkeypatch):
    """Each prediction of a random conversation is made again by Rasa's own runner and policy."""
    conversation = await talk()
    processor = conversation.engine.processor
    straight, compared = processor.graph_runner, []

    class Both:
        def run(self, inputs=None, targets=None):
            mine = straight.run(inputs, targets)
            with monkeypatch.context() as patch:
                for name in ("_find_action_from_rules", "_get_possible_keys"):
                    patch.setattr(Rules, name, getattr(RulePolicy, name))
                theirs = conversation.engine.own_runner.run(inputs, targets)
            for target in targets:
                assert mine[target].probabilities == theirs[target].probabilities
                assert mine[target].events == theirs[target].events
                compared.append(target)
            return mine

    monkeypatch.setattr(processor, "graph_runner", Both())
    for turn in turns(seed, 25):
        await conversation.hear(**turn(conversation.offered))
    assert len(compared) > 40


GOOD = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "timestamp": None, "name": "a", "value": None}]},
    {"events": [{"event": "slot", "name": "a", "value": [1]}], "responses": [{"custom": {}}]},
    {},
]
BAD = [
    [],
    None,
    "said",
    {"events": {}},
    {"events": [{}]},
    {"events": [{"event": "slot", "name": "a"}]},
    {"events": [{"event": "no such"}]},
    {"responses": ["text"]},
    {"responses": {}},
]


@pytest.mark.parametrize("answer", GOOD + BAD, ids=str)
def test_an_actions_answer_is_judged_as_rasa_judges_it(answer):
    try:
        validate(answer, RemoteAction.action_response_format_spec())
        theirs = True
    except ValidationError:
        theirs = False
    assert is_good(answer) is theirs is (answer in GOOD)
