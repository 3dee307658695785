"""The recall task: name the digit that was shown first, many steps later. Chapter 06.

Data card
what     sequences of symbols, made at random when asked for: one of K digits, then `lag` steps of letters that mean
         nothing, then "?"; the answer, read at "?", is the digit. For lag = 3:   7 b a a ?   ->   7
size     as many as you ask for; K = 10 digits and 2 letters unless you say otherwise
from     made for this book, after the tasks with which long delays were first studied (Bengio, Simard and Frasconi
         1994; Hochreiter and Schmidhuber 1997)
licence  MIT, as the book
labels   the digit, 0 to K-1. Who guesses is right once in K times
limits   one thing to remember, at a known place, and nothing to do with it but to keep it
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .given import a_whole, generator

__all__ = ["Recall", "recall", "recall_words"]


class Recall(NamedTuple):
    """Sequences as `fit` and `batch` take them: x (T, B, K + letters + 1) one-hot, y (B,), lengths (B,) or None."""

    x: NDArray[np.float64]
    y: NDArray[np.intp]
    lengths: NDArray[np.intp] | None


def recall(
    lag: int,
    examples: int,
    *,
    rng: np.random.Generator,
    symbols: int = 10,
    letters: int = 2,
    shortest: int | None = None,
) -> Recall:
    """B = `examples` sequences of the recall task, drawn with `rng`.

    lag: letters between the digit and "?", at least 0, so T = lag + 2. symbols: K, at least 2. letters: how many
    different letters, at least 1 (with 1 the wait is a blank: every step the same). shortest: where it is given, the
    lag of each sequence is drawn from shortest..lag, all alike, and `lengths` says how long it is. ValueError for a
    number out of range, TypeError for what is no whole number or no generator. Chapter 06.
    """
    least = {"lag": 0, "examples": 1, "symbols": 2, "letters": 1, "shortest": 0}
    given = {"lag": lag, "examples": examples, "symbols": symbols, "letters": letters, "shortest": shortest}
    for name, value in given.items():
        if name != "shortest" or value is not None:
            a_whole(name, value, least[name], error=TypeError)
    if shortest is not None and shortest > lag:
        raise ValueError(f"shortest: expected at most lag = {lag}, got {shortest}")
    generator("rng", rng)
    y = rng.integers(0, symbols, examples)
    ids = rng.integers(symbols, symbols + letters, (lag + 2, examples))
    lags = np.full(examples, lag) if shortest is None else rng.integers(shortest, lag + 1, examples)
    ids[0] = y
    ids[lags + 1, np.arange(examples)] = symbols + letters
    return Recall(np.eye(symbols + letters + 1)[ids], y, None if shortest is None else lags + 2)


def recall_words(symbols: int = 10, letters: int = 2) -> tuple[str, ...]:
    """What each place of the one-hot vectors stands for: "0", "1", ..., "a", "b", ..., "?"."""
    a_whole("symbols", symbols, 2, error=TypeError), a_whole("letters", letters, error=TypeError)
    return (*map(str, range(symbols)), *(chr(ord("a") + k % 26) + "'" * (k // 26) for k in range(letters)), "?")
