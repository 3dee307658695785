"""Your own sentences, each with its label: a file of "sentence TAB 0 or 1" becomes what `fit` takes. Chapter 08."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .stored import IntArray
from .vocabulary import Vocabulary

__all__ = [
    "UNKNOWN",
    "BadLine",
    "LabelledSentences",
    "LabelledSet",
    "ReadingReport",
    "load_labelled_sentences",
    "tokens",
]

UNKNOWN = "<unk>"  # stands for every word that is not in the vocabulary; its number is 0
NUMBER = "<number>"  # stands for every number above 10
LONGEST_LINE = 100_000  # characters; a longer line is no sentence
SHOWN = 5  # bad lines that a report names

_NOT = re.compile(r"\b([^\W\d_]+)n't\b")
_VERBS = {"ca": "can", "wo": "will", "sha": "shall"}
_TOKEN = re.compile(
    r"n't\b"
    r"|[\u3040-\u30ff\u3400-\u9fff]"  # one Chinese character or Japanese sign: they stand without blanks
    r"|[^\W\d_]+"  # letters of any script
    r"|\d+(?:[.,:]\d+)*"  # 3, 1.50, 10,000, 20:15
    r"|[!?]"
    r"|[\u2600-\u27bf\U0001f300-\U0001faff]"  # pictures such as a smiling face
)


def tokens(sentence: str) -> list[str]:
    """A sentence as the words that a network reads.

        "I don't like it, it's 2 HOURS too long!"  ->  i do n't like it it s 2 hours too long !

    - Lower case. Letters of any script make a word; a Chinese character is one by itself.
    - Apostrophes: "n't" is a word of its own ("can't" is can n't, "won't" is will n't): one frequent word is learned
      better than a dozen rare ones. Every other apostrophe only parts: "it's" is it, s.
    - "!" and "?" and picture signs are words, because they carry feeling. All other punctuation parts words and is
      dropped; so is markup such as <br>.
    - Numbers from 0 to 10 stay, because in reviews they are marks ("2 of 10"); any other one is "<number>".

    TypeError for what is no str. Chapter 08.
    """
    if not isinstance(sentence, str):
        raise TypeError(f"sentence: expected a str, got {type(sentence).__name__}")
    text = unicodedata.normalize("NFC", sentence).lower().replace("’", "'").replace("‘", "'")
    if "<" in text:
        text = re.sub(r"<\s*/?\s*[a-z]{1,10}\s*/?\s*>", " ", text)
    if "n't" in text:
        text = _NOT.sub(lambda found: f"{_VERBS.get(found[1], found[1])} n't", text)
    return [_number(word) if word[0].isdigit() else word for word in _TOKEN.findall(text)]


def _number(word: str) -> str:
    return word if len(word) <= 2 and word.isascii() and int(word) <= 10 else NUMBER


class BadLine(NamedTuple):
    """A line that was left out: its number, counted from 1, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class ReadingReport:
    """What became of every line of a file. `print(report)` says it in words.

    lines: all of them. blank: empty ones. bad: all that could not be read. repeated: lines whose sentence stood on an
    earlier line with the same label; `crossing` of them repeat a test sentence, which may not be trained on.
    contradictory: lines whose sentence also stands with the other label; all of them are left out. cut: sentences with
    more than `longest` words, read up to there. train, test: sentences kept, (negative, positive).
    words: different words in the training sentences; vocabulary: those that have a number; unknown_test: the share of
    the words of the test sentences that have none.
    """

    path: str
    lines: int
    blank: int
    bad: tuple[BadLine, ...]
    repeated: tuple[int, ...]
    crossing: int
    contradictory: tuple[int, ...]
    cut: int
    longest: int
    train: tuple[int, int]
    test: tuple[int, int]
    words: int
    vocabulary: int
    unknown_test: float

    def __str__(self) -> str:
        kept = sum(self.train) + sum(self.test)
        said = [
            f"{Path(self.path).name}: {self.lines:,} lines, {kept:,} sentences kept",
            f"  to learn from  {sum(self.train):,} ({self.train[1]:,} positive, {self.train[0]:,} negative)",
            f"  for the test   {sum(self.test):,} ({self.test[1]:,} positive, {self.test[0]:,} negative)",
            f"  vocabulary     {self.vocabulary:,} of {self.words:,} words; the rest is {UNKNOWN}, as is "
            f"{self.unknown_test:.1%} of the test's words",
        ]
        if self.repeated:
            said.append(
                f"  left out       {len(self.repeated):,} repeated (lines {_numbers(self.repeated)}); "
                f"{self.crossing:,} of them repeat a test sentence"
            )
        if self.contradictory:
            said.append(
                f"  left out       {len(self.contradictory):,} with both labels ({_numbers(self.contradictory)})"
            )
        if self.bad:
            said.append(f"  left out       {len(self.bad):,} bad lines:")
            said += [f"    line {bad.line}: {bad.why}" for bad in self.bad[:SHOWN]]
            said += [f"    and {len(self.bad) - SHOWN:,} more"] if len(self.bad) > SHOWN else []
        if self.blank:
            said.append(f"  skipped        {self.blank:,} empty lines")
        if self.cut:
            said.append(f"  cut            {self.cut:,} sentences after {self.longest} words")
        return "\n".join(said)


@dataclass(frozen=True, repr=False)
class LabelledSet:
    """B sentences. They unpack as x, y, lengths: `fit(model, *part, ...)` and `model.batch(*part)` work.

    texts: the sentences as they stand in the file. x: (T, B) the number of each word, as `Embedding` reads it; 0 is
    `<unk>`, and the padding. y: (B,) 0 negative, 1 positive. lengths: (B,) words. lines: (B,) line numbers in the file.
    """

    texts: tuple[str, ...]
    x: NDArray[np.int32]
    y: IntArray
    lengths: IntArray
    lines: IntArray

    def __iter__(self) -> Iterator[NDArray[np.signedinteger]]:
        return iter((self.x, self.y, self.lengths))

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        return f"LabelledSet({len(self)} sentences, {int(self.y.sum())} positive)"

    def take(self, chosen: ArrayLike) -> LabelledSet:
        """The chosen sentences, by their numbers 0..B-1; time is cut to the longest of them."""
        at = np.asarray(chosen, dtype=np.intp)
        lengths = self.lengths[at]
        x = self.x[: int(lengths.max(initial=0)), at]
        return LabelledSet(tuple(self.texts[b] for b in at.tolist()), x, self.y[at], lengths, self.lines[at])


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

    def words(self, sentence: str) -> list[str]:
        """A sentence as the network reads it: its `tokens`, with "<unk>" for each unknown one.

        A sentence without any word is a ValueError.
        """
        return known_tokens(sentence, self.vocabulary)

    def encode(self, sentences: Iterable[str]) -> tuple[NDArray[np.int32], IntArray]:
        """New sentences -> numbers (T, B) and lengths (B,), for `model.predict(*data.encode([...]))`.

        Unknown words become "<unk>". ValueError for a sentence without any word and for none at all; TypeError for one
        str alone.
        """
        return encode_sentences(sentences, self.vocabulary)


def known_tokens(sentence: str, vocabulary: Vocabulary) -> list[str]:
    """The `tokens` of a sentence, with "<unk>" for each that the vocabulary does not have."""
    found = [word if word in vocabulary else UNKNOWN for word in tokens(sentence)]
    if not found:
        raise ValueError(f"sentence: expected at least one word, got {_short(sentence)}")
    return found


def encode_sentences(sentences: Iterable[str], vocabulary: Vocabulary) -> tuple[NDArray[np.int32], IntArray]:
    """Sentences as numbers (T, B), time first, and lengths (B,); see `LabelledSentences.encode`."""
    if isinstance(sentences, (str, bytes)):
        raise TypeError("sentences: expected a list of str, got one str; write [sentence]")
    split = [known_tokens(sentence, vocabulary) for sentence in sentences]
    if not split:
        raise ValueError("sentences: expected at least one, got none")
    return _padded([[vocabulary.index(word) for word in words] for words in split])


def load_labelled_sentences(
    path: str | os.PathLike[str],
    *,
    test_share: float = 0.2,
    seed: int = 0,
    least: int = 2,
    longest: int = 100,
) -> LabelledSentences:
    r"""Read a file with a sentence, a tab, and 0 (negative) or 1 (positive) on each line, and split it.

        The food was cold and late.<TAB>0
        I would go there again!<TAB>1

    UTF-8, with or without a byte order mark; lines may end in \n, \r\n or \r. Where a line has several tabs, the last
    one counts. Nothing in the file is run, and it is read line by line.

    test_share: how much is kept for the test, of the positive sentences as of the negative ones. seed: of the random
    split; the same file and seed give the same split. least: a word needs so many training sentences to get a number;
    all others are "<unk>", in training too, so that a network learns what to make of an unknown word. Only training
    sentences make the vocabulary. longest: a sentence is read up to so many words.

    No sentence stands on both sides of the split: one that repeats an earlier one (the same `tokens`) is left out, and
    so is one that stands with both labels. Lines that cannot be read are left out too. `report` has their numbers.

    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does. ValueError for UTF-16, for a file from
    which nothing can be read (with the first lines and what is wrong with them), for fewer than two sentences of a
    label, and for options out of range. Chapter 08.
    """
    if not 0 < test_share < 1:
        raise ValueError(f"test_share: expected a number between 0 and 1, got {test_share}")
    for name, value in (("least", least), ("longest", longest)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name}: expected a whole number from 1, got {value!r}")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed: expected a whole number from 0, got {seed!r}")
    reading = _Reading(Path(path), longest)
    train, test = _split(reading, test_share, np.random.default_rng(seed))
    seen = Counter(word for k in train for word in set(reading.split[k]))
    vocabulary = Vocabulary([UNKNOWN, *sorted(word for word, count in seen.items() if count >= least)])
    learn, ask = _set(reading, train, vocabulary), _set(reading, test, vocabulary)
    report = _report(reading, learn, ask, len(seen), len(vocabulary) - 1)
    return LabelledSentences(learn, ask, vocabulary, report)


@dataclass
class _Reading:
    """All lines of a file, each where it belongs."""

    path: Path
    longest: int
    lines: int = 0
    blank: int = 0
    cut: int = 0
    texts: list[str] = field(default_factory=list)
    split: list[tuple[str, ...]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the lines
    bad: list[BadLine] = field(default_factory=list)
    again: list[tuple[int, int]] = field(default_factory=list)  # (line, the sentence that it repeats)
    both: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        first: dict[tuple[str, ...], int] = {}
        clash: set[int] = set()
        for self.lines, line in enumerate(_lines(self.path), start=1):  # noqa: B020 (the count is what stays)
            if not line.strip():
                self.blank += 1
                continue
            try:
                text, label = _parted(line)
                words = tuple(map(sys.intern, tokens(text)))
                if not words:
                    raise ValueError(f"expected at least one word, got {_short(text)}")
            except ValueError as error:
                self.bad.append(BadLine(self.lines, str(error)))
                continue
            known = first.setdefault(words, len(self.texts))
            if known == len(self.texts):
                self._add(text, words, label)
            elif self.labels[known] == label:
                self.again.append((self.lines, known))
            else:
                clash.add(known)
                self.both.append(self.lines)
        if clash:
            self._drop(clash)

    def _add(self, text: str, words: tuple[str, ...], label: int) -> None:
        self.cut += len(words) > self.longest
        self.texts.append(text)
        self.split.append(words[: self.longest])
        self.labels.append(label)
        self.numbers.append(self.lines)

    def _drop(self, clash: set[int]) -> None:
        """A sentence with both labels goes, and so do all lines that repeat it."""
        kept = [k for k in range(len(self.texts)) if k not in clash]
        place = {k: new for new, k in enumerate(kept)}
        self.both += [self.numbers[k] for k in clash] + [line for line, k in self.again if k in clash]
        self.both.sort()
        self.again = [(line, place[k]) for line, k in self.again if k not in clash]
        self.texts, self.split = [self.texts[k] for k in kept], [self.split[k] for k in kept]
        self.labels, self.numbers = [self.labels[k] for k in kept], [self.numbers[k] for k in kept]


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file without their ends, however they end; a byte that is no UTF-8 becomes a lone surrogate."""
    with path.open("rb") as start:
        if start.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            raise ValueError(f"{path}: expected UTF-8 text, got UTF-16; save it as UTF-8")
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline=None) as file:
        while line := file.readline(LONGEST_LINE + 1):
            rest = line
            while not rest.endswith("\n") and (rest := file.readline(LONGEST_LINE)):
                pass  # the rest of a line that is too long: read, and not kept
            yield line.removesuffix("\n")


def _parted(line: str) -> tuple[str, int]:
    """The sentence and the label of a line, or a ValueError that says what is wrong with it."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"expected at most {LONGEST_LINE:,} characters, got more")
    text, tab, label = line.rpartition("\t")
    text, label = text.strip(), label.strip()
    if not tab:
        raise ValueError(f"expected sentence, tab, 0 or 1; got no tab in {_short(line)}")
    if label not in ("0", "1"):
        turned = "; the label belongs behind the sentence" if text in ("0", "1") else ""
        raise ValueError(f"label: expected 0 or 1, got {_short(label)}{turned}")
    for sign in text:
        if "\ud800" <= sign <= "\udfff":
            raise ValueError(f"expected UTF-8 text, got the byte 0x{ord(sign) - 0xDC00:02x}")
    if "\0" in text:
        raise ValueError("expected text, got a NUL character")
    return text, int(label)


def _split(reading: _Reading, share: float, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """The numbers of the training and of the test sentences: the same share of both labels, drawn at random."""
    labels = np.array(reading.labels, dtype=np.intp)
    _check_enough(reading, labels)
    test: list[int] = []
    for label in (0, 1):
        where = rng.permutation(np.flatnonzero(labels == label))
        count = min(max(1, round(share * len(where))), len(where) - 1)
        test += where[:count].tolist()
    chosen = set(test)
    return [k for k in range(len(labels)) if k not in chosen], sorted(test)


def _check_enough(reading: _Reading, labels: IntArray) -> None:
    if not len(labels):
        why = "; ".join(f"line {bad.line}: {bad.why}" for bad in reading.bad[:3]) or "it has no lines with text"
        raise ValueError(f"{reading.path}: expected sentence, tab, 0 or 1 on each line, got none such: {why}")
    for label in (0, 1):
        count = int((labels == label).sum())
        if count < 2:
            bad = f" ({len(reading.bad)} lines could not be read)" if reading.bad else ""
            raise ValueError(f"{reading.path}: expected at least 2 sentences with label {label}, got {count}{bad}")


def _set(reading: _Reading, chosen: list[int], vocabulary: Vocabulary) -> LabelledSet:
    numbers = {word: number for number, word in enumerate(vocabulary)}
    x, lengths = _padded([[numbers.get(word, 0) for word in reading.split[k]] for k in chosen])
    y = np.array([reading.labels[k] for k in chosen], dtype=np.intp)
    lines = np.array([reading.numbers[k] for k in chosen], dtype=np.intp)
    return LabelledSet(tuple(reading.texts[k] for k in chosen), x, y, lengths, lines)


def _padded(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], IntArray]:
    lengths = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
    x = np.zeros((int(lengths.max()), len(rows)), dtype=np.int32)
    for b, row in enumerate(rows):
        x[: len(row), b] = row
    return x, lengths


def _report(reading: _Reading, train: LabelledSet, test: LabelledSet, words: int, vocabulary: int) -> ReadingReport:
    inside = np.arange(len(test.x))[:, None] < test.lengths
    return ReadingReport(
        path=str(reading.path),
        lines=reading.lines,
        blank=reading.blank,
        bad=tuple(reading.bad),
        repeated=tuple(line for line, _ in reading.again),
        crossing=_crossing(reading, test),
        contradictory=tuple(reading.both),
        cut=reading.cut,
        longest=reading.longest,
        train=(len(train) - int(train.y.sum()), int(train.y.sum())),
        test=(len(test) - int(test.y.sum()), int(test.y.sum())),
        words=words,
        vocabulary=vocabulary,
        unknown_test=float((test.x[inside] == 0).mean()),
    )


def _crossing(reading: _Reading, test: LabelledSet) -> int:
    """Of the repeated lines, those whose first one stands in the test: training on them would have given it away."""
    lines = set(test.lines.tolist())
    return sum(reading.numbers[k] in lines for _, k in reading.again)


def _numbers(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:SHOWN]))
    return shown + (", ..." if len(lines) > SHOWN else "")


def _short(text: str) -> str:
    """A text in quotes, cut where it is long: errors stay readable."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
