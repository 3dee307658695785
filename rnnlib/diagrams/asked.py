"""What is asked of the arguments of pictures and plots: `@asks(title=text, ask=as_flag)` above a function checks them
before anything is drawn. Each check takes the name and the value, and raises an error that names the argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np

from ..checks import as_array, as_number, as_size, as_texts, expect, one_of, shown

__all__ = ["asks", "kind", "names", "notation", "number", "numbers", "optional", "share", "some", "text", "whole"]

Check = Callable[[str, Any], Any]
P = ParamSpec("P")
R = TypeVar("R")


def asks(**checks: Check) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The function, with a check for some of its arguments."""

    def with_checks(function: Callable[P, R]) -> Callable[P, R]:
        form = signature(function)

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            for name, value in form.bind(*args, **kwargs).arguments.items():
                if name in checks:
                    checks[name](name, value)
            return function(*args, **kwargs)

        return checked

    return with_checks


def kind(wanted: type | tuple[type, ...], words: str = "") -> Check:
    """Something of a class."""
    said = words or (wanted.__name__ if isinstance(wanted, type) else " or ".join(one.__name__ for one in wanted))

    def check(name: str, value: Any) -> None:
        if not isinstance(value, wanted):
            raise TypeError(f"{name}: expected {said}, got {shown(value)}")

    return check


def optional(check: Check) -> Check:
    """The same, or None."""
    return lambda name, value: None if value is None else check(name, value)


def whole(least: int = 1, most: int | None = None) -> Check:
    """A whole number."""
    return lambda name, value: as_size(name, value, least, most)


def number(name: str, value: Any) -> None:
    """Any finite number."""
    as_number(name, value, zero=True, negative=True)


def share(name: str, value: Any) -> None:
    """A number from 0 to 1."""
    real = isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and 0 <= value <= 1
    expect(real, f"{name}: expected a share, 0 to 1, got {shown(value)}")


def numbers(*axes: int, finite: bool = True) -> Check:
    """Numbers in one array, with one of these numbers of axes; finite ones, unless NaN means something."""

    def check(name: str, value: Any) -> None:
        array = as_array(name, value, (...,), "fiub", "numbers")
        fits = array.ndim in axes and array.size and (not finite or np.isfinite(array).all())
        expect(
            fits,
            f"{name}: expected {'finite ' if finite else ''}numbers with {axes} axes, got {array.dtype} {array.shape}",
        )

    return check


def names(least: int = 1, most: float = float("inf")) -> Check:
    """Some texts."""
    return lambda name, value: as_texts(name, value, least, most)


def some(wanted: Any) -> Check:
    """Any number of things of a class, one after the other; or for a mapping its values."""

    def check(name: str, value: Any) -> None:
        given = value.values() if isinstance(value, Mapping) else value
        several = isinstance(given, Iterable) and getattr(given, "shape", None) is None
        fits = several and all(isinstance(one, wanted) for one in given)
        if not fits:
            raise TypeError(f"{name}: expected some of {wanted.__name__}, got {shown(value)}")

    return check


text = kind(str, "a text")


def notation(name: str, value: Any) -> None:
    """ "h" or "a": how the hidden state is called."""
    one_of(name, value, ("h", "a"))
