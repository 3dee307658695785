"""The date readers: networks that read a date as people write it, and write it as 2024-03-05.

`rnnlib.data.dates` has the dates: 8 languages, 2 styles. A reader is an `EncoderDecoder`: one cell reads the text
letter by letter, a second one, started from the last state of the first, writes ten letters and the end symbol. Two
cells take part, of nearly the same size: GRU and the plain RNN. `reading` trains one and asks it dates of days that it
has not seen in any language; `stored_readings` and `stored_reader` give what comes with the book, made by
`python -m tools.make_runs datebook`. Chapter 05.

Each kind has its own learning rate. It is constant for half of the epochs and then falls to a fiftieth. For the plain
RNN the rate decides: at 0.0005 it learns some, at four times of that ("RNN, fast") next to nothing; both are stored.
Trials with seed 0 gave 0.14 of the dates at 0.001, 0.29 at 0.00025, none at 0.004.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..cells import GRUCell, RNNCell
from ..data import Dates, dates
from ..data.stored import run_file
from ..interop import load
from ..layers import Dense, Embedding, Recurrent, Stacked
from ..models import EncoderDecoder
from ..training import Adam, Run, Schedule, fit

__all__ = ["KINDS", "Reading", "Rules", "book", "reader", "reading", "right", "stored_reader", "stored_readings"]

KINDS = {"GRU": GRUCell, "RNN": RNNCell, "RNN, fast": RNNCell}
UNITS = {GRUCell: 80, RNNCell: 146}  # so that both have nearly as many parameters
RATES = {"GRU": 0.004, "RNN": 0.0005, "RNN, fast": 0.002}
LETTERS = 16  # numbers for each letter that is read
FILE = Path(__file__).parent / "results" / "datebook.json"
WEIGHTS = Path(__file__).parent / "results" / "datebook.npz"


@dataclass(frozen=True)
class Rules:
    """How a reader learns: dates to learn from, dates for the test, epochs, dates an update, Adam's learning rate for
    each kind, and the bound of the gradient's norm."""

    examples: int = 16000
    questions: int = 640
    epochs: int = 30
    batch_size: int = 32
    learning_rates: dict[str, float] = field(default_factory=RATES.copy)
    clip_norm: float = 1.0

    def rate(self, kind: str, epoch: int) -> float:
        """The learning rate of an epoch, from 1."""
        return self.learning_rates[kind] * min(1.0, max(0.02, 2 * (1 - epoch / self.epochs)))


@dataclass(frozen=True)
class Reading:
    """One network: its kind and seed, after each epoch its loss and the share of test dates that it writes without a
    mistake, and at the end the right ones of each language and style ("de long" -> how many)."""

    kind: str
    seed: int
    loss: tuple[float, ...]
    exact: tuple[float, ...]
    right: dict[str, int]


@cache
def book(examples: int = Rules.examples, questions: int = Rules.questions) -> Dates:
    """The dates that readers learn from and are asked; no day of the test is among those to learn from."""
    return dates(train=examples, test=questions)


def reader(kind: str = "GRU", seed: int = 0) -> EncoderDecoder:
    """A network of this kind before its training, in float32. ValueError for another kind."""
    if kind not in KINDS:
        raise ValueError(f"kind: expected one of {', '.join(KINDS)}, got {kind!r}")
    rng, cell, units = np.random.default_rng([seed, 1]), KINDS[kind], UNITS[KINDS[kind]]
    reading, writing = _symbols()
    letters = Embedding(reading, LETTERS, rng=rng, dtype=np.float32)
    encoder = Stacked([letters, Recurrent(cell(LETTERS, units, rng=rng, dtype=np.float32))])
    decoder = Recurrent(cell(writing, units, rng=rng, dtype=np.float32))
    output = Dense(units, writing, rng=rng, dtype=np.float32)
    return EncoderDecoder(encoder, decoder, output, end=writing - 1)


@cache
def _symbols() -> tuple[int, int]:
    """How many symbols are read, and how many are written."""
    few = dates(train=1, test=1)
    return len(few.reading), len(few.writing)


def right(model: EncoderDecoder, asked: Any) -> list[bool]:
    """For each of the dates, whether the model writes it, greedily, to the last letter."""
    written = model.predict(asked.x, asked.lengths, max_length=12)
    wanted = asked.y[:10].T.tolist()
    return [w.ended and list(w.symbols) == true for w, true in zip(written, wanted, strict=True)]


def reading(
    kind: str = "GRU",
    seed: int = 0,
    *,
    rules: Rules | None = None,
    after: Callable[[Run], None] | None = None,
) -> tuple[EncoderDecoder, Reading]:
    """Train one network and ask it. The same arguments give the same result.

    after: called with a `Run` after each epoch; it may set `stop`. ValueError for another kind.
    """
    rules = rules or Rules()
    model, pages = reader(kind, seed), book(rules.examples, rules.questions)
    exact: list[float] = []

    def look(run: Run) -> None:
        exact.append(sum(right(model, pages.test)) / len(pages.test))

    history = fit(
        model,
        *pages.train,
        epochs=rules.epochs,
        batch_size=rules.batch_size,
        bucket=True,
        optimizer=Adam(rules.rate(kind, 1)),
        clip_norm=rules.clip_norm,
        rng=np.random.default_rng([seed, 2]),
        callbacks=[Schedule(lambda epoch: rules.rate(kind, epoch)), look, *([after] if after else [])],
        progress=False,
    )
    return model, Reading(kind, seed, tuple(history.loss), tuple(exact), by_format(model, pages.test))


def by_format(model: EncoderDecoder, asked: Any) -> dict[str, int]:
    """How many dates of each language and style are right, "de long" -> 40."""
    counts: dict[str, int] = {}
    for language, style, good in zip(asked.languages, asked.styles, right(model, asked), strict=True):
        name = f"{language} {style}"
        counts[name] = counts.get(name, 0) + good
    return counts


# ---- the stored runs


@cache
def stored_readings() -> tuple[Reading, ...]:
    """The runs that come with the book: 3 kinds, 5 seeds. Chapter 05."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    formats = stored["formats"]
    return tuple(
        Reading(kind, seed, tuple(loss), tuple(exact), dict(zip(formats, counts, strict=True)))
        for kind, seed, loss, exact, counts in stored["runs"]
    )


def stored_reader() -> EncoderDecoder:
    """The GRU of seed 0 after its training, a new copy each time. Chapter 05."""
    model: EncoderDecoder = load(WEIGHTS)
    return model


def as_stored(readings: Iterable[Reading]) -> str:
    """Readings as the text of the file: the rules, then a line for each."""
    runs = list(readings)
    about: dict[str, Any] = {
        "what": "The date readers of rnnlib.book.datebook. Made by `python -m tools.make_runs datebook`.",
        "rules": asdict(Rules()),
        "units": {kind: UNITS[cell] for kind, cell in KINDS.items()},
        "parameters": {kind: reader(kind).parameter_count for kind in KINDS},
        "formats": list(runs[0].right),
        "columns": "kind, seed, loss of each epoch, share of test dates right after each, right ones of each format",
    }
    lines = [
        [
            run.kind,
            run.seed,
            [round(loss, 4) for loss in run.loss],
            [round(share, 4) for share in run.exact],
            list(run.right.values()),
        ]
        for run in runs
    ]
    return run_file(about, lines)
