# SPDX-License-Identifier: Apache-2.0
"""Learns the wishes that nobody may have to say twice, and measures them. It takes a minute.

    python -m training.wishes

Each hand of `data/understanding/wishes/train` is left out once, which shows what a threshold costs;
`wishes/validation` holds sentences of people who never saw them. Beside them stand sentences of
`data/understanding/train`: those with the same act, and as many others as OTHERS; and what answers
a choice ("another one please"), which wishes for nothing but that.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.understanding.model import Model
from bot.understanding.ngrams import BUCKETS, vector
from bot.understanding.wishes import TAKES_BACK, WANTS_PERSON, WISHES, logs
from bot.words import files as words
from training import sentences

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "understanding"
OUT = ROOT / "models" / "understanding" / "wishes.npz"
ACT = {TAKES_BACK: "withdraw_consent", WANTS_PERSON: "ask_human"}
PICKS = {TAKES_BACK: ("call_off", "no", "stop", "skip"), WANTS_PERSON: ("person", "callback")}
"""Choices whose answers are such a wish, or may be."""
OTHERS, OTHERS_COUNT, FIRMNESS = 1500, 0.5, 10.0
SHOWN = (0.15, 0.25, 0.35, 0.5, 0.65, 0.8)

Row = tuple[str, bool]


def read(path: Path, wish: str) -> list[Row]:
    """Return the sentences of one hand about one wish, each with whether it is meant."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [(text, meant == "yes") for what, meant, _, text in lines if what == wish]


class Learner:
    """Turns sentences into what is learnt from, by the shipped model."""

    def __init__(self) -> None:
        model = Model.load(OUT.parent)
        if model is None:
            raise SystemExit("models/understanding is missing or cannot be read")
        self.model = model
        known = sentences.read(DATA / "train")
        others = [s.text for s in known if s.act not in ACT.values()]
        random.Random(0).shuffle(others)
        self.others = [(text, False) for text in others[:OTHERS]]
        answers = words.read(ROOT / "data" / "words").answers
        self.picks = {
            wish: [
                (text, False)
                for name, texts in answers.items()
                if name.rpartition(".")[2] not in same
                for text in texts
            ]
            for wish, same in PICKS.items()
        }
        self.alike = {
            wish: [(s.text, True) for s in known if s.act == act] for wish, act in ACT.items()
        }

    def features(self, rows: list[Row]) -> csr_matrix:
        """Return a row of features a sentence: its letters, then its acts."""
        at, places, weights, acts = [], [], [], []
        for number, (text, _) in enumerate(rows):
            where, how = vector(text, self.model.rarity)
            at += [number] * len(where)
            places += where.tolist()
            weights += how.tolist()
            acts.append(logs(self.model.read([text]).act))
        letters = csr_matrix((weights, (at, places)), shape=(len(rows), BUCKETS))
        return hstack([letters, csr_matrix(np.array(acts))]).tocsr()

    def learn(self, wish: str, rows: list[Row]) -> LogisticRegression:
        """Return what was learnt of one wish."""
        beside = [*self.alike[wish], *self.others, *self.picks[wish]]
        together = [*rows, *beside]
        counts = [1.0] * len(rows) + [OTHERS_COUNT] * len(beside)
        found = LogisticRegression(C=FIRMNESS, max_iter=3000)
        meant = [m for _, m in together]
        return found.fit(self.features(together), meant, sample_weight=counts)


def shown(name: str, likely: np.ndarray, rows: list[Row]) -> str:
    """Return a line of how many are heard, and how many are heard that are not meant."""
    meant = np.array([m for _, m in rows])
    shares = [(t, (likely[meant] >= t).mean(), (likely[~meant] >= t).mean()) for t in SHOWN]
    at = "  ".join(f"{t}: {heard:.2f}/{wrongly:.2f}" for t, heard, wrongly in shares)
    return f"{name:<24} {meant.sum():>4} {(~meant).sum():>4}  {at}"


def say(line: str) -> None:
    """Write a line at once: learning takes a minute."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Learn each wish, write what was learnt, and print the figures."""
    learner = Learner()
    hands = sorted((DATA / "wishes" / "train").glob("*.tsv"))
    unseen = sorted((DATA / "wishes" / "validation").glob("*.tsv"))
    letters, acts, biases = [], [], []
    say("wish and hand            meant not   threshold: share heard/share heard and not meant")
    for wish in WISHES:
        of = {hand: read(hand, wish) for hand in hands}
        likely, judged = [], []
        for hand, rows in of.items():
            rest = [row for other, kept in of.items() if other != hand for row in kept]
            likely.append(learner.learn(wish, rest).predict_proba(learner.features(rows))[:, 1])
            judged += rows
        say(shown(f"{wish}, left out", np.concatenate(likely), judged))
        whole = learner.learn(wish, [row for rows in of.values() for row in rows])
        for hand in unseen:
            if rows := read(hand, wish):
                found = whole.predict_proba(learner.features(rows))[:, 1]
                say(shown(f"{wish}, {hand.stem}", found, rows))
        letters.append(whole.coef_[0][:BUCKETS])
        acts.append(whole.coef_[0][BUCKETS:])
        biases.append(whole.intercept_[0])
    np.savez_compressed(
        OUT, letters=np.array(letters).T.astype(np.float16),
        acts=np.array(acts).T.astype(np.float32), bias=np.array(biases, dtype=np.float32),
    )  # fmt: skip
    say(f"written: {OUT.name}, {OUT.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
