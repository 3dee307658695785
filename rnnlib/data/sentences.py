"""Your own sentences, each with its label: a file of sentences and classes becomes what `fit` takes. Chapter 08."""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from .labelled import LabelledSentences, LabelledSet, cut, encode_sentences, known_tokens, padded_ids
from .report import ReadingReport
from .stored import IntArray
from .table import LABELS, BadLine, Column, Labels, labelled_rows, named_labels
from .text import TOKENIZERS, UNKNOWN, long_words, short, tokens
from .vocabulary import Vocabulary

__all__ = [
    "UNKNOWN",
    "BadLine",
    "LabelledSentences",
    "LabelledSet",
    "ReadingReport",
    "encode_sentences",
    "known_tokens",
    "load_labelled_sentences",
    "tokens",
]

MANY = 0.1  # of the lines: so many that cannot be read are no accident


def load_labelled_sentences(
    path: str | os.PathLike[str],
    *,
    test_share: float = 0.2,
    seed: int = 0,
    least: int | None = None,
    longest: int = 100,
    keep: str = "start",
    by: str = "words",
    classes: Sequence[str] | None = None,
    columns: tuple[Column, Column] | None = None,
    encoding: str | None = None,
) -> LabelledSentences:
    r"""Read a file with a sentence and its label on each line, and split it: to learn from, and for the test.

        The food was cold and late.<TAB>0          text,sentiment
        I would go there again!<TAB>1              "Good, but slow",neutral

    Tab, comma or semicolon (CSV, quotes as in CSV); label last or first; with or without a header. Labels: words, or
    whole numbers; 0 and 1 are called negative and positive. The classes are numbered 0..K-1, numbers by value, words by
    alphabet, and `report` names them; marks such as 1 to 5 stars are five classes, and that 4 is near 5 nobody tells
    the network. UTF-8 and UTF-16 as `text_lines` reads them. Nothing in the file is run.

    test_share: how much is kept for the test, the same share of each class. seed: of the random split; the same file
    and seed give the same split. least: a word needs so many training sentences to get a number; all others are
    "<unk>", in training too, so that a network learns what to make of an unknown word. None is 2, or 1 where with 2
    more than a tenth of the sentences would read as another one. Only training sentences make the vocabulary. longest,
    keep: a sentence is read up to so many words, from its "start" or to its "end". by: "words" (`tokens`), or
    "characters" for scripts without blanks. classes: the names of the classes in their order (for numbers: of 0, 1,
    ...). columns: where there are more than two, sentence and label, by name or number from 0. encoding: of a file
    that is not UTF-8, such as "cp1252".

    No sentence stands on both sides of the split: one that reads as an earlier one does is left out, and so are all
    that read alike and have different labels. Lines that cannot be read are left out too, and so is a label that stands
    on one line alone. `report` has their numbers.

    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does. ValueError where it is not plain what
    is meant, for a file that is no such text, for more than a tenth of bad lines, for fewer than two different
    sentences of a class, and for options out of range. Chapter 08.
    """
    _check_options(test_share, seed, least, longest, keep, by)
    reading = _read(Path(path), longest, keep, by, classes, columns, encoding)
    train, test = _split(reading, test_share, np.random.default_rng(seed))
    view = _as_read(reading, train, test, 2 if least is None else least)
    spared = 0
    if least is None and len(view.repeated) + len(view.both) > MANY * len(reading.texts):
        spared = len(view.repeated) + len(view.both)
        view = _as_read(reading, train, test, 1)
    _check_left(reading, view)
    vocabulary = Vocabulary([UNKNOWN, *sorted(view.known)])
    learn, ask = _set(reading, view.train, vocabulary), _set(reading, view.test, vocabulary)
    return LabelledSentences(learn, ask, vocabulary, _report(reading, view, learn, ask, spared, by))


def _check_options(test_share: float, seed: int, least: int | None, longest: int, keep: str, by: str) -> None:
    if not 0 < test_share < 1:
        raise ValueError(f"test_share: expected a number between 0 and 1, got {test_share}")
    for name, value in (("least", 1 if least is None else least), ("longest", longest)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name}: expected a whole number from 1, got {value!r}")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed: expected a whole number from 0, got {seed!r}")
    for name, value, known in (("keep", keep, ("start", "end")), ("by", by, tuple(TOKENIZERS))):
        if value not in known:
            raise ValueError(f'{name}: expected "{known[0]}" or "{known[1]}", got {value!r}')


# ---- reading


@dataclass
class _Reading:
    """All lines of a file, each where it belongs."""

    path: Path
    longest: int
    keep: str
    labels_of: Labels
    lines: int
    blank: int
    how: str
    header: tuple[str, ...]
    bad: list[BadLine]
    cut: int = 0
    most: int = 0  # words of the longest sentence
    texts: list[str] = field(default_factory=list)
    split: list[tuple[str, ...]] = field(default_factory=list)  # as they are read, after the cut
    labels: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the lines
    again: list[tuple[int, int]] = field(default_factory=list)  # (line, the line of the sentence that it repeats)
    both: list[int] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return self.labels_of.names

    def add(self, line: int, text: str, words: list[str], label: int) -> None:
        self.cut += len(words) > self.longest
        self.most = max(self.most, len(words))
        self.texts.append(text)
        self.split.append(tuple(map(sys.intern, cut(words, self.longest, self.keep))))
        self.labels.append(label)
        self.numbers.append(line)

    def keep_only(self, kept: list[int]) -> None:
        self.texts, self.split = [self.texts[k] for k in kept], [self.split[k] for k in kept]
        self.labels, self.numbers = [self.labels[k] for k in kept], [self.numbers[k] for k in kept]


def _read(
    path: Path,
    longest: int,
    keep: str,
    by: str,
    classes: Sequence[str] | None,
    columns: tuple[Column, Column] | None,
    encoding: str | None,
) -> _Reading:
    rows = labelled_rows(path, encoding, columns)
    labels = named_labels(path, rows.pairs, classes)
    bad = [BadLine(line, why.replace(LABELS, labels.expected, 1)) for line, why in rows.bad]
    reading = _Reading(path, longest, keep, labels, rows.lines, rows.blank, rows.how, rows.header, bad)
    for line, text, label in rows.pairs:
        try:
            words, number = _sentence(text, label, labels, TOKENIZERS[by])
        except ValueError as error:
            reading.bad.append(BadLine(line, str(error)))
        else:
            reading.add(line, text, words, number)
    reading.bad.sort()
    count = len(reading.bad)
    if count > 3 and count > MANY * (count + len(reading.texts)):
        shown = "; ".join(f"line {bad.line}: {bad.why}" for bad in reading.bad[:3])
        raise ValueError(
            f"{path}: expected a sentence and a label on each line, but {count:,} of {reading.lines:,} lines cannot be "
            f"read: {shown}"
        )
    _leave_out_alike(reading)
    return reading


def _sentence(text: str, label: str, labels: Labels, tokenize: Callable[[str], list[str]]) -> tuple[list[str], int]:
    """The words and the class of a row, or a ValueError that says what is wrong with it."""
    number = labels.find(label)
    if number is None:
        turned = "; the label belongs behind the sentence" if labels.find(text) is not None else ""
        raise ValueError(f"label: expected {labels.expected}, got {short(label)}{turned}")
    words = tokenize(text)
    if not words:
        raise ValueError(f"expected at least one word, got {short(text)}")
    return words, number


def _leave_out_alike(reading: _Reading) -> None:
    """Of sentences that are the same after lower case and the cut the first stays; none, if their labels differ."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, words in enumerate(reading.split):
        groups[words].append(k)
    kept = []
    for group in groups.values():
        lines = [reading.numbers[k] for k in group]
        if len({reading.labels[k] for k in group}) > 1:
            reading.both += lines
        else:
            kept.append(group[0])
            reading.again += [(line, lines[0]) for line in lines[1:]]
    reading.keep_only(sorted(kept))


def _split(reading: _Reading, share: float, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """The numbers of the training and of the test sentences: the same share of each class, drawn at random."""
    labels = np.array(reading.labels, dtype=np.intp)
    _check_enough(reading, labels)
    test: list[int] = []
    for label in range(len(reading.names)):
        where = rng.permutation(np.flatnonzero(labels == label))
        count = min(max(1, round(share * len(where))), len(where) - 1)
        test += where[:count].tolist()
    chosen = set(test)
    return [k for k in range(len(labels)) if k not in chosen], sorted(test)


def _check_enough(reading: _Reading, labels: IntArray) -> None:
    if len(reading.names) < 2:
        raise ValueError(f"{reading.path}: expected at least 2 classes, got one label, {reading.labels_of.expected}")
    keys = {number: key for key, number in reading.labels_of.numbers.items()}
    for label in range(len(reading.names)):
        count = int((labels == label).sum())
        if count < 2:
            bad = f" ({len(reading.bad)} lines could not be read)" if reading.bad else ""
            why = bad or _why_alike(reading, 1)
            raise ValueError(
                f"{reading.path}: expected at least 2 sentences with label {keys[label]}, got {count}{why}"
            )


# ---- what the network reads


@dataclass
class _View:
    """The sentences that are left when those that read alike are out, and the words that have a number."""

    train: list[int]
    test: list[int]
    least: int
    known: set[str] = field(default_factory=set)
    words: int = 0
    repeated: list[tuple[int, int]] = field(default_factory=list)  # (line, line)
    both: list[int] = field(default_factory=list)
    crossing: int = 0
    test_alike: int = 0


def _as_read(reading: _Reading, train: list[int], test: list[int], least: int) -> _View:
    """Leave out what reads alike with "<unk>" for unknown words. Fewer sentences make fewer words known, so: again."""
    view = _View(train, test, least)
    while True:
        seen = Counter(chain.from_iterable(set(reading.split[k]) for k in view.train))
        view.known, view.words = {word for word, count in seen.items() if count >= least}, len(seen)
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for k in view.train + view.test:  # so that of a group a training sentence comes first
            groups[tuple(word if word in view.known else UNKNOWN for word in reading.split[k])].append(k)
        learned, out = set(view.train), set()
        view.test_alike = 0
        for group in (group for group in groups.values() if len(group) > 1):
            lines = [reading.numbers[k] for k in group]
            if len({reading.labels[k] for k in group}) > 1:
                view.both += lines
                out.update(group)
            elif group[0] in learned:
                view.repeated += [(line, lines[0]) for line in lines[1:]]
                view.crossing += sum(k not in learned for k in group)
                out.update(group[1:])
            else:
                view.test_alike += len(group) - 1
        if not out:
            return view
        view.train, view.test = ([k for k in part if k not in out] for part in (view.train, view.test))


def _check_left(reading: _Reading, view: _View) -> None:
    for number, name in enumerate(reading.names):
        sides = [sum(reading.labels[k] == number for k in part) for part in (view.train, view.test)]
        if not all(sides):
            raise ValueError(
                f"{reading.path}: expected at least 2 sentences of the class {name} that read differently, one to "
                f"learn from and one for the test, got {sides[0]} and {sides[1]}{_why_alike(reading, view.least)}"
            )


def _why_alike(reading: _Reading, least: int) -> str:
    """Why sentences read alike, and what can be done."""
    said = []
    if reading.cut and (reading.both or reading.again):
        end, other = ("first", "end") if reading.keep == "start" else ("last", "start")
        said.append(
            f"cut to their {end} {reading.longest} words, {len(reading.both) + len(reading.again)} sentences read as "
            f'another one: longest={reading.most} reads all words, keep="{other}" the other end'
        )
    elif reading.both:
        said.append(f"{len(reading.both)} lines have the same sentence and different labels")
    if least > 1:
        said.append(f"words that fewer than {least} training sentences have are {UNKNOWN}: least=1 keeps them apart")
    return f"; {'; '.join(said)}" if said else ""


# ---- the result


def _set(reading: _Reading, chosen: list[int], vocabulary: Vocabulary) -> LabelledSet:
    numbers = {word: number for number, word in enumerate(vocabulary)}
    x, lengths = padded_ids([[numbers.get(word, 0) for word in reading.split[k]] for k in chosen])
    y = np.array([reading.labels[k] for k in chosen], dtype=np.intp)
    lines = np.array([reading.numbers[k] for k in chosen], dtype=np.intp)
    return LabelledSet(tuple(reading.texts[k] for k in chosen), x, y, lengths, lines, reading.names)


def _report(
    reading: _Reading, view: _View, train: LabelledSet, test: LabelledSet, spared: int, by: str
) -> ReadingReport:
    inside = np.arange(len(test.x))[:, None] < test.lengths
    test_lines = set(test.lines.tolist())
    return ReadingReport(
        path=str(reading.path),
        lines=reading.lines,
        blank=reading.blank,
        bad=tuple(reading.bad),
        repeated=tuple(sorted(line for line, _ in reading.again + view.repeated)),
        crossing=view.crossing + sum(first in test_lines for _, first in reading.again),
        contradictory=tuple(sorted(reading.both + view.both)),
        cut=reading.cut,
        longest=reading.longest,
        train=train.counts,
        test=test.counts,
        words=view.words,
        vocabulary=len(view.known),
        unknown_test=float((test.x[inside] == 0).mean()),
        classes=reading.names,
        numeric=reading.labels_of.numeric,
        keep=reading.keep,
        least=view.least,
        alike=len(view.repeated) + len(view.both),
        test_alike=view.test_alike,
        spared=spared,
        long=long_words(reading.split) if by == "words" else 0,
        how=reading.how,
        header=reading.header,
        by=by,
    )
