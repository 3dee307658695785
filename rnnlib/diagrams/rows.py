"""Several layers over time: stacked, bidirectional, encoder and decoder. One row of states for each layer.

Words stand at the bottom, states go right (in a layer that reads backwards: left), and up to the next layer. Chapters
05 and 07.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..trace import LayerTrace, Trace
from .lettering import clip, quoted, signed
from .pages import Pages, Table, Tip, checked
from .palette import TEXT
from .shapes import Element, arrow, canvas, cell, cell_number, group, path, rect, symbol, words

LEFT, BOX, CELL, PAD, TOP, GAP = 140, 58, 20, 5, 40, 46
SHOWN = 4  # units that have their numbers
TITLE = "Which state feeds which?"


def layers(trace: Trace, *, notation: str = "h", title: str = TITLE) -> Pages:
    """All recurrent layers of a run, in the order in which they are computed, one page a step.

    trace: of a model over `Stacked` or `Bidirectional` layers, or an `EncoderDecoder`, or of one layer. A bidirectional
    pair reads from both ends at once, so that page t shows word t in one and word T + 1 - t in the other. In each layer
    the 4 units that move most have their numbers. notation: "h" or "a". ValueError for another, for a trace without a
    recurrent layer, or where it holds NaN or infinity. Chapters 05 and 07.
    """
    if notation not in ("h", "a"):
        raise ValueError(f'notation: expected "h" or "a", got {notation!r}')
    sheet = _Sheet(trace, notation)
    if not sheet.rows:
        raise ValueError("trace: expected a recurrent layer, got none")
    if not all(np.isfinite(row.record.states["h"]).all() for row in sheet.rows):
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    steps = range(sheet.last + 1)
    drawing = canvas(sheet.width, sheet.height, sheet.alt)
    drawing.extend(sheet.background())
    drawing.extend(group("page", *sheet.page(p), data_t=str(p)) for p in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(sheet.caption(p) for p in steps),
        tips=tuple(sheet.tips(p) for p in steps),
        lines=tuple(tuple(sheet.tips(p)) for p in steps),
        table=sheet.table(),
        title=title,
        alt=sheet.alt,
        note=sheet.note,
    )
    return checked(pages, sheet.lookup)


@dataclass(frozen=True)
class _Row:
    """One layer: `number` in the trace, what it is called, and after how many other steps it begins."""

    number: int
    record: LayerTrace
    name: str
    after: int

    @property
    def T(self) -> int:
        return len(self.record.x)

    def when(self, t: int) -> int:
        """The page on which its step t is computed."""
        return self.after + (self.T + 1 - t if self.record.reverse else t)

    def index(self, t: int) -> int:
        """Where the state after reading step t stands in `states`; t = 0 (T + 1 in reverse) is the first state."""
        return t - 1 if self.record.reverse else t

    @cached_property
    def shown(self) -> tuple[int, ...]:
        moved = np.abs(np.diff(self.record.states["h"], axis=0)).sum(axis=0)
        return tuple(sorted(int(k) for k in np.argsort(-moved, kind="stable")[:SHOWN]))

    def value(self, t: int, k: int) -> float:
        return float(self.record.states["h"][self.index(t), k])

    def before(self, t: int) -> int:
        return t + 1 if self.record.reverse else t - 1


class _Sheet:
    def __init__(self, trace: Trace, notation: str) -> None:
        self.trace, self.notation = trace, notation
        found = [(k, record) for k, record in enumerate(trace.layers) if "h" in record.states and record.kind != "tree"]
        first = next((len(record.x) for _, record in found if not record.name.startswith("decoder")), 0)
        self.rows = [
            _Row(k, record, _name(record, place), first if record.name.startswith("decoder") else 0)
            for place, (k, record) in enumerate(found, 1)
        ]
        self.T = max((row.after + row.T for row in self.rows), default=0)
        self.last = max((row.when(t) for row in self.rows for t in range(1, row.T + 1)), default=0)
        self.pitch = max(74, min(104, 740 // (self.T + 1)))
        self.box = 2 * PAD + (CELL + 1) * max((len(row.shown) for row in self.rows), default=1) - 1
        self.width = LEFT + self.pitch * (self.T + 1)
        self.height = TOP + len(self.rows) * (self.box + GAP) + 40
        kinds = ", ".join(row.name for row in self.rows)
        self.alt = (
            f"A network of {len(self.rows)} recurrent layers over {len(trace.tokens)} steps, from below: {kinds}."
        )
        hidden = [f"{row.name}: {len(row.shown)} of {row.record.states['h'].shape[1]}" for row in self.rows]
        fits = all(len(row.shown) == row.record.states["h"].shape[1] for row in self.rows)
        self.note = (
            "" if fits else f"Units with their numbers, those that move most: {'; '.join(hidden)}. The table has all."
        )

    def lookup(self, address: str) -> float:
        place, t, k = map(int, address.split("/"))
        return float(self.trace.layers[place].states["h"][t, k])

    def column(self, row: _Row, t: int) -> float:
        """The middle of the column of step t."""
        return LEFT + self.pitch * (row.after + t + 0.5)

    def y(self, row: _Row) -> float:
        place = self.rows.index(row)
        return TOP + (len(self.rows) - 1 - place) * (self.box + GAP)

    def background(self) -> Iterator[Element]:
        base = self.y(self.rows[0]) + self.box + GAP - 6
        for t in range(1, len(self.trace.tokens) + 1):
            x = self.column(self.rows[0], t)
            yield rect(x - self.pitch / 2 + 5, base, self.pitch - 10, 32, "panel", 16)
            yield words(clip(self.trace.tokens[t - 1], self.pitch - 26, TEXT), x, base + 21, "mid big")
        for row in self.rows:
            yield from self._labels(row)
            for t in range(1, row.T + 1):
                yield self._box(row, t)
                yield from self._arrows(row, t, base)
        yield from self._handed()
        yield from self._written()

    def _labels(self, row: _Row) -> Iterator[Element]:
        y = self.y(row)
        left = LEFT + self.pitch * row.after if row.after else 0
        at = left + self.pitch * 0.5 - 26 if row.after else LEFT - 14
        for k, line in enumerate(row.name.split(", ")):
            yield words(clip(line, 124), at, y + 20 + 19 * k, "end bold" if k == 0 else "end soft")

    def _box(self, row: _Row, t: int) -> Element:
        x, y = self.column(row, t) - BOX / 2, self.y(row)
        parts = [rect(x, y, BOX, self.box, "panel surface", 8)]
        for place, k in enumerate(row.shown):
            value, top = row.value(t, k), y + PAD + place * (CELL + 1)
            address = f"{row.number}/{row.index(t)}/{k}"
            parts.append(cell(value, x + PAD, top, BOX - 2 * PAD, CELL))
            parts.append(cell_number(value, signed(value), x + BOX / 2, top + 15, data_n=address))
        return group("cell", *parts, data_tip=f"row{row.number}/1", data_at=str(row.when(t)))

    def _arrows(self, row: _Row, t: int, base: float, cls: str = "flow") -> Iterator[Element]:
        x, middle, half = self.column(row, t), self.y(row) + self.box / 2, BOX / 2
        back, head = (-1 if row.record.reverse else 1), (9 if cls == "now" else 7)
        first = t == (row.T if row.record.reverse else 1)
        if not (first and row.after):
            yield arrow(x - back * (self.pitch - half - 3), middle, x - back * (half + 4), middle, cls, head)
        below = self._below(row)
        if below is None:  # it reads the words
            yield from self._from_word(row, x, base, cls, head)
        else:
            yield arrow(x, self.y(below) - 3, x, self.y(row) + self.box + 4, cls, head)

    def _from_word(self, row: _Row, x: float, base: float, cls: str, head: float) -> Iterator[Element]:
        end = self.y(row) + self.box + 4
        if row.after:
            return
        if self.rows.index(row) == 0:
            yield arrow(x, base - 3, x, end, cls, head)
        else:  # past the layer below, on its left
            side = x - BOX / 2 - 4
            yield path(f"M{side} {base - 3}V{end + 12}Q{side} {end + 6} {side + 8} {end + 6}", cls)
            yield arrow(side + 8, end + 6, x - BOX / 2 + 14, end + 1, cls, head)

    def _below(self, row: _Row) -> _Row | None:
        """The layer whose states this one reads; None where it reads the words."""
        place = self.rows.index(row)
        stem = row.record.name.rsplit(".", 1)[0]
        if place == 0 or row.record.name.endswith((".left", ".right")):
            return None
        below = self.rows[place - 1]
        return below if below.record.name.rsplit(".", 1)[0] == stem and below.after == row.after else None

    def _handed(self) -> Iterator[Element]:
        """From the encoder's last state to the decoder's first."""
        encoders = [row for row in self.rows if not row.after]
        for one, other in zip(encoders, [row for row in self.rows if row.after], strict=False):
            x0, y0 = self.column(one, one.T) + BOX / 2 + 3, self.y(one) + self.box / 2
            x1, y1 = self.column(other, 1) - BOX / 2 - 4, self.y(other) + self.box / 2
            middle = (x0 + x1) / 2 - 6
            yield path(f"M{x0} {y0}H{middle}V{y1}", "flow")
            yield arrow(middle, y1, x1, y1)
            yield words("handed over", middle + 8, (y0 + y1) / 2 + 5, "soft")

    def _written(self) -> Iterator[Element]:
        decoders = [row for row in self.rows if row.after]
        if not decoders:
            return
        row = decoders[-1]
        for t in range(1, row.T + 1):
            x, y = self.column(row, t), self.y(row)
            number = self.trace.written[t - 1] if t <= len(self.trace.written) else -1
            name = self.trace.classes[number] if 0 <= number < len(self.trace.classes) else "?"
            yield arrow(x, y - 3, x, y - 14)
            yield words(clip(name, self.pitch - 6), x, y - 19, "mid bold")

    # ---- pages

    def _now(self, p: int) -> list[tuple[_Row, int]]:
        return [(row, t) for row in self.rows for t in range(1, row.T + 1) if row.when(t) == p]

    def page(self, p: int) -> Iterator[Element]:
        for row in self.rows:
            for t in range(1, row.T + 1):
                if row.when(t) > p:
                    x = self.column(row, t)
                    yield rect(x - self.pitch / 2 + 1, self.y(row) - 36, self.pitch - 2, self.box + 36 + 4, "veil")
        base = self.y(self.rows[0]) + self.box + GAP - 6
        for row, t in self._now(p):
            x = self.column(row, t)
            yield rect(x - BOX / 2, self.y(row), BOX, self.box, "now", 8)
            yield from self._arrows(row, t, base, "now")
            index = f"<{t}>" if self.notation == "a" else str(t)
            above = self.notation == "a"
            yield symbol(self.notation, index, x + BOX / 2 + 4, self.y(row) + 14, "accent", above=above)
            if not row.after and self._below(row) is None:
                yield rect(x - self.pitch / 2 + 5, base, self.pitch - 10, 32, "now", 16)

    def caption(self, p: int) -> str:
        now = self._now(p)
        if not now:
            return "The start: nothing has been read, and all states are at their first values."
        said = []
        for row, t in now:
            reads = f"reads {quoted(self.trace.tokens[t - 1])}" if self._below(row) is None and not row.after else ""
            if row.after:
                reads = (
                    "starts from what the encoder hands over" if t == 1 else f"reads what was written at step {t - 1}"
                )
            name = row.name.split(",")[0]
            said.append(f"{name} {reads or f'reads the state {t} of the layer below'}")
        return f"Step {p} of {self.last}: {'; '.join(said)}."

    def tips(self, p: int) -> dict[str, Tip]:
        found: dict[str, Tip] = {}
        for row, t in self._now(p):
            moved = {k: abs(row.value(t, k) - row.value(row.before(t), k)) for k in row.shown}
            k = max(moved, key=lambda unit: moved[unit])
            before, after = (row.index(step) for step in (row.before(t), t))
            found[f"row{row.number}/1"] = (
                (row.name, "soft"),
                (f"unit {k + 1} moves most, from", ""),
                (signed(row.value(row.before(t), k)), f"{row.number}/{before}/{k}"),
                ("to", ""),
                (signed(row.value(t, k)), f"{row.number}/{after}/{k}"),
            )
        return found

    def table(self) -> Table:
        steps = max(row.T for row in self.rows)
        rows = []
        for row in self.rows:
            for k in range(row.record.states["h"].shape[1]):
                numbers = [signed(row.value(t, k)) for t in range(1, row.T + 1)]
                rows.append((f"{row.name}, unit {k + 1}", *numbers, *[""] * (steps - row.T)))
        return (("", *(f"step {t}" for t in range(1, steps + 1))), *rows)


def _name(record: LayerTrace, place: int) -> str:
    if record.name.endswith(".left"):
        return "forward, left to right"
    if record.name.endswith(".right"):
        return "backward, right to left"
    for part in ("encoder", "decoder"):
        if record.name.startswith(part):
            return part
    return f"layer {place}"
