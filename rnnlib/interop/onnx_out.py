"""A model or a layer as an ONNX file, which onnxruntime and others run without this library. Chapter 09.

Padding means there what it means here: what stands past the end of a sequence is never read, the outputs there are 0,
and final states and pooling stop at the true end.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..cells import Cell
from ..checks import as_dtype, as_flag
from ..language import LanguageModel
from ..layers import Dense, Layer
from ..models import ManyToMany, ManyToOne, Model, OneToOne
from ..parameters import Parametric
from .building import as_path
from .onnx_file import Value, encode
from .onnx_graph import Graph, add_dense, add_last, add_layer

__all__ = ["to_onnx"]

ANSWERS = {"cross_entropy": "Softmax", "binary_cross_entropy": "Sigmoid", "mean_squared_error": "Identity"}


def to_onnx(
    model: Model | Layer | Dense,
    path: str | os.PathLike[str],
    *,
    lengths: bool = True,
    states: bool = False,
    dtype: DTypeLike | None = np.float32,
) -> None:
    """Write a model or a layer to `path` as an ONNX file. It takes no package; the same model gives the same bytes.

    model: `OneToOne`, `ManyToOne`, `ManyToMany`, `LanguageModel`, whose output "y" is what `predict` gives;
    `Recurrent`, `Bidirectional`, `Stacked`, `Embedding`, `Conv1D` or `Dense`, whose "y" is followed by the final states
    (B, H), from zeros: "h", for an LSTM "c", with the path of the part before it ("0.left.h"). Dropout is left out, as
    in `predict`. Inputs: "x" as here, time first (T, B, I); for an `Embedding` int64 (T, B); for `OneToOne` and `Dense`
    (B, I). And "lengths" (B,), int64; `lengths=False` leaves it out, and every sequence has T steps. T and B may
    change. `states=True`: the first states are inputs ("0.left.initial_h"), and a model gives its final ones, too, so
    that a long sequence can be read, or a text be written, piece by piece: `ManyToMany(model.body, model.output)` is
    one step of a model that writes. dtype: of the file. float64 weights are ROUNDED to float32 unless you say
    `dtype=np.float64`, because onnxruntime has RNN, LSTM, GRU and Conv in float32 alone: its answers then differ from
    those here in about the seventh digit. None: the model's own. The names of the classes are in the metadata
    ("classes", JSON).

        to_onnx(model, "model.onnx")
        session = onnxruntime.InferenceSession("model.onnx")
        (y,) = session.run(["y"], {"x": x.astype(np.float32), "lengths": lengths})

    The file checks less than the doors here: a word number below 0 counts from the end there, and a model takes a
    length of 0.
    Raises: TypeError for what is no part of a network. ValueError, which says why, for models that write (`OneToMany`,
    `EncoderDecoder`), `TreeRNN`, a class of your own, weights too large for `dtype`, and more than 2 GiB; OSError.
    """
    if not isinstance(model, Parametric):
        raise TypeError(f"model: expected a model or a layer, got {type(model).__name__}")
    file = as_path(path)
    as_flag("lengths", lengths), as_flag("states", states)
    reads_time = not isinstance(model, (Dense, OneToOne))
    if states and not reads_time:
        raise ValueError(f"states: expected False, because {type(model).__name__} has no state to begin from")
    graph = Graph(as_dtype(model.dtype if dtype is None else dtype), bool(lengths) and reads_time, bool(states))
    outputs = _write_model(graph, model) if isinstance(model, Model) else _write_layer(graph, model)
    graph.prune([value.name for value in outputs])
    about = f"{model!r} in {graph.dtype}"
    if model.dtype != graph.dtype:
        about += f", written from {model.dtype}"
    notes = {"classes": json.dumps(model.classes, ensure_ascii=False)} if isinstance(model, Model) else {}
    version = str(getattr(sys.modules["rnnlib"], "__version__", ""))
    inputs = _inputs(graph, model) + graph.firsts
    content = encode(graph.nodes, inputs, outputs, graph.arrays, about=about, version=version, notes=notes)
    file.write_bytes(content)


def _inputs(graph: Graph, model: Any) -> list[Value]:
    reader = model.body if isinstance(model, Model) else model
    if isinstance(model, (Dense, OneToOne)):
        return [Value("x", graph.dtype, ("B", reader.inputs), "B examples")]
    if reader.takes_ids:
        x = Value("x", np.int64, ("T", "B"), f"B sequences of T words, numbered 0 to {reader.inputs - 1}")
    else:
        x = Value("x", graph.dtype, ("T", "B", reader.inputs), "B sequences of T steps")
    return [x, Value("lengths", np.int64, ("B",), "the steps of each sequence")] if graph.lengths else [x]


def _write_layer(graph: Graph, layer: Any) -> list[Value]:
    """The nodes of a layer -> what the file gives: its outputs, and the final states."""
    if type(layer) is Dense:
        graph.add("Identity", add_dense(graph, layer, "x"), named=["y"])
        return [Value("y", graph.dtype, ("B", layer.outputs))]
    if not isinstance(layer, Layer):
        reason = (
            "a cell is one step; give Recurrent(cell)" if isinstance(layer, Cell) else "it is no model and no layer"
        )
        raise ValueError(f"model: {type(layer).__name__} cannot be written as ONNX: {reason}")
    y, _ = add_layer(graph, layer, graph.read(layer.takes_ids, empty=True))
    graph.add("Identity", y, named=["y"])
    return [Value("y", graph.dtype, ("T", "B", layer.outputs)), *graph.finals]


def _write_model(graph: Graph, model: Model) -> list[Value]:
    """The nodes of a model -> what the file gives: the answers of `predict`."""
    shape: tuple[str, ...] = ("B",)
    if type(model) is OneToOne:
        y, _ = add_layer(graph, model.body, graph.add("Unsqueeze", "x", graph.whole([0])), "body.")
        read = graph.add("Squeeze", y, graph.whole([0]))
    elif type(model) in (ManyToMany, LanguageModel):
        read, _ = add_layer(graph, model.body, graph.read(model.body.takes_ids, graph.initial), "body.")
        shape = ("T", "B")
    elif type(model) is ManyToOne:
        y, known = add_layer(graph, model.body, graph.read(model.body.takes_ids, graph.initial), "body.")
        read = _pooled(graph, model.pool, y, known)
    else:
        raise ValueError(
            f"model: {type(model).__name__} cannot be written as ONNX: expected OneToOne, ManyToOne or ManyToMany. "
            "What a model writes is a loop until its end symbol and no graph; a step of it is ManyToMany(model.body, "
            "model.output), written with states=True"
        )
    logits = add_dense(graph, model.output, read, "output.")
    answer = ANSWERS[model.loss_name]
    graph.add(answer, logits, named=["y"], **({"axis": -1} if answer == "Softmax" else {}))
    y_t = Value("y", graph.dtype, (*shape, model.output.outputs), ", ".join(model.classes))
    return [y_t, *(graph.finals if graph.initial else ())]


def _pooled(graph: Graph, pool: str, y: str, known: list[str]) -> str:
    """What a `ManyToOne` reads of its body, (B, O)."""
    if pool == "last":
        if not known:
            return add_last(graph, y)
        return known[0] if len(known) == 1 else graph.add("Concat", *known, axis=1)
    if pool == "max":
        return graph.add("ReduceMax", graph.masked(y, -np.inf), axes=(0,), keepdims=0)
    if not graph.lengths:
        return graph.add("ReduceMean", y, axes=(0,), keepdims=0)
    count = graph.add("CastLike", graph.add("Unsqueeze", "lengths", graph.whole([1])), y)
    return graph.add("Div", graph.add("ReduceSum", y, graph.whole([0]), keepdims=0), count)
