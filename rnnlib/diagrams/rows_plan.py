"""Several layers over time: which state feeds which, when each is computed, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from ..trace import LayerTrace, Trace

BOX, CELL, PAD = 58, 20, 5  # a column of states, a state, the room around
GAP, BESIDE = 46, 26  # between two levels, between the two rows of one level
JOIN = 30  # more, where two rows are joined before the next level reads them
TOP = 58  # of what is under the answers
WORD, UNDER = 32, 38  # a word, and the room between the words and the lowest row
LEFT, RIGHT = 128, 60


@dataclass(frozen=True)
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
    most: int

    @property
    def T(self) -> int:
        return len(self.record.x)

    @property
    def H(self) -> int:
        return int(self.record.states["h"].shape[1])

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

    def before(self, t: int) -> int:
        return t + 1 if self.record.reverse else t - 1

    def when(self, t: int) -> int:
        """The page on which its step t is computed."""
        return self.after + (self.T + 1 - t if self.record.reverse else t)

    def index(self, t: int) -> int:
        """Where the state after reading step t stands in `states`."""
        return t - 1 if self.record.reverse else t

    def value(self, t: int, k: int) -> float:
        return float(self.record.states["h"][self.index(t), k])

    def address(self, t: int, k: int) -> str:
        return f"{self.number}/{self.index(t)}/{k}"

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """The units that have room for their numbers: those that move most."""
        moved = np.abs(np.diff(self.record.states["h"], axis=0)).sum(axis=0)
        return tuple(sorted(int(k) for k in np.argsort(-moved, kind="stable")[: self.most]))

    @property
    def height(self) -> float:
        return 2 * PAD + (CELL + 1) * len(self.shown) - 1


@dataclass(frozen=True)
class Plan:
    """All rows of a trace, from below, and the places of everything, in px."""

    trace: Trace
    rows: tuple[Row, ...]
    answers: str

    def level(self, row: Row, step: int = 0) -> tuple[Row, ...]:
        """The rows of the same part, at its own level or `step` levels above."""
        return tuple(r for r in self.rows if r.writes == row.writes and r.level == row.level + step)

    def giver(self, row: Row) -> tuple[Row, ...]:
        """The rows whose last states a row of the decoder starts from."""
        if not row.writes:
            return ()
        return tuple(r for r in self.rows if not r.writes and r.level == row.level)

    @cached_property
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

    def now(self, page: int) -> list[tuple[Row, int]]:
        return [(row, t) for row in self.rows for t in range(1, row.T + 1) if row.when(t) == page]

    @cached_property
    def last(self) -> int:
        """The last page."""
        return max(row.after + row.T for row in self.rows)

    @cached_property
    def columns(self) -> int:
        return max(row.column + row.T for row in self.rows)

    @cached_property
    def pitch(self) -> int:
        return max(88, min(108, (860 - LEFT - RIGHT) // self.columns))

    @property
    def pill(self) -> int:
        """How wide a word is."""
        return self.pitch - 24 if self.rows[-1].writes else self.pitch - 12

    @cached_property
    def width(self) -> float:
        return LEFT + self.columns * self.pitch + RIGHT

    def x(self, row: Row, t: int) -> float:
        """The middle of the column of step t; of step 0 of a row that writes, of the state that it starts from."""
        return LEFT + self.pitch * (row.column + t - 0.5)

    @cached_property
    def _above(self) -> float:
        """The top of the highest row."""
        crossing = any(row.record.reverse and any(self.giver(r) for r in self.rows) for row in self.rows)
        titled = any(row.writes for row in self.rows)
        return (TOP + 34 if self.answered else 24 if titled else 6) + (18 if crossing else 0)

    def y(self, row: Row) -> float:
        """The top of a row's boxes. Both parts stand on the same ground."""
        return self.ground - UNDER - self._from_ground(row)

    def _from_ground(self, row: Row) -> float:
        under = [r for r in self.rows if r.writes == row.writes and (r.level, r.side) < (row.level, row.side)]
        return sum(r.height + self._gap(r) for r in under) + row.height

    def _gap(self, row: Row) -> float:
        """The room above a row, up to the next."""
        if row.pair and row.side == 0:
            return BESIDE
        return GAP + (JOIN if row.pair else 0)

    @cached_property
    def ground(self) -> float:
        """The top of the words."""
        return self._above + max(self._from_ground(row) for row in self.rows) + UNDER

    @cached_property
    def height(self) -> float:
        return self.ground + WORD + 6

    def node(self, below: Row) -> float:
        """The height of the place where the two rows of a level are joined."""
        return self.y(self.level(below)[-1]) - (GAP + JOIN) / 2

    def answer_y(self) -> float:
        """The middle of the answers' pills."""
        return TOP - 18


def plan(trace: Trace, answers: str) -> Plan:
    """What feeds what in this trace. ValueError where a layer is no recurrent one (or `Embedding`)."""
    odd = [r.kind for r in trace.layers if r.kind == "tree" or not (r.states or r.kind == "embedding")]
    if odd or not any(r.states for r in trace.layers):
        raise ValueError(f"trace: expected recurrent layers, got {odd[0] if odd else 'none'}")
    rows = list(_rows([(k, r) for k, r in enumerate(trace.layers) if r.states]))
    if not all(np.isfinite(row.record.states["h"]).all() for row in rows) or not np.isfinite(trace.logits).all():
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    return Plan(trace, tuple(rows), answers)


def _rows(found: list[tuple[int, LayerTrace]]) -> Iterator[Row]:
    parts = [list(part) for _, part in groupby(found, key=lambda pair: pair[1].name.split(".")[0])]
    tall = max(map(len, parts))
    most = {1: 8, 2: 5, 3: 4}.get(tall, 3)
    after = column = 0
    for part in parts:
        levels = [list(level) for _, level in groupby(part, key=lambda pair: _stem(pair[1].name))]
        column += 1 if part[0][1].name.split(".")[0] == "decoder" else 0  # of the state that it starts from
        for level, rows in enumerate(levels):
            if level and _backward(rows + levels[level - 1]):
                after += len(rows[0][1].x)  # it has to wait for the whole level below
            for side, (number, record) in enumerate(rows):
                yield Row(number, record, level, side, len(rows) == 2, after, column, most)
        after += len(part[0][1].x)
        column += len(part[0][1].x)


def _stem(name: str) -> str:
    return name.removesuffix(".left").removesuffix(".right")


def _backward(rows: list[tuple[int, LayerTrace]]) -> bool:
    return any(record.reverse for _, record in rows)
