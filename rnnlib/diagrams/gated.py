"""What the pictures of an LSTM's and of a GRU's unit share: gates, states, chips, and what is said. Chapter 06.

The memory is a road on top; what reaches it passes a gate. Gates are bars from 0 to 1, states and candidates have
colours. Two lines below bring the state before and what is read; a dot is where a line is tapped.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from ..checks import as_size
from ..look.lettering import clip, quoted
from ..look.notation import Notation
from ..look.palette import TEXT
from ..look.templates import Tip, of_picture
from ..views.gated import GatedRun
from . import choices
from .boxes import Box
from .shapes import Element, arrow, disc, formula, group, pill, rect, words
from .sheet import Sheet, Table

ROAD, CHIP, JOIN, GATE = 42, 90, 134, 198  # heights: the road, what comes up to it, where it is joined, the gates
STATE, INPUT = 266, 298  # heights of the two lines below
IN, OUT = 56, 800  # across: where states come in and go out
WIDE, HIGH = 116, 54  # of a gate
NAMES = {
    "f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate",
    "r": "reset gate", "z": "update gate", "n": "candidate",
}  # fmt: skip
SWITCHES = ("f", "i", "o", "r", "z")  # what is between 0 and 1
WORDS = of_picture("gated")


class Gated(Sheet):
    """One unit over T steps. PLACES: where each gate stands across; MEMORY: the gate that keeps, and what it keeps."""

    FORM = dict.fromkeys((*SWITCHES, "1−z"), "share")
    PLACES: ClassVar[Mapping[str, int]]
    MEMORY: ClassVar[tuple[str, str]]
    width, height = 860, 318

    def __init__(self, run: GatedRun, unit: int | None, notation: str) -> None:
        self.run, self.n, self.last, self.numbers = run, Notation(notation), run.T, run.numbers
        moved = choices.moving(self.numbers[self.MEMORY[1]], 1)[0]
        self.k = moved if unit is None else as_size("unit", unit, 1, run.H) - 1
        which = self.say("unit", unit=self.k + 1, H=run.H, chosen=self.WORDS["most"] if unit is None else "")
        (keeper, road), title = self.MEMORY, self.WORDS["title"]
        self.said = {"k": self.k, "unit": self.k + 1, "H": run.H, "letter": notation, "title": title, "memory": road}
        self.said |= {"gate": keeper, "keeper": keeper, "road": notation if road == "h" else "c"}
        self.said |= {"which": "" if run.H == 1 else which}

    def at(self, name: str, t: int) -> str:
        """The address of a number of the unit."""
        return f"{name}/{t}/{self.k}"

    def between(self) -> list[tuple[str, float, float]]:
        """The numbers on the way from the gates to the states, and where they stand."""
        raise NotImplementedError

    def road(self, letters: tuple[str, str], ends: tuple[tuple[float, float], ...]) -> Iterator[Element]:
        """The road with its first and last state, and the arrows between what stands on it."""
        yield rect(100, ROAD - 22, 682, 44, "zone", 22)
        yield from (formula(letter, x, ROAD - 21, "mid") for letter, x in zip(letters, (IN, OUT), strict=True))
        yield from (arrow(start, ROAD, end, ROAD) for start, end in ends)

    def blocks(self) -> Iterator[Element]:
        """The places of gates and candidates, each with its letter and what it is called."""
        for name, x in self.PLACES.items():
            inside = rect(x - WIDE / 2, GATE - HIGH / 2, WIDE, HIGH, "panel surface", 8)
            letter, called = formula(name, x - WIDE / 2 + 12, GATE + 5), words(NAMES[name], x + 9, GATE + 43, "soft")
            yield group("gate", inside, letter, called, data_tip=name)

    def page(self, t: int) -> Iterator[Element]:
        road = self.MEMORY[1]
        states = [(road, IN, ROAD, OUT, ROAD), *([("h", IN, STATE, OUT, JOIN + 20)] if road == "c" else [])]
        for name, x, y, out, up in states:
            yield from self._chip(self.at(name, t), out, up, 72, 30)
            yield rect(out - 36, up - 15, 72, 30, "now", 5)
            if t:
                yield from self._chip(self.at(name, t - 1), x, y, 72, 30)
            else:
                yield rect(x - 36, y - 15, 72, 30, "panel broken", 5)
        for name, middle, level in self.between():
            if not t:
                yield rect(middle - 31, level - 12, 62, 24, "panel broken", 5)
            elif name == "1−z":
                yield rect(middle - 32, level - 12, 64, 24, "panel surface", 5)
                yield self.number(self.at(name, t), middle, level + 5, "mid")
            else:
                yield from self._chip(self.at(name, t), middle, level)
        yield rect(IN - 48, INPUT - 17, 96, 34, "nowsoft now" if t else "panel broken", 17)
        if t:
            yield words(clip(self.run.tokens[t - 1], 84, TEXT * 1.08), IN, INPUT + 5, "mid big bold")
            for name, x in self.PLACES.items():
                yield from self._gate(name, t, x)

    def _chip(self, address: str, x: float, y: float, wide: float = 62, high: float = 24) -> Iterator[Element]:
        """A state, a candidate, or a part of one: a coloured cell with its number."""
        box = Box(x - wide / 2, y - high / 2, wide, high)
        yield rect(*box, "panel surface", 5)
        yield from self.cell(address, box)

    def _gate(self, name: str, t: int, x: float) -> Iterator[Element]:
        if name not in SWITCHES:
            yield from self._chip(self.at(name, t), x + 17, GATE, 66, 28)
            return
        wide = 68 * self.value(self.at(name, t))
        yield self.number(self.at(name, t), x + 46, GATE - 3, "end big bold")
        yield rect(x - 22, GATE + 6, 68, 10, "panel", 4)
        yield rect(x - 22, GATE + 6, max(wide, 1), 10, "fill-ink", 4 if wide > 8 else 1)

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        road = self.MEMORY[1]
        same = self.text(self.at(road, t)) == self.text(self.at(road, t - 1))
        out = self.say("out", t=t) if road == "c" else ""
        return self.say("caption", t=t, word=self.word(t), moves=self.say("stays" if same else "goes", t=t), out=out)

    def word(self, t: int) -> str:
        return quoted(self.run.tokens[t - 1])

    def note(self) -> str:
        backward = self.WORDS["backward"] if self.run.record.reverse else ""
        form = self.WORDS.get(f"reset after: {self.run.record.reset_after}", "")
        return self.say("note", backward=backward, form=form)

    def tips(self, t: int) -> dict[str, Tip]:
        """The unit's state, and each of its gates, at step t."""
        if not t:
            return {"state": self.tip("begins")}
        return {"state": self.tip("state", t=t)} | {name: self._line(name, t) for name in self.run.record.gates}

    def _line(self, name: str, t: int) -> Tip:
        """A gate or a candidate: what goes into its activation, and what comes out."""
        reset = "reset after" if self.run.record.reset_after else "reset before"
        state = self.tip(reset if name == "n" else "from state", t=t, name=name)
        seen = "c" if name == "o" else "c before"
        peep = self.tip("peep", t=t, name=name, seen=seen) if f"peep {name}" in self.numbers else ()
        act = "σ" if name in SWITCHES else "tanh"
        places = {"called": NAMES[name], "act": act, "word": self.word(t), "peep": peep}
        return self.tip("gate line", t=t, name=name, state=state, **places)

    def table(self) -> Table:
        parts = [name for name in self.numbers if not name.startswith(("in ", "state "))]
        of = {name: f"{NAMES.get(name, '')} {name}".strip() for name in parts if name not in self.run.record.states}
        of |= {name: f"state {name}" for name in self.run.record.states}
        rows = [self.row(label, name, self.k) for name, label in of.items()]
        return (("", "start", *(clip(token, 130) for token in self.run.tokens)), *rows)


def node(label: str, x: float, y: float) -> list[Element]:
    """Where two lines are multiplied or added."""
    return pill(label, x, y, 30, 30, "panel surface")


def dot(x: float, y: float) -> Element:
    """Where a line is tapped."""
    return disc(x, y, 3, "soft")


def tap(x: float, top: float, *lines: float) -> Iterator[Element]:
    """Up from the lines below, each tapped with a dot."""
    yield arrow(x, max(lines), x, top)
    yield from (dot(x, y) for y in lines)
