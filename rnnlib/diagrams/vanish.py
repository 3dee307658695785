"""How much of a gradient at the last step arrives at step t: the norm of dh_T/dh_t, and what tanh lets through.

Read from right to left, as the gradient flows. Chapter 04.
"""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..look.lettering import counted
from ..look.scale import SUPERSCRIPTS, Scale
from ..look.templates import Tip, of_picture
from ..views.vanishing import Vanishing
from .chart import Axes, ahead, apart, curve, frame, level, points
from .pages import Pages
from .shapes import Element, arrow, disc, formula, group, line, path, words
from .sheet import Ask, Sheet, Table, paged

DECADES = 12  # of the scale, up and down
TICKS = {10.0**k: f"10{str(k).translate(SUPERSCRIPTS)}" if k else "1" for k in range(-DECADES, DECADES + 1, 4)}
LEFT, RIGHT = 66, 432  # of both curves
READOUT, SIZE, SLOPE, ROWS, ROW = 466, 596, 684, 308, 21  # columns of the numbers at t, and their rows
X, Y, UNIT = 576, 134, 45.0  # of the eigenvalues: the middle, and px for 1
PLANE = {"radius": "spectral radius", "stretch": "largest singular value"}
VERDICTS = ("explodes", "neither vanishes nor explodes", "vanishes")


def verdict(left: float) -> int:
    """Of a gradient that began with size 1: which of the `VERDICTS`."""
    return 0 if left > 10 else 2 if left < 0.1 else 1


@asked.asks()
def vanish(run: Vanishing, *, ask: Ask = None, title: str = "") -> Pages:
    """The way of a gradient from the last state back to the first, as T+1 pages that are read backward.

    run: from `views.vanishing.vanishing`; its chosen network is drawn strongly. ask: page -> question; it covers the
    curves. Chapter 04.
    """
    return paged(Vanish(run), title, ask)


class Vanish(Sheet):
    WORDS = of_picture("vanish")
    backward = True
    width, height = 690, 356  # narrow enough for 768 px with a notebook around it

    def __init__(self, run: Vanishing) -> None:
        self.run, self.last, self.numbers, self.said = run, run.T, run.numbers, {"names": " and with ".join(run.names)}
        across = Scale(0, run.T)
        self.top = Axes(LEFT, 44, RIGHT - LEFT, 180, across, Scale(10.0**-DECADES, 10.0**DECADES, "log"))
        self.below = Axes(LEFT, 260, RIGHT - LEFT, 64, across, Scale(0, 1))
        # whose slopes are the same at every step, as without an activation
        self.steady = [name for name in run.names if np.ptp(self.numbers[f"slope {name}"][1:]) == 0]

    def form(self, name: str) -> str:
        return "size" if name.startswith("norm") else "share"

    def background(self) -> Iterator[Element]:
        ticks = {float(t): str(t) for t in range(self.last + 1)} if self.last < 6 else None
        yield from frame(self.top, x_ticks=(), y_ticks=TICKS)
        yield formula(f"dh_{{{self.last}}}/dh_{{t}}", LEFT, 24)
        yield words("its size, log scale", LEFT + 74, 24, "soft")
        yield words("back in time", RIGHT - 58, 24, "end soft")
        yield arrow(RIGHT - 4, 19, RIGHT - 50, 19)
        yield from frame(self.below, x_ticks=ticks, y_ticks=(0, 0.5, 1))
        yield words("mean slope of the activation", LEFT, 248)
        yield words("step t", LEFT - 10, self.below.bottom + 20, "end soft")
        yield level(self.top, 1.0)
        t = range(self.last + 1)
        for name in reversed(self.run.names):
            tone, thick = ("ink", True) if name == self.run.chosen else ("soft", False)
            norm, slopes = (self.numbers[f"{what} {name}"].tolist() for what in ("norm", "slope"))
            yield group("", curve(self.top, t, norm, tone, thick=thick), data_tip=f"norm/{name}")
            yield curve(self.below, t, slopes, tone, thick=thick)
            if self.last == 1:
                yield from points(self.below, t, slopes, tone)
        yield from self._names()
        yield from self._plane()
        yield words("size", SIZE, ROWS, "end soft")
        yield words("mean slope", SLOPE, ROWS, "end soft")
        for name, y, cls in self._rows():
            yield words(name, READOUT, y, cls)
            if name in self.steady:
                yield self.number(f"slope {name}/1", SLOPE, y, f"end {cls}")

    def _rows(self) -> Iterator[tuple[str, float, str]]:
        """Each network with the height of its numbers, and how they are written."""
        for place, name in enumerate(self.run.names, 1):
            yield name, ROWS + ROW * place, "bold" if name == self.run.chosen else "soft"

    def _names(self) -> Iterator[Element]:
        """What each curve is called, beside its left end: above a rising one, below a falling one."""
        ends = [float(self.numbers[f"norm {name}"][0]) for name in self.run.names]
        places = [self.top.py(end) + (22 if end < 1 else -10) for end in ends]
        places = [min(max(place, self.top.y + 14), self.top.bottom - 8) for place in places]
        for (name, _, cls), place, shift, end in zip(self._rows(), places, apart(places), ends, strict=True):
            beyond = "" if abs(np.log10(end or 1e-300)) <= DECADES else ", beyond the scale"
            yield words(name + beyond, LEFT + 10, place + shift, cls, data_tip=f"norm/{name}")

    def _plane(self) -> Iterator[Element]:
        """The eigenvalues of W_hh in the plane of complex numbers, with the circles of radius 1 and of the largest."""
        radius = self.value("radius/0") * UNIT
        yield formula("eigenvalues of W_{hh}", X - 96, 22)
        yield path(f"M{X - 100} {Y}H{X + 100}M{X} {Y - 100}V{Y + 100}", "grid")
        yield disc(X, Y, UNIT, "flow broken")
        yield words("1", X + UNIT + 5, Y - 6, "soft tick")
        if 0 < radius < 110:
            yield disc(X, Y, radius, "mark")
        yield from (disc(X + UNIT * v.real, Y - UNIT * v.imag, 3, "fill-ink") for v in np.linalg.eigvals(self.run.W))
        for y, (name, said) in zip((256, 276), PLANE.items(), strict=True):
            yield words(said, READOUT, y, "soft")
            yield self.number(f"{name}/0", SLOPE, y, "end bold")

    def page(self, t: int) -> Iterator[Element]:
        """The cursor, what the gradient has not reached yet in pale, the numbers at t."""
        x = self.top.px(t)
        if t:
            yield from ahead(self.top, LEFT - 1, x, TICKS)
            yield from ahead(self.below, LEFT - 1, x, (0, 0.5, 1))
        if t in self.ask:
            yield words("?", (LEFT + RIGHT) / 2, 139, "cover mid bold big")
        yield from (line(x, axes.y, x, axes.bottom, "now") for axes in (self.top, self.below))
        yield disc(x, self.top.py(self.value(f"norm {self.run.chosen}/{t}")), 5, "nowsoft now")
        yield words(f"at t = {t}", READOUT, ROWS, "accent bold")
        for name, y, cls in self._rows():
            yield self.number(f"norm {name}/{t}", SIZE, y, f"end {cls}")
            if t and name not in self.steady:
                yield self.number(f"slope {name}/{t}", SLOPE, y, f"end {cls}")

    def caption(self, t: int) -> str:
        if t == self.last:
            return self.say("begins")
        chosen, *more = self.run.names
        said = {"name": chosen, "others": "".join(self.say("other", name=name, t=t) for name in more)}
        if t:
            return self.say("back", t=t, steps=counted(self.last - t, "step"), **said)
        radius = self.value("radius/0")
        said |= {"side": "above" if radius > 1.005 else "below" if radius < 0.995 else "at"}
        slopes = self.say("slopes", name=chosen) if chosen != "linear" else ""
        return self.say("arrives", verdict=VERDICTS[verdict(self.run.left)], slopes=slopes, **said)

    def tips(self, t: int) -> dict[str, Tip]:
        return {f"norm/{name}": self._step(t, name) for name in self.run.names}

    def _step(self, t: int, name: str) -> Tip:
        """From the step after to this one."""
        first = t == self.last
        kind = "first" if first else "none" if self.numbers[f"norm {name}"][t + 1] == 0 else "line"
        return self.tip(kind, t=t, name=name)

    def table(self) -> Table:
        kinds = {"norm": "size", "slope": "mean slope"}
        rows = [self.row(f"{of}, {name}", f"{kind} {name}") for name in self.run.names for kind, of in kinds.items()]
        return (("", *(f"t = {t}" for t in range(self.last + 1))), *rows)
