# SPDX-License-Identifier: Apache-2.0
"""Rasa's RulePolicy, looking only at the rules that could fit: the same choice, sooner.

Rasa compares every rule with every past state at each prediction, and once more for rules written
in a person's words, of which we have none. Here rules are first narrowed down by the action and
the intent they end in; what remains is checked by Rasa's own code (docs/adr/0006).
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

Ending = tuple[str | None, str | None]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class Rules(RulePolicy):
    """Chooses the next action from the rules alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_ending: dict[int, tuple[dict[str, str], dict[Ending, list[str]]]] = {}

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        endings = self._endings(lookup)
        action, intent = _ending(states[-1])
        near = {(action, intent), (action, None), (None, intent), (None, None)}
        possible = {key: lookup[key] for ending in near for key in endings.get(ending, ())}
        return super()._get_possible_keys(possible, states)

    def _endings(self, lookup: dict[str, str]) -> dict[Ending, list[str]]:
        """Return the rules of a lookup by what they end in, worked out once for each lookup."""
        known = self._by_ending.get(id(lookup))
        if known is None or known[0] is not lookup:
            endings: dict[Ending, list[str]] = {}
            for key in lookup:
                endings.setdefault(_ending(self._rule_key_to_state(key)[-1]), []).append(key)
            known = self._by_ending[id(lookup)] = (lookup, endings)
        return known[1]


def _ending(state: State) -> Ending:
    """Return the action and the intent that a state must match, None where it names none."""
    action = state.get("prev_action", {}).get("action_name")
    return action, state.get("user", {}).get("intent")
