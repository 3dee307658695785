"""One run of a network of one of the five shapes: its places in time, and the shapes that it really returns.

Chapters 01, 03 and 05.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from ..checks import as_size, expect
from ..functions import FloatArray
from ..layers import Recurrent
from ..layers.stacked import hidden
from ..models import EncoderDecoder, Model, OneToMany, OneToOne
from .five import FIVE, Shape

__all__ = ["Forward", "Place", "forward"]

WRITES = 3  # symbols that an encoder-decoder writes, unless somebody says how many
Name = tuple[str, int] | tuple[str] | tuple[()]  # a letter and its step, a letter alone, nothing


class Place(NamedTuple):
    """One place in time: the part of the model whose unit it is, its state, what it reads and writes. again: it reads
    what the place before wrote."""

    part: str
    state: Name
    reads: Name = ()
    writes: Name = ()
    again: bool = False


@dataclass(frozen=True)
class Forward:
    """One run of a model over one sequence.

    reads, writes: the numbers of steps on both sides. shapes: of x, h, y (and s, the states of a decoder after an
    encoder) as the model took and gave them. places: in the order of time, the start first; states (places, H).
    """

    model: Model
    reads: int
    writes: int
    shapes: dict[str, tuple[int, ...]]
    states: FloatArray
    places: tuple[Place, ...]

    @property
    def shape(self) -> Shape:
        """Which of the five the model is."""
        return FIVE[type(self.model)]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Parameter -> how many numbers; and under "all", "encoder", ... those of the model and of its parts."""
        sizes = {name: array.size for name, array in self.model.params.items()}
        parts = dict.fromkeys(name.split(".")[0] for name in sizes)
        totals = {part: sum(n for name, n in sizes.items() if name.startswith(f"{part}.")) for part in parts}
        return {**sizes, **totals, "all": sum(sizes.values())}

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """h (places, H); "shape x", "size W", "sides W", "uses W" (places); inputs and outputs, of one step."""
        numbers: dict[str, Any] = {"h": self.states, "inputs": self.shapes["x"][-1:], "outputs": self.shapes["y"][-1:]}
        numbers |= {f"shape {name}": shape for name, shape in self.shapes.items()}
        numbers |= {f"size {name}": (size,) for name, size in self.sizes.items()}
        sides = {f"sides {name}": array.shape for name, array in self.model.params.items()}
        return numbers | sides | {f"uses {name}": self.uses(name) for name in self.model.params}

    def equation(self, place: int) -> tuple[str, str]:
        """What makes the state there: the kind of its cell ("linear" for a plain one without an activation), "begin"
        for the first layer of a network that begins with its input, "" for zeros; and the activation."""
        part, *_ = here = self.places[place]
        cell = getattr(self.model, "encoder" if part == "encoder" else "body").cell
        act: str = getattr(cell, "activation", "")
        return ("linear" if act == "linear" else cell.kind) if place else "begin" if here.reads else "", act

    def whose(self, place: int) -> str:
        """Of what is read: it is "given", the "first" symbol, or the network's "own"."""
        here = self.places[place]
        return "given" if not here.again else "own" if self.places[place - 1].again else "first"

    @property
    def terms(self) -> list[str]:
        """What the number of parameters is a sum of: the arrays, or the parts where there are several."""
        parts = [*dict.fromkeys(name.split(".")[0] for name in self.model.params)]
        return parts if len(parts) > 2 else [*self.model.params]

    def used(self, name: str) -> list[bool]:
        """Whether a parameter makes something at each place, by its name in `model.params`."""
        part = name.split(".")[0]
        here = [place.part == part and bool(k or place.reads) for k, place in enumerate(self.places)]
        return [bool(place.writes) for place in self.places] if part == "output" else here

    def uses(self, name: str) -> list[int]:
        """How often it has been used up to each place."""
        return [*accumulate(self.used(name), initial=0)][1:]


def forward(model: Model, T: int, *, writes: int | None = None, seed: int = 0) -> Forward:
    """Run the model once over T steps of random numbers (a `OneToMany` writes T steps, a `OneToOne` has one).

    writes: how many symbols an `EncoderDecoder` writes, 3 if None. TypeError for what is not one of the five wirings
    over one `Recurrent` layer, ValueError for a T below 1 or states that are not finite. Chapters 01, 03 and 05.
    """
    _check(model, T, writes)
    writer, coder = isinstance(model, OneToMany), isinstance(model, EncoderDecoder)
    steps = 1 if writer or isinstance(model, OneToOne) else T
    count = T if writer else (writes or WRITES) if coder else T if model.y_time else 1
    source = model.begin if isinstance(model, OneToMany) else getattr(model, "encoder", model.body)
    time = (steps,) if not writer and model.x_time else ()
    x = np.random.default_rng(seed).normal(size=(*time, 1, source.inputs)).astype(model.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        places, shapes, states = ([Place("begin", ("h", 0), ("x",))], {"x": x.shape}, []) if writer else _read(model, x)
        if isinstance(model, OneToMany | EncoderDecoder):
            letter = "h" if writer else "s"
            first, written, y = _written(model, x, count)
            places += [Place("decoder", (letter, t), ("y", t - 1), ("y", t), True) for t in range(1, count + 1)]
            shapes |= {letter: written.shape, "y": y.shape}
            states = [*(states or [first]), written[:, 0]]
    run = Forward(model, steps, count, shapes, np.concatenate(states), tuple(places))
    finite = np.isfinite(run.states).all()
    expect(finite, "model: expected finite states, got NaN or infinity; are the weights too large?")
    return run


def _check(model: Model, T: int, writes: int | None) -> None:
    wrong = f"model: expected one of the five wirings of rnnlib.models, got {type(model).__name__}"
    expect(type(model) in FIVE, wrong, TypeError)
    for layer in (model.body, getattr(model, "encoder", model.body)):
        plain = isinstance(layer, Recurrent) and not layer.reverse
        expect(plain, f"model: expected one Recurrent layer that reads forward, got {layer!r}", TypeError)
    as_size("T", T)
    as_size("writes", WRITES if writes is None else writes)
    finite = all(np.isfinite(array).all() for array in model.params.values())
    expect(finite, "model: expected finite weights, got NaN or infinity; did the training diverge?")


def _read(model: Model, x: FloatArray) -> tuple[list[Place], dict[str, tuple[int, ...]], list[FloatArray]]:
    """What a network reads: its places, the shapes, the states."""
    part = "encoder" if isinstance(model, EncoderDecoder) else "body"
    h, _, _ = getattr(model, part).forward(x if model.x_time else x[None])
    places, T = [Place(part, ("h", 0))], len(h)
    for t in range(1, T + 1):
        y = () if part == "encoder" else ("y", t) if model.y_time else ("y",) if t == T else ()
        places.append(Place(part, ("h", t), ("x", t) if model.x_time else ("x",), y))
    shapes = {"x": x.shape, "h": h.shape}
    return places, shapes if part == "encoder" else shapes | {"y": model.predict(x).shape}, [0 * h[0], h[:, 0]]


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
