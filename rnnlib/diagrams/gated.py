"""One unit of an LSTM or a GRU as a picture of its equations, with its numbers at each step. Chapter 06.

The memory is a road on top; what reaches it passes a gate. Gates are bars from 0 to 1, states and candidates have
colours. Two lines below bring the state before and what is read; a dot is where a line is tapped.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import asked
from ..look.lettering import clip, share, signed
from ..look.palette import TEXT
from ..trace import Trace
from .columns import at
from .gated_run import NAMES, SWITCHES, GatedRun, caption, note, table
from .pages import Pages, checked
from .shapes import (
    Element,
    arrow,
    block,
    canvas,
    cell,
    cell_number,
    formula,
    group,
    path,
    pill,
    rect,
    words,
)

WIDTH, HEIGHT = 860, 396
ROAD, CHIP, JOIN, GATE = 58, 116, 174, 258  # heights: the road, what comes up to it, where it is joined, the gates
STATE, INPUT = 336, 374  # heights of the two lines below
IN, OUT = 56, 800  # across: where states come in and go out
BLOCK = 116, 54
LSTM = {"f": 190, "i": 335, "g": 465, "o": 610}
GRU = {"z": 200, "r": 372, "n": 716}
ADD, TANH, RESET = 400, 700, 500  # across: where c is added up, where it goes out, where r acts


@asked.asks(
    trace=asked.kind(Trace),
    unit=asked.optional(asked.whole()),
    notation=asked.notation,
    layer=asked.optional(asked.text),
)
def lstm_cell(trace: Trace, *, unit: int | None = None, notation: str = "h", layer: str | None = None) -> Pages:
    """`c_t = f c_(t-1) + i g`, `h_t = o tanh(c_t)`: the cell state as a road on top, and what the gates let through.

    trace: of a model with an LSTM layer; peepholes are drawn where it has them. unit: whose numbers are shown, from 1;
    the one that moves most if None. notation: "h", or "a" for the state's letter. layer: the layer's name in the trace
    ("body.left"); the last recurrent one if None. A page a step, in the order in which the layer reads. ValueError for
    another kind of layer, a unit, notation or layer that does not exist, NaN or infinity. Source: Hochreiter and
    Schmidhuber (1997); forget gate: Gers et al. (2000); peepholes: Gers and Schmidhuber (2000). Chapter 06.
    """
    return _pages(trace, "lstm", unit, notation, layer, "One unit of an LSTM: a road, and three gates")


@asked.asks(
    trace=asked.kind(Trace),
    unit=asked.optional(asked.whole()),
    notation=asked.notation,
    layer=asked.optional(asked.text),
)
def gru_cell(trace: Trace, *, unit: int | None = None, notation: str = "h", layer: str | None = None) -> Pages:
    """`h_t = z h_(t-1) + (1 - z) n`: the state itself is the road, and z shares it out.

    trace: of a model with a GRU layer, drawn in the form that it has: r times what the state gives (PyTorch, Keras), or
    r times the state (the 2014 paper). unit, notation, layer, ValueError: as in `lstm_cell`. Source: Cho et al. (2014).
    Chapter 06.
    """
    return _pages(trace, "gru", unit, notation, layer, "One unit of a GRU: one state, two gates")


def _pages(trace: Trace, kind: str, unit: int | None, notation: str, layer: str | None, title: str) -> Pages:
    run = _run(trace, kind, notation, layer)
    k, steps = _unit(run, unit), range(run.T + 1)
    alt = f"{title}. Unit {k + 1} of {run.H}, over {run.T} steps."
    drawing = canvas(WIDTH, HEIGHT, alt)
    drawing.extend(_lstm(run, notation) if kind == "lstm" else _gru(run, notation))
    drawing.extend(group("page", *_numbers(run, k, t), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(run, k, t) for t in steps),
        tips=tuple(run.tips(t, k) for t in steps),
        lines=tuple(("state",) for _ in steps),
        table=table(run, k),
        title=title,
        alt=alt,
        note=note(run, k, unit),
    )
    return checked(pages, run.value)


def _run(trace: Trace, kind: str, notation: str, layer: str | None) -> GatedRun:
    named = {record.name: record for record in trace.layers if record.states}
    if layer is not None and layer not in named:
        raise ValueError(f"layer: expected one of {', '.join(named)}, got {layer!r}")
    record = trace.main if layer is None else named[layer]
    if record.kind != kind:
        raise ValueError(f"trace: expected that of {kind.upper()} units, got {record.kind}")
    run = GatedRun(trace, record, notation)
    numbers = (*run.states.values(), *run.gates.values(), record.from_input, record.from_state)
    if not all(np.isfinite(array).all() for array in numbers):
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    return run


def _unit(run: GatedRun, unit: int | None) -> int:
    if unit is None:
        moved = np.abs(np.diff(run.states["c" if "c" in run.states else "h"], axis=0)).sum(axis=0)
        return int(moved.argmax())
    if isinstance(unit, bool) or not isinstance(unit, (int, np.integer)) or not 1 <= unit <= run.H:
        raise ValueError(f"unit: expected 1 to {run.H}, got {unit!r}")
    return int(unit) - 1


# ---- the parts


def _node(label: str, x: float, y: float) -> list[Element]:
    return pill(label, x, y, 30, 30, "panel surface")


def _line(d: str, cls: str = "flow") -> Element:
    return path(d, cls)


def _dot(x: float, y: float) -> Element:
    return rect(x - 3, y - 3, 6, 6, "soft", 3)


def _tap(x: float, top: float, *lines: float, cls: str = "flow") -> Iterator[Element]:
    """Up from the lines below, each tapped with a dot."""
    yield arrow(x, max(lines), x, top, cls)
    yield from (_dot(x, y) for y in lines)


def _block(name: str, x: float) -> Iterator[Element]:
    """A gate's or a candidate's place, its letter and what it is called."""
    wide, high = BLOCK
    inside = [
        rect(x - wide / 2, GATE - high / 2, wide, high, "panel surface", 8),
        formula(name, x - wide / 2 + 12, GATE + 5),
    ]
    yield group("gate", *inside, words(NAMES[name], x + 9, GATE + high / 2 + 19, "soft"), data_tip=name)


# ---- the two cells


def _lstm(run: GatedRun, notation: str) -> Iterator[Element]:
    x = LSTM
    yield rect(100, ROAD - 25, TANH - 18, 50, "zone", 25)
    yield formula("c_{t−1}", IN, ROAD - 24, "mid")
    yield formula("c_{t}", OUT, ROAD - 24, "mid")
    yield formula(at("h", "t−1", notation), IN, STATE - 22, "mid")
    yield formula(at("h", "t", notation), OUT, JOIN + 28 - 24, "mid")
    for start, end in ((IN + 38, x["f"] - 18), (x["f"] + 17, 241), (305, ADD - 18), (ADD + 17, OUT - 42)):
        yield arrow(start, ROAD, end, ROAD)
    yield from _node("×", x["f"], ROAD) + _node("+", ADD, ROAD) + _node("×", ADD, JOIN)
    yield arrow(x["f"], GATE - 29, x["f"], ROAD + 18)
    yield arrow(x["i"], GATE - 29, ADD - 13, JOIN + 12)
    yield arrow(x["g"], GATE - 29, ADD + 13, JOIN + 12)
    yield arrow(ADD, JOIN - 17, ADD, CHIP + 14)
    yield arrow(ADD, CHIP - 14, ADD, ROAD + 18)
    yield from _out(run)
    yield _line(f"M{IN + 37} {STATE}H{x['o']}")
    yield _line(f"M{IN + 49} {INPUT}H{x['o']}")
    for name, place in x.items():
        yield from _block(name, place)
        yield from _tap(place, GATE + 30, STATE, INPUT)


def _out(run: GatedRun) -> Iterator[Element]:
    """From the road through tanh and the output gate to h; and the peepholes."""
    y = JOIN + 28
    yield _dot(TANH, ROAD)
    yield arrow(TANH, ROAD, TANH, 89)
    yield from block("tanh", TANH, 105, 62, 30)
    yield _line(f"M{TANH} 121V137")
    yield arrow(TANH, 163, TANH, y - 18)
    yield from _node("×", TANH, y)
    yield arrow(LSTM["o"] + 50, GATE - 29, TANH - 15, y + 11)
    yield arrow(TANH + 17, y, OUT - 42, y)
    if run.peepholes is None:
        return
    level, cls = GATE - 46, "flow broken"
    yield _dot(112, ROAD)
    yield _line(f"M112 {ROAD}V{level}H{LSTM['i'] - 34}", cls)
    for x in (LSTM["f"] - 34, LSTM["i"] - 34):
        yield arrow(x, level, x, GATE - 30)
    yield words("peepholes", LSTM["f"] + 10, level - 7, "soft")
    yield _dot(744, ROAD)
    yield _line(f"M744 {ROAD}V{GATE}H690", cls)
    yield arrow(690, GATE, LSTM["o"] + BLOCK[0] / 2 + 4, GATE)


def _gru(run: GatedRun, notation: str) -> Iterator[Element]:
    x = GRU
    yield rect(100, ROAD - 25, TANH - 18, 50, "zone", 25)
    yield formula(at("h", "t−1", notation), IN, ROAD - 24, "mid")
    yield formula(at("h", "t", notation), OUT, ROAD - 24, "mid")
    for start, end in ((IN + 38, x["z"] - 18), (x["z"] + 17, 251), (315, x["n"] - 18), (x["n"] + 17, OUT - 42)):
        yield arrow(start, ROAD, end, ROAD)
    yield from _node("×", x["z"], ROAD) + _node("+", x["n"], ROAD) + _node("×", x["n"], JOIN)
    yield arrow(x["z"], GATE - 29, x["z"], ROAD + 18)
    yield _dot(x["z"], JOIN)
    yield _line(f"M{x['z']} {JOIN}H267")
    yield words("1 − z", 300, JOIN - 20, "mid soft")
    yield arrow(333, JOIN, x["n"] - 18, JOIN)
    yield arrow(x["n"], GATE - 29, x["n"], JOIN + 18)
    yield arrow(x["n"], JOIN - 17, x["n"], CHIP + 14)
    yield arrow(x["n"], CHIP - 14, x["n"], ROAD + 18)
    yield _line(f"M{IN} {ROAD + 16}V{STATE}H{RESET if run.reset_after else RESET - 38}")
    yield _line(f"M{IN + 49} {INPUT}H{x['n']}")
    for name, place in x.items():
        yield from _block(name, place)
    for name in ("z", "r"):
        yield from _tap(x[name], GATE + 30, STATE, INPUT)
    yield from _tap(x["n"], GATE + 30, INPUT)
    yield from _reset(run, notation)


def _reset(run: GatedRun, notation: str) -> Iterator[Element]:
    """What r does on its way to the candidate, in the form that the layer has."""
    left, right = GRU["r"] + BLOCK[0] / 2 + 2, GRU["n"] - BLOCK[0] / 2 - 4
    before = at("h", "t−1", notation)
    W = "W_{hn}" if notation == "h" else "W_{an}"
    if run.reset_after:
        yield from _node("×", RESET, GATE)
        yield arrow(left, GATE, RESET - 18, GATE)
        yield _dot(RESET, STATE)
        yield _line(f"M{RESET} {STATE}V{GATE + 58}")
        yield arrow(RESET, GATE + 32, RESET, GATE + 18)
        yield formula(f"{W} {before} + b_{{{'hn' if notation == 'h' else 'an'}}}", RESET + 40, GATE + 50, "soft")
        yield _line(f"M{RESET + 17} {GATE}H548")
        yield arrow(612, GATE, right, GATE)
        return
    yield from _node("×", RESET - 38, GATE)
    yield arrow(left, GATE, RESET - 56, GATE)
    yield from _tap(RESET - 38, GATE + 18, STATE)
    yield arrow(RESET - 21, GATE, RESET + 2, GATE)
    yield from block(W, RESET + 30, GATE, 52, 32)
    yield _line(f"M{RESET + 57} {GATE}H572")
    yield arrow(636, GATE, right, GATE)


# ---- what is different on each page


def _chip(run: GatedRun, address: str, x: float, y: float, wide: float = 62, high: float = 24) -> Iterator[Element]:
    """A state, a candidate, or a part of one: a coloured cell with its number."""
    v = run.value(address)
    yield rect(x - wide / 2, y - high / 2, wide, high, "panel surface", 5)
    yield cell(v, x - wide / 2, y - high / 2, wide, high)
    yield cell_number(v, signed(v), x, y + 5, data_n=address)


def _state(run: GatedRun, address: str, x: float, y: float, *, now: bool = False) -> Iterator[Element]:
    yield from _chip(run, address, x, y, 72, 30)
    if now:
        yield rect(x - 36, y - 15, 72, 30, "now", 5)


def _gate(run: GatedRun, name: str, t: int, k: int, x: float) -> Iterator[Element]:
    v, address = run.value(f"{name}/{t}/{k}"), f"{name}/{t}/{k}"
    if name not in SWITCHES:
        yield from _chip(run, address, x + 17, GATE, 66, 28)
        return
    yield words(share(v), x + 46, GATE - 3, "end big bold", data_n=address)
    yield rect(x - 22, GATE + 6, 68, 10, "panel", 4)
    yield rect(x - 22, GATE + 6, max(68 * v, 1), 10, "fill-ink", 4 if 68 * v > 8 else 1)


def _numbers(run: GatedRun, k: int, t: int) -> Iterator[Element]:
    lstm = run.record.kind == "lstm"
    road, places = ("c", LSTM) if lstm else ("h", GRU)
    yield from _state(run, f"{road}/{t}/{k}", OUT, ROAD, now=True)
    if lstm:
        yield from _state(run, f"h/{t}/{k}", OUT, JOIN + 28, now=True)
    if not t:
        yield from _empty(run, lstm)
        return
    yield from _state(run, f"{road}/{t - 1}/{k}", IN, ROAD)
    if lstm:
        yield from _state(run, f"h/{t - 1}/{k}", IN, STATE)
    yield rect(IN - 48, INPUT - 17, 96, 34, "nowsoft now", 17)
    yield words(clip(run.tokens[t - 1], 84, TEXT * 1.08), IN, INPUT + 5, "mid big bold")
    for name, x in places.items():
        yield from _gate(run, name, t, k, x)
    for name, across, y in _between(run):
        address = f"{name}/{t}/{k}"
        if name == "1−z":
            yield rect(across - 32, y - 12, 64, 24, "panel surface", 5)
            yield words(share(run.value(address)), across, y + 5, "mid", data_n=address)
        else:
            yield from _chip(run, address, across, y)


def _empty(run: GatedRun, lstm: bool) -> Iterator[Element]:
    """The places of the numbers, before there are any."""
    states = [(IN, ROAD), *([(IN, STATE)] if lstm else [])]
    yield from (rect(x - 36, y - 15, 72, 30, "panel broken", 5) for x, y in states)
    yield from (rect(x - 31, y - 12, 62, 24, "panel broken", 5) for _, x, y in _between(run))
    yield rect(IN - 48, INPUT - 17, 96, 34, "panel broken", 17)


def _between(run: GatedRun) -> list[tuple[str, float, float]]:
    """The numbers on the way from the gates to the states, and where they stand."""
    if run.record.kind == "lstm":
        return [("f×c", 273, ROAD), ("i×g", ADD, CHIP), ("tanh c", TANH, 150)]
    on_the_way: list[tuple[str, float, float]] = [
        ("z×h", 283, ROAD), ("1−z", 300, JOIN), ("(1−z)×n", GRU["n"], CHIP)
    ]  # fmt: skip
    if run.reset_after:
        return [*on_the_way, ("u", RESET, GATE + 45), ("reset", 580, GATE)]
    return [*on_the_way, ("reset", 604, GATE)]
