"""One network, rolled up and unrolled over time. Chapter 03."""

from collections.abc import Iterator

from .. import asked
from ..look.lettering import spoken
from ..look.notation import Notation
from ..look.templates import of_picture
from .columns import Column, Frame, chain, enters, leaves, loop, passed, read, written
from .pages import Picture, still
from .shapes import Element, formula, words

ROLLED, STATE = 92, 196  # where the rolled up unit stands
HEIGHTS = (96, STATE, 296)  # of the middles of outputs, units and inputs
SIZES = ((76, 44), (76, 36))  # of a unit and of what goes in and out
WORDS = of_picture("folded")


@asked.asks()
def folded(notation: str = "h") -> Picture:
    """A recurrent network with its loop, and the same network written out over the steps t-1, t, t+1.

    What y_t is made from is marked: x_t, and x_(t-1) by way of h_(t-1). notation: "h" for h_t and W_xh as in the book,
    "a" for a<t> and W_ax as in the course. ValueError for another. Chapter 03.
    """
    n = Notation(notation)
    x, y, W_hh = spoken(n.at("x")), spoken(n.at("y")), n.weight("W_hh")
    edge = ROLLED + SIZES[0][0] / 2
    drawn = [
        *chain([Column(n.at("h"), n.at("x"), n.at("y"))], Frame(ROLLED, 0, *HEIGHTS, *SIZES), n),
        *loop(edge, STATE, 36),
        formula(W_hh, edge + 44, STATE + 5, "soft"),
        words(WORDS["rolled up"], ROLLED, 352, "mid soft"),
        words("=", 236, STATE + 6, "mid big bold"),
        *_unrolled(n),
        words(WORDS["unrolled"], 545, 352, "mid soft"),
        words(WORDS["marked"], 545, 374, "mid accent"),
    ]
    return still(860, 392, WORDS, drawn, x=x, y=y, W_hh=spoken(W_hh))


def _unrolled(n: Notation) -> Iterator[Element]:
    """The steps t-1, t, t+1 between dots; the way to y_t is marked."""
    steps = ("", "t−1", "t", "t+1", "")
    columns = [Column(n.at("h", step), n.at("x", step), n.at("y", step), gap=step == "") for step in steps]
    frame = Frame(285, 130, *HEIGHTS, *SIZES)
    yield from chain(columns, frame, n)
    for place in (1, 2):
        yield from enters(frame, place, None, "now")
        yield from read(columns[place], frame, place, "nowsoft now")
    yield from passed(frame, 2, None, "now")
    yield from leaves(frame, 2, None, "now")
    yield from written(columns[2], frame, 2, "nowsoft now")
