"""What is said about several layers over time: names, captions, answers, the numbers as a table."""

from __future__ import annotations

from collections.abc import Callable

from ..look.lettering import clip, quoted, share, signed
from .pages import Table, Tip
from .rows_plan import Plan, Row

MOST = 3  # lines of arithmetic at once


def name_of(sheet: Plan, row: Row) -> str:
    """What a row is called: a name, and after a comma the direction in which it reads."""
    deep = any(r.level for r in sheet.rows if r.writes == row.writes)
    number = f" {row.level + 1}" if deep else ""
    if row.writes:
        return f"decoder{number}"
    if row.pair:
        return f"backward{number}, right to left" if row.side else f"forward{number}, left to right"
    part = "encoder" if row.record.name.startswith("encoder") else "layer"
    return f"{part}{number}" if deep or part == "encoder" else "the layer"


def _short(sheet: Plan, row: Row) -> str:
    return name_of(sheet, row).split(",")[0]


def _who(sheet: Plan, row: Row) -> str:
    """The same in a sentence."""
    name = _short(sheet, row)
    return f"the {name}" if name in ("decoder", "encoder") else name


def read_by(sheet: Plan, t: int) -> str:
    """What a decoder reads at step t: the start symbol, then what it wrote."""
    return "start" if t == 1 else _written(sheet, t - 1)


def _written(sheet: Plan, t: int) -> str:
    return sheet.trace.classes[sheet.trace.written[t - 1]]


def answer(sheet: Plan, t: int) -> tuple[str, str, str]:
    """The answer at step t: its class, its probability as printed, and the address of that number ("" where the trace
    does not have it)."""
    trace = sheet.trace
    if sheet.answers == "end" and len(sheet.top) == 2:
        return "answer", "", ""  # it is made of two states of different steps, and no step's answer
    row = trace.probabilities[t - 1]
    k = trace.written[t - 1] if trace.written else int(row.argmax())
    likely = bool((trace.probabilities >= 0).all() and (trace.probabilities <= 1).all())
    return trace.classes[k], share(row[k]) if likely else signed(row[k]), f"p/{t}/{k}"


def lookup(sheet: Plan) -> Callable[[str], float]:
    """The number that an address names: "p/3/1" a probability at step 3, "2/3/1" a state of layer 2."""

    def value(address: str) -> float:
        name, t, k = address.split("/")
        if name == "p":
            return float(sheet.trace.probabilities[int(t) - 1, int(k)])
        return float(sheet.trace.layers[int(name)].states["h"][int(t), int(k)])

    return value


def caption(sheet: Plan, page: int) -> str:
    """What is computed on a page, in plain words."""
    now = sheet.now(page)
    if not now:
        return "The start: nothing has been read, and all states are at their first values."
    said = "; ".join(f"{_who(sheet, row)} {_does(sheet, row, t)}" for row, t in now)
    done = [t for t in sheet.answered if sheet.answered_when(t) == page]
    if not done:
        return f"Step {page} of {sheet.last}: {said}."
    if sheet.rows[-1].writes:
        text, number, _ = answer(sheet, done[0])
        return f"Step {page} of {sheet.last}: {said}, and writes {quoted(text)} ({number})."
    return f"Step {page} of {sheet.last}: {said}. {_answered(sheet, done)}"


def _answered(sheet: Plan, done: list[int]) -> str:
    if sheet.answers == "end":
        both = " It is made of the last state of each direction." if len(sheet.top) == 2 else ""
        return f"Now there is an answer.{both}"
    steps = " and ".join(str(t) for t in done)
    if len(sheet.top) == 2:
        which = f"Steps {steps} have" if len(done) > 1 else f"Step {steps} has"
        return f"{which} been reached from both sides: now there is an answer."
    return f"The answer after step {steps} is {quoted(answer(sheet, done[0])[0])}."


def _does(sheet: Plan, row: Row, t: int) -> str:
    below = sheet.level(row, -1)
    if below:
        what = f"reads state {t} of {_short(sheet, below[0])}"
        return f"reads both states of step {t} below" if len(below) == 2 else what
    if not row.writes:
        return f"reads {quoted(sheet.trace.tokens[t - 1])}"
    if t > 1:
        return f"reads {quoted(read_by(sheet, t))}, which it wrote"
    givers = sheet.giver(row)
    from_what = "what it was given" if not givers else "the encoder's last state"
    start = "the last state of each direction" if len(givers) == 2 else from_what
    return f"starts from {start} and reads the start symbol"


def note(sheet: Plan) -> str:
    if all(len(row.shown) == row.H for row in sheet.rows):
        return ""
    hidden = [f"{_short(sheet, r)}: {len(r.shown)} of {r.H}" for r in sheet.rows if len(r.shown) < r.H]
    return f"Units shown, those that move most: {'; '.join(hidden)}. The table has all."


def alternative(sheet: Plan) -> str:
    kinds = ", ".join(name_of(sheet, row).replace(",", "") for row in sheet.rows)
    read = clip(" ".join(clip(token, 130) for token in sheet.trace.tokens), 600)
    return (
        f"A network of {len(sheet.rows)} recurrent layers, from below: {kinds}. It reads {len(sheet.trace.tokens)} "
        f"words: {read}."
    )


def lines(sheet: Plan, page: int) -> tuple[str, ...]:
    return tuple(f"row/{row.number}" for row, _ in sheet.now(page)[:MOST])


def tips(sheet: Plan, page: int) -> dict[str, Tip]:
    return {f"row/{row.number}": _moves(sheet, row, t) for row, t in sheet.now(page)}


def _moves(sheet: Plan, row: Row, t: int) -> Tip:
    moved = {k: abs(row.value(t, k) - row.value(row.before(t), k)) for k in row.shown}
    k = max(moved, key=lambda unit: moved[unit])
    return (
        (f"{_short(sheet, row)}, unit {k + 1}", "soft"),
        ("moves most, from", ""),
        (signed(row.value(row.before(t), k)), row.address(row.before(t), k)),
        ("to", ""),
        (signed(row.value(t, k)), row.address(t, k)),
    )


def table(sheet: Plan) -> Table:
    steps = max(row.T for row in sheet.rows)
    rows = []
    for row in sheet.rows:
        for k in range(row.H):
            numbers = [signed(row.value(t, k)) for t in range(1, row.T + 1)]
            rows.append((f"{_short(sheet, row)}, unit {k + 1}", *numbers, *[""] * (steps - row.T)))
    return (("", *(f"step {t}" for t in range(1, steps + 1))), *rows)
