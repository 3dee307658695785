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


# ---- 05.4 F1


def tagged(rng: Rng) -> tuple[Ints, Ints]:
    """guess, truth (40,) tags 0, 1, 2, with some of every sort of mistake and unequal precision and recall."""
    truth = np.concatenate([np.zeros(20, np.intp), np.repeat([1, 2], 10)])
    guess = truth.copy()
    guess[rng.choice(20, rng.integers(2, 5), replace=False)] = 1  # called a name, and is none
    guess[20 + rng.choice(8, rng.integers(5, 8), replace=False)] = 0  # a name that was not found
    guess[28:30], guess[38:40] = 2, 1  # a name of the wrong kind
    order = rng.permutation(40)
    return guess[order], truth[order]


def f1(guess: Ints, truth: Ints, slip: str = "") -> Any:
    """2 P R / (P + R), as `rnnlib.data.name_scores` has it."""
    alike = (guess > 0) == (truth > 0) if slip == "any_kind" else guess == truth
    hits, called, names = (alike & (truth > 0)).sum(), (guess > 0).sum(), (truth > 0).sum()
    precision, recall = hits / called, hits / names
    right = 2 * precision * recall / (precision + recall)
    return {
        "accuracy": alike.mean(),
        "plain_mean": (precision + recall) / 2,
        "precision_alone": precision,
        "recall_alone": recall,
        "others_are_hits": 2 * alike.sum() / (called + names),
        "half_of_it": right / 2,
    }.get(slip, right)


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
    posed("05.4", f1, inputs=tagged),
    posed("05.5", extend, inputs=beam_step, parts=("parents", "symbols", "totals")),
    posed("05.6", temperature_for, None, SIGNS_OF_TEMPERATURES, inputs=wish, accepts=fits),
)
