"""What became of every line of a reader's file, in words. Chapter 08."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .loading import CLASSES
from .table import BadLine
from .text import UNKNOWN

__all__ = ["ReadingReport"]

UNEVEN = 1.5  # classes are, where the largest has so many times the sentences of the smallest
SHOWN = 5  # bad lines that a report names


@dataclass(frozen=True)
class ReadingReport:
    """What became of every line of a file. `print(report)` says it in words.

    lines: all of them. blank: empty ones. bad: all that could not be read. repeated: lines whose sentence reads as one
    on an earlier line with the same label; `crossing` of them repeat a test sentence, which may not be trained on.
    contradictory: lines whose sentence reads as one with another label; all of them are left out. cut: sentences with
    more than `longest` words; `keep` says which end of them is read. train, test: sentences kept of each class.
    words: different words in the training sentences; vocabulary: those that have a number, which need `least` training
    sentences; unknown_test: the share of the words of the test sentences that have none.

    "Reads as": what is compared is what the network reads, after lower case and the cut, and with "<unk>" for unknown
    words. alike: how many of the lines left out are alike by their unknown words only. test_alike: test sentences that
    read as another one of the test, by their unknown words (they stay). spared: how many sentences would have been
    alike if a word needed two training sentences; where they are many, it needs one. long: sentences that are one long
    "word". damaged: sentences with signs such as � and â€™, which another program left in place of letters.

    classes: the names of the labels 0..K-1. how: what parts the columns, and which one is the label. header: the names
    of the columns, if the file has them. by: "words" or "characters".
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
    train: tuple[int, ...]
    test: tuple[int, ...]
    words: int
    vocabulary: int
    unknown_test: float
    classes: tuple[str, ...] = CLASSES
    numeric: bool = True
    keep: str = "start"
    least: int = 2
    alike: int = 0
    test_alike: int = 0
    spared: int = 0
    long: int = 0
    damaged: int = 0
    how: str = "tab"
    header: tuple[str, ...] = ()
    by: str = "words"

    def __str__(self) -> str:
        kept = sum(self.train) + sum(self.test)
        said = [
            f"{Path(self.path).name}: {self.lines:,} lines, {kept:,} sentences kept",
            *self._form(),
            f"  to learn from  {sum(self.train):,} ({self._counts(self.train)})",
            f"  for the test   {sum(self.test):,} ({self._counts(self.test)})",
            f"  vocabulary     {self.vocabulary:,} of {self.words:,} {self.by}; the rest is {UNKNOWN}, as is "
            f"{self.unknown_test:.1%} of the test's {self.by}",
            *self._floor(),
            *self._left_out(),
        ]
        if self.blank:
            said.append(f"  skipped        {self.blank:,} empty lines")
        if self.cut:
            read, lost = ("first", "end") if self.keep == "start" else ("last", "beginning")
            other = "end" if self.keep == "start" else "start"
            said.append(
                f"  cut            {self.cut:,} sentences: their {read} {self.longest} {self.by} are read, the {lost} "
                f'is not (keep="{other}" is the other way)'
            )
        return "\n".join(said + self._notes())

    def _form(self) -> list[str]:
        """How the file was read, where that is not a tab and 0 or 1."""
        said = []
        if self.classes != CLASSES or not self.numeric:
            order = "in the order of their numbers" if self.numeric else "in this order"
            names = ", ".join(f"{k} {name}" for k, name in enumerate(self.classes))
            said.append(f"  classes        {', '.join(self.classes) if self._bare() else names} ({order})")
        if self.how != "tab" or self.header:
            said.append(f"  columns        {self.how}" + (f"; header: {', '.join(self.header)}" if self.header else ""))
        return said

    def _bare(self) -> bool:
        """Whether the classes have no names but their numbers."""
        return self.numeric and all(name.lstrip("+-").isdigit() for name in self.classes)

    def _counts(self, counts: Sequence[int]) -> str:
        form = "{1}: {0:,}" if self._bare() else "{0:,} {1}"
        named = [form.format(count, name) for count, name in zip(counts, self.classes, strict=True)]
        return ", ".join(reversed(named) if len(named) == 2 else named)

    def _floor(self) -> list[str]:
        """What an accuracy has to beat, where classes are uneven."""
        largest = max(range(len(self.test)), key=self.test.__getitem__)
        if max(self.train) < UNEVEN * min(self.train):
            return []
        share = self.test[largest] / sum(self.test)
        return [f"  floor          always {self.classes[largest]}: {share:.1%} of the test's sentences"]

    def _left_out(self) -> list[str]:
        said = []
        if self.repeated:
            said.append(
                f"  left out       {len(self.repeated):,} repeated (lines {_numbers(self.repeated)}); "
                f"{self.crossing:,} of them repeat a test sentence"
            )
        if self.contradictory:
            both = "both" if len(self.classes) == 2 else "several"
            said.append(
                f"  left out       {len(self.contradictory):,} with {both} labels ({_numbers(self.contradictory)})"
            )
        if self.alike:
            said.append(f"                 {self.alike:,} of these are alike only by words that are {UNKNOWN}")
        if self.bad:
            said.append(f"  left out       {len(self.bad):,} bad lines:")
            said += [f"    line {bad.line}: {bad.why}" for bad in self.bad[:SHOWN]]
            said += [f"    and {len(self.bad) - SHOWN:,} more"] if len(self.bad) > SHOWN else []
        return said

    def _notes(self) -> list[str]:
        said = []
        if self.test_alike:
            said.append(f"  note           {self.test_alike:,} test sentences read as another one of the test")
        if self.spared:
            said.append(
                f"  note           every training word has a number: with rare ones as {UNKNOWN}, {self.spared:,} "
                "sentences would read as another one"
            )
        if self.long:
            said.append(
                f'  note           {self.long:,} sentences are one long "word", for want of blanks: '
                'by="characters" reads letters'
            )
        if self.damaged:
            said.append(
                f"  note           {self.damaged:,} sentences have signs such as � or â€™ in place of letters: another "
                "program read them in the wrong encoding"
            )
        return said


def _numbers(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:SHOWN]))
    return shown + (", ..." if len(lines) > SHOWN else "")
