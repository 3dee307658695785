"""Make rnnlib/data/race.json: the runs of the memory race (rnnlib.race), which chapter 06 shows.

Run from the folder of the project, `python -m tools.make_runs`: 3 kinds, 8 lags, seeds 0 to 4, one line a run. It takes
some minutes on one processor, most of them for the lags of 100 and 200. The same machine with the same NumPy gives the
same file; another may round differently, and training can make such a difference larger. tests/test_race.py repeats a
short part.
"""

from __future__ import annotations

import time
from pathlib import Path

from rnnlib.race import FILE, LAGS, UNITS, Result, as_stored, race

SEEDS = range(5)


def main(file: Path = FILE) -> None:
    """Train all, say what came out, and write the file."""
    results: list[Result] = []
    for kind in UNITS:
        for lag in LAGS:
            began = time.perf_counter()
            runs = [race(kind, lag, seed) for seed in SEEDS]
            took = time.perf_counter() - began
            shares = " ".join(f"{run.accuracy[lag]:.3f}/{run.epochs}" for run in runs)
            print(f"{kind:5}lag {lag:3}  {took:6.1f} s  accuracy/epochs {shares}", flush=True)
            results += runs
    file.write_text(as_stored(results), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
