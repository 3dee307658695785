"""One gate after the other: what the cell state alone can do, and what each gate adds. Chapter 06.

An LSTM whose gates are all held at 1 is a bare road, `c_t = c_(t-1) + g_t`. Each rung of the ladder sets one more gate
free; what is held neither reads nor learns. `climb` trains one network on the memo task (`rnnlib.data.memo`: write,
keep, say when asked), `far` one on the recall task by the rules of the memory race; `stored_ladder` and `stored_road`
give the runs that come with the book, made by `python -m tools.make_runs ladder road`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ..cells import Cell, LSTMCell, RNNCell, hold
from ..checks import as_size, one_of
from ..data import memo, recall_words
from ..functions import FloatArray
from ..layers import Dense, Recurrent
from ..models import ManyToMany, ManyToOne
from . import race
from .experiment import Experiment, Rules, Runs, as_rules

__all__ = ["FAR", "RULES", "RUNGS", "SIZES", "Climb", "Ladder", "climb", "far", "rung", "stored_ladder", "stored_road"]

RUNGS: dict[str, dict[str, float]] = {  # what is held, in the order in which the gates were found
    "road": {"i": 1, "f": 1, "o": 1},
    "input gate": {"f": 1, "o": 1},
    "output gate": {"f": 1},
    "forget gate": {},
    "without output gate": {"o": 1},
}
SIZES = {1: 3, 2: 5, 4: 9, 8: 17}  # units of a gated network -> of a plain one with nearly as many parameters
FAR = (30, 100, 200)  # lags of the recall task at which the road is tried
STEPS, LONG = 30, 300  # of a sequence: to learn from, and ten times as long
RULES = Rules(examples=512, questions=512, epochs=40)
EVERY = 4  # epochs from one number of the curve to the next


@dataclass(frozen=True)
class Climb:
    """One network on the memo task: the share of the answers that it explains after every fourth epoch (1 - mean
    squared error / mean square: 1 is perfect, 0 is silence), and on sequences ten times as long (`longer`)."""

    kind: str
    units: int
    seed: int
    curve: tuple[float, ...]
    longer: float


@dataclass(frozen=True)
class Ladder(Runs[Climb]):
    """All runs. `runs(kind, units)` are the networks of a kind and size."""

    def shares(self, kind: str, units: int) -> FloatArray:
        """What each network of this kind and size explains in the end; sorted."""
        return self.spread(lambda run: run.curve[-1], kind, units)

    def longer(self, kind: str, units: int) -> FloatArray:
        """What they explain of sequences ten times as long; sorted."""
        return self.spread(lambda run: run.longer, kind, units)


def rung(kind: str, inputs: int, units: int, *, rng: np.random.Generator) -> Cell:
    """The cell of a rung: "RNN", or an LSTM with the gates held that are not there yet. ValueError for another kind."""
    one_of("kind", kind, ("RNN", *RUNGS)), as_size("units", units)
    if kind == "RNN":
        return RNNCell(inputs, units, rng=rng)
    return hold(LSTMCell(inputs, units, rng=rng), **RUNGS[kind])


def climb(kind: str, units: int, seed: int = 0, *, rules: Rules = RULES) -> Climb:
    """Train one network on the memo task. units: of the gated kinds, one of `SIZES`; the plain network gets more, so
    that it has nearly as many parameters. The same arguments give the same result. ValueError for another kind or size.
    """
    one_of("kind", kind, ("RNN", *RUNGS)), one_of("units", units, SIZES), as_rules(rules)
    rng = np.random.default_rng([as_size("seed", seed, 0), 1])
    cell = rung(kind, 3, SIZES[units] if kind == "RNN" else units, rng=rng)
    model = ManyToMany(Recurrent(cell), Dense(cell.hidden, 1, rng=rng), loss="mean_squared_error")
    questions = memo(STEPS, rules.questions, rng=np.random.default_rng([STEPS, 2024]))
    rng = np.random.default_rng([seed, 2])
    history = rules.fit(model, *memo(STEPS, rules.examples, rng=rng), rng=rng, evaluate={"test": questions})
    curve = tuple(_explained(loss, questions.y) for loss in history.losses["test"][EVERY - 1 :: EVERY])
    long = memo(LONG, 100, rng=np.random.default_rng([LONG, 2024]))
    return Climb(kind, units, seed, curve, _explained(model.evaluate(model.batch(*long))[0], long.y))


def _explained(loss: float, y: FloatArray) -> float:
    return 1 - loss / float((y**2).mean())


def far(kind: str, lag: int, seed: int = 0, *, units: int = 12, rules: Rules = race.RULES) -> race.Result:
    """Train one network on the recall task, by the rules of the memory race. The same arguments give the same result.
    ValueError for another kind or lag."""
    as_size("lag", lag), as_size("units", units), as_rules(rules)
    rng = np.random.default_rng([as_size("seed", seed, 0), 1])
    cell = rung(kind, len(recall_words(race.SYMBOLS)), units, rng=rng)
    model = ManyToOne(Recurrent(cell), Dense(units, race.SYMBOLS, rng=rng))
    return race.entered(model, kind, lag, seed, rules=rules)


SETTINGS = tuple((kind, units) for kind in ("RNN", *RUNGS) for units in SIZES)
EXPERIMENT = Experiment("ladder", climb, Ladder, Climb, SETTINGS, RULES)
ROAD = Experiment("road", far, race.Race, race.Result, tuple(("road", lag) for lag in FAR), race.RULES)


@cache
def stored_ladder() -> Ladder:
    """The runs that come with the book: the plain network, four rungs and one without its output gate, 4 sizes, 5
    seeds. Chapter 06."""
    return EXPERIMENT.stored()


@cache
def stored_road() -> race.Race:
    """The bare road on the recall task, each network asked at its own lag: 3 lags, 5 seeds. Chapter 06."""
    return ROAD.stored()
