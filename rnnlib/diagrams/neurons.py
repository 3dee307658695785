"""A text, coloured by one unit of a language model, one page a unit. Chapter 09."""

from collections.abc import Iterator

from .. import asked
from ..look.lettering import quoted
from ..look.palette import ink_class
from ..look.templates import Tip, of_picture
from ..views.neurons import NeuronRun
from .boxes import Box
from .pages import Pages
from .shapes import Element, cell, line, rect, words
from .sheet import Sheet, Table, paged

UNITS, ACROSS = 6, 48  # that have a page; characters in a row
LEFT, TOP, WIDE, HIGH, ROW = 20, 44, 17, 24, 32  # px: of the first character; of a character; from row to row
AROUND = 8  # characters before a place, where one is named


@asked.asks()
def neurons(run: NeuronRun, *, title: str = "") -> Pages:
    """The units that go best with a feature, one page each: every character in the colour of the unit after it.

    run: from `views.neurons.neuron_run`. Characters where the feature holds have a line below. Chapter 09.
    """
    return paged(Neurons(run), title)


class Neurons(Sheet):
    WORDS = of_picture("neurons")

    def __init__(self, run: NeuronRun) -> None:
        self.run, self.units = run, run.best(UNITS)
        self.last, self.numbers = len(self.units) - 1, {"h": run.h[:, self.units].T, "r": run.r[self.units]}
        self.places = [*self._wrapped()]
        rows = max(row for row, _ in self.places) + 1
        self.width, self.height = 2 * LEFT + ACROSS * WIDE, TOP + ROW * rows + 4
        self.said = {"feature": quoted(run.feature, 300), "over": f"{run.over:,}", "count": len(self.units)}

    def _wrapped(self) -> Iterator[tuple[int, int]]:
        """Row and column of each character: a row ends where the line does, or where it is full."""
        row = column = 0
        for sign in self.run.text:
            if column == ACROSS:
                row, column = row + 1, 0
            yield row, column
            row, column = (row + 1, 0) if sign == "\n" else (row, column + 1)

    def box(self, i: int) -> Box:
        row, column = self.places[i]
        return Box(LEFT + WIDE * column, TOP + ROW * row, WIDE - 1, HIGH)

    def background(self) -> Iterator[Element]:
        for x, shade, label in ((560, -1.0, "−1"), (620, 0.0, "0"), (670, 1.0, "+1")):
            yield from (cell(shade, x, 10, 16, 16), rect(x, 10, 16, 16, "rest", 3), words(label, x + 22, 23, "soft"))
        for i, value in enumerate(self.run.values):
            if value and set(self.run.values) <= {0.0, 1.0}:
                box = self.box(i)
                yield line(box.x + 1, box.bottom + 3, box.right - 1, box.bottom + 3, "mark")

    def page(self, t: int) -> Iterator[Element]:
        yield words(self.say("mark", t=t, unit=self.units[t] + 1), LEFT, 24, "big bold accent")
        for i, sign in enumerate(self.run.text):
            box, value = self.box(i), self.value(f"h/{t}/{i}")
            yield cell(value, *box)
            if shown := "↵" if sign == "\n" else sign.strip():
                yield words(shown, box.middle, box.level + 5, f"mid {ink_class(value)}")

    def caption(self, t: int) -> str:
        return self.say("caption", t=t, unit=self.units[t] + 1, number=t + 1)

    def mark(self, t: int) -> str:
        return self.say("mark", t=t, unit=self.units[t] + 1)

    def tips(self, t: int) -> dict[str, Tip]:
        row = self.numbers["h"][t]
        ends = {"high": int(row.argmax()), "low": int(row.argmin())}
        texts = {f"{name} text": quoted(self._until(i), 120) for name, i in ends.items()}
        return {"line": self.tip("line", t=t, **ends, **texts)}

    def _until(self, i: int) -> str:
        return "".join(self.run.text[max(0, i + 1 - AROUND) : i + 1]).replace("\n", "↵")

    def table(self) -> Table:
        rows = [(f"unit {unit + 1}", self.text(f"r/{t}")) for t, unit in enumerate(self.units)]
        return (("", "correlation"), *rows)
