"""One scalar unit over time, as the library computes it: its states, its map, where the map keeps a state. Chapter 02.

Every number comes from `RNNCell.step` and `Recurrent`; a second cell with the same weights and no tanh gives the sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import asked
from ..cells import RNNCell
from ..checks import expect
from ..functions import FloatArray
from ..layers import Recurrent
from .steps import from_step_1

__all__ = ["Fixed", "ScalarRun", "scalar_run"]

LONGEST = 100  # steps
GRID = np.linspace(-1, 1, 401)  # where a crossing of curve and diagonal is looked for
HALVINGS = 50  # of an interval of the grid: to the last bit
ON = 500  # steps that the unit goes on, to see how it ends
STILL, JUMP = 1e-4, 0.2  # a difference from one step to the next that cannot be seen; that is still there after so long


class Fixed(NamedTuple):
    """A state that the map keeps, and the slope of the map there."""

    h: float
    slope: float

    @property
    def pulls(self) -> bool:
        """Whether states near it come nearer (a slope of exactly 1 in size counts: they creep)."""
        return abs(self.slope) <= 1 + 1e-9


@dataclass(frozen=True)
class ScalarRun:
    """A unit `h_t = tanh(w_x x_t + w_h h_(t-1) + b)` over the inputs x (T,), from the state h_0."""

    cell: RNNCell
    x: FloatArray
    h_0: float

    @property
    def T(self) -> int:
        return len(self.x)

    @cached_property
    def weights(self) -> dict[str, float]:
        """w_x, w_h and b."""
        params, named = self.cell.params, {"w_x": "W_xh", "w_h": "W_hh", "b": "b_h"}
        return {name: float(params[full].flat[0]) if full in params else 0.0 for name, full in named.items()}

    def run(self, x: FloatArray, h_0: float) -> FloatArray:
        """The states h_0 .. h_T of this unit over other inputs (T,)."""
        y, _, _ = Recurrent(self.cell).forward(x[:, None, None], np.array([[h_0]]))
        return np.concatenate([[h_0], y[:, 0, 0]])

    @cached_property
    def numbers(self) -> dict[str, FloatArray]:
        """Row t for step t: h, silent (the same unit if it had read nothing but 0), gap (what the input makes of it),
        x, total = `w_x x_t + w_h h_(t-1) + b`. w_x, w_h, b (1,). fixed and slope: of the states that the map keeps."""
        h, silent = self.run(self.x, self.h_0), self.run(np.zeros(self.T), self.h_0)
        bare = RNNCell(1, 1, activation="linear", rng=np.random.default_rng(0), bias=self.cell.bias)
        bare.set_params(self.cell.params)
        total, _ = bare.step(self.x[:, None], h[:-1, None])
        found = {"h": h, "silent": silent, "gap": h - silent}
        found |= {"x": from_step_1(self.x), "total": from_step_1(np.array(total[:, 0]))}
        found |= {name: np.array([weight]) for name, weight in self.weights.items()}
        return found | {
            name: np.array([getattr(f, of) for f in self.fixed]) for name, of in (("fixed", "h"), ("slope", "slope"))
        }

    def after(self, states: FloatArray, x: float) -> FloatArray:
        """What the states become in one step with the input x."""
        new, _ = self.cell.step(np.full((len(states), 1), x), np.asarray(states)[:, None])
        return np.array(new[:, 0])

    @property
    def held(self) -> float | None:
        """The input that stays to the end; None where it still changes."""
        return float(self.x[-1]) if self.T == 1 or self.x[-1] == self.x[-2] else None

    @cached_property
    def fixed(self) -> tuple[Fixed, ...]:
        """The states that the map with the input that stays keeps: where its curve crosses the diagonal."""
        if self.held is None:
            return ()
        gaps = self.after(GRID, self.held) - GRID
        on_grid = GRID[gaps == 0]
        place = np.flatnonzero(gaps[:-1] * gaps[1:] < 0)
        found = np.sort(np.concatenate([on_grid, self._between(GRID[place], GRID[place + 1])]))
        slopes = self.weights["w_h"] * self.cell.slope(found)
        return tuple(Fixed(float(h), float(slope)) for h, slope in zip(found, slopes, strict=True))

    def _between(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """Where the curve crosses the diagonal between low and high, by halving."""
        above = self.after(low, self.held or 0.0) > low
        for _ in range(HALVINGS if len(low) else 0):
            middle = (low + high) / 2
            same = (self.after(middle, self.held or 0.0) > middle) == above
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        return (low + high) / 2

    @cached_property
    def ends(self) -> tuple[float, ...]:
        """Where the state is in the end, if the input goes on as it was: one value, or the two between which it jumps.

        The unit goes on for 500 steps. At w_h = 1 the state is still on its way then; the fixed point that is nearest
        is taken for its end.
        """
        more = np.full(ON, self.held) if self.held is not None else np.resize(self.x[-2:], ON)
        *_, before, last = self.run(more, float(self.numbers["h"][-1]))
        if abs(last - before) > (JUMP if self.held is not None else STILL):
            return tuple(sorted((float(before), float(last))))
        return (min((fixed.h for fixed in self.fixed), key=lambda h: abs(h - last), default=float(last)),)


@asked.asks(x=asked.numbers(1))
def scalar_run(cell: RNNCell, x: ArrayLike, h_0: float = 0.0) -> ScalarRun:
    """cell: an `RNNCell(1, 1)` with tanh. x: the inputs (T,). h_0: the first state. ValueError for another cell, 0 or
    more than 100 steps, a first state outside -1..1, and where a number is not finite. Chapter 02."""
    array = np.asarray(x, np.float64)
    scalar = (cell.inputs, cell.hidden, cell.activation) == (1, 1, "tanh")
    expect(scalar, f"cell: expected RNNCell(1, 1) with tanh, got {cell!r}")
    fits = array.ndim == 1 and len(array) <= LONGEST
    expect(fits, f"x: expected 1 to {LONGEST} numbers, one for each step, got shape {array.shape}")
    finite = all(np.isfinite(weights).all() for weights in cell.params.values())
    expect(finite, "cell: expected finite numbers, got NaN or infinity")
    expect(-1 <= h_0 <= 1, f"h_0: expected a state from -1 to 1, got {h_0!r}")
    return ScalarRun(cell, array, float(h_0))
