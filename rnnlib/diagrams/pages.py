"""What a picture is when it is drawn: one SVG with all its pages and what is said about each, or a picture alone."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from typing import Any, Self

from .. import asked
from ..look.lettering import number, wrap
from ..look.palette import TEXT, theme_css
from ..look.templates import Tip, unit_of
from ..questions import Question
from .shapes import Element, drawing, group, prose, rect, told, words

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = re.compile(r'<text\b[^>]* data-n="([^"]*)"[^>]*>(.*?)</text>', re.DOTALL)  # in a picture of ours: `shapes`
TAG = re.compile(r"<[^>]*>")  # escapes each < and > that is none of its own


@dataclass(frozen=True, repr=False)
class Pages:
    """A run of T steps as pages, most often T+1 of them: page 0 is the start.

    svg: a background and a group `<g class="page" data-t="3">` for each page; show one group at a time.
    captions: a sentence for each page. tips: for each page, name -> a line of arithmetic: pieces (text,
    kind), where kind is "" or "soft", or for a number its address, as in "h/3/7". An
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
    table: tuple[tuple[str, ...], ...]
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
        as_it_is = ("svg", "captions", "lines", "table", "title", "alt", "note", "backward")
        return {name: getattr(self, name) for name in as_it_is} | {
            "tips": [{name: spaced(tip) for name, tip in page.items()} for page in self.tips],
            "badge": self.agreement,
            "marks": self.marks or [f"t = {t} / {len(self) - 1}" for t in range(len(self))],
            "questions": [question and question.state() for question in self.questions or [None] * len(self)],
        }


ENCODED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "%#&'"} | {"\n": "%0A\n"})  # a line stays a line


class Picture(str):
    """An SVG as text; as the last line of a cell, a notebook shows the picture.

    A notebook gets it as an image with a text. An SVG as such it would show without one, and not at all where it does
    not trust what is stored.
    """

    alt: str

    def __new__(cls, svg: str, alt: str) -> Self:
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
        last.endswith("(") or text.startswith((")", ";", ","))
        for (last, _), (text, _) in zip(tip, [*tip[1:], (")", "")], strict=True)
    ]
    return tuple((text + ("" if close else " "), kind) for (text, kind), close in zip(tip, tight, strict=True))


def plain(tip: Tip) -> str:
    """A line of arithmetic as plain text."""
    (head, _), *rest = spaced(tip)
    return f"{head.rstrip()}: " + "".join(text for text, _ in rest)


def printed(pages: Pages) -> Iterator[tuple[str, str]]:
    """Every number on the pages: (address, text). Those in the SVG are read from the SVG."""
    for address, inside in NUMBERS.findall(pages.svg):
        yield unescape(address), unescape(TAG.sub("", inside))
    for page in pages.tips:
        for tip in page.values():
            yield from ((kind, text) for text, kind in tip if "/" in kind)


def agree(pages: Pages, lookup: Callable[[str], float]) -> Pages:
    """The pages with a line that says whether all numbers on them are right: each is read back and compared with what
    `lookup` gives for its address, to the decimals that are printed."""
    gaps = [_gap(text, lookup(address)) for address, text in printed(pages)]
    largest, count = max(gaps, default=0.0), f"({len(gaps):,} numbers as printed)"
    good, bad = (
        f"✓ agrees with rnnlib, largest difference 0 {count}",
        f"differs from rnnlib by up to {largest:.2g} {count}",
    )
    return replace(pages, agreement=bad if largest else good)


def _gap(text: str, exact: float) -> float:
    """How far a printed number is from the exact one; 0 where that is rounded."""
    read, unit = _read(text)
    gap = abs(read - exact)
    return 0.0 if gap <= 0.5 * unit * (1 + 1e-9) else gap


@lru_cache(1 << 12)
def _read(text: str) -> tuple[float, float]:
    """A printed number, and what its last digit stands for."""
    return number(text), unit_of(text)


def still(
    width: float, height: float, texts: Mapping[str, str], elements: Iterable[Element], left: float = 24, **places: Any
) -> Picture:
    """A picture with its title, a painted surface, and a description in words. texts: the templates "title" and "alt";
    places: what is named in them. left: where the title begins."""
    title = texts["title"]
    alt = texts["alt"].format(title=title, **places)
    return _alone(width, height, title, alt, alt, [words(title, left, 34, "big bold"), *elements])


def _alone(width: float, height: float, title: str, desc: str, alt: str, elements: Iterable[Element]) -> Picture:
    inside = [told("title", title), told("desc", desc), rect(0, 0, width, height, "surface"), *elements]
    css, cls = theme_css(".rnn-alone"), "rnn-svg rnn-alone"
    return Picture(drawing(width, height, desc, inside, css=css, cls=cls) + "\n", alt)


@asked.asks(t=asked.whole(0))
def static_svg(pages: Pages, t: int | None = None, *, question: bool = False) -> Picture:
    """One page as a picture that stands alone, with its arithmetic and caption. t: where reading ends, if None.
    question: what the page asks in their place, and its answer covered."""
    t = len(pages) - 1 - pages.start if t is None else t
    if not 0 <= t < len(pages):
        raise ValueError(f"t: expected 0 to {len(pages) - 1}, got {t}")
    root, asks = ET.fromstring(pages.svg), pages.questions[t] if question and pages.questions else None
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    width = max(width, 760)  # room for the lines of arithmetic
    lines = [*_wrapped(pages.said(t), width - 40)] if asks is None else [*_asked(asks, width - 40)]
    below = 48 + height + 14
    inside = [
        prose(pages.title, 20, 32, "big bold"),
        group("", _page(root, t, asks is not None), transform="translate(0 48)"),
    ]
    inside += [prose(line, 20, below + 23 * (place + 0.6), cls) for place, (line, cls) in enumerate(lines)]
    ends = pages.captions[t] if asks is None else asks.prompt
    desc, alt = (f"{said} {ends}" for said in (pages.alt, pages.title))
    return _alone(width, below + 23 * len(lines) + 18, pages.title, desc, alt, inside)


def _wrapped(said: list[str], width: float) -> Iterator[tuple[str, str]]:
    *arithmetic, caption = said
    for text in arithmetic:
        yield from ((line, "big") for line in wrap(text, width, TEXT))
    yield from ((line, "big bold") for line in wrap(caption, width, TEXT * 1.1))


def _asked(question: Question, width: float) -> Iterator[tuple[str, str]]:
    prompt, *answers = question.said()
    yield from ((line, "big bold") for line in wrap(prompt, width, TEXT * 1.1))
    for text in answers:
        yield from ((line, "big") for line in wrap(text, width, TEXT))


def _page(root: ET.Element, t: int, covered: bool = False) -> str:
    """What is inside the SVG, without its styles, the other pages, and, if not covered, what covers an answer."""
    ET.register_namespace("", SVG[1:-1])
    kept = []
    for child in root:
        other = child.attrib.get("class") == "page" and child.attrib["data-t"] != str(t)
        if other or child.tag in (f"{SVG}style", f"{SVG}defs"):
            continue
        for inside in list(child.iter()):
            for part in list(inside):
                if not covered and "cover" in part.attrib.get("class", "").split():
                    inside.remove(part)
        kept.append(ET.tostring(child, encoding="unicode").replace(f' xmlns="{SVG[1:-1]}"', ""))
    return "".join(kept)
