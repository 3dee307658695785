"""What a data set looks like: phrases with their labels, as a table to read. Chapter 08."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import asked
from .lettering import clip
from .pages import Picture, finished, framed
from .shapes import Element, path, rect, words

ROW, WIDTH, TOP = 30, 430, 66


@asked.asks(train_data=asked.kind(Mapping), test_data=asked.kind(Mapping), rows=asked.whole())
def data_picture(train_data: Mapping[str, bool], test_data: Mapping[str, bool], rows: int = 8) -> Picture:
    """Some phrases of both sets with their labels, and how many there are.

    train_data, test_data: phrase -> True (positive) or False (negative). rows: how many of each set are
    shown, taken at even distances. ValueError for an empty set or rows below 1. Chapter 08.
    """
    if rows < 1:
        raise ValueError(f"rows: expected at least 1, got {rows}")
    sets = {"train_data": train_data, "test_data": test_data}
    for name, data in sets.items():
        if not data:
            raise ValueError(f"{name}: expected at least one phrase, got none")
    title = "Phrases, and whether they are positive"
    shown = {name: _some(data, rows) for name, data in sets.items()}
    examples = "; ".join(f"“{phrase}” is {label}" for phrase, label in shown["train_data"][:4])
    alt = (
        f"{title}. {len(train_data)} phrases to learn from and {len(test_data)} to test with. Of the first: {examples}."
    )
    longest = max(len(some) for some in shown.values())
    drawing = framed(2 * WIDTH + 64, TOP + ROW * longest + 66, title, alt)
    drawing.append(words(title, 20, 34, "big bold"))
    for place, (name, some) in enumerate(shown.items()):
        drawing.extend(_table(name, some, len(sets[name]), 20 + place * (WIDTH + 24)))
    return finished(drawing, alt)


def _some(data: Mapping[str, bool], rows: int) -> list[tuple[str, bool]]:
    """At most `rows` entries at even distances, in the order of the set."""
    entries = list(data.items())
    if len(entries) <= rows:
        return entries
    return [entries[place * len(entries) // rows] for place in range(rows)]


def _table(name: str, some: list[tuple[str, bool]], total: int, x: float) -> Iterator[Element]:
    height = ROW * len(some)
    yield words(f"{name}: {total} phrase{'' if total == 1 else 's'}", x, TOP - 2, "soft")
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
