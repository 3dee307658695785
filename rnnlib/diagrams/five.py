"""The five shapes of input and output beside each other. Chapters 01 and 05."""

from __future__ import annotations

from collections.abc import Iterator

from . import asked
from .columns import Column, Frame, at, chain, names
from .forward import FIVE, Shape
from .lettering import wrap
from .pages import Picture, finished, framed
from .shapes import Element, path, rect, words

PITCH, LEFT, WIDTH, ROOM, KEY = (
    68,
    26,
    860,
    170,
    190,
)  # px: of two columns, the margin, the width, of a network, of the key
OUTPUT, STATE, INPUT, TEXT, ROW = 48, 116, 184, 226, 292  # heights in a row, and of a row
ROWS = (("1-1", "1-N", "N-1"), ("N-M", "N-N"))
MANY = 3


@asked.asks(notation=asked.notation)
def five_shapes(notation: str = "h") -> Picture:
    """One to one, one to many, many to one, and many to many with a lag and in step, each with its examples.

    A network that writes reads again what it wrote (dashed). notation: "h" for x_1 as in the book, "a" for x<1> as in
    the course. ValueError for another. Chapters 01 and 05.
    """
    names(notation)
    networks = {shape: _columns(shape, notation) for shape in FIVE.values()}
    title = "Five shapes: what goes in, and what comes out"
    alt = f"{title}. " + " ".join(
        f"{s.name} ({s.code.replace('-', ' to ')}): {s.does}, as in {s.examples}." for s in networks
    )
    by_code = {shape.code: columns for shape, columns in networks.items()}
    rooms = {code: max(len(columns) * PITCH, ROOM) for code, columns in by_code.items()}
    drawing = framed(WIDTH, 44 + ROW * len(ROWS), title, alt)
    drawing.append(words(title, LEFT, 34, "big bold"))
    shapes = {shape.code: shape for shape in networks}
    for place, row in enumerate(ROWS):
        top, left = 58 + place * ROW, float(LEFT)
        rest = WIDTH - 2 * LEFT - sum(rooms[code] for code in row) - KEY * (len(row) == 2)
        if place:
            drawing.append(path(f"M{LEFT} {top - 14}H{WIDTH - LEFT}", "rest"))
        for code in row:
            drawing.extend(_network(shapes[code], by_code[code], left, rooms[code], top))
            left += rooms[code] + rest / 2
    drawing.extend(_key(left, top))
    return finished(drawing, alt)


def _columns(shape: Shape, notation: str) -> list[Column]:
    """The network as small as it can be shown."""
    xs, hs, ys, ss = ([at(letter, n, notation) for n in range(MANY + 1)] for letter in "xhys")
    steps = range(1, MANY + 1)
    if shape.code == "1-1":
        return [Column(notation, "x", "y")]
    if shape.code == "1-N":
        return [Column(hs[0], "x"), *(Column(hs[n], ys[n - 1], ys[n], again=True) for n in steps)]
    if shape.code == "N-1":
        return [Column(hs[n], xs[n], "y" if n == MANY else "") for n in steps]
    if shape.code == "N-M":
        written = [Column(ss[n], ys[n - 1], ys[n], again=True) for n in steps[:-1]]
        return [*(Column(hs[n], xs[n]) for n in steps), *written]
    return [Column(hs[n], xs[n], ys[n]) for n in steps]


def _network(shape: Shape, columns: list[Column], left: float, room: float, top: float) -> Iterator[Element]:
    """One shape: its name, the network, its examples."""
    middle = left + room / 2
    first = middle - (len(columns) - 1) * PITCH / 2
    frame = Frame(first, PITCH, top + OUTPUT, top + STATE, top + INPUT, (44, 38), (50, 34))
    yield words(f"{shape.name} ({shape.code.replace('-', ' to ')})", middle, top + 16, "mid big bold")
    yield from chain(columns, frame)
    lines = [line for example in shape.examples.split(", ") for line in wrap(example, room + 34, 14)]
    for place, line in enumerate(lines):
        yield words(line, middle, top + TEXT + 19 * place, "mid soft")


def _key(left: float, top: float) -> Iterator[Element]:
    """What the boxes are."""
    lines = (
        ("panel", 17, ("goes in, comes out",)),
        ("panel surface", 8, ("a state, made with", "the same weights")),
        ("panel broken", 17, ("what it wrote itself,", "read again")),
    )
    for place, (cls, radius, texts) in enumerate(lines):
        y = top + OUTPUT + place * (STATE - OUTPUT)
        yield rect(left, y - 17, 42, 34, cls, radius)
        for line, text in enumerate(texts):
            yield words(text, left + 52, y + 5 + 18 * (line - (len(texts) - 1) / 2), "soft")
