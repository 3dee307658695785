"""The numbers of a handout: a small network, what is asked of it, and the answers, read off a trace.

Each number is asked once. It is known twice: as the trace has it, and as it comes out by hand, for who rounds each
result to two decimals and goes on with the rounded one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import exp, tanh

import numpy as np

from rnnlib import Dense, ManyToMany, Recurrent, RNNCell
from rnnlib.functions import FloatArray
from rnnlib.trace import BackwardTrace, Trace, trace, trace_back

PLACE = Decimal("0.01")  # to which everything is rounded
DRAWS = 150  # networks that are looked at for one sheet
LARGEST = 1.8  # of a sum inside tanh: beyond it all states look alike
CLASSES = ("no", "yes")


@dataclass(frozen=True)
class Asked:
    """One number to be computed. value: the trace's. by_hand: what rounding at each step makes of it."""

    value: float
    by_hand: float

    @property
    def differs(self) -> bool:
        """Whether it comes out differently by hand, in the last place."""
        return shown(self.value) != shown(self.by_hand)


@dataclass(frozen=True)
class Table:
    """Numbers to be asked, a row for each step, unit or weight. What stands between two ` is a formula."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Asked, ...]], ...]


@dataclass(frozen=True)
class Sheet:
    """What one handout asks. given: what each number, vector or matrix is called, and its values."""

    chapter: str
    seed: int
    given: tuple[tuple[str, FloatArray], ...]
    tables: tuple[Table, ...]
    run: Trace
    back: BackwardTrace | None = None

    @property
    def asked(self) -> list[Asked]:
        """All that is asked, in the order of the sheet."""
        return [number for table in self.tables for _, numbers in table.rows for number in numbers]


def rounded(value: float) -> float:
    """To two decimals, as it is taught: a half goes away from zero. (0.425 counts as a half, although no float is.)"""
    return float(Decimal(repr(round(value, 9))).quantize(PLACE, ROUND_HALF_UP)) + 0.0


def shown(value: float) -> str:
    """A result as it stands on the sheet: two decimals, a true minus."""
    return f"{rounded(value):.2f}".replace("-", "−")


@dataclass
class Hand:
    """Computes as a person does: what it has computed is rounded, and used so. `steps` keeps every result."""

    steps: list[Asked] = field(default_factory=list)

    def __call__(self, exact: float, by_hand: float) -> float:
        """Note a result, exact and by hand; the number to go on with."""
        self.steps.append(Asked(float(exact), rounded(by_hand)))
        return self.steps[-1].by_hand

    def table(self, title: str, columns: Sequence[str], labels: Sequence[str]) -> Table:
        """What was noted since the last table, row by row."""
        width = len(columns)
        taken, self.steps = self.steps, []
        rows = [tuple(taken[i * width : (i + 1) * width]) for i in range(len(labels))]
        return Table(title, tuple(columns), tuple(zip(labels, rows, strict=True)))


# ---- the three sheets ----


def draw(rng: np.random.Generator, shape: tuple[int, ...], low: int, high: int) -> FloatArray:
    """Numbers of one decimal, from low to high tenths, of either sign; none is 0."""
    tenths: FloatArray = rng.integers(low, high + 1, shape) * rng.choice([-1, 1], shape) / 10
    return tenths


def network(rng: np.random.Generator, inputs: int, units: int) -> ManyToMany:
    """A network of plain units with an answer of two classes at each step, weights of one decimal."""
    model = ManyToMany(Recurrent(RNNCell(inputs, units, rng=rng)), Dense(units, 2, rng=rng), classes=CLASSES)
    model.set_params({name: draw(rng, array.shape, 2, 12) for name, array in model.params.items()})
    return model


STEPS = ("`t` = 1", "`t` = 2", "`t` = 3")
UNIT = ("`W_xh x_t + b_h`", "`W_hh h_{t−1}`", "`a_t` = their sum", "`h_t` = tanh(`a_t`)")


def one_step(rng: np.random.Generator, seed: int) -> Sheet:
    """Chapter 02: two units, two inputs, one step from a state that is given."""
    run = trace(network(rng, 2, 2), draw(rng, (2, 2), 2, 20))
    hand, w = Hand(), weights(run.params)
    before, x = [rounded(float(number)) for number in run.h[1]], run.x[1]
    state = [_unit(hand, run, 1, i, w, x, before) for i in (0, 1)]
    first = hand.table("1. The new state", UNIT, ("unit 1", "unit 2"))
    second = _softmax(hand, run, 1, w, state)
    given = {"x_t": x, "h_{t−1}": np.array(before), **w}
    return Sheet("02", seed, tuple(given.items()), (first, second), run)


def unrolled(rng: np.random.Generator, seed: int) -> Sheet:
    """Chapter 03: two units, one input, three steps from a state of zeros, and the answer at the end."""
    run = trace(network(rng, 1, 2), draw(rng, (3, 1), 2, 20))
    hand, w, state = Hand(), weights(run.params), [0.0, 0.0]
    for t in range(3):
        state = [_unit(hand, run, t, i, w, run.x[t], state) for i in (0, 1)]
    labels = [f"step {t}, unit {i}" for t in (1, 2, 3) for i in (1, 2)]
    first = hand.table("1. The same two units, three times", UNIT, labels)
    second = _softmax(hand, run, 2, w, state)
    given = {**_by_step("x", run.x), "h_0": np.zeros(2), **w}
    return Sheet("03", seed, tuple(given.items()), (first, second), run)


def _by_step(letter: str, values: FloatArray) -> dict[str, FloatArray]:
    """A number of each step under its name, x_1 and so on."""
    return {f"{letter}_{t}": np.array(value) for t, value in enumerate(values.ravel(), start=1)}


def _unit(
    hand: Hand, run: Trace, t: int, i: int, w: dict[str, FloatArray], x: FloatArray, before: Sequence[float]
) -> float:
    """One unit at one step: what input and state add, their sum, the new state."""
    from_input = hand(run.from_input[t, i], float(w["W_xh"][i] @ x + w["b_h"][i]))
    from_state = hand(run.from_state[t, i], float(w["W_hh"][i] @ before))
    total = hand(run.total[t, i], from_input + from_state)
    return hand(run.h[t + 1, i], tanh(total))


def _softmax(hand: Hand, run: Trace, t: int, w: dict[str, FloatArray], state: Sequence[float]) -> Table:
    """The output at one step: scores, their exponentials, probabilities."""
    scores = [rounded(float(w["W_hy"][k] @ state + w["b_y"][k])) for k in (0, 1)]
    powers = [rounded(exp(score)) for score in scores]
    for k in (0, 1):
        hand(run.logits[t, k], scores[k])
        hand(exp(run.logits[t, k]), powers[k])
        hand(run.probabilities[t, k], powers[k] / sum(powers))
    names = ("score: `W_hy h + b_y`", "`e`<sup>score</sup>", "`y`: its share of the sum")
    return hand.table("2. The output", names, [f"“{name}”" for name in CLASSES])


def through_time(rng: np.random.Generator, seed: int) -> Sheet:
    """Chapter 04: one unit, three steps, an answer at each; all the way forward, and back."""
    model = network(rng, 1, 1)
    w_y, b_y = float(draw(rng, (), 15, 30)), float(draw(rng, (), 1, 5))
    output = {"output.W_hy": np.array([[0.0], [w_y]]), "output.b_y": np.array([0.0, b_y])}
    model.set_params({**model.params, **output, "body.W_hh": draw(rng, (1, 1), 6, 14)})
    truth: FloatArray = rng.integers(0, 2, 3).astype(float)
    back = trace_back(model, draw(rng, (3, 1), 2, 15), truth.astype(int))
    run, hand = back.forward, Hand()
    w = {name: float(array.ravel()[-1]) for name, array in weights(run.params).items()}
    forward, h, p = _forward(hand, run, w)
    backward = _backward(hand, back, w, h, p, truth)
    given = {**_by_step("x", run.x), **_by_step("c", truth), "h_0": np.zeros(()), **_scalars(w)}
    return Sheet("04", seed, tuple(given.items()), (forward, *backward), run, back)


def _scalars(w: dict[str, float]) -> dict[str, FloatArray]:
    """Weights that are single numbers, with a small letter."""
    return {name.lower(): np.array(value) for name, value in w.items()}


def _forward(hand: Hand, run: Trace, w: dict[str, float]) -> tuple[Table, list[float], list[float]]:
    """The table of the way forward, the states h_0 to h_3 and the probabilities, by hand."""
    h, p = [0.0], []
    for t in range(3):
        a = hand(run.total[t, 0], w["W_xh"] * float(run.x[t, 0]) + w["W_hh"] * h[t] + w["b_h"])
        h.append(hand(run.h[t + 1, 0], tanh(a)))
        z = hand(run.logits[t, 1], w["W_hy"] * h[-1] + w["b_y"])
        p.append(hand(run.probabilities[t, 1], 1 / (1 + exp(-z))))
    columns = (
        "`a_t = w_xh x_t` `+ w_hh h_{t−1} + b_h`",
        "`h_t` = tanh(`a_t`)",
        "`z_t = w_hy h_t + b_y`",
        "`p_t` = 1 / (1 + `e`<sup>−`z_t`</sup>)",
    )
    return hand.table("1. Forward", columns, STEPS), h, p


def _backward(
    hand: Hand, back: BackwardTrace, w: dict[str, float], h: list[float], p: list[float], truth: FloatArray
) -> tuple[Table, Table]:
    """The tables of the way back: the gradient at each step, and the sums over the steps."""
    d_z, d_a = [0.0] * 3, [0.0] * 4
    for t in (2, 1, 0):
        d_z[t] = hand(back.d_logits[t, 1], (p[t] - float(truth[t])) / 3)
        own = hand(back.from_output[t, 0], w["W_hy"] * d_z[t])
        future = hand(back.from_future[t, 0], w["W_hh"] * d_a[t + 1])
        d_h = hand(back.d_h[t, 0], own + future)
        slope = hand(back.slopes[t, 0], 1 - h[t + 1] ** 2)
        d_a[t] = hand(back.d_a[t, 0], d_h * slope)
    columns = (
        "`δ^z_t` = (`p_t − c_t`) / 3",
        "own answer: `w_hy δ^z_t`",
        "future: `w_hh δ^a_{t+1}`",
        "`δ^h_t` = their sum",
        "slope: 1 − `h_t`<sup>2</sup>",
        "`δ^a_t = δ^h_t` · slope",
    )
    steps = hand.table("2. Back, from the last step to the first", columns, STEPS[::-1])
    return steps, _sums(hand, back, [float(x) for x in back.forward.x[:, 0]], h, d_a)


def _sums(hand: Hand, back: BackwardTrace, x: list[float], h: list[float], d_a: list[float]) -> Table:
    for name, factor in (("W_xh", x), ("W_hh", h[:3]), ("b_h", [1.0, 1.0, 1.0])):
        terms = [hand(back.contributions[name].ravel()[t], d_a[t] * factor[t]) for t in range(3)]
        hand(back.gradients[f"body.{name}"].ravel()[0], sum(terms))
    labels = ("`w_xh`: `δ^a_t x_t`", "`w_hh`: `δ^a_t h_{t−1}`", "`b_h`: `δ^a_t`")
    columns = (*STEPS, "gradient = their sum")
    return hand.table("3. What each weight is told", columns, labels)


def weights(params: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The parameters under their short names."""
    return {name.split(".")[1]: array for name, array in params.items()}


# ---- choosing ----

MAKERS: dict[str, Callable[[np.random.Generator, int], Sheet]] = {
    "02": one_step,
    "03": unrolled,
    "04": through_time,
}


def sheet(chapter: str, seed: int) -> Sheet:
    """The sheet of a chapter for a seed: of many networks the one that is kindest to a hand.

    That is: sums inside tanh of a middling size, gradients that two decimals can show, and as few numbers as possible
    that rounding at every step changes (never by more than 0.01). ValueError for a chapter without a sheet.
    """
    if chapter not in MAKERS:
        raise ValueError(f"chapter: there are sheets for {', '.join(MAKERS)}, got {chapter!r}")
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed: expected a whole number from 0 to 2**32 - 1, got {seed}")
    found = list(_kind(chapter, seed))
    return min(found, key=lambda each: sum(number.differs for number in each.asked))


def _kind(chapter: str, seed: int) -> Iterator[Sheet]:
    rng = np.random.default_rng([int(chapter), seed])
    for _ in range(DRAWS):
        made = MAKERS[chapter](rng, seed)
        run, near = made.run, all(abs(n.value - n.by_hand) < 0.015 for n in made.asked)
        middling = np.abs(run.total).min() > 0.15 and np.abs(run.total).max() < LARGEST
        alive = made.back is None or min(np.abs(made.back.d_a).min(), np.abs(made.back.from_future[:2]).min()) > 0.04
        if near and middling and alive:
            yield made
