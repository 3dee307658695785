"""The five shapes of input and output: what each is called, what it does, and the examples of the source. Chapter
01."""

from __future__ import annotations

from typing import NamedTuple

from ..models import EncoderDecoder, ManyToMany, ManyToOne, Model, OneToMany, OneToOne

__all__ = ["FIVE", "Shape"]


class Shape(NamedTuple):
    """One of the five: how it is called, what it does, and the examples of the source."""

    code: str
    name: str
    does: str
    examples: str

    @property
    def said(self) -> str:
        """One to one (1 to 1)."""
        return f"{self.name} ({self.code.replace('-', ' to ')})"


LINES = """
1-1 | One to one | one input, one answer | an image and its class
1-N | One to many | one input, a sequence out | an image and a line of words, a genre and its music
N-1 | Many to one | a sequence in, one answer out | a text and whether it is positive
N-M | Many to many, with a lag | a sequence in, another one out | a sentence and its translation, speech and its words
N-N | Many to many, in step | an answer at every step | a text and its names, video frames and their labels
"""
KINDS: tuple[type[Model], ...] = (OneToOne, OneToMany, ManyToOne, EncoderDecoder, ManyToMany)
FIVE = {kind: Shape(*line.split(" | ")) for kind, line in zip(KINDS, LINES.strip().split("\n"), strict=True)}
