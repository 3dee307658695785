"""Exercises and quiz of chapter 02: the unit, two computations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, sigmoid, softmax
from ..layers import Dense
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

Numbers = tuple[FloatArray, ...]
Triple = tuple[float, float, float]


# ---- 02.1 the new state


def one_step(rng: np.random.Generator) -> Numbers:
    """x, h, W_xh, W_hh, b_h for I = 4, H = 3."""
    return rng.normal(size=4), rng.normal(size=3), rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), rng.normal(size=3)


def new_state(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    """What the library's cell computes with these weights."""
    cell = RNNCell(len(x), len(h), rng=np.random.default_rng(0))
    cell.set_params({"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h})
    state: FloatArray = cell.step(x[None], h[None])[0][0]
    return state


def without_tanh(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return W_xh @ x + W_hh @ h + b_h


def without_bias(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.tanh(W_xh @ x + W_hh @ h)


def turned(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.tanh(W_xh @ x + W_hh.T @ h + b_h)


def without_memory(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.tanh(W_xh @ x + b_h)


def bias_outside(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.tanh(W_xh @ x + W_hh @ h) + b_h


def tanh_twice(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.tanh(np.tanh(W_xh @ x + W_hh @ h + b_h))


def tanh_of_the_parts(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.tanh(W_xh @ x) + np.tanh(W_hh @ h) + b_h


def with_sigmoid(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return sigmoid(W_xh @ x + W_hh @ h + b_h)


NEW_STATE = Exercise(
    "02.1",
    "Write `new_state(x, h, W_xh, W_hh, b_h)`: the state after one step.",
    new_state,
    (
        Wrong(
            without_tanh,
            "tanh is missing: this is the sum that goes into it.",
            "Put `np.tanh( ... )` around the whole sum.",
        ),
        Wrong(without_bias, "the bias `b_h` is left out.", "There are three terms inside tanh."),
        Wrong(
            turned,
            "`W_hh` is transposed: `W_hh.T @ h` (or `h @ W_hh`) takes its columns for its rows.",
            "A single vector stands on the right: `W_hh @ h`. Only a batch of rows needs `.T`.",
        ),
        Wrong(
            without_memory,
            "the state before is left out: this network remembers nothing.",
            "What does `W_hh` act on?",
        ),
        Wrong(
            bias_outside, "the bias is added after tanh: it belongs inside.", "Look at the brackets of the equation."
        ),
        Wrong(tanh_twice, "tanh is applied twice.", "Once is enough, on the sum of all three terms."),
        Wrong(
            tanh_of_the_parts,
            "tanh is applied to each part by itself. It is applied once, to their sum.",
            "Add first, then squash. Two parts squashed one by one could add up to 2.",
        ),
        Wrong(with_sigmoid, "this is the sigmoid, between 0 and 1. The state takes tanh.", "`np.tanh`."),
    ),
    (
        "Three terms, added up, and one function around them all: see the table of section 1.",
        "`np.tanh(W_xh @ x + ... + b_h)`. The missing term takes `h` through `W_hh`.",
    ),
    inputs=one_step,
    praise="right. That is the first of the two computations.",
)


# ---- 02.2 how many numbers


def sizes(rng: np.random.Generator) -> tuple[int, int, int]:
    """I, H, K, all different."""
    inputs, units, outputs = (int(size) for size in rng.choice(np.arange(2, 40), 3, replace=False))
    return inputs, units, outputs


def parameters(inputs: int, units: int, outputs: int) -> int:
    """What the library's cell and output layer count."""
    rng = np.random.default_rng(0)
    return RNNCell(inputs, units, rng=rng).parameter_count + Dense(units, outputs, rng=rng).parameter_count


def weights_alone(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + units) + outputs * units


def no_output_bias(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + units + 1) + outputs * units


def no_state_bias(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + units) + outputs * (units + 1)


def two_biases(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + units + 2) + outputs * (units + 1)


def narrow_memory(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + 1 + 1) + outputs * (units + 1)


def no_output(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + units + 1)


def output_reads_input(inputs: int, units: int, outputs: int) -> int:
    return units * (inputs + units + 1) + outputs * (inputs + units + 1)


COUNT = Exercise(
    "02.2",
    "Write `parameters(inputs, units, outputs)`: how many numbers a unit with its output learns.",
    parameters,
    (
        Wrong(weights_alone, "these are the three matrices. Both biases are missing.", "Biases are learned, too."),
        Wrong(no_output_bias, "the bias of the output, `b_y`, is missing.", "It has K numbers."),
        Wrong(no_state_bias, "the bias of the state, `b_h`, is missing.", "It has H numbers."),
        Wrong(
            two_biases,
            "here the state has two biases. PyTorch counts like this (it keeps two, and adds them); this book has one.",
            "`b_h` has H numbers, once.",
        ),
        Wrong(
            narrow_memory,
            "`W_hh` is counted with H numbers. It is square: every unit hears every unit.",
            "Its shape is (H, H).",
        ),
        Wrong(no_output, "this is the unit alone. The output has `W_hy` and `b_y`.", "Add K (H + 1)."),
        Wrong(
            output_reads_input,
            "here the output reads the input, too. It reads the state alone.",
            "`W_hy` has shape (K, H).",
        ),
    ),
    (
        "Write down five shapes, and multiply out each.",
        "(H, I), (H, H), (H,), (K, H), (K,).",
    ),
    inputs=sizes,
    praise="right. And nowhere in it is the length of the sequence.",
)


# ---- 02.3 the stacked form


def stacked_rows(rng: np.random.Generator) -> Numbers:
    """x, h, W, b for B = 4 and I = H = 3: what is stacked the wrong way round still fits."""
    return rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(3, 6)), rng.normal(size=3)


def stacked_step(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    """What the library's cell computes with the two halves of W."""
    H = h.shape[1]
    cell = RNNCell(x.shape[1], H, rng=np.random.default_rng(0))
    cell.set_params({"W_hh": W[:, :H], "W_xh": W[:, H:], "b_h": b})
    states: FloatArray = cell.step(x, h)[0]
    return states


def input_first(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return np.tanh(np.concatenate([x, h], axis=1) @ W.T + b)


def stacked_linear(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return np.concatenate([h, x], axis=1) @ W.T + b


def stacked_without_bias(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return np.tanh(np.concatenate([h, x], axis=1) @ W.T)


def summed(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    H = h.shape[1]
    return np.tanh((h + x) @ (W[:, :H] + W[:, H:]).T + b)


def halves_turned(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    H = h.shape[1]
    return np.tanh(h @ W[:, :H] + x @ W[:, H:] + b)


def lying_down(x: FloatArray, h: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return np.tanh(W @ np.concatenate([h, x], axis=1).T + b[:, None])


STACKED = Exercise(
    "02.3",
    "Write `stacked_step(x, h, W, b)`: the new states of a batch, with one product.",
    stacked_step,
    (
        Wrong(
            input_first,
            "the input stands before the state. Here `W` holds W_hh on the left, so `h` comes first.",
            "`[h; x]`, not `[x; h]`. I and H are equal here, so NumPy does not complain.",
        ),
        Wrong(stacked_linear, "tanh is missing.", "The product and the bias are what goes into tanh."),
        Wrong(stacked_without_bias, "the bias `b` is left out.", "Add `b` to every row, inside tanh."),
        Wrong(
            summed,
            "`h` and `x` are added up. Stacked means side by side: H + I numbers in a row.",
            "`np.concatenate([h, x], axis=1)` has shape (B, H + I).",
        ),
        Wrong(
            halves_turned,
            "both halves of `W` are transposed. Rows need `W.T`.",
            "(B, H + I) @ (H + I, H) gives (B, H).",
        ),
        Wrong(
            lying_down,
            "the batch lies along the columns: your result is (H, B). Sequences are rows here, (B, H).",
            "Rows on the left, `W.T` on the right.",
        ),
    ),
    (
        "Put each row of `h` and each row of `x` side by side: `np.concatenate`, along axis 1.",
        "`np.tanh(np.concatenate([h, x], axis=1) @ W.T + b)`.",
    ),
    inputs=stacked_rows,
    praise="right: one product for two matrices and a whole batch.",
)


# ---- 02.4 softmax


def large_scores(rng: np.random.Generator) -> Numbers:
    """Scores (3, 4): a row of small ones, a row with one that is far above the others, a row in the thousands."""
    scores = rng.normal(size=(3, 4))
    scores[1, rng.integers(4)] += 1500
    scores[2] += 2000
    return (scores,)


def by_definition(scores: FloatArray) -> FloatArray:
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def not_finite(result: Any, scores: FloatArray) -> bool:
    """Whether something has overflowed."""
    got = np.asarray(result)
    return got.dtype.kind == "f" and bool(np.isnan(got).any())


def largest_of_all(scores: FloatArray) -> FloatArray:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def too_small(result: Any, scores: FloatArray) -> bool:
    """Whether the row of small scores has become 0 / 0, and the other rows are well."""
    got = np.asarray(result)
    return got.shape == scores.shape and bool(np.isnan(got[0]).all() and np.isfinite(got[1:]).all())


def over_the_batch(scores: FloatArray) -> FloatArray:
    return softmax(scores.T).T


def over_everything(scores: FloatArray) -> FloatArray:
    return softmax(scores.ravel()).reshape(scores.shape)


def one_sum(scores: FloatArray) -> FloatArray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum())


def one_by_one(scores: FloatArray) -> FloatArray:
    return sigmoid(scores)


def not_divided(scores: FloatArray) -> FloatArray:
    return np.asarray(np.exp(scores - scores.max(axis=1, keepdims=True)))


def without_exp(scores: FloatArray) -> FloatArray:
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def logarithms(scores: FloatArray) -> FloatArray:
    moved = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(moved - np.log(np.exp(moved).sum(axis=1, keepdims=True)))


def is_logarithm(result: Any, scores: FloatArray) -> bool:
    """Whether exp of it would be right."""
    got = np.asarray(result)
    return got.dtype.kind == "f" and got.shape == scores.shape and np.allclose(np.exp(got), softmax(scores))


SOFTMAX = Exercise(
    "02.4",
    "Write `probabilities(scores)`: softmax for every row of scores, of any size.",
    softmax,
    (
        Wrong(
            largest_of_all,
            "the largest score of the whole array is subtracted: rows far below it become 0 / 0, and that is NaN.",
            "Each row has its own largest score: `scores.max(axis=1, keepdims=True)`.",
            shows=too_small,
        ),
        Wrong(
            by_definition,
            "it overflows: exp(2000) is infinite, and infinite by infinite is NaN.",
            "Subtract the largest score of each row first. It changes no probability, and exp never sees more than 0.",
            shows=not_finite,
        ),
        Wrong(
            over_the_batch,
            "it runs over the wrong axis: your columns add up to 1. The sequences compete with each other.",
            "Each row is one sequence. Sum over axis 1, and keep the axis: `keepdims=True`.",
        ),
        Wrong(
            over_everything,
            "it is one softmax over the whole array: all rows together add up to 1.",
            "`sum(axis=1, keepdims=True)` gives each row its own sum.",
        ),
        Wrong(
            one_sum,
            "all rows are divided by one sum, that of the whole array. Each row has its own.",
            "`powers.sum(axis=1, keepdims=True)`.",
        ),
        Wrong(
            one_by_one,
            "this is the sigmoid of each score. The classes have to compete: each row adds up to 1.",
            "Divide by the sum over the row.",
        ),
        Wrong(not_divided, "the rows do not add up to 1: the division is missing.", "Divide by the sum over axis 1."),
        Wrong(
            without_exp,
            "exp is missing: these are scores divided by their sum, and they can be below 0.",
            "exp first, then divide.",
        ),
        Wrong(
            logarithms,
            "these are the logarithms of the probabilities.",
            "One exp more, or one log less.",
            shows=is_logarithm,
        ),
    ),
    (
        "Three moves: take the largest of each row out, exp, divide by the row's sum.",
        "`moved = scores - scores.max(axis=1, keepdims=True)`; then exp of it, divided by its sum over axis 1.",
    ),
    inputs=large_scores,
    praise="right, and it survives scores of 2000.",
)


# ---- 02.5 a disguise


def some_network(rng: np.random.Generator) -> tuple[Any, ...]:
    """W_xh, W_hh, b_h, W_hy for I = 3, H = 4, K = 2, and a new order that is not its own inverse."""
    shapes: Sequence[tuple[int, ...]] = ((4, 3), (4, 4), (4,), (2, 4))
    first, *others = rng.permutation(4).tolist()
    order = [0] * 4
    for here, there in zip([first, *others], [*others, first], strict=True):
        order[here] = there  # one round through all four units
    return (*(rng.normal(size=shape) for shape in shapes), order)


Disguised = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def disguise(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]) -> Disguised:
    """The weights with the units in another order."""
    return W_xh[order], W_hh[np.ix_(order, order)], b_h[order], W_hy[:, order]


def rows_alone(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]) -> Disguised:
    return W_xh[order], W_hh[order], b_h[order], W_hy[:, order]


def columns_alone(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]) -> Disguised:
    return W_xh[order], W_hh[:, order], b_h[order], W_hy[:, order]


def output_as_it_was(
    W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]
) -> Disguised:
    return W_xh[order], W_hh[np.ix_(order, order)], b_h[order], W_hy


def bias_as_it_was(
    W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]
) -> Disguised:
    return W_xh[order], W_hh[np.ix_(order, order)], b_h, W_hy[:, order]


def memory_as_it_was(
    W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]
) -> Disguised:
    return W_xh[order], W_hh, b_h[order], W_hy[:, order]


def the_way_back(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]) -> Disguised:
    return disguise(W_xh, W_hh, b_h, W_hy, np.argsort(order).tolist())


def single_cells(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, order: list[int]) -> Any:
    return W_xh[order], W_hh[order, order], b_h[order], W_hy[:, order]


DISGUISE = Exercise(
    "02.5",
    "Write `disguise(W_xh, W_hh, b_h, W_hy, order)`: the same network with its units in another order.",
    disguise,
    (
        Wrong(
            rows_alone,
            "in `W_hh` the rows are moved and the columns are not. Each unit now listens to the wrong neighbours.",
            "Rows are where a weight leads, columns where it comes from. `W_hh` leads from units to units.",
        ),
        Wrong(
            columns_alone,
            "in `W_hh` the columns are moved and the rows are not.",
            "Rows are where a weight leads, columns where it comes from. `W_hh` leads from units to units.",
        ),
        Wrong(
            memory_as_it_was,
            "`W_hh` is as it was: it still connects the old places.",
            "Move its rows, and its columns, too.",
        ),
        Wrong(
            output_as_it_was,
            "`W_hy` is as it was: the output reads the units in their old places.",
            "Its columns belong to the units: `W_hy[:, order]`.",
        ),
        Wrong(bias_as_it_was, "`b_h` is as it was: each unit has got another one's bias.", "`b_h[order]`."),
        Wrong(
            the_way_back,
            "this is the opposite order: unit k has gone to place `order[k]`. It should come from there.",
            "Index with `order` itself: `W_xh[order]`.",
        ),
        Wrong(
            single_cells,
            "`W_hh[order, order]` picks H single numbers from the diagonal, not a matrix.",
            "`W_hh[order][:, order]` takes the rows, and then the columns.",
        ),
    ),
    (
        "Which axis of each array belongs to the hidden units? Of `W_hh`, both do.",
        "`W_xh[order]`, `W_hh[order][:, order]`, and so on; of `W_hy` the columns.",
    ),
    inputs=some_network,
    parts=("W_xh", "W_hh", "b_h", "W_hy"),
    praise="right. Nobody who looks at the answers can tell the two apart.",
)


# ---- 02.6 a switch

RUNS, STEPS = 40, 50


def pulses() -> FloatArray:
    """Runs of pulses (RUNS, STEPS): mostly silence; the first run hears one pulse and then nothing."""
    rng = np.random.default_rng(26)
    runs = rng.choice([-1.0, 0.0, 1.0], p=[0.15, 0.7, 0.15], size=(RUNS, STEPS))
    runs[:2] = 0
    runs[:2, 0] = 1, -1
    return runs


def as_unit(answer: Any) -> Triple | None:
    """Three finite numbers, or None."""
    try:
        w_x, w_h, b = (float(number) for number in answer)
    except (TypeError, ValueError):
        return None
    return (w_x, w_h, b) if np.isfinite([w_x, w_h, b]).all() else None


def states(unit: Triple, runs: FloatArray) -> FloatArray:
    """The states of one unit, for each run and step, by the library's cell."""
    w_x, w_h, b = unit
    cell = RNNCell(1, 1, rng=np.random.default_rng(0))
    cell.set_params({"W_xh": np.array([[w_x]]), "W_hh": np.array([[w_h]]), "b_h": np.array([b])})
    h, seen = np.zeros((len(runs), 1)), []
    for x in runs.T:
        h, _ = cell.step(x[:, None], h)
        seen.append(h[:, 0])
    return np.array(seen).T


def wanted(runs: FloatArray) -> FloatArray:
    """The sign of the last pulse, for each run and step; 0 before the first."""
    last, seen = np.zeros(len(runs)), []
    for x in runs.T:
        last = np.where(x == 0, last, x)
        seen.append(last)
    return np.array(seen).T


def switches(answer: Any) -> bool:
    """Whether it is a unit that is on or off as the last pulse said, by more than 0.5."""
    unit = as_unit(answer)
    if unit is None:
        return False
    runs = pulses()
    sign = wanted(runs)
    return bool((states(unit, runs) * sign)[sign != 0].min() > 0.5)


def after_one_pulse(answer: Any) -> FloatArray | None:
    """The states after a pulse up (row 0) and a pulse down (row 1), and then silence; None if it is no unit."""
    unit = as_unit(answer)
    return None if unit is None else states(unit, pulses()[:2])


def no_unit(answer: Any) -> bool:
    return as_unit(answer) is None


def upside_down(answer: Any) -> bool:
    """Whether a pulse up pushes it down, and a pulse down up."""
    seen = after_one_pulse(answer)
    return seen is not None and bool(seen[0, 0] < 0 < seen[1, 0])


def flips(answer: Any) -> bool:
    seen = after_one_pulse(answer)
    return seen is not None and bool((seen[:, -1] * seen[:, -2] < -0.01).any())


def leans(answer: Any) -> bool:
    """Whether both pulses end on the same side."""
    seen = after_one_pulse(answer)
    return seen is not None and bool(seen[0, -1] * seen[1, -1] > 0 and abs(seen[:, -1]).min() > 0.3)


def fades(answer: Any) -> bool:
    seen = after_one_pulse(answer)
    return seen is not None and bool(abs(seen[:, -1]).min() < 0.3)


def low(answer: Any) -> bool:
    """Whether it keeps both, but one of them not beyond 0.5."""
    seen = after_one_pulse(answer)
    return seen is not None and bool(min(seen[0, -1], -seen[1, -1]) <= 0.5)


def slow_to_rise(answer: Any) -> bool:
    """Whether the first pulse is kept, but is not beyond 0.5 at once."""
    seen = after_one_pulse(answer)
    return seen is not None and bool(min(seen[0, 0], -seen[1, 0]) <= 0.5)


def not_at_once(answer: Any) -> bool:
    """Whether it always leans to the right side, and at some step by less than 0.5."""
    unit, runs = as_unit(answer), pulses()
    sign = wanted(runs)
    return unit is not None and bool((states(unit, runs) * sign)[sign != 0].min() > 0) and not switches(answer)


def stuck(answer: Any) -> bool:
    """Whether a kept pulse is not overturned by the opposite one."""
    seen = after_one_pulse(answer)
    return seen is not None and not switches(answer)


SWITCH = Exercise(
    "02.6",
    "Give `(w_x, w_h, b)` of one unit that +1 switches on, -1 switches off, and 0 leaves as it is.",
    (3.0, 2.0, 0.0),
    (
        Wrong((3.0, 2.0), "I expected three numbers, `(w_x, w_h, b)`.", "Such as `(1.0, 0.5, 0.0)`.", shows=no_unit),
        Wrong(
            (-3.0, 2.0, 0.0),
            "it is upside down: +1 pushes it down, and −1 up.",
            "Which of the three numbers says what +1 does?",
            shows=upside_down,
        ),
        Wrong(
            (3.0, -2.0, 0.0),
            "it flips: after one pulse it goes up and down for ever.",
            "A negative `w_h` turns the sign of what it carries at each step.",
            shows=flips,
        ),
        Wrong(
            (3.0, 2.0, 2.0),
            "it leans to one side: after +1 and after -1 it ends in the same place.",
            "Its bias is too strong for its `w_h`. With `b = 0` both sides are alike.",
            shows=leans,
        ),
        Wrong(
            (3.0, 0.9, 0.0),
            "it fades: after 50 steps of silence there is hardly anything left of a pulse.",
            "The curve has to be steeper than the diagonal at 0: `w_h` above 1.",
            shows=fades,
        ),
        Wrong(
            (3.0, 1.05, 0.0),
            "it keeps what it heard, but too low: its fixed points lie within 0.5 of zero.",
            "The larger `w_h`, the farther out the fixed points.",
            shows=low,
        ),
        Wrong(
            (0.3, 2.0, 0.0),
            "one pulse does not lift it above 0.5 at once: it needs some steps to get there.",
            "`w_x` is the strength of a pulse, and tanh(0.5) is only 0.46.",
            shows=slow_to_rise,
        ),
        Wrong(
            (2.4, 2.0, 0.0),
            "a pulse the other way turns it, but not always beyond 0.5 at once.",
            "Right after a pulse the unit stands near 1, and `w_h` times that holds against you. `w_x` has to be "
            "larger by about 0.6, as tanh(0.6) is 0.54.",
            shows=not_at_once,
        ),
        Wrong(
            (1.0, 2.0, 0.0),
            "it switches once and then holds on: a pulse the other way does not overturn it.",
            "At the fixed point `w_h * h` holds against you. `w_x` has to beat it, and land beyond 0.5.",
            shows=stuck,
        ),
    ),
    (
        "It has to latch: look for `w_h` at which the curve crosses the diagonal three times. Then it has to let go.",
        "The pulse has to beat what the unit tells itself: `w_x` larger than `w_h` by about 0.6 or more, `b` near 0.",
    ),
    accepts=switches,
    praise="right. One bit of memory, made of three numbers.",
)


EXERCISES: tuple[Exercise, ...] = (NEW_STATE, COUNT, STACKED, SOFTMAX, DISGUISE, SWITCH)


QUIZ: tuple[Item, ...] = (
    Item(
        "Which of these does the output at step t multiply with a matrix?",
        (
            Choice(
                "The input `x_t` and the state `h_t`",
                "`x_t` is in the first computation only. The output hears of it through `h_t`.",
            ),
            Choice(
                "The state before, `h_(t-1)`",
                "That one goes into the new state. The output is computed after it, from the new one.",
            ),
            Choice(
                "The new state `h_t`", "`W_hy h_t + b_y`, and nothing else. The state is the only door.", right=True
            ),
            Choice("The output before, `y_(t-1)`", "Outputs are not passed on in this unit. States are."),
        ),
    ),
    Item(
        "I = 10 inputs, H = 5 units, K = 3 outputs, sequences of 100 steps. How many parameters are there?",
        (
            Choice("98", "10·5 + 5·5 + 5 + 3·5 + 3 = 98, whatever the length.", right=True),
            Choice("90", "Those are the three matrices. The biases have 5 and 3 numbers more."),
            Choice("9,800", "The same weights are used at every step: the length does not come into it."),
            Choice("78", "`W_hh` is square: 5·5 and not 5."),
        ),
    ),
    Item(
        "Unit 7 of a trained network stands at +0.98. What do you know?",
        (
            Choice(
                "The network is 98 % sure",
                "A state is no probability. It can be negative, and it does not add up to 1.",
            ),
            Choice(
                "It detects negation",
                "Perhaps, perhaps not. Units may stand in another order, or upside down, and every answer is the same. "
                "One value of one unit says nothing.",
            ),
            Choice(
                "That it is nearly saturated: its slope is 1 - 0.98² = 0.04",
                "The slope of tanh can be read off its value. What the unit stands for cannot.",
                right=True,
            ),
        ),
    ),
    Item(
        "A picture may show a cat, a dog, both or neither. What stands at the output?",
        (
            Choice(
                "Softmax over two scores, cross-entropy",
                "Softmax makes them compete: it cannot say “both” with 0.9 each, and it cannot say “neither”.",
            ),
            Choice(
                "A sigmoid on each of two scores, binary cross-entropy",
                "Two questions, each with yes or no.",
                right=True,
            ),
            Choice(
                "tanh, because the state has it",
                "The question decides. And tanh gives negative numbers, which are no probabilities.",
            ),
            Choice("No function, mean squared error", "That is for real numbers such as a temperature."),
        ),
    ),
    Item(
        "One unit, w_h = 1.5, no bias. It stands at its upper fixed point and reads zeros. What happens?",
        (
            Choice(
                "It fades to 0",
                "At 1.5 the curve is steeper than the diagonal at 0, so the state is pushed away from 0.",
            ),
            Choice(
                "It stays up for ever",
                "h = tanh(1.5 h) holds there: about 0.86. That is a memory of one bit.",
                right=True,
            ),
            Choice("It grows without bound", "tanh never lets it beyond 1."),
            Choice("It jumps between two values", "That is what a negative `w_h` does."),
        ),
    ),
)
