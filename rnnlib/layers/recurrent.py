"""A cell over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..cells import Cell, State, Tape
from ..functions import FloatArray, IntArray
from ..parameters import Grads, Parametric, as_floats
from .base import Back, Layer, Lengths, Practice, Ran, past_end

__all__ = ["Recurrent"]

Watch = Callable[[int, list[FloatArray]], None]
SMALL = 1 << 16  # numbers in a state over time, up to which making arrays costs more than the arithmetic


class RecurrentTape(NamedTuple):
    """A cell's tape, and which steps lie past the end of their sequence: (T, B) of bool, or None."""

    cell: Tape
    past: NDArray[np.bool_] | None


class Recurrent(Layer):
    """A cell over time: `state_t = cell(x_t, state_(t-1))`, the same weights at every step.

    `reverse=True` reads from the end of each sequence (from its true end, where `lengths` are given) to its start;
    `y[t]` is then the state after reading steps T-1..t, and the final state the one at t = 0. Chapters 03, 04 and 07.
    """

    def __init__(self, cell: Cell, *, reverse: bool = False) -> None:
        if not isinstance(cell, Cell):
            raise TypeError(f"cell: expected a cell such as RNNCell(...), got {type(cell).__name__}")
        self.cell, self.reverse, self.dtype = cell, bool(reverse), cell.dtype
        self.inputs, self.outputs, self.one_step = cell.inputs, cell.hidden, not reverse

    def _walk(self, prefix: str = "") -> Iterator[tuple[str, Parametric, str]]:
        return self.cell._walk(prefix)  # a cell over time has the cell's parameters, under the same names

    def _nest(self, views: Iterator[FloatArray]) -> Grads:
        return self.cell._nest(views)

    def __repr__(self) -> str:
        return f"Recurrent({self.cell!r}{', reverse=True' if self.reverse else ''})"

    def check_state(self, state: State, B: int, name: str = "state") -> State:
        return None if state is None else self.cell.pack(self.cell.unpack(state, B, name))

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        past = past_end(lengths, len(x))
        if past is not None:
            x = np.where(past[:, :, None], x.dtype.type(0), x)
        tape = self._tape(x, practice)
        self.cell.load(tape, x, None if state is None else self._arrays(state))
        advance, W = self.cell.advance, self.cell.turned(x.shape[0] * x.shape[1])
        if past is None:
            for row in tape.rows:
                advance(W, *row)
        else:
            self._advance_held(W, tape, past)
        y = tape.after[0]
        if past is not None:
            y = np.where(past[:, :, None], y.dtype.type(0), y)
        return y, self.cell.pack([s[tape.last] for s in tape.states]), RecurrentTape(tape, past)

    def _arrays(self, state: State) -> list[FloatArray]:
        return [state] if len(self.cell.state_names) == 1 else list(state)

    def _tape(self, x: FloatArray, practice: Practice | None) -> Tape:
        T, B, _ = x.shape
        tape: Tape | None
        if practice is None or T * B * self.outputs > SMALL:
            return Tape(self.cell, T, B, self.reverse)
        tape = practice.workspace.get((self, T, B))
        if tape is None:
            tape = practice.workspace[self, T, B] = Tape(self.cell, T, B, self.reverse)
        return tape

    def _advance_held(self, W: list[FloatArray], tape: Tape, past: NDArray[np.bool_]) -> None:
        """Every step; a sequence that is over keeps the state that it had."""
        first, n = len(tape.a), len(tape.states)
        in_order = past[:: -1 if self.reverse else 1]
        for over, some, row in zip(in_order, np.any(in_order, axis=1).tolist(), tape.rows, strict=True):
            self.cell.advance(W, *row)
            if some:
                for before, after in zip(row[first : first + n], row[first + n : first + 2 * n], strict=True):
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
    ) -> Back:
        """Backpropagation through time: -> d_x (T, B, I), the gradient on the first state, and `grads`.

        d_y (T, B, H) or None where no output was used; d_final like a state, or None. At each step the gradient on h_t
        is the sum of two parts: `d_y[t]`, from the output at t, and what arrives from the future through W_hh.
        `watch(t, d_state)` is called at each step with the part from the future, before `d_y[t]` is added.
        Cost: linear in T. Chapter 04.
        """
        run, past = tape
        if d_y is not None:
            d_y = as_floats("d_y", d_y, run.after[0].shape, self.dtype)
        if d_final is not None:
            d_final = self._arrays(self.check_state(d_final, run.x.shape[1], "d_final"))
        self.cell.load_back(run, d_final)
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
                for d in run.d_parts:
                    d[t][over] = 0

    def summary(self, y: FloatArray, final: State, lengths: IntArray | None = None) -> FloatArray:
        """The final h, (B, H)."""
        return self._arrays(final)[0]

    def summary_back(
        self, d_summary: FloatArray, y: FloatArray, lengths: IntArray | None = None
    ) -> tuple[FloatArray | None, State]:
        return None, self.state_from(d_summary)

    def state_from(self, h: FloatArray) -> State:
        return self.cell.pack([h, *(np.zeros_like(h) for _ in self.cell.state_names[1:])])

    def state_from_back(self, d_state: State) -> FloatArray | float:
        return self._arrays(d_state)[0]

    def memory(self, state: State) -> list[list[FloatArray]]:
        return [list(self._arrays(state))]

    def from_memory(self, memory: Iterator[list[FloatArray]]) -> State:
        return self.cell.pack(next(memory))

    def memory_sizes(self) -> list[tuple[int, int]]:
        return [(len(self.cell.state_names), self.outputs)]
