"""One unit of an LSTM or GRU as pipes with valves: the memory flows from word to word. Chapter 06.

A pipe is as wide behind a valve as its gate is open; its colour is the value that flows in it.
"""

from collections.abc import Iterator

from .. import asked
from ..checks import as_size
from ..look.lettering import clip, quoted
from ..look.templates import Tip, of_picture
from ..views.gates import SAYS, GatesRun
from .boxes import Box, empty
from .gates import PANELS, Gates
from .pages import Pages
from .shapes import Element, cell, cover, formula, rect, words
from .sheet import Ask, Table, paged

LEFT, WIDE, HIGH, PIPE, BORE = 116, 54, 24, 23, 18  # of the first column; of a chip; a pipe's length and width
PITCH = 138  # of the columns
HEAD = 24  # the height of the words
TITLE = {"lstm": 21, "gru": 40}  # the height of a lane's heading


@asked.asks()
def valves(run: GatesRun, *, unit: int = 1, alone: bool = False, ask: Ask = None, title: str = "") -> Pages:
    """The run as it is above, the run with gates held below, each as a road with valves; one page a step.

    run: from `views.gates.gates_run`. unit: which one, from 1. alone: only the run with gates held; a gate that is
    held at 1 is left out, as if the cell had none. ask: page -> question. ValueError for a unit that does not exist.
    Chapter 06.
    """
    return paged(Valves(run, as_size("unit", unit, 1, run.H), alone), title, ask)


class Valves(Gates):
    """Lanes, one under the other: in each the candidates below, the road in the middle, what is shown above."""

    def __init__(self, run: GatesRun, unit: int, alone: bool) -> None:
        self.WORDS = of_picture("gates") | of_picture("valves")  # type: ignore[misc]
        super().__init__(run, unit)
        self.alone, self.lanes = alone, ("changed",) if alone else tuple(PANELS)
        self.two, self.new = ("h", "g") if run.kind == "lstm" else ("", "n")
        writes = {f"{which} 1−z": 1 - run.numbers[f"{which} z"] for which in PANELS if not self.two}
        self.numbers = self.numbers | writes
        self.above = 0 if alone and self.two else TITLE[run.kind]
        self.lane = self.above + HIGH * (2 + bool(self.two)) + PIPE * (1 + bool(self.two)) + 5
        self.width, self.height = LEFT + PITCH * self.last + WIDE + 14, HEAD + len(self.lanes) * self.lane + 2

    def form(self, name: str) -> str:
        return "share" if name.endswith("1−z") else super().form(name)

    def x(self, t: int) -> float:
        return LEFT + WIDE / 2 + PITCH * t

    def chips(self, which: str, t: int) -> dict[str, Box]:
        """The places of the states and of the candidate of one step, from above."""
        top = HEAD + self.lane * self.lanes.index(which) + self.above
        names = [*([self.two] if self.two else []), self.state, *([self.new] if t else [])]
        return {name: Box(self.x(t) - WIDE / 2, top + (HIGH + PIPE) * k, WIDE, HIGH) for k, name in enumerate(names)}

    def pipes(self, which: str, t: int) -> Iterator[tuple[str, str, Box, str]]:
        """Of step t: the gate, what flows (its address), the place, and where to: across or up."""
        now, before, k = self.chips(which, t), self.chips(which, t - 1), self.k
        road, old, new = now[self.state], before[self.state], now[self.new]
        across = Box(old.right, road.level - BORE / 2, road.x - old.right, BORE)
        yield self.gate, f"{which} {self.state}/{t - 1}/{k}", across, "across"
        up = Box(road.middle - BORE / 2, road.bottom, BORE, new.y - road.bottom)
        yield "i" if self.two else "1−z", f"{which} {self.new}/{t}/{k}", up, "up"
        if self.two:
            yield (
                "o",
                f"{which} {self.state}/{t}/{k}",
                up._replace(y=now["h"].bottom, height=road.y - now["h"].bottom),
                "up",
            )

    def there(self, which: str, name: str) -> bool:
        """Whether a pipe has a valve: a gate that is held at 1 is none, where the lane is alone."""
        return not (self.alone and self.run.held.get(name) == 1)

    def background(self) -> Iterator[Element]:
        for t in range(self.last + 1):
            text = clip(self.run.tokens[t - 1], PITCH - 12) if t else "start"
            yield words(text, self.x(t), 17, "mid big" if t else "mid soft")
        for which in self.lanes:
            for name, box in self.chips(which, 1).items():
                yield words(SAYS[name].rsplit(" ", 1)[0], LEFT - 26, box.level + 5, "end soft")
                yield formula(name, LEFT - 20, box.level + 6)
            for t in range(self.last + 1):
                yield from self._column(which, t)

    def _column(self, which: str, t: int) -> Iterator[Element]:
        for gate, flows, box, way in self.pipes(which, t) if t else ():
            yield from self._pipe(which, t, gate, flows, box, way)
        for name, box in self.chips(which, t).items():
            yield rect(*box, "panel surface", 5)
            yield from self.cell(f"{which} {name}/{t}/{self.k}", box)
        if not self.two and t:
            below = self.chips(which, t)[self.new]
            yield formula("r", below.x - 50, below.level + 5)
            yield self.number(f"{which} r/{t}/{self.k}", below.x - 6, below.level + 5, "end")

    def _pipe(self, which: str, t: int, gate: str, flows: str, box: Box, way: str) -> Iterator[Element]:
        """Full before the valve, behind it as wide as it lets through."""
        at, value, valve = f"{which} {gate}/{t}/{self.k}", self.value(flows), self.there(which, gate)
        share = self.value(at) if valve else 1.0
        yield rect(*box, "panel")
        narrow, shut = BORE * share, BORE * (1 - share) / 2
        if way == "across":
            first = box._replace(width=box.width / 2)
            second = Box(first.right, box.y + shut, first.width, narrow)
            slides = [Box(first.right - 2, y, 4, shut + 4) for y in (box.y - 4, box.bottom - shut)]
        else:
            second = Box(box.x + shut, box.y, narrow, box.height / 2)
            first = box._replace(y=box.level, height=box.height / 2)
            slides = [Box(x, box.level - 2, shut + 4, 4) for x in (box.x - 4, box.right - shut)]
        parts = (first, second) if valve else (box,)
        yield from (cell(value, *part) for part in parts if min(part.width, part.height) > 0)
        if valve:
            yield from (rect(*slide, "fill-ink") for slide in slides)
            x, y = (box.x + (48 if self.two else 54), box.y - 7) if way == "across" else (box.x - 6, box.level + 5)
            yield formula(gate, x - 44 - 24 * (gate == "1−z"), y)
            mark = "bold" if self.run.held.get(gate) is not None and which == "changed" else ""
            yield self.number(at, x, y, f"end {mark}".strip())

    def page(self, t: int) -> Iterator[Element]:
        edge = self.x(t) + WIDE / 2
        if t < self.last:  # what lies ahead: the pipes, empty
            yield rect(edge + 1, HEAD, self.width - edge, self.height - HEAD, "surface")
            ahead = [(which, s) for which in self.lanes for s in range(t + 1, self.last + 1)]
            yield from empty(box for which, s in ahead for _, _, box, _ in self.pipes(which, s))
            yield from empty((box for which, s in ahead for box in self.chips(which, s).values()), 5)
        for which in self.lanes if t else ():
            chips, left = [*self.chips(which, t).values()], self.x(t - 1) + WIDE / 2 + 3
            top = chips[0].y - (3 if self.two else 24)
            yield rect(left, top, edge + 4 - left, chips[-1].bottom + 3 - top, "now", 8)
        for s in range(1, self.last + 1) if not t and 0 in self.ask else ():
            places = self.chips("changed", s)
            yield from (e for name in (self.two, self.state) if name for e in cover(*places[name].inside(2)))
        for which in () if self.alone else self.lanes:  # above what covers the steps ahead
            heading = PANELS[which] if which == "free" else f"{PANELS[which]}: {self.said['what']}"
            yield words(heading, 6, self.chips(which, 0)[self.two or self.state].y - self.above + 15, "bold")

    def caption(self, t: int) -> str:
        if not self.alone or not t:
            return self.say("begins") if self.alone else super().caption(t)
        same = self._printed("changed", self.state, t) == self._printed("changed", self.state, t - 1)
        moves = self.say("rests" if same else "flows", t=t)
        return self.say("alone", t=t, word=quoted(self.run.tokens[t - 1]), moves=moves)

    def tips(self, t: int) -> dict[str, Tip]:
        """The arithmetic as in `gates`, where there are two lanes; it names all gates."""
        return {} if self.alone else super().tips(t)

    def note(self) -> str:
        return self.say("valve") + ("" if self.alone else " " + super().note())

    def table(self) -> Table:
        head, *rows = super().table()
        return (head, *(row for row in rows if not self.alone or row[0].startswith(PANELS["changed"])))
