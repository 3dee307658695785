"""The chapters themselves in a real JupyterLab: every cell runs, the first widget answers the keys, no trouble."""

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LONGEST = 60  # pages of a first widget


def first_widget(name):
    """The number of the first cell that stores a picture of a widget, and the caption stored with it."""
    for number, cell in enumerate(nbformat.read(NOTEBOOKS / name, as_version=4).cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "rnn-alone" in "".join(data.get("image/svg+xml", "")):
                return number, data["text/plain"].splitlines()[-1]
    raise AssertionError(f"{name} stores no picture of a stepper")


def captions(page, stepper):
    """What the widget says on its pages, from the first on: each question is skipped, then one step forward."""
    stepper.locator(".stage").focus()
    page.keyboard.press("Home")
    for _ in range(LONGEST):
        skip = stepper.get_by_role("button", name="skip")
        if skip.count() and skip.first.is_visible():
            skip.first.click()
            stepper.locator(".stage").focus()
        yield stepper.locator(".caption").inner_text()
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("theme", ["light"], indirect=True)
@pytest.mark.parametrize("name", sorted(path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb")))
def test_a_chapter_runs_and_its_first_widget_steps_to_the_stored_caption(open_notebook, name):
    number, caption = first_widget(name)
    notebook = open_notebook(name)
    notebook.run_all()
    said = list(dict.fromkeys(captions(notebook.page, notebook.output(number).locator(".rnn-stepper"))))
    assert len(said) > 2 and caption in said
    assert notebook.trouble == []
