"""Characters and their numbers: what stands between a text and a network that writes letter by letter. Chapter 05."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .stored import IntArray, padded

__all__ = ["Symbols"]


@dataclass(frozen=True)
class Symbols:
    """K - 1 characters in a fixed order, and after them the end symbol, K - 1: `Symbols("abc")` has K = 4, `end` = 3.

    The end symbol stands for no character; a model writes it to say that the text is complete. `len(symbols)` is K.
    ValueError where no character is given or one twice. Chapter 05.
    """

    characters: str

    def __post_init__(self) -> None:
        if not self.characters or len(set(self.characters)) < len(self.characters):
            raise ValueError(f"characters: expected distinct characters, at least one, got {self.characters!r}")

    def __len__(self) -> int:
        return len(self.characters) + 1

    @property
    def end(self) -> int:
        """The number of the end symbol."""
        return len(self.characters)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each symbol, for `classes=` and for the axes of a picture; the end symbol is "end"."""
        return (*self.characters, "end")

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Symbols:
        """The characters of all texts, sorted."""
        return cls("".join(sorted(set("".join(texts)))))

    def encode(self, text: str) -> IntArray:
        """One text -> (S,), the number of each character, without the end symbol. An unknown one is a ValueError."""
        numbers = [self.characters.find(character) for character in text]
        if -1 in numbers:
            raise ValueError(f"unknown character {text[numbers.index(-1)]!r} in {text[:60]!r}")
        return np.array(numbers, dtype=np.intp)

    def decode(self, numbers: ArrayLike) -> str:
        """(S,) numbers -> the text, up to the end symbol if there is one. A number that does not exist: ValueError."""
        flat = np.asarray(numbers, dtype=np.intp)
        if flat.ndim != 1 or ((flat < 0) | (flat > self.end)).any():
            raise ValueError(f"numbers: expected (S,) from 0 to {self.end}, got {numbers!r}")
        ends = np.flatnonzero(flat == self.end)
        kept = flat[: ends[0]] if len(ends) else flat
        return "".join(self.characters[number] for number in kept.tolist())

    def pad(self, texts: Iterable[str], *, end: bool) -> tuple[IntArray, IntArray]:
        """B texts -> numbers (S, B), time first, 0 in the padding, and lengths (B,).

        end=True closes each text with the end symbol, which counts in its length: so for what a model is to write.
        end=False: so for what it reads. No text at all, or an empty one to be read, is a ValueError.
        """
        if isinstance(texts, str):
            raise TypeError("texts: expected a list of str, got one str; write pad([text], end=...)")
        tail = np.array([self.end] * end, dtype=np.intp)
        rows = [np.concatenate([self.encode(text), tail]) for text in texts]
        if not rows or not all(map(len, rows)):
            raise ValueError("texts: expected at least one text, and none that is empty")
        return padded(rows)
