"""The next symbol: its probabilities at a temperature, and the random number that picks one. Chapter 05."""

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..look.lettering import clean, clip, counted, exact, power, quoted, text_width
from ..look.templates import Tip, of_picture
from ..views.writing import Writing
from .pages import Pages
from .shapes import Element, group, line, rect, span, words
from .sheet import Ask, Sheet, Table, paged

MOST = 7  # symbols that have a bar
WIDTH, ROW, FIRST = 860, 23, 66  # px: of the picture, of a row, the middle of the first row
BARS, BAR = 290, 320  # where the bars begin, and the length of probability 1
LOGIT, DIVIDED, NOW, ONE = 176, 266, 700, 788  # where the numbers end
STRIP, LENGTH = 20, 768  # the probabilities end to end: where they begin, and their length


def logit(value: float) -> str:
    """Two decimals; beyond five digits two of them and a power of ten."""
    return exact(value, 2) if abs(value) < 99_999 else f"{'+' if value > 0 else ''}{power(value)}"


@asked.asks()
def temperature(writing: Writing, *, ask: Ask = None, title: str = "") -> Pages:
    """The probabilities of the next symbol, `softmax(z / τ)`, as pages: one for each symbol that is written, and one
    for the symbol that would come next.

    writing: from `views.writing.writing`. ask: page -> question; where τ is below 1, it covers what τ does. Chapter 05.
    """
    return paged(Temperature(writing), title, ask)


class Temperature(Sheet):
    WORDS = of_picture("temperature")
    FORM = dict.fromkeys(("p", "at 1", "exp", "sum", "u", "others", "others at 1"), "{:.4f}".format) | dict.fromkeys(
        ("z", "z÷T", "less"), logit
    ) | {"T": "share"}  # fmt: skip

    def __init__(self, writing: Writing) -> None:
        self.writing, self.T, self.S = writing, writing.temperature, len(writing.chosen)
        self.symbols = tuple(clean(symbol) or "␣" for symbol in writing.symbols)
        self.last = self.S - writing.ended  # after the end symbol nothing comes
        self.numbers = writing.numbers
        hidden = np.ones_like(writing.logits)
        for k in range(len(hidden)):
            hidden[k, self.shown(k)] = 0
        self.numbers |= {
            f"others{at}": (self.numbers[p] * hidden).sum(axis=1) for at, p in (("", "p"), (" at 1", "at 1"))
        }
        rows = min(len(self.symbols), MOST)
        self.below = FIRST + ROW * (rows + (len(self.symbols) > MOST))
        self.width, self.height = WIDTH, self.below + 64
        self.said = {"pages": self.last + 1, "written": self.S}

    def shown(self, k: int) -> list[int]:
        """The symbols that have a bar: all, or those with the largest scores; in their own order."""
        return sorted(np.argsort(-self.writing.logits[k], kind="stable")[:MOST].tolist())

    def drawn(self, k: int) -> int | None:
        """The symbol that is drawn at place k."""
        return self.writing.chosen[k] if k < self.S else None

    def best(self, k: int) -> int:
        return int(self.writing.logits[k].argmax())

    def background(self) -> Iterator[Element]:
        y = FIRST - 22
        heads = {"symbol": (20, "soft"), "score z": (LOGIT, "end soft"), "z / τ": (DIVIDED, "end soft")}
        heads |= {"probability": (BARS, "soft"), "at τ =": (NOW - 42, "end"), "at τ = 1": (ONE, "end soft")}
        yield from (words(text, x, y, cls) for text, (x, cls) in heads.items())
        yield rect(NOW - 104, y - 10, 12, 10, "role-output", 2)
        yield self.number("T/0", NOW, y, "end bold")
        yield rect(ONE - 76, y - 11, 12, 12, "band fill-ink", 2)
        yield words("written", 20, 18, "soft")
        yield words(self.say("strip"), STRIP, self.below + 2, "soft")

    def page(self, k: int) -> Iterator[Element]:
        yield self._text(k)
        shown = self.shown(k)
        for place, i in enumerate(shown):
            yield group("", *self._row(k, i, FIRST + ROW * place), data_tip=f"row/{i}")
        if len(shown) < len(self.symbols):
            y = self.below - ROW
            yield words(self.say("others", count=len(self.symbols) - MOST), 20, y + 5, "soft")
            yield from self._bars(f"others/{k}", f"others at 1/{k}", y)
        yield from self._strip(k)
        if k in self.ask and self.T < 1:
            yield rect(DIVIDED + 10, FIRST - 12, NOW - DIVIDED - 8, self.below - FIRST, "cover surface")

    def _text(self, k: int) -> Element:
        """What is written; where it is long, its end. The symbol that this page draws is marked."""
        apart = "" if all(len(symbol) == 1 for symbol in self.symbols) else " "
        text = cut = apart.join(self.symbols[i] for i in self.writing.chosen[:k])
        while text_width(cut, 16) > 640:
            cut = cut[max(1, len(cut) // 40) :]
        i = self.drawn(k)
        said = ("…" if cut != text else "") + cut if cut else "nothing yet" if i is None else ""
        spans = [] if i is None else [span(f" {clip(self.symbols[i], 90)}", "bold accent")]
        return words(said, 84, 18, "big", spans=spans)

    def _row(self, k: int, i: int, y: float) -> Iterator[Element]:
        drawn = self.drawn(k) == i
        yield rect(12, y - 11, ONE, 22, "nowsoft now" if drawn else "surface", 6)
        yield words(clip(self.symbols[i], 84), 20, y + 5, "bold")
        yield self.number(f"z/{k}/{i}", LOGIT, y + 5, "end")
        yield self.number(f"z÷T/{k}/{i}", DIVIDED, y + 5, "end")
        yield from self._bars(f"p/{k}/{i}", f"at 1/{k}/{i}", y)
        if drawn:
            yield words("drawn", ONE + 20, y + 5, "bold accent")

    def _bars(self, now: str, one: str, y: float) -> Iterator[Element]:
        """Temperature 1 as a wide pale bar, τ as a narrow one over it, and both numbers."""
        yield rect(BARS, y - 9, max(BAR * self.value(one), 1), 18, "band fill-ink", 2)
        yield rect(BARS, y - 5, max(BAR * self.value(now), 1), 10, "role-output", 2)
        yield self.number(now, NOW, y + 5, "end bold")
        yield self.number(one, ONE, y + 5, "end soft")

    def _strip(self, k: int) -> Iterator[Element]:
        """The probabilities end to end, and where the random number falls."""
        y, drawn = self.below + 11, self.drawn(k)
        far = STRIP + LENGTH * np.concatenate([[0.0], np.cumsum(self.numbers["p"][k])])
        yield rect(STRIP, y, LENGTH, 24, "panel")
        for i, name in enumerate(self.symbols):
            left, wide = float(far[i]), float(far[i + 1] - far[i])
            if wide >= 1 or i == drawn:
                yield rect(left, y, max(wide, 1), 24, "nowsoft rest" if i == drawn else "panel")
            if wide > 22:
                yield words(clip(name, wide - 6), left + wide / 2, y + 17, "mid bold" if i == drawn else "mid")
        if drawn is not None:
            x = STRIP + LENGTH * self.value(f"u/{k}")
            yield line(x, y - 5, x, y + 32, "now")
            side, by, at = ("end ", -66, -8) if x > STRIP + LENGTH / 2 else ("", 8, 36)  # where there is room
            yield words("u =", x + by, y + 42, f"{side}accent")
            yield self.number(f"u/{k}", x + at, y + 42, f"{side}bold accent")

    def caption(self, k: int) -> str:
        if (i := self.drawn(k)) is not None:
            end = self.say("end") if self.writing.ended and k == self.last else ""
            return self.say("drawn", t=k + 1, k=k, i=i, symbol=quoted(self.symbols[i]), end=end)
        so_far = self.say("after", symbols=counted(k, "symbol")) if k else self.say("nothing")
        effect = self.say("one" if self.T == 1 else "below" if self.T < 1 else "above")
        i = self.best(k)
        return self.say("open", k=k, i=i, so_far=so_far, effect=effect, symbol=quoted(self.symbols[i]))

    def tips(self, k: int) -> dict[str, Tip]:
        return {f"row/{i}": self.tip("row", k=k, i=i, symbol=clip(self.symbols[i], 90)) for i in self.shown(k)}

    def lines(self, k: int) -> tuple[str, ...]:
        """The drawn symbol, or the most probable."""
        drawn = self.drawn(k)
        return (f"row/{drawn if drawn in self.shown(k) else self.best(k)}",)

    def note(self) -> str:
        return self.say("note") if self.S else ""

    def mark(self, k: int) -> str:
        return self.say("mark", t=k + 1)

    def table(self) -> Table:
        names = {i: clip(self.symbols[i], 90) for i in range(len(self.symbols))}
        rows = []
        for k in range(self.last + 1):
            drawn = (names[self.writing.chosen[k]], self.text(f"u/{k}")) if k < self.S else ("", "")
            rows.append((str(k + 1), *drawn, *(self.text(f"p/{k}/{i}") for i in self.shown(0))))
        return (("symbol", "drawn", "u", *(f"p({names[i]})" for i in self.shown(0))), *rows)

    def alt(self) -> str:
        k = self.last
        found = [self.say("found", k=k, i=i, symbol=clip(self.symbols[i], 90)) for i in self.shown(k)]
        return self.say("alt", found=", ".join(found))
