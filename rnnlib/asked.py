"""What is asked of the arguments of pictures and plots: `@asks()` above a function checks them by their annotations,
before anything is drawn; `@asks(units=whole(0))` checks one in a way of its own. Each check takes the name and the
value, and raises an error that names the argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from inspect import signature
from types import NoneType
from typing import Any, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from .checks import as_array, as_flag, as_number, as_size, as_texts, expect, one_of, shown

__all__ = ["asks", "kind", "names", "notation", "number", "numbers", "share", "some", "text", "whole"]

Check = Callable[[str, Any], Any]
P = ParamSpec("P")
R = TypeVar("R")


def asks(**checks: Check) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The function, with a check for each of its arguments; None is right where it is the default."""

    def with_checks(function: Callable[P, R]) -> Callable[P, R]:
        form, found = signature(function), dict[str, Check]()

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if not found:  # at the first call, when all annotations can be read
                hints = get_type_hints(function)
                found.update({name: _by(name, hint) for name, hint in hints.items() if name != "return"} | checks)
            for name, value in form.bind(*args, **kwargs).arguments.items():
                if value is not None or form.parameters[name].default is not None:
                    found[name](name, value)
            return function(*args, **kwargs)

        return checked

    return with_checks


def _by(name: str, hint: Any) -> Check:
    """The check for what an argument is annotated as."""
    several = [one for one in get_args(hint) if one is not NoneType]
    origin = get_origin(hint)
    if name == "notation":
        return notation
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    if origin is Sequence and get_origin(several[0]) is Sequence:
        return _each(_by(name, several[0]))
    if origin is Sequence or origin is Mapping:
        return (
            names()
            if several == [str]
            else kind(Mapping)
            if origin is Mapping
            else some(get_origin(several[0]) or several[0])
        )
    if NoneType in get_args(hint) and len(several) == 1:
        return _by(name, several[0])
    classes = tuple(one for one in several or [hint] if isinstance(one, type))
    return kind(classes[0] if len(classes) == 1 else classes) if classes and origin is not np.ndarray else _anything


def _each(check: Check) -> Check:
    """Several things in a row, each of them several again: a text is none, though Python takes it for its letters."""

    def checked(name: str, value: Any) -> None:
        some(Sequence)(name, value)
        for one in (value, *value):
            expect(not isinstance(one, str), f"{name}: expected some of Sequence, got the text {shown(one)}", TypeError)
        for one in value:
            check(name, one)

    return checked


def _anything(name: str, value: Any) -> None:
    """What the function looks at itself."""


def kind(wanted: type | tuple[type, ...], words: str = "") -> Check:
    """Something of a class."""
    said = words or (wanted.__name__ if isinstance(wanted, type) else " or ".join(one.__name__ for one in wanted))

    def check(name: str, value: Any) -> None:
        if not isinstance(value, wanted):  # what is right is not written out: that takes time, and may fill caches
            raise TypeError(f"{name}: expected {said}, got {shown(value)}")

    return check


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
        what = f"{'finite ' if finite else ''}numbers with {axes} axes"
        expect(fits, f"{name}: expected {what}, got {array.dtype} {array.shape}")

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


BY_TYPE: dict[Any, Check] = {bool: as_flag, str: text, int: whole(), float: number}
