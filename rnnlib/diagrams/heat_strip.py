"""All units of a run at a glance: a strip of coloured cells, units downwards, time to the right. Chapters 03 and 06."""

from collections.abc import Iterator

from .. import asked
from ..look.lettering import clip, quoted
from ..look.templates import Tip, of_picture
from ..trace import Trace
from ..views.steps import steps
from . import choices
from .pages import Pages
from .sentence import table
from .shapes import Element, cell, group, rect, words
from .sheet import Sheet, Table, paged

LEFT, WIDTH, TOP, HEIGHT = 92, 740, 34, 230
UNITS, STEPS, TOLD = 64, 60, 24  # units and steps that have room; units of which each has a line of its own


@asked.asks()
def heat_strip(trace: Trace, *, title: str = "") -> Pages:
    """The hidden states h_0 .. h_T as colours on the fixed range -1..1, one page a step.

    Of more than 64 units those are shown that move most; of more than 60 steps the first 60. It says so. Of up to 24
    units each has its number at the present step. ValueError where the trace holds NaN or infinity. Chapters 03 and 06.
    """
    choices.finite("trace", trace.h)
    return paged(HeatStrip(trace), title)


class HeatStrip(Sheet):
    WORDS = of_picture("heat_strip")
    FORM = dict.fromkeys(("p",), "share")

    def __init__(self, trace: Trace) -> None:
        self.trace, self.numbers, self.last = trace, steps(trace), min(trace.T, STEPS)
        self.units = choices.moving(trace.h, UNITS)
        n = len(self.units)
        self.said = {"count": n, "H": trace.H, "T": trace.T}
        self.wide, self.high = min(WIDTH / (self.last + 1), 46), min(HEIGHT / n, 20)
        self.right, self.bottom = LEFT + self.wide * (self.last + 1), TOP + self.high * n
        self.width, self.height = self.right + 130, max(self.bottom + 28, TOP + 72)

    def mover(self, t: int) -> int:
        """The unit that moves most."""
        return choices.mover(self.trace.h, self.units, t)

    def background(self) -> Iterator[Element]:
        wide, high = self.wide, self.high
        for place, k in enumerate(self.units):
            y, told = TOP + high * place, {"data_tip": f"unit/{k + 1}"} if len(self.units) <= TOLD else {}
            ground = rect(LEFT - 1, y - 1, wide * (self.last + 1) + 1.4, high + 1.4, "surface", 3)
            row = [float(v) for v in self.trace.h[: self.last + 1, k]]
            cells = [cell(v, LEFT + wide * t, y, wide - 0.6, high - 0.6) for t, v in enumerate(row)]
            yield group("row", ground, *cells, **told)
        yield from self._names()
        apart = next(n for n in (1, 2, 5, 10, 20) if n * wide >= 34 or n == 20)
        for t in range(0, self.last + 1, apart):
            yield words(str(t) if t else "start", LEFT + wide * (t + 0.5), self.bottom + 20, "mid soft tick")
        x = self.right + 16
        if self.last >= 2 * apart:
            yield words("step t", x, self.bottom + 20, "soft")
        for y, shade, label in ((TOP, 1.0, "+1"), (TOP + 24, 0.0, "0"), (TOP + 48, -1.0, "−1")):
            yield cell(shade, x, y, 16, 16)
            yield rect(x, y, 16, 16, "rest", 3)
            yield words(label, x + 24, y + 13, "soft tick")

    def _names(self) -> Iterator[Element]:
        """Of all units where there is room, else of the first and the last."""
        first, *more, last = *self.units[:1], *self.units[1:-1], self.units[-1]
        room = self.high * (len(self.units) - 1) >= 16
        for k in dict.fromkeys([first, *(more if self.high >= 18 else ()), last] if room else [first]):
            y = TOP + self.high * (self.units.index(k) + 0.5) + 5
            yield words(f"unit {k + 1}" if k in (first, last) else str(k + 1), LEFT - 8, y, "end soft")

    def page(self, t: int) -> Iterator[Element]:
        x, wide, high, tall = LEFT + self.wide * t, self.wide, self.high, self.bottom - TOP
        if t < self.last:
            yield rect(x + wide, TOP - 2, self.right - x - wide + 2, tall + 4, "veil")
        yield rect(x - 2, TOP - 3, wide + 3.4, tall + 5.4, "now", 3)
        if t:
            at = min(max(x + wide / 2, LEFT + 50), LEFT + WIDTH - 50)
            yield words(clip(self.trace.tokens[t - 1], 150), at, TOP - 12, "mid big bold accent")
            row = TOP + high * self.units.index(self.mover(t))
            yield rect(x - 1, row - 1, wide + 1.4, high + 1.4, "mark", 2)

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        which = "of the units shown, " if len(self.units) < self.trace.H else ""
        return self.say("caption", t=t, word=quoted(self.trace.tokens[t - 1]), which=which, unit=self.mover(t) + 1)

    def note(self) -> str:
        cut = {"units": len(self.units) < self.trace.H, "steps": self.last < self.trace.T}
        return " ".join(self.say(name) for name, is_cut in cut.items() if is_cut)

    def tips(self, t: int) -> dict[str, Tip]:
        """The unit that moves most, and where they are few enough, all."""
        most = self.mover(t)
        told = self.units if len(self.units) <= TOLD else [most] if t else []
        kinds = {k: "begins" if not t else "most" if k == most else "moves" for k in told}
        return {f"unit/{k + 1}": self.tip(kind, t=t, k=k, unit=k + 1) for k, kind in kinds.items()}

    def lines(self, t: int) -> tuple[str, ...]:
        return (f"unit/{self.mover(t) + 1}",) if t else ()

    def table(self) -> Table:
        return table(self, self.trace)
