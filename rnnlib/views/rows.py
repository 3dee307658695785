"""Several layers over time: which state feeds which, and on which page each is computed. Chapters 05 and 07."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from ..checks import expect, one_of
from ..functions import FloatArray
from ..trace import LayerTrace, Trace

__all__ = ["Row", "Rows", "rows"]


@dataclass(frozen=True, eq=False)
class Row:
    """One recurrent layer. number: its place in the trace; level: how many layers lie under it; side: 0, or 1 for the
    second of a pair; after: how many pages come before its first step; column: where its first step stands."""

    number: int
    record: LayerTrace
    level: int
    side: int
    pair: bool
    after: int
    column: int

    @cached_property
    def h(self) -> FloatArray:
        """The states (T+1, H): row t after reading step t, row 0 before the first that it reads."""
        states = self.record.states["h"]
        return np.roll(states, 1, axis=0) if self.record.reverse else states

    @property
    def T(self) -> int:
        return len(self.record.x)

    @property
    def writes(self) -> bool:
        """Whether it belongs to the part that writes."""
        return self.record.name.split(".")[0] == "decoder"

    @property
    def first(self) -> int:
        """The step that it reads first."""
        return self.T if self.record.reverse else 1

    @property
    def last(self) -> int:
        return 1 if self.record.reverse else self.T

    @property
    def steps(self) -> range:
        """Those that have a state of their own; a decoder's begin with the one that it starts from."""
        return range(0 if self.writes else 1, self.T + 1)

    @property
    def back(self) -> int:
        """1, or -1 for one that reads from right to left."""
        return -1 if self.record.reverse else 1

    def when(self, t: int) -> int:
        """The page on which its step t is computed."""
        return self.after + (self.T + 1 - t if self.record.reverse else t)


@dataclass(frozen=True)
class Rows:
    """All rows of a trace, from below. answers: "steps", "end", "none"."""

    trace: Trace
    rows: tuple[Row, ...]
    answers: str

    def level(self, row: Row, step: int = 0) -> tuple[Row, ...]:
        """The rows of the same part, at its own level or `step` levels above."""
        return tuple(r for r in self.rows if r.writes == row.writes and r.level == row.level + step)

    def givers(self, row: Row) -> tuple[Row, ...]:
        """The rows whose last states a row of the decoder starts from."""
        return tuple(r for r in self.rows if row.writes and not r.writes and r.level == row.level)

    @property
    def top(self) -> tuple[Row, ...]:
        """The rows that the answers come from."""
        return self.level(self.rows[-1])

    @property
    def answered(self) -> range:
        """The steps that have an answer."""
        T = self.top[0].T
        return {"steps": range(1, T + 1), "end": range(T, T + 1), "none": range(0)}[self.answers]

    def sources(self, t: int) -> list[tuple[Row, int]]:
        """The states that the answer at step t is made of: in `answers="end"` the last of each row."""
        return [(row, row.last if self.answers == "end" else t) for row in self.top]

    def answered_when(self, t: int) -> int:
        return max(row.when(s) for row, s in self.sources(t))

    def name(self, row: Row) -> tuple[str, str]:
        """What a row is called, and the direction in which it reads."""
        deep = any(r.level for r in self.rows if r.writes == row.writes)
        number, coder = f" {row.level + 1}" if deep else "", row.record.name.startswith("encoder")
        if row.pair and not row.writes:
            return (f"backward{number}", "right to left") if row.side else (f"forward{number}", "left to right")
        return f"{'decoder' if row.writes else 'encoder' if coder else 'layer' if deep else 'the layer'}{number}", ""

    def symbol(self, t: int) -> str:
        """What a decoder reads at step t: the start symbol, then what it wrote."""
        return "start" if t == 1 else self.trace.classes[self.trace.written[t - 2]]

    def best(self, t: int) -> tuple[str, str]:
        """The answer at step t and the address of its number, "" for what is made of states of different steps."""
        if self.answers == "end" and len(self.top) == 2:
            return "answer", ""
        k = self.trace.written[t - 1] if self.trace.written else int(np.argmax(self.trace.probabilities[t - 1]))
        return self.trace.classes[k], f"p/{t}/{k}"

    def now(self, page: int) -> list[tuple[Row, int]]:
        """What is computed on a page."""
        return [(row, t) for row in self.rows for t in range(1, row.T + 1) if row.when(t) == page]


def rows(trace: Trace, answers: str = "steps") -> Rows:
    """What feeds what in this trace. ValueError where a layer is no recurrent one (or `Embedding`), for other answers,
    and for what is not finite."""
    one_of("answers", answers, ("steps", "end", "none"))
    odd = [r.kind for r in trace.layers if r.kind == "tree" or not (r.states or r.kind == "embedding")]
    none = odd or not any(r.states for r in trace.layers)
    expect(not none, f"trace: expected recurrent layers, got {odd[0] if odd else 'none'}")
    found = tuple(_rows([(k, r) for k, r in enumerate(trace.layers) if r.states]))
    finite = all(np.isfinite(row.h).all() for row in found) and np.isfinite(trace.logits).all()
    expect(finite, "trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    return Rows(trace, found, answers)


def _rows(found: list[tuple[int, LayerTrace]]) -> Iterator[Row]:
    after = column = 0
    for name, part in groupby(found, key=lambda pair: pair[1].name.split(".")[0]):
        levels = [[*level] for _, level in groupby(part, key=lambda pair: _stem(pair[1].name))]
        T = len(levels[0][0][1].x)
        column += name == "decoder"  # of the state that it starts from
        for level, several in enumerate(levels):
            if level and any(record.reverse for _, record in several + levels[level - 1]):
                after += T  # it has to wait for the whole level below
            for side, (number, record) in enumerate(several):
                yield Row(number, record, level, side, len(several) == 2, after, column)
        after, column = after + T, column + T


def _stem(name: str) -> str:
    return name.removesuffix(".left").removesuffix(".right")
