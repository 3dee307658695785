"""A network over time: columns side by side, a unit in each, and the arrows between them. All wirings are drawn
with this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import asked
from .notation import NOTATIONS, Names
from .shapes import Element, arrow, bent, formula, rect, words


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


def names(notation: str) -> Names:
    """What things are called. ValueError for a notation that does not exist."""
    asked.notation("notation", notation)
    return NOTATIONS[notation]


def at(letter: str, step: int | str, notation: str) -> str:
    """A letter with its step: h_3, or a<3>. The state is a in the notation "a"."""
    if notation == "h":
        return f"{letter}_{{{step}}}"
    return f"{'a' if letter == 'h' else letter}^{{<{step}>}}"


def chain(columns: Sequence[Column], frame: Frame, labels: Names | None = None) -> Iterator[Element]:
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
    cls = "nowsoft now" if column.now else "panel surface"
    yield rect(x - width / 2, frame.state - height / 2, width, height, cls, 8)
    yield formula(column.state, x, frame.state + 5, "mid")


def passed(
    frame: Frame, place: int, labels: Names | None = None, cls: str = "flow", head: float = 7
) -> Iterator[Element]:
    """The state that comes from the column before."""
    half = frame.unit[0] / 2 + 3
    start, end = frame.x(place - 1) + half, frame.x(place) - half
    yield arrow(start, frame.state, end, frame.state, cls, min(head, (end - start) * 0.7))
    if labels and end - start >= 28:
        yield formula(labels.from_state, (start + end) / 2, frame.state - 12, "soft mid")


def enters(
    frame: Frame, place: float, labels: Names | None = None, cls: str = "flow", head: float = 7, x: float | None = None
) -> Iterator[Element]:
    """From what is read up into the unit. x: where the unit stands, if not above it."""
    top, bottom = frame.state + frame.unit[1] / 2 + frame.under + 3, frame.input - frame.pill[1] / 2 - 3
    yield arrow(frame.x(place), bottom, frame.x(place) if x is None else x, top, cls, head)
    if labels:
        yield formula(labels.from_input, frame.x(place) + 8, (top + bottom) / 2 + 6, "soft")


def leaves(
    frame: Frame, place: float, labels: Names | None = None, cls: str = "flow", head: float = 7, x: float | None = None
) -> Iterator[Element]:
    """From the unit up to what is written. x: where the unit stands, if not below it."""
    top, bottom = frame.output + frame.pill[1] / 2 + 3, frame.state - frame.unit[1] / 2 - 3
    yield arrow(frame.x(place) if x is None else x, bottom, frame.x(place), top, cls, head)
    if labels:
        yield formula(labels.to_output, frame.x(place) + 8, (top + bottom) / 2 + 6, "soft")


def read(column: Column, frame: Frame, place: float, cls: str = "panel") -> Iterator[Element]:
    """What goes in; with a dashed edge where the network wrote it itself."""
    yield from _round(column.reads, frame.x(place), frame.input, frame, f"{cls} broken" if column.again else cls)


def written(column: Column, frame: Frame, place: float, cls: str = "panel") -> Iterator[Element]:
    """What comes out."""
    yield from _round(column.writes, frame.x(place), frame.output, frame, cls)


def _round(label: str, x: float, y: float, frame: Frame, cls: str) -> Iterator[Element]:
    width, height = frame.pill
    yield rect(x - width / 2, y - height / 2, width, height, cls, height / 2)
    yield formula(label, x, y + 5, "mid")


def loop(x: float, y: float, reach: float = 30, half: float = 16, cls: str = "flow", head: float = 7) -> list[Element]:
    """Out of a unit and back into it, one step later. (x, y): the middle of its edge; reach: how far, below 0 to the
    left."""
    near = x + (3 if reach > 0 else -3)
    return bent([(near, y - half), (x + reach, y - half), (x + reach, y + half), (near, y + half)], cls, head)
