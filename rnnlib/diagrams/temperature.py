"""The next symbol: its probabilities at a temperature, and the random number that picks one. Chapter 05."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import ArrayLike

from .. import asked
from ..checks import as_flag
from ..functions import FloatArray, softmax
from ..look.lettering import clean, clip, exact, power, quoted, text_width
from .pages import Answer, Pages, Question, Table, Tip, checked
from .shapes import Element, canvas, coordinate, group, path, rect, span, words

__all__ = ["Writing", "temperature"]

Source = Callable[[tuple[int, ...]], ArrayLike]  # from the symbols so far to the logits of the next one

TITLE = "Which symbol comes next?"
NOTE = "At another temperature the same random numbers pick again: what changes is the temperature alone."
COLD, HOT = 0.01, 5.0
LONGEST = 40  # symbols
MOST = 8  # symbols that have a bar
WIDTH, ROW, FIRST = 860, 28, 88  # px: of the picture, of a row, the middle of the first row
BARS, BAR = 290, 320  # where the bars begin, and the length of probability 1
LOGIT, DIVIDED, NOW, ONE = 176, 266, 700, 788  # where the numbers end
STRIP, LENGTH = 20, 768  # the probabilities end to end: where they begin, and their length


@dataclass(frozen=True)
class Writing:
    """Symbols written one after the other at one temperature τ.

    logits (S+1, K): of each symbol and of the one that would come next. u (S,): the random numbers, 0..1. chosen:
    the symbols; symbol k is the one on which u_k falls where the K probabilities lie end to end on 0..1. ended: whether
    the last one was the end symbol.
    """

    symbols: tuple[str, ...]
    temperature: float
    logits: FloatArray
    u: FloatArray
    chosen: tuple[int, ...]
    ended: bool

    @classmethod
    def of(
        cls, source: Source, symbols: Sequence[str], temperature: float, length: int, seed: int, end: int | None = None
    ) -> Writing:
        """Write up to `length` symbols with the random numbers of `seed`."""
        u = np.random.default_rng(seed).random(LONGEST)
        chosen: list[int] = []
        logits = [_logits(source, (), len(symbols))]
        while len(chosen) < length and not (chosen and chosen[-1] == end):
            far = np.cumsum(softmax(logits[-1], temperature))
            chosen.append(min(int(np.searchsorted(far, u[len(chosen)], side="right")), len(far) - 1))
            logits.append(_logits(source, tuple(chosen), len(symbols)))
        named = tuple(clean(symbol) or "␣" for symbol in symbols)
        ended = bool(chosen) and chosen[-1] == end
        return cls(named, temperature, np.array(logits), u[: len(chosen)], tuple(chosen), ended)

    @cached_property
    def p(self) -> FloatArray:
        """The probabilities at the temperature, (S+1, K)."""
        return softmax(self.logits, self.temperature)

    @cached_property
    def plain(self) -> FloatArray:
        """The probabilities at temperature 1, (S+1, K)."""
        return softmax(self.logits)

    @property
    def length(self) -> int:
        return len(self.chosen)

    @cached_property
    def last(self) -> int:
        """The last page: after the end symbol nothing comes."""
        return self.length - self.ended

    def shown(self, k: int) -> list[int]:
        """The symbols that have a bar: all, or those with the largest logits; in their own order."""
        largest = np.argsort(-self.logits[k], kind="stable")[:MOST]
        return sorted(largest.tolist())

    def best(self, k: int) -> int:
        return int(self.logits[k].argmax())

    def text(self, k: int) -> str:
        """The first k symbols."""
        apart = "" if all(len(symbol) == 1 for symbol in self.symbols) else " "
        return apart.join(self.symbols[s] for s in self.chosen[:k])

    def value(self, address: str) -> float:
        """The number that an address names: "p/2/0" is the probability of symbol 0 after 2 symbols."""
        name, *rest = address.split("/")
        k, i = (*map(int, rest), 0)[:2]
        z, T = self.logits[k], self.temperature
        if name in ("T", "u"):
            return float(T if name == "T" else self.u[k])
        if name in ("others", "others at 1"):
            hidden = np.delete(self.p[k] if name == "others" else self.plain[k], self.shown(k))
            return float(hidden.sum())
        if name in ("p", "at 1"):
            return float((self.p if name == "p" else self.plain)[k, i])
        less = (z - z.max()) / T
        found = {"z": z[i], "z÷T": z[i] / T, "less": less[i], "exp": np.exp(less[i]), "sum": np.exp(less).sum()}
        return float(found[name])


def _logits(source: Source, written: tuple[int, ...], K: int) -> FloatArray:
    logits = np.asarray(source(written), np.float64)
    if logits.shape != (K,):
        raise ValueError(f"logits: expected {K} numbers, one for each symbol, got shape {logits.shape}")
    if not np.isfinite(logits).all():
        raise ValueError("logits: expected finite numbers, got NaN or infinity")
    return logits


def scores(name: str, value: object) -> None:
    """Numbers, one for each symbol, or a function that gives them."""
    if not callable(value):
        asked.numbers(1)(name, value)


@asked.asks(
    symbols=asked.names(0),
    temperature=asked.number,
    length=asked.whole(0),
    seed=asked.whole(0),
    end=asked.optional(asked.whole(0)),
    ask=as_flag,
    title=asked.text,
    logits=scores,
)
def temperature(
    logits: ArrayLike | Source,
    symbols: Sequence[str],
    temperature: float = 1.0,
    *,
    length: int = 0,
    seed: int = 0,
    end: int | None = None,
    ask: bool = False,
    title: str = TITLE,
) -> Pages:
    """The probabilities of the next symbol, `softmax(z / τ)`, as pages: one for each symbol that is written, and one
    for the symbol that would come next.

    logits: K numbers, the same at each place; or a function from the symbols so far (numbers 0..K-1) to the K logits of
    the next one. symbols: what each is called. temperature: τ, 0.01 to 5. length: how many are written, at most 40;
    seed: of the random numbers that pick them. end: the symbol after which nothing comes. ask: whether the reader has
    to say first what τ = 0.01 does. ValueError for no symbols, a number out of its range, logits that do not fit or
    are not finite. Chapter 05.
    """
    run = _run(logits, symbols, temperature, length, seed, end)
    steps = range(run.last + 1)
    rows = len(run.shown(0)) + (len(run.symbols) > MOST)
    alt = _alternative(run)
    drawing = canvas(WIDTH, FIRST + ROW * rows + 84, alt)
    drawing.extend(_background(run))
    questions = (_question(run), *(None,) * run.last) if ask else (None,) * len(steps)
    drawing.extend(group("page", *_page(run, k, questions[k] is not None), data_t=str(k)) for k in steps)
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(_caption(run, k) for k in steps),
        tips=tuple({f"row/{i}": _tip(run, k, i) for i in run.shown(k)} for k in steps),
        lines=tuple((f"row/{_pointed(run, k)}",) for k in steps),
        table=_table(run),
        title=clean(title),
        alt=alt,
        note=NOTE if run.length else "",
        marks=tuple(f"symbol {k + 1} / {run.last + 1}" for k in steps),
        questions=questions,
    )
    return checked(pages, cache(run.value))


def _run(
    logits: ArrayLike | Source, symbols: Sequence[str], temperature: float, length: int, seed: int, end: int | None
) -> Writing:
    if not COLD <= temperature <= HOT:  # also where it is NaN
        raise ValueError(f"temperature: expected {COLD} to {HOT:g}, got {temperature!r}")
    if not 0 <= length <= LONGEST:
        raise ValueError(f"length: expected 0 to {LONGEST} symbols, got {length!r}")
    if len(symbols) < 1:
        raise ValueError("symbols: expected at least one, got none")
    source: Source = logits if callable(logits) else lambda _: logits
    return Writing.of(source, symbols, float(temperature), length, seed, end)


# ---- what is drawn


def _background(run: Writing) -> Iterator[Element]:
    heads = {"symbol": (20, "soft"), "logit z": (LOGIT, "end soft"), "z / τ": (DIVIDED, "end soft")}
    for text, (x, cls) in heads.items():
        yield words(text, x, FIRST - 26, cls)
    yield words("probability", BARS, FIRST - 26, "soft")
    yield rect(NOW - 104, FIRST - 36, 12, 10, "plus", 2)
    yield words("at τ =", NOW - 42, FIRST - 26, "end")
    yield words(f"{run.temperature:.2f}", NOW, FIRST - 26, "end bold", data_n="T/0")
    yield rect(ONE - 76, FIRST - 37, 12, 12, "band fill-ink", 2)
    yield words("at τ = 1", ONE, FIRST - 26, "end soft")
    yield words("written", 20, 26, "soft")
    y = FIRST + ROW * (len(run.shown(0)) + (len(run.symbols) > MOST)) + 6
    yield words("the probabilities at τ end to end, from 0 to 1, and a random number u", STRIP, y, "soft")


def _page(run: Writing, k: int, asked: bool) -> Iterator[Element]:
    yield _text(run, k)
    shown = run.shown(k)
    for place, i in enumerate(shown):
        yield group("", *_row(run, k, i, FIRST + ROW * place), data_tip=f"row/{i}")
    if len(shown) < len(run.symbols):
        yield from _others(run, k, FIRST + ROW * len(shown))
    yield from _strip(run, k)
    if asked and run.temperature < 1:
        yield rect(DIVIDED + 10, FIRST - 16, NOW - DIVIDED - 8, ROW * (len(shown) + 1), "cover surface")


def _text(run: Writing, k: int) -> Element:
    """What is written; where it is long, its end. The symbol that this page draws is marked."""
    text, drawn = run.text(k), k < run.length
    cut = text
    while text_width(cut, 16) > 640:
        cut = cut[max(1, len(cut) // 40) :]
    line = ("…" if cut != text else "") + cut if cut else "" if drawn else "nothing yet"
    spans = [span(f" {clip(run.symbols[run.chosen[k]], 90)}", "bold accent")] if drawn else []
    return words(line, 84, 26, "big", spans=spans)


def _row(run: Writing, k: int, i: int, y: float) -> Iterator[Element]:
    drawn = k < run.length and run.chosen[k] == i
    yield rect(12, y - 13, ONE, 26, "nowsoft now" if drawn else "surface", 6)
    yield words(clip(run.symbols[i], 84), 20, y + 5, "bold")
    yield words(_logit(run.logits[k, i]), LOGIT, y + 5, "end", data_n=f"z/{k}/{i}")
    yield words(_logit(run.logits[k, i] / run.temperature), DIVIDED, y + 5, "end", data_n=f"z÷T/{k}/{i}")
    yield from _bars(float(run.p[k, i]), float(run.plain[k, i]), y)
    yield words(f"{run.p[k, i]:.4f}", NOW, y + 5, "end bold", data_n=f"p/{k}/{i}")
    yield words(f"{run.plain[k, i]:.4f}", ONE, y + 5, "end soft", data_n=f"at 1/{k}/{i}")
    if drawn:
        yield words("drawn", ONE + 20, y + 5, "bold accent")


def _bars(now: float, one: float, y: float) -> Iterator[Element]:
    """Temperature 1 as a wide pale bar, T as a narrow one over it."""
    yield rect(BARS, y - 10, max(BAR * one, 1), 20, "band fill-ink", 2)
    yield rect(BARS, y - 5, max(BAR * now, 1), 10, "plus", 2)


def _others(run: Writing, k: int, y: float) -> Iterator[Element]:
    now, one = (run.value(f"{name}/{k}") for name in ("others", "others at 1"))
    yield words(f"{len(run.symbols) - MOST} others, less probable", 20, y + 5, "soft")
    yield from _bars(now, one, y)
    yield words(f"{now:.4f}", NOW, y + 5, "end bold", data_n=f"others/{k}")
    yield words(f"{one:.4f}", ONE, y + 5, "end soft", data_n=f"others at 1/{k}")


def _strip(run: Writing, k: int) -> Iterator[Element]:
    """The probabilities end to end, and where the random number falls."""
    y = FIRST + ROW * (len(run.shown(0)) + (len(run.symbols) > MOST)) + 18
    far = STRIP + LENGTH * np.concatenate([[0.0], np.cumsum(run.p[k])])
    drawn = run.chosen[k] if k < run.length else None
    yield rect(STRIP, y, LENGTH, 24, "panel")
    for i, name in enumerate(run.symbols):
        left, width = float(far[i]), float(far[i + 1] - far[i])
        if width >= 1 or i == drawn:
            yield rect(left, y, max(width, 1), 24, "nowsoft rest" if i == drawn else "panel")
        if width > 22:
            yield words(clip(name, width - 6), left + width / 2, y + 17, "mid bold" if i == drawn else "mid")
    if drawn is not None:
        u = float(run.u[k])
        x = STRIP + LENGTH * u
        yield path(f"M{coordinate(x)} {y - 5}V{y + 32}", "now")
        right = x > STRIP + LENGTH / 2  # the number is on the side where there is room
        yield words("u =", x - (66 if right else -8), y + 44, "end accent" if right else "accent")
        yield words(
            f"{u:.4f}", x - (8 if right else -36), y + 44, f"{'end ' if right else ''}bold accent", data_n=f"u/{k}"
        )


def _logit(value: float) -> str:
    """Two decimals; beyond five digits two of them and a power of ten."""
    if abs(value) < 99_999:
        return exact(value, 2)
    return f"{'+' if value > 0 else ''}{power(value)}"


# ---- what is said


def _pointed(run: Writing, k: int) -> int:
    """The symbol whose arithmetic is shown at first: the drawn one, or the most probable."""
    drawn = run.chosen[k] if k < run.length else run.best(k)
    return drawn if drawn in run.shown(k) else run.best(k)


def _tip(run: Writing, k: int, i: int) -> Tip:
    """From the logit to the probability; the largest is taken out first, as the library does, so it stays finite."""
    z, T = float(run.logits[k, i]), run.temperature
    return (
        (clip(run.symbols[i], 90), "soft"),
        ("logit", "soft"),
        (_logit(z), f"z/{k}/{i}"),
        ("/", ""),
        (f"{T:.2f}", "T/0"),
        ("=", ""),
        (_logit(z / T), f"z÷T/{k}/{i}"),
        ("; less the largest", "soft"),
        (_logit(run.value(f"less/{k}/{i}")), f"less/{k}/{i}"),
        ("; exp gives", ""),
        (f"{run.value(f'exp/{k}/{i}'):.4f}", f"exp/{k}/{i}"),
        ("; over the sum of all", ""),
        (f"{run.value(f'sum/{k}'):.4f}", f"sum/{k}"),
        ("=", ""),
        (f"{run.p[k, i]:.4f}", f"p/{k}/{i}"),
    )


def _caption(run: Writing, k: int) -> str:
    T = f"{run.temperature:.2f}"
    if k < run.length:
        i = run.chosen[k]
        said = f"Symbol {k + 1}: u = {run.u[k]:.4f} falls on {quoted(run.symbols[i])}, which has probability"
        end = " It is the end symbol: the text has ended." if run.ended and k == run.last else ""
        return f"{said} {run.p[k, i]:.4f} at τ = {T} ({run.plain[k, i]:.4f} at τ = 1).{end}"
    i = run.best(k)
    before = f"After {k} symbol{'s' * (k > 1)}: the next one is not drawn yet." if k else "Nothing is written yet."
    return f"{before} {_effect(run)} The most probable, {quoted(run.symbols[i])}, has {run.p[k, i]:.4f} at τ = {T}."


def _effect(run: Writing) -> str:
    T = run.temperature
    if T == 1:
        return "At τ = 1 the probabilities are as in training."
    side, shape = ("below", "sharper") if T < 1 else ("above", "flatter")
    return f"τ is {side} 1: the probabilities are {shape} than at τ = 1."


def _question(run: Writing) -> Question | None:
    """What does τ = 0.01 do? Not asked where two symbols are the most probable, or nearly."""
    z = run.logits[0]
    if len(z) < 2 or np.diff(np.sort(z)[-2:])[0] < 0.1:
        return None
    order = np.argsort(-z, kind="stable")
    best, least = (quoted(run.symbols[i], 90) for i in (order[0], order[-1]))
    named = ", ".join(f"{quoted(run.symbols[i], 90)} {exact(z[i], 2)}" for i in order[:3])
    prompt = f"The largest logits are {named}. τ goes down to 0.01. Which symbol is drawn then?"
    gap = float(z[order[0]] - z[order[1]])
    answers = (
        Answer("each about as often", "That is what a high τ does: divided by much, all logits are nearly the same."),
        Answer(
            f"{best}, practically always",
            f"It is {exact(gap, 2)} ahead of the next one; divided by 0.01 that is 100 times as much. Move τ and see.",
        ),
        Answer(f"{least}, practically always", "Dividing by τ > 0 does not change which logit is the largest."),
        Answer("as at τ = 1", "τ = 1 leaves the logits as they are; 0.01 makes their differences 100 times as large."),
    )
    return Question(prompt, answers, 1)


def _table(run: Writing) -> Table:
    shown = run.shown(0)
    head = ("symbol", "drawn", "u", *(f"p({clip(run.symbols[i], 90)})" for i in shown))
    rows = []
    for k in range(run.last + 1):
        drawn = (clip(run.symbols[run.chosen[k]], 90), f"{run.u[k]:.4f}") if k < run.length else ("", "")
        rows.append((str(k + 1), *drawn, *(f"{run.p[k, i]:.4f}" for i in shown)))
    return (head, *rows)


def _alternative(run: Writing) -> str:
    k = run.last
    found = ", ".join(f"{clip(run.symbols[i], 90)} {run.p[k, i]:.4f}" for i in run.shown(k))
    return (
        f"Bars of the probabilities of the next symbol at temperature {run.temperature:.2f} and at 1, after "
        f"{run.length} symbols. At the last place: {found}."
    )
