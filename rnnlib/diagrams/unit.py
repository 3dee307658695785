"""The recurrent unit and its two computations, as a picture of the equations. Chapter 02."""

from collections.abc import Iterator

from .. import asked
from ..look.lettering import spoken
from ..look.notation import Notation
from ..look.templates import of_picture
from .pages import Picture, still
from .shapes import Element, arrow, block, formula, pill, rect, words

LEVEL = 236  # the height at which states travel
SUM, NEW = 330, 520  # across: where the parts are added, where the new state stands
WORDS = of_picture("unit")


@asked.asks()
def unit(notation: str = "h") -> Picture:
    """One step: the new state from the state before and the input, then the output from the new state.

    notation: "h" for h_t and W_xh as in the book, "a" for a<t> and W_ax as in the course. ValueError for
    another. Chapter 02.
    """
    n = Notation(notation)
    first, second = n.equations()
    drawn = [*_state(n), *_output(n), *_lines(first, second)]
    return still(790, 516, WORDS, drawn, state=spoken(first), output=spoken(second))


def _lines(first: str, second: str) -> Iterator[Element]:
    for y, number, what, line in ((462, "1.", "the new state", first), (494, "2.", "the output", second)):
        yield words(number, 24, y, "big bold")
        yield words(what, 44, y, "big soft")
        yield formula(line, 160, y)


def _state(n: Notation) -> Iterator[Element]:
    """The first computation, from left and from below to the new state."""
    yield rect(172, LEVEL - 50, 285, 152, "zone", 14)
    yield words("1. the new state", 186, LEVEL - 28, "bold soft")
    yield from pill(n.at("h", "t−1"), 70, LEVEL, cls="tint-state")
    yield words("the state before", 70, LEVEL + 38, "mid soft")
    yield arrow(109, LEVEL, 189, LEVEL)
    yield from block(n.weight("W_hh"), 228, LEVEL, 72)
    yield arrow(267, LEVEL, SUM - 20, LEVEL)
    yield from pill(n.at("x"), SUM, 404, cls="tint-input")
    yield words("the input: a word as a vector", SUM + 50, 409, "soft")
    yield arrow(SUM, 383, SUM, LEVEL + 88)
    yield from block(n.weight("W_xh"), SUM, LEVEL + 68, 72)
    yield arrow(SUM, LEVEL + 48, SUM, LEVEL + 21)
    yield from pill("+", SUM, LEVEL, 36, 36, "panel surface")
    yield formula(f"+ {n.weight('b_h')}", SUM + 14, LEVEL + 34, "soft")
    yield arrow(SUM + 20, LEVEL, 380, LEVEL)
    yield from block("tanh", 416, LEVEL, 66)
    yield arrow(451, LEVEL, NEW - 42, LEVEL, "now", 10)
    yield from pill(n.at("h"), NEW, LEVEL, 74, 40, "tint-state")
    yield arrow(NEW + 40, LEVEL, 640, LEVEL, "now", 10)
    yield words("to the next step", 650, LEVEL + 5, "soft")


def _output(n: Notation) -> Iterator[Element]:
    """The second computation, from the new state upwards."""
    yield rect(NEW - 54, 88, 240, 116, "zone", 14)
    yield words("2. the output", NEW + 62, 116, "bold soft")
    yield arrow(NEW, LEVEL - 23, NEW, 199)
    yield from block(n.weight("W_hy"), NEW, 178, 72)
    yield formula(f"+ {n.weight('b_y')}", NEW + 44, 183, "soft")
    yield arrow(NEW, 159, NEW, 136)
    yield from block("softmax", NEW, 116, 92)
    yield arrow(NEW, 97, NEW, 76)
    yield from pill(n.at("y"), NEW, 54, cls="tint-output")
    yield words("a probability for each class", NEW + 50, 59, "soft")
