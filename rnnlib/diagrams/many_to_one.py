"""How a network is wired: a sequence in, one answer out. Chapters 05 and 08."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .lettering import clip, quoted
from .pages import Picture, finished, framed
from .shapes import Element, arrow, block, formula, pill, rect, words

LEFT, PITCH = 136, 150
ANSWER, SQUASH, OUTPUT = 74, 136, 198  # heights of the middles
STATE, VECTOR, WORD = 284, 372, 442
HOT = ("0 0 1 0 0", "1 0 0 0 0", "0 0 0 0 1")  # three vectors of which one number is 1


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


def _x(place: int) -> float:
    return LEFT + place * PITCH


def _chain(tokens: Sequence[str]) -> Iterator[Element]:
    yield words("start", _x(0) - 92, STATE + 5, "mid soft")
    yield arrow(_x(0) - 68, STATE, _x(0) - 41, STATE)
    yield from _column(0, tokens[0], "1", HOT[0])
    yield from _passed(0, 1)
    yield from _column(1, tokens[1], "2", HOT[1])
    yield from _passed(1, 2)
    for y in (STATE, VECTOR, WORD):
        yield words("…", _x(2), y + 4, "mid big soft")
    yield from _passed(2, 3)
    yield from _column(3, tokens[2], "n", HOT[2], last=True)
    yield words("words", 24, WORD + 5, "soft")
    yield words("vectors", 24, VECTOR + 5, "soft")


def _passed(here: int, there: int) -> Iterator[Element]:
    yield arrow(_x(here) + 41, STATE, _x(there) - 41, STATE)
    yield formula("W_{hh}", (_x(here) + _x(there)) / 2, STATE - 9, "soft mid")


def _column(place: int, word: str, index: str, vector: str, last: bool = False) -> Iterator[Element]:
    x = _x(place)
    yield rect(x - 50, WORD - 18, 100, 36, "panel", 18)
    yield words(clip(word, 82), x, WORD + 5, "mid big")
    yield arrow(x, WORD - 21, x, VECTOR + 19)
    yield rect(x - 48, VECTOR - 15, 96, 30, "panel surface", 6)
    yield words(vector, x, VECTOR + 5, "mid")
    yield formula(f"x_{{{index}}}", x + 56, VECTOR + 5)
    yield arrow(x, VECTOR - 18, x, STATE + 24)
    yield formula("W_{xh}", x + 9, STATE + 50, "soft")
    yield from pill(f"h_{{{index}}}", x, STATE, 76, 40, "nowsoft now" if last else "panel surface")


def _answer(classes: Sequence[str]) -> Iterator[Element]:
    """Outputs and probabilities over the last unit."""
    x = _x(3)
    yield arrow(x, STATE - 23, x, OUTPUT + 21, "now", 10)
    yield formula("W_{hy}", x + 12, (STATE + OUTPUT) / 2 + 6, "soft")
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
