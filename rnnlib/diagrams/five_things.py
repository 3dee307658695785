"""Five real things on their way through networks of the five shapes. Chapter 01."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from .. import asked
from ..checks import expect
from ..functions import FloatArray
from ..look.lettering import clip
from ..look.templates import of_picture
from ..views.five import FIVE
from .boxes import Box, link
from .motion import CSS, STEP, appear, slide
from .pages import Pages
from .shapes import Element, path, rect, words
from .sheet import Sheet, Table, paged

HEAD, OUT, STATE, IN, THING, HEIGHT = 18, 76, 134, 194, 262, 304  # heights: of a name, of the middles below, of all
UNIT, CHIP, IMAGE, EDGE = 26, 26, 52, 10  # px: a unit, the height of a chip, an image, the room beside a network
PITCH = {"1-1": 86, "1-N": 38, "N-1": 40, "N-M": 33, "N-N": 70}  # from step to step
READS = {"1-1": (0,), "1-N": (0,), "N-1": (0, 1, 3), "N-M": (0, 2), "N-N": (0, 1, 2)}  # the columns that read
WRITES = {"1-1": (0,), "1-N": (1, 2, 3), "N-1": (3,), "N-M": (3, 5), "N-N": (0, 1, 2)}  # and those that write
GAPS = {"N-1": (2,), "N-M": (1, 4)}  # where steps are left out
COLUMNS = {code: range(max(READS[code] + WRITES[code]) + 1) for code in PITCH}
WIDE = {code: PITCH[code] * len(COLUMNS[code]) + 2 * EDGE for code in PITCH}
LEFT = dict(zip(WIDE, accumulate(WIDE.values(), initial=0), strict=False))  # where each of the five begins


@asked.asks(image=asked.numbers(2), sound=asked.numbers(2), sentence=asked.names(3, 3), tags=asked.names(3, 3))
def five_things(
    image: FloatArray, digit: str, sound: FloatArray, speaker: str, dates: Sequence[str], sentence: Sequence[str],
    tags: Sequence[str],
) -> Pages:  # fmt: skip
    """Page 0: five things lie below five empty networks. Page k: the k-th one has gone through, piece by piece.

    image: square, ink from 0 to 1. digit: its name, of which three letters are spelled. sound: frames (T, I) of an
    utterance. speaker: who it was. dates: one date, written twice. sentence, tags: three words, and what each of them
    is. ValueError for texts that are shorter, and for an image that is no square or has other numbers. Chapter 01.
    """
    square = image.shape[0] == image.shape[1] and image.min() >= 0 and image.max() <= 1
    expect(square, f"image: expected a square with numbers from 0 to 1, got {image.shape}")
    expect(len(digit) > 2 and len(dates) == 2 and all(dates), "digit, dates: expected three letters and two dates")
    answers = {"1-1": [digit], "1-N": digit[:3], "N-1": [speaker], "N-M": (dates[1][0], dates[1][-1]), "N-N": tags}
    pieces = {"N-M": (dates[0][0], dates[0][-1]), "N-N": sentence}
    return paged(FiveThings(image, sound, pieces, answers, {"N-M": dates[0], "N-N": " ".join(sentence)}, dates[1]))


class FiveThings(Sheet):
    WORDS, FORM = of_picture("five_things"), {"frames": "count"}
    width, height, css = sum(WIDE.values()), HEIGHT, CSS

    def __init__(
        self, image: FloatArray, sound: FloatArray, pieces: dict[str, Sequence[str]],
        answers: dict[str, Sequence[str]], called: dict[str, str], iso: str,
    ) -> None:  # fmt: skip
        self.image, self.pieces, self.answers, self.called = image, pieces, answers, called
        self.numbers, apart = {"frames": [len(sound)]}, sound - sound.mean(axis=0)
        # what a frame differs in from the others, as bars
        self.bars = apart / np.maximum(np.abs(apart).max(axis=0), 1e-9)
        self.shapes = {shape.code: shape for shape in FIVE.values()}
        self.last, self.said = len(LEFT), {"iso": iso, "sentence": called["N-N"]}
        self.said |= {"date": called["N-M"], **{f"out {code}": ", ".join(some) for code, some in answers.items()}}

    def x(self, code: str, column: int) -> float:
        """The middle of a column."""
        return LEFT[code] + EDGE + PITCH[code] * (column + 0.5)

    def place(self, code: str, column: int, y: float, wide: float = UNIT, high: float = CHIP) -> Box:
        return Box(self.x(code, column) - wide / 2, y - high / 2, wide, high)

    def into(self, code: str, column: int) -> Box:
        return self.place(code, column, IN, PITCH[code] - 6 if code in self.pieces else UNIT)

    def out(self, code: str, column: int) -> Box:
        wide = 92 if code == "N-1" else PITCH[code] - 6
        box = self.place(code, column, OUT, wide)
        return box._replace(x=min(box.x, LEFT[code] + WIDE[code] - 6 - wide))

    def background(self) -> Iterator[Element]:
        """The names, the networks while they are empty, and the things below them."""
        for code, left in LEFT.items():
            middle = left + WIDE[code] / 2
            for row, name in enumerate(self.shapes[code].name.split(", ")):
                yield words(name, middle, HEAD + 19 * row, "mid soft" if row else "mid bold")
            if left:
                yield path(f"M{left} 4V{HEIGHT - 4}", "rest")
            for column in COLUMNS[code]:
                yield from self._empty(code, column)
            if code in self.called:
                yield words(clip(self.called[code], WIDE[code] - 12), middle, THING + 5, "mid")
            else:
                yield from self._wave(middle) if code == "N-1" else self._image(middle, THING, IMAGE)

    def _empty(self, code: str, column: int) -> Iterator[Element]:
        box = self.place(code, column, STATE)
        if column in GAPS.get(code, ()):
            yield words("…", box.middle, STATE + 4, "mid big soft")
        else:
            yield rect(*box, "rest broken", 7)
        if column:
            yield link(self.place(code, column - 1, STATE), box, head=5, off=1, short=1)
        if column in READS[code]:
            yield rect(*self.into(code, column), "rest broken", 7)
            yield link(self.into(code, column), box, head=5, off=1, short=2)
        if column in WRITES[code]:
            yield rect(*self.out(code, column), "rest broken", 7)
            yield link(box, self.place(code, column, OUT), head=5, off=1, short=2)

    def _image(self, x: float, y: float, side: float) -> Iterator[Element]:
        yield rect(x - side / 2 - 2, y - side / 2 - 2, side + 4, side + 4, "rest", 4)
        rows, columns = self.image.shape
        points = Box(x - side / 2, y - side / 2, side, side).cells(rows, columns, gap=0)
        for value, box in zip(self.image.ravel(), points, strict=True):
            yield from [rect(*box, "fill-ink", fill_opacity=float(value))] * bool(value)

    def _wave(self, x: float) -> Iterator[Element]:
        """The first number of each frame as a line."""
        values = (self.bars[:, 0] + 1) * 12
        places = (f"{x - 64 + 128 * k / len(values):.1f} {THING + 4 - value:.1f}" for k, value in enumerate(values))
        yield path(f"M{'L'.join(places)}", "flow")
        yield self.number("frames/0", x - 48, THING + 27, "end soft")
        yield words(self.say("sound"), x - 43, THING + 27, "soft")

    def page(self, t: int) -> Iterator[Element]:
        """What has gone through; the last of them moves: each piece comes after what it is made of."""
        for code in [*LEFT][:t]:
            step = STEP if code == [*LEFT][t - 1] else 0
            for column in COLUMNS[code]:
                yield from self._column(code, column, step)

    def _column(self, code: str, column: int, step: float) -> Iterator[Element]:
        start = column * step
        if column in READS[code]:
            away = LEFT[code] + WIDE[code] / 2 - self.x(code, column)
            piece = self._piece(code, READS[code].index(column), self.into(code, column))
            yield slide(away, THING - IN, start, *piece) if step else "\n".join(piece)
        if column not in GAPS.get(code, ()):
            yield appear(start + step, rect(*self.place(code, column, STATE), "tint-state", 7))
        if column in WRITES[code]:
            text, box = self.answers[code][WRITES[code].index(column)], self.out(code, column)
            yield appear(start + 2 * step, rect(*box, "tint-output", 7), _named(text, box))

    def _piece(self, code: str, k: int, box: Box) -> Iterator[Element]:
        """What goes in at one step: the image, the numbers of a frame as bars, a sign or a word."""
        yield rect(*box, "tint-input", 7)
        if code in self.pieces:
            yield _named(self.pieces[code][k], box)
        elif code != "N-1":
            yield from self._image(box.middle, box.level, CHIP - 8)
        else:
            rows = box.inside(3).cells(self.bars.shape[1], gap=0.4)
            for value, row in zip(self.bars[(0, 1, -1)[k]], rows, strict=True):
                reach = float(value) * row.width / 2
                yield rect(box.middle + min(reach, 0), row.y, abs(reach) + 0.4, row.height, "fill-ink")

    def caption(self, t: int) -> str:
        return self.say([*LEFT][t - 1] if t else "start")

    def table(self) -> Table:
        rows = [(self.shapes[code].name, self.say(f"in {code}"), ", ".join(self.answers[code])) for code in LEFT]
        return (("", "goes in", "comes out"), *rows)


def _named(text: str, box: Box) -> Element:
    return words(clip(text, box.width - 4), box.middle, box.level + 5, "mid")
