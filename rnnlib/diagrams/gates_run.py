"""An LSTM or GRU over one sequence: its gates and states, and how much of its last memory is owed to an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..cells import GRUCell, LSTMCell
from ..flow import cell_state_flow, gradient_flow
from ..functions import FloatArray
from ..layers import Recurrent
from ..parameters import map_state

KEEPS = {"lstm": ("f", "c"), "gru": ("z", "h")}  # the gate whose product is the straight road of which state


@dataclass(frozen=True)
class GateRun:
    """One run of a gated layer, T steps: values name -> (T+1, H), gates at step 0 being NaN; road (T+1, H): the product
    of f (or z) after step t; full (T+1, H): what one unit's last c (or h) owes to its own at step t, by the backward
    pass, along every road."""

    kind: str
    values: dict[str, FloatArray]
    road: FloatArray
    full: FloatArray

    def value(self, name: str, t: int, k: int) -> float:
        """A number by its name."""
        table = {"road": self.road, "full": self.full} | self.values
        return float(table[name][t, k])


def gate_run(layer: Recurrent, x: FloatArray, start: float = 0.0) -> GateRun:
    """One sequence (T, I) through a layer over an LSTM or GRU cell. start: c_0 of each unit (h_0 for a GRU). TypeError
    for another layer. Chapter 06."""
    if not isinstance(layer, Recurrent) or not isinstance(layer.cell, (LSTMCell, GRUCell)) or layer.reverse:
        raise TypeError("layer: expected Recurrent over an LSTMCell or a GRUCell, forward in time")
    found = layer.cell
    memory, zeros = np.full(found.hidden, start, layer.dtype), np.zeros(found.hidden, layer.dtype)
    state: Any = (zeros, memory) if found.kind == "lstm" else memory
    _, _, tape = layer.forward(np.asarray(x)[:, None], map_state(lambda s: s[None], state))
    gap = np.full((1, found.hidden), np.nan)
    values = {name: np.concatenate([gap, gate[:, 0]]) for name, gate in layer.gates(tape).items()}
    values |= {name: s[:, 0].copy() for name, s in layer.states(tape).items()}
    gate, _ = KEEPS[found.kind]
    after = np.concatenate([values[gate][1:], np.ones((1, found.hidden))])
    flow = cell_state_flow(layer, x, state) if found.kind == "lstm" else gradient_flow(layer, x, state).jacobians["h"]
    road = np.cumprod(after[::-1], axis=0)[::-1]
    return GateRun(found.kind, values, road, np.diagonal(flow, axis1=1, axis2=2).copy())
