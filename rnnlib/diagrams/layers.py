"""Several layers over time: stacked, bidirectional, encoder and decoder. One row of states for each layer.

Words stand at the bottom, states go right (in a layer that reads backwards: left), and up to the next layer, answers
come out on top. Chapters 05 and 07.
"""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..checks import expect
from ..functions import FloatArray
from ..look.lettering import clip, quoted
from ..look.notation import Notation
from ..look.palette import TEXT
from ..look.templates import Tip, of_picture
from ..trace import Trace
from ..views.rows import Row, Rows, rows
from ..views.steps import from_step_1
from . import choices
from .boxes import Box, empty
from .pages import Pages
from .shapes import Element, arrow, bent, formula, group, path, rect, words
from .sheet import Sheet, Table, paged

BOX, CELL, PAD = 58, 18, 4  # a column of states, a state, the room around
GAP, BESIDE, JOIN = 40, 24, 28  # between two levels, between a pair; more, where a pair is joined for the next level
TOP, WORD, UNDER = 48, 30, 32  # of what is under the answers; a word, and from the words to the lowest row
LEFT, RIGHT, SIDE = 128, 60, 8  # margins; how far beside a box lines go past it
IMAGE = 52  # how high an image is
MOST = 3  # lines of arithmetic at once


@asked.asks(image=asked.numbers(2))
def layers(
    trace: Trace, *, notation: str = "h", answers: str = "steps", image: FloatArray | None = None, title: str = ""
) -> Pages:
    """All recurrent layers of a run, in the order in which they are computed, one page a step.

    trace: of a model over `Recurrent`, `Bidirectional` or `Stacked` layers, of an `EncoderDecoder` or a `OneToMany`. A
    bidirectional pair reads from both ends at once: on page t one reads word t, the other word T + 1 - t; a layer above
    it has to wait for both. A decoder starts from the states that the encoder ends with. In each layer the units that
    move most have their numbers. notation: "h" or "a". answers: "steps", the most probable class after each step, as
    the trace has it; "end", one answer, from the last state of each direction (for a `ManyToOne`); "none". image: rows
    of points, 0 to 1, in place of the name of what a `OneToMany` was given. ValueError for others, for a trace with
    other layers, or where it holds NaN or infinity. Chapters 05 and 07.
    """
    run = rows(trace, answers)
    expect(image is None or run.rows[0].writes, "image: expected a trace of a OneToMany, which reads one thing")
    return paged(Layers(run, Notation(notation), image), title)


class Layers(Sheet):
    WORDS = of_picture("layers")

    def __init__(self, run: Rows, notation: Notation, image: FloatArray | None) -> None:
        self.image, self.run, self.rows, self.trace, self.notation = image, run, run.rows, run.trace, notation
        self.numbers = {f"row {row.number}": row.h for row in self.rows} | {"p": from_step_1(self.trace.probabilities)}
        self.likely = bool(((self.trace.probabilities >= 0) & (self.trace.probabilities <= 1)).all())
        self.last = max(row.after + row.T for row in self.rows)
        most = {1: 8, 2: 4, 3: 3}.get(max(sum(r.writes == w for r in self.rows) for w in (False, True)), 3)
        self.shown = {row: choices.moving(row.record.states["h"], most) for row in self.rows}
        self.names = {row: run.name(row) for row in self.rows}
        self._place()

    def form(self, name: str) -> str:
        return "share" if name == "p" and self.likely else "signed"

    def _place(self) -> None:
        """Where things are. Both parts stand on the same ground."""
        columns = max(row.column + row.T for row in self.rows)
        self.pitch = max(80, min(108, (860 - LEFT - RIGHT) // columns))
        self.pill = self.pitch - (24 if self.rows[-1].writes else 12)  # how wide a word is
        given = [giver for row in self.rows for giver in self.run.givers(row)]
        self.crossing = any(row.record.reverse for row in given)  # one of them starts beside the decoder
        self.width = LEFT + columns * self.pitch + RIGHT + WORD * self.crossing
        highest, up = 0.0, {}  # from the lowest row's bottom up to the tops
        for writes in (False, True):
            y = 0.0
            for row in self.rows:
                if row.writes == writes:
                    up[row] = y = y + 2 * PAD + (CELL + 1) * len(self.shown[row]) - 1
                    highest = max(highest, y)
                    y += BESIDE if row.pair and not row.side else GAP + JOIN * row.pair
        above = TOP + 28 if self.run.answered else 24 if self.rows[-1].writes else 6
        self.ground = above + 18 * self.crossing + highest + UNDER
        self.top = {row: self.ground - UNDER - high for row, high in up.items()}
        self.height = self.ground + (WORD if self.image is None else IMAGE) + 6
        self.answer_y = TOP - 18
        self.read = dict(self._readings())

    def x(self, row: Row, t: int) -> float:
        """The middle of the column of step t; of step 0 of a row that writes, of the state that it starts from."""
        return LEFT + self.pitch * (row.column + t - 0.5) + WORD * (self.crossing and row.writes)

    def box(self, row: Row, t: int = 1) -> Box:
        """The states of a row at step t."""
        return Box(self.x(row, t) - BOX / 2, self.top[row], BOX, 2 * PAD + (CELL + 1) * len(self.shown[row]) - 1)

    def background(self) -> Iterator[Element]:
        for row in self.rows:
            yield from self._labels(row)
            yield from (self._box(row, t) for t in row.steps)
            for t in range(1, row.T + 1):
                yield from self._fed(row, t, "rest")
            yield from self._handed(row, "rest")
        for step in self.read:
            yield from self._word(step)
        for t in self.run.answered:
            yield from self._answer(t)

    def _labels(self, row: Row) -> Iterator[Element]:
        (name, direction), shown, H = self.names[row], len(self.shown[row]), row.h.shape[1]
        if row.writes:
            yield words(name, self.x(row, 0), self.top[row] - 9, "mid bold")
            return
        said = [name, direction, f"{shown} of {H} units" if shown < H else ""]
        for place, line in enumerate(filter(None, said)):
            yield words(line, 8, self.top[row] + 18 + 19 * place, "soft" if place else "bold")
        x, end = self.x(row, row.first) - row.back * (BOX / 2 + SIDE + 4), "" if row.record.reverse else " end"
        yield words("start", x, self.box(row).level - 8, f"soft{end}")

    def _box(self, row: Row, t: int) -> Element:
        box = self.box(row, t)
        parts = [rect(*box, "panel surface stroke-state" + (" broken" if row.writes and not t else ""), 8)]
        for k, place in zip(self.shown[row], box.inside(PAD).cells(len(self.shown[row])), strict=True):
            parts += self.cell(f"row {row.number}/{t}/{k}", place)
        return group("cell", *parts, data_tip=f"row/{row.number}", data_at=str(row.when(max(t, 1))))

    def _fed(self, row: Row, t: int, cls: str) -> Iterator[Element]:
        """What step t of a row is computed from: its state before, and what stands below."""
        box, begins = self.box(row, t), t == row.first and not row.writes
        start = box.middle - row.back * (BOX / 2 + 46 if begins else self.pitch - BOX / 2 - 3)
        yield arrow(start, box.level, box.middle - row.back * (BOX / 2 + 4), box.level, cls)
        below = self.run.level(row, -1) if row.level else ()
        x, left, end, start = box.middle, box.x - SIDE, box.bottom + 4, self.ground - 3
        if below:
            start = self.top[below[-1]] - (3 if len(below) == 1 else (GAP + JOIN) / 2)
        joined = len(below) == 2
        if joined and (row.side == 0 or cls == "now"):
            for source in below:
                yield from self._onto(source, t, x, start + 11, cls)
            yield rect(x - 24, start - 10, 48, 20, "nowsoft now" if cls == "now" else "panel", 10)
            yield words("both", x, start + 5, "mid")
        if row.side:  # past the lower one of the pair, on its left; out of the side of the place where two are joined
            corners = [(left, start), (left, end + 11), (x - 12, end + 11), (x - 12, end)]
            yield from bent([(x - 25, start)] * joined + corners, cls)
        else:
            yield arrow(x, start - 12 * joined, x, end, cls)

    def _onto(self, row: Row, t: int, x: float, end: float, cls: str) -> Iterator[Element]:
        """Up from a state to one place above, at x: straight, from the lower one of a pair past the upper one."""
        box = self.box(row, t)
        if box.middle != x:
            yield from bent([(box.middle, box.y - 3), (box.middle, end + 22), (x, end + 22), (x, end + 1)], cls)
        elif row is self.run.level(row)[-1]:
            yield arrow(x, box.y - 3, x, end + 1, cls)
        else:
            right, start = box.right + SIDE, box.y + 12
            corners = [(box.right + 1, start), (right, start), (right, end + 11), (x + 14, end + 11), (x + 14, end + 1)]
            yield from bent(corners, cls)

    def _handed(self, row: Row, cls: str) -> Iterator[Element]:
        """From the last states of the encoder to the first one of the decoder."""
        box, givers = self.box(row, 0), self.run.givers(row)
        if row.writes and not givers:
            yield arrow(box.middle, self.ground - 3, box.middle, box.bottom + 4, cls)
        for giver in givers:
            end = self.box(giver, giver.last)
            if giver.record.reverse:  # its last state stands at the first word
                over, x = end.y - 15, box.middle + 14
                yield from bent([(end.middle, end.y - 3), (end.middle, over), (x, over), (x, box.y - 26)], cls)
            else:
                yield arrow(end.right + 3, box.level, box.x - 4, box.level, cls)

    def _readings(self) -> Iterator[tuple[int, tuple[Box, str, int]]]:
        """All that is read, with its place, its name, and the page on which it is read: the words from 1, and from -1
        down what a decoder reads."""
        first, last = self.rows[0], self.rows[-1]
        words = range(1, 2 if first.writes else first.T + 1)
        steps = [*words, *range(-1, -last.T - 1, -1)] if last.writes else words
        for step in steps:
            row, t = (first, 0 if first.writes else step) if step > 0 else (last, -step)
            text = self.trace.tokens[step - 1] if step > 0 else self.run.symbol(-step)
            box = Box(self.x(row, t) - self.pill / 2, self.ground, self.pill, WORD)
            yield step, (box, text, min(r.when(t) for r in self.run.level(row)) if t else 0)

    def _word(self, step: int, now: bool = False) -> Iterator[Element]:
        box, text, _ = self.read[step]
        if step == 1 and self.image is not None:
            size = IMAGE / max(self.image.shape)
            for (row, column), value in np.ndenumerate(np.clip(self.image, 0, 1)):
                x, y = box.middle - IMAGE / 2 + size * column, box.y + size * row
                yield rect(x, y, size, size, "role-input", fill_opacity=f"{value:.2f}")
            yield rect(box.middle - IMAGE / 2, box.y, IMAGE, IMAGE, "now" if now else "rest", 2)
            return
        yield rect(*box, "nowsoft now" if now else "tint-output broken" if step < 0 else "tint-input", WORD / 2)
        cls = "mid big bold" if now else "mid big soft" if step == -1 else "mid big"
        if text == f"x_{step}":  # it has no name of its own
            yield formula(f"x_{{{step}}}", box.middle, box.level + 5, "mid")
        else:
            yield words(clip(text, self.pill - 14, TEXT * (1.08 if now else 1)), box.middle, box.level + 5, cls)

    def _answer(self, t: int, now: bool = False) -> Iterator[Element]:
        """The most probable class at step t, with its probability, and what it is made of."""
        (text, address), cls = self.run.best(t), "now" if now else "rest"
        x, y, row = self.x(self.run.top[-1], t), self.answer_y, self.rows[-1]
        for source, step in self.run.sources(t):
            yield from self._onto(source, step, x, y + 15, cls)
        yield rect(x - self.pill / 2, y - 13, self.pill, 26, "nowsoft now" if now else "tint-output", 13)
        yield words(clip(text, self.pill - 12, TEXT), x, y + 5, "mid bold")
        if address:
            yield self.number(address, x, y - 17, "mid")
        if row.writes and t < row.T and not now:  # what was written is read at the next step
            right, left, end = x + self.pill / 2, self.x(row, t + 1) - self.pill / 2, self.ground + WORD / 2
            yield path(f"M{right + 1} {y}H{(right + left) / 2}V{end}", "rest broken")
            yield arrow((right + left) / 2, end, left - 3, end, "rest", 6)

    def page(self, t: int) -> Iterator[Element]:
        """What has not been computed yet is empty; what is computed now is marked, with what it is computed from."""
        now, wide = self.run.now(t), self.pill
        yield from empty((self.box(row, s) for row in self.rows for s in row.steps if row.when(s) > t), 8)
        ahead = {step: box for step, (box, _, page) in self.read.items() if page > t}
        yield from empty((box for step, box in ahead.items() if step < -1), WORD // 2)  # what it will have written
        yield from (rect(*box.inside(-1), "veil") for step, box in ahead.items() if step >= -1)
        for x in (self.x(self.run.top[-1], s) for s in self.run.answered if self.run.answered_when(s) > t):
            yield rect(x - wide / 2, 1, wide, self.answer_y - 14, "surface")
            yield from empty([Box(x - wide / 2, self.answer_y - 13, wide, 26)], 13)
        for step in sorted({-s if row.writes else s for row, s in now if not row.level}):
            yield from self._word(step, True)
        for row, s in now:
            yield from self._fed(row, s, "now")
            yield from self._handed(row, "now") if s == 1 else ()
        for row, s in now:
            box = self.box(row, s)
            yield rect(*box, "now", 8)
            x, y = (box.x + 1, box.y - 5) if row is self.run.level(row)[-1] else (box.right + 4, box.bottom - 4)
            yield formula(self.notation.at("h", s), x, y, "accent")  # where no line passes
        for s in self.run.answered:
            yield from self._answer(s, True) if self.run.answered_when(s) == t else ()

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        said = "; ".join(self._does(row, s) for row, s in self.run.now(t))
        done = [s for s in self.run.answered if self.run.answered_when(s) == t]
        (text, address), sides = self.run.best(done[0]) if done else ("", ""), len(self.run.top)
        words = {"symbol": quoted(text), "score": self.text(address) if address else "", "t": t, "said": said}
        if done and self.rows[-1].writes:
            return self.say("writes", **words)
        kind = "one side" if sides == 1 else "two steps" if len(done) > 1 else "one step"
        kind = f"end {sides}" if self.run.answers == "end" else kind
        return self.say(
            "caption", answer=self.say(kind, first=done[0], second=done[-1], **words) if done else "", **words
        )

    def _does(self, row: Row, t: int) -> str:
        below, name = self.run.level(row, -1), self.names[row][0]
        said = {"who": f"the {name}" if name in ("decoder", "encoder") else name, "s": t}
        if below:
            return self.say("both" if len(below) == 2 else "below", below=self.names[below[0]][0], **said)
        if row.writes and t == 1:
            return self.say("begins", source=self.WORDS[f"source {len(self.run.givers(row))}"], **said)
        word = quoted(self.run.symbol(t) if row.writes else self.trace.tokens[t - 1])
        return self.say("reads again" if row.writes else "reads", word=word, **said)

    def note(self) -> str:
        sizes = [(self.names[row][0], len(self.shown[row]), row.h.shape[1]) for row in self.rows]
        hidden = "; ".join(f"{name}: {shown} of {H}" for name, shown, H in sizes if shown < H)
        return self.say("note", hidden=hidden) if hidden else ""

    def alt(self) -> str:
        kinds, tokens = (" ".join(filter(None, self.names[row])) for row in self.rows), self.trace.tokens
        read = clip(" ".join(clip(token, 130) for token in tokens), 600)
        return self.say("alt", count=len(self.rows), kinds=", ".join(kinds), n=len(tokens), read=read)

    def lines(self, t: int) -> tuple[str, ...]:
        return tuple(self.tips(t))[:MOST]

    def tips(self, t: int) -> dict[str, Tip]:
        found = {}
        for row, s in self.run.now(t):
            before = 0 if s == row.first else s - row.back
            k = max(self.shown[row], key=lambda unit: abs(row.h[s, unit] - row.h[before, unit]))
            said = {"who": self.names[row][0], "unit": k + 1, "n": row.number}
            found[f"row/{row.number}"] = self.tip("moves", i=before, t=s, k=k, **said)
        return found

    def table(self) -> Table:
        T, found = max(row.T for row in self.rows), []
        for row in self.rows:
            for k in range(row.h.shape[1]):
                label, _, *numbers = self.row(f"{self.names[row][0]}, unit {k + 1}", f"row {row.number}", k)
                found.append((label, *numbers, *[""] * (T - row.T)))
        return (("", *(f"step {t}" for t in range(1, T + 1))), *found)
