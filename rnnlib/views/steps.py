"""The numbers of a trace by name, row t for step t: what is computed at a step has NaN at the start. Chapter 00."""

from __future__ import annotations

import numpy as np

from ..functions import FloatArray
from ..trace import Trace

__all__ = ["from_step_1", "steps"]


def from_step_1(array: FloatArray) -> FloatArray:
    """(T, ...) -> (T+1, ...): row t is step t, and at the start there is nothing."""
    return np.concatenate([np.full_like(array[:1], np.nan, dtype=np.result_type(array, np.float32)), array])


def steps(trace: Trace) -> dict[str, FloatArray]:
    """states and gates by their letters; from_input, from_state, total; logits and p (the probabilities); "W_hy h" and
    b_y (K,), the parts of the logits."""
    computed = {name: from_step_1(getattr(trace, name)) for name in ("from_input", "from_state", "total", "logits")}
    gates = {name: from_step_1(gate) for name, gate in trace.gates.items()}
    b_y = trace.params["output.b_y"]
    answers = {"p": from_step_1(trace.probabilities), "W_hy h": computed["logits"] - b_y, "b_y": b_y}
    return {**trace.states, **gates, **computed, **answers}
