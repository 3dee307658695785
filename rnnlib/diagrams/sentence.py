"""A sentence through a network, word by word: words below, states in the middle, verdicts on top.

Reading order is causal order: a word goes up into a state, states go right, a verdict comes out on top.
Chapters 00, 03 and 08.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..trace import Trace
from . import asked
from .captions import alternative, caption, mover, note, table, tips
from .layout import BAR, BAR_HEIGHT, BOX, CELL, LEFT, PAD, SQUARE, TOP, WORD, Layout
from .lettering import clean, clip, quoted, share, signed
from .pages import Pages, checked, value
from .palette import TEXT
from .shapes import (
    Element,
    arrow,
    canvas,
    cell,
    cell_number,
    coordinate,
    group,
    path,
    rect,
    symbol,
    titled,
    words,
)

TITLE = "What does the network know after each word?"


@asked.asks(
    trace=asked.kind(Trace),
    notation=asked.notation,
    units=asked.whole(),
    title=asked.text,
    output=asked.optional(asked.kind((int, str))),
)
def sentence(
    trace: Trace,
    *,
    notation: str = "h",
    units: int = 8,
    output: int | str | None = None,
    title: str = TITLE,
) -> Pages:
    """A run of a network over T words as T+1 pages: one for the start, and one for each word.

    notation: "h" as in the book, or "a" as in the course that writes a<t>. units: how many units have their
    numbers in the picture, at least 1; where the network has more, those are shown that move the verdict most
    in this run, and the others as colours. output: the class whose probability is shown, by name or number;
    the last if None. ValueError for a notation, a number of units or an output that does not exist, or where
    the trace holds NaN or infinity. Chapters 00, 03 and 08.
    """
    layout = _layout(trace, notation, units, _output(trace, output))
    steps = range(trace.T + 1)
    drawing = canvas(layout.width, layout.height, alternative(trace, layout))
    drawing.extend(_background(trace, layout))
    drawing.extend(group("page", *_page(trace, layout, t), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(trace, layout, t) for t in steps),
        tips=tuple(tips(trace, layout, t) for t in steps),
        lines=tuple((f"state/{mover(trace, layout, t) + 1}", f"output/{layout.output + 1}") for t in steps),
        table=table(trace),
        title=clean(title),
        alt=alternative(trace, layout),
        note=note(trace, layout),
    )
    return checked(pages, partial(value, trace))


# ---- what is chosen


def _layout(trace: Trace, notation: str, units: int, output: int) -> Layout:
    arrays = (trace.from_input, trace.from_state, trace.logits, trace.probabilities, *trace.states.values())
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    shown = _matter(trace, int(units))
    return Layout(trace.T, shown, tuple(k for k in range(trace.H) if k not in shown), output, notation)


def _matter(trace: Trace, count: int) -> tuple[int, ...]:
    """The units that move the verdict most here: their movement times the spread of their output weights."""
    if count + 2 >= trace.H:  # two more rows cost less room than a remark
        return tuple(range(trace.H))
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


# ---- what is drawn


def _background(trace: Trace, layout: Layout) -> Iterator[Element]:
    """What never changes: every column as it is when it has been read."""
    yield from _row_labels(trace, layout)
    for t in range(trace.T + 1):
        yield _box(trace, layout, t)
        index = f"<{t}>" if layout.notation == "a" else str(t)
        place = layout.x(t), layout.bottom + 18
        yield symbol(layout.letter, index, *place, "mid", above=layout.notation == "a")
        if t:
            yield from _arrows(layout, t)
            yield from _weights(layout, t)
            yield group("word", *_word(trace, layout, t), data_tip="state/word", data_at=str(t))
            yield _verdict(trace, layout, t)


def _row_labels(trace: Trace, layout: Layout) -> Iterator[Element]:
    right = LEFT + BOX - 2
    yield words("probability of", right, 19, "end soft")
    yield words(quoted(trace.classes[layout.output], 110), right, 38, "end soft")
    yield words("unit", LEFT - 8, TOP - 7, "end soft")
    for place, k in enumerate(layout.shown):
        yield words(str(k + 1), LEFT - 8, layout.row(place) + 15, "end soft")
    if layout.rest:
        yield words(f"{len(layout.rest)} more", LEFT - 8, layout.row(len(layout.shown)) + 15, "end soft")
    yield words("start", layout.x(0), layout.word + 22, "mid soft")


def _box(trace: Trace, layout: Layout, t: int) -> Element:
    x = layout.x(t) - BOX / 2
    parts = [rect(x, TOP, BOX, layout.box_height, "panel surface", 8)]
    for place, k in enumerate(layout.shown):
        v, y = float(trace.h[t, k]), layout.row(place)
        filled = cell(v, x + PAD, y, BOX - 2 * PAD, CELL)
        label = cell_number(v, signed(v), layout.x(t), y + 14.5, data_n=f"h/{t}/{k}")
        parts.append(group("cell", filled, label, data_tip=f"state/{k + 1}", data_at=str(t)))
    y = layout.row(len(layout.shown)) + 5
    for place, k in enumerate(layout.rest):
        row, column = divmod(place, layout.squares)
        at = x + PAD + column * SQUARE, y + row * SQUARE
        parts.append(cell(float(trace.h[t, k]), *at, SQUARE - 1, SQUARE - 1))
    return group("column", *parts)


def _arrows(layout: Layout, t: int, cls: str = "flow") -> Iterator[Element]:
    """The arrows of column t: from the state before, from the word, to the verdict."""
    x, half, head = layout.x(t), BOX / 2, 10 if cls == "now" else 7
    yield arrow(layout.x(t - 1) + half + 3, layout.middle, x - half - 4, layout.middle, cls, head)
    yield arrow(x, layout.word - 3, x, layout.bottom + 27, cls, head)
    yield arrow(x, TOP - 4, x, BAR + BAR_HEIGHT + 5, cls, head)


def _weights(layout: Layout, t: int) -> Iterator[Element]:
    state, word, verdict = layout.weights
    yield symbol("W", state, layout.x(t) - layout.pitch / 2 - 1, layout.middle - 9, "soft mid")
    yield symbol("W", word, layout.x(t) + 9, layout.word - 11, "soft")
    yield symbol("W", verdict, layout.x(t) + 9, TOP - 15, "soft")


def _word(trace: Trace, layout: Layout, t: int, now: bool = False) -> Iterator[Element]:
    word = trace.tokens[t - 1]
    size = TEXT * (1.08 if now else 1)  # the present word is bold, and so wider
    x = layout.x(t) - layout.pill / 2
    yield rect(x, layout.word, layout.pill, WORD, "nowsoft now" if now else "panel", WORD / 2)
    cls = "mid big bold" if now else "mid big"
    yield words(clip(word, layout.pill - 18, size), layout.x(t), layout.word + 22, cls)
    if not now:
        yield titled(word)


def _verdict(trace: Trace, layout: Layout, t: int) -> Element:
    p = float(trace.probabilities[t - 1, layout.output])
    width = min(layout.pitch - 20, 88)
    x = layout.x(t) - width / 2
    return group(
        "verdict",
        rect(x, BAR, width, BAR_HEIGHT, "panel", 4),
        rect(x, BAR, max(width * p, 1), BAR_HEIGHT, "plus", 4 if width * p > 8 else 1),
        path(f"M{coordinate(layout.x(t))} {BAR - 3}v3m0 {BAR_HEIGHT}v3", "flow"),  # the middle, one half
        words(share(p), layout.x(t), 19, "mid big bold", data_n=f"p/{t}/{layout.output}"),
        data_tip=f"output/{layout.output + 1}",
        data_at=str(t),
    )


def _page(trace: Trace, layout: Layout, t: int) -> Iterator[Element]:
    """What is different on page t: the future is pale, the present marked, the state before beside it."""
    if t < layout.T:
        edge, half = layout.x(t) + BOX / 2 + 2, layout.x(t) + layout.pitch / 2
        yield rect(edge, TOP - 2, half - edge, layout.box_height + 4, "veil")
        yield rect(half, 0, layout.width - half, layout.height, "veil")
    yield rect(layout.x(t) - BOX / 2, TOP, BOX, layout.box_height, "now", 8)
    if t:
        yield from _arrows(layout, t, "now")
        yield from _word(trace, layout, t, now=True)
        yield from _before(trace, layout, t)


def _before(trace: Trace, layout: Layout, t: int) -> Iterator[Element]:
    """Chips with the column before; the unit that moved most is outlined."""
    x = layout.x(t) + BOX / 2 + 4
    for place, k in enumerate(layout.shown):
        y = layout.row(place) + 3
        yield rect(x, y, 9, CELL - 6, "panel surface", 2)
        yield cell(float(trace.h[t - 1, k]), x, y, 9, CELL - 6)
    y = layout.row(layout.shown.index(mover(trace, layout, t)))
    yield rect(layout.x(t) - BOX / 2 + PAD, y, BOX - 2 * PAD, CELL, "mark", 3)
    yield words("before", layout.x(t) + BOX / 2 - 12, layout.bottom + 17, "soft")
