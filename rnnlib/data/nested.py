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
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .given import generator
from .stored import Examples

__all__ = ["Nested", "nested", "nested_words"]

PRAISE, BLAME = ("good", "warm", "fresh", "calm"), ("bad", "cold", "stale", "loud")
PAIRS = {"both": "and", "either": "or"}
WORDS = (*PRAISE, *BLAME, "not", *PAIRS, *PAIRS.values())
LONGEST, TRIES = 24, 200  # words of a sentence; draws for each sentence that is asked for
MOST, DEEPEST = 10_000, 8  # sentences; deeper ones are hardly ever as short as 24 words

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

    examples: an even number, 2 to 10,000. depths: 1 to 100 numbers, each 0 to 8. without: sentences that must not come
    again, such as those of a training set. ValueError for other numbers, and where there are too few sentences of these
    depths, which is counted before any is made; TypeError for what is no generator and no `Nested`. Chapter 07.
    """
    if not _whole(examples) or not 2 <= examples <= MOST or examples % 2:
        raise ValueError(f"examples: expected an even number, half of them true, from 2 to {MOST:,}, got {examples!r}")
    choices = _depths(depths)
    generator("rng", rng)
    if without is not None and not isinstance(without, Nested):
        raise TypeError(f"without: expected what `nested` gives, or None, got {type(without).__name__}")
    if min(_left(choices, without)) < examples // 2:
        raise ValueError(f"examples: there are fewer than {examples} sentences of the depths {choices}")
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


def _whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _depths(depths: Iterable[int]) -> list[int]:
    """The depths to draw from, or a ValueError or TypeError."""
    if not isinstance(depths, Iterable):
        raise TypeError(f"depths: expected some numbers such as (1, 2), got {depths!r}")
    choices = list(islice(depths, 101))
    if not 1 <= len(choices) <= 100 or not all(_whole(depth) and 0 <= depth <= DEEPEST for depth in choices):
        raise ValueError(f"depths: expected 1 to 100 whole numbers from 0 to {DEEPEST}, got {str(choices)[:60]}")
    return [int(depth) for depth in choices]


def _left(depths: Iterable[int], without: Nested | None) -> tuple[int, int]:
    """How many false and how many true sentences there are of these depths, those of `without` not counted.

    There are as many of one kind as of the other: changing each praise into a blame and each "both" into an "either",
    and the other way round, changes the truth.
    """
    chosen = sorted({*depths})
    half = sum(int(_counts(depth)[depth].sum()) for depth in chosen) // 2
    if without is None:
        return half, half
    of_these = np.isin(without.depths, chosen)
    return half - int((of_these & (without.y == 0)).sum()), half - int((of_these & (without.y == 1)).sum())


@cache
def _counts(deepest: int) -> list[NDArray[np.int64]]:
    """For each depth, how many sentences there are of 0, 1, ..., 24 words."""
    counts = [np.zeros(LONGEST + 1, np.int64)]
    counts[0][1] = len(PRAISE) + len(BLAME)
    up_to = [np.zeros_like(counts[0]), counts[0]]  # all sentences under depth 0, under depth 1, ...
    for _ in range(deepest):
        pairs = np.convolve(up_to[-1], up_to[-1]) - np.convolve(up_to[-2], up_to[-2])  # one side has the full depth
        found = np.concatenate([[0], counts[-1][:-1]])  # "not" and a sentence
        found[2:] += len(PAIRS) * pairs[: LONGEST - 1]
        counts.append(found)
        up_to.append(up_to[-1] + found)
    return counts


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
