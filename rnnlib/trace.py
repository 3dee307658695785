"""Frozen records of one run of a model on one sequence: everything that a diagram or a table needs, and nothing drawn.

A trace is computed by the library's own methods, not by a second copy of the equations, and its arrays cannot be changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from .cells import Tape
from .functions import FloatArray, softmax
from .models import Model

__all__ = ["Trace", "trace"]


@dataclass(frozen=True)
class Trace:
    """One sequence of T steps through a model with H units and K outputs.

    tokens: a name for each step. classes: a name for each output. x (T, I): the inputs.
    from_input (T, G*H) = `W_xh x_t + b_h`; from_state (T, G*H) = `W_hh h_(t-1)`; total (T, G*H), their sum, before the
    activation (for a plain cell G = 1 and `h_t = tanh(total_t)`).
    gates: for a gated cell, name -> (T, H), after the activation. states: name -> (T+1, H), the first state included;
    `h` is `states["h"]`. logits (T, K) = `W_hy h_t + b_y` and probabilities (T, K): what the model would answer if the
    sequence ended after step t. params: the parameters at that moment, under their flat names.
    """

    kind: str
    tokens: tuple[str, ...]
    classes: tuple[str, ...]
    x: FloatArray
    from_input: FloatArray
    from_state: FloatArray
    total: FloatArray
    gates: dict[str, FloatArray]
    states: dict[str, FloatArray]
    logits: FloatArray
    probabilities: FloatArray
    params: dict[str, FloatArray]

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            arrays = value.values() if isinstance(value, dict) else [value] if isinstance(value, np.ndarray) else []
            for array in arrays:
                array.flags.writeable = False

    @property
    def T(self) -> int:
        """The number of steps."""
        return len(self.x)

    @property
    def H(self) -> int:
        """The number of hidden units."""
        return self.h.shape[1]

    @property
    def h(self) -> FloatArray:
        """The hidden states h_0 .. h_T, (T+1, H)."""
        return self.states["h"]

    def __repr__(self) -> str:
        return f"Trace({self.kind}, T={self.T}, H={self.H}, {' '.join(self.tokens)!r})"


def trace(model: Model, x: ArrayLike, tokens: Sequence[str] | None = None) -> Trace:
    """Run the model on one sequence x (T, I) and keep everything. tokens: a name for each step (x_1, x_2, ... if None).

    ValueError where x is not one sequence, or the number of tokens is not T.
    """
    steps = np.asarray(x)
    if steps.ndim != 2:
        raise ValueError(f"x: expected one sequence (T, {model.body.inputs}), got {steps.shape}")
    batch = model.batch(steps[:, None])
    names = tuple(tokens) if tokens is not None else tuple(f"x_{t + 1}" for t in range(len(steps)))
    if len(names) != len(steps):
        raise ValueError(f"tokens: expected {len(steps)}, one for each step, got {len(names)}")
    cell = model.body.cell
    start = Tape(cell, *batch.x.shape[:2])
    cell.load(start, batch.x)
    from_input = start.a[:, 0].copy()
    y, _, tape = model.body.forward(batch.x)
    run = tape.cell
    from_state = np.stack([np.dot(h, cell.W_hh.T)[0] for h in run.before[0]])
    logits = model.output.forward(y)[:, 0]
    return Trace(
        kind=cell.kind,
        tokens=names,
        classes=model.classes,
        x=batch.x[:, 0].copy(),
        from_input=from_input,
        from_state=from_state,
        total=from_input + from_state,
        gates={} if cell.gates == ("h",) else {n: g[:, 0].copy() for n, g in zip(cell.gates, cell.split(run.a), strict=True)},
        states={name: s[:, 0].copy() for name, s in zip(cell.state_names, run.states, strict=True)},
        logits=logits,
        probabilities=softmax(logits),
        params={name: array.copy() for name, array in model.params.items()},
    )
