"""The memo task: keep the number that was last written down, and say it when asked, and only then. Chapter 06.

Data card
what     sequences of three numbers a step: a value between -1 and 1, "write" (1 or 0), "ask" (1 or 0). The answer at
         each step: the value of the last step with "write", where "ask" is 1, and 0 where it is 0. At the first step
         something is always written
size     as many as you ask for
from     made for this book; the adding and the continual tasks of Hochreiter and Schmidhuber (1997) and of Gers,
         Schmidhuber and Cummins (2000) ask for parts of it
licence  MIT, as the book
labels   a number at each step. Who always says 0 explains none of it
limits   one thing to keep at a time, and it is said when to write and when to speak
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .given import a_share, a_whole, generator

__all__ = ["Memo", "memo"]


class Memo(NamedTuple):
    """Sequences as `fit` and `batch` take them: x (T, B, 3) value, write, ask; y (T, B, 1)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]


def memo(steps: int, examples: int, *, rng: np.random.Generator, writing: float = 0.1, asking: float = 0.3) -> Memo:
    """B = `examples` sequences of T = `steps` steps of the memo task, drawn with `rng`.

    writing, asking: the share of steps with "write" and with "ask", 0..1, each step by itself. ValueError for a number
    out of range, TypeError for what is no whole number or no generator. Chapter 06.
    """
    a_whole("steps", steps, error=TypeError), a_whole("examples", examples, error=TypeError), generator("rng", rng)
    a_share("writing", writing, none=True, all=True), a_share("asking", asking, none=True, all=True)
    shape = (steps, examples)
    value = rng.uniform(-1, 1, shape)
    write, ask = rng.random(shape) < writing, rng.random(shape) < asking
    write[0] = True
    last = np.maximum.accumulate(np.where(write, np.arange(steps)[:, None], 0))
    kept: NDArray[np.float64] = np.take_along_axis(value, last, axis=0)
    return Memo(np.stack([value, write, ask], axis=2).astype(float), np.where(ask, kept, 0)[..., None])
