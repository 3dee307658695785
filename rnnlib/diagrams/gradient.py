"""A gradient on its way back through time: at each step the part from the output, the part from the future, their sum,
and what the step adds to the gradient of the weights.

Read from right to left: the loss first, then the last step, ... Chapter 04. The words are in `gradient_words`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import asked
from ..checks import as_flag
from ..functions import FloatArray
from ..look.lettering import clean, clip, fine, share, size
from ..look.palette import TEXT, ink_class
from ..trace import BackwardTrace
from .gradient_layout import (
    BOX,
    COLUMN,
    COLUMNS,
    LEFT,
    NAMES,
    OUT,
    PART,
    RIGHT,
    ROW,
    SIDE,
    SMALL,
    SUM,
    WIDTH,
    Look,
    bent,
    chosen,
)
from .gradient_words import alternative, caption, note, questions, shown_lines, sums_up, table, tips
from .pages import Pages, checked
from .shapes import Element, arrow, canvas, cell, cell_number, formula, group, path, rect, symbol, words

__all__ = ["gradient_chain"]

TITLE = "How does a mistake at the end reach the first word?"
LEGEND = {-1.0: "−1", -0.1: "−.1", -0.01: "−.01", 0.0: "0", 0.01: "+.01", 0.1: "+.1", 1.0: "+1"}
MOST = 6  # steps whose parts stand side by side at the end


@asked.asks(
    record=asked.kind(BackwardTrace),
    units=asked.whole(),
    apart=asked.optional(asked.number),
    ask=as_flag,
    title=asked.text,
)
def gradient_chain(
    record: BackwardTrace, *, units: int = 5, apart: float | None = None, ask: bool = True, title: str = TITLE
) -> Pages:
    """A backward pass over T steps as T+2 pages, read backward: page T+1 is the loss, then the steps T..1, and on page
    0 all sums are complete.

    record: from `trace_back`, of a plain cell. units: how many units have their numbers, those with the largest
    gradients. apart: how far the library's gradient is from central differences, as `check_model` finds it. ask:
    whether the reader has to say first what the second step back does. ValueError for a cell with gates, for a number
    of units that does not exist, or where the record holds NaN or infinity. Chapter 04.
    """
    look = chosen(record, units)
    steps = range(look.T + 2)
    asked = questions(look) if ask else (None,) * len(steps)
    alt = alternative(look)
    drawing = canvas(WIDTH, look.height, alt)
    drawing.extend(_chain(look))
    drawing.extend(group("page", *_page(look, t, asked[t] is not None), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(look, t) for t in steps),
        tips=tuple(tips(look, t) for t in steps),
        lines=tuple(shown_lines(look, t) for t in steps),
        table=table(look),
        title=clean(title),
        alt=alt,
        note=note(look, apart),
        marks=("the sums", *(f"t = {t} / {look.T}" for t in steps[1:-1]), "the loss"),
        questions=asked,
        backward=True,
    )
    done = checked(pages, look.value)
    return replace(done, agreement=f"{done.agreement}; {sums_up(look)}")


# ---- the chain


def _chain(look: Look) -> Iterator[Element]:
    yield from _loss(look)
    for t in range(1, look.T + 1):
        yield from _column(look, t)
    yield formula("d y_{t}", LEFT - 66, OUT + 12, "soft")
    yield formula("d h_{t}", LEFT - 66, (BOX + look.below) / 2 + 5, "soft")
    yield from _legend(look)


def _loss(look: Look) -> Iterator[Element]:
    first = 1 if look.many else look.T
    yield rect(RIGHT + 10, 2, 96, 32, "panel", 16, data_tip="loss/0")
    yield words("loss", RIGHT + 22, 23, "soft")
    yield words(share(look.record.loss), RIGHT + 94, 23, "end bold", data_n="loss/0")
    yield path(f"M{RIGHT + 10} 14H{look.x(first):.2f}", "flow")
    for t in range(first, look.T + 1):
        yield arrow(look.x(t), 14, look.x(t), OUT - 3, "flow", 5)


def _column(look: Look, t: int) -> Iterator[Element]:
    x, half, bottom = look.x(t), look.half, look.below
    d_y = look.d_y(t)
    if d_y is not None:
        for place, k in enumerate(look.outputs):
            yield cell(bent(float(d_y[k])), x - half + 4, OUT + 8 * place, 2 * half - 8, 7)
        yield arrow(x, OUT + 8 * len(look.outputs) + 2, x, BOX - 3, "flow", 5)
    parts = [rect(x - half, BOX, 2 * half, bottom - BOX, "panel surface", 6)]
    for place, k in enumerate(look.units):
        value = bent(float(look.record.d_h[t - 1, k]))
        parts.append(cell(value, x - half + 4, BOX + 4 + SMALL * place, 2 * half - 8, SMALL - 1))
    yield group("column", *parts, data_tip=f"unit/{look.units[0] + 1}", data_at=str(t))
    if t > 1 and look.pitch - 2 * half > 12:
        yield arrow(x - half - 2, (BOX + bottom) / 2, look.x(t - 1) + half + 2, (BOX + bottom) / 2, "flow", 5)
    if look.pitch > 44:
        yield words(clip(look.tokens[t - 1], look.pitch - 6), x, bottom + 19, "mid")
    elif t % 5 == 0 or t in (1, look.T):
        yield words(str(t), x, bottom + 19, "mid soft tick")


def _legend(look: Look) -> Iterator[Element]:
    y = look.height - 20
    yield words("colours", LEFT - 12, y + 14, "end soft")
    for place, (value, label) in enumerate(LEGEND.items()):
        yield cell(bent(value), COLUMNS[0] + 44 * place, y, 42, 18)
        yield words(label, COLUMNS[0] + 44 * place + 21, y + 14, f"mid tick {ink_class(bent(value))}")


# ---- one page


def _page(look: Look, t: int, asked: bool) -> Iterator[Element]:
    """The chain up to here, the numbers at this step, the sums so far."""
    edge = look.x(t) - look.half - 3 if 0 < t <= look.T else RIGHT
    if t:
        yield rect(LEFT - 20, OUT - 4, edge - LEFT + 20, look.below - OUT + 30, "veil")
    if t > look.T:
        yield rect(RIGHT + 10, 2, 96, 32, "now", 16)
        yield from _outputs(look)
    elif t:
        yield from _here(look, t)
        yield from _numbers(look, t)
        yield from _part(look, t)
    else:
        yield from _parts(look)
    yield from _sum(look, t)
    if asked:
        left, bottom = PART + SIDE * len(look.units) + 3, look.height
        yield rect(left, look.top - 46, WIDTH - left, bottom - look.top + 46, "cover surface")
        yield rect(PART - 60, bottom - 24, WIDTH - PART + 60, 24, "cover surface")
        yield words("?", SUM + SIDE * len(look.units) / 2, look.top + 50, "cover mid big bold")


def _here(look: Look, t: int) -> Iterator[Element]:
    x, half, bottom = look.x(t), look.half, look.below
    yield rect(x - half, BOX, 2 * half, bottom - BOX, "now", 6)
    if t < look.T and look.pitch - 2 * half > 18:
        yield arrow(look.x(t + 1) - half - 2, (BOX + bottom) / 2, x + half + 4, (BOX + bottom) / 2, "now", 8)
    if t < look.T and look.pitch > 90:
        yield formula("W_{hh}^{T}", x + look.pitch / 2, (BOX + bottom) / 2 - 9, "mid soft")
    if look.d_y(t) is not None:
        yield arrow(x, OUT + 8 * len(look.outputs) + 1, x, BOX - 3, "now", 8)


def _numbers(look: Look, t: int) -> Iterator[Element]:
    """The gradient on h_t as the sum of its parts, and on to what goes into the activation."""
    top, n = look.top, len(look.units)
    names = (f"from y_{{{t}}}", "from the future", f"d h_{{{t}}}", "slope", f"d a_{{{t}}}")
    yield words(f"t = {t}", LEFT - 66, top - 34, "accent bold")
    yield words(clip(look.tokens[t - 1], 250, TEXT), LEFT - 8, top - 34, "accent bold big")
    for x, name, mark in zip(COLUMNS, names, ("", "+", "=", "×", "="), strict=True):
        draw = formula if "_" in name else words
        yield draw(name, x + COLUMN / 2, top - 9, "mid")
        if mark:
            yield words(mark, x - (84 - COLUMN) / 2, top + ROW * n / 2 + 4, "mid big")
    for place, k in enumerate(look.units):
        y = top + ROW * place
        yield words(f"unit {k + 1}", LEFT - 10, y + 15, "end soft")
        for x, name in zip(COLUMNS, ("y", "future", "d_h", "slope", "d_a"), strict=True):
            yield _number(
                look,
                f"{name}/{t}/{k}",
                x,
                y,
                {"y": f"y/{k + 1}", "future": f"future/{k + 1}"}.get(name, f"unit/{k + 1}"),
            )


def _number(look: Look, address: str, x: float, y: float, tip: str) -> Element:
    value = look.value(address)
    if address.startswith("slope"):
        return group("", words(share(value), x + COLUMN / 2, y + 15, "mid soft", data_n=address), data_tip=tip)
    shade = bent(value)
    label = cell_number(shade, fine(value), x + COLUMN / 2, y + 15, data_n=address)
    return group("cell", cell(shade, x, y, COLUMN, ROW - 2), label, data_tip=tip)


def _part(look: Look, t: int) -> Iterator[Element]:
    """What this step adds to the gradient of W_hh: d_a times the state before."""
    top = look.top
    yield words("×", PART - 22, top + ROW * len(look.units) / 2 + 4, "mid big")
    for place, k in enumerate(look.units):
        yield cell(float(look.record.forward.h[t - 1, k]), PART + SIDE * place, top - 23, SIDE - 2, 14)
    yield symbol("h", str(t - 1), PART + SIDE * len(look.units) + 4, top - 11, "soft")
    yield words("this step adds", PART, top - 34, "")
    yield from _matrix(look, look.record.contributions["W_hh"][t - 1], PART)
    middle = top + ROW * len(look.units) / 2
    yield arrow(PART + SIDE * len(look.units) + 5, middle, SUM - 5, middle, "now", 8)


def _parts(look: Look) -> Iterator[Element]:
    """All that the steps add, side by side: the last ones, where there is no room for all."""
    top, n, shown = look.top, len(look.units), min(look.T, MOST)
    left, room = LEFT - 66, (SUM - LEFT + 40) / shown
    side = min(18.0, (room - 24) / n)
    which = f"the last {shown} of {look.T}" if shown < look.T else "the"
    yield words(f"what {which} steps added", left, top - 34, "accent bold")
    for place in range(shown):
        t, x = look.T - shown + place + 1, left + room * place
        yield words(f"t = {t}", x + side * n / 2, top - 9, "mid soft")
        yield rect(x - 2, top - 3, side * n + 3, side * n + 4, "rest", 3)
        part = look.record.contributions["W_hh"][t - 1]
        for row, i in enumerate(look.units):
            for column, j in enumerate(look.units):
                yield cell(bent(float(part[i, j])), x + side * column, top + side * row, side - 1, side - 1)
        mark = "=" if place == shown - 1 else "+"
        yield words(mark, x + side * n + (room - side * n) / 2, top + side * n / 2 + 5, "mid big")


def _matrix(look: Look, matrix: FloatArray, x: float) -> Iterator[Element]:
    top, n = look.top, len(look.units)
    yield rect(x - 3, top - 3, SIDE * n + 4, ROW * n + 4, "rest", 4)
    for row, i in enumerate(look.units):
        for column, j in enumerate(look.units):
            value, tip = bent(float(matrix[i, j])), f"W/{i + 1},{j + 1}"
            yield cell(value, x + SIDE * column, top + ROW * row, SIDE - 2, ROW - 2, data_tip=tip)


def _sum(look: Look, t: int) -> Iterator[Element]:
    """The sums so far: all of W_hh and b_h as colours, the lengths of all three as numbers."""
    top, n, names = look.top, len(look.units), list(look.so_far)
    yield words("sum so far" if t else "the gradient", SUM, top - 34, "bold" if t else "accent bold")
    yield formula("d W_{hh}", SUM, top - 10, "soft")
    if t <= look.T:
        yield from _matrix(look, look.summed("W_hh", t), SUM)
    else:
        yield rect(SUM - 3, top - 3, SIDE * n + 4, ROW * n + 4, "rest", 4)
    x = SUM + max(SIDE * n, 54) + 16
    if "b_h" in names:
        yield formula("d b_{h}", x - 3, top - 10, "soft")
        yield rect(x - 3, top - 3, SIDE + 4, ROW * n + 4, "rest", 4)
        for place, k in enumerate(look.units if t <= look.T else ()):
            yield cell(bent(float(look.summed("b_h", t)[k])), x, top + ROW * place, SIDE - 2, ROW - 2)
    if t <= look.T:
        yield from _lengths(look, t)


def _lengths(look: Look, t: int) -> Iterator[Element]:
    """How long the sums are."""
    y = look.height - 7
    yield words("lengths", PART - 58, y, "soft")
    for place, name in enumerate(NAMES):
        if name in look.so_far:
            x, address = PART + 116 * place, f"norm/{t}/{place}"
            yield formula(f"d {name[0]}_{{{name[2:]}}}", x, y, "soft")
            yield words(size(look.value(address)), x + 48, y, "bold", data_n=address)


def _outputs(look: Look) -> Iterator[Element]:
    """Where the gradient starts: at the last output, what was answered and what the loss says about it."""
    top, T, trace = look.top, look.T, look.record.forward
    yield words("the loss", LEFT - 66, top - 34, "accent bold")
    yield words(f"at t = {T}", LEFT + 40, top - 34, "soft")
    for x, name in zip((COLUMNS[1], COLUMNS[2] + 26), ("answer", "gradient"), strict=True):
        yield words(name, x + COLUMN / 2, top - 9, "mid")
    for place, k in enumerate(look.outputs):
        y = top + ROW * place
        yield words(clip(trace.classes[k], 140), COLUMNS[1] - 10, y + 15, "end")
        yield words(share(trace.probabilities[T - 1, k]), COLUMNS[1] + COLUMN / 2, y + 15, "mid", data_n=f"p/{T}/{k}")
        yield _number(look, f"d_y/{T}/{k}", COLUMNS[2] + 26, y, f"d_y/{k + 1}")
