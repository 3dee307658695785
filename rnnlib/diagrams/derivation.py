"""The backward pass, one picture for each line of its derivation. Chapter 04."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..checks import expect
from ..look.templates import of_picture
from ..trace import BackwardTrace
from ..views.backward import backward
from .boxes import Box, link
from .pages import Pages
from .shapes import Element, arrow, bent, formula, rect, words
from .sheet import Sheet, paged

WIDE, HIGH, GAP = 62, 24, 3  # of a number's cell; between two
MOST = {"steps": 4, "units": 2, "outputs": 3}  # that have room
ON_Z, ON_H, ON_A = "δ^{z}_{t}", "δ^{h}_{t}", "δ^{a}_{t}"  # gradients on


@asked.asks(t=asked.whole(1))
def derivation(record: BackwardTrace, *, t: int = 1, title: str = "") -> Pages:
    """Lines 1 to 5 of the backward pass as pages 1 to 5, with the numbers of step t: the gradient on the scores, what
    the steps add for W_hy, the two readers of h_t, the way through tanh, and what the steps add for W_hh.

    Page 0 is the network, forward. record: from `trace_back`, of a plain cell with tanh and an answer at each step, at
    most 4 steps, 3 units, 3 outputs. ValueError for another, and for a step that is the last. Chapter 04.
    """
    (T, H), K = record.d_h.shape, record.d_logits.shape[1]
    few = all(size <= most for size, most in zip((T, H, K), MOST.values(), strict=True))
    expect(few and len(record.d_logits) == T, f"record: expected an answer at each of at most {MOST}, got {(T, H, K)}")
    expect(record.forward.activation == "tanh", "record: expected that of a cell with tanh")
    expect(t < T, f"t: expected a step before the last, which is {T}, got {t}")
    return paged(Derivation(record, t), title)


class Derivation(Sheet):
    WORDS = of_picture("derivation")
    FORM = dict.fromkeys(("p", "truth", "slope"), "share")
    last, width = 5, 760

    def __init__(self, record: BackwardTrace, t: int) -> None:
        self.t, self.T, self.numbers = t, len(record.d_h), backward(record)
        d_z, h = self.numbers["d_y"], self.numbers["h"]
        truth = np.round(self.numbers["p"] - self.T * d_z)
        shares = d_z[:, :, None] * h[:, None]
        self.numbers |= {"truth": truth, "out": shares, "out sum": record.gradients["output.W_hy"]}
        self.numbers |= {"in sum": record.gradients["body.W_hh"]}
        self.H, self.K = h.shape[1], d_z.shape[1]
        self.height = 96 + 2 * (HIGH + GAP) * max(self.H, self.K)
        self.said = {"T": self.T, "step": t}

    def page(self, t: int) -> Iterator[Element]:
        output = self._sum("out", "δ^{z}_{t} h_{t}^{T}", "= ∂L / ∂W_{hy}", "out sum")
        copies = self._sum("part", "W_{hh}^{(t)}", "= ∂L / ∂W_{hh}", "in sum")
        yield from (self._network(), self._scores(), output, self._readers(), self._tanh(), copies)[t]

    def tips(self, t: int) -> dict[str, tuple[tuple[str, str], ...]]:
        return {"line": self.tip(f"line {t}", t=self.t)} if f"line {t}" in self.WORDS else {}

    def caption(self, t: int) -> str:
        return self.say(f"page {t}", t=t)

    def table(self) -> tuple[tuple[str, ...], ...]:
        said = {"from the answer": "from y", "from the future": "future", "on h": "d_h", "on a": "d_a"}
        units = [(label, name, k) for k in range(self.H) for label, name in said.items()]
        rows = [self.row(f"unit {k + 1}, {label}", name, k) for label, name, k in units]
        return (("", *(f"t = {t}" for t in range(1, self.T + 1))), *((head, *cells) for head, _, *cells in rows))

    def column(self, name: str, t: int, x: float, head: str, y: float = 74) -> Iterator[Element]:
        """The vector of that name at step t, one number below the other, its symbol above."""
        yield formula(head, x + WIDE / 2, y - 10, "mid")
        for k in range(len(self.numbers[name][t])):
            yield from self.cell(f"{name}/{t}/{k}", Box(x, y + (HIGH + GAP) * k, WIDE, HIGH))

    def equation(self, parts: list[tuple[str, int, str]], signs: str, x: float, y: float = 74) -> Iterator[Element]:
        """Vectors side by side, and the signs between them."""
        size = len(self.numbers[parts[0][0]][parts[0][1]])
        for place, (name, t, head) in enumerate(parts):
            yield from self.column(name, t, x + 104 * place, head, y)
            if place:
                yield words(signs[place - 1], x + 104 * place - 21, y + (HIGH + GAP) * size / 2 + 4, "mid big")

    def matrix(self, name: str, x: float, y: float, head: str) -> Iterator[Element]:
        """A matrix by its address, its symbol above."""
        rows, columns = self.numbers[name.split("/")[0]].shape[-2:]
        yield formula(head, x + columns * (WIDE + GAP) / 2, y - 10, "mid")
        for i, j in np.ndindex(rows, columns):
            yield from self.cell(f"{name}/{i}/{j}", Box(x + (WIDE + GAP) * j, y + (HIGH + GAP) * i, WIDE, HIGH))

    def boxes(self) -> dict[str, Box]:
        """Where the quantities of steps t and t + 1 stand."""
        places = {"a": (96, 124), "h": (226, 124), "z": (226, 40), "b": (386, 124)}
        return {name: Box(x, y, 66, 34) for name, (x, y) in places.items()}

    def _network(self, back: bool = False) -> Iterator[Element]:
        """What is computed from h_t; and, back, the same roads the other way."""
        at, names = self.boxes(), {"a": "a_{t}", "h": "h_{t}", "z": "z_{t}", "b": "a_{t+1}"}
        for name, box in at.items():
            yield rect(*box, "mark" if back and name == "h" else "panel surface", 8)
            yield formula(names[name], box.middle, box.level + 5, "mid")
        for label, start, end, x, y in (
            ("tanh", "a", "h", 193, 130), ("W_{hy}", "h", "z", 238, 104), ("W_{hh}", "h", "b", 338, 131)
        ):  # fmt: skip
            yield link(at[start], at[end])
            yield formula(label, x, y, "mid soft")
        yield words("loss", 259, 22, "mid soft")

    def _scores(self) -> Iterator[Element]:
        yield from self.equation([("p", self.t, "p_{t}"), ("truth", self.t, "e_{c}")], "−", 96)
        yield words("×  1 / T", 96 + 2 * 104 + 8, 74 + (HIGH + GAP) * self.K / 2 + 4, "mid big")
        yield words("=", 96 + 3 * 104 - 40, 74 + (HIGH + GAP) * self.K / 2 + 4, "mid big")
        yield from self.column("d_y", self.t, 96 + 3 * 104 - 10, ON_Z)

    def _sum(self, name: str, head: str, equals: str, whole: str) -> Iterator[Element]:
        """What each step adds, flowing into one sum."""
        rows, columns = self.numbers[whole].shape
        wide, total = columns * (WIDE + GAP), 760 / 2
        room = 748 / self.T
        for t in range(1, self.T + 1):
            x = 6 + room * (t - 1) + (room - wide) / 2
            yield from self.matrix(f"{name}/{t}", x, 30, head.replace("t", str(t)))
            foot = 30 + rows * (HIGH + GAP)
            start, turn, end = (x + wide / 2, foot + 2), foot + 16, (total, foot + 34)
            if abs(start[0] - total) > 1:
                yield from bent((start, (start[0], turn), (total, turn), end), "now", 8)
            else:
                yield arrow(*start, *end, "now", 8)
        yield from self.matrix(whole, total - wide / 2, 30 + rows * (HIGH + GAP) + 60, "")
        yield formula(equals, total + wide / 2 + 10, 30 + 1.5 * rows * (HIGH + GAP) + 65)

    def _readers(self) -> Iterator[Element]:
        """The two roads out of h_t, and the same two back."""
        yield from self._network(back=True)
        yield arrow(272, 76, 272, 121, "now")
        yield formula("W_{hy}^{T} " + ON_Z, 280, 104, "accent")
        yield arrow(384, 153, 297, 153, "now")
        yield formula("W_{hh}^{T} δ^{a}_{t+1}", 340, 178, "mid accent")
        heads = [("from y", self.t, "answer"), ("future", self.t, "future"), ("d_h", self.t, ON_H)]
        yield from self.equation(heads, "+=", 466, 40)

    def _tanh(self) -> Iterator[Element]:
        yield from self._network(back=True)
        yield arrow(223, 153, 165, 153, "now")
        yield formula("× (1 − h_{t}^{2})", 193, 178, "mid accent")
        heads = [("d_h", self.t, ON_H), ("slope", self.t, "1 − h^{2}"), ("d_a", self.t, ON_A)]
        yield from self.equation(heads, "×=", 466, 40)
