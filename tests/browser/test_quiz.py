"""A quiz keeps the score and opens one answer at a time: run, on the site, and without a kernel."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from rnnlib.exercises import quiz
from tests.browser.applications import KERNEL
from tests.browser.conftest import one_theme
from tools.site import build

CELL = 'from rnnlib.exercises import quiz\n\nquiz("02")'
RIGHT = [next(k for k, choice in enumerate(item.choices) if choice.right) for item in quiz("02").items]


def answers(shown, question):
    """The lines of the answers to a question, counted from 0."""
    return shown.locator(f"details[name=quiz-02-{question + 1}] > summary")


def answer_all(shown, press):
    """The first question wrong, and then right; the others right, by mouse and by key. What is said at the end."""
    score = shown.get_by_role("status")
    expect(score).to_have_text("")
    answers(shown, 0).nth(RIGHT[0] - 1).click()
    expect(score).to_have_text("0 of 1 right at the first try, 4 to go.")
    answers(shown, 0).nth(RIGHT[0]).click()
    expect(score).to_have_text("0 of 1 right at the first try, 4 to go.")
    for question, key in enumerate(("Enter", " ", "Enter", " "), 1):
        answers(shown, question).nth(RIGHT[question]).focus()
        press(key)
    expect(score).to_have_text("4 of 5 right at the first try.")
    assert shown.locator("details[open]").count() == 5
    assert [text[:4] for text in shown.locator("b", has_text=".").all_inner_texts() if text[:1].isdigit()] == [
        "1. ✗", "2. ✓", "3. ✓", "4. ✓", "5. ✓",
    ]  # fmt: skip


@one_theme
def test_run_in_a_notebook(server, open_notebook):
    notebook = open_notebook(server.write_notebook("quiz.ipynb", CELL))
    notebook.run_all()
    answer_all(notebook.output(0), notebook.page.keyboard.press)
    assert notebook.trouble == []


@pytest.fixture(scope="module")
def exported(tmp_path_factory, root):
    """The page of a notebook with a quiz."""
    folder = tmp_path_factory.mktemp("quiz")
    notebook = new_notebook(cells=[new_markdown_cell("# Quiz"), new_code_cell(CELL), new_markdown_cell("# On")])
    for cell in notebook.cells:
        cell.metadata = {"slideshow": {"slide_type": "slide"}}
    nbformat.write(notebook, folder / "talk.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root))
        assert build.main([str(folder / "talk.ipynb"), "--to", str(folder)]) == 0
    return folder / "read" / "talk.html"


def test_exported(browser, exported):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(exported.as_uri())
    answer_all(page.locator(".jp-OutputArea-output", has=page.get_by_role("status")), page.keyboard.press)
    page.close()


@one_theme
def test_stored_and_not_trusted_each_answer_opens_with_its_reason(server, open_notebook):
    notebook = new_notebook(cells=[new_code_cell(CELL)], metadata={"kernelspec": KERNEL})
    NotebookClient(notebook, kernel_name="python3").execute()
    nbformat.write(notebook, server.notebooks / "stored.ipynb")
    opened = open_notebook("stored.ipynb")
    line = opened.output(0).locator("summary").nth(RIGHT[0])
    line.click()
    expect(opened.output(0).get_by_text("The state is the only door.")).to_be_visible()
