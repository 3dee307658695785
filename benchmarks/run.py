"""All benchmarks: `python start.py bench`. Every ratio is of two things that took turns in one run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import browser, classroom, layers, sentiment


def main() -> None:
    sentiment.run()
    print()
    layers.linear_in_time()
    print()
    layers.table()
    print()
    browser.run()
    print()
    classroom.run()


if __name__ == "__main__":
    main()
