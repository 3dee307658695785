"""What stands where in the picture of a gradient on its way back, and which number each address names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from ..checks import as_size
from ..functions import FloatArray
from ..look.scale import Scale
from ..trace import BackwardTrace

BENT = Scale(-1, 1, "symlog", 1e-3)  # of all gradients, at every step: from 0.001 on logarithmic, full colour from 1 on
WIDTH, LEFT, RIGHT = 860, 78, 752  # of the picture; of the chain
OUT, BOX, SMALL = 34, 76, 11  # tops of the outputs and of the states in the chain; height of a cell there
NAMES = ("W_hh", "W_xh", "b_h")
COLUMN, ROW = 58, 21  # of the numbers at one step
COLUMNS = (78, 162, 246, 330, 414)  # from y, from the future, sum, slope, d_a
PART, SUM, SIDE = 516, 664, 21  # the two matrices, and the size of a cell


def bent(value: float) -> float:
    """A gradient as a share of the range, -1..1, for its colour."""
    return min(max(2 * BENT.share(value) - 1, -1.0), 1.0)


@dataclass(frozen=True)
class Look:
    """What is drawn, and where it stands, in px. units: those with numbers; outputs: those in the chain."""

    record: BackwardTrace
    units: tuple[int, ...]
    outputs: tuple[int, ...]
    many: bool  # whether there is a loss at every step

    @property
    def T(self) -> int:
        return self.record.forward.T

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.record.forward.tokens

    @property
    def pitch(self) -> float:
        """From column to column of the chain."""
        return min(128.0, (RIGHT - LEFT) / self.T)

    @property
    def half(self) -> float:
        """Half the width of a column."""
        return min(48.0, 0.66 * self.pitch) / 2

    @property
    def below(self) -> float:
        """The bottom of the states in the chain."""
        return BOX + SMALL * len(self.units) + 8

    @property
    def top(self) -> float:
        """The top of the numbers at one step."""
        return self.below + 96

    @property
    def height(self) -> float:
        return self.top + ROW * len(self.units) + 46

    def x(self, t: int) -> float:
        """The middle of column t of the chain; the last one is always at the same place."""
        return RIGHT - self.pitch * (self.T - t + 0.5)

    @cached_property
    def so_far(self) -> dict[str, FloatArray]:
        """For each weight of the cell (T+1, ...): row t-1 is the sum of what the steps t..T add; row T is 0."""
        parts = self.record.contributions.items()
        return {name: np.concatenate([np.cumsum(p[::-1], axis=0)[::-1], 0 * p[:1]]) for name, p in parts}

    def summed(self, name: str, t: int) -> FloatArray:
        """The sum of what the steps t..T add; when all have added theirs, the library's gradient."""
        array: FloatArray = self.record.gradients[f"body.{name}"] if t <= 1 else self.so_far[name][t - 1]
        return array

    def d_y(self, t: int) -> FloatArray | None:
        """The gradient on the outputs at step t, where they are read."""
        d_logits = self.record.d_logits
        return d_logits[t - 1] if self.many else d_logits[0] if t == self.T else None

    @cached_property
    def value(self) -> Callable[[str], float]:
        """The number that an address names, from the library's records: each is looked up once."""
        return cache(self._value)

    def _value(self, address: str) -> float:
        name, *index = address.split("/")
        t, *at = map(int, index)
        record, params = self.record, self.record.forward.params
        if name == "sum":
            return float(self.summed("W_hh", t)[at[0], at[1]])
        if name == "part":
            return float(record.contributions["W_hh"][t - 1, at[0], at[1]])
        if name == "norm":
            return float(np.linalg.norm(self.summed(NAMES[at[0]], t)))
        if name in ("W_hh", "W_hy"):
            return float(params[f"{'body' if name == 'W_hh' else 'output'}.{name}"][t, at[0]])
        if name == "loss":
            return record.loss
        if name == "d_y":
            d_y = self.d_y(t)
            return float(d_y[at[0]]) if d_y is not None else 0.0
        if name == "h":
            return float(record.forward.h[t, at[0]])
        arrays = {
            "y": record.from_output,
            "future": record.from_future,
            "d_h": record.d_h,
            "d_a": record.d_a,
            "slope": record.slopes,
            "p": record.forward.probabilities,
        }
        return float(arrays[name][t - 1, at[0]])


def chosen(record: BackwardTrace, units: int) -> Look:
    if record.forward.kind != "rnn":
        raise ValueError(f"record: expected that of a plain cell (RNNCell), got {record.forward.kind!r}")
    as_size("units", units)
    if not all(np.isfinite(a).all() for a in (record.d_h, record.d_logits, *record.gradients.values())):
        raise ValueError("record: expected finite numbers, got NaN or infinity; did the training diverge?")
    H, K = record.d_h.shape[1], record.d_logits.shape[1]
    order = np.argsort(-np.abs(record.d_h).max(axis=0), kind="stable")
    chosen = range(H) if units + 1 >= H else sorted(int(k) for k in order[:units])
    return Look(record, tuple(chosen), tuple(range(min(K, 2))), len(record.d_logits) == record.forward.T > 1)
