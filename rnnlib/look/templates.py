"""What is said about a picture, from templates: text with named places, filled from the picture's numbers.

    "[unit {unit}] {f}( {from_input/t/k} [from {word}] {from_state/t/k:term} ) = {f}( {total/t/k:sum} ) = {h/t/k} {?}"

{unit}       what the picture says under that name, also the pieces of another template
{h/t/k}      the number of that name at the places t and k (or at {h/3/0}), as its quantity is printed
{h/t/k:term} in another form: one of `FORMS`; term: its sign, a blank, its size
{h/t/k:sum}  the sum of the number before and the terms after it: where those, as printed, do not add up to it, {?} says
             "(rounded)"
[...]        in a softer tone, where tones can be seen
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .lettering import exact, fine, number, plain_number, power, share, signed, size

Tip = tuple[tuple[str, str], ...]  # pieces (text, kind); kind: "", "soft", or of a number its address
Printed = Callable[[str, str], str]  # from an address and a form to the number as it is printed
Form = Callable[[float], str]
FORMS: dict[str, Form] = {
    "signed": signed,
    "share": share,
    "exact": exact,
    "fine": fine,
    "power": power,
    "size": size,
    "count": lambda value: f"{value:,.0f}",
}
PART = re.compile(r"\{([^{}]*)\}|([\[\]])|([^\[\]{}]+)")
ROUNDED = ("(rounded)", "soft")
WORDS = Path(__file__).parents[1] / "diagrams" / "words"  # a file for each language


@cache
def _language(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))


def of_picture(name: str, language: str = "en") -> dict[str, str]:
    """The templates of a picture, which stand under its name in `diagrams/words/en.toml`."""
    return _language(language)[name]


class Part(NamedTuple):
    """A part of a template: "text", "tone", "place", or "number" with the words of its name, its places, its form."""

    kind: str
    text: str
    name: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    form: str = ""

    def address(self, places: Mapping[str, Any]) -> str:
        """The address that it names: what is a name of the picture's own is filled in."""
        name = [str(places.get(word, word)) for word in self.name]
        return "/".join([" ".join(name), *[str(places.get(place, place)) for place in self.at]])

    def said(self, address: str, printed: Printed) -> str:
        """The number in its form."""
        text = printed(address, "" if self.form in ("term", "sum") else self.form)
        return term(text) if self.form == "term" else text


@lru_cache(None)
def parsed(template: str) -> tuple[Part, ...]:
    """The parts of a template."""
    found = []
    for place, tone, text in PART.findall(template):
        path, _, form = place.partition(":")
        name, *at = path.split("/")
        number = Part("number", place, tuple(name.split(" ")), tuple(at), form)
        found.append(number if at else Part("place" if place else "tone" if tone else "text", place or tone or text))
    return tuple(found)


def pieces(template: str, places: Mapping[str, Any], printed: Printed) -> Tip:
    """A line of pieces, each with what it is. KeyError for a place that nothing is known of."""
    found: list[tuple[str, str]] = []
    text, tone, terms, rounded = "", "", list[str](), False
    for part in parsed(template):
        value: Any = part.text if part.kind != "place" or part.text == "?" else places[part.text]
        if part.kind == "text" or (part.kind == "place" and part.text != "?" and not isinstance(value, tuple)):
            text += str(value)
            continue
        if text.strip():
            found.append((text.strip(), tone))
        text = ""
        if part.kind == "tone":
            tone = "soft" if part.text == "[" else ""
        elif part.kind == "number":
            address = part.address(places)
            said = part.said(address, printed)
            if part.form == "sum":
                rounded = abs(number(said) - sum(map(number, terms))) > 0.5 * unit_of(said)
            terms = [*terms, said] if part.form == "term" else [said]
            found.append((said, address))
        elif part.text == "?":
            found += [ROUNDED] if rounded else []
        else:
            found += value
    return (*found, (text.strip(), tone)) if text.strip() else tuple(found)


def line(template: str, places: Mapping[str, Any], printed: Printed) -> str:
    """The same as one line of text, for a sentence: as it stands in the template."""
    return "".join(_texts(template, places, printed))


def _texts(template: str, places: Mapping[str, Any], printed: Printed) -> Iterator[str]:
    for part in parsed(template):
        if part.kind == "number":
            yield part.said(part.address(places), printed)
        else:
            yield str(places[part.text]) if part.kind == "place" else part.text


def term(text: str) -> str:
    """A printed number in a sum: its sign, a blank, its size."""
    return f"{text[0]} {text[1:]}" if text[0] in "+−" else f"+ {text}"


@lru_cache(1 << 12)
def unit_of(text: str) -> float:
    """What the last digit of a printed number stands for."""
    return 10.0 ** int(Decimal(plain_number(text)).as_tuple().exponent)
