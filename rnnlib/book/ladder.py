"""One gate after the other: what the cell state alone can do, and what each gate adds. Chapter 06.

An LSTM whose gates are all held at 1 is a bare road, `c_t = c_(t-1) + g_t`. Each rung of the ladder sets one more gate
free; what is held neither reads nor learns. `climb` trains one network on the memo task (`rnnlib.data.memo`: write,
keep, say when asked), `far` one on the recall task by the rules of the memory race; `stored_ladder` gives the runs that
come with the book, made by `python -m tools.make_runs ladder`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..cells import Cell, LSTMCell, RNNCell, hold
from ..data import memo, recall, recall_words
from ..data.stored import run_file
from ..functions import FloatArray
from ..layers import Dense, Recurrent
from ..models import ManyToMany, ManyToOne
from ..training import Adam, Run, fit
from .race import CHECKED, QUESTIONS, SOLVED, SYMBOLS, Budget

__all__ = ["FAR", "RUNGS", "SIZES", "Climb", "Far", "Ladder", "climb", "far", "rung", "stored_ladder"]

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
EXAMPLES, EPOCHS, EVERY = 512, 40, 4  # sequences, epochs, and how often the curve is written down
FILE = Path(__file__).parent / "results" / "ladder.json"


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
class Far:
    """One network on the recall task: the share of questions answered at the lag that it was trained for."""

    kind: str
    lag: int
    seed: int
    epochs: int
    accuracy: float


@dataclass(frozen=True)
class Ladder:
    """All runs. `shares(kind, units)` are what the networks explain in the end, sorted; `far(kind, lag)` the shares of
    questions answered, sorted."""

    climbs: tuple[Climb, ...]
    fars: tuple[Far, ...]

    def runs(self, kind: str, units: int) -> list[Climb]:
        """The networks of this kind and size, in the order of their seeds. ValueError for none."""
        found = [run for run in self.climbs if (run.kind, run.units) == (kind, units)]
        if not found:
            raise ValueError(f"kind, units: expected RNN, {', '.join(RUNGS)} and one of {tuple(SIZES)}, got {kind!r}")
        return sorted(found, key=lambda run: run.seed)

    def shares(self, kind: str, units: int) -> FloatArray:
        """What each network of this kind and size explains in the end; sorted."""
        return np.sort([run.curve[-1] for run in self.runs(kind, units)])

    def longer(self, kind: str, units: int) -> FloatArray:
        """What they explain of sequences ten times as long; sorted."""
        return np.sort([run.longer for run in self.runs(kind, units)])

    def far(self, kind: str, lag: int) -> FloatArray:
        """The shares of questions that the networks trained for this lag answer; sorted. Empty for none."""
        return np.sort([run.accuracy for run in self.fars if (run.kind, run.lag) == (kind, lag)])


def rung(kind: str, inputs: int, units: int, *, rng: np.random.Generator) -> Cell:
    """The cell of a rung: "RNN", or an LSTM with the gates held that are not there yet. ValueError for another kind."""
    if kind not in ("RNN", *RUNGS):
        raise ValueError(f"kind: expected one of RNN, {', '.join(RUNGS)}, got {kind!r}")
    if kind == "RNN":
        return RNNCell(inputs, units, rng=rng)
    return hold(LSTMCell(inputs, units, rng=rng), **RUNGS[kind])


def climb(kind: str, units: int, seed: int = 0, *, epochs: int = EPOCHS) -> Climb:
    """Train one network on the memo task. units: of the gated kinds, one of `SIZES`; the plain network gets more, so
    that it has nearly as many parameters. The same arguments give the same result. ValueError for another kind or size.
    """
    if units not in SIZES:
        raise ValueError(f"units: expected one of {tuple(SIZES)}, got {units!r}")
    rng = np.random.default_rng([seed, 1])
    cell = rung(kind, 3, SIZES[units] if kind == "RNN" else units, rng=rng)
    model = ManyToMany(Recurrent(cell), Dense(cell.hidden, 1, rng=rng), loss="mean_squared_error")
    questions = memo(STEPS, EXAMPLES, rng=np.random.default_rng([STEPS, 2024]))
    rng = np.random.default_rng([seed, 2])
    history = fit(
        model,
        *memo(STEPS, EXAMPLES, rng=rng),
        epochs=epochs,
        batch_size=32,
        optimizer=Adam(0.01),
        clip_norm=1.0,
        rng=rng,
        evaluate={"test": questions},
        progress=False,
    )
    curve = tuple(_explained(loss, questions.y) for loss in history.losses["test"][EVERY - 1 :: EVERY])
    long = memo(LONG, 100, rng=np.random.default_rng([LONG, 2024]))
    return Climb(kind, units, seed, curve, _explained(model.evaluate(model.batch(*long))[0], long.y))


def _explained(loss: float, y: FloatArray) -> float:
    return 1 - loss / float((y**2).mean())


def far(kind: str, lag: int, seed: int = 0, *, units: int = 12, budget: Budget | None = None) -> Far:
    """Train one network on the recall task, by the rules of `race.race`. The same arguments give the same result."""
    budget = budget or Budget()
    rng = np.random.default_rng([seed, 1])
    cell = rung(kind, len(recall_words(SYMBOLS)), units, rng=rng)
    model = ManyToOne(Recurrent(cell), Dense(units, SYMBOLS, rng=rng))
    rng = np.random.default_rng([seed, lag])
    history = fit(
        model,
        *recall(lag, budget.examples, rng=rng, shortest=1),
        epochs=budget.epochs,
        batch_size=budget.batch_size,
        optimizer=Adam(budget.learning_rate),
        clip_norm=budget.clip_norm,
        rng=rng,
        evaluate={"check": recall(lag, CHECKED, rng=rng)},
        callbacks=[_solved],
        progress=False,
    )
    asked = recall(lag, QUESTIONS, rng=np.random.default_rng([lag, 2024]))
    return Far(kind, lag, seed, history.epochs, model.evaluate(model.batch(*asked))[1])


def _solved(run: Run) -> None:
    if run.history.accuracies["check"][-1] >= SOLVED:
        run.stop = "solved"


# ---- the stored runs


@cache
def stored_ladder() -> Ladder:
    """The runs that come with the book: the plain network, four rungs and one without its output gate, 4 sizes, 5
    seeds; and the bare road on the recall task. Chapter 06."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    rows = stored["runs"]
    climbs = [
        Climb(kind, at, seed, tuple(curve), longer) for kind, at, seed, curve, longer in rows if type(curve) is list
    ]
    fars = [Far(kind, at, seed, epochs, right) for kind, at, seed, epochs, right in rows if type(epochs) is int]
    return Ladder(tuple(climbs), tuple(fars))


def as_stored(climbs: Iterable[Climb], fars: Iterable[Far]) -> str:
    """Runs as the text of the file: the rules that they ran by, then a line for each."""
    rules: dict[str, Any] = {
        "what": "The ladder, rnnlib.book.ladder: one gate after the other. Made by `python -m tools.make_runs ladder`.",
        "memo": {"steps": STEPS, "longer": LONG, "examples": EXAMPLES, "epochs": EPOCHS, "every": EVERY},
        "columns": "kind, units, seed, share explained after every 4th epoch, on longer sequences",
        "columns of the recall runs": "kind, lag, seed, epochs, share of questions answered",
    }
    first = [[c.kind, c.units, c.seed, [round(s, 4) for s in c.curve], round(c.longer, 4)] for c in climbs]
    second = [[f.kind, f.lag, f.seed, f.epochs, round(f.accuracy, 4)] for f in fars]
    return run_file(rules, [*first, *second])
