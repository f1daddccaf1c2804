# SPDX-License-Identifier: Apache-2.0
"""How far two readings agree: the first labels against a second pass over a tenth.

    python -m training.agreement

`data/understanding/second_pass.tsv` holds the labels given to channel and text alone.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from bot.policy.urgency import DANGER
from training import sentences
from training.evals import ROOT, VALIDATION
from training.figures import share

SECOND = ROOT / "data" / "understanding" / "second_pass.tsv"


def main() -> int:
    """Print agreement for each label, with Cohen's kappa, and where the two part."""
    first = {(s.channel, s.text): s for s in sentences.read(ROOT / "data/understanding/train")}
    first |= {(s.channel, s.text): s for s in sentences.read(VALIDATION)}
    lines = SECOND.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    both = [(first[(c, text)], u, t, a) for c, u, t, a, text in rows if (c, text) in first]
    for name, pairs in {
        "any danger": [(str(s.danger), str(u in DANGER)) for s, u, _, _ in both],
        "urgency": [(s.urgency, u) for s, u, _, _ in both],
        "topic": [(s.topic, t) for s, _, t, _ in both],
        "act": [(s.act, a) for s, _, _, a in both],
    }.items():
        same = share(sum(x == y for x, y in pairs), len(pairs))
        sys.stdout.write(
            f"{name:12}{same['share']:.3f} ({same['low']:.2f}-{same['high']:.2f} of {same['of']})"
            f", kappa {kappa(pairs):.2f}\n"
        )
    apart = Counter((s.urgency, u) for s, u, _, _ in both if s.urgency != u)
    for (one, other), count in apart.most_common(8):
        sys.stdout.write(f"  {one} / {other}: {count}\n")
    return 0


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Return agreement beyond what chance would give."""
    seen = sum(x == y for x, y in pairs) / len(pairs)
    ones, others = Counter(x for x, _ in pairs), Counter(y for _, y in pairs)
    chance = sum(ones[label] * others[label] for label in ones) / len(pairs) ** 2
    return (seen - chance) / (1 - chance)


if __name__ == "__main__":
    sys.exit(main())
