"""Sentences of different lengths in one batch: past its end each keeps its state. Chapter 03."""

from collections.abc import Iterator, Sequence

import numpy as np

from .. import asked
from ..checks import as_lengths, expect
from ..functions import FloatArray, IntArray
from ..look.lettering import clip, counted, listed
from ..look.templates import Tip, of_picture
from . import choices
from .boxes import Box, link
from .pages import Pages
from .shapes import Element, formula, group, rect, words
from .sheet import Sheet, Table, paged

LEFT, PITCH, WIDE, TOP = 124, 86, 60, 26  # where the start stands; of a column; of its states
CELL, PAD, PILL, APART = 17, 3, 22, 10  # of a unit, the room around; a word; between two sentences
UNITS, SENTENCES, STEPS = 3, 6, 40  # that have room


@asked.asks(h=asked.numbers(3), lengths=asked.numbers(1))
def padding(h: FloatArray, lengths: IntArray, *, tokens: Sequence[Sequence[str]] = (), title: str = "") -> Pages:
    """A batch of B sentences over T steps, one page a step: words below, states above, the mask between.

    h: the states (T+1, B, H), as `layer.states(tape)["h"]` gives them, at most 40 steps of 6 sentences. lengths (B,):
    how many words each sentence has. tokens: the words of each, x_1, x_2, ... if there are none. ValueError for more,
    for lengths that do not fit, and for states that move past the end of a sentence. Chapter 03.
    """
    T, B = len(h) - 1, h.shape[1]
    fits = 1 <= T <= STEPS and 1 <= B <= SENTENCES
    expect(fits, f"h: expected 1 to {STEPS} steps of 1 to {SENTENCES} sentences, got {T}, {B}")
    ends = np.array(as_lengths(lengths, T, B))
    named = len(tokens) in (0, B) and all(len(some) >= end for some, end in zip(tokens, ends, strict=False))
    expect(named, f"tokens: expected the words of {B} sentences, got {len(tokens)}")
    still = all((h[end:, b] == h[end, b]).all() for b, end in enumerate(ends))
    expect(still, "h: expected states that stay as they are past the end of each sentence")
    return paged(Padding(h, ends, tokens), title)


class Padding(Sheet):
    WORDS = of_picture("padding")
    FORM = dict.fromkeys(("mask",), "count")

    def __init__(self, h: FloatArray, lengths: IntArray, tokens: Sequence[Sequence[str]]) -> None:
        (T, self.B, H), self.h, self.tokens, self.lengths = (len(h) - 1, *h.shape[1:]), h, tokens, lengths
        self.last, self.numbers = T, {"h": h, "mask": np.arange(T + 1)[:, None] <= lengths}
        self.units = choices.moving(h.mean(axis=1), UNITS)
        self.high = CELL * len(self.units) - 1 + 2 * PAD
        self.width, self.height = LEFT + PITCH * (T + 0.5) + 12, TOP + (self.high + PILL + APART + 22) * self.B
        self.said = {"B": self.B, "H": H, "shown": len(self.units), "lengths": listed([*map(str, lengths)])}

    def box(self, b: int, t: int) -> Box:
        """The states of sentence b after step t."""
        top = TOP + b * (self.high + PILL + APART + 22)
        return Box(LEFT + PITCH * t - WIDE / 2, top, WIDE, self.high)

    def word(self, b: int, t: int) -> Box:
        return Box(self.box(b, t).x - 6, self.box(b, t).bottom + 22, WIDE + 12, PILL)

    def reads(self, b: int, t: int) -> bool:
        return bool(self.numbers["mask"][t, b])

    def background(self) -> Iterator[Element]:
        for t in range(1, self.last + 1):
            yield words(f"step {t}", LEFT + PITCH * t, 16, "mid soft")
        for b in range(self.B):
            start = self.box(b, 0)
            yield words(f"sentence {b + 1}", 6, start.y + 14, "bold")
            yield words(counted(int(self.lengths[b]), "word"), 6, start.y + 33, "soft")
            yield from (words("mask", start.middle, start.bottom + 16, "mid soft"), *self._states(b, 0))
            for t in range(1, self.last + 1):
                yield from self._column(b, t)

    def _states(self, b: int, t: int) -> Iterator[Element]:
        box = self.box(b, t)
        yield rect(*box, "panel surface stroke-state" if self.reads(b, t) else "panel broken", 7)
        for k, place in zip(self.units, box.inside(PAD).cells(len(self.units)), strict=True):
            yield from self.cell(f"h/{t}/{b}/{k}", place)

    def _column(self, b: int, t: int) -> Iterator[Element]:
        """A word, or the zeros that fill the sentence up, the mask, and the states after them."""
        reads, place, box, last = self.reads(b, t), self.word(b, t), self.box(b, t), self.box(b, t - 1)
        yield rect(*place, "tint-input" if reads else "rest broken", PILL / 2)
        if reads and self.tokens:
            yield words(clip(self.tokens[b][t - 1], place.width - 14), place.middle, place.level + 5, "mid")
        else:
            yield formula(f"x_{{{t}}}" if reads else "0", place.middle, place.level + 5, "mid")
        yield self.number(f"mask/{t}/{b}", box.middle - 16, box.bottom + 16, "mid bold" if reads else "mid soft")
        if reads:
            yield link(place, box)
        yield link(last, box, "flow" if reads else "flow broken")
        if not reads:
            yield words("=", (last.right + box.x) / 2, box.level - 8, "mid bold")
        yield group("", *self._states(b, t), data_tip=f"sentence/{b + 1}", data_at=str(t))

    def page(self, t: int) -> Iterator[Element]:
        """The future is empty and pale; a sentence that reads is marked, one that has ended is only framed."""
        ahead = [self.box(b, s) for b in range(self.B) for s in range(t + 1, self.last + 1)]
        yield from (rect(*box, "panel surface", 7) for box in ahead)
        if ahead:
            edge = self.box(0, t).right + 2
            yield rect(edge, 0, self.width - edge, self.height, "veil")
        for b in range(self.B):
            box = self.box(b, t)
            yield rect(*box, "now" if self.reads(b, t) else "mark", 7)
            if t and self.reads(b, t):
                yield rect(*self.word(b, t), "now", PILL / 2)
                yield link(self.word(b, t), box, "now", 9)
                yield link(self.box(b, t - 1), box, "now", 9)

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        over = [str(b + 1) for b in range(self.B) if not self.reads(b, t)]
        reading = counted(self.B - len(over), "sentence") if len(over) < self.B else self.say("none")
        return self.say("caption", t=t, reading=reading, ended=self.say("ended", which=listed(over)) if over else "")

    def tips(self, t: int) -> dict[str, Tip]:
        """First the sentences that have ended."""
        order = sorted(range(self.B if t else 0), key=lambda b: self.reads(b, t))
        units = {b: choices.mover(self.h[:, b], self.units, t) for b in order}
        kinds = {b: "reads" if self.reads(b, t) else "keeps" for b in order}
        return {f"sentence/{b + 1}": self.tip(kinds[b], t=t, b=b, k=k, s=b + 1, unit=k + 1) for b, k in units.items()}

    def note(self) -> str:
        return self.say("note") if len(self.units) < self.h.shape[2] else ""

    def table(self) -> Table:
        units = [(b, k) for b in range(self.B) for k in range(self.h.shape[2])]
        rows = [self.row(f"sentence {b + 1}, unit {k + 1}", "h", b, k) for b, k in units]
        return (("", "start", *(f"step {t}" for t in range(1, self.last + 1))), *rows)
