"""Change one token: which outputs of a stack of convolutions change, and which of a recurrent chain? Chapter 07."""

from collections.abc import Iterator, Sequence

from .. import asked
from ..checks import expect
from ..look.lettering import MINUS, text_width
from ..look.templates import of_picture
from ..views.cone import ConeRun
from ..views.steps import from_step_1
from .boxes import Box
from .pages import Pages
from .shapes import Element, arrow, cover, disc, formula, line, rect, words
from .sheet import Ask, Sheet, Table, paged

LEFT, PITCH, ROW, TOP, RADIUS = 132, 58, 46, 60, 9


def size(value: float) -> str:
    """A size >= 0: two decimals, or a power of ten where that would say too little; 0 is exactly 0."""
    return "0" if value == 0 else f"{value:.2f}" if value >= 0.01 else f"{value:.0e}".replace("-", MINUS)


@asked.asks()
def cone(run: ConeRun, tokens: Sequence[str] | None = None, *, ask: Ask = None, title: str = "") -> Pages:
    """The convolutions above the tokens, the chain below them; one page for each output that is asked about.

    run: from `views.cone.cone_run`. tokens: their names, x_1, x_2, ... if None. ask: page -> question. Numbers are
    the largest change of any unit at that step; exactly 0 is printed as 0. ValueError for another number of tokens.
    Chapter 07.
    """
    names = tuple(f"x_{t}" for t in range(1, run.T + 1)) if tokens is None else tuple(tokens)
    expect(len(names) == run.T, f"tokens: expected {run.T}, got {len(names)}")
    return paged(Cone(run, names), title, ask)


class Cone(Sheet):
    WORDS = of_picture("cone")
    FORM = dict.fromkeys(("conv", "chain"), size) | {"R": "count"}

    def __init__(self, run: ConeRun, names: tuple[str, ...]) -> None:
        self.run, self.names, self.L, self.last = run, names, len(run.convolutions), run.T
        self.numbers = {"conv": from_step_1(run.levels[-1]), "chain": from_step_1(run.chain), "R": [run.R]}
        self.said = {"L": self.L, "c": run.changed}
        self.tokens = TOP + ROW * self.L
        self.chain = self.tokens + 76
        self.width, self.height = LEFT + PITCH * run.T + 8, self.chain + 70

    def x(self, t: int) -> float:
        return LEFT + PITCH * (t - 0.5)

    def y(self, level: int) -> float:
        """Level 0: the tokens; level l: the outputs of convolution l."""
        return self.tokens - ROW * level

    def token(self, t: int) -> Box:
        return Box(self.x(t) - PITCH / 2 + 4, self.tokens - 13, PITCH - 8, 26)

    def steps(self) -> range:
        return range(1, self.last + 1)

    def levels(self) -> range:
        return range(1, self.L + 1)

    def background(self) -> Iterator[Element]:
        run, steps = self.run, self.steps()
        yield from (
            self._link(level, t, s, "rest") for level in self.levels() for t in steps for s in run.taps(level, t)
        )
        for level, layer in enumerate(run.convolutions, 1):
            yield words(f"k = {layer.kernel}, d = {layer.dilation}", LEFT - 12, self.y(level) + 5, "end soft tick")
            for t in steps:
                yield from self._node(self.x(t), self.y(level), run.levels[level - 1][t - 1] > 0)
        yield words("convolution", LEFT - 12, TOP - 34, "end bold")
        yield words("chain", LEFT - 12, self.chain + 5, "end bold")
        for t in steps:
            yield from self._column(t)
        terms = " + ".join(str((layer.kernel - 1) * layer.dilation) for layer in run.convolutions)
        text = self.say("field", terms=terms)
        x = LEFT + text_width(text, 14)
        yield words(text, x, self.chain + 62, "end soft tick")
        yield self.number("R/0", x + 8, self.chain + 62, "bold")

    def _node(self, x: float, y: float, filled: bool) -> Iterator[Element]:
        yield disc(x, y, RADIUS, "panel surface")
        if filled:
            yield disc(x, y, RADIUS - 2, "plus")

    def _link(self, level: int, t: int, s: int, cls: str) -> Element:
        return line(self.x(s), self.y(level - 1) - 13, self.x(t), self.y(level) + RADIUS + 1, cls)

    def _column(self, t: int) -> Iterator[Element]:
        x, marked = self.x(t), t == self.run.changed
        yield rect(*self.token(t), "panel surface", 13)
        if marked:
            yield rect(*self.token(t), "mark", 13)
        if self.names[t - 1] == f"x_{t}":
            yield formula(f"x_{{{t}}}", x, self.tokens + 5, "mid bold tick" if marked else "mid tick")
        else:
            yield words(self.names[t - 1][:5], x, self.tokens + 5, "mid bold tick" if marked else "mid tick")
        yield arrow(x, self.tokens + 15, x, self.chain - RADIUS - 3)
        if t > 1:
            yield arrow(self.x(t - 1) + RADIUS + 2, self.chain, x - RADIUS - 3, self.chain)
        yield from self._node(x, self.chain, self.run.chain[t - 1] > 0)
        yield self.number(f"conv/{t}", x, TOP - 34, "mid")
        yield self.number(f"chain/{t}", x, self.chain + 32, "mid")

    def page(self, t: int) -> Iterator[Element]:
        if not t:
            yield from self._covers() if 0 in self.ask else ()
            return
        for level, steps in self.run.cone(t).items():
            for s in sorted(steps):
                if level:
                    yield from (self._link(level, s, below, "now") for below in self.run.taps(level, s))
                    yield disc(self.x(s), self.y(level), RADIUS, "now")
                else:
                    yield rect(*self.token(s), "now", 13)
        yield disc(self.x(t), self.chain, RADIUS, "now")

    def _covers(self) -> Iterator[Element]:
        """What changes is hidden, the wires stay."""
        places = [*(self.y(level) for level in self.levels()), self.chain]
        yield from (disc(self.x(t), y, RADIUS, "cover panel surface") for y in places for t in self.steps())
        for top in (TOP - 52, self.chain + 16):
            yield from cover(LEFT, top, self.width - LEFT, 24, top + 18)
        yield rect(LEFT, self.chain + 44, self.width - LEFT, 26, "cover surface")

    def caption(self, t: int) -> str:
        c, R = self.run.changed, self.run.R
        if not t:
            end = min(c + R - 1, self.last)
            return self.say("start", outputs=f"output {c}" if end == c else f"outputs {c} to {end}")
        first = max(t - R + 1, 1)
        reads = f"token {t} alone" if first == t else f"tokens {first} to {t}"
        said = {n: self.say("changes" if self.value(f"{n}/{t}") else "stays", t=t, name=n) for n in ("conv", "chain")}
        return self.say("caption", t=t, reads=reads, where="in it" if first <= c <= t else "not in it", **said)

    def mark(self, t: int) -> str:
        return f"output {t} / {self.last}" if t else "all outputs"

    def table(self) -> Table:
        rows = [(f"convolution {n}", *map(size, change)) for n, change in enumerate(self.run.levels, 1)]
        return (("change at", *self.names), *rows, ("chain", *map(size, self.run.chain)))
