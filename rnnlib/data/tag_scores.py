"""How good tags are: by tag, word by word, and by entity, where only the whole name counts. Chapter 05."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .given import places, texts
from .stored import IntArray

__all__ = ["Score", "entities", "entity_scores", "tag_scores"]

FORM = re.compile(r"([BIES])(?:-(.+))?")  # B-PER, or B alone


class Score(NamedTuple):
    """Shares, 0 to 1. precision: of those that were called so, the right ones. recall: of those that are so, the ones
    that were found. f1: 2 P R / (P + R). support: how many are so. A share of nothing is 0."""

    precision: float
    recall: float
    f1: float
    support: int


def tag_scores(tags: ArrayLike, y: ArrayLike, lengths: ArrayLike, names: Sequence[str]) -> dict[str, Score]:
    """Predicted tags (T, B) against the true ones y (T, B), each tag by itself, word by word; padding does not count.

    names: of the tags 0..K-1, as `TaggedSentences.tags`. ValueError for other shapes. Chapter 05.
    """
    guess, true, ends = _checked(tags, y, lengths, names)
    inside = np.arange(len(true))[:, None] < ends
    guess, true = guess[inside], true[inside]
    return {
        name: _score(int(((guess == k) & (true == k)).sum()), int((guess == k).sum()), int((true == k).sum()))
        for k, name in enumerate(names)
    }


def entity_scores(tags: ArrayLike, y: ArrayLike, lengths: ArrayLike, names: Sequence[str]) -> dict[str, Score]:
    """Predicted tags (T, B) against the true ones y (T, B), by entity: right is one from its first word to its last.

    The tags say where an entity begins, "B-PER", and how it goes on, "I-PER"; see `entities`. The result has every kind
    of entity, sorted, and "all" for all of them together. ValueError for other shapes and where no tag is of this form.
    Chapter 05.
    """
    guess, true, ends = _checked(tags, y, lengths, names)
    if not any(map(FORM.fullmatch, names)):
        raise ValueError(f'names: expected tags such as "B-PER", "I-PER" and "O", got {", ".join(names)}')
    found: list[set[tuple[int, str, int, int]]] = []
    for part in (guess, true):
        rows = ([names[k] for k in part[: ends[b], b].tolist()] for b in range(len(ends)))
        found.append({(b, *entity) for b, row in enumerate(rows) for entity in entities(row)})
    said, real = found
    kinds = sorted({entity[1] for entity in said | real})
    scores = {}
    for kind in kinds:
        mine, its = ({entity for entity in part if entity[1] == kind} for part in (said, real))
        scores[kind] = _score(len(mine & its), len(mine), len(its))
    return scores | {"all": _score(len(said & real), len(said), len(real))}


def entities(tags: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """The entities of one sentence, (kind, first word, word after the last).

    "B-" begins one, "I-" of the same kind goes on. Where an "I-" follows something else it begins one, so that the
    older form (IOB1: "B-" only between two of a kind that touch) is read, too, and so are "E-" and "S-" (IOBES), and
    "B", "I" without a kind. Any other tag is no entity.
    """
    kind, start = "", 0
    for at, tag in enumerate((*tags, "O")):
        found = FORM.fullmatch(tag)
        form, name = (found[1], found[2] or "entity") if found else ("O", "")
        if kind and not (name == kind and form in "IE"):
            yield kind, start, at
            kind = ""
        if found and not kind:
            kind, start = name, at


def _score(hits: int, called: int, count: int) -> Score:
    precision, recall = hits / max(1, called), hits / max(1, count)
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0, count)


def _checked(
    tags: ArrayLike, y: ArrayLike, lengths: ArrayLike, names: Sequence[str]
) -> tuple[IntArray, IntArray, IntArray]:
    guess, true, ends = np.asarray(tags), np.asarray(y), np.asarray(lengths)
    if not texts("names", names):
        raise ValueError("names: expected at least one, got none")
    if guess.ndim != 2 or guess.shape != true.shape or ends.shape != guess.shape[1:]:
        got = f"{guess.shape}, {true.shape}, {ends.shape}"
        raise ValueError(f"tags, y, lengths: expected (T, B), (T, B), (B,), got {got}")
    places("lengths", ends, len(guess) + 1)
    inside = np.arange(len(true))[:, None] < ends
    for name, part in (("tags", guess[inside]), ("y", true[inside])):
        if part.dtype.kind not in "iu" or (part.size and not 0 <= part.min() <= part.max() < len(names)):
            raise ValueError(f"{name}: expected whole numbers from 0 to {len(names) - 1}, got {part.dtype}")
    return guess, true, ends
