"""Where things stand in the picture of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

LEFT, BOX, ROW, CELL, PAD = 78, 66, 21, 19, 5
SQUARE = 7  # of the units that have no room for a number
BAR, BAR_HEIGHT, TOP = 27, 12, 82  # where verdict bars and boxes begin
WORD = 34  # height of a word


@dataclass(frozen=True)
class Layout:
    """Where things are, in px. shown: the units with a number; rest: those with a colour only."""

    T: int
    shown: tuple[int, ...]
    rest: tuple[int, ...]
    output: int
    notation: str

    @cached_property
    def pitch(self) -> int:
        return int(min(122, max(102, 800 // (self.T + 1))))

    @property
    def squares(self) -> int:
        """How many small squares stand side by side."""
        return (BOX - 2 * PAD) // SQUARE

    @cached_property
    def box_height(self) -> float:
        rest_rows = -(-len(self.rest) // self.squares)
        return 2 * PAD + len(self.shown) * ROW - 2 + (6 + rest_rows * SQUARE if self.rest else 0)

    @cached_property
    def bottom(self) -> float:
        return TOP + self.box_height

    @property
    def word(self) -> float:
        """The top of the words."""
        return self.bottom + 56

    @property
    def width(self) -> float:
        return LEFT + BOX / 2 + self.T * self.pitch + max(84, self.pitch / 2 + 2)

    @property
    def height(self) -> float:
        return self.word + WORD + 4

    @property
    def pill(self) -> float:
        return min(self.pitch - 8, 108)

    @property
    def middle(self) -> float:
        return TOP + PAD + len(self.shown) * ROW / 2 - 1

    @property
    def letter(self) -> str:
        """The letter of the state."""
        return self.notation

    @property
    def weights(self) -> tuple[str, str, str]:
        """The indices of the three matrices: from state, from input, to output."""
        return ("aa", "ax", "ya") if self.notation == "a" else ("hh", "xh", "hy")

    def x(self, t: int) -> float:
        """The middle of column t."""
        return LEFT + BOX / 2 + t * self.pitch

    def row(self, place: int) -> float:
        """The top of the cell at that place in a box."""
        return TOP + PAD + place * ROW
