"""Where there is no kernel: it has gone, it was never there, or the page is a file. The pages turn all the same."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from tests.browser.applications import END_KERNEL, KERNEL
from tests.browser.catalogue import CATALOGUE, SETUP
from tests.browser.conftest import both_applications, one_theme
from tools.site import build

ROOM = (SETUP + CATALOGUE["Laboratory"].setup, "lab = Room()\nlab")
NEEDS = "The controls need Python"


def steps(shown, press):
    """Home, one step, End: the place and the caption follow."""
    shown.locator(".stage").first.focus()
    where, caption = shown.locator(".where").first, shown.locator(".caption").first
    press("Home")
    expect(where).to_have_text(re.compile("^t = 0 /"))
    first = caption.text_content()
    press("ArrowRight")
    expect(where).to_have_text(re.compile("^t = 1 /"))
    expect(caption).not_to_have_text(first)


@one_theme
@both_applications
def test_when_the_kernel_has_gone_the_pages_turn_and_the_controls_say_what_they_need(run_cells):
    notebook = run_cells(*ROOM)
    lab = notebook.output(1).first
    lab.locator(".stage").wait_for()
    expect(lab.get_by_text(NEEDS)).to_be_hidden()
    notebook.page.evaluate(END_KERNEL)
    steps(lab, notebook.page.keyboard.press)
    expect(lab.get_by_text(NEEDS)).to_be_visible()


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A notebook with widgets, run and stored with their state, as an application stores it."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in ROOM], metadata={"kernelspec": KERNEL})
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder))
        NotebookClient(notebook, store_widget_state=True).execute()
    assert notebook.metadata.widgets
    return notebook


@one_theme
@both_applications
def test_a_notebook_saved_with_its_widgets_and_opened_again_steps(server, open_notebook, saved):
    path = server.notebooks / "saved.ipynb"
    nbformat.write(saved, path)
    server.trust(path)
    notebook = open_notebook("saved.ipynb")
    steps(notebook.output(1), notebook.page.keyboard.press)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_the_site_step_with_the_network_off(browser, theme, root, tmp_path):
    cells = ["from rnnlib import widgets", "widgets.OneUnit(ask=False)", "widgets.GateLaboratory(ask=False)"]
    path = tmp_path / "two.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in cells]), path)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("PYTHONPATH", str(root)), ("IPYTHONDIR", str(tmp_path))):
            patch.setenv(name, value)
        assert build.main([str(path), "--to", str(tmp_path)]) == 0
    context = browser.new_context(offline=True, color_scheme=theme)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text) if message.type == "error" else None)
    page.goto((tmp_path / "read" / "two.html").as_uri())
    frames = page.locator("iframe")
    assert frames.count() == 2
    for k in range(2):
        inside = frames.nth(k).content_frame
        steps(inside.locator("body"), page.keyboard.press)
        expect(inside.get_by_text(NEEDS)).to_be_visible()
        light = inside.locator("body").get_attribute("data-jp-theme-light")
        assert light == str(theme == "light").lower()
        height = frames.nth(k).evaluate(
            "node => [node.clientHeight, node.contentDocument.documentElement.scrollHeight]"
        )
        assert height[0] >= height[1]
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:", "about:"))] == []
    context.close()


@one_theme
@both_applications
def test_a_hundred_slider_events_leave_no_backlog(run_cells):
    notebook = run_cells(*ROOM, "lab.draws <= 102, round(lab.values['w'], 2)")
    lab, mouse = notebook.output(1).first, notebook.page.mouse
    handle = lab.locator(".noUi-handle").nth(1)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for k in range(100):
        mouse.move(x - 60 + 6 * (k % 20), y)
    mouse.up()
    last = lab.locator(".widget-readout").nth(1).text_content()
    assert last != "0.50"
    expect(lab.locator(".title")).to_have_text(f"w = {last}")
    notebook.cell(2).locator(".cm-content").click()
    notebook.page.keyboard.press("Shift+Enter")
    expect(notebook.output(2)).to_contain_text(f"(True, {float(last)}")
    assert notebook.trouble == []
