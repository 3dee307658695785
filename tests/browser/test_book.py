"""The chapters themselves in a real JupyterLab: every cell runs, the first widget answers the keys, no trouble."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def first_widget(name):
    """The number of the first cell that stores a picture of a stepper, and the caption stored with it."""
    for number, cell in enumerate(nbformat.read(NOTEBOOKS / name, as_version=4).cells):
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain", "")
            if "Step " in text:
                return number, text.splitlines()[-1]
    raise AssertionError(f"{name} stores no picture of a stepper")


@pytest.mark.parametrize("theme", ["light"], indirect=True)
@pytest.mark.parametrize("name", sorted(path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb")))
def test_a_chapter_runs_and_its_first_widget_steps_to_the_stored_caption(open_notebook, name):
    number, caption = first_widget(name)
    notebook = open_notebook(name)
    notebook.run_all()
    stepper = notebook.output(number).locator(".rnn-stepper")
    stepper.locator(".stage").focus()
    notebook.page.keyboard.press("ArrowRight")
    expect(stepper.locator(".caption")).to_contain_text("Step 1 of")
    notebook.page.keyboard.press("End")
    expect(stepper.locator(".caption")).to_have_text(caption)
    assert notebook.trouble == []
