"""Your own sentences, each with its label: a file of sentences and classes becomes what `fit` takes. Chapter 08."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from .alike import Reading, View, as_read, check_left, leave_out_alike, why_alike
from .given import a_file, a_list, a_share, a_whole, known, texts
from .labelled import LabelledSentences, LabelledSet, encode_sentences, known_tokens, padded_ids
from .report import ReadingReport
from .stored import IntArray
from .table import LABELS, BadLine, Column, Labels, labelled_rows, named_labels
from .text import TOKENIZERS, UNKNOWN, damaged, long_words, short, tokens
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
    if classes is not None:
        classes = texts("classes", classes)
        if not classes:
            raise ValueError("classes: expected the names of the classes, got none")
    if columns is not None:
        a_list("columns", columns, "two columns")
    reading = _read(a_file(path), longest, keep, by, classes, columns, encoding)
    train, test = _split(reading, test_share, np.random.default_rng(seed))
    view = as_read(reading, train, test, 2 if least is None else least)
    spared = 0
    if least is None and len(view.repeated) + len(view.both) > MANY * len(reading.texts):
        spared = len(view.repeated) + len(view.both)
        view = as_read(reading, train, test, 1)
    check_left(reading, view)
    vocabulary = Vocabulary([UNKNOWN, *sorted(view.known)])
    learn, ask = _set(reading, view.train, vocabulary), _set(reading, view.test, vocabulary)
    return LabelledSentences(learn, ask, vocabulary, _report(reading, view, learn, ask, spared, by))


def _check_options(test_share: float, seed: int, least: int | None, longest: int, keep: str, by: str) -> None:
    a_share("test_share", test_share), a_whole("longest", longest), a_whole("seed", seed, 0)
    a_whole("least", 1 if least is None else least)
    known("keep", keep, ("start", "end")), known("by", by, tuple(TOKENIZERS))


# ---- reading


def _read(
    path: Path,
    longest: int,
    keep: str,
    by: str,
    classes: Sequence[str] | None,
    columns: tuple[Column, Column] | None,
    encoding: str | None,
) -> Reading:
    rows = labelled_rows(path, encoding, columns)
    labels = named_labels(path, rows.pairs, classes)
    bad = [BadLine(line, why.replace(LABELS, labels.expected, 1)) for line, why in rows.bad]
    reading = Reading(path, longest, keep, labels, rows.lines, rows.blank, rows.how, rows.header, bad)
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
    reading.blankless = long_words(reading.split) if by == "words" else 0
    leave_out_alike(reading)
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


def _split(reading: Reading, share: float, rng: np.random.Generator) -> tuple[list[int], list[int]]:
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


def _check_enough(reading: Reading, labels: IntArray) -> None:
    if len(reading.names) < 2:
        raise ValueError(f"{reading.path}: expected at least 2 classes, got one label, {reading.labels_of.expected}")
    keys = {number: key for key, number in reading.labels_of.numbers.items()}
    for label in range(len(reading.names)):
        count = int((labels == label).sum())
        if count < 2:
            bad = f" ({len(reading.bad)} lines could not be read)" if reading.bad else ""
            why = bad or why_alike(reading, 1)
            raise ValueError(
                f"{reading.path}: expected at least 2 sentences with label {keys[label]}, got {count}{why}"
            )


# ---- the result


def _set(reading: Reading, chosen: list[int], vocabulary: Vocabulary) -> LabelledSet:
    numbers = {word: number for number, word in enumerate(vocabulary)}
    x, lengths = padded_ids([[numbers.get(word, 0) for word in reading.split[k]] for k in chosen])
    y = np.array([reading.labels[k] for k in chosen], dtype=np.intp)
    lines = np.array([reading.numbers[k] for k in chosen], dtype=np.intp)
    return LabelledSet(tuple(reading.texts[k] for k in chosen), x, y, lengths, lines, reading.names)


def _report(reading: Reading, view: View, train: LabelledSet, test: LabelledSet, spared: int, by: str) -> ReadingReport:
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
        long=reading.blankless,
        damaged=damaged(reading.texts),
        how=reading.how,
        header=reading.header,
        by=by,
    )
