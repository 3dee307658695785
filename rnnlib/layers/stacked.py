"""Layers made of layers: both directions, and depth; and how states pass from one to another."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..checks import as_flag, as_number, expect
from ..functions import FloatArray, IntArray
from ..parameters import Grads, Parametric, leaves, named
from .base import Back, D, Layer, Lengths, Ran, Rng
from .recurrent import Recurrent
from .simple import Dropout


class Composed(Layer):
    """A layer made of `members`: its state is a tuple, one entry for each of them."""

    members: Sequence[Layer]

    def apart(self, state: Any, name: str = "state") -> Any:
        """The states of the members; None is None for each."""
        count = len(self.members)
        several = isinstance(state, (tuple, list)) and len(state) == count
        wrong = f"{name}: expected a tuple of {count}, one for each layer, got {type(state).__name__}"
        expect(several or state is None, wrong)
        return (None,) * count if state is None else state

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        pairs = enumerate(zip(self.members, self.apart(state, name), strict=True))
        return tuple(layer.check_state(s, B, f"{name}[{k}]") for k, (layer, s) in pairs)


class Bidirectional(Composed):
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
        self.left, self.right = self.members = left, right
        self.inputs, self.outputs, self.dtype = left.inputs, left.outputs + right.outputs, left.dtype
        self.reads_back = np.repeat([False, True], [left.outputs, right.outputs])
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"left": self.left, "right": self.right}

    def __repr__(self) -> str:
        return f"Bidirectional({self.left!r}, {self.right!r})"

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, lengths = self.check(x, lengths)
        states = self.check_state(state, x.shape[1])
        runs = [layer.forward(x, first, lengths) for layer, first in zip(self.members, states, strict=True)]
        ys, finals, tapes = zip(*runs, strict=True)
        return np.concatenate(ys, axis=2), finals, (self, *tapes)

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """The two directions share only their input: `d_x` is the sum of what each sends back."""
        d_y = self.check_back(d_y, tape, lambda own: ("T", "B", self.outputs))
        d_ys = (None, None) if d_y is None else np.split(d_y, [self.left.outputs], axis=2)
        both = zip(self.members, d_ys, tape[1:], self.apart(d_final, "d_final"), strict=True)
        backs = [layer.backward(d, its_tape, d_last, inputs=inputs) for layer, d, its_tape, d_last in both]
        d_xs, d_states, (left, right) = zip(*backs, strict=True)
        return (d_xs[0] + d_xs[1] if inputs else None), d_states, named(left=left, right=right)


class Stacked(Composed):
    """Layers one on top of the other: the outputs of one are the inputs of the next. `dropout` goes between them.

    The state is a tuple, one entry a layer (() for a layer without memory). Chapter 07.
    """

    def __init__(self, layers: Sequence[Layer], *, dropout: float = 0.0) -> None:
        some = isinstance(layers, (list, tuple)) and layers and all(isinstance(one, Layer) for one in layers)
        expect(some, f"layers: expected a list of at least one layer, got {layers!r}")
        rate = as_number("dropout", dropout, zero=True, below=1)
        self.layers = self.members = [layers[0]]
        for below, above in pairwise(layers):
            fits = not above.takes_ids and above.inputs == below.outputs
            expect(fits, f"layers: {above!r} cannot read the {below.outputs} outputs of {below!r}")
            self.layers += [Dropout(above.inputs, rate), above] if rate else [above]
        self.inputs, self.outputs = layers[0].inputs, layers[-1].outputs
        dtypes = {layer.dtype for layer in layers if not isinstance(layer, Dropout)} or {np.dtype(np.float64)}
        expect(len(dtypes) == 1, f"layers: expected one dtype, got {' and '.join(map(str, dtypes))}", TypeError)
        self.dtype, self.takes_ids = dtypes.pop(), layers[0].takes_ids
        self.keeps_time = all(layer.keeps_time for layer in self.layers)
        self.one_step, self.reads_back = all(layer.one_step for layer in self.layers), layers[-1].reads_back
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        with_weights = [layer for layer in self.layers if not isinstance(layer, Dropout)]
        return {str(k): layer for k, layer in enumerate(with_weights)}

    def __repr__(self) -> str:
        return f"Stacked([{', '.join(map(repr, self.layers))}])"

    def check(self, x: Any, lengths: Lengths = None) -> tuple[Any, IntArray | None]:
        return self.layers[0].check(x, lengths)

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, lengths = self.check(x, lengths)
        states, tapes = [*self.check_state(state, x.shape[1])], [self]
        for k, layer in enumerate(self.layers):
            x, states[k], tape = layer.forward(x, states[k], lengths, rng=rng)
            tapes.append(tape)
        return x, tuple(states), tuple(tapes)

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """From the top layer to the bottom one; each gets the gradient on its outputs from the one above."""
        d_y = self.check_back(d_y, tape, lambda own: ("T", "B", self.outputs))
        d_states: list[Any] = [*self.apart(d_final, "d_final")]
        grads: dict[Parametric, Grads] = {}
        for k, layer in reversed([*enumerate(self.layers)]):
            wanted = as_flag("inputs", inputs) or k > 0
            d_y, d_states[k], grads[layer] = layer.backward(d_y, tape[k + 1], d_states[k], inputs=wanted)
        return d_y, tuple(d_states), named(**{name: grads[part] for name, part in self.parts().items()})


# ---- states that pass from one layer to another -------------------------------------------------------------------


def readers(layer: Layer) -> list[tuple[Recurrent, ...]]:
    """The recurrent layers inside, from the bottom up; two that read side by side stand together."""
    if isinstance(layer, Recurrent):
        return [(layer,)]
    if isinstance(layer, Bidirectional):
        return [(layer.left, layer.right)]
    members = layer.members if isinstance(layer, Composed) else ()
    return [found for part in members for found in readers(part)]


def sizes(layer: Layer) -> list[tuple[int, int]]:
    """For each layer with memory, from the bottom up: how many arrays a state has, and its units."""
    return [(len(group[-1].cell.state_names), sum(one.outputs for one in group)) for group in readers(layer)]


def nested(layer: Layer, arrays: Iterator[Any]) -> Any:
    """A state of the layer, made of its arrays in the order of `leaves` (h, or h and c, from the bottom up)."""
    if isinstance(layer, Recurrent):
        return layer.cell.pack(tuple(next(arrays) for _ in layer.cell.state_names))
    return tuple(nested(part, arrays) for part in layer.members) if isinstance(layer, Composed) else ()


def hidden(layer: Layer, state: Any) -> list[FloatArray]:
    """The h of every recurrent layer inside, from the bottom up: a state without the c of its LSTMs."""
    names = [name for group in readers(layer) for one in group for name in one.cell.state_names]
    return [array for name, array in zip(names, leaves(state), strict=True) if name == "h"]


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
