"""The two computations of a plain recurrent network as matrices with numbers, one operation a page.

Above, in one line, the new state; below, in one line, the output from it. A row times a column gives the number that
stands in the same row. What is not computed yet is empty. Chapter 02.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from ..checks import as_flag
from ..trace import Trace
from . import asked
from .computations_quiz import blanks, question
from .computations_run import (
    CELL_GAP,
    COUNT,
    DOTS,
    EDGE,
    EQUALS,
    OPERATIONS,
    PAD,
    PLUS,
    SQUASH,
    TIMES,
    Network,
    Place,
    gives,
    made_on,
)
from .computations_words import Say, alternative, caption, mark, note, table, tips
from .lettering import clean, clip, text_width
from .pages import Pages, checked
from .palette import SMALL
from .shapes import Element, arrow, bent, canvas, cell, cell_number, formula, group, rect, words

__all__ = ["computations"]

TITLE = "What does one step compute?"
TOP, ROW = 66, 26  # of the first line of boxes; from cell to cell
BETWEEN = 112  # px from the first line of boxes to the second
SOFTMAX, NAME = 84, 84  # px for the arrow; the most that a class's name has
OPERANDS = (
    ("W_xh", "x"),
    ("W_hh", "before"),
    ("xh", "hh", "b_h"),
    ("sum",),
    ("W_hy", "state"),
    ("hy", "b_y"),
    ("score",),
)
WHOLE = ("x", "before", "state")  # operands of which every number takes part
SHOWS = {"before": "h", "state": "h"}  # box -> quantity, where the names differ
SINCE = {"xh": 0, "hh": 1, "sum": 2, "h": 3, "state": 4, "hy": 4, "score": 5, "p": 6}  # box -> operation


class Box(NamedTuple):
    """Where a matrix or a vector stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Layout:
    """Where things are, in px."""

    network: Network
    say: Say

    @cached_property
    def first(self) -> dict[str, float]:
        """How far across the boxes of the first computation begin."""
        w, gaps = self.network.widths, (TIMES, EQUALS, PLUS, TIMES, EQUALS, PLUS, EQUALS, SQUASH, 0)
        names = ("W_xh", "x", "xh", "W_hh", "before", "hh", "b_h", "sum", "h")
        return _in_line(names, [w[SHOWS.get(name, name)] for name in names], gaps, EDGE)

    @cached_property
    def second(self) -> dict[str, float]:
        """The same of the second one."""
        w, gaps = self.network.widths, (TIMES, EQUALS, PLUS, EQUALS, SOFTMAX, 0)
        names = ("W_hy", "state", "hy", "b_y", "score", "p")
        start = 24 + round(max(text_width(name, SMALL) for name in self.classes.values()))
        return _in_line(names, [w[SHOWS.get(name, name)] for name in names], gaps, start)

    @cached_property
    def classes(self) -> dict[int, str]:
        """What has room of the names of the classes."""
        return {k: clip(self.network.trace.classes[k], NAME, SMALL) for k in self.network.outputs}

    @cached_property
    def boxes(self) -> dict[str, Box]:
        lines = (self.first, TOP, self.high), (self.second, self.below, self.low)
        found = {}
        for places, top, room in lines:
            for name, x in places.items():
                height = self.height_of(name)
                width = self.network.widths[SHOWS.get(name, name)]
                found[name] = Box(x, top + (room - height) / 2, width, height)
        return found

    @cached_property
    def vector(self) -> Callable[[str, int], list[Element]]:
        """The numbers of a vector at a step, for all pages that have them."""
        return cache(lambda name, t: [*_vector(self, name, t)])

    def rows(self, name: str) -> tuple[int, ...]:
        """The numbers that a box shows, from the top down."""
        owner = {"W_xh": "xh", "W_hh": "hh", "b_h": "sum", "W_hy": "hy", "b_y": "score"}.get(name, name)
        return self.network.rows(SHOWS.get(owner, owner))

    def cut(self, name: str) -> bool:
        """Whether there are more rows than have room."""
        sizes = {"x": self.network.trace.x.shape[1]} | dict.fromkeys(
            ("W_hy", "hy", "b_y", "score", "p"), len(self.network.trace.classes)
        )
        return len(self.rows(name)) < sizes.get(name, self.network.trace.H)

    def height_of(self, name: str) -> float:
        return len(self.rows(name)) * ROW - CELL_GAP + 2 * PAD + DOTS * self.cut(name)

    @cached_property
    def high(self) -> float:
        return max(self.height_of("x"), self.height_of("h"))

    @cached_property
    def low(self) -> float:
        return max(self.height_of("state"), self.height_of("p"))

    @property
    def below(self) -> float:
        return TOP + self.high + BETWEEN

    @property
    def corridor(self) -> float:
        """The height at which the state goes from the first computation to the second."""
        return TOP + self.high + 32

    @property
    def width(self) -> float:
        return max(self.boxes["h"].x + self.boxes["h"].width + 16, self.right + 10)

    @property
    def right(self) -> float:
        """Where the second computation ends."""
        p = self.boxes["p"]
        return p.x + p.width + 20 + max(text_width(name, SMALL) for name in self.classes.values())

    @property
    def height(self) -> float:
        return self.below + self.low + 18

    def row(self, name: str, i: int) -> float:
        """The top of the cell of number i in a box."""
        return self.boxes[name].y + PAD + self.rows(name).index(i) * ROW


def _in_line(names: tuple[str, ...], widths: list[int], gaps: tuple[int, ...], start: float) -> dict[str, float]:
    places, x = {}, start
    for name, width, gap in zip(names, widths, gaps, strict=True):
        places[name] = x
        x += width + gap
    return places


@asked.asks(trace=asked.kind(Trace), notation=asked.notation, ask=as_flag, title=asked.text)
def computations(trace: Trace, *, notation: str = "h", ask: bool = False, title: str = TITLE) -> Pages:
    """A run of a plain recurrent network as pages, one operation each: seven for a step, after one for the start.

    W_xh x, W_hh h, their sum with b_h, tanh: the new state. Then W_hy h, + b_y, softmax: the output. trace: of a
    `ManyToOne` or `ManyToMany` with an `RNNCell` and softmax. notation: "h" as in the book, "a" as in the course. ask:
    whether some of the numbers are blank, to be filled in by the reader; known slips get an answer of their own. As
    many units, inputs and outputs are shown as have room, and at most 8 steps. ValueError for another notation or
    network, and for NaN or infinity. Chapter 02.
    """
    network, say = Network.of(trace, notation), Say(notation)
    layout, steps = Layout(network, say), range(1 + COUNT * network.steps)
    asked = blanks(network, say) if ask else {}
    followed = [asked.get(page, _followed(network, page)) for page in steps]
    drawing = canvas(layout.width, layout.height, alternative(network, say))
    drawing.extend(_background(layout))
    for page in steps:
        drawing.append(group("page", *_page(layout, page, followed[page], page in asked), data_t=str(page)))
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(network, say, page, followed[page]) for page in steps),
        tips=tuple(tips(network, say, page) for page in steps),
        lines=tuple(
            (f"{OPERATIONS[Place.of(page).operation].gives if page else 'h'}/{followed[page] + 1}",) for page in steps
        ),
        table=table(network, say),
        title=clean(title),
        alt=alternative(network, say),
        note=note(network),
        marks=tuple(mark(say, page) for page in steps),
        questions=tuple(question(network, say, page, asked[page]) if page in asked else None for page in steps),
    )
    return checked(pages, network.value)


def _followed(network: Network, page: int) -> int:
    """The number that is followed: of a unit the first that has room, of the output the last class."""
    name = gives(page)
    return network.rows(name)[-1 if name in ("hy", "score", "p") else 0]


# ---- what never changes


def _background(layout: Layout) -> Iterator[Element]:
    say, boxes = layout.say, layout.boxes
    yield rect(4, 6, layout.width - 8, TOP + layout.high + 4, "zone", 14)
    yield words("1. the new state", 18, 28, "bold soft")
    yield rect(4, layout.below - 62, layout.right, layout.low + 74, "zone", 14)
    yield words("2. the output", 18, layout.below - 40, "bold soft")
    yield words("unit", EDGE - 8, boxes["W_xh"].y - 9, "end soft")
    for i in layout.rows("h"):
        yield words(str(i + 1), EDGE - 8, layout.row("W_xh", i) + 17, "end soft")
    for i, name in layout.classes.items():
        yield words(name, boxes["W_hy"].x - 8, layout.row("W_hy", i) + 17, "end soft")
        yield words(name, boxes["p"].x + boxes["p"].width + 8, layout.row("p", i) + 17, "soft")
    for name, box in boxes.items():
        yield rect(*box, "panel surface", 6)
        if layout.cut(name):
            yield words("⋮", box.middle, box.y + box.height - 3, "mid soft")
    for name in ("W_xh", "W_hh", "W_hy", "b_h", "b_y"):
        yield formula(say.matrix(name), boxes[name].middle, boxes[name].y - 9, "mid")
        yield from _weights(layout, name)
    yield from _signs(layout)


def _weights(layout: Layout, name: str) -> Iterator[Element]:
    """The rows of a matrix, or the numbers of a bias; each shows the arithmetic of the number that it leads to."""
    network, box = layout.network, layout.boxes[name]
    columns = {"W_xh": network.inputs, "W_hh": network.units, "W_hy": network.units}.get(name)
    gives = {"W_xh": "xh", "W_hh": "hh", "W_hy": "hy", "b_h": "sum", "b_y": "score"}[name]
    dots = DOTS * (columns is not None and len(columns) < network.param(name).shape[1])
    width = (box.width - dots - 2 * PAD + CELL_GAP) / len(columns or (0,)) - CELL_GAP
    for i in layout.rows(name):
        y = layout.row(name, i)
        cells: list[Element] = [rect(box.x + PAD, y, box.width - 2 * PAD, ROW - CELL_GAP, "surface", 3)]
        addresses = [f"{name}/{i}"] if columns is None else [f"{name}/{i}/{j}" for j in columns]
        for place, address in enumerate(addresses):
            cells += _cell(layout, address, box.x + PAD + place * (width + CELL_GAP), y, width)
        if dots:
            cells.append(words("…", box.x + box.width - PAD - DOTS / 2, y + 15, "mid soft"))
        yield group("row", *cells, data_tip=f"{gives}/{i + 1}")


def _cell(layout: Layout, address: str, x: float, y: float, width: float) -> list[Element]:
    value = layout.network.value(address)
    number = cell_number(value, layout.network.text(address), x + width / 2, y + 17, data_n=address)
    return [cell(value, x, y, width, ROW - CELL_GAP), number]


def _signs(layout: Layout) -> Iterator[Element]:
    """What is between the boxes, and the ways of the state."""
    boxes = layout.boxes
    for name, sign in (("xh", "="), ("W_hh", "+"), ("hh", "="), ("b_h", "+"), ("sum", "="), ("hy", "="), ("b_y", "+")):
        yield words(sign, boxes[name].x - (PLUS if sign == "+" else EQUALS) / 2, _middle(layout, name) + 5, "mid big")
    yield words("=", boxes["score"].x - EQUALS / 2, _middle(layout, "score") + 5, "mid big")
    yield words("sum", boxes["sum"].middle, boxes["sum"].y - 9, "mid soft")
    yield words("scores", boxes["score"].middle, boxes["score"].y - 9, "mid soft")
    for name, after, text in (("sum", "h", "tanh"), ("score", "p", "softmax")):
        yield words(text, (boxes[name].x + boxes[name].width + boxes[after].x) / 2, _middle(layout, name) - 10, "mid")
        yield _across(layout, name, after)
    yield from _down(layout)
    yield arrow(boxes["h"].middle, layout.corridor, boxes["h"].middle, layout.corridor + 52)


def _middle(layout: Layout, name: str) -> float:
    box = layout.boxes[name]
    return box.y + box.height / 2


def _across(layout: Layout, name: str, after: str, cls: str = "flow") -> Element:
    box, end = layout.boxes[name], layout.boxes[after].x
    y = _middle(layout, name)
    return arrow(box.x + box.width + 7, y, end - 7, y, cls, 10 if cls == "now" else 7)


def _down(layout: Layout, cls: str = "flow") -> list[Element]:
    """From the new state to the second computation."""
    state, new = layout.boxes["state"], layout.boxes["h"]
    corners = [
        (new.middle, new.y + new.height + 4),
        (new.middle, layout.corridor),
        (state.middle, layout.corridor),
        (state.middle, state.y - 28),
    ]
    return bent(corners, cls, 10 if cls == "now" else 7)


# ---- what is different on each page


def _page(layout: Layout, page: int, i: int, asked: bool) -> Iterator[Element]:
    """The numbers that are known, the operation of this page in the accent, the number that is followed outlined."""
    t, operation = Place.of(page)
    yield from _names(layout, t)
    if t:
        yield from layout.vector("x", t)
        yield from layout.vector("before", t)
        for name, since in SINCE.items():
            if operation >= since:
                yield from layout.vector(name, t)
        yield from _now(layout, operation)
        yield from _follow(layout, operation, i)
        if asked:
            yield from _blank(layout, OPERATIONS[operation].gives, i)
    else:
        yield from layout.vector("before", 1)


def _names(layout: Layout, t: int) -> Iterator[Element]:
    """What the vectors of this step are called."""
    say, boxes = layout.say, layout.boxes
    now, before = (t, t - 1) if t else ("t", 0)
    for name, letter, step in (
        ("x", "x", now),
        ("before", "h", before),
        ("h", "h", now),
        ("state", "h", now),
        ("p", "y", now),
    ):
        yield formula(say.markup(letter, step), boxes[name].middle, boxes[name].y - 9, "mid")
    last = t == layout.network.T
    text = "there is no next step" if last else f"kept for step {t + 1}" if t else "kept for the next step"
    x = min(boxes["h"].middle, layout.width - 12 - text_width(text, SMALL) / 2)
    yield words(text, x, layout.corridor + 72, "mid soft")


def _vector(layout: Layout, name: str, t: int) -> Iterator[Element]:
    """The numbers of a vector at step t. Each shows the arithmetic of the page on which it was computed."""
    box, quantity = layout.boxes[name], SHOWS.get(name, name)
    step = t - 1 if name == "before" else t
    for i in layout.rows(name):
        cells = _cell(layout, f"{quantity}/{step}/{i}", box.x + PAD, layout.row(name, i), box.width - 2 * PAD)
        if name == "x":  # is given, not computed
            yield from cells
        else:
            at = str(made_on(quantity, step))
            yield group("", *cells, data_tip=f"{quantity}/{i + 1}", data_at=at)


def _now(layout: Layout, operation: int) -> Iterator[Element]:
    result = layout.boxes[OPERATIONS[operation].gives]
    yield rect(result.x - 1, result.y - 1, result.width + 2, result.height + 2, "now", 7)
    for name in OPERANDS[operation]:
        yield rect(*layout.boxes[name], "curve stroke-now", 6)
    if operation == 4:
        yield from _down(layout, "now")
    if operation in (3, 6):
        yield _across(layout, OPERANDS[operation][0], OPERATIONS[operation].gives, "now")


def _follow(layout: Layout, operation: int, i: int) -> Iterator[Element]:
    """The row that gives number i, and the number."""
    several = OPERATIONS[operation].gives == "p"
    for name in (*OPERANDS[operation], OPERATIONS[operation].gives):
        if name not in WHOLE and not (several and name == "score"):
            box = layout.boxes[name]
            yield rect(box.x + PAD, layout.row(name, i), box.width - 2 * PAD, ROW - CELL_GAP, "mark", 3)


def _blank(layout: Layout, name: str, i: int) -> Iterator[Element]:
    box, y = layout.boxes[name], layout.row(name, i)
    yield rect(box.x + PAD + 1, y + 1, box.width - 2 * PAD - 2, ROW - CELL_GAP - 2, "cover surface", 2)
    yield words("?", box.middle, y + 17, "cover mid bold")
