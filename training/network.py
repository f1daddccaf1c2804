# SPDX-License-Identifier: Apache-2.0
"""The encoder with its three heads: fine-tuned in torch, written as ONNX in one byte a weight."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from bot.policy.urgency import DANGER
from training.opinion import HEADS, Targets
from training.sentences import LABELS, noisy

Coded = tuple[torch.Tensor, torch.Tensor]
"""Token numbers and mask of some texts, a row each."""

AHEAD = 8
"""Batches that are coded while one is learnt: a graphics card does not wait for words."""

EVERY = 20
"""After so many batches the mean loss is said."""


@dataclass(frozen=True)
class Recipe:
    """How it is trained; the card of a model names all of it."""

    seed: int = 1
    cycles: tuple[tuple[int, float], ...] = ((8, 2.6e-4),)
    """Epochs and highest rate of each cycle; after each the rate has fallen to nothing."""
    batch: int = 128
    rate_decay: float = 0.85
    frozen_layers: int = 0
    most_tokens: int = 96
    weight_topic: float = 1.0
    weight_act: float = 0.5
    weight_danger: float = 0.5


class Network(nn.Module):
    """Mean of the encoder's last layer, and one linear head each for urgency, topic and act."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        width = encoder.config.hidden_size
        self.heads = nn.ModuleList(nn.Linear(width, len(LABELS[head])) for head in HEADS)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        mean = self.drop((hidden * weights).sum(1) / weights.sum(1))
        return tuple(head(mean) for head in self.heads)


class Trainer:
    """Fine-tunes a network on sentences."""

    def __init__(self, base: Path, recipe: Recipe, say: Callable[[str], None]) -> None:
        torch.manual_seed(recipe.seed)
        self.rng, self.recipe, self.say = random.Random(recipe.seed), recipe, say
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        self.network = Network(AutoModel.from_pretrained(base)).to(self.device)
        # What a word means is known already; training would only forget it for the rare ones.
        encoder = self.network.encoder
        for part in (encoder.embeddings, *encoder.encoder.layer[: recipe.frozen_layers]):
            part.requires_grad_(False)

    def coded(self, texts: Sequence[str]) -> Coded:
        """Return ids and mask of a batch."""
        found = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=self.recipe.most_tokens,
            return_tensors="pt",
        )  # fmt: skip
        return found.input_ids, found.attention_mask

    def train(self, texts: Sequence[str], targets: Targets, to: Path | None = None) -> None:
        """Fine-tune, keeping the weights after each epoch in a file, if one is named.

        On a processor it is deterministic for a seed and a number of threads.
        """
        for epochs, rate in self.recipe.cycles:
            for _ in self._cycle(texts, targets, epochs, rate):
                if to:
                    self.keep(to)

    def _cycle(
        self, texts: Sequence[str], targets: Targets, epochs: int, rate: float
    ) -> Iterator[int]:
        """Yield the number of each epoch when it is over."""
        recipe, started = self.recipe, time.monotonic()
        steps = epochs * -(-len(texts) // recipe.batch)
        optimiser = torch.optim.AdamW(self._groups(rate), weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda s: min((s + 1) / (0.1 * steps), max(0.0, (steps - s) / (0.9 * steps)))
        )
        for epoch in range(epochs):
            self.network.train()
            total = 0.0
            for done, (batch, coded) in enumerate(self._ahead(texts)):
                with torch.autocast(self.device, torch.bfloat16):
                    loss = self._loss(coded, [t[batch] for t in targets])
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                total += loss.item()
                if done % EVERY == EVERY - 1:
                    self.say(f"batch {done + 1}: mean loss {total / (done + 1):.3f}")
            self.say(f"epoch {epoch + 1}: loss {total:.1f}, {time.monotonic() - started:.0f} s")
            yield epoch + 1

    def keep(self, path: Path) -> None:
        """Write the trained weights, so that they can be packed again without training."""
        torch.save(self.network.state_dict(), path)

    def take(self, path: Path) -> None:
        """Read weights that were kept."""
        self.network.load_state_dict(torch.load(path, map_location=self.device))

    def scores(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return the scores of each head for texts."""
        self.network.eval()
        found: list[list[np.ndarray]] = [[] for _ in HEADS]
        with torch.no_grad():
            for start in range(0, len(texts), 64):
                coded = self._moved(self.coded(texts[start : start + 64]))
                for kept, score in zip(found, self.network(*coded), strict=True):
                    kept.append(score.float().cpu().numpy())
        return [np.concatenate(kept) for kept in found]

    def export(self, folder: Path) -> None:
        """Write encoder.onnx, its weights in one byte each, and tokenizer.json.

        The layers' weights share a scale in blocks of 128, and what goes in is rounded block by
        block as well. The graph shipped before, read back and packed anew with one scale a layer
        (model alone, all of validation/), gave more false alarms: at 0.975 of danger found 0.117
        instead of 0.098, at 0.98 0.133 instead of 0.119.
        """
        self.network.eval().to("cpu")
        self.device = "cpu"
        ids, mask = self.coded(["a short message", "another one that is a little longer"])
        whole = folder / "encoder.float.onnx"
        axes = {0: "batch", 1: "length"}
        torch.onnx.export(
            self.network, (ids, mask), str(whole), input_names=["ids", "mask"],
            output_names=list(HEADS), dynamic_axes={"ids": axes, "mask": axes},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        _packed(whole, folder / "encoder.onnx")
        whole.unlink()
        self.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))

    def _groups(self, rate: float) -> list[dict[str, object]]:
        recipe = self.recipe
        layers = self.network.encoder.encoder.layer
        groups: list[dict[str, object]] = [
            {"params": list(self.network.heads.parameters()), "lr": rate * 10}
        ]
        for number in range(recipe.frozen_layers, len(layers)):
            depth = len(layers) - 1 - number
            groups.append(
                {
                    "params": list(layers[number].parameters()),
                    "lr": rate * recipe.rate_decay**depth,
                }
            )
        return groups

    def _batches(self, texts: Sequence[str]) -> list[list[int]]:
        """Return batches of texts of like length, in random order: less padding, less time."""
        left, size = list(range(len(texts))), self.recipe.batch
        self.rng.shuffle(left)
        batches = []
        for start in range(0, len(left), size * 8):
            alike = sorted(left[start : start + size * 8], key=lambda i: len(texts[i]))
            batches += [alike[i : i + size] for i in range(0, len(alike), size)]
        self.rng.shuffle(batches)
        return batches

    def _ahead(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Coded]]:
        """Yield each batch and its coded texts; the next ones are coded meanwhile."""
        with ThreadPoolExecutor(1) as pool:
            due: deque[tuple[list[int], Future[Coded]]] = deque()
            for batch in self._batches(texts):
                # Made noisy here, in order, so that a seed gives the same whatever the threads do.
                due.append(
                    (batch, pool.submit(self.coded, [noisy(texts[i], self.rng) for i in batch]))
                )
                if len(due) > AHEAD:
                    now, coded = due.popleft()
                    yield now, coded.result()
            for now, coded in due:
                yield now, coded.result()

    def _moved(self, coded: Coded) -> Coded:
        return coded[0].to(self.device), coded[1].to(self.device)

    def _loss(self, coded: Coded, targets: Sequence[np.ndarray]) -> torch.Tensor:
        recipe = self.recipe
        scores = self.network(*self._moved(coded))
        wanted = [torch.from_numpy(t).to(self.device) for t in targets]
        weights = (1.0, recipe.weight_topic, recipe.weight_act)
        loss = sum(
            weight * nn.functional.cross_entropy(score, want)
            for score, want, weight in zip(scores, wanted, weights, strict=True)
        )
        # Telling danger from the rest matters more than telling its kinds apart.
        urgency, kinds = scores[0].float(), len(DANGER)
        odds = urgency[:, :kinds].logsumexp(1) - urgency[:, kinds:].logsumexp(1)
        return loss + recipe.weight_danger * nn.functional.binary_cross_entropy_with_logits(
            odds, wanted[0][:, :kinds].sum(1).clamp(0, 1)
        )


def _packed(whole: Path, target: Path) -> None:
    """Write a graph with the weights of its layers and of its words in one byte each."""
    from onnxruntime.quantization import QuantType, matmul_nbits_quantizer, quantize_dynamic

    layers = matmul_nbits_quantizer.MatMulNBitsQuantizer(
        onnx.load(str(whole)), bits=8, block_size=128, is_symmetric=True, accuracy_level=4
    )
    layers.process()
    layers.model.save_model_to_file(str(whole), False)
    quantize_dynamic(
        str(whole), str(target), op_types_to_quantize=["Gather"], weight_type=QuantType.QInt8
    )
