"""All units of a run at a glance: a strip of coloured cells, units downwards, time to the right. Chapters 03 and 06."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..trace import Trace
from .captions import table
from .lettering import clip, quoted, signed
from .pages import Pages, checked, value
from .shapes import Element, canvas, cell, group, rect, words

LEFT, WIDTH, TOP, HEIGHT = 92, 740, 34, 230
MOST = 64  # units that have room
LONGEST = 60  # steps that have room
TITLE = "Every unit, at every step"


def heat_strip(trace: Trace, *, title: str = TITLE) -> Pages:
    """The hidden states h_0 .. h_T as colours on the fixed range -1..1, one page a step.

    Of more than 64 units those are shown that move most; of more than 60 steps the first 60. It says so. ValueError
    where the trace holds NaN or infinity. Chapters 03 and 06.
    """
    if not np.isfinite(trace.h).all():
        raise ValueError("trace: expected finite numbers, got NaN or infinity; did the training diverge?")
    steps = min(trace.T, LONGEST)
    moved = np.abs(np.diff(trace.h, axis=0)).sum(axis=0)
    units = sorted(int(k) for k in np.argsort(-moved, kind="stable")[:MOST])
    wide, high = min(WIDTH / (steps + 1), 46), min(HEIGHT / len(units), 20)
    alt = f"The states of {len(units)} units over {steps} steps, as colours."
    drawing = canvas(LEFT + wide * (steps + 1) + 130, TOP + high * len(units) + 34, alt)
    drawing.extend(_background(trace, units, steps, wide, high))
    drawing.extend(group("page", *_page(trace, units, t, wide, high), data_t=str(t)) for t in range(steps + 1))
    cut = [f"{len(units)} of {trace.H} units are shown, those that move most."] if len(units) < trace.H else []
    cut += [f"The first {steps} of {trace.T} steps are shown."] if steps < trace.T else []
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(_caption(trace, units, t) for t in range(steps + 1)),
        tips=tuple({"unit/1": _tip(trace, units, t)} if t else {} for t in range(steps + 1)),
        lines=tuple(("unit/1",) if t else () for t in range(steps + 1)),
        table=table(trace),
        title=title,
        alt=alt,
        note=" ".join(cut),
    )
    return checked(pages, partial(value, trace))


def _mover(trace: Trace, units: list[int], t: int) -> int:
    return max(units, key=lambda k: (abs(trace.h[t, k] - trace.h[t - 1, k]), -k))


def _background(trace: Trace, units: list[int], steps: int, wide: float, high: float) -> Iterator[Element]:
    for place, k in enumerate(units):
        for t in range(steps + 1):
            yield cell(float(trace.h[t, k]), LEFT + wide * t, TOP + high * place, wide - 0.6, high - 0.6)
    yield words(f"unit {units[0] + 1}", LEFT - 8, TOP + 13, "end soft")
    if len(units) > 1:
        yield words(f"unit {units[-1] + 1}", LEFT - 8, TOP + high * len(units) - 2, "end soft")
    yield words("start", LEFT, TOP + high * len(units) + 20, "soft")
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


def _tip(trace: Trace, units: list[int], t: int) -> tuple[tuple[str, str], ...]:
    k = _mover(trace, units, t)
    before, after = float(trace.h[t - 1, k]), float(trace.h[t, k])
    return (
        (f"unit {k + 1}", "soft"),
        ("moves most, from", ""),
        (signed(before), f"h/{t - 1}/{k}"),
        ("to", ""),
        (signed(after), f"h/{t}/{k}"),
    )


def _caption(trace: Trace, units: list[int], t: int) -> str:
    if not t:
        return f"Step 0 of {trace.T}: the start, before anything has been read."
    k = _mover(trace, units, t)
    return f"Step {t} of {trace.T}, {quoted(trace.tokens[t - 1])}: of the units shown, unit {k + 1} moves most."
