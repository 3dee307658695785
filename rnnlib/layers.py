"""Parts that read a whole sequence: time, depth, direction and the output layer.

Every layer over time has the same two methods:

- `forward(x, state=None, lengths=None) -> (y, final, tape)`: x (T, B, I) -> y (T, B, H) and the final state;
- `backward(d_y, tape, d_final=None) -> (d_x, d_state, grads)`: gradients on outputs and final state -> on everything before.

The tape holds what one run needs for its backward pass; nothing is stored in the layer. Steps past a sequence's
length change no state, give output 0 and pass no gradient; what stands in the padding is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .cells import Cell, State, Tape
from .functions import FloatArray
from .parameters import Grads, Parametric, as_dtype, as_floats, as_lengths, as_size, initial

__all__ = ["Dense", "Recurrent"]

Watch = Callable[[int, list[FloatArray]], None]


class RecurrentTape(NamedTuple):
    """A cell's tape, and which steps lie past the end of their sequence: (T, B) of bool, or None."""

    cell: Tape
    past: NDArray[np.bool_] | None


Workspace = dict[Any, Tape]  # small tapes that are used again; for them, making arrays costs more than arithmetic
SMALL = 1 << 16  # numbers in a state over time


class Recurrent(Parametric):
    """A cell over time: `state_t = cell(x_t, state_(t-1))`, the same weights at every step.

    `reverse=True` reads from the end of each sequence (from its true end, where `lengths` are given) to its start;
    `y[t]` is then the state after reading steps T-1..t, and the final state the one at t = 0. Chapters 03, 04 and 07.
    """

    def __init__(self, cell: Cell, *, reverse: bool = False) -> None:
        if not isinstance(cell, Cell):
            raise TypeError(f"cell: expected a cell such as RNNCell(...), got {type(cell).__name__}")
        self.cell, self.reverse, self.dtype = cell, bool(reverse), cell.dtype
        self.inputs, self.outputs = cell.inputs, cell.hidden

    def _walk(self, prefix: str = "") -> Iterator[tuple[str, Parametric, str]]:
        return self.cell._walk(prefix)  # a cell over time has the cell's parameters, under the same names

    def _nest(self, views: Iterator[FloatArray]) -> Grads:
        return self.cell._nest(views)

    def __repr__(self) -> str:
        return f"Recurrent({self.cell!r}{', reverse=True' if self.reverse else ''})"

    def forward(
        self,
        x: ArrayLike,
        state: State = None,
        lengths: ArrayLike | None = None,
        *,
        workspace: Workspace | None = None,
    ) -> tuple[FloatArray, State, RecurrentTape]:
        """x (T, B, I), lengths (B,) -> y (T, B, H), the state at each sequence's end, and the tape.

        A state is h (B, H) or for an LSTM (h, c), each (B, H); None is zeros. T = 0 gives the first state back.
        With a `workspace` (an empty dict at first) the arrays of short runs are used again, so the results of a run
        hold only until the next run of the same size: that is for training loops.
        ValueError or TypeError for a shape, dtype or length that does not fit.
        """
        x = as_floats("x", x, ("T", "B", self.inputs), self.dtype)
        past = _past(as_lengths(lengths, *x.shape[:2]), len(x))
        if past is not None:
            x = np.where(past[:, :, None], x.dtype.type(0), x)
        tape = self._tape(x, workspace)
        self.cell.load(tape, x, None if state is None else self.cell.unpack(state, x.shape[1]))
        advance = self.cell.advance
        if past is None:
            for row in tape.rows:
                advance(*row)
        else:
            self._advance_held(tape, past)
        y = tape.after[0]
        if past is not None:
            y = np.where(past[:, :, None], y.dtype.type(0), y)
        return y, self.cell.pack([s[tape.last] for s in tape.states]), RecurrentTape(tape, past)

    def _tape(self, x: FloatArray, workspace: Workspace | None) -> Tape:
        T, B, _ = x.shape
        if workspace is None or T * B * self.outputs > SMALL:
            return Tape(self.cell, T, B, self.reverse)
        tape = workspace.get((self, T, B))
        if tape is None:
            tape = workspace[self, T, B] = Tape(self.cell, T, B, self.reverse)
        return tape

    def _advance_held(self, tape: Tape, past: NDArray[np.bool_]) -> None:
        """Every step; a sequence that is over keeps the state that it had."""
        n = len(tape.states)
        for over, row in zip(past[:: -1 if self.reverse else 1], tape.rows, strict=True):
            self.cell.advance(*row)
            if over.any():
                for before, after in zip(row[1 : n + 1], row[n + 1 : 2 * n + 1], strict=True):
                    np.copyto(after, before, where=over[:, None])

    def backward(
        self,
        d_y: FloatArray | None,
        tape: RecurrentTape,
        d_final: State = None,
        *,
        into: Grads | None = None,
        inputs: bool = True,
        watch: Watch | None = None,
    ) -> tuple[FloatArray | None, State, Grads]:
        """Backpropagation through time: -> d_x (T, B, I), the gradient on the first state, and `grads`.

        d_y (T, B, H) or None where no output was used; d_final like a state, or None. At each step the gradient on h_t
        is the sum of two parts: `d_y[t]`, from the output at t, and what arrives from the future through W_hh.
        `into` is a place for the gradients (`blank()`); `inputs=False` leaves d_x out; `watch(t, d_state)` is called at
        each step with the part from the future, before `d_y[t]` is added. Cost: linear in T. Chapter 04.
        """
        run, past = tape
        if d_y is not None:
            d_y = as_floats("d_y", d_y, run.after[0].shape, self.dtype)
        B = run.x.shape[1]
        self.cell.load_back(run, None if d_final is None else self.cell.unpack(d_final, B, "d_final"))
        retreat = self.cell.retreat
        if d_y is None and past is None and watch is None:
            for row in reversed(run.back_rows):
                retreat(*row)
        else:
            self._retreat_watched(run, d_y, past, watch)
        d_x = self.cell.d_inputs(run) if inputs else None
        return d_x, self.cell.pack([d.copy() for d in run.d_state]), self.cell.d_params(run, into)

    def _retreat_watched(
        self, run: Tape, d_y: FloatArray | None, past: NDArray[np.bool_] | None, watch: Watch | None
    ) -> None:
        """Every step back, with outputs; a sequence that is over passes its gradient on untouched."""
        n, k = len(run.d_state), len(run.d_parts)
        T = len(run.x)
        for t, row in zip(range(T) if self.reverse else range(T - 1, -1, -1), reversed(run.back_rows), strict=True):
            if watch is not None:
                watch(t, run.d_state)
            over = None if past is None or not past[t].any() else past[t]
            kept = [d[over] for d in run.d_state] if over is not None else []
            if d_y is not None:
                run.d_state[0] += d_y[t]
            self.cell.retreat(*row)
            if over is not None:
                for d, value in zip(run.d_state, kept, strict=True):
                    d[over] = value
                for d in row[n : n + k]:
                    d[over] = 0

    def summary(self, y: FloatArray, final: State) -> FloatArray:
        """What the layer knows at the end: the final h, (B, H)."""
        h: FloatArray = final if len(self.cell.state_names) == 1 else final[0]
        return h

    def summary_back(self, d_summary: FloatArray) -> State:
        """The gradient on `summary` as a gradient on the final state."""
        return self.cell.pack([d_summary, *(np.zeros_like(d_summary) for _ in self.cell.state_names[1:])])


def _past(lengths: NDArray[Any] | None, T: int) -> NDArray[np.bool_] | None:
    return None if lengths is None else np.arange(T)[:, None] >= lengths


class Dense(Parametric):
    """The output computation: `y = W_hy h + b_y`, W_hy (K, H), b_y (K,). Used on every row of any array (..., H).

    The activation that follows (softmax, sigmoid) belongs to the loss, see `functions`. Chapter 02.
    """

    names = ("W_hy", "b_y")

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        rng: np.random.Generator,
        init: float | str = "uniform",
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("outputs", outputs)
        self.dtype = as_dtype(dtype)
        self.W_hy = initial(init, (outputs, inputs), inputs, rng, self.dtype)
        self.b_y = np.zeros(outputs, self.dtype)

    def __repr__(self) -> str:
        return f"Dense(inputs={self.inputs}, outputs={self.outputs})"

    def forward(self, h: FloatArray) -> FloatArray:
        """h (..., H) -> y (..., K)."""
        y = np.dot(h, self.W_hy.T)
        y += self.b_y
        return y

    def backward(self, d_y: FloatArray, h: FloatArray, into: Grads | None = None) -> tuple[FloatArray, Grads]:
        """`d_h = W_hy^T d_y`, `d_W_hy = sum d_y h^T`, `d_b_y = sum d_y`, sums over all rows."""
        grads = self.blank() if into is None else into
        d_rows, rows = d_y.reshape(-1, self.outputs), h.reshape(-1, self.inputs)
        np.dot(d_rows.T, rows, out=grads["W_hy"])
        np.add.reduce(d_rows, axis=0, out=grads["b_y"])
        return np.dot(d_y, self.W_hy), grads
