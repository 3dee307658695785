"""Where a value is on an axis: linear, log, symlog; and which round values are named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from .lettering import MINUS

FAR = 1e4  # as many axes away is far enough for what has no place on the scale
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """From a value to a share of the axis, 0 at `low` and 1 at `high`.

    kind: "linear"; "log" (low > 0); "symlog", sign(v) log10(1 + |v| / within): nearly linear for |v| < within, and
    logarithmic beyond. ValueError for another kind, a range that is empty or not finite, within <= 0.
    """

    low: float
    high: float
    kind: str = "linear"
    within: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in ("linear", "log", "symlog"):
            raise ValueError(f'scale: expected "linear", "log" or "symlog", got {self.kind!r}')
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"range: expected two finite numbers, the lower first, got {self.low}, {self.high}")
        if self.kind == "log" and self.low <= 0:
            raise ValueError(f"range: expected more than 0 on a log scale, got {self.low}")
        if not (math.isfinite(self.within) and self.within > 0):
            raise ValueError(f"within: expected a number above 0, got {self.within}")

    def share(self, value: float) -> float:
        """Where the value is: below 0 or above 1 if outside the range. ValueError for NaN."""
        if math.isnan(value):
            raise ValueError("value: expected a number, got NaN")
        if math.isinf(value) or (self.kind == "log" and value <= 0):
            return FAR if value > 0 else -FAR
        low, high = self._ends
        return min(max((self._bent(value) - low) / (high - low), -FAR), FAR)

    @cached_property
    def _ends(self) -> tuple[float, float]:
        return self._bent(self.low), self._bent(self.high)

    def _bent(self, value: float) -> float:
        if self.kind == "linear":
            return float(value)
        if self.kind == "log":
            return math.log10(value)
        return math.copysign(math.log10(1 + abs(value) / self.within), value)

    def ticks(self, most: int = 6) -> dict[float, str]:
        """Round values within the range, at most `most` of them (and 0 on a symlog scale), with their labels."""
        found = self._steps(most) if self.kind == "linear" else self._powers(most)
        return {value: tick_label(value) for value in found if self.low <= value <= self.high}

    def _steps(self, most: int) -> list[float]:
        raw = (self.high - self.low) / max(most - 1, 1)
        unit = 10.0 ** math.floor(math.log10(raw))
        step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= raw * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [float(f"{k * step:.12g}") for k in range(first, last + 1)]

    def _powers(self, most: int) -> list[float]:
        """Powers of ten, as far apart as `most` asks for; on a symlog scale on both sides of 0."""
        sides = [(1, self.high)] if self.kind == "log" else [(-1, -self.low), (1, self.high)]
        least = self.low if self.kind == "log" else self.within
        powers = {side: _decades(least, far) for side, far in sides if far >= least}
        apart = -(-sum(map(len, powers.values())) // max(most, 1)) or 1
        found = [side * 10.0**k for side, decades in powers.items() for k in decades if k % apart == 0]
        return sorted([*found, *([] if self.kind == "log" else [0.0])])


def _decades(low: float, high: float) -> range:
    return range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)


def tick_label(value: float) -> str:
    """A round number, short: −0.5, 20, 10⁻⁶."""
    text = f"{value:g}"
    if "e" in text or (value and not 1e-3 <= abs(value) < 1e5):
        digits, exponent = f"{value:e}".split("e")
        factor = f"{float(digits):g}×".replace("-", MINUS)
        text = ("" if factor == "1×" else MINUS if factor == f"{MINUS}1×" else factor) + "10"
        return text + str(int(exponent)).translate(SUPERSCRIPTS)
    return text.replace("-", MINUS)
