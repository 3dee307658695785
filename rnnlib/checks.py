"""Every check at a door, once: a value as it is needed, or an error that names the argument, what was expected and
what came. Nothing is changed before all arguments of a call have passed.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["as_dtype", "as_finite", "as_floats", "as_labels", "as_lengths", "as_number", "as_rng", "as_size"]
__all__ += ["as_array", "as_flag", "as_texts", "expect", "one_of", "shown"]

Rng = np.random.Generator
FloatArray = NDArray[np.floating]
IntArray = NDArray[np.integer]
Shape = tuple[Any, ...]  # of sizes; a letter stands for any size, ... in front for any axes
INF, LARGEST = float("inf"), float(np.finfo(np.float64).max)


def expect(right: Any, message: str, error: type[Exception] = ValueError) -> None:
    """The error, with its message, where something is not right."""
    if not right:
        raise error(message)


def as_size(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """A whole number of at least `least` (and at most `most`), or a ValueError."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        limit = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: expected a whole number {limit}, got {shown(value)}")
    return int(value)


def as_number(name: str, value: Any, *, zero: bool = False, negative: bool = False, below: float = INF) -> float:
    """A finite number > 0 (zero: >= 0; negative: any sign) and below a bound, or a ValueError."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    plain = value.item() if isinstance(value, np.generic) else value
    if not number or not (-LARGEST if negative else 0) <= plain < min(below, LARGEST) or not (plain or zero):
        least = "" if negative else " >= 0" if zero else " > 0"
        limit = f"{' and' if least else ''} < {below:g}" if below < INF else ""
        raise ValueError(f"{name}: expected a finite number{least}{limit}, got {shown(value)}")
    return float(value)


def one_of(name: str, value: Any, known: Iterable[Any]) -> Any:
    """One of the known values, or a ValueError that lists them."""
    known = tuple(known)
    if not any(type(value) is type(one) and value == one for one in known):
        words = [f'"{one}"' if isinstance(one, str) else repr(one) for one in known]
        listed = " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
        raise ValueError(f"{name}: expected {listed}, got {shown(value)}")
    return value


def as_flag(name: str, value: Any) -> bool:
    """True or False, or a TypeError."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}: expected True or False, got {shown(value)}")
    return bool(value)


def as_texts(name: str, value: Any, least: int = 0, most: float = INF) -> tuple[str, ...]:
    """From `least` to `most` texts, or a TypeError for what are no texts, a ValueError for another number of them."""
    if not isinstance(value, Sequence) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{name}: expected texts, such as a list of str, got {shown(value)}")
    limit = f"{least}" if least == most else f"at least {least}" if most == INF else f"{least} to {most}"
    expect(least <= len(value) <= most, f"{name}: expected {limit} texts, got {len(value):,}")
    return tuple(value)


def as_rng(name: str, value: Any) -> Rng:
    """A generator of random numbers, or a TypeError."""
    expect(isinstance(value, Rng), f"{name}: expected a numpy.random.Generator, got {type(value).__name__}", TypeError)
    return value


def as_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """float32 or float64, or a TypeError."""
    with suppress(TypeError):
        if np.dtype(dtype) in (np.float32, np.float64):
            return np.dtype(dtype)
    raise TypeError(f"dtype: expected float32 or float64, got {shown(dtype)}")


def as_floats(name: str, x: Any, shape: Shape, dtype: DTypeLike | None = None) -> FloatArray:
    """`x` as an array of `dtype` (None: as it is, whole numbers as float64) whose shape fits."""
    usual = type(x) is np.ndarray and x.dtype.kind == "f" and (dtype is None or x.dtype == dtype)
    if usual and (x.shape == shape or shape == (...,) or fits(x.shape, shape)):
        return x
    array = as_array(name, x, shape, "fiub", "real numbers")
    return array.astype(dtype or (array.dtype if array.dtype.kind == "f" else np.float64), copy=False)


def fits(got: tuple[int, ...], shape: Shape) -> bool:
    """Whether a shape is the one that was expected."""
    if shape[:1] == (...,):
        got, shape = got[max(len(got) - len(shape) + 1, 0) :], shape[1:]
    return len(got) == len(shape) and all(
        [want.__class__ is str or want == n for want, n in zip(shape, got, strict=True)]
    )


def as_finite(name: str, x: FloatArray, lengths: IntArray | None = None) -> FloatArray:
    """`x`, (T, B, ...) or (B, ...), without NaN and infinity; what stands past a length may hold anything."""
    bad = ~np.isfinite(x)
    if lengths is not None:
        bad[np.arange(len(x))[:, None] >= lengths] = False
    if bad.any():
        place = np.argwhere(bad)[0].tolist()
        words = ("step", "sequence", "input")[-x.ndim :]
        where = ", ".join(f"{word} {k}" for word, k in zip(words, place, strict=True))
        hint = "fill gaps before, or set them to 0 and add an input that is 1 where a number is missing"
        raise ValueError(f"{name}: expected finite numbers, got {x[tuple(place)]} at {where}; {hint}")
    return x


def as_lengths(lengths: ArrayLike | None, T: int, B: int, name: str = "lengths", least: int = 0) -> IntArray | None:
    """`lengths` as (B,) whole numbers from `least` to T, or None where there are none; else an error."""
    if lengths is None:
        return None
    return _within(name, as_array(name, lengths, (B,), "iu", "whole numbers"), least, T, "{} to {} (the padded length)")


def as_labels(name: str, y: ArrayLike, shape: Shape, classes: int, what: str = "labels") -> IntArray:
    """Labels (or words, symbols) as whole numbers 0..classes-1 in the given shape, or an error."""
    return _within(name, as_array(name, y, shape, "iub", "whole numbers"), 0, classes - 1, what + " {} to {}")


def as_array(name: str, x: Any, shape: Shape, kinds: str, what: str) -> FloatArray:
    """Whatever came, as one array of these kinds of numbers (letters as in `dtype.kind`) and of this shape."""
    try:
        array = np.asarray(x)
    except (ValueError, TypeError):
        raise ValueError(f"{name}: expected one array, got rows of different lengths (pad, and give lengths)") from None
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name}: expected {what}, got dtype {array.dtype}")
    if not fits(array.shape, shape):
        if shape[:1] == (...,):
            shape = ("...",) * (array.ndim - len(shape) + 1) + shape[1:]
        wanted = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
        one = array.ndim == 2 and len(shape) == 3 and array.shape[1] == shape[2]
        hint = f"; one sequence is {name}[:, None]" if one else ""
        raise ValueError(f"{name}: expected {wanted}, got {array.shape}{hint}")
    return array


def _within(name: str, array: Any, least: int, most: int, words: str) -> IntArray:
    """Whole numbers from `least` to `most`."""
    if array.size and not least <= np.minimum.reduce(array, axis=None) <= np.maximum.reduce(array, axis=None) <= most:
        raise ValueError(f"{name}: expected {words.format(least, most)}, got {array.min()} to {array.max()}")
    return np.asarray(array, np.intp)


def shown(value: Any) -> str:
    """A value as it is shown in a message: never long."""
    text = type(value).__name__
    with suppress(Exception):  # a number of a million digits, an object that cannot be shown
        text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
