"""Exercises and quiz of chapter 04: learning through time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, cross_entropy, softmax, tanh_slope
from ..gradcheck import numerical_gradient
from ..layers import Dense, Recurrent
from ..training.optimizers import clip_by_norm
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

Arrays = list[FloatArray]


# ---- 04.1 one step back


def one_answer(rng: np.random.Generator) -> tuple[Any, ...]:
    """h, label, W_hy, b_y for H = K = 3: what is not transposed still fits."""
    h = np.tanh(rng.normal(size=3))
    return h, int(rng.integers(3)), rng.normal(size=(3, 3)), rng.normal(size=3)


def one_hot(label: int) -> FloatArray:
    return np.eye(3)[label]


def back_one_step(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    """What the library's output layer, loss and tanh give, one after the other."""
    output = Dense(3, 3, rng=np.random.default_rng(0))
    output.W_hy, output.b_y = W_hy, b_y
    rows = h[None]
    _, d_y = cross_entropy(output.forward(rows), one_hot(label)[None])
    d_h, _ = output.backward(d_y, rows)
    d_a: FloatArray = (d_h * tanh_slope(rows))[0]
    return d_a


def scores_error(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    """The gradient on the scores: probability minus truth."""
    return softmax(W_hy @ h + b_y) - one_hot(label)


def truth_left_out(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy.T @ softmax(W_hy @ h + b_y) * (1 - h**2)


def uphill(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return -back_one_step(h, label, W_hy, b_y)


def scores_for_probabilities(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy.T @ (W_hy @ h + b_y - one_hot(label)) * (1 - h**2)


def softmax_slope_again(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    p = softmax(W_hy @ h + b_y)
    return W_hy.T @ (scores_error(h, label, W_hy, b_y) * p * (1 - p)) * (1 - h**2)


def output_not_turned(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy @ scores_error(h, label, W_hy, b_y) * (1 - h**2)


def slope_left_out(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy.T @ scores_error(h, label, W_hy, b_y)


def slope_of_tanh_h(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy.T @ scores_error(h, label, W_hy, b_y) * (1 - np.tanh(h) ** 2)


def slope_of_the_sigmoid(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy.T @ scores_error(h, label, W_hy, b_y) * h * (1 - h)


def slope_without_square(h: FloatArray, label: int, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return W_hy.T @ scores_error(h, label, W_hy, b_y) * (1 - h)


ONE_STEP = Exercise(
    "04.1",
    "Write `back_one_step(h, label, W_hy, b_y)`: the gradient of the loss on what went into tanh.",
    back_one_step,
    (
        Wrong(
            truth_left_out,
            "the truth is missing: the gradient on the scores is p minus the one-hot label, not p.",
            "Take 1 away from the probability of the right class: `p - np.eye(len(p))[label]`.",
        ),
        Wrong(
            uphill,
            "every sign is the other way round: this leads uphill. It is p minus the truth, not the truth minus p.",
            "Where p is too large, a larger score makes the loss larger: the gradient is positive there.",
        ),
        Wrong(
            scores_for_probabilities,
            "the scores themselves are compared with the truth. Softmax comes first.",
            "`p = softmax(W_hy @ h + b_y)`, and then `p` minus the truth.",
        ),
        Wrong(
            softmax_slope_again,
            "the slope of softmax is multiplied in once more. `p - truth` has it already: it is the gradient of "
            "softmax and cross-entropy together.",
            "Nothing stands between `p - truth` and `W_hy.T`.",
        ),
        Wrong(
            output_not_turned,
            "`W_hy` is not transposed. On the way back each unit collects from all scores that it went into.",
            "Forward `W_hy @ h`, backward `W_hy.T @ d_y`. H and K are equal here, so NumPy does not complain.",
        ),
        Wrong(
            slope_left_out,
            "the slope of tanh is missing: this is the gradient on `h`. It has one more gate to pass.",
            "Multiply by `1 - h**2`, unit by unit.",
        ),
        Wrong(
            slope_of_tanh_h,
            "tanh is applied to `h` once more: `h` is tanh of the sum already.",
            "The slope at the sum is `1 - tanh(sum)**2`, and that is `1 - h**2`.",
        ),
        Wrong(slope_of_the_sigmoid, "this is the slope of a sigmoid, h (1 - h). The state has tanh.", "`1 - h**2`."),
        Wrong(slope_without_square, "the square is missing in the slope of tanh: 1 - h².", "`1 - h**2`."),
    ),
    (
        "Three stations, in the reverse order: scores, state, sum. One line for each.",
        "`d_y = p - truth`, `d_h = W_hy.T @ d_y`, and then the slope of tanh, `1 - h**2`.",
    ),
    inputs=one_answer,
    praise="right. An error in the answer has reached what the unit computed.",
)


# ---- 04.2 the two parts


def two_messages(rng: np.random.Generator) -> tuple[FloatArray, ...]:
    """d_y, d_a_next, W_hy, W_hh for H = K = 3."""
    return rng.normal(size=3), rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))


def on_the_state(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    """The library's output layer back, and its cell (without tanh) one step back."""
    rng = np.random.default_rng(0)
    output, cell = Dense(3, 3, rng=rng), RNNCell(3, 3, activation="linear", rng=rng)
    output.W_hy, cell.W_hh = W_hy, W_hh
    nothing = np.zeros((1, 3))
    from_output, _ = output.backward(d_y[None], nothing)
    _, cache = cell.step(nothing, nothing)
    _, from_future, _ = cell.step_back(d_a_next[None], cache)
    d_h: FloatArray = (from_output + from_future)[0]
    return d_h


def output_alone(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return W_hy.T @ d_y


def future_alone(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return W_hh.T @ d_a_next


def memory_not_turned(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return W_hy.T @ d_y + W_hh @ d_a_next


def answer_not_turned(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return W_hy @ d_y + W_hh.T @ d_a_next


def neither_turned(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return W_hy @ d_y + W_hh @ d_a_next


def halved(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return (W_hy.T @ d_y + W_hh.T @ d_a_next) / 2


def multiplied(d_y: FloatArray, d_a_next: FloatArray, W_hy: FloatArray, W_hh: FloatArray) -> FloatArray:
    return (W_hy.T @ d_y) * (W_hh.T @ d_a_next)


TWO_PARTS = Exercise(
    "04.2",
    "Fill the blank of `on_the_state(d_y, d_a_next, W_hy, W_hh)`: the gradient on the state of one step.",
    on_the_state,
    (
        Wrong(
            output_alone,
            "the part from the future is dropped: the state also went into the next step.",
            "What does `W_hh` do with the state, and how does an error come back through it?",
        ),
        Wrong(
            future_alone,
            "the part from this step's own answer is dropped.",
            "The state went into the scores through `W_hy`.",
        ),
        Wrong(
            memory_not_turned,
            "`W_hh` is not transposed: the message from the future goes back to the wrong units.",
            "Unit j sent its state along *column* j of `W_hh`, and along it the error comes back: `W_hh.T @ d_a_next`.",
        ),
        Wrong(
            answer_not_turned,
            "`W_hy` is not transposed.",
            "Forward `W_hy @ h`, backward `W_hy.T @ d_y`.",
        ),
        Wrong(
            neither_turned,
            "neither matrix is transposed. What went through a matrix comes back through its transpose.",
            "`W_hy.T`, and `W_hh.T`.",
        ),
        Wrong(
            halved,
            "this is the mean of the two parts. A state that does two things wrong is guilty of both: they add up.",
            "A sum, not a mean.",
        ),
        Wrong(
            multiplied,
            "the two parts are multiplied. Factors stand along one road; two roads add up.",
            "Put a plus between them.",
        ),
    ),
    (
        "The state goes two ways: into the scores of its own step, and into the next state.",
        "`W_hy.T @ d_y + ...`: the second part comes through the transpose of the other matrix.",
    ),
    inputs=two_messages,
    praise="right: one part from its own answer, one from the future.",
)


# ---- 04.3 all the way


def a_run(rng: np.random.Generator) -> tuple[FloatArray, ...]:
    """h (T+1, H), d_out (T, H), W_hh (H, H) for T = 5, H = 3; the first state is not zero."""
    return np.tanh(rng.normal(size=(6, 3))), rng.normal(size=(5, 3)), rng.normal(size=(3, 3))


def through_time(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    """What the library's layer gives, for inputs that make exactly these states."""
    cell = RNNCell(3, 3, rng=np.random.default_rng(0))
    cell.set_params({"W_xh": np.eye(3), "W_hh": W_hh, "b_h": np.zeros(3)})
    layer, x = Recurrent(cell), np.arctanh(h[1:]) - h[:-1] @ W_hh.T
    _, _, tape = layer.forward(x[:, None], h[:1])
    _, _, grads = layer.backward(d_out[:, None], tape)
    d_W_hh: FloatArray = grads["W_hh"]
    return d_W_hh


def overwritten(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_a = (d_out[t] + d_next) * (1 - h[t + 1] ** 2)
        d_W_hh = np.outer(d_a, h[t])
        d_next = W_hh.T @ d_a
    return d_W_hh


def way_back_not_turned(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_a = (d_out[t] + d_next) * (1 - h[t + 1] ** 2)
        d_W_hh += np.outer(d_a, h[t])
        d_next = W_hh @ d_a
    return d_W_hh


def future_dropped(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    return (d_out * (1 - h[1:] ** 2)).T @ h[:-1]


def own_answers_dropped(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    last = np.zeros_like(d_out)
    last[-1] = d_out[-1]
    return through_time(h, last, W_hh)


def tanh_once_more(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_a = (d_out[t] + d_next) * (1 - np.tanh(h[t + 1]) ** 2)
        d_W_hh += np.outer(d_a, h[t])
        d_next = W_hh.T @ d_a
    return d_W_hh


def slope_of_the_state_before(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_a = (d_out[t] + d_next) * (1 - h[t] ** 2)
        d_W_hh += np.outer(d_a, h[t])
        d_next = W_hh.T @ d_a
    return d_W_hh


def no_slope_on_the_way(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_h = d_out[t] + d_next
        d_W_hh += np.outer(d_h * (1 - h[t + 1] ** 2), h[t])
        d_next = W_hh.T @ d_h
    return d_W_hh


def no_slope_at_all(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_h = d_out[t] + d_next
        d_W_hh += np.outer(d_h, h[t])
        d_next = W_hh.T @ d_h
    return d_W_hh


def state_after(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in reversed(range(len(d_out))):
        d_a = (d_out[t] + d_next) * (1 - h[t + 1] ** 2)
        d_W_hh += np.outer(d_a, h[t + 1])
        d_next = W_hh.T @ d_a
    return d_W_hh


def forward_in_time(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    d_W_hh, d_next = np.zeros_like(W_hh), np.zeros(3)
    for t in range(len(d_out)):
        d_a = (d_out[t] + d_next) * (1 - h[t + 1] ** 2)
        d_W_hh += np.outer(d_a, h[t])
        d_next = W_hh.T @ d_a
    return d_W_hh


def outer_turned(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    return through_time(h, d_out, W_hh).T


def averaged(h: FloatArray, d_out: FloatArray, W_hh: FloatArray) -> FloatArray:
    return through_time(h, d_out, W_hh) / len(d_out)


THROUGH_TIME = Exercise(
    "04.3",
    "Write `through_time(h, d_out, W_hh)`: the gradient of the whole loss for W_hh.",
    through_time,
    (
        Wrong(
            overwritten,
            "each step overwrites what the one before found: what is left is the first step's share. Shares add up.",
            "`+=` in place of `=`. One matrix is used T times, so its gradient has T shares.",
        ),
        Wrong(
            way_back_not_turned,
            "`W_hh` is not transposed on the way back. It is square, so NumPy does not complain, and it even trains.",
            "`d_next = W_hh.T @ d_a`.",
        ),
        Wrong(
            future_dropped,
            "the gradient from the future is dropped: each state is corrected for its own answer alone.",
            "Add `W_hh.T @ d_a` of the step after to `d_out[t]`.",
        ),
        Wrong(
            own_answers_dropped,
            "the error starts at the last step alone. Every step has an answer, and an error, of its own.",
            "Add `d_out[t]` at every step, not only at the last.",
        ),
        Wrong(
            tanh_once_more,
            "tanh is applied to the states once more: they are tanh already.",
            "The slope at step t is `1 - h[t + 1]**2`.",
        ),
        Wrong(
            slope_of_the_state_before,
            "the slope is the wrong step's: it is taken at the state *before*.",
            "`h[0]` is the first state, so the state after step t stands at `h[t + 1]`.",
        ),
        Wrong(
            no_slope_on_the_way,
            "the slope of tanh is in the share of each step, and is left out of what goes on to the step before.",
            "Back through `W_hh` goes `d_a`, not `d_h`.",
        ),
        Wrong(
            no_slope_at_all,
            "the slope of tanh is left out.",
            "`d_a = d_h * (1 - h[t + 1]**2)`, unit by unit.",
        ),
        Wrong(
            state_after,
            "off by one: the share of step t takes the state *after* the step. `W_hh` met the one before.",
            "`np.outer(d_a, h[t])`: in `h` everything is one place further, because `h[0]` is the first state.",
        ),
        Wrong(
            forward_in_time,
            "the loop runs forward: what arrives at a step comes from the past. Errors come from the future.",
            "`for t in reversed(range(T))`.",
        ),
        Wrong(
            outer_turned,
            "it is the transpose: rows are where a weight leads, and that is where `d_a` is.",
            "`np.outer(d_a, h[t])`, in this order.",
        ),
        Wrong(
            averaged,
            "everything is divided by T. The shares of the steps add up; a mean is for the loss to take.",
            "`d_out` is what it is: sum the shares.",
        ),
    ),
    (
        "A loop from the last step to the first that carries one vector with it: what arrives from the future.",
        "At each step: `d_h = d_out[t] + d_next`, then `d_a`, then `d_W_hh += ...`, then the new `d_next`.",
    ),
    inputs=a_run,
    praise="right. That is backpropagation through time.",
)


# ---- 04.4 clipping


def some_gradients(rng: np.random.Generator) -> tuple[Arrays, float]:
    """The gradients of W_xh, W_hh, b_h, and a bound; in some trials nothing has to be done."""
    grads: Arrays = [rng.normal(size=shape) for shape in ((3, 4), (3, 3), (3,))]
    size = float(np.sqrt(sum((g**2).sum() for g in grads)))
    return grads, size * float(rng.uniform(0.1, 1.5))


def clipped(grads: Arrays, bound: float) -> Arrays:
    """The library's clipping of all of them as one vector."""
    vector = np.concatenate([g.ravel() for g in grads])
    clip_by_norm(vector, bound)
    cuts = np.cumsum([g.size for g in grads])[:-1]
    return [part.reshape(g.shape) for part, g in zip(np.split(vector, cuts), grads, strict=True)]


def whole(grads: Arrays) -> float:
    """The norm of all of them as one vector."""
    return float(np.linalg.norm(np.concatenate([g.ravel() for g in grads])))


def each_by_itself(grads: Arrays, bound: float) -> Arrays:
    return [g * min(1.0, bound / float(np.linalg.norm(g))) for g in grads]


def always_scaled(grads: Arrays, bound: float) -> Arrays:
    return [g * bound / whole(grads) for g in grads]


def element_by_element(grads: Arrays, bound: float) -> Arrays:
    return [np.clip(g, -bound, bound) for g in grads]


def to_length_one(grads: Arrays, bound: float) -> Arrays:
    size = whole(grads)
    return [g / size if size > bound else g for g in grads]


def root_forgotten(grads: Arrays, bound: float) -> Arrays:
    return [g * min(1.0, bound / whole(grads) ** 2) for g in grads]


def norms_added(grads: Arrays, bound: float) -> Arrays:
    return [g * min(1.0, bound / sum(float(np.linalg.norm(one)) for one in grads)) for g in grads]


def thrown_away(grads: Arrays, bound: float) -> Arrays:
    return [g * (whole(grads) <= bound) for g in grads]


CLIP = Exercise(
    "04.4",
    "Write `clip(grads, bound)`: several gradients, scaled together so that their common norm is at most the bound.",
    clipped,
    (
        Wrong(
            always_scaled,
            "a gradient that is short enough is stretched. Clipping makes long ones shorter and leaves the others.",
            "Scale only where the norm is larger than the bound: `min(1, bound / norm)`.",
        ),
        Wrong(
            element_by_element,
            "this is clipping by value: each number by itself. The direction may change, and the norm can stay above.",
            "One factor for all numbers.",
        ),
        Wrong(
            each_by_itself,
            "each array is clipped by its own norm. Then the three are no longer in proportion: the direction changes.",
            "One norm over all arrays, and one factor for all of them.",
        ),
        Wrong(
            to_length_one,
            "a long gradient becomes one of length 1. It should have the length of the bound.",
            "The factor is `bound / norm`.",
        ),
        Wrong(
            root_forgotten,
            "the factor has the sum of squares in it. The norm is its square root.",
            "`np.sqrt` of the sum of all squares.",
        ),
        Wrong(
            norms_added,
            "the norms of the arrays are added up. The norm of the whole is the root of the sum of their *squares*.",
            "As with the sides of a box and its diagonal.",
        ),
        Wrong(
            thrown_away,
            "a long gradient is thrown away. It is long, and its direction is still good.",
            "Multiply by `bound / norm`, not by 0.",
        ),
    ),
    (
        "First one number: the norm of everything, as if all arrays were one long vector.",
        "`norm = np.sqrt(sum((g**2).sum() for g in grads))`, then `g * min(1, bound / norm)` for each, as new arrays.",
    ),
    inputs=some_gradients,
    parts=("W_xh", "W_hh", "b_h"),
    praise="right: shorter, and in the same direction.",
)


# ---- 04.5 central differences

Function = Callable[[FloatArray], float]


def a_landscape(rng: np.random.Generator) -> tuple[Function, FloatArray, float]:
    """A loss of four weights, where to stand, and how far to step."""
    A = rng.normal(size=(5, 4))

    def f(w: FloatArray) -> float:
        return float(np.logaddexp.reduce(A @ w) + np.sin(2 * w).sum())

    return f, rng.normal(size=4), 1e-3


def slopes(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    """The library's central differences."""
    here = w.copy()
    return numerical_gradient(lambda: f(here), here, epsilon)


def nudged(w: FloatArray, k: int, by: float) -> FloatArray:
    """A copy with one number changed."""
    there = w.copy()
    there[k] += by
    return there


def one_sided(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    return np.array([(f(nudged(w, k, epsilon)) - f(w)) / epsilon for k in range(len(w))])


def one_sided_below(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    return np.array([(f(w) - f(nudged(w, k, -epsilon))) / epsilon for k in range(len(w))])


def two_forgotten(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    return 2 * slopes(f, w, epsilon)


def brackets_forgotten(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    return slopes(f, w, epsilon) * epsilon**2


def not_divided(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    return slopes(f, w, epsilon) * 2 * epsilon


def other_way_round(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    return -slopes(f, w, epsilon)


def never_put_back(f: Function, w: FloatArray, epsilon: float) -> FloatArray:
    here, result = w.copy(), np.empty_like(w)
    for k in range(len(w)):
        here[k] += epsilon
        above = f(here)
        here[k] -= 2 * epsilon
        result[k] = (above - f(here)) / (2 * epsilon)
    return result


def all_at_once(f: Function, w: FloatArray, epsilon: float) -> Any:
    return (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon)


CENTRAL = Exercise(
    "04.5",
    "Write `slopes(f, w, epsilon)`: the gradient of f at w, by central differences.",
    slopes,
    (
        Wrong(
            one_sided,
            "this looks to one side only, f(w + e) - f(w). Its error is of order e; that of central differences e².",
            "Ask on both sides, and divide by the whole way between them.",
        ),
        Wrong(
            one_sided_below,
            "this looks to one side only, f(w) - f(w - e). Its error is of order e; that of central differences e².",
            "Ask on both sides, and divide by the whole way between them.",
        ),
        Wrong(
            two_forgotten,
            "everything is twice too large: from w - e to w + e it is 2 e.",
            "Divide by `(2 * epsilon)`.",
        ),
        Wrong(
            brackets_forgotten,
            "brackets: `/ 2 * epsilon` divides by 2 and then multiplies by epsilon.",
            "`/ (2 * epsilon)`.",
        ),
        Wrong(not_divided, "this is the difference. A slope is a difference over a way.", "Divide by `(2 * epsilon)`."),
        Wrong(
            other_way_round,
            "every sign is the other way round: it is above minus below.",
            "`f(w + e) - f(w - e)`.",
        ),
        Wrong(
            never_put_back,
            "a number that was nudged is not put back: the later slopes are taken at another place.",
            "Nudge a fresh copy of `w` for each number.",
        ),
        Wrong(
            all_at_once,
            "all numbers are nudged together, and that gives one slope: the sum of all. Nudge one at a time.",
            "A loop over the places of `w`, with a copy of `w` for each nudge.",
        ),
    ),
    (
        "One number after the other: nudge it up, ask f; nudge it down, ask f.",
        "`(f(up) - f(down)) / (2 * epsilon)`, where `up` is a copy of `w` with `up[k] += epsilon`.",
    ),
    inputs=a_landscape,
    tolerance=1e-8,
    praise="right. With these few lines you can doubt any backward pass.",
)


# ---- 04.6 a road that keeps its width

ROAD_UNITS, ROAD_STEPS, WIDEST = 8, 50, 10.0


def as_matrix(answer: Any) -> FloatArray | None:
    """An (8, 8) matrix of numbers that can be computed with, or None."""
    try:
        W = np.asarray(answer)
    except ValueError:
        return None
    if W.dtype.kind not in "biuf" or W.shape != (ROAD_UNITS, ROAD_UNITS) or not (np.abs(W) <= 1e6).all():
        return None
    return W.astype(float)


def road(W: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The singular values of dh_50 / dh_0, the largest first, and all states, by the library's backward pass."""
    rng = np.random.default_rng(46)
    cell = RNNCell(ROAD_UNITS, ROAD_UNITS, rng=rng)
    cell.set_params({"W_xh": np.eye(ROAD_UNITS), "W_hh": W, "b_h": np.zeros(ROAD_UNITS)})
    x = np.repeat(rng.normal(0, 0.01, (ROAD_STEPS, 1, ROAD_UNITS)), ROAD_UNITS, axis=1)
    layer = Recurrent(cell)
    y, _, tape = layer.forward(x)
    _, d_first, _ = layer.backward(None, tape, np.eye(ROAD_UNITS), inputs=False)
    return np.linalg.svd(np.asarray(d_first), compute_uv=False), y[:, 0]


def keeps_its_width(answer: Any) -> bool:
    """Whether every direction arrives, at most ten times longer or shorter, and no unit listens to itself."""
    W = as_matrix(answer)
    if W is None or np.diag(W).any():
        return False
    sizes, _ = road(W)
    return bool(sizes[-1] > 1 / WIDEST and sizes[0] < WIDEST)


def no_matrix(answer: Any) -> bool:
    return as_matrix(answer) is None


def listens_to_itself(answer: Any) -> bool:
    W = as_matrix(answer)
    return W is not None and bool(np.diag(W).any())


def saturates(answer: Any) -> bool:
    """Whether the states run to the ends of tanh, where there is no slope left."""
    W = as_matrix(answer)
    if W is None:
        return False
    sizes, states = road(W)
    return bool(np.abs(states[-1]).mean() > 0.5 and sizes[-1] < 1 / WIDEST)


def forgets_at_once(answer: Any) -> bool:
    """Whether all eigenvalues are 0: after 8 steps nothing is left, to the last bit."""
    W = as_matrix(answer)
    return W is not None and not np.abs(np.linalg.matrix_power(W, ROAD_UNITS)).max() > 1e-12


def vanishes(answer: Any) -> bool:
    W = as_matrix(answer)
    return W is not None and bool(road(W)[0][0] <= 1 / WIDEST)


def in_part(answer: Any) -> bool:
    """Whether some direction vanishes (after `vanishes`: and another does not)."""
    W = as_matrix(answer)
    return W is not None and bool(road(W)[0][-1] <= 1 / WIDEST)


def explodes(answer: Any) -> bool:
    W = as_matrix(answer)
    return W is not None and bool(road(W)[0][0] >= WIDEST)


RING: FloatArray = np.roll(np.eye(ROAD_UNITS), 1, axis=0)

ROAD = Exercise(
    "04.6",
    "Give a `W_hh` (8, 8) with zeros on its diagonal, through which a gradient comes back over 50 steps.",
    RING.tolist(),
    (
        Wrong(
            np.eye(4).tolist(),
            "I expected real numbers in the shape (8, 8), none of them beyond a million.",
            "Such as `np.zeros((8, 8))`, which is not it either.",
            shows=no_matrix,
        ),
        Wrong(
            np.eye(ROAD_UNITS).tolist(),
            "some unit listens to itself: the diagonal is not all 0. (Without this rule the identity would do.)",
            "A unit can hand on what it has to a neighbour.",
            shows=listens_to_itself,
        ),
        Wrong(
            np.eye(ROAD_UNITS, k=1).tolist(),
            "after eight steps nothing is left, to the last bit: no message ever comes round again.",
            "All eigenvalues are 0. Let the last one hand on to the first.",
            shows=forgets_at_once,
        ),
        Wrong(
            (1.6 * RING).tolist(),
            "it is too large, and so the gradient *vanishes*: the states run to the ends of tanh, where the slope is "
            "near 0.",
            "Without tanh it would explode. Make it smaller, until nothing grows.",
            shows=saturates,
        ),
        Wrong(
            (0.9 * RING).tolist(),
            "it vanishes: not even the best direction keeps a tenth of its length. Even 0.9 to the power 50 is 0.005.",
            "No singular value of `W_hh` may be much below 1.",
            shows=vanishes,
        ),
        Wrong(
            ((1 - np.eye(ROAD_UNITS)) / 7).tolist(),
            "some directions arrive and others vanish: the singular values of `W_hh` are not all alike.",
            "An orthogonal matrix keeps the length of every vector. Which one has zeros on its diagonal?",
            shows=in_part,
        ),
        Wrong(
            (1.08 * RING).tolist(),
            "it explodes: some direction comes back more than ten times as long.",
            "1.08 to the power 50 is 47. Only tanh holds it back, where it saturates. Which number stays what it is?",
            shows=explodes,
        ),
    ),
    (
        "Which matrices change no vector's length? All their singular values are 1.",
        "Think of eight people in a ring, each of whom hands on what she has to her neighbour.",
    ),
    accepts=keeps_its_width,
    praise="right: after 50 steps every direction of the gradient is still there.",
)


EXERCISES: tuple[Exercise, ...] = (ONE_STEP, TWO_PARTS, THROUGH_TIME, CLIP, CENTRAL, ROAD)


QUIZ: tuple[Item, ...] = (
    Item(
        "The largest singular value of `W_hh` is 0.9, the unit is tanh. What becomes of a gradient over 100 steps?",
        (
            Choice(
                "It depends on the inputs: it may vanish or explode",
                "The inputs decide how much tanh saturates. That can only make the gradient smaller still.",
            ),
            Choice(
                "It vanishes, whatever the network reads",
                "A step multiplies its length by at most 0.9 times a slope of at most 1. 0.9 to the power 100 is "
                "0.00003.",
                right=True,
            ),
            Choice(
                "It explodes, because a product of 100 matrices is large",
                "A product of 100 matrices that all shrink is small.",
            ),
            Choice("It stays as it is, because tanh keeps everything within 1", "tanh bounds states, not gradients."),
        ),
    ),
    Item(
        "Gradients are clipped to a norm of at most 1. Which trouble is cured?",
        (
            Choice(
                "Vanishing and exploding",
                "What has vanished stays so: clipping never makes anything longer.",
            ),
            Choice(
                "Vanishing: the short gradients are brought to length 1",
                "That would be another method, and it would blow up noise. Clipping leaves short ones alone.",
            ),
            Choice(
                "That a wrong gradient is wrong",
                "A wrong direction stays wrong when it is shortened.",
            ),
            Choice(
                "That one huge gradient throws the weights far away",
                "The step gets shorter and keeps its direction. The cause, the product of Jacobians, is still there.",
                right=True,
            ),
        ),
    ),
    Item(
        "Truncated backpropagation with windows of 10 steps, and the state is carried over. What is lost?",
        (
            Choice(
                "The network cannot remember anything for longer than 10 steps",
                "It can: the state is carried on, and may hold what came 50 steps ago. It is not *taught* to.",
            ),
            Choice(
                "Nothing: the shares of the windows add up to the whole gradient",
                "The shares that cross the border of a window are missing.",
            ),
            Choice(
                "No error is sent back across a border: a mistake does not correct what was done a window before",
                "Forward everything passes, backward nothing does. In return, memory and waiting do not grow with T.",
                right=True,
            ),
        ),
    ),
    Item(
        "A gradient check gives 1e-10 for `W_hy`, `b_y` and about 0.1 for `W_xh`, `W_hh`, `b_h`. Where do you look?",
        (
            Choice(
                "Behind the output: in the slope of tanh or in the way back through time",
                "The gradient on the scores is right, else `W_hy` were wrong, too. All that comes after it is suspect.",
                right=True,
            ),
            Choice("In the softmax", "Then the gradients of `W_hy` and `b_y` would be wrong."),
            Choice(
                "Nowhere: 0.1 is small enough, and the loss falls",
                "In float64 a right gradient agrees to about 1e-8. And a loss that falls proves nothing.",
            ),
            Choice(
                "In the sum for `W_hh`",
                "A sum that is wrong for `W_hh` alone would leave `W_xh` and `b_h` right.",
            ),
        ),
    ),
    Item(
        "The loss is multiplied by 10, and nothing else is changed. What becomes of the first update?",
        (
            Choice(
                "With SGD and with Adam it is ten times as long",
                "Adam divides by the size of the gradient, and so the factor is gone.",
            ),
            Choice(
                "With SGD it is ten times as long, with Adam nearly the same",
                "SGD steps by rate times gradient. Adam's first step is the rate for every weight, however large its "
                "gradient.",
                right=True,
            ),
            Choice(
                "Nothing: the minimum is in the same place",
                "It is, but a step of SGD that is ten times as long may jump over it.",
            ),
        ),
    ),
)
