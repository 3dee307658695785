"""The date readers: networks that read a date as people write it, and write it as 2024-03-05.

`rnnlib.data.dates` has the dates: 8 languages, 2 styles. A reader is an `EncoderDecoder`: one cell reads the text
letter by letter, a second one, started from the last state of the first, writes ten letters and the end symbol. Two
cells take part, of nearly the same size: GRU and the plain RNN. `reading` trains one and asks it dates of days that it
has not seen in any language; `stored_readings` and `stored_reader` give what comes with the book, made by
`python -m tools.make_runs datebook reader`. Chapter 05.

Each kind has its own learning rate. It is constant for half of the epochs and then falls to a fiftieth. For the plain
RNN the rate decides: at 0.0005 it learns some, at four times of that ("RNN, fast") next to nothing; both are stored.
Trials with seed 0 gave 0.14 of the dates at 0.001, 0.29 at 0.00025, none at 0.004.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..cells import GRUCell, RNNCell
from ..checks import as_size, expect, one_of, shown
from ..data import Dates, dates
from ..interop import load
from ..layers import Dense, Embedding, Recurrent, Stacked
from ..models import EncoderDecoder
from ..training import Adam, Run, Schedule
from .experiment import FOLDER, Experiment, Rules, Runs, as_after, as_rules

__all__ = [
    "KINDS",
    "RULES",
    "Reading",
    "book",
    "rate",
    "reader",
    "reading",
    "right",
    "stored_reader",
    "stored_readings",
]

KINDS = {"GRU": GRUCell, "RNN": RNNCell, "RNN, fast": RNNCell}
UNITS = {GRUCell: 80, RNNCell: 146}  # so that both have nearly as many parameters
RATES = {"GRU": 1, "RNN": 1 / 8, "RNN, fast": 1 / 2}  # parts of the rules' learning rate
LETTERS = 16  # numbers for each letter that is read
RULES = Rules(examples=16000, questions=640, learning_rate=0.004)
WEIGHTS = FOLDER / "datebook.npz"


def rate(kind: str, epoch: int = 1, rules: Rules = RULES) -> float:
    """The learning rate of a kind in an epoch, from 1."""
    one_of("kind", kind, KINDS), as_size("epoch", epoch), as_rules(rules)
    return rules.learning_rate * RATES[kind] * min(1.0, max(0.02, 2 * (1 - epoch / rules.epochs)))


@dataclass(frozen=True)
class Reading:
    """One network: its kind and seed, after each epoch its loss and the share of test dates that it writes without a
    mistake, and at the end the right ones of each language and style ("de long" -> how many)."""

    kind: str
    seed: int
    loss: tuple[float, ...]
    exact: tuple[float, ...]
    right: dict[str, int]


def book(examples: int = RULES.examples, questions: int = RULES.questions) -> Dates:
    """The dates that readers learn from and are asked; no day of the test is among those to learn from."""
    return _book(as_size("examples", examples), as_size("questions", questions))


@cache
def _book(examples: int, questions: int) -> Dates:
    return dates(train=examples, test=questions)


def reader(kind: str = "GRU", seed: int = 0) -> EncoderDecoder:
    """A network of this kind before its training, in float32. ValueError for another kind."""
    one_of("kind", kind, KINDS), as_size("seed", seed, 0)
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
    expect(isinstance(model, EncoderDecoder), f"model: expected what `reader` gives, got {shown(model)}", TypeError)
    expect(hasattr(asked, "y_lengths"), f"asked: expected dates, such as book().test, got {shown(asked)}", TypeError)
    written = model.predict(asked.x, asked.lengths, max_length=12)
    wanted = asked.y[:10].T.tolist()
    return [w.ended and list(w.symbols) == true for w, true in zip(written, wanted, strict=True)]


def reading(
    kind: str = "GRU",
    seed: int = 0,
    *,
    rules: Rules = RULES,
    after: Callable[[Run], None] | None = None,
) -> tuple[EncoderDecoder, Reading]:
    """Train one network and ask it. The same arguments give the same result.

    after: called with a `Run` after each epoch; it may set `stop`. ValueError for another kind.
    """
    as_rules(rules), as_after(after)
    model, pages = reader(kind, seed), book(rules.examples, rules.questions)
    exact: list[float] = []

    def look(run: Run) -> None:
        exact.append(sum(right(model, pages.test)) / len(pages.test))

    history = rules.fit(
        model,
        *pages.train,
        bucket=True,
        optimizer=Adam(rate(kind, 1, rules)),
        rng=np.random.default_rng([seed, 2]),
        callbacks=[Schedule(lambda epoch: rate(kind, epoch, rules)), look, *([after] if after else [])],
    )
    return model, Reading(kind, seed, tuple(history.loss), tuple(exact), by_format(model, pages.test))


def by_format(model: EncoderDecoder, asked: Any) -> dict[str, int]:
    """How many dates of each language and style are right, "de long" -> 40."""
    counts: dict[str, int] = {}
    for language, style, good in zip(asked.languages, asked.styles, right(model, asked), strict=True):
        name = f"{language} {style}"
        counts[name] = counts.get(name, 0) + good
    return counts


def _run(kind: str, seed: int, **options: Any) -> Reading:
    return reading(kind, seed, **options)[1]


EXPERIMENT = Experiment("datebook", _run, Runs[Reading], Reading, tuple((kind,) for kind in KINDS), RULES, reader)


@cache
def stored_readings() -> Runs[Reading]:
    """The runs that come with the book: 3 kinds, 5 seeds. Chapter 05."""
    return EXPERIMENT.stored()


def stored_reader() -> EncoderDecoder:
    """The GRU of seed 0 after its training, a new copy each time. Chapter 05."""
    model: EncoderDecoder = load(WEIGHTS)
    return model
