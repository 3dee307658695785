"""One unit of an LSTM or a GRU as a picture of its equations, with its numbers at each step. Chapter 06.

The memory is a road on top; what reaches it passes a gate. Gates are bars from 0 to 1, states and candidates have
colours.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..trace import Trace
from .arithmetic import state_tip
from .captions import table
from .lettering import quoted, share, signed
from .pages import Pages, checked, value
from .shapes import Element, arrow, block, canvas, cell, cell_number, formula, group, path, pill, rect, words

WIDTH, HEIGHT = 820, 372
ROAD, GATE, JOIN, BUS = 84, 244, 164, 316  # heights: the road, the gates, where candidates join, the line below
LSTM = {"f": 210, "i": 330, "g": 440, "o": 570}
GRU = {"r": 210, "z": 330, "n": 500}
SAYS = {"f": "forget", "i": "input", "g": "candidate", "o": "output", "r": "reset", "z": "update", "n": "candidate"}


def lstm_cell(trace: Trace, *, unit: int = 1, notation: str = "h") -> Pages:
    """`c_t = f c_(t-1) + i g`, `h_t = o tanh(c_t)`: the cell state as a road on top, and what the gates let through.

    trace: of a model whose last recurrent layer is an LSTM; peepholes are drawn where it has them. unit: whose numbers
    are shown, from 1. notation: "h", or "a" for the state's letter. One page a step. ValueError for another kind of
    layer, a unit or notation that does not exist, NaN or infinity. Source: Hochreiter and Schmidhuber (1997), with the
    forget gate of Gers et al. (2000). Chapter 06.
    """
    return _pages(trace, "lstm", unit, notation, "One unit of an LSTM: a road, and three gates")


def gru_cell(trace: Trace, *, unit: int = 1, notation: str = "h") -> Pages:
    """`h_t = z h_(t-1) + (1 - z) n`: the state itself is the road, and z shares it out.

    trace: of a model whose last recurrent layer is a GRU, in either of its forms (the picture says which). unit,
    notation, ValueError: as in `lstm_cell`. Source: Cho et al. (2014). Chapter 06.
    """
    return _pages(trace, "gru", unit, notation, "One unit of a GRU: one state, two gates")


def _pages(trace: Trace, kind: str, unit: int, notation: str, title: str) -> Pages:
    if trace.kind != kind:
        raise ValueError(f"trace: expected that of {kind.upper()} units, got {trace.kind}")
    if notation not in ("h", "a"):
        raise ValueError(f'notation: expected "h" or "a", got {notation!r}')
    if isinstance(unit, bool) or not 1 <= unit <= trace.H:
        raise ValueError(f"unit: expected 1 to {trace.H}, got {unit!r}")
    if not all(np.isfinite(array).all() for array in (*trace.states.values(), *trace.gates.values())):
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    k, steps = unit - 1, range(trace.T + 1)
    alt = f"{title}. Unit {unit} of {trace.H}, over {trace.T} steps."
    drawing = canvas(WIDTH, HEIGHT, alt)
    drawing.extend(_lstm(trace, notation) if kind == "lstm" else _gru(trace, notation))
    drawing.extend(group("page", *_numbers(trace, kind, k, t), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(_caption(trace, kind, k, t) for t in steps),
        tips=tuple({f"state/{unit}": state_tip(trace, t, k, notation)} for t in steps),
        lines=tuple((f"state/{unit}",) for _ in steps),
        table=table(trace),
        title=title,
        alt=alt,
        note=f"Unit {unit} of {trace.H} is shown." if trace.H > 1 else "",
    )
    return checked(pages, partial(value, trace))


# ---- what never changes


def _node(label: str, x: float, y: float) -> Iterator[Element]:
    yield from pill(label, x, y, 30, 30, "panel surface")


def _gates(places: dict[str, int], notation: str) -> Iterator[Element]:
    """The gates and the candidate in a row, and below them the line that brings x and the state before."""
    for name, x in places.items():
        yield rect(x - 42, GATE - 24, 84, 48, "panel surface", 8)
        yield words(SAYS[name], x - 44, GATE + 44, "soft")
        yield formula(name, x + 34, GATE + 44)
        yield arrow(x, BUS, x, GATE + 52)
    yield path(f"M96 {BUS}H{max(places.values())}", "flow")
    before = "a^{<t−1>}" if notation == "a" else "h_{t−1}"
    yield from pill("x^{<t>}" if notation == "a" else "x_{t}", 60, BUS - 22, 72, 34)
    yield from pill(before, 60, BUS + 22, 72, 34)
    yield words("both reach every gate, each with its own weights", 110, BUS + 26, "soft")


def _lstm(trace: Trace, notation: str) -> Iterator[Element]:
    yield from _gates(LSTM, notation)
    yield formula("c_{t−1}", 40, ROAD - 26)
    yield arrow(92, ROAD, LSTM["f"] - 18, ROAD)
    yield from _node("×", LSTM["f"], ROAD)
    yield arrow(LSTM["f"], GATE - 26, LSTM["f"], ROAD + 18)
    yield arrow(LSTM["f"] + 17, ROAD, 367, ROAD)
    yield from _node("+", 385, ROAD)
    yield from _node("×", 385, JOIN)
    yield arrow(LSTM["i"], GATE - 26, 374, JOIN + 12)
    yield arrow(LSTM["g"], GATE - 26, 397, JOIN + 12)
    yield arrow(385, JOIN - 17, 385, ROAD + 18)
    yield arrow(402, ROAD, 708, ROAD)
    yield formula("c_{t}", 728, ROAD - 26)
    yield arrow(650, ROAD, 650, 114)
    yield from block("tanh", 650, 133, 62)
    yield arrow(650, 151, 650, 182)
    yield from _node("×", 650, 200)
    yield arrow(LSTM["o"] + 36, GATE - 22, 636, 209)
    yield arrow(667, 200, 708, 200)
    yield formula("a^{<t>}" if notation == "a" else "h_{t}", 728, 200 - 24)
    if any(name.endswith("W_ch") for name in trace.params):
        for name in ("f", "i"):
            yield path(f"M120 {ROAD}Q{LSTM[name] - 70} {JOIN} {LSTM[name] - 34} {GATE - 24}", "flow broken")
        yield path(f"M540 {ROAD}L{LSTM['o'] - 10} {GATE - 24}", "flow broken")
        yield words("broken lines: peepholes", 110, BUS + 48, "soft")


def _gru(trace: Trace, notation: str) -> Iterator[Element]:
    yield from _gates(GRU, notation)
    yield formula("a^{<t−1>}" if notation == "a" else "h_{t−1}", 40, ROAD - 26)
    yield arrow(92, ROAD, GRU["z"] - 18, ROAD)
    yield from _node("×", GRU["z"], ROAD)
    yield arrow(GRU["z"], GATE - 26, GRU["z"], ROAD + 18)
    yield arrow(GRU["z"] + 17, ROAD, GRU["n"] - 18, ROAD)
    yield from _node("+", GRU["n"], ROAD)
    yield from _node("×", GRU["n"], JOIN)
    yield arrow(GRU["n"], GATE - 26, GRU["n"], JOIN + 18)
    yield arrow(GRU["n"], JOIN - 17, GRU["n"], ROAD + 18)
    yield arrow(GRU["z"] + 40, GATE - 26, GRU["n"] - 16, JOIN + 8)
    yield words("1 − z", (GRU["z"] + GRU["n"]) / 2 - 22, JOIN + 16, "soft")
    yield arrow(GRU["n"] + 17, ROAD, 708, ROAD)
    yield formula("a^{<t>}" if notation == "a" else "h_{t}", 728, ROAD - 26)
    yield path(f"M{GRU['r']} {GATE - 26}V{GATE - 42}H{GRU['n'] - 64}V{GATE}", "flow")
    yield arrow(GRU["n"] - 64, GATE, GRU["n"] - 45, GATE)
    after = any(name.endswith("b_hn") for name in trace.params)
    form = "r times what the state gives: tanh( … + r (W_{hn} h + b_{hn}) )"
    if not after:
        form = "r times the state: tanh( … + W_{hn} (r h) )"
    yield words("the candidate:", 566, GATE - 4, "soft")
    for place, part in enumerate(form.split(": ")):
        yield formula(part, 566, GATE + 18 + 22 * place, "soft" if not place else "")


# ---- what is different on each page


def _value(trace: Trace, address: str, x: float, y: float) -> Iterator[Element]:
    """A state or a candidate: a coloured cell with its number."""
    v = value(trace, address)
    yield rect(x - 36, y - 14, 72, 28, "panel surface", 5)
    yield cell(v, x - 36, y - 14, 72, 28)
    yield cell_number(v, signed(v), x, y + 5, data_n=address)


def _gate(trace: Trace, address: str, x: float) -> Iterator[Element]:
    v = value(trace, address)
    yield words(share(v), x, GATE - 2, "mid big bold", data_n=address)
    yield rect(x - 34, GATE + 6, 68, 10, "panel", 4)
    yield rect(x - 34, GATE + 6, max(68 * v, 1), 10, "fill-ink", 4 if 68 * v > 8 else 1)


def _numbers(trace: Trace, kind: str, k: int, t: int) -> Iterator[Element]:
    places, road = (LSTM, "c") if kind == "lstm" else (GRU, "h")
    if not t:
        yield from _value(trace, f"{road}/0/{k}", 744, ROAD)
        if kind == "lstm":
            yield from _value(trace, f"h/0/{k}", 744, 200)
        return
    for name, x in places.items():
        if name in ("g", "n"):
            yield from _value(trace, f"{name}/{t}/{k}", x, GATE)
        else:
            yield from _gate(trace, f"{name}/{t}/{k}", x)
    yield from _value(trace, f"{road}/{t - 1}/{k}", 56, ROAD)
    yield from _value(trace, f"{road}/{t}/{k}", 744, ROAD)
    yield rect(744 - 36, ROAD - 14, 72, 28, "now", 5)
    if kind == "lstm":
        yield from _value(trace, f"h/{t}/{k}", 744, 200)
        yield rect(744 - 36, 200 - 14, 72, 28, "now", 5)


def _caption(trace: Trace, kind: str, k: int, t: int) -> str:
    if not t:
        return f"Step 0 of {trace.T}: the start, with the first state on the right. Nothing has been read."
    gate, road = ("f", "c") if kind == "lstm" else ("z", "h")
    kept = share(float(trace.gates[gate][t - 1, k]))
    before, after = (signed(float(trace.states[road][s, k])) for s in (t - 1, t))
    return (
        f"Step {t} of {trace.T}, {quoted(trace.tokens[t - 1])}: {gate} lets {kept} of the old {road} through; "
        f"{road} goes from {before} to {after}."
    )
