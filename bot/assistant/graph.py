# SPDX-License-Identifier: Apache-2.0
"""Runs the four nodes of a rules-only model one after the other.

Rasa builds a dask graph anew and hands it to a scheduler for every prediction, several times a
turn; with one policy and nothing in parallel that is a sixth of the turn (docs/adr/0006).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class StraightRunner:
    """The nodes that Rasa loaded, each called once with what it needs."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._nodes = loaded._instantiated_nodes
        self._needs = {
            name: tuple(node.needs.values()) for name, node in loaded._graph_schema.nodes.items()
        }

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Return the outputs of the targets, as Rasa's runner does."""
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        return dict(self._output(target, done) for target in targets or ())

    def _output(self, name: str, done: dict[str, tuple[str, Any]]) -> tuple[str, Any]:
        if name not in done:
            needed = [self._output(need, done) for need in self._needs[name]]
            done[name] = self._nodes[name](*needed)
        return done[name]
