"""What a network of one of the five shapes gives for a sequence: its columns, and the shapes that it really returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..cells import Cell
from ..checks import as_size
from ..functions import FloatArray
from ..layers import Recurrent
from ..layers.stacked import hidden
from ..models import EncoderDecoder, Model, OneToMany, OneToOne
from ..trace import trace
from ..views.five import FIVE, Shape
from .columns import Column, at

WRITES = 3  # symbols that an encoder-decoder writes, unless somebody says how many


@dataclass(frozen=True)
class Forward:
    """One run of a model over one sequence.

    reads, writes: the numbers of steps on both sides. shapes: of x, h, y (and s, the states of a decoder after an
    encoder) as the model took and gave them. states (columns, H): the state in each column, the first one included.
    columns: what goes in, is passed on and comes out, in the order of time.
    """

    model: Model
    reads: int
    writes: int
    shapes: dict[str, tuple[int, ...]]
    states: FloatArray
    columns: tuple[Column, ...]

    @property
    def shape(self) -> Shape:
        """Which of the five the model is."""
        return FIVE[type(self.model)]

    @property
    def steps(self) -> int:
        """The number of columns after the start."""
        return len(self.columns) - 1

    @cached_property
    def params(self) -> dict[str, FloatArray]:
        """The model's parameters by their flat names."""
        return self.model.params

    @cached_property
    def count(self) -> int:
        """The number of the model's parameters."""
        return sum(array.size for array in self.params.values())

    def part(self, name: str) -> int:
        """The number of parameters of one part of the model."""
        return sum(array.size for key, array in self.params.items() if key.split(".")[0] == name)

    def cell(self, part: str) -> Cell:
        """The cell of a part."""
        layer = self.model.encoder if isinstance(self.model, EncoderDecoder) and part == "encoder" else self.model.body
        assert isinstance(layer, Recurrent)  # `forward` has checked it
        return layer.cell

    def starts(self, column: int) -> bool:
        """Whether a decoder reads its start symbol in this column."""
        return self.columns[column].again and not self.columns[column - 1].again

    def used(self, column: int) -> tuple[str, ...]:
        """The parameters that make this column, by their names in `model.params`."""
        here = self.columns[column]
        parts = [here.part] if column or here.reads else []
        parts += ["output"] if here.writes else []
        return tuple(name for name in self.params if name.split(".")[0] in parts)

    def uses(self, name: str, column: int) -> int:
        """How often a parameter has been used up to this column."""
        return sum(name in used for used in self._used[: column + 1])

    @cached_property
    def _used(self) -> list[tuple[str, ...]]:
        return [self.used(column) for column in range(len(self.columns))]

    def value(self, address: str) -> float:
        """The number that an address names: "shape/x/0", "param/body.W_xh/1" (a side of it), "size/body.W_xh/0",
        "uses/body.W_xh/3" (up to column 3), "count/all/0", "count/encoder/0", "h/3/1" (column, unit)."""
        kind, name, index = address.split("/")
        params = self.params
        look: dict[str, Callable[[], float]] = {
            "shape": lambda: self.shapes[name][int(index)],
            "param": lambda: params[name].shape[int(index)],
            "size": lambda: params[name].size,
            "uses": lambda: self.uses(name, int(index)),
            "count": lambda: self.count if name == "all" else self.part(name),
            "h": lambda: self.states[int(name), int(index)],
        }
        return float(look[kind]())


def forward(model: Model, T: int, *, writes: int | None = None, notation: str = "h", seed: int = 0) -> Forward:
    """Run the model once over T steps of random numbers (a `OneToMany` writes T steps, a `OneToOne` has one).

    writes: how many symbols an `EncoderDecoder` writes, 3 if None. TypeError for what is not one of the five wirings
    over one `Recurrent` layer, ValueError for a T below 1 or states that are not finite.
    """
    _check(model, T, writes)
    rng = np.random.default_rng(seed)
    with np.errstate(over="ignore", invalid="ignore"):
        if isinstance(model, OneToMany):
            run = _one_to_many(model, T, notation, rng)
        elif isinstance(model, EncoderDecoder):
            run = _encoder_decoder(model, T, writes or WRITES, notation, rng)
        else:
            run = _reading(model, 1 if isinstance(model, OneToOne) else T, notation, rng)
    if not np.isfinite(run.states).all():
        raise ValueError("model: expected finite states, got NaN or infinity; are the weights too large?")
    return run


def _check(model: Model, T: int, writes: int | None) -> None:
    if type(model) not in FIVE:
        raise TypeError(f"model: expected one of the five wirings of rnnlib.models, got {type(model).__name__}")
    for layer in (model.body, getattr(model, "encoder", model.body)):
        if not isinstance(layer, Recurrent) or layer.reverse:
            raise TypeError(f"model: expected one Recurrent layer that reads forward, got {layer!r}")
    for name, size in (("T", T), ("writes", WRITES if writes is None else writes)):
        as_size(name, size)
    if not all(np.isfinite(array).all() for array in model.params.values()):
        raise ValueError("model: expected finite weights, got NaN or infinity; did the training diverge?")


def _reading(model: Model, T: int, notation: str, rng: np.random.Generator) -> Forward:
    x = rng.normal(size=(T, 1, model.body.inputs) if model.x_time else (1, model.body.inputs)).astype(model.dtype)
    y = model.predict(x)
    h, _, _ = model.body.forward(x if model.x_time else x[None])
    columns = [Column(at("h", 0, notation))]
    for t in range(1, T + 1):
        reads = at("x", t, notation) if model.x_time else "x"
        answer = at("y", t, notation) if model.y_time else "y" if t == T else ""
        columns.append(Column(at("h", t, notation), reads, answer))
    shapes = {"x": x.shape, "h": h.shape, "y": y.shape}
    states = trace(model, x[:, 0] if model.x_time else x[0]).h
    return Forward(model, T, T if model.y_time else 1, shapes, states, tuple(columns))


def _one_to_many(model: OneToMany, T: int, notation: str, rng: np.random.Generator) -> Forward:
    x = rng.normal(size=(1, model.begin.inputs)).astype(model.dtype)
    first, h, y = _written(model, x, T)
    start = Column(at("h", 0, notation), "x", part="begin")
    shapes = {"x": x.shape, "h": h.shape, "y": y.shape}
    return Forward(
        model, 1, T, shapes, np.concatenate([first, h[:, 0]]), (start, *_writing("h", T, notation, "decoder"))
    )


def _encoder_decoder(model: EncoderDecoder, T: int, S: int, notation: str, rng: np.random.Generator) -> Forward:
    x = rng.normal(size=(T, 1, model.encoder.inputs)).astype(model.dtype)
    h, _, _ = model.encoder.forward(x)
    first, s, y = _written(model, x, S)
    columns = [Column(at("h", 0, notation), part="encoder")]
    columns += [Column(at("h", t, notation), at("x", t, notation), part="encoder") for t in range(1, T + 1)]
    shapes = {"x": x.shape, "h": h.shape, "s": s.shape, "y": y.shape}
    states = np.concatenate([np.zeros_like(first), h[:, 0], s[:, 0]])
    return Forward(model, T, S, shapes, states, (*columns, *_writing("s", S, notation, "decoder")))


def _writing(letter: str, S: int, notation: str, part: str) -> list[Column]:
    """A decoder's columns: each reads the symbol that was written before."""
    return [
        Column(at(letter, s, notation), at("y", s - 1, notation), at("y", s, notation), again=True, part=part)
        for s in range(1, S + 1)
    ]


def _written(model: OneToMany | EncoderDecoder, x: FloatArray, S: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The decoder's first state (1, H), its states (S, 1, H) and its outputs (S, 1, K), when it writes S symbols."""
    state, _ = model.first_state(model.batch(x))
    first = hidden(model.body, state)[0]
    symbols, states, outputs = np.full(1, model.start), [], []
    for _ in range(S):
        logits, state = model.step(symbols, state)
        symbols = logits.argmax(axis=1)
        states.append(hidden(model.body, state)[0])
        outputs.append(model.answer(logits))
    return first, np.array(states), np.array(outputs)
