"""A verdict word by word, and what becomes of it when one word is left out. Chapter 08."""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..checks import expect
from ..look.lettering import clip, quoted
from ..look.palette import TEXT
from ..look.templates import Tip, of_picture
from ..saliency import Occlusion
from ..trace import Trace
from ..views.steps import from_step_1
from . import choices
from .pages import Pages
from .shapes import Element, cover, path, rect, words
from .sheet import Ask, Sheet, Table, paged

LEFT, BAR, TOP, WORD, ZERO, REACH = 150, 64, 26, 120, 214, 46


@asked.asks(output=asked.whole(0))
def leaving_out(
    trace: Trace, occlusion: Occlusion, *, output: int | None = None,
    ask: Ask = None, title: str = "",
) -> Pages:  # fmt: skip
    """The probability after each word above, and below how it changes when a word is left out; one page a word.

    trace: the run over the whole sentence. occlusion: of the same sentence, see `rnnlib.saliency`. output: the class,
    the last if None. ask: page -> question; on the first page it covers the changes. ValueError where the two do not
    belong together, or hold what is not finite. Chapter 08.
    """
    k = choices.output(trace.classes, output)
    same = occlusion.without.shape == trace.probabilities.shape
    same = same and np.allclose(occlusion.whole, trace.probabilities[-1], atol=1e-5)
    expect(same, "occlusion: expected that of the same sentence as the trace")
    return paged(LeavingOut(trace, occlusion, k, title or LeavingOut.WORDS["title"]), title, ask)


class LeavingOut(Sheet):
    WORDS = of_picture("leaving_out")
    FORM = dict.fromkeys(("p", "whole", "without"), "share")

    def __init__(self, trace: Trace, occlusion: Occlusion, k: int, title: str) -> None:
        self.trace, self.last = trace, trace.T
        kept = {"without": occlusion.without[:, k], "change": occlusion.change[:, k], "p": trace.probabilities[:, k]}
        self.numbers = {"whole": [occlusion.whole[k]]} | {name: from_step_1(row) for name, row in kept.items()}
        self.change = self.numbers["change"]
        self.pitch = max(64, min(112, 680 // trace.T))
        self.width, self.height = LEFT + self.pitch * trace.T + 10, ZERO + REACH + 26
        self.said = {"name": quoted(trace.classes[k]), "plain": trace.classes[k], "title": title}

    def x(self, t: int) -> float:
        return LEFT + self.pitch * (t - 0.5)

    def word(self, t: int) -> str:
        return self.trace.tokens[t - 1]

    def background(self) -> Iterator[Element]:
        heads = {TOP + 18: "probability of", TOP + 37: quoted(self.said["plain"], 110), TOP + 56: "after each word"}
        for y, text in (heads | {ZERO - 12: "change when the", ZERO + 7: "word is left out"}).items():
            yield words(text, LEFT - 14, y, "end soft")
        yield path(f"M{LEFT} {ZERO}H{LEFT + self.pitch * self.last}", "rest")
        for t in range(1, self.last + 1):
            yield from self._column(t)

    def _column(self, t: int) -> Iterator[Element]:
        x, p, wide, change = self.x(t), self.value(f"p/{t}"), min(self.pitch - 26, 44), float(self.change[t])
        yield rect(x - wide / 2, TOP, wide, BAR, "panel", 4)
        yield rect(x - wide / 2, TOP + BAR * (1 - p), wide, max(BAR * p, 1), "role-output", 3)
        yield self.number(f"p/{t}", x, TOP - 8, "mid bold")
        yield rect(x - self.pitch / 2 + 3, WORD - 20, self.pitch - 6, 34, "tint-input", 17)
        yield words(clip(self.word(t), self.pitch - 20, TEXT), x, WORD + 2, "mid big")
        if np.isnan(change):
            yield words("nothing left", x, ZERO - 10, "mid soft")
            return
        size, falls = abs(change) * REACH, change < 0
        yield rect(x - wide / 2, ZERO if falls else ZERO - size, wide, max(size, 1), "minus" if falls else "plus", 3)
        yield self.number(f"change/{t}", x, ZERO + size + 18 if falls else ZERO - size - 7, "mid")

    def page(self, t: int) -> Iterator[Element]:
        if not t:
            if 0 in self.ask:
                yield from cover(LEFT - 4, ZERO - REACH - 26, self.width - LEFT + 4, 2 * REACH + 56)
            return
        x, half = self.x(t), self.pitch / 2
        yield rect(x - half + 1, WORD - 22, self.pitch - 2, 38, "now", 18)
        yield path(f"M{x - half + 10} {WORD - 3}H{x + half - 10}", "now struck")
        yield rect(x - half + 1, ZERO - REACH - 26, self.pitch - 2, 2 * REACH + 52, "now", 8)

    def caption(self, t: int) -> str:
        most = t or (int(np.nanargmax(np.abs(self.change[1:]))) + 1 if self.last > 1 else 1)
        nothing = "nothing" if t and np.isnan(self.change[t]) else "caption"
        kind = nothing if t else "one" if self.last == 1 else "start"
        return self.say(kind, t=most, word=quoted(self.word(most)))

    def tips(self, t: int) -> dict[str, Tip]:
        kind = "only" if np.isnan(self.change[t]) else "line"
        return {"left/1": self.tip(kind, t=t, word=quoted(self.word(t)))} if t else {}

    def mark(self, t: int) -> str:
        return self.say("mark", word=quoted(self.word(t), 110)) if t else self.say("all")

    def table(self) -> Table:
        rows = {"probability after it": "p", "change when left out": "change"}
        numbers = [(label, *self.row(label, name)[2:]) for label, name in rows.items()]
        return (("", *(clip(token, 130) for token in self.trace.tokens)), *numbers)
