"""How a network is wired: a sequence in, one answer out. Chapters 05 and 08."""

from collections.abc import Iterator, Sequence

from .. import asked
from ..checks import expect
from ..look.lettering import clip, quoted
from ..look.notation import Notation
from ..look.templates import of_picture
from .columns import Column, Frame, chain, enters, leaves
from .pages import Picture, still
from .shapes import Element, arrow, block, formula, pill, rect, words

LEFT, PITCH = 136, 150
ANSWER, SQUASH, OUTPUT = 74, 136, 198  # heights of the middles
STATE, VECTOR, WORD = 284, 372, 442
FRAME, BOOK = Frame(LEFT, PITCH, OUTPUT, STATE, VECTOR, (76, 42), (96, 30)), Notation()
PLACES = {0: ("1", "0 0 1 0 0"), 1: ("2", "1 0 0 0 0"), 3: ("T", "0 0 0 0 1")}  # column -> step, and a one-hot vector
SHOWN = 3  # classes that have room
WORDS = of_picture("many_to_one")


@asked.asks(tokens=asked.names(), classes=asked.names())
def many_to_one(
    tokens: Sequence[str] = ("he", "is", "sad"), classes: Sequence[str] = ("negative", "positive")
) -> Picture:
    """Many to one (N to 1): words x_1 .. x_T into one unit after the other, and after the last the answer: scores
    z = W_hy h_T + b_y, and of them y = softmax(z).

    tokens: the first, the second and the last word, as an example. classes: the names of the outputs.
    ValueError for another number of words, or no class. Chapters 05 and 08.
    """
    expect(len(tokens) == 3, f"tokens: expected 3 words (the first, the second, the last), got {len(tokens)}")
    names, drawn = " and ".join(map(quoted, classes)), [*_chain(tokens), *_answer(classes)]
    return still(860, 484, WORDS, drawn, count=len(classes), names=names)


def _chain(tokens: Sequence[str]) -> Iterator[Element]:
    """The words as vectors, and the units that read them."""
    yield words("start", LEFT - 92, STATE + 5, "mid soft")
    yield arrow(LEFT - 68, STATE, LEFT - 41, STATE)
    columns = [Column("h_{1}"), Column("h_{2}"), Column("", gap=True), Column("h_{T}", now=True)]
    yield from chain(columns, FRAME, BOOK)
    for (place, (step, vector)), word in zip(PLACES.items(), tokens, strict=True):
        x = FRAME.x(place)
        yield rect(x - 50, WORD - 18, 100, 36, "tint-input", 18)
        yield words(clip(word, 82), x, WORD + 5, "mid big")
        yield arrow(x, WORD - 21, x, VECTOR + 19)
        yield rect(x - 48, VECTOR - 15, 96, 30, "tint-input", 6)
        yield words(vector, x, VECTOR + 5, "mid")
        yield formula(BOOK.at("x", step), x + 56, VECTOR + 5)
        yield from enters(FRAME, place, BOOK)
    for y, what in ((VECTOR, "vectors"), (WORD, "words")):
        yield words("…", FRAME.x(2), y + 4, "mid big soft")
        yield words(what, 24, y + 5, "soft")


def _answer(classes: Sequence[str]) -> Iterator[Element]:
    """Outputs and probabilities over the last unit."""
    x, shown = FRAME.x(3), classes[:SHOWN]
    yield from leaves(FRAME, 3, BOOK, "now")
    yield from pill("z", x, OUTPUT, 92, 34, "tint-output")
    yield words(f"{len(classes)} scores, one a class", x + 60, OUTPUT + 5, "soft")
    yield arrow(x, OUTPUT - 20, x, SQUASH + 20)
    yield from block("softmax", x, SQUASH, 92)
    for place, name in enumerate(shown):
        at = x + (place - (len(shown) - 1) / 2) * 138
        yield arrow(x + (at - x) * 0.22, SQUASH - 20, at, ANSWER + 20)
        yield rect(at - 64, ANSWER - 17, 128, 34, "tint-output", 17)
        yield words(clip(name, 112), at, ANSWER + 5, "mid big")
    left = x - 69 * len(shown) - 10
    yield words("probability of", left, ANSWER + 5, "soft end")
    yield formula("y", left - 104, ANSWER + 5, "end")
