"""The memory race: RNN, LSTM and GRU of nearly the same size on the recall task, from short lags to long ones.

`race` trains one network and asks it; `stored_race` gives the runs that come with the book, made by
`python -m tools.make_runs`. Chapter 06.

The rules are the same for all. A network for the lag L sees sequences with lags from 1 to L, mixed (with L alone none
of the three learns a lag of 100 in this budget: nothing short is there to begin with). It trains for at most
`Budget.epochs`, or until it answers `SOLVED` of 256 sequences of lag L that it does not train on. Then it is asked 500
others at each lag of `ASKED`, also at lags longer than any that it has seen.

The learning rate is one for all. With half and with twice of it, the plain network fails at lag 30 as well: medians of
5 seeds 0.81 and 0.58, in place of 0.79. What counts is the median; single seeds do learn it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..cells import GRUCell, LSTMCell, RNNCell
from ..data import recall, recall_words
from ..data.stored import run_file
from ..functions import FloatArray
from ..layers import Dense, Recurrent
from ..models import ManyToOne
from ..parameters import as_size
from ..training import Adam, Run, fit

__all__ = ["ASKED", "LAGS", "UNITS", "Budget", "Race", "Result", "race", "racer", "stored_race"]

CELLS = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
UNITS = {"RNN": 27, "LSTM": 12, "GRU": 14}  # so that all have nearly as many parameters
LAGS = (2, 5, 10, 20, 30, 50, 100, 200)
ASKED = (*LAGS, 400)
SYMBOLS = 10
CHECKED, QUESTIONS = 256, 500  # sequences: to see whether it is solved, and to measure
SOLVED = 0.995  # of the checked sequences: training ends
REMEMBERS = 0.95  # of the questions: a lag counts as remembered, in the median over seeds
FILE = Path(__file__).parent / "results" / "race.json"


@dataclass(frozen=True)
class Budget:
    """How long a network may learn: sequences an epoch, epochs, sequences an update, Adam's learning rate, the bound
    of the gradient's norm."""

    examples: int = 1024
    epochs: int = 30
    batch_size: int = 32
    learning_rate: float = 0.01
    clip_norm: float = 1.0


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
class Race:
    """All runs: the kinds, lags and seeds that took part, with their budget and sizes.

    `accuracy(kind, lag)` are the shares of right answers, one a seed, sorted; `remembers(kind)` the longest lag up to
    which a kind remembers, `fails(kind)` the first at which it does not: where the median over seeds is under 0.95.
    """

    results: tuple[Result, ...]
    parameters: dict[str, int]
    budget: Budget = field(default_factory=Budget)
    symbols: int = SYMBOLS

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(result.kind for result in self.results))

    @property
    def lags(self) -> tuple[int, ...]:
        return tuple(sorted({result.lag for result in self.results}))

    @property
    def asked(self) -> tuple[int, ...]:
        """The lags at which every network was asked."""
        return tuple(sorted(set.intersection(*(set(result.accuracy) for result in self.results))))

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(sorted({result.seed for result in self.results}))

    @property
    def chance(self) -> float:
        """What guessing gives."""
        return 1 / self.symbols

    def runs(self, kind: str, lag: int) -> list[Result]:
        """The networks of this kind trained for this lag, in the order of their seeds. ValueError for none."""
        found = [result for result in self.results if (result.kind, result.lag) == (kind, lag)]
        if not found:
            raise ValueError(f"kind, lag: expected {', '.join(self.kinds)} and one of {self.lags}, got {kind!r}, {lag}")
        return sorted(found, key=lambda result: result.seed)

    def accuracy(self, kind: str, lag: int, asked: int | None = None) -> FloatArray:
        """Shares of right answers of the networks trained for `lag`, asked at that lag or another; sorted."""
        return np.sort([result.accuracy[lag if asked is None else asked] for result in self.runs(kind, lag)])

    def median(self, kind: str, lag: int, asked: int | None = None) -> float:
        return float(np.median(self.accuracy(kind, lag, asked)))

    def fails(self, kind: str) -> int | None:
        """The first lag at which the kind's median is under 0.95; None where there is none."""
        return next((lag for lag in self.lags if self.median(kind, lag) < REMEMBERS), None)

    def remembers(self, kind: str) -> int | None:
        """The longest lag before the first failure; None where the first lag is one."""
        fails = self.fails(kind)
        return max((lag for lag in self.lags if fails is None or lag < fails), default=None)


def racer(kind: str, seed: int = 0) -> ManyToOne:
    """A network for the race, untrained: a cell of that kind over time, one output a digit. ValueError for another
    kind."""
    if kind not in CELLS:
        raise ValueError(f"kind: expected one of {', '.join(CELLS)}, got {kind!r}")
    rng = np.random.default_rng([seed, 1])
    inputs = len(recall_words(SYMBOLS))
    body = Recurrent(CELLS[kind](inputs, UNITS[kind], rng=rng))
    return ManyToOne(body, Dense(UNITS[kind], SYMBOLS, rng=rng))


def race(
    kind: str,
    lag: int,
    seed: int = 0,
    *,
    budget: Budget | None = None,
    asked: Iterable[int] = ASKED,
    after: Callable[[Run], None] | None = None,
) -> Result:
    """Train one network for a lag, and ask it at that lag and at others.

    kind: "RNN", "LSTM" or "GRU". lag: at least 1. budget: as stored runs have it, if None. after: called with a `Run`
    after each epoch; it may set `stop`. The same arguments give the same result. ValueError for another kind or lag.
    """
    budget = budget or Budget()
    as_size("lag", lag)
    model = racer(kind, seed)
    rng = np.random.default_rng([seed, lag])
    x, y, lengths = recall(lag, budget.examples, rng=rng, shortest=1)
    history = fit(
        model,
        x,
        y,
        lengths,
        epochs=budget.epochs,
        batch_size=budget.batch_size,
        optimizer=Adam(budget.learning_rate),
        clip_norm=budget.clip_norm,
        rng=rng,
        evaluate={"check": recall(lag, CHECKED, rng=rng)},
        callbacks=[_solved, *([after] if after else [])],
        progress=False,
    )
    answers = {at: _asked(model, at) for at in sorted({*asked, lag})}
    return Result(kind, lag, seed, history.epochs, answers, history.stopped)


def _solved(run: Run) -> None:
    if run.history.accuracies["check"][-1] >= SOLVED:
        run.stop = "solved"


def _asked(model: ManyToOne, lag: int) -> float:
    """The share of right answers to the questions of this lag, which are the same for every network."""
    batch = model.batch(*recall(lag, QUESTIONS, rng=np.random.default_rng([lag, 2024])))
    return model.evaluate(batch)[1]


# ---- the stored runs


@cache
def stored_race() -> Race:
    """The runs that come with the book: 3 kinds, 8 lags, 5 seeds. Chapter 06."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    asked = stored["asked"]
    results = [
        Result(kind, lag, seed, epochs, {at: n / stored["questions"] for at, n in zip(asked, right, strict=True)}, why)
        for kind, lag, seed, epochs, why, right in stored["runs"]
    ]
    return Race(tuple(results), stored["parameters"], Budget(**stored["budget"]), stored["symbols"])


def as_stored(results: Iterable[Result]) -> str:
    """Results as the text of the file: the rules that they ran by, then a line for each."""
    rules: dict[str, Any] = {
        "what": "The memory race, rnnlib.book.race: accuracy on the recall task. Made by `python -m tools.make_runs`.",
        "symbols": SYMBOLS,
        "questions": QUESTIONS,
        "budget": asdict(Budget()),
        "units": UNITS,
        "parameters": {kind: racer(kind).parameter_count for kind in CELLS},
        "asked": ASKED,
        "columns": "kind, lag, seed, epochs, why it ended, right answers at each lag asked",
    }
    runs = [
        [r.kind, r.lag, r.seed, r.epochs, r.stopped, [round(r.accuracy[at] * QUESTIONS) for at in ASKED]]
        for r in results
    ]
    return run_file(rules, runs)
