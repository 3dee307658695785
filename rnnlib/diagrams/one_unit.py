"""One scalar unit: the map from a state to the next one, with the way of the state over it, and its states over time.

Both views have one vertical axis: a state is at the same height in both. Chapter 02.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np

from .. import asked
from ..look.lettering import MINUS, exact
from ..look.notation import Notation
from ..look.scale import Scale
from ..look.templates import Form, Tip, of_picture
from ..views.scalar import ScalarRun
from .chart import Axes, ahead, apart, curve, frame, points
from .pages import Pages
from .shapes import Element, arrow, disc, formula, group, line, path, rect, words
from .sheet import Ask, Sheet, Table, paged

EDGE = 1.08  # of both axes of states
SAMPLES = np.linspace(-EDGE, EDGE, 91)  # of a curve
TICKS = {-1.0: "−1", 0.0: "0", 1.0: "1"}
MAP = Axes(40, 40, 236, 236, Scale(-EDGE, EDGE), Scale(-EDGE, EDGE))
LEFT, RIGHT = 392, 616  # of the states over time
STRIP, BAR = 326, 15  # of the inputs: the line, and the height of the largest
CURVES = 3  # different inputs, up to which each has its curve on every page
FLAT = 5e-5  # what is printed as 0.0000


def coefficient(value: float) -> str:
    """A weight: two decimals where that is all of it, else four."""
    return exact(value, 2 if abs(round(value, 2) - value) < 1e-9 else 4)


def input_of(value: float) -> str:
    """An input: as many digits as it needs, at most four; the sign unless it is 0."""
    return f"{value:+.4g}".replace("-", MINUS) if value else "0"


@asked.asks()
def one_unit(run: ScalarRun, *, notation: str = "h", ask: Ask = None, title: str = "") -> Pages:
    """A unit `h_t = tanh(w_x x_t + w_h h_(t-1) + b)` over T inputs, as T+1 pages: the map, and the states over time.

    run: from `views.scalar.scalar_run`. notation: "h" as in the book, "a" as in the course. ask: page -> question; it
    covers the states over time. Chapter 02.
    """
    return paged(OneUnit(run, Notation(notation)), title, ask)


class OneUnit(Sheet):
    WORDS = of_picture("one_unit")
    FORM = dict.fromkeys(("w_x", "w_h", "b"), coefficient) | {"x": input_of}
    width, height = 692, 350

    def __init__(self, run: ScalarRun, n: Notation) -> None:
        self.run, self.n, self.last, self.numbers = run, n, run.T, run.numbers
        self.h, self.silent = self.numbers["h"], self.numbers["silent"]
        self.said = {"letter": n.name, "high": int(self.h.argmax()), "low": int(self.h.argmin())}
        self.time = Axes(LEFT, MAP.y, RIGHT - LEFT, MAP.height, Scale(-0.03 * run.T, run.T), MAP.upward)
        self.inputs = list(dict.fromkeys(run.x.tolist()))
        self.compared = bool((self.h != self.silent).any())  # the run without input is another one
        self.curve = cache(self._curve)

    def form(self, name: str) -> str | Form:
        return self.FORM.get(name, "exact")

    def _curve(self, x: float, tone: str) -> Element:
        """The map for an input: thick in ink, thin in a softer tone."""
        return curve(MAP, SAMPLES.tolist(), self.run.after(SAMPLES, x).tolist(), tone, thick=tone == "ink")

    def background(self) -> Iterator[Element]:
        n, before = self.n, self.n.at("h", "t−1")
        yield from frame(MAP, x_ticks=TICKS, y_ticks=TICKS)
        yield formula(n.at("h"), MAP.x - 6, 22, "end")
        yield formula(f"= tanh( w_{{{n.name}}} {before} + w_{{x}} x_{{t}} + b )", MAP.x, 22)
        yield formula(before, MAP.right, MAP.bottom + 38, "end")
        yield curve(MAP, (-EDGE, EDGE), (-EDGE, EDGE), "soft", thick=False)
        if len(self.inputs) <= CURVES:
            yield from (self.curve(x, "soft") for x in self.inputs)
        at = MAP.x
        for pulls, text in ((True, "legend pulls"), (False, "legend pushes")):
            if any(fixed.pulls == pulls for fixed in self.run.fixed):
                yield _dot(at + 6, MAP.bottom + 58, pulls)
                yield words(self.say(text), at + 18, MAP.bottom + 63, "soft")
                at += 146
        yield from self._over_time()
        yield from self._fixed()

    def _over_time(self) -> Iterator[Element]:
        axes, steps = self.time, range(self.last + 1)
        ticks = {float(t): str(t) for t in steps} if self.last <= 8 else None
        yield from frame(axes, x_ticks=ticks, y_ticks=TICKS)
        if self.compared:
            yield curve(axes, steps, self.silent.tolist(), "soft", thick=False, cls="broken")
            yield path(f"M{LEFT + 134} 17h18", "curve stroke-soft broken")
            yield words(self.say("without"), LEFT + 158, 22, "soft")
        yield curve(axes, steps, self.h.tolist(), "ink")
        for t in steps:
            yield group("", *points(axes, [t], [float(self.h[t])]), data_tip="step", data_at=str(t))
        yield path(f"M{LEFT} {STRIP}H{RIGHT}", "flow")
        yield words("input", LEFT - 12, STRIP + 5, "end soft")
        yield words("step t", RIGHT + 20, axes.bottom + 20, "soft")
        yield from (self._bar(t, "soft") for t in steps[1:])

    def _bar(self, t: int, cls: str) -> Element:
        x, largest = float(self.run.x[t - 1]), float(np.abs(self.run.x).max()) or 1.0
        high, wide = max(abs(x) / largest * BAR, 1.2), min(14.0, self.time.width / self.last * 0.6)
        return rect(self.time.px(t) - wide / 2, STRIP - (high if x >= 0 else 0), wide, high, cls)

    def _fixed(self) -> Iterator[Element]:
        """The states that the map keeps: dots on the diagonal, their level over time, and their values."""
        heights = [MAP.py(fixed.h) for fixed in self.run.fixed]
        for k, (fixed, y, shift) in enumerate(zip(self.run.fixed, heights, apart(heights), strict=True)):
            drawn = _dot(MAP.px(fixed.h), y, fixed.pulls), line(LEFT, y, RIGHT, y, "flow broken")
            yield group(
                "fixed", *drawn, self.number(f"fixed/{k}", RIGHT + 12, y + 5 + shift, "soft"), data_tip=f"fixed/{k + 1}"
            )

    def page(self, t: int) -> Iterator[Element]:
        axes, h, now = self.time, float(self.h[t]), self.run.x[t - 1] if t else self.run.held
        if now is not None:
            yield self.curve(float(now), "ink")
        yield from self._named(now)
        yield from self._way(t)
        if t < self.last:
            edge = axes.px(t)
            yield from ahead(axes, edge, RIGHT + 5, TICKS)
            yield rect(edge, STRIP - BAR - 2, RIGHT + 9 - edge, 2 * BAR + 4, "veil")
        if t in self.ask:
            yield words("?", axes.x + axes.width / 2, axes.y + axes.height / 2, "cover mid bold big")
            yield rect(RIGHT + 10, axes.y - 8, self.width - RIGHT - 10, axes.height + 4, "cover surface")
        y = axes.py(h)
        for start, end in ((MAP.px(self.h[t - 1] if t else h), MAP.right), (LEFT, axes.px(t))):
            yield line(start, y, end, y, "curve stroke-now broken")
        yield disc(axes.px(t), y, 6, "nowsoft now")
        yield formula(f"{self.n.at('h', t)} =", LEFT, 22)
        yield self.number(f"h/{t}", LEFT + (48 if self.n.name == "h" else 64), 22, "big bold accent")
        if t and self.compared:
            yield self.number(f"silent/{t}", RIGHT + 12, 22, "soft")
        if t:
            yield self._bar(t, "accent")
            yield self.number(f"x/{t}", RIGHT + 12, STRIP + 5, "bold accent")

    def _named(self, now: float | None) -> Iterator[Element]:
        """The inputs beside the right ends of their curves; that of the present curve is strong."""
        inputs = self.inputs if len(self.inputs) <= CURVES else [] if now is None else [now]
        ends = [MAP.py(float(self.run.after(np.array([EDGE]), x)[0])) for x in inputs]
        for x, end, shift in zip(inputs, ends, apart(ends), strict=True):
            yield words(f"x = {input_of(x)}", MAP.right + 9, end + 5 + shift, "bold" if x == now else "soft")

    def _way(self, t: int) -> Iterator[Element]:
        """From the diagonal up or down to the curve, and across to the diagonal: that is one step."""
        states = [float(h) for h in self.h[: max(t, 1)]]
        corners = [(states[0], states[0])]
        for before, after in pairwise(states):
            corners += [(before, after), (after, after)]
        yield curve(MAP, [x for x, _ in corners], [y for _, y in corners], "now", thick=False)
        x, y = MAP.px(states[-1]), MAP.py(states[-1])
        if not t:
            yield disc(x, y, 6, "nowsoft now")
            return
        across, down = MAP.px(self.h[t]), MAP.py(self.h[t])
        for start, end in (((x, y), (x, down)), ((x, down), (across, down))):
            long = max(abs(end[0] - start[0]), abs(end[1] - start[1])) > 14  # enough for an arrow's head
            yield arrow(*start, *end, "now", 9) if long else line(*start, *end, "now")

    def caption(self, t: int) -> str:
        if t == 0:
            return self.say("start")
        before, after = self.h[t - 1], self.h[t]
        verb = "changes its sign, from" if before * after < 0 else "rises from" if after > before else "falls from"
        moves = self.say("stays" if exact(before) == exact(after) else "moves", t=t, verb=verb)
        return self.say("caption", t=t, moves=moves, end=self._end() if t == self.last else "")

    def _end(self) -> str:
        ends = [exact(end) for end in self.run.ends]
        goes = self.say("jumps" if len(ends) == 2 else "rest", ends=" and ".join(ends))
        left = "differs" if abs(self.numbers["gap"][-1]) >= FLAT else "forgets"
        return self.say("end", ends=goes, left=self.say(left) if self.run.x.any() else "")

    def tips(self, t: int) -> dict[str, Tip]:
        names = {"h_t": self.n.said("h", t), "h_before": self.n.said("h", t - 1)}
        step = {"step": self.tip("step" if t else "begins", t=t, **names)}
        return step | {f"fixed/{k + 1}": self._kept(k) for k in range(len(self.run.fixed))}

    def _kept(self, k: int) -> Tip:
        size = abs(self.run.fixed[k].slope)
        does = "creeps" if abs(size - 1) <= 1e-9 else "pulls" if size < 1 else "pushes"
        return self.tip("fixed", k=k, does=self.say(does))

    def table(self) -> Table:
        names = {"input": "x", "sum before tanh": "total", "state": "h", "state without the input": "silent"}
        head = ("", *(f"t = {t}" for t in range(self.last + 1)))
        return (head, *(self.row(label, name) for label, name in names.items()))

    def alt(self) -> str:
        kept = ", ".join(exact(fixed.h) for fixed in self.run.fixed)
        return self.say("alt", where=self.say("crosses", kept=kept) if kept else self.say("changes"))


def _dot(x: float, y: float, pulls: bool) -> Element:
    return disc(x, y, 5, "fill-ink" if pulls else "surface mark")
