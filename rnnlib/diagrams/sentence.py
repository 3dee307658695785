"""A sentence through a network, word by word: words below, states in the middle, verdicts on top. Chapters 00, 03, 08.

Reading order is causal order: a word goes up into a state, states go right, a verdict comes out on top.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..trace import Trace
from . import style
from .arithmetic import input_tip, output_tip, quoted, state_tip
from .pages import Pages, Table, Tip, agree
from .style import Element, arrow, cell, group, path, rect, share, signed, symbol, titled, words

LEFT, BOX, ROW, PAD = 92, 68, 22, 5
SQUARE = 8  # of the units that have no room for a number
TOP, BAR, BAR_HEIGHT = 92, 30, 12  # where boxes and verdict bars begin
LETTERS = {"h": ("h", "x", "y"), "a": ("a", "x", "y")}
TITLE = "What does the network know after each word?"


@dataclass(frozen=True)
class Layout:
    """Where things are, in px, for T steps; shown: the units with a number, rest: those with a colour only."""

    T: int
    shown: tuple[int, ...]
    rest: tuple[int, ...]
    output: int
    notation: str

    @property
    def pitch(self) -> int:
        return int(min(132, max(104, 900 // (self.T + 1))))

    @property
    def rest_rows(self) -> int:
        return -(-len(self.rest) // ((BOX - 2 * PAD) // SQUARE))

    @property
    def box_height(self) -> float:
        squares = 6 + self.rest_rows * SQUARE if self.rest else 0
        return 2 * PAD + len(self.shown) * ROW - 2 + squares

    @property
    def bottom(self) -> float:
        return TOP + self.box_height

    @property
    def word(self) -> float:
        """Top of the words."""
        return self.bottom + 62

    @property
    def width(self) -> float:
        return LEFT + BOX + self.T * self.pitch + max(24, (self.pitch - BOX) / 2 + 8)

    @property
    def height(self) -> float:
        return self.word + 36 + 4

    @property
    def pill(self) -> float:
        return min(self.pitch - 8, 108)

    def x(self, t: int) -> float:
        """The middle of column t."""
        return LEFT + BOX / 2 + t * self.pitch

    def row(self, place: int) -> float:
        """The top of the cell at that place in a box."""
        return TOP + PAD + place * ROW

    @property
    def middle(self) -> float:
        return TOP + PAD + len(self.shown) * ROW / 2 - 1

    def letters(self) -> tuple[str, str, str]:
        return LETTERS[self.notation]


def sentence(
    trace: Trace,
    *,
    notation: str = "h",
    units: int = 8,
    output: int | str | None = None,
    title: str = TITLE,
) -> Pages:
    """A run of a network over T words as T+1 pages, one for each word and one for the start.

    notation: "h" as in the book, or "a" as in the course that writes a<t>. units: how many units have their numbers
    in the picture, at least 1; where the network has more, those are shown that move the verdict most in this run, and
    the others as colours. output: the class whose probability is shown, by name or number; the last if None.
    ValueError for a notation, a number of units or an output that does not exist, or where the trace holds NaN or
    infinity. Chapters 00, 03 and 08.
    """
    layout = _layout(trace, notation, units, _output(trace, output))
    drawing = style.canvas(layout.width, layout.height, _alt(trace, layout))
    drawing.extend(_background(trace, layout))
    for t in range(trace.T + 1):
        drawing.append(group("page", *_page(trace, layout, t), data_t=str(t)))
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(trace, layout, t) for t in range(trace.T + 1)),
        tips=tuple(_tips(trace, layout, t) for t in range(trace.T + 1)),
        lines=tuple((f"state/{_mover(trace, layout, t) + 1}", f"output/{layout.output + 1}") for t in range(trace.T + 1)),
        table=_table(trace),
        title=style.clean(title),
        alt=_alt(trace, layout),
        note=_note(trace, layout),
    )
    return _stamped(pages, trace)


def _stamped(pages: Pages, trace: Trace) -> Pages:
    from dataclasses import replace

    return replace(pages, agreement=agree(pages, trace))


# ---- what is chosen ----------------------------------------------------------------------------------------------


def _layout(trace: Trace, notation: str, units: int, output: int) -> Layout:
    if notation not in LETTERS:
        raise ValueError(f'notation: expected "h" or "a", got {notation!r}')
    if isinstance(units, bool) or not isinstance(units, (int, np.integer)) or units < 1:
        raise ValueError(f"units: expected a whole number of at least 1, got {units!r}")
    arrays = (trace.from_input, trace.from_state, trace.logits, trace.probabilities, *trace.states.values())
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    shown = tuple(range(trace.H)) if units + 2 >= trace.H else _matter(trace, int(units))
    return Layout(trace.T, shown, tuple(k for k in range(trace.H) if k not in shown), output, notation)


def _matter(trace: Trace, count: int) -> tuple[int, ...]:
    """The units that move the verdict most in this run: all their movement, times the spread of their output weights."""
    moved = np.abs(np.diff(trace.h, axis=0)).sum(axis=0)
    weight = np.ptp(trace.params["output.W_hy"], axis=0)
    order = np.argsort(-moved * weight, kind="stable")
    return tuple(sorted(int(k) for k in order[:count]))


def _output(trace: Trace, output: int | str | None) -> int:
    if output is None:
        return len(trace.classes) - 1
    if isinstance(output, str):
        if output not in trace.classes:
            raise ValueError(f"output: expected one of {', '.join(trace.classes)}, got {output!r}")
        return trace.classes.index(output)
    if not 0 <= output < len(trace.classes):
        raise ValueError(f"output: expected 0 to {len(trace.classes) - 1}, got {output!r}")
    return int(output)


def _mover(trace: Trace, layout: Layout, t: int) -> int:
    """Of the units with a number, the one that moves most at step t."""
    if t == 0:
        return layout.shown[0]
    moved = np.abs(trace.h[t] - trace.h[t - 1])[list(layout.shown)]
    return layout.shown[int(moved.argmax())]


# ---- what is said ------------------------------------------------------------------------------------------------


def caption(trace: Trace, layout: Layout, t: int) -> str:
    """What happens at step t, in plain words."""
    name = quoted(trace.classes[layout.output])
    if t == 0:
        state = "all units are at 0" if not trace.h[0].any() else "the units are at their first values"
        return f"Step 0 of {trace.T}: the start. Nothing has been read, {state}, and there is no verdict yet."
    p = [share(row[layout.output]) for row in trace.probabilities]
    verdict = f"{name} is at {p[0]}" if t == 1 else f"{name} goes from {p[t - 2]} to {p[t - 1]}"
    if t > 1 and p[t - 2] == p[t - 1]:
        verdict = f"{name} stays at {p[t - 1]}"
    return f"Step {t} of {trace.T}: the network reads {quoted(trace.tokens[t - 1])}. {_moves(trace, layout, t)}; {verdict}."


def _moves(trace: Trace, layout: Layout, t: int) -> str:
    k = _mover(trace, layout, t)
    before, after = signed(trace.h[t - 1, k]), signed(trace.h[t, k])
    among = f"Of the {len(layout.shown)} units with numbers, unit" if layout.rest else "Unit"
    if before == after:
        return f"{among} {k + 1} moves most, and stays at {after} to two decimals"
    if trace.H == 1:
        return f"Its one unit moves from {before} to {after}"
    return f"{among} {k + 1} moves most, from {before} to {after}"


def _note(trace: Trace, layout: Layout) -> str:
    if not layout.rest:
        return ""
    return (
        f"{len(layout.shown)} of {trace.H} units have numbers here: those that move the verdict most in this sentence. "
        f"The other {len(layout.rest)} are small squares; all numbers are in the table."
    )


def _alt(trace: Trace, layout: Layout) -> str:
    text = style.clip(" ".join(trace.tokens), 900)
    return (
        f"A network with {trace.H} hidden units reads {trace.T} words: {text}. "
        f"Above each word its hidden state, above that the probability of {trace.classes[layout.output]}."
    )


def _tips(trace: Trace, layout: Layout, t: int) -> dict[str, Tip]:
    h = layout.letters()[0]
    weights = f"W_ya {h}" if layout.notation == "a" else f"W_hy {h}"
    tips = {f"state/{k + 1}": state_tip(trace, t, k, h) for k in layout.shown}
    tips |= {f"output/{k + 1}": output_tip(trace, t, k, weights) for k in (layout.output,)}
    if t:
        tips["state/word"] = input_tip(trace, t)
    return tips


def _table(trace: Trace) -> Table:
    head = ("", "start", *(style.clip(token, 130) for token in trace.tokens))
    units = [(f"unit {k + 1}", *map(signed, trace.h[:, k])) for k in range(trace.H)]
    names = [style.clip(name, 130) for name in trace.classes]
    logits = [(f"output {name}", "", *map(signed, trace.logits[:, k])) for k, name in enumerate(names)]
    odds = [(f"probability of {name}", "", *map(share, trace.probabilities[:, k])) for k, name in enumerate(names)]
    return (head, *units, *logits, *odds)


# ---- what is drawn -----------------------------------------------------------------------------------------------


def _background(trace: Trace, layout: Layout) -> Iterator[Element]:
    """What never changes: every column as it is when it has been read."""
    h = layout.letters()[0]
    yield from _row_labels(trace, layout)
    for t in range(trace.T + 1):
        yield _box(trace, layout, t)
        yield _state_name(layout, t, h)
        if t:
            yield from _arrows(layout, t)
            yield from _weights(layout, t)
            yield from _pill(trace, layout, t)
            yield _verdict(trace, layout, t)


def _row_labels(trace: Trace, layout: Layout) -> Iterator[Element]:
    name = style.clip(trace.classes[layout.output], 110, style.SMALL)
    yield words("probability of", LEFT + BOX, 21, "end soft")
    yield words(f"“{name}”", LEFT + BOX, 41, "end soft")
    yield words("unit", LEFT - 8, TOP - 9, "end soft")
    for place, k in enumerate(layout.shown):
        yield words(str(k + 1), LEFT - 8, layout.row(place) + 15, "end soft")
    if layout.rest:
        yield words(f"{len(layout.rest)} more", LEFT - 8, layout.row(len(layout.shown)) + 15, "end soft")
    yield words("start", layout.x(0), layout.word + 23, "mid soft")


def _box(trace: Trace, layout: Layout, t: int) -> Element:
    x = layout.x(t) - BOX / 2
    parts: list[Element] = [rect(x, TOP, BOX, layout.box_height, "panel surface", 8)]
    for place, k in enumerate(layout.shown):
        v = float(trace.h[t, k])
        filled = cell(v, x + PAD, layout.row(place), BOX - 2 * PAD, ROW - 3, signed(v), data_n=f"h/{t}/{k}")
        parts.append(group("cell", *filled, data_tip=f"state/{k + 1}", data_at=str(t)))
    parts += _squares(trace, layout, t, x + PAD)
    return group("column", *parts)


def _squares(trace: Trace, layout: Layout, t: int, x: float) -> Iterator[Element]:
    """The units that have no number: by colour only."""
    columns = int((BOX - 2 * PAD) // SQUARE)
    y = layout.row(len(layout.shown)) + 5
    for place, k in enumerate(layout.rest):
        at = x + 1 + place % columns * SQUARE, y + place // columns * SQUARE
        yield from cell(float(trace.h[t, k]), *at, SQUARE - 1, SQUARE - 1)


def _state_name(layout: Layout, t: int, h: str, cls: str = "") -> Element:
    course = layout.notation == "a"
    index = f"<{t}>" if course else str(t)
    return symbol(h, index, layout.x(t), layout.bottom + 18, f"mid {cls}", above=course)


def _lines(layout: Layout, t: int) -> tuple[tuple[float, float, float, float], ...]:
    """The arrows of column t: from the state before, from the word, to the verdict."""
    x, half = layout.x(t), BOX / 2
    return (
        (layout.x(t - 1) + half + 3, layout.middle, x - half - 4, layout.middle),
        (x, layout.word - 3, x, layout.bottom + 26),
        (x, TOP - 4, x, BAR + BAR_HEIGHT + 6),
    )


def _arrows(layout: Layout, t: int, cls: str = "flow") -> Iterator[Element]:
    return (arrow(*ends, cls, 10 if cls == "now" else 7) for ends in _lines(layout, t))


def _weights(layout: Layout, t: int) -> Iterator[Element]:
    h, x, y = layout.letters()
    indices = (h + x, y + h) if layout.notation == "a" else (x + h, h + y)
    half_gap = (layout.pitch - BOX) / 2
    yield symbol("W", h + h, layout.x(t) - BOX / 2 - half_gap - 14, layout.middle - 9, "soft")
    yield symbol("W", indices[0], layout.x(t) + 9, layout.word - 11, "soft")
    yield symbol("W", indices[1], layout.x(t) + 9, TOP - 16, "soft")


def _pill(trace: Trace, layout: Layout, t: int, now: bool = False) -> Iterator[Element]:
    x, word = layout.x(t) - layout.pill / 2, trace.tokens[t - 1]
    size = style.TEXT * (1.08 if now else 1)  # the present word is bold, and so wider
    label = words(style.clip(word, layout.pill - 18, size), layout.x(t), layout.word + 24, f"mid big{' bold' if now else ''}")
    box = rect(x, layout.word, layout.pill, 36, "nowsoft now" if now else "panel", 18)
    if now:
        yield from (box, label)
        return
    yield group("word", box, label, titled(word), data_tip="state/word", data_at=str(t))


def _verdict(trace: Trace, layout: Layout, t: int) -> Element:
    p = float(trace.probabilities[t - 1, layout.output])
    width = min(layout.pitch - 20, 88)
    x = layout.x(t) - width / 2
    return group(
        "verdict",
        words(share(p), layout.x(t), 21, "mid big bold", data_n=f"p/{t}/{layout.output}"),
        rect(x, BAR, width, BAR_HEIGHT, "panel", 4),
        rect(x, BAR, max(width * p, 0.01), BAR_HEIGHT, "plus", 4),
        path(f"M{style._n(x + width / 2)} {BAR - 3}v{BAR_HEIGHT + 6}", "rest"),
        data_tip=f"output/{layout.output + 1}",
        data_at=str(t),
    )


def _page(trace: Trace, layout: Layout, t: int) -> Iterator[Element]:
    """What is different on page t: the future is pale, the present is marked, the state before is beside it."""
    yield from _veils(layout, t)
    yield rect(layout.x(t) - BOX / 2, TOP, BOX, layout.box_height, "now", 8)
    if t:
        yield from _arrows(layout, t, "now")
        yield from _pill(trace, layout, t, now=True)
        yield from _before(trace, layout, t)


def _veils(layout: Layout, t: int) -> Iterator[Element]:
    if t == layout.T:
        return
    edge, half = layout.x(t) + BOX / 2 + 2, layout.x(t) + layout.pitch / 2
    yield rect(edge, TOP - 2, half - edge, layout.box_height + 4, "veil")
    yield rect(half, 0, layout.width - half, layout.height, "veil")


def _before(trace: Trace, layout: Layout, t: int) -> Iterator[Element]:
    """Chips with the column before, and how far the unit moved that moved most."""
    x, mover = layout.x(t) + BOX / 2 + 5, _mover(trace, layout, t)
    for place, k in enumerate(layout.shown):
        y = layout.row(place) + 3
        yield rect(x, y, 9, ROW - 9, "panel surface", 2)
        yield from cell(float(trace.h[t - 1, k]), x, y, 9, ROW - 9)
        if k == mover:
            yield rect(layout.x(t) - BOX / 2 + PAD, layout.row(place), BOX - 2 * PAD, ROW - 3, "mark", 3)
    yield words("before", layout.x(t) + BOX / 2 - 10, layout.bottom + 17, "soft")


__all__ = ["Layout", "caption", "sentence"]
