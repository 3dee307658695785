"""What a widget's arguments may be, besides what `rnnlib.checks` asks of any: each check names the argument, what was
expected and what came."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checks import as_array, as_number, as_size, expect, shown
from ..functions import FloatArray

__all__ = ["a_kind", "a_page", "a_range", "a_seed", "a_sequence", "a_text", "a_vector", "an_array"]

LARGEST_SEED = 2**32 - 1
LETTERS = 10_000  # of a text


def a_range(name: str, value: Any, low: float, high: float) -> float:
    """A number from `low` to `high`, or a ValueError."""
    number = as_number(name, value, zero=True, negative=True)
    expect(low <= number <= high, f"{name}: expected a number from {low:g} to {high:g}, got {shown(value)}")
    return number


def a_seed(value: Any, name: str = "seed") -> int:
    """A whole number from 0 to 2**32 - 1, or a ValueError."""
    return as_size(name, value, 0, LARGEST_SEED)


def a_page(t: Any) -> int | None:
    """A page, counted from 0, or None; else a ValueError. Whether there are so many, the `Stepper` says."""
    return None if t is None else as_size("t", t, 0)


def a_text(name: str, value: Any) -> str:
    """A text of at most 10,000 letters; TypeError for what is none, ValueError for a longer one."""
    text: str = a_kind(name, value, str, "a text")
    expect(len(text) <= LETTERS, f"{name}: expected at most {LETTERS:,} letters, got {len(text):,}")
    return text


def a_kind(name: str, value: Any, kind: Any, words: str) -> Any:
    """What is of a class, or a TypeError that says in words what was expected."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: expected {words}, got {shown(value)}")
    return value


def an_array(name: str, value: Any) -> NDArray[Any]:
    """One array of finite numbers; TypeError for what are no numbers, ValueError for the rest."""
    array = as_array(name, value, (...,), "iufb", "numbers")
    expect(np.isfinite(array).all(), f"{name}: expected finite numbers, got NaN or infinity")
    return array


def a_sequence(name: str, value: Any, most: int) -> NDArray[Any]:
    """One sequence of at least one and at most so many steps; errors as in `an_array`."""
    array = an_array(name, value)
    if not array.ndim or not 1 <= len(array) <= most:
        raise ValueError(f"{name}: expected one sequence of 1 to {most} steps, got shape {array.shape}")
    return array


def a_vector(name: str, value: Any, least: int, most: int) -> FloatArray:
    """From `least` to `most` numbers; errors as in `an_array`."""
    array = an_array(name, value)
    if array.ndim != 1 or not least <= len(array) <= most:
        raise ValueError(f"{name}: expected {least} to {most} numbers, got shape {array.shape}")
    return array.astype(np.float64)
