"""The one table of chapters: the map of the book reads it, and a test holds the notebooks against it. A chapter that is
not written yet has no file. Chapter 00."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..checks import expect

__all__ = ["CHAPTERS", "Chapter"]


class Chapter(NamedTuple):
    """A chapter. builds_on: the numbers of those that it needs. after: those after which it can be read at once, by who
    skips the rest. file: its notebook, "" while it is to come."""

    number: str
    title: str
    question: str = ""
    builds_on: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    file: str = ""


CHAPTERS = (
    Chapter("00", "Start here", "What does a network know after each word?", file="00_start_here.ipynb"),
    Chapter("01", "Sequences and five shapes", "What is it about a sentence that an image classifier cannot take?",
            ("00",), file="01_sequences.ipynb"),
    Chapter("02", "The unit", "What exactly does one step compute?", ("01",), file="02_unit.ipynb"),
    Chapter("03", "Unrolling", "Where does the sentence go when the network has read it?",
            ("02",), file="03_unrolling.ipynb"),
    Chapter("04", "Learning through time", "How can a mistake at the last word change what was done at the first?",
            ("03",), file="04_learning.ipynb"),
    Chapter("05", "Variants by shape", "How does one cell serve five jobs?", ("04",), file="05_shapes.ipynb"),
    Chapter("06", "Variants by memory", "What would it take to remember for 100 steps?",
            ("04",), file="06_memory.ipynb"),
    Chapter("07", "Variants by structure", "Does reading from left to right, in one layer, have to be?",
            ("04",), file="07_structure.ipynb"),
    Chapter("08", "Sentiment", "Is “not bad at all” good?", ("04",), ("00",), file="08_sentiment.ipynb"),
    Chapter("09", "Beyond", "What do I take from here to real systems?",
            ("05", "06", "07", "08"), file="09_beyond.ipynb"),
)  # fmt: skip


def in_order(chapters: Sequence[Chapter]) -> list[str]:
    """Their numbers. ValueError for none, for a number that stands twice, and for a chapter that needs a later one."""
    numbers = [chapter.number for chapter in chapters]
    alone = numbers and len(set(numbers)) == len(numbers)
    expect(alone, f"chapters: expected at least one, each with a number of its own, got {numbers}")
    for place, chapter in enumerate(chapters):
        for needed in (*chapter.builds_on, *chapter.after):
            before = needed in numbers[:place]
            expect(before, f"chapters: {chapter.number} needs {needed!r}, which does not stand before it")
    return numbers
