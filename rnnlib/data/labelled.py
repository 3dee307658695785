"""Labelled sentences as arrays: what `fit` takes, and how a new sentence is read in the same way. Chapter 08."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .given import places, texts
from .loading import CLASSES
from .report import ReadingReport
from .stored import IntArray
from .text import TOKENIZERS, UNKNOWN, short, tokens
from .vocabulary import Vocabulary

__all__ = ["LabelledSentences", "LabelledSet", "cut", "encode_sentences", "known_tokens", "padded_ids"]

Split = Callable[[str], list[str]]


@dataclass(frozen=True, repr=False)
class LabelledSet:
    """B sentences. They unpack as x, y, lengths: `fit(model, *part, ...)` and `model.batch(*part)` work.

    texts: the sentences as they stand in the file. x: (T, B) the number of each word, as `Embedding` reads it; 0 is
    `<unk>`, and the padding. y: (B,) the class, 0..K-1; 0 negative, 1 positive where the file says 0 and 1. lengths:
    (B,) words. lines: (B,) line numbers in the file. classes: the names of the K classes.
    """

    texts: tuple[str, ...]
    x: NDArray[np.int32]
    y: IntArray
    lengths: IntArray
    lines: IntArray
    classes: tuple[str, ...] = CLASSES

    def __iter__(self) -> Iterator[NDArray[np.signedinteger]]:
        return iter((self.x, self.y, self.lengths))

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        counts = [f"{count} {name}" for count, name in zip(self.counts, self.classes, strict=True)]
        return f"LabelledSet({len(self)} sentences, {', '.join(counts[1:] if len(counts) == 2 else counts)})"

    @property
    def counts(self) -> tuple[int, ...]:
        """How many sentences each class has, (K,)."""
        return tuple(np.bincount(self.y, minlength=len(self.classes)).tolist())

    def take(self, chosen: ArrayLike) -> LabelledSet:
        """The chosen sentences, by their numbers 0..B-1; time is cut to the longest of them."""
        at = places("chosen", chosen, len(self))
        lengths = self.lengths[at]
        x = self.x[: int(lengths.max(initial=0)), at]
        texts = tuple(self.texts[b] for b in at.tolist())
        return LabelledSet(texts, x, self.y[at], lengths, self.lines[at], self.classes)


@dataclass(frozen=True, repr=False)
class LabelledSentences:
    """train, test: `LabelledSet`. vocabulary: "<unk>", then the words of the training sentences, sorted. report: what
    became of every line."""

    train: LabelledSet
    test: LabelledSet
    vocabulary: Vocabulary
    report: ReadingReport

    def __repr__(self) -> str:
        return f"LabelledSentences({len(self.train)} to learn from, {len(self.test)} for the test, {self.vocabulary!r})"

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the labels 0..K-1."""
        return self.report.classes

    def split(self, sentence: str) -> list[str]:
        """The words (or characters) of a sentence that are read: at most `longest`, from the end that is kept."""
        return cut(TOKENIZERS[self.report.by](sentence), self.report.longest, self.report.keep)

    def words(self, sentence: str) -> list[str]:
        """A sentence as the network reads it: cut as the training sentences are, with "<unk>" for each unknown word.

        A sentence without any word is a ValueError.
        """
        return known_tokens(sentence, self.vocabulary, self.split)

    def encode(self, sentences: Iterable[str]) -> tuple[NDArray[np.int32], IntArray]:
        """New sentences -> numbers (T, B) and lengths (B,), for `model.predict(*data.encode([...]))`.

        Unknown words become "<unk>". ValueError for a sentence without any word and for none at all; TypeError for one
        str alone.
        """
        return encode_sentences(sentences, self.vocabulary, self.split)


def cut(words: list[str], longest: int, keep: str) -> list[str]:
    """At most `longest` words: the first ones, or with keep="end" the last."""
    return words[:longest] if keep == "start" else words[-longest:]


def known_tokens(sentence: str, vocabulary: Vocabulary, split: Split = tokens) -> list[str]:
    """The words of a sentence, with "<unk>" for each that the vocabulary does not have."""
    found = [word if word in vocabulary else UNKNOWN for word in split(sentence)]
    if not found:
        raise ValueError(f"sentence: expected at least one word, got {short(sentence)}")
    return found


def encode_sentences(
    sentences: Iterable[str], vocabulary: Vocabulary, split: Split = tokens
) -> tuple[NDArray[np.int32], IntArray]:
    """Sentences as numbers (T, B), time first, and lengths (B,); see `LabelledSentences.encode`."""
    words = [known_tokens(sentence, vocabulary, split) for sentence in texts("sentences", sentences, "sentence")]
    if not words:
        raise ValueError("sentences: expected at least one, got none")
    return padded_ids([[vocabulary.index(word) for word in row] for row in words])


def padded_ids(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], IntArray]:
    """B rows of word numbers as (T, B), 0 in the padding, and their lengths (B,)."""
    lengths = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
    x = np.zeros((int(lengths.max()), len(rows)), dtype=np.int32)
    for b, row in enumerate(rows):
        x[: len(row), b] = row
    return x, lengths
