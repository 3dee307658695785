"""What every chapter of the book has (see CONTRIBUTING.md, "A chapter")."""

import json
import re
from itertools import pairwise

import pytest

from rnnlib import widgets
from tests.test_notebooks import NOTEBOOKS, code_cells, read

CHAPTERS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
NOT_COMPLETE: set[str] = set()  # chapters that are still growing
WHOLE = [path for path in CHAPTERS if path.name[:2] not in NOT_COMPLETE]
SHOWN = {name for name in widgets.__all__ if isinstance(getattr(widgets, name), type)}
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LAZY = re.compile(r"\b(?:simply|obviously|clearly|trivial(?:ly)?|just|of course)\b", re.IGNORECASE)
SLIDES = {"slide", "subslide", "fragment", "-", "notes", "skip"}
LONGEST = 15  # lines of a cell

each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
each_whole = pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)


def text(cell):
    return "".join(cell["source"])


def prose(path):
    return [text(cell) for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]


def calls(path):
    """The widgets that a chapter shows."""
    return {name for cell in code_cells(path) for name in SHOWN if re.search(rf"\b{name}\(", text(cell))}


@each
def test_it_opens_with_a_question_and_something_to_touch(path):
    first, second, *_ = read(path)["cells"]
    assert re.match(rf"# {path.name[:2]} [^\n]*\?", text(first)) and "?" in text(first).split("\n")[0]
    assert second["cell_type"] == "code" and "data:image/svg+xml" in json.dumps(second["outputs"])


@each
def test_it_says_what_for_what_is_needed_and_how_long_it_takes(path):
    said = "\n".join(prose(path)[:4])
    assert re.search(r"\*\*(?:In this chapter|What you can do)", said)
    assert re.search(r"\bneed\b", said) and re.search(r"\bminutes\b", said)


@each
def test_a_cell_of_code_is_short(path):
    assert [text(cell) for cell in code_cells(path) if len(text(cell).rstrip().split("\n")) > LONGEST] == []


@each
def test_every_cell_has_its_place_on_the_slides(path):
    kinds = {cell["metadata"].get("slideshow", {}).get("slide_type") for cell in read(path)["cells"]}
    assert kinds <= SLIDES


@each
def test_what_is_written_by_hand_equals_the_library(path):
    assert any("1e-12" in text(cell) and "assert" in text(cell) for cell in code_cells(path))


@each
def test_nothing_is_called_easy_that_may_not_be(path):
    assert [found.group() for part in prose(path) for found in LAZY.finditer(part)] == []


@each
def test_nobody_is_shouted_at(path):
    assert [part for part in prose(path) if re.search(r"[a-z]!(?:\s|$)", re.sub(r"\$[^$]*\$", "", part))] == []


@each
def test_its_links_lead_somewhere(path):
    links = [link for part in prose(path) for link in re.findall(r"\]\(([^)#\s]+)\)", part) if "://" not in link]
    assert links and [link for link in links if not (NOTEBOOKS / link).exists()] == []


@each
def test_every_term_in_chinese_is_in_the_glossary(path):
    glossary = "\n".join(prose(NOTEBOOKS / "00_start_here.ipynb"))
    rows = [row for row in glossary.split("\n") if row.startswith("|")]
    known = set(CHINESE.findall("\n".join(rows)))
    assert {term for part in prose(path) for term in CHINESE.findall(part)} - known == set()


@each_whole
def test_it_asks_before_it_tells_at_least_three_times(path):
    asked = [part for part in prose(path) if "### Predict first" in part]
    assert len(asked) >= 3
    assert all("(a)" in part and "(b)" in part and "<details><summary>" in part for part in asked)


@each_whole
def test_it_has_two_widgets_and_a_picture_of_each(path):
    assert len(calls(path)) >= 2
    for cell in code_cells(path):
        last = text(cell).strip().split("\n")[-1]
        if any(re.match(rf"(?:widgets\.)?{name}\(", last) for name in SHOWN):
            assert "data:image/svg+xml" in json.dumps(cell["outputs"])


@each_whole
def test_it_ends_with_summary_quiz_and_exercises_in_this_order(path):
    heads = [line for part in prose(path) for line in part.split("\n") if line.startswith("## ")]
    last = [head for head in heads if head in ("## Summary", "## Quiz", "## Exercises")]
    assert last == ["## Summary", "## Quiz", "## Exercises"]


@each_whole
def test_its_summary_has_five_lines(path):
    (summary,) = [part for part in prose(path) if "## Summary" in part]
    assert re.findall(r"^(\d)\. ", summary.split("## Summary")[1], re.MULTILINE) == list("12345")


@each_whole
def test_it_has_a_box_for_the_class_with_minutes(path):
    (box,) = [part for part in prose(path) if "<summary>In class</summary>" in part]
    assert re.search(r"\b45\b", box) and "min" in box


@each_whole
def test_it_names_its_neighbours_and_its_sources(path):
    end = "\n".join(prose(path)[-4:])
    place = WHOLE.index(path)
    assert ("**Back:** [" in end) == (place > 0) and "**Next:** [" in end and "**Sources.**" in end


def test_chapters_are_found():
    assert next(path.name[:2] for path in CHAPTERS) == "00" and len(WHOLE) >= 1


def test_each_chapter_leads_to_the_next_and_back():
    for before, after in pairwise(CHAPTERS):
        ahead, back = (
            re.search(rf"\*\*{way}:\*\* \[[^\]]*\]\(([^)]*)\)", "\n".join(prose(path)))
            for way, path in (("Next", before), ("Back", after))
        )
        assert ahead and ahead[1] == after.name, before.name
        assert back and back[1] == before.name, after.name


@each
def test_the_comment_of_a_folded_cell_counts_its_lines(path):
    for cell in code_cells(path):
        if found := re.match(r"# (\d+) lines", text(cell)):
            code = [line for line in text(cell).split("\n") if line.strip() and not line.strip().startswith("#")]
            assert int(found[1]) == len(code), text(cell)
