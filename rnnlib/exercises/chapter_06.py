"""Exercises of chapter 06: memory, LSTM and GRU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..cells import GRUCell, LSTMCell
from ..functions import sigmoid
from ..layers import Recurrent
from .common import Array, Rng, normal
from .task import posed

__all__ = ["EXERCISES"]


def gated(i: Array, f: Array, g: Array, o: Array) -> LSTMCell:
    """The library's LSTM with exactly these gates, whatever it reads: its biases lead to them."""
    H = i.size
    i, f, o = (np.log(gate / (1 - gate)) for gate in (i, f, o))
    b_h = np.concatenate([i, f, np.arctanh(g), o], axis=None)
    cell = LSTMCell(1, H, rng=np.random.default_rng(0))
    cell.set_params({"W_xh": np.zeros((4 * H, 1)), "W_hh": np.zeros((4 * H, H)), "b_h": b_h})
    return cell


# ---- 06.1 the road


def opened(rng: Rng) -> tuple[Array, ...]:
    """i, f, g, o and c before, each (4, 3)."""
    i, f, o = (rng.uniform(0.05, 0.95, (4, 3)) for _ in range(3))
    return i, f, np.tanh(rng.normal(size=(4, 3))), o, rng.normal(size=(4, 3))


def of_the_cell(i: Array, f: Array, g: Array, o: Array, c: Array) -> Any:
    """What the library's LSTM does with these gates."""
    new, _ = gated(i, f, g, o).step(np.zeros((1, 1)), (np.zeros((1, c.size)), c.reshape(1, -1)))
    return tuple(part.reshape(c.shape) for part in new)


def filled(answer: Callable[..., Any], *gates: Array) -> Any:
    """The reader's result; unanswered while one of the two is a blank."""
    result = answer(*gates)
    blank = isinstance(result, tuple) and any(part is None or part is Ellipsis for part in result)
    return None if blank else result


def road(i: Array, f: Array, g: Array, o: Array, c: Array, slip: str = "") -> Any:
    """c = f c + i g; h = o tanh(c)."""
    new = {
        "gates_swapped": i * c + f * g,
        "never_wiped": c + i * g,
        "squashed_road": np.tanh(f * c + i * g),
        "forgets_the_other_way": (1 - f) * c + i * g,
    }.get(slip, f * c + i * g)
    h = o * new if slip in ("h_without_tanh", "squashed_road") else o * np.tanh(c if slip == "h_from_the_old" else new)
    return (new, h) if slip == "order_of_states" else (h, new)


# ---- 06.2 a switch

INPUTS = np.array([[sequence >> (7 - t) & 1 for sequence in range(256)] for t in range(8)], float)  # (8, 256), all
PARITY = np.where(INPUTS.cumsum(axis=0) % 2, 1.0, -1.0)  # after an odd number of ones it is on
ONES = -1  # the sequence of ones alone; that of zeros is the first


def run_switch(answer: Any) -> Array:
    """h of one GRU unit with these weights, from h_0 = -1 on, times the sign that it should have: (8, 256)."""
    cell = GRUCell(1, 1, rng=np.random.default_rng(0))
    W_xh, W_hh, b_h = (np.array(part, float) for part in answer)
    cell.set_params({"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h, "b_hn": np.zeros(1)})
    h, _, _ = Recurrent(cell).forward(INPUTS[..., None], -np.ones((256, 1)))
    result: Array = h[..., 0] * PARITY
    return result


def switch(r: Any = (0, 0, 9), z: Any = (-20, 0, 10), n: Any = (0, -9, 0)) -> Any:
    """Each row: the weight of x, of h before, and the bias."""
    rows = (r, z, n)
    return [[float(x)] for x, _, _ in rows], [[float(h)] for _, h, _ in rows], [float(b) for *_, b in rows]


WRONG_SWITCHES = {
    "never_moves": (switch(n=(0, 9, 0)), lambda h: bool((h * PARITY <= -0.5).all())),
    "always_turns": (switch(z=(0, 0, -10)), lambda h: bool(h[0, 0] <= -0.5 and (h[:, ONES] >= 0.5).all())),
    "turns_at_0": (switch(z=(20, 0, -10)), lambda h: bool(h[0, 0] <= -0.5 and h[0, ONES] <= -0.5)),
    "stays_on": (switch(n=(9, 0, 0)), lambda h: bool(((h * PARITY)[:, ONES] >= 0.5).all())),
    "deaf": (switch(r=(0, 0, -9)), lambda h: bool(h[0, 0] >= 0.5 and abs(h[0, ONES]) < 0.1)),
    "fades": (switch(n=(0, -0.9, 0)), lambda h: bool((h > 0).all())),
    "leaks": (switch(z=(-12, 0, 2)), lambda h: bool(h[0, 0] >= 0.5 > h[-1, 0] and (h[:, ONES] >= 0.5).all())),
}


# ---- 06.3 how far must the gate be open


def a_share(rng: Rng) -> tuple[float, int]:
    """What is to be left, and after how many steps."""
    return float(rng.uniform(0.2, 0.8)), int(rng.integers(20, 400))


def forget_bias(share: float, steps: int, slip: str = "") -> Any:
    """The bias for which sigmoid(bias) ** steps is the share."""
    f = share ** (1 / steps)
    gate = {"divided": 1 - (1 - share) / steps, "for_one_step": share, "to_the_power": share**steps}.get(slip, f)
    bias = np.log(gate / (1 - gate))
    return {
        "gate_itself": f,
        "sign_turned": -bias,
        "rule_of_thumb": np.log(steps - 1),
        "sigmoid_again": sigmoid(np.array(f)),
    }.get(slip, bias)


# ---- 06.4 the other sign


def this_books_sign(W_xh: Array, W_hh: Array, b_h: Array, slip: str = "") -> Any:
    """The rows of z with their signs turned, in all three."""
    H = len(b_h) // 3
    start = {"everything_turned": 0, "reset_turned": 0, "candidate_turned": 2 * H}.get(slip, H)
    rows = slice(start, None if slip == "everything_turned" else start + H)
    alone = {"bias_not_turned": "ab", "bias_alone_turned": "c", "as_it_is": ""}.get(slip, "abc")
    results = [W_xh.copy(), W_hh.copy(), b_h.copy()]
    for array, name in zip(results, "abc", strict=True):
        if name in alone:
            array[rows] = 1 - array[rows] if slip == "one_minus" else -array[rows]
    return tuple(results)


# ---- 06.5 one step back


def a_step(rng: Rng) -> tuple[Array, ...]:
    """d_h, d_c, c before, i, f, g, o and tanh of c, for H = 3."""
    i, f, o = (rng.uniform(0.1, 0.9, 3) for _ in range(3))
    g, c = np.tanh(rng.normal(size=3)), rng.normal(size=3)
    return rng.normal(size=3), rng.normal(size=3), c, i, f, g, o, np.tanh(f * c + i * g)


def back_in_the_cell(
    d_h: Array, d_c: Array, c_before: Array, i: Array, f: Array, g: Array, o: Array, tanh_c: Array
) -> Any:
    """The library's step back."""
    cell = gated(i, f, g, o)
    _, tape = cell.step(np.zeros((1, 1)), (np.zeros((1, 3)), c_before[None]))
    _, (_, d_before), grads = cell.step_back((d_h[None], d_c[None]), tape)
    return grads["b_h"], d_before[0]


def step_back(*given: Array, slip: str = "") -> Any:
    """First all that arrives at c, then each gate, then the slopes."""
    d_h, d_c, c, i, f, g, o, tanh_c = given
    bend = 1 - tanh_c**2
    from_h = {"road_alone": 0 * d_h, "without_output_gate": d_h * bend, "tanh_not_bent": d_h * o}
    d_c = d_c * (slip != "no_future") + from_h.get(slip, d_h * o * bend)
    slopes = [i * (1 - i), f * (1 - f), g * (1 - g) if slip == "candidate_as_a_gate" else 1 - g**2, o * (1 - o)]
    d_gates = [d_c * g, d_c * c, d_c * i, d_h * tanh_c]
    d_a = d_gates if slip == "without_slopes" else [d * s for d, s in zip(d_gates, slopes, strict=True)]
    d_a = [d_a[k] for k in ((0, 1, 3, 2) if slip == "other_order" else range(4))]
    return np.concatenate(d_a), d_c if slip == "forget_not_applied" else d_c * f


# ---- 06.6 a register


def writings() -> Array:
    """x (60, 20, 2): values of +1 or -1, and when they are written; one sequence writes once, one at every step."""
    rng = np.random.default_rng([6, 6])
    value = rng.choice([-1.0, 1.0], (60, 20))
    write = (rng.random((60, 20)) < 0.15).astype(float)
    write[0], write[1:, 0], write[:, 1] = 1, 0, 1
    value[:, 1] = np.concatenate([np.ones(30), -np.ones(30)])
    return np.stack([value, write], axis=2)


def run_register(answer: Any) -> Array:
    """c of one LSTM unit with these weights, times the value that it should have the sign of: (60, 20)."""
    cell = LSTMCell(2, 1, rng=np.random.default_rng(0))
    W_xh, W_hh, b_h = answer
    cell.set_params({"W_xh": np.array(W_xh, float), "W_hh": np.array(W_hh, float), "b_h": np.array(b_h, float)})
    x = writings()
    layer = Recurrent(cell)
    _, _, tape = layer.forward(x)
    last = np.maximum.accumulate(np.where(x[..., 1] > 0, np.arange(len(x))[:, None], 0))
    result: Array = layer.states(tape)["c"][1:, :, 0] * np.take_along_axis(x[..., 0], last, axis=0)
    return result


def by_hand(i: Any = (0, 20, -10), f: Any = (0, -20, 10), g: Any = (20, 0, 0), o: Any = (0, 0, 9)) -> Any:
    """Each row: the weight of the value, of write, and the bias. The state before is not heard."""
    rows = (i, f, g, o)
    return [[float(v), float(w)] for v, w, _ in rows], [[0.0]] * 4, [float(b) for *_, b in rows]


WRONG_REGISTERS = {  # c[:, 0] is the sequence with one writing, c[:, 1] the one that writes always
    "turned_round": (by_hand(g=(-20, 0, 0)), lambda c: bool((c <= -0.5).all())),
    "holds_nothing": (by_hand(i=(0, 0, -10), f=(0, 0, 10)), lambda c: bool(np.abs(c).max() < 0.5)),
    "adds_up": (by_hand(f=(0, 0, 10)), lambda c: bool(np.abs(c).max() > 3)),
    "forgets": (by_hand(f=(0, -20, 2)), lambda c: c[0, 0] >= 0.5 and c[:, 0].min() > -0.3 and c[-1, 0] < 0.5),
    "hears_noise": (
        by_hand(i=(0, 0, 10), f=(0, 0, -10)),
        lambda c: c[:, 0].min() < -0.3 and c[:, 1].min() > 0.3,
    ),
}


EXERCISES = (
    posed("06.1", of_the_cell, road, inputs=opened, use=filled, parts=("h", "c")),
    posed("06.2", switch(), WRONG_SWITCHES, use=run_switch, accepts=lambda h: bool((np.asarray(h) >= 0.5).all())),
    posed("06.3", forget_bias, inputs=a_share, tolerance=1e-8),
    posed("06.4", this_books_sign, inputs=normal((9, 2), (9, 3), (9,)), parts=("W_xh", "W_hh", "b_h")),
    posed("06.5", back_in_the_cell, step_back, inputs=a_step, parts=("d_a", "d_c_before")),
    posed(
        "06.6",
        by_hand(),
        WRONG_REGISTERS,
        use=run_register,
        accepts=lambda c: bool((np.asarray(c) >= 0.5).all()),
    ),
)
