"""Frozen records of one run of a model on one sequence: everything that a diagram or a table needs, and nothing drawn.

A trace is computed by the library's own methods, not by a second copy of the equations, and its arrays cannot be
changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .cells import GRUCell, RNNCell
from .checks import as_size, as_texts
from .functions import FloatArray, IntArray
from .layers import Bidirectional, Dropout, Forest, Layer, Recurrent, Stacked, TreeRNN
from .models import EncoderDecoder, ManyToMany, ManyToOne, Model, OneToMany, OneToOne
from .parameters import named

__all__ = ["BackwardTrace", "LayerTrace", "Trace", "trace", "trace_back"]


class Frozen:
    """A record whose arrays cannot be changed."""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            for array in value.values() if isinstance(value, dict) else [value]:
                if isinstance(array, np.ndarray):
                    _still(array)


def _still(array: FloatArray) -> FloatArray:
    """The array; nothing can be written into it from now on."""
    array.flags.writeable = False
    return array


@dataclass(frozen=True)
class LayerTrace(Frozen):
    """One layer over T steps. outputs (T, O) and x (T, I) are there for every kind; the rest for recurrent layers:

    from_input (T, G*H) = `W_xh x_t + b_h`; from_state (T, G*H) = `W_hh h_before`; gates: for a gated cell, name -> (T,
    H) after the activation; states: name -> (T+1, H), the first state included, in the order of time (with `reverse`
    the first state stands last). For a tree: states["h"] (M, H), the vectors of all nodes, leaves first, the root last.
    activation: what a plain cell or a convolution squashes with ("tanh", "relu", "linear"), "" where gates do it.
    reset_after: of a GRU, its form (see `GRUCell`).
    """

    name: str
    kind: str
    x: FloatArray
    outputs: FloatArray
    from_input: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    from_state: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    gates: dict[str, FloatArray] = field(default_factory=dict)
    states: dict[str, FloatArray] = field(default_factory=dict)
    reverse: bool = False
    activation: str = ""
    reset_after: bool = True


@dataclass(frozen=True)
class Trace(Frozen):
    """One sequence of T steps through a model with K outputs.

    tokens: a name for each step. classes: a name for each output. layers: all layers, from the input to the output; a
    decoder's begin with "decoder". logits (T, K) = `W_hy h_t + b_y` and probabilities (T, K): the answer at each step,
    and where the model answers once, what it would answer if the sequence ended after step t. For a model that writes,
    they belong to the symbols that it wrote (`written`). params: the parameters at that moment, under their flat names.
    loss_name: the loss that the model is trained with; squash: what makes its logits an answer: "softmax", "sigmoid" or
    "" (the numbers as they are).

    `x`, `from_input`, `from_state`, `total`, `gates`, `states` and `h` are those of the last recurrent layer.
    """

    tokens: tuple[str, ...]
    classes: tuple[str, ...]
    layers: tuple[LayerTrace, ...]
    logits: FloatArray
    probabilities: FloatArray
    params: dict[str, FloatArray]
    written: tuple[int, ...] = ()
    loss_name: str = "cross_entropy"

    @property
    def squash(self) -> str:
        """What makes the logits an answer."""
        return {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}.get(self.loss_name, "")

    @cached_property
    def main(self) -> LayerTrace:
        """The last layer with a state (or the last one of all)."""
        return next((layer for layer in reversed(self.layers) if layer.states), self.layers[-1])

    @property
    def activation(self) -> str:
        """Of the main layer: "tanh", "relu" or "linear"; "" for a cell with gates."""
        return self.main.activation

    @property
    def kind(self) -> str:
        """What the main layer is: "rnn", "lstm", "gru", "tree", ..."""
        return self.main.kind

    @property
    def x(self) -> FloatArray:
        """The main layer's inputs, (T, I)."""
        return self.main.x

    @property
    def from_input(self) -> FloatArray:
        """`W_xh x_t + b_h`, (T, G*H)."""
        return self.main.from_input

    @property
    def from_state(self) -> FloatArray:
        """`W_hh h_(t-1)`, (T, G*H)."""
        return self.main.from_state

    @cached_property
    def total(self) -> FloatArray:
        """`from_input + from_state`, (T, G*H). For a plain cell `h_t = tanh(total_t)`; for the gates i, f, g, o of an
        LSTM and r, z of a GRU it is what goes into the activation. (A GRU's n has its reset gate in between.)"""
        return _still(self.main.from_input + self.main.from_state)

    @property
    def gates(self) -> dict[str, FloatArray]:
        """Gates after their activation, name -> (T, H)."""
        return self.main.gates

    @property
    def states(self) -> dict[str, FloatArray]:
        """States, name -> (T+1, H)."""
        return self.main.states

    @property
    def h(self) -> FloatArray:
        """The hidden states h_0 .. h_T, (T+1, H)."""
        return self.main.states["h"]

    @property
    def T(self) -> int:
        """The number of steps."""
        return len(self.main.x)

    @property
    def H(self) -> int:
        """The number of hidden units."""
        return int(self.h.shape[1])

    def __repr__(self) -> str:
        return f"Trace({self.kind}, T={self.T}, {' '.join(self.tokens)!r})"


@dataclass(frozen=True)
class BackwardTrace(Frozen):
    """A backward pass over one sequence, step by step (for a model with one recurrent layer).

    from_output (T, H): the part of the gradient on h_t that comes from the output at t; from_future (T, H): the part
    that comes back through W_hh; d_h = their sum. d_c (T, H): for an LSTM the gradient on c_t from the future.
    d_a (T, G*H): the gradient on what goes into the activations. slopes (T, H): for a plain cell those of the
    activation, so that d_a = d_h * slopes; (0, H) for a cell with gates. contributions: for each weight of the cell
    (T, ...), what step t adds; their sum over t is the gradient. gradients: all parameters.
    """

    forward: Trace
    loss: float
    d_logits: FloatArray
    from_output: FloatArray
    from_future: FloatArray
    d_c: FloatArray
    d_a: FloatArray
    slopes: FloatArray
    contributions: dict[str, FloatArray]
    gradients: dict[str, FloatArray]

    @cached_property
    def d_h(self) -> FloatArray:
        """The whole gradient on h_t, (T, H)."""
        return _still(self.from_output + self.from_future)


def trace(model: Model, x: Any, tokens: Sequence[str] | None = None, *, max_length: int = 30) -> Trace:
    """Run the model on one example and keep everything.

    x: one sequence (T, I), or (T,) whole numbers for an `Embedding`; one vector (I,) for `OneToOne` and `OneToMany`; a
    `Forest` of one tree. tokens: a name for each step (x_1, x_2, ... if None). A model that writes, writes greedily, at
    most max_length symbols. ValueError where x is not one example, or the number of tokens is not T.
    """
    as_size("max_length", max_length)
    if isinstance(model, (OneToMany, EncoderDecoder)):
        return _trace_writing(model, x, tokens, max_length)
    if not isinstance(model, (ManyToOne, ManyToMany, OneToOne)):
        raise TypeError(f"model: expected one of the wirings of rnnlib.models, got {type(model).__name__}")
    batch = model.batch(_alone(x, model.x_time))
    inputs = batch.x if model.x_time else batch.x[None]
    y, layers = _layers(model.body, inputs, "body")
    return _finish(model, tokens, len(inputs), layers, _answers(model, inputs, y))


def _answers(model: ManyToOne | ManyToMany | OneToOne, inputs: Any, y: FloatArray) -> FloatArray:
    """The logits at each step. A model that answers once and does not read them off the state at t (it reads both ways,
    or pools over time) is asked again after each step."""
    at_once = not isinstance(model, ManyToOne) or (model.pool == "last" and model.body.one_step)
    if at_once or isinstance(inputs, Forest):
        logits: FloatArray = model.output.forward(y)[:, 0]
        return logits
    return np.concatenate([model.logits(model.batch(inputs[: t + 1])) for t in range(len(inputs))])


def _alone(x: Any, time: bool) -> Any:
    """One example as a batch of one."""
    if isinstance(x, Forest):
        if len(x.trees) != 1:
            raise ValueError(f"x: expected a Forest of one tree, got {len(x.trees)}")
        return x
    array = np.asarray(x)
    return array[:, None] if time and array.ndim else array[None]


def _finish(
    model: Model, tokens: Sequence[str] | None, T: int, layers: list[LayerTrace], logits: FloatArray, written: Any = ()
) -> Trace:
    names = tuple(f"x_{t + 1}" for t in range(T)) if tokens is None else as_texts("tokens", tokens, T, T)
    params = {name: array.copy() for name, array in model.params.items()}
    probabilities = model.answer(logits.copy())
    symbols = tuple(map(int, written))
    return Trace(names, model.classes, tuple(layers), logits, probabilities, params, symbols, model.loss_name)


def _layers(layer: Layer, x: Any, name: str, state: Any = None) -> tuple[FloatArray, list[LayerTrace]]:
    """The outputs (T, 1, O) of a layer, and the records of all layers inside it."""
    if isinstance(layer, Stacked):
        records: list[LayerTrace] = []
        states = (None,) * len(layer.layers) if state is None else state
        for k, (part, first) in enumerate(zip(layer.layers, states, strict=True)):
            x, inside = _layers(part, x, f"{name}.{k}", first)
            records += [] if isinstance(part, Dropout) else inside
        return x, records
    if isinstance(layer, Bidirectional):
        left, right = (None, None) if state is None else state
        y_left, one = _layers(layer.left, x, f"{name}.left", left)
        y_right, two = _layers(layer.right, x, f"{name}.right", right)
        return np.concatenate([y_left, y_right], axis=2), one + two
    if isinstance(layer, Recurrent):
        return _recurrent(layer, x, name, state)
    y, _, tape = layer.forward(x)
    kind = type(layer).__name__.removesuffix("RNN").lower()
    nodes = {"h": layer.nodes(tape).copy()} if isinstance(layer, TreeRNN) else {}
    inputs = x.x if isinstance(x, Forest) else x
    squash = "tanh" if isinstance(layer, TreeRNN) else getattr(layer, "activation", "") or ""
    return y, [LayerTrace(name, kind, np.array(inputs[:, 0]), y[:, 0].copy(), states=nodes, activation=squash)]


def _recurrent(layer: Recurrent, x: FloatArray, name: str, state: Any) -> tuple[FloatArray, list[LayerTrace]]:
    """A run that is watched: what input and state gave at each step are the run's own numbers."""
    parts = np.zeros((2, len(x), layer.cell.W_hh.shape[0]), layer.dtype)

    def watch(t: int, a: FloatArray, s: FloatArray) -> None:
        parts[:, t] = a[0], s[0]

    y, _, tape = layer.forward(x, state, watch=watch)
    gates = {name: gate[:, 0].copy() for name, gate in layer.gates(tape).items()}
    states = {name: s[:, 0].copy() for name, s in layer.states(tape).items()}
    squash = layer.cell.activation if isinstance(layer.cell, RNNCell) else ""
    inputs, outputs, (from_input, from_state) = x[:, 0].copy(), y[:, 0].copy(), parts
    record = (name, layer.cell.kind, inputs, outputs, from_input, from_state, gates, states, layer.reverse, squash)
    form = layer.cell.reset_after if isinstance(layer.cell, GRUCell) else True
    return y, [LayerTrace(*record, form)]


def _trace_writing(model: OneToMany | EncoderDecoder, x: Any, tokens: Sequence[str] | None, max_length: int) -> Trace:
    batch = model.batch(_alone(x, model.x_time))
    written = model.generate(batch.x, max_length=max_length)[0]
    symbols = [*written.symbols, model.end][:max_length] if written.ended else list(written.symbols)
    records: list[LayerTrace] = []
    if isinstance(model, EncoderDecoder):
        _, records = _layers(model.encoder, batch.x, "encoder")
    state, _ = model.first_state(batch)
    read: IntArray = np.array([model.start, *symbols[:-1]], np.intp)[:, None]
    y, decoder = _layers(model.body, model.encode(read), "decoder", state)
    T = len(batch.x) if model.x_time else 1
    return _finish(model, tokens, T, records + decoder, model.output.forward(y)[:, 0], symbols)


def trace_back(model: Model, x: ArrayLike, y: ArrayLike, tokens: Sequence[str] | None = None) -> BackwardTrace:
    """One forward and one backward pass on one example, with every gradient on the way kept.

    model: a `ManyToOne` (pool="last") or `ManyToMany` over one `Recurrent` layer, forward in time. y: its label, or the
    labels (T,). ValueError or TypeError otherwise.
    """
    body = getattr(model, "body", None)
    if not isinstance(model, (ManyToOne, ManyToMany)) or not isinstance(body, Recurrent) or body.reverse:
        raise TypeError("model: expected ManyToOne or ManyToMany over one Recurrent layer, forward in time")
    if isinstance(model, ManyToOne) and model.pool != "last":
        raise ValueError(f'model: expected pool="last", got {model.pool!r}')
    batch = model.batch(_alone(x, True), np.asarray(y)[..., None])
    h, _, tape = body.forward(batch.x)
    read = h if model.y_time else h[-1]
    loss, d_logits = model.score(model.output.forward(read), batch)
    d_read, output = model.output.backward(d_logits, read)
    from_output = np.zeros_like(h)
    from_output[slice(None) if model.y_time else -1] = d_read
    future = [np.zeros((len(h), *h.shape[1:]), h.dtype) for _ in body.cell.state_names]

    def watch(t: int, d_state: tuple[FloatArray, ...]) -> None:
        for kept, d in zip(future, d_state, strict=True):
            kept[t] = d

    d_a, d_s, _ = body.backward_steps(from_output, tape, watch=watch)
    grads = body.gradients(tape, d_a, d_s)
    shares = [body.gradients(tape, d_a, d_s, slice(t, t + 1)) for t in range(len(h))]
    none = np.zeros((0, body.outputs), model.dtype)
    return BackwardTrace(
        forward=trace(model, x, tokens),
        loss=loss,
        d_logits=d_logits.reshape(-1, model.output.outputs),
        from_output=from_output[:, 0],
        from_future=future[0][:, 0],
        d_c=future[1][:, 0] if len(future) > 1 else none,
        d_a=d_a[:, 0],
        slopes=body.cell.slope(h[:, 0]) if isinstance(body.cell, RNNCell) else none,
        contributions={name: np.array([share[name] for share in shares]) for name in grads},
        gradients=named(body=grads, output=output),
    )
