"""A file of labelled sentences as rows: which sign parts the columns, which column is the label, what is a header.

Read is what is plain. What is not plain is a `ValueError` that says what to write: a file that is read in another sense
than was meant is worse than one that is not read. Chapter 08.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .encoding import text_lines
from .loading import CLASSES
from .text import short

__all__ = ["BadLine", "Column", "LabelledRows", "Labels", "labelled_rows", "named_labels"]

LONGEST_SENTENCE = 100_000  # characters; a longer line is no sentence
SIGNS = {"\t": "tab", ",": "comma", ";": "semicolon"}
TEXT_NAMES = {"text", "sentence", "sentences", "review", "reviews", "comment", "phrase", "tweet", "message", "content"}
LABEL_NAMES = {"label", "labels", "class", "sentiment", "category", "target", "rating", "stars", "score", "polarity"}
DECIMAL = re.compile(r"[+-]?\d*[.,]\d+")
WHOLE = re.compile(r"[+-]?\d{1,9}(\.0+)?")

LABELS = "<labels>"  # in a message that is written before the labels are known

Column = int | str
Grid = list[tuple[int, list[str]]]  # line, cells
Pairs = list[tuple[int, str, str]]  # line, sentence, label


class BadLine(NamedTuple):
    """A line that was left out: its number, counted from 1, and why."""

    line: int
    why: str


@dataclass
class LabelledRows:
    """What a file holds: (line, sentence, label) of each row; how it was read; the lines that are none."""

    pairs: Pairs
    bad: list[BadLine]
    lines: int
    blank: int
    how: str
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labels:
    """The classes of a file, in their order, and the number of each label as it is written there."""

    names: tuple[str, ...]
    numbers: dict[str, int]
    expected: str  # for a message
    numeric: bool = field(default=False)

    def find(self, label: str) -> int | None:
        """The number of a class, 0..K-1, or None for a label that is none."""
        return self.numbers.get(label_key(label))


@lru_cache(maxsize=10_000)
def label_key(label: str) -> str:
    """What two spellings of a label have in common: "Positive " and "positive", "1.0" and "1"."""
    key = " ".join(label.split()).casefold()
    return str(int(float(key))) if WHOLE.fullmatch(key) else key


def labelled_rows(path: Path, encoding: str | None, columns: tuple[Column, Column] | None) -> LabelledRows:
    """The rows of a file; see `load_labelled_sentences` for what is read."""
    lines = list(text_lines(path, encoding=encoding))
    if lines and lines[0].casefold() in ("sep=,", "sep=;", "sep=\t"):  # a note of Excel to itself
        lines[0] = ""
    grid, sign, quoted = _grid(path, lines)
    full = [(at, cells) for at, cells in grid if any(cell.strip() for cell in cells)]
    if not full:
        raise ValueError(f"{path}: expected a sentence and a label on each line, got empty columns")
    while all(len(cells) > 2 and not cells[-1].strip() for _, cells in full):  # empty columns of a spreadsheet
        full = [(at, cells[:-1]) for at, cells in full]
    result = LabelledRows([], [], len(lines), 0, SIGNS[sign])
    if columns is None:
        columns = _named_columns(path, full)
    if columns is None:
        _two_columns(path, full, sign, quoted, result)
    else:
        _chosen(path, full, columns, result)
    result.blank = sum(not line.strip() for line in lines) if not quoted else len(grid) - len(full)
    return result


def _grid(path: Path, lines: list[str]) -> tuple[Grid, str, bool]:
    """The cells of all lines, the sign that parts them, and whether cells are in quotes, as CSV has it."""
    some = [line for line in lines if line.strip()]
    if not some:
        raise ValueError(f"{path}: expected a sentence and a label on each line, got no line with text")
    if 2 * sum("\t" in line for line in some) >= len(some):
        cells = _parsed(lines, "\t") if any('"' in line for line in some) else None
        if isinstance(cells, list) and _even(cells) and not any("\t" in cell for _, row in cells for cell in row):
            return cells, "\t", True
        return [(at, line.split("\t")) for at, line in enumerate(lines, start=1)], "\t", False
    quoted = any('"' in line for line in some)
    found = {sign: _parsed(lines, sign) for sign in (",", ";") if 2 * sum(sign in line for line in some) >= len(some)}
    good = {sign: cells for sign, cells in found.items() if isinstance(cells, list)}
    if not good:
        why = next((str(error) for error in found.values()), "")
        why = why or f"line 1: no tab, comma or semicolon in {short(lines[0])}" if lines[0].strip() else why
        raise ValueError(f"{path}: expected a sentence, a tab or comma, and a label on each line; {why}")

    def plain(sign: str) -> tuple[bool, bool]:
        rows = [row for _, row in good[sign] if any(cell.strip() for cell in row)]
        ends = ([row[end] for row in rows] for end in (0, -1))
        return any(_label_like(labels) and len(_kinds(labels)) > 1 for labels in ends), _even(good[sign])

    sign = max(good, key=plain)
    return good[sign], sign, quoted


def _parsed(lines: list[str], sign: str) -> Grid | csv.Error | str:
    """The rows of a CSV file, each with the number of its first line; or what is wrong, with its line."""
    if not any('"' in line for line in lines):
        return [(at, line.split(sign)) for at, line in enumerate(lines, start=1)]
    blanks = sign != "\t"  # may stand between a comma and a quote
    reader = csv.reader((line + "\n" for line in lines), delimiter=sign, strict=True, skipinitialspace=blanks)
    rows: Grid = []
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        return f"line {start}: quotes are not as CSV has them ({error})"
    return rows


def _even(grid: Grid) -> bool:
    """Whether all rows have the same number of cells, two or more."""
    widths = {len(cells) for _, cells in grid if any(cell.strip() for cell in cells)}
    return len(widths) == 1 and min(widths) > 1


def _named_columns(path: Path, grid: Grid) -> tuple[Column, Column] | None:
    """The columns by the names in the header, where there are more than two columns; None where there are two."""
    widths = Counter(len(cells) for _, cells in grid)
    width, count = widths.most_common(1)[0]
    if width < 3 or count < 0.9 * len(grid):
        return None
    header = [cell.strip().casefold() for cell in grid[0][1]]
    texts, labels = ([name for name in header if name in known] for known in (TEXT_NAMES, LABEL_NAMES))
    if len(texts) == 1 and len(labels) == 1:
        return texts[0], labels[0]
    raise ValueError(
        f"{path}: expected a sentence and a label on each line, got {width} columns ({short(grid[0][1])}); "
        'name the two, by header or number: columns=("text", "label") or columns=(0, 1)'
    )


def _chosen(path: Path, grid: Grid, columns: tuple[Column, Column], result: LabelledRows) -> None:
    """The pairs from two columns that were chosen, by their names in the header or by their numbers from 0."""
    header = [cell.strip().casefold() for cell in grid[0][1]]
    places: list[int] = []
    if len(columns) != 2 or any(not isinstance(column, (int, str)) for column in columns) or columns[0] == columns[1]:
        raise ValueError(f"columns: expected two, of the sentence and of the label, got {columns!r}")
    for column in columns:
        if isinstance(column, str) and column.strip().casefold() not in header:
            raise ValueError(f"columns: expected names from the header {short(grid[0][1])}, got {column!r}")
        places.append(header.index(column.strip().casefold()) if isinstance(column, str) else int(column))
    if any(isinstance(column, str) for column in columns):
        result.header, grid = tuple(grid[0][1]), grid[1:]
    for at, cells in grid:
        if not all(-len(cells) <= place < len(cells) for place in places):
            result.bad.append(BadLine(at, f"expected columns {places[0]} and {places[1]}, got {len(cells)} columns"))
        else:
            result.pairs.append((at, cells[places[0]].strip(), cells[places[1]].strip()))
    result.how += f", columns {columns[0]!r} and {columns[1]!r}"
    if not result.header:
        _take_header(result, grid[0][0])


def _two_columns(path: Path, grid: Grid, sign: str, quoted: bool, result: LabelledRows) -> None:
    """The pairs of a file with a sentence and a label a row, whichever comes first."""
    rows: Grid = []
    for at, cells in grid:
        size = sum(map(len, cells))
        if size > LONGEST_SENTENCE:
            result.bad.append(BadLine(at, f"expected at most {LONGEST_SENTENCE:,} characters, got more"))
        elif len(cells) < 2:
            got = f"expected sentence, {SIGNS[sign]}, {LABELS}; got no {SIGNS[sign]} in {short(cells[0])}"
            result.bad.append(BadLine(at, got))
        elif quoted and len(cells) > 2:
            why = f"expected 2 columns, got {len(cells)}; a sentence with a {SIGNS[sign]} inside belongs in quotes"
            result.bad.append(BadLine(at, why))
        else:
            rows.append((at, cells))
    last = [(at, sign.join(cells[:-1]).strip(), cells[-1].strip()) for at, cells in rows]
    first = [(at, sign.join(cells[1:]).strip(), cells[0].strip()) for at, cells in rows]
    result.pairs = first if _label_comes_first(path, last, first, result) else last
    result.how += ", label first" if result.pairs is first else ""
    _take_header(result, grid[0][0])


def _label_comes_first(path: Path, last: Pairs, first: Pairs, result: LabelledRows) -> bool:
    one, other = ([label for _, _, label in pairs] for pairs in (last, first))
    at_end, at_start = _label_like(one), _label_like(other)
    if at_end and at_start:
        kinds = [len(_kinds(labels)) for labels in (one, other)]
        whole = [all(WHOLE.fullmatch(kind) for kind in _kinds(labels)) for labels in (one, other)]
        at_end, at_start = whole if whole[0] != whole[1] else [2 * kinds[0] <= kinds[1], 2 * kinds[1] <= kinds[0]]
        if min(kinds) == 1 < max(kinds):  # the same in each row: that tells nothing
            at_end, at_start = kinds[0] > 1, kinds[1] > 1
        if at_end == at_start:
            raise ValueError(
                f"{path}: expected a sentence and a label on each line, but either column could be the label: line "
                f"{last[0][0]} is {short(last[0][1:])}; say which with columns=(0, 1), sentence and label"
            )
    if not (at_end or at_start):
        shown = [BadLine(at, f"{short(text)}, {short(label)}") for at, text, label in last[:2]]
        why = "; ".join(f"line {line}: {why}" for line, why in (result.bad + shown)[:3])
        raise ValueError(
            f"{path}: expected a sentence and a label on each line, got no column with few different values: {why}"
        )
    return at_start


def _kinds(labels: Sequence[str]) -> Counter[str]:
    """The labels that stand on two lines at least, and 0 and 1 on however many."""
    counts = Counter(map(label_key, labels))
    return Counter({key: n for key, n in counts.items() if key and (n > 1 or key in ("0", "1"))})


def _label_like(labels: Sequence[str]) -> bool:
    kinds = _kinds(labels)
    rows = sum(kinds.values())
    return 2 * rows > len(labels) and len(kinds) <= max(2, rows // 2) and max(map(len, kinds)) <= 60


def _take_header(result: LabelledRows, top: int) -> None:
    """The first row goes where its label is no class and it looks like names of columns."""
    if not result.pairs:
        return
    at, text, label = result.pairs[0]
    kinds = _kinds([label for _, _, label in result.pairs])
    known = text.casefold() in TEXT_NAMES or label.casefold() in LABEL_NAMES
    if at == top and label_key(label) not in kinds and label and (known or len(text.split()) <= 2):
        result.header, result.pairs = (text, label), result.pairs[1:]


def named_labels(path: Path, pairs: Pairs, classes: Sequence[str] | None) -> Labels:
    """The classes: whole numbers by value, words by alphabet, or in the order in which `classes` names them."""
    kinds = _kinds([label for _, _, label in pairs])
    whole = [key for key in kinds if WHOLE.fullmatch(key)]
    if decimals := [key for key in kinds if DECIMAL.fullmatch(key)]:
        raise ValueError(f"{path}: expected labels that name classes, got a number with decimals, {decimals[0]}")
    if whole and len(whole) < len(kinds):
        mixed = ", ".join(short(key) for key in [*sorted(whole), *sorted(kinds.keys() - set(whole))][:8])
        raise ValueError(f"{path}: expected labels that are all words or all whole numbers, got {mixed}")
    if whole and classes is None:
        order = ["0", "1"] if set(whole) <= {"0", "1"} else sorted(whole, key=int)
        names = CLASSES if order == ["0", "1"] else tuple(order)
    elif whole:
        order, names = [str(k) for k in range(len(classes or ()))], tuple(classes or ())
    else:
        order = [label_key(name) for name in classes] if classes else sorted(kinds)
        spellings = Counter(" ".join(label.split()) for _, _, label in pairs)
        best = {
            key: max((s for s in spellings if label_key(s) == key), key=spellings.__getitem__, default=key)
            for key in order
        }
        names = tuple(classes) if classes is not None else tuple(best[key] for key in order)
    if classes is not None and (set(kinds) - set(order) or len(set(order)) < max(2, len(order))):
        got = ", ".join(short(key) for key in sorted(kinds)[:10])
        raise ValueError(f"{path}: expected labels of the classes {', '.join(map(str, classes))}, got {got}")
    shown = " or ".join(order) if len(order) < 3 else f"{', '.join(order[:8])}{', ...' if len(order) > 8 else ''}"
    return Labels(names, {key: k for k, key in enumerate(order)}, shown, bool(whole))
