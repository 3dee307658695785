"""Two results side by side: whether they are equal, and if not, what a person would say first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .reading import Other, described

__all__ = ["complaint", "equal", "leaves", "repeated"]

Leaves = dict[str, Any]


def leaves(result: Any, names: Sequence[str] = (), name: str = "your answer") -> Leaves:
    """The arrays (or words) of a result by name: parts of a tuple by `names`, of a dictionary by its keys."""
    if isinstance(result, Mapping):
        return {key: value for k, part in result.items() for key, value in leaves(part, (), f"{name}[{k!r}]").items()}
    if isinstance(result, tuple) or (isinstance(result, list) and _ragged(result)):
        labels = names if len(names) == len(result) else [f"{name}[{k}]" for k in range(len(result))]
        parts = zip(labels, result, strict=True)
        return {key: value for label, part in parts for key, value in leaves(part, (), label).items()}
    return {name: result if isinstance(result, str) else _array(result)}


def _ragged(result: list[Any]) -> bool:
    """Whether the parts have different shapes, or one of them has none."""
    try:
        shapes = {np.shape(part) for part in result if not isinstance(part, str)}
    except (ValueError, TypeError):
        return True
    return len(shapes) > 1


def _array(value: Any) -> Any:
    """As an array of numbers where it is one."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return value
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "c":
        return Other("complex numbers")
    return array.tolist() if isinstance(value, np.ndarray) else value


def equal(one: Leaves, other: Leaves, tolerance: float) -> bool:
    """Whether both have the same parts, of the same shapes, with the same values to the tolerance."""
    return len(one) == len(other) and all(
        _same(a, b, tolerance) for a, b in zip(one.values(), other.values(), strict=True)
    )


def _same(one: Any, other: Any, tolerance: float) -> bool:
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return _alike(one, other)
    scale = max(1.0, float(np.abs(other[np.isfinite(other)]).max(initial=0)))
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=0, atol=tolerance * scale))


def _alike(one: Any, other: Any) -> bool:
    """Whether two values that are no arrays of numbers are the same."""
    if type(one) is not type(other) or isinstance(one, Other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(_alike(a, b) for a, b in zip(one, other, strict=True))
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else bool(one == other)


def repeated(one: Leaves, other: Leaves) -> bool:
    """Whether a second result is the first one again, NaN and what cannot be read included."""
    return one.keys() == other.keys() and all(_again(one[name], other[name]) for name in one)


def _again(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.allclose(one, other, equal_nan=True))
    return type(one) is type(other) and described(one) == described(other)


def complaint(got: Leaves, expected: Leaves, tolerance: float) -> str:
    """What is wrong with the first part that is not as expected, in one sentence."""
    if len(got) != len(expected):
        return f"I expected {_count(len(expected))} ({', '.join(expected)}), and got {_count(len(got))}."
    for name, mine, theirs in zip(expected, got.values(), expected.values(), strict=True):
        if not _same(mine, theirs, tolerance):
            return next(_complaints(name, mine, theirs, tolerance))
    return ""


def _count(number: int) -> str:
    return "one result" if number == 1 else f"{number} results"


def _complaints(name: str, got: Any, expected: Any, tolerance: float) -> Iterator[str]:
    """The most telling first; the last one always holds."""
    if not isinstance(expected, np.ndarray):
        yield f"{name}: got {described(got)}, and that is not it."
    if not isinstance(got, np.ndarray):
        wanted = f"an array of shape {expected.shape}" if expected.ndim else "a number"
        yield f"{name}: I expected {wanted}, and got {described(got)}."
    if got.shape != expected.shape:
        turned = got.ndim >= 2 and got.shape[::-1] == expected.shape
        yield f"{name}: got shape {got.shape}, expected {expected.shape}{': a transpose?' if turned else '.'}"
    got, expected = got.astype(float), expected.astype(float)  # bool has no minus
    if not np.isfinite(got).all():
        yield f"{name}: there is NaN or infinity in it."
    if got.ndim == 2 and _same(got.T, expected, tolerance):
        yield f"{name}: it is the transpose of what is expected."
    if _same(-got, expected, tolerance):
        yield f"{name}: all signs are the other way round."
    factor = _factor(got, expected, tolerance)
    if factor:
        yield f"{name}: everything is {factor:.3g} times what is expected."
    yield _first_difference(name, got, expected)


def _factor(got: Any, expected: Any, tolerance: float) -> float:
    """The one factor between the two, or 0."""
    square = float(np.sum(expected * expected))
    factor = float(np.sum(got * expected)) / square if square else 0.0
    fits = expected.size > 1 and factor and _same(got / factor, expected, tolerance)
    return factor if fits else 0.0


def _first_difference(name: str, got: Any, expected: Any) -> str:
    gaps = np.abs(got - expected)
    if not expected.ndim:
        return f"{name}: got {float(got):.6g}, and that is not it."
    at = tuple(int(k) for k in np.unravel_index(int(gaps.argmax()), gaps.shape))
    place = ", ".join(map(str, at))
    share = int((gaps > 1e-9).sum())
    return (
        f"{name}: {share} of {got.size} numbers differ, most of all [{place}]: "
        f"got {float(got[at]):+.6f}, expected {float(expected[at]):+.6f}."
    )
