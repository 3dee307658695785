"""What guests of an invented restaurant say: much talk without a label, and few sentences with one. Chapter 08.

In the talk good words stand with good ones and bad with bad ones; the labelled sentences know only four of the words.
So vectors that are made from the talk can say something of a word that no label was ever given for.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ..checks import as_rng, as_size, expect, one_of

__all__ = ["GROUPS", "THINGS", "few", "labelled", "talk"]

THINGS = ("soup", "bread", "waiter", "table", "music", "tea", "room")
GOOD = ("lovely", "tasty", "warm", "kind", "fresh", "fine")
BAD = ("cold", "rude", "stale", "dirty", "sour", "dull")
GROUPS = {  # good and bad words: of the labelled sentences; of the talk alone; of neither
    "with labels": (GOOD[:2], BAD[:2]),
    "in the talk alone": (GOOD[2:], BAD[2:]),
    "nowhere": (("superb", "great", "neat"), ("awful", "grim", "bleak")),
}


def talk(sentences: int, alike: float, rng: Generator) -> list[list[str]]:
    """Sentences without a label, as words: "the soup was lovely and the tea was warm".

    alike: how often, 0 to 1, both words are good or both are bad. ValueError or TypeError for what is none.
    """
    as_size("sentences", sentences), as_rng("rng", rng)
    real = isinstance(alike, int | float | np.number) and 0 <= alike <= 1
    expect(real, f"alike: expected a share, 0 to 1, got {alike!r}")
    found = []
    for _ in range(sentences):
        one, other = (GOOD, BAD) if rng.random() < 0.5 else (BAD, GOOD)
        both = rng.choice(one), rng.choice(one if rng.random() < alike else other)
        found.append(" and ".join(f"the {rng.choice(THINGS)} was {word}" for word in both).split())
    return found


def labelled(group: str) -> dict[str, bool]:
    """Sentence -> verdict, "the soup was not cold": for each thing and each word of a group. ValueError for another."""
    good, bad = GROUPS[one_of("group", group, GROUPS)]
    sides = [(word, no) for word in (*good, *bad) for no in ("", "not ")]
    return {f"the {thing} was {no}{word}": (word in good) != bool(no) for thing in THINGS for word, no in sides}


def few(count: int, rng: Generator) -> tuple[dict[str, bool], dict[str, dict[str, bool]]]:
    """So many sentences with a label to learn from, and for each group those that are left for a test."""
    known = labelled("with labels")
    as_size("count", count, 1, len(known) - 1), as_rng("rng", rng)
    chosen = {text: known[text] for text in rng.permutation([*known])[:count].tolist()}
    tests = {group: {text: v for text, v in labelled(group).items() if text not in chosen} for group in GROUPS}
    return chosen, tests
