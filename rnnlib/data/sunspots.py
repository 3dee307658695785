"""Sunspots: one number a year for three centuries, a time series to forecast. Chapters 01 and 05."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .given import a_whole
from .stored import Examples, stored_rows

__all__ = ["Sunspots", "sunspots"]

CARD = """\
Sunspots, year by year
what     the mean sunspot number of each year: how many dark spots were seen on the sun, where a group counts as ten
         more. No unit, from 0 to 190.2. It rises and falls in about eleven years; no two cycles are alike
size     309 years, 1700 to 2008, one number each, none missing
from     U.S. National Oceanic and Atmospheric Administration (NOAA), National Geophysical Data Center, as shipped with
         statsmodels 0.15.0 (statsmodels/datasets/sunspots)
licence  public domain (work of the U.S. government)
made     python -m tools.make_data: the numbers as they are, as a table of tabs
split    windows(): a window is for training if the year to be forecast is before 1950, else for the test
limits   before 1750 few observers, so the early numbers are rough. These are the numbers of the first version of the
         count; it was revised in 2015, so newer tables differ
"""


@dataclass(frozen=True)
class Sunspots:
    """years: (309,) whole numbers, 1700..2008. numbers: (309,), the mean sunspot number of that year, no unit."""

    years: NDArray[np.intp]
    numbers: NDArray[np.float64]
    card: str = CARD

    def __repr__(self) -> str:
        return f"Sunspots({len(self.years)} years, {self.years[0]} to {self.years[-1]})"

    def windows(self, steps: int, *, until: int = 1950, scale: float = 100.0) -> tuple[Examples, Examples]:
        """The series as examples: `steps` years in a row, and the number of the year that follows. (train, test)

        x (steps, B, 1) and y (B, 1), both divided by `scale`, so that most lie between 0 and 2: multiply an answer by
        `scale` to have sunspots again. Training windows forecast a year before `until`, test windows one from `until`
        on (what they read may be older: at forecast time that is known). ValueError where one of the two would have no
        window, or for a scale that is not positive. Chapter 05.
        """
        first = int(self.years[0])
        a_whole("steps", steps), a_whole("until", until)
        if not 1 <= steps < until - first or until > self.years[-1]:
            raise ValueError(
                f"steps, until: expected at least 1 step and a first test year from {first} + steps + 1 to "
                f"{self.years[-1]}, got steps={steps}, until={until}"
            )
        number = isinstance(scale, (int, float, np.integer, np.floating)) and not isinstance(scale, bool)
        if not number or not 0 < scale < float("inf"):
            raise ValueError(f"scale: expected a positive number, got {scale}")
        scaled = self.numbers / scale
        x = np.lib.stride_tricks.sliding_window_view(scaled[:-1], steps).T[:, :, None]  # (steps, B, 1)
        y = scaled[steps:, None]  # (B, 1)
        cut = until - first - steps
        return Examples(x[:, :cut].copy(), y[:cut].copy()), Examples(x[:, cut:].copy(), y[cut:].copy())


def sunspots() -> Sunspots:
    """Yearly sunspot numbers 1700 to 2008 (NOAA). `sunspots().card` says where they come from. Chapters 01 and 05.

    A file that was changed is a ValueError.
    """
    rows = stored_rows("sunspots.tsv")
    return Sunspots(np.array([int(year) for year, _ in rows]), np.array([float(number) for _, number in rows]))
