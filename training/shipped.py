# SPDX-License-Identifier: Apache-2.0
"""The weights of the shipped encoder, read back from its one byte each, to be taught further.

What is lost is the rounding, which a step or two of further training makes good.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

MIDDLE = 128
"""The byte that stands for nought."""


def weights(path: Path, network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return the state of a network as `encoder.onnx` holds it.

    What the file folds away (the embeddings, which training never changes) stays as the network
    has it. Raises KeyError when the file was made from another network.
    """
    graph = onnx.load(str(path)).graph
    kept = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    state = network.state_dict()
    found = {name: torch.from_numpy(kept[name].copy()) for name in state if name in kept}
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            byte, scale = kept[node.input[1]], kept[node.input[2]]
            blocks = (byte.astype(np.float32) - MIDDLE) * scale.reshape(*byte.shape[:2], 1)
            found[_weight(node.name)] = torch.from_numpy(blocks.reshape(len(byte), -1))
    for name in [name for name in found if name.startswith("heads.") and found[name].ndim == 2]:
        found[name] = found[name].T.contiguous()  # the file multiplies from the other side
    for name, value in found.items():
        if state[name].shape != value.shape:
            raise KeyError(name)
    return {**state, **found}


def _weight(node: str) -> str:
    """Return the name of the weight that a node of the graph multiplies by."""
    return node.strip("/").rsplit("/", 1)[0].replace("/", ".") + ".weight"
