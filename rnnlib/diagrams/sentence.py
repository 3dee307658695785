"""A sentence through a network, word by word: words below, states in the middle, verdicts on top.

Reading order is causal order: a word goes up into a state, states go right, a verdict comes out on top.
Chapters 00, 03 and 08.
"""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..look.lettering import clip, quoted
from ..look.notation import Notation
from ..look.palette import TEXT
from ..look.templates import Tip, of_picture
from ..trace import Trace
from ..views.steps import steps
from . import choices
from .boxes import Box
from .pages import Pages
from .shapes import Element, arrow, cell, coordinate, formula, group, path, rect, told, words
from .sheet import Sheet, Table, paged

LEFT, WIDE, ROW, PAD = 78, 66, 19, 5  # of a column of states: where the first begins, its width, of a unit, the room
SQUARE = 7  # of the units that have no room for a number
BAR, BAR_HEIGHT, TOP, WORD = 26, 12, 68, 30  # where verdict bars and columns begin; height of a word
CHIPS = 12  # px beside a column for what it held before
OUTPUTS = 4  # whose scores have room in the arithmetic


@asked.asks(output=asked.kind((int, str)))
def sentence(
    trace: Trace, *, notation: str = "h", units: int = 8, output: int | str | None = None, title: str = ""
) -> Pages:
    """A run of a network over T words as T+1 pages: one for the start, and one for each word.

    notation: "h" as in the book, or "a" as in the course that writes a<t>. units: how many units have their
    numbers in the picture, at least 1; where the network has more, those are shown that move the verdict most
    in this run, and the others as colours. output: the class whose probability is shown, by name or number;
    the last if None. ValueError for a notation, a number of units or an output that does not exist, or where
    the trace holds NaN or infinity. Chapters 00, 03 and 08.
    """
    k = choices.output(trace.classes, output)
    choices.finite("trace", trace.from_input, trace.from_state, trace.logits, *trace.states.values())
    return paged(Sentence(trace, Notation(notation), units, k), title)


class Sentence(Sheet):
    """shown: the units with a number; rest: those with a colour only; k: the class that is followed."""

    WORDS = of_picture("sentence")
    FORM = dict.fromkeys(("p", "f", "i", "o", "z"), "share")

    def __init__(self, trace: Trace, notation: Notation, units: int, k: int) -> None:
        self.trace, self.notation, self.k, self.numbers = trace, notation, k, steps(trace)
        self.last, H, name = trace.T, trace.H, trace.classes[k]
        count = H if units + 2 >= H else units  # two more rows cost less room than a remark
        self.shown = choices.moving(trace.h, count, np.ptp(trace.params["output.W_hy"], axis=0))
        self.rest = [k for k in range(H) if k not in self.shown]
        self.said = {
            "H": H, "count": count, "hidden": H - count, "out": k, "name": quoted(name), "plain": name,
            "letter": notation.name, "act": trace.activation, "text": clip(" ".join(trace.tokens), 900),
            "squash": trace.squash or "as it is",
        }  # fmt: skip
        self.pitch = int(min(122, max(108, 800 // (self.last + 1))))
        self.numbered = 2 * PAD + count * ROW - 2
        self.across = (WIDE - 2 * PAD) // SQUARE  # small squares side by side
        self.bottom = TOP + self.numbered + (6 + -(-len(self.rest) // self.across) * SQUARE if self.rest else 0)
        self.ground = self.bottom + 46
        self.width = LEFT + WIDE / 2 + self.last * self.pitch + max(84, self.pitch / 2 + 2)
        self.height = self.ground + WORD + 3

    def x(self, t: int) -> float:
        """The middle of column t."""
        return LEFT + WIDE / 2 + t * self.pitch

    def column(self, t: int) -> Box:
        """The states after step t."""
        return Box(self.x(t) - WIDE / 2, TOP, WIDE, self.bottom - TOP)

    def cells(self, t: int) -> list[Box]:
        """The places of the units with numbers."""
        x, y, wide, _ = self.column(t)
        return [*Box(x, y, wide, self.numbered).inside(PAD).cells(len(self.shown), gap=2)]

    def word(self, t: int) -> str:
        return self.trace.tokens[t - 1]

    def background(self) -> Iterator[Element]:
        """Every column as it is when it has been read."""
        yield from self._labels()
        for t in range(self.last + 1):
            yield group("column", *self._column(t))
            yield formula(self.notation.at("h", t), self.x(t), self.bottom + 16, "mid")
            if t:
                yield from self._arrows(t)
                for name, x, y, cls in self._weights(t):
                    yield formula(self.notation.weight(name), x, y, cls)
                yield group("word", *self._word(t), told("title", self.word(t)), data_tip="state/word", data_at=str(t))
                yield self._verdict(t)

    def _labels(self) -> Iterator[Element]:
        right, cells = LEFT + WIDE - 2, self.cells(0)
        yield words("probability of", right, 19, "end soft")
        yield words(quoted(self.trace.classes[self.k], 110), right, 38, "end soft")
        yield words("unit", LEFT - 8, TOP - 7, "end soft")
        for k, box in zip(self.shown, cells, strict=True):
            yield words(str(k + 1), LEFT - 8, box.level + 5, "end soft")
        if self.rest:
            yield words(f"{len(self.rest)} more", LEFT - 8, cells[-1].level + ROW + 5, "end soft")
        yield words("start", self.x(0), self.ground + 20, "mid soft")

    def _column(self, t: int) -> Iterator[Element]:
        yield rect(*self.column(t), "panel surface stroke-state", 8)
        for k, box in zip(self.shown, self.cells(t), strict=True):
            yield group("cell", *self.cell(f"h/{t}/{k}", box), data_tip=f"state/{k + 1}", data_at=str(t))
        left, top = self.column(t).x + PAD, TOP + self.numbered + 2
        for place, k in enumerate(self.rest):
            row, column = divmod(place, self.across)
            x, y = left + column * SQUARE, top + row * SQUARE
            yield cell(float(self.trace.h[t, k]), x, y, SQUARE - 1, SQUARE - 1)

    def _arrows(self, t: int, cls: str = "flow") -> Iterator[Element]:
        """From the state before, from the word, to the verdict."""
        x, head, level = self.x(t), 10 if cls == "now" else 7, TOP + self.numbered / 2
        yield arrow(self.column(t - 1).right + CHIPS, level, self.column(t).x - 4, level, cls, head)
        yield arrow(x, self.ground - 3, x, self.bottom + 25, cls, head)
        yield arrow(x, TOP - 4, x, BAR + BAR_HEIGHT + 5, cls, head)

    def _weights(self, t: int) -> Iterator[tuple[str, float, float, str]]:
        beside = self.column(t - 1).right + CHIPS
        yield "W_hh", (beside + self.column(t).x) / 2, TOP + self.numbered / 2 - 15, "soft mid"
        yield "W_xh", self.x(t) + 9, self.ground - 8, "soft"
        yield "W_hy", self.x(t) + 9, TOP - 12, "soft"

    def _word(self, t: int, now: bool = False) -> Iterator[Element]:
        wide, size = min(self.pitch - 8, 108), TEXT * (1.08 if now else 1)  # the present word is bold, and so wider
        yield rect(self.x(t) - wide / 2, self.ground, wide, WORD, "nowsoft now" if now else "tint-input", WORD / 2)
        text = clip(self.word(t), wide - 18, size)
        yield words(text, self.x(t), self.ground + 20, "mid big bold" if now else "mid big")

    def _verdict(self, t: int) -> Element:
        p, x, wide = self.value(f"p/{t}/{self.k}"), self.x(t), min(self.pitch - 20, 88)
        return group(
            "verdict",
            rect(x - wide / 2, BAR, wide, BAR_HEIGHT, "panel", 4),
            rect(x - wide / 2, BAR, max(wide * p, 1), BAR_HEIGHT, "role-output", 4 if wide * p > 8 else 1),
            path(f"M{coordinate(x)} {BAR - 3}v3m0 {BAR_HEIGHT}v3", "flow"),  # the middle, one half
            self.number(f"p/{t}/{self.k}", x, 19, "mid big bold"),
            data_tip=f"output/{self.k + 1}",
            data_at=str(t),
        )

    def page(self, t: int) -> Iterator[Element]:
        """The future is empty and pale, the present marked, the state before beside it."""
        box = self.column(t)
        for ahead in range(t + 1, self.last + 1):
            yield rect(*self.column(ahead), "panel surface", 8)
            yield rect(self.x(ahead) - 46, 4, 92, BAR + BAR_HEIGHT, "surface")
        if t < self.last:
            edge, half = box.right + 2, self.x(t) + self.pitch / 2
            yield rect(edge, TOP - 2, half - edge, box.height + 4, "veil")
            yield rect(half, 0, self.width - half, self.height, "veil")
        yield rect(*box, "now", 8)
        if t:
            yield from self._arrows(t, "now")
            yield from self._word(t, now=True)
            yield from self._before(t)

    def _before(self, t: int) -> Iterator[Element]:
        """Chips with the column before; the unit that moved most is outlined."""
        right, most = self.column(t).right, choices.mover(self.trace.h, self.shown, t)
        for k, box in zip(self.shown, self.cells(t), strict=True):
            chip = right + 3, box.y + 2, 7, box.height - 4
            yield rect(*chip, "panel surface", 2)
            yield cell(float(self.trace.h[t - 1, k]), *chip)
            if k == most:
                yield rect(*box, "mark", 3)
        yield words("before", right + 3, self.bottom + 16, "soft")

    def caption(self, t: int) -> str:
        if t == 0:
            return self.say("start", states=self.WORDS["given" if self.trace.h[0].any() else "zero"])
        k = choices.mover(self.trace.h, self.shown, t)
        at = {"t": t, "k": k, "unit": k + 1}
        before, now = (self.text(f"h/{s}/{k}") for s in (t - 1, t))
        who = "alone" if self.trace.H == 1 else "some" if self.rest else "all"
        goes = "is at" if t == 1 else "stays" if self._p(t) == self._p(t - 1) else "goes"
        moves = "moves" if before != now else "rests"
        said = {"who": self.say(who, **at), "moves": self.say(moves, **at), "goes": self.say(goes, **at)}
        return self.say("caption", word=quoted(self.word(t)), **at, **said)

    def _p(self, t: int) -> str:
        return self.text(f"p/{t}/{self.k}")

    def note(self) -> str:
        return self.say("note") if self.rest else ""

    def tips(self, t: int) -> dict[str, Tip]:
        kind = "begins" if t == 0 else self.trace.kind if self.trace.kind in ("lstm", "gru") else "rnn"
        word = quoted(self.word(t)) if t else ""
        tips = {f"state/{k + 1}": self.tip(kind, t=t, k=k, unit=k + 1, word=word) for k in self.shown}
        return tips | {f"output/{self.k + 1}": self._output(t)} | ({"state/word": self._vector(t)} if t else {})

    def _output(self, t: int) -> Tip:
        """The second computation."""
        if t == 0:
            return self.tip("no output")
        classes, others = self.trace.classes, list[tuple[str, str]]()
        if self.trace.squash == "softmax":
            shown = [j for j in range(len(classes)) if j != self.k][: OUTPUTS - 1]
            for place, j in enumerate(shown):
                others += self.tip("other" if place else "first other", t=t, k=j, name=quoted(classes[j]))
            if more := len(classes) - 1 - len(shown):
                others += self.tip("more", n=more)
        return self.tip("output", t=t, k=self.k, others=tuple(others))

    def _vector(self, t: int) -> Tip:
        """What the word of step t is for the network: where its vector is one-hot, the number of the word."""
        x = self.trace.x[t - 1]
        hot = np.flatnonzero(x)
        kind = "one-hot" if len(hot) == 1 and x[hot[0]] == 1 else "word"
        return self.tip(kind, t=t, word=quoted(self.word(t)), n=len(x), hot=hot[0] + 1 if len(hot) else 0)

    def lines(self, t: int) -> tuple[str, ...]:
        return f"state/{choices.mover(self.trace.h, self.shown, t) + 1}", f"output/{self.k + 1}"

    def table(self) -> Table:
        return table(self, self.trace)


def table(sheet: Sheet, trace: Trace) -> Table:
    """All states, scores and probabilities of a run."""
    classes = [(k, clip(name, 130)) for k, name in enumerate(trace.classes)]
    units = [sheet.row(f"unit {k + 1}", "h", k) for k in range(trace.H)]
    scores = [sheet.row(f"output {name}", "logits", k) for k, name in classes]
    odds = [sheet.row(f"probability of {name}", "p", k) for k, name in classes]
    return (("", "start", *(clip(token, 130) for token in trace.tokens)), *units, *scores, *odds)
