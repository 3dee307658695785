"""All units of a run at a glance: a strip of coloured cells, units downwards, time to the right. Chapters 03 and 06."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..trace import Trace
from . import asked
from .lettering import clip, quoted, signed
from .old_table import table
from .pages import Pages, Tip, checked, value
from .shapes import Element, canvas, cell, group, rect, words

LEFT, WIDTH, TOP, HEIGHT = 92, 740, 34, 230
MOST = 64  # units that have room
LONGEST = 60  # steps that have room
TOLD = 24  # units of which each has a line of its own
TITLE = "Every unit, at every step"


@asked.asks(trace=asked.kind(Trace), title=asked.text)
def heat_strip(trace: Trace, *, title: str = TITLE) -> Pages:
    """The hidden states h_0 .. h_T as colours on the fixed range -1..1, one page a step.

    Of more than 64 units those are shown that move most; of more than 60 steps the first 60. It says so. Of up to 24
    units each has its number at the present step. ValueError where the trace holds NaN or infinity. Chapters 03 and 06.
    """
    if not np.isfinite(trace.h).all():
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    steps = min(trace.T, LONGEST)
    moved = np.abs(np.diff(trace.h, axis=0)).sum(axis=0)
    units = sorted(int(k) for k in np.argsort(-moved, kind="stable")[:MOST])
    wide, high = min(WIDTH / (steps + 1), 46), min(HEIGHT / len(units), 20)
    alt = f"The states of {len(units)} units over {steps} steps, as colours."
    drawing = canvas(LEFT + wide * (steps + 1) + 130, TOP + max(high * len(units) + 28, 72), alt)
    drawing.extend(_background(trace, units, steps, wide, high))
    drawing.extend(group("page", *_page(trace, units, t, wide, high), data_t=str(t)) for t in range(steps + 1))
    cut = [f"{len(units)} of {trace.H} units are shown, those that move most."] if len(units) < trace.H else []
    cut += [f"The first {steps} of {trace.T} steps are shown."] if steps < trace.T else []
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(_caption(trace, units, t) for t in range(steps + 1)),
        tips=tuple(_tips(trace, units, t) for t in range(steps + 1)),
        lines=tuple((f"unit/{_mover(trace, units, t) + 1}",) if t else () for t in range(steps + 1)),
        table=table(trace),
        title=title,
        alt=alt,
        note=" ".join(cut),
    )
    return checked(pages, partial(value, trace))


def _mover(trace: Trace, units: list[int], t: int) -> int:
    return units[int(np.abs(trace.h[t, units] - trace.h[t - 1, units]).argmax())]


def _background(trace: Trace, units: list[int], steps: int, wide: float, high: float) -> Iterator[Element]:
    for place, k in enumerate(units):
        y = TOP + high * place
        ground = rect(LEFT - 1, y - 1, wide * (steps + 1) + 1.4, high + 1.4, "surface", 3)
        row = [cell(float(trace.h[t, k]), LEFT + wide * t, y, wide - 0.6, high - 0.6) for t in range(steps + 1)]
        yield group("row", ground, *row, **({"data_tip": f"unit/{k + 1}"} if len(units) <= TOLD else {}))
    high_enough = [k for place, k in enumerate(units) if not place or high >= 18]
    for k in {*high_enough, units[-1]} if high * (len(units) - 1) >= 16 else {units[0]}:
        y = TOP + high * units.index(k) + high / 2 + 5
        yield words(f"unit {k + 1}" if k in (units[0], units[-1]) else str(k + 1), LEFT - 8, y, "end soft")
    apart = next(n for n in (1, 2, 5, 10, 20) if n * wide >= 34 or n == 20)
    for t in range(0, steps + 1, apart):
        yield words(str(t) if t else "start", LEFT + wide * (t + 0.5), TOP + high * len(units) + 20, "mid soft tick")
    if steps >= 2 * apart:
        yield words("step t", LEFT + wide * (steps + 1) + 16, TOP + high * len(units) + 20, "soft")
    x = LEFT + wide * (steps + 1) + 16
    for place, (shade, label) in enumerate(((1.0, "+1"), (0.0, "0"), (-1.0, "−1"))):
        yield cell(shade, x, TOP + 24 * place, 16, 16)
        yield rect(x, TOP + 24 * place, 16, 16, "rest", 3)
        yield words(label, x + 24, TOP + 24 * place + 13, "soft tick")


def _page(trace: Trace, units: list[int], t: int, wide: float, high: float) -> Iterator[Element]:
    x, bottom = LEFT + wide * t, TOP + high * len(units)
    if t < min(trace.T, LONGEST):
        yield rect(x + wide, TOP - 2, wide * (min(trace.T, LONGEST) - t) + 2, bottom - TOP + 4, "veil")
    yield rect(x - 2, TOP - 3, wide + 3.4, bottom - TOP + 5.4, "now", 3)
    if t:
        at = min(max(x + wide / 2, LEFT + 50), LEFT + WIDTH - 50)
        yield words(clip(trace.tokens[t - 1], 150), at, TOP - 12, "mid big bold accent")
        row = TOP + high * units.index(_mover(trace, units, t))
        yield rect(x - 1, row - 1, wide + 1.4, high + 1.4, "mark", 2)


def _tips(trace: Trace, units: list[int], t: int) -> dict[str, Tip]:
    """The unit that moves most, and where they are few enough, all."""
    most = _mover(trace, units, t)
    told = units if len(units) <= TOLD else [most] if t else []
    return {f"unit/{k + 1}": _tip(trace, t, k, k == most) for k in told}


def _tip(trace: Trace, t: int, k: int, most: bool) -> Tip:
    head, now = (f"unit {k + 1}", "soft"), (signed(float(trace.h[t, k])), f"h/{t}/{k}")
    if not t:
        return (head, ("starts at", ""), now)
    moves = "moves most, from" if most else "from"
    return (head, (moves, ""), (signed(float(trace.h[t - 1, k])), f"h/{t - 1}/{k}"), ("to", ""), now)


def _caption(trace: Trace, units: list[int], t: int) -> str:
    if not t:
        return f"Step 0 of {trace.T}: the start, before anything has been read."
    k = _mover(trace, units, t)
    which = "of the units shown, " if len(units) < trace.H else ""
    return f"Step {t} of {trace.T}, {quoted(trace.tokens[t - 1])}: {which}unit {k + 1} moves most."
