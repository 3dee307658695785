"""Exercises of chapter 04: learning through time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import cross_entropy, softmax, tanh_slope
from ..gradcheck import numerical_gradient
from ..training.optimizers import clip_by_norm
from .common import Array, Rng, dense, normal, recurrent
from .task import posed

__all__ = ["EXERCISES"]


# ---- 04.1 one step back


def one_answer(rng: Rng) -> tuple[Any, ...]:
    """h, label, W_hy, b_y for H = K = 3: what is not transposed still fits."""
    h = np.tanh(rng.normal(size=3))
    return h, int(rng.integers(3)), rng.normal(size=(3, 3)), rng.normal(size=3)


def of_the_layers(h: Array, label: int, W_hy: Array, b_y: Array) -> Any:
    """What the library's output layer, loss and tanh give, one after the other."""
    output, rows = dense(W_hy, b_y), h[None]
    _, d_z = cross_entropy(output.forward(rows), np.eye(3)[label][None])
    d_h, _ = output.backward(d_z, rows)
    return (d_h * tanh_slope(rows))[0]


def back_one_step(h: Array, label: int, W_hy: Array, b_y: Array, slip: str = "") -> Any:
    """Scores, state, sum."""
    scores, truth = W_hy @ h + b_y, np.eye(3)[label]
    p = softmax(scores)
    d_z = {
        "truth_left_out": p,
        "uphill": truth - p,
        "scores_for_probabilities": scores - truth,
        "softmax_slope_again": (p - truth) * p * (1 - p),
    }.get(slip, p - truth)
    slope = {
        "slope_left_out": np.ones(3),
        "slope_of_tanh_h": 1 - np.tanh(h) ** 2,
        "slope_of_the_sigmoid": h * (1 - h),
        "slope_without_square": 1 - h,
    }.get(slip, 1 - h**2)
    return (W_hy if slip == "output_not_turned" else W_hy.T) @ d_z * slope


# ---- 04.2 the two parts


def back_in_the_library(d_z: Array, d_a_next: Array, W_hy: Array, W_hh: Array) -> Any:
    """The library's output layer back, and its cell (without tanh) one step back."""
    nothing = np.zeros((1, 3))
    cell = RNNCell(3, 3, activation="linear", rng=np.random.default_rng(0))
    cell.W_hh = W_hh
    from_output, _ = dense(W_hy, np.zeros(3)).backward(d_z[None], nothing)
    _, cache = cell.step(nothing, nothing)
    _, from_future, _ = cell.step_back(d_a_next[None], cache)
    return (from_output + from_future)[0]


def on_the_state(d_z: Array, d_a_next: Array, W_hy: Array, W_hh: Array, slip: str = "") -> Any:
    """One part from the answer, one from the future."""
    answer, future = W_hy.T @ d_z, W_hh.T @ d_a_next
    return {
        "output_alone": answer,
        "future_alone": future,
        "memory_not_turned": answer + W_hh @ d_a_next,
        "answer_not_turned": W_hy @ d_z + future,
        "neither_turned": W_hy @ d_z + W_hh @ d_a_next,
        "halved": (answer + future) / 2,
        "multiplied": answer * future,
    }.get(slip, answer + future)


# ---- 04.3 all the way


def a_run(rng: Rng) -> tuple[Array, ...]:
    """h (T+1, H), d_out (T, H), W_hh (H, H) for T = 5, H = 3; the first state is not zero."""
    return np.tanh(rng.normal(size=(6, 3))), rng.normal(size=(5, 3)), rng.normal(size=(3, 3))


def back_in_the_layer(h: Array, d_out: Array, W_hh: Array) -> Any:
    """What the library's layer gives, for inputs that make exactly these states."""
    layer, x = recurrent(np.eye(3), W_hh, np.zeros(3)), np.arctanh(h[1:]) - h[:-1] @ W_hh.T
    _, _, tape = layer.forward(x[:, None], h[:1])
    return layer.backward(d_out[:, None], tape)[2]["W_hh"]


def through_time(h: Array, d_out: Array, W_hh: Array, slip: str = "") -> Any:
    """Backpropagation through time: from the last step to the first."""
    d_W_hh, d_next, T = np.zeros_like(W_hh), np.zeros(3), len(d_out)
    for t in range(T) if slip == "forward_in_time" else reversed(range(T)):
        d_h = d_out[t] * (slip != "own_answers_dropped" or t == T - 1) + d_next * (slip != "future_dropped")
        slope = {
            "tanh_once_more": 1 - np.tanh(h[t + 1]) ** 2,
            "slope_of_the_state_before": 1 - h[t] ** 2,
            "no_slope_at_all": np.ones(3),
        }.get(slip, 1 - h[t + 1] ** 2)
        share = np.outer(d_h * slope, h[t + 1 if slip == "state_after" else t])
        d_W_hh = share if slip == "overwritten" else d_W_hh + share
        goes_on = d_h if slip == "no_slope_on_the_way" else d_h * slope
        d_next = (W_hh if slip == "way_back_not_turned" else W_hh.T) @ goes_on
    return {"outer_turned": d_W_hh.T, "averaged": d_W_hh / T}.get(slip, d_W_hh)


# ---- 04.4 clipping


def some_gradients(rng: Rng) -> tuple[list[Array], float]:
    """The gradients of W_xh, W_hh, b_h, and a bound; in some trials nothing has to be done."""
    grads = [*normal((3, 4), (3, 3), (3,))(rng)]
    size = float(np.sqrt(sum((g**2).sum() for g in grads)))
    return grads, size * float(rng.uniform(0.1, 1.5))


def as_one_vector(grads: list[Array], bound: float) -> list[Array]:
    """The library's clipping of all of them as one vector."""
    vector = np.concatenate([g.ravel() for g in grads])
    clip_by_norm(vector, bound)
    cuts = np.cumsum([g.size for g in grads])[:-1]
    return [part.reshape(g.shape) for part, g in zip(np.split(vector, cuts), grads, strict=True)]


def clipped(grads: list[Array], bound: float, slip: str = "") -> Any:
    """One norm, and one factor for all."""
    norms = [float(np.linalg.norm(g)) for g in grads]
    norm = float(np.linalg.norm(norms))
    if slip == "element_by_element":
        return [np.clip(g, -bound, bound) for g in grads]
    if slip == "each_by_itself":
        return [g * min(1.0, bound / own) for g, own in zip(grads, norms, strict=True)]
    factor = {
        "always_scaled": bound / norm,
        "to_length_one": 1 / norm if norm > bound else 1.0,
        "root_forgotten": min(1.0, bound / norm**2),
        "norms_added": min(1.0, bound / sum(norms)),
        "thrown_away": float(norm <= bound),
    }.get(slip, min(1.0, bound / norm))
    return [g * factor for g in grads]


# ---- 04.5 central differences

Function = Callable[[Array], float]


def a_landscape(rng: Rng) -> tuple[Function, Array, float]:
    """A loss of four weights, where to stand, and how far to step."""
    A = rng.normal(size=(5, 4))

    def f(w: Array) -> float:
        return float(np.logaddexp.reduce(A @ w) + np.sin(2 * w).sum())

    return f, rng.normal(size=4), 1e-3


def of_the_library(f: Function, w: Array, epsilon: float) -> Array:
    """The library's central differences."""
    here = w.copy()
    return numerical_gradient(lambda: f(here), here, epsilon)


def slopes(f: Function, w: Array, epsilon: float, slip: str = "") -> Any:
    """One number after the other, up and down."""
    nudges = epsilon * np.eye(len(w))
    moved = np.cumsum(nudges, axis=0) - nudges if slip == "never_put_back" else 0 * nudges  # those before stay down
    above = np.array([f(w - stay + nudge) for stay, nudge in zip(moved, nudges, strict=True)])
    below = np.array([f(w - stay - nudge) for stay, nudge in zip(moved, nudges, strict=True)])
    return {
        "one_sided": (above - f(w)) / epsilon,
        "one_sided_below": (f(w) - below) / epsilon,
        "two_forgotten": (above - below) / epsilon,
        "brackets_forgotten": (above - below) / 2 * epsilon,
        "not_divided": above - below,
        "other_way_round": (below - above) / (2 * epsilon),
        "all_at_once": (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon),
    }.get(slip, (above - below) / (2 * epsilon))


# ---- 04.6 a road that keeps its width

UNITS, STEPS, WIDEST = 8, 50, 10.0
RING: Array = np.roll(np.eye(UNITS), 1, axis=0)


def as_matrix(answer: Any) -> Array | None:
    """An (8, 8) matrix of numbers that can be computed with, or None."""
    try:
        W = np.asarray(answer)
    except ValueError:
        return None
    if W.dtype.kind not in "biuf" or W.shape != (UNITS, UNITS) or not (np.abs(W) <= 1e6).all():
        return None
    return W.astype(float)


def road(answer: Any) -> tuple[float, float, float]:
    """The largest and the smallest singular value of dh_50 / dh_0, by the library's backward pass; the last |h|."""
    x = np.repeat(np.random.default_rng(46).normal(0, 0.01, (STEPS, 1, UNITS)), UNITS, axis=1)
    layer = recurrent(np.eye(UNITS), np.asarray(answer, float), np.zeros(UNITS))
    y, _, tape = layer.forward(x)
    _, d_first, _ = layer.backward(None, tape, np.eye(UNITS), inputs=False)
    sizes = np.linalg.svd(np.asarray(d_first), compute_uv=False)
    return float(sizes[0]), float(sizes[-1]), float(np.abs(y[-1, 0]).mean())


def keeps_its_width(answer: Any) -> bool:
    """Whether every direction arrives, at most ten times longer or shorter, and no unit listens to itself."""
    if as_matrix(answer) is None or np.diag(answer).any():
        return False
    largest, smallest, _ = road(answer)
    return smallest > 1 / WIDEST and largest < WIDEST


def saturates(answer: Any) -> bool:
    """Whether the states run to the ends of tanh, where there is no slope left."""
    _, smallest, size = road(answer)
    return size > 0.5 and smallest < 1 / WIDEST


WRONG_ROADS = {
    "no_matrix": (np.eye(4).tolist(), lambda W: as_matrix(W) is None),
    "listens_to_itself": (np.eye(UNITS).tolist(), lambda W: bool(np.diag(W).any())),
    "forgets_at_once": (
        np.eye(UNITS, k=1).tolist(),
        lambda W: not np.abs(np.linalg.matrix_power(np.asarray(W, float), UNITS)).max() > 1e-12,
    ),
    "saturates": ((1.6 * RING).tolist(), saturates),
    "vanishes": ((0.9 * RING).tolist(), lambda W: road(W)[0] <= 1 / WIDEST),
    "in_part": (((1 - np.eye(UNITS)) / 7).tolist(), lambda W: road(W)[1] <= 1 / WIDEST),
    "explodes": ((1.08 * RING).tolist(), lambda W: road(W)[0] >= WIDEST),
}


EXERCISES = (
    posed("04.1", of_the_layers, back_one_step, inputs=one_answer),
    posed("04.2", back_in_the_library, on_the_state, inputs=normal((3,), (3,), (3, 3), (3, 3))),
    posed("04.3", back_in_the_layer, through_time, inputs=a_run),
    posed("04.4", as_one_vector, clipped, inputs=some_gradients, parts=("W_xh", "W_hh", "b_h")),
    posed("04.5", of_the_library, slopes, inputs=a_landscape, tolerance=1e-8),
    posed("04.6", RING.tolist(), WRONG_ROADS, accepts=keeps_its_width),
)
