"""Five real things on their way through networks of the five shapes. Chapter 01."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .. import asked
from ..checks import expect
from ..functions import FloatArray
from ..look.lettering import clip
from ..look.templates import of_picture
from . import five_places as at
from .boxes import Box, link
from .motion import CSS, STEP, appear, slide
from .pages import Pages
from .shapes import Element, path, rect, words
from .sheet import Sheet, Table, paged

Texts = Mapping[str, Sequence[str]]


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
    called = {"N-M": dates[0], "N-N": " ".join(sentence)}
    said = {"date": dates[0], "iso": dates[1], "sentence": called["N-N"]}
    said |= {f"out {code}": ", ".join(some) for code, some in answers.items()}
    return paged(FiveThings(image, sound, pieces, answers, called, said))


class FiveThings(Sheet):
    WORDS, FORM = of_picture("five_things"), {"frames": "count"}
    last, width, height, css = len(at.WIDE), sum(at.WIDE.values()), at.HEIGHT, CSS

    def __init__(
        self, image: FloatArray, sound: FloatArray, pieces: Texts, answers: Texts, *called: Mapping[str, str]
    ) -> None:
        self.image, self.pieces, self.answers, (self.called, self.said) = image, pieces, answers, called
        self.numbers, apart = {"frames": [len(sound)]}, sound - sound.mean(axis=0)
        self.bars = apart / np.maximum(np.abs(apart).max(axis=0), 1e-9)  # what a frame differs in from the others

    def background(self) -> Iterator[Element]:
        """The names, the networks while they are empty, and the things below them."""
        for code, left in at.LEFT.items():
            x = left + at.WIDE[code] / 2
            for row, name in enumerate(at.NAMES[code].split(", ")):
                yield words(name, x, at.HEAD + 19 * row, "mid soft" if row else "mid bold")
            if left:
                yield path(f"M{left} 4V{at.HEIGHT - 4}", "rest")
            for column in at.COLUMNS[code]:
                yield from self._empty(code, column)
            yield from self._thing(code, x)

    def _thing(self, code: str, x: float) -> Iterator[Element]:
        """What waits below a network: a text, the first number of each frame as a line, an image."""
        if code in self.called:
            yield words(clip(self.called[code], at.WIDE[code] - 12), x, at.THING + 5, "mid")
        elif code != "N-1":
            yield from self._image(x, at.THING, at.IMAGE)
        else:
            values = (self.bars[:, 0] + 1) * 12
            places = (
                f"{x - 64 + 128 * k / len(values):.1f} {at.THING + 4 - value:.1f}" for k, value in enumerate(values)
            )
            yield path(f"M{'L'.join(places)}", "flow")
            yield self.number("frames/0", x - 48, at.THING + 27, "end soft")
            yield words(self.say("sound"), x - 43, at.THING + 27, "soft")

    def _empty(self, code: str, column: int) -> Iterator[Element]:
        box = at.place(code, column, at.STATE)
        if column in at.GAPS.get(code, ()):
            yield words("…", box.middle, at.STATE + 4, "mid big soft")
        else:
            yield rect(*box, "rest broken", 7)
        if column:
            yield link(at.place(code, column - 1, at.STATE), box, head=5, off=1, short=1)
        if column in at.READS[code]:
            yield rect(*at.into(code, column), "rest broken", 7)
            yield link(at.into(code, column), box, head=5, off=1, short=2)
        if column in at.WRITES[code]:
            yield rect(*at.out(code, column), "rest broken", 7)
            yield link(box, at.place(code, column, at.OUT), head=5, off=1, short=2)

    def _image(self, x: float, y: float, side: float) -> Iterator[Element]:
        yield rect(x - side / 2 - 2, y - side / 2 - 2, side + 4, side + 4, "rest", 4)
        rows, columns = self.image.shape
        points = Box(x - side / 2, y - side / 2, side, side).cells(rows, columns, gap=0)
        for value, box in zip(self.image.ravel(), points, strict=True):
            yield from [rect(*box, "fill-ink", fill_opacity=float(value))] * bool(value)

    def page(self, t: int) -> Iterator[Element]:
        """What has gone through; the last of them moves: each piece comes after what it is made of."""
        for k, code in enumerate([*at.LEFT][:t], start=1):
            for column in at.COLUMNS[code]:
                yield from self._column(code, column, STEP * (k == t))

    def _column(self, code: str, column: int, step: float) -> Iterator[Element]:
        start = column * step
        if column in at.READS[code]:
            away = at.LEFT[code] + at.WIDE[code] / 2 - at.middle(code, column)
            piece = self._piece(code, at.READS[code].index(column), at.into(code, column))
            yield slide(away, at.THING - at.IN, start, *piece) if step else "\n".join(piece)
        if column not in at.GAPS.get(code, ()):
            yield appear(start + step, rect(*at.place(code, column, at.STATE), "tint-state", 7))
        if column in at.WRITES[code]:
            text, box = self.answers[code][at.WRITES[code].index(column)], at.out(code, column)
            yield appear(start + 2 * step, rect(*box, "tint-output", 7), _named(text, box))

    def _piece(self, code: str, k: int, box: Box) -> Iterator[Element]:
        """What goes in at one step: the image, the numbers of a frame as bars, a sign or a word."""
        yield rect(*box, "tint-input", 7)
        if code in self.pieces:
            yield _named(self.pieces[code][k], box)
        elif code != "N-1":
            yield from self._image(box.middle, box.level, at.CHIP - 8)
        else:
            rows = box.inside(3).cells(self.bars.shape[1], gap=0.4)
            for value, row in zip(self.bars[(0, 1, -1)[k]], rows, strict=True):
                reach = float(value) * row.width / 2
                yield rect(box.middle + min(reach, 0), row.y, abs(reach) + 0.4, row.height, "fill-ink")

    def caption(self, t: int) -> str:
        return self.say([*at.LEFT][t - 1] if t else "start")

    def table(self) -> Table:
        rows = [(at.NAMES[code], self.say(f"in {code}"), ", ".join(self.answers[code])) for code in at.LEFT]
        return (("", "goes in", "comes out"), *rows)


def _named(text: str, box: Box) -> Element:
    return words(clip(text, box.width - 4), box.middle, box.level + 5, "mid")
