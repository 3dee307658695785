"""Exercises of chapter 00: start here."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ..cells import RNNCell
from ..layers import Dense, Recurrent
from ..models import ManyToOne
from ..trace import Trace, trace
from .common import Array, Rng, normal, rnn, step
from .task import posed

__all__ = ["EXERCISES"]


def a_run(rng: Rng, T: int, V: int, H: int) -> Trace:
    """A network with random weights reads a text of T words."""
    model = ManyToOne(Recurrent(RNNCell(V, H, rng=rng)), Dense(H, 2, rng=rng))
    return trace(model, np.eye(V)[rng.integers(V, size=T)])


# ---- 00.1 which key

KEYS = {  # how a key may be written
    "home": {"home", "pos1", "pos 1"},
    "end": {"end", "ende"},
    "left": {"←", "left", "arrowleft", "arrow left", "left arrow", "<-"},
    "right": {"→", "right", "arrowright", "arrow right", "right arrow", "->"},
    "space": {"space", "spacebar", "space bar", ""},
}
OTHER_KEYS = {"left": "←", "end": "End", "right": "→", "space": "Space"}


def is_key(name: str, answer: Any) -> bool:
    """Whether the answer is that key, however it is written."""
    return isinstance(answer, str) and answer.strip().lower() in KEYS[name]


# ---- 00.2 read a number off the state


def some_states(rng: Rng) -> tuple[Array, int, int]:
    """States h (T+1, H), a word t, and a unit k, both counted from 1."""
    return a_run(rng, 5, 20, 8).h, int(rng.integers(2, 6)), int(rng.integers(1, 5))


def unit_after(h: Array, t: int, k: int, slip: str = "") -> Any:
    """Row t is the state after word t; units are counted from 1, columns from 0."""
    return {
        "unit_from_0": h[t, k],
        "word_before": h[t - 1, k - 1],
        "both_from_elsewhere": h[t - 1, k],
        "axes_swapped": h[k - 1, t],
        "whole_state": h[t],
    }.get(slip, h[t, k - 1])


# ---- 00.3 shapes

Shapes = tuple[tuple[int, ...], ...]


def sizes(rng: Rng) -> tuple[int, int, int]:
    """T words, V words in the vocabulary, H units, all different."""
    T = int(rng.integers(3, 6))
    return T, T + int(rng.integers(7, 12)), T + int(rng.integers(2, 6))


def of_a_run(T: int, V: int, H: int) -> Shapes:
    """Those of a run of the library."""
    run = a_run(np.random.default_rng(0), T, V, H)
    return run.x.shape, run.h.shape, run.probabilities.shape


def shapes(T: int, V: int, H: int, slip: str = "") -> Shapes:
    """One row for each word, and one more of h for the start."""
    x, h, p = (T, V), (T + 1, H), (T, 2)
    slips: dict[str, Shapes] = {
        "no_start": (x, (T, H), p),
        "answers_for_start": (x, h, (T + 1, 2)),
        "words_in_columns": (x[::-1], h[::-1], p[::-1]),
        "words_as_numbers": ((T,), h, p),
        "one_answer": (x, h, (2,)),
    }
    return slips.get(slip, (x, h, p))


# ---- 00.4 one step by hand


def weights_and_states(rng: Rng) -> tuple[Array, ...]:
    """W_xh, W_hh, b_h, a word x and the state before it. W_hh is large enough to be missed."""
    V, H = 6, 4
    word = np.eye(V)[rng.integers(V)]
    before = np.tanh(rng.normal(size=H))
    return *normal((H, V), (H, H), (H,))(rng), word, before


def the_step(W_xh: Array, W_hh: Array, b_h: Array, x: Array, h_before: Array) -> Any:
    """The library's cell."""
    return rnn(W_xh, W_hh, b_h).step(x[None], h_before[None])[0][0]


def by_hand(W_xh: Array, W_hh: Array, b_h: Array, x: Array, before: Array, slip: str = "") -> Any:
    """The equation."""
    return step(x, before, W_xh, W_hh, b_h, slip)


EXERCISES = (
    posed(
        "00.1",
        "Home",
        {name: (key, partial(is_key, name)) for name, key in OTHER_KEYS.items()},
        accepts=partial(is_key, "home"),
    ),
    posed("00.2", unit_after, inputs=some_states),
    posed("00.3", of_a_run, shapes, inputs=sizes, parts=("shape of x", "shape of h", "shape of p")),
    posed("00.4", the_step, by_hand, inputs=weights_and_states),
)
