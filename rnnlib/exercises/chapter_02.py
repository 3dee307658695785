"""Exercises of chapter 02: the unit, two computations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import sigmoid, softmax
from ..layers import Dense
from .common import Array, Rng, dense, normal, rnn, sizes, step
from .task import posed

__all__ = ["EXERCISES"]


# ---- 02.1 one step: two computations


A_UNIT = normal((4,), (3,), (3, 4), (3, 3), (3,), (3, 3), (3,))  # H = K: what is transposed still fits


def of_the_layers(x: Array, h: Array, W_xh: Array, W_hh: Array, b_h: Array, W_hy: Array, b_y: Array) -> Any:
    """What the library's cell and output layer compute with these weights."""
    new, _ = rnn(W_xh, W_hh, b_h).step(x[None], h[None])
    return new[0], softmax(dense(W_hy, b_y).forward(new))[0]


def one_step(x: Array, h: Array, W_xh: Array, W_hh: Array, b_h: Array, *output: Array, slip: str = "") -> Any:
    """The two equations."""
    W_hy, b_y = output
    new = step(x, h, W_xh, W_hh, b_h, slip)
    scores = W_hy @ new + b_y
    return {
        "state_alone": new,
        "output_alone": softmax(scores),
        "exchanged": (softmax(scores), new),
        "reads_the_old_state": (new, softmax(W_hy @ h + b_y)),
        "reads_the_sum": (new, softmax(W_hy @ step(x, h, W_xh, W_hh, b_h, "without_tanh") + b_y)),
        "scores_alone": (new, scores),
        "without_output_bias": (new, softmax(scores - b_y)),
        "output_turned": (new, softmax(new @ W_hy + b_y)),
        "output_with_tanh": (new, np.tanh(scores)),
        "output_with_sigmoid": (new, sigmoid(scores)),
    }.get(slip, (new, softmax(scores)))


# ---- 02.2 how many numbers


def counted(inputs: int, units: int, outputs: int) -> int:
    """What the library's cell and output layer count."""
    rng = np.random.default_rng(0)
    return RNNCell(inputs, units, rng=rng).parameter_count + Dense(units, outputs, rng=rng).parameter_count


def parameters(inputs: int, units: int, outputs: int, slip: str = "") -> int:
    """H (I + H + 1) + K (H + 1)."""
    state, output = units * (inputs + units + 1), outputs * (units + 1)
    return {
        "weights_alone": state - units + output - outputs,
        "no_output_bias": state + output - outputs,
        "no_state_bias": state - units + output,
        "two_biases": state + units + output,
        "narrow_memory": state - units * units + units + output,
        "no_output": state,
        "output_reads_input": state + output + outputs * inputs,
    }.get(slip, state + output)


# ---- 02.3 the stacked form


STACKED_ROWS = normal((4, 3), (4, 3), (3, 6), (3,))  # I = H: what is stacked the wrong way round still fits


def in_halves(x: Array, h: Array, W: Array, b: Array) -> Any:
    """What the library's cell computes with the two halves of W."""
    H = h.shape[1]
    return rnn(W[:, H:], W[:, :H], b).step(x, h)[0]


def stacked_step(x: Array, h: Array, W: Array, b: Array, slip: str = "") -> Any:
    """tanh(W [h; x] + b), for every row."""
    H, a = h.shape[1], np.concatenate([h, x], axis=1) @ W.T
    return {
        "input_first": np.tanh(np.concatenate([x, h], axis=1) @ W.T + b),
        "stacked_linear": a + b,
        "stacked_without_bias": np.tanh(a),
        "summed": np.tanh((h + x) @ (W[:, :H] + W[:, H:]).T + b),
        "halves_turned": np.tanh(h @ W[:, :H] + x @ W[:, H:] + b),
        "lying_down": np.tanh(a + b).T,
    }.get(slip, np.tanh(a + b))


# ---- 02.4 softmax


def large_scores(rng: Rng) -> tuple[Array]:
    """Scores (3, 4): a row of small ones, a row with one that is far above the others, a row in the thousands."""
    scores = rng.normal(size=(3, 4))
    scores[1, rng.integers(4)] += 1500
    scores[2] += 2000
    return (scores,)


def probabilities(scores: Array, slip: str = "") -> Any:
    """Softmax of each row."""
    moved = scores - scores.max(axis=1, keepdims=True)
    of_all, as_defined = np.exp(scores - scores.max()), np.exp(scores)
    right = softmax(scores)
    return {
        "largest_of_all": of_all / of_all.sum(axis=1, keepdims=True),
        "by_definition": as_defined / as_defined.sum(axis=1, keepdims=True),
        "over_the_batch": softmax(scores.T).T,
        "over_everything": softmax(scores.ravel()).reshape(scores.shape),
        "one_sum": np.exp(moved) / np.exp(moved).sum(),
        "one_by_one": sigmoid(scores),
        "not_divided": np.exp(moved),
        "without_exp": scores / scores.sum(axis=1, keepdims=True),
        "logarithms": moved - np.log(np.exp(moved).sum(axis=1, keepdims=True)),
    }.get(slip, right)


def too_small(got: Array, scores: Array) -> bool:
    """Whether the row of small scores has become 0 / 0, and the other rows are well."""
    return np.shape(got) == scores.shape and bool(np.isnan(got[0]).all() and np.isfinite(got[1:]).all())


def is_logarithm(got: Array, scores: Array) -> bool:
    """Whether exp of it would be right."""
    return np.shape(got) == scores.shape and np.allclose(np.exp(got), softmax(scores))


SIGNS_OF_SOFTMAX = {
    "largest_of_all": too_small,
    "by_definition": lambda got, scores: bool(np.isnan(got).any()),
    "logarithms": is_logarithm,
}


# ---- 02.5 a disguise


def some_network(rng: Rng) -> tuple[Any, ...]:
    """W_xh, W_hh, b_h, W_hy for I = 3, H = 4, K = 2, and a new order that is not its own inverse."""
    first, *others = rng.permutation(4).tolist()
    order = [0] * 4
    for here, there in zip([first, *others], [*others, first], strict=True):
        order[here] = there  # one round through all four units
    return *normal((4, 3), (4, 4), (4,), (2, 4))(rng), order


def disguise(W_xh: Array, W_hh: Array, b_h: Array, W_hy: Array, order: list[int], slip: str = "") -> Any:
    """The weights with the units in another order."""
    if slip == "the_way_back":
        order = np.argsort(order).tolist()
    memory = {
        "rows_alone": W_hh[order],
        "columns_alone": W_hh[:, order],
        "memory_as_it_was": W_hh,
        "single_cells": W_hh[order, order],
    }.get(slip, W_hh[np.ix_(order, order)])
    bias = b_h if slip == "bias_as_it_was" else b_h[order]
    return W_xh[order], memory, bias, W_hy if slip == "output_as_it_was" else W_hy[:, order]


# ---- 02.6 a switch

Unit = tuple[float, float, float]
RUNS, STEPS = 40, 50


def pulses() -> Array:
    """Runs of pulses (RUNS, STEPS), mostly silence; the first two hear one pulse, up and down, and then nothing."""
    rng = np.random.default_rng(26)
    runs = rng.choice([-1.0, 0.0, 1.0], p=[0.15, 0.7, 0.15], size=(RUNS, STEPS))
    runs[:2] = 0
    runs[:2, 0] = 1, -1
    return runs


def as_unit(answer: Any) -> Unit | None:
    """Three finite numbers, or None."""
    try:
        w_x, w_h, b = (float(number) for number in answer)
    except (TypeError, ValueError):
        return None
    return (w_x, w_h, b) if np.isfinite([w_x, w_h, b]).all() else None


def states(answer: Any) -> Array:
    """The states of one unit, for each run and step, by the library's cell; NaN where the answer is none."""
    w_x, w_h, b = as_unit(answer) or (np.nan,) * 3
    cell = rnn(np.array([[w_x]]), np.array([[w_h]]), np.array([b]))
    h, seen = np.zeros((RUNS, 1)), []
    for x in pulses().T:
        h, _ = cell.step(x[:, None], h)
        seen.append(h[:, 0])
    return np.array(seen).T


def least(answer: Any) -> float:
    """How far it leans to the side of the last pulse, where it leans least."""
    last, signs = np.zeros(RUNS), []
    for x in pulses().T:
        last = np.where(x == 0, last, x)
        signs.append(last)
    sign = np.array(signs).T
    return float((states(answer) * sign)[sign != 0].min())


def up(answer: Any, at: int) -> float:
    """The state at a step of the run that heard one pulse up."""
    return float(states(answer)[0, at])


def down(answer: Any, at: int) -> float:
    """The state at a step of the run that heard one pulse down."""
    return float(states(answer)[1, at])


def end(answer: Any) -> float:
    """How large the smaller of the two is in the end."""
    return min(abs(up(answer, -1)), abs(down(answer, -1)))


WRONG_UNITS = {
    "no_unit": ((3.0, 2.0), lambda unit: as_unit(unit) is None),
    "upside_down": ((-3.0, 2.0, 0.0), lambda unit: up(unit, 0) < 0 < down(unit, 0)),
    "flips": (
        (3.0, -2.0, 0.0),
        lambda unit: min(up(unit, -1) * up(unit, -2), down(unit, -1) * down(unit, -2)) < -0.01,
    ),
    "leans": ((3.0, 2.0, 2.0), lambda unit: up(unit, -1) * down(unit, -1) > 0 and end(unit) > 0.3),
    "fades": ((3.0, 0.9, 0.0), lambda unit: end(unit) < 0.3),
    "low": ((3.0, 1.05, 0.0), lambda unit: min(up(unit, -1), -down(unit, -1)) <= 0.5),
    "slow_to_rise": ((0.3, 2.0, 0.0), lambda unit: min(up(unit, 0), -down(unit, 0)) <= 0.5),
    "not_at_once": ((2.4, 2.0, 0.0), lambda unit: 0 < least(unit) <= 0.5),
    "stuck": ((1.0, 2.0, 0.0), lambda unit: least(unit) <= 0.5),
}


EXERCISES = (
    posed("02.1", of_the_layers, one_step, inputs=A_UNIT, parts=("the new state", "the output")),
    posed("02.2", counted, parameters, inputs=sizes(3, 40)),
    posed("02.3", in_halves, stacked_step, inputs=STACKED_ROWS),
    posed("02.4", softmax, probabilities, SIGNS_OF_SOFTMAX, inputs=large_scores),
    posed("02.5", disguise, inputs=some_network, parts=("W_xh", "W_hh", "b_h", "W_hy")),
    posed("02.6", (3.0, 2.0, 0.0), WRONG_UNITS, accepts=lambda unit: as_unit(unit) is not None and least(unit) > 0.5),
)
