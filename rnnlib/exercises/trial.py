"""A reader's answer on the inputs of all trials: what it gave, as plain data, and what it did besides."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from .reading import Other, named, plain

__all__ = ["Tried", "blank", "has_blank", "refused", "run", "stub", "value"]

Inputs = tuple[Any, ...]
NO_WORK = {"RESUME", "NOP", "LOAD_CONST", "STORE_FAST", "POP_TOP", "RETURN_VALUE", "RETURN_CONST", "CACHE"}


@dataclass(frozen=True)
class Tried:
    """Results in plain data; for each trial whether None came; what it changed of the inputs; or why it was refused."""

    results: tuple[Any, ...] = ()
    nothing: tuple[bool, ...] = ()
    changed: str = ""
    refused: str = ""


def blank(value: Any) -> bool:
    """Whether a place is not filled in."""
    return value is None or value is Ellipsis or value is NotImplemented


def has_blank(value: Any) -> bool:
    """Whether a result is a blank, or several parts of which one is `...`."""
    return blank(value) or (isinstance(value, (tuple, list)) and any(part is Ellipsis for part in value))


def run(use: Callable[[Any, Inputs], Any], answer: Any, trials: Sequence[Inputs]) -> Tried:
    """A function on all trials, each time on inputs of its own. Raises what the answer raises."""
    results, given, changed = [], [], ""
    for inputs in trials:
        mine = deepcopy(inputs)
        came: list[bool] = []
        results.append(plain(use(_noted(answer, came), mine)))
        given.append(any(came))
        changed = changed or _changed(mine, inputs)
    return Tried(tuple(results), tuple(given), changed)


def value(use: Callable[[Any, Inputs], Any], answer: Any) -> Tried:
    """An answer that is a value. Raises what its use raises."""
    read = plain(answer)
    if isinstance(read, Other):
        return Tried(refused=f"I cannot read your answer: it is {read.words}.")
    return Tried((plain(use(read, ())),))


def _noted(answer: Any, came: list[bool]) -> Any:
    """The same function; it notes for each call whether nothing came back. A class stays what it is."""
    if isinstance(answer, type):
        return answer

    def call(*inputs: Any) -> Any:
        result = answer(*inputs)
        came.append(result is None)
        return result

    return call


def _changed(mine: Any, given: Any) -> str:
    """What an answer has changed of its inputs, in a word; nothing if it has left all as it was."""
    if isinstance(given, np.ndarray):
        floats = given.dtype.kind == "f"  # where NaN is NaN
        same = type(mine) is np.ndarray and mine.dtype == given.dtype and np.array_equal(mine, given, equal_nan=floats)
        return "" if same else "arrays"
    if isinstance(given, dict) and type(mine) is dict:
        return "dictionary" if [*mine] != [*given] else _changed([*mine.values()], [*given.values()])
    if isinstance(given, (list, tuple, dict)):
        word = {list: "list", dict: "dictionary"}.get(type(given), "tuple")
        if type(mine) is not type(given) or len(mine) != len(given):
            return word
        inside = next(filter(None, map(_changed, mine, given)), "")
        return word if inside == "value" else inside
    plainly = isinstance(given, (bool, int, float, complex, str))
    return "value" if plainly and (type(mine) is not type(given) or mine != given) else ""


# ---- before and after a call


def refused(answer: Any, right: Any, inputs: Inputs, *, used: bool) -> str:
    """Why an answer cannot be called; nothing if it can. used: whether it is called in another way than `right`."""
    kind = "a class or a function" if used else "a function"
    if not callable(answer):
        return f"I expected {kind}, and got {named(type(answer))}: pass its name, not its result."
    if isinstance(answer, type) and not used:
        return f"I expected a function, and got the class {named(answer)}."
    try:
        signature = inspect.signature(answer)
    except Exception:  # a function of C without one
        return ""
    if used:
        return ""
    try:
        signature.bind(*inputs)
    except TypeError as problem:
        return _count(signature, inspect.signature(right), len(inputs), str(problem))
    return ""


def _count(signature: inspect.Signature, right: inspect.Signature, number: int, why: str) -> str:
    """How many arguments are taken, and how many are given."""
    asked = f"{number} argument{'s' * (number != 1)} ({', '.join([*right.parameters][:number])})"
    taken = [*signature.parameters.values()]
    if all(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) and one.default is one.empty for one in taken):
        takes = f"{len(taken)} ({', '.join(one.name for one in taken)})" if taken else "none"
        return f"your function is called with {asked}, and takes {takes}."
    return f"your function cannot be called with {asked}: {why}."


def stub(answer: Any) -> bool:
    """Whether nothing has been written into a function yet: no input is read, nothing is called or computed."""
    code = answer.__code__ if isinstance(answer, (FunctionType, MethodType)) else None
    return isinstance(code, CodeType) and all(step.opname in NO_WORK for step in dis.get_instructions(code))
