"""An ordinary network beside a recurrent one: what each makes of places and of lengths. Chapter 01."""

from collections.abc import Iterator

from .. import asked
from ..look.notation import Notation
from ..look.templates import of_picture
from ..views.counts import dense_and_recurrent
from .columns import Column, Frame, chain, enters, read
from .pages import Picture, still
from .shapes import Element, arrow, formula, path, pill, rect, words

PLACES, LONGER = 4, 9  # the lengths that are compared
HEIGHTS = OUTPUT, STATE, INPUT = (92, 184, 286)  # of the middles
PITCH, ABOVE = 88, 244  # from place to place; the height of the names of weights
DENSE, CHAIN = Frame(92, PITCH, *HEIGHTS, (PITCH * 3 + 64, 44)), Frame(512, PITCH, *HEIGHTS, (46, 44))
COLUMNS = (28, 300, 580)  # of the table: what it says, of the ordinary network, of the recurrent one
ROWS, ROW, LINES = 358, 31, 5  # its first line, and its lines
TABLE = (
    ("lengths", "four words, no more", "any number of words"),
    ("a word at place 1 and at place 4", "other weights: learned twice", "the same weights: learned once"),
)
Counts = dict[str, dict[int, int]]
WORDS = of_picture("dense_or_recurrent")


@asked.asks()
def dense_or_recurrent(inputs: int = 18, units: int = 16, outputs: int = 2, notation: str = "h") -> Picture:
    """An ordinary (dense) network and a recurrent one over a sequence of four, and what follows from that.

    The numbers of parameters are those of real layers with `inputs` numbers for each word, `units` hidden units and
    `outputs` answers, for 4 and for 9 words. notation: "h" or "a". ValueError for another, or a size below 1.
    Chapter 01.
    """
    counts, n = dense_and_recurrent(inputs, units, outputs, (PLACES, LONGER)), Notation(notation)
    dense, recurrent = counts["dense"], counts["recurrent"][PLACES]
    said = {"few": PLACES, "many": LONGER, "dense": dense[PLACES], "longer": dense[LONGER], "recurrent": recurrent}
    drawn = [*_dense(n), *_recurrent(n), path(f"M420 66V{INPUT + 26}", "rest"), *_table(counts, inputs, units)]
    return still(860, ROWS + LINES * ROW + 6, WORDS, drawn, **said)


def _dense(n: Notation) -> Iterator[Element]:
    """All inputs into one layer, each with weights of its own."""
    middle = DENSE.x(1.5)
    yield words("an ordinary network", middle, 62, "mid bold soft")
    for place in range(PLACES):
        yield from read(Column("", n.at("x", place + 1)), DENSE, place)
        yield from enters(DENSE, place)
        yield formula(f"W_{{{place + 1}}}", DENSE.x(place) + 8, ABOVE, "accent")
    width, height = DENSE.unit
    yield rect(middle - width / 2, STATE - height / 2, width, height, "tint-state", 8)
    yield words("hidden layer", middle, STATE + 5, "mid")
    yield arrow(middle, STATE - 25, middle, OUTPUT + 20)
    yield from pill("y", middle, OUTPUT, 64, 34, "tint-output")


def _recurrent(n: Notation) -> Iterator[Element]:
    yield words("a recurrent network", CHAIN.x(1.5), 62, "mid bold soft")
    steps = range(1, PLACES + 1)
    yield from chain([Column(n.at("h", t), n.at("x", t), "y" if t == PLACES else "") for t in steps], CHAIN)
    for place in range(PLACES):
        yield formula(n.weight("W_xh"), CHAIN.x(place) + 8, ABOVE, "accent")
        if place:
            yield formula(n.weight("W_hh"), CHAIN.x(place - 0.5), STATE - 12, "mid soft")


def _table(counts: Counts, inputs: int, units: int) -> Iterator[Element]:
    """What follows, line by line."""
    yield rect(12, ROWS - 24, 836, LINES * ROW + 6, "zone", 10)
    heights = [ROWS + ROW * line for line in range(LINES)]
    for y, line in zip(heights, TABLE, strict=False):
        for x, text in zip(COLUMNS, line, strict=True):
            yield words(text, x, y, "big" if x > COLUMNS[0] else "big soft")
    yield words("numbers of a word, hidden units", COLUMNS[0], heights[2], "big soft")
    for x in COLUMNS[1:]:
        yield words(f"{inputs:,}", x, heights[2], "big", data_n="word/size/0")
        yield words(f"{units:,}", x + 90, heights[2], "big", data_n="hidden/size/0")
    for y, T in zip(heights[3:], (PLACES, LONGER), strict=True):
        yield words(f"parameters for {T} words", COLUMNS[0], y, "big soft")
        for x, which in zip(COLUMNS[1:], counts, strict=True):
            yield words(f"{counts[which][T]:,}", x, y, "big bold", data_n=f"{which}/{T}/0")
