"""Exercises of chapter 03: unrolling, padding, and what the last state holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..layers import Recurrent
from .common import Array, Ints, Rng, inside, normal, recurrent, step
from .task import posed

__all__ = ["EXERCISES"]


# ---- 03.1 the loop


A_SEQUENCE = normal((6, 4), (3,), (3, 4), (3, 3), (3,))


def of_the_layer(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Any:
    """What the library's layer gives."""
    return recurrent(W_xh, W_hh, b_h).forward(x[:, None], state=h_0[None])[0][:, 0]


def unroll(x: Array, h_0: Array, W_xh: Array, W_hh: Array, b_h: Array, slip: str = "") -> Any:
    """A step after the other."""
    h, states = np.zeros_like(h_0) if slip == "from_zeros" else h_0, []
    for x_t in x[::-1] if slip == "from_the_end" else x:
        h = step(x_t, h_0 if slip == "always_the_first" else h, W_xh, W_hh, b_h, slip)
        states.append(h)
    slips = {"with_the_first": [h_0, *states], "one_step_late": [h_0, *states[:-1]], "the_last_alone": states[-1]}
    return np.array(slips.get(slip, states))


# ---- 03.2 who hears whom


def a_step(rng: Rng) -> tuple[int, int]:
    """s and T, with 1 < s < T, and s not in the middle."""
    T = int(rng.integers(10, 40))
    return int(rng.integers(2, T // 2)), T


def counted(s: int, T: int) -> int:
    """Counted in a run of the library: which states change when step s does."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(T, 1, 2))
    other = x.copy()
    other[s - 1] += 1
    layer = Recurrent(RNNCell(2, 3, rng=rng, init="orthogonal"))
    return int((layer.forward(x)[0] != layer.forward(other)[0]).any(axis=(1, 2)).sum())


def outputs_that_hear(s: int, T: int, slip: str = "") -> int:
    """Those from s to T."""
    return {"off_by_one": T - s, "those_before": s, "all_of_them": T, "itself_alone": 1}.get(slip, T - s + 1)


# ---- 03.3 past the end


def a_moment(rng: Rng) -> tuple[Array, Array, int, Ints]:
    """new (5, 3), h (5, 3), t, and lengths around it, t itself among them."""
    t = int(rng.integers(2, 5))
    return rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), t, np.array([t - 1, t, t + 1, t + 2, t])


def held(new: Array, h: Array, t: int, lengths: Ints, slip: str = "") -> Any:
    """new inside a sentence, h past its end."""
    true = (t < lengths)[:, None]
    return {
        "one_step_longer": np.where((t <= lengths)[:, None], new, h),
        "exchanged": np.where(true, h, new),
        "zeros_past": np.where(true, new, 0),
        "not_held": new.copy(),
        "added": true * new + h,
    }.get(slip, np.where(true, new, h))


# ---- 03.4 a loss without padding


def some_losses(rng: Rng) -> tuple[Array, Ints]:
    """losses (6, 3), in the padding, too, and lengths."""
    return rng.uniform(0.1, 3, (6, 3)), np.array([6, 2, 3])[rng.permutation(3)]


def masked_mean(losses: Array, lengths: Ints, slip: str = "") -> float:
    """The mean of what lies inside the sentences."""
    true = losses[inside(len(losses), lengths)]
    return {
        "mean_of_all": float(losses.mean()),
        "divided_by_all": true.sum() / losses.size,
        "not_divided": true.sum(),
        "mean_of_means": np.mean([losses[:n, b].mean() for b, n in enumerate(lengths)]),
        "by_sentence": true.sum() / len(lengths),
    }.get(slip, true.mean())


# ---- 03.5 before the loop


A_BATCH = normal((5, 2, 4), (2, 3), (3, 4), (3, 3), (3,))


def end_of_the_layer(x: Array, h: Array, W_xh: Array, W_hh: Array, b_h: Array) -> Any:
    """What the library's layer ends with."""
    return recurrent(W_xh, W_hh, b_h).forward(x, state=h)[0][-1]


def last_state(x: Array, h: Array, W_xh: Array, W_hh: Array, b_h: Array, slip: str = "") -> Any:
    """The input's part before the loop, the state's in it."""
    parts, first = x @ W_xh.T + {"bias_twice": 2, "bias_left_out": 0}.get(slip, 1) * b_h, h
    for part in np.tanh(parts) if slip == "bent_twice" else parts:
        from_h = (first if slip == "both_before" else h) @ (W_hh if slip == "turned" else W_hh.T)
        h = np.tanh(part + from_h)
    return h


EXERCISES = (
    posed("03.1", of_the_layer, unroll, inputs=A_SEQUENCE),
    posed("03.2", counted, outputs_that_hear, inputs=a_step),
    posed("03.3", held, inputs=a_moment),
    posed("03.4", masked_mean, inputs=some_losses),
    posed("03.5", end_of_the_layer, last_state, inputs=A_BATCH),
)
