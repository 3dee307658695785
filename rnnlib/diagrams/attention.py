"""Attention, one question after the other: a query meets each key, and the values flow into the context. Chapter 09."""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np

from .. import asked
from ..checks import as_floats, expect
from ..functions import FloatArray, softmax
from ..look.lettering import clip, quoted
from ..look.templates import Tip, of_picture
from .boxes import Box, link
from .pages import Pages
from .shapes import Element, cell, coordinate, element, formula, group, rect, words
from .sheet import Sheet, Table, paged

ENTRIES, QUESTIONS, NUMBERS = 8, 8, 32  # that have room
LEFT, WIDTH, PITCH = 196, 860, 104  # where the entries begin; of the picture; of an entry, at most
KEYS, SCORES, ROWS, ROW, THIN = 44, 84, 96, 24, 8  # heights: of keys, scores, first row; of a row, of a number
BAND, NEARLY = 30, 0.7  # px: of a value with weight 1 on its way; the weight from which on it is nearly alone


@asked.asks(queries=asked.numbers(2), keys=asked.numbers(2), values=asked.numbers(2), answers=asked.numbers(2))
def attention(
    queries: FloatArray, keys: FloatArray, values: FloatArray, *, entries: Sequence[str], questions: Sequence[str],
    answers: FloatArray | None = None, classes: Sequence[str] = (), title: str = "",
) -> Pages:  # fmt: skip
    """The matrix of weights `a = softmax(q k_i / sqrt(D))`, one page a question; what flows into `c = sum a_i v_i`.

    queries (M, D), keys (N, D), values (N, E), at most 8 of each with 32 numbers. entries, questions: what each is
    called. answers (M, K): the probabilities made of each context, of which the largest is shown; classes: their names.
    ValueError where sizes do not fit each other, or there is no room. Chapter 09.
    """
    (M, D), N = queries.shape, len(keys)
    expect(1 <= M <= QUESTIONS and 1 <= N <= ENTRIES, f"queries, keys: expected 1 to {ENTRIES}, got {M} and {N}")
    expect(max(D, values.shape[1]) <= NUMBERS, f"queries, values: expected at most {NUMBERS} numbers, got {D}")
    as_floats("keys", keys, (N, D)), as_floats("values", values, (N, values.shape[1]))
    named = len(entries) == N and len(questions) == M
    expect(named, f"entries, questions: expected {N} and {M} names, got {len(entries)} and {len(questions)}")
    said = answers is None or answers.shape == (M, len(classes))
    expect(said, f"answers: expected {(M, len(classes))}, a probability of each class for each question")
    return paged(Attention(queries, keys, values, (entries, questions, classes), answers), title)


class Attention(Sheet):
    WORDS = of_picture("attention")
    FORM = dict.fromkeys(("a", "p"), "share")

    def __init__(self, q: FloatArray, k: FloatArray, v: FloatArray, names: Sequence[Sequence[str]], p: object) -> None:
        self.entries, self.questions, self.classes = names
        s = q @ k.T / q.shape[1] ** 0.5
        a = softmax(s)
        found = {"q": q, "s": s, "a": a, "c": a @ v} | ({} if p is None else {"p": np.asarray(p)})
        self.numbers = {name: np.concatenate([0 * rows[:1], rows]) for name, rows in found.items()} | {"k": k, "v": v}
        (self.last, self.N), self.width = s.shape, WIDTH
        self.values, self.pitch = ROWS + ROW * self.last + 14, min(PITCH, (WIDTH - LEFT - 12) / self.N)
        self.context = self.values + 66
        self.height = self.context + 26
        self.said = {"D": q.shape[1], "N": self.N}

    def at(self, i: int, y: float, height: float) -> Box:
        """A place in the column of entry i."""
        return Box(LEFT + self.pitch * i + 3, y, self.pitch - 6, height)

    def best(self, t: int) -> int:
        return int(self.numbers["a"][t].argmax())

    def answer(self, t: int) -> int | None:
        return int(self.numbers["p"][t].argmax()) if "p" in self.numbers else None

    def background(self) -> Iterator[Element]:
        heads = {"entries": 25, "softmax": ROWS + 15, "values": self.values + 13, "context": self.context + 13}
        yield from (words(self.say(name), 12, y, "soft") for name, y in heads.items())
        yield from (formula("k_{i}", LEFT - 22, KEYS + 14), formula("v_{i}", LEFT - 22, self.values + 14))
        yield formula("q · k_{i} / √D", LEFT - 86, SCORES)
        for i, name in enumerate(self.entries):
            pill = self.at(i, 6, 28)
            yield from (rect(*pill, "tint-input", 14), words(clip(name, pill.width - 14), pill.middle, 25, "mid big"))
            yield from self.strip(f"k/{i}", self.at(i, KEYS, 2 * THIN))
            yield from self.strip(f"v/{i}", self.at(i, self.values, 2 * THIN))
            for t in range(1, self.last + 1):
                yield rect(*self.weight(t, i), "rest", 3)

    def weight(self, t: int, i: int) -> Box:
        return self.at(i, ROWS + ROW * (t - 1), ROW - 3)

    def strip(self, name: str, box: Box) -> Iterator[Element]:
        """A vector: a small square for each number, in two rows."""
        address, row = name.split("/")
        numbers = self.numbers[address][int(row)]
        wide = min(THIN, box.width / (across := ceil(len(numbers) / 2)))
        grid = Box(box.middle - wide * across / 2, box.y, wide * across, box.height).cells(2, across)
        yield from (cell(float(value), *place) for value, place in zip(numbers, grid, strict=False))

    def page(self, t: int) -> Iterator[Element]:
        """The rows so far; of this question the query, its scores, and what flows."""
        for s in range(1, t + 1):
            name = Box(12, self.weight(s, 0).y, LEFT - 40, ROW - 3)
            yield words(clip(self.questions[s - 1], 100), name.right - 4, name.level + 5, f"end{' bold' * (s == t)}")
            for i in range(self.N):
                yield group("", *self.cell(f"a/{s}/{i}", self.weight(s, i)), data_tip=f"entry/{i + 1}", data_at=str(s))
        if t:
            yield from self._now(t)

    def _now(self, t: int) -> Iterator[Element]:
        row, c = self.weight(t, 0), Box(LEFT + (self.pitch * self.N - PITCH) / 2, self.context, PITCH, 2 * THIN)
        yield rect(LEFT, row.y - 2, self.pitch * self.N, row.height + 4, "now", 5)
        yield words(self.say("query"), 12, KEYS + 13, "soft")
        yield formula("q", 60, KEYS + 14, "bold accent")
        yield from self.strip(f"q/{t}", Box(76, KEYS, 72, 2 * THIN))
        for i in range(self.N):
            strip = self.at(i, self.values, 2 * THIN)
            yield self.number(f"s/{t}/{i}", strip.middle, SCORES, f"mid{' bold' * (i == self.best(t))}")
            yield self.flow(self.value(f"a/{t}/{i}"), strip, c)
        yield formula("c", c.x - 6, c.y + 14, "end bold accent")
        yield from self.strip(f"c/{t}", c)
        if (k := self.answer(t)) is not None:
            pill = Box(c.right + 36, c.y - 6, 150, 28)
            yield from (link(c, pill), rect(*pill, "tint-output", 14))
            yield words(clip(self.classes[k], 70), pill.x + 16, c.y + 13, "big bold")
            yield self.number(f"p/{t}/{k}", pill.right - 16, c.y + 13, "end")

    def flow(self, share: float, start: Box, end: Box) -> Element:
        """A band from a value to the context, as wide as its weight."""
        half, top, low = max(BAND * share, 0.6) / 2, start.bottom + 3, end.y - 3
        (a, b), (c, d) = ((x - half, x + half) for x in (start.middle, end.middle))
        middle = (top + low) / 2
        places = map(coordinate, (a, top, a, middle, c, middle, c, low, d, low, d, middle, b, middle, b, top))
        d_ = "M{} {}C{} {} {} {} {} {}L{} {}C{} {} {} {} {} {}Z".format(*places)
        return element("path", d=d_, class_="plus", fill_opacity=0.25 + 0.6 * share)

    def caption(self, t: int) -> str:
        if not t:
            return self.say("start")
        i, k = self.best(t), self.answer(t)
        answer = "" if k is None else self.say("answer", t=t, k=k, name=quoted(self.classes[k]))
        mean = self.say("nearly" if self.value(f"a/{t}/{i}") >= NEARLY else "mixed")
        names = {"question": quoted(self.questions[t - 1]), "entry": quoted(self.entries[i])}
        return self.say("caption", t=t, i=i, answer=answer, mean=mean, **names)

    def tips(self, t: int) -> dict[str, Tip]:
        order = sorted(range(self.N if t else 0), key=lambda i: -self.numbers["a"][t, i])
        return {f"entry/{i + 1}": self.tip("line", t=t, i=i, entry=clip(self.entries[i], 90)) for i in order}

    def table(self) -> Table:
        rows = [(clip(name, 90), *self.row("", "a", i)[2:]) for i, name in enumerate(self.entries)]
        return (("", *(clip(name, 90) for name in self.questions)), *rows)
