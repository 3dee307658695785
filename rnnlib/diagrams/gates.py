"""An LSTM or GRU twice over one sentence: as it is, and with gates that are held. Chapter 06.

One unit is shown, a column for each step: its gates as bars from 0 to 1, its candidate, its states, and below them how
much of the last state's gradient arrives at this step, beside the product of the gates on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from .. import asked
from ..cells import hold
from ..checks import as_flag
from ..functions import FloatArray
from ..layers import Recurrent
from ..look.lettering import clip, quoted, share, signed
from .gates_run import KEEPS, GateRun, gate_run
from .pages import Answer, Pages, Question, Table, Tip, checked
from .shapes import Element, canvas, cell, cell_number, group, rect, symbol, words

LEFT, PITCH, ROW, TOP = 170, 66, 23, 44
LONGEST = 40  # steps that have room
TITLE = "What do the gates do to what it remembers?"
ROWS = {"lstm": ("f", "i", "g", "o", "c", "h"), "gru": ("z", "r", "n", "h")}
GATES = {"lstm": ("f", "i", "o"), "gru": ("z", "r")}
SAYS = {
    "f": "forget gate f", "i": "input gate i", "o": "output gate o", "z": "update gate z", "r": "reset gate r",
    "g": "candidate g", "n": "candidate n", "c": "cell state c", "h": "hidden state h",
}  # fmt: skip
PANELS = ("as it is", "as changed")


@asked.asks(
    layer=asked.kind(Recurrent),
    x=asked.numbers(2),
    tokens=asked.names(),
    held=asked.optional(asked.kind(Mapping)),
    unit=asked.whole(),
    start=asked.number,
    ask=as_flag,
    title=asked.text,
)
def gates(
    layer: Recurrent,
    x: FloatArray,
    tokens: tuple[str, ...],
    *,
    held: Mapping[str, float] | None = None,
    unit: int = 1,
    start: float = 0.0,
    ask: bool = False,
    title: str = TITLE,
) -> Pages:
    """The run as it is above, the run with gates held below; one page a step.

    layer: over an `LSTMCell` or a `GRUCell`. x (T, I), at most 40 steps; tokens: a name for each. held: gate -> 0, 1/2
    or 1, see `cells.hold`. unit: which one, from 1. start: the memory before the first step, c_0 (h_0 for a GRU), the
    same in every unit. ask: a question before the first step. ValueError for more steps, a unit or a gate that does
    not exist, and for what is not finite; TypeError for a layer without gates. Chapter 06.
    """
    T, H = len(x), layer.outputs
    if not 1 <= T <= LONGEST or len(tokens) != T:
        raise ValueError(f"x: expected 1 to {LONGEST} steps, each with a token, got {T} and {len(tokens)} tokens")
    if not 1 <= unit <= H:
        raise ValueError(f"unit: expected 1 to {H}, got {unit}")
    held = dict(held or {})
    if not (np.isfinite(x).all() and np.isfinite(layer.vector()).all() and np.isfinite(start)):
        raise ValueError("layer, x, start: expected finite numbers, got NaN or infinity; did the training diverge?")
    free = gate_run(layer, x, start)
    changed = gate_run(Recurrent(hold(layer.cell, **held)), x, start) if held else free
    sheet = _Sheet((free, changed), tokens, unit - 1, held)
    alt = f"One unit of {'an LSTM' if free.kind == 'lstm' else 'a GRU'} over {T} words, as it is and with {sheet.what}."
    drawing = canvas(sheet.width, sheet.height, alt)
    drawing.extend(sheet.background())
    drawing.extend(group("page", *sheet.page(t), data_t=str(t)) for t in range(T + 1))
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(sheet.caption(t) for t in range(T + 1)),
        tips=tuple(sheet.tips(t) for t in range(T + 1)),
        lines=tuple(("free/1", "changed/1") if t else () for t in range(T + 1)),
        table=sheet.table(),
        title=title,
        alt=alt,
        note=f"Unit {unit} of {H}. The gradient is that of this unit's last state on its own state after step t, along "
        f"all roads, by the library's backward pass. The product of {sheet.gate} is the straight road alone. "
        f"{sheet.gates_between()}",
        questions=(_question(sheet), *[None] * T) if ask else (),
    )
    return checked(pages, sheet.lookup)


def _question(sheet: _Sheet) -> Question:
    """What becomes of the memory: asked of the gates that are held."""
    gate, state = sheet.gate, sheet.state
    if {name: sheet.held.get(name) for name in "fi"} == {"f": 1, "i": 0}:
        return Question(
            f"The forget gate is held at 1, the input gate at 0. c begins at {signed(sheet.begins)}. The network reads "
            f"{sheet.T} {'word' if sheet.T == 1 else 'words'}. What do c and h do?",
            (
                Answer("c is forgotten, and h goes to 0", "f = 1 forgets nothing: the old c is multiplied by f."),
                Answer("both stay as they are", "c stays, but h is not c: h = o × tanh(c), and o reads every word."),
                Answer(
                    "c stays as it is, h goes on changing",
                    "c = 1 × c + 0 × g, so it stays to the last bit. h = o × tanh(c), and o reads every word.",
                ),
            ),
            right=2,
        )
    return Question(
        f"Hold {SAYS[gate]} at 1. What happens to the {SAYS[state]}?",
        (
            Answer("it is forgotten", f"It is the other way round: {gate} = 1 keeps all, {gate} = 0 forgets all."),
            Answer(
                "all of it is kept", f"{state} before is multiplied by {gate}, so 1 keeps it, whatever the name says."
            ),
            Answer("it is doubled", f"{gate} is never above 1: it can keep or shrink, not grow."),
        ),
        right=1,
    )


class _Sheet:
    """The drawing: two panels, one under the other."""

    def __init__(self, runs: tuple[GateRun, GateRun], tokens: tuple[str, ...], k: int, held: dict[str, float]) -> None:
        self.runs, self.tokens, self.k, self.held = runs, tokens, k, held
        self.kind, self.T = runs[0].kind, len(tokens)
        self.names = ROWS[self.kind]
        self.gate, self.state = KEEPS[self.kind]
        self.panel = 26 + ROW * (len(self.names) + 2) + 12
        self.width, self.height = LEFT + PITCH * (self.T + 1) + 8, TOP - 18 + 2 * self.panel
        named = [f"{name} held at {_fraction(value)}" for name, value in held.items()]
        self.what = " and ".join(named) or "nothing held"

    @property
    def begins(self) -> float:
        """The memory before the first step."""
        return self.runs[0].value(self.state, 0, self.k)

    def lookup(self, address: str) -> float:
        which, name, t, _ = address.split("/")
        return self.runs[PANELS.index(which)].value(name, int(t), self.k)

    def x(self, t: int) -> float:
        return LEFT + PITCH * (t + 0.5)

    def top(self, panel: int) -> float:
        return TOP - 18 + panel * self.panel

    def y(self, panel: int, row: int) -> float:
        return self.top(panel) + 26 + ROW * row + (8 if row >= len(self.names) else 0)

    # ---- what never changes

    def background(self) -> Iterator[Element]:
        for t in range(self.T + 1):
            yield words(
                clip(self.tokens[t - 1], PITCH - 8) if t else "start", self.x(t), 22, "mid big" if t else "mid soft"
            )
        for panel in range(len(PANELS)):
            yield from self._labels(panel)
            for t in range(self.T + 1):
                yield from self._column(panel, t)

    def _labels(self, panel: int) -> Iterator[Element]:
        for row, name in enumerate(self.names):
            y = self.y(panel, row) + 17
            yield words(SAYS[name].rsplit(" ", 1)[0], LEFT - 34, y, "end soft")
            yield symbol(name, "", LEFT - 24, y)
            if panel and name in self.held:
                yield rect(LEFT - 30, y - 15, 22, 20, "mark", 4)
        for row, text in enumerate((f"product of {self.gate} after", "gradient, all roads")):
            yield words(text, LEFT - 12, self.y(panel, len(self.names) + row) + 17, "end soft")

    def _column(self, panel: int, t: int) -> Iterator[Element]:
        run, x = self.runs[panel], self.x(t) - PITCH / 2 + 4
        for row, name in enumerate(self.names):
            value, y = run.value(name, t, self.k), self.y(panel, row)
            address = f"{PANELS[panel]}/{name}/{t}/{self.k}"
            if np.isnan(value):
                continue
            if name in GATES[self.kind]:
                yield rect(x, y + 2, PITCH - 8, ROW - 6, "panel", 4)
                yield rect(x, y + ROW - 6, max((PITCH - 8) * value, 1), 3, "fill-ink", 1)
                yield words(share(value), self.x(t), y + 14.5, "mid", data_n=address)
            else:
                yield cell(value, x, y + 2, PITCH - 8, ROW - 6)
                yield cell_number(value, signed(value), self.x(t), y + 17, data_n=address)
        for row, name in enumerate(("road", "full")):
            value = run.value(name, t, self.k)
            text = share(value) if name == "road" else signed(value)
            y = self.y(panel, len(self.names) + row) + 17
            yield words(text, self.x(t), y, "mid bold" if row else "mid", data_n=f"{PANELS[panel]}/{name}/{t}/{self.k}")

    # ---- what is different on each page

    def page(self, t: int) -> Iterator[Element]:
        if t < self.T:
            yield rect(self.x(t) + PITCH / 2, 4, self.width, self.height, "veil")
        yield rect(self.x(t) - PITCH / 2 + 1, 4, PITCH - 2, self.height - 8, "now", 8)
        for name in ("c", "h") if t else ():  # what is not as it was
            if name in self.names and self._printed(0, name, t) != self._printed(1, name, t):
                y = self.y(1, self.names.index(name))
                yield rect(self.x(t) - PITCH / 2 + 4, y + 2, PITCH - 8, ROW - 6, "mark", 3)
        if not t:
            yield rect(self.x(0) + PITCH / 2 + 2, self.top(1) + 24, self.width, self.panel, "surface cover")  # its rows
        for panel, name in enumerate(PANELS):  # above the veil
            yield words(name if not panel else f"{name}: {self.what}", 6, self.top(panel) + 18, "bold")

    def caption(self, t: int) -> str:
        if not t:
            return f"The start: {self.state} is at {signed(self.begins)} in both runs. Below, {self.what}."
        moves = [self._moves(self.state, t)]
        if self.state == "c":
            held = self._printed(1, "c", t) == self._printed(1, "c", t - 1)
            moves.append(self._moves("h", t).replace("h ", "while h " if held else "h ", 1))
        said = f"Step {t} of {self.T}, {quoted(self.tokens[t - 1])}: with {self.what}, {', '.join(moves)}."
        return f"{said} {self._last()}".rstrip() if t == self.T else said

    def _printed(self, panel: int, name: str, t: int) -> str:
        return signed(self.runs[panel].value(name, t, self.k))

    def _moves(self, name: str, t: int) -> str:
        """What a state of the changed run does at step t, beside what it does in the run as it is."""
        before, now = (self.runs[1].value(name, s, self.k) for s in (t - 1, t))
        exactly = ", to the last bit" if now == before else ", up to rounding" if abs(now - before) < 1e-12 else ""
        if exactly and self.state == "h":  # of a GRU, n + z (h - n) is h but for rounding: by luck to the last bit
            exactly = ", up to rounding"
        moved = f"goes from {signed(before)} to {signed(now)}"
        if signed(now) == signed(before):
            moved = f"stays at {signed(now)}{exactly}"
        same = self._printed(0, name, t) == self._printed(1, name, t)
        return f"{name} {moved} ({'the same' if same else self._printed(0, name, t)} above)"

    def _last(self) -> str:
        """At the end: the product of the gates beside the gradient, of the first step."""
        run = self.runs[1]
        road, full = run.value("road", 0, self.k), run.value("full", 0, self.k)
        if share(road) == signed(full)[1:] and full >= 0:
            return ""
        return (
            f"Of the start, the product of {self.gate} leaves {share(road)}; along all roads the gradient is "
            f"{signed(full)}."
        )

    def gates_between(self) -> str:
        """How far the gates that nobody holds are from being switches."""
        free = [self.runs[0].values[name][1:, self.k] for name in GATES[self.kind]]
        low, high = min(float(g.min()) for g in free), max(float(g.max()) for g in free)
        said = f"As it is, the gates of this unit stand between {share(low)} and {share(high)}"
        return f"{said}: they are dimmers, not switches." if high > 0.05 and low < 0.95 else f"{said}."

    def tips(self, t: int) -> dict[str, Tip]:
        if not t:
            return {}
        return {"free/1": self._line(PANELS[0], t), "changed/1": self._line(PANELS[1], t)}

    def _line(self, panel: str, t: int) -> Tip:
        def number(name: str, step: int = t) -> tuple[str, str]:
            address = f"{panel}/{name}/{step}/{self.k}"
            return (share if name in GATES[self.kind] else signed)(self.lookup(address)), address

        if self.kind == "gru":
            return (
                (panel, "soft"), ("h = z", ""), number("z"), ("×", ""), number("h", t - 1), ("+ (1 − z) ×", ""),
                number("n"), ("=", ""), number("h"),
            )  # fmt: skip
        return (
            (panel, "soft"), ("c = f", ""), number("f"), ("×", ""), number("c", t - 1), ("+ i", ""), number("i"),
            ("×", ""), number("g"), ("=", ""), number("c"), ("; h = o", ""), number("o"), ("× tanh(c) =", ""),
            number("h"),
        )  # fmt: skip

    def table(self) -> Table:
        head = ("", "start", *(clip(token, 130) for token in self.tokens))
        rows = []
        for panel, run in zip(PANELS, self.runs, strict=True):
            for name in (*self.names, "road", "full"):
                numbers = [run.value(name, t, self.k) for t in range(self.T + 1)]
                said = {"road": f"product of {self.gate} after", "full": "gradient, all roads"}.get(
                    name, SAYS.get(name, "")
                )
                rows.append((f"{panel}: {said}", *("" if np.isnan(v) else signed(v) for v in numbers)))
        return (head, *rows)


def _fraction(value: float) -> str:
    return {0.0: "0", 0.5: "1/2", 1.0: "1"}[float(value)]
