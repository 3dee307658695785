"""The Stepper in a real JupyterLab: keys, slider, caption, numbers, both themes, and Lab's own keys left alone."""

import re
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rnnlib import diagrams
from rnnlib.look.lettering import number
from rnnlib.trace import trace
from tests.browser.applications import KERNEL
from tests.test_widgets import WORDS, a_model, reader

SENTENCE = "he was not sad today"
SETUP = "from tests.test_widgets import *"
SHOW = f"widget = reader({SENTENCE!r})\nwidget"
BROKEN = """def broken(change):
    raise ValueError("no such <b>step</b>")

stepper = widgets.Stepper(pages())
stepper.observe(broken, "t")
stepper"""
AFTER = "widget.stepper.t, widget.field.value"
one_theme = pytest.mark.parametrize("theme", ["light"], indirect=True)


def pages_of(sentence):
    x, _ = WORDS.one_hot([sentence])
    return diagrams.sentence(trace(a_model(), x[:, 0], sentence.split()))


@pytest.fixture
def stepper(server, open_notebook):
    """A notebook with a sentence stepper in its second cell, run, the stage focused."""
    notebook = open_notebook(server.write_notebook("stepper.ipynb", SETUP, SHOW, AFTER))
    notebook.run_all()
    root = notebook.output(1).locator(".rnn-stepper")
    root.wait_for()
    parts = {
        name: root.locator(f".{name}") for name in ("stage", "caption", "line", "where", "badge", "error", "sheet")
    }
    press = notebook.page.keyboard.press
    parts["stage"].focus()
    return SimpleNamespace(notebook=notebook, page=notebook.page, root=root, press=press, **parts)


def shows(stepper, t, pages=None):
    """The caption and the place are those of page t, and only that page is seen."""
    pages = pages or pages_of(SENTENCE)
    expect(stepper.caption).to_have_text(pages.captions[t])
    expect(stepper.where).to_have_text(f"t = {t} / {len(pages) - 1}")
    seen = stepper.stage.locator(".page").evaluate_all(
        "pages => pages.filter(page => getComputedStyle(page).display !== 'none').map(page => page.dataset.t)"
    )
    assert seen == [str(t)]


def test_the_arrow_keys_home_and_end_turn_the_pages(stepper):
    shows(stepper, 0)
    for t in (1, 2, 3):
        stepper.press("ArrowRight")
        shows(stepper, t)
    stepper.press("ArrowLeft")
    shows(stepper, 2)
    stepper.press("End")
    shows(stepper, 5)
    stepper.press("ArrowRight")
    shows(stepper, 5)
    stepper.press("Home")
    shows(stepper, 0)
    assert stepper.notebook.trouble == []


@one_theme
def test_the_numbers_on_the_screen_are_the_traces(stepper):
    x, _ = WORDS.one_hot([SENTENCE])
    record = trace(a_model(), x[:, 0], SENTENCE.split())
    stepper.press("End")
    for t in range(6):
        cells = stepper.stage.locator(f'.cell[data-at="{t}"] text').all_text_contents()
        assert [number(text) for text in cells] == (np.round(record.h[t], 2) + 0.0).tolist()
    shown = stepper.stage.locator(".verdict text").all_text_contents()
    assert [number(text) for text in shown] == np.round(record.probabilities[:, 1], 2).tolist()
    expect(stepper.badge).to_contain_text("agrees with rnnlib, largest difference 0")


@one_theme
def test_the_arithmetic_follows_the_step(stepper):
    pages = pages_of(SENTENCE)
    for t in range(1, 6):
        stepper.press("ArrowRight")
        for k, line in enumerate(pages.said(t)[:-1]):
            expect(stepper.line.nth(k)).to_have_text(line.replace(":", "", 1))


@one_theme
def test_thirty_fast_presses_are_all_counted(stepper):
    for _ in range(3):
        for key in ["ArrowRight"] * 5 + ["ArrowLeft"] * 5:
            stepper.press(key)
    stepper.press("ArrowRight")
    shows(stepper, 1)


@one_theme
def test_the_slider_turns_the_pages_by_mouse_and_by_keys(stepper):
    slider = stepper.root.get_by_role("slider", name="step")
    box = slider.bounding_box()
    stepper.page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2)
    shows(stepper, 3)
    stepper.press("ArrowRight")
    shows(stepper, 4)
    stepper.press("Home")
    shows(stepper, 0)
    slider.fill("2")
    shows(stepper, 2)


@one_theme
def test_the_buttons_turn_the_pages(stepper):
    for name, t in [("last step", 5), ("one step back", 4), ("first step", 0), ("one step on", 1)]:
        stepper.root.get_by_role("button", name=name, exact=True).click()
        shows(stepper, t)


@one_theme
def test_space_plays_and_pauses_and_nothing_plays_by_itself(stepper):
    stepper.page.clock.install()
    stepper.page.clock.fast_forward(5000)
    shows(stepper, 0)
    stepper.press("Space")
    expect(stepper.root.get_by_role("button", name="pause")).to_be_visible()
    for t in (1, 2):
        stepper.page.clock.run_for(1250)
        shows(stepper, t)
    stepper.press("Space")
    stepper.page.clock.run_for(5000)
    shows(stepper, 2)
    stepper.press("Space")
    stepper.page.clock.run_for(10_000)
    shows(stepper, 5)
    expect(stepper.root.get_by_role("button", name="play")).to_be_visible()


@one_theme
def test_a_unit_under_the_pointer_shows_its_arithmetic_and_a_click_keeps_it(stepper):
    pages = pages_of(SENTENCE)
    stepper.press("ArrowRight")
    other = next(f"state/{k}" for k in (1, 2) if f"state/{k}" != pages.lines[1][0])
    cell = stepper.stage.locator(f'[data-tip="{other}"][data-at="1"]')
    unit = f"unit {other[6:]} "
    cell.hover()
    expect(stepper.line.first).to_contain_text(unit)
    stepper.page.mouse.move(2, 2)
    expect(stepper.line.first).not_to_contain_text(unit)
    cell.click()
    stepper.page.mouse.move(2, 2)
    expect(stepper.line.first).to_contain_text(unit)
    stepper.press("ArrowRight")
    shows(stepper, 2)
    expect(stepper.line.first).to_contain_text(unit)
    expect(stepper.line.first).to_contain_text("from “was”")


@one_theme
def test_keys_reach_every_units_arithmetic(stepper):
    pages = pages_of(SENTENCE)
    stepper.press("ArrowRight")
    seen = set()
    for _ in pages.tips[1]:
        stepper.press("ArrowDown")
        seen |= set(stepper.line.all_inner_texts())
    assert {f"unit {k}" for k in (1, 2, 3, 4)} <= {text[:6] for text in seen}
    stepper.press("ArrowUp")
    stepper.press("Enter")
    expect(stepper.root.locator(".line.pinned")).to_have_count(1)


@one_theme
def test_the_numbers_open_as_a_table(stepper):
    stepper.root.get_by_role("button", name="numbers as a table").click()
    rows = stepper.sheet.locator("tr")
    table = pages_of(SENTENCE).table
    assert [row.split("\t") for row in rows.all_inner_texts()] == [list(row) for row in table]


@one_theme
def test_larger_is_one_and_four_tenths(stepper):
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    before = stepper.caption.evaluate(size)
    stepper.root.get_by_role("button", name="larger").click()
    expect(stepper.root).to_have_class(re.compile("present"))
    assert stepper.caption.evaluate(size) == pytest.approx(1.4 * before)


@one_theme
def test_python_hears_the_step_and_sets_it(stepper, server):
    stepper.press("End")
    stepper.press("ArrowLeft")
    page = stepper.page
    page.wait_for_timeout(300)  # the step is told to Python a moment after the last key
    stepper.notebook.cell(2).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    stepper.notebook.wait_until_idle()
    expect(stepper.notebook.output(2)).to_have_text(f"(4, {SENTENCE!r})")
    stepper.notebook.cell(2).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("widget.stepper.t = 2")
    page.keyboard.press("Shift+Enter")
    shows(stepper, 2)


def type_sentence(stepper, text):
    field = stepper.notebook.output(1).get_by_placeholder("type a sentence")
    field.fill(text)
    field.press("Enter")


@one_theme
def test_a_new_sentence_is_read_and_unknown_words_are_named(stepper):
    for _ in range(3):
        stepper.press("ArrowRight")
    type_sentence(stepper, "he is xyz good")
    shows(stepper, 3, pages_of("he is good"))
    answer = stepper.notebook.output(1).locator(".rnn-words").filter(has_text="I do not know")
    expect(answer).to_contain_text("I do not know “xyz”. I skip it and read the rest.")
    type_sentence(stepper, "<img src=x onerror=alert(1)>")
    expect(answer).to_contain_text("Nothing is left to read")
    shows(stepper, 3, pages_of("he is good"))
    assert stepper.notebook.trouble == []


@one_theme
def test_an_error_in_a_callback_is_shown(server, open_notebook):
    notebook = open_notebook(server.write_notebook("broken.ipynb", SETUP, BROKEN))
    notebook.run_all()
    notebook.output(1).locator(".stage").focus()
    notebook.page.keyboard.press("ArrowRight")
    expect(notebook.output(1).get_by_role("alert")).to_have_text("ValueError: no such <b>step</b>")


@one_theme
def test_labs_shortcuts_do_not_fire_in_the_widget(stepper):
    selected = ".jp-Notebook .jp-Cell.jp-mod-selected"
    cells = stepper.page.locator(".jp-Notebook .jp-Cell")
    stepper.stage.click(position={"x": 3, "y": 3})
    before = stepper.page.locator(selected).evaluate_all("nodes => nodes.map(node => node.innerText.slice(0, 5))")
    for target in (
        stepper.stage,
        stepper.root.get_by_role("button", name="larger"),
        stepper.root.get_by_role("slider"),
    ):
        target.focus()
        for key in ("ArrowDown", "ArrowUp", "a", "b", "d", "d", "x", "m", "j", "k"):
            stepper.press(key)
    assert cells.count() == 3
    after = stepper.page.locator(selected).evaluate_all("nodes => nodes.map(node => node.innerText.slice(0, 5))")
    assert after == before


@one_theme
def test_each_element_that_can_have_the_focus_keeps_its_keys(stepper):
    stepper.root.get_by_role("button", name="numbers as a table").click()
    focusable = stepper.root.locator("button, input, [tabindex]").evaluate_all(
        "nodes => nodes.concat(nodes[0].closest('.rnn-stepper')).map(node => node.dataset.lmSuppressShortcuts)"
    )
    assert len(focusable) >= 10 and set(focusable) == {"true"}


@one_theme
def test_escape_leaves_the_widget_and_gives_lab_its_keys_back(stepper):
    stepper.press("Escape")
    inside = "() => Boolean(document.activeElement.closest('.rnn-stepper'))"
    assert stepper.page.evaluate(inside) is False
    before = stepper.page.locator(".jp-Notebook .jp-Cell").count()
    stepper.press("b")
    expect(stepper.page.locator(".jp-Notebook .jp-Cell")).to_have_count(before + 1)


@one_theme
def test_tab_goes_through_the_controls_and_out(stepper):
    names = []
    for _ in range(12):
        stepper.press("Tab")
        names.append(stepper.page.evaluate("() => document.activeElement.closest('.rnn-stepper') ? 'in' : 'out'"))
    assert names[0] == "in" and "out" in names


def test_both_themes_colour_the_widget_and_axe_finds_nothing_serious(stepper, theme):
    background = stepper.root.evaluate("node => getComputedStyle(node).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}[theme]
    stepper.press("ArrowRight")
    stepper.root.get_by_role("button", name="numbers as a table").click()
    found = Axe().run(stepper.page, context=".rnn-sentence").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert stepper.notebook.trouble == []


@one_theme
@pytest.mark.parametrize("width", [768, 1280])
def test_the_page_does_not_scroll_sideways(stepper, width):
    stepper.page.set_viewport_size({"width": width, "height": 720})
    wide = "node => node.scrollWidth <= node.clientWidth + 1"
    assert stepper.root.evaluate(wide)
    assert stepper.page.locator(".jp-WindowedPanel-outer, .jp-Notebook").first.evaluate(wide)
    assert stepper.notebook.output(1).first.evaluate(wide)


@one_theme
def test_controls_are_large_enough_to_touch_and_text_to_read(stepper):
    sizes = stepper.root.locator("button, input").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert min(min(size) for size in sizes) >= 44
    fonts = stepper.root.locator("div, span, button").evaluate_all(
        "nodes => nodes.filter(node => node.innerText).map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(fonts) >= 14


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
