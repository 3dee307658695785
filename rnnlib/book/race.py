"""The memory race: RNN, LSTM and GRU of nearly the same size on the recall task, from short lags to long ones.

`race` trains one network and asks it; `stored_race` gives the runs that come with the book, made by
`python -m tools.make_runs`. Chapter 06.

The rules are the same for all. A network for the lag L sees sequences with lags from 1 to L, mixed (with L alone none
of the three learns a lag of 100 in this budget: nothing short is there to begin with). It trains for at most
`RULES.epochs`, or until it answers `SOLVED` of 256 sequences of lag L that it does not train on. Then it is asked 500
others at each lag of `ASKED`, also at lags longer than any that it has seen.

The learning rate is one for all. With half and with twice of it, the plain network fails at lag 30 as well: medians of
5 seeds 0.81 and 0.58, in place of 0.79. What counts is the median; single seeds do learn it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..cells import GRUCell, LSTMCell, RNNCell
from ..checks import as_size, expect, one_of, shown
from ..data import recall, recall_words
from ..functions import FloatArray
from ..layers import Dense, Recurrent
from ..models import ManyToOne
from ..training import Run
from .experiment import Experiment, Rules, Runs, as_after, as_rules

__all__ = ["ASKED", "LAGS", "RULES", "UNITS", "Race", "Result", "entered", "race", "racer", "stored_race"]

CELLS = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
UNITS = {"RNN": 27, "LSTM": 12, "GRU": 14}  # so that all have nearly as many parameters
LAGS = (2, 5, 10, 20, 30, 50, 100, 200)
ASKED = (*LAGS, 400)
SYMBOLS = 10
CHECKED, SOLVED = 256, 0.995  # sequences to see whether it is solved; the share of them at which training ends
REMEMBERS = 0.95  # of the questions: a lag counts as remembered, in the median over seeds
RULES = Rules(examples=1024, questions=500)


@dataclass(frozen=True)
class Result:
    """One network: what it was trained for (kind, lag, seed), how many epochs that took, and the share of questions
    that it answered at each lag that it was asked (lag -> 0..1)."""

    kind: str
    lag: int
    seed: int
    epochs: int
    accuracy: dict[int, float]
    stopped: str = ""


@dataclass(frozen=True)
class Race(Runs[Result]):
    """All runs. `runs(kind, lag)` are the networks of a kind trained for a lag.

    `accuracy(kind, lag)` are the shares of right answers, one a seed, sorted; `remembers(kind)` the longest lag up to
    which a kind remembers, `fails(kind)` the first at which it does not: where the median over seeds is under 0.95.
    """

    rules: Rules = RULES

    @property
    def lags(self) -> tuple[int, ...]:
        return tuple(sorted(self.distinct("lag")))

    @property
    def asked(self) -> tuple[int, ...]:
        """The lags at which every network was asked."""
        return tuple(sorted(set.intersection(*(set(result.accuracy) for result in self.results))))

    @property
    def chance(self) -> float:
        """What guessing gives."""
        return 1 / SYMBOLS

    def accuracy(self, kind: str, lag: int, asked: int | None = None) -> FloatArray:
        """Shares of right answers of the networks trained for `lag`, asked at that lag or another; sorted."""

        def share(result: Result) -> float:
            return result.accuracy[one_of("asked", lag if asked is None else asked, result.accuracy)]

        return self.spread(share, kind, lag)

    def median(self, kind: str, lag: int, asked: int | None = None) -> float:
        return float(np.median(self.accuracy(kind, lag, asked)))

    def fails(self, kind: str) -> int | None:
        """The first lag at which the kind's median is under 0.95; None where there is none."""
        return next((lag for lag in self.lags if self.median(kind, lag) < REMEMBERS), None)

    def remembers(self, kind: str) -> int | None:
        """The longest lag before the first failure; None where the first lag is one."""
        fails = self.fails(kind)
        return max((lag for lag in self.lags if fails is None or lag < fails), default=None)

    @property
    def numbers(self) -> dict[str, Any]:
        """What a picture of it shows. chance; and for each kind by lag: the median, worst and best share, the
        parameters; for each seed what was right and how many epochs passed; the median at each lag that was asked."""
        found: dict[str, Any] = {"chance": [self.chance]}
        for kind in self.kinds:
            shares = {lag: self.accuracy(kind, lag) for lag in self.lags}  # sorted
            runs = {lag: self.runs(kind, lag) for lag in self.lags}
            found |= {
                f"median {kind}": {lag: self.median(kind, lag) for lag in self.lags},
                f"worst {kind}": {lag: s[0] for lag, s in shares.items()},
                f"best {kind}": {lag: s[-1] for lag, s in shares.items()},
                f"parameters {kind}": dict.fromkeys(self.lags, self.parameters[kind]),
                f"right {kind}": {lag: {run.seed: run.accuracy[lag] for run in some} for lag, some in runs.items()},
                f"passed {kind}": {lag: {run.seed: run.epochs for run in some} for lag, some in runs.items()},
                f"asked {kind}": {lag: {at: self.median(kind, lag, at) for at in self.asked} for lag in self.lags},
            }
        return found


def racer(kind: str, seed: int = 0) -> ManyToOne:
    """A network for the race, untrained: a cell of that kind over time, one output a digit. ValueError for another
    kind."""
    one_of("kind", kind, CELLS)
    rng = np.random.default_rng([as_size("seed", seed, 0), 1])
    inputs = len(recall_words(SYMBOLS))
    body = Recurrent(CELLS[kind](inputs, UNITS[kind], rng=rng))
    return ManyToOne(body, Dense(UNITS[kind], SYMBOLS, rng=rng))


def race(
    kind: str,
    lag: int,
    seed: int = 0,
    *,
    rules: Rules = RULES,
    asked: Iterable[int] = ASKED,
    after: Callable[[Run], None] | None = None,
) -> Result:
    """Train one network for a lag, and ask it at that lag and at others.

    kind: "RNN", "LSTM" or "GRU". lag: at least 1. rules: such as `RULES.but(epochs=3)`. after: called with a `Run`
    after each epoch; it may set `stop`. The same arguments give the same result. ValueError for another kind or lag.
    """
    return entered(racer(kind, seed), kind, lag, seed, rules=rules, asked=asked, after=after)


def entered(
    model: ManyToOne,
    kind: str,
    lag: int,
    seed: int,
    *,
    rules: Rules = RULES,
    asked: Iterable[int] = (),
    after: Callable[[Run], None] | None = None,
) -> Result:
    """What a network of one's own reaches by the rules of the race, under the name `kind`."""
    expect(isinstance(model, ManyToOne), f"model: expected a ManyToOne, got {shown(model)}", TypeError)
    expect(isinstance(kind, str), f"kind: expected a name, got {shown(kind)}", TypeError)
    as_size("lag", lag), as_size("seed", seed, 0), as_rules(rules), as_after(after)
    some = isinstance(asked, Iterable) and getattr(asked, "shape", None) != ()
    expect(some, f"asked: expected some lags, got {shown(asked)}", TypeError)
    asked = [as_size("asked", at) for at in asked]
    rng = np.random.default_rng([seed, lag])
    history = rules.fit(
        model,
        *recall(lag, rules.examples, rng=rng, shortest=1),
        rng=rng,
        evaluate={"check": recall(lag, CHECKED, rng=rng)},
        callbacks=[_solved, *([after] if after else [])],
    )
    answers = {at: _right(model, at, rules.questions) for at in sorted({*asked, lag})}
    return Result(kind, lag, seed, history.epochs, answers, history.stopped)


def _solved(run: Run) -> None:
    if run.history.accuracies["check"][-1] >= SOLVED:
        run.stop = "solved"


def _right(model: ManyToOne, lag: int, questions: int) -> float:
    """The share of right answers to the questions of this lag, which are the same for every network."""
    batch = model.batch(*recall(lag, questions, rng=np.random.default_rng([lag, 2024])))
    return model.evaluate(batch)[1]


SETTINGS = tuple((kind, lag) for kind in CELLS for lag in LAGS)
EXPERIMENT = Experiment("race", race, Race, Result, SETTINGS, RULES, racer)


@cache
def stored_race() -> Race:
    """The runs that come with the book: 3 kinds, 8 lags, 5 seeds. Chapter 06."""
    return EXPERIMENT.stored()
