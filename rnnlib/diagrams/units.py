"""Several units make a network: in each the two computations, from each its state to the next. Chapters 02 and 03."""

from collections.abc import Iterator
from itertools import pairwise

from .. import asked
from ..look.lettering import spoken
from ..look.notation import Notation
from ..look.templates import of_picture
from .boxes import Box, link
from .pages import Picture, still
from .shapes import Element, arrow, block, formula, pill, rect, words

LEVEL, ABOVE = 250, 172  # heights of tanh and softmax
WIDE, PITCH = 104, 186  # of a unit, and from unit to unit
PLACES = {"1": 176.0, "2": 176.0 + PITCH, "T": 176 + 2.72 * PITCH}  # step -> the middle of its unit
WORDS = of_picture("units")


@asked.asks()
def units(notation: str = "h") -> Picture:
    """Several units make a recurrent network: in each the two computations, from each its state to the next.

    notation: "h" or "a", as for `folded`. ValueError for another. Chapters 02 and 03.
    """
    n = Notation(notation)
    lines = n.equations()
    drawn = [*_states(n), *(element for step, x in PLACES.items() for element in _unit(x, step, n))]
    for y, what, equation in zip((396, 422), ("the new state", "the output"), lines, strict=True):
        drawn += [words(what, 24, y, "big soft"), formula(equation, 140, y)]
    drawn.append(words("the same weights in every unit", 836, 422, "end soft"))
    return still(860, 438, WORDS, drawn, state=spoken(lines[0]), output=spoken(lines[1]))


def _states(n: Notation) -> Iterator[Element]:
    """The states that pass from one unit to the next, past dots; the first and the last one."""
    first, second, last = PLACES.values()
    dots, ends = (second + last) / 2, {"0": 52.0, "T": last + 124}
    yield words("…", dots, LEVEL + 5, "mid big soft")
    for step, x in ends.items():
        yield from pill(n.at("h", step), x, LEVEL, 62, 36, "tint-state")
    places = [(52.0, 31), (first, 40), (second, 40), (dots, 13), (last, 40), (last + 124, 31)]  # and half their widths
    for start, end in pairwise(Box(x - half, LEVEL - 18, 2 * half, 36) for x, half in places):
        yield link(start, end, short=3)
    for step, x in (("1", first), ("2", second)):
        yield formula(n.at("h", step), x + 82, LEVEL - 12, "mid")


def _unit(x: float, step: str, n: Notation) -> Iterator[Element]:
    """One unit: tanh below, softmax above it."""
    yield rect(x - WIDE / 2, ABOVE - 36, WIDE, LEVEL - ABOVE + 72, "zone", 14)
    yield from block("tanh", x, LEVEL, 80)
    yield arrow(x, LEVEL - 20, x, ABOVE + 20)
    yield from block("softmax", x, ABOVE, 88)
    yield arrow(x, ABOVE - 20, x, 106)
    yield from pill(n.at("y", step), x, 84, cls="tint-output")
    yield from pill(n.at("x", step), x, 342, cls="tint-input")
    yield arrow(x, 321, x, LEVEL + 20)
