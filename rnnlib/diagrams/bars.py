"""Numbers beside each other as bars, each with its name and its number: where the point is a comparison."""

from collections.abc import Callable, Iterator, Mapping

from .. import asked
from ..checks import expect
from ..look.lettering import clip, share, signed
from ..look.palette import tone
from ..look.templates import of_picture
from .pages import Picture, still
from .shapes import Element, line, rect, words

LEFT, LENGTH, NUMBER, TOP, ROW, MOST = 290, 360, 56, 56, 28, 16  # px; and how many have room
WORDS = of_picture("bars")


@asked.asks(most=asked.number)
def bars(values: Mapping[str, float], title: str, *, most: float | None = None) -> Picture:
    """A bar for each name, from 0 to its number, in the colour of its sign; with numbers below 0 the zero is inside.

    values: name -> number, 1 to 16 of them. most: the number whose bar has full length, the largest if None; with
    most=1 they are shares, printed without a sign. ValueError for other counts, for what is not finite, and for a
    number that is larger than `most`. Chapter 08.
    """
    expect(1 <= len(values) <= MOST, f"values: expected 1 to {MOST} numbers, got {len(values)}")
    for name, value in values.items():
        asked.number(f"values[{name!r}]", value)
    largest = max(abs(value) for value in values.values()) or 1.0
    most = largest if most is None else most
    expect(largest <= most, f"most: expected at least {largest}, the largest of the values, got {most}")
    text = share if most == 1 and min(values.values()) >= 0 else signed
    said = ", ".join(f"{name} {text(value)}" for name, value in values.items())
    drawn = _bars(values, most, min(values.values()) < 0, text)
    width = LEFT + LENGTH + NUMBER + 12
    return still(width, TOP + ROW * len(values) + 12, WORDS | {"title": title}, drawn, said=said)


def _bars(values: Mapping[str, float], most: float, both: bool, text: Callable[[float], str]) -> Iterator[Element]:
    """The rows from top to bottom. both: there are numbers below 0, so that 0 is in the middle."""
    reach = (LENGTH - NUMBER) / 2 if both else LENGTH
    zero = LEFT + NUMBER + reach if both else LEFT
    for row, (name, value) in enumerate(values.items()):
        y, size = TOP + ROW * row, abs(value) / most * reach
        yield words(clip(name, LEFT - 36), LEFT - 12, y + 18, "end")
        yield rect(zero if value >= 0 else zero - size, y + 4, max(size, 1), ROW - 8, tone(value), 2)
        x, cls = (zero + size + 8, "bold") if value >= 0 else (zero - size - 8, "end bold")
        yield words(text(value), x, y + 18, cls)
    yield line(zero, TOP, zero, TOP + ROW * len(values), "rest")
