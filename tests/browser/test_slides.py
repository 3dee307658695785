"""A page of the site as slides: the keys turn them, each cell has its place, a widget on a slide keeps its keys."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from tools.site import build

CELLS = [
    ("slide", new_markdown_cell("# One")),
    ("-", new_markdown_cell("beside one")),
    ("notes", new_markdown_cell("for the teacher")),
    ("subslide", new_code_cell("from rnnlib import widgets\nwidgets.OneUnit(ask=False)")),
    ("skip", new_markdown_cell("left out")),
    ("slide", new_markdown_cell("# Three")),
]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("slides")
    for kind, cell in CELLS:
        cell.metadata = {"slideshow": {"slide_type": kind}}
    nbformat.write(new_notebook(cells=[cell for _, cell in CELLS]), folder / "talk.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root))
        patch.delenv("RNNLIB_PICTURES", raising=False)
        assert build.main([str(folder / "talk.ipynb"), "--to", str(folder)]) == 0
    return folder / "read" / "talk.html"


@pytest.fixture
def talk(browser, page_file):
    """The page at the size of a projector, as slides."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(page_file.as_uri())
    page.keyboard.press("s")
    yield page
    page.close()


def seen(page):
    """What can be read in the cells of text."""
    return [text for text in page.locator(".jp-MarkdownCell:visible").all_inner_texts() if text.strip()]


def test_the_keys_turn_the_slides_and_escape_ends_them(talk):
    where = talk.locator(".rnn-slides span")
    expect(where).to_have_text("1 / 3")
    assert ["One" in text for text in seen(talk)] == [True, False]
    talk.keyboard.press("ArrowRight")
    talk.keyboard.press("PageDown")
    talk.keyboard.press("ArrowRight")
    expect(where).to_have_text("3 / 3")
    assert len(seen(talk)) == 1
    talk.keyboard.press("ArrowLeft")
    expect(where).to_have_text("2 / 3")
    talk.keyboard.press("Escape")
    assert len(seen(talk)) == 5


def test_notes_and_what_is_skipped_are_on_no_slide(talk):
    texts = []
    for _ in range(3):
        texts += seen(talk)
        talk.keyboard.press("ArrowRight")
    assert not any("teacher" in text or "left out" in text for text in texts)


def test_a_widget_on_a_slide_keeps_its_keys_and_its_code_comes_with_c(talk):
    talk.keyboard.press("ArrowRight")
    code = talk.locator(".jp-CodeCell .highlight").first
    expect(code).to_be_hidden()
    talk.keyboard.press("c")
    expect(code).to_be_visible()
    expect(talk.locator(".rnn-slides span")).to_have_text("2 / 4")
    talk.keyboard.press("ArrowRight")
    widget = talk.frame_locator("iframe")
    widget.locator(".stage").focus()
    before = widget.locator(".where").inner_text()
    talk.keyboard.press("ArrowLeft" if before[4:].split(" / ")[0] == before.split(" / ")[1] else "ArrowRight")
    expect(widget.locator(".where")).not_to_have_text(before)
    expect(talk.locator(".rnn-slides span")).to_have_text("3 / 4")
    talk.keyboard.press("Escape")  # from the widget to the slides
    talk.keyboard.press("c")
    expect(talk.locator(".rnn-slides span")).to_have_text("2 / 3")
    expect(code).to_be_hidden()
    talk.keyboard.press("ArrowRight")
    expect(talk.locator(".rnn-slides span")).to_have_text("3 / 3")
    assert talk.evaluate("document.documentElement.scrollWidth") <= 1280
