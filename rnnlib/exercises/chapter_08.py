"""Exercises of chapter 08: sentiment, from the words to the verdict."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions import sigmoid, softmax
from .common import Array, Ints, Rng, dense, inside
from .task import posed

__all__ = ["EXERCISES"]


# ---- 08.1 words to numbers

WORDS = ["<unk>", "all", "at", "bad", "good", "it", "not", "was"]
NEW = ["soup", "Waiter", "wine", "AND"]


def typed(rng: Rng) -> tuple[str, list[str]]:
    """A text with capitals and unknown words, and a vocabulary."""
    known = rng.choice(WORDS[1:], 5).tolist()
    words = [known[0].upper(), known[1].capitalize(), known[2], *rng.choice(NEW, 2).tolist(), known[3], known[4]]
    order = rng.permutation(len(words))
    return " ".join(words[k] for k in order), list(WORDS)


def numbers(text: str, vocabulary: list[str], slip: str = "") -> Any:
    """The number of each word, 0 for an unknown one."""
    places = {word: k for k, word in enumerate(vocabulary)}
    unknown = -1 if slip == "minus_one" else 0
    ids = np.array([places.get(word, unknown) for word in (text if slip == "as_typed" else text.lower()).split()])
    return {"unknown_left_out": ids[ids > 0], "from_one": ids + 1, "sorted_words": np.sort(ids)}.get(slip, ids)


# ---- 08.2 one-hot


def a_batch(rng: Rng) -> tuple[Ints, Ints, int]:
    """ids (T, B), lengths (B,), V, with T = 4, B = 3, V = 5; one sequence is full, the padding is 0."""
    lengths = rng.permutation([2, 3, 4])
    ids = rng.integers(0, 5, (4, 3))
    ids[~inside(4, lengths)] = 0
    return ids, lengths, 5


def one_hot(ids: Ints, lengths: Ints, V: int, slip: str = "") -> Any:
    """(T, B, V): a 1 for each word, and nothing past the end."""
    x = np.eye(V)[ids]
    true = {"padding_is_a_word": ids >= 0, "without_word_0": ids > 0, "one_step_short": inside(len(ids), lengths - 1)}
    x[~true.get(slip, inside(len(ids), lengths))] = 0
    return x.transpose(1, 0, 2) if slip == "sentence_first" else x


# ---- 08.3 the verdict


def states(rng: Rng) -> tuple[Any, ...]:
    """h (T, B, H), lengths (B,), W_hy (2, H), b_y (2,), with T = 5, B = 3, H = 2."""
    lengths = rng.permutation([2, 3, 4])
    return rng.normal(size=(5, 3, 2)), lengths, rng.normal(size=(2, 2)), rng.normal(size=2)


def of_the_layer(h: Array, lengths: Ints, W_hy: Array, b_y: Array) -> Any:
    """The library's output layer on each last true state."""
    return softmax(dense(W_hy, b_y).forward(h[lengths - 1, np.arange(h.shape[1])]))


def verdicts(h: Array, lengths: Ints, W_hy: Array, b_y: Array, slip: str = "") -> Any:
    """The state at each true end, two scores, softmax."""
    each = np.arange(h.shape[1])
    last = {
        "last_row": h[-1],
        "one_too_late": h[lengths, each],
        "mean_of_all": h.mean(axis=0),
        "mean_of_true": (h * inside(len(h), lengths)[..., None]).sum(axis=0) / lengths[:, None],
    }.get(slip, h[lengths - 1, each])
    scores = last @ (W_hy if slip == "not_turned" else W_hy.T) + b_y
    return {"scores_alone": scores, "over_the_batch": softmax(scores.T).T}.get(slip, softmax(scores))


# ---- 08.4 the bag of words


def bags(rng: Rng) -> tuple[Any, ...]:
    """ids (T, B), lengths (B,), w (V,), b, with T = 6, B = 3, V = 4; some words stand twice."""
    lengths = rng.permutation([4, 5, 6])
    ids = rng.integers(0, 4, (6, 3))
    ids[~inside(6, lengths)] = 0
    return ids, lengths, rng.normal(size=4), float(rng.normal())


def weigh(ids: Ints, lengths: Ints, w: Array, b: float, slip: str = "") -> Any:
    """The sum of the words' weights, and the bias."""
    total = (w[ids] * inside(len(ids), lengths)).sum(axis=0)
    score = {
        "padding_weighs": w[ids].sum(axis=0) + b,
        "without_bias": total,
        "bias_each_word": total + b * lengths,
        "mean_of_words": total / lengths + b,
        "each_once": np.array([w[np.unique(ids[:end, k])].sum() for k, end in enumerate(lengths)]) + b,
    }.get(slip, total + b)
    return score if slip == "no_sigmoid" else sigmoid(score)


# ---- 08.5 a fair split


def labels_and_share(rng: Rng) -> tuple[Any, ...]:
    """labels (40,): 30 negative, then 10 positive; share 0.2; a generator."""
    return np.repeat([0, 1], [30, 10]), 0.2, np.random.default_rng(rng.integers(1000))


def fair_split(labels: Ints, share: float, rng: Rng, slip: str = "") -> Any:
    """Of each label its share, drawn by lot."""
    places = [np.flatnonzero(labels == label) for label in (0, 1)]
    shuffled = places if slip == "first_of_each" else [rng.permutation(where) for where in places]
    test = np.concatenate([where[: round(share * len(where))] for where in shuffled])
    return {
        "the_end": np.arange(len(labels) - round(share * len(labels)), len(labels)),
        "any_of_all": np.concatenate([shuffled[0][:4], shuffled[1][:4]]),
        "with_repeats": np.array([0, 0, 1, 2, 3, 4, 30, 31]),
        "the_others": np.setdiff1d(np.arange(len(labels)), test),
    }.get(slip, test)


def drawn(test: Any, labels: Ints) -> Ints | None:
    """The numbers of sentences, or None where they are none."""
    chosen = np.asarray(test)
    whole = chosen.ndim == 1 and chosen.dtype.kind in "iu" and bool(((chosen >= 0) & (chosen < len(labels))).all())
    return chosen if whole else None


def of_each(test: Any, labels: Ints) -> list[int]:
    """How many of each label were drawn; empty where it is no list of sentences."""
    chosen = drawn(test, labels)
    return [] if chosen is None else np.bincount(labels[chosen], minlength=2).tolist()


def these(test: Any, labels: Ints, *places: int) -> bool:
    """Whether exactly these sentences were drawn."""
    return drawn(test, labels) is not None and {*np.asarray(test).tolist()} == {*places}


FIRST = (0, 1, 2, 3, 4, 5, 30, 31)
SIGNS_OF_SPLITS = {
    "the_end": lambda test, labels, *_: these(test, labels, *range(32, 40)),
    "first_of_each": lambda test, labels, *_: these(test, labels, *FIRST),
    "with_repeats": lambda test, labels, *_: drawn(test, labels) is not None and len({*test}) < len(test),
    "the_others": lambda test, labels, *_: sum(of_each(test, labels)) == 32,
    "any_of_all": lambda test, labels, *_: len(test) == 8 and of_each(test, labels) not in ([], [6, 2]),
}


def fair(test: Any, labels: Ints, *_: Any) -> bool:
    """Whether it is one of the many fair splits."""
    return of_each(test, labels) == [6, 2] and len({*test}) == 8 and not these(test, labels, *FIRST)


EXERCISES = (
    posed("08.1", numbers, inputs=typed),
    posed("08.2", one_hot, inputs=a_batch),
    posed("08.3", of_the_layer, verdicts, inputs=states),
    posed("08.4", weigh, inputs=bags),
    posed("08.5", fair_split, None, SIGNS_OF_SPLITS, inputs=labels_and_share, accepts=fair),
)
