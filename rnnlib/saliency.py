"""What an answer hangs on: the same sequence again, each time with one step left out. Chapters 08 and 09."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .checks import as_floats
from .functions import FloatArray
from .models import ManyToOne
from .trace import Frozen

__all__ = ["Occlusion", "occlusion"]


@dataclass(frozen=True)
class Occlusion(Frozen):
    """whole (K,): the probabilities for the whole sequence. without (T, K): with step t left out (NaN where nothing
    would be left)."""

    whole: FloatArray
    without: FloatArray

    @property
    def change(self) -> FloatArray:
        """(T, K): what leaving step t out does to each probability, `without - whole`."""
        return self.without - self.whole


def occlusion(model: ManyToOne, x: ArrayLike) -> Occlusion:
    """`p(x without step t) - p(x)` for every step t of one sequence: T further runs, in one batch. x: (T, I), or (T,)
    whole numbers for an `Embedding`.

    It says what the answer of this network hangs on, not what a person would call important: two words that say the
    same cover for each other, and a sentence with a hole may be one that the network never met. TypeError for another
    model than `ManyToOne`, ValueError for a shape that does not fit. Source: Zeiler and Fergus (2014), for images; Li,
    Monroe and Jurafsky (2016), for words. Chapter 08.
    """
    if not isinstance(model, ManyToOne):
        raise TypeError(f"model: expected ManyToOne, got {type(model).__name__}")
    x = np.asarray(x) if model.body.takes_ids else as_floats("x", x, ("T", model.body.inputs), model.dtype)
    if model.body.takes_ids and x.ndim != 1:
        raise ValueError(f"x: expected (T,) whole numbers, got {x.shape}")
    T = len(x)
    if not T:
        raise ValueError("x: expected at least one step, got none")
    whole = model.predict(x[:, None])[0]
    without = np.full((T, len(whole)), np.nan, model.dtype)
    if T > 1:
        rest = np.array([[s for s in range(T) if s != t] for t in range(T)])
        without[:] = model.predict(x[rest].swapaxes(0, 1))
    return Occlusion(whole, without)
