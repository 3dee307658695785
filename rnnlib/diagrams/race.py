"""The memory race, lag by lag: who still names the digit that was shown so many steps before. Chapter 06."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .. import asked
from ..book.race import Race, Result
from ..checks import as_flag
from ..look.lettering import share
from ..look.scale import Scale
from .chart import FILLS, Axes, apart, band, cursor, curve, end_label, frame, level, points
from .pages import Pages, checked
from .race_words import NOTE, alternative, caption, lines, question, table, tips
from .shapes import Element, arrow, canvas, group, rect, words

__all__ = ["memory_race"]

WIDTH, HEIGHT = 700, 372  # narrow enough for 768 px with a notebook around it
TOP, BOTTOM, LEFT, RIGHT = 92, 322, 44, 372  # of the first field
COLUMN, COLUMNS = 448, (556, 604, 646, 698)  # of the numbers: their kind, and where each number ends
ROW, SECOND = 22, 206  # the height of a row of numbers, and where the second field begins
TONES = {"RNN": "minus", "LSTM": "plus", "GRU": "ink"}
EXAMPLE = "baabb"  # of the letters that mean nothing
TITLE = "For how many steps can a network remember one digit?"


@dataclass(frozen=True)
class Look:
    """What is drawn: the stored runs, and those that the reader made."""

    race: Race
    own: tuple[Result, ...]

    @cached_property
    def field(self) -> Axes:
        lags = self.race.lags
        return Axes(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, _over(lags), Scale(0, 1))

    @cached_property
    def second(self) -> Axes:
        return Axes(COLUMN + 32, SECOND, 168, BOTTOM - SECOND, _over(self.race.asked), Scale(0, 1))

    def mine(self, lag: int) -> dict[int, Result]:
        """The reader's runs for this lag, by their numbers."""
        return {k: result for k, result in enumerate(self.own) if result.lag == lag}

    def value(self, address: str) -> float:
        """The number that an address names, from the runs: "median/LSTM/100", "seed/LSTM/100/2", "own/0/100"."""
        name, kind, *rest = address.split("/")
        if name == "own":
            return self.own[int(kind)].accuracy[int(rest[0])]
        if name == "parameters":
            return self.race.parameters[kind]
        lag = int(rest[0])
        if name == "asked":
            return self.race.median(kind, lag, int(rest[1]))
        if name in ("seed", "epochs"):
            run = next(run for run in self.race.runs(kind, lag) if run.seed == int(rest[1]))
            return run.accuracy[lag] if name == "seed" else run.epochs
        shares = self.race.accuracy(kind, lag)  # sorted
        return {"median": float(np.median(shares)), "worst": float(shares[0]), "best": float(shares[-1])}[name]


def _over(lags: Sequence[int]) -> Scale:
    """A log axis over these lags; around a single one if there is no other."""
    low, high = lags[0], lags[-1]
    return Scale(low, high, "log") if low < high else Scale(low / 2, low * 2, "log")


@asked.asks(race=asked.kind(Race), own=asked.some(Result), ask=as_flag, title=asked.text)
def memory_race(race: Race, *, own: Sequence[Result] = (), ask: bool = True, title: str = TITLE) -> Pages:
    """A page for each lag: accuracy so far, the numbers at this lag, and what the same networks do at other lags.

    race: the runs, as `stored_race()` gives. own: more results, of lags that the race has, drawn as rings. ask:
    whether the reader has to say first who remembers, where one ceases to. ValueError for a race without runs, runs
    that are missing or not finite, a kind that has no colour, a lag of `own` that has no page. Chapter 06.
    """
    look = Look(race, tuple(own))
    _check(look)
    questions = tuple(question(race, lag) if ask else None for lag in race.lags)
    alt = alternative(race)
    drawing = canvas(WIDTH, HEIGHT, alt)
    drawing.extend(_background(look))
    for t, lag in enumerate(race.lags):
        drawing.append(group("page", *_page(look, lag, questions[t] is not None), data_t=str(t)))
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(race, lag) for lag in race.lags),
        tips=tuple(tips(race, look.mine(lag), lag) for lag in race.lags),
        lines=tuple(lines(race, look.mine(lag), lag) for lag in race.lags),
        table=table(race),
        title=title,
        alt=alt,
        note=NOTE.format(epochs=race.rules.epochs, examples=f"{race.rules.examples:,}", seeds=len(race.seeds)),
        marks=tuple(f"lag {lag}" for lag in race.lags),
        questions=questions,
    )
    return checked(pages, look.value)


def _check(look: Look) -> None:
    race = look.race
    if not race.results:
        raise ValueError("race: expected at least one run, got none")
    for kind in race.kinds:
        if kind not in TONES or kind not in race.parameters:
            raise ValueError(f"race: expected kinds of {', '.join(TONES)} with their parameters, got {kind!r}")
        for lag in race.lags:
            race.runs(kind, lag)
    for result in look.own:
        if result.lag not in race.lags or result.kind not in TONES:
            raise ValueError(f"own: expected lags of the race, {race.lags}, got {result.kind}, {result.lag}")
    if not all(0 <= right <= 1 for result in (*race.results, *look.own) for right in result.accuracy.values()):
        raise ValueError("race, own: expected shares of right answers, finite, from 0 to 1")


# ---- what is drawn


def _background(look: Look) -> Iterator[Element]:
    race, ticks = look.race, {0: "0", 0.5: "0.5", 1: "1"}
    yield words("share of right answers", LEFT, TOP - 20, "soft")
    yield from frame(look.field, x_ticks=_apart(look.field, race.lags), y_ticks=ticks, x_label="lag, log scale")
    yield level(look.field, race.chance)
    yield words("guessing", LEFT + 6, look.field.py(race.chance) - 6, "soft")
    yield from frame(look.second, x_ticks=_apart(look.second, race.asked), y_ticks=ticks, x_label="lag asked")
    yield level(look.second, race.chance)
    for x, name in zip(COLUMNS, ("median", "worst", "best", "size"), strict=True):
        yield words(name, x, 54, "end soft")


def _apart(axes: Axes, lags: Sequence[int]) -> dict[float, str]:
    """The lags as ticks; one that would touch its neighbour is left out, the last one stays."""
    kept = [lags[-1]]
    for lag in reversed(lags[:-1]):
        if axes.px(kept[-1]) - axes.px(lag) > 10 + 8 * len(str(lag)):
            kept.append(lag)
    return {float(lag): str(lag) for lag in reversed(kept)}


def _page(look: Look, lag: int, asked: bool) -> Iterator[Element]:
    race, before = look.race, [other for other in look.race.lags if other < lag]
    yield from _sequence(lag)
    yield from _curves(look, lag)
    yield from _numbers(look, lag)
    yield from _others(look, lag)
    if asked:
        yield _cover(look, before)
        for kind in race.kinds:
            yield from points(look.field, before, [race.median(kind, at) for at in before], TONES[kind])
    yield cursor(look.field, lag)
    if lag in race.asked:
        yield cursor(look.second, lag)


def _cover(look: Look, before: Sequence[int]) -> Element:
    """What hides this lag and its numbers while the reader thinks."""
    edge, second = look.field.px(before[-1]), look.second
    rows = 64 + ROW * len(look.race.kinds)
    places = (
        (edge, TOP - 12, COLUMN - 22 - edge, BOTTOM - 1),
        (COLUMN - 8, 60, WIDTH - COLUMN + 8, rows),
        (second.x - 3, SECOND - 12, WIDTH - second.x + 3, BOTTOM - 1),
    )
    parts = [rect(x, y, width, bottom - y, "surface") for x, y, width, bottom in places]
    marks = [words("?", x + width / 2, (y + bottom) / 2 + 6, "mid big bold soft") for x, y, width, bottom in places]
    return group("cover", *parts, *marks)


def _sequence(lag: int) -> Iterator[Element]:
    """What a network reads: the digit, the letters, the question; and what it has to answer."""
    y, size = 12, 26
    shown = list(EXAMPLE[:lag])
    hidden = lag - len(shown)
    cells = [("7", "nowsoft now"), *((letter, "panel surface") for letter in shown)]
    x = float(LEFT)
    for text, cls in cells:
        yield rect(x, y, size, size, cls, 6)
        yield words(text, x + size / 2, y + 18, "mid big bold" if "now" in cls else "mid soft")
        x += size + 4
    if hidden:
        yield words(f"… {hidden} more …" if hidden > 1 else "b", x + 2, y + 18, "soft")
        x += 18 + 8 * len(f"… {hidden} more …") if hidden > 1 else 18
    yield rect(x, y, size, size, "panel", 6)
    yield words("?", x + size / 2, y + 18, "mid big bold")
    yield arrow(x + size + 5, y + 13, x + size + 31, y + 13)
    yield words("7", x + size + 38, y + 18, "big bold")


def _curves(look: Look, lag: int) -> Iterator[Element]:
    """Accuracy up to this lag: a thin line for each seed, a thick one for the median."""
    race, axes = look.race, look.field
    lags = [other for other in race.lags if other <= lag]
    for kind in race.kinds:
        tone = TONES[kind]
        for seed in race.seeds:
            runs = [{run.seed: run.accuracy[at] for run in race.runs(kind, at)}.get(seed) for at in lags]
            known = [(at, share) for at, share in zip(lags, runs, strict=True) if share is not None]
            yield curve(axes, [at for at, _ in known], [share for _, share in known], tone, thick=False, cls="seed")
    for kind in race.kinds:
        tone = TONES[kind]
        medians = [race.median(kind, at) for at in lags]
        yield curve(axes, lags, medians, tone, cls="broken" if kind == "GRU" else "")
        yield from points(axes, lags, medians, tone)
    yield from _names(look, lag)
    for result in look.mine(lag).values():
        x, y = axes.px(lag), axes.py(result.accuracy[lag])
        yield rect(x - 8, y - 8, 16, 16, f"curve thick stroke-{TONES[result.kind]} own", 8)
        yield words("yours", x - 12, y + 5, "end")


def _names(look: Look, lag: int) -> Iterator[Element]:
    """The kinds beside the ends of their curves, kept apart."""
    ends = {kind: look.race.median(kind, lag) for kind in look.race.kinds}
    yield from _labels(look.field, lag, ends)


def _labels(axes: Axes, x: float, ends: dict[str, float]) -> Iterator[Element]:
    """The kinds beside the ends of their curves, kept apart and below the upper edge."""
    shifts = apart([axes.py(end) for end in ends.values()])
    highest = min(axes.py(end) + shift for end, shift in zip(ends.values(), shifts, strict=True))
    down = max(0, axes.y - highest)
    for (kind, end), shift in zip(ends.items(), shifts, strict=True):
        yield end_label(axes, kind, x, end, TONES[kind], shift=shift + down)


def _numbers(look: Look, lag: int) -> Iterator[Element]:
    for row, kind in enumerate(look.race.kinds):
        y = 54 + (row + 1) * ROW
        parts = [rect(COLUMN - 6, y - 16, WIDTH - COLUMN + 6, ROW, "surface", 4)]
        parts.append(words(kind, COLUMN, y, f"bold {FILLS[TONES[kind]]}"))
        for x, name in zip(COLUMNS, ("median", "worst", "best", "parameters"), strict=True):
            address = f"{name}/{kind}/{lag}"
            text = f"{look.value(address):,.0f}" if name == "parameters" else share(look.value(address))
            parts.append(words(text, x, y, "end bold" if name == "median" else "end", data_n=address))
        yield group("row", *parts, data_tip=f"seeds/{kind}")


def _others(look: Look, lag: int) -> Iterator[Element]:
    """The networks that were trained for this lag, asked at all lags."""
    race, axes = look.race, look.second
    yield words(f"trained for lag {lag},", COLUMN, SECOND - 38, "big")
    yield words("asked at others", COLUMN, SECOND - 18, "big")
    for kind in race.kinds:
        shares = [race.accuracy(kind, lag, asked) for asked in race.asked]
        yield band(axes, race.asked, [float(s[0]) for s in shares], [float(s[-1]) for s in shares], TONES[kind])
    ends = {}
    for kind in race.kinds:
        medians = [race.median(kind, lag, asked) for asked in race.asked]
        yield curve(axes, race.asked, medians, TONES[kind], cls="broken" if kind == "GRU" else "")
        ends[kind] = medians[-1]
    yield from _labels(axes, race.asked[-1], ends)
