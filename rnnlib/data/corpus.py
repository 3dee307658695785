"""Your own text, to write on from: a file becomes a row of symbols, as a language model reads it. Chapter 09."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from .encoding import read_text
from .given import a_flag, a_share, a_whole, known
from .stored import Examples, IntArray
from .symbols import Symbols
from .text import UNKNOWN, letters, long_words, short, words_and_signs

__all__ = ["Corpus", "load_text"]

LARGEST = 20_000_000  # bytes; more than a network of this library reads in a night
ENOUGH = 100  # symbols in the test part, for bits that mean something
SMOOTHING = 0.1  # what each count begins with, so that nothing is impossible


@dataclass(frozen=True, repr=False)
class Corpus:
    """A text in numbers. train (N,), test (M,): its first part, to learn from, and the rest.

    symbols: the characters or words of the training part, with "<unk>" for all others. path: the file. long_lines: how
    many lines are one long "word", for want of blanks. `print(corpus.report)` says what was read.
    """

    path: str
    train: IntArray
    test: IntArray
    symbols: Symbols
    long_lines: int = 0

    def __repr__(self) -> str:
        unit = self.symbols.by
        return (
            f"Corpus({len(self.train):,} {unit} to learn from, {len(self.test):,} for the test, K={len(self.symbols)})"
        )

    @property
    def report(self) -> str:
        """What was read, in words, with the floor that a network has to beat."""
        unit, known = self.symbols.by, len(self.symbols) - 2
        said = [
            f"{Path(self.path).name}: {len(self.train) + len(self.test):,} {unit}, {known:,} different ones",
            f"  to learn from  the first {len(self.train):,}: {short(self.decode(self.train[:40]))}",
        ]
        if len(self.test):
            unknown = float((self.test == 0).mean())
            said.append(f"  for the test   the last {len(self.test):,}; {unknown:.1%} of them are {UNKNOWN}")
        if len(self.test) >= ENOUGH:
            floor = ", ".join(f"{name} {bits:.2f}" for name, bits in self.floor().items())
            said.append(f"  bits for each  {floor}")
        if self.long_lines:
            said.append(
                f'  note           {self.long_lines:,} lines are one long "word": by="characters" reads letters'
            )
        return "\n".join(said)

    def encode(self, text: str) -> IntArray:
        """A prompt as (S,) numbers, read as the file was; what is unknown is 0, "<unk>". ValueError if empty."""
        numbers = self.symbols.encode(text)
        if not len(numbers):
            raise ValueError(f"text: expected at least one of the {self.symbols.by}, got {short(text)}")
        return numbers

    def unknown(self, text: str) -> tuple[str, ...]:
        """What of a prompt is "<unk>" to the network, each once."""
        known = set(self.symbols.characters)
        return tuple(dict.fromkeys(piece for piece in self.symbols.split(text) if piece not in known))

    def decode(self, numbers: ArrayLike) -> str:
        """(S,) numbers -> text, up to the end symbol if there is one."""
        return self.symbols.decode(numbers)

    def stream(self, batch: int, part: str = "train") -> Examples:
        """The text as `batch` long pieces side by side, for a many-to-many model that says what comes next.

        x (T, B) symbols, y (T, B) the symbol after each: what stands in column b goes on from step to step, so a model
        that is trained with a window keeps its state from one window to the next. What does not fill a row is left out.
        ValueError where the text is shorter than `batch` + 1 symbols.
        """
        row = self._part(part)
        if not isinstance(batch, int) or batch < 1 or len(row) <= batch:
            raise ValueError(f"batch: expected 1 to {len(row) - 1} for {len(row)} {self.symbols.by}, got {batch!r}")
        T = (len(row) - 1) // batch
        x, y = (row[start : start + T * batch].reshape(batch, T).T for start in (0, 1))
        return Examples(np.ascontiguousarray(x), np.ascontiguousarray(y))

    def lines(self, part: str = "train") -> tuple[IntArray, IntArray]:
        """Each line as a text of its own, closed by the end symbol, for `OneToMany`: y (S, B) and lengths (B,).

        Empty lines are left out. ValueError where no line is left.
        """
        row, end = self._part(part), self.symbols.end
        at = [k for k, piece in enumerate(self.symbols.characters) if piece == "\n"]
        cuts = np.flatnonzero(np.isin(row, at))
        found = [piece[~np.isin(piece, at)] for piece in np.split(row, cuts)]
        kept = [np.append(piece, end) for piece in found if len(piece)]
        if not kept:
            raise ValueError(f"part: expected lines in the {part} part, got none")
        lengths = np.array([len(piece) for piece in kept], dtype=np.intp)
        y = np.zeros((int(lengths.max()), len(kept)), dtype=np.intp)
        for b, piece in enumerate(kept):
            y[: len(piece), b] = piece
        return y, lengths

    def floor(self) -> dict[str, float]:
        """Bits for each symbol of the test part without a network: the numbers to beat.

        "all alike": log2 of how many symbols there are; "unigrams": how frequent each one is; "bigrams": which one
        stands before it. Counts of the training part, each 0.1 more than it was. -mean(log2 p). Chapter 09.
        """
        K, before = len(self.symbols) - 1, np.concatenate([self.train[-1:], self.test[:-1]])
        one = np.bincount(self.train, minlength=K) + SMOOTHING
        pairs = Counter(zip(self.train[:-1].tolist(), self.train[1:].tolist(), strict=True))
        together = np.array([pairs[pair] for pair in zip(before.tolist(), self.test.tolist(), strict=True)])
        starts = np.bincount(self.train[:-1], minlength=K)[before]
        two = (together + SMOOTHING) / (starts + SMOOTHING * K)
        bits = {"all alike": float(np.log2(K)), "unigrams": float(-np.log2(one / one.sum())[self.test].mean())}
        return bits | {"bigrams": float(-np.log2(two).mean())}

    def _part(self, part: str) -> IntArray:
        known("part", part, ("train", "test"))
        return self.train if part == "train" else self.test


def load_text(
    path: str | os.PathLike[str],
    *,
    by: str = "characters",
    lower: bool = False,
    least: int = 1,
    test_share: float = 0.1,
    encoding: str | None = None,
) -> Corpus:
    r"""Read a text file for a network that is to write on: as characters, or as words and signs.

    UTF-8 and UTF-16 as `text_lines` reads them; `encoding` names another one. Lines stay: "\n" is a symbol like others.
    by: "characters", letters of any script with their marks; or "words", words, numbers, signs of punctuation and ends
    of lines, each a symbol (a Chinese character is a word). lower: whether all becomes lower case. least: a symbol
    needs so many places in the training part to get a number; all others are "<unk>". test_share: the last part of the
    text is kept for the test; 0 keeps none.

    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does. ValueError for a file that is no such
    text, one with fewer than two symbols, and options out of range. Chapter 09.
    """
    known("by", by, ("characters", "words")), a_share("test_share", test_share, none=True)
    a_whole("least", least), a_flag("lower", lower)
    text = read_text(path, encoding=encoding, largest=LARGEST).strip("\n")
    pieces = (letters if by == "characters" else words_and_signs)(text.lower() if lower else text)
    kept = len(pieces) - int(test_share * len(pieces))
    counts = Counter(pieces[:kept])
    found = sorted(piece for piece, count in counts.items() if count >= least and piece != UNKNOWN)
    if kept < 2 or not text.strip() or not found:
        raise ValueError(f"{path}: expected a text of at least two {by}, got {short(text)}")
    symbols = Symbols((UNKNOWN, *found), by)
    numbers = {piece: number for number, piece in enumerate(symbols.characters)}
    row = np.array([numbers.get(piece, 0) for piece in pieces], dtype=np.intp)
    long = long_words([words_and_signs(line) for line in text.split("\n")]) if by == "words" else 0
    return Corpus(str(path), row[:kept], row[kept:], symbols, long)
