"""A cell over time: the only place where time lives."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..cells import Cell, Kept, State, States
from ..checks import as_flag, expect
from ..functions import FloatArray
from ..parameters import Grads, Parametric
from .base import Back, D, Layer, Lengths, Mask, Ran, Rng, masked, padding, rows

Watch = Callable[..., None] | None


class Tape(NamedTuple):
    """One run: x (T, B, I); the states, for each (T+1, B, H) in the order of time; what the cell kept at each step; the
    mask of the padding, (T, B), or None."""

    layer: "Recurrent"
    x: FloatArray
    states: States
    kept: list[Kept]
    mask: Mask


class Recurrent(Layer):
    """A cell over time: `state_t = cell(x_t, state_(t-1))`, the same weights at every step.

    `reverse=True` reads from the end of each sequence (from its true end, where `lengths` are given) to its start;
    `y[t]` is then the state after reading steps T-1..t, and the final state the one at t = 0. Chapters 03, 04 and 07.
    """

    def __init__(self, cell: Cell, *, reverse: bool = False) -> None:
        expect(isinstance(cell, Cell), f"cell: expected a cell such as RNNCell(...), got {cell!r}", TypeError)
        self.cell, self.reverse, self.dtype = cell, as_flag("reverse", reverse), cell.dtype
        self.inputs, self.outputs, self.one_step = cell.inputs, cell.hidden, not reverse
        self.reads_back = self.reverse

    def walk(self, prefix: str = "") -> Iterator[tuple[str, Parametric, str]]:
        return self.cell.walk(prefix)  # a cell over time has the cell's parameters, under the same names

    def __repr__(self) -> str:
        return f"Recurrent({self.cell!r}{', reverse=True' if self.reverse else ''})"

    def check_state(self, state: State, B: int, name: str = "state") -> State:
        return None if state is None else self.cell.pack(self.cell.unpack(state, B, name))

    def steps(self, T: int) -> range:
        """The steps in the order of reading."""
        return range(T - 1, -1, -1) if self.reverse else range(T)

    def forward(
        self, x: Any, state: State = None, lengths: Lengths = None, *, rng: Rng = None, watch: Watch = None
    ) -> Ran:
        """x (T, B, I) -> h_t of every step (T, B, H), the final state, and the tape; see `Layer.forward`.

        `watch(t, a, s)` is called at each step with what the input gives, `W_xh x_t + b_h`, and what the state gives,
        `W_hh h_(t-1)`, both (B, G*H).
        """
        x, lengths = self.check(x, lengths)
        _callable(watch)
        (T, B, _), cell, mask = x.shape, self.cell, padding(lengths, len(x))
        x, now = masked(x, mask), cell.unpack(state, B)
        a = (np.dot(rows(x), cell.W_xh.T) + cell.b_h).reshape(T, B, len(cell.W_hh))  # all steps at once
        W, kept, road = np.ascontiguousarray(cell.W_hh.T), [now] * T, [now]
        for t in self.steps(T):
            s = np.dot(now[0], W)
            if watch is not None:
                watch(t, a[t], s)
            new, kept[t] = cell.forward(a[t], s, now)
            now = new if mask is None else _held(mask[t], now, new)
            road.append(now)
        in_time = reversed(road) if self.reverse else road
        states = tuple(np.array(one) for one in zip(*in_time, strict=True))
        y = masked(states[0][:-1] if self.reverse else states[0][1:], mask)
        return y, cell.pack(now), Tape(self, x, states, kept, mask)

    def backward(self, d_y: D, tape: Tape, d_final: State = None, *, inputs: bool = True, watch: Watch = None) -> Back:
        """Backpropagation through time: -> d_x (T, B, I), the gradient on the first state, and that on every weight.

        d_y (T, B, H) or None where no output was used; d_final like a state, or None. At each step the gradient on h_t
        is the sum of two parts: `d_y[t]`, from the output at t, and what arrives from the future through W_hh.
        `watch(t, d_state)` is called at each step with the part from the future, before `d_y[t]` is added.
        Cost: linear in T. Chapter 04.
        """
        d_a, d_s, d_state = self.backward_steps(d_y, tape, d_final, watch=watch)
        d_x = np.dot(rows(d_a), self.cell.W_xh).reshape(tape.x.shape) if as_flag("inputs", inputs) else None
        return d_x, d_state, self.gradients(tape, d_a, d_s)

    def backward_steps(
        self, d_y: D, tape: Tape, d_final: State = None, *, watch: Watch = None
    ) -> tuple[FloatArray, FloatArray, State]:
        """The loop of `backward`: the gradients on what the input and what the state gave, `W_xh x_t + b_h` and
        `W_hh h_(t-1)`, of all steps, (T, B, G*H) each; and on the first state."""
        d_y = self.check_back(d_y, tape, lambda own: (*own.x.shape[:2], self.outputs))
        _callable(watch)
        (T, B, _), cell, mask = tape.x.shape, self.cell, tape.mask
        d_now: Any = cell.unpack(d_final, B, "d_final")
        d_a = np.empty((T, B, len(cell.W_hh)), self.dtype)
        d_s = np.empty_like(d_a) if cell.parted else d_a  # where both are equal, one array is both
        for t in reversed(self.steps(T)):
            if watch is not None:
                watch(t, d_now)
            d_h, *rest = d_now
            d_after = (d_h if d_y is None else d_h + d_y[t], *rest)
            d_a[t], d_from_state, d_before = cell.backward(d_after, tape.kept[t])
            if cell.parted:
                d_s[t] = d_from_state
            d_now = d_before if mask is None else _held(mask[t], d_now, d_before)
        if mask is not None:
            d_a[mask] = d_s[mask] = 0
        return d_a, d_s, cell.pack(d_now)

    def gradients(self, tape: Tape, d_a: FloatArray, d_s: FloatArray, steps: slice = slice(None)) -> Grads:
        """The gradient of every weight, from what `backward_steps` gave: the sum over all steps, or over some."""
        kept, h = tape.kept[steps], tape.states[0][1:] if self.reverse else tape.states[0][:-1]  # h before each step
        if not kept:
            return {name: np.zeros_like(array) for name, array in self.params.items()}
        return self.cell.gradients(rows(tape.x[steps]), rows(h[steps]), rows(d_a[steps]), rows(d_s[steps]), kept)

    # ---- what a run shows -----------------------------------------------------------------------------------------

    def states(self, tape: Tape) -> dict[str, FloatArray]:
        """Name -> (T+1, B, H): the states in the order of time, the first one included (with `reverse` it is last)."""
        self.check_back(None, tape)
        return dict(zip(self.cell.state_names, tape.states, strict=True))

    def gates(self, tape: Tape) -> dict[str, FloatArray]:
        """Name -> (T, B, H): the gates of an LSTM or GRU after their activation; none for a plain cell."""
        self.check_back(None, tape)
        names = self.cell.gates if len(self.cell.gates) > 1 else ()
        return {name: np.array([kept[k] for kept in tape.kept]) for k, name in enumerate(names)}


def _callable(watch: Watch) -> None:
    expect(watch is None or callable(watch), f"watch: expected a function, got {type(watch).__name__}", TypeError)


def _held(over: FloatArray, held: States, new: States) -> States:
    """The new state; a sequence that is over, (B,) of bool, keeps the one that it had."""
    if not over.any():
        return new
    return tuple([np.where(over[:, None], old, one) for old, one in zip(held, new, strict=True)])
