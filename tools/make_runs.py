"""Make the stored runs: datebook.json and datebook.npz (chapter 05), race.json and ladder.json (chapter 06),
contest.json (chapter 07), all in rnnlib/book/results.

Run from the folder of the project, `python -m tools.make_runs` or, for one, `python -m tools.make_runs contest`.
The race is 3 kinds, 8 lags, seeds 0 to 4, the ladder 6 kinds, 4 sizes, seeds 0 to 4, the contest 9 kinds, seeds 0 to 4,
the date readers 3 kinds, seeds 0 to 4; one line a run. It takes half an hour on one processor, most of it for the dates
and for the lags of 100 and 200. The same machine with the same NumPy gives the same files; another may round
differently, and training can make such a difference larger. tests/test_race.py, tests/test_ladder.py,
tests/test_contest.py and tests/test_datebook.py repeat a short part.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from rnnlib import interop
from rnnlib.book import contest, datebook, ladder, race

SEEDS = range(5)


def make_race() -> None:
    """Train all, say what came out, and write the file."""
    results: list[race.Result] = []
    for kind in race.UNITS:
        for lag in race.LAGS:
            began = time.perf_counter()
            runs = [race.race(kind, lag, seed) for seed in SEEDS]
            took = time.perf_counter() - began
            shares = " ".join(f"{run.accuracy[lag]:.3f}/{run.epochs}" for run in runs)
            print(f"{kind:5}lag {lag:3}  {took:6.1f} s  accuracy/epochs {shares}", flush=True)
            results += runs
    race.FILE.write_text(race.as_stored(results), encoding="utf-8", newline="\n")


def make_contest() -> None:
    """Train all, say what came out, and write the file."""
    entries: list[contest.Entry] = []
    for kind in contest.KINDS:
        began = time.perf_counter()
        runs = [contest.contest(kind, seed) for seed in SEEDS]
        took = time.perf_counter() - began
        shares = "  ".join(" ".join(f"{share:.3f}" for share in run.accuracy.values()) for run in runs)
        print(f"{kind:12}{took:6.1f} s  {shares}", flush=True)
        entries += runs
    contest.FILE.write_text(contest.as_stored(entries), encoding="utf-8", newline="\n")


def make_ladder() -> None:
    """Train all, say what came out, and write the file."""
    climbs: list[ladder.Climb] = []
    for kind in ("RNN", *ladder.RUNGS):
        for units in ladder.SIZES:
            runs = [ladder.climb(kind, units, seed) for seed in SEEDS]
            shares = " ".join(f"{run.curve[-1]:.2f}/{run.longer:.2f}" for run in runs)
            print(f"{kind:20}{units} units  now/longer {shares}", flush=True)
            climbs += runs
    fars = [ladder.far("road", lag, seed) for lag in ladder.FAR for seed in SEEDS]
    print(" ".join(f"lag {run.lag}: {run.accuracy:.3f}/{run.epochs}" for run in fars), flush=True)
    ladder.FILE.write_text(ladder.as_stored(climbs, fars), encoding="utf-8", newline="\n")


def make_datebook() -> None:
    """Train all, say what came out, and write the file, and the weights of one reader."""
    readings: list[datebook.Reading] = []
    for kind in datebook.KINDS:
        for seed in SEEDS:
            model, run = datebook.reading(kind, seed)
            print(f"{kind:5}seed {seed}  loss {run.loss[-1]:.4f}  exact {run.exact[-1]:.4f}", flush=True)
            readings.append(run)
            if (kind, seed) == ("GRU", 0):
                interop.save(model, datebook.WEIGHTS)
    datebook.FILE.write_text(datebook.as_stored(readings), encoding="utf-8", newline="\n")


MAKERS = {"datebook": make_datebook, "race": make_race, "ladder": make_ladder, "contest": make_contest}


def main(names: Sequence[str]) -> None:
    """Make the named files, or all."""
    for name in names or MAKERS:
        MAKERS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
