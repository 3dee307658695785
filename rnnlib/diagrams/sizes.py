"""The matrices of a unit to scale, side by side, as they multiply the state, the input and a 1. Chapter 02."""

from collections.abc import Iterator, Sequence

from .. import asked
from ..checks import expect
from ..look.templates import of_picture
from .boxes import Box, hcat
from .pages import Picture, still
from .shapes import Element, formula, rect, words

LEFT, TOP, BETWEEN, ROOM, LEAST, MOST = 24, 100, 56, 230, 6, 64  # px; the largest matrix has this room; and units
WORDS = of_picture("sizes")
TINTS = {"W_{hh}": "tint-state", "W_{xh}": "tint-input", "b_{h}": "panel"}


@asked.asks(inputs=asked.whole(1, MOST), units=asked.some(int))
def sizes(inputs: int = 20, units: Sequence[int] = (16, 32)) -> Picture:
    """W_hh, W_xh and b_h as areas: a number is a square of the same size everywhere, for one or two numbers of units.

    inputs: I, 1 to 64. units: one or two numbers of units, each 1 to 64. ValueError for others. Chapter 02.
    """
    fits = 1 <= len(units) <= 2 and all(1 <= H <= MOST for H in units)
    expect(fits, f"units: expected one or two numbers from 1 to {MOST}, got {list(units)}")
    scale = ROOM / max(*units, inputs)
    drawn, x = list[Element](), float(LEFT)
    for H in units:
        boxes = _boxes(H, inputs, scale, x)
        drawn += _unit(H, inputs, boxes)
        x = boxes["b_{h}"].right + BETWEEN + 20
    said = ", and ".join(f"with {H} units {H * H} in W_hh and {H * inputs} in W_xh" for H in units)
    return still(x - 10, TOP + scale * max(units) + 66, WORDS, drawn, said=said, inputs=inputs)


def _boxes(H: int, inputs: int, scale: float, x: float) -> dict[str, Box]:
    sides = {"W_{hh}": H, "W_{xh}": inputs, "b_{h}": 1}
    high = scale * H
    return hcat({name: (max(side * scale, LEAST), high) for name, side in sides.items()}, 6, x, TOP, high)


def _unit(H: int, inputs: int, boxes: dict[str, Box]) -> Iterator[Element]:
    """The three matrices of H units, with their sides and their counts."""
    counts = {"W_{hh}": f"{H} × {H} = {H * H:,}", "W_{xh}": f"{H} × {inputs} = {H * inputs:,}", "b_{h}": f"{H}"}
    first = boxes["W_{hh}"]
    yield words(f"H = {H}", first.x, TOP - 34, "bold")
    for name, box in boxes.items():
        last = name == "b_{h}"
        yield rect(*box, TINTS[name], 3)
        yield formula(
            name, box.right + 8 if last else box.middle, box.y + 16 if last else TOP - 10, "" if last else "mid"
        )
        yield words(counts[name], box.right + 8 if last else box.middle, box.level + 5, "" if last else "mid")
    wide = boxes["b_{h}"].right - first.x
    yield words(f"{H * (H + inputs + 1):,} numbers", first.x + wide / 2, first.bottom + 24, "mid bold")
    yield words(WORDS["row"].format(H=H, inputs=inputs), first.x + wide / 2, first.bottom + 45, "mid soft")
