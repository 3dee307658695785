"""What a picture chooses, once for all: which units have room, which of them is followed, which output, what is
refused."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..checks import expect
from ..functions import FloatArray

Units = tuple[int, ...]


def largest(size: FloatArray, count: int) -> Units:
    """The places of the `count` largest, in their own order."""
    return tuple(sorted(int(k) for k in np.argsort(-size, kind="stable")[:count]))


def moving(h: FloatArray, count: int, weight: ArrayLike = 1.0) -> Units:
    """The units that move most over a run h (T+1, H), each step times `weight`."""
    return largest(np.abs(np.diff(h, axis=0)).sum(axis=0) * weight, count)


def mover(h: FloatArray, units: Sequence[int], t: int) -> int:
    """Of these units the one that moves most at step t; at the start the first."""
    if t == 0:
        return units[0]
    return units[int(np.abs(h[t] - h[t - 1])[list(units)].argmax())]


def finite(name: str, *arrays: ArrayLike) -> None:
    """ValueError where a number is NaN or infinity."""
    message = f"{name}: expected finite numbers, got NaN or infinity; did the training diverge?"
    expect(all(np.isfinite(array).all() for array in arrays), message)


def output(classes: Sequence[str], chosen: int | str | None) -> int:
    """A class by its name or number; the last if None. ValueError for one that does not exist."""
    if chosen is None:
        return len(classes) - 1
    if isinstance(chosen, str):
        expect(chosen in classes, f"output: expected one of {', '.join(classes)}, got {chosen!r}")
        return [*classes].index(chosen)
    expect(0 <= chosen < len(classes), f"output: expected 0 to {len(classes) - 1}, got {chosen!r}")
    return int(chosen)
