"""A network with its loop, and how the loop opens into a chain, one copy a step. Chapter 03."""

from collections.abc import Iterator

from .. import asked
from ..checks import expect
from ..look.lettering import clip, quoted
from ..look.templates import of_picture
from ..trace import Trace
from . import choices
from .boxes import Box, link
from .columns import loop
from .motion import CSS, STEP, appear, slide
from .pages import Pages
from .shapes import Element, arrow, formula, rect, words
from .sheet import Sheet, Table, paged

ROLLED, FIRST, WIDTH, HEIGHT = 90, 270, 860, 276  # the middle of the unit with its loop, and of the first copy
STATE, WORD, TOP = 112, 218, 20  # heights of the middles, and of the headings
WIDE, CELL, PAD, PILL, UNITS, STEPS = 60, 19, 5, 28, 6, 7  # of a unit, its cells, a word; and how many have room


@asked.asks()
def unrolling(trace: Trace, *, title: str = "") -> Pages:
    """Page 0: one unit with its loop. Page t: t copies of it stand in a row, and the newest has come out of the loop.

    trace: of a network with one recurrent layer that reads 1 to 7 steps. ValueError for more, and for NaN or
    infinity. Chapter 03.
    """
    choices.finite("trace", trace.h)
    T = len(trace.tokens)
    expect(1 <= T <= STEPS, f"trace: expected 1 to {STEPS} steps, got {T}")
    return paged(Unrolling(trace), title)


class Unrolling(Sheet):
    WORDS = of_picture("unrolling")
    FORM = dict.fromkeys(("weights",), "count")
    width, height, css = WIDTH, HEIGHT, CSS

    def __init__(self, trace: Trace) -> None:
        self.tokens, h = trace.tokens, trace.h
        self.last, self.units = len(h) - 1, choices.moving(h, UNITS)
        weights = sum(array.size for name, array in trace.params.items() if name.startswith("body."))
        self.numbers = {"h": h, "weights": [weights] * len(h)}
        self.high = CELL * len(self.units) - 1 + 2 * PAD
        self.pitch = min(118.0, (WIDTH - FIRST - WIDE / 2 - 12) / max(self.last - 1, 1))
        self.said = {"H": h.shape[1], "shown": len(self.units)}

    def unit(self, t: int | None) -> Box:
        """The copy of step t; the unit with its loop if None."""
        x = ROLLED if t is None else FIRST + (t - 1) * self.pitch
        return Box(x - WIDE / 2, STATE - self.high / 2, WIDE, self.high)

    def word(self, t: int | None) -> Box:
        wide = min(self.pitch - 10, 96)
        return Box(self.unit(t).middle - wide / 2, WORD - PILL / 2, wide, PILL)

    def background(self) -> Iterator[Element]:
        """The headings, the unit with its loop, and the places of the copies, which are empty."""
        box = self.unit(None)
        yield words(self.say("rolled up"), ROLLED, TOP, "mid bold")
        yield words(self.say("unrolled"), FIRST - WIDE / 2, TOP, "bold")
        yield from loop(box.right, STATE, 34)
        yield formula("W_{hh}", box.right + 42, STATE + 5, "soft")
        yield link(self.word(None), box)
        yield formula("W_{xh}", ROLLED + 10, (WORD - PILL / 2 + box.bottom) / 2 + 5, "soft")
        yield self.number("weights/0", ROLLED - 6, HEIGHT - 12, "end bold")
        yield words(self.say("weights"), ROLLED, HEIGHT - 12, "soft")
        for t in range(1, self.last + 1):
            yield rect(*self.unit(t), "rest broken", 8)
            yield rect(*self.word(t), "panel", PILL / 2)
            yield words(clip(self.tokens[t - 1], self.word(t).width - 12), self.word(t).middle, WORD + 5, "mid")

    def page(self, t: int) -> Iterator[Element]:
        """The copies so far, the newest on its way out of the loop; the unit with the loop holds the newest state."""
        yield rect(*self.unit(None), "tint-state", 8)
        yield from self._cells(t, self.unit(None))
        yield rect(*self.word(None), "tint-input", PILL / 2)
        name = clip(self.tokens[t - 1], self.word(None).width - 12) if t else ""
        yield words(name, ROLLED, WORD + 5, "mid") if t else formula("x", ROLLED, WORD + 5, "mid")
        for s in range(1, t):
            yield from self._copy(s)
        if t:
            yield slide(ROLLED - self.unit(t).middle, 0, 0, *self._copy(t, "now"))
            yield appear(STEP, *self._arrows(t, "now"))

    def _copy(self, t: int, cls: str = "") -> Iterator[Element]:
        """The unit at step t."""
        box = self.unit(t)
        yield rect(*box, "tint-state", 8)
        yield from self._cells(t, box)
        if cls:
            yield rect(*box, cls, 8)
        else:
            yield from self._arrows(t, "flow")
            yield rect(*self.word(t), "tint-input", PILL / 2)

    def _arrows(self, t: int, cls: str) -> Iterator[Element]:
        """What comes into the unit of step t: the word, and the state before."""
        box = self.unit(t)
        yield link(self.word(t), box, cls)
        if cls == "now":
            yield rect(*self.word(t), "now", PILL / 2)
        if t > 1:
            before = self.unit(t - 1)
            yield link(before, box, cls)
            yield formula("W_{hh}", (before.right + box.x) / 2, STATE - 12, "mid soft")
        else:
            yield arrow(box.x - 34, STATE, box.x - 4, STATE, cls)

    def _cells(self, t: int, box: Box) -> Iterator[Element]:
        yield rect(*box.inside(PAD - 1), "surface", 4)
        for k, place in zip(self.units, box.inside(PAD).cells(len(self.units)), strict=True):
            yield from self.cell(f"h/{t}/{k}", place)

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        again = "first" if t == 1 else "again"
        return self.say("caption", t=t, word=quoted(self.tokens[t - 1]), same=self.say(again, t=t))

    def note(self) -> str:
        return self.say("note") if len(self.units) < self.said["H"] else ""

    def table(self) -> Table:
        head = ("", self.say("before any"), *self.tokens)
        return (head, *(self.row(f"unit {k + 1}", "h", k) for k in range(self.numbers["h"].shape[1])))
