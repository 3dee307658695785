"""The numbers of a backward pass by name, row t for step t, and the sums of what the steps add. Chapter 04."""

from __future__ import annotations

import numpy as np

from ..checks import expect
from ..functions import FloatArray
from ..trace import BackwardTrace
from .steps import from_step_1

__all__ = ["adds_up", "backward"]


def backward(record: BackwardTrace) -> dict[str, FloatArray]:
    """from y, future, d_h (and its length), slope, d_a, p, d_y (T+1, ...); h; part: what a step adds to the gradient of
    W_hh; for each weight of the cell "sum W_hh" (T+2, ...): row t what the steps t..T have added, rows 0 and 1 the
    library's gradient, and "norm W_hh", its length; W_hh, W_hy; loss. ValueError for a cell with gates and for what is
    not finite."""
    forward, T = record.forward, record.forward.T
    expect(forward.kind == "rnn", f"record: expected that of a plain cell (RNNCell), got {forward.kind!r}")
    finite = all(np.isfinite(a).all() for a in (record.d_h, record.d_logits, *record.gradients.values()))
    expect(finite, "record: expected finite numbers, got NaN or infinity; did the training diverge?")
    d_y = np.zeros((T, record.d_logits.shape[1]), record.d_logits.dtype)
    d_y[-len(record.d_logits) :] = record.d_logits  # of all steps, or of the last
    numbers: dict[str, FloatArray] = {
        "from y": record.from_output, "future": record.from_future, "d_h": record.d_h, "slope": record.slopes,
        "d_a": record.d_a, "p": forward.probabilities, "d_y": d_y, "part": record.contributions["W_hh"],
    }  # fmt: skip
    numbers = {name: from_step_1(array) for name, array in numbers.items()}
    numbers["length"] = np.linalg.norm(numbers["d_h"], axis=1)
    for name, parts in record.contributions.items():
        whole = record.gradients[f"body.{name}"][None]
        so_far = np.cumsum(parts[:0:-1], axis=0)[::-1]  # of the steps 2..T and later
        total = np.concatenate([whole, whole, so_far, 0 * whole])
        numbers |= {f"sum {name}": total, f"norm {name}": np.sqrt((total.reshape(T + 2, -1) ** 2).sum(axis=1))}
    weights = {"W_hh": forward.params["body.W_hh"], "W_hy": forward.params["output.W_hy"]}
    return {**numbers, **weights, "h": forward.h, "loss": np.array([record.loss])}


def adds_up(record: BackwardTrace) -> tuple[float, bool]:
    """How far the parts of all steps, added up, are from the library's gradients, in any element; and whether that is
    no more than rounding."""
    gradients = record.gradients
    gaps = [np.abs(parts.sum(axis=0) - gradients[f"body.{name}"]).max() for name, parts in record.contributions.items()]
    largest, scale = float(max(gaps)), max(float(np.abs(g).max()) for g in gradients.values())
    return largest, largest <= 16 * record.forward.T * float(np.finfo(record.d_h.dtype).eps) * scale  # of T sums
