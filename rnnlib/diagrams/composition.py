"""A sentence composed over a tree: one node after the other, from the leaves to the root. Chapter 07."""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..look.lettering import clip, quoted
from ..look.palette import TEXT
from ..look.templates import Tip, of_picture
from ..views.tree import Node, TreeRun
from .boxes import Box, empty
from .pages import Pages
from .shapes import Element, cell, group, line, rect, words
from .sheet import Ask, Sheet, Table, paged

LEFT, PITCH, HIGH, TOP, BOX, UNITS = 20, 92, 176, 70, 22, 6


@asked.asks()
def composition(run: TreeRun, *, ask: Ask = None, title: str = "") -> Pages:
    """Words at the bottom, the root on top; one page for each node that is composed. run: from `views.tree.tree_run`.

    Small squares are the units of a node (the first 6); those of the present node stand above with their numbers. ask:
    page -> question; on the first page it covers the depth. Chapter 07.
    """
    return paged(Composition(run), title, ask)


class Composition(Sheet):
    WORDS = of_picture("composition")
    FORM = dict.fromkeys(("depth",), "count")

    def __init__(self, run: TreeRun) -> None:
        self.run, self.inner, self.last, T = run, run.inner, len(run.inner), len(run.tokens)
        self.numbers = run.numbers | {"depth": [run.depth]}
        self.h, H = run.numbers["h"], run.numbers["h"].shape[1]
        self.units = range(min(UNITS, H))
        self.said = {"T": T, "H": H, "count": UNITS}
        self.width, self.height = max(LEFT * 2 + PITCH * T, 700), TOP + HIGH + 44
        self.boxes: list[Box] = []
        for node in run.nodes:
            own = (self.width - PITCH * T) / 2 + PITCH * (node.first + 0.5)
            x = sum(self.boxes[c].middle for c in node.children) / 2 if node.children else own
            y, wide = TOP + HIGH - node.height * (HIGH - 10) / max(run.depth, 4), 12 * len(self.units) + 8
            self.boxes.append(Box(x - wide / 2, y - BOX / 2, wide, BOX))

    def background(self) -> Iterator[Element]:
        for node in self.inner:
            yield from (self._edge(node, child, "rest") for child in node.children)
        for node in self.run.nodes:
            box = self.boxes[node.number]
            squares = zip(self.units, box.inside(4).cells(1, len(self.units)), strict=True)
            drawn = [cell(float(self.h[node.number, k]), *place) for k, place in squares]
            data = {"data_tip": "unit/1", "data_at": str(self.inner.index(node) + 1)} if node.children else {}
            yield group("node", rect(*box, "panel surface", 6), *drawn, **data)
            if not node.children:
                y = TOP + HIGH + 12
                yield rect(box.middle - PITCH / 2 + 4, y, PITCH - 8, 30, "panel", 15)
                yield words(clip(self.run.words(node), PITCH - 24, TEXT), box.middle, y + 20, "mid big")
        yield words("depth", self.width - 64, 20, "end soft")
        yield self.number("depth/0", self.width - 56, 20, "big bold")

    def _edge(self, node: Node, child: int, cls: str) -> Element:
        up, down = self.boxes[node.number], self.boxes[child]
        return line(down.middle, down.y - 1, up.middle, up.bottom + 1, cls)

    def page(self, t: int) -> Iterator[Element]:
        yield from empty((self.boxes[node.number] for node in self.inner[t:]), 6)
        if not t:
            if 0 in self.ask:
                yield rect(self.width - 58, 4, 58, 24, "surface cover")
            return
        node = self.inner[t - 1]
        yield from (self._edge(node, child, "now") for child in node.children)
        for n in (node.number, *node.children):
            yield rect(*self.boxes[n], "now" if n == node.number else "mark", 6)
        yield words(clip(self.run.words(node), 380), LEFT, 20, "big bold accent")
        for k in self.units:
            place = Box(LEFT + 66 * k, 30, 60, 24)
            yield rect(*place, "panel surface", 4)
            yield from self.cell(f"h/{node.number}/{k}", place)

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        node, nodes = self.inner[t - 1], self.run.nodes
        left, right = (quoted(self.run.words(nodes[child]), 200) for child in node.children)
        end = self.say("end") if t == self.last else ""
        return self.say("caption", t=t, left=left, right=right, height=node.height, end=end)

    def tips(self, t: int) -> dict[str, Tip]:
        units = range(self.said["H"] if t else 0)
        return {f"unit/{k + 1}": self.tip("unit", n=self.inner[t - 1].number, k=k, unit=k + 1) for k in units}

    def lines(self, t: int) -> tuple[str, ...]:
        """The unit that is largest."""
        row = self.h[self.inner[t - 1].number, list(self.units)] if t else self.h[0]
        return (f"unit/{int(np.abs(row).argmax()) + 1}",) if t else ()

    def note(self) -> str:
        return self.say("note") if self.said["H"] > UNITS else ""

    def mark(self, t: int) -> str:
        return f"node {t} / {self.last}" if t else "the words"

    def table(self) -> Table:
        units = range(self.said["H"])
        rows = [
            (clip(self.run.words(n), 200), *(self.text(f"h/{n.number}/{k}") for k in units)) for n in self.run.nodes
        ]
        return (("", *(f"unit {k + 1}" for k in units)), *rows)
