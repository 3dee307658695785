"""Word vectors that somebody else has learned: a text file (GloVe, word2vec) as rows for `Embedding`. Chapter 08."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .encoding import text_lines
from .given import a_file, a_whole
from .text import short
from .vocabulary import Vocabulary

__all__ = ["WordVectors", "load_word_vectors"]

LOOKED_AT = 50  # lines, to find out how many numbers a row has
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True, repr=False)
class WordVectors:
    """vectors (V, D), a row for each word of the vocabulary, for `Embedding(V, D, vectors=found.vectors)`.

    found (V,): which rows stood in the file; the others are random, as large as those that were found. lower: how many
    of them stood there in lower case only. rows: how many the file has. `print(found.report)` says all that.
    """

    path: str
    vectors: NDArray[np.float64]
    found: NDArray[np.bool_]
    vocabulary: Vocabulary
    rows: int
    lower: int

    def __repr__(self) -> str:
        return f"WordVectors({int(self.found.sum())} of {len(self.found)} words found, D={self.vectors.shape[1]})"

    @property
    def missing(self) -> tuple[str, ...]:
        """The words without a vector in the file."""
        return tuple(word for word, here in zip(self.vocabulary, self.found, strict=True) if not here)

    @property
    def report(self) -> str:
        """How many words were found, in words."""
        said = [
            f"{Path(self.path).name}: {self.rows:,} vectors of {self.vectors.shape[1]} numbers",
            f"  found          {int(self.found.sum()):,} of {len(self.found):,} words ({self.found.mean():.1%})",
        ]
        if self.lower:
            said.append(f"  of these       {self.lower:,} in lower case only")
        if self.missing:
            more = ", ..." if len(self.missing) > 8 else ""
            said.append(f"  random         {len(self.missing):,}: {', '.join(self.missing[:8])}{more}")
        return "\n".join(said)


def load_word_vectors(
    path: str | os.PathLike[str],
    vocabulary: Vocabulary,
    *,
    size: int | None = None,
    seed: int = 0,
    encoding: str | None = None,
) -> WordVectors:
    """Read the vectors of the words of a vocabulary from a text file: a word and its D numbers on each line.

        the 0.418 0.24968 -0.41242           GloVe
        400000 50                            word2vec: a first line with the number of rows and D

    size: D. None takes it from the file: from the first line of word2vec, or from what most of the first lines
    have (words may have blanks inside: ". . . 0.3 0.1 0.2"; the numbers are the last D columns). A word that stands
    there in lower case only gets that vector. A word that is not there gets random numbers with the spread of those
    that are, drawn by `seed`. Of a word that stands there twice the first row counts. Rows of other words are
    checked and not kept: the file is read line by line, so that it may be large.

    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does. ValueError, with the line, for a row
    that has another width, what is no number, and NaN or infinity; for a file that has none of the words, or fewer
    rows than it says. Chapter 08.
    """
    path = a_file(path)
    a_whole("seed", seed, 0)
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError(f"vocabulary: expected a Vocabulary, got {type(vocabulary).__name__}")
    promised, D = _form(path, encoding)
    D = a_whole("size", D if size is None else size)
    vectors = np.zeros((len(vocabulary), D))
    exact, small, rows = set[int](), set[int](), 0
    spelled: dict[str, list[int]] = {}
    for place, word in enumerate(vocabulary):
        spelled.setdefault(word.lower(), []).append(place)
    for number, line in enumerate(text_lines(path, encoding=encoding), start=1):
        if not line.strip() or (number == 1 and promised is not None):
            continue
        word, row = _row(path, number, line, D)
        rows += 1
        same = {vocabulary.index(word)} - exact if word in vocabulary else set[int]()
        other = set(spelled.get(word, ())) - exact - small - same  # Paris, where the file has paris
        vectors[list(same | other)] = row
        exact |= same
        small = (small | other) - same
    if promised not in (None, rows):
        raise ValueError(f"{path}: expected {promised:,} rows, as line 1 says, got {rows:,}: the file is not complete")
    found = np.isin(np.arange(len(vocabulary)), list(exact | small))
    if not found.any():
        raise ValueError(
            f"{path}: expected vectors for words such as {short(vocabulary[len(vocabulary) - 1])}, got none"
        )
    spread = float(vectors[found].std()) or 1.0
    vectors[~found] = np.random.default_rng(seed).normal(0, spread, (int((~found).sum()), D))
    return WordVectors(str(path), vectors, found, vocabulary, rows, len(small))


def _form(path: Path, encoding: str | None) -> tuple[int | None, int]:
    """How many rows the first line promises (None where it is a row itself), and D."""
    first = list(islice((line for line in text_lines(path, encoding=encoding) if line.strip()), LOOKED_AT))
    if not first:
        raise ValueError(f"{path}: expected a word and its numbers on each line, got no line with text")
    head = first[0].split()
    if len(head) == 2 and all(piece.isascii() and piece.isdigit() for piece in head):
        return int(head[0]), int(head[1])
    widths = Counter(_numbers_at_end(_columns(line)) for line in first)
    return None, widths.most_common(1)[0][0]


def _columns(line: str) -> list[str]:
    """The columns of a line. Only blanks and tabs part them: any other space may be a word of the file."""
    return line.replace("\t", " ").rstrip(" ").split(" ")


def _numbers_at_end(columns: list[str]) -> int:
    """How many columns at the end are numbers; the first one is the word, whatever it is."""
    count = 0
    while count < len(columns) - 1 and NUMBER.fullmatch(columns[-1 - count]):
        count += 1
    return count


def _row(path: Path, number: int, line: str, D: int) -> tuple[str, list[float]]:
    """The word and the D numbers of a line, checked."""
    columns = _columns(line)
    words, numbers = columns[:-D], columns[-D:]
    word = " ".join(words)
    if not words or (len(words) > 1 and NUMBER.fullmatch(words[-1])):
        count = _numbers_at_end(columns)
        raise ValueError(f"{path}, line {number}: expected a word and {D} numbers, got {count} numbers: {short(line)}")
    try:
        row = list(map(float, numbers))
    except ValueError:
        bad = next(piece for piece in numbers if not NUMBER.fullmatch(piece))
        raise ValueError(
            f"{path}, line {number}: expected a word and {D} numbers, got {short(bad)} in the row of {short(word)}"
        ) from None
    if not all(map(isfinite, row)):
        bad = next(piece for piece, value in zip(numbers, row, strict=True) if not isfinite(value))
        raise ValueError(f"{path}, line {number}: expected finite numbers, got {bad} in the row of {short(word)}")
    return word, row
