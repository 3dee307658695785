"""Layers as the nodes of an ONNX graph: one function for each kind, which says the same as its layer does. Chapter 09.

Sources: the ONNX operators RNN, LSTM and GRU (version 14), Conv, Gather, MatMul, Softmax and others (version 17).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell, GRUCell, LSTMCell, RNNCell
from ..functions import FloatArray
from ..layers import Bidirectional, Conv1D, Dense, Dropout, Embedding, Layer, Recurrent, Stacked, TreeRNN
from .notation import PEEPHOLES, reorder
from .onnx_file import Node, Value

__all__ = ["Graph", "add_dense", "add_last", "add_layer"]

INT32 = 6  # as TensorProto.DataType
ACTIVATIONS: dict[str, dict[str, Any]] = {  # of the operator RNN
    "tanh": {},  # its default
    "relu": {"activations": ("Relu",)},
    "linear": {"activations": ("Affine",), "activation_alpha": (1.0,), "activation_beta": (0.0,)},  # 1 x + 0
}


class Graph:
    """The nodes and the constants so far.

    lengths: whether there is an input "lengths" (B,). Then `steps` (T, 1) are the numbers 0..T-1, `past` (T, B, 1) says
    which steps are padding, and `sequence_lens` is what the recurrent operators take; else they are "". `empty` (B, 1)
    says which sequences have length 0, or is "" where none may have it: some runtimes go wrong there, so that a
    recurrent operator reads one step of them, which is then thrown away.
    initial: whether the first states are inputs, too; else they are zeros. firsts, finals: the states (B, H) of all
    recurrent layers before and after, in the order of the layers.
    """

    def __init__(self, dtype: np.dtype[Any], lengths: bool, initial: bool) -> None:
        self.dtype, self.lengths, self.initial = dtype, lengths, initial
        self.nodes: list[Node] = []
        self.arrays: dict[str, NDArray[Any]] = {}
        self.firsts: list[Value] = []
        self.finals: list[Value] = []
        self.steps = self.past = self.sequence_lens = self.empty = ""

    def add(self, op_type: str, *inputs: str, named: Sequence[str] = (), **attributes: Any) -> str:
        """One node more -> the name of its first output. named: all of its outputs, by name."""
        names = tuple(named) or (f"{op_type}_{len(self.nodes)}:0",)
        given = inputs[: max(k for k, name in enumerate(inputs, 1) if name)]  # those left out at the end are not named
        self.nodes.append(Node(op_type, given, names, attributes))
        return names[0]

    def constant(self, name: str, array: FloatArray) -> str:
        """A constant, in the dtype of the file -> its name."""
        with np.errstate(over="ignore"):
            held = np.asarray(array).astype(self.dtype)
        if (np.isinf(held) & np.isfinite(array)).any():
            raise ValueError(f"{name}: expected numbers that {self.dtype} can hold, got {np.abs(array).max():.3g}")
        self.arrays[name] = held
        return name

    def whole(self, value: int | list[int]) -> str:
        """A whole number, or a list of axes, as a constant -> its name."""
        name = f"whole:{value}"
        self.arrays[name] = np.array(value, np.int64)
        return name

    def read(self, ids: bool, empty: bool) -> str:
        """The input "x" of T steps, with 0 in its padding whatever stands there. empty: whether lengths may be 0."""
        if not self.lengths:
            return "x"
        T = self.add("Gather", self.add("Shape", "x"), self.whole(0))
        count = self.add("Range", self.whole(0), T, self.whole(1))
        self.steps = self.add("Unsqueeze", count, self.whole([1]))
        past = self.add("GreaterOrEqual", self.steps, "lengths")  # (T, B)
        self.past = self.add("Unsqueeze", past, self.whole([2]))
        counts = "lengths"
        if empty:
            self.empty = self.add("Less", self.add("Unsqueeze", "lengths", self.whole([1])), self.whole(1))
            counts = self.add("Max", "lengths", self.whole(1))
        self.sequence_lens = self.add("Cast", counts, named=["sequence_lens"], to=INT32)
        return self.add("Where", past, self.whole(0), "x") if ids else self.masked("x", 0.0)

    def number(self, value: float) -> str:
        """A single number as a constant -> its name."""
        return self.constant(f"number:{value:g}", np.array(value))

    def prune(self, outputs: Sequence[str]) -> None:
        """Drop what none of these outputs needs, such as the final states of a model that reads all steps."""
        wanted, kept = set(outputs), []
        for node in reversed(self.nodes):
            if wanted & set(node.outputs):
                kept.append(node)
                wanted |= set(node.inputs)
        self.nodes = kept[::-1]
        self.arrays = {name: array for name, array in self.arrays.items() if name in wanted}

    def masked(self, y: str, fill: float) -> str:
        """y (T, B, O) with `fill` in its padding."""
        return self.add("Where", self.past, self.number(fill), y) if self.past else y


def add_layer(graph: Graph, layer: Layer, x: str, path: str = "") -> tuple[str, list[str]]:
    """The nodes of a layer over x -> the value of its outputs (T, B, O), and of what it knows at the end.

    The latter: final h (B, H), one after the other; [] for a layer that knows its last true output (`add_last`).
    ValueError, which says why, for a layer that no graph can hold. path: of its parameters, such as "body.".
    """
    writer = LAYERS.get(type(layer))
    if writer is None:
        reason = "each tree has its own order of steps, and an ONNX graph has one order for all inputs"
        if type(layer) is not TreeRNN:
            reason = f"only the layers of this library are known: {', '.join(kind.__name__ for kind in LAYERS)}"
        raise ValueError(f"{path.rstrip('.') or 'model'}: {type(layer).__name__} cannot be written as ONNX: {reason}")
    return writer(graph, layer, x, path)


def add_dense(graph: Graph, dense: Dense, h: str, path: str = "") -> str:
    """`y = h W_hy^T + b_y` on every row."""
    product = graph.add("MatMul", h, graph.constant(f"{path}W_hy^T", dense.W_hy.T))
    return graph.add("Add", product, graph.constant(f"{path}b_y", dense.b_y))


def add_last(graph: Graph, y: str) -> str:
    """The last true output of y (T, B, O): (B, O)."""
    if not graph.lengths:
        return graph.add("Gather", y, graph.whole(-1), axis=0)
    last = graph.add("Equal", graph.steps, graph.add("Sub", "lengths", graph.whole(1)))  # (T, B)
    there = graph.add("Unsqueeze", last, graph.whole([2]))
    alone = graph.add("Where", there, y, graph.number(0))
    return graph.add("ReduceSum", alone, graph.whole([0]), keepdims=0)


# ---- the layers ---------------------------------------------------------------------------------------------------


def _recurrent(graph: Graph, layer: Recurrent, x: str, path: str) -> tuple[str, list[str]]:
    cell = layer.cell
    if type(cell) not in (RNNCell, LSTMCell, GRUCell):
        raise ValueError(f"{path}cell: expected RNNCell, LSTMCell or GRUCell, got {type(cell).__name__}")
    attributes: dict[str, Any] = {"hidden_size": cell.hidden, "direction": "reverse" if layer.reverse else "forward"}
    if isinstance(cell, RNNCell):
        attributes |= ACTIVATIONS[cell.activation]
    if isinstance(cell, GRUCell):
        attributes["linear_before_reset"] = int(cell.reset_after)
    arrays = operator_arrays(cell)
    W, R, B, P = (graph.constant(path + name, arrays[name]) if name in arrays else "" for name in "WRBP")
    names = ("h", "c") if cell.kind == "lstm" else ("h",)
    firsts = [Value(f"{path}initial_{name}", graph.dtype, ("B", cell.hidden)) for name in names if graph.initial]
    initial = [graph.add("Unsqueeze", first.name, graph.whole([0])) for first in firsts] + ["", ""]
    raw = [f"{path}Y", *(f"{path}Y_{name}" for name in names)]
    graph.add(cell.kind.upper(), x, W, R, B, graph.sequence_lens, *initial[:2], P, named=raw, **attributes)
    for k, name in enumerate(names):
        _final(graph, raw[1 + k], firsts[k].name if firsts else graph.number(0), path + name)
    graph.firsts += firsts
    graph.finals += [Value(path + name, graph.dtype, ("B", cell.hidden), "at the end") for name in names]
    y = graph.add("Squeeze", raw[0], graph.whole([1]))
    return graph.masked(y, 0) if graph.empty else y, [f"{path}h"]


def _final(graph: Graph, state: str, first: str, name: str) -> None:
    """The final state (B, H) of one direction (1, B, H), under its name; a sequence of length 0 keeps the first one."""
    if graph.empty:
        graph.add("Where", graph.empty, first, graph.add("Squeeze", state, graph.whole([0])), named=[name])
    else:
        graph.add("Squeeze", state, graph.whole([0]), named=[name])


def operator_arrays(cell: Cell) -> dict[str, FloatArray]:
    """W (1, G*H, I), R (1, G*H, H), B (1, 2*G*H) and P (1, 3*H), as far as the cell has them: what `from_onnx` reads.

    B holds b_h and zeros; in the block n of a GRU with `reset_after` the second half holds b_hn.
    """
    arrays = {"W": cell.W_xh, "R": cell.W_hh}
    if cell.bias:
        second = np.zeros_like(cell.b_h)
        if isinstance(cell, GRUCell) and cell.reset_after:
            second[2 * cell.hidden :] = cell.b_hn
        arrays |= {"Wb": cell.b_h, "Rb": second}
    arrays = {name: reorder(array, cell.kind, before="book", after="onnx") for name, array in arrays.items()}
    if cell.bias:
        arrays["B"] = np.concatenate([arrays.pop("Wb"), arrays.pop("Rb")])
    if isinstance(cell, LSTMCell) and cell.peepholes:
        rows = dict(zip(PEEPHOLES["book"], cell.W_ch, strict=True))
        arrays["P"] = np.concatenate([rows[gate] for gate in PEEPHOLES["onnx"]])
    return {name: array[None] for name, array in arrays.items()}


def _bidirectional(graph: Graph, layer: Bidirectional, x: str, path: str) -> tuple[str, list[str]]:
    """A node for each direction: unlike the two of one ONNX node, they may differ in cell and size."""
    (y_left, left), (y_right, right) = (
        add_layer(graph, part, x, f"{path}{name}.") for name, part in (("left", layer.left), ("right", layer.right))
    )
    return graph.add("Concat", y_left, y_right, axis=2), left + right


def _stacked(graph: Graph, layer: Stacked, x: str, path: str) -> tuple[str, list[str]]:
    known: list[str] = []
    with_weights = 0  # parameters are counted without the dropout between them
    for part in layer.layers:
        x, known = add_layer(graph, part, x, f"{path}{with_weights}.")
        with_weights += type(part) is not Dropout
    return x, known


def _dropout(graph: Graph, layer: Dropout, x: str, path: str) -> tuple[str, list[str]]:
    return x, []


def _embedding(graph: Graph, layer: Embedding, x: str, path: str) -> tuple[str, list[str]]:
    return graph.masked(graph.add("Gather", graph.constant(f"{path}W_e", layer.W_e), x), 0.0), []


def _convolution(graph: Graph, layer: Conv1D, x: str, path: str) -> tuple[str, list[str]]:
    """Conv reads (B, I, T), and W as (O, I, k); its padding stands for what lies outside the sequence."""
    reach = layer.receptive_field - 1
    before = reach if layer.causal else reach // 2
    turned = graph.add("Transpose", x, perm=(1, 2, 0))
    W, b = graph.constant(f"{path}W_k", layer.W_k.transpose(1, 2, 0)), graph.constant(f"{path}b_k", layer.b_k)
    a = graph.add("Conv", turned, W, b, dilations=(layer.dilation,), pads=(before, reach - before))
    y = graph.add("Transpose", a, perm=(2, 0, 1))
    if layer.activation:
        y = graph.add({"relu": "Relu", "tanh": "Tanh"}[layer.activation], y)
    return graph.masked(y, 0.0), []


LAYERS: dict[type[Layer], Callable[[Graph, Any, str, str], tuple[str, list[str]]]] = {
    Recurrent: _recurrent,
    Bidirectional: _bidirectional,
    Stacked: _stacked,
    Embedding: _embedding,
    Conv1D: _convolution,
    Dropout: _dropout,
}
