"""The doors: every public callable, and what it answers to each kind of wrong argument.

A row (`Door`) gives arguments that are right. The test puts one wrong value after the other in the place of each. What
comes back is a ValueError or TypeError that names the argument, and nothing has changed; or an answer that is right,
for a reason that the row says in `fine`. A public callable without a row fails the test.
"""

import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import rnnlib.book

NOT_HERE = ("checks", "exercises", "book")  # what checks; what has a test of its own; the book, part by part
PARTS = [found.name for found in pkgutil.iter_modules(rnnlib.__path__) if found.name not in NOT_HERE]
BOOK = [f"book.{found.name}" for found in pkgutil.iter_modules(rnnlib.book.__path__)]
MODULES = ("rnnlib", *(f"rnnlib.{name}" for name in (*PARTS, *BOOK)))


class Door(NamedTuple):
    """build: arguments that are right (`self` among them for a method), new ones at each call; what is left out has its
    default. fine: argument -> "kinds: why the answer is right". named: argument -> the word that an error has for it.
    heavy: a right call takes too long to be made here.
    """

    build: Callable[[], dict[str, Any]]
    fine: dict[str, str] = {}  # noqa: RUF012
    named: dict[str, str] = {}  # noqa: RUF012
    heavy: bool = False


# ---- what is public -------------------------------------------------------------------------------------------------


def is_ours(found):
    return callable(found) and hasattr(found, "__qualname__") and found.__module__.startswith("rnnlib")


def public():
    """Name -> every public function, class and method (those that a class inherits stand where they are written)."""
    doors, known = {}, set()
    for module in map(importlib.import_module, MODULES):
        for name in names(module):
            found = getattr(module, name)
            if isinstance(found, types.GenericAlias) or not is_ours(found) or found in known:
                continue
            known.add(found)
            key = name if isinstance(found, type) else f"{module.__name__}.{name}".removeprefix("rnnlib.")
            assert key not in doors, f"two of the name {key}"
            doors[key] = found
            for owner in filter(is_ours, found.__mro__ if isinstance(found, type) else ()):
                doors |= methods(owner)
    return doors


def names(module):
    """What a module offers: its `__all__`, or all that is written in it and has a name without an underscore."""
    written = [n for n, found in vars(module).items() if getattr(found, "__module__", "") == module.__name__]
    return getattr(module, "__all__", [name for name in written if not name.startswith("_")])


def methods(owner):
    """Class.method -> the public methods that are written in a class."""
    kinds = (types.FunctionType, classmethod, staticmethod)
    names = [name for name, value in vars(owner).items() if isinstance(value, kinds) and not name.startswith("_")]
    generated = {"_make", "_replace", "_asdict", "count", "index"}
    return {f"{owner.__name__}.{name}": getattr(owner, name) for name in names if name not in generated}


# ---- wrong values ---------------------------------------------------------------------------------------------------


def wrong(right):
    """Kind -> a value that is wrong in most places."""
    values = {
        "none": None,
        "text": "zz",
        "nan": float("nan"),
        "infinity": float("inf"),
        "negative": -1,
        "empty": np.zeros(0),
        "rank": np.zeros((1,) * 7),
        "objects": np.array([None, "zz"], object),
    }
    if isinstance(right, np.ndarray) and right.dtype.kind == "f" and right.size:
        for kind, value in (("nan inside", np.nan), ("infinity inside", np.inf)):
            values[kind] = right.copy()
            values[kind].flat[0] = value
    return values


def seen(value, inside=()):
    """All that can be seen of a value, to the last bit: two are equal where nothing has changed."""
    if id(value) in inside:
        return "..."
    inside = (*inside, id(value))
    if isinstance(value, np.ndarray):
        return (value.shape, str(value.dtype), repr(value) if value.dtype == object else value.tobytes())
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    if isinstance(value, dict):
        return [(key, seen(one, inside)) for key, one in value.items()]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *(seen(one, inside) for one in value)]
    if type(value).__module__.startswith("rnnlib") and hasattr(value, "__dict__"):
        return [type(value).__name__, seen({k: v for k, v in vars(value).items() if not callable(v)}, inside)]
    return repr(value) if value is None or isinstance(value, (str, int, float, bytes)) else type(value).__name__


# ---- one row --------------------------------------------------------------------------------------------------------


def complete(call, build):
    """The arguments of a right call; those that the row leaves out have their defaults."""
    parameters, arguments = inspect.signature(call).parameters, build()
    given = {name: p.default for name, p in parameters.items() if p.default is not p.empty}
    missing = [n for n, p in parameters.items() if n not in arguments | given and p.kind < p.VAR_POSITIONAL]
    assert not missing, f"the row has no {missing}"
    return given | arguments


def called(call, arguments):
    """The call; what stands before `*more` goes by its place."""
    parameters, rest = inspect.signature(call).parameters, dict(arguments)
    several = [name for name, p in parameters.items() if p.kind is p.VAR_POSITIONAL]
    places = []
    for name, p in parameters.items() if several else ():
        if p.kind is p.POSITIONAL_OR_KEYWORD:
            places.append(rest.pop(name))
        elif p.kind is p.VAR_POSITIONAL:
            more = rest.pop(name, ())
            places += more if isinstance(more, tuple) else [more]
    with np.errstate(all="ignore"):
        return call(*places, **rest)


def faults(call, door):
    """What a callable does wrong, a line each; none where it stands all wrong values."""
    found, arguments, parameters = [], complete(call, door.build), inspect.signature(call).parameters
    if not door.heavy:
        called(call, arguments)
    names = [name for name in arguments if name != "self"]
    for name in names:
        fine = {kind.strip() for kind in door.fine.get(name, ":").partition(":")[0].split(",")}
        answered, tried = set(), set()
        for kind, value in wrong(arguments[name]).items():
            if value is None and (arguments[name] is None or getattr(parameters.get(name), "default", 0) is None):
                continue  # "none is given", as the signature says
            tried.add(kind)
            arguments = complete(call, door.build)
            before = seen(arguments | {name: None})
            try:
                called(call, arguments | {name: value})
            except (ValueError, TypeError, OSError) as error:
                found += [f"{name} = {kind}: {words}" for words in unclear(error, name, door.named.get(name))]
                if seen(arguments | {name: None}) != before:
                    found.append(f"{name} = {kind}: something has changed, though it was refused")
            except Exception as error:
                found.append(f"{name} = {kind}: raises {type(error).__name__}: {error}")
            else:
                answered.add(kind)
        found += [f"{name} = {kind}: is taken" for kind in sorted(answered - fine) if fine != {"any"}]
        found += [f"{name} = {kind}: the row says that it is fine" for kind in sorted(fine & tried - answered)]
    return found


def unclear(error, name, other):
    """Whether an error is no ValueError, TypeError or OSError as it is raised here, or does not name the argument."""
    named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)[^:]*: |^\[Errno", str(error)) or (other and other in str(error))
    if not named or (type(error) not in (ValueError, TypeError) and not isinstance(error, OSError)):
        yield f"raises {type(error).__name__}: {str(error)[:150]}"
