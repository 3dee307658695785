"""Your own tagged words: a file with a word and its tag on each line (CoNLL) becomes what `fit` takes. Chapter 05."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .encoding import text_lines
from .given import a_file, a_flag, a_list, a_share, a_whole, places, texts
from .stored import IntArray, padded
from .text import UNKNOWN, short
from .vocabulary import Vocabulary

__all__ = ["TaggedSentences", "TaggedSet", "load_tagged_words"]

DOCUMENT = "-DOCSTART-"
RANGE = re.compile(r"\d+[-.]\d+")  # CoNLL-U: 1-2 is a word that is taken apart in the lines after it


class Sentence(NamedTuple):
    """One sentence of a file: its words, their tags, the number of its first line."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True, repr=False)
class TaggedSet:
    """B sentences. They unpack as x, y, lengths: `fit(model, *part, ...)` and `model.batch(*part)` work.

    words: the sentences as they stand in the file, word by word. x: (T, B) the number of each word, as `Embedding`
    reads it; 0 is "<unk>", and the padding. y: (T, B) the number of each tag, 0 in the padding. lengths: (B,) words.
    lines: (B,) where each sentence begins in the file.
    """

    words: tuple[tuple[str, ...], ...]
    x: IntArray
    y: IntArray
    lengths: IntArray
    lines: IntArray

    def __iter__(self) -> Iterator[IntArray]:
        return iter((self.x, self.y, self.lengths))

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return f"TaggedSet({len(self)} sentences, {int(self.lengths.sum())} words)"


@dataclass(frozen=True, repr=False)
class TaggedSentences:
    """train, test: `TaggedSet`. vocabulary: "<unk>", then words of the training sentences, sorted. tags: the names of
    the tags 0..K-1, "O" first, the rest sorted. lower: whether words are read in lower case. repeated: the lines at
    which sentences begin that repeat an earlier one; they are left out, so that none stands on both sides. rare: tags
    that no training sentence has. `print(data.report)` says all that.
    """

    train: TaggedSet
    test: TaggedSet
    vocabulary: Vocabulary
    tags: tuple[str, ...]
    path: str
    lower: bool
    repeated: tuple[int, ...]
    rare: tuple[str, ...]

    def __repr__(self) -> str:
        return f"TaggedSentences({len(self.train)} to learn from, {len(self.test)} for the test, {len(self.tags)} tags)"

    @property
    def report(self) -> str:
        """What was read, in words, with the share of the most frequent tag: the floor of every accuracy."""
        true = np.arange(len(self.test.y))[:, None] < self.test.lengths
        counts = np.bincount(self.test.y[true], minlength=len(self.tags))
        said = [
            f"{Path(self.path).name}: {len(self.train) + len(self.test):,} sentences",
            f"  to learn from  {len(self.train):,} ({int(self.train.lengths.sum()):,} words)",
            f"  for the test   {len(self.test):,} ({int(self.test.lengths.sum()):,} words)",
            f"  tags           {', '.join(self.tags)}",
            f"  vocabulary     {len(self.vocabulary) - 1:,} words; the rest is {UNKNOWN}, as is "
            f"{float((self.test.x[true] == 0).mean()):.1%} of the test's words",
            f"  floor          always {self.tags[int(counts.argmax())]}: {counts.max() / counts.sum():.1%} of the "
            "test's words",
        ]
        if self.repeated:
            shown = ", ".join(map(str, self.repeated[:5])) + (", ..." if len(self.repeated) > 5 else "")
            said.append(f"  left out       {len(self.repeated):,} repeated sentences (at lines {shown})")
        if self.rare:
            said.append(f"  note           only the test has: {', '.join(self.rare)}")
        return "\n".join(said)

    def encode(self, sentences: Iterable[Sequence[str] | str]) -> tuple[IntArray, IntArray]:
        """New sentences, each a list of words or a str with blanks between them -> x (T, B) and lengths (B,).

        Unknown words become "<unk>". ValueError for no sentence, and for one without words; TypeError for one str.
        """
        given = a_list("sentences", sentences, "sentences", "sentence")
        split = [one.split() if isinstance(one, str) else texts("sentences", one) for one in given]
        if not split or not all(split):
            raise ValueError("sentences: expected at least one, each with at least one word")
        return padded([[_number(_key(word, self.lower), self.vocabulary) for word in words] for words in split])

    def names(self, tags: ArrayLike, lengths: ArrayLike) -> list[list[str]]:
        """Tags (T, B) and lengths (B,) -> the names of the tags, sentence by sentence."""
        numbers = np.asarray(tags)
        if numbers.ndim != 2:
            raise ValueError(f"tags: expected (T, B), got {numbers.shape}")
        places("tags", numbers.ravel(), len(self.tags))
        ends = places("lengths", lengths, len(numbers) + 1)
        if len(ends) != numbers.shape[1]:
            raise ValueError(f"lengths: expected ({numbers.shape[1]},), got {ends.shape}")
        return [[self.tags[k] for k in numbers[: ends[b], b].tolist()] for b in range(len(ends))]


def load_tagged_words(
    path: str | os.PathLike[str],
    *,
    word: int = 0,
    tag: int = -1,
    test_share: float = 0.2,
    seed: int = 0,
    least: int = 1,
    lower: bool = False,
    encoding: str | None = None,
) -> TaggedSentences:
    """Read a file with a word and its tag on each line, and an empty line after each sentence (CoNLL), and split it.

        Ada    NNP  B-PER
        saw    VBD  O
        Paris  NNP  B-LOC

    Columns stand apart by tabs, or by blanks; every line has as many. word, tag: their columns, from 0; -1 is the last.
    Lines with -DOCSTART-, and comments ("# text ..."), are skipped; an empty line may hold blanks; the last line needs
    no end. Tags are text, whatever they say. Text is read as `text_lines` reads it.

    test_share, seed: as in `load_labelled_sentences`; sentences are drawn, not words. least: a word needs so many
    places in the training sentences to get a number; all others are "<unk>". 2 teaches the network what to make of
    unknown words. lower: whether words are read in lower case. A sentence that repeats an earlier one, as the network
    reads it and with the same tags, is left out, and so is a test sentence that reads as a training sentence does.

    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does. ValueError, with the line, for a line
    with another number of columns and a column that does not exist; for a file with fewer than two different sentences
    or with one tag alone; for options out of range. Chapter 05.
    """
    a_share("test_share", test_share), a_whole("least", least), a_whole("seed", seed, 0), a_flag("lower", lower)
    a_whole("word", word, -1), a_whole("tag", tag, -1)
    path = a_file(path)
    found = list(_sentences(path, word, tag, encoding))
    names = Counter(name for sentence in found for name in sentence.tags)
    if len(names) < 2:
        raise ValueError(f"{path}: expected at least 2 different tags, got {', '.join(names) or 'no words'}")
    _check_words(path, found, names)
    tags = tuple(sorted(names, key=lambda name: (name != "O", name)))
    sides = _split([tuple(_key(w, lower) for w in sentence.words) for sentence in found], test_share, seed)
    counts = Counter(_key(w, lower) for k in sides[0] for w in found[k].words)
    vocabulary = Vocabulary([UNKNOWN, *sorted(w for w, n in counts.items() if n >= least and w != UNKNOWN)])
    train, test, repeated = _without_repeats(found, sides, vocabulary, lower)
    if not train or not test:
        raise ValueError(f"{path}: expected at least 2 sentences that read differently, got {len(train) + len(test)}")
    learn, ask = (_set([found[k] for k in part], vocabulary, tags, lower) for part in (train, test))
    rare = tuple(name for name in tags if not any(name in found[k].tags for k in train))
    return TaggedSentences(learn, ask, vocabulary, tags, str(path), lower, repeated, rare)


def _sentences(path: Path, word: int, tag: int, encoding: str | None) -> Iterator[Sentence]:
    """The sentences of a file, one after the other."""
    lines = [(number, _columns(line)) for number, line in enumerate(text_lines(path, encoding=encoding), start=1)]
    lines = [(number, columns) for number, columns in lines if not columns[0].startswith(DOCUMENT)]
    widths = Counter(len(columns) for _, columns in lines if columns != [""])
    width = widths.most_common(1)[0][0] if widths else 0
    words: list[str] = []
    tags: list[str] = []
    start = 0
    for number, columns in lines:
        if columns == [""]:
            if words:
                yield Sentence(tuple(words), tuple(tags), start)
            words, tags = [], []
        elif columns[0] != "#" or len(columns) == width:  # any other line with # alone is a comment
            _check_columns(path, number, columns, width, word, tag)
            if width == 10 and RANGE.fullmatch(columns[0]):
                continue
            start = start if words else number
            words.append(columns[word])
            tags.append(columns[tag])
    if words:
        yield Sentence(tuple(words), tuple(tags), start)


def _columns(line: str) -> list[str]:
    """The columns of a line, parted by tabs or else by blanks; [""] for an empty one. No other space parts: it may be a
    word, as in Chinese files."""
    if "\t" in line.strip("\t "):
        columns = [column.strip(" ") for column in line.rstrip("\t ").split("\t")]
        return columns if not columns[0].startswith("# ") else ["#", *columns]
    return re.split("[\t ]+", line.strip("\t "))


def _check_columns(path: Path, number: int, columns: list[str], width: int, word: int, tag: int) -> None:
    if width < 2:
        raise ValueError(f"{path}, line {number}: expected a word and its tag, got one column: {short(columns[0])}")
    if len(columns) != width:
        got = f"got {len(columns)}: {short(' '.join(columns))}"
        raise ValueError(f"{path}, line {number}: expected {width} columns, as most lines have, {got}")
    for name, place in (("word", word), ("tag", tag)):
        if not -width <= place < width:
            raise ValueError(f"{name}: expected a column from 0 to {width - 1}, got {place} (line {number} of {path})")
    if word % width == tag % width:
        raise ValueError(f"word, tag: expected two columns, got {word} and {tag} (line {number} of {path})")
    if not columns[word] or not columns[tag]:
        raise ValueError(f"{path}, line {number}: expected a word and its tag, got an empty column: {short(columns)}")


def _check_words(path: Path, found: list[Sentence], names: Counter[str]) -> None:
    """Whether the columns can be meant: words that are more than their numbers, and tags that come again."""
    count = sum(map(len, (sentence.words for sentence in found)))
    if (
        count > 3
        and all(sentence.words[0] == "1" for sentence in found)
        and all(word.isdigit() for sentence in found for word in sentence.words)
    ):
        raise ValueError(
            f"{path}, line {found[0].line}: expected words, got numbers; name the columns, in CoNLL-U word=1, tag=3"
        )
    if len(names) > max(20, count / 3):
        raise ValueError(
            f"{path}: expected tags that come again, got {len(names):,} different ones for {count:,} words; "
            "name the column of the tags, tag=..."
        )


def _key(word: str, lower: bool) -> str:
    """A word as the vocabulary has it: blanks inside become _."""
    return "_".join((word.lower() if lower else word).split()) or "_"


def _number(word: str, vocabulary: Vocabulary) -> int:
    return vocabulary.index(word) if word in vocabulary else 0


def _split(sentences: Sequence[tuple[str, ...]], share: float, seed: int) -> tuple[list[int], list[int]]:
    """The numbers of the training and the test sentences; those with the same words are on the same side."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for k, words in enumerate(sentences):
        groups.setdefault(words, []).append(k)
    order = list(groups.values())
    drawn = np.random.default_rng(seed).permutation(len(order))
    count = min(max(1, round(share * len(order))), max(0, len(order) - 1))
    chosen = set(drawn[:count].tolist())
    sides: tuple[list[int], list[int]] = ([], [])
    for k, group in enumerate(order):
        sides[k in chosen].extend(group)
    return sorted(sides[0]), sorted(sides[1])


def _without_repeats(
    found: list[Sentence], sides: tuple[list[int], list[int]], vocabulary: Vocabulary, lower: bool
) -> tuple[list[int], list[int], tuple[int, ...]]:
    """What stays of both sides, as the network reads it, and the lines of what goes.

    Of sentences with the same numbers and the same tags the first one stays. A test sentence with the numbers of a
    training sentence goes, whatever its tags.
    """
    seen: set[tuple[object, ...]] = set()
    learned: set[tuple[int, ...]] = set()
    kept: tuple[list[int], list[int]] = ([], [])
    repeated = []
    for side, part in enumerate(sides):
        for k in part:
            row = tuple(_number(_key(word, lower), vocabulary) for word in found[k].words)
            if (row, found[k].tags) in seen or (side == 1 and row in learned):
                repeated.append(found[k].line)
                continue
            seen.add((row, found[k].tags))
            if side == 0:
                learned.add(row)
            kept[side].append(k)
    return kept[0], kept[1], tuple(sorted(repeated))


def _set(sentences: list[Sentence], vocabulary: Vocabulary, tags: tuple[str, ...], lower: bool) -> TaggedSet:
    numbers = {name: number for number, name in enumerate(tags)}
    x, lengths = padded([[_number(_key(word, lower), vocabulary) for word in s.words] for s in sentences])
    y: NDArray[np.intp] = padded([[numbers[name] for name in s.tags] for s in sentences])[0]
    lines = np.array([sentence.line for sentence in sentences], dtype=np.intp)
    return TaggedSet(tuple(sentence.words for sentence in sentences), x, y, lengths, lines)
