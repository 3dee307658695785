"""Where things stand in the picture of a wiring: columns of time, the shapes at the left, the weights below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..look.lettering import text_width
from .columns import Frame
from .forward import Forward

GUTTER, RIGHT, WIDE = 150, 16, 860  # px: the place of the shapes, the margin, and how wide a picture should be
CELL, PAD, MOST = 13, 5, 8  # of the units in a box; how many have a square of their own
OUT, NAME, PILL = 22, 24, 34  # heights: of the outputs' middle, of a unit's name, of a pill
GAP, STEEP = 40, 56  # the height of an arrow, and of one that leans
BLOCK, BLOCK_HEIGHT, TOTAL = 86, 66, 128  # of the weights, and the width of their sum, which stands before them


@dataclass(frozen=True)
class Plan:
    """The places for one run. rolled: one unit with its loop in place of a unit for each step."""

    run: Forward
    rolled: bool
    notation: str

    @property
    def units(self) -> int:
        """The number of hidden units."""
        return int(self.run.states.shape[1])

    @property
    def shown(self) -> int:
        """How many units have a square in a box."""
        return self.units if self.units <= MOST else MOST - 2

    @property
    def box_height(self) -> float:
        """Room for the squares, and for the shapes beside them."""
        squares = 2 * PAD + CELL * self.shown - 2 + (18 if self.shown < self.units else 0)
        return max(squares, 100 if "s" in self.run.shapes else 50)

    @cached_property
    def frame(self) -> Frame:
        """Where the columns stand."""
        count = len(self.run.columns)
        pitch = min(122.0, max(54.0, (WIDE - GUTTER - RIGHT) / count))
        gap = STEEP if self.rolled else GAP
        state = OUT + PILL / 2 + gap + self.box_height / 2
        below = state + self.box_height / 2 + NAME + gap + PILL / 2
        unit = 64.0 if self.rolled else min(pitch - 16, 64.0), float(self.box_height)
        return Frame(GUTTER + pitch / 2, pitch, OUT, state, below, unit, (min(pitch - 8, 66.0), PILL), NAME)

    @property
    def edge(self) -> float:
        """Where the columns end."""
        return self.frame.x(len(self.run.columns) - 0.5)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that have a unit, in the order of time."""
        return tuple(dict.fromkeys(column.part for column in self.run.columns[1:]))

    def unit_x(self, part: str) -> float:
        """The middle of the one unit of a part, when it is rolled up."""
        places = [c for c, column in enumerate(self.run.columns) if c and column.part == part]
        return sum(map(self.frame.x, places)) / len(places)

    # ---- the weights

    @property
    def strip(self) -> float:
        """The top of the weights."""
        return self.frame.input + PILL / 2 + 40

    @property
    def across(self) -> int:
        """How many blocks of weights stand side by side."""
        return max(1, int((max(self.edge + RIGHT, WIDE) - 12 - TOTAL) // BLOCK))

    def block(self, place: int) -> tuple[float, float]:
        """The left top corner of a block."""
        row, column = divmod(place, self.across)
        return TOTAL + column * BLOCK, self.strip + row * (BLOCK_HEIGHT + 26)

    def times(self, left: float) -> tuple[float, float]:
        """In a block, where "used" begins and where the number of uses ends."""
        number = text_width(f"{self.run.steps}")
        begin = left + (BLOCK - number - 54) / 2
        return begin, begin + 40 + number

    @property
    def width(self) -> float:
        """Of the picture."""
        return max(self.edge + RIGHT, TOTAL + min(len(self.run.params), self.across) * BLOCK + 12, 700)

    @property
    def height(self) -> float:
        """Of the picture."""
        return self.block(len(self.run.params) - 1)[1] + BLOCK_HEIGHT + 8
