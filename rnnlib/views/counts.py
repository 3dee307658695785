"""How many parameters an ordinary network and a recurrent one have, for sequences of some lengths. Chapter 01."""

from __future__ import annotations

import numpy as np

from ..cells import RNNCell
from ..layers import Dense, Recurrent

__all__ = ["dense_and_recurrent"]


def dense_and_recurrent(inputs: int, units: int, outputs: int, lengths: tuple[int, ...]) -> dict[str, dict[int, int]]:
    """ "dense" and "recurrent": length -> parameters, counted in layers of these sizes."""
    rng = np.random.default_rng(0)
    answer, chain = Dense(units, outputs, rng=rng), Recurrent(RNNCell(inputs, units, rng=rng))

    def count(layer: Dense | Recurrent) -> int:
        return sum(array.size for array in (*layer.params.values(), *answer.params.values()))

    return {
        "dense": {T: count(Dense(T * inputs, units, rng=rng)) for T in lengths},
        "recurrent": dict.fromkeys(lengths, count(chain)),
    }
