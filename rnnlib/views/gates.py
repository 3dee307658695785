"""An LSTM or GRU over one sequence, as it is and with gates held: its gates and states, and how much of its last memory
is owed to an earlier one. Chapter 06."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import asked
from ..cells import GRUCell, LSTMCell, hold
from ..checks import expect
from ..flow import cell_state_flow, gradient_flow
from ..functions import FloatArray
from ..layers import Recurrent
from ..parameters import map_state
from .steps import from_step_1

__all__ = ["GATES", "KEEPS", "LONGEST", "SAYS", "GatesRun", "gates_run"]

KEEPS = {"lstm": ("f", "c"), "gru": ("z", "h")}  # the gate whose product is the straight road of which state
GATES = {"lstm": ("f", "i", "o"), "gru": ("z", "r")}
SAYS = {
    "f": "forget gate f", "i": "input gate i", "o": "output gate o", "z": "update gate z", "r": "reset gate r",
    "g": "candidate g", "n": "candidate n", "c": "cell state c", "h": "hidden state h",
}  # fmt: skip
LONGEST = 40  # steps that have room


@dataclass(frozen=True)
class GatesRun:
    """Both runs of a layer of that kind over the tokens. numbers: "free f", "changed c", ... -> (T+1, H), row t for
    step t; road: the product of f (or z) after step t; full: what one unit's last c (or h) owes to its own at step t,
    by the backward pass, along every road. held: gate -> value."""

    kind: str
    tokens: tuple[str, ...]
    held: dict[str, float]
    numbers: dict[str, FloatArray]

    @property
    def T(self) -> int:
        return len(self.tokens)

    @property
    def H(self) -> int:
        return int(self.numbers["free h"].shape[1])


@asked.asks(x=asked.numbers(2), tokens=asked.names())
def gates_run(
    layer: Recurrent,
    x: FloatArray,
    tokens: tuple[str, ...],
    *,
    held: Mapping[str, float] | None = None,
    start: float = 0.0,
) -> GatesRun:
    """One sequence x (T, I), at most 40 steps, each with a token, through a layer over an `LSTMCell` or a `GRUCell`.

    held: gate -> 0, 1/2 or 1, see `cells.hold`. start: the memory before the first step, c_0 (h_0 for a GRU), the same
    in every unit. ValueError for more steps, a gate that does not exist, and for what is not finite; TypeError for a
    layer without gates. Chapter 06.
    """
    gated = isinstance(layer.cell, LSTMCell | GRUCell) and not layer.reverse
    expect(gated, "layer: expected Recurrent over an LSTMCell or a GRUCell, forward in time", TypeError)
    T, finite = len(x), np.isfinite(x).all() and np.isfinite(layer.vector()).all()
    fits = 1 <= T <= LONGEST and len(tokens) == T
    expect(fits, f"x: expected 1 to {LONGEST} steps, each with a token, got {T} and {len(tokens)} tokens")
    expect(finite, "layer, x: expected finite numbers, got NaN or infinity; did the training diverge?")
    free, held = _run(layer, x, start), dict(held or {})
    changed = _run(Recurrent(hold(layer.cell, **held)), x, start) if held else free
    runs = {"free": free, "changed": changed}
    numbers = {f"{which} {name}": rows for which, run in runs.items() for name, rows in run.items()}
    return GatesRun(layer.cell.kind, tuple(tokens), held, numbers)


def _run(layer: Recurrent, x: FloatArray, start: float) -> dict[str, FloatArray]:
    kind, H = layer.cell.kind, layer.cell.hidden
    memory, zeros = np.full(H, start, layer.dtype), np.zeros(H, layer.dtype)
    state: Any = (zeros, memory) if kind == "lstm" else memory
    _, _, tape = layer.forward(np.asarray(x)[:, None], map_state(lambda s: s[None], state))
    values = {name: from_step_1(gate[:, 0]) for name, gate in layer.gates(tape).items()}
    values |= {name: s[:, 0].copy() for name, s in layer.states(tape).items()}
    after = np.concatenate([values[KEEPS[kind][0]][1:], np.ones((1, H))])
    flow = cell_state_flow(layer, x, state) if kind == "lstm" else gradient_flow(layer, x, state).jacobians["h"]
    return values | {"road": np.cumprod(after[::-1], axis=0)[::-1], "full": np.diagonal(flow, axis1=1, axis2=2).copy()}
