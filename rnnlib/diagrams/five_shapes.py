"""The five shapes of input and output beside each other. Chapters 01 and 05."""

from collections.abc import Iterator

from .. import asked
from ..look.lettering import wrap
from ..look.notation import Notation
from ..look.templates import of_picture
from ..views.five import FIVE, Shape
from .columns import Column, Frame, chain
from .pages import Picture, still
from .shapes import Element, path, rect, words

PITCH, LEFT, WIDTH, ROOM, KEY = 68, 26, 860, 170, 190  # of two columns, the margin, the width; of a network, of the key
OUTPUT, STATE, INPUT, TEXT, ROW = 44, 100, 156, 194, 240  # heights in a row, and of a row
ROWS = (("1-1", "1-N", "N-1"), ("N-M", "N-N"))
STEPS = (1, 2, 3)  # the network as small as it can be shown
KEYS = (
    ("tint-output", 17, ("comes out",)),
    ("tint-state", 8, ("a state, made with", "the same weights")),
    ("tint-input", 17, ("goes in",)),
    ("tint-output broken", 17, ("what it wrote before;", "first, a sign to begin")),
)
WORDS = of_picture("five_shapes")


@asked.asks()
def five_shapes(notation: str = "h") -> Picture:
    """One to one, one to many, many to one, and many to many with a lag and in step, each with its examples.

    A network that writes reads again what it wrote (dashed). notation: "h" for x_1 as in the book, "a" for x<1> as in
    the course. ValueError for another. Chapters 01 and 05.
    """
    networks = {shape.code: (shape, _columns(shape.code, Notation(notation))) for shape in FIVE.values()}
    rooms = {code: max(len(columns) * PITCH, ROOM) for code, (_, columns) in networks.items()}
    drawn: list[Element] = []
    for place, row in enumerate(ROWS):
        top, left = 58 + place * ROW, float(LEFT)
        rest = WIDTH - 2 * LEFT - sum(rooms[code] for code in row) - KEY * (len(row) == 2)
        if place:
            drawn.append(path(f"M{LEFT} {top - 14}H{WIDTH - LEFT}", "rest"))
        for code in row:
            drawn += _network(*networks[code], left, rooms[code], top)
            left += rooms[code] + rest / 2
    drawn += _key(left, top)
    said = " ".join(f"{s.said}: {s.does}, as in {s.examples}." for s in FIVE.values())
    return still(WIDTH, 44 + ROW * len(ROWS), WORDS, drawn, LEFT, said=said)


def _columns(code: str, n: Notation) -> list[Column]:
    """The network as small as it can be shown."""
    xs, hs, ys, ss = ([n.at(letter, step) for step in range(len(STEPS) + 1)] for letter in "xhys")
    if code == "1-1":
        return [Column(n.name, "x", "y")]
    if code == "1-N":
        return [Column(hs[0], "x"), *(Column(hs[t], ys[t - 1], ys[t], again=True) for t in STEPS)]
    if code == "N-1":
        return [Column(hs[t], xs[t], "y" if t == STEPS[-1] else "") for t in STEPS]
    if code == "N-M":
        written = [Column(ss[t], ys[t - 1], ys[t], again=True) for t in STEPS[:-1]]
        return [*(Column(hs[t], xs[t]) for t in STEPS), *written]
    return [Column(hs[t], xs[t], ys[t]) for t in STEPS]


def _network(shape: Shape, columns: list[Column], left: float, room: float, top: float) -> Iterator[Element]:
    """One shape: its name, the network, its examples."""
    middle = left + room / 2
    first = middle - (len(columns) - 1) * PITCH / 2
    yield words(shape.said, middle, top + 16, "mid big bold")
    yield from chain(columns, Frame(first, PITCH, top + OUTPUT, top + STATE, top + INPUT, (44, 38), (50, 34)))
    lines = [line for example in shape.examples.split(", ") for line in wrap(example, room + 34, 14)]
    for place, line in enumerate(lines):
        yield words(line, middle, top + TEXT + 19 * place, "mid soft")


def _key(left: float, top: float) -> Iterator[Element]:
    """What the boxes are."""
    for place, (cls, radius, texts) in enumerate(KEYS):
        y = top + OUTPUT - 6 + place * 50
        yield rect(left, y - 17, 42, 34, cls, radius)
        for line, text in enumerate(texts):
            yield words(text, left + 52, y + 5 + 18 * (line - (len(texts) - 1) / 2), "soft")
