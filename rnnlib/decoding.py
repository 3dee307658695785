"""Writing one symbol after the other: greedy, sampled, and beam search. Chapters 05 and 09.

All of it knows a model only by `step(symbols, state) -> (logits, state)`: the scores (B, K) of the next symbol once
each of B sequences has read one more.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .checks import as_number, as_rng, as_size, expect
from .functions import FloatArray, IntArray, log_softmax
from .parameters import map_state

Step = Callable[[IntArray, Any], tuple[FloatArray, Any]]


class Written(NamedTuple):
    """A sequence that a model wrote: symbols (without the end symbol), the log probability of all of it (the end symbol
    included, if it came), and whether it ended by itself."""

    symbols: tuple[int, ...]
    log_probability: float
    ended: bool


def closed(symbols: IntArray, gains: FloatArray, end: int) -> Written:
    """What was written up to the first end symbol, (S,), and the sum of its log probabilities."""
    ends = np.flatnonzero(symbols == end)
    stop = int(ends[0]) if len(ends) else len(symbols)
    return Written(tuple(map(int, symbols[:stop])), float(gains[: stop + 1].sum()), bool(len(ends)))


def rows(state: Any, chosen: Any) -> Any:
    """The states of the chosen sequences."""
    return map_state(lambda array: array[chosen], state)


def write(
    step: Step, symbols: IntArray, state: Any, *, end: int, max_length: int, temperature: Any = None, rng: Any = None
) -> list[Written]:
    """Write on from the symbols (B,) that were read last: greedy, or sampled from `softmax(logits / temperature)`,
    as the largest of `logits / temperature` plus Gumbel noise.

    The log probabilities are the model's own (temperature 1). It stops when every sequence has met `end`, or after
    max_length. FloatingPointError where the scores are NaN: there is nothing to choose from.
    """
    as_size("max_length", max_length)
    expect((temperature is None) == (rng is None), "temperature, rng: expected both (sampling) or neither (greedy)")
    if temperature is not None:
        as_number("temperature", temperature), as_rng("rng", rng)
    ended, steps, gains = np.zeros(len(symbols), bool), [], []
    for _ in range(max_length):
        logits, state = step(symbols, state)
        nan = "the scores of the next symbol are NaN: the weights, or what was read, hold NaN"
        expect(not np.isnan(logits).any(), nan, FloatingPointError)
        noisy = logits if rng is None else logits / temperature + rng.gumbel(size=logits.shape)
        symbols = noisy.argmax(axis=1)
        steps.append(symbols)
        gains.append(np.take_along_axis(log_softmax(logits), symbols[:, None], axis=1)[:, 0])
        ended |= symbols == end
        if ended.all():
            break
    return [closed(*pair, end) for pair in zip(np.array(steps).T, np.array(gains).T, strict=True)]


def beam_search(
    step: Step, start: int, state: Any, *, end: int, max_length: int, width: int, length_penalty: float
) -> list[Written]:
    """The `width` best beginnings of one sequence at every step; the results, best first.

    They are sorted by `log_probability / length ** length_penalty` (end symbol counted).
    """
    as_size("max_length", max_length), as_size("width", width), as_number("length_penalty", length_penalty, zero=True)
    beginnings: list[tuple[int, ...]] = [()]
    scores, done = np.zeros(1), list[Written]()
    for _ in range(max_length):
        logits, state = step(np.array([b[-1] if b else start for b in beginnings]), state)
        totals = scores[:, None] + log_softmax(logits)
        best = np.argsort(-totals, axis=None, kind="stable")[: width - len(done)]
        parents, symbols = np.unravel_index(best, totals.shape)
        scores, ended = totals[parents, symbols], symbols == end
        done += [Written(beginnings[p], float(s), True) for p, s in zip(parents[ended], scores[ended], strict=True)]
        beginnings = [(*beginnings[p], int(k)) for p, k in zip(parents[~ended], symbols[~ended], strict=True)]
        scores, state = scores[~ended], rows(state, parents[~ended])
        if not beginnings:
            break
    done += [Written(b, float(s), False) for b, s in zip(beginnings, scores, strict=True)]
    return sorted(done, key=lambda w: -w.log_probability / (len(w.symbols) + w.ended) ** length_penalty)
