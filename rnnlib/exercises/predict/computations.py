"""Blanks to fill in the two computations: the right number, and what a wrong one says about the way to it. Chapter 02.

Each slip is the number that comes out with one thing done wrong, computed from the same weights and states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ...diagrams.computations import PRODUCTS, Computations, page_of, short
from ...diagrams.pages import plain
from ...functions import sigmoid, softmax, tanh
from ...questions import Answer, Question
from ...trace import Trace

RIGHT, NEAR = 0.02, 0.015  # how far a typed number may be from the right one, and from that of a slip
APART = 0.04  # two numbers that can be told apart when they are typed with two decimals
ASKED = {1: ("xh", "h", "score"), 2: ("hh", "sum", "p")}  # step -> what is blank there
ASKED_ALONE = {1: ("xh", "sum", "h", "score", "p")}  # where there is one step only
FIRST = 2  # slips of each list that should be told from the right number before all others
HINTS = {
    "xh": "Take the row of {W_xh} and {x_t}: multiply pair by pair, then add up.",
    "hh": "Take the row of {W_hh} and {h_before}: multiply pair by pair, then add up.",
    "sum": "Add three numbers: the two in the same row to the left, and {b_h}.",
    "h": "Take tanh of the sum in the same row.",
    "score": "Add two numbers: the one in the same row to the left, and {b_y}.",
    "p": "Take exp of every score; divide that of the same row by the sum of them all.",
}
WHAT = {
    "xh": "{W_xh} {x_t}", "hh": "{W_hh} {h_before}", "hy": "{W_hy} {h_t}", "sum": "the sum", "h": "{h_t}",
    "score": "the score", "p": "the probability",
}  # fmt: skip
GIVEN = {"sum": "hh", "h": "sum", "score": "hy", "p": "score"}  # what is said to start from
PROMPT = "Step {t}. One number is blank: {what}, {who}. {given} Which number belongs there? Two decimals will do."
NONE = "It is none of the known slips either. {hint}"
SLIPS = {
    "transposed": "That is column {row} of {W}: the matrix is transposed. Take row {row}.",
    "bias early": "The bias {b_h} is in it already. It comes later.",
    "other row": "That is row {other} of {W}: {whose}.",
    "too early": "That is {W} times {v_before}: one step too early.",
    "new state": "That is {W} times {h_t}, the new state, which is not known yet: it needs this number.",
    "no signs": "The minus signs in {W} times {v} are left out.",
    "no bias": "The bias is left out: add {b}, {bias}.",
    "no state": "The state before is left out: add {W_hh} {h_before}, {hh}.",
    "no input": "The input is left out: add {W_xh} {x_t}, {xh}.",
    "tanh early": "tanh is in it already. It is the next operation; here the parts are only added.",
    "bias twice": "The bias {b} is added twice.",
    "bias sign": "The bias {b} has the wrong sign: it is {bias}.",
    "turned": "{W_hh} is transposed in the part from the state before.",
    "no tanh": "tanh is left out: that is the sum. The state is tanh({sum}).",
    "no bias in the sum": "The bias is left out of the sum: add {b}, {bias}, before tanh.",
    "tanh twice": "tanh is applied twice: once is enough.",
    "bias after": "The bias {b} is added after tanh: it belongs inside.",
    "no state in the sum": "The state before is left out of the sum: {W_hh} {h_before}.",
    "no input in the sum": "The input is left out of the sum: {W_xh} {x_t}.",
    "sigmoid": "That is the sigmoid, which lies between 0 and 1. The state takes tanh.",
    "old": "That is {h_before}, the state of the step before.",
    "sign": "The sign is lost: tanh keeps the sign of the sum.",
    "no tanh in the state": "tanh is left out of the state: {W_hy} is multiplied with {h_t}.",
    "the state": "That is unit {other} of {h_t}. The state is not the output: {W_hy} and {b} are left out.",
    "old output": "That is with {h_before}, the state of the step before. The output reads the new one, {h_t}.",
    "other score": "That is the score of {whose}.",
    "softmax early": "softmax is in it already. It is the next operation.",
    "no bias in the scores": "The bias {b_y} is left out of the scores.",
    "no softmax": "softmax is left out: that is the score.",
    "exp alone": "That is exp of the score: divide it by the sum of exp over all classes.",
    "one score": "That is the sigmoid of one score. softmax compares it with the others.",
    "other class": "That is the probability of {whose}.",
    "no exp": "The scores are divided by their sum, without exp: exp comes first.",
    "old answer": "That is with {h_before}, the state of the step before: the output there{y_before}.",
}


class Slip(NamedTuple):
    """What comes out with one thing done wrong, and what is said to it."""

    value: float
    reply: str


def computations(trace: Trace, notation: str = "h") -> dict[int, Question]:
    """Page -> a number that is blank there: three in each of the first two steps, where all that it is made of has
    room in the picture."""
    sheet = Computations(trace, notation)
    asked = ASKED if sheet.steps > 1 else ASKED_ALONE
    blank = [(t, name) for t, names in asked.items() for name in names if _can_be_found(sheet, name)]
    return {page_of(t, name): _question(sheet, t, name, _best(sheet, name, t)) for t, name in blank}


def _can_be_found(sheet: Computations, name: str) -> bool:
    """Whether all that the number is made of has room in the picture."""
    matrix = PRODUCTS[name][0] if name in PRODUCTS else ""
    if matrix:
        return len(sheet.columns[matrix]) == sheet.numbers[matrix].shape[1]
    return name != "p" or len(sheet.outputs) == sheet.K


def _best(sheet: Computations, name: str, t: int) -> int:
    """The one with most slips that can be told from it and from each other; the first slips count most."""

    def told_apart(i: int) -> tuple[int, int]:
        numbers = [(-1, sheet.value(f"{name}/{t}/{i}"))]
        for place, slip in enumerate(slips(sheet, name, t, i)):
            if all(abs(slip.value - number) > APART for _, number in numbers):
                numbers.append((place, slip.value))
        return sum(0 <= place < FIRST for place, _ in numbers), len(numbers)

    return max(sheet.rows(name), key=told_apart)


def _question(sheet: Computations, t: int, name: str, i: int) -> Question:
    """The number i of what step t computes is blank."""
    right, text, said = sheet.value(f"{name}/{t}/{i}"), sheet.text(f"{name}/{t}/{i}"), _said(sheet, t, i, name)
    line = plain(sheet.line_of(name, t, i)).split(": ", 1)[1]
    answers = [Answer(text, f"{line}.", right - RIGHT, right + RIGHT)]
    found = [slip for slip in slips(sheet, name, t, i) if np.isfinite(slip.value)]
    for value, reply in found:
        if abs(value - right) > RIGHT:
            answers.append(Answer(short(value), reply, *_around(value, [slip.value for slip in found])))
    said |= {"what": WHAT[name].format(**said), "given": _given(sheet, name, t, i, said)}
    none = NONE.format(hint=HINTS[name].format(**said))
    return Question(PROMPT.format(**said), tuple(answers), 0, none, about=i)


def _said(sheet: Computations, t: int, i: int, name: str) -> dict[str, Any]:
    """What the texts may name."""
    y = f", {sheet.n.said('y', t - 1)}" if t > 1 else ""
    return {**sheet.said, **sheet.names(t), "t": t, "who": sheet.who(name, i), "row": i + 1, "y_before": y}


def _around(value: float, others: list[float]) -> tuple[float, float]:
    """What counts as this number: what is near it, and nearer than to any other."""
    below = [(value + other) / 2 for other in others if other < value]
    above = [(value + other) / 2 for other in others if other > value]
    return max([value - NEAR, *below]), min([value + NEAR, *above])


def _given(sheet: Computations, name: str, t: int, i: int, said: dict[str, Any]) -> str:
    """Something to start from; it also tells the questions about two networks apart."""
    if name in PRODUCTS:
        matrix, letter, back = PRODUCTS[name]
        values = ", ".join(sheet.text(f"{letter}/{t - back}/{j}") for j in sheet.columns[matrix])
        return f"{sheet.n.said(letter, t - back)} is ({values})."
    part = GIVEN[name]
    called = WHAT[part].format(**said)
    return f"{called[0].upper()}{called[1:]} is {sheet.text(f'{part}/{t}/{i}')} there."


def slips(sheet: Computations, name: str, t: int, i: int) -> list[Slip]:
    """What may go wrong on the way to number i of a quantity at step t; what is most often done first."""
    make = {"sum": _sum, "h": _state, "score": _score, "p": _probability}.get(name)
    found = make(sheet, t, i) if make else _product(sheet, name, t, i)
    b = "b_y" if name in ("score", "p") else "b_h"
    said = _said(sheet, t, i, name) | {"b": sheet.said[b]}
    said |= {"bias": sheet.text(f"{b}/{i}")} if i < len(sheet.numbers[b]) else {}
    said |= {part: sheet.text(f"{part}/{t}/{i}") for part in ("xh", "hh", "sum") if b == "b_h"}
    return [Slip(float(value), SLIPS[which].format(**said, **more)) for which, value, more in found]


Found = Iterator[tuple[str, Any, dict[str, Any]]]


def _others(sheet: Computations, name: str, i: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The other numbers of a quantity that have room, and what they are called."""
    yield from ((j, {"other": j + 1, "whose": sheet.who(name, j)}) for j in sheet.rows(name) if j != i)


def _product(sheet: Computations, name: str, t: int, i: int) -> Found:
    of, letter, back = PRODUCTS[name]
    step, matrix, vectors = t - back, sheet.numbers[of], sheet.numbers[letter]
    vector, W = vectors[step], {"W": sheet.said[of]}
    if matrix.shape[0] == matrix.shape[1]:
        yield "transposed", matrix[:, i] @ vector, W
    if name == "xh":
        yield "bias early", matrix[i] @ vector + sheet.numbers["b_h"][i], {}
    for j, who in _others(sheet, name, i):
        yield "other row", matrix[j] @ vector, W | who
    if step > 1 or (step == 1 and letter == "h"):
        yield "too early", matrix[i] @ vectors[step - 1], W | {"v_before": sheet.n.said(letter, step - 1)}
    if name == "hh":
        yield "new state", matrix[i] @ vectors[t], W
    yield "no signs", np.abs(matrix[i] * vector).sum(), W | {"v": sheet.n.said(letter, step)}


def _sum(sheet: Computations, t: int, i: int) -> Found:
    q = sheet.numbers
    x, h, bias = q["xh"][t, i], q["hh"][t, i], q["b_h"][i]
    yield "no bias", x + h, {}
    yield "no state", x + bias, {}
    yield "no input", h + bias, {}
    yield "tanh early", q["h"][t, i], {}
    yield "bias twice", x + h + 2 * bias, {}
    yield "bias sign", x + h - bias, {}
    yield "turned", x + q["W_hh"][:, i] @ q["h"][t - 1] + bias, {}


def _state(sheet: Computations, t: int, i: int) -> Found:
    q = sheet.numbers
    total, x, h, bias = q["sum"][t, i], q["xh"][t, i], q["hh"][t, i], q["b_h"][i]
    yield "no tanh", total, {}
    yield "no bias in the sum", tanh(x + h), {}
    yield "tanh twice", tanh(tanh(total)), {}
    yield "bias after", tanh(x + h) + bias, {}
    yield "no state in the sum", tanh(x + bias), {}
    yield "no input in the sum", tanh(h + bias), {}
    yield "sigmoid", sigmoid(np.array(total)), {}
    yield "old", q["h"][t - 1, i], {}
    yield "sign", -q["h"][t, i], {}


def _score(sheet: Computations, t: int, i: int) -> Found:
    q, W, bias = sheet.numbers, sheet.numbers["W_hy"][i], sheet.numbers["b_y"][i]
    yield "no bias", q["hy"][t, i], {}
    yield "no tanh in the state", W @ q["sum"][t] + bias, {}
    yield "bias sign", q["hy"][t, i] - bias, {}
    for k in sheet.units:
        yield "the state", q["h"][t, k], {"other": k + 1}
    yield "old output", W @ q["h"][t - 1] + bias, {}
    for j, who in _others(sheet, "score", i):
        yield "other score", q["score"][t, j], who
    yield "softmax early", q["p"][t, i], {}


def _probability(sheet: Computations, t: int, i: int) -> Found:
    q = sheet.numbers
    score = q["score"][t, i]
    yield "no bias in the scores", softmax(q["hy"][t])[i], {}
    yield "no softmax", score, {}
    yield "exp alone", np.exp(min(score, 700.0)), {}
    yield "one score", sigmoid(np.array(score)), {}
    for j, who in _others(sheet, "p", i):
        yield "other class", q["p"][t, j], who
    if abs(together := q["score"][t].sum()) > APART:
        yield "no exp", score / together, {}
    yield "old answer", softmax(q["W_hy"] @ q["h"][t - 1] + q["b_y"])[i], {}
