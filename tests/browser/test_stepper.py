"""The Stepper in a real JupyterLab: keys, slider, caption, numbers, both themes, and Lab's own keys left alone.

What holds for every widget is proven in test_catalogue.py.
"""

import nbformat
import numpy as np
import pytest
from playwright.sync_api import expect

from rnnlib import diagrams
from rnnlib.look.lettering import number
from rnnlib.trace import trace
from tests.browser.applications import KERNEL
from tests.browser.conftest import one_theme
from tests.test_widgets import WORDS, a_model, reader

SENTENCE = "he was not sad today"
SETUP = "import ipywidgets\nfrom tests.test_widgets import *"
SHOW = f"widget = reader({SENTENCE!r})\nwidget"
PYTHON = """heard, two = ipywidgets.Label(), ipywidgets.Button(description="two")
widget.stepper.observe(lambda change: setattr(heard, "value", f"step {change.new}"), "t")
two.on_click(lambda _: setattr(widget.stepper, "t", 2))
ipywidgets.VBox([heard, two])"""
BROKEN = """def broken(change):
    raise ValueError("no such <b>step</b>")

stepper = widgets.Stepper(pages())
stepper.observe(broken, "t")
stepper"""


def pages_of(sentence):
    x, _ = WORDS.one_hot([sentence])
    return diagrams.sentence(trace(a_model(), x[:, 0], sentence.split()))


@pytest.fixture
def stepper(open_laboratory):
    """A sentence stepper in the second cell, and in the third what Python hears of it; the stage focused."""
    return open_laboratory(SETUP, SHOW, PYTHON)


def shows(stepper, t, pages=None):
    """The caption and the place are those of page t, and only that page is seen."""
    pages = pages or pages_of(SENTENCE)
    expect(stepper.caption).to_have_text(pages.captions[t])
    expect(stepper.where).to_have_text(f"t = {t} / {len(pages) - 1}")
    seen = stepper.stage.locator(".page").evaluate_all(
        "pages => pages.filter(page => getComputedStyle(page).display !== 'none').map(page => page.dataset.t)"
    )
    assert seen == [str(t)]


def test_keys_buttons_and_slider_turn_the_pages(stepper):
    shows(stepper, 0)
    for key, t in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 5), ("ArrowRight", 5), ("Home", 0)]:
        stepper.press(key)
        shows(stepper, t)
    for name, t in [("last step", 5), ("one step back", 4), ("first step", 0), ("one step on", 1)]:
        stepper.button(name).click()
        shows(stepper, t)
    slider = stepper.root.get_by_role("slider", name="step")
    box = slider.bounding_box()
    stepper.page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2)
    shows(stepper, 3)
    for key, t in [("ArrowRight", 4), ("Home", 0)]:
        stepper.press(key)
        shows(stepper, t)
    assert stepper.notebook.trouble == []


@one_theme
def test_the_numbers_on_the_screen_are_the_traces_and_open_as_a_table(stepper):
    x, _ = WORDS.one_hot([SENTENCE])
    record = trace(a_model(), x[:, 0], SENTENCE.split())
    stepper.press("End")
    for t in range(6):
        cells = stepper.stage.locator(f'.cell[data-at="{t}"] text').all_text_contents()
        assert [number(text) for text in cells] == (np.round(record.h[t], 2) + 0.0).tolist()
    shown = stepper.stage.locator(".verdict text").all_text_contents()
    assert [number(text) for text in shown] == np.round(record.probabilities[:, 1], 2).tolist()
    expect(stepper.badge).to_contain_text("agrees with rnnlib, largest difference 0")
    stepper.button("numbers as a table").click()
    rows = stepper.root.locator(".sheet tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [list(row) for row in pages_of(SENTENCE).table]


@one_theme
def test_thirty_fast_presses_are_all_counted(stepper):
    for _ in range(3):
        for key in ["ArrowRight"] * 5 + ["ArrowLeft"] * 5:
            stepper.press(key)
    stepper.press("ArrowRight")
    shows(stepper, 1)


@one_theme
def test_the_arithmetic_follows_the_step_the_pointer_and_the_keys(stepper):
    pages = pages_of(SENTENCE)
    for t in range(1, 6):
        stepper.press("ArrowRight")
        for k, line in enumerate(pages.said(t)[:-1]):
            expect(stepper.line.nth(k)).to_have_text(line.replace(":", "", 1))
    stepper.press("Home")
    stepper.press("ArrowRight")
    other = next(f"state/{k}" for k in (1, 2) if f"state/{k}" != pages.lines[1][0])
    cell, unit = stepper.stage.locator(f'[data-tip="{other}"][data-at="1"]'), f"unit {other[6:]} "
    cell.hover()
    expect(stepper.line.first).to_contain_text(unit)
    stepper.page.mouse.move(2, 2)
    expect(stepper.line.first).not_to_contain_text(unit)
    cell.click()  # a click keeps it
    stepper.page.mouse.move(2, 2)
    stepper.press("ArrowRight")
    shows(stepper, 2)
    expect(stepper.line.first).to_contain_text(unit)
    expect(stepper.line.first).to_contain_text("from “was”")
    stepper.stage.locator('[data-tip][data-at="4"]').first.click()  # a number leads to where it was computed
    shows(stepper, 4)
    stepper.press("ArrowLeft")
    seen = set()
    for _ in pages.tips[3]:
        stepper.press("ArrowDown")
        seen |= set(stepper.line.all_inner_texts())
    assert {f"unit {k}" for k in (1, 2, 3, 4)} <= {text[:6] for text in seen}
    stepper.press("ArrowUp")
    stepper.press("Enter")
    expect(stepper.root.locator(".line.pinned")).to_have_count(1)


@one_theme
def test_python_hears_the_step_and_sets_it(stepper):
    stepper.press("End")
    stepper.press("ArrowLeft")
    python = stepper.notebook.output(2)
    expect(python).to_contain_text("step 4")
    python.get_by_role("button", name="two").click()
    shows(stepper, 2)


@one_theme
def test_a_new_sentence_is_read_and_enter_gives_the_arrow_keys_to_its_pages(stepper):
    field = stepper.root.get_by_placeholder("type a sentence")

    def typed(text):
        field.fill(text)
        field.press("Enter")

    for _ in range(3):
        stepper.press("ArrowRight")
    typed("he is xyz good")
    new = pages_of("he is good")
    shows(stepper, 3, new)
    answer = stepper.root.locator(".rnn-words").filter(has_text="I do not know")
    expect(answer).to_contain_text("I do not know “xyz”. I skip it and read the rest.")
    expect(stepper.stage).to_be_focused()
    stepper.press("ArrowLeft")
    shows(stepper, 2, new)
    typed("<img src=x onerror=alert(1)>")
    expect(answer).to_contain_text("Nothing is left to read")
    shows(stepper, 2, new)
    assert stepper.notebook.trouble == []


@one_theme
def test_an_error_in_a_callback_is_shown(open_laboratory):
    broken = open_laboratory(SETUP, BROKEN)
    broken.press("ArrowRight")
    expect(broken.root.get_by_role("alert")).to_have_text("ValueError: no such <b>step</b>")


@one_theme
def test_escape_gives_lab_its_keys_back(stepper):
    stepper.press("Escape")
    before = stepper.page.locator(".jp-Notebook .jp-Cell").count()
    stepper.press("b")
    expect(stepper.page.locator(".jp-Notebook .jp-Cell")).to_have_count(before + 1)


@one_theme
def test_before_it_is_run_a_notebook_shows_the_stored_picture(server, open_notebook):
    data, _ = reader(SENTENCE, t=3)._repr_mimebundle_()
    stored = {kind: content for kind, content in data.items() if "widget-view" not in kind}
    output = nbformat.v4.new_output("execute_result", stored, execution_count=1)
    cell = nbformat.v4.new_code_cell("reader()", outputs=[output], execution_count=1)
    path = server.notebooks / "stored.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": KERNEL}), path)
    server.trust(path)
    notebook = open_notebook("stored.ipynb")
    picture = notebook.output(0).locator("img, svg").first
    expect(picture).to_be_visible()
    assert picture.bounding_box()["width"] > 500
    assert notebook.trouble == []
