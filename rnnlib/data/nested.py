"""Nested judgements: is "either fresh or not both warm and loud" true of something good? Chapter 07.

Data card
what     sentences made when asked for. A leaf is a word that praises (good, warm, fresh, calm: true) or blames
         (bad, cold, stale, loud: false); "not A", "both A and B" and "either A or B" make a longer one from shorter
         ones. The depth: how many of them lie inside each other. Each sentence comes with its tree, ((both A) (and B))
size     as many as you ask for; as many true as false, and no sentence twice
from     made for this book, after the prefix formulas with which recursive networks are tried (Bowman, Manning and
         Potts 2015; Nangia and Bowman 2018)
licence  MIT, as the book
labels   1 true, 0 false. Who guesses is right half the time
limits   13 words and three rules; the words say where a scope begins, which in real sentences is left to the reader
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .stored import Examples

__all__ = ["Nested", "nested", "nested_words"]

PRAISE, BLAME = ("good", "warm", "fresh", "calm"), ("bad", "cold", "stale", "loud")
PAIRS = {"both": "and", "either": "or"}
WORDS = (*PRAISE, *BLAME, "not", *PAIRS, *PAIRS.values())
LONGEST, TRIES = 24, 200  # words of a sentence; draws for each sentence that is asked for

Tree = Any  # a position 0..n-1, or a pair (Tree, Tree), as `TreeRNN` reads it


class Nested(NamedTuple):
    """B sentences, each with its tree, its truth (0 or 1) and its depth."""

    sentences: tuple[tuple[str, ...], ...]
    trees: tuple[Tree, ...]
    y: NDArray[np.intp]
    depths: NDArray[np.intp]

    def one_hot(self) -> Examples:
        """x (T, B, 13) with a 1 for each word and 0 after the end, y (B,), lengths (B,)."""
        lengths = np.array([len(words) for words in self.sentences])
        x = np.zeros((lengths.max(), len(self.sentences), len(WORDS)))
        for b, words in enumerate(self.sentences):
            x[np.arange(len(words)), b, [WORDS.index(word) for word in words]] = 1
        return Examples(x, self.y, lengths)


class Part(NamedTuple):
    """A sentence or a part of one; the tree counts from the part's first word."""

    words: tuple[str, ...]
    tree: Tree
    true: bool


def nested(
    examples: int,
    depths: Iterable[int],
    *,
    rng: np.random.Generator,
    without: Nested | None = None,
) -> Nested:
    """B = `examples` sentences of at most 24 words, each of a depth that is drawn from `depths`, with `rng`.

    without: sentences that must not come again, such as those of a training set. ValueError for an odd number of
    sentences, for no depth or one under 0, and where there are too few sentences of these depths; TypeError for what is
    no generator. Chapter 07.
    """
    choices = [int(depth) for depth in depths]
    if not choices or min(choices) < 0:
        raise ValueError(f"depths: expected at least one, none under 0, got {choices}")
    if examples < 2 or examples % 2:
        raise ValueError(f"examples: expected an even number, half of them true, got {examples}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator such as default_rng(0), got {type(rng).__name__}")
    seen = set(without.sentences) if without else set()
    found: list[tuple[Part, int]] = []
    room = {True: examples // 2, False: examples // 2}
    for _ in range(TRIES * examples):
        depth = choices[rng.integers(len(choices))]
        part = _part(depth, rng)
        if room[part.true] and len(part.words) <= LONGEST and part.words not in seen:
            room[part.true] -= 1
            seen.add(part.words)
            found.append((part, depth))
        if len(found) == examples:
            return _gathered(found)
    raise ValueError(f"examples: there are fewer than {examples} sentences of the depths {choices}")


def nested_words() -> tuple[str, ...]:
    """What each place of the one-hot vectors stands for."""
    return WORDS


def _gathered(found: list[tuple[Part, int]]) -> Nested:
    return Nested(
        tuple(part.words for part, _ in found),
        tuple(part.tree for part, _ in found),
        np.array([int(part.true) for part, _ in found]),
        np.array([depth for _, depth in found]),
    )


def _part(depth: int, rng: np.random.Generator) -> Part:
    """A random part of exactly this depth."""
    if depth == 0:
        true = bool(rng.integers(2))
        return Part(((PRAISE if true else BLAME)[rng.integers(4)],), 0, true)
    rule = ("not", *PAIRS)[rng.integers(3)]
    if rule == "not":
        words, tree, true = _part(depth - 1, rng)
        return Part(("not", *words), (0, _moved(tree, 1)), not true)
    sides = (depth - 1, int(rng.integers(depth)))
    a, b = (_part(side, rng) for side in (sides if rng.integers(2) else sides[::-1]))
    middle = len(a.words) + 1
    tree = ((0, _moved(a.tree, 1)), (middle, _moved(b.tree, middle + 1)))
    true = (a.true and b.true) if rule == "both" else (a.true or b.true)
    return Part((rule, *a.words, PAIRS[rule], *b.words), tree, true)


def _moved(tree: Tree, by: int) -> Tree:
    return (_moved(tree[0], by), _moved(tree[1], by)) if isinstance(tree, tuple) else tree + by
