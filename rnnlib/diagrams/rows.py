"""Several layers over time: stacked, bidirectional, encoder and decoder. One row of states for each layer.

Words stand at the bottom, states go right (in a layer that reads backwards: left), and up to the next layer, answers
come out on top. Chapters 05 and 07.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .. import asked
from ..look.lettering import clip, signed
from ..look.palette import TEXT
from ..trace import Trace
from .pages import Pages, checked
from .rows_plan import BOX, CELL, PAD, WORD, Plan, Row, plan
from .rows_words import alternative, answer, caption, lines, lookup, name_of, note, read_by, table, tips
from .shapes import Element, arrow, bent, canvas, cell, cell_number, group, path, rect, symbol, words

TITLE = "Which state feeds which?"
SIDE, HEAD = 8, 6  # how far beside a box lines go past it; the room of an arrow's head
Corners = Sequence[tuple[float, float]]


@asked.asks(trace=asked.kind(Trace), notation=asked.notation, title=asked.text, answers=asked.text)
def layers(trace: Trace, *, notation: str = "h", answers: str = "steps", title: str = TITLE) -> Pages:
    """All recurrent layers of a run, in the order in which they are computed, one page a step.

    trace: of a model over `Recurrent`, `Bidirectional` or `Stacked` layers, of an `EncoderDecoder` or a `OneToMany`. A
    bidirectional pair reads from both ends at once: on page t one reads word t, the other word T + 1 - t; a layer above
    it has to wait for both. A decoder starts from the states that the encoder ends with. In each layer the units that
    move most have their numbers. notation: "h" or "a". answers: "steps", the most probable class after each step, as
    the trace has it; "end", one answer, from the last state of each direction (for a `ManyToOne`); "none". ValueError
    for others, for a trace with other layers, or where it holds NaN or infinity. Chapters 05 and 07.
    """
    if answers not in ("steps", "end", "none"):
        raise ValueError(f'answers: expected "steps", "end" or "none", got {answers!r}')
    sheet = plan(trace, answers)
    steps = range(sheet.last + 1)
    alt = alternative(sheet)
    drawing = canvas(sheet.width, sheet.height, alt)
    drawing.extend(_background(sheet))
    drawing.extend(group("page", *_page(sheet, page, notation), data_t=str(page)) for page in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(sheet, page) for page in steps),
        tips=tuple(tips(sheet, page) for page in steps),
        lines=tuple(lines(sheet, page) for page in steps),
        table=table(sheet),
        title=title,
        alt=alt,
        note=note(sheet),
        marks=tuple(f"step {page} / {sheet.last}" for page in steps),
    )
    return checked(pages, lookup(sheet))


def _background(sheet: Plan) -> Iterator[Element]:
    """What never changes: all states as they are when they have been computed, and what feeds them."""
    for row in sheet.rows:
        yield from _labels(sheet, row)
        for t in range(0 if row.writes else 1, row.T + 1):
            yield _box(sheet, row, t)
        for t in range(1, row.T + 1):
            yield from _fed(sheet, row, t, "flow")
        yield from _handed(sheet, row, "flow")
    for t in _read_steps(sheet):
        yield from _word(sheet, t)
    for t in sheet.answered:
        yield from _answer(sheet, t)


def _labels(sheet: Plan, row: Row) -> Iterator[Element]:
    y = sheet.y(row)
    if row.writes:
        yield words(name_of(sheet, row), sheet.x(row, 0), y - 9, "mid bold")
        return
    said = [
        *name_of(sheet, row).split(", "),
        *([f"{len(row.shown)} of {row.H} units"] if len(row.shown) < row.H else []),
    ]
    for place, line in enumerate(said):
        yield words(line, 8, y + 18 + 19 * place, "soft" if place else "bold")
    x, middle = sheet.x(row, row.first), y + row.height / 2
    back = -1 if row.record.reverse else 1
    yield words("start", x - back * (BOX / 2 + SIDE + 4), middle - 8, "soft" if row.record.reverse else "end soft")


def _box(sheet: Plan, row: Row, t: int) -> Element:
    x, y = sheet.x(row, t), sheet.y(row)
    parts = [rect(x - BOX / 2, y, BOX, row.height, "panel surface" + (" broken" if row.writes and not t else ""), 8)]
    for place, k in enumerate(row.shown):
        value, top = row.value(t, k), y + PAD + place * (CELL + 1)
        parts.append(cell(value, x - BOX / 2 + PAD, top, BOX - 2 * PAD, CELL))
        parts.append(cell_number(value, signed(value), x, top + 15, data_n=row.address(t, k)))
    return group("cell", *parts, data_tip=f"row/{row.number}", data_at=str(row.when(max(t, 1))))


def _head(cls: str) -> float:
    return 9 if cls == "now" else 7


def _bend(corners: Corners, cls: str) -> Iterator[Element]:
    yield from bent(corners, cls, _head(cls), 8)


def _fed(sheet: Plan, row: Row, t: int, cls: str) -> Iterator[Element]:
    """What step t of a row is computed from: its state before, and what stands below."""
    x, middle, back = sheet.x(row, t), sheet.y(row) + row.height / 2, -1 if row.record.reverse else 1
    begins = t == row.first and not row.writes
    start = x - back * (BOX / 2 + 46 if begins else sheet.pitch - BOX / 2 - 3)
    yield arrow(start, middle, x - back * (BOX / 2 + 4), middle, cls, _head(cls))
    if row.level:
        yield from _from_below(sheet, row, t, cls)
    else:
        yield from _up(sheet, row, x, sheet.ground - 3, cls)


def _up(sheet: Plan, row: Row, x: float, start: float, cls: str) -> Iterator[Element]:
    """Up into a row; into the upper one of a pair past the lower one, on its left."""
    end = sheet.y(row) + row.height + 4
    if row.side == 0:
        yield arrow(x, start, x, end, cls, _head(cls))
        return
    beside, turn = x - BOX / 2 - SIDE, end + 11
    yield from _bend([(beside, start), (beside, turn), (x - 12, turn), (x - 12, end)], cls)


def _from_below(sheet: Plan, row: Row, t: int, cls: str) -> Iterator[Element]:
    below, x = sheet.level(row, -1), sheet.x(row, t)
    if len(below) == 1:
        yield from _up(sheet, row, x, sheet.y(below[0]) - 3, cls)
        return
    middle = sheet.node(below[0])
    if row.side == 0 or cls == "now":
        yield from _joined(sheet, below, t, middle + 11, cls)
        yield rect(x - 24, middle - 10, 48, 20, "nowsoft now" if cls == "now" else "panel", 10)
        yield words("both", x, middle + 5, "mid")
    if row.side:  # past the lower one, out of the side of the place where they are joined
        end, beside = sheet.y(row) + row.height + 4, x - BOX / 2 - SIDE
        turn = end + 11
        yield from _bend([(x - 25, middle), (beside, middle), (beside, turn), (x - 12, turn), (x - 12, end)], cls)
    else:
        yield from _up(sheet, row, x, middle - 12, cls)


def _joined(sheet: Plan, rows: Sequence[Row], t: int, end: float, cls: str) -> Iterator[Element]:
    """Up from both rows of a pair to one place above them: the upper one straight, the lower one past it."""
    lower, upper = rows
    x, beside = sheet.x(upper, t), sheet.x(lower, t) + BOX / 2 + SIDE
    start, turn = sheet.y(lower) + 12, end + 11
    yield arrow(x, sheet.y(upper) - 3, x, end + 1, cls, _head(cls))
    corners = [(beside - SIDE + 1, start), (beside, start), (beside, turn), (x + 14, turn), (x + 14, end + 1)]
    yield from _bend(corners, cls)


def _handed(sheet: Plan, row: Row, cls: str) -> Iterator[Element]:
    """From the last states of the encoder to the first one of the decoder."""
    if not row.writes:
        return
    x, y = sheet.x(row, 0), sheet.y(row)
    givers = sheet.giver(row)
    if not givers:
        yield arrow(x, sheet.ground - 3, x, y + row.height + 4, cls, _head(cls))
    for giver in givers:
        if giver.record.reverse:  # its last state stands at the first word
            at, over = sheet.x(giver, giver.last), sheet.y(giver) - 15
            yield from _bend([(at, sheet.y(giver) - 3), (at, over), (x + 14, over), (x + 14, y - 26)], cls)
        else:
            middle = y + row.height / 2
            yield arrow(sheet.x(giver, giver.last) + BOX / 2 + 3, middle, x - BOX / 2 - 4, middle, cls, _head(cls))


def _read_steps(sheet: Plan) -> Iterator[int]:
    """All that is read: the words from 1, and below them (from -1 down) what a decoder reads."""
    readers = [row for row in sheet.rows if not row.writes]
    yield from range(1, (readers[0].T if readers else 1) + 1)
    if sheet.rows[-1].writes:
        yield from range(-1, -sheet.rows[-1].T - 1, -1)


def _word(sheet: Plan, step: int, now: bool = False) -> Iterator[Element]:
    row = sheet.rows[0] if step > 0 else sheet.rows[-1]
    x = sheet.x(row, abs(step)) if step < 0 or not row.writes else sheet.x(row, 0)
    text = sheet.trace.tokens[step - 1] if step > 0 else read_by(sheet, -step)
    cls = "nowsoft now" if now else "panel"
    again = " broken" if step < 0 and not now else ""
    yield rect(x - sheet.pill / 2, sheet.ground, sheet.pill, WORD, cls + again, WORD / 2)
    size = TEXT * (1.08 if now else 1)
    cls = "mid big bold" if now else "mid big" + (" soft" if step == -1 else "")
    yield words(clip(text, sheet.pill - 14, size), x, sheet.ground + 21, cls)


def _answer(sheet: Plan, t: int, now: bool = False) -> Iterator[Element]:
    """The most probable class at step t, with its probability, and what it is made of."""
    text, number, address = answer(sheet, t)
    sources, cls = sheet.sources(t), "now" if now else "flow"
    x, y = sheet.x(sheet.top[-1], t), sheet.answer_y()
    if len(sources) == 2 and sheet.answers == "steps":
        yield from _joined(sheet, sheet.top, t, y + 15, cls)
    else:
        for row, step in sources:
            yield from _to_answer(sheet, row, step, x, y + 15, cls)
    yield rect(x - sheet.pill / 2, y - 13, sheet.pill, 26, "nowsoft now" if now else "panel", 13)
    yield words(clip(text, sheet.pill - 12, TEXT), x, y + 5, "mid bold")
    if address:
        yield words(number, x, y - 17, "mid", data_n=address)
    if sheet.rows[-1].writes and t < sheet.top[0].T and not now:
        yield from _read_again(sheet, t)


def _to_answer(sheet: Plan, row: Row, step: int, x: float, end: float, cls: str) -> Iterator[Element]:
    """From the last state of a row to the one answer."""
    at, top = sheet.x(row, step), sheet.y(row) - 3
    if at == x and row == sheet.top[-1]:
        yield arrow(x, top, x, end + 1, cls, _head(cls))
    elif at == x:
        beside = x + BOX / 2 + SIDE
        corners = [(beside - SIDE + 1, sheet.y(row) + 12), (beside, sheet.y(row) + 12), (beside, end + 12)]
        yield from _bend([*corners, (x + 14, end + 12), (x + 14, end + 1)], cls)
    else:
        yield from _bend([(at, top), (at, end + 22), (x, end + 22), (x, end + 1)], cls)


def _read_again(sheet: Plan, t: int) -> Iterator[Element]:
    """What was written is read at the next step."""
    row = sheet.rows[-1]
    right, left = sheet.x(row, t) + sheet.pill / 2, sheet.x(row, t + 1) - sheet.pill / 2
    x, y, end = (right + left) / 2, sheet.answer_y(), sheet.ground + WORD / 2
    yield path(f"M{right + 1} {y}H{x}V{end}", "flow broken")
    yield arrow(x, end, left - 3, end, "flow", HEAD)


def _page(sheet: Plan, page: int, notation: str) -> Iterator[Element]:
    yield from _veils(sheet, page)
    now = sheet.now(page)
    reads = {(-t if row.writes else t) for row, t in now if not row.level}
    yield from (element for step in sorted(reads) for element in _word(sheet, step, True))
    for row, t in now:
        yield from _fed(sheet, row, t, "now")
        if t == 1:
            yield from _handed(sheet, row, "now")
    for row, t in now:
        x, y = sheet.x(row, t), sheet.y(row)
        yield rect(x - BOX / 2, y, BOX, row.height, "now", 8)
        index, above = (f"<{t}>", True) if notation == "a" else (str(t), False)
        yield symbol(notation, index, x + 8, y + row.height + 17, "accent", above=above)
    for t in sheet.answered:
        if sheet.answered_when(t) == page:
            yield from _answer(sheet, t, True)


def _veils(sheet: Plan, page: int) -> Iterator[Element]:
    """What has not been computed yet is pale; the lines between stay."""
    for row in sheet.rows:
        for t in range(0 if row.writes else 1, row.T + 1):
            if row.when(t) > page:
                yield rect(sheet.x(row, t) - BOX / 2 - 1, sheet.y(row) - 1, BOX + 2, row.height + 2, "veil")
    for step in _read_steps(sheet):
        row = sheet.rows[-1] if step < 0 else sheet.rows[0]
        x = sheet.x(row, 0 if row.writes and step > 0 else abs(step))
        last = min(r.when(abs(step)) for r in sheet.level(row)) if step < 0 or not row.writes else 0
        if last > page:
            yield rect(x - sheet.pill / 2 - 1, sheet.ground - 1, sheet.pill + 2, WORD + 2, "veil")
    for t in sheet.answered:
        if sheet.answered_when(t) > page:
            x = sheet.x(sheet.top[-1], t)
            yield rect(x - sheet.pill / 2 - 1, 0, sheet.pill + 2, sheet.answer_y() + 14, "veil")
