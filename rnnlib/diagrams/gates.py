"""An LSTM or GRU twice over one sentence: as it is, and with gates that are held. Chapter 06.

One unit is shown, a column for each step: its gates as bars from 0 to 1, its candidate, its states, and below them how
much of the last state's gradient arrives at this step, beside the product of the gates on the way.
"""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..checks import as_size
from ..look.lettering import clip, quoted
from ..look.templates import Tip, of_picture
from ..views.gates import GATES, KEEPS, SAYS, GatesRun
from .boxes import Box, empty
from .pages import Pages
from .shapes import Element, formula, rect, words
from .sheet import Ask, Sheet, Table, paged

LEFT, PITCH, ROW, HEAD = 170, 66, 19, 22  # of the columns; of a row; of the heading of a panel
ROWS = {"lstm": ("f", "i", "g", "o", "c", "h"), "gru": ("z", "r", "n", "h")}
SUMS = ("road", "full")
PANELS = {"free": "as it is", "changed": "as changed"}
FRACTIONS = {0.0: "0", 0.5: "1/2", 1.0: "1"}


@asked.asks()
def gates(run: GatesRun, *, unit: int = 1, ask: Ask = None, title: str = "") -> Pages:
    """The run as it is above, the run with gates held below; one page a step.

    run: from `views.gates.gates_run`. unit: which one, from 1. ask: page -> question; on the first page it covers the
    run with gates held. ValueError for a unit that does not exist. Chapter 06.
    """
    return paged(Gates(run, as_size("unit", unit, 1, run.H)), title, ask)


class Gates(Sheet):
    """Two panels, one under the other."""

    WORDS = of_picture("gates")

    def __init__(self, run: GatesRun, unit: int) -> None:
        self.run, self.k, self.last, self.names = run, unit - 1, run.T, ROWS[run.kind]
        self.gate, self.state = KEEPS[run.kind]
        self.numbers = run.numbers | {"begin": run.numbers[f"free {self.state}"]}
        self.panel = HEAD + ROW * (len(self.names) + 2) + 9
        self.width, self.height = LEFT + PITCH * (self.last + 1) + 8, HEAD + 2 * self.panel
        held = [self.say("held", name=name, value=FRACTIONS[float(v)]) for name, v in run.held.items()]
        a_cell = "an LSTM" if run.kind == "lstm" else "a GRU"
        self.said = {"k": self.k, "unit": unit, "H": run.H, "gate": self.gate, "state": self.state, "a_cell": a_cell}
        self.said |= {"what": " and ".join(held) or "nothing held"}

    def form(self, name: str) -> str:
        return "share" if name.split()[-1] in (*GATES[self.run.kind], "road") else "signed"

    def x(self, t: int) -> float:
        return LEFT + PITCH * (t + 0.5)

    def top(self, which: str) -> float:
        """Where a panel begins."""
        return HEAD + self.panel * [*PANELS].index(which)

    def cells(self, which: str, t: int) -> dict[str, Box]:
        """The places of the numbers of one step."""
        names = (*self.names, *SUMS)
        heights = [self.top(which) + HEAD + ROW * row + 6 * (name in SUMS) + 1 for row, name in enumerate(names)]
        return {n: Box(self.x(t) - PITCH / 2 + 4, y, PITCH - 8, ROW - 2) for n, y in zip(names, heights, strict=True)}

    def background(self) -> Iterator[Element]:
        for t in range(self.last + 1):
            text = clip(self.run.tokens[t - 1], PITCH - 8) if t else "start"
            yield words(text, self.x(t), 18, "mid big" if t else "mid soft")
        for which in PANELS:
            yield from self._labels(which)
            for t in range(self.last + 1):
                for name, box in self.cells(which, t).items():
                    yield from self._number(f"{which} {name}/{t}/{self.k}", name, box)

    def _labels(self, which: str) -> Iterator[Element]:
        for name, box in self.cells(which, 0).items():
            y = box.y + 13
            if name in SUMS:
                yield words(self.say(name), LEFT - 12, y, "end soft")
                continue
            yield words(SAYS[name].rsplit(" ", 1)[0], LEFT - 34, y, "end soft")
            yield formula(name, LEFT - 24, y)
            if which == "changed" and name in self.run.held:
                yield rect(LEFT - 30, y - 15, 22, 20, "mark", 4)

    def _number(self, address: str, name: str, box: Box) -> Iterator[Element]:
        value = self.value(address)
        if np.isnan(value):
            return
        if name in SUMS:
            yield self.number(address, box.middle, box.y + 13, "mid bold" if name == "full" else "mid")
        elif name in GATES[self.run.kind]:
            yield rect(*box, "panel", 4)
            yield rect(box.x, box.bottom - 3, max(box.width * value, 1), 3, "fill-ink", 1)
            yield self.number(address, box.middle, box.y + 12, "mid")
        else:
            yield from self.cell(address, box)

    def page(self, t: int) -> Iterator[Element]:
        x, below = self.x(t) - PITCH / 2, self.top("changed")
        if t < self.last:
            yield rect(x + PITCH, 4, self.width, HEAD - 6, "veil")
            later = range(t + 1, self.last + 1)
            yield from empty(box for which in PANELS for s in later for box in self.cells(which, s).values())
        yield rect(x + 1, 4, PITCH - 2, below - 8, "now", 8)
        yield rect(x + 1, below + HEAD - 2, PITCH - 2, self.panel - HEAD - 2, "now", 8)
        for name in ("c", "h") if t else ():  # what is not as it was
            if name in self.names and self._printed("free", name, t) != self._printed("changed", name, t):
                yield rect(*self.cells("changed", t)[name], "mark", 3)
        if not t and 0 in self.ask:
            yield words("?", x + PITCH * (self.last + 2) / 2, below + self.panel / 2 + 10, "cover mid bold big")
        for which, said in PANELS.items():  # above the veil
            heading = said if which == "free" else f"{said}: {self.said['what']}"
            yield words(heading, 6, self.top(which) + 15, "bold")

    def _printed(self, which: str, name: str, t: int) -> str:
        return self.text(f"{which} {name}/{t}/{self.k}", "signed")

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        moves = self._moves(self.state, t)
        if self.state == "c":
            held = self._printed("changed", "c", t) == self._printed("changed", "c", t - 1)
            moves += f", {'while ' if held else ''}{self._moves('h', t)}"
        full = self.value(f"changed full/0/{self.k}")
        road = self.text(f"changed road/0/{self.k}")
        one = road == self._printed("changed", "full", 0)[1:] and full >= 0  # the straight road is all of it
        end = self.say("end") if t == self.last and not one else ""
        return self.say("caption", t=t, word=quoted(self.run.tokens[t - 1]), moves=moves, end=end)

    def _moves(self, name: str, t: int) -> str:
        """What a state of the changed run does at step t, beside what it does in the run as it is."""
        before, now = (self.value(f"changed {name}/{s}/{self.k}") for s in (t - 1, t))
        rounded = abs(now - before) < 1e-12
        # of a GRU, n + z (h - n) is h but for rounding: by luck to the last bit
        exact = ", to the last bit" if now == before and self.state == "c" else ", up to rounding" if rounded else ""
        free, here, was = (
            self._printed(*of) for of in (("free", name, t), ("changed", name, t), ("changed", name, t - 1))
        )
        same = self.say("same" if free == here else "other", t=t, name=name)
        return self.say("stays" if here == was else "goes", t=t, name=name, exactly=exact, same=same)

    def note(self) -> str:
        """Also how far the gates that nobody holds are from being switches."""
        free = [self.numbers[f"free {name}"][1:, self.k] for name in GATES[self.run.kind]]
        low, high = min(float(g.min()) for g in free), max(float(g.max()) for g in free)
        dimmers = self.say("dimmers") if high > 0.05 and low < 0.95 else ""
        return self.say("note", low=f"{low:.2f}", high=f"{high:.2f}", dimmers=dimmers)

    def tips(self, t: int) -> dict[str, Tip]:
        line = {w: self.tip(self.run.kind, t=t, run=w, panel=said) for w, said in PANELS.items()} if t else {}
        return {f"{which}/1": tip for which, tip in line.items()}

    def lines(self, t: int) -> tuple[str, ...]:
        return tuple(self.tips(t))

    def table(self) -> Table:
        rows = []
        for which, panel in PANELS.items():
            for name in (*self.names, *SUMS):
                numbers = self.numbers[f"{which} {name}"][:, self.k]
                texts = ["" if np.isnan(v) else self._printed(which, name, t) for t, v in enumerate(numbers)]
                rows.append((f"{panel}: {SAYS.get(name) or self.say(name)}", *texts))
        return (("", "start", *(clip(token, 130) for token in self.run.tokens)), *rows)
