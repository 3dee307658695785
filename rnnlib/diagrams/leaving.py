"""A verdict word by word, and what becomes of it when one word is left out. Chapter 08."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..checks import as_flag
from ..saliency import Occlusion
from ..trace import Trace
from . import asked
from .lettering import clip, quoted, share, signed
from .pages import Answer, Pages, Question, Table, Tip, checked, value
from .palette import TEXT
from .shapes import Element, canvas, group, path, rect, words

LEFT, BAR, TOP, WORD, ZERO, REACH = 150, 84, 34, 150, 262, 60
TITLE = "What does the verdict hang on?"
LIMIT = "This says what the answer of this network hangs on; it does not say that the network understands the word."


@asked.asks(
    trace=asked.kind(Trace),
    occlusion=asked.kind(Occlusion),
    output=asked.optional(asked.whole(0)),
    ask=as_flag,
    title=asked.text,
)
def leaving_out(
    trace: Trace, occlusion: Occlusion, *, output: int | None = None, ask: bool = False, title: str = TITLE
) -> Pages:
    """The probability after each word above, and below how it changes when a word is left out; one page a word.

    trace: the run over the whole sentence. occlusion: of the same sentence, see `rnnlib.saliency`. output: the class,
    the last if None. ask: before the first page, which word matters most. ValueError where the two do not belong
    together, or hold what is not finite. Chapter 08.
    """
    k = len(trace.classes) - 1 if output is None else output
    if not 0 <= k < len(trace.classes):
        raise ValueError(f"output: expected 0 to {len(trace.classes) - 1}, got {output!r}")
    same = occlusion.without.shape == trace.probabilities.shape
    if not same or not np.allclose(occlusion.whole, trace.probabilities[-1], atol=1e-5):
        raise ValueError("occlusion: expected that of the same sentence as the trace")
    sheet = _Sheet(trace, occlusion, k)
    steps = range(trace.T + 1)
    alt = f"{title} The probability of {sheet.name} after each of {trace.T} words, and with each word left out."
    drawing = canvas(sheet.width, ZERO + REACH + 30, alt)
    drawing.extend(sheet.background())
    drawing.extend(group("page", *sheet.page(t, ask), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(sheet.caption(t) for t in steps),
        tips=tuple(sheet.tips(t) for t in steps),
        lines=tuple(("left/1",) if t else () for t in steps),
        table=sheet.table(),
        title=title,
        alt=alt,
        note=LIMIT,
        marks=tuple(f"without {quoted(trace.tokens[t - 1], 110)}" if t else "all words" for t in steps),
        questions=(sheet.question(), *[None] * trace.T) if ask and trace.T > 1 else (),
    )
    return checked(pages, sheet.lookup)


class _Sheet:
    def __init__(self, trace: Trace, occlusion: Occlusion, k: int) -> None:
        self.trace, self.occlusion, self.k = trace, occlusion, k
        self.name = trace.classes[k]
        self.pitch = max(64, min(112, 680 // trace.T))
        self.width = LEFT + self.pitch * trace.T + 10

    def lookup(self, address: str) -> float:
        name, t, _ = address.split("/")
        if name == "whole":
            return float(self.occlusion.whole[self.k])
        if name in ("without", "change"):
            return float(getattr(self.occlusion, name)[int(t) - 1, self.k])
        return value(self.trace, address)

    def x(self, t: int) -> float:
        return LEFT + self.pitch * (t - 0.5)

    def change(self, t: int) -> float:
        return float(self.occlusion.change[t - 1, self.k])

    def background(self) -> Iterator[Element]:
        yield words("probability of", LEFT - 14, TOP + 30, "end soft")
        yield words(f"{quoted(self.name, 110)}", LEFT - 14, TOP + 49, "end soft")
        yield words("after each word", LEFT - 14, TOP + 68, "end soft")
        yield words("change when the", LEFT - 14, ZERO - 12, "end soft")
        yield words("word is left out", LEFT - 14, ZERO + 7, "end soft")
        yield path(f"M{LEFT} {ZERO}H{LEFT + self.pitch * self.trace.T}", "rest")
        for t in range(1, self.trace.T + 1):
            yield from self._column(t)

    def _column(self, t: int) -> Iterator[Element]:
        x, p, wide = self.x(t), float(self.trace.probabilities[t - 1, self.k]), min(self.pitch - 26, 44)
        yield rect(x - wide / 2, TOP, wide, BAR, "panel", 4)
        yield rect(x - wide / 2, TOP + BAR * (1 - p), wide, max(BAR * p, 1), "plus", 3)
        yield words(share(p), x, TOP - 8, "mid bold", data_n=f"p/{t}/{self.k}")
        yield rect(x - self.pitch / 2 + 3, WORD - 20, self.pitch - 6, 34, "panel", 17)
        yield words(clip(self.trace.tokens[t - 1], self.pitch - 20, TEXT), x, WORD + 2, "mid big")
        change = self.change(t)
        if np.isnan(change):
            yield words("nothing left", x, ZERO - 10, "mid soft")
            return
        size = abs(change) * REACH
        tone = "minus" if change < 0 else "plus"
        yield rect(x - wide / 2, ZERO if change < 0 else ZERO - size, wide, max(size, 1), tone, 3)
        y = ZERO + size + 18 if change < 0 else ZERO - size - 7
        yield words(signed(change), x, y, "mid", data_n=f"change/{t}/{self.k}")

    def page(self, t: int, ask: bool) -> Iterator[Element]:
        if not t:
            if ask:
                left = LEFT - 4
                yield rect(left, ZERO - REACH - 26, self.width - left, 2 * REACH + 56, "surface cover")
            return
        x = self.x(t)
        yield rect(x - self.pitch / 2 + 1, WORD - 22, self.pitch - 2, 38, "now", 18)
        yield path(f"M{x - self.pitch / 2 + 10} {WORD - 3}H{x + self.pitch / 2 - 10}", "now")
        yield rect(x - self.pitch / 2 + 1, ZERO - REACH - 26, self.pitch - 2, 2 * REACH + 52, "now", 8)

    def _strongest(self) -> int:
        return int(np.nanargmax(np.abs(self.occlusion.change[:, self.k]))) + 1

    def caption(self, t: int) -> str:
        p = share(float(self.occlusion.whole[self.k]))
        if not t:
            if self.trace.T == 1:
                return f"All words: {quoted(self.name)} is at {p}."
            most = self._strongest()
            word = quoted(self.trace.tokens[most - 1])
            return f"All words: {quoted(self.name)} is at {p}. Leaving out {word}, word {most}, changes it most."
        word = quoted(self.trace.tokens[t - 1])
        if np.isnan(self.change(t)):
            return f"Without {word} nothing would be left to read."
        rest = share(float(self.occlusion.without[t - 1, self.k]))
        return f"Without {word}, word {t}, {quoted(self.name)} is at {rest} in place of {p}."

    def tips(self, t: int) -> dict[str, Tip]:
        if not t:
            return {}
        if np.isnan(self.change(t)):
            return {"left/1": (("word 1", "soft"), ("is the only one", ""))}
        return {
            "left/1": (
                (f"without {quoted(self.trace.tokens[t - 1])}", "soft"),
                (share(float(self.occlusion.without[t - 1, self.k])), f"without/{t}/{self.k}"),
                ("in place of", ""),
                (share(float(self.occlusion.whole[self.k])), f"whole/{t}/{self.k}"),
                ("; change", ""),
                (signed(self.change(t)), f"change/{t}/{self.k}"),
            )
        }

    def question(self) -> Question:
        most = self._strongest()
        order = sorted(range(1, self.trace.T + 1), key=lambda t: -abs(self.change(t)))[:3]
        right = f"Left out, it changes the probability by {signed(self.change(most))}: more than any other."
        answers = tuple(
            Answer(
                f"{clip(self.trace.tokens[t - 1], 110)} (word {t})",
                right if t == most else f"It changes the probability by {signed(self.change(t))} only.",
            )
            for t in sorted(order)
        )
        return Question("Which word can least be left out?", answers, sorted(order).index(most))

    def table(self) -> Table:
        head = ("", *(clip(token, 130) for token in self.trace.tokens))
        p = ("probability after it", *(share(float(row[self.k])) for row in self.trace.probabilities))
        change = [self.change(t) for t in range(1, self.trace.T + 1)]
        return (head, p, ("change when left out", *("" if np.isnan(c) else signed(c) for c in change)))
