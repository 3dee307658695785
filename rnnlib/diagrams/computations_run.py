"""One step after the other of a plain recurrent network, cut into its seven operations: which numbers there are, and
which of them have room in a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from ..functions import FloatArray
from ..trace import Trace
from .lettering import exact, power, text_width
from .palette import SMALL

STEPS = 8  # as many are shown
ROOM, MORE_ROOM = 880, 920  # px across; where all of the network is shown then
CELL_GAP, PAD = 2, 2  # px between cells, and between cells and their box
EDGE, DOTS = 44, 14  # px left of the first matrix; of a column that stands for those that have no room
SLACKS = (10, 8, 6, 4)  # px around the number in a cell, the first that has room
EQUALS, PLUS, TIMES, SQUASH = 18, 20, 6, 58  # px between boxes


class Operation(NamedTuple):
    """One of the seven: which computation it belongs to, the quantity that it gives, and its mark with W_xh, x, ..."""

    computation: int
    gives: str
    mark: str


OPERATIONS = (
    Operation(1, "xh", "{W_x} {x}"),
    Operation(1, "hh", "{W_h} {h}"),
    Operation(1, "sum", "the sum"),
    Operation(1, "h", "tanh"),
    Operation(2, "hy", "{W_y} {h}"),
    Operation(2, "score", "+ {b_y}"),
    Operation(2, "p", "softmax"),
)
COUNT = len(OPERATIONS)


class Place(NamedTuple):
    """A page: time step t (from 1; 0 is the start) and operation (from 0)."""

    t: int
    operation: int

    @property
    def page(self) -> int:
        return 0 if self.t == 0 else 1 + (self.t - 1) * COUNT + self.operation

    @classmethod
    def of(cls, page: int) -> Place:
        return cls(0, COUNT - 1) if page == 0 else cls((page - 1) // COUNT + 1, (page - 1) % COUNT)


def gives(page: int) -> str:
    """The quantity that a page computes; at the start the first state is there."""
    return OPERATIONS[Place.of(page).operation].gives if page else "h"


def made_on(quantity: str, t: int) -> int:
    """The page on which a quantity of step t is computed; the first state is there at the start."""
    operation = next(k for k, one in enumerate(OPERATIONS) if one.gives == quantity)
    return Place(t, operation).page if t else 0


@dataclass(frozen=True)
class Network:
    """What a picture of the computations shows. trace: of a plain cell. units, inputs, outputs: those that have room;
    steps: how many."""

    trace: Trace
    notation: str
    units: tuple[int, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    steps: int
    slack: int = SLACKS[0]

    @classmethod
    def of(cls, trace: Trace, notation: str) -> Network:
        """As much of the network as has room. ValueError for what is no plain tanh cell with a softmax."""
        refuse(trace)
        K, most = trace.logits.shape[1], trace.probabilities.mean(axis=0)
        outputs = tuple(range(K)) if K <= 4 else _largest(most, 3)
        inputs, units = trace.x.shape[1], trace.H
        shown = (min(inputs, 4), units if units <= 4 else 3)
        network = cls(trace, notation, (), (), outputs, min(trace.T, STEPS))
        for slack in SLACKS:
            whole = network.with_room(*shown, slack)
            room = MORE_ROOM if slack == SLACKS[-1] and shown == (inputs, units) else ROOM
            if whole.width <= room:
                return whole
        while (fitting := network.with_room(*shown, SLACKS[-1])).width > ROOM and shown != (1, 1):
            many_inputs = shown[0] >= shown[1] > 1 or shown[1] == 1
            shown = (shown[0] - 1, shown[1]) if many_inputs else (shown[0], shown[1] - 1)
        return fitting

    def with_room(self, inputs: int, units: int, slack: int) -> Network:
        """The same with other numbers of inputs and units: those that do most in this run."""
        trace = self.trace
        size = np.abs(trace.x).sum(axis=0) * np.abs(self.W_xh).sum(axis=0)
        moved = np.abs(np.diff(trace.h, axis=0)).sum(axis=0) * (np.ptp(self.W_hy, axis=0) + 1e-12)
        return replace(self, units=_largest(moved, units), inputs=_largest(size, inputs), slack=slack)

    # ---- the numbers

    @property
    def T(self) -> int:
        return self.trace.T

    def param(self, name: str) -> FloatArray:
        """A parameter of the cell or of the output; a bias that the cell does not have is 0."""
        cell = self.trace.params.get(f"{self.trace.main.name}.{name}")
        found = self.trace.params.get(f"output.{name}") if cell is None else cell
        return np.zeros(self.trace.H) if found is None else found

    @cached_property
    def W_xh(self) -> FloatArray:
        return self.param("W_xh")

    @cached_property
    def W_hh(self) -> FloatArray:
        return self.param("W_hh")

    @cached_property
    def b_h(self) -> FloatArray:
        return self.param("b_h")

    @cached_property
    def W_hy(self) -> FloatArray:
        return self.param("W_hy")

    @cached_property
    def b_y(self) -> FloatArray:
        return self.param("b_y")

    @cached_property
    def quantities(self) -> dict[str, FloatArray]:
        """Name -> (T+1, ...), row t for step t; what is computed at a step has zeros in row 0."""
        trace = self.trace
        steps = {
            "x": trace.x,
            "xh": trace.from_input - self.b_h,
            "hh": trace.from_state,
            "sum": trace.total,
            "hy": trace.logits - self.b_y,
            "score": trace.logits,
            "p": trace.probabilities,
        }
        return {"h": trace.h} | {name: np.vstack([0 * rows[:1], rows]) for name, rows in steps.items()}

    @cached_property
    def value(self) -> Callable[[str], float]:
        """The number that an address names: "W_xh/1/0", "b_h/1", "x/2/0", "sum/2/1", "xh_rest/2/1": what the inputs
        without room add. Each is looked up once."""
        return cache(self._value)

    def _value(self, address: str) -> float:
        name, *places = address.split("/")
        i, j = int(places[0]), int(places[-1])
        if name.startswith("W_"):
            return float(self.param(name)[i, j])
        if name.startswith("b_"):
            return float(self.param(name)[i])
        if name.endswith("_rest"):
            return self.rest(name.removesuffix("_rest"), i, j)
        return float(self.quantities[name][i, j])

    def rest(self, name: str, t: int, k: int) -> float:
        """What the columns without room add to number k of a product."""
        matrix, t_of, vector, shown = self.product(name, t)
        hidden = [j for j in range(matrix.shape[1]) if j not in shown]
        return float(matrix[k, hidden] @ self.quantities[vector][t_of, hidden])

    def product(self, name: str, t: int) -> tuple[FloatArray, int, str, tuple[int, ...]]:
        """Of "xh", "hh" or "hy" at step t: the matrix, and of its vector the step, the name and what has room."""
        return {
            "xh": (self.W_xh, t, "x", self.inputs),
            "hh": (self.W_hh, t - 1, "h", self.units),
            "hy": (self.W_hy, t, "h", self.units),
        }[name]

    def rows(self, name: str) -> tuple[int, ...]:
        """Which numbers of a quantity have room."""
        return {"x": self.inputs, "hy": self.outputs, "score": self.outputs, "p": self.outputs}.get(name, self.units)

    # ---- how they are written

    @cached_property
    def decimals(self) -> dict[str, int]:
        """For weights and inputs: as many as they need, at most two."""
        weights = np.concatenate([np.ravel(w) for w in (self.W_xh, self.W_hh, self.b_h, self.W_hy, self.b_y)])
        return {"weight": _decimals(weights), "x": _decimals(self.trace.x)}

    def text(self, address: str) -> str:
        """The number as it is printed."""
        name = address.split("/")[0]
        value = self.value(address)
        if name == "p":
            return f"{value:.2f}"
        digits = self.decimals["weight" if name[:2] in ("W_", "b_") else name] if name[:2] in ("W_", "b_", "x") else 2
        return short(value, digits)

    def across(self, *names: str) -> int:
        """How wide a cell has to be, in px, for all numbers of these quantities."""
        texts = [short(extreme, self._digits(name)) for name in names for extreme in self._extremes(name)]
        return round(max(text_width(text, SMALL) for text in texts) / 2) * 2 + self.slack

    def _digits(self, name: str) -> int:
        return self.decimals["weight"] if name[:2] in ("W_", "b_") else self.decimals["x"] if name == "x" else 2

    def _extremes(self, name: str) -> tuple[float, float]:
        array = self.param(name) if name[:2] in ("W_", "b_") else self.quantities[name]
        return float(array.min()), float(array.max())

    @cached_property
    def widths(self) -> dict[str, int]:
        """Of the boxes of the first and of the second computation, in px."""
        weight, value = self.across("W_xh", "W_hh", "b_h", "W_hy", "b_y"), self.across("xh", "hh", "sum", "h")
        answer = self.across("hy", "score")
        more = {"W_xh": self.W_xh.shape[1] > len(self.inputs), "W_hh": len(self.units) < self.trace.H}
        more["W_hy"] = more["W_hh"]
        columns = {"W_xh": len(self.inputs), "W_hh": len(self.units), "W_hy": len(self.units)}
        boxes = {name: _box(weight, count) + DOTS * more[name] for name, count in columns.items()}
        singles = {
            "x": self.across("x"),
            "b_h": weight,
            "b_y": weight,
            "hy": answer,
            "score": answer,
            "p": 30 + self.slack,
        }
        singles |= dict.fromkeys(("xh", "hh", "sum", "h"), value)
        return boxes | {name: _box(width, 1) for name, width in singles.items()}

    @property
    def width(self) -> int:
        """Of the first computation in a line, with its edges."""
        w = self.widths
        boxes = w["W_xh"] + w["x"] + w["W_hh"] + w["b_h"] + 2 * w["h"] + w["xh"] + w["hh"] + w["sum"]
        return EDGE + 10 + boxes + 2 * TIMES + 3 * EQUALS + 2 * PLUS + SQUASH


def refuse(trace: Trace) -> None:
    """ValueError for a trace that has no such computations, or that is not finite."""
    main = trace.main
    if main.kind != "rnn" or main.reverse or trace.params["output.W_hy"].shape[1] != trace.H:
        raise ValueError("trace: expected one of a plain recurrent cell, read forward, with the output on its state")
    if len(trace.logits) != trace.T:
        raise ValueError("trace: expected an answer at every step, as ManyToOne and ManyToMany give")
    arrays = (trace.x, trace.from_input, trace.from_state, trace.h, trace.logits, *trace.params.values())
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    if trace.activation != "tanh":
        raise ValueError("trace: expected a cell with tanh, got another activation")
    if trace.squash != "softmax":
        raise ValueError("trace: expected an output with softmax, got another one")


def _largest(size: FloatArray, count: int) -> tuple[int, ...]:
    return tuple(sorted(int(k) for k in np.argsort(-size, kind="stable")[:count]))


def _decimals(array: FloatArray) -> int:
    return next((d for d in (0, 1) if np.allclose(array, np.round(array, d), rtol=0, atol=1e-9)), 2)


def _box(cell: int, columns: int) -> int:
    return columns * (cell + CELL_GAP) - CELL_GAP + 2 * PAD


def short(value: float, decimals: int) -> str:
    """A number with its sign; fewer decimals where it is large."""
    if abs(value) >= 99_999.5:
        return f"{'+' if value > 0 else ''}{power(value)}"
    return exact(value, min(decimals, 2 if abs(value) < 99.995 else 1 if abs(value) < 999.95 else 0))


def listed(names: Sequence[str]) -> str:
    """1, 2 and 5."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
