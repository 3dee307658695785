"""The two computations of a plain recurrent network as matrices with numbers, one operation a page.

Above, in one line, the new state; below, in one line, the output from it. A row times a column gives the number that
stands in the same row. What is not computed yet is empty. Chapter 02.
"""

from collections.abc import Iterator
from functools import cache, partial
from itertools import product

import numpy as np

from .. import asked
from ..functions import FloatArray
from ..look.lettering import clip, counted, exact, listed, power, quoted, text_width
from ..look.notation import Notation
from ..look.palette import SMALL
from ..look.templates import Form, Tip, of_picture
from ..trace import Trace
from ..views.operations import operations
from . import choices
from .boxes import Box, hcat, link
from .pages import Pages
from .shapes import Element, arrow, bent, formula, group, rect, words
from .sheet import Ask, Sheet, Table, paged

STEPS = 8  # as many are shown
ROOM, MORE_ROOM = 859, 899  # px across; where all of the network is shown then
SLACKS = (10, 8, 6, 4)  # px around the number in a cell, the first that has room
TOP, ROW, PAD, GAP = 48, 21, 2, 2  # of the first line; from cell to cell; around and between cells
EDGE, DOTS, NAME, BETWEEN = 36, 14, 84, 82  # left of the first matrix; a column of dots; a class's name; between lines
LINES = {  # box -> the px between it and the next
    "W_xh": 6, "x": 17, "xh": 18, "W_hh": 6, "before": 17, "hh": 18, "b_h": 17, "sum": 52, "h": 0,
    "W_hy": 6, "state": 18, "hy": 20, "b_y": 18, "score": 84, "p": 0,
}  # fmt: skip
FIRST, SECOND = [*LINES][:9], [*LINES][9:]
SHOWS = {"before": "h", "state": "h"}  # box -> quantity, where the names differ
SIGNS = {"xh": "=", "W_hh": "+", "hh": "=", "b_h": "+", "sum": "=", "hy": "=", "b_y": "+", "score": "="}
GIVES = {"W_xh": "xh", "W_hh": "hh", "b_h": "sum", "W_hy": "hy", "b_y": "score"}  # weights -> what they lead to
PRODUCTS = {"xh": ("W_xh", "x", 0), "hh": ("W_hh", "h", 1), "hy": ("W_hy", "h", 0)}  # matrix, vector, steps back
OPERATIONS = {  # what each gives -> the boxes that it takes
    "xh": ("W_xh", "x"), "hh": ("W_hh", "before"), "sum": ("xh", "hh", "b_h"), "h": ("sum",),
    "hy": ("W_hy", "state"), "score": ("hy", "b_y"), "p": ("score",),
}  # fmt: skip
NAMES = tuple(OPERATIONS)
COUNT = len(NAMES)
SINCE = {name: place for place, name in enumerate(NAMES)} | {"state": 4}
WHOLE = ("x", "before", "state")  # operands of which every number takes part
SCORES = 4  # that have a place in a line of softmax


@asked.asks()
def computations(trace: Trace, *, notation: str = "h", ask: Ask = None, title: str = "") -> Pages:
    """A run of a plain recurrent network as pages, one operation each: seven for a step, after one for the start.

    W_xh x, W_hh h, their sum with b_h, tanh: the new state. Then W_hy h, + b_y, softmax: the output. trace: of a
    `ManyToOne` or `ManyToMany` with an `RNNCell` and softmax. notation: "h" as in the book, "a" as in the course. ask:
    page -> question, whose number (`about`) is blank there. As many units, inputs and outputs are shown as have room,
    and at most 8 steps. ValueError for another notation or network, and for NaN or infinity. Chapter 02.
    """
    return paged(Computations(trace, notation), title, ask)


def short(value: float, decimals: int = 2) -> str:
    """A number with its sign; fewer decimals where it is large."""
    if abs(value) >= 99_999.5:
        return f"{'+' if value > 0 else ''}{power(value)}"
    return exact(value, min(decimals, 2 if abs(value) < 99.995 else 1 if abs(value) < 999.95 else 0))


def _decimals(*arrays: FloatArray) -> int:
    """As many as all need, at most two."""
    array = np.concatenate([np.ravel(a) for a in arrays])
    return next((d for d in (0, 1) if np.allclose(array, np.round(array, d), rtol=0, atol=1e-9)), 2)


def place(page: int) -> tuple[int, str]:
    """A page's step (0 is the start) and the quantity that it computes; at the start the first state is there."""
    return ((page - 1) // COUNT + 1, NAMES[(page - 1) % COUNT]) if page else (0, "h")


def page_of(t: int, name: str) -> int:
    """The page on which a quantity of step t is computed."""
    return 1 + (t - 1) * COUNT + NAMES.index(name) if t else 0


class Computations(Sheet):
    """units, inputs, outputs: those that have room."""

    WORDS = of_picture("computations")

    def __init__(self, trace: Trace, notation: str) -> None:
        self.trace, self.n, self.numbers = trace, Notation(notation), operations(trace)
        self.T, self.steps, self.K = trace.T, min(trace.T, STEPS), len(trace.classes)
        self.last = COUNT * self.steps
        weights = {name: self.numbers[name] for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y")}
        of_weights = partial(short, decimals=_decimals(*weights.values()))
        forms: dict[str, Form] = dict.fromkeys(weights, of_weights)
        self.forms = forms | {"x": partial(short, decimals=_decimals(trace.x)), "p": "{:.2f}".format}
        self.said = {name: self.n.plain(name) for name in weights} | {
            "I": trace.x.shape[1], "H": trace.H, "K": self.K, "T": self.T, "steps": self.steps, "count": COUNT,
            "hidden": notation, "bias": "b_h",
        }  # fmt: skip
        self.outputs = choices.largest(trace.probabilities.mean(axis=0), self.K if self.K <= 4 else 3)
        self._choose()
        self._rest()
        self._lay_out()

    def form(self, name: str) -> Form:
        return self.forms.get(name, short)

    def _choose(self) -> None:
        """The units and inputs that do most in this run, as many as have room, and how wide the boxes are."""
        numbers, x, H = self.numbers, self.trace.x.shape[1], self.trace.H
        sizes = [*product(range(1, min(x, 4) + 1), range(1, (H if H <= 4 else 3) + 1))]
        sizes.sort(key=lambda size: (-sum(size), abs(size[0] - size[1]), size))
        for (inputs, units), slack in product(sizes, SLACKS):
            room = MORE_ROOM if (inputs, units, slack) == (x, H, SLACKS[-1]) else ROOM
            self.widths = self._widths(inputs, units, slack)
            if EDGE + 10 + sum(self.widths[name] + LINES[name] for name in FIRST) <= room:
                break
        self.inputs = choices.largest(
            np.abs(numbers["x"][1:]).sum(axis=0) * np.abs(numbers["W_xh"]).sum(axis=0), inputs
        )
        self.units = choices.moving(numbers["h"], units, np.ptp(numbers["W_hy"], axis=0) + 1e-12)
        columns = {"W_xh": self.inputs, "W_hh": self.units, "W_hy": self.units, "b_h": (0,), "b_y": (0,)}
        self.columns: dict[str, tuple[int, ...]] = columns

    def _widths(self, inputs: int, units: int, slack: int) -> dict[str, float]:
        """Of all boxes: a cell is as wide as the widest number of its kind."""

        def cell(*names: str) -> float:
            ends = [(name, float(f(self.numbers[name]))) for name in names for f in (np.nanmin, np.nanmax)]
            return round(max(text_width(self.form(name)(end), SMALL) for name, end in ends) / 2) * 2 + slack

        weight, state, answer = (
            cell("W_xh", "W_hh", "b_h", "W_hy", "b_y"),
            cell("xh", "hh", "sum", "h"),
            cell("hy", "score"),
        )
        cells = dict.fromkeys(("xh", "before", "hh", "sum", "h", "state"), state) | {"x": cell("x"), "p": 30 + slack}
        cells |= dict.fromkeys(("hy", "score"), answer) | dict.fromkeys(("W_xh", "W_hh", "W_hy", "b_h", "b_y"), weight)
        columns = {"W_xh": inputs, "W_hh": units, "W_hy": units}
        more = {name: count < self.numbers[name].shape[1] for name, count in columns.items()}
        return {
            name: columns.get(name, 1) * (wide + GAP) - GAP + 2 * PAD + DOTS * more.get(name, False)
            for name, wide in cells.items()
        }

    def _rest(self) -> None:
        """What the columns without room add to each product."""
        for name, (matrix, letter, back) in PRODUCTS.items():
            W, vectors = self.numbers[matrix], self.numbers[letter]
            hidden = [j for j in range(W.shape[1]) if j not in self.columns[matrix]]
            rest = vectors[: len(vectors) - back, hidden] @ W[:, hidden].T
            self.numbers[f"{name} rest"] = np.concatenate([np.full((back, len(W)), np.nan), rest])

    def rows(self, name: str) -> tuple[int, ...]:
        """The numbers of a quantity or a box that have room, from the top down."""
        wide = dict.fromkeys(("W_hy", "hy", "b_y", "score", "p"), self.outputs)
        return wide.get(name, self.inputs if name == "x" else self.units)

    def _cut(self, name: str) -> bool:
        of = self.K if self.rows(name) is self.outputs else self.trace.x.shape[1] if name == "x" else self.trace.H
        return len(self.rows(name)) < of

    def _lay_out(self) -> None:
        self.classes = {k: clip(self.trace.classes[k], NAME, SMALL) for k in self.outputs}
        name = max(text_width(name, SMALL) for name in self.classes.values())
        high = {n: len(self.rows(n)) * ROW - GAP + 2 * PAD + DOTS * self._cut(n) for n in LINES}
        sizes = {n: (self.widths[n], float(high[n])) for n in LINES}
        self.high, self.low = (max(high[n] for n in line) for line in (FIRST, SECOND))
        self.below, self.corridor = TOP + self.high + BETWEEN, TOP + self.high + 14
        self.boxes = {
            box: at
            for line, x, y in ((FIRST, EDGE, TOP), (SECOND, 24 + round(name), self.below))
            for box, at in hcat({n: sizes[n] for n in line}, [LINES[n] for n in line], x, y).items()
        }
        self.right = self.boxes["p"].right + 20 + name  # where the second computation ends
        self.width, self.height = max(self.boxes["h"].right + 10, self.right + 10), self.below + self.low + 10

    def cells(self, name: str) -> dict[int, Box]:
        """Number -> its row in a box."""
        box, rows = self.boxes[name], self.rows(name)
        high = len(rows) * ROW - GAP
        return dict(
            zip(rows, Box(box.x + PAD, box.y + PAD, box.width - 2 * PAD, high).cells(len(rows), gap=GAP), strict=True)
        )

    def background(self) -> Iterator[Element]:
        boxes = self.boxes
        yield rect(4, 2, self.width - 8, TOP + self.high + 2, "zone", 14)
        yield words("1. the new state", 18, 20, "bold soft")
        yield rect(4, self.below - 47, self.right, self.low + 54, "zone", 14)
        yield words("2. the output", 18, self.below - 28, "bold soft")
        yield words("unit", EDGE - 2, boxes["W_xh"].y - 9, "end soft")
        yield from (words(str(i + 1), EDGE - 8, at.level + 5, "end soft") for i, at in self.cells("W_xh").items())
        for i, name in self.classes.items():
            yield words(name, boxes["W_hy"].x - 8, self.cells("W_hy")[i].level + 5, "end soft")
            yield words(name, boxes["p"].right + 8, self.cells("p")[i].level + 5, "soft")
        for name, box in boxes.items():
            yield rect(*box, "panel surface", 6)
            if self._cut(name):
                yield words("⋮", box.middle, box.bottom - 3, "mid soft")
        for name in GIVES:
            yield formula(self.n.weight(name), boxes[name].middle, boxes[name].y - 9, "mid")
            yield from self._weights(name)
        yield from self._signs()

    def _weights(self, name: str) -> Iterator[Element]:
        """The rows of a matrix, or the numbers of a bias; each shows the arithmetic of the number that it leads to."""
        columns, matrix = self.columns[name], name.startswith("W")
        dots = DOTS * (matrix and len(columns) < self.numbers[name].shape[1])
        for i, (x, y, wide, high) in self.cells(name).items():
            row: list[Element] = [rect(x, y, wide, high, "surface", 3)]
            for j, at in zip(columns, Box(x, y, wide - dots, high).cells(1, len(columns), GAP), strict=True):
                row += self.cell(f"{name}/{i}/{j}" if matrix else f"{name}/{i}", at)
            if dots:
                row.append(words("…", x + wide - DOTS / 2, y + 15, "mid soft"))
            yield group("row", *row, data_tip=f"{GIVES[name]}/{i + 1}")

    def _signs(self) -> Iterator[Element]:
        """What is between the boxes, and the ways of the state."""
        boxes, h = self.boxes, self.boxes["h"]
        for name, sign in SIGNS.items():
            gap = 20 if sign == "+" else 18
            yield words(sign, boxes[name].x - gap / 2, boxes[name].level + 5, "mid big")
        for name, text in (("sum", "sum"), ("score", "scores")):
            yield words(text, boxes[name].middle, boxes[name].y - 9, "mid soft")
        for name, after, text in (("sum", "h", "tanh"), ("score", "p", "softmax")):
            yield words(text, (boxes[name].right + boxes[after].x) / 2, boxes[name].level - 10, "mid")
            yield self._across(name, after)
        yield from self._down()
        yield arrow(h.middle, self.corridor, self.width - 10, self.corridor)

    def _across(self, name: str, after: str, cls: str = "flow") -> Element:
        return link(self.boxes[name], self.boxes[after], cls, 10 if cls == "now" else 7, off=7, short=7)

    def _down(self, cls: str = "flow") -> list[Element]:
        """From the new state to the second computation."""
        state, new, y = self.boxes["state"], self.boxes["h"], self.corridor
        corners = [(new.middle, new.bottom + 4), (new.middle, y), (state.middle, y), (state.middle, state.y - 24)]
        return bent(corners, cls, 10 if cls == "now" else 7)

    def page(self, page: int) -> Iterator[Element]:
        """The numbers that are known, the operation of this page in the accent, the followed number outlined."""
        t, name = place(page)
        yield from self._names(t)
        if not t:
            yield from self.vector("before", 1)
            return
        yield from self.vector("x", t)
        yield from self.vector("before", t)
        for box, since in SINCE.items():
            if NAMES.index(name) >= since:
                yield from self.vector(box, t)
        yield from self._now(name)
        yield from self._follow(name, self.followed(page))
        if page in self.ask:
            x, y, wide, high = self.cells(name)[self.followed(page)].inside(1)
            yield rect(x, y, wide, high, "cover surface", 2)
            yield words("?", x + wide / 2, y + high / 2 + 5, "cover mid bold")

    def _names(self, t: int) -> Iterator[Element]:
        """What the vectors of this step are called."""
        now, before = (t, t - 1) if t else ("t", 0)
        called = {"x": ("x", now), "before": ("h", before), "h": ("h", now), "state": ("h", now), "p": ("y", now)}
        for name, (letter, step) in called.items():
            yield formula(self.n.at(letter, step), self.boxes[name].middle, self.boxes[name].y - 9, "mid")
        text = self.say("last" if t == self.T else "next" if t else "soon", t=t)
        yield words(text, self.width - 12, self.corridor + 16, "end soft")

    @cache  # noqa: B019  # for all pages that have them; a sheet lives as long as it is drawn
    def vector(self, box: str, t: int) -> list[Element]:
        """The numbers of a vector at step t. Each shows the arithmetic of the page on which it was computed."""
        name, step, found = SHOWS.get(box, box), t - (box == "before"), list[Element]()
        for i, at in self.cells(box).items():
            cells = self.cell(f"{name}/{step}/{i}", at)
            data = {} if name == "x" else {"data_tip": f"{name}/{i + 1}", "data_at": str(page_of(step, name))}
            found += [group("", *cells, **data)] if data else cells
        return found

    def _now(self, name: str) -> Iterator[Element]:
        operands = OPERATIONS[name]
        yield rect(*self.boxes[name].inside(-1), "now", 7)
        yield from (rect(*self.boxes[box], "curve stroke-now", 6) for box in operands)
        if name == "hy":
            yield from self._down("now")
        if name in ("h", "p"):
            yield self._across(operands[0], name, "now")

    def followed(self, page: int) -> int:
        """The number that is followed: what is asked for, else of a unit the first, of the output the last that has
        room."""
        name = place(page)[1]
        first = self.rows(name)[-1 if name in ("hy", "score", "p") else 0]
        return self.ask[page].about if page in self.ask else first

    def _follow(self, name: str, i: int) -> Iterator[Element]:
        """The row that gives number i, and the number."""
        for box in (*OPERATIONS[name], name):
            if box not in WHOLE and not (name == "p" and box == "score"):
                yield rect(*self.cells(box)[i], "mark", 3)

    def who(self, name: str, i: int) -> str:
        """Whose number it is."""
        return quoted(self.trace.classes[i]) if name in ("hy", "score", "p") else f"unit {i + 1}"

    def names(self, t: int) -> dict[str, str]:
        """What the vectors of step t are called in a sentence."""
        named = {f"{letter}_t": self.n.said(letter, t) for letter in "xhy"}
        return named | {"h_before": self.n.said("h", t - 1)}

    def caption(self, page: int) -> str:
        (t, name), trace = place(page), self.trace
        said = self.names(t)
        if not t:
            return self.say("start", zero="given" if trace.h[0].any() else "all zeros", **said)
        i, most = self.followed(page), int(np.argmax(trace.probabilities[t - 1]))
        token, size = trace.tokens[t - 1], counted(trace.x.shape[1], "number")
        said |= {"token": size if token == f"x_{t}" else f"{quoted(token)}, as {size}", "who": self.who(name, i)}
        said |= {"best": quoted(trace.classes[most]), "on": self.say("goes on" if t < self.T else "would go on", t=t)}
        at_first = name == "hh" and not trace.h[t - 1].any()
        told = self.say("hh at first" if at_first else name, t=t, i=i, most=most, **said)
        return self.say("caption", t=t, computation=1 if name in NAMES[:4] else 2, said=told)

    def mark(self, page: int) -> str:
        t, name = place(page)
        return self.say("mark", t=t, what=self.say(f"mark {name}", **self.names(t))) if t else self.say("mark start")

    def note(self) -> str:
        shown = {"units": (self.units, self.trace.H), "inputs": (self.inputs, self.trace.x.shape[1])}
        shown |= {"classes": (self.outputs, self.K)}
        cut = [
            f"{len(some)} of {size} {name} (number {listed([str(k + 1) for k in some])})"
            for name, (some, size) in shown.items()
            if len(some) < size
        ]
        notes = [self.say("cut", cut=listed(cut))] if cut else []
        return " ".join([*notes, *([self.say("cut steps")] if self.steps < self.T else [])])

    def tips(self, page: int) -> dict[str, Tip]:
        t, name = place(page)
        return {f"{name}/{i + 1}": self.line_of(name, t, i) for i in self.rows(name)}

    def lines(self, page: int) -> tuple[str, ...]:
        return (f"{place(page)[1]}/{self.followed(page) + 1}",)

    def line_of(self, name: str, t: int, i: int) -> Tip:
        """The arithmetic of number i of a quantity at step t."""
        said = {"t": t, "i": i, "who": self.who(name, i)} | self.names(t)
        if not t:
            return self.tip("begins", **said)
        if name in PRODUCTS:
            matrix, letter, back = PRODUCTS[name]
            said |= {"name": name, "matrix": matrix, "letter": letter, "s": t - back}
            said |= {"plain": self.n.plain(matrix), "vector": self.n.said(letter, t - back)}
            return self._added("product", self.columns[matrix], self.numbers[matrix].shape[1], said)
        if name == "p":
            return self._added("p", [i, *(j for j in range(self.K) if j != i)][:SCORES], self.K, said)
        return self.tip(f"{name} line", **said)

    def _added(self, kind: str, shown: list[int] | tuple[int, ...], size: int, said: dict[str, object]) -> Tip:
        """A line with a sum in it: as many of its terms as have room, and what the others add."""
        terms: list[tuple[str, str]] = []
        for j in shown:
            terms += [*([("+", "")] if terms else []), *self.tip(f"{kind} term", j=j, **said)]
        rest = self.tip(f"{kind} rest", n=size - len(shown), **said) if len(shown) < size else ()
        return self.tip(f"{kind} line", terms=tuple(terms), rest=rest, **said)

    def table(self) -> Table:
        n, labels = self.trace.classes, {name: self.say(f"mark {name}") for name in ("xh", "hh")}
        labels |= {"sum": "sum", "h": "state"}
        units = [self.row(f"{of}, unit {k + 1}", name, k) for name, of in labels.items() for k in range(self.trace.H)]
        of = {"score": "score of", "p": "probability of"}
        answers = [self.row(f"{o} {clip(c, 130)}", name, k) for name, o in of.items() for k, c in enumerate(n)]
        return (("", "start", *(clip(token, 130) for token in self.trace.tokens)), *units, *answers)
