"""Gaps in a series: where they are, and one way to fill and mark them. Chapter 05."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .given import a_flag
from .stored import Examples, inside

__all__ = ["fill_gaps"]


def fill_gaps(train: Examples, *others: Examples, mark: bool = True) -> tuple[Examples, ...]:
    """Each NaN gets the last number before it in the same sequence and input; before the first number, the mean of
    that input over the true steps of `train`.

    Nothing comes from later steps, so that a forecast may be made with it. mark: whether I more inputs follow, 1 where
    there was a gap and 0 elsewhere, so that a network can tell a filled number from a measured one: x (T, B, 2 I).
    Padding becomes 0. `standardised` comes after this. ValueError where an x is not (T, B, I), has another I than
    `train`, or holds infinity, and for an input of `train` with no number at all. Chapter 05.
    """
    a_flag("mark", mark), _named(train, others)
    known = _steps("train", train, train.x.shape[-1])
    counts = (~np.isnan(known)).sum(axis=0)
    if not counts.all():
        raise ValueError(f"x: expected at least one number in each input, got none in input {int(counts.argmin())}")
    mean = np.nansum(known, axis=0) / counts
    return tuple(_filled(name, part, mean, mark) for name, part in _named(train, others))


def _named(train: Examples, others: tuple[Examples, ...]) -> list[tuple[str, Examples]]:
    named = [("train", train), *((f"others[{k}]", part) for k, part in enumerate(others))]
    for name, part in named:
        if not isinstance(part, Examples):
            raise TypeError(f"{name}: expected Examples(x, y, lengths), got {type(part).__name__}")
    return named


def _steps(name: str, examples: Examples, inputs: int) -> NDArray[Any]:
    """The true steps (N, I), checked."""
    x = examples.x
    if x.ndim != 3 or x.dtype.kind != "f" or x.shape[-1] != inputs or not x.size:
        raise ValueError(f"x: expected numbers (T, B, {inputs}), got {x.dtype} {x.shape} ({name})")
    true: NDArray[Any] = x[inside(examples)]
    if np.isinf(true).any():
        raise ValueError(f"x: expected numbers, and NaN where there is a gap, got infinity ({name})")
    return true


def _filled(name: str, examples: Examples, mean: NDArray[Any], mark: bool) -> Examples:
    _steps(name, examples, len(mean))
    gaps = np.isnan(examples.x)
    x, last = examples.x.copy(), np.broadcast_to(mean, examples.x.shape[1:])
    for t in range(len(x)):
        x[t] = last = np.where(gaps[t], last, x[t])
    if mark:
        x = np.concatenate([x, gaps.astype(x.dtype)], axis=-1)
    x[~inside(examples)] = 0
    return examples._replace(x=x)
