"""The teacher's page: a plan for each chapter, and nothing in it that the book does not have."""

import json
import re

import pytest

from rnnlib import widgets
from rnnlib.diagrams.book_map import CHAPTERS
from rnnlib.exercises import exercises
from tools.handout_numbers import MAKERS

SHOWN = {name for name in widgets.__all__ if isinstance(getattr(widgets, name), type)}
each = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.number)


@pytest.fixture(scope="module")
def plans(root):
    """Number -> the text of that chapter's plan."""
    text = (root / "classroom" / "teacher.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\d\d) ([^\n]*)\n", text, flags=re.MULTILINE)[1:]
    assert [tuple(parts[i : i + 2]) for i in range(0, len(parts), 3)] == [(c.number, c.title) for c in CHAPTERS]
    return {parts[i]: parts[i + 2] for i in range(0, len(parts), 3)}


@pytest.fixture(scope="module")
def cells(root):
    """Number -> the sources of that chapter's cells."""
    found = {}
    for chapter in CHAPTERS:
        notebook = json.loads((root / "notebooks" / chapter.file).read_text(encoding="utf-8"))
        found[chapter.number] = ["".join(cell["source"]) for cell in notebook["cells"]]
    return found


def rows(plan, first):
    """The cells of the table whose first column is headed so."""
    table = re.search(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", plan, re.MULTILINE).group(1)
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in table.splitlines()]


def flat(text):
    """Words alone: emphasis and line ends do not count."""
    return " ".join(text.replace("*", "").split())


@each
def test_a_plan_fills_45_minutes(plans, chapter):
    assert sum(int(minutes) for minutes, *_ in rows(plans[chapter.number], "min")) == 45


@each
def test_the_sections_that_a_plan_names_are_there(plans, cells, chapter):
    there = {int(n) for cell in cells[chapter.number] for n in re.findall(r"^## (\d+)\.", cell, re.MULTILINE)}
    named = {
        int(n)
        for span in re.findall(r"\bsections? ([\d, and to]+)", plans[chapter.number])
        for n in re.findall(r"\d+", span)
    }
    assert named and named <= there


@each
def test_the_widgets_that_a_plan_shows_are_in_the_chapter(plans, cells, chapter):
    named = set(re.findall(r"`(\w+)\(", plans[chapter.number]))
    assert named and named <= SHOWN
    code = "\n".join(cells[chapter.number])
    assert {name for name in named if f"{name}(" not in code} == set()


@each
def test_a_vote_is_a_prediction_of_the_chapter(plans, cells, chapter):
    asked = flat(" ".join(cell for cell in cells[chapter.number] if "### Predict first" in cell))
    votes = re.findall(r"(?:Vote: |with the vote |8 with )“(.*?)”(?= \||\.| \(|,| Then)", flat(plans[chapter.number]))
    assert len(votes) >= 2
    assert [vote for vote in votes if flat(vote) not in asked] == []


@each
def test_the_usual_wrong_answers_are_diagnoses_of_the_exercises(plans, chapter):
    said = {exercise.number: [wrong.diagnosis for wrong in exercise.wrong] for exercise in exercises(chapter.number)}
    answers = rows(plans[chapter.number], "what you will hear")
    assert len(answers) >= 3
    for heard, reply in answers:
        number, diagnosis = heard.split(": ", 1)
        assert diagnosis in said[number], f"{number} does not say: {diagnosis}"
        assert reply


@each
def test_it_says_what_to_leave_out(plans, chapter):
    assert "**Short of time:**" in plans[chapter.number]


def test_the_pages_at_which_to_pause_are_there(plans):
    for number, widget in [
        ("02", widgets.TwoComputations()),
        ("04", widgets.GradientChain()),
        ("06", widgets.GateLaboratory()),
        ("07", widgets.ConeOrChain()),
    ]:
        pages = [int(page) for page in re.findall(r"at page (\d+)", plans[number])]
        assert pages and max(pages) < len(widget.pages)
    race = re.search(r"`MemoryRace\(`, pages (\d+), (\d+) and (\d+)", plans["06"]).groups()
    assert max(map(int, race)) < len(widgets.MemoryRace().pages)


def test_the_sheets_that_it_hands_out_can_be_made(plans):
    named = {number: set(re.findall(r"handout (\d\d)", plan)) for number, plan in plans.items()}
    assert {number: found for number, found in named.items() if found} == {number: {number} for number in MAKERS}
