"""Make what is stored in rnnlib/book/results: datebook.json and, of the network that is named "reader", datebook.npz
(chapter 05); race.json, ladder.json and road.json (chapter 06); contest.json (chapter 07); tying.json
(chapter 09).

Run from the folder of the project, `python -m tools.make_runs` or, for some, `python -m tools.make_runs contest road`.
Every setting of an experiment is trained with the seeds 0 to 4; one line a run. It takes half an hour on one processor,
most of it for the dates and for the lags of 100 and 200. The same machine with the same NumPy gives the same files;
another may round differently, and training can make such a difference larger. tests/test_experiments.py and the tests
of each experiment repeat a short part.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from rnnlib import interop
from rnnlib.book import contest, datebook, ladder, race, tying
from rnnlib.book.experiment import SEEDS, Experiment

ALL = (datebook.EXPERIMENT, race.EXPERIMENT, ladder.EXPERIMENT, ladder.ROAD, contest.EXPERIMENT, tying.EXPERIMENT)
EXPERIMENTS: dict[str, Experiment[Any]] = {experiment.name: experiment for experiment in ALL}


def make(experiment: Experiment[Any]) -> None:
    """Train all, say what came out, and write the file."""
    results = []
    for setting in experiment.settings:
        for seed in SEEDS:
            began = time.perf_counter()
            results.append(experiment.run(*setting, seed))
            print(f"{time.perf_counter() - began:6.1f} s  {str(results[-1])[:100]}", flush=True)
    experiment.path.write_text(experiment.text(results), encoding="utf-8", newline="\n")


def make_reader() -> None:
    """Train the reader that comes with the book, and write its weights."""
    interop.save(datebook.reading("GRU", 0)[0], datebook.WEIGHTS)


def main(names: Sequence[str]) -> None:
    """Make the named files, or all."""
    for name in names or (*EXPERIMENTS, "reader"):
        make_reader() if name == "reader" else make(EXPERIMENTS[name])


if __name__ == "__main__":
    main(sys.argv[1:])
