"""Exercises and quiz of chapter 06: memory, LSTM and GRU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..cells import GRUCell, LSTMCell, RNNCell
from ..functions import FloatArray, sigmoid
from ..layers import Recurrent
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

Pair = tuple[FloatArray, FloatArray]
Weights = tuple[FloatArray, FloatArray, FloatArray]


# ---- 06.1 the road


def opened(rng: np.random.Generator) -> tuple[FloatArray, ...]:
    """i, f, g, o and c before, each (4, 3)."""
    i, f, o = (rng.uniform(0.05, 0.95, (4, 3)) for _ in range(3))
    return i, f, np.tanh(rng.normal(size=(4, 3))), o, rng.normal(size=(4, 3))


def road(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    """What the library's LSTM does with these gates: they come in as biases that lead to exactly them."""
    h_new, c_new = np.empty_like(c), np.empty_like(c)
    for at in np.ndindex(c.shape):
        cell = LSTMCell(1, 1, rng=np.random.default_rng(0))
        biases = [np.log(gate[at] / (1 - gate[at])) for gate in (i, f, o)]
        b_h = np.array([biases[0], biases[1], np.arctanh(g[at]), biases[2]])
        cell.set_params({"W_xh": np.zeros((4, 1)), "W_hh": np.zeros((4, 1)), "b_h": b_h})
        (h_at, c_at), _ = cell.step(np.zeros((1, 1)), (np.zeros((1, 1)), np.full((1, 1), c[at])))
        h_new[at], c_new[at] = h_at[0, 0], c_at[0, 0]
    return h_new, c_new


def filled(answer: Callable[..., Any], *gates: FloatArray) -> Any:
    """The reader's result; unanswered while one of the two is a blank."""
    result = answer(*gates)
    blank = isinstance(result, tuple) and any(part is None or part is Ellipsis for part in result)
    return None if blank else result


def gates_swapped(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    c = i * c + f * g
    return o * np.tanh(c), c


def h_without_tanh(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    c = f * c + i * g
    return o * c, c


def h_from_the_old(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    return o * np.tanh(c), f * c + i * g


def never_wiped(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    c = c + i * g
    return o * np.tanh(c), c


def squashed_road(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    c = np.tanh(f * c + i * g)
    return o * c, c


def forgets_the_other_way(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    c = (1 - f) * c + i * g
    return o * np.tanh(c), c


def order_of_states(i: FloatArray, f: FloatArray, g: FloatArray, o: FloatArray, c: FloatArray) -> Pair:
    c = f * c + i * g
    return c, o * np.tanh(c)


ROAD = Exercise(
    "06.1",
    "Write `road(i, f, g, o, c)`: the new h and the new c.",
    road,
    (
        Wrong(
            gates_swapped,
            "`i` and `f` have changed places: here the input gate keeps the old, and the forget gate writes.",
            "`f` stands at the old `c`, `i` at the candidate `g`.",
        ),
        Wrong(
            h_without_tanh,
            "tanh is missing on the way out: c has no bound, h needs one.",
            "h = o * tanh(c). The road itself has no tanh.",
        ),
        Wrong(h_from_the_old, "h is made of the old c. It shows the new one.", "Compute c first, then h from it."),
        Wrong(
            never_wiped,
            "the forget gate is missing: this is the LSTM of 1997, which never lets go.",
            "The old c is multiplied by f.",
        ),
        Wrong(
            squashed_road,
            "c itself goes through tanh. Then the road has an obstacle at every step, as in a plain unit.",
            "tanh is for h alone: c stays as it was added up.",
        ),
        Wrong(
            forgets_the_other_way,
            "f is taken the other way round: 1 keeps all, whatever its name says.",
            "f * c, not (1 - f) * c.",
        ),
        Wrong(order_of_states, "the two results have changed places: h comes first, then c.", "`return h_new, c_new`."),
    ),
    (
        "Two lines: the cell state first, because h is made of the new one.",
        "`c_new = f * c + ...`, and `h_new = o * ...` of the new c.",
    ),
    inputs=opened,
    use=filled,
    parts=("h", "c"),
    praise="right. That is the whole road; the rest of an LSTM makes its gates.",
)


# ---- 06.2 how many numbers

CELLS: dict[str, Any] = {"rnn": RNNCell, "gru": GRUCell, "lstm": LSTMCell}
BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


def all_kinds(rng: np.random.Generator) -> tuple[list[tuple[str, int, int]]]:
    """Each kind, with I and H that are different."""
    sizes = [rng.choice(np.arange(2, 40), 2, replace=False).tolist() for _ in CELLS]
    return ([(kind, inputs, units) for kind, (inputs, units) in zip(CELLS, sizes, strict=True)],)


def asked_of(answer: Callable[..., Any], kinds: list[tuple[str, int, int]]) -> Any:
    """The reader's function for each kind; unanswered for one is unanswered."""
    numbers = [answer(*sizes) for sizes in kinds]
    return None if any(number is None or number is Ellipsis for number in numbers) else numbers


def parameters(kind: str, inputs: int, units: int) -> int:
    """What the library's cell counts."""
    return int(CELLS[kind](inputs, units, rng=np.random.default_rng(0)).parameter_count)


def counts(kinds: list[tuple[str, int, int]]) -> list[int]:
    """What the library counts for each of these."""
    return [parameters(*sizes) for sizes in kinds]


def blocks_alone(kind: str, inputs: int, units: int) -> int:
    return BLOCKS[kind] * units * (inputs + units + 1)


def one_block(kind: str, inputs: int, units: int) -> int:
    return units * (inputs + units + 1)


def no_biases(kind: str, inputs: int, units: int) -> int:
    return BLOCKS[kind] * units * (inputs + units)


def gates_alone(kind: str, inputs: int, units: int) -> int:
    blocks = {"rnn": 1, "gru": 2, "lstm": 3}[kind]
    return blocks * units * (inputs + units + 1) + (units if kind == "gru" else 0)


def two_biases(kind: str, inputs: int, units: int) -> int:
    return BLOCKS[kind] * units * (inputs + units + 2)


def narrow_gates(kind: str, inputs: int, units: int) -> int:
    if kind == "rnn":
        return one_block(kind, inputs, units)
    return BLOCKS[kind] * units * (inputs + 1 + 1) + (units if kind == "gru" else 0)


COUNT = Exercise(
    "06.2",
    "Write `parameters(kind, inputs, units)` for `rnn`, `gru` and `lstm`.",
    counts,
    (
        Wrong(
            blocks_alone,
            "for the GRU `b_hn` is missing; the rest is right.",
            "Where the reset comes after the product, that product has a bias of its own: H numbers more.",
        ),
        Wrong(
            one_block,
            "this is the plain cell for all three. Each gate, and the candidate, has weights of its own.",
            "An LSTM has four blocks: i, f, g, o.",
        ),
        Wrong(no_biases, "the biases are missing: each block has H of them.", "H (I + H + 1) for each block."),
        Wrong(
            gates_alone,
            "the gates are counted, and the candidate is forgotten: it has weights, too.",
            "LSTM: i, f, o *and* g. GRU: r, z *and* n.",
        ),
        Wrong(
            two_biases,
            "here every block has two biases. PyTorch counts like this (and adds them up); this book has one.",
            "H (I + H + 1) for each block, and `b_hn` for the GRU.",
        ),
        Wrong(
            narrow_gates,
            "`W_hh` is counted with H numbers a gate. Each gate of each unit hears every unit.",
            "Each block of `W_hh` has shape (H, H).",
        ),
    ),
    (
        "How many blocks has each? Each has the size of a plain cell.",
        "1, 3 and 4 blocks of H (I + H + 1); and the GRU has H more.",
    ),
    inputs=all_kinds,
    use=asked_of,
    praise="right: one, three and four blocks, and a bias more for the GRU.",
)


# ---- 06.3 how far must the gate be open


def a_share(rng: np.random.Generator) -> tuple[float, int]:
    """What is to be left, and after how many steps."""
    return float(rng.uniform(0.2, 0.8)), int(rng.integers(20, 400))


def forget_bias(share: float, steps: int) -> float:
    """The bias for which sigmoid(bias) ** steps is the share."""
    f = share ** (1 / steps)
    return float(np.log(f / (1 - f)))


def gate_itself(share: float, steps: int) -> float:
    return float(share ** (1 / steps))


def sign_turned(share: float, steps: int) -> float:
    return -forget_bias(share, steps)


def divided(share: float, steps: int) -> float:
    f = 1 - (1 - share) / steps
    return float(np.log(f / (1 - f)))


def for_one_step(share: float, steps: int) -> float:
    return float(np.log(share / (1 - share)))


def rule_of_thumb(share: float, steps: int) -> float:
    return float(np.log(steps - 1))


def sigmoid_again(share: float, steps: int) -> float:
    return float(sigmoid(np.array(share ** (1 / steps))))


def to_the_power(share: float, steps: int) -> float:
    f = share**steps
    return float(np.log(f / (1 - f)))


BIAS = Exercise(
    "06.3",
    "Write `forget_bias(share, steps)`: the bias of a forget gate that leaves this share after so many steps.",
    forget_bias,
    (
        Wrong(
            gate_itself,
            "this is the gate f itself. Which bias leads to it through the sigmoid?",
            "Turn the sigmoid round: b = ln(f / (1 - f)).",
        ),
        Wrong(
            sign_turned,
            "the sign is turned: your gate is nearly shut.",
            "An open gate has a bias above 0: ln(f / (1 - f)), not ln((1 - f) / f).",
        ),
        Wrong(
            divided,
            "the loss is shared out evenly, as if each step took the same amount. Each takes the same *part*.",
            "f ** steps = share, so f is a root, not a quotient.",
        ),
        Wrong(for_one_step, "this leaves that share after *one* step.", "After so many steps it is f ** steps."),
        Wrong(
            rule_of_thumb,
            "this is the rule of thumb, ln(n - 1). It leaves about 0.37, whatever share is asked for.",
            "Solve f ** steps = share for f first.",
        ),
        Wrong(
            sigmoid_again,
            "the sigmoid is applied to f. It has to be turned round.",
            "From the gate to its bias: ln(f / (1 - f)).",
        ),
        Wrong(
            to_the_power,
            "the share is raised to the power; it is the *root* that is needed.",
            "f = share ** (1 / steps).",
        ),
    ),
    (
        "Two moves backwards: from the share to the gate of one step, and from the gate to its bias.",
        "f = share ** (1 / steps). And the inverse of the sigmoid is ln(f / (1 - f)).",
    ),
    inputs=a_share,
    tolerance=1e-8,
    praise="right. Try it for half of it after 100 steps: nearly 5.",
)


# ---- 06.4 the other sign


def another_gru(rng: np.random.Generator) -> Weights:
    """W_xh, W_hh, b_h of a GRU with I = 2, H = 3."""
    return rng.normal(size=(9, 2)), rng.normal(size=(9, 3)), rng.normal(size=9)


def turned_rows(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, rows: slice) -> Weights:
    """The weights with the signs of some rows turned."""
    results = [array.copy() for array in (W_xh, W_hh, b_h)]
    for array in results:
        array[rows] *= -1
    return results[0], results[1], results[2]


def this_books_sign(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    """The rows of z, in the library's order, with their signs turned."""
    H = len(b_h) // 3
    cell = GRUCell(W_xh.shape[1], H, rng=np.random.default_rng(0))
    return turned_rows(W_xh, W_hh, b_h, slice(cell.hidden, 2 * cell.hidden))


def one_minus(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    results = [array.copy() for array in (W_xh, W_hh, b_h)]
    H = len(b_h) // 3
    for array in results:
        array[H : 2 * H] = 1 - array[H : 2 * H]
    return results[0], results[1], results[2]


def everything_turned(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    return -W_xh, -W_hh, -b_h


def reset_turned(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    return turned_rows(W_xh, W_hh, b_h, slice(0, len(b_h) // 3))


def candidate_turned(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    return turned_rows(W_xh, W_hh, b_h, slice(2 * len(b_h) // 3, None))


def bias_not_turned(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    return (*this_books_sign(W_xh, W_hh, b_h)[:2], b_h)


def bias_alone_turned(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    return W_xh, W_hh, this_books_sign(W_xh, W_hh, b_h)[2]


def as_it_is(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Weights:
    return W_xh, W_hh, b_h


SIGN = Exercise(
    "06.4",
    "Write `this_books_sign(W_xh, W_hh, b_h)`: the same GRU, with z = 1 keeping the old.",
    this_books_sign,
    (
        Wrong(
            one_minus,
            "1 minus is right for the gate, and wrong for its weights.",
            "1 - sigmoid(a) = sigmoid(-a). What has to happen to the weights, so that a becomes -a?",
        ),
        Wrong(
            everything_turned,
            "all three blocks are turned: r and n mean the same in both conventions.",
            "Only the rows of z: H to 2H.",
        ),
        Wrong(
            reset_turned, "these are the rows of r. z is the second block.", "Blocks r, z, n: z has the rows H to 2H."
        ),
        Wrong(
            candidate_turned, "these are the rows of n. z is the second block.", "Blocks r, z, n: z has rows H to 2H."
        ),
        Wrong(
            bias_not_turned,
            "the bias of z keeps its sign. It is a part of the sum, like the rest.",
            "`b_h[H:2*H]`, too.",
        ),
        Wrong(bias_alone_turned, "the bias alone is turned: the two matrices are parts of the sum, too.", "All three."),
        Wrong(
            as_it_is,
            "nothing is changed: this GRU keeps where the other takes the new.",
            "h = (1 - z) h + z n there, h = z h + (1 - z) n here.",
        ),
    ),
    (
        "You need 1 - z in place of z. Write it as a sigmoid.",
        "Copy all three arrays, and turn the sign of the rows H to 2H in each.",
    ),
    inputs=another_gru,
    parts=("W_xh", "W_hh", "b_h"),
    praise="right: sigmoid(-a) = 1 - sigmoid(a), and nothing else changes.",
)


# ---- 06.5 one step back


def a_step(rng: np.random.Generator) -> tuple[FloatArray, ...]:
    """d_h, d_c, c before, i, f, g, o and tanh of c, for H = 3."""
    i, f, o = (rng.uniform(0.1, 0.9, 3) for _ in range(3))
    g, c = np.tanh(rng.normal(size=3)), rng.normal(size=3)
    return rng.normal(size=3), rng.normal(size=3), c, i, f, g, o, np.tanh(f * c + i * g)


def back(*step: FloatArray, through: bool = True, future: bool = True, slopes: bool = True) -> Pair:
    """One step back, with parts left out where a mistake leaves them out."""
    d_h, d_c, c, i, f, g, o, tanh_c = step
    d_c = d_c * future + (d_h * o * (1 - tanh_c**2) if through else 0)
    gates = np.array([i, f, g, o])
    slope = np.array([i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)]) if slopes else np.ones_like(gates)
    return np.ravel(np.array([d_c * g, d_c * c, d_c * i, d_h * tanh_c]) * slope), d_c * f


def step_back(*step: FloatArray) -> Pair:
    """The library's step back, from biases that lead to exactly these gates."""
    d_h, d_c, c, i, f, g, o, _ = step
    H = len(c)
    cell = LSTMCell(1, H, rng=np.random.default_rng(0))
    logit = [np.log(gate / (1 - gate)) for gate in (i, f, o)]
    b_h = np.concatenate([logit[0], logit[1], np.arctanh(g), logit[2]])
    cell.set_params({"W_xh": np.zeros((4 * H, 1)), "W_hh": np.zeros((4 * H, H)), "b_h": b_h})
    _, tape = cell.step(np.zeros((1, 1)), (np.zeros((1, H)), c[None]))
    _, (_, d_before), grads = cell.step_back((d_h[None], d_c[None]), tape)
    return grads["b_h"], d_before[0]


def road_alone(*step: FloatArray) -> Pair:
    return back(*step, through=False)


def no_future(*step: FloatArray) -> Pair:
    return back(*step, future=False)


def without_slopes(*step: FloatArray) -> Pair:
    return back(*step, slopes=False)


def without_output_gate(d_h: FloatArray, d_c: FloatArray, *rest: FloatArray) -> Pair:
    c, _, f, _, o, tanh_c = rest
    d_a, _ = back(d_h / o, d_c, *rest)
    return np.concatenate([d_a[: 3 * len(c)], d_h * tanh_c * o * (1 - o)]), (d_c + d_h * (1 - tanh_c**2)) * f


def tanh_not_bent(d_h: FloatArray, d_c: FloatArray, *rest: FloatArray) -> Pair:
    c, *_, tanh_c = rest
    d_a, d_before = back(d_h / (1 - tanh_c**2), d_c, *rest)
    d_o = back(d_h, d_c, *rest)[0][3 * len(c) :]
    return np.concatenate([d_a[: 3 * len(c)], d_o]), d_before


def candidate_as_a_gate(*step: FloatArray) -> Pair:
    d_a, d_before = back(*step)
    H, g = len(step[0]), step[5]
    d_a[2 * H : 3 * H] *= g * (1 - g) / (1 - g**2)
    return d_a, d_before


def forget_not_applied(*step: FloatArray) -> Pair:
    d_a, d_before = back(*step)
    return d_a, d_before / step[4]


def other_order(*step: FloatArray) -> Pair:
    d_a, d_before = back(*step)
    i, f, g, o = np.split(d_a, 4)
    return np.concatenate([i, f, o, g]), d_before


BACK = Exercise(
    "06.5",
    "Write `step_back(d_h, d_c, c_before, i, f, g, o, tanh_c)`: the gradients on the four sums, and on c before.",
    step_back,
    (
        Wrong(
            road_alone,
            "the gradient on c lacks the part that comes from h: c is read by h of the same step, too.",
            "Add d_h * o * (1 - tanh_c**2) to d_c first of all.",
        ),
        Wrong(
            no_future,
            "the gradient on c lacks the part from the future: c is read by the next step, too.",
            "`d_c` that you are given is that part: add to it.",
        ),
        Wrong(
            without_slopes,
            "these are the gradients on the gates, not on what goes into them: the slopes are missing.",
            "Sigmoid: s (1 - s), for i, f and o. tanh: 1 - g**2.",
        ),
        Wrong(
            without_output_gate,
            "on the way from h to c the output gate is missing.",
            "h = o tanh(c): the slope with respect to c is o (1 - tanh_c**2).",
        ),
        Wrong(
            tanh_not_bent,
            "on the way from h to c the slope of tanh is missing.",
            "h = o tanh(c): the slope with respect to c is o (1 - tanh_c**2).",
        ),
        Wrong(
            candidate_as_a_gate,
            "the candidate g got the slope of a sigmoid. It went through tanh.",
            "1 - g**2 for g, s (1 - s) for the other three.",
        ),
        Wrong(
            forget_not_applied,
            "on the way to c before, the forget gate is missing.",
            "c = f c_before + i g, so the gradient on c_before is that on c times f.",
        ),
        Wrong(other_order, "the blocks of o and g have changed places: the order is i, f, g, o.", "i, f, g, o."),
    ),
    (
        "First complete the gradient on c_t: it has two readers. Then each gate has one.",
        "d_c + d_h o (1 - tanh_c**2); times g, c_before and i; d_h tanh_c for o; then the four slopes; and d_c f.",
    ),
    inputs=a_step,
    parts=("d_a", "d_c_before"),
    praise="right. Two parts on c, four slopes, and along the road f alone.",
)


# ---- 06.6 a register


def writings() -> FloatArray:
    """x (60, 20, 2): values of +1 or -1, and when they are written; one sequence writes once, one at every step."""
    rng = np.random.default_rng([6, 6])
    value = rng.choice([-1.0, 1.0], (60, 20))
    write = (rng.random((60, 20)) < 0.15).astype(float)
    write[0], write[1:, 0], write[:, 1] = 1, 0, 1
    value[:, 1] = np.concatenate([np.ones(30), -np.ones(30)])
    return np.stack([value, write], axis=2)


def run_register(answer: Any) -> FloatArray:
    """c of one LSTM unit with these weights, times the value that it should have the sign of: (60, 20)."""
    cell = LSTMCell(2, 1, rng=np.random.default_rng(0))
    W_xh, W_hh, b_h = answer
    cell.set_params({"W_xh": np.array(W_xh, float), "W_hh": np.array(W_hh, float), "b_h": np.array(b_h, float)})
    x = writings()
    layer = Recurrent(cell)
    _, _, tape = layer.forward(x)
    last = np.maximum.accumulate(np.where(x[..., 1] > 0, np.arange(len(x))[:, None], 0))
    result: FloatArray = layer.states(tape)["c"][1:, :, 0] * np.take_along_axis(x[..., 0], last, axis=0)
    return result


def is_register(c: Any) -> bool:
    """Whether c has the sign of what was written last, and size, after every step."""
    return bool((np.asarray(c) >= 0.5).all())


def holds_nothing(c: Any) -> bool:
    return bool(np.abs(np.asarray(c)).max() < 0.5)


def adds_up(c: Any) -> bool:
    return bool(np.abs(np.asarray(c)).max() > 3)


def hears_noise(c: Any) -> bool:
    """In the sequence with one writing, c follows the noise; in the one that writes always, it is right."""
    once, always = np.asarray(c)[:, 0], np.asarray(c)[:, 1]
    return bool(once.min() < -0.3 and always.min() > 0.3)


def forgets(c: Any) -> bool:
    """In the sequence with one writing, it was right at first and is too small in the end."""
    once = np.asarray(c)[:, 0]
    return bool(once[0] >= 0.5 and once.min() > -0.3 and once[-1] < 0.5)


def turned_round(c: Any) -> bool:
    return bool((np.asarray(c) <= -0.5).all())


Lists = tuple[list[list[float]], list[list[float]], list[float]]


def hand_made(i: Any, f: Any, g: Any, o: Any = (0, 0, 9)) -> Lists:
    """Each row: the weight of the value, of write, and the bias. The state before is not heard."""
    rows = (i, f, g, o)
    return [[float(v), float(w)] for v, w, _ in rows], [[0.0]] * 4, [float(b) for *_, b in rows]


RIGHT = hand_made(i=(0, 20, -10), f=(0, -20, 10), g=(20, 0, 0))

REGISTER = Exercise(
    "06.6",
    "Give `(W_xh, W_hh, b_h)` of one LSTM unit whose c keeps the value that was written last.",
    RIGHT,
    (
        Wrong(
            hand_made(i=(0, 20, -10), f=(0, -20, 10), g=(-20, 0, 0)),
            "it keeps the right moment and the wrong sign: after each writing, c is the opposite of the value.",
            "The row of g: the weight of the value is positive.",
            shows=turned_round,
        ),
        Wrong(
            hand_made(i=(0, 0, -10), f=(0, 0, 10), g=(20, 0, 0)),
            "c stays near 0: nothing is written.",
            "The input gate has to open when write is 1: a large weight for write, and a bias that keeps it shut.",
            shows=holds_nothing,
        ),
        Wrong(
            hand_made(i=(0, 20, -10), f=(0, 0, 10), g=(20, 0, 0)),
            "c grows beyond 3: what is written is added to what was there.",
            "Where something is written, the forget gate has to close: a negative weight for write.",
            shows=adds_up,
        ),
        Wrong(
            hand_made(i=(0, 20, -10), f=(0, -20, 2), g=(20, 0, 0)),
            "it writes well and then leaks: after one writing, too little is left at the end.",
            "Where nothing is written, f has to be very near 1 for 60 steps: a bias of 5 at least.",
            shows=forgets,
        ),
        Wrong(
            hand_made(i=(0, 0, 10), f=(0, 0, -10), g=(20, 0, 0)),
            "it hears the noise: c changes where nothing is written.",
            "The input gate has to be shut, and the forget gate open, when write is 0.",
            shows=hears_noise,
        ),
    ),
    (
        "Three rows do the work: i opens at write, f closes at write, g hears the value. The rest may be 0.",
        "i: weight of write +20, bias -10. f is its mirror image. g: weight of the value +20.",
    ),
    use=run_register,
    accepts=is_register,
    praise="right: one unit, three gates, and one bit kept for as long as you like.",
    otherwise="that is no register yet: somewhere c has another sign than what was written last, or is under 0.5.",
)

EXERCISES = (ROAD, COUNT, BIAS, SIGN, BACK, REGISTER)


# ---- the quiz

QUIZ = (
    Item(
        "Which part of an LSTM keeps the gradient from vanishing?",
        (
            Choice("the three gates", "Gates multiply by numbers below 1: they can shrink a gradient, not save it."),
            Choice(
                "the addition on the road of c, with f near 1",
                "Along c the gradient is multiplied by f alone. The bare road learned lag 100 without any gate.",
                right=True,
            ),
            Choice("tanh on the way out", "tanh shrinks. On the road there is none."),
            Choice("that it has four times the weights", "In the race all had the same number of weights."),
        ),
    ),
    Item(
        "In an LSTM, f = 1 and i = 0 at all steps. What happens to c and h?",
        (
            Choice("Both are forgotten", "f = 1 keeps. The name misleads."),
            Choice("Both stay as they are", "c does; h = o tanh(c), and o goes on reading."),
            Choice(
                "c stays; h can still change", "That is what the output gate and a second state are for.", right=True
            ),
        ),
    ),
    Item(
        "The forget bias of a fresh LSTM is 0. How large is the product of its forget gates over 20 steps, about?",
        (
            Choice("one millionth", "A half, 20 times: 1 in 1,048,576.", right=True),
            Choice("1/20", "Each step takes a half of what is left, not an equal piece."),
            Choice("1/2", "That is one step."),
        ),
    ),
    Item(
        "A GRU has no output gate and one state. What can it not do that an LSTM can?",
        (
            Choice("Keep something without a change", "z = 1 keeps h."),
            Choice("Take in something new", "z = 0 does that."),
            Choice(
                "Add to what it keeps, without a bound",
                "h is a mean of the old h and of n, so it stays between -1 and 1: it cannot count far.",
                right=True,
            ),
        ),
    ),
    Item(
        "You compare an RNN, a GRU and an LSTM. What makes it fair?",
        (
            Choice("The same number of units", "Then the LSTM has four times the weights."),
            Choice(
                "The same number of parameters, the same budget, several seeds",
                "And say the spread: one lucky seed of the RNN learned lag 30, too.",
                right=True,
            ),
            Choice("The same learning rate is all that counts", "It should be tried, and it is not enough."),
            Choice("The best seed of each", "The best of many says more about how often one tried."),
        ),
    ),
)
