"""Every exercise of the book: the library's answer passes, and each known mistake gets its own diagnosis."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from rnnlib import exercises
from rnnlib.exercises import check, engine, wording
from rnnlib.exercises.task import posed
from tests.test_notebooks import NOTEBOOKS, code_cells

CHAPTERS = sorted(path.stem[-2:] for path in (NOTEBOOKS.parent / "rnnlib" / "exercises").glob("chapter_??.py"))
ALL = [found for chapter in CHAPTERS for found in exercises.exercises(chapter)]
KNOWN = [(found, wrong) for found in ALL for wrong in found.wrong]

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
each_exercise = pytest.mark.parametrize("found", ALL, ids=lambda found: found.number)
each_mistake = pytest.mark.parametrize(
    ("found", "wrong"), KNOWN, ids=[f"{found.number}-{found.wrong.index(wrong) + 1}" for found, wrong in KNOWN]
)


@pytest.fixture(autouse=True)
def a_new_reader(monkeypatch):
    monkeypatch.setattr(engine, "passed", set())
    monkeypatch.setattr(engine, "asked", {})


def source(path):
    return "\n".join("".join(cell["source"]) for cell in code_cells(path))


def chapter_file(chapter, folder=NOTEBOOKS):
    (path,) = folder.glob(f"{chapter}_*.ipynb")
    return path


@each_mistake
def test_a_known_mistake_gets_its_own_diagnosis(found, wrong):
    said = check(found.number, wrong.answer)
    assert not said and said.kind == "wrong"
    assert (said.text, said.hint) == (wrong.diagnosis, wrong.hint or found.hints[0])


@each_exercise
def test_what_is_written_by_hand_is_right_without_a_slip(found):
    for by_hand in {wrong.answer.func for wrong in found.wrong if isinstance(wrong.answer, partial)}:
        assert check(found.number, by_hand)


@each_exercise
def test_three_mistakes_are_known_and_no_two_are_told_alike(found):
    diagnoses = [wrong.diagnosis for wrong in found.wrong]
    assert len(diagnoses) >= 3 and len(set(diagnoses)) == len(diagnoses)


@pytest.mark.parametrize("found", [found for found in ALL if found.use is None], ids=lambda found: found.number)
def test_the_librarys_answer_is_accepted(found):  # where `use` runs an answer, the solutions show the same
    assert check(found.number, found.right)


@each_exercise
def test_there_are_two_hints_and_a_task(found):
    first, second = found.hints
    assert first and second and first != second and found.task


@each_exercise
def test_an_unanswered_stub_is_no_mistake(found):
    for stub in (None, ...):
        assert check(found.number, stub).kind == "open"


@each_chapter
def test_a_chapter_has_four_to_six_exercises_numbered_in_order(chapter):
    numbers = [found.number for found in exercises.exercises(chapter)]
    assert numbers == [f"{chapter}.{k}" for k in range(1, len(numbers) + 1)] and 4 <= len(numbers) <= 6


@each_chapter
def test_every_word_of_a_text_is_said(chapter):
    numbers = [found.number for found in exercises.exercises(chapter)]
    assert [*wording.sections(chapter)] == [*numbers, *(f"question {k}" for k in range(1, 6))]


def test_lines_become_one_line_and_what_comes_second_is_told_by_its_sign(monkeypatch):
    text = "[77.1]\ntask = Write `f`:\n    for x > 0.\n    > Where is\n    x > 0?\nName = a; b # c\n"
    monkeypatch.setattr(Path, "read_text", lambda path, encoding: text)
    said = wording.sections.__wrapped__("77")
    assert said == {"77.1": {"task": ("Write `f`: for x > 0.", "Where is x > 0?"), "Name": ("a; b # c", "")}}


def test_a_wrong_answer_without_words_or_words_without_an_answer_are_refused(monkeypatch):
    said = {"77.1": {"task": ("Give 1.", ""), "hints": ("a", "b"), "two": ("it is 2.", ""), "three": ("it is 3.", "")}}
    monkeypatch.setattr("rnnlib.exercises.task.sections", lambda chapter: said)
    two, three = {"two": (2, lambda n: n == 2)}, {"three": (3, lambda n: n == 3)}
    assert [wrong.diagnosis for wrong in posed("77.1", 1, three | two).wrong] == ["it is 2.", "it is 3."]
    for answers in (two, two | three | {"four": (4, lambda n: n == 4)}):
        with pytest.raises(ValueError, match="these do not fit"):
            posed("77.1", 1, answers)
    with pytest.raises(ValueError, match="these do not fit"):
        posed("77.1", lambda n, slip="": n, signs={"four": lambda n: n == 4})


@each_chapter
def test_a_quiz_has_five_questions_and_every_answer_a_reason(chapter):
    items = exercises.quiz(chapter).items
    assert len(items) == 5
    assert all(choice.reason for item in items for choice in item.choices)
    assert len({next(k for k, choice in enumerate(item.choices) if choice.right) for item in items}) > 1


@each_chapter
def test_the_chapter_asks_each_exercise_and_none_is_answered(chapter):
    numbers = [found.number for found in exercises.exercises(chapter)]
    path = chapter_file(chapter)
    assert re.findall(r'check\("(\d\d\.\d)"', source(path)) == numbers
    for cell in code_cells(path):
        if "check(" in "".join(cell["source"]) and f'check("{chapter}.' in "".join(cell["source"]):
            assert "not answered yet" in json.dumps(cell["outputs"])


@each_chapter
def test_the_solutions_pass_every_check(chapter):
    path = chapter_file(chapter, NOTEBOOKS / "solutions")
    said = "".join(text for cell in code_cells(path) for text in shown(cell))
    for found in exercises.exercises(chapter):
        assert f"✓ {found.number}: {found.praise}" in said


def shown(cell):
    """What a cell shows as text."""
    for output in cell["outputs"]:
        yield "".join(output.get("data", {}).get("text/plain", output.get("text", "")))
