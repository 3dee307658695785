"""A training run, epoch by epoch: loss, accuracy and the gradient's norm, with a cursor to go back in time.

Chapters 04 and 08.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..checks import expect
from ..functions import FloatArray
from ..look.lettering import clip, power, quoted, share, text_width
from ..look.scale import Scale
from ..look.templates import Form, Tip, of_picture
from ..training import History
from .chart import FILLS, Axes, ahead, cursor, curve, frame, level, points
from .pages import Pages
from .shapes import Element, path, rect, words
from .sheet import Sheet, Table, paged

WIDE, HIGH, TOP, LEFT = 214, 132, 62, (46, 332, 618)  # of a field; where the three begin
STRIP, PITCH, FIRST, MOST = 70, 104, 176, 12  # of a sentence: its height; of a word; where it begins; words with room
TRAINING, NORM, FLOOR = "training", "gradient norm", "largest class"
TONES = {"accuracy": "output", NORM: "ink"}  # of a curve; "loss" for the losses, training as a broken line


class Reading(NamedTuple):
    """A sentence, what is followed in it, and epoch -> the probability of that after each word."""

    tokens: Sequence[str]
    of: str
    p: Mapping[int, FloatArray]


def value(number: float) -> str:
    """Three decimals, five below 0.001; what is smaller still or large, with two digits and a power of ten."""
    return f"{number:.3f}" if 1e-3 <= number < 1e3 else f"{number:.5f}" if 1e-5 <= number < 1e-3 else power(number)


def training(
    history: History, *, epochs: int | None = None, name: str = "test", shown: Sequence[int] | None = None,
    floor: float | None = None, reading: Reading | None = None, title: str = "",
) -> Pages:  # fmt: skip
    """A history as pages: page 0 is before training, then one page for each epoch in `shown`.

    Left the mean loss over the updates of an epoch, and the loss on the set `name` of `evaluate` where there is one;
    in the middle the accuracy on it; right the largest gradient norm of the epoch, on a log axis. epochs: how many are
    planned (the axis is that long); those that were finished if None. shown: the epochs that have a page, rising; all
    if None. floor: the accuracy of who always names the largest class (`rnnlib.judging.floor`); a broken line, and a
    column of the table. reading: what the network makes of a sentence, epoch by epoch; it stands below. ValueError for
    an epoch that is not in the history. Chapters 04 and 08.
    """
    done = history.epochs
    of_pages = [0, *(range(1, done + 1) if shown is None else shown)]
    there = all(0 <= epoch <= done for epoch in of_pages)
    expect(there, f"shown: expected epochs from 1 to {done}, got {of_pages[1:]}")
    return paged(Training(history, of_pages, epochs or done, name, floor, reading), title)


class Training(Sheet):
    """epochs: that of each page. A set that is not there has no curve."""

    WORDS = of_picture("training")

    def __init__(
        self, history: History, epochs: list[int], planned: int, name: str, floor: float | None, reading: Reading | None
    ) -> None:
        self.epochs, self.name, self.last, self.reading = epochs, name, len(epochs) - 1, reading
        self.width, self.height = 860, TOP + HIGH + 46 + STRIP * (reading is not None)
        curves = {TRAINING: history.loss, NORM: history.gradient_norm}
        curves |= {name: history.losses[name]} if name in history.losses else {}
        shares = history.accuracies.get(name)
        if shares is not None and not (shares and all(map(math.isnan, shares))):  # NaN where answers are numbers
            curves |= {"accuracy": shares} | ({} if floor is None else {FLOOR: [floor] * len(shares)})
        self.numbers = {key: [math.nan, *map(float, values)] for key, values in curves.items()}
        ended = f" Training ended: {history.stopped}." if history.stopped else ""
        self.floor, self.said = floor, {"done": history.epochs, "planned": planned}
        self.ended = {history.epochs: ended}
        self.fields = self._fields(max(planned, 1))

    def form(self, name: str) -> str | Form:
        return share if name in ("accuracy", FLOOR, "word") else value

    def value(self, address: str) -> float:
        name, *at = address.split("/")
        return (
            float(self.reading.p[int(at[0])][int(at[1])]) if self.reading and name == "word" else super().value(address)
        )

    def _fields(self, epochs: int) -> dict[str, Axes]:
        """The three fields; each has one range for the whole run."""
        finite = {name: [v for v in values if math.isfinite(v)] for name, values in self.numbers.items()}
        losses = [v for name, values in finite.items() if self._field(name) == "loss" for v in values]
        norms = [math.log10(v) for v in finite[NORM] if v > 0]
        low = math.floor(min(norms, default=-1))
        high = max(math.ceil(max(norms, default=1)), low + 1)
        scales = {"loss": Scale(0, max([*losses, 0.1]) * 1.04), "accuracy": Scale(0, 1)}
        scales |= {NORM: Scale(10.0**low, 10.0**high, "log")}
        return {
            name: Axes(x, TOP, WIDE, HIGH, Scale(0, epochs), scale)
            for (name, scale), x in zip(scales.items(), LEFT, strict=True)
        }

    def _field(self, name: str) -> str:
        return "accuracy" if name == FLOOR else name if name in ("accuracy", NORM) else "loss"

    def _lines(self) -> list[tuple[Axes, str, str]]:
        """Field, curve and tone of each line."""
        lines = [name for name in self.numbers if name != FLOOR]
        return [(self.fields[self._field(name)], name, TONES.get(name, "loss")) for name in lines]

    def background(self) -> Iterator[Element]:
        titles = ("loss", f"accuracy, {clip(self.name, 90)}", "largest gradient norm")
        for text, axes in zip(titles, self.fields.values(), strict=True):
            yield words(text, axes.x - 30, 20, "big bold")
            yield from frame(axes, x_label="epoch")
        for axes, name, tone in self._lines():
            cls = "broken" if name == TRAINING else ""
            yield curve(axes, range(len(self.numbers[name])), self.numbers[name], tone, cls=cls)
        if "accuracy" not in self.numbers:
            why = "no classes" if self.name in self.numbers else "no set"
            yield words(self.say(why), LEFT[1] + 20, TOP + HIGH / 2, "soft")
        if FLOOR in self.numbers:
            yield path(f"M{LEFT[1] - 30} 41h24", "flow broken")
            yield words(self.say("floor"), LEFT[1] - 2, 46, "soft")

    def page(self, page: int) -> Iterator[Element]:
        """The cursor, and the values of this epoch in the colours of their lines."""
        epoch, right = self.epochs[page], {axes.x: axes.right for axes in self.fields.values()}
        for axes in self.fields.values():
            if epoch < axes.across.high:
                edge = axes.px(epoch) + 2
                yield from ahead(axes, edge, axes.right + 3)
            yield cursor(axes, epoch)
        if FLOOR in self.numbers and self.floor is not None:
            yield level(self.fields["accuracy"], self.floor)
        for axes, name, tone in reversed(self._lines()) if epoch else ():
            yield from points(axes, [epoch], [self.numbers[name][epoch]], tone, radius=4.5)
            at, text, label = right[axes.x], self.text(f"{name}/{epoch}"), clip(name, 70)
            yield self.number(f"{name}/{epoch}", at, 46, f"end bold {FILLS[tone]}")
            if axes is self.fields["loss"]:
                yield words(label, at - text_width(text) - 16, 46, f"end {FILLS[tone]}")
                right[axes.x] -= text_width(text) + text_width(label) + 34
        if self.reading:
            yield from self._read(epoch, self.reading.tokens, self.reading.of)

    def _read(self, epoch: int, tokens: Sequence[str], of: str) -> Iterator[Element]:
        """A sentence word by word: how probable what is followed is after each, at this epoch."""
        y, pitch = self.height - STRIP, min(PITCH, (self.width - FIRST) / len(tokens))
        yield words("probability of", FIRST - 66, y + 17, "end soft")
        yield words(quoted(of, 92), FIRST - 66, y + 36, "end soft")
        for t, token in enumerate(tokens):
            x, wide = FIRST + pitch * t, pitch - 10
            left, p = x - wide / 2, self.value(f"word/{epoch}/{t}")
            yield self.number(f"word/{epoch}/{t}", x, y + 14, "mid bold")
            yield rect(left, y + 20, wide, 10, "panel", 4)
            yield rect(left, y + 20, max(wide * p, 1), 10, "plus", 4 if wide * p > 8 else 1)
            yield rect(left, y + 38, wide, 28, "panel", 14)
            yield words(clip(token, wide - 14), x, y + 57, "mid")

    def caption(self, page: int) -> str:
        epoch = self.epochs[page]
        if not epoch:
            return self.say("start")
        at = {"epoch": epoch, "before": epoch - 1, "move": "", "least": ""}
        if "accuracy" in self.numbers:
            before, now = (self.text(f"accuracy/{e}") for e in (epoch - 1, epoch))
            known = not math.isnan(self.numbers["accuracy"][epoch - 1])
            at["move"] = "" if not known else ", as before" if before == now else self.say("move", **at)
            at["least"] = self.say("least", **at) if FLOOR in self.numbers else ""
        accuracy = self.say("accuracy", **at) if "accuracy" in self.numbers else ""
        places = {"epoch": epoch, "accuracy": accuracy, "ended": self.ended.get(epoch, "")}
        return self.say("caption", **places)

    def tips(self, page: int) -> dict[str, Tip]:
        if not (epoch := self.epochs[page]):
            return {}
        values: list[tuple[str, str]] = []
        for name in self.numbers:
            values += [
                *([(";", "")] if values else []),
                *self.tip("value", label=self.label(name), curve=name, epoch=epoch),
            ]
        return {"epoch/1": self.tip("epoch", epoch=epoch, values=tuple(values))}

    def label(self, name: str) -> str:
        known = name in ("accuracy", NORM, FLOOR)
        return "training loss" if name == TRAINING else name if known else f"{clip(name, 90)} loss"

    def mark(self, page: int) -> str:
        return self.say("mark", epoch=self.epochs[page])

    def table(self) -> Table:
        head = ("epoch", *("training loss" if name == TRAINING else clip(name, 130) for name in self.numbers))
        rows = [(str(e), *(self.text(f"{name}/{e}") for name in self.numbers)) for e in self.epochs[1:]]
        return (head, *rows)
