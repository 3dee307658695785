"""What holds for every picture: its numbers are the record's, it is said in words, safe, the same each time."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from typing import ClassVar

import pytest

from rnnlib import diagrams
from rnnlib.diagrams.pages import agree, printed
from rnnlib.diagrams.sheet import Sheet, paged
from rnnlib.look.lettering import number, text_width
from tests.pictures import EXTREMES, PAGES, STILLS, WORDS
from tests.svg import SVG, elements, said

TAGS = {"svg", "style", "defs", "g", "rect", "path", "text", "tspan", "title", "desc"}
A_VALUE = re.compile(r"[+−]?\d+\.\d+")
paged_ones = pytest.mark.parametrize("name", PAGES)
all_of_them = pytest.mark.parametrize("name", [*PAGES, *STILLS])


@cache
def made(name):
    return (PAGES | STILLS)[name]()


def svg_of(name):
    return made(name).svg if name in PAGES else str.__str__(made(name))


# ---- numbers


@paged_ones
def test_all_numbers_read_back_are_the_records(name):
    count = len([*printed(made(name))])
    assert count and made(name).agreement.startswith(f"✓ agrees with rnnlib, largest difference 0 ({count:,} numbers")


@pytest.mark.parametrize("name", EXTREMES)
def test_the_extremes_are_drawn_with_numbers_that_are_the_records(name):
    pages = EXTREMES[name]()
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0 ")
    assert "nan" not in (pages.svg + json.dumps(pages.state())).lower()


@paged_ones
def test_no_number_in_a_picture_goes_unchecked(name):
    free = [e for e in elements(made(name).svg) if "data-n" not in e.attrib and "tick" not in e.get("class", "")]
    fixed = re.compile(r"\d+ more|k = |x = ")  # said of the picture itself, or of its scale
    assert [said(e) for e in free if A_VALUE.search(said(e)) and not fixed.search(said(e))] == []


@paged_ones
def test_no_number_of_the_arithmetic_goes_unchecked(name):
    pieces = [piece for page in made(name).tips for tip in page.values() for piece in tip]
    assert [text for text, kind in pieces if not kind and A_VALUE.fullmatch(text)] == []


@pytest.mark.parametrize("where", ["svg", "tips"])
def test_one_wrong_number_is_seen(where):
    pages = made("sentence")
    (address, text), *_ = [(a, t) for a, t in printed(pages) if a == "h/3/2"]
    if where == "svg":
        place = pages.svg.index(text, pages.svg.index(f'data-n="{address}"'))
        forged = replace(pages, svg=pages.svg[:place] + "+9.00" + pages.svg[place + len(text) :])
    else:
        forged = replace(pages, tips=(*pages.tips[:-1], {**pages.tips[-1], "x": (("x", ""), ("+9.00", address))}))
    exact = {a: number(t) for a, t in printed(pages)}
    assert agree(forged, exact.__getitem__).agreement.startswith("differs from rnnlib by up to ")
    assert agree(pages, exact.__getitem__).agreement == pages.agreement


def test_a_sheets_address_names_the_number_that_it_says():
    class Doubled(Sheet):
        WORDS: ClassVar = {"title": "T", "alt": "Doubled.", "start": "Nothing.", "caption": "{x/t} becomes {y/t}.",
                 "line": "[step {t}] {x/before:term} then {x/t:sum} {?}"}  # fmt: skip
        width = height = 20
        last = 2

        def __init__(self):
            self.numbers = {"x": [0.0, 1.25, -2.0], "y": [0.0, 2.5, -4.0]}

        def page(self, t):
            yield self.number(f"y/{t}", 1, 2)

    pages = paged(Doubled())
    assert pages.captions == ("Nothing.", "+1.25 becomes +2.50.", "−2.00 becomes −4.00.")
    assert [said(e) for e in elements(pages.svg)] == ["+0.00", "+2.50", "−4.00"]
    assert pages.tips[1]["line"][1:] == (("+ 0.00", "x/0"), ("then", ""), ("+1.25", "x/1"), ("(rounded)", "soft"))


# ---- words


@paged_ones
def test_each_page_has_a_caption_and_the_lines_and_tips_that_it_names(name):
    pages = made(name)
    assert all(pages.captions) and len(pages.table) > 1 and len({len(row) for row in pages.table}) == 1
    named = [e for e in ET.fromstring(pages.svg).iter() if "data-at" in e.attrib]
    assert [
        e.attrib["data-tip"] for e in named if e.attrib["data-tip"] not in pages.tips[int(e.attrib["data-at"])]
    ] == []
    assert [line for t, lines in enumerate(pages.lines) for line in lines if line not in pages.tips[t]] == []
    sentences = "\n".join([*pages.captions, pages.note, pages.alt, *pages.marks])
    assert re.findall(r"[{}]|  |\bnan\b|\.\.", sentences) == []


@all_of_them
def test_a_picture_is_said_in_words_to_those_who_cannot_see_it(name):
    root, alt = ET.fromstring(svg_of(name)), made(name).alt
    assert root.attrib["role"] == "img" and len(alt) > 20 and root.attrib["aria-label"]
    picture = diagrams.static_svg(made(name), 1) if name in PAGES else made(name)
    alone = ET.fromstring(picture)
    assert alone.find(SVG + "title").text and len(alone.find(SVG + "desc").text) >= 20
    assert repr(picture).startswith("Picture: ")


@paged_ones
def test_a_page_alone_holds_its_own_step_its_words_and_no_cover(name):
    pages = made(name)
    picture = diagrams.static_svg(pages, 1)
    assert [g.attrib["data-t"] for g in elements(picture, "g") if g.get("class") == "page"] == ["1"]
    assert not any("cover" in e.get("class", "").split() for e in ET.fromstring(picture).iter())
    with pytest.raises(ValueError, match=f"t: expected 0 to {len(pages) - 1}"):
        diagrams.static_svg(pages, len(pages))


@paged_ones
def test_a_question_covers_something_on_its_page_alone(name):
    pages = made(name)
    for t, group in enumerate(g for g in elements(pages.svg, "g") if g.get("class") == "page"):
        covers = [e for e in group.iter() if "cover" in e.get("class", "").split()]
        assert not covers or pages.questions[t] is not None


# ---- safe, the same each time, in the host's colours


@all_of_them
def test_what_somebody_typed_is_escaped_and_nothing_has_an_id(name):
    svg = svg_of(name)
    svg.encode("utf-8")
    found = [*ET.fromstring(svg).iter()]
    assert {e.tag.removeprefix(SVG) for e in found} <= TAGS
    assert [e for e in found if "id" in e.attrib or any(key.startswith("on") for key in e.attrib)] == []
    assert "<script" not in svg


@all_of_them
def test_two_calls_give_the_same_bytes(name):
    again = (PAGES | STILLS)[name]()
    assert again == made(name) and (name in STILLS or json.dumps(again.state(), sort_keys=True))


@all_of_them
def test_colours_are_variables_with_a_fallback(name):
    body = svg_of(name).split("</style>")[1]
    assert not re.search(r'(?:fill|stroke)="|style="(?!--)|#[0-9a-f]{6}', body)


@all_of_them
def test_no_text_is_wider_than_the_picture(name):
    root = ET.fromstring(svg_of(name))
    width = float(root.attrib["width"])
    for text in elements(svg_of(name)):
        assert text_width(said(text)) < width + 60 or WORDS[3] not in said(text)
