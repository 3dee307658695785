"""A network over time: columns side by side, a unit in each, and the arrows between them. All wirings are drawn
with this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..look.notation import Notation
from .shapes import Element, arrow, bent, formula, pill, rect, words

HEADS = {"flow": 7, "now": 10}  # class of an arrow -> the size of its head, in px


@dataclass(frozen=True)
class Column:
    """One place in time. state: what the unit is called; reads, writes: what goes in below and comes out on top, ""
    for nothing. again: it reads what the step before wrote. gap: dots in place of a unit. now: it is marked. part: the
    part of the model that the unit belongs to."""

    state: str
    reads: str = ""
    writes: str = ""
    again: bool = False
    gap: bool = False
    now: bool = False
    part: str = "body"


@dataclass(frozen=True)
class Frame:
    """Where the columns stand, in px: the middle of the first and the distance of two, the heights of the middles of
    outputs, units and inputs, the sizes of a unit and of a pill, and the room under a unit for its name."""

    left: float
    pitch: float
    output: float
    state: float
    input: float
    unit: tuple[float, float] = (76, 40)
    pill: tuple[float, float] = (64, 34)
    under: float = 0

    def x(self, place: float) -> float:
        """The middle of a column."""
        return self.left + place * self.pitch


def chain(columns: Sequence[Column], frame: Frame, labels: Notation | None = None) -> Iterator[Element]:
    """The whole network: each unit with what it reads and writes, and the state that passes from one to the next.
    labels: the names of the weights on the arrows, or None."""
    for place, column in enumerate(columns):
        if place:
            yield from passed(frame, place, labels)
        if column.gap:
            yield words("…", frame.x(place), frame.state + 5, "mid big soft")
            continue
        yield from unit(column, frame, place)
        if column.reads:
            yield from enters(frame, place, labels)
            yield from read(column, frame, place)
        if column.writes:
            yield from leaves(frame, place, labels)
            yield from written(column, frame, place)


def unit(column: Column, frame: Frame, place: float) -> Iterator[Element]:
    """A unit with its name in it."""
    (width, height), x = frame.unit, frame.x(place)
    cls = "nowsoft now" if column.now else "tint-state"
    yield rect(x - width / 2, frame.state - height / 2, width, height, cls, 8)
    yield formula(column.state, x, frame.state + 5, "mid")


def passed(frame: Frame, place: int, labels: Notation | None = None, cls: str = "flow") -> Iterator[Element]:
    """The state that comes from the column before."""
    half = frame.unit[0] / 2 + 3
    start, end = frame.x(place - 1) + half, frame.x(place) - half
    yield arrow(start, frame.state, end, frame.state, cls, min(HEADS[cls], (end - start) * 0.7))
    if labels and end - start >= 28:
        yield formula(labels.weight("W_hh"), (start + end) / 2, frame.state - 15, "soft mid")


def enters(
    frame: Frame, place: float, labels: Notation | None = None, cls: str = "flow", x: float | None = None
) -> Iterator[Element]:
    """From what is read up into the unit. x: where the unit stands, if not above it."""
    top, bottom = frame.state + frame.unit[1] / 2 + frame.under + 3, frame.input - frame.pill[1] / 2 - 3
    yield arrow(frame.x(place), bottom, frame.x(place) if x is None else x, top, cls, HEADS[cls])
    if labels:
        yield formula(labels.weight("W_xh"), frame.x(place) + 11, (top + bottom) / 2 + 6, "soft")


def leaves(
    frame: Frame, place: float, labels: Notation | None = None, cls: str = "flow", x: float | None = None
) -> Iterator[Element]:
    """From the unit up to what is written. x: where the unit stands, if not below it."""
    top, bottom = frame.output + frame.pill[1] / 2 + 3, frame.state - frame.unit[1] / 2 - 3
    yield arrow(frame.x(place) if x is None else x, bottom, frame.x(place), top, cls, HEADS[cls])
    if labels:
        yield formula(labels.weight("W_hy"), frame.x(place) + 11, (top + bottom) / 2 + 6, "soft")


def read(column: Column, frame: Frame, place: float, cls: str = "") -> Iterator[Element]:
    """What goes in; with a dashed edge, in the colour of an output, where the network wrote it itself."""
    cls = cls or ("tint-output" if column.again else "tint-input")
    yield from pill(column.reads, frame.x(place), frame.input, *frame.pill, f"{cls} broken" if column.again else cls)


def written(column: Column, frame: Frame, place: float, cls: str = "tint-output") -> Iterator[Element]:
    """What comes out."""
    yield from pill(column.writes, frame.x(place), frame.output, *frame.pill, cls)


def loop(x: float, y: float, reach: float = 30, half: float = 16, cls: str = "flow") -> list[Element]:
    """Out of a unit and back into it, one step later. (x, y): the middle of its edge; reach: how far, below 0 to the
    left."""
    near = x + (3 if reach > 0 else -3)
    return bent([(near, y - half), (x + reach, y - half), (x + reach, y + half), (near, y + half)], cls)
