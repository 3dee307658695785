"""One unit of a GRU as a picture of its equations, with its numbers at each step. Chapter 06."""

from collections.abc import Iterator
from typing import ClassVar

from .. import asked
from ..look.templates import of_picture
from ..trace import Trace
from ..views.gated import gated_run
from .gated import CHIP, GATE, IN, INPUT, JOIN, OUT, ROAD, STATE, WIDE, WORDS, Gated, dot, node, tap
from .pages import Pages
from .shapes import Element, arrow, block, formula, path, words
from .sheet import paged

RESET = 500  # across: where r acts


@asked.asks()
def gru_cell(trace: Trace, *, unit: int | None = None, notation: str = "h", layer: str | None = None) -> Pages:
    """`h_t = z h_(t-1) + (1 - z) n`: the state itself is the road, and z shares it out.

    trace: of a model with a GRU layer, drawn in the form that it has: r times what the state gives (PyTorch, Keras), or
    r times the state (the 2014 paper). unit, notation, layer, ValueError: as in `lstm_cell`. Source: Cho et al. (2014).
    Chapter 06.
    """
    return paged(GRU(gated_run(trace, "gru", layer), unit, notation))


class GRU(Gated):
    WORDS = WORDS | of_picture("gru_cell")
    PLACES: ClassVar = dict(z=200, r=372, n=716)
    MEMORY = ("z", "h")

    def between(self) -> list[tuple[str, float, float]]:
        on_the_way: list[tuple[str, float, float]] = [("z×h", 283, ROAD), ("1−z", 300, JOIN), ("(1−z)×n", 716, CHIP)]
        after = self.run.record.reset_after
        return [*on_the_way, *([("u", RESET, GATE + 45), ("reset", 580, GATE)] if after else [("reset", 604, GATE)])]

    def background(self) -> Iterator[Element]:
        x, after = self.PLACES, self.run.record.reset_after
        ends = ((IN + 38, x["z"] - 18), (x["z"] + 17, 251), (315, x["n"] - 18), (x["n"] + 17, OUT - 42))
        yield from self.road((self.n.at("h", "t−1"), self.n.at("h")), ends)
        yield from node("×", x["z"], ROAD) + node("+", x["n"], ROAD) + node("×", x["n"], JOIN)
        yield arrow(x["z"], GATE - 29, x["z"], ROAD + 18)
        yield dot(x["z"], JOIN)
        yield path(f"M{x['z']} {JOIN}H267", "flow")
        yield words("1 − z", 300, JOIN - 20, "mid soft")
        yield arrow(333, JOIN, x["n"] - 18, JOIN)
        yield arrow(x["n"], GATE - 29, x["n"], JOIN + 18)
        yield arrow(x["n"], JOIN - 17, x["n"], CHIP + 14)
        yield arrow(x["n"], CHIP - 14, x["n"], ROAD + 18)
        yield path(f"M{IN} {ROAD + 16}V{STATE}H{RESET if after else RESET - 38}", "flow")
        yield path(f"M{IN + 49} {INPUT}H{x['n']}", "flow")
        yield from self.blocks()
        for name, lines in (("z", (STATE, INPUT)), ("r", (STATE, INPUT)), ("n", (INPUT,))):
            yield from tap(x[name], GATE + 30, *lines)
        left, right = x["r"] + WIDE / 2 + 2, x["n"] - WIDE / 2 - 4
        yield from self._reset_after(left, right) if after else self._reset_before(left, right)

    def _reset_after(self, left: float, right: float) -> Iterator[Element]:
        """r multiplies what the state gives."""
        n = self.n
        yield from node("×", RESET, GATE)
        yield arrow(left, GATE, RESET - 18, GATE)
        yield dot(RESET, STATE)
        yield path(f"M{RESET} {STATE}V{GATE + 58}", "flow")
        yield arrow(RESET, GATE + 32, RESET, GATE + 18)
        yield formula(f"{n.weight('W_hn')} {n.at('h', 't−1')} + {n.weight('b_hn')}", RESET + 40, GATE + 50, "soft")
        yield path(f"M{RESET + 17} {GATE}H548", "flow")
        yield arrow(612, GATE, right, GATE)

    def _reset_before(self, left: float, right: float) -> Iterator[Element]:
        """r multiplies the state, before the weights."""
        yield from node("×", RESET - 38, GATE)
        yield arrow(left, GATE, RESET - 56, GATE)
        yield from tap(RESET - 38, GATE + 18, STATE)
        yield arrow(RESET - 21, GATE, RESET + 2, GATE)
        yield from block(self.n.weight("W_hn"), RESET + 30, GATE, 52, 32)
        yield path(f"M{RESET + 57} {GATE}H572", "flow")
        yield arrow(636, GATE, right, GATE)
