"""Exercises of chapter 05: variants by shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import cross_entropy, log_softmax, softmax
from ..layers import Dense, Recurrent
from ..models import OneToMany
from .common import Array, Ints, Rng, inside
from .task import posed

__all__ = ["EXERCISES"]


# ---- 05.1 what the decoder reads


def targets(rng: Rng) -> tuple[Ints, int]:
    """y (S, B) symbols 1 to 5, S and B alike so that a slip in the axis still fits, and the start symbol 6."""
    return rng.integers(1, 6, size=(4, 4)), 6


def reads(y: Ints, start: int, slip: str = "") -> Any:
    """The true symbols one step late, as the library's decoders read them."""
    row = np.full((1, y.shape[1]), start)
    return {
        "reads_its_answer": y.copy(),
        "reads_ahead": np.concatenate([y[1:], row]),
        "rolled": np.roll(y, 1, axis=0),
        "across_the_batch": np.concatenate([np.full((len(y), 1), start), y[:, :-1]], axis=1),
        "one_too_long": np.concatenate([row, y]),
        "zero_first": np.concatenate([0 * row, y[:-1]]),
    }.get(slip, np.concatenate([row, y[:-1]]))


# ---- 05.2 the masked loss


def padded_scores(rng: Rng) -> tuple[Array, Ints, Ints]:
    """scores (S, B, K), y (S, B), lengths (B,), one of them full and all different."""
    S, B, K = 5, 3, 4
    return rng.normal(size=(S, B, K)), rng.integers(0, K, size=(S, B)), np.array([5, 2, 3])[rng.permutation(3)]


def of_the_library(scores: Array, y: Ints, lengths: Ints) -> float:
    """The library's cross-entropy with weight 0 in the padding."""
    S, _, K = scores.shape
    mask = inside(S, lengths).astype(float).ravel()
    return cross_entropy(scores.reshape(-1, K), np.eye(K)[y.ravel()], mask)[0]


def sequence_loss(scores: Array, y: Ints, lengths: Ints, slip: str = "") -> Any:
    """One mean over everything that is true."""
    values = scores if slip == "scores_alone" else log_softmax(scores)
    gains = np.take_along_axis(values, y[:, :, None], axis=2)[:, :, 0]
    true = inside(len(y), lengths - 1 if slip == "without_the_end" else lengths)
    return {
        "with_padding": -gains.mean(),
        "over_all_steps": -(gains * true).mean(),
        "mean_of_means": -((gains * true).sum(axis=0) / lengths).mean(),
        "a_sum": -gains[true].sum(),
        "per_sequence": -gains[true].sum() / len(lengths),
        "other_sign": gains[true].mean(),
    }.get(slip, -gains[true].mean())


# ---- 05.3 greedy decoding

UNITS, SYMBOLS, MOST = 6, 7, 15


class Decoder:
    """A small decoder as one function: `scores, state = decoder(symbol, state)`. Symbols are whole numbers."""

    def __init__(self, rng: Rng) -> None:
        cell = RNNCell(SYMBOLS, UNITS, rng=rng, init=0.9)
        begin, output = Dense(4, UNITS, rng=rng), Dense(UNITS, SYMBOLS, rng=rng)
        self.model = OneToMany(begin, Recurrent(cell), output, end=0)
        self.x = 3 * rng.normal(size=(1, 4))

    def __call__(self, symbol: Any, state: Array) -> tuple[Array, Array]:
        symbols = np.full((1, 1), int(symbol), dtype=np.intp)
        y, state, _ = self.model.body.forward(np.eye(SYMBOLS)[symbols], state)
        scores: Array = self.model.output.forward(y[0])[0]
        return scores, state

    @property
    def state(self) -> Array:
        """The first state, (1, H)."""
        return self.model.begin.forward(self.x)

    @property
    def text(self) -> tuple[int, ...]:
        """What the library writes with it; () where it does not end."""
        (result,) = self.model.generate(self.x, max_length=MOST)
        return result.symbols if result.ended else ()


def decoder_that_ends(rng: Rng) -> tuple[Decoder, Array, int, int]:
    """A decoder whose text has 3 to 8 different-looking symbols, its first state, the end symbol and the limit."""
    while True:
        decoder = Decoder(rng)
        if 3 <= len(decoder.text) <= 8 and len(set(decoder.text)) > 2:
            return decoder, decoder.state, 0, MOST


def of_the_model(decoder: Decoder, state: Array, end: int, most: int) -> list[int]:
    """What the library writes."""
    return list(decoder.text)


def write(decoder: Decoder, state: Array, end: int, most: int, slip: str = "") -> list[int]:
    """Greedy writing."""
    symbol, first = end, state
    written = [end] if slip == "keeps_the_start" else []
    for _ in range(most):
        read = end if slip == "reads_nothing" else symbol
        scores, state = decoder(read, first if slip == "forgets_the_state" else state)
        symbol = int((-scores if slip == "least_likely" else scores).argmax())
        if symbol == end and slip != "never_stops":
            written += [end] if slip == "keeps_the_end" else []
            break
        written.append(symbol)
    return written[1:] if slip == "drops_the_first" else written


# ---- 05.4 a wave in two units


def swing(rng: Rng) -> tuple[Array]:
    """A wave without noise: 30 numbers, of any height, beginning anywhere, with an angle of 0.3 to 1.2 a step."""
    return (rng.uniform(0.5, 2) * np.sin(rng.uniform(0.3, 1.2) * np.arange(30) + rng.uniform(0, 6)),)


def wave(x: Array, slip: str = "") -> Any:
    """The angle per step, and the matrix (2, 2) that turns (x_t, x_(t-1)) into (x_(t+1), x_t)."""
    double = (x[1:-1] @ (x[2:] + x[:-2])) / (x[1:-1] @ x[1:-1])  # 2 cos(w), by least squares
    w = float(np.arccos(double / 2))
    W_hh = np.array([[double, -1.0], [1.0, 0.0]])
    return {
        "without_the_two": (float(np.arccos(np.clip(double, -1, 1))), W_hh),
        "the_cosine": (double / 2, W_hh),
        "whole_turns": (w / (2 * np.pi), W_hh),
        "degrees": (float(np.degrees(w)), W_hh),
        "other_sign": (w, W_hh * [[1, -1], [1, 1]]),
        "transposed": (w, W_hh.T.copy()),
        "nothing_kept": (w, W_hh * [[1], [0]]),
        "half_the_weight": (w, np.array([[double / 2, -1.0], [1.0, 0.0]])),
    }.get(slip, (w, W_hh))


# ---- 05.5 one step of beam search


def beam_step(rng: Rng) -> tuple[Array, Array, int]:
    """totals (3,) so far, gains (3, 5) log probabilities of the next symbol, width 3."""
    while True:
        totals, gains = -rng.uniform(0.5, 3, size=3), log_softmax(2 * rng.normal(size=(3, 5)))
        slips = ("", "best_of_each", "forgets_the_past", "multiplies")
        everything = [extend(totals, gains, 3, slip) for slip in slips]
        if len({str(np.round(result[2], 6)) + str(result[0]) for result in everything}) == len(everything):
            return totals, gains, 3


def extend(totals: Array, gains: Array, width: int, slip: str = "") -> Any:
    """The best continuations of all beginnings, as the library's beam keeps them."""
    sums = {
        "forgets_the_past": gains,
        "multiplies": totals[:, None] * gains,
        "along_the_symbols": gains + np.resize(totals, gains.shape[1]),
    }.get(slip, totals[:, None] + gains)
    places = np.arange(len(totals)) * gains.shape[1] + gains.argmax(axis=1)  # of each beginning its best
    if slip != "best_of_each":
        places = np.arange(sums.size)
    order = np.argsort((1 if slip == "worst_first" else -1) * sums.ravel()[places], kind="stable")[:width]
    parents, symbols = np.unravel_index(places[order], sums.shape)
    parents, symbols = (symbols, parents) if slip == "swapped" else (parents, symbols)
    return parents, symbols, sums.ravel()[places[order]]


# ---- 05.6 a temperature to order


def wish(rng: Rng) -> tuple[Array, float]:
    """Scores (6,), and the probability that the most likely symbol shall get; that needs a T far from 1."""
    while True:
        scores, wanted = 2 * rng.normal(size=6), float(rng.uniform(0.3, 0.9))
        if abs(softmax(scores).max() - wanted) > 0.1 and abs(softmax(scores, wanted).max() - wanted) > 0.1:
            return scores, wanted


def temperature_for(scores: Array, wanted: float, slip: str = "") -> float:
    """By halving: the hotter, the smaller the largest probability."""
    cold, hot = 1e-3, 1e3
    for _ in range(100):
        middle = float(np.sqrt(cold * hot))
        largest = softmax(scores, middle).max() - (0.01 if slip == "coarse" else 0)
        cold, hot = (middle, hot) if largest > wanted else (cold, middle)
    return {
        "negative": -hot,
        "inverse": 1 / hot,
        "the_wish": wanted,
        "rule_of_three": float(softmax(scores).max() / wanted),
    }.get(slip, hot)


def fits(T: Any, scores: Array, wanted: float, within: float = 1e-3) -> bool:
    """Whether the most likely symbol gets what was wanted, to a thousandth."""
    return float(T) > 0 and abs(float(softmax(scores, float(T)).max()) - wanted) < within


SIGNS_OF_TEMPERATURES = {
    "negative": lambda T, scores, wanted: float(T) <= 0,
    "inverse": lambda T, scores, wanted: fits(1 / float(T), scores, wanted),
    "the_wish": lambda T, scores, wanted: abs(float(T) - wanted) < 1e-9,
    "rule_of_three": lambda T, scores, wanted: abs(float(T) - float(softmax(scores).max()) / wanted) < 1e-9,
    "coarse": lambda T, scores, wanted: fits(T, scores, wanted, within=0.05),
}


EXERCISES = (
    posed("05.1", reads, inputs=targets),
    posed("05.2", of_the_library, sequence_loss, inputs=padded_scores),
    posed("05.3", of_the_model, write, inputs=decoder_that_ends),
    posed("05.4", wave, inputs=swing, parts=("w", "W_hh")),
    posed("05.5", extend, inputs=beam_step, parts=("parents", "symbols", "totals")),
    posed("05.6", temperature_for, None, SIGNS_OF_TEMPERATURES, inputs=wish, accepts=fits),
)
