"""Two runs that differ in one token: which outputs of convolutions change, and which of a chain. Chapter 07."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import as_size, expect
from ..functions import FloatArray
from ..layers import Conv1D, Recurrent

__all__ = ["LONGEST", "ConeRun", "cone_run"]

LONGEST = 12  # tokens that have room


@dataclass(frozen=True)
class ConeRun:
    """changed: the token, from 1. levels: for each convolution (T,), and chain (T,): the largest change of any output
    at each step, exactly 0 where nothing changes."""

    convolutions: tuple[Conv1D, ...]
    changed: int
    levels: tuple[FloatArray, ...]
    chain: FloatArray

    @property
    def T(self) -> int:
        return len(self.chain)

    @property
    def R(self) -> int:
        """The receptive field: 1 + the sum over the layers of (k - 1) d."""
        return 1 + sum(layer.receptive_field - 1 for layer in self.convolutions)

    def taps(self, level: int, t: int) -> list[int]:
        """The steps that output t of a convolution (from 1) reads, with a weight of its own for each."""
        layer = self.convolutions[level - 1]
        return [s for s in range(t, t - layer.receptive_field, -layer.dilation) if s >= 1]

    def cone(self, t: int) -> dict[int, set[int]]:
        """Level -> the steps of everything that output t of the last convolution reads; level 0: the tokens."""
        at, found = {t}, dict[int, set[int]]()
        for level in range(len(self.convolutions), 0, -1):
            found[level] = at
            at = {s for step in at for s in self.taps(level, step)}
        return found | {0: at}


def cone_run(
    convolutions: Sequence[Conv1D], chain: Recurrent, x: FloatArray, other: FloatArray, changed: int
) -> ConeRun:
    """Run both networks on x (T, I), and again with token `changed` (from 1) replaced by `other` (I,).

    convolutions: causal, one on top of the other. ValueError for one that is not causal, for more than 12 tokens or a
    token that does not exist, and where a number is not finite. Chapter 07.
    """
    expect(1 <= len(x) <= LONGEST, f"x: expected 1 to {LONGEST} tokens, got {len(x)}")
    as_size("changed", changed, 1, len(x))
    causal = convolutions and all(layer.causal for layer in convolutions)
    expect(causal, "convolutions: expected at least one, all causal")
    two = np.repeat(x[:, None], 2, axis=1)
    two[changed - 1, 1] = other
    levels, y = [], two
    for layer in convolutions:
        y, _, _ = layer.forward(y)
        levels.append(_change(y))
    run = ConeRun(tuple(convolutions), changed, tuple(levels), _change(chain.forward(two)[0]))
    expect(all(np.isfinite(c).all() for c in (*levels, run.chain)), "x: expected finite numbers, got NaN or infinity")
    return run


def _change(y: FloatArray) -> FloatArray:
    change: FloatArray = np.abs(y[:, 1] - y[:, 0]).max(axis=1)
    return change
