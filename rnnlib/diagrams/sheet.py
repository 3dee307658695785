"""The one form of a picture with several pages. A picture is a `Sheet`: its numbers, what is drawn, what is said.

    class Doubled(Sheet):
        WORDS = {"alt": "Numbers, doubled.", "start": "Nothing yet.", "caption": "Step {t}: {x/t} becomes {y/t}."}

        def __init__(self, x):
            self.numbers = {"x": x, "y": 2 * x}  # row t is step t
            self.last, self.width, self.height = len(x) - 1, 200, 40

        def page(self, t):
            yield self.number(f"y/{t}", 20, 20)

    pages = paged(Doubled(np.arange(5.0)))

Every number goes by its address, "h/3/1", which is numbers["h"][3, 1]: so a page says where each comes from, and
`paged` compares all that is printed with the arrays.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

from ..look import templates
from ..look.lettering import clean
from ..look.templates import FORMS, Form, Tip
from ..questions import Question
from .boxes import Box
from .pages import Pages, agree
from .shapes import Element, cell, cell_number, drawing, group, words

Table = tuple[tuple[str, ...], ...]
Ask = Mapping[int, Question] | None  # page -> what is asked before it is shown in full


class Sheet:
    """Pages 0 to `last`; page t is step t. A picture has its numbers and its size, and of the rest what it needs.

    WORDS: its templates (see `templates`). Those with these names are used where no method says otherwise: "title",
    "alt" (in place of the picture), "note" (holds for all pages), "start" and "caption" (of page 0 and of the others),
    "mark" (what the place is called), "line" (the arithmetic under a page, from page 1 on). FORM: how a quantity is
    printed, by its name; with a sign and two decimals else. said: what templates may name on every page.
    """

    WORDS: ClassVar[Mapping[str, str]] = {}
    FORM: ClassVar[Mapping[str, str | Form]] = {}
    numbers: dict[str, Any]
    said: Mapping[str, Any] = {}
    ask: Mapping[int, Question] = {}
    last: int = 0
    width: float
    height: float
    backward: bool = False  # reading begins at the last page
    css: str = ""  # rules of its own, while it is a widget

    def background(self) -> Iterable[Element]:
        """What never changes."""
        return ()

    def page(self, t: int) -> Iterable[Element]:
        """What is there on page t alone."""
        return ()

    def caption(self, t: int) -> str:
        """What happens at step t, in plain words."""
        return self.say("caption" if t else "start", t=t)

    def tips(self, t: int) -> dict[str, Tip]:
        """The arithmetic of what can be pointed at on page t."""
        return {"line": self.tip("line", t=t)} if t and "line" in self.WORDS else {}

    def lines(self, t: int) -> tuple[str, ...]:
        """The names of the tips that page t shows at first: the first of them."""
        return tuple(self.tips(t))[:1]

    def table(self) -> Table:
        """A head and rows: the numbers of the whole run."""
        return ()

    def note(self) -> str:
        """One more line, that holds for all pages."""
        return self.say("note") if "note" in self.WORDS else ""

    def alt(self) -> str:
        """What stands for the picture where it cannot be seen."""
        return self.say("alt")

    def mark(self, t: int) -> str:
        """What the place is called; "" for "t = 3 / 5"."""
        return self.say("mark", t=t) if "mark" in self.WORDS else ""

    def value(self, address: str) -> float:
        """The number that an address names."""
        name, *places = address.split("/")
        found = self.numbers[name]
        for place in places:
            found = found[int(place)]
        return float(found)

    def form(self, name: str) -> str | Form:
        """How a quantity is printed: one of `templates.FORMS`, or a function."""
        return self.FORM.get(name, "signed")

    def text(self, address: str, form: str = "") -> str:
        """The number as it is printed."""
        found = form or self.form(address.partition("/")[0])
        return (FORMS[found] if isinstance(found, str) else found)(self.value(address))

    def number(self, address: str, x: float, y: float, cls: str = "", **data: str) -> Element:
        """The number as text in the picture, with its address."""
        return words(self.text(address), x, y, cls, data_n=address, **data)

    def cell(self, address: str, box: Box, down: float = 5) -> Iterator[Element]:
        """A box in the colour of the number, and the number on it. down: px from the middle to the line of the text."""
        value = self.value(address)
        yield cell(value, *box)
        yield cell_number(value, self.text(address), box.middle, box.level + down, data_n=address)

    def row(self, label: str, name: str, *unit: int) -> tuple[str, ...]:
        """A row of the table: the number of that name at each step; nothing where it is NaN."""
        addresses = ["/".join(map(str, (name, t, *unit))) for t in range(len(self.numbers[name]))]
        return (label, *("" if math.isnan(self.value(at)) else self.text(at) for at in addresses))

    def say(self, name: str, /, **places: Any) -> str:
        """The template of that name as a sentence."""
        return templates.line(self.WORDS[name], self._places(places), self.text)

    def tip(self, name: str, /, **places: Any) -> Tip:
        """The template of that name as pieces."""
        return templates.pieces(self.WORDS[name], self._places(places), self.text)

    def _places(self, places: Mapping[str, Any]) -> dict[str, Any]:
        t = places.get("t")
        near = {"before": t - 1, "after": t + 1} if isinstance(t, int) else {}
        return {"last": self.last, **near, **self.said, **places}


def paged(sheet: Sheet, title: str = "", ask: Ask = None) -> Pages:
    """The pages of a picture, which covers the answer where a page asks."""
    sheet.ask = ask or {}
    sheet.value, sheet.text = cache(sheet.value), cache(sheet.text)  # type: ignore[method-assign]  # each is looked up once
    steps, alt = range(sheet.last + 1), sheet.alt()
    drawn = [*sheet.background(), *(group("page", *sheet.page(t), data_t=str(t)) for t in steps)]
    pages = Pages(
        svg=drawing(sheet.width, sheet.height, alt, drawn, css=sheet.css),
        captions=tuple(map(sheet.caption, steps)),
        tips=tuple(map(sheet.tips, steps)),
        lines=tuple(map(sheet.lines, steps)),
        table=sheet.table(),
        title=clean(title) or sheet.say("title"),
        alt=alt,
        note=sheet.note(),
        marks=tuple(filter(None, map(sheet.mark, steps))),
        questions=tuple(map(sheet.ask.get, steps)) if sheet.ask else (),
        backward=sheet.backward,
    )
    return agree(pages, sheet.value)
