"""One step of training in one scene: forward, the loss, backward, the update, and the loss again. Chapter 04."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..checks import as_number, expect
from ..functions import FloatArray
from ..look.templates import Tip, of_picture
from ..trace import BackwardTrace
from ..views.backward import backward
from .boxes import Box, link
from .pages import Pages
from .shapes import Element, arrow, formula, rect, words
from .sheet import Sheet, Table, paged

WEIGHTS = {"W_xh": "w_{x}", "W_hh": "w_{h}", "b_h": "b", "W_hy": "w_{y}", "b_y": "b_{y}"}
LEFT, PITCH, WIDE, HIGH = 150, 170, 74, 32  # of the first unit; from one to the next; of a box
INPUT, STATE, BACK, CARDS = 160, 96, 40, 204  # heights
STEPS = 3  # that have room


@asked.asks(learning_rate=asked.number)
def training_step(record: BackwardTrace, again: BackwardTrace, *, learning_rate: float, title: str = "") -> Pages:
    """A network of one unit learns from one example: page by page forward, the loss, back, the update, the new loss.

    record: from `trace_back`, of a `ManyToOne` with one tanh unit and one answer, trained with mean_squared_error, over
    at most 3 steps. again: the same after the update w - learning_rate * gradient. ValueError for another network, and
    where the second is not the first one after that update. Chapter 04.
    """
    rate = as_number("learning_rate", learning_rate)
    T, names = len(record.d_h), [f"body.{n}" if n.endswith("h") else f"output.{n}" for n in WEIGHTS]
    small = record.d_h.shape[1] == record.d_logits.size == record.forward.x.shape[1] == 1 and T <= STEPS
    expect(small and set(record.gradients) == set(names), "record: expected one tanh unit, one answer, at most 3 steps")
    old, new = ([run.forward.params[name].item() for name in names] for run in (record, again))
    grads = [record.gradients[name].item() for name in names]
    moved = np.allclose(np.subtract(old, np.multiply(rate, grads)), new)
    expect(moved, "again: expected the same network after the update w - learning_rate * gradient")
    return paged(TrainingStep(record, again, rate, np.array([old, grads, new])), title)


class TrainingStep(Sheet):
    """Pages: 0 the start, 1..T forward, T+1 the loss, then T..1 backward, the update, the loss again."""

    WORDS = of_picture("training_step")
    FORM = dict.fromkeys(("loss", "slope"), "share")

    def __init__(self, record: BackwardTrace, again: BackwardTrace, rate: float, w: FloatArray) -> None:
        T, view, x = len(record.d_h), backward(record), record.forward.x[:, 0]
        there, back = [("forward", t) for t in range(1, T + 1)], [("backward", t) for t in range(T, 0, -1)]
        self.stages = [("start", 0), *there, ("loss", T), *back, ("update", 1), ("again", 1)]
        self.T, self.last, self.width, self.height = T, len(self.stages) - 1, 760, CARDS + 100
        z, d_z = [run.forward.logits[-1, 0] for run in (record, again)], record.d_logits[-1]
        parts = [record.contributions[name].reshape(T)[::-1].cumsum()[::-1] for name in ("W_xh", "W_hh", "b_h")]
        sums = np.stack([*parts, *(np.full(T, w[1, k]) for k in (3, 4))], axis=1)
        self.numbers = {name: view[name][..., 0] for name in ("d_h", "d_a", "slope", "h")}
        self.numbers |= dict(zip(("old", "grad", "new"), w, strict=True)) | {"so far": np.concatenate([sums[:1], sums])}
        self.numbers |= {"x": np.append(np.nan, x), "again": again.forward.h[:, 0], "z": np.array(z)}
        self.numbers |= {"d_z": d_z, "truth": z[0] - d_z / 2, "loss": np.array([record.loss, again.loss])}
        self.said = {"T": T, "rate": f"{rate:g}"}

    def box(self, t: int) -> Box:
        return Box(LEFT + PITCH * (t - 1) - WIDE / 2, STATE - HIGH / 2, WIDE, HIGH)

    def answer(self) -> Box:
        return self.box(self.T)._replace(x=self.box(self.T).right + 70)

    def background(self) -> Iterator[Element]:
        for text, y in (("input", INPUT), ("state", STATE), ("gradient", BACK)):
            yield words(text, 6, y + 5, "soft")
        for t in range(1, self.T + 1):
            box = self.box(t)
            yield rect(*box, "panel surface", 7)
            yield formula(f"h_{{{t}}}", box.x - 6, box.y - 4, "soft")
            yield self.number(f"x/{t}", box.middle, INPUT + 5, "mid")
        box = self.answer()
        yield rect(*box, "panel surface", 7)
        yield formula("z", box.x - 6, box.y - 4, "soft")
        yield words("wanted", box.right + 12, STATE - 4, "soft")
        yield self.number("truth/0", box.right + 12, STATE + 15, "bold")

    def page(self, page: int) -> Iterator[Element]:
        stage, t = self.stages[page]
        done, states = t if stage in ("start", "forward") else self.T, "again" if stage == "again" else "h"
        for s in range(1, self.T + 1):
            yield from self._roads(s, stage, t)
            if s <= done and stage != "update":
                yield from self.cell(f"{states}/{s}", self.box(s).inside(3))
            if stage in ("update", "again") or (stage == "backward" and s >= t):
                look = "mid accent bold" if stage == "backward" else "mid soft"
                yield self.number(f"d_h/{s}", self.box(s).middle, BACK + 5, look)
        yield from self._answer(stage)
        yield from self._cards(stage, t)

    def _roads(self, s: int, stage: str, t: int) -> Iterator[Element]:
        """The arrows at one step: forward, strong now; backward the other way."""
        box, look = self.box(s), "now" if stage == "forward" and s == t else "flow"
        yield arrow(box.middle, INPUT - 12, box.middle, box.bottom + 5, look, 7)
        if s > 1:
            left, back = self.box(s - 1), stage == "backward" and s - 1 == t
            yield link(box, left, "now") if back else link(left, box, look)

    def _answer(self, stage: str) -> Iterator[Element]:
        """The last state, the answer, the loss."""
        last = self.box(self.T)
        box, back = self.answer(), stage == "backward"
        yield link(box, last, "now") if back else link(last, box, "now" if stage == "loss" else "flow")
        if stage in ("loss", "backward", "again"):
            at = int(stage == "again")
            yield self.number(f"z/{at}", box.middle, STATE + 5, "mid bold")
            yield words("loss", box.right + 12, BACK - 4, "accent bold")
            yield self.number(f"loss/{at}", box.right + 12, BACK + 15, "accent bold")
        if back or stage in ("update", "again"):
            yield self.number("d_z/0", box.middle, BACK + 5, "mid accent bold" if back else "mid soft")

    def _cards(self, stage: str, t: int) -> Iterator[Element]:
        """The five weights: what they are, what their gradient has grown to, what they become."""
        over = stage in ("update", "again")
        for y, text in ((31, "weight"), (59, "gradient"), (87, "after")):
            yield words(text, 6, CARDS + y, "soft")
        for k, symbol in enumerate(WEIGHTS.values()):
            x = 134 + 126 * k
            yield formula(symbol, x, CARDS + 2, "mid")
            yield self.number(f"old/{k}", x, CARDS + 31, "mid soft" if over else "mid")
            if over or stage == "backward":
                yield self.number(f"so far/{t}/{k}", x, CARDS + 59, "mid" if over else "mid accent bold")
            if over:
                yield self.number(f"new/{k}", x, CARDS + 87, "mid bold")
        if stage == "update":
            yield rect(66, CARDS + 68, 660, 28, "now", 8)

    def caption(self, page: int) -> str:
        return self.say(self.stages[page][0], t=self.stages[page][1])

    def tips(self, page: int) -> dict[str, Tip]:
        stage, t = self.stages[page]
        name = "first" if stage == "backward" and t == self.T else stage
        return {"line": self.tip(f"{name} line", t=t)} if f"{name} line" in self.WORDS else {}

    def mark(self, page: int) -> str:
        stage, t = self.stages[page]
        return f"{stage}, t = {t}" if stage in ("forward", "backward") else stage

    def table(self) -> Table:
        rows = {"weight": "old", "gradient": "grad", "after": "new"}
        return (("", *WEIGHTS), *(self.row(label, name) for label, name in rows.items()))
