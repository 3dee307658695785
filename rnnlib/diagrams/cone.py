"""Change one token: which outputs of a stack of convolutions change, and which of a recurrent chain? Chapter 07."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import as_flag
from ..functions import FloatArray
from ..layers import Conv1D, Recurrent
from . import asked
from .lettering import MINUS, text_width
from .pages import Answer, Pages, Question, Table, checked
from .shapes import Element, arrow, canvas, group, path, rect, words

LEFT, PITCH, ROW, TOP, RADIUS = 132, 58, 46, 60, 9
LONGEST = 12  # tokens that have room
TITLE = "One token is changed. Which outputs hear of it?"


@dataclass(frozen=True)
class ConeRun:
    """Two runs that differ in token `changed` (from 1): for each convolution, and for the chain, the largest change of
    any output at each step, exactly 0 where nothing changes."""

    convolutions: tuple[Conv1D, ...]
    changed: int
    conv: tuple[FloatArray, ...]
    chain: FloatArray

    @property
    def T(self) -> int:
        return len(self.chain)

    @property
    def R(self) -> int:
        """The receptive field: 1 + the sum over the layers of (k - 1) d."""
        return 1 + sum(layer.receptive_field - 1 for layer in self.convolutions)

    def taps(self, layer: int, t: int) -> list[int]:
        """The steps that it reads with a weight of its own."""
        found = self.convolutions[layer]
        return [s for s in range(t, t - found.receptive_field, -found.dilation) if s >= 1]

    def value(self, address: str) -> float:
        """A number by its name."""
        name, t, _ = address.split("/")
        if name in ("conv", "chain"):
            return float((self.conv[-1] if name == "conv" else self.chain)[int(t) - 1])
        return float(self.R)


def cone_run(
    convolutions: Sequence[Conv1D], chain: Recurrent, x: FloatArray, other: FloatArray, changed: int
) -> ConeRun:
    """Run both networks on x (T, I), and again with token `changed` (from 1) replaced by `other` (I,).

    convolutions: causal, one on top of the other. ValueError for one that is not causal, for more than 12 tokens or a
    token that does not exist, and where a number is not finite. Chapter 07.
    """
    if not 1 <= len(x) <= LONGEST:
        raise ValueError(f"x: expected 1 to {LONGEST} tokens, got {len(x)}")
    if not 1 <= changed <= len(x):
        raise ValueError(f"changed: expected 1 to {len(x)}, got {changed}")
    if not convolutions or not all(layer.causal for layer in convolutions):
        raise ValueError("convolutions: expected at least one, all causal")
    two = np.repeat(x[:, None], 2, axis=1)
    two[changed - 1, 1] = other
    found, y = [], two
    for layer in convolutions:
        y, _, _ = layer.forward(y)
        found.append(np.abs(y[:, 1] - y[:, 0]).max(axis=1))
    h, _, _ = chain.forward(two)
    run = ConeRun(tuple(convolutions), changed, tuple(found), np.abs(h[:, 1] - h[:, 0]).max(axis=1))
    if not all(np.isfinite(change).all() for change in (*run.conv, run.chain)):
        raise ValueError("x: expected finite numbers, got NaN or infinity")
    return run


@asked.asks(run=asked.kind(ConeRun), tokens=asked.optional(asked.names()), ask=as_flag, title=asked.text)
def cone(run: ConeRun, tokens: Sequence[str] | None = None, *, ask: bool = False, title: str = TITLE) -> Pages:
    """The convolutions above the tokens, the chain below them; one page for each output that is asked about.

    run: from `cone_run`. tokens: their names, x_1, x_2, ... if None. ask: a question before the first page. Numbers are
    the largest change of any unit at that step; exactly 0 is printed as 0. Chapter 07.
    """
    names = tuple(tokens) if tokens is not None else tuple(f"x_{t}" for t in range(1, run.T + 1))
    if len(names) != run.T:
        raise ValueError(f"tokens: expected {run.T}, got {len(names)}")
    sheet = _Sheet(run, names)
    steps = range(run.T + 1)
    alt = f"{len(run.convolutions)} convolutions and a chain over {run.T} tokens; token {run.changed} is changed."
    drawing = canvas(sheet.width, sheet.height, alt)
    drawing.extend(sheet.background())
    drawing.extend(group("page", *sheet.page(t, ask), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(sheet.caption(t) for t in steps),
        tips=tuple({} for _ in steps),
        lines=tuple(() for _ in steps),
        table=sheet.table(),
        title=title,
        alt=alt,
        note="Violet: it changes. Empty: it is the same to the last bit. Numbers: the largest change at that step.",
        marks=tuple(f"output {t} / {run.T}" if t else "all outputs" for t in steps),
        questions=(sheet.question(), *[None] * run.T) if ask else (),
    )
    return checked(pages, run.value)


class _Sheet:
    def __init__(self, run: ConeRun, names: tuple[str, ...]) -> None:
        self.run, self.names, self.L = run, names, len(run.convolutions)
        self.tokens = TOP + ROW * self.L
        self.chain = self.tokens + 76
        self.width, self.height = LEFT + PITCH * run.T + 8, self.chain + 70

    def x(self, t: int) -> float:
        return LEFT + PITCH * (t - 0.5)

    def y(self, level: int) -> float:
        """Level 0: the tokens; level l: the outputs of convolution l."""
        return self.tokens - ROW * level

    def _node(self, x: float, y: float, filled: bool, cls: str = "panel surface") -> Iterator[Element]:
        yield rect(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS, cls, RADIUS)
        if filled:
            yield rect(x - RADIUS + 2, y - RADIUS + 2, 2 * RADIUS - 4, 2 * RADIUS - 4, "plus", RADIUS - 2)

    def background(self) -> Iterator[Element]:
        run = self.run
        for level in range(1, self.L + 1):
            for t in range(1, run.T + 1):
                for s in run.taps(level - 1, t):
                    yield self._link(level, t, s, "rest")
        for level in range(1, self.L + 1):
            layer = run.convolutions[level - 1]
            yield words(f"k = {layer.kernel}, d = {layer.dilation}", LEFT - 12, self.y(level) + 5, "end soft tick")
            for t in range(1, run.T + 1):
                yield from self._node(self.x(t), self.y(level), run.conv[level - 1][t - 1] > 0)
        yield words("convolution", LEFT - 12, TOP - 34, "end bold")
        yield words("chain", LEFT - 12, self.chain + 5, "end bold")
        for t in range(1, run.T + 1):
            yield from self._column(t)
        yield from self._field()

    def _link(self, level: int, t: int, s: int, cls: str) -> Element:
        return path(f"M{self.x(s)} {self.y(level - 1) - 13}L{self.x(t)} {self.y(level) + RADIUS + 1}", cls)

    def _column(self, t: int) -> Iterator[Element]:
        run, x = self.run, self.x(t)
        marked = t == run.changed
        yield rect(x - PITCH / 2 + 4, self.tokens - 13, PITCH - 8, 26, "panel surface", 13)
        if marked:
            yield rect(x - PITCH / 2 + 4, self.tokens - 13, PITCH - 8, 26, "mark", 13)
        yield words(self.names[t - 1][:5], x, self.tokens + 5, "mid bold tick" if marked else "mid tick")
        yield arrow(x, self.tokens + 15, x, self.chain - RADIUS - 3)
        if t > 1:
            yield arrow(self.x(t - 1) + RADIUS + 2, self.chain, x - RADIUS - 3, self.chain)
        yield from self._node(x, self.chain, run.chain[t - 1] > 0)
        for name, change, y in (("conv", run.conv[-1], TOP - 34), ("chain", run.chain, self.chain + 32)):
            yield words(_size(change[t - 1]), x, y, "mid", data_n=f"{name}/{t}/0")

    def _field(self) -> Iterator[Element]:
        layers = self.run.convolutions
        sums = " + ".join(str((layer.kernel - 1) * layer.dilation) for layer in layers)
        y = self.chain + 62
        text = f"receptive field R = 1 + {sums} ="
        yield words(text, LEFT + text_width(text, 14), y, "end soft tick")
        yield words(str(self.run.R), LEFT + text_width(text, 14) + 8, y, "bold", data_n="R/0/0")

    def _cone(self, t: int) -> Iterator[tuple[int, int]]:
        """(level, step) of everything that output t reads."""
        at = {t}
        for level in range(self.L, 0, -1):
            yield from ((level, s) for s in at)
            at = {s for step in at for s in self.run.taps(level - 1, step)}
        yield from ((0, s) for s in at)

    def page(self, t: int, ask: bool) -> Iterator[Element]:
        if not t:
            if ask:
                yield rect(0, 0, self.width, self.tokens - 15, "surface cover")
                yield rect(0, self.tokens + 15, self.width, self.height, "surface cover")
            return
        for level, s in self._cone(t):
            x, y = self.x(s), self.y(level)
            if level:
                for below in self.run.taps(level - 1, s):
                    yield self._link(level, s, below, "now")
                yield rect(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS, "now", RADIUS)
            else:
                yield rect(x - PITCH / 2 + 4, y - 13, PITCH - 8, 26, "now", 13)
        yield rect(self.x(t) - RADIUS, self.chain - RADIUS, 2 * RADIUS, 2 * RADIUS, "now", RADIUS)

    def caption(self, t: int) -> str:
        run = self.run
        c, last = run.changed, min(run.changed + run.R - 1, run.T)
        if not t:
            changed = f"output {c}" if last == c else f"outputs {c} to {last}"
            return (
                f"Token {c} is changed. Only {changed} of the convolutions can change, R = {run.R} of them at most; "
                f"of the chain, all from {c} on."
            )
        first = max(t - run.R + 1, 1)
        reads = f"token {t} alone" if first == t else f"tokens {first} to {t}"
        inside = first <= c <= t
        verdict = f"changes by {_size(run.conv[-1][t - 1])}" if run.conv[-1][t - 1] else "stays, to the last bit"
        chain = f"changes by {_size(run.chain[t - 1])}" if run.chain[t - 1] else "stays, to the last bit"
        where = "in it" if inside else "not in it"
        return (
            f"Output {t} of the convolutions reads {reads}; token {c} is {where}, so it {verdict}. The chain {chain}."
        )

    def question(self) -> Question:
        c, R = self.run.changed, self.run.R
        return Question(
            f"Token {c} is changed. Which outputs of the convolutions can change?",
            (
                Answer(f"all from {c} on", "That is the chain: its state carries everything on."),
                Answer(
                    f"{c} and at most the next {R - 1}", f"An output reads R = {R} tokens, itself the last of them."
                ),
                Answer("all of them", f"They are causal: none of the outputs before {c} reads token {c}."),
            ),
            right=1,
        )

    def table(self) -> Table:
        run = self.run
        rows = [(f"convolution {n}", *map(_size, change)) for n, change in enumerate(run.conv, 1)]
        return (("change at", *self.names), *rows, ("chain", *map(_size, run.chain)))


def _size(value: float) -> str:
    """A size >= 0: two decimals, or a power of ten where that would say too little; 0 is exactly 0."""
    return "0" if value == 0 else f"{value:.2f}" if value >= 0.01 else f"{value:.0e}".replace("-", MINUS)
