"""Dropout on the way from h_(t-1) to h_t: one mask for all steps of a sequence, or a new one at each. Chapter 04.

The network of `bugs`, with the state before multiplied by a mask: h_t = tanh(W_xh x_t + W_hh (m_t h_(t-1)) + b_h).
"""

from __future__ import annotations

import numpy as np

from ..checks import as_number, as_size, one_of
from ..functions import FloatArray
from ..training import Adam
from . import bugs

__all__ = ["KINDS", "accuracy"]

KINDS = ("none", "one for all steps", "new at each step")
SEEDS, UPDATES, RATE = 10, 400, 0.01  # networks side by side; how long they train, Adam's learning rate


def masks(kind: str, rate: float, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """What the states (T, ..., H) are multiplied by: 0 with probability rate, else 1 / (1 - rate)."""
    one_of("kind", kind, KINDS)
    as_number("rate", rate, zero=True, below=1)
    if kind == KINDS[0]:
        return np.ones(shape)
    drawn = (rng.random(shape) >= rate) / (1 - rate)
    return np.broadcast_to(drawn[:1], shape) if kind == KINDS[1] else drawn


def states(w: bugs.Weights, x: FloatArray, m: FloatArray) -> FloatArray:
    """h (T+1, ..., H) under the masks m (T, ..., H)."""
    from_input = x @ w["W_xh"].mT + w["b_h"]
    h = np.zeros((len(x) + 1, *from_input.shape[1:]))
    for t in range(len(x)):
        h[t + 1] = np.tanh(from_input[t] + (m[t] * h[t]) @ w["W_hh"].mT)
    return h


def gradients(w: bugs.Weights, x: FloatArray, y: FloatArray, m: FloatArray) -> bugs.Weights:
    """The gradient of the loss for every weight: what a mask took out forward, it takes out backward."""
    h = states(w, x, m)
    d_z = bugs.answers(w, h, y).d_z
    d = {name: np.zeros_like(array) for name, array in w.items()}
    d_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_a = (d_z[t] @ w["W_hy"] + d_next) * (1 - h[t + 1] ** 2)
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] += d_a.mT @ (m[t] * h[t])
        d["b_h"] += d_a.sum(-2, keepdims=True)
        d_next = m[t] * (d_a @ w["W_hh"])
    return d


def accuracy(
    kind: str, *, rate: float = 0.25, delay: int = 3, seeds: int = SEEDS, updates: int = UPDATES
) -> FloatArray:
    """Train networks on `bugs.echo` with such masks; their accuracy (seeds,) on new sequences, where none is used."""
    as_size("updates", updates)
    rngs = [np.random.default_rng(seed) for seed in range(as_size("seeds", seeds))]
    w, rng = bugs.weights(rng=rngs), np.random.default_rng(seeds)
    optimizers = {name: Adam(RATE) for name in w}
    for _ in range(updates):
        x, y = bugs.echo(delay, rng=rngs)
        m = masks(kind, rate, (*x.shape[:-1], w["W_hh"].shape[-1]), rng)
        for name, gradient in gradients(w, x, y, m).items():
            optimizers[name].update(w[name], gradient)
    return bugs.forward(w, *bugs.echo(delay, rng=rngs, examples=bugs.ASKED)).accuracy
