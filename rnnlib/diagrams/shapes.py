"""The shapes that all pictures share: one box, one arrow, one filled cell, one way to write a symbol.

An element is a piece of SVG as text, escaped when it is made. Nothing has an id, and nothing is random: the same call
gives the same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any
from xml.sax.saxutils import escape

from ..look.lettering import attribute, clean
from ..look.palette import diagram_css, ink_class, strength, tone

Element = str
Corners = Sequence[tuple[float, float]]
MARKUP = re.compile(r"([_^])\{(.*?)\}|(tanh|softmax)|([A-Za-z]+)|([^A-Za-z_^]+)")  # of a formula
INDEXED = re.compile(r"(?<![\w\"“])(d?[A-Za-zτ])_(\w+|\([^()]*\))")  # a letter with an index, in a sentence
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"\n     width="{width}" '
    'height="{height}" viewBox="0 0 {width} {height}" class="{cls}" role="img" aria-label="{alt}">\n'
)


def drawing(
    width: float, height: float, alt: str, elements: Iterable[Element], *, css: str = "", cls: str = "rnn-svg"
) -> str:
    """The whole SVG, with the look's rules in it."""
    head = HEAD.format(width=coordinate(width), height=coordinate(height), cls=cls, alt=attribute(alt))
    style = f"<style>/*<![CDATA[*/{diagram_css()}{css}/*]]>*/</style>\n<defs>\n</defs>\n"
    return "\n".join([head + style.rstrip(), *elements, "</svg>"])


@lru_cache(1 << 14)  # the same places again and again
def coordinate(value: float) -> int | float:
    """A coordinate, short and the same on every machine."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def element(tag: str, inside: str | None = None, /, **attributes: Any) -> Element:
    """An SVG element. inside: markup, or None. attributes: without those that are None; class_ is class, data_n is
    data-n; numbers are coordinates."""
    named = [
        f' {_named(key)}="{attribute(value) if isinstance(value, str) else coordinate(value)}"'
        for key, value in attributes.items()
        if value is not None
    ]
    return f"<{tag}{''.join(named)} />" if inside is None else f"<{tag}{''.join(named)}>{inside}</{tag}>"


@cache
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def words(text: str, x: float, y: float, cls: str = "", *, spans: Iterable[Element] = (), **data: str) -> Element:
    """A line of text, with pieces of another look after it; `data` are data-... attributes."""
    return element("text", escape(clean(text)) + "".join(spans), x=x, y=y, class_=cls or None, **data)


def told(tag: str, text: str) -> Element:
    """A text that is not drawn: a "title" or a "desc"."""
    return element(tag, escape(clean(text)))


def span(text: str, cls: str, down: int = 0) -> Element:
    """A piece of a line of text in a look of its own. down: px from the piece before."""
    return element("tspan", escape(text), class_=cls, dy=down or None)


def formula(markup: str, x: float, y: float, cls: str = "") -> Element:
    """A line of mathematics: letters in italics, `_{...}` below the line, `^{...}` above it."""
    spans: list[Element] = []
    back = 0
    for mark, index, name, letters, other in MARKUP.findall(markup):
        shift = {"_": 4, "^": -6}.get(mark, 0)
        look = "sub" if mark else "name" if name else "roman" if other else "letter"
        text = index or name or letters or other
        spans.append(escape(text) if look == "letter" and shift == back else span(text, look, shift - back))
        back = shift
    return words("", x, y, f"sym {cls}".strip(), spans=spans)


def prose(text: str, x: float, y: float, cls: str = "") -> Element:
    """A sentence in which W_xh and h_(t−1) have their index below the line."""
    parts, spans, back = INDEXED.split(clean(text)), list[Element](), 0
    for place, part in enumerate(parts):
        index = place % 3 == 2
        if part:
            spans.append(span(part, "sub" if index else "roman", 4 * index - back))
            back = 4 * index
    return words("", x, y, cls, spans=spans) if len(parts) > 1 else words(text, x, y, cls)


def block(label: str, x: float, y: float, width: float = 74, height: float = 34) -> list[Element]:
    """A computation: a box around the middle (x, y) with what it does."""
    return [rect(x - width / 2, y - height / 2, width, height, "panel surface", 8), formula(label, x, y + 5, "mid")]


def pill(label: str, x: float, y: float, width: float = 74, height: float = 36, cls: str = "panel") -> list[Element]:
    """Something that goes in or comes out: a round box around the middle (x, y)."""
    return [rect(x - width / 2, y - height / 2, width, height, cls, height / 2), formula(label, x, y + 5, "mid")]


def rect(x: float, y: float, width: float, height: float, cls: str, radius: float = 0, **data: Any) -> Element:
    """A box, rounded where a radius is given."""
    return element("rect", x=x, y=y, width=width, height=height, rx=radius or None, class_=cls or None, **data)


def disc(x: float, y: float, radius: float, cls: str) -> Element:
    """A round dot around (x, y)."""
    return rect(x - radius, y - radius, 2 * radius, 2 * radius, cls, radius)


def path(d: str, cls: str, **data: str) -> Element:
    """A path."""
    return element("path", d=d, class_=cls or None, **data)


def line(x0: float, y0: float, x1: float, y1: float, cls: str = "flow") -> Element:
    """A straight line."""
    return path("M{} {}L{} {}".format(*map(coordinate, (x0, y0, x1, y1))), cls)


def arrow(x0: float, y0: float, x1: float, y1: float, cls: str = "flow", head: float = 0) -> Element:
    """The one arrow of the book: a straight line with an open head, from (x0, y0) to (x1, y1). head: its size in px, by
    the class if 0."""
    head = head or (9 if cls == "now" else 7)
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = (x1 - x0) / length * head, (y1 - y0) / length * head
    left = x1 - ux - uy * 0.62, y1 - uy + ux * 0.62
    right = x1 - ux + uy * 0.62, y1 - uy - ux * 0.62
    points = (coordinate(c) for point in ((x0, y0), (x1, y1), left, (x1, y1), right) for c in point)
    return path("M{} {}L{} {}M{} {}L{} {}L{} {}".format(*points), cls)


def bent(corners: Corners, cls: str = "flow", head: float = 0, radius: float = 10) -> list[Element]:
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
    return rect(x, y, width, height, tone(value), 3, fill_opacity=strength(value), **data)


def cell_number(value: float, label: str, x: float, y: float, **data: str) -> Element:
    """The number on a filled box, in the ink that can be read there."""
    return words(label, x, y, f"mid {ink_class(value)}", **data)


def cover(x: float, y: float, width: float, height: float, at: float | None = None) -> Iterator[Element]:
    """What hides an answer while a question is open, with a question mark; at: its height, the middle if None."""
    yield rect(x, y, width, height, "cover surface")
    yield words("?", x + width / 2, y + height / 2 + 6 if at is None else at, "cover mid bold big")


def group(cls: str, *children: Element, **data: str) -> Element:
    """Elements together, under one class."""
    inside = "\n".join(children)
    return element("g", f"\n{inside}\n" if children else "", class_=cls or None, **data)
