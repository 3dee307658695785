"""How much of a gradient at the last step arrives at step t: the norm of dh_T/dh_t, and what tanh lets through.

Read from right to left, as the gradient flows. Chapter 04.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from .. import asked
from ..checks import as_flag
from ..flow import GradientFlow, largest_singular_value, spectral_radius
from ..functions import FloatArray
from ..look.lettering import clean, share, size
from ..look.scale import SUPERSCRIPTS, Scale
from .chart import Axes, apart, curve, frame, level, points
from .pages import Answer, Pages, Question, Tip, checked
from .shapes import Element, arrow, canvas, coordinate, formula, group, path, rect, words

__all__ = ["vanish"]

TITLE = "How much of a gradient at the end arrives at step t?"
DECADES = 12  # of the scale, up and down
WIDTH, HEIGHT = 690, 356  # narrow enough for 768 px with a notebook around it
DECADE_TICKS = {10.0**k: f"10{str(k).translate(SUPERSCRIPTS)}" if k else "1" for k in range(-DECADES, DECADES + 1, 4)}
LEFT, RIGHT = 66, 432  # of both curves
READOUT, SIZE, SLOPE, ROWS = 466, 596, 684, 308  # columns of the numbers at t, and where they begin
PLANE = 576, 134, 45.0  # of the eigenvalues: the middle, and px for 1
NOTE = (
    "The norm of a Jacobian is its largest singular value: the most that a gradient of length 1 on the last state can "
    "be when it arrives. 1.8e+04 is 18,000. Both networks have the same weights and read the same input."
)
VERDICTS = ("explodes", "neither vanishes nor explodes", "vanishes")


@dataclass(frozen=True)
class Look:
    """What is drawn: the runs by the name of their activation, and the one that was chosen."""

    flows: Mapping[str, GradientFlow]
    norms: Mapping[str, FloatArray]
    slopes: Mapping[str, FloatArray]  # their means
    W: FloatArray
    chosen: str

    @property
    def T(self) -> int:
        return self.flows[self.chosen].T

    @cached_property
    def order(self) -> list[str]:
        """The chosen run first."""
        return [self.chosen, *(name for name in self.flows if name != self.chosen)]

    @cached_property
    def top(self) -> Axes:
        decades = Scale(10.0**-DECADES, 10.0**DECADES, "log")
        return Axes(LEFT, 44, RIGHT - LEFT, 180, Scale(0, self.T), decades)

    @cached_property
    def below(self) -> Axes:
        return Axes(LEFT, 260, RIGHT - LEFT, 64, Scale(0, self.T), Scale(0, 1))

    @cached_property
    def steady(self) -> set[str]:
        """The runs whose slopes are the same at every step, as without an activation."""
        return {name for name, slopes in self.slopes.items() if np.ptp(slopes) == 0}

    def value(self, address: str) -> float:
        """The number that an address names, from the library's records: "norm/3/tanh"."""
        name, step, which = address.split("/")
        t = int(step)
        if name in ("radius", "stretch"):
            return spectral_radius(self.W) if name == "radius" else largest_singular_value(self.W)
        norm = self.norms[which]
        if name == "slope":
            return float(self.slopes[which][t - 1])
        if name == "mean":
            return float(self.flows[which].slopes.mean())
        return float(norm[t] / norm[t + 1] if name == "factor" else norm[t])


@asked.asks(flows=asked.some(GradientFlow), W=asked.numbers(2), activation=asked.text, ask=as_flag, title=asked.text)
def vanish(
    flows: Mapping[str, GradientFlow], W: FloatArray, *, activation: str = "tanh", ask: bool = False, title: str = TITLE
) -> Pages:
    """The way of a gradient from the last state back to the first, as T+1 pages that are read backward.

    flows: activation -> `flow.gradient_flow` of a plain cell with it, all with the weights W (H, H) and over the same
    input. activation: the one that is drawn strongly. ask: whether the reader has to say first how it ends.
    ValueError for an activation that is not there, runs of different lengths, a cell with gates. Chapter 04.
    """
    look = _look(flows, W, activation)
    steps = range(look.T + 1)
    alt = _alternative(look)
    drawing = canvas(WIDTH, HEIGHT, alt)
    drawing.extend(_background(look))
    questions = _questions(look) if ask else (None,) * len(steps)
    drawing.extend(group("page", *_page(look, t, questions[t] is not None), data_t=str(t)) for t in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(_caption(look, t) for t in steps),
        tips=tuple({f"norm/{name}": _tip(look, t, name) for name in look.order} for t in steps),
        lines=((f"norm/{activation}",),) * len(steps),
        table=_table(look),
        title=clean(title),
        alt=alt,
        note=NOTE,
        marks=tuple(f"t = {t} / {look.T}" for t in steps),
        questions=questions,
        backward=True,
    )
    return checked(pages, cache(look.value))


def _look(flows: Mapping[str, GradientFlow], W: FloatArray, activation: str) -> Look:
    if activation not in flows:
        raise ValueError(f"activation: expected one of {', '.join(flows)}, got {activation!r}")
    if len({flow.T for flow in flows.values()}) > 1:
        raise ValueError("flows: expected runs of the same length")
    if any(len(flow.slopes) != flow.T for flow in flows.values()):
        raise ValueError("flows: expected plain cells, which have slopes, got one with gates")
    if not all(np.isfinite(flow.jacobians["h"]).all() for flow in flows.values()):
        raise ValueError("flows: expected finite numbers, got NaN or infinity")
    norms = {name: flow.norms["h"] for name, flow in flows.items()}
    slopes = {name: flow.mean_slopes for name, flow in flows.items()}
    return Look(flows, norms, slopes, np.asarray(W), activation)


# ---- what is drawn


def _background(look: Look) -> Iterator[Element]:
    ticks = {float(t): str(t) for t in range(look.T + 1)} if look.T < 6 else None
    yield from frame(look.top, x_ticks=(), y_ticks=DECADE_TICKS)
    yield formula(f"size of  dh_{{{look.T}}}/dh_{{t}}", LEFT, 24)
    yield words("log scale", LEFT + 116, 24, "soft")
    yield words("back in time", RIGHT - 58, 24, "end soft")
    yield arrow(RIGHT - 4, 19, RIGHT - 50, 19)
    yield from frame(look.below, x_ticks=ticks, y_ticks=(0, 0.5, 1))
    yield words("mean slope of the activation", LEFT, 248)
    yield words("step t", LEFT - 10, look.below.bottom + 20, "end soft")
    yield level(look.top, 1.0)
    t = list(range(look.T + 1))
    for name in reversed(look.order):
        tone, thick = ("ink", True) if name == look.chosen else ("soft", False)
        yield group("", curve(look.top, t, look.norms[name].tolist(), tone, thick=thick), data_tip=f"norm/{name}")
        yield curve(look.below, t[1:], look.slopes[name].tolist(), tone, thick=thick)
        if look.T == 1:
            yield from points(look.below, t[1:], look.slopes[name].tolist(), tone)
    yield from _names(look)
    yield from _plane(look)
    yield words("size", SIZE, ROWS, "end soft")
    yield words("mean slope", SLOPE, ROWS, "end soft")
    for place, name in enumerate(look.order):
        yield words(name, READOUT, ROWS + 21 * (place + 1), "bold" if name == look.chosen else "soft")
        if name in look.steady:
            yield _slope(look, 1, name, place)


def _names(look: Look) -> Iterator[Element]:
    """What each curve is called, beside its left end: above a rising one, below a falling one."""
    ends = [float(look.norms[name][0]) for name in look.order]
    places = [look.top.py(end) + (22 if end < 1 else -10) for end in ends]
    low, high = look.top.y + 14, look.top.bottom - 8
    places = [min(max(place, low), high) for place in places]
    for name, place, shift, end in zip(look.order, places, apart(places), ends, strict=True):
        cls = "bold" if name == look.chosen else "soft"
        beyond = "" if abs(np.log10(end or 1e-300)) <= DECADES else ", beyond the scale"
        yield words(name + beyond, LEFT + 10, place + shift, cls, data_tip=f"norm/{name}")


def _plane(look: Look) -> Iterator[Element]:
    """The eigenvalues of W_hh in the plane of complex numbers, with the circles of radius 1 and of the largest."""
    x, y, unit = PLANE
    radius = look.value("radius/0/0")
    yield formula("eigenvalues of W_{hh}", x - 96, 22, "")
    yield path(f"M{x - 100} {y}H{x + 100}M{x} {y - 100}V{y + 100}", "grid")
    yield rect(x - unit, y - unit, 2 * unit, 2 * unit, "flow broken", unit)
    yield words("1", x + unit + 5, y - 6, "soft tick")
    if 0 < radius * unit < 110:
        yield rect(x - radius * unit, y - radius * unit, 2 * radius * unit, 2 * radius * unit, "mark", radius * unit)
    for value in np.linalg.eigvals(look.W):
        across, down = x + unit * value.real, y - unit * value.imag
        yield rect(across - 3, down - 3, 6, 6, "fill-ink", 3)
    for place, (name, said) in enumerate({"radius": "spectral radius", "stretch": "largest singular value"}.items()):
        yield words(said, READOUT, 256 + 20 * place, "soft")
        yield words(share(look.value(f"{name}/0/0")), SLOPE, 256 + 20 * place, "end bold", data_n=f"{name}/0/0")


def _page(look: Look, t: int, asked: bool) -> Iterator[Element]:
    """The cursor, what the gradient has not reached yet in pale, the numbers at t."""
    x, top, bottom = look.top.px(t), look.top.y, look.below.bottom
    if asked:
        yield path(_rows(look, LEFT - 3, RIGHT + 3), "cover surface")
        yield words("?", (LEFT + RIGHT) / 2, 139, "cover mid bold big")
    if t:
        yield path(_rows(look, LEFT - 1, x), "veil")
    line = f"M{coordinate(x)} {top}V{look.top.bottom}M{coordinate(x)} {look.below.y}V{bottom}"
    yield path(line, "now")
    y = look.top.py(float(look.norms[look.chosen][t]))
    yield rect(x - 5, y - 5, 10, 10, "nowsoft now", 5)
    yield words(f"at t = {t}", READOUT, ROWS, "accent bold")
    for place, name in enumerate(look.order):
        down, cls = ROWS + 21 * (place + 1), "end bold" if name == look.chosen else "end soft"
        yield words(size(look.norms[name][t]), SIZE, down, cls, data_n=f"norm/{t}/{name}")
        if t and name not in look.steady:
            yield _slope(look, t, name, place)


def _slope(look: Look, t: int, name: str, place: int) -> Element:
    cls = "end bold" if name == look.chosen else "end soft"
    return words(share(look.slopes[name][t - 1]), SLOPE, ROWS + 21 * (place + 1), cls, data_n=f"slope/{t}/{name}")


def _rows(look: Look, start: float, end: float) -> str:
    """Both fields from one place across to another."""
    return "".join(
        f"M{coordinate(start)} {axes.y - 4}H{coordinate(end)}V{axes.bottom - 1}H{coordinate(start)}Z"
        for axes in (look.top, look.below)
    )


# ---- what is said


def _tip(look: Look, t: int, name: str) -> Tip:
    """From the step after to this one."""
    here = (size(look.norms[name][t]), f"norm/{t}/{name}")
    if t == look.T:
        return ((name, "soft"), ("the gradient on the last state itself:", ""), here)
    if look.norms[name][t + 1] == 0:
        return ((name, "soft"), ("nothing of it is left:", ""), here)
    after = (size(look.norms[name][t + 1]), f"norm/{t + 1}/{name}")
    return (
        (name, "soft"),
        after,
        (f"at t = {t + 1}", "soft"),
        ("×", ""),
        (share(look.value(f"factor/{t}/{name}")), f"factor/{t}/{name}"),
        ("by W_hh and the slopes, on average", "soft"),
        (share(look.value(f"slope/{t + 1}/{name}")), f"slope/{t + 1}/{name}"),
        ("=", ""),
        here,
        (f"at t = {t}", "soft"),
    )


def _caption(look: Look, t: int) -> str:
    name, T = look.chosen, look.T
    here = size(look.norms[name][t])
    if t == T:
        return f"The gradient starts at the last state, h_{T}, with size 1, and flows back: to the left."
    if t:
        back = "1 step" if T - t == 1 else f"{T - t} steps"
        return f"{back} back, at t = {t}, its size is {here} in the {name} network. {_compared(look, t)}"
    radius = look.value("radius/0/0")
    side = "above" if radius > 1.005 else "below" if radius < 0.995 else "at"
    verdict = _verdict(float(look.norms[name][0]))
    slopes = f" The slopes were {share(look.value(f'mean/0/{name}'))} on average." if name != "linear" else ""
    end = f"In the {name} network the gradient {verdict}: {here} is left at t = 0.{slopes}"
    return f"The radius is {share(radius)}, {side} 1. {end} {_compared(look, 0)}"


def _compared(look: Look, t: int) -> str:
    others = [f"In the {name} one, with the same weights: {size(look.norms[name][t])}." for name in look.order[1:]]
    return " ".join(others)


def _verdict(left: float) -> str:
    """What is said of a gradient that began with size 1."""
    return VERDICTS[0 if left > 10 else 2 if left < 0.1 else 1]


def _questions(look: Look) -> tuple[Question | None, ...]:
    """Asked at the end of the sequence, where the gradient starts."""
    name, radius = look.chosen, look.value("radius/0/0")
    right = VERDICTS.index(_verdict(float(look.norms[name][0])))
    above = "above 1" if radius > 1 else "not above 1"
    prompt = (
        f"The spectral radius of W_hh is {share(radius)}: {above}. This is the {name} network. The gradient starts at "
        "the last state with size 1 and flows back to t = 0. How much arrives there?"
    )
    alone = "That is what W_hh alone does: the thin curve, the same weights without tanh." if name == "tanh" else ""
    why = (
        f"At each step back the gradient is multiplied by W_hh and by the slopes of the activation, in the {name} "
        f"network {share(look.value(f'mean/0/{name}'))} on average. Both together decide, not the radius alone."
    )
    texts = ("more than 10 times as much", "about as much: between 0.1 and 10", "less than a tenth")
    replies = [why if k == right else alone if k == 0 else "" for k in range(3)]
    answers = tuple(Answer(text, reply) for text, reply in zip(texts, replies, strict=True))
    return (*(None,) * look.T, Question(prompt, answers, right))


def _alternative(look: Look) -> str:
    return (
        f"The size of the gradient of the last state on the state at each of {look.T} steps, on a log scale, with "
        f"{' and with '.join(look.order)}; below it the mean slope; on the right the eigenvalues of the weights."
    )


def _table(look: Look) -> tuple[tuple[str, ...], ...]:
    steps = range(look.T + 1)
    rows = [("", *(f"t = {t}" for t in steps))]
    for name in look.order:
        rows.append((f"size, {name}", *(size(v) for v in look.norms[name])))
        rows.append((f"mean slope, {name}", "", *(share(v) for v in look.slopes[name])))
    return tuple(rows)
