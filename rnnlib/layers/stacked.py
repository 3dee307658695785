"""Layers made of layers: both directions, and depth; and how states pass from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..checks import expect
from ..functions import FloatArray, IntArray
from ..parameters import Parametric, leaves, named
from .base import Back, Layer, Lengths, Ran, Rng
from .recurrent import Recurrent
from .simple import Dropout

__all__ = ["Bidirectional", "Stacked", "from_hidden", "hand_over", "hidden", "nested", "readers"]


class Bidirectional(Layer):
    """Two readings at once: `y_t = [h_t from the left; h_t from the right]` (Schuster and Paliwal, 1997).

    x (T, B, I) -> (T, B, H_left + H_right). The state is the pair (state of `left`, state of `right`). What the layer
    knows at the end is the final h of both: the right one has then read the whole sequence back to its first step.
    It needs the whole sequence before it can give the first output. Chapter 07.
    """

    def __init__(self, left: Recurrent, right: Recurrent) -> None:
        for name, part, reverse in (("left", left, False), ("right", right, True)):
            fits = isinstance(part, Recurrent) and part.reverse == reverse
            expect(fits, f"{name}: expected Recurrent(...{', reverse=True' if reverse else ''}), got {part!r}")
        alike = (left.inputs, left.dtype) == (right.inputs, right.dtype)
        expect(alike, f"right: expected inputs={left.inputs} and {left.dtype}, as left has")
        self.left, self.right, self.dtype = left, right, left.dtype
        self.inputs, self.outputs = left.inputs, left.outputs + right.outputs
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"left": self.left, "right": self.right}

    def __repr__(self) -> str:
        return f"Bidirectional({self.left!r}, {self.right!r})"

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        left, right = _apart(state, 2, name)
        return self.left.check_state(left, B, f"{name}[0]"), self.right.check_state(right, B, f"{name}[1]")

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, lengths = self.check(x, lengths)
        left, right = self.check_state(state, x.shape[1])
        y_left, final_left, tape_left = self.left.forward(x, left, lengths)
        y_right, final_right, tape_right = self.right.forward(x, right, lengths)
        return np.concatenate([y_left, y_right], axis=2), (final_left, final_right), (self, tape_left, tape_right)

    def backward(self, d_y: FloatArray | None, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """The two directions share only their input: `d_x` is the sum of what each sends back."""
        d_y = self.check_back(d_y, tape, ("T", "B", self.outputs))
        d_left, d_right = _apart(d_final, 2, "d_final")
        d_ys = (None, None) if d_y is None else np.split(d_y, [self.left.outputs], axis=2)
        x_left, state_left, left = self.left.backward(d_ys[0], tape[1], d_left, inputs=inputs)
        x_right, state_right, right = self.right.backward(d_ys[1], tape[2], d_right, inputs=inputs)
        d_x = None if x_left is None or x_right is None else x_left + x_right
        return d_x, (state_left, state_right), named(left=left, right=right)


class Stacked(Layer):
    """Layers one on top of the other: the outputs of one are the inputs of the next. `dropout` goes between them.

    The state is a tuple, one entry a layer (() for a layer without memory). Chapter 07.
    """

    def __init__(self, layers: Sequence[Layer], *, dropout: float = 0.0) -> None:
        some = isinstance(layers, (list, tuple)) and layers and all(isinstance(one, Layer) for one in layers)
        expect(some, f"layers: expected a list of at least one layer, got {layers!r}")
        rate = Dropout(1, dropout).rate  # checked
        self.layers = [layers[0]]
        for below, above in pairwise(layers):
            fits = not above.takes_ids and above.inputs == below.outputs
            expect(fits, f"layers: {above!r} cannot read the {below.outputs} outputs of {below!r}")
            self.layers += [Dropout(above.inputs, rate), above] if rate else [above]
        self.inputs, self.outputs = layers[0].inputs, layers[-1].outputs
        dtypes = {layer.dtype for layer in layers if not isinstance(layer, Dropout)} or {np.dtype(np.float64)}
        expect(len(dtypes) == 1, f"layers: expected one dtype, got {' and '.join(map(str, dtypes))}", TypeError)
        self.dtype, self.takes_ids = dtypes.pop(), layers[0].takes_ids
        self.keeps_time = all(layer.keeps_time for layer in self.layers)
        self.one_step = all(layer.one_step for layer in self.layers)
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        with_weights = [layer for layer in self.layers if not isinstance(layer, Dropout)]
        return {str(k): layer for k, layer in enumerate(with_weights)}

    def __repr__(self) -> str:
        return f"Stacked([{', '.join(map(repr, self.layers))}])"

    def check(self, x: Any, lengths: Lengths = None) -> tuple[Any, IntArray | None]:
        return self.layers[0].check(x, lengths)

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        states = _apart(state, len(self.layers), name)
        pairs = enumerate(zip(self.layers, states, strict=True))
        return tuple(layer.check_state(s, B, f"{name}[{k}]") for k, (layer, s) in pairs)

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, lengths = self.check(x, lengths)
        states, finals, tapes = self.check_state(state, x.shape[1]), [], []
        for layer, first in zip(self.layers, states, strict=True):
            x, final, tape = layer.forward(x, first, lengths, rng=rng)
            finals.append(final)
            tapes.append(tape)
        return x, tuple(finals), (self, *tapes)

    def backward(self, d_y: FloatArray | None, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """From the top layer to the bottom one; each gets the gradient on its outputs from the one above."""
        d_y = self.check_back(d_y, tape, ("T", "B", self.outputs))
        d_finals, d_states, grads = _apart(d_final, len(self.layers), "d_final"), [], {}
        for k, layer in reversed([*enumerate(self.layers)]):
            d_y, d_state, grads[layer] = layer.backward(d_y, tape[k + 1], d_finals[k], inputs=inputs or k > 0)
            d_states.append(d_state)
        return d_y, tuple(reversed(d_states)), named(**{name: grads[part] for name, part in self.parts().items()})


# ---- states that pass from one layer to another -------------------------------------------------------------------


def readers(layer: Layer) -> list[tuple[Recurrent, ...]]:
    """The recurrent layers inside, from the bottom up; two that read side by side stand together."""
    if isinstance(layer, Recurrent):
        return [(layer,)]
    if isinstance(layer, Bidirectional):
        return [(layer.left, layer.right)]
    return [found for part in getattr(layer, "layers", ()) for found in readers(part)]


def nested(layer: Layer, arrays: Iterator[Any]) -> Any:
    """A state of the layer, made of its arrays in the order of `leaves` (h, or h and c, from the bottom up)."""
    if isinstance(layer, Recurrent):
        return layer.cell.pack(tuple(next(arrays) for _ in layer.cell.state_names))
    if isinstance(layer, Bidirectional):
        return nested(layer.left, arrays), nested(layer.right, arrays)
    return tuple(nested(part, arrays) for part in getattr(layer, "layers", ()))


def hidden(layer: Layer, state: Any) -> list[FloatArray]:
    """The h of every recurrent layer inside, from the bottom up: a state without the c of its LSTMs."""
    arrays, found = iter(leaves(state)), []
    for one in (one for group in readers(layer) for one in group):
        h, *_ = [next(arrays) for _ in one.cell.state_names]
        found.append(h)
    return found


def from_hidden(layer: Layer, found: Sequence[FloatArray]) -> Any:
    """A state of the layer with these h; cells (c of an LSTM) are zero. What `hidden` takes apart."""
    inside = [one for group in readers(layer) for one in group]
    others = ((h, *(np.zeros_like(h) for _ in one.cell.state_names[1:])) for h, one in zip(found, inside, strict=True))
    return nested(layer, (array for arrays in others for array in arrays))


def hand_over(state: Any, giver: Layer, taker: Layer) -> Any:
    """A state of one layer as a state of another with the same sizes, from the bottom up; the two directions of a
    `Bidirectional` stand side by side. Gradients on states go back the same way, with the roles exchanged."""
    arrays, handed = iter(leaves(state)), []
    for gives, takes in zip(readers(giver), readers(taker), strict=True):
        parts = [[next(arrays) for _ in one.cell.state_names] for one in gives]  # for each direction h, c
        whole = [np.concatenate(halves, axis=1) for halves in zip(*parts, strict=True)]
        cuts = np.cumsum([one.outputs for one in takes])[:-1]
        split = [np.split(array, cuts, axis=1) for array in whole]
        handed += [array for direction in zip(*split, strict=True) for array in direction]
    return nested(taker, iter(handed))


def _apart(state: Any, count: int, name: str) -> Any:
    """A state of several parts; None is None for each."""
    if state is None:
        return (None,) * count
    several = isinstance(state, (tuple, list)) and len(state) == count
    expect(several, f"{name}: expected a tuple of {count}, one for each layer, got {type(state).__name__}")
    return state
