"""Symbols and their numbers: what stands between a text and a network that writes. Chapters 05 and 09."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .given import a_flag, a_text, known, places
from .given import texts as all_texts
from .stored import IntArray, padded
from .text import UNKNOWN, joined, letters, short, words_and_signs

__all__ = ["Symbols"]


@dataclass(frozen=True)
class Symbols:
    """K - 1 characters in a fixed order, and after them the end symbol, K - 1: `Symbols("abc")` has K = 4, `end` = 3.

    characters: a str, or a tuple where a symbol is more than one sign: a letter with its marks (ही), a word. by:
    "characters", or "words" (words, numbers and signs of punctuation). Where "<unk>" is among them, it stands for every
    unknown one. The end symbol stands for no character; a model writes it to say that the text is complete.
    `len(symbols)` is K. ValueError where no character is given, an empty one, or one twice. Chapter 05.
    """

    characters: str | tuple[str, ...]
    by: str = "characters"

    def __post_init__(self) -> None:
        if not isinstance(self.characters, str):
            all_texts("characters", self.characters)
        known("by", self.by, ("characters", "words"))
        if not len(self.characters) or len(set(self.characters)) < len(self.characters) or not all(self.characters):
            raise ValueError(f"characters: expected distinct characters, at least one, got {self.characters!r}")

    def __len__(self) -> int:
        return len(self.characters) + 1

    @property
    def end(self) -> int:
        """The number of the end symbol."""
        return len(self.characters)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each symbol, for `classes=` and the axes of a picture; the end symbol is "end" (or "<end>")."""
        return (*self.characters, "<end>" if self.by == "words" and "end" in self.characters else "end")

    @classmethod
    def from_texts(cls, texts: Iterable[str], *, by: str = "characters") -> Symbols:
        """The characters of all texts (or with by="words" their words and signs), sorted."""
        known("by", by, ("characters", "words"))
        given = all_texts("texts", texts)
        if not given:
            raise ValueError("texts: expected at least one text, got none")
        split = words_and_signs if by == "words" else letters
        found = sorted({piece for text in given for piece in split(text)})
        alone = by == "characters" and all(len(piece) == 1 for piece in found)
        return cls("".join(found) if alone else tuple(found), by)

    def split(self, text: str) -> list[str]:
        """A text as the symbols of this kind, known or not; in Unicode's form NFC, so that é is one character."""
        a_text("text", text)
        if self.by == "words":
            return words_and_signs(text)
        return list(unicodedata.normalize("NFC", text)) if isinstance(self.characters, str) else letters(text)

    def encode(self, text: str) -> IntArray:
        """One text -> (S,), the number of each character, without the end symbol. An unknown one is a ValueError."""
        numbers = {character: number for number, character in enumerate(self.characters)}
        pieces = self.split(text)
        unknown = numbers.get(UNKNOWN)
        found = [numbers.get(piece, unknown) for piece in pieces]
        if None in found:
            what = "word" if self.by == "words" else "character"
            raise ValueError(f"unknown {what} {short(pieces[found.index(None)])} in {short(text)}")
        return np.array(found, dtype=np.intp)

    def decode(self, numbers: ArrayLike) -> str:
        """(S,) numbers -> the text, up to the end symbol if there is one. A number that does not exist: ValueError."""
        flat = places("numbers", numbers, len(self))
        ends = np.flatnonzero(flat == self.end)
        kept = flat[: ends[0]] if len(ends) else flat
        pieces = [self.characters[number] for number in kept.tolist()]
        return joined(pieces) if self.by == "words" else "".join(pieces)

    def pad(self, texts: Iterable[str], *, end: bool) -> tuple[IntArray, IntArray]:
        """B texts -> numbers (S, B), time first, 0 in the padding, and lengths (B,).

        end=True closes each text with the end symbol, which counts in its length: so for what a model is to write.
        end=False: so for what it reads. No text at all, or an empty one to be read, is a ValueError.
        """
        given, end = all_texts("texts", texts), a_flag("end", end)
        tail = np.array([self.end] * end, dtype=np.intp)
        rows = [np.concatenate([self.encode(text), tail]) for text in given]
        if not rows or not all(map(len, rows)):
            raise ValueError("texts: expected at least one text, and none that is empty")
        return padded(rows)
