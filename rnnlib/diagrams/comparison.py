"""An ordinary network beside a recurrent one: what each makes of places and of lengths. Chapter 01."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..cells import RNNCell
from ..layers import Dense, Recurrent
from ..models import ManyToOne
from . import asked
from .columns import Column, Frame, at, chain, enters, names, read
from .pages import Picture, finished, framed
from .shapes import Element, arrow, block, formula, path, pill, rect, words

PLACES, LONGER = 4, 9  # the lengths that are compared
OUTPUT, STATE, INPUT = 92, 184, 286  # heights of the middles
LEFT, RIGHT, PITCH = 92, 512, 88
ROWS, ROW, LINES = 358, 31, 5  # the table: its first line, and its lines


@asked.asks(inputs=asked.whole(), units=asked.whole(), outputs=asked.whole(), notation=asked.notation)
def dense_or_recurrent(inputs: int = 18, units: int = 16, outputs: int = 2, notation: str = "h") -> Picture:
    """An ordinary (dense) network and a recurrent one over a sequence of four, and what follows from that.

    The numbers of parameters are those of real layers with `inputs` numbers for each word, `units` hidden units and
    `outputs` answers, for 4 and for 9 words. notation: "h" or "a". ValueError for another, or a size below 1.
    Chapter 01.
    """
    names(notation)
    counts = _counts(inputs, units, outputs)
    title = "An ordinary network and a recurrent one, over the same four words"
    alt = (
        f"{title}. Left: the ordinary network takes all four at once; each place has weights of its own, W_1 to W_4, "
        f"so that it fits four words only, and for {PLACES} and for {LONGER} words it needs "
        f"{counts['dense', PLACES]:,} and {counts['dense', LONGER]:,} parameters. Right: the recurrent network takes "
        f"one word after the other with the same weights, any number of words, and has "
        f"{counts['recurrent', PLACES]:,} parameters for both."
    )
    drawing = framed(860, ROWS + LINES * ROW + 6, title, alt)
    drawing.append(words(title, 24, 34, "big bold"))
    drawing.extend(_dense(notation))
    drawing.extend(_recurrent(notation))
    drawing.append(path(f"M420 66V{INPUT + 26}", "rest"))
    drawing.extend(_table(counts, inputs, units))
    return finished(drawing, alt)


def _counts(inputs: int, units: int, outputs: int) -> dict[tuple[str, int], int]:
    """The numbers of parameters, from the layers themselves."""
    rng = np.random.default_rng(0)
    counts = {}
    for T in (PLACES, LONGER):
        layers = Dense(T * inputs, units, rng=rng), Dense(units, outputs, rng=rng)
        counts["dense", T] = sum(array.size for layer in layers for array in layer.params.values())
        model = ManyToOne(Recurrent(RNNCell(inputs, units, rng=rng)), Dense(units, outputs, rng=rng))
        counts["recurrent", T] = sum(array.size for array in model.params.values())
    return counts


def _dense(notation: str) -> Iterator[Element]:
    """All inputs into one layer, each with weights of its own."""
    frame = Frame(LEFT, PITCH, OUTPUT, STATE, INPUT, (PITCH * 3 + 64, 44), (64, 34))
    middle = frame.x(1.5)
    yield words("an ordinary network", middle, 62, "mid bold soft")
    for place in range(PLACES):
        column = Column("", at("x", place + 1, notation))
        yield from read(column, frame, place)
        yield from enters(frame, place)
        yield formula(f"W_{{{place + 1}}}", frame.x(place) + 8, 244, "accent")
    yield from block("", middle, STATE, *frame.unit)
    yield words("hidden layer", middle, STATE + 5, "mid")
    yield arrow(middle, STATE - 25, middle, OUTPUT + 20)
    yield from pill("y", middle, OUTPUT, 64, 34)


def _recurrent(notation: str) -> Iterator[Element]:
    frame = Frame(RIGHT, PITCH, OUTPUT, STATE, INPUT, (46, 44), (64, 34))
    labels = names(notation)
    yield words("a recurrent network", frame.x(1.5), 62, "mid bold soft")
    last = PLACES
    columns = [
        Column(at("h", t, notation), at("x", t, notation), "y" if t == last else "") for t in range(1, PLACES + 1)
    ]
    yield from chain(columns, frame)
    for place in range(PLACES):
        yield formula(labels.from_input, frame.x(place) + 8, 244, "accent")
        if place:
            yield formula(labels.from_state, frame.x(place - 0.5), STATE - 12, "mid soft")


def _table(counts: dict[tuple[str, int], int], inputs: int, units: int) -> Iterator[Element]:
    """What follows, line by line."""
    yield rect(12, ROWS - 24, 836, LINES * ROW + 6, "zone", 10)
    lines = (
        ("lengths", "four words, no more", "any number of words"),
        ("a word at place 1 and at place 4", "other weights: learned twice", "the same weights: learned once"),
    )
    for place, line in enumerate(lines):
        for x, text in zip((28, 300, 580), line, strict=True):
            yield words(text, x, ROWS + place * ROW, "big" if x > 28 else "big soft")
    yield words("numbers of a word, hidden units", 28, ROWS + 2 * ROW, "big soft")
    for x in (300, 580):
        yield words(f"{inputs:,}", x, ROWS + 2 * ROW, "big", data_n="word/size/0")
        yield words(f"{units:,}", x + 90, ROWS + 2 * ROW, "big", data_n="hidden/size/0")
    for place, T in enumerate((PLACES, LONGER), start=3):
        yield words(f"parameters for {T} words", 28, ROWS + place * ROW, "big soft")
        for x, which in ((300, "dense"), (580, "recurrent")):
            yield words(f"{counts[which, T]:,}", x, ROWS + place * ROW, "big bold", data_n=f"{which}/{T}/0")
