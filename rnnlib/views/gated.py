"""The numbers of a gated layer, step by step in the order in which it reads. Chapter 06."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..checks import expect, one_of
from ..functions import FloatArray
from ..trace import LayerTrace, Trace
from .steps import from_step_1

__all__ = ["GatedRun", "gated_run"]


@dataclass(frozen=True)
class GatedRun:
    """A run of an LSTM or GRU layer over T steps."""

    trace: Trace
    record: LayerTrace

    @property
    def T(self) -> int:
        return len(self.record.x)

    @property
    def H(self) -> int:
        return int(self.record.states["h"].shape[1])

    @property
    def tokens(self) -> tuple[str, ...]:
        """What is read at each step. A decoder reads the start symbol, then what it wrote."""
        trace = self.trace
        if self.record.name.startswith("decoder"):
            return ("start", *(trace.classes[k] for k in trace.written[:-1]))
        return trace.tokens[::-1] if self.record.reverse else trace.tokens

    def param(self, name: str) -> FloatArray | None:
        return self.trace.params.get(f"{self.record.name}.{name}")

    @property
    def peepholes(self) -> FloatArray | None:
        """(3, H), for i, f, o; None where the layer has none."""
        return self.param("W_ch")

    @cached_property
    def numbers(self) -> dict[str, FloatArray]:
        """Row t for step t of reading: the states and gates by their letters; "in f" and "state f", what goes into a
        gate from the input (and bias) and from the state before; and what is between the gates and the states."""
        turn = slice(None, None, -1 if self.record.reverse else 1)
        states = {name: rows[turn] for name, rows in self.record.states.items()}
        gates = {name: rows[turn] for name, rows in self.record.gates.items()}
        parts = dict[str, FloatArray]()
        for of, array in (("in", self.record.from_input), ("state", self.record.from_state)):
            parts |= {
                f"{of} {name}": p for name, p in zip(gates, np.split(array[turn], len(gates), axis=1), strict=True)
            }
        between = (
            self._lstm(gates, states) if self.record.kind == "lstm" else self._gru(gates, states, parts["state n"])
        )
        return states | {name: from_step_1(rows) for name, rows in (gates | parts | between).items()}

    def _lstm(self, g: dict[str, FloatArray], s: dict[str, FloatArray]) -> dict[str, FloatArray]:
        before, after = s["c"][:-1], s["c"][1:]
        found = {"f×c": g["f"] * before, "i×g": g["i"] * g["g"], "tanh c": np.tanh(after)}
        for name, seen, W in zip(
            "ifo", (before, before, after), self.peepholes if self.peepholes is not None else (), strict=False
        ):
            found[f"peep {name}"] = W * seen
        return found

    def _gru(self, g: dict[str, FloatArray], s: dict[str, FloatArray], from_state: FloatArray) -> dict[str, FloatArray]:
        before, W, b_hn = s["h"][:-1], self.param("W_hh"), self.param("b_hn")
        found = {"z×h": g["z"] * before, "1−z": 1 - g["z"], "(1−z)×n": (1 - g["z"]) * g["n"]}
        if self.record.reset_after:  # r multiplies what the state gives to n (PyTorch, Keras)
            inner = from_state + (0 if b_hn is None else b_hn)
            return found | {"u": inner, "reset": g["r"] * inner}
        assert W is not None  # every recurrent layer of a trace has its weights there
        return found | {"reset": (g["r"] * before) @ np.split(W, 3)[2].T}  # r multiplies the state itself (Cho et al.)


def gated_run(trace: Trace, kind: str, layer: str | None = None) -> GatedRun:
    """layer: the layer's name in the trace ("body.left"); the last recurrent one if None. ValueError for another
    kind of layer than "lstm" or "gru" as asked for, a layer that does not exist, NaN or infinity."""
    named = {record.name: record for record in trace.layers if record.states}
    record = trace.main if layer is None else named[one_of("layer", layer, named)]
    expect(record.kind == kind, f"trace: expected that of {kind.upper()} units, got {record.kind}")
    numbers = (*record.states.values(), *record.gates.values(), record.from_input, record.from_state)
    finite = all(np.isfinite(array).all() for array in numbers)
    expect(finite, "trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    return GatedRun(trace, record)
