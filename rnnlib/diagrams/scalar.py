"""One scalar unit: the map from a state to the next one, with the way of the state over it, and its states over time.

Both views have one vertical axis: a state is at the same height in both. Chapter 02.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from .. import asked
from ..cells import Cell, RNNCell
from ..checks import as_flag
from ..look.lettering import clean, exact
from ..look.scale import Scale
from .chart import Axes, apart, curve, frame, points
from .pages import Pages, checked
from .scalar_run import Fixed, ScalarRun
from .scalar_words import alternative, caption, input_of, question, table, tips
from .shapes import Element, arrow, canvas, coordinate, formula, group, path, rect, words

__all__ = ["one_unit"]

TITLE = "What does one unit remember?"
WIDTH, HEIGHT = 860, 412
EDGE = 1.08  # of both axes of states
SAMPLES = np.linspace(-EDGE, EDGE, 91)  # of a curve
TICKS = {-1.0: "−1", 0.0: "0", 1.0: "1"}
MAP = Axes(52, 46, 284, 284, Scale(-EDGE, EDGE), Scale(-EDGE, EDGE))
LEFT, RIGHT = 456, 776  # of the states over time
STRIP, BAR = 384, 17  # of the inputs: the line, and the height of the largest
CURVES = 3  # different inputs, up to which each has its curve on every page


@dataclass(frozen=True)
class Look:
    """What is drawn. drawn: curves that are drawn more than once."""

    run: ScalarRun
    notation: str
    drawn: dict[tuple[float, str], Element] = field(default_factory=dict)

    @cached_property
    def time(self) -> Axes:
        """The states over time."""
        T = self.run.T
        return Axes(LEFT, MAP.y, RIGHT - LEFT, MAP.height, Scale(-0.03 * T, T), MAP.upward)

    @cached_property
    def inputs(self) -> list[float]:
        """The different inputs, in the order of reading."""
        return list(dict.fromkeys(self.run.x.tolist()))

    @cached_property
    def compared(self) -> bool:
        """Whether the run without input is another one."""
        return bool((self.run.h != self.run.silent).any())

    def curve(self, x: float, tone: str) -> Element:
        """The map for an input: thick in ink, thin in a softer tone."""
        if (x, tone) not in self.drawn:
            after = self.run.after(SAMPLES, x).tolist()
            self.drawn[x, tone] = curve(MAP, SAMPLES.tolist(), after, tone, thick=tone == "ink")
        return self.drawn[x, tone]

    def state(self, t: str) -> str:
        """The state's name, as markup."""
        return f"h_{{{t}}}" if self.notation == "h" else f"a^{{<{t}>}}"


@asked.asks(
    cell=asked.kind(Cell),
    x=asked.numbers(1, 2),
    h_0=asked.number,
    notation=asked.notation,
    ask=as_flag,
    title=asked.text,
)
def one_unit(
    cell: RNNCell, x: ArrayLike, h_0: float = 0.0, *, notation: str = "h", ask: bool = False, title: str = TITLE
) -> Pages:
    """A unit `h_t = tanh(w_x x_t + w_h h_(t-1) + b)` over T inputs, as T+1 pages: the map, and the states over time.

    cell: an `RNNCell(1, 1)`. x: the inputs (T,). h_0: the first state. notation: "h" as in the book, "a" as in the
    course. ask: whether the reader has to say first how it will go on. ValueError for another cell or notation, no
    steps or more than 100, a first state outside -1..1, a number that is not finite. Chapter 02.
    """
    look = Look(ScalarRun.of(cell, x, h_0), notation)
    run, steps = look.run, range(look.run.T + 1)
    drawing = canvas(WIDTH, HEIGHT, alternative(run))
    drawing.extend(_background(look))
    drawing.extend(group("page", *_page(look, t, ask), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(run, notation, t) for t in steps),
        tips=tuple(tips(run, notation, t) for t in steps),
        lines=(("step",),) * len(steps),
        table=table(run),
        title=clean(title),
        alt=alternative(run),
        marks=tuple(f"t = {t} / {run.T}" for t in steps),
        questions=(question(run, notation), *(None,) * run.T) if ask else (),
    )
    return checked(pages, cache(run.value))


# ---- what never changes


def _background(look: Look) -> Iterator[Element]:
    yield from frame(MAP, x_ticks=TICKS, y_ticks=TICKS)
    yield formula(look.state("t"), MAP.x - 6, 24, "end")
    inside = f"w_{{{look.notation}}} {look.state('t−1')} + w_{{x}} x_{{t}} + b"
    yield formula(f"= tanh( {inside} )", MAP.x, 24)
    yield formula(look.state("t−1"), MAP.right, MAP.bottom + 42, "end")
    yield curve(MAP, (-EDGE, EDGE), (-EDGE, EDGE), "soft", thick=False)
    if len(look.inputs) <= CURVES:
        yield from (look.curve(x, "soft") for x in look.inputs)
    yield from _legend(look)
    yield from _over_time(look)
    yield from _fixed(look)


def _named(look: Look, now: float | None) -> Iterator[Element]:
    """The inputs beside the right ends of their curves; that of the present curve is strong."""
    inputs = look.inputs if len(look.inputs) <= CURVES else [] if now is None else [now]
    ends = [MAP.py(float(look.run.after(np.array([EDGE]), x)[0])) for x in inputs]
    for x, end, shift in zip(inputs, ends, apart(ends), strict=True):
        yield words(f"x = {input_of(x)}", MAP.right + 9, end + 5 + shift, "bold" if x == now else "soft")


def _legend(look: Look) -> Iterator[Element]:
    """What the dots on the diagonal mean, where there are any."""
    at = MAP.x
    for fixed, text in ((Fixed(0, 0), "pulls states to it"), (Fixed(0, 2), "pushes states away")):
        if any(one.pulls == fixed.pulls for one in look.run.fixed):
            yield _dot(at + 6, MAP.bottom + 62, fixed)
            yield words(text, at + 18, MAP.bottom + 67, "soft")
            at += 146


def _dot(x: float, y: float, fixed: Fixed) -> Element:
    return rect(x - 5, y - 5, 10, 10, "fill-ink" if fixed.pulls else "surface mark", 5)


def _fixed(look: Look) -> Iterator[Element]:
    """The states that the map keeps: dots on the diagonal, their level over time, and their values."""
    run = look.run
    heights = [MAP.py(fixed.h) for fixed in run.fixed]
    for k, (fixed, y, shift) in enumerate(zip(run.fixed, heights, apart(heights), strict=True)):
        text = words(exact(fixed.h), RIGHT + 12, y + 5 + shift, "soft", data_n=f"fixed/{k}")
        line = path(f"M{LEFT} {coordinate(y)}H{RIGHT}", "flow broken")
        yield group("fixed", _dot(MAP.px(fixed.h), y, fixed), line, text, data_tip=f"fixed/{k + 1}")


def _over_time(look: Look) -> Iterator[Element]:
    axes, run = look.time, look.run
    steps = list(range(run.T + 1))
    ticks = {float(t): str(t) for t in steps} if run.T <= 14 else None
    yield from frame(axes, x_ticks=ticks, y_ticks=TICKS)
    if look.compared:
        yield curve(axes, steps, run.silent.tolist(), "soft", thick=False, cls="broken")
        yield path(f"M{RIGHT - 150} 19h22", "curve stroke-soft broken")
        yield words("without the input", RIGHT - 122, 24, "soft")
    yield curve(axes, steps, run.h.tolist(), "ink")
    for t in steps:
        yield group("", *points(axes, [t], [float(run.h[t])]), data_tip="step", data_at=str(t))
    yield path(f"M{LEFT} {STRIP}H{RIGHT}", "flow")
    yield words("input", LEFT - 12, STRIP + 5, "end soft")
    yield words("step t", RIGHT + 20, axes.bottom + 20, "soft")
    yield from (_bar(look, t, "soft") for t in steps[1:])


def _bar(look: Look, t: int, cls: str) -> Element:
    x, largest = float(look.run.x[t - 1]), float(np.abs(look.run.x).max()) or 1.0
    height, width = max(abs(x) / largest * BAR, 1.2), min(14.0, look.time.width / look.run.T * 0.6)
    return rect(look.time.px(t) - width / 2, STRIP - (height if x >= 0 else 0), width, height, cls)


# ---- what is different on each page


def _page(look: Look, t: int, ask: bool) -> Iterator[Element]:
    run, axes = look.run, look.time
    now = run.x[t - 1] if t else run.held
    if now is not None:
        yield look.curve(float(now), "ink")
    yield from _named(look, now)
    yield from _way(look, t)
    if t < run.T:
        edge = axes.px(t) + 6
        yield rect(edge, axes.y - 6, RIGHT + 5 - edge, axes.height + 4, "veil")
        yield rect(edge, STRIP - BAR - 2, RIGHT + 9 - edge, 2 * BAR + 4, "veil")
    if t == 0 and ask:
        yield rect(LEFT, axes.y - 12, WIDTH - LEFT, axes.height + 11, "cover surface")
        yield words("?", (LEFT + RIGHT) / 2, (axes.y + axes.bottom) / 2, "cover mid bold big")
    h = float(run.h[t])
    for start, end in ((MAP.px(run.h[t - 1] if t else h), MAP.right), (LEFT, axes.px(t))):
        yield _line((start, MAP.py(h)), (end, MAP.py(h)), "curve stroke-now broken")
    yield rect(axes.px(t) - 6, axes.py(h) - 6, 12, 12, "nowsoft now", 6)
    yield formula(f"{look.state(str(t))} =", LEFT, 24)
    yield words(exact(h), LEFT + 48, 24, "big bold accent", data_n=f"h/{t}")
    if t and look.compared:
        yield words(exact(run.silent[t]), RIGHT + 12, 24, "soft", data_n=f"silent/{t}")
    if t:
        yield _bar(look, t, "accent")
        yield words(input_of(run.x[t - 1]), RIGHT + 12, STRIP + 5, "bold accent", data_n=f"x/{t}")


def _way(look: Look, t: int) -> Iterator[Element]:
    """From the diagonal up or down to the curve, and across to the diagonal: that is one step."""
    h = look.run.h
    corners = [(h[0], h[0])]
    for before, after in pairwise(h[: max(t, 1)]):
        corners += [(before, after), (after, after)]
    yield curve(MAP, *_columns(corners), "now", thick=False)
    last = MAP.px(corners[-1][0]), MAP.py(corners[-1][1])
    if t:
        across, down = MAP.px(h[t]), MAP.py(h[t])
        yield _line(last, (last[0], down), "now")
        yield _line((last[0], down), (across, down), "now")
    else:
        yield rect(last[0] - 6, last[1] - 6, 12, 12, "nowsoft now", 6)


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]


def _line(start: tuple[float, float], end: tuple[float, float], cls: str) -> Element:
    """An arrow if it acts and is long enough for its head, else a line."""
    length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    if cls == "now" and length > 14:
        return arrow(*start, *end, "now", 9)
    return path("M{} {}L{} {}".format(*(coordinate(c) for c in (*start, *end))), cls)
