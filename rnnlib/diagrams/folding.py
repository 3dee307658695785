"""One network, rolled up and unrolled over time; and the chain of units that it is. Chapters 02 and 03."""

from __future__ import annotations

from collections.abc import Iterator

from . import asked
from .columns import Column, Frame, at, chain, enters, leaves, loop, names, passed, read, written
from .pages import Picture, finished, framed
from .shapes import Element, arrow, block, formula, pill, rect, spoken, words

OUTPUT, STATE, INPUT = 96, 196, 296  # heights of the middles
UNIT, PILL = (76, 44), (76, 36)
LEVEL, ABOVE = 250, 172  # of the two computations in a unit
WIDTH, PITCH = 104, 186  # of a unit in the chain, and from unit to unit


@asked.asks(notation=asked.notation)
def folded(notation: str = "h") -> Picture:
    """A recurrent network with its loop, and the same network written out over the steps t-1, t, t+1.

    What y_t is made from is marked: x_t, and x_(t-1) by way of h_(t-1). notation: "h" for h_t and W_xh as in the book,
    "a" for a<t> and W_ax as in the course. ValueError for another. Chapter 03.
    """
    labels = names(notation)
    title = "One network: rolled up, and unrolled over time"
    x, h, y = (at(letter, "t", notation) for letter in "xhy")
    alt = (
        f"{title}. Left: one unit reads {spoken(x)}, writes {spoken(y)}, and its state comes back to it through "
        f"{spoken(labels.from_state)}. Right: the same unit drawn once for each of the steps t−1, t and t+1, always "
        f"with the same weights. {spoken(y)} is made from {spoken(x)}, and from the input before by way of the state."
    )
    drawing = framed(860, 392, title, alt)
    drawing.append(words(title, 24, 34, "big bold"))
    one = Frame(92, 0, OUTPUT, STATE, INPUT, UNIT, PILL)
    drawing.extend(chain([Column(h, x, y)], one, labels))
    drawing.extend(loop(92 + UNIT[0] / 2, STATE, 36))
    drawing.append(formula(labels.from_state, 92 + UNIT[0] / 2 + 44, STATE + 5, "soft"))
    drawing.append(words("rolled up", 92, 352, "mid soft"))
    drawing.append(words("=", 236, STATE + 6, "mid big bold"))
    drawing.extend(_unrolled(notation))
    drawing.append(
        words("unrolled: the same network, with the same weights, drawn once for each step", 545, 352, "mid soft")
    )
    drawing.append(words("marked: what the output at t is made from", 545, 374, "mid accent"))
    return finished(drawing, alt)


def _unrolled(notation: str) -> Iterator[Element]:
    """The steps t-1, t, t+1 between dots; the way to y_t is marked."""
    labels = names(notation)
    columns = [
        Column(at("h", step, notation), at("x", step, notation), at("y", step, notation), gap=step == "")
        for step in ("", "t−1", "t", "t+1", "")
    ]
    frame = Frame(285, 130, OUTPUT, STATE, INPUT, UNIT, PILL)
    yield from chain(columns, frame, labels)
    for place in (1, 2):
        yield from enters(frame, place, None, "now", 10)
        yield from read(columns[place], frame, place, "nowsoft now")
    yield from passed(frame, 2, None, "now", 10)
    yield from leaves(frame, 2, None, "now", 10)
    yield from written(columns[2], frame, 2, "nowsoft now")


@asked.asks(notation=asked.notation)
def units(notation: str = "h") -> Picture:
    """Several units make a recurrent network: in each the two computations, from each its state to the next.

    notation: "h" or "a", as for `folded`. ValueError for another. Chapters 02 and 03.
    """
    labels = names(notation)
    title = "Several units make a recurrent network"
    parts = f"{labels.from_input} {labels.x} + {labels.from_state} {labels.before} + {labels.b_state}"
    lines = (
        f"tanh: {labels.state} = tanh( {parts} )",
        f"softmax: {labels.y} = softmax( {labels.to_output} {labels.state} + {labels.b_output} )",
    )
    alt = (
        f"{title}. Each unit reads an input and the state before, makes the new state with tanh, and from it the "
        f"output with softmax; the new state goes on to the next unit. All units have the same weights. "
        f"{spoken(lines[0])}; {spoken(lines[1])}."
    )
    drawing = framed(860, 438, title, alt)
    drawing.append(words(title, 24, 34, "big bold"))
    drawing.extend(_units(notation))
    for place, (what, line) in enumerate(zip(("the new state", "the output"), lines, strict=True)):
        drawing.append(words(what, 24, 396 + 26 * place, "big soft"))
        drawing.append(formula(line.split(": ")[1], 140, 396 + 26 * place))
    drawing.append(words("the same weights in every unit", 836, 422, "end soft"))
    return finished(drawing, alt)


def _units(notation: str) -> Iterator[Element]:
    """The units 1, 2, dots and T, then the states that pass from one to the next."""
    first, second, last = 176, 176 + PITCH, 176 + 2.72 * PITCH
    dots = (second + last) / 2
    for x, step in ((first, "1"), (second, "2"), (last, "T")):
        yield from _unit(x, step, notation)
    yield words("…", dots, LEVEL + 5, "mid big soft")
    yield from pill(at("h", 0, notation), 52, LEVEL, 62, 36)
    yield from pill(at("h", "T", notation), last + 124, LEVEL, 62, 36)
    out = 43  # from the middle of a unit to where its arrow starts
    ends = ((86, first - out), (first + out, second - out), (second + out, dots - 16), (dots + 16, last - out))
    for start, end in (*ends, (last + out, last + 90)):
        yield arrow(start, LEVEL, end, LEVEL)
    for x, step in ((first, "1"), (second, "2")):
        yield formula(at("h", step, notation), x + 82, LEVEL - 12, "mid")


def _unit(x: float, step: str, notation: str) -> Iterator[Element]:
    """One unit: tanh below, softmax above it."""
    yield rect(x - WIDTH / 2, ABOVE - 36, WIDTH, LEVEL - ABOVE + 72, "zone", 14)
    yield from block("tanh", x, LEVEL, 80)
    yield arrow(x, LEVEL - 20, x, ABOVE + 20)
    yield from block("softmax", x, ABOVE, 88)
    yield arrow(x, ABOVE - 20, x, 106)
    yield from pill(at("y", step, notation), x, 84, 74, 36)
    yield from pill(at("x", step, notation), x, 342, 74, 36)
    yield arrow(x, 321, x, LEVEL + 20)
