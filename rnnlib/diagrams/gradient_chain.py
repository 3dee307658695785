"""A gradient on its way back through time: at each step the part from the output, the part from the future, their sum,
and what the step adds to the gradient of the weights.

Read from right to left: the loss first, then the last step, ... Chapter 04.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from .. import asked
from ..functions import FloatArray
from ..look.lettering import clip, counted, power, quoted
from ..look.palette import TEXT, ink_class
from ..look.scale import Scale
from ..look.templates import Tip, of_picture
from ..trace import BackwardTrace
from ..views.backward import adds_up, backward
from . import choices
from .boxes import Box, empty
from .pages import Pages
from .shapes import Element, arrow, cell, cell_number, cover, formula, group, path, rect, words
from .sheet import Ask, Sheet, Table, paged

BENT = Scale(-1, 1, "symlog", 1e-3)  # of all gradients, at every step: from 0.001 on logarithmic, full colour from 1 on
LEFT, RIGHT = 78, 752  # of the chain
OUT, BOX, SMALL = 28, 60, 11  # tops of the outputs and of the states in the chain; height of a cell there
COLUMN, ROW = 58, 20  # of the numbers at one step
COLUMNS = {"from y": 78, "future": 162, "d_h": 246, "slope": 330, "d_a": 414}
HEADS = ("from z_{t}", "the future", "δ^{h}_{t}", "slope", "δ^{a}_{t}")
PART, SIDE = 516, 21  # where the matrix of this step begins, and the size of its cells
LEGEND = {-1.0: "−1", -0.1: "−.1", -0.01: "−.01", 0.0: "0", 0.01: "+.01", 0.1: "+.1", 1.0: "+1"}
MOST, TERMS = 6, 3  # steps whose parts stand side by side at the end; products of a sum that are written out


def bent(value: float) -> float:
    """A gradient as a share of the range, -1..1, for its colour."""
    return min(max(2 * BENT.share(value) - 1, -1.0), 1.0)


@asked.asks()
def gradient_chain(record: BackwardTrace, *, units: int = 5, apart: float | None = None, ask: Ask = None) -> Pages:
    """A backward pass over T steps as T+2 pages, read backward: page T+1 is the loss, then the steps T..1, and on page
    0 all sums are complete.

    record: from `trace_back`, of a plain cell. units: how many units have their numbers, those with the largest
    gradients. apart: how far the library's gradient is from central differences, as `check_model` finds it. ask: page
    -> question; it covers the sum. ValueError for a cell with gates or where the record holds NaN or infinity.
    Chapter 04.
    """
    sheet = GradientChain(record, units, apart)
    pages, (gap, right) = paged(sheet, ask=ask), adds_up(record)
    sums = sheet.say("add up" if right else "apart", gap=power(gap))
    return replace(pages, agreement=f"{pages.agreement}; {sums}")


class GradientChain(Sheet):
    """units: those with numbers; outputs: those in the chain; many: whether there is a loss at every step."""

    WORDS = of_picture("gradient_chain")
    backward = True

    def __init__(self, record: BackwardTrace, units: int, apart: float | None) -> None:
        self.record, self.numbers, self.tokens = record, backward(record), record.forward.tokens
        (T, H), K = record.d_h.shape, record.d_logits.shape[1]
        self.units = choices.largest(np.abs(record.d_h).max(axis=0), H if units + 1 >= H else units)
        self.outputs, self.many, self.T, self.last = range(min(K, 2)), len(record.d_logits) == T > 1, T, T + 1
        self.said = {
            "T": T, "H": H, "K": K, "steps": counted(T, "step"), "shown": len(self.units),
            "apart": apart and power(apart), "read": self.WORDS["every" if self.many else "last"],
            "shown_outputs": len(self.outputs), "tokens": clip(" ".join(self.tokens), 900),
        }  # fmt: skip
        parts = {"checked": apart is not None, "units": len(self.units) < H, "outputs": len(self.outputs) < K}
        self.said |= {name: self.say(name) if there else "" for name, there in parts.items()}
        self.pitch = min(128.0, (RIGHT - LEFT) / T)
        self.half = min(48.0, 0.66 * self.pitch) / 2
        self.below = BOX + SMALL * len(self.units) + 8  # of the chain
        self.top, side = self.below + 76, SIDE * len(self.units)  # of the numbers at one step
        self.field = Box(PART, self.top, side, ROW * len(self.units))
        self.sum = max(664, PART + side + 43)
        self.bias = self.sum + max(side, 54) + 16
        self.width, self.height = max(860, self.bias + SIDE + 20), self.field.bottom + 38

    def form(self, name: str) -> str:
        if name in ("p", "slope", "loss"):
            return "share"
        return "size" if name == "length" or name.startswith("norm") else "fine"

    def cell(self, address: str, box: Box, down: float = 5) -> Iterator[Element]:
        shade = bent(self.value(address))
        yield cell(shade, *box)
        yield cell_number(shade, self.text(address), box.middle, box.y + 14, data_n=address)

    def box(self, t: int) -> Box:
        """The state of step t in the chain; the last one is always at the same place."""
        x = RIGHT - self.pitch * (self.T - t + 0.5)
        return Box(x - self.half, BOX, 2 * self.half, self.below - BOX)

    def _on_y(self, t: int) -> Box:
        """The gradients on the outputs of step t in the chain."""
        return Box(self.box(t).x + 4, OUT, 2 * self.half - 8, 8 * len(self.outputs) - 1)

    def reads(self, t: int) -> bool:
        """Whether the loss reads the output of step t."""
        return self.many or t == self.T

    def background(self) -> Iterator[Element]:
        first, y = 1 if self.many else self.T, self.height - 19
        yield rect(RIGHT + 10, 2, 96, 32, "tint-loss", 16, data_tip="loss/0")
        yield words("loss", RIGHT + 22, 23, "soft")
        yield self.number("loss/0", RIGHT + 94, 23, "end bold")
        yield path(f"M{RIGHT + 10} 14H{self.box(first).middle:.2f}", "flow")
        yield from (part for t in range(1, self.T + 1) for part in self._column(t))
        yield formula("δ^{z}_{t}", LEFT - 66, OUT + 12, "soft")
        yield formula("δ^{h}_{t}", LEFT - 66, (BOX + self.below) / 2 + 5, "soft")
        yield words("colours", LEFT - 12, y + 14, "end soft")
        for place, (value, label) in enumerate(LEGEND.items()):
            yield cell(bent(value), LEFT + 44 * place, y, 42, 18)
            yield words(label, LEFT + 44 * place + 21, y + 14, f"mid tick {ink_class(bent(value))}")

    def _column(self, t: int) -> Iterator[Element]:
        box, x = self.box(t), self.box(t).middle
        if self.reads(t):
            yield arrow(x, 14, x, OUT - 3, "flow", 5)
            for place, k in enumerate(self.outputs):
                yield cell(bent(self.value(f"d_y/{t}/{k}")), box.x + 4, OUT + 8 * place, box.width - 8, 7)
            yield arrow(x, OUT + 8 * len(self.outputs) + 2, x, BOX - 3, "flow", 5)
        places = Box(box.x + 4, BOX + 4, box.width - 8, box.height - 9).cells(len(self.units))
        values = [bent(self.value(f"d_h/{t}/{k}")) for k in self.units]
        cells = [cell(value, *place) for value, place in zip(values, places, strict=True)]
        tip = f"unit/{self.units[0] + 1}"
        yield group("column", rect(*box, "panel surface", 6), *cells, data_tip=tip, data_at=str(t))
        if t > 1 and self.pitch - box.width > 12:
            yield arrow(box.x - 2, box.level, self.box(t - 1).right + 2, box.level, "flow", 5)
        if self.pitch > 44:
            yield words(clip(self.tokens[t - 1], self.pitch - 6), x, box.bottom + 19, "mid")
        elif t % 5 == 0 or t in (1, self.T):
            yield words(str(t), x, box.bottom + 19, "mid soft tick")

    def page(self, t: int) -> Iterator[Element]:
        """The chain up to here, the numbers at this step, the sums so far."""
        edge = self.box(t).x - 3 if 0 < t <= self.T else RIGHT
        if t:
            later = range(1, min(t, self.T + 1))
            yield from empty((self.box(s) for s in later), 6)
            yield from empty(self._on_y(s) for s in later if self.reads(s))
            yield rect(LEFT - 20, OUT - 4, edge - LEFT + 20, self.below - OUT + 30, "veil")
        yield from self._loss() if t > self.T else self._here(t) if t else self._parts()
        yield words("sum so far" if t else "the gradient", self.sum, self.top - 34, "bold" if t else "accent bold")
        yield formula("∂L / ∂W_{hh}", self.sum, self.top - 10, "soft")
        yield from self._matrix(self.shown("sum W_hh", t), self.sum, t <= self.T)
        if "sum b_h" in self.numbers:
            yield formula("b_{h}", self.bias - 3, self.top - 10, "soft")
            yield from self._matrix(self.numbers["sum b_h"][t][[*self.units], None], self.bias)
        if t <= self.T:
            yield words("lengths", PART - 66, self.height - 7, "soft")
            for place, name in enumerate(name for name in ("W_hh", "W_xh", "b_h") if f"norm {name}" in self.numbers):
                yield formula(f"{name[0]}_{{{name[2:]}}}", PART + 114 * place, self.height - 7, "soft")
                yield self.number(f"norm {name}/{t}", PART + 114 * place + 54, self.height - 7, "bold")
        if t in self.ask:  # the sum, and how it has grown
            high = self.height - self.top + 50
            yield from cover(self.sum - 4, self.top - 50, self.width - self.sum + 4, high, self.field.level + 5)
            yield rect(PART - 64, self.height - 24, self.sum - PART + 60, 24, "cover surface")

    def shown(self, name: str, t: int) -> FloatArray:
        """Of a matrix, what leads from the units with numbers to them."""
        found: FloatArray = self.numbers[name][t][np.ix_(self.units, self.units)]
        return found

    def _here(self, t: int) -> Iterator[Element]:
        """Step t in the chain; the gradient on h_t as the sum of its parts, and on to what goes into the activation."""
        box, top, middle = self.box(t), self.top, self.field.level + 4
        yield rect(*box, "now", 6)
        if t < self.T and self.pitch - box.width > 18:
            yield arrow(self.box(t + 1).x - 2, box.level, box.right + 4, box.level, "now", 8)
        if t < self.T and self.pitch > 90:
            yield formula("W_{hh}^{T}", box.middle + self.pitch / 2, box.level - 12, "mid soft")
        if self.reads(t):
            yield arrow(box.middle, OUT + 8 * len(self.outputs) + 1, box.middle, BOX - 3, "now", 8)
        yield words(f"t = {t}", LEFT - 66, top - 34, "accent bold")
        yield words(clip(self.tokens[t - 1], 250, TEXT), LEFT - 8, top - 34, "accent bold big")
        for x, name, mark in zip(COLUMNS.values(), HEADS, ("", *"+=×="), strict=True):
            head = name.replace("_{t}", f"_{{{t}}}")
            yield (formula if "_" in head else words)(head, x + COLUMN / 2, top - 9, "mid")
            yield from [words(mark, x - 13, middle, "mid big")] if mark else ()
        rows = Box(0, top, COLUMN, self.field.height - 2).cells(len(self.units), gap=2)
        for k, row in zip(self.units, rows, strict=True):
            yield words(f"unit {k + 1}", LEFT - 10, row.y + 14, "end soft")
            for name, x in COLUMNS.items():
                tip = {"from y": "y", "future": "future"}.get(name, "unit")
                number, box = f"{name}/{t}/{k}", row._replace(x=x)
                one = [self.number(number, box.middle, box.y + 14, "mid soft")]
                yield group("cell", *(one if name == "slope" else self.cell(number, box)), data_tip=f"{tip}/{k + 1}")
        yield words("×", PART - 22, middle, "mid big")
        for place, k in enumerate(self.units):
            yield cell(self.value(f"h/{t - 1}/{k}"), PART + SIDE * place, top - 23, SIDE - 2, 14)
        yield formula(f"h_{{{t - 1}}}", self.field.right + 4, top - 11, "soft")
        yield words("this step adds", PART, top - 34)
        yield from self._matrix(self.shown("part", t), PART, tips=True)
        yield arrow(self.field.right + 5, self.field.level, self.sum - 5, self.field.level, "now", 8)

    def _matrix(self, matrix: FloatArray, x: float, tips: bool = False, side: float = 0) -> Iterator[Element]:
        """side: of a cell, where it is not that of the numbers beside it."""
        wide, high = side or SIDE, side or ROW
        rows, columns = matrix.shape
        yield rect(x - 3, self.top - 3, wide * columns + 4, high * rows + 4, "rest", 4)
        for (i, j), value in np.ndenumerate(matrix):
            tip = {"data_tip": f"W/{self.units[i] + 1},{self.units[j] + 1}"} if tips else {}
            yield cell(bent(float(value)), x + wide * j, self.top + high * i, wide - 2, high - 2, **tip)

    def _parts(self) -> Iterator[Element]:
        """All that the steps add, side by side: the last ones, where there is no room for all."""
        shown = min(self.T, MOST)
        left, room = LEFT - 66, (self.sum - LEFT + 40) / shown
        side = min(18.0, (room - 24) / len(self.units))
        wide, which = side * len(self.units), f"the last {shown} of {self.T}" if shown < self.T else "the"
        yield words(f"what {which} steps added", left, self.top - 34, "accent bold")
        for place, t in enumerate(range(self.T - shown + 1, self.T + 1)):
            x, mark = left + room * place, "=" if t == self.T else "+"
            yield words(f"t = {t}", x + wide / 2, self.top - 9, "mid soft")
            yield from self._matrix(self.shown("part", t), x, side=side)
            yield words(mark, x + wide + (room - wide) / 2, self.top + wide / 2 + 5, "mid big")

    def _loss(self) -> Iterator[Element]:
        """Where the gradient starts: at the last output, what was answered and what the loss says about it."""
        top, T, (answer, gradient) = self.top, self.T, (COLUMNS["future"], COLUMNS["d_h"] + 26)
        yield rect(RIGHT + 10, 2, 96, 32, "now", 16)
        yield words("the loss", LEFT - 66, top - 34, "accent bold")
        yield words(f"at t = {T}", LEFT + 40, top - 34, "soft")
        yield words("answer", answer + COLUMN / 2, top - 9, "mid")
        yield words("gradient", gradient + COLUMN / 2, top - 9, "mid")
        for place, k in enumerate(self.outputs):
            box = Box(gradient, top + ROW * place, COLUMN, ROW - 2)
            yield words(clip(self.record.forward.classes[k], 140), answer - 10, box.y + 15, "end")
            yield self.number(f"p/{T}/{k}", answer + COLUMN / 2, box.y + 15, "mid")
            yield group("cell", *self.cell(f"d_y/{T}/{k}", box), data_tip=f"d_y/{k + 1}")

    def caption(self, t: int) -> str:
        if not 0 < t <= self.T:
            return self.say("starts" if t else "sums")
        source = self.say("both" if self.reads(t) else "alone", t=t)
        nothing = self.WORDS["nothing"] if t == 1 and not self.record.forward.h[0].any() else ""
        word = quoted(self.tokens[t - 1])
        return self.say("at last" if t == self.T else "step", t=t, word=word, source=source, nothing=nothing)

    def mark(self, t: int) -> str:
        return self.say("mark loss" if t > self.T else "mark" if t else "mark sums", t=t)

    def tips(self, t: int) -> dict[str, Tip]:
        if t > self.T:
            names = {k: quoted(self.record.forward.classes[k]) for k in self.outputs}
            outputs = {f"d_y/{k + 1}": self.tip("output", t=self.T, k=k, name=name) for k, name in names.items()}
            return {"loss/0": self.tip("loss"), **outputs}
        found, end = {}, self.WORDS["end"] if t == self.T else ""
        classes = [quoted(name) for name in self.record.forward.classes]
        units = [f"unit {j + 1}" for j in range(self.record.d_h.shape[1])]
        for k in self.units if t else ():
            at = {"t": t, "k": k, "unit": k + 1}
            y = self._products("W_hy", "d_y", t, k, classes, "outputs") if self.reads(t) else ()
            future = self._products("W_hh", "d_a", t + 1, k, units, "units") if t < self.T else ()
            found[f"unit/{k + 1}"] = self.tip("unit", end=end, **at)
            found[f"y/{k + 1}"] = self.tip("from y" if y else "no loss", products=y, **at)
            found[f"future/{k + 1}"] = self.tip("future" if future else "no future", products=future, **at)
        places, kind = [(i, j) for i in self.units for j in self.units], "weight" if t else "sum"
        return found | {f"W/{i + 1},{j + 1}": self.tip(kind, t=t, i=i, j=j, row=i + 1, column=j + 1) for i, j in places}

    def _products(self, weight: str, gradient: str, s: int, k: int, names: Sequence[str], of: str) -> Tip:
        """The largest products of a sum written out, the others by their number."""
        size = np.abs(self.numbers[weight][:, k] * self.numbers[gradient][s])
        pieces: list[tuple[str, str]] = []
        for j in np.argsort(-size, kind="stable")[:TERMS].tolist():
            said = {"weight": weight, "gradient": gradient, "plus": "+ " * bool(pieces), "name": names[j]}
            pieces += self.tip("product", s=s, j=j, k=k, **said)
        more = len(names) - TERMS
        return (*pieces, *(self.tip("more", n=more, of=of) if more > 0 else ()))

    def lines(self, t: int) -> tuple[str, ...]:
        """The unit with the largest gradient, and the weight that this step changes most."""
        if t > self.T:
            return ("loss/0",)
        matrix = self.shown("part", t) if t else self.shown("sum W_hh", 0)
        i, j = np.unravel_index(np.abs(matrix).argmax(), matrix.shape)
        weight = f"W/{self.units[i] + 1},{self.units[j] + 1}"
        most = self.units[int(np.abs(self.numbers["d_h"][t, [*self.units]]).argmax())] + 1
        return (f"unit/{most}", weight) if t else (weight,)

    def table(self) -> Table:
        kinds, steps = {"from y": "from y", "from the future": "future", "on h": "d_h"}, range(1, self.T + 1)
        rows = [self.row(f"unit {k + 1}, {said}", name, k) for k in self.units for said, name in kinds.items()]
        rows.append(self.row("length of the gradient on h", "length"))
        cut = [(head, *cells) for head, _, *cells in rows]  # nothing is there at step 0
        sums = [
            (f"length of d {n} so far", *(self.text(f"norm {n}/{t}") for t in steps)) for n in self.record.contributions
        ]
        return (("", *(f"t = {t}" for t in steps)), *cut, *sums)
