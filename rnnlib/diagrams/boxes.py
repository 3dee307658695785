"""Places by their order, not by sums of px: boxes side by side, grids, and the arrows between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from .shapes import Element, arrow, coordinate, path

Sizes = Mapping[str, tuple[float, float]]
Gaps = float | Sequence[float]


class Box(NamedTuple):
    """A place: its upper left corner and its size, in px. `rect(*box, "panel")` draws it."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Across."""
        return self.x + self.width / 2

    @property
    def level(self) -> float:
        """The height of the middle."""
        return self.y + self.height / 2

    def inside(self, room: float) -> "Box":
        """Smaller by `room` on each side; larger where it is below 0."""
        return Box(self.x + room, self.y + room, self.width - 2 * room, self.height - 2 * room)

    def cells(self, rows: int, columns: int = 1, gap: float = 1) -> Iterator["Box"]:
        """A grid of equal boxes in it, row by row."""
        wide, high = (self.width + gap) / columns, (self.height + gap) / rows
        for place in range(rows * columns):
            row, column = divmod(place, columns)
            yield Box(self.x + column * wide, self.y + row * high, wide - gap, high - gap)


def hcat(sizes: Sizes, gaps: Gaps = 0, x: float = 0, y: float = 0, height: float | None = None) -> dict[str, Box]:
    """Boxes of these sizes (width, height) side by side from (x, y) on, their middles at one level. gaps: between two,
    one for all or one for each. height: of the line; that of the highest if None."""
    high = max(size[1] for size in sizes.values()) if height is None else height
    between = [gaps] * len(sizes) if isinstance(gaps, int | float) else gaps
    starts = accumulate((w + gap for (w, _), gap in zip(sizes.values(), between, strict=False)), initial=x)
    return {name: Box(at, y + (high - h) / 2, w, h) for (name, (w, h)), at in zip(sizes.items(), starts, strict=False)}


def empty(boxes: Iterable[Box], r: float = 3) -> Iterator[Element]:
    """Outlines with nothing in them, over what stands there: what lies ahead. One element for all; none for none. r: of
    their corners."""
    corners = f"q{r} 0 {r} {r}", f"q0 {r} {-r} {r}", f"q{-r} 0 {-r} {-r}", f"q0 {-r} {r} {-r}"
    drawn = []
    for x, y, wide, high in boxes:
        across, down = coordinate(wide - 2 * r), coordinate(high - 2 * r)
        sides = zip((f"h{across}", f"v{down}", f"h{-across}", f"v{-down}"), corners, strict=True)
        drawn.append(f"M{coordinate(x + r)} {coordinate(y)}" + "".join(map("".join, sides)) + "z")
    if drawn:
        yield path("".join(drawn), "panel surface")


def link(start: Box, end: Box, cls: str = "flow", head: float = 7, off: float = 3, short: float = 4) -> Element:
    """The arrow from one box to the next: across where they stand side by side, else up or down, in the middle of what
    both have. off, short: px that it keeps from the first and from the second."""
    if start.right <= end.x or end.right <= start.x:
        level = (max(start.y, end.y) + min(start.bottom, end.bottom)) / 2
        right = start.right <= end.x
        ends = (start.right + off, end.x - short) if right else (start.x - off, end.right + short)
        return arrow(ends[0], level, ends[1], level, cls, head)
    x = (max(start.x, end.x) + min(start.right, end.right)) / 2
    ends = (start.bottom + off, end.y - short) if start.bottom <= end.y else (start.y - off, end.bottom + short)
    return arrow(x, ends[0], x, ends[1], cls, head)
