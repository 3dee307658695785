"""Words and their numbers: what stands between a sentence and a network. Chapter 08."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["Vocabulary"]

IdArray = NDArray[np.intp]


@dataclass(frozen=True, repr=False)
class Vocabulary:
    """V words in a fixed order; the number of a word is its place in that order, 0 to V-1.

    words: distinct words, none empty, none with a blank inside (ValueError; TypeError for what is no str).
    `Vocabulary.from_texts(texts)` collects them. `len(v)`, `word in v`, `v[3]` and `for word in v` work;
    two vocabularies with the same words in the same order are equal. Words are kept in Unicode's form NFC, and so is
    every text that is read: é is the same word however it was typed. Chapter 08.
    """

    words: tuple[str, ...]
    _numbers: dict[str, int] = field(init=False, compare=False)

    def __init__(self, words: Iterable[str]) -> None:
        checked = tuple(map(_nfc, _strings("words", words, 'Vocabulary(["bad", "good"])')))
        numbers: dict[str, int] = {}
        for number, word in enumerate(checked):
            if word.split() != [word]:
                raise ValueError(f"words: expected words without blanks, got {_short(word)} at place {number}")
            if word in numbers:
                raise ValueError(f"words: expected distinct words, got {_short(word)} twice")
            numbers[word] = number
        if not checked:
            raise ValueError("words: expected at least one word, got none")
        object.__setattr__(self, "words", checked)  # the way past `frozen`, for the one place that may
        object.__setattr__(self, "_numbers", numbers)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Vocabulary:
        """The words of all texts, split at blanks and sorted: the order of the texts does not matter.

        No word at all is a ValueError; one str alone is a TypeError.
        """
        checked = _strings("texts", texts, "Vocabulary.from_texts([text])")
        if not checked:
            raise ValueError("texts: expected at least one text, got none")
        return cls(sorted({word for text in checked for word in _nfc(text).split()}))

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and _nfc(word) in self._numbers

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self.words):  # no counting from the end: -1 is more often a mistake
            raise IndexError(f"number: expected 0 to {len(self.words) - 1}, got {number}")
        return self.words[number]

    def __repr__(self) -> str:
        shown = ", ".join(map(_short, self.words[:3]))
        return f"Vocabulary({len(self)} words: {shown}{', ...' if len(self) > 3 else ''})"

    def index(self, word: str) -> int:
        """The number of a word; an unknown word is a ValueError that names the nearest known ones."""
        if not isinstance(word, str):
            raise TypeError(f"word: expected a str, got {type(word).__name__}")
        number = self._numbers.get(_nfc(word))
        if number is None:
            raise ValueError(self._no_such(word))
        return number

    def unknown(self, text: str) -> tuple[str, ...]:
        """The words of a text that have no number, each once, as they are read; () where all are known."""
        if not isinstance(text, str):
            raise TypeError(f"text: expected one str, got {type(text).__name__}")
        return tuple(dict.fromkeys(word for word in _nfc(text).split() if word not in self._numbers))

    def encode(self, text: str) -> IdArray:
        """One text -> (T,), the number of each word. An unknown word or an empty text is a ValueError."""
        if not isinstance(text, str):
            raise TypeError(f"text: expected one str, got {type(text).__name__}; for several write pad(texts)")
        return self._flat([text])[0]

    def decode(self, ids: ArrayLike) -> str:
        """(T,) numbers -> the text. A padded column ends at its length: `v.decode(ids[:lengths[b], b])`.

        A number that is not 0 to V-1, or another shape, is a ValueError; one that is not whole, a TypeError.
        """
        numbers = np.asarray(ids)
        if numbers.ndim != 1:
            raise ValueError(f"ids: expected (T,), got {numbers.shape}; one of a batch is ids[:lengths[b], b]")
        if numbers.dtype.kind not in "iu" and numbers.size:
            raise TypeError(f"ids: expected whole numbers, got dtype {numbers.dtype}")
        outside = numbers[(numbers < 0) | (numbers >= len(self))]
        if outside.size:
            raise ValueError(f"ids: expected 0 to {len(self) - 1}, got {outside[0]}")
        return " ".join(self.words[number] for number in numbers.tolist())

    def pad(self, texts: Iterable[str]) -> tuple[IdArray, IdArray]:
        """B texts -> numbers (T, B), time first, and lengths (B,); T is the longest text.

        Places past the end of a text hold 0. That is the number of a word too: `lengths` says where a text
        ends. An unknown word, an empty text or no text at all is a ValueError; one str alone is a TypeError.
        """
        flat, lengths = self._flat(_strings("texts", texts, "pad([text])"))
        step, column = _places(lengths)
        ids = np.zeros((int(lengths.max()), len(lengths)), dtype=np.intp)
        ids[step, column] = flat
        return ids, lengths

    def one_hot(self, texts: Iterable[str], dtype: DTypeLike = np.float64) -> tuple[NDArray[Any], IdArray]:
        """B texts -> x (T, B, V), time first, and lengths (B,).

        `x[t, b]` is 1 at the number of word t of text b and 0 elsewhere; past the end of a text it is all 0.
        Errors as in `pad`; a dtype that is not floating is a TypeError.
        """
        try:
            floating = np.dtype(dtype).kind == "f"
        except TypeError:
            floating = False
        if not floating:
            raise TypeError(
                f"dtype: expected a floating type such as float64, got {getattr(dtype, '__name__', repr(dtype))}"
            )
        flat, lengths = self._flat(_strings("texts", texts, "one_hot([text])"))
        step, column = _places(lengths)
        x = np.zeros((int(lengths.max()), len(lengths), len(self)), dtype=dtype)
        x[step, column, flat] = 1
        return x, lengths

    def _flat(self, texts: list[str]) -> tuple[IdArray, IdArray]:
        """The numbers of all words of all texts in a row (N,), and the length of each text (B,)."""
        if not texts:
            raise ValueError("texts: expected at least one text, got none")
        split = [_nfc(text).split() for text in texts]
        lengths = np.fromiter(map(len, split), dtype=np.intp, count=len(split))
        if not lengths.all():
            number = int(lengths.argmin())
            where = f" at place {number}" if len(texts) > 1 else ""
            raise ValueError(f"text: expected at least one word, got {_short(texts[number])}{where}")
        try:
            numbers = map(self._numbers.__getitem__, chain.from_iterable(split))
            return np.fromiter(numbers, dtype=np.intp, count=int(lengths.sum())), lengths
        except KeyError as missing:
            word = missing.args[0]
        text = next(text for text, words in zip(texts, split, strict=True) if word in words)
        raise ValueError(self._no_such(word, text))

    def _no_such(self, word: str, text: str = "") -> str:
        """The sentence about an unknown word."""
        near = get_close_matches(word[:40].lower(), self.words)
        hint = f"the nearest known: {', '.join(map(_short, near))}" if near else "no known word is near"
        return f"unknown word {_short(word)}{f' in {_short(text)}' if text else ''}; {hint}"


def _nfc(text: str) -> str:
    """A letter and its marks as one character, where Unicode has it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _places(lengths: IdArray) -> tuple[IdArray, IdArray]:
    """For each word of all texts in a row: its step t and its text b."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) - np.repeat(starts, lengths), np.repeat(np.arange(len(lengths)), lengths)


def _strings(name: str, values: Iterable[str], example: str) -> list[str]:
    """The values as a list of str; one str alone would be read letter by letter, so it is refused."""
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name}: expected a list of str, got one {type(values).__name__}; write {example}")
    if not isinstance(values, Iterable):
        raise TypeError(f"{name}: expected a list of str, got {type(values).__name__}")
    checked = list(values)
    for number, value in enumerate(checked):
        if not isinstance(value, str):
            raise TypeError(f"{name}: expected a list of str, got {type(value).__name__} at place {number}")
    return checked


def _short(text: str) -> str:
    """A text in quotes, cut where it is long: errors stay readable."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
