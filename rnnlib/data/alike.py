"""What a network reads of a file, and which sentences are the same to it. Chapter 08."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from .labelled import cut
from .table import BadLine, Labels
from .text import UNKNOWN

__all__ = ["Reading", "View", "as_read", "check_left", "leave_out_alike", "why_alike"]


@dataclass
class Reading:
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
    blankless: int = 0  # sentences that are one long word

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


def leave_out_alike(reading: Reading) -> None:
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


@dataclass
class View:
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


def as_read(reading: Reading, train: list[int], test: list[int], least: int) -> View:
    """Leave out what reads alike with "<unk>" for unknown words. Fewer sentences make fewer words known, so: again."""
    view = View(train, test, least)
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
            if group[0] not in learned:  # nothing is given away: they stay, and the report counts them
                view.test_alike += len(group) - 1
            elif len({reading.labels[k] for k in group}) > 1:
                view.both += lines
                out.update(group)
            else:
                view.repeated += [(line, lines[0]) for line in lines[1:]]
                view.crossing += sum(k not in learned for k in group)
                out.update(group[1:])
        if not out:
            return view
        view.train, view.test = ([k for k in part if k not in out] for part in (view.train, view.test))


def check_left(reading: Reading, view: View) -> None:
    for number, name in enumerate(reading.names):
        sides = [sum(reading.labels[k] == number for k in part) for part in (view.train, view.test)]
        if not all(sides):
            why = why_alike(reading, view.least, len(view.both))
            raise ValueError(
                f"{reading.path}: expected at least 2 sentences of the class {name} that read differently, one to "
                f"learn from and one for the test, got {sides[0]} and {sides[1]}{why}"
            )


def why_alike(reading: Reading, least: int, unknown: int = 0) -> str:
    """Why sentences read alike, and what can be done."""
    said = []
    if reading.cut and (reading.both or reading.again):
        end, other = ("first", ', keep="end" the last ones') if reading.keep == "start" else ("last", "")
        said.append(
            f"cut to their {end} {reading.longest} words, {len(reading.both) + len(reading.again)} sentences read as "
            f"another one: longest={reading.most} reads all words{other}"
        )
    elif reading.both:
        said.append(f"{len(reading.both)} lines have the same sentence and different labels")
    if unknown:
        said.append(f"{unknown} lines read as one with another label, because words of theirs are {UNKNOWN}")
    if reading.blankless:
        said.append('sentences are one long "word", for want of blanks: by="characters" reads letters')
    if least > 1:
        said.append(f"words that fewer than {least} training sentences have are {UNKNOWN}: least=1 keeps them apart")
    return f"; {'; '.join(said)}" if said else ""
