"""The recurrent unit and its two computations, as a picture of the equations. Chapter 02."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import asked
from .pages import Picture, finished, framed
from .shapes import Element, arrow, block, formula, pill, rect, spoken, words

LEVEL = 236  # the height at which states travel
SUM, NEW = 330, 520  # across: where the parts are added, where the new state stands


class Names(NamedTuple):
    """What things are called in one notation."""

    before: str
    state: str
    x: str
    y: str
    from_state: str
    from_input: str
    to_output: str
    b_state: str
    b_output: str


NOTATIONS = {
    "h": Names("h_{t−1}", "h_{t}", "x_{t}", "y_{t}", "W_{hh}", "W_{xh}", "W_{hy}", "b_{h}", "b_{y}"),
    "a": Names("a^{<t−1>}", "a^{<t>}", "x^{<t>}", "y^{<t>}", "W_{aa}", "W_{ax}", "W_{ya}", "b_{a}", "b_{y}"),
}


@asked.asks(notation=asked.notation)
def unit(notation: str = "h") -> Picture:
    """One step: the new state from the state before and the input, then the output from the new state.

    notation: "h" for h_t and W_xh as in the book, "a" for a<t> and W_ax as in the course. ValueError for
    another. Chapter 02.
    """
    names = NOTATIONS[notation]
    first, second = equations(names)
    title = "One step of a recurrent network: two computations"
    alt = (
        f"{title}. First the state, from the input and the state before: {spoken(first)}. "
        f"Then the output, from the new state: {spoken(second)}. The new state goes on to the next step."
    )
    drawing = framed(790, 516, title, alt)
    drawing.append(words(title, 24, 34, "big bold"))
    drawing.extend(_state(names))
    drawing.extend(_output(names))
    for y, number, what, line in ((462, "1.", "the new state", first), (494, "2.", "the output", second)):
        drawing.append(words(number, 24, y, "big bold"))
        drawing.append(words(what, 44, y, "big soft"))
        drawing.append(formula(line, 160, y))
    return finished(drawing, alt)


def equations(names: Names) -> tuple[str, str]:
    """The two computations as formulas."""
    parts = f"{names.from_input} {names.x} + {names.from_state} {names.before} + {names.b_state}"
    outputs = f"{names.to_output} {names.state} + {names.b_output}"
    return f"{names.state} = tanh( {parts} )", f"{names.y} = softmax( {outputs} )"


def _state(names: Names) -> Iterator[Element]:
    """The first computation, from left and from below to the new state."""
    yield rect(172, LEVEL - 50, 285, 152, "zone", 14)
    yield words("1. the new state", 186, LEVEL - 28, "bold soft")
    yield from pill(names.before, 70, LEVEL)
    yield words("the state before", 70, LEVEL + 38, "mid soft")
    yield arrow(109, LEVEL, 189, LEVEL)
    yield from block(names.from_state, 228, LEVEL, 72)
    yield arrow(267, LEVEL, SUM - 20, LEVEL)
    yield from pill(names.x, SUM, 404)
    yield words("the input: a word as a vector", SUM + 50, 409, "soft")
    yield arrow(SUM, 383, SUM, LEVEL + 88)
    yield from block(names.from_input, SUM, LEVEL + 68, 72)
    yield arrow(SUM, LEVEL + 48, SUM, LEVEL + 21)
    yield from pill("+", SUM, LEVEL, 36, 36, "panel surface")
    yield formula(f"+ {names.b_state}", SUM + 14, LEVEL + 34, "soft")
    yield arrow(SUM + 20, LEVEL, 380, LEVEL)
    yield from block("tanh", 416, LEVEL, 66)
    yield arrow(451, LEVEL, NEW - 42, LEVEL, "now", 10)
    yield from pill(names.state, NEW, LEVEL, 74, 40, "nowsoft now")
    yield arrow(NEW + 40, LEVEL, 640, LEVEL, "now", 10)
    yield words("to the next step", 650, LEVEL + 5, "soft")


def _output(names: Names) -> Iterator[Element]:
    """The second computation, from the new state upwards."""
    yield rect(NEW - 54, 88, 240, 116, "zone", 14)
    yield words("2. the output", NEW + 62, 116, "bold soft")
    yield arrow(NEW, LEVEL - 23, NEW, 199)
    yield from block(names.to_output, NEW, 178, 72)
    yield formula(f"+ {names.b_output}", NEW + 44, 183, "soft")
    yield arrow(NEW, 159, NEW, 136)
    yield from block("softmax", NEW, 116, 92)
    yield arrow(NEW, 97, NEW, 76)
    yield from pill(names.y, NEW, 54)
    yield words("a probability for each class", NEW + 50, 59, "soft")
