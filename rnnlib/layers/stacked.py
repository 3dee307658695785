"""Layers made of layers: both directions, depth, and dropout between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..functions import FloatArray, IntArray
from ..parameters import Grads, Parametric, as_number, as_size
from .base import Back, Layer, Lengths, Practice, Ran
from .recurrent import Recurrent

__all__ = ["Bidirectional", "Dropout", "Stacked"]


class Bidirectional(Layer):
    """Two readings at once: `y_t = [h_t from the left; h_t from the right]` (Schuster and Paliwal, 1997).

    x (T, B, I) -> (T, B, H_left + H_right). The state is the pair (state of `left`, state of `right`). What the layer
    knows at the end is the final h of both: the right one has then read the whole sequence back to its first step.
    It needs the whole sequence before it can give the first output. Chapter 07.
    """

    def __init__(self, left: Recurrent, right: Recurrent) -> None:
        if left.reverse or not right.reverse:
            raise ValueError("left, right: expected Recurrent(...) and Recurrent(..., reverse=True)")
        if left.inputs != right.inputs or left.dtype != right.dtype:
            raise ValueError(f"right: expected inputs={left.inputs} and {left.dtype}, as left has")
        self.left, self.right, self.dtype = left, right, left.dtype
        self.inputs, self.outputs = left.inputs, left.outputs + right.outputs
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"left": self.left, "right": self.right}

    def __repr__(self) -> str:
        return f"Bidirectional({self.left!r}, {self.right!r})"

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        left, right = _split(state, 2, name)
        return self.left.check_state(left, B, f"{name}[0]"), self.right.check_state(right, B, f"{name}[1]")

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        left, right = _split(state, 2, "state")
        y_left, final_left, tape_left = self.left.run(x, left, lengths, practice)
        y_right, final_right, tape_right = self.right.run(x, right, lengths, practice)
        return np.concatenate([y_left, y_right], axis=2), (final_left, final_right), (tape_left, tape_right)

    def back(self, d_y: FloatArray | None, tape: Any, d_final: Any, grads: Grads, inputs: bool) -> Back:
        """The two directions share only their input: `d_x` is the sum of what each sends back."""
        d_left, d_right = _split(d_final, 2, "d_final")
        H = self.left.outputs
        y_left, y_right = (None, None) if d_y is None else (d_y[..., :H], d_y[..., H:])
        x_left, state_left, grads["left"] = self.left.backward(
            y_left, tape[0], d_left, into=grads["left"], inputs=inputs
        )
        x_right, state_right, grads["right"] = self.right.backward(
            y_right, tape[1], d_right, into=grads["right"], inputs=inputs
        )
        d_x = None if x_left is None or x_right is None else x_left + x_right
        return d_x, (state_left, state_right), grads

    def summary(self, y: FloatArray, final: Any, lengths: IntArray | None = None) -> FloatArray:
        """The final h of both directions, (B, H_left + H_right)."""
        return np.concatenate([self.left.summary(y, final[0]), self.right.summary(y, final[1])], axis=1)

    def summary_back(
        self, d_summary: FloatArray, y: FloatArray, lengths: IntArray | None = None
    ) -> tuple[FloatArray | None, Any]:
        H = self.left.outputs
        return None, (self.left.state_from(d_summary[:, :H]), self.right.state_from(d_summary[:, H:]))

    def memory(self, state: Any) -> list[list[FloatArray]]:
        """Both directions side by side, as one layer of H_left + H_right units."""
        (left,), (right,) = self.left.memory(state[0]), self.right.memory(state[1])
        return [[np.concatenate(pair, axis=1) for pair in zip(left, right, strict=True)]]

    def from_memory(self, memory: Iterator[list[FloatArray]]) -> Any:
        both, H = next(memory), self.left.outputs
        left, right = [s[:, :H] for s in both], [s[:, H:] for s in both]
        return self.left.from_memory(iter([left])), self.right.from_memory(iter([right]))

    def memory_sizes(self) -> list[tuple[int, int]]:
        return [(self.left.memory_sizes()[0][0], self.outputs)]


class Dropout(Layer):
    """In training, each number is kept with probability 1 - rate and divided by it, else set to 0; otherwise nothing.

    "Inverted" dropout (Srivastava et al., 2014): the mean of every number stays, so a prediction needs no correction.
    Put it between layers, never on the recurrent connection. whole=True drops all numbers of a step together: after an
    `Embedding` that is word dropout (Iyyer et al., 2015), and the next layer learns to do without any one word.
    Chapter 08.
    """

    one_step = True

    def __init__(self, outputs: int, rate: float, *, whole: bool = False) -> None:
        self.inputs = self.outputs = as_size("outputs", outputs)
        self.rate, self.dtype = as_number("rate", rate, zero=True, below=1), np.dtype(np.float64)
        self.whole = bool(whole)

    def __repr__(self) -> str:
        return f"Dropout({self.outputs}, {self.rate}{', whole=True' if self.whole else ''})"

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        if practice is None or practice.rng is None or not self.rate:
            return x, (), None
        shape = (*x.shape[:-1], 1) if self.whole else x.shape
        keep = (practice.rng.random(shape, dtype=np.float32) >= self.rate).astype(x.dtype)
        keep /= x.dtype.type(1 - self.rate)
        return x * keep, (), keep

    def back(self, d_y: FloatArray | None, tape: Any, d_final: Any, grads: Grads, inputs: bool) -> Back:
        return d_y if tape is None or d_y is None else d_y * tape, (), grads


class Stacked(Layer):
    """Layers one on top of the other: the outputs of one are the inputs of the next. `dropout` goes between them.

    The state is a tuple, one entry a layer (() for a layer without memory). Chapter 07.
    """

    def __init__(self, layers: Sequence[Layer], *, dropout: float = 0.0) -> None:
        if not layers:
            raise ValueError("layers: expected at least one layer")
        for below, above in pairwise(layers):
            if above.takes_ids or above.inputs != below.outputs:
                raise ValueError(f"layers: {above!r} cannot read the {below.outputs} outputs of {below!r}")
        drop = Dropout(1, dropout)  # checks the rate
        self.layers = [layers[0]]
        for layer in layers[1:]:
            self.layers += [Dropout(layer.inputs, drop.rate), layer] if drop.rate else [layer]
        self.inputs, self.outputs = layers[0].inputs, layers[-1].outputs
        self.takes_ids = layers[0].takes_ids
        self.dtype = next((p.dtype for p in self.layers if not isinstance(p, Dropout)), np.dtype(np.float64))
        for layer in self.layers:
            if isinstance(layer, Dropout):
                layer.dtype = self.dtype
            if layer.dtype != self.dtype:
                raise TypeError(f"layers: expected dtype {self.dtype} everywhere, got {layer.dtype} in {layer!r}")
        self.keeps_time = all(layer.keeps_time for layer in self.layers)
        self.one_step = all(layer.one_step for layer in self.layers)
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        with_weights = [layer for layer in self.layers if not isinstance(layer, Dropout)]
        return {str(k): layer for k, layer in enumerate(with_weights)}

    def __repr__(self) -> str:
        return f"Stacked([{', '.join(map(repr, self.layers))}])"

    def check(self, x: Any, lengths: ArrayLike | None = None) -> tuple[Any, IntArray | None]:
        return self.layers[0].check(x, lengths)

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        states = _split(state, len(self.layers), name)
        return tuple(
            layer.check_state(s, B, f"{name}[{k}]")
            for k, (layer, s) in enumerate(zip(self.layers, states, strict=True))
        )

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        finals, tapes = [], []
        for layer, first in zip(self.layers, _split(state, len(self.layers), "state"), strict=True):
            x, final, tape = layer.run(x, first, lengths, practice)
            finals.append(final)
            tapes.append(tape)
        return x, tuple(finals), tapes

    def back(self, d_y: FloatArray | None, tape: Any, d_final: Any, grads: Grads, inputs: bool) -> Back:
        """From the top layer to the bottom one; each gets the gradient on its outputs from the one above."""
        names = {id(part): name for name, part in self.parts().items()}
        d_finals, d_states = _split(d_final, len(self.layers), "d_final"), []
        for k in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[k]
            place = grads.get(names.get(id(layer), ""))
            d_y, d_state, _ = layer.backward(d_y, tape[k], d_finals[k], into=place, inputs=inputs or k > 0)
            d_states.append(d_state)
        return d_y, tuple(reversed(d_states)), grads

    def summary(self, y: FloatArray, final: Any, lengths: IntArray | None = None) -> FloatArray:
        return self.layers[-1].summary(y, final[-1], lengths)

    def summary_back(
        self, d_summary: FloatArray, y: FloatArray, lengths: IntArray | None = None
    ) -> tuple[FloatArray | None, Any]:
        d_y, d_final = self.layers[-1].summary_back(d_summary, y, lengths)
        return d_y, (*(None for _ in self.layers[:-1]), d_final)

    def state_from(self, h: FloatArray) -> Any:
        return tuple(layer.state_from(h) for layer in self.layers)

    def state_from_back(self, d_state: Any) -> FloatArray | float:
        parts = [layer.state_from_back(d) for layer, d in zip(self.layers, d_state, strict=True)]
        return sum(parts[1:], start=parts[0])

    def memory(self, state: Any) -> list[list[FloatArray]]:
        return [entry for layer, s in zip(self.layers, state, strict=True) for entry in layer.memory(s)]

    def from_memory(self, memory: Iterator[list[FloatArray]]) -> Any:
        return tuple(layer.from_memory(memory) for layer in self.layers)

    def memory_sizes(self) -> list[tuple[int, int]]:
        return [size for layer in self.layers for size in layer.memory_sizes()]


def _split(state: Any, count: int, name: str) -> Any:
    """A state of several parts; None is None for each."""
    if state is None:
        return (None,) * count
    if not isinstance(state, (tuple, list)) or len(state) != count:
        raise ValueError(f"{name}: expected a tuple of {count}, one for each layer, got {type(state).__name__}")
    return state
