"""Where the state goes: two or three sentences as ways through a plane. Chapter 03."""

from collections.abc import Iterator, Sequence

import numpy as np

from .. import asked
from ..checks import expect
from ..functions import FloatArray
from ..look.lettering import clip, listed, quoted, text_width
from ..look.scale import Scale
from ..look.templates import Tip, of_picture
from ..trace import Trace
from . import choices
from .chart import Axes, curve, frame, points
from .pages import Pages
from .shapes import Element, rect, words
from .sheet import Sheet, Table, paged

WIDTH, HEIGHT, LEFT, HIGH = 860, 330, 40, 220  # of the picture; where the field begins, and its height
LINE, TOP, WORD, MOST, STEPS = 24, 20, 84, 3, 9  # px: a row of words, the first of them, a word; sentences, steps
STYLES = ("", "broken", "broken")


@asked.asks(traces=asked.some(Trace))
def trajectory(traces: Sequence[Trace], *, title: str = "") -> Pages:
    """The states of 2 or 3 sentences, a page a step, in a plane. Across: the score of the second class minus that of
    the first, so that the verdict turns on the line in the middle. Upward: the direction in which the states differ
    most besides that (the first principal component of what is left).

    traces: of one network with two classes and one recurrent layer, 1 to 9 steps each. ValueError for others.
    Chapter 03.
    """
    expect(2 <= len(traces) <= MOST, f"traces: expected 2 or {MOST}, got {len(traces)}")
    same = all(np.array_equal(t.params["output.W_hy"], traces[0].params["output.W_hy"]) for t in traces)
    expect(same and len(traces[0].classes) == 2, "traces: expected those of one network with two classes")
    longest = max(len(t.tokens) for t in traces)
    expect(1 <= longest <= STEPS, f"traces: expected 1 to {STEPS} steps, got {longest}")
    for trace in traces:
        choices.finite("traces", trace.h)
    return paged(Trajectory(traces), title)


def plane(traces: Sequence[Trace]) -> list[FloatArray]:
    """The places (T+1, 2) of the states of each trace."""
    W, b = traces[0].params["output.W_hy"], traces[0].params["output.b_y"]
    across, states = W[1] - W[0], np.concatenate([t.h for t in traces])
    unit = across / max(float(np.linalg.norm(across)), 1e-12)
    rest = states - states.mean(axis=0)
    rest = rest - np.outer(rest @ unit, unit)
    upward = np.linalg.svd(rest, full_matrices=False)[2][0]
    upward = upward * (1 if upward[np.abs(upward).argmax()] > 0 else -1)
    return [np.column_stack([t.h @ across + b[1] - b[0], (t.h - states.mean(axis=0)) @ upward]) for t in traces]


class Trajectory(Sheet):
    WORDS = of_picture("trajectory")
    width = WIDTH

    def __init__(self, traces: Sequence[Trace]) -> None:
        self.tokens = [t.tokens for t in traces]
        self.last = max(map(len, self.tokens))
        ways = [np.concatenate([way, np.repeat(way[-1:], self.last + 1 - len(way), axis=0)]) for way in plane(traces)]
        self.numbers = {
            "across": np.stack([way[:, 0] for way in ways], 1),
            "upward": np.stack([w[:, 1] for w in ways], 1),
        }
        top = TOP + LINE * len(traces) + 22
        self.height = top + HIGH + 48
        reach = [wide * float(np.abs(self.numbers[n]).max()) or 1.0 for n, wide in (("across", 1.08), ("upward", 1.3))]
        self.axes = Axes(LEFT, top, WIDTH - 2 * LEFT, HIGH, *(Scale(-r, r) for r in reach))
        (self.no, self.yes), self.count = traces[0].classes, len(traces)
        self.said = {"no": quoted(self.no), "yes": quoted(self.yes)}

    def background(self) -> Iterator[Element]:
        """The words in rows, the field, and the line on which the verdict turns."""
        axes, middle = self.axes, self.axes.px(0)
        yield rect(axes.x, axes.y, axes.width, axes.height, "zone", 6)
        yield from frame(axes, y_ticks=(), x_label=self.say("x label"))
        yield rect(middle - 0.6, axes.y, 1.2, axes.height, "fill-ink")
        yield words("← " + clip(self.no, 150), middle - 10, axes.y - 8, "end soft")
        yield words(clip(self.yes, 150) + " →", middle + 10, axes.y - 8, "soft")
        for row in range(self.count):
            key = Axes(LEFT, TOP + LINE * row - 6, 44, 2, Scale(0, 1), Scale(-1, 1))
            yield curve(key, [0, 1], [0, 0], "state", cls=STYLES[row])

    def page(self, t: int) -> Iterator[Element]:
        """The ways so far, and where each sentence is now."""
        across, upward = self.numbers["across"], self.numbers["upward"]
        for row, tokens in enumerate(self.tokens):
            s = min(t, len(tokens))
            xs, ys = across[: s + 1, row], upward[: s + 1, row]
            yield curve(self.axes, xs, ys, "state", cls=STYLES[row])
            yield from points(self.axes, xs[:-1], ys[:-1], "state")
            yield from points(self.axes, xs[-1:], ys[-1:], "now", radius=7)
            for k, token in enumerate(tokens):
                cls = "accent bold" if k == t - 1 else "" if k < t else "soft"
                yield words(clip(token, WORD - 8), LEFT + 60 + WORD * k, TOP + LINE * row, cls)
        yield from self._names(t)

    def _names(self, t: int) -> Iterator[Element]:
        """The present words beside their dots, the upper one above, the lower one below."""
        rows = sorted(range(self.count), key=lambda row: -self.numbers["upward"][t, row])
        now = {row: self.tokens[row][min(t, len(self.tokens[row])) - 1] if t else self.say("begin") for row in rows}
        first, last = rows[0], rows[-1]
        near = np.hypot(*(np.subtract(*self._place(t, (first, last))))) < 12 and now[first] == now[last]
        for row, down in ((first, -13), (last, 23)):
            x, y = self.axes.place(self.numbers["across"][t, row], self.numbers["upward"][t, row])
            side = "end" if x > self.axes.right - WORD else "mid" if x > self.axes.x + WORD / 2 else ""
            text = clip(now[row], WORD)
            wide = text_width(text)
            left = x - wide * {"end": 1, "mid": 0.5, "": 0}[side]
            yield rect(left, y + down - 13, wide, 17, "zone", 3)  # no way goes through a name
            yield words(text, x, y + down, f"bold {side}".strip())
            if near:
                return

    def _place(self, t: int, rows: Sequence[int]) -> list[FloatArray]:
        across, upward = self.numbers["across"], self.numbers["upward"]
        return [np.array(self.axes.place(across[t, row], upward[t, row])) for row in rows]

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        reading = [quoted(tokens[t - 1]) for tokens in self.tokens if t <= len(tokens)]
        same = len({tokens[:t] for tokens in self.tokens}) == 1
        places = [f"{{across/{t}/{row}}}" for row in range(self.count)]
        which = self.say("together" if same else "apart", where=listed([self.text(p[1:-1]) for p in places]))
        return self.say("caption", t=t, words=listed([*dict.fromkeys(reading)]), which=which)

    def tips(self, t: int) -> dict[str, Tip]:
        return {f"way/{row + 1}": self.tip("way", t=t, row=row, number=row + 1) for row in range(self.count)}

    def lines(self, t: int) -> tuple[str, ...]:
        return tuple(self.tips(t))[:2]

    def table(self) -> Table:
        head = ("", "start", *(f"step {t}" for t in range(1, self.last + 1)))
        rows = [
            self.row(f"sentence {row + 1}, {name}", name, row) for row in range(self.count) for name in self.numbers
        ]
        return (head, *rows)
