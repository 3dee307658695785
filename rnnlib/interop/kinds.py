"""Which classes a file can hold, and how each is taken apart and built again. Nothing outside this table is built."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from .. import cells, layers, models
from ..functions import FloatArray
from ..language import LanguageModel
from ..parameters import Parametric

__all__ = ["Node", "Refused", "build", "describe"]

Node = dict[str, Any]  # {"kind": class, "arguments": {name: value}, "parts": {name: Node or [Node, ...]}}
DEEPEST = 50  # parts inside parts


class Refused(Exception):
    """What is wrong with a model that is to be saved, or with a file."""


class Form(NamedTuple):
    """How a class is built: argument -> the attribute that holds it; the parts; the matrices as products of sizes; and
    arguments that older files do not have, as they were meant there.

    The matrices say what building needs, so that a file cannot ask for more room than it takes itself.
    """

    make: Callable[..., Any]
    arguments: dict[str, str]
    parts: tuple[str, ...] = ()
    matrices: tuple[tuple[str, ...], ...] = ()
    older: Mapping[str, Any] = {}


def _same(text: str, **others: str) -> dict[str, str]:
    return {name: name for name in text.split()} | others


IN_OUT = (("inputs", "outputs"),)
IN_HIDDEN = (("inputs", "hidden"), ("hidden", "hidden"))
MODEL = {"loss": "loss_name", "class_weights": "class_weights", "classes": "classes"}
WRITER = MODEL | _same("end start teacher_forcing")
FORMS = (
    Form(cells.RNNCell, _same("inputs hidden activation bias"), matrices=IN_HIDDEN),
    Form(cells.LSTMCell, _same("inputs hidden peepholes bias"), matrices=IN_HIDDEN),
    Form(cells.GRUCell, _same("inputs hidden reset_after bias"), matrices=IN_HIDDEN),
    Form(layers.Dense, _same("inputs outputs"), matrices=IN_OUT),
    Form(layers.Embedding, _same("outputs frozen", words="inputs"), matrices=(("words", "outputs"),)),
    Form(
        layers.Conv1D,
        _same("inputs outputs kernel dilation causal activation"),
        matrices=(("kernel", "inputs", "outputs"),),
    ),
    Form(layers.TreeRNN, _same("inputs", hidden="outputs"), matrices=IN_HIDDEN),
    Form(layers.Dropout, _same("outputs rate whole")),
    Form(layers.Recurrent, _same("reverse"), ("cell",)),
    Form(layers.Bidirectional, {}, ("left", "right")),
    Form(layers.Stacked, {}, ("layers",)),
    Form(models.OneToOne, MODEL, ("body", "output")),
    Form(models.ManyToOne, MODEL | _same("pool"), ("body", "output")),
    Form(models.ManyToMany, MODEL, ("body", "output")),
    Form(LanguageModel, _same("by tied", symbols="characters"), ("body", "output"), older={"tied": False}),
    Form(models.OneToMany, WRITER, ("begin", "body", "output")),
    Form(models.EncoderDecoder, WRITER, ("encoder", "body", "output")),
)
KINDS = {form.make.__name__: form for form in FORMS}


# ---- taking apart -------------------------------------------------------------------------------------------------


def describe(part: Parametric) -> tuple[Node, dict[str, FloatArray]]:
    """The tree of a part and of those inside it, and all arrays by their path in the tree."""
    arrays: dict[str, FloatArray] = {}
    node = _describe(part, "", arrays, set())
    if len(found := {str(array.dtype) for array in arrays.values()}) > 1:
        raise Refused(f"expected arrays of one dtype, got {sorted(found)}")
    return node, arrays


def _describe(part: Any, path: str, arrays: dict[str, FloatArray], seen: set[int]) -> Node:
    name = type(part).__name__
    form = KINDS.get(name)
    if form is None or type(part) is not form.make:
        raise Refused(f"{path or 'model'}: expected a class of this library, one of {', '.join(KINDS)}; got {name}")
    if id(part) in seen:
        raise Refused(f"{path or 'model'}: this {name} stands in two places; a file would make two of it")
    seen.add(id(part))
    arrays.update({path + key: getattr(part, key) for key in part.names})
    parts: dict[str, Any] = {}
    for key in form.parts:
        inside = getattr(part, key)
        if isinstance(inside, list):
            parts[key] = [_describe(p, f"{path}{key}.{k}.", arrays, seen) for k, p in enumerate(inside)]
        else:
            parts[key] = _describe(inside, f"{path}{key}.", arrays, seen)
    arguments = {key: _plain(getattr(part, name), path + key) for key, name in form.arguments.items()}
    return {"kind": name, "arguments": arguments, "parts": parts}


def _plain(value: Any, name: str) -> Any:
    """An argument as JSON can hold it without loss."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (tuple, list)):
        return [_plain(v, name) for v in value]
    if value is not None and not isinstance(value, (str, bool, int, float)):
        raise Refused(f"{name}: expected numbers or words, got {type(value).__name__}")
    return value


# ---- building -----------------------------------------------------------------------------------------------------


def build(node: Any, arrays: Mapping[str, FloatArray]) -> Parametric:
    """The part that a tree describes, with its arrays; Refused where tree and arrays do not fit each other."""
    left = dict(arrays)
    dtype = next((array.dtype for array in arrays.values()), np.dtype(np.float64))
    part: Parametric = _build(node, "", left, dtype)
    if left:
        raise Refused(f"arrays that belong to no part: {sorted(left)[:5]}")
    return part


def _build(node: Any, path: str, arrays: dict[str, FloatArray], dtype: np.dtype[Any]) -> Any:
    if path.count(".") > 2 * DEEPEST:
        raise Refused(f"expected at most {DEEPEST} parts inside each other")
    form = KINDS.get(node["kind"])
    if form is None:
        raise Refused(f"{path or 'model'}: expected one of {', '.join(KINDS)}, got {node['kind']!r}")
    arguments, parts = {**form.older, **node["arguments"]}, node["parts"]
    if set(arguments) != set(form.arguments) or set(parts) != set(form.parts):
        raise Refused(f"{path or 'model'}: the arguments or parts are not those of {node['kind']}")
    own = {name: arrays.pop(name) for name in _own(arrays, path)}
    _check_room(form, arguments, sum(array.size for array in own.values()), path)
    if form.matrices:
        arguments |= {"rng": np.random.default_rng(0), "dtype": dtype}
    for name, inside in parts.items():
        arguments[name] = (
            [_build(n, f"{path}{name}.{k}.", arrays, dtype) for k, n in enumerate(inside)]
            if isinstance(inside, list)
            else _build(inside, f"{path}{name}.", arrays, dtype)
        )
    part = form.make(**arguments)
    _fill(part, {name.removeprefix(path): array for name, array in own.items()}, path)
    return part


def _own(arrays: Mapping[str, FloatArray], path: str) -> Iterator[str]:
    """The arrays of the part at this path, and not of those inside it."""
    return iter([name for name in arrays if name.startswith(path) and "." not in name[len(path) :]])


def _check_room(form: Form, arguments: Mapping[str, Any], room: int, path: str) -> None:
    """Building must not need more than what the file holds: sizes are compared before any array is made."""
    for sizes in form.matrices:
        values = [arguments[name] for name in sizes]
        if any(type(value) is not int or value < 1 for value in values) or math.prod(values) > room:
            asked = dict(zip(sizes, values, strict=True))
            raise Refused(f"{path or 'model'}: {asked} asks for more than its {room} numbers")


def _fill(part: Parametric, own: Mapping[str, FloatArray], path: str) -> None:
    if set(own) != set(part.names):
        raise Refused(f"{path or 'model'}: expected the arrays {sorted(part.names)}, got {sorted(own)}")
    for name, array in own.items():
        if getattr(part, name).shape != array.shape:
            raise Refused(f"{path}{name}: expected {getattr(part, name).shape}, got {array.shape}")
        if array.dtype != getattr(part, name).dtype:
            raise Refused(f"{path}{name}: expected {getattr(part, name).dtype}, got {array.dtype}")
        setattr(part, name, array)
