"""Symbols written one after the other at one temperature, with the random numbers that picked them. Chapter 05."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import asked
from ..checks import expect
from ..functions import FloatArray, softmax

__all__ = ["COLD", "HOT", "LONGEST", "Writing", "writing"]

Source = Callable[[tuple[int, ...]], ArrayLike]  # from the symbols so far to the logits of the next one
COLD, HOT, LONGEST = 0.01, 5.0, 40  # temperatures, symbols


@dataclass(frozen=True)
class Writing:
    """S symbols at one temperature τ.

    logits (S+1, K): of each symbol and of the one that would come next. u (S,): the random numbers, 0..1. chosen:
    the symbols; symbol k is the one on which u_k falls where the K probabilities lie end to end on 0..1. ended: whether
    the last one was the end symbol.
    """

    symbols: tuple[str, ...]
    temperature: float
    logits: FloatArray
    u: FloatArray
    chosen: tuple[int, ...]
    ended: bool

    @property
    def numbers(self) -> dict[str, FloatArray]:
        """Row k for the place after k symbols: z, z÷T, and on the way to p: less the largest, exp, their sum; "at 1":
        p at τ = 1; u: the number that picks there; T."""
        z = self.logits
        scaled = z / self.temperature
        less = (z - z.max(axis=1, keepdims=True)) / self.temperature
        found = {"z": z, "z÷T": scaled, "less": less, "exp": np.exp(less), "sum": np.exp(less).sum(axis=1)}
        p = {"p": softmax(z, self.temperature), "at 1": softmax(z)}
        return found | p | {"u": self.u, "T": np.array([self.temperature])}


def _scores(name: str, value: object) -> None:
    """Numbers, one for each symbol, or a function that gives them."""
    if not callable(value):
        asked.numbers(1)(name, value)


@asked.asks(
    logits=_scores, symbols=asked.names(1), length=asked.whole(0, LONGEST), seed=asked.whole(0), end=asked.whole(0)
)
def writing(
    logits: ArrayLike | Source,
    symbols: Sequence[str],
    temperature: float = 1.0,
    *,
    length: int = 0,
    seed: int = 0,
    end: int | None = None,
) -> Writing:
    """Write up to `length` symbols (at most 40) with the random numbers of `seed`.

    logits: K numbers, the same at each place; or a function from the symbols so far (numbers 0..K-1) to the K logits of
    the next one. symbols: what each is called. temperature: τ, 0.01 to 5. end: the symbol after which nothing comes.
    ValueError for no symbols, a number out of its range, logits that do not fit or are not finite. Chapter 05.
    """
    expect(COLD <= temperature <= HOT, f"temperature: expected {COLD} to {HOT:g}, got {temperature!r}")
    u, chosen, kept = np.random.default_rng(seed).random(LONGEST), list[int](), list[FloatArray]()
    while True:
        kept.append(_finite(logits(tuple(chosen)) if callable(logits) else logits, len(symbols)))
        if len(chosen) == length or (chosen and chosen[-1] == end):
            break
        far = np.cumsum(softmax(kept[-1], temperature))
        chosen.append(min(int(np.searchsorted(far, u[len(chosen)], side="right")), len(far) - 1))
    ended = bool(chosen) and chosen[-1] == end
    return Writing(tuple(symbols), float(temperature), np.array(kept), u[: len(chosen)], tuple(chosen), ended)


def _finite(given: ArrayLike, K: int) -> FloatArray:
    logits = np.asarray(given, np.float64)
    expect(logits.shape == (K,), f"logits: expected {K} numbers, one for each symbol, got shape {logits.shape}")
    expect(np.isfinite(logits).all(), "logits: expected finite numbers, got NaN or infinity")
    return logits
