"""What a run looks like when it is drawn: all its pages in one SVG, and what is said about each."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from html import escape, unescape
from typing import Any

import drawsvg as draw

from ..trace import Trace
from . import asked
from .lettering import attribute, number, plain_number, wrap
from .palette import TEXT, theme_css
from .shapes import canvas, described, rect, titled, words

Tip = tuple[tuple[str, str], ...]
Table = tuple[tuple[str, ...], ...]
Lookup = Callable[[str], float]
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = re.compile(r'<text\b[^>]* data-n="([^"]*)"[^>]*>(.*?)</text>', re.DOTALL)  # in a picture of ours: `shapes`
TAG = re.compile(r"<[^>]*>")  # escapes each < and > that is none of its own


@dataclass(frozen=True)
class Answer:
    """An answer to a question, and what is said to who gives it. low, high: for a typed number, the range (both
    ends included) in which it is this answer."""

    text: str
    reply: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Question:
    """Asked before a page is shown in full: one of several answers, or a number to type where they have ranges.

    right: which answer it is, from 0. otherwise: what is said to a number that is in no range; of two ranges the
    first holds. While the question is open, the elements of the page of class "cover" hide what would give the
    answer away. ValueError for fewer than two answers to choose from, or a `right` that does not exist.
    """

    prompt: str
    answers: tuple[Answer, ...]
    right: int
    otherwise: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.right < len(self.answers):
            raise ValueError(f"right: expected 0 to {len(self.answers) - 1}, got {self.right}")
        if not self.typed and len(self.answers) < 2:
            raise ValueError("answers: expected at least 2 to choose from, got 1")
        if self.typed and not self.otherwise:
            raise ValueError("otherwise: expected a sentence for a number in no range, got none")

    @property
    def typed(self) -> bool:
        """Whether a number is typed."""
        return self.answers[0].low is not None

    def state(self) -> dict[str, Any]:
        """What the browser needs, as JSON."""
        answers = [vars(answer) for answer in self.answers]
        return {
            "prompt": self.prompt,
            "answers": answers,
            "right": self.right,
            "typed": self.typed,
            "otherwise": self.otherwise,
        }


@dataclass(frozen=True, repr=False)
class Pages:
    """A run of T steps as pages, most often T+1 of them: page 0 is the start.

    svg: a background and a group `<g class="page" data-t="3">` for each page; show one group at a time.
    captions: a sentence for each page. tips: for each page, name -> a line of arithmetic: pieces (text,
    kind), where kind is "" or "soft", or for a number says what it is, as in "h/3/7" (see `value`). An
    element with `data-tip="state/8"` (and `data-at="3"`, where it belongs to page 3) has the tip of that
    name. lines: for each page, the names of the tips that it shows at first. table: a head and rows, the
    numbers of the whole run. agreement: what `agree` found. note: one more line that holds for all pages.
    marks: what the place is called on each page ("t = 3 / 5" if there are none). questions: for each page, what is
    asked before it is shown in full, or None. backward: reading begins at the last page and goes to page 0.
    """

    svg: str
    captions: tuple[str, ...]
    tips: tuple[dict[str, Tip], ...]
    lines: tuple[tuple[str, ...], ...]
    table: Table
    title: str
    alt: str
    agreement: str = ""
    note: str = ""
    marks: tuple[str, ...] = ()
    questions: tuple[Question | None, ...] = ()
    backward: bool = False

    def __post_init__(self) -> None:
        for name in ("tips", "lines", "marks", "questions"):
            given = len(getattr(self, name))
            if given != len(self) and (given or name in ("tips", "lines")):
                raise ValueError(f"{name}: expected {len(self)}, one for each page, got {given}")

    @property
    def start(self) -> int:
        """The page at which reading begins."""
        return len(self) - 1 if self.backward else 0

    def __len__(self) -> int:
        return len(self.captions)

    def __repr__(self) -> str:
        return f"Pages({len(self)} pages: {self.title})"

    def said(self, t: int) -> list[str]:
        """The lines under page t as plain text: the arithmetic, then the caption."""
        return [plain(self.tips[t][name]) for name in self.lines[t]] + [self.captions[t]]

    def state(self) -> dict[str, Any]:
        """What the browser needs, as JSON."""
        return {
            "svg": self.svg,
            "captions": self.captions,
            "tips": [{name: spaced(tip) for name, tip in page.items()} for page in self.tips],
            "lines": self.lines,
            "table": self.table,
            "title": self.title,
            "alt": self.alt,
            "badge": self.agreement,
            "note": self.note,
            "marks": self.marks or [f"t = {t} / {len(self) - 1}" for t in range(len(self))],
            "questions": [question and question.state() for question in self.questions or [None] * len(self)],
            "backward": self.backward,
        }


ENCODED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "%#&'"} | {"\n": "%0A\n"})  # a line stays a line


class Picture(str):
    """An SVG as text; as the last line of a cell, a notebook shows the picture.

    A notebook gets it as an image with a text. An SVG as such it would show without one, and not at all where it does
    not trust what is stored.
    """

    alt: str

    def __new__(cls, svg: str, alt: str) -> Picture:
        picture = super().__new__(cls, svg)
        picture.alt = alt
        return picture

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def html(self) -> str:
        """The picture, and its text in its place where it cannot be seen, as an element of HTML."""
        packed = str.__str__(self).translate(ENCODED)
        return f"""<img alt="{escape(self.alt)}" src='data:image/svg+xml;charset=utf-8,{packed}'>"""

    _repr_html_ = html


def spaced(tip: Tip) -> Tip:
    """The same pieces with the blanks between them, so that they only have to be put side by side."""
    tight = [
        last.endswith("(") or text.startswith((")", ";"))
        for (last, _), (text, _) in zip(tip, [*tip[1:], (")", "")], strict=True)
    ]
    return tuple((text + ("" if close else " "), kind) for (text, kind), close in zip(tip, tight, strict=True))


def plain(tip: Tip) -> str:
    """A line of arithmetic as plain text."""
    (head, _), *rest = spaced(tip)
    return f"{head.rstrip()}: " + "".join(text for text, _ in rest)


# ---- the numbers on the pages against the trace


def value(trace: Trace, address: str) -> float:
    """The number that an address names, "h/3/7": quantity, step, index (from 0).

    Quantities: the states and gates by their letters; from_input, from_state, total; change (a state minus
    the one before); logits, p (probabilities), W_hy h, b_y.
    """
    name, t, k = _parts(address)
    if name in trace.states:
        return float(trace.states[name][t, k])
    if name in trace.gates:
        return float(trace.gates[name][t - 1, k])
    if name == "change":
        return float(trace.h[t, k] - trace.h[t - 1, k])
    if name == "W_hy h":
        return float(trace.logits[t - 1, k] - trace.params["output.b_y"][k])
    if name == "b_y":
        return float(trace.params["output.b_y"][k])
    return float(getattr(trace, "probabilities" if name == "p" else name)[t - 1, k])


@lru_cache(1 << 12)
def _parts(address: str) -> tuple[str, int, int]:
    name, step, index = address.split("/")
    return name, int(step), int(index)


def printed(pages: Pages) -> Iterator[tuple[str, str]]:
    """Every number on the pages: (address, text). Those in the SVG are read from the SVG."""
    for address, inside in NUMBERS.findall(pages.svg):
        yield unescape(address), unescape(TAG.sub("", inside))
    for page in pages.tips:
        for tip in page.values():
            yield from ((kind, text) for text, kind in tip if "/" in kind)


def agree(pages: Pages, lookup: Lookup) -> str:
    """Reads all numbers on the pages back, compares each with what `lookup` gives for its address, to the decimals
    that are printed, and says what was found."""
    gaps = [_gap(text, lookup(address)) for address, text in printed(pages)]
    largest = max(gaps, default=0.0)
    if largest == 0:
        return f"✓ agrees with rnnlib, largest difference 0 ({len(gaps):,} numbers as printed)"
    return f"differs from rnnlib by up to {largest:.2g} ({len(gaps):,} numbers as printed)"


def _gap(text: str, exact: float) -> float:
    """How far a printed number is from the exact one; 0 where that is rounded."""
    read, unit = _read(text)
    gap = abs(read - exact)
    return 0.0 if gap <= 0.5 * unit * (1 + 1e-9) else gap


@lru_cache(1 << 12)
def _read(text: str) -> tuple[float, float]:
    """A printed number, and what its last digit stands for."""
    return number(text), 10.0 ** int(Decimal(plain_number(text)).as_tuple().exponent)


def checked(pages: Pages, lookup: Lookup) -> Pages:
    """The pages with what `agree` found."""
    return replace(pages, agreement=agree(pages, lookup))


# ---- one page alone


@asked.asks(pages=asked.kind(Pages), t=asked.optional(asked.whole(0)))
def static_svg(pages: Pages, t: int | None = None) -> Picture:
    """One page as a picture that stands alone, with its arithmetic and caption. t: where reading ends, if None."""
    t = len(pages) - 1 - pages.start if t is None else t
    if not 0 <= t < len(pages):
        raise ValueError(f"t: expected 0 to {len(pages) - 1}, got {t}")
    root = ET.fromstring(pages.svg)
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    width = max(width, 760)  # room for the lines of arithmetic
    lines = [*_wrapped(pages.said(t), width - 40)]
    total = 48 + height + 14 + 23 * len(lines) + 18
    picture = framed(width, total, pages.title, f"{pages.alt} {pages.captions[t]}")
    picture.append(words(pages.title, 20, 32, "big bold"))
    picture.append(draw.Group([draw.Raw(_page(root, t))], transform="translate(0 48)"))
    for place, (line, cls) in enumerate(lines):
        picture.append(words(line, 20, 48 + height + 14 + 23 * (place + 0.6), cls))
    return finished(picture, f"{pages.title} {pages.captions[t]}")


def _wrapped(said: list[str], width: float) -> Iterator[tuple[str, str]]:
    *arithmetic, caption = said
    for text in arithmetic:
        yield from ((line, "big") for line in wrap(text, width, TEXT))
    yield from ((line, "big bold") for line in wrap(caption, width, TEXT * 1.1))


def _page(root: ET.Element, t: int) -> str:
    """What is inside the SVG, without its styles and the other pages."""
    ET.register_namespace("", SVG[1:-1])
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    kept = []
    for child in root:
        if child.tag in (f"{SVG}style", f"{SVG}defs"):
            continue
        if child.attrib.get("class") == "page" and child.attrib["data-t"] != str(t):
            continue
        for inside in list(child.iter()):
            for part in list(inside):
                if "cover" in part.attrib.get("class", "").split():
                    inside.remove(part)
        kept.append(ET.tostring(child, encoding="unicode").replace(' xmlns="http://www.w3.org/2000/svg"', ""))
    return "".join(kept)


def framed(width: float, height: float, title: str, alt: str) -> Any:
    """A drawing that stands alone: the palette, a painted surface, a title, and a description in words."""
    drawing = canvas(width, height, "", css=theme_css(".rnn-alone"), cls="rnn-svg rnn-alone")
    drawing.svg_args["aria-label"] = attribute(alt)
    drawing.append(titled(title))
    drawing.append(described(alt))
    drawing.append(rect(0, 0, width, height, "surface"))
    return drawing


def finished(drawing: Any, alt: str) -> Picture:
    """The drawing as text: the same bytes each time."""
    return Picture(drawing.as_svg(header="") + "\n", alt)
