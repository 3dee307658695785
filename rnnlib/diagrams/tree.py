"""A sentence composed over a tree: one node after the other, from the leaves to the root. Chapter 07."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import asked
from ..checks import as_flag
from ..functions import FloatArray
from ..layers import Forest, TreeRNN
from ..look.lettering import clip, quoted, signed, term
from ..look.palette import TEXT
from .pages import Answer, Pages, Question, Table, Tip, checked
from .shapes import Element, canvas, cell, cell_number, group, path, rect, words

LEFT, PITCH, HIGH, TOP, BOX, UNITS = 20, 92, 250, 92, 22, 6
LONGEST = 9  # words that have room
TITLE = "What does the network compose, and in which order?"


@dataclass(frozen=True)
class Node:
    """One place in the tree: its number in the vectors, its children's (none for a leaf), its words, from and to."""

    number: int
    children: tuple[int, ...]
    first: int
    last: int
    height: int


@dataclass(frozen=True)
class TreeRun:
    """A sentence over a tree: nodes in the order of work, leaves first; h (M, H), the vector of each."""

    layer: TreeRNN
    tokens: tuple[str, ...]
    nodes: tuple[Node, ...]
    h: FloatArray

    @property
    def depth(self) -> int:
        """How many compositions lie one upon the other."""
        return self.nodes[-1].height

    def value(self, address: str) -> float:
        """A number by its name: "h/9/2", "left/9/2", "right/9/2", "bias/9/2", "total/9/2", "depth/0/0"."""
        name, number, unit = address.split("/")
        node, k, layer = self.nodes[int(number)], int(unit), self.layer
        if name == "depth":
            return float(self.depth)
        if name == "h":
            return float(self.h[node.number, k])
        left, right = (self.h[child] for child in node.children)
        parts = {"left": layer.W_lh[k] @ left, "right": layer.W_rh[k] @ right, "bias": layer.b_n[k]}
        return float(sum(parts.values()) if name == "total" else parts[name])


def tree_run(layer: TreeRNN, x: FloatArray, tree: Any, tokens: Sequence[str]) -> TreeRun:
    """The vectors of all nodes, by the layer's own run. x (T, I), a row for each word; tree: nested pairs of positions.

    ValueError for more than 9 words, a tree that does not fit, or what is not finite. Chapter 07.
    """
    if not 1 <= len(x) <= LONGEST or len(tokens) != len(x):
        raise ValueError(f"x: expected 1 to {LONGEST} words, each with a token, got {len(x)} and {len(tokens)} tokens")
    forest, _ = layer.check(Forest(x[:, None], (tree,)))
    _, _, tape = layer.forward(forest)
    if not np.isfinite(tape.h).all():
        raise ValueError("x: expected finite numbers, got NaN or infinity")
    nodes = [Node(n, (), int(place), int(place), 0) for n, place in enumerate(tape.plan.leaves[0])]
    for height, (_, lefts, rights) in enumerate(tape.plan.levels, 1):
        for left, right in zip(lefts, rights, strict=True):
            nodes.append(Node(len(nodes), (int(left), int(right)), nodes[left].first, nodes[right].last, height))
    return TreeRun(layer, tuple(tokens), tuple(nodes), tape.h.copy())


@asked.asks(run=asked.kind(TreeRun), ask=as_flag, title=asked.text)
def composition(run: TreeRun, *, ask: bool = False, title: str = TITLE) -> Pages:
    """Words at the bottom, the root on top; one page for each node that is composed. run: from `tree_run`.

    Small squares are the units of a node (the first 6); those of the present node stand above with their numbers. ask:
    a question about depth before the first page. Chapter 07.
    """
    sheet = _Sheet(run)
    steps = range(len(sheet.inner) + 1)
    alt = f"A tree over {len(run.tokens)} words, {run.depth} compositions deep."
    drawing = canvas(sheet.width, TOP + HIGH + 56, alt)
    drawing.extend(sheet.background())
    drawing.extend(group("page", *sheet.page(p, ask), data_t=str(p)) for p in steps)
    H = run.h.shape[1]
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(sheet.caption(p) for p in steps),
        tips=tuple(sheet.tips(p) for p in steps),
        lines=tuple((f"unit/{sheet.strongest(p) + 1}",) if p else () for p in steps),
        table=sheet.table(),
        title=title,
        alt=alt,
        note=f"The first {UNITS} of {H} units are drawn; the table has all." if H > UNITS else "",
        marks=tuple(f"node {p} / {len(sheet.inner)}" if p else "the words" for p in steps),
        questions=(_question(), *[None] * len(sheet.inner)) if ask else (),
    )
    return checked(pages, run.value)


def _question() -> Question:
    return Question(
        "8 words: how deep is a tree that branches to the right, and how deep a balanced one?",
        (
            Answer("8 and 8", "Depth counts compositions on the longest way, and two words need one."),
            Answer("7 and 3", "A chain has a composition for each word but the first; halving 8 three times gives 1."),
            Answer("3 and 3", "Only the balanced one halves at each step."),
        ),
        right=1,
    )


class _Sheet:
    def __init__(self, run: TreeRun) -> None:
        self.run, self.T = run, len(run.tokens)
        self.inner = [node for node in run.nodes if node.children]
        self.units = range(min(UNITS, run.h.shape[1]))
        self.width = max(LEFT * 2 + PITCH * self.T, 700)
        self.x = [0.0] * len(run.nodes)
        for node in run.nodes:
            own = (self.width - PITCH * self.T) / 2 + PITCH * (node.first + 0.5)
            self.x[node.number] = sum(self.x[c] for c in node.children) / 2 if node.children else own

    def y(self, node: Node) -> float:
        return TOP + HIGH - node.height * (HIGH - 10) / max(self.run.depth, 4)

    def strip(self, node: Node, page: int) -> Element:
        """The units of a node as small squares."""
        wide = 12 * len(self.units) + 8
        x, y = self.x[node.number] - wide / 2, self.y(node) - BOX / 2
        parts = [rect(x, y, wide, BOX, "panel surface", 6)]
        for place in self.units:
            value = float(self.run.h[node.number, place])
            parts.append(cell(value, x + 4 + 12 * place, y + 4, 11, BOX - 8))
        data = {"data_tip": f"unit/{self.units[0] + 1}", "data_at": str(page)} if page else {}
        return group("node", *parts, **data)

    def background(self) -> Iterator[Element]:
        run = self.run
        for node in self.inner:
            for child in node.children:
                yield self._edge(node, run.nodes[child], "rest")
        for node in run.nodes:
            yield self.strip(node, self.inner.index(node) + 1 if node.children else 0)
            if not node.children:
                x, y = self.x[node.number], TOP + HIGH + 18
                yield rect(x - PITCH / 2 + 4, y, PITCH - 8, 32, "panel", 16)
                yield words(clip(run.tokens[node.first], PITCH - 24, TEXT), x, y + 21, "mid big")
        yield words("depth", self.width - 64, 24, "end soft")
        yield words(str(run.depth), self.width - 56, 24, "big bold", data_n="depth/0/0")

    def _edge(self, node: Node, child: Node, cls: str) -> Element:
        x0, x1 = self.x[child.number], self.x[node.number]
        return path(f"M{x0} {self.y(child) - BOX / 2 - 1}L{x1} {self.y(node) + BOX / 2 + 1}", cls)

    def page(self, p: int, ask: bool) -> Iterator[Element]:
        for node in self.inner[p:]:
            yield rect(self.x[node.number] - 44, self.y(node) - BOX / 2 - 2, 88, BOX + 4, "veil")
        if not p:
            if ask:
                yield rect(self.width - 130, 4, 130, 30, "surface cover")
            return
        node = self.inner[p - 1]
        for child in node.children:
            yield self._edge(node, self.run.nodes[child], "now")
        for one, cls in ((node, "now"), *((self.run.nodes[c], "mark") for c in node.children)):
            wide = 12 * len(self.units) + 8
            yield rect(self.x[one.number] - wide / 2, self.y(one) - BOX / 2, wide, BOX, cls, 6)
        yield words(clip(self._words(node), 380), LEFT, 24, "big bold accent")
        for k in self.units:
            value, x = float(self.run.h[node.number, k]), LEFT + 66 * k
            yield rect(x, 36, 60, 24, "panel surface", 4)
            yield cell(value, x, 36, 60, 24)
            yield cell_number(value, signed(value), x + 30, 53, data_n=f"h/{node.number}/{k}")

    def _words(self, node: Node) -> str:
        return " ".join(self.run.tokens[node.first : node.last + 1])

    def strongest(self, p: int) -> int:
        return int(np.abs(self.run.h[self.inner[p - 1].number, list(self.units)]).argmax())

    def caption(self, p: int) -> str:
        if not p:
            return f"The words, each with a vector. {len(self.inner)} compositions follow, {self.run.depth} deep."
        node = self.inner[p - 1]
        left, right = (quoted(self._words(self.run.nodes[child]), 200) for child in node.children)
        end = " That is the root: the vector of the whole sentence." if p == len(self.inner) else ""
        return f"Node {p} of {len(self.inner)}: {left} and {right} become one vector, at height {node.height}.{end}"

    def tips(self, p: int) -> dict[str, Tip]:
        if not p:
            return {}
        n, found = self.inner[p - 1].number, dict[str, Tip]()
        for k in range(self.run.h.shape[1]):

            def part(name: str, style: Any = term, k: int = k) -> tuple[str, str]:
                address = f"{name}/{n}/{k}"
                return style(self.run.value(address)), address

            found[f"unit/{k + 1}"] = (
                (f"unit {k + 1}", "soft"),
                ("tanh(", ""),
                part("left", signed),
                ("from the left", "soft"),
                part("right"),
                ("from the right", "soft"),
                part("bias"),
                ("bias", "soft"),
                (") = tanh(", ""),
                part("total", signed),
                (") =", ""),
                part("h", signed),
            )
        return found

    def table(self) -> Table:
        head = ("", *(f"unit {k + 1}" for k in range(self.run.h.shape[1])))
        return (head, *((clip(self._words(n), 200), *map(signed, self.run.h[n.number])) for n in self.run.nodes))
