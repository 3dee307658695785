"""No number in a chapter's prose that its stored outputs do not show (see `prose.py` for what counts)."""

import tomllib
from pathlib import Path

import pytest

from tests.prose import NOTEBOOKS, claims, printed, said, shows, unshown

CHAPTERS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
EXCEPTIONS = tomllib.loads(Path(__file__).with_name("prose_exceptions.toml").read_text(encoding="utf-8"))

each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@each
def test_every_number_of_the_prose_is_shown_on_the_page(path):
    known = {(cell, number) for cell, numbers in EXCEPTIONS.items() for number in numbers}
    left = [
        f"cell {claim.cell}: {claim.written}"
        for claim in unshown(path)
        if not {(claim.cell, claim.written), (claim.cell, "*")} & known
    ]
    assert left == [], "mend the text, print the number, or say in prose_exceptions.toml why it may stand there"


@each
def test_no_exception_outlives_its_number(path):
    missing = {(claim.cell, claim.written) for claim in unshown(path)}
    kept = {(cell, n) for cell, numbers in EXCEPTIONS.items() if cell[:2] == path.name[:2] for n in numbers}
    stale = {(cell, n) for cell, n in kept - missing if n != "*" or cell not in {claim for claim, _ in missing}}
    assert stale == set(), "these are shown now, or are gone: take them out of prose_exceptions.toml"


@pytest.mark.parametrize("shown", ["right 0.9651 of 370", "0.97", "97.0 %", "1.97"])
def test_a_number_is_shown_as_it_is_or_rounded_and_no_other_is(shown):
    (claim,) = claims("cell", "It gets 0.97 of them.")
    assert shows(claim, printed(shown)) == (shown in ("right 0.9651 of 370", "0.97"))


@pytest.mark.parametrize("text", ["11 of 370", "between 24 and 88", "1,297 images", "40 % more", "(0.24 to 0.56)"])
def test_a_claim_is_found(text):
    assert claims("cell", text)


@pytest.mark.parametrize(
    "text",
    ["## 12. Heading", "$x_{12} = 0.5$", "`rate=0.02`", "see chapter 12", "section 11", "- (b) 0.33 of them", "in 2014",
     "[05](05_shapes.ipynb)", "three of 9", "Exercise 06.4"],
)  # fmt: skip
def test_what_says_nothing_of_a_run_is_no_claim(text):
    assert claims("cell", text) == []


def test_a_picture_is_read_for_its_words_and_not_for_its_coordinates():
    drawn = '<svg width="640"><style>.a{x:77}</style><text x="31.5" fill="%23889900">0.44</text></svg>'
    picture = f"<img alt='' src='data:image/svg+xml;charset=utf-8,{drawn}'>"
    assert [number for part in said({"data": {"text/html": picture}}) for number in printed(part)] == [0.44]
