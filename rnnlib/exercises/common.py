"""What the exercises of several chapters share: the library's layers with given weights, a step by hand, a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator as Rng

from ..cells import RNNCell
from ..functions import FloatArray as Array
from ..functions import IntArray as Ints
from ..functions import sigmoid
from ..layers import Dense, Recurrent

__all__ = ["Array", "Ints", "Rng", "dense", "inside", "normal", "recurrent", "rnn", "sizes", "step"]


def rnn(W_xh: Array, W_hh: Array, b_h: Array) -> RNNCell:
    """The library's plain cell with these weights."""
    cell = RNNCell(W_xh.shape[1], len(W_hh), rng=np.random.default_rng(0))
    cell.set_params({"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h})
    return cell


def recurrent(W_xh: Array, W_hh: Array, b_h: Array) -> Recurrent:
    """The library's layer of such a cell."""
    return Recurrent(rnn(W_xh, W_hh, b_h))


def dense(W_hy: Array, b_y: Array) -> Dense:
    """The library's output layer with these weights."""
    output = Dense(W_hy.shape[1], len(W_hy), rng=np.random.default_rng(0))
    output.set_params({"W_hy": W_hy, "b_y": b_y})
    return output


def normal(*shapes: tuple[int, ...]) -> Callable[[Rng], tuple[Array, ...]]:
    """Inputs of an exercise: random numbers in these shapes."""
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def sizes(count: int, below: int) -> Callable[[Rng], tuple[int, ...]]:
    """Inputs of an exercise: so many whole numbers, all different, from 2."""
    return lambda rng: tuple(rng.choice(np.arange(2, below), count, replace=False).tolist())


def inside(T: int, lengths: Ints) -> Any:
    """(T, B): whether step t of sequence b lies before its end."""
    return np.arange(T)[:, None] < lengths


def step(x: Array, h: Array, W_xh: Array, W_hh: Array, b_h: Array, slip: str = "") -> Any:
    """tanh(W_xh x + W_hh h + b_h) by hand, for single vectors."""
    from_x, from_h = W_xh @ x, W_hh @ h
    a = from_x + from_h + b_h
    return {
        "without_tanh": a,
        "without_bias": np.tanh(from_x + from_h),
        "without_memory": np.tanh(from_x + b_h),
        "without_product": np.tanh(from_x + h + b_h),
        "turned": np.tanh(from_x + h @ W_hh + b_h),
        "bias_outside": np.tanh(from_x + from_h) + b_h,
        "tanh_twice": np.tanh(np.tanh(a)),
        "tanh_of_the_parts": np.tanh(from_x) + np.tanh(from_h) + b_h,
        "tanh_of_each": np.tanh(from_x) + np.tanh(from_h + b_h),
        "with_sigmoid": sigmoid(a),
    }.get(slip, np.tanh(a))
