"""Blanks to fill in the two computations: the right number, and what a wrong one says about the way to it.

Each slip is the number that comes out with one thing done wrong, computed from the same weights and states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..functions import sigmoid, softmax, tanh
from .computations_run import OPERATIONS, Network, Place, short
from .computations_words import VECTORS, Say, product, tips, who
from .pages import Answer, Question, plain

RIGHT, NEAR = 0.02, 0.015  # how far a typed number may be from the right one, and from that of a slip
APART = 0.04  # two numbers that can be told apart when they are typed with two decimals
ASKED = {1: ("xh", "h", "score"), 2: ("hh", "sum", "p")}  # step -> what is blank there
ASKED_ALONE = {1: ("xh", "sum", "h", "score", "p")}  # where there is one step only
FIRST = 2  # slips of each list that should be told from the right number before all others
HINTS = {
    "xh": "Take the row of {W_xh} and {x}: multiply pair by pair, then add up.",
    "hh": "Take the row of {W_hh} and {before}: multiply pair by pair, then add up.",
    "sum": "Add three numbers: the two in the same row to the left, and {b_h}.",
    "h": "Take tanh of the sum in the same row.",
    "score": "Add two numbers: the one in the same row to the left, and {b_y}.",
    "p": "Take exp of every score; divide that of the same row by the sum of them all.",
}


class Slip(NamedTuple):
    """What comes out with one thing done wrong, and what is said to it."""

    value: float
    reply: str


def blanks(network: Network, say: Say) -> dict[int, int]:
    """Page -> the number that is blank there."""
    asked = ASKED if network.steps > 1 else ASKED_ALONE
    names = [(t, name) for t, several in asked.items() for name in several if _can_be_found(network, name, t)]
    operations = {one.gives: k for k, one in enumerate(OPERATIONS)}
    return {Place(t, operations[name]).page: _best(network, say, name, t) for t, name in names}


def _can_be_found(network: Network, name: str, t: int) -> bool:
    """Whether all that the number is made of has room in the picture."""
    if name == "p":
        return len(network.outputs) == len(network.trace.classes)
    return name not in VECTORS or len(network.product(name, t)[3]) == network.product(name, t)[0].shape[1]


def _best(network: Network, say: Say, name: str, t: int) -> int:
    """The one with most slips that can be told from it and from each other; the first slips count most."""

    def told_apart(i: int) -> tuple[int, int]:
        numbers: list[tuple[int, float]] = []
        right = network.value(f"{name}/{t}/{i}")
        for place, slip in enumerate(slips(network, say, name, t, i)):
            if all(abs(slip.value - number) > APART for number in [right, *(value for _, value in numbers)]):
                numbers.append((place, slip.value))
        return sum(place < FIRST for place, _ in numbers), len(numbers)

    return max(network.rows(name), key=told_apart)


def question(network: Network, say: Say, page: int, i: int) -> Question:
    """The number i of what the page computes is blank."""
    t, k = Place.of(page)
    name = OPERATIONS[k].gives
    right = network.value(f"{name}/{t}/{i}")
    text = network.text(f"{name}/{t}/{i}")
    line = plain(tips(network, say, page)[f"{name}/{i + 1}"]).split(": ", 1)[1]
    answers = [Answer(text, f"{line}.", right - RIGHT, right + RIGHT)]
    found = [slip for slip in slips(network, say, name, t, i) if np.isfinite(slip.value)]
    for value, reply in found:
        if abs(value - right) > RIGHT:
            answers.append(Answer(short(value, 2), reply, *_around(value, [slip.value for slip in found])))
    what = {"h": say.at("h", t), "sum": "the sum", "score": "the score", "p": "the probability"}
    prompt = (
        f"Step {t}. One number is blank: {what.get(name) or product(say, name, t)}, {who(network, name, i)}. "
        f"{_given(network, say, name, t, i)} Which number belongs there? Two decimals will do."
    )
    plain_names = {matrix: say.plain(matrix) for matrix in ("W_xh", "W_hh", "b_h", "b_y")}
    hint = HINTS[name].format(x=say.at("x", t), before=say.at("h", t - 1), **plain_names)
    return Question(prompt, tuple(answers), 0, f"It is none of the known slips either. {hint}")


def _around(value: float, others: list[float]) -> tuple[float, float]:
    """What counts as this number: what is near it, and nearer than to any other."""
    below = [(value + other) / 2 for other in others if other < value]
    above = [(value + other) / 2 for other in others if other > value]
    return max([value - NEAR, *below]), min([value + NEAR, *above])


def _given(network: Network, say: Say, name: str, t: int, i: int) -> str:
    """Something to start from; it also tells the questions about two networks apart."""
    if name in VECTORS:
        _, step, letter, shown = network.product(name, t)
        return f"{say.at(letter, step)} is ({', '.join(network.text(f'{letter}/{step}/{j}') for j in shown)})."
    part = {"sum": "hh", "h": "sum", "score": "hy", "p": "score"}[name]
    called = {"h": "The sum", "p": "The score"}.get(name) or product(say, part, t)
    return f"{called} is {network.text(f'{part}/{t}/{i}')} there."


def slips(network: Network, say: Say, name: str, t: int, i: int) -> list[Slip]:
    """What may go wrong on the way to number i of a quantity at step t; what is most often done first."""
    make = {"sum": _sum, "h": _state, "score": _score, "p": _probability}.get(name)
    found = make(network, say, t, i) if make else _product(network, say, name, t, i)
    return [Slip(float(value), reply) for value, reply in found]


def _product(network: Network, say: Say, name: str, t: int, i: int) -> Iterator[tuple[Any, str]]:
    matrix, step, letter, _ = network.product(name, t)
    vectors = network.quantities[letter]
    vector, W = vectors[step], say.plain({"xh": "W_xh", "hh": "W_hh"}[name])
    if matrix.shape[0] == matrix.shape[1]:
        yield matrix[:, i] @ vector, f"That is column {i + 1} of {W}: the matrix is transposed. Take row {i + 1}."
    if name == "xh":
        yield matrix[i] @ vector + network.b_h[i], f"The bias {say.plain('b_h')} is in it already. It comes later."
    for j in network.rows(name):
        if j != i:
            yield matrix[j] @ vector, f"That is row {j + 1} of {W}: {who(network, name, j)}."
    if step > 1 or (step == 1 and letter == "h"):
        yield matrix[i] @ vectors[step - 1], f"That is {W} times {say.at(letter, step - 1)}: one step too early."
    if name == "hh":
        new = f"That is {W} times {say.at('h', t)}, the new state, which is not known yet: it needs this number."
        yield matrix[i] @ vectors[t], new
    yield np.abs(matrix[i] * vector).sum(), f"The minus signs in {W} times {say.at(letter, step)} are left out."


def _sum(network: Network, say: Say, t: int, i: int) -> Iterator[tuple[Any, str]]:
    q, bias, b, n = network.quantities, network.b_h[i], say.plain("b_h"), network.text
    x, h = q["xh"][t, i], q["hh"][t, i]
    yield x + h, f"The bias is left out: add {b}, {n(f'b_h/{i}')}."
    yield x + bias, f"The state before is left out: add {product(say, 'hh', t)}, {n(f'hh/{t}/{i}')}."
    yield h + bias, f"The input is left out: add {product(say, 'xh', t)}, {n(f'xh/{t}/{i}')}."
    yield q["h"][t, i], "tanh is in it already. It is the next operation; here the parts are only added."
    yield x + h + 2 * bias, f"The bias {b} is added twice."
    yield x + h - bias, f"The bias {b} has the wrong sign: it is {n(f'b_h/{i}')}."
    turned = network.W_hh[:, i] @ q["h"][t - 1]
    yield x + turned + bias, f"{say.plain('W_hh')} is transposed in the part from the state before."


def _state(network: Network, say: Say, t: int, i: int) -> Iterator[tuple[Any, str]]:
    q, bias, b, n = network.quantities, network.b_h[i], say.plain("b_h"), network.text
    total, x, h = q["sum"][t, i], q["xh"][t, i], q["hh"][t, i]
    yield total, f"tanh is left out: that is the sum. The state is tanh({n(f'sum/{t}/{i}')})."
    yield tanh(x + h), f"The bias is left out of the sum: add {b}, {n(f'b_h/{i}')}, before tanh."
    yield tanh(tanh(total)), "tanh is applied twice: once is enough."
    yield tanh(x + h) + bias, f"The bias {b} is added after tanh: it belongs inside."
    yield tanh(x + bias), f"The state before is left out of the sum: {product(say, 'hh', t)}."
    yield tanh(h + bias), f"The input is left out of the sum: {product(say, 'xh', t)}."
    yield sigmoid(np.array(total)), "That is the sigmoid, which lies between 0 and 1. The state takes tanh."
    yield q["h"][t - 1, i], f"That is {say.at('h', t - 1)}, the state of the step before."
    yield -q["h"][t, i], "The sign is lost: tanh keeps the sign of the sum."


def _score(network: Network, say: Say, t: int, i: int) -> Iterator[tuple[Any, str]]:
    q, W, bias = network.quantities, network.W_hy[i], network.b_y[i]
    b, state, n = say.plain("b_y"), say.at("h", t), network.text
    yield q["hy"][t, i], f"The bias is left out: add {b}, {n(f'b_y/{i}')}."
    yield W @ q["sum"][t] + bias, f"tanh is left out of the state: {say.plain('W_hy')} is multiplied with {state}."
    yield q["hy"][t, i] - bias, f"The bias {b} has the wrong sign: it is {n(f'b_y/{i}')}."
    for k in network.units:
        whose = f"That is unit {k + 1} of {state}. The state is not the output"
        yield q["h"][t, k], f"{whose}: {say.plain('W_hy')} and {b} are left out."
    old = f"That is with {say.at('h', t - 1)}, the state of the step before."
    yield W @ q["h"][t - 1] + bias, f"{old} The output reads the new one, {state}."
    for j in network.outputs:
        if j != i:
            yield q["score"][t, j], f"That is the score of {who(network, 'score', j)}."
    yield q["p"][t, i], "softmax is in it already. It is the next operation."


def _probability(network: Network, say: Say, t: int, i: int) -> Iterator[tuple[Any, str]]:
    q = network.quantities
    score = q["score"][t, i]
    yield softmax(q["hy"][t])[i], f"The bias {say.plain('b_y')} is left out of the scores."
    yield score, "softmax is left out: that is the score."
    yield np.exp(min(score, 700.0)), "That is exp of the score: divide it by the sum of exp over all classes."
    yield sigmoid(np.array(score)), "That is the sigmoid of one score. softmax compares it with the others."
    for j in network.outputs:
        if j != i:
            yield q["p"][t, j], f"That is the probability of {who(network, 'p', j)}."
    if abs(together := q["score"][t].sum()) > APART:
        yield score / together, "The scores are divided by their sum, without exp: exp comes first."
    old = softmax(network.W_hy @ q["h"][t - 1] + network.b_y)[i]
    output = f", {say.at('y', t - 1)}" if t > 1 else ""
    yield old, f"That is with {say.at('h', t - 1)}, the state of the step before: the output there{output}."
