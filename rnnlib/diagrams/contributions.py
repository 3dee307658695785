"""What each word contributes to an answer, for several networks over one sentence, word by word. Chapter 06."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .. import asked
from ..checks import expect
from ..look.lettering import clip, listed, quoted
from ..look.templates import Tip, of_picture
from ..saliency import Occlusion
from .boxes import Box, empty
from .pages import Pages
from .shapes import Element, rect, words
from .sheet import Ask, Sheet, Table, paged

LEFT, PITCH, TOP, HIGH, GAP, BAR = 84, 86, 44, 34, 12, 92  # of the first column; a column; the first row; a row
STEPS, NETWORKS = 12, 5  # that have room


@asked.asks(networks=asked.kind(Mapping), tokens=asked.names(), output=asked.whole(0))
def contributions(
    networks: Mapping[str, Sequence[Occlusion]],
    tokens: Sequence[str],
    *,
    output: int = 1,
    answer: str = "positive",
    ask: Ask = None,
    title: str = "",
) -> Pages:
    """A row for each network, a column for each word; on page t all have read t words.

    A number is p(answer) after those t words, minus p(answer) if the word had not been among them. networks: name -> an
    `occlusion` of the first word, of the first two, and so on, at most 12; at most 5 networks. output: which of the
    probabilities; answer: what it is called. ask: page -> question. ValueError for more, for another number of
    occlusions than words, and for an output that does not exist. Chapter 06.
    """
    T = len(tokens)
    fits = 1 <= len(networks) <= NETWORKS and 1 <= T <= STEPS
    expect(fits, f"networks: expected 1 to {NETWORKS} over 1 to {STEPS} words, got {len(networks)} over {T}")
    for name, found in networks.items():
        lengths = [len(one.without) for one in found]
        expect(lengths == [*range(1, T + 1)], f"networks: {name}: expected occlusions of 1 to {T} words, got {lengths}")
        expect(output < len(found[0].whole), f"output: expected one of {len(found[0].whole)}, got {output}")
    return paged(Contributions(networks, tuple(tokens), output, answer), title, ask)


class Contributions(Sheet):
    WORDS = of_picture("contributions")

    def __init__(
        self, networks: Mapping[str, Sequence[Occlusion]], tokens: tuple[str, ...], output: int, answer: str
    ) -> None:
        self.names, self.tokens, self.last, self.numbers = [*networks], tokens, len(tokens), {}
        for k, found in enumerate(networks.values()):
            without, share = np.full((2, self.last + 1, self.last), np.nan)
            p = np.array([np.nan, *(one.whole[output] for one in found)])
            for t, one in enumerate(found, 1):
                without[t, :t] = one.without[:, output]
            share = p[:, None] - without
            self.numbers |= {f"p{k}": p, f"without{k}": without, f"part{k}": share}
        self.width = LEFT + PITCH * self.last + BAR + 12
        self.height = TOP + (HIGH + GAP) * len(self.names)
        self.said = {"answer": answer, "names": listed(self.names)}

    def form(self, name: str) -> str:
        return "signed" if name.startswith("part") else "share"

    def place(self, k: int, s: int) -> Box:
        """Of word s, from 1, in the row of network k; the probability stands one further."""
        return Box(LEFT + PITCH * (s - 1) + 3, TOP + (HIGH + GAP) * k, PITCH - 6, HIGH)

    def background(self) -> Iterator[Element]:
        for s, token in enumerate(self.tokens, 1):
            yield words(clip(token, PITCH - 12), self.place(0, s).middle, TOP - 16, "mid big")
        yield words(clip(f"p({self.said['answer']})", BAR), self.place(0, self.last + 1).x + 8, TOP - 16, "soft")
        for k, name in enumerate(self.names):
            yield words(clip(name, LEFT - 14), LEFT - 12, self.place(k, 1).level + 5, "end bold")
            yield from empty(self.place(k, s) for s in range(1, self.last + 1))

    def page(self, t: int) -> Iterator[Element]:
        for k in range(len(self.names) if t else 0):
            for s in range(1, t + 1):
                if not np.isnan(self.value(f"part{k}/{t}/{s - 1}")):
                    yield from self.cell(f"part{k}/{t}/{s - 1}", self.place(k, s))
            end = self.place(k, self.last + 1)
            yield self.number(f"p{k}/{t}", end.x + 8, end.y + 16, "big bold")
            yield rect(end.x + 8, end.bottom - 10, BAR - 24, 8, "panel", 3)
            yield rect(end.x + 8, end.bottom - 10, max((BAR - 24) * self.value(f"p{k}/{t}"), 1), 8, "fill-ink", 1)
        if t:
            first = self.place(0, t)
            yield rect(first.x - 2, TOP - 36, first.width + 4, self.height - TOP + 34, "now", 8)
        if t in self.ask:
            hidden = [self.place(k, s).inside(2) for k in range(len(self.names)) for s in range(1, self.last + 2)]
            yield from (rect(*box, "cover surface") for box in hidden)

    def leans(self, k: int, t: int) -> int:
        """The word, from 0, that makes the largest difference."""
        return int(np.nanargmax(np.abs(self.numbers[f"part{k}"][t])))

    def caption(self, t: int) -> str:
        if t < 2:
            return self.say("first" if t else "start", t=t, word=quoted(self.tokens[0]))
        said = (f"{name} on {quoted(self.tokens[self.leans(k, t)])}" for k, name in enumerate(self.names))
        return self.say("caption", t=t, word=quoted(self.tokens[t - 1]), leans=", ".join(said))

    def tips(self, t: int) -> dict[str, Tip]:
        """For each network the word that makes the largest difference."""
        found = {k: self.leans(k, t) for k in range(len(self.names))} if t > 1 else {}
        return {
            f"network/{k + 1}": self.tip(
                "line",
                t=t,
                s=s,
                name=self.names[k],
                word=quoted(self.tokens[s]),
                p=f"p{k}",
                w=f"without{k}",
                d=f"part{k}",
            )
            for k, s in found.items()
        }

    def lines(self, t: int) -> tuple[str, ...]:
        return tuple(self.tips(t))

    def table(self) -> Table:
        names = [*self.names]
        rows = [self.row(f"{name}: p({self.said['answer']})", f"p{k}") for k, name in enumerate(names)]
        pairs = [(k, s) for k in range(len(names)) for s in range(self.last)]
        rows += [self.row(f"{names[k]}: {clip(self.tokens[s], 90)} contributes", f"part{k}", s) for k, s in pairs]
        return (("after", "start", *(clip(token, 130) for token in self.tokens)), *rows)
