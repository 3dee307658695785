"""What a data set looks like: phrases with their labels, as a table to read. Chapter 08."""

from collections.abc import Iterator, Mapping

from .. import asked
from ..checks import expect
from ..look.lettering import clip, counted
from ..look.templates import of_picture
from .pages import Picture, still
from .shapes import Element, path, rect, words

ROW, WIDTH, TOP = 30, 430, 66
WORDS = of_picture("data_picture")


@asked.asks()
def data_picture(train_data: Mapping[str, bool], test_data: Mapping[str, bool], rows: int = 8) -> Picture:
    """Some phrases of both sets with their labels, and how many there are.

    train_data, test_data: phrase -> True (positive) or False (negative). rows: how many of each set are
    shown, taken at even distances. ValueError for an empty set or rows below 1. Chapter 08.
    """
    sets = {"train_data": [*train_data.items()], "test_data": [*test_data.items()]}
    for name, data in sets.items():
        expect(data, f"{name}: expected at least one phrase, got none")
    places = {name: range(min(rows, len(data))) for name, data in sets.items()}
    shown = {name: [data[k * len(data) // len(places[name])] for k in places[name]] for name, data in sets.items()}
    examples = "; ".join(f"“{phrase}” is {label}" for phrase, label in shown["train_data"][:4])
    height = TOP + ROW * max(map(len, shown.values())) + 66
    left = {"train_data": 20, "test_data": 20 + WIDTH + 24}
    tables = [_table(name, some, len(sets[name]), left[name]) for name, some in shown.items()]
    said = {"train": len(train_data), "test": len(test_data), "examples": examples}
    return still(2 * WIDTH + 64, height, WORDS, [*tables[0], *tables[1]], 20, **said)


def _table(name: str, some: list[tuple[str, bool]], total: int, x: float) -> Iterator[Element]:
    height = ROW * len(some)
    yield words(f"{name}: {counted(total, 'phrase')}", x, TOP - 2, "soft")
    yield rect(x, TOP + 8, WIDTH, height + 8, "panel surface", 10)
    for place, (phrase, label) in enumerate(some):
        y = TOP + 12 + ROW * place
        if place:
            yield path(f"M{x + 12} {y}H{x + WIDTH - 12}", "rest")
        yield words(clip(phrase, WIDTH - 124), x + 16, y + 20, "big")
        yield rect(x + WIDTH - 104, y + 5, 88, 20, "plus" if label else "minus", 10, fill_opacity=0.16)
        yield words("True  +" if label else "False  −", x + WIDTH - 60, y + 20, "mid")
    if total > len(some):
        yield words(f"… and {total - len(some)} more", x + 16, TOP + height + 38, "soft")
