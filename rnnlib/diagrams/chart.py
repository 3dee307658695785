"""Curves inside a picture: axes with a scale each, lines, bands, points, a cursor, labels.

Drawn with the same elements as all other pictures, so that they follow the theme and cost little. Axes know where a
value is; the functions give elements for a drawing or a page. Tones: the names of `FILLS`. The
numbers at the ticks have the class "tick": they are the scale, not values of a record.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Self

from ..checks import one_of
from ..look import palette
from ..look.scale import Scale, tick_label
from .boxes import Box
from .shapes import Element, coordinate, disc, group, line, path, rect, words

Ticks = Mapping[float, str] | Sequence[float] | None
Point = tuple[float, float]
FILLS = {"plus": "plus", "minus": "minus", "now": "accent", "ink": "fill-ink", "soft": "soft"}
FILLS |= {name: f"role-{name}" for name in (*palette.ROLES, *palette.KINDS.values())}
NEAR = 1e-6  # px within which a point still belongs to the field


class Axes(Box):
    """A field for curves: its upper left corner (x, y) and size in px, and a scale across and one upward."""

    across: Scale
    upward: Scale

    def __new__(cls, x: float, y: float, width: float, height: float, across: Scale, upward: Scale) -> Self:
        axes = super().__new__(cls, x, y, width, height)
        axes.across, axes.upward = across, upward
        return axes

    def px(self, value: float) -> float:
        """Where a value is across, in px; outside the range it is at the edge. ValueError for NaN."""
        return self.x + self.width * min(max(self.across.share(value), 0.0), 1.0)

    def py(self, value: float) -> float:
        """How far down a value is, in px; outside the range it is at the edge. ValueError for NaN."""
        return self.y + self.height * (1 - min(max(self.upward.share(value), 0.0), 1.0))

    def place(self, x: float, y: float) -> Point:
        """Where a point is, in px, also outside of the field."""
        return self.x + self.width * self.across.share(x), self.y + self.height * (1 - self.upward.share(y))

    def points(self, xs: Sequence[float], ys: Sequence[float]) -> Iterator[Point | None]:
        """Where points are, None for NaN."""
        for x, y in zip(xs, ys, strict=True):
            yield None if math.isnan(x) or math.isnan(y) else self.place(x, y)


def frame(
    axes: Axes, *, x_ticks: Ticks = None, y_ticks: Ticks = None, x_label: str = "", y_label: str = "", title: str = ""
) -> Iterator[Element]:
    """The line under the field, a light grid across it, ticks and labels.

    x_ticks, y_ticks: values, or value -> label; round values if None, none if empty. Ticks outside the range are left
    out. Room that it needs: 22 px below (44 with x_label), about 40 px on the left, 14 px above (34 with y_label,
    24 more with a title).
    """
    for value, text in _ticks(axes.upward, y_ticks).items():
        y = axes.py(value)
        yield line(axes.x, y, axes.right, y, "grid")
        yield words(text, axes.x - 8, y + 5, "end soft tick")
    yield line(axes.x, axes.bottom, axes.right, axes.bottom)
    for value, text in _ticks(axes.across, x_ticks).items():
        x = axes.px(value)
        yield line(x, axes.bottom, x, axes.bottom + 4)
        yield words(text, x, axes.bottom + 20, "mid soft tick")
    above = axes.y - (38 if y_label else 14)
    labels = ((x_label, axes.right, axes.bottom + 40, "end soft"), (y_label, axes.x, axes.y - 14, "soft"))
    yield from (words(*label) for label in (*labels, (title, axes.x, above, "big bold")) if label[0])


def _ticks(scale: Scale, given: Ticks) -> dict[float, str]:
    if given is None:
        return scale.ticks()
    named = dict(given) if isinstance(given, Mapping) else {value: tick_label(value) for value in given}
    return {value: text for value, text in named.items() if -1e-9 <= scale.share(value) <= 1 + 1e-9}


def curve(
    axes: Axes, xs: Sequence[float], ys: Sequence[float], tone: str = "ink", *, thick: bool = True, cls: str = ""
) -> Element:
    """A line through the points. It is cut where it leaves the field; NaN leaves a gap; infinity, and what is not
    above 0 on a log scale, is beyond the edge. ValueError for an unknown tone."""
    parts: list[str] = []
    at: Point | None = None  # where the pen is
    for last, here in pairwise(axes.points(xs, ys)):
        cut = _cut(axes, last, here) if last and here else None
        if cut:
            start, end = ((coordinate(x), coordinate(y)) for x, y in cut)
            parts.append(("" if start == at else f"M{start[0]} {start[1]}") + f"L{end[0]} {end[1]}")
            at = end
    one_of("tone", tone, FILLS)
    return path("".join(parts), f"curve {'thick ' if thick else ''}stroke-{tone} {cls}".rstrip())


def _cut(axes: Axes, start: Point, end: Point) -> tuple[Point, Point] | None:
    """The part of a line that is inside the field (Liang and Barsky 1984), or None."""
    (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for step, room in ((-dx, x - axes.x), (dx, axes.right - x), (-dy, y - axes.y), (dy, axes.bottom - y)):
        if step == 0 and room < 0:
            return None
        if step < 0:
            first = max(first, room / step)
        elif step > 0:
            last = min(last, room / step)
    return None if first > last else ((x + first * dx, y + first * dy), (x + last * dx, y + last * dy))


def band(axes: Axes, xs: Sequence[float], low: Sequence[float], high: Sequence[float], tone: str = "ink") -> Element:
    """The room between two curves, pale; values outside the range are at the edge. ValueError for NaN."""
    upper, lower = ([(axes.px(x), axes.py(y)) for x, y in zip(xs, ys, strict=True)] for ys in (high, low))
    corners = [f"{coordinate(x)} {coordinate(y)}" for x, y in [*upper, *reversed(lower)]]
    return path(f"M{'L'.join(corners)}Z" if corners else "", f"band {FILLS[one_of('tone', tone, FILLS)]}")


def points(
    axes: Axes, xs: Sequence[float], ys: Sequence[float], tone: str = "ink", *, radius: float = 3.5
) -> Iterator[Element]:
    """A dot for each point; what is NaN or outside the field has none."""
    one_of("tone", tone, FILLS)
    for point in filter(None, axes.points(xs, ys)):
        across, down = point[0] - axes.x, point[1] - axes.y
        if -NEAR <= across <= axes.width + NEAR and -NEAR <= down <= axes.height + NEAR:
            yield disc(*point, radius, f"dot {FILLS[tone]}")


def cursor(axes: Axes, x: float) -> Element:
    """A line from top to bottom at a value."""
    return group("cursor", line(axes.px(x), axes.y, axes.px(x), axes.bottom, "now"))


def ahead(axes: Axes, start: float, end: float, y_ticks: Ticks = None) -> Iterator[Element]:
    """The field from one place across to another (in px) without its curves: they have not come so far."""
    if end > start:
        yield rect(start, axes.y - 6, end - start, axes.height + 6, "surface")
        yield from (line(start, axes.py(y), end, axes.py(y), "grid") for y in _ticks(axes.upward, y_ticks))
        yield line(start, axes.bottom, end, axes.bottom)


def level(axes: Axes, y: float, label: str = "") -> Element:
    """A broken line across the field at a value, with its name at the right end over it: chance, a threshold."""
    down = axes.py(y)
    name = [words(label, axes.right - 4, down - 6, "end soft")] if label else []
    return group("level", line(axes.x, down, axes.right, down, "flow broken"), *name)


def end_label(axes: Axes, text: str, x: float, y: float, tone: str = "ink", *, shift: float = 0) -> Element:
    """What a curve is called, to the right of its end (x, y). shift: px down, where labels would meet; see
    `apart`."""
    return words(text, axes.px(x) + 9, axes.py(y) + 5 + shift, f"bold {FILLS[one_of('tone', tone, FILLS)]}")


def apart(places: Sequence[float], gap: float = 18) -> list[float]:
    """How far each label has to go down (or up, if negative) so that two are never nearer than `gap` px."""
    order = sorted(range(len(places)), key=lambda k: places[k])
    goal = {k: places[k] for k in order}
    for _ in range(100 * len(order)):  # two that meet give way by half each, until none do
        close = [(a, b) for a, b in pairwise(order) if goal[b] - goal[a] < gap - 0.01]
        if not close:
            break
        for a, b in close:
            short = (gap - (goal[b] - goal[a])) / 2
            goal[a], goal[b] = goal[a] - short, goal[b] + short
    return [coordinate(goal[k] - places[k]) for k in range(len(places))]
