"""The shapes that all diagrams share: one box, one arrow, one filled cell, one way to write a symbol.

They are drawsvg elements. Nothing has an id, and nothing is random: the same call gives the same bytes. So an element
can be written as soon as it is made, as a piece of markup that drawsvg puts into the picture: drawsvg's own kinds of
elements are ready for ids, definitions and animation, which took half of the time between a slider and the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any
from xml.sax.saxutils import escape

import drawsvg as draw

from .lettering import attribute, clean
from .palette import diagram_css, ink_class, strength, tone

Element = Any  # drawsvg has no type hints
MARKUP = re.compile(r"([_^])\{(.*?)\}|(tanh|softmax)|([A-Za-z]+)|([^A-Za-z_^]+)")  # of a formula


def canvas(width: float, height: float, alt: str, *, css: str = "", cls: str = "rnn-svg") -> Element:
    """An empty drawing with the look's rules in it."""
    size = coordinate(width), coordinate(height)
    drawing = draw.Drawing(*size, class_=cls, role="img", aria_label=attribute(alt))
    drawing.append_css(diagram_css() + css)
    return drawing


@lru_cache(1 << 14)  # the same places again and again
def coordinate(value: float) -> int | float:
    """A coordinate, short and the same on every machine."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def element(tag: str, inside: str | None = None, /, **attributes: Any) -> Element:
    """An SVG element. inside: markup, or None. attributes: without those that are None; class_ is class, data_n is
    data-n."""
    named = [
        f' {_named(key)}="{attribute(value) if isinstance(value, str) else value}"'
        for key, value in attributes.items()
        if value is not None
    ]
    end = " />" if inside is None else f">{inside}</{tag}>"
    return draw.Raw(f"<{tag}{''.join(named)}{end}")


@cache
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def words(text: str, x: float, y: float, cls: str = "", *, spans: Iterable[Element] = (), **data: str) -> Element:
    """A line of text, with pieces of another look after it; `data` are data-... attributes."""
    inside = escape(clean(text)) + "".join([piece.content for piece in spans])
    return element("text", inside, x=coordinate(x), y=coordinate(y), class_=cls or None, **data)


def span(text: str, cls: str, down: int = 0) -> Element:
    """A piece of a line of text in a look of its own. down: px from the piece before."""
    return element("tspan", escape(text), class_=cls, dy=down or None)


def symbol(letter: str, index: str, x: float, y: float, cls: str = "", *, above: bool = False) -> Element:
    """A letter with its index below the line, or above it as in a<t>."""
    spans = [span(clean(index), "sub", -6 if above else 4)] if index else []
    return words(letter, x, y, f"sym {cls}".strip(), spans=spans)


def formula(markup: str, x: float, y: float, cls: str = "") -> Element:
    """A line of mathematics: letters in italics, `_{...}` below the line, `^{...}` above it."""
    spans: list[Element] = []
    back = 0
    for mark, index, name, letters, other in MARKUP.findall(markup):
        shift = {"_": 4, "^": -6}.get(mark, 0)
        look = "sub" if mark else "name" if name else "roman" if other else "letter"
        spans.append(span(index or name or letters or other, look, shift - back))
        back = shift
    return words("", x, y, f"sym {cls}".strip(), spans=spans)


def spoken(markup: str) -> str:
    """The same line as plain text: W_xh, a<t>."""
    return re.sub(r"([_^])\{(.*?)\}", lambda found: ("_" if found[1] == "_" else "") + found[2], markup)


def block(label: str, x: float, y: float, width: float = 74, height: float = 34) -> list[Element]:
    """A computation: a box around the middle (x, y) with what it does."""
    return [
        rect(x - width / 2, y - height / 2, width, height, "panel surface", 8),
        formula(label, x, y + 5, "mid"),
    ]


def pill(label: str, x: float, y: float, width: float = 74, height: float = 36, cls: str = "panel") -> list[Element]:
    """Something that goes in or comes out: a round box around the middle (x, y)."""
    return [rect(x - width / 2, y - height / 2, width, height, cls, height / 2), formula(label, x, y + 5, "mid")]


def rect(x: float, y: float, width: float, height: float, cls: str, radius: float = 0, **data: Any) -> Element:
    """A box, rounded where a radius is given."""
    return element(
        "rect",
        x=coordinate(x),
        y=coordinate(y),
        width=coordinate(width),
        height=coordinate(height),
        rx=coordinate(radius) if radius else None,
        class_=cls or None,
        **data,
    )


def path(d: str, cls: str, **data: str) -> Element:
    """A path."""
    return element("path", d=d, class_=cls or None, **data)


def arrow(x0: float, y0: float, x1: float, y1: float, cls: str = "flow", head: float = 7) -> Element:
    """The one arrow of the book: a straight line with an open head, from (x0, y0) to (x1, y1)."""
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = (x1 - x0) / length * head, (y1 - y0) / length * head
    left = x1 - ux - uy * 0.62, y1 - uy + ux * 0.62
    right = x1 - ux + uy * 0.62, y1 - uy - ux * 0.62
    points = (coordinate(c) for point in ((x0, y0), (x1, y1), left, (x1, y1), right) for c in point)
    return path("M{} {}L{} {}M{} {}L{} {}L{} {}".format(*points), cls)


def bent(
    corners: Sequence[tuple[float, float]], cls: str = "flow", head: float = 7, radius: float = 10
) -> list[Element]:
    """The same arrow around corners, which are rounded."""
    d = "M{} {}".format(*map(coordinate, corners[0]))
    for (ax, ay), (bx, by), (cx, cy) in zip(corners[:-2], corners[1:-1], corners[2:], strict=True):
        before, after = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5, ((cx - bx) ** 2 + (cy - by) ** 2) ** 0.5
        r = min(radius, before / 2, after / 2)
        points = (bx + (ax - bx) * r / before, by + (ay - by) * r / before, bx, by)
        last = bx + (cx - bx) * r / after, by + (cy - by) * r / after
        d += "L{} {}Q{} {} {} {}".format(*map(coordinate, (*points, *last)))
    return [path(d, cls), arrow(*last, *corners[-1], cls, head)]


def cell(value: float, x: float, y: float, width: float, height: float, **data: str) -> Element:
    """A value as a filled box: colour by sign, strength by size on the fixed range."""
    return rect(x, y, width, height, tone(value), 3, fill_opacity=coordinate(strength(value)), **data)


def cell_number(value: float, label: str, x: float, y: float, **data: str) -> Element:
    """The number on a filled box, in the ink that can be read there."""
    return words(label, x, y, f"mid {ink_class(value)}", **data)


def group(cls: str, *children: Element, **data: str) -> Element:
    """Elements together, under one class."""
    lines = "\n".join([child.content for child in children])
    return element("g", f"\n{lines}\n" if children else "", class_=cls or None, **data)


def titled(text: str) -> Element:
    """What a pointer that rests on the element shows, and what stands for the picture where it cannot be
    seen."""
    return element("title", escape(clean(text)))


def described(text: str) -> Element:
    """A longer text in place of the picture."""
    return element("desc", escape(clean(text)))
