"""What every layer over time has in common: the two methods, the check at the door, and what it knows at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..functions import FloatArray, IntArray
from ..parameters import Grads, Parametric, as_floats, as_lengths

__all__ = ["Back", "Layer", "Lengths", "Practice", "Ran", "past_end"]

Lengths = IntArray | None
Ran = tuple[FloatArray, Any, Any]  # outputs, final state, tape
Back = tuple[FloatArray | None, Any, Grads]  # gradients on the input, on the first state, on the parameters


@dataclass
class Practice:
    """What a training loop lends to a forward pass.

    rng: a generator switches dropout on (None: off, as in a prediction). workspace: arrays of short runs, used again,
    so that the results of a run hold only until the next run of the same size.
    """

    rng: np.random.Generator | None = None
    workspace: dict[Any, Any] = field(default_factory=dict)


class Layer(Parametric):
    """A layer over time: x (T, B, I) -> y (T, B, O).

    `forward` checks its arguments and calls `run`, which does the work. Neither stores anything in the layer: what one
    run needs for its backward pass is on the tape that it returns.
    """

    inputs: int
    outputs: int
    takes_ids: bool = False  # whether x is whole numbers (T, B)
    keeps_time: bool = True  # whether there is an output for every step
    one_step: bool = False  # whether it can be run one step at a time, with nothing but its state in between

    def check(self, x: Any, lengths: ArrayLike | None = None) -> tuple[Any, IntArray | None]:
        """Inputs and lengths as arrays that fit; a ValueError or TypeError says what does not."""
        x = as_floats("x", x, ("T", "B", self.inputs), self.dtype)
        return x, as_lengths(lengths, *x.shape[:2])

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        """A state that fits, or None for zeros. A layer without memory takes None or ()."""
        if state is not None and not (isinstance(state, tuple) and not state):
            raise ValueError(f"{name}: {type(self).__name__} has no state; expected None")
        return state

    def forward(
        self, x: Any, state: Any = None, lengths: ArrayLike | None = None, *, practice: Practice | None = None
    ) -> tuple[FloatArray, Any, Any]:
        """x (T, B, I), first state (None: zeros), lengths (B,) -> y (T, B, O), the state at each end, the tape.

        Steps past a length change no state and give output 0; what stands there is never read. y and the state may be
        views of the tape: copy them before you change them in place.
        ValueError or TypeError for a shape, dtype or length that does not fit.
        """
        x, lengths = self.check(x, lengths)
        return self.run(x, self.check_state(state, x.shape[1]), lengths, practice)

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        """`forward` for arguments that have been checked."""
        raise NotImplementedError

    def backward(
        self,
        d_y: FloatArray | None,
        tape: Any,
        d_final: Any = None,
        *,
        into: Grads | None = None,
        inputs: bool = True,
    ) -> Back:
        """d_y (T, B, O) (None: zeros) and d_final (None: zeros) -> d_x, the gradient on the first state, grads.

        `into`: a place for the gradients, as `blank()` makes it. `inputs=False` leaves d_x out where nobody needs it.
        """
        return self.back(d_y, tape, d_final, self.blank() if into is None else into, inputs)

    def back(self, d_y: FloatArray | None, tape: Any, d_final: Any, grads: Grads, inputs: bool) -> Back:
        """`backward`, with a place for the gradients, which is filled and given back."""
        raise NotImplementedError

    def summary(self, y: FloatArray, final: Any, lengths: IntArray | None = None) -> FloatArray:
        """What the layer knows at the end of each sequence, (B, O): by default its last true output."""
        if lengths is None:
            return y[-1]
        result: FloatArray = y[np.maximum(lengths, 1) - 1, np.arange(y.shape[1])]
        return result

    def summary_back(
        self, d_summary: FloatArray, y: FloatArray, lengths: IntArray | None = None
    ) -> tuple[FloatArray | None, Any]:
        """The gradient on `summary` as gradients on y and on the final state."""
        d_y = np.zeros_like(y)
        B = y.shape[1]
        d_y[-1 if lengths is None else np.maximum(lengths, 1) - 1, np.arange(B)] = d_summary
        return d_y, None

    def state_from(self, h: FloatArray) -> Any:
        """A first state whose every h is `h` (B, O); cells (c of an LSTM) start at zero. None where there is no
        state.
        """
        return None

    def state_from_back(self, d_state: Any) -> FloatArray | float:
        """The gradient on the `h` of `state_from`: the sum over all places it went to."""
        return 0.0

    def memory(self, state: Any) -> list[list[FloatArray]]:
        """The states of all recurrent layers inside, from the bottom up: for each its arrays (h, and c of an LSTM)."""
        return []

    def from_memory(self, memory: Iterator[list[FloatArray]]) -> Any:
        """A state made of such arrays: what `memory` takes apart."""
        return ()

    def memory_sizes(self) -> list[tuple[int, int]]:
        """(number of arrays, units) for each entry of `memory`."""
        return []


def past_end(lengths: IntArray | None, T: int) -> NDArray[np.bool_] | None:
    """Which steps lie past the end of their sequence, (T, B) of bool; None where there are no lengths."""
    return None if lengths is None else np.arange(T)[:, None] >= lengths
