"""One unit of an LSTM as a picture of its equations, with its numbers at each step. Chapter 06."""

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

ADD, TANH, LEVEL = 400, 700, JOIN + 20  # across: where c is added up, where it goes out; the height of h


@asked.asks()
def lstm_cell(trace: Trace, *, unit: int | None = None, notation: str = "h", layer: str | None = None) -> Pages:
    """`c_t = f c_(t-1) + i g`, `h_t = o tanh(c_t)`: the cell state as a road on top, and what the gates let through.

    trace: of a model with an LSTM layer; peepholes are drawn where it has them. unit: whose numbers are shown, from 1;
    the one that moves most if None. notation: "h", or "a" for the state's letter. layer: the layer's name in the trace
    ("body.left"); the last recurrent one if None. A page a step, in the order in which the layer reads. ValueError for
    another kind of layer, a unit, notation or layer that does not exist, NaN or infinity. Source: Hochreiter and
    Schmidhuber (1997); forget gate: Gers et al. (2000); peepholes: Gers and Schmidhuber (2000). Chapter 06.
    """
    return paged(LSTM(gated_run(trace, "lstm", layer), unit, notation))


class LSTM(Gated):
    WORDS = WORDS | of_picture("lstm_cell")
    PLACES: ClassVar = dict(f=190, i=335, g=465, o=610)
    MEMORY = ("f", "c")

    def between(self) -> list[tuple[str, float, float]]:
        return [("f×c", 273, ROAD), ("i×g", ADD, CHIP), ("tanh c", TANH, 116)]

    def background(self) -> Iterator[Element]:
        x = self.PLACES
        ends = ((IN + 38, x["f"] - 18), (x["f"] + 17, 241), (305, ADD - 18), (ADD + 17, OUT - 42))
        yield from self.road(("c_{t−1}", "c_{t}"), ends)
        yield formula(self.n.at("h", "t−1"), IN, STATE - 20, "mid")
        yield formula(self.n.at("h"), OUT, LEVEL - 21, "mid")
        yield from node("×", x["f"], ROAD) + node("+", ADD, ROAD) + node("×", ADD, JOIN)
        yield arrow(x["f"], GATE - 29, x["f"], ROAD + 18)
        yield arrow(x["i"], GATE - 29, ADD - 13, JOIN + 12)
        yield arrow(x["g"], GATE - 29, ADD + 13, JOIN + 12)
        yield arrow(ADD, JOIN - 17, ADD, CHIP + 14)
        yield arrow(ADD, CHIP - 14, ADD, ROAD + 18)
        yield from self._out()
        yield path(f"M{IN + 37} {STATE}H{x['o']}", "flow")
        yield path(f"M{IN + 49} {INPUT}H{x['o']}", "flow")
        yield from self.blocks()
        for place in x.values():
            yield from tap(place, GATE + 30, STATE, INPUT)
        if self.run.peepholes is not None:
            yield from self._peepholes()

    def _out(self) -> Iterator[Element]:
        """From the road through tanh and the output gate to h."""
        yield dot(TANH, ROAD)
        yield arrow(TANH, ROAD, TANH, 66)
        yield from block("tanh", TANH, 81, 62, 28)
        yield path(f"M{TANH} 96V104", "flow")
        yield arrow(TANH, 129, TANH, LEVEL - 18)
        yield from node("×", TANH, LEVEL)
        yield arrow(self.PLACES["o"] + 50, GATE - 29, TANH - 16, LEVEL + 6)
        yield arrow(TANH + 17, LEVEL, OUT - 42, LEVEL)

    def _peepholes(self) -> Iterator[Element]:
        x, level = self.PLACES, GATE - 44
        yield dot(112, ROAD)
        yield path(f"M112 {ROAD}V{level}H{x['i'] - 34}", "flow broken")
        yield from (arrow(x[name] - 34, level, x[name] - 34, GATE - 30) for name in "fi")
        yield words("peepholes", x["f"] + 10, level - 7, "soft")
        yield dot(744, ROAD)
        yield path(f"M744 {ROAD}V{GATE}H690", "flow broken")
        yield arrow(690, GATE, x["o"] + WIDE / 2 + 4, GATE)
