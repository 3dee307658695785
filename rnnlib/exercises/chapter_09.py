"""Exercises of chapter 09: perplexity, attention, gates in another order, what is drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions import softmax
from ..interop import reorder
from .common import Array, Ints, Rng, inside, normal
from .task import posed

__all__ = ["EXERCISES"]


# ---- 09.1 perplexity


def said(rng: Rng) -> tuple[Array, Ints]:
    """Probabilities (5, 4), in the padding, too, and lengths (4,), not all alike."""
    return rng.uniform(0.05, 0.95, (5, 4)), np.array([5, 2, 3, 4])[rng.permutation(4)]


def perplexity(probabilities: Array, lengths: Ints, slip: str = "") -> Any:
    """exp of minus the mean logarithm, over the true words."""
    logs = np.log(probabilities)
    true = logs[inside(len(logs), lengths)]
    mean = {
        "with_padding": logs.mean(),
        "sentence_by_sentence": np.mean([logs[:n, b].mean() for b, n in enumerate(lengths)]),
        "in_bits": true.mean() / np.log(2),
        "upside_down": -true.mean(),
    }.get(slip, true.mean())
    return {"entropy_itself": -mean, "of_mean_probability": 1 / np.exp(true).mean()}.get(slip, np.exp(-mean))


# ---- 09.2 where to look


def weights_of(q: Array, keys: Array, slip: str = "") -> Any:
    """softmax over the entries of k_i q / sqrt(D)."""
    D, T = float(len(q)), float(len(keys))
    by = {"not_scaled": 1.0, "divided_by_size": D, "divided_by_entries": T**0.5}.get(slip, D**0.5)
    scores = keys @ q / by
    return {"scores_alone": scores, "by_their_sum": scores / scores.sum()}.get(slip, softmax(scores))


# ---- 09.3 look it up


def a_book(rng: Rng) -> tuple[Array, Array, Array, int]:
    """q (4,), keys (6, 4), values (6, 3), and how many entries are there."""
    return rng.normal(size=4), rng.normal(size=(6, 4)), rng.normal(size=(6, 3)), int(rng.integers(2, 5))


def context(q: Array, keys: Array, values: Array, length: int, slip: str = "") -> Any:
    """The weighted mean of the values that are there."""
    there = (np.arange(len(keys)) < length)[:, None]
    return {
        "padding_too": weights_of(q, keys) @ values,
        "masked_too_late": weights_of(q, keys)[:length] @ values[:length],
        "padding_scores_zero": weights_of(q, keys * there) @ values,
        "hard_choice": values[(keys[:length] @ q).argmax()],
        "plain_mean": values[:length].mean(axis=0),
    }.get(slip, weights_of(q, keys[:length]) @ values[:length])


# ---- 09.4 gates in another order


def in_the_books_order(W: Array) -> Any:
    """The blocks z, r, n as r, z, n, by the library."""
    return reorder(W, "gru", before="keras", after="book")


def from_keras_order(W: Array, slip: str = "") -> Any:
    """The first two blocks change places."""
    z, r, n = np.split(W, 3)
    return {
        "as_it_was": W.copy(),
        "all_reversed": np.concatenate([n, r, z]),
        "rows_in_turn": W.reshape(-1, 3, W.shape[1])[:, [1, 0, 2]].reshape(W.shape),
        "first_rows": W[[1, 0, *range(2, len(W))]],
        "last_two": np.concatenate([z, n, r]),
    }.get(slip, np.concatenate([r, z, n]))


# ---- 09.5 only the best


def some_probabilities(rng: Rng) -> tuple[Array, int]:
    """p (8,), and how many of them are kept."""
    return rng.dirichlet(np.ones(8)), int(rng.integers(2, 5))


def top_k(p: Array, k: int, slip: str = "") -> Any:
    """Keep the k largest, and make them add up to 1."""
    bound, smallest = np.sort(p)[-k], np.sort(p)[k - 1]
    best = {"the_smallest": p <= smallest, "one_too_few": p > bound, "first_k": np.arange(len(p)) < k}
    kept = p * best.get(slip, p >= bound)
    slips = {"not_made_one": kept, "all_alike": (kept > 0) / k, "softmax_again": softmax(kept)}
    return slips.get(slip, kept / kept.sum())


EXERCISES = (
    posed("09.1", perplexity, inputs=said),
    posed("09.2", weights_of, inputs=normal((9,), (5, 9))),
    posed("09.3", context, inputs=a_book),
    posed("09.4", in_the_books_order, from_keras_order, inputs=normal((12, 2))),
    posed("09.5", top_k, inputs=some_probabilities),
)
