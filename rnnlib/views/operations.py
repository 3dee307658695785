"""A plain recurrent network cut into its seven operations a step: W_xh x, W_hh h, their sum, tanh; W_hy h, + b_y,
softmax. Chapter 02."""

from __future__ import annotations

import numpy as np

from ..checks import expect
from ..functions import FloatArray
from ..trace import Trace
from .steps import from_step_1

__all__ = ["operations"]


def operations(trace: Trace) -> dict[str, FloatArray]:
    """The weights by their names (a bias that the cell does not have is 0), and row t for step t of x, xh = W_xh x,
    hh = W_hh h_(t-1), sum, h, hy = W_hy h, score, p. ValueError for what is no plain tanh cell with a softmax that
    answers at every step, and for NaN or infinity."""
    main, zeros = trace.main, np.zeros(trace.H)
    plain = main.kind == "rnn" and not main.reverse and trace.params["output.W_hy"].shape[1] == trace.H
    expect(plain, "trace: expected one of a plain recurrent cell, read forward, with the output on its state")
    every = len(trace.logits) == trace.T
    expect(every, "trace: expected an answer at every step, as ManyToOne and ManyToMany give")
    arrays = (trace.x, trace.from_input, trace.from_state, trace.h, trace.logits, *trace.params.values())
    finite = all(np.isfinite(array).all() for array in arrays)
    expect(finite, "trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    expect(trace.activation == "tanh", "trace: expected a cell with tanh, got another activation")
    expect(trace.squash == "softmax", "trace: expected an output with softmax, got another one")
    cell = {name: trace.params.get(f"{main.name}.{name}", zeros) for name in ("W_xh", "W_hh", "b_h")}
    W_hy, b_y = trace.params["output.W_hy"], trace.params.get("output.b_y", np.zeros(trace.logits.shape[1]))
    computed = {
        "x": trace.x, "xh": trace.from_input - cell["b_h"], "hh": trace.from_state, "sum": trace.total,
        "hy": trace.logits - b_y, "score": trace.logits, "p": trace.probabilities,
    }  # fmt: skip
    return cell | {"W_hy": W_hy, "b_y": b_y, "h": trace.h} | {name: from_step_1(a) for name, a in computed.items()}
