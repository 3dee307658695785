"""How a network is wired: a sequence in, one answer out. Chapters 05 and 08."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import asked
from .columns import Column, Frame, chain, enters, leaves, names
from .lettering import clip, quoted
from .pages import Picture, finished, framed
from .shapes import Element, arrow, block, formula, rect, words

LEFT, PITCH = 136, 150
ANSWER, SQUASH, OUTPUT = 74, 136, 198  # heights of the middles
STATE, VECTOR, WORD = 284, 372, 442
FRAME = Frame(LEFT, PITCH, OUTPUT, STATE, VECTOR, (76, 42), (96, 30))
HOT = ("0 0 1 0 0", "1 0 0 0 0", "0 0 0 0 1")  # three vectors of which one number is 1


@asked.asks(tokens=asked.names(), classes=asked.names())
def many_to_one(
    tokens: Sequence[str] = ("he", "is", "sad"), classes: Sequence[str] = ("negative", "positive")
) -> Picture:
    """Many to one (N to 1): words x_1 .. x_n into one unit after the other, one answer y after the last.

    tokens: the first, the second and the last word, as an example. classes: the names of the outputs.
    ValueError for another number of words, or no class. Chapters 05 and 08.
    """
    if len(tokens) != 3:
        raise ValueError(f"tokens: expected 3 words (the first, the second, the last), got {len(tokens)}")
    if not classes:
        raise ValueError("classes: expected at least one name, got none")
    title = "Many to one: a sentence in, one verdict out"
    names = " and ".join(quoted(name) for name in classes)
    alt = (
        f"{title}. Each word is a vector, x_1 to x_n, and goes up into a unit; the same unit, with the same weights, "
        f"passes its state on to the next word. After the last word only, {len(classes)} outputs are computed from "
        f"the state, for {names}, and softmax turns them into probabilities."
    )
    drawing = framed(860, 484, title, alt)
    drawing.append(words(title, 24, 34, "big bold"))
    drawing.extend(_chain(tokens))
    drawing.extend(_answer(classes))
    return finished(drawing, alt)


def _chain(tokens: Sequence[str]) -> Iterator[Element]:
    """The words as vectors, and the units that read them."""
    columns = [Column("h_{1}"), Column("h_{2}"), Column("", gap=True), Column("h_{n}", now=True)]
    yield words("start", LEFT - 92, STATE + 5, "mid soft")
    yield arrow(LEFT - 68, STATE, LEFT - 41, STATE)
    yield from chain(columns, FRAME, names("h"))
    for place, index, word, vector in zip((0, 1, 3), "12n", tokens, HOT, strict=True):
        yield from _word(FRAME.x(place), word, index, vector)
        yield from enters(FRAME, place, names("h"))
    for y in (VECTOR, WORD):
        yield words("…", FRAME.x(2), y + 4, "mid big soft")
    yield words("words", 24, WORD + 5, "soft")
    yield words("vectors", 24, VECTOR + 5, "soft")


def _word(x: float, word: str, index: str, vector: str) -> Iterator[Element]:
    """A word, and the vector that stands for it."""
    yield rect(x - 50, WORD - 18, 100, 36, "panel", 18)
    yield words(clip(word, 82), x, WORD + 5, "mid big")
    yield arrow(x, WORD - 21, x, VECTOR + 19)
    yield rect(x - 48, VECTOR - 15, 96, 30, "panel surface", 6)
    yield words(vector, x, VECTOR + 5, "mid")
    yield formula(f"x_{{{index}}}", x + 56, VECTOR + 5)


def _answer(classes: Sequence[str]) -> Iterator[Element]:
    """Outputs and probabilities over the last unit."""
    x = FRAME.x(3)
    yield from leaves(FRAME, 3, names("h"), "now", 10)
    yield from block("y", x, OUTPUT, 92)
    yield words(f"{len(classes)} numbers, one a class", x + 60, OUTPUT + 5, "soft")
    yield arrow(x, OUTPUT - 20, x, SQUASH + 20)
    yield from block("softmax", x, SQUASH, 92)
    shown = [*classes[:3]]
    for place, name in enumerate(shown):
        at = x + (place - (len(shown) - 1) / 2) * 138
        yield arrow(x + (at - x) * 0.22, SQUASH - 20, at, ANSWER + 20)
        yield rect(at - 64, ANSWER - 17, 128, 34, "panel", 17)
        yield words(clip(name, 112), at, ANSWER + 5, "mid big")
    yield words("probability of", x - 69 * len(shown) - 10, ANSWER + 5, "soft end")
