"""What a reader's code gave, as plain data: numbers, text, arrays, lists, tuples and dictionaries that can be trusted.

An object of hers can raise or run for ever in `__eq__`, `__repr__`, `__array__`, ... So it is read once, in one place,
and what cannot be read is an `Other`, which says in words what it was.
"""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Other", "described", "named", "plain", "shortened"]

DEEPEST = 20  # lists inside lists
PARTS = 10_000  # of all lists together
NUMBERS = 1_000_000  # of an array
LETTERS = 60  # of a value that is shown
VIEWS: tuple[type, ...] = tuple(type(view) for view in ({1: 1}.keys(), {1: 1}.values(), {1: 1}.items()))
LAZY: tuple[type, ...] = (map, zip, filter, enumerate, reversed, range, set, frozenset, *VIEWS)


@dataclass(frozen=True)
class Other:
    """What is no plain data, in words."""

    words: str


class _TooMuch(Exception):
    pass


def plain(value: Any) -> Any:
    """A copy of a value in plain data; an `Other` for what is none, or more than a million numbers."""
    try:
        return _Reading().read(value)
    except _TooMuch:
        return Other(f"{named(type(value))} with more than {PARTS:,} parts")
    except Exception:  # whatever an object of hers raises when it is looked at
        return Other("an object that raises an error when one looks at it")


class _Reading:
    """One value: how many parts have been read, and inside which lists."""

    def __init__(self) -> None:
        self.parts = 0
        self.inside: list[int] = []

    def read(self, value: Any) -> Any:
        kind = type(value)
        self.parts += 1
        if self.parts > PARTS:
            raise _TooMuch
        if value is None or value is ... or value is NotImplemented or kind in (bool, int, float, complex):
            return value
        if issubclass(kind, str):
            return str.__str__(value)
        if issubclass(kind, (np.ndarray, np.generic)):
            return _array(value)
        if id(value) in self.inside:
            return Other(f"a {named(kind)} that contains itself")
        if len(self.inside) == DEEPEST:
            return Other(f"lists inside lists, more than {DEEPEST} deep")
        if issubclass(kind, (list, tuple)):
            base: Any = list if issubclass(kind, list) else tuple
            if base.__len__(value) > PARTS:
                raise _TooMuch
            return base(self.each(value, base.__iter__(value)))
        if issubclass(kind, Mapping):
            pairs = list(dict.items(value) if issubclass(kind, dict) else value.items())
            parts = self.each(value, (part for _, part in pairs))
            return {_key(key): part for (key, _), part in zip(pairs, parts, strict=True)}
        return self.other(value)

    def each(self, whole: Any, parts: Iterator[Any]) -> list[Any]:
        """The parts of a list or a dictionary."""
        self.inside.append(id(whole))
        read = [self.read(part) for part in parts]
        self.inside.pop()
        return read

    def other(self, value: Any) -> Any:
        kind = type(value)
        if kind is range and len(value) <= PARTS:
            return list(value)
        if words := _words(value):
            return Other(words)
        if issubclass(kind, int):
            return int.__add__(value, 0)
        if issubclass(kind, float):
            return float.__add__(value, 0.0)
        try:
            return _array(np.asarray(value), name=named(kind))
        except _TooMuch:
            raise
        except Exception:
            return Other(f"an object of the type {named(kind)}, which cannot be read as numbers")


def _array(value: Any, name: str = "") -> Any:
    """A copy of an array; a number or a text where NumPy has one; an `Other` for what holds no numbers."""
    array = np.asarray(value)
    if array.dtype.kind == "U" and isinstance(value, np.ndarray) and not name:
        return array.tolist()
    if array.dtype.kind not in "biufc":
        return Other(f"an object of the type {name}" if name else f"an array of {array.dtype.name}s, not of numbers")
    if array.size > NUMBERS:
        return Other(f"an array of shape {array.shape}, which is more than {NUMBERS:,} numbers")
    return array[()] if isinstance(value, np.generic) else np.array(array)


def _words(value: Any) -> str:
    """What some things are called that are no data."""
    kind = type(value)
    if issubclass(kind, type):
        return f"the class {named(value)}"
    if issubclass(kind, types.GeneratorType):
        return "a generator (is there a `yield` where `return` is meant?)"
    if issubclass(kind, types.CoroutineType):
        value.close()
        return "a coroutine (`async` is not needed here)"
    if issubclass(kind, types.ModuleType):
        return "a module"
    if kind in LAZY:
        return f"a {named(kind)} (`list( ... )` makes a list of it)"
    if issubclass(kind, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc)):
        return "a function (are its brackets missing?)"
    return ""


def _key(key: Any) -> Any:
    if issubclass(type(key), str):
        return str.__str__(key)
    return key if type(key) in (int, float, bool, type(None)) else Other(f"a key of the type {named(type(key))}")


def named(kind: type) -> str:
    """The name of a class, whatever its metaclass says."""
    name = type.__dict__["__name__"].__get__(kind)
    return name if len(name) <= LETTERS else name[:LETTERS] + "..."


def described(value: Any) -> str:
    """A plain value in words, short, in one line."""
    if isinstance(value, Other):
        return value.words
    if value is None:
        return "nothing (None)"
    if value is ...:
        return "a blank (...)"
    if isinstance(value, complex):
        return "a complex number"
    if isinstance(value, (list, tuple, dict)) and (strange := next(_strange(value), None)):
        return f"a {type(value).__name__} with {strange} in it"
    return f"{type(value).__name__} {shortened(value)}"


def _strange(value: Collection[Any]) -> Iterator[str]:
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, (list, tuple, dict)):
            yield from _strange(part)
        elif isinstance(part, Other) or part is None or part is ...:
            yield described(part)


def shortened(value: Any) -> str:
    """How Python writes a plain value, in one line of at most 60 letters."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # a whole number with more than 4300 digits
        return "with thousands of digits"
    return text if len(text) <= LETTERS else text[: LETTERS - 3] + "..."
