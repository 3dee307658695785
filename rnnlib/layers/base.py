"""What every layer over time has in common: the two methods, and the check at the door."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..checks import Shape, as_floats, as_lengths, expect
from ..functions import FloatArray, IntArray
from ..parameters import Grads, Parametric

Lengths = ArrayLike | None
Rng = np.random.Generator | None  # a generator switches dropout on
D = FloatArray | None  # a gradient; None is zeros
Mask = NDArray[np.bool_] | None
Ran = tuple[FloatArray, Any, Any]  # outputs, final state, tape
Back = tuple[D, Any, Grads]  # gradients on the input, on the first state, on the parameters


class Layer(Parametric):
    """A layer over time: x (T, B, I) -> y (T, B, O).

    `forward` stores nothing in the layer: what one run needs for its backward pass is on the tape that it returns, a
    tuple whose first entry is the layer itself.
    """

    inputs: int
    outputs: int
    takes_ids: bool = False  # whether x is whole numbers (T, B)
    keeps_time: bool = True  # whether there is an output for every step
    one_step: bool = False  # whether it can be run one step at a time, with nothing but its state in between
    reads_back: Any = False  # whether an output (or for each, (O,)) is read from the end: its last one stands at t = 0

    def check(self, x: Any, lengths: Lengths = None) -> tuple[Any, IntArray | None]:
        """Inputs and lengths as arrays that fit; a ValueError or TypeError says what does not."""
        x = as_floats("x", x, ("T", "B", self.inputs), self.dtype)
        return x, as_lengths(lengths, *x.shape[:2])

    def check_state(self, state: Any, B: int, name: str = "state") -> Any:
        """A state that fits, or None for zeros. A layer without memory takes None or ()."""
        none = state is None or (isinstance(state, tuple) and not state)
        expect(none, f"{name}: {type(self).__name__} has no state; expected None")
        return state

    def check_back(self, d_y: Any, tape: Any, shape: Callable[[Any], Shape] = tuple, d_final: Any = ()) -> Any:
        """The gradient on the outputs, as an array of the shape that the tape says (None: None); the tape is this
        layer's own."""
        own = isinstance(tape, tuple) and len(tape) > 1 and tape[0] is self
        expect(own, "tape: expected the one that this layer's forward gave")
        Layer.check_state(self, d_final, 0, "d_final")  # of a layer without memory; others check their own
        return None if d_y is None else as_floats("d_y", d_y, shape(tape), self.dtype)

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        """x (T, B, I), first state (None: zeros), lengths (B,) -> y (T, B, O), the state at each end, the tape.

        Steps past a length change no state and give output 0; what stands there is never read. `rng`: a generator
        switches dropout on (training); None is a prediction. ValueError or TypeError for a shape, dtype or length that
        does not fit.
        """
        raise NotImplementedError

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """d_y (T, B, O) (None: zeros) and d_final (None: zeros) -> d_x, the gradient on the first state, grads.

        `inputs=False` leaves d_x out (None) where nobody needs it. ValueError for a shape that does not fit, or for the
        tape of another layer.
        """
        raise NotImplementedError


def padding(lengths: IntArray | None, T: int) -> Mask:
    """The mask: which steps lie past the end of their sequence, (T, B) of bool; None where there are no lengths."""
    return None if lengths is None else np.arange(T)[:, None] >= lengths


def masked(array: FloatArray, mask: Mask) -> FloatArray:
    """The array (T, B, N) with zeros in the padding, whatever stands there."""
    return array if mask is None else np.where(mask[:, :, None], array.dtype.type(0), array)


def rows(array: FloatArray) -> FloatArray:
    """(..., N) -> (M, N): a row for every step of every sequence."""
    return array.reshape(-1, array.shape[-1])
