"""What a widget's arguments may be: each check names the argument, what was expected and what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checks import as_size
from ..functions import FloatArray

__all__ = [
    "a_flag",
    "a_kind",
    "a_number",
    "a_page",
    "a_seed",
    "a_sequence",
    "a_size",
    "a_text",
    "a_vector",
    "an_array",
    "names",
    "one_of",
]

LARGEST_SEED = 2**32 - 1
LETTERS = 10_000  # of a text
SHOWN = 60  # letters of a value in a message


def a_size(name: str, value: Any, least: int, most: int) -> int:
    """A whole number from `least` to `most`, or a ValueError."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= value <= most:
        raise ValueError(f"{name}: expected a whole number from {least} to {most}, got {_shown(value)}")
    return int(value)


def a_number(name: str, value: Any, low: float, high: float) -> float:
    """A number from `low` to `high`, or a ValueError."""
    real = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not real or not low <= value <= high:  # also where it is NaN
        raise ValueError(f"{name}: expected a number from {low:g} to {high:g}, got {_shown(value)}")
    return float(value)


def a_seed(value: Any, name: str = "seed") -> int:
    """A whole number from 0 to 2**32 - 1, or a ValueError."""
    return a_size(name, value, 0, LARGEST_SEED)


def a_page(t: Any) -> int | None:
    """A page, counted from 0, or None; else a ValueError. Whether there are so many, the `Stepper` says."""
    return None if t is None else as_size("t", t, 0)


def a_flag(name: str, value: Any) -> bool:
    """True or False, or a TypeError."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected True or False, got {_shown(value)}")
    return bool(value)


def a_text(name: str, value: Any) -> str:
    """A text of at most 10,000 letters; TypeError for what is none, ValueError for a longer one."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a text, got {_shown(value)}")
    if len(value) > LETTERS:
        raise ValueError(f"{name}: expected at most {LETTERS:,} letters, got {len(value):,}")
    return value


def a_kind(name: str, value: Any, kind: Any, words: str) -> Any:
    """What is of a class, or a TypeError that says in words what was expected."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: expected {words}, got {_shown(value)}")
    return value


def one_of(name: str, value: Any, known: Iterable[str]) -> str:
    """One of a few words, or a ValueError."""
    words = [*known]
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{name}: expected one of {', '.join(words)}, got {_shown(value)}")
    return value


def names(name: str, value: Any, least: int, most: int) -> tuple[str, ...]:
    """From `least` to `most` texts; TypeError for what is none of that, ValueError for another number of them."""
    if not isinstance(value, Sequence) or not all(isinstance(part, str) for part in value[: most + 1]):
        raise TypeError(f"{name}: expected {least} to {most} texts, got {_shown(value)}")
    if not least <= len(value) <= most:
        raise ValueError(f"{name}: expected {least} to {most} texts, got {len(value):,}")
    return tuple(value)


def an_array(name: str, value: Any) -> NDArray[Any]:
    """One array of finite numbers; TypeError for what are no numbers, ValueError for the rest."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected one array, got rows of different lengths") from None
    if array.dtype.kind not in "iufb":
        raise TypeError(f"{name}: expected numbers, got {_shown(value)}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity")
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


def _shown(value: Any) -> str:
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # a whole number with more than 4300 digits
        text = "a huge number"
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."
