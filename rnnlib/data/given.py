"""What is asked of the arguments of this folder, which reads nothing of the core: a value as it is needed, or an error
that names the argument, what was expected and what came."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .stored import IntArray
from .text import short

__all__ = ["a_file", "a_flag", "a_list", "a_share", "a_text", "a_whole", "generator", "known", "places", "texts"]


def a_whole(name: str, value: Any, least: int = 1, most: int | None = None, error: type[Exception] = ValueError) -> int:
    """A whole number of at least `least`, and at most `most`; `error` for what is none."""
    limit = f"from {least}" if most is None else f"from {least} to {most}"
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise error(f"{name}: expected a whole number {limit}, got {short(value)}")
    if value < least or (most is not None and value > most):
        raise ValueError(f"{name}: expected a whole number {limit}, got {value}")
    return int(value)


def a_share(name: str, value: Any, *, none: bool = False, all: bool = False) -> float:
    """A number between 0 (none: included) and 1 (all: included)."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1 or (not value and not none) or (value == 1 and not all):
        raise ValueError(f"{name}: expected a number between 0 and 1, got {short(value)}")
    return float(value)


def a_flag(name: str, value: Any) -> bool:
    """True or False, or a TypeError."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected True or False, got {short(value)}")
    return bool(value)


def a_text(name: str, value: Any) -> str:
    """A str, or a TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a str, got {type(value).__name__}")
    return value


def a_list(name: str, value: Any, what: str = "str", one: str = "text") -> list[Any]:
    """Some values one by one; TypeError for what has none, and for one str, which would be read letter by letter."""
    if isinstance(value, (str, bytes)):
        raise TypeError(f"{name}: expected a list of {what}, got one {type(value).__name__}; write [{one}]")
    if not isinstance(value, Iterable) or getattr(value, "shape", None) == ():
        raise TypeError(f"{name}: expected a list of {what}, got {type(value).__name__}")
    return list(value)


def texts(name: str, value: Any, one: str = "text") -> list[str]:
    """Some str one by one, or a TypeError."""
    found = a_list(name, value, one=one)
    for number, text in enumerate(found):
        if not isinstance(text, str):
            raise TypeError(f"{name}: expected a list of str, got {type(text).__name__} at place {number}")
    return found


def known(name: str, value: Any, words: Sequence[str]) -> str:
    """One of a few words, or a ValueError."""
    if not isinstance(value, str) or value not in words:
        listed = " or ".join(f'"{word}"' for word in words)
        raise ValueError(f"{name}: expected {listed}, got {short(value)}")
    return value


def generator(name: str, value: Any) -> np.random.Generator:
    """A generator of random numbers, or a TypeError."""
    if not isinstance(value, np.random.Generator):
        raise TypeError(f"{name}: expected a numpy.random.Generator such as default_rng(0), got {type(value).__name__}")
    return value


def a_file(path: Any) -> Path:
    """The name of a file, or a TypeError."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path: expected the name of a file, got {type(path).__name__}")
    return Path(path)


def places(name: str, value: Any, count: int) -> IntArray:
    """Some of the numbers 0 to count - 1, in a row."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected whole numbers in a row, got rows of different lengths") from None
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        error = ValueError if array.ndim else TypeError
        raise error(f"{name}: expected whole numbers in a row, got {array.dtype} {array.shape}")
    if array.size and not 0 <= array.min() <= array.max() < count:
        raise ValueError(f"{name}: expected whole numbers from 0 to {count - 1}, got {array.min()} to {array.max()}")
    return array.astype(np.intp)
