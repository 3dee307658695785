"""The browser edition: chapters run top to bottom in JupyterLite, with every other host blocked, and tell the same."""

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.live import PATIENCE, LiveSite, add, outputs, told
from tests.browser.test_book import captions
from tools.site import live

ROOT = Path(__file__).resolve().parents[2]
PYODIDE = Path(os.environ.get("PYODIDE", ROOT.parent / "shared" / "pyodide"))
CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
SHORT = {"00_start_here.ipynb", "03_unrolling.ipynb", "06_memory.ipynb"}
WHY = pytest.mark.long("it takes up to a minute and runs as in Python; chapters 00, 03 and 06 stand in for it")

pytestmark = pytest.mark.skipif(
    not (PYODIDE / "pyodide.mjs").is_file(),
    reason=f"there is no Pyodide in {PYODIDE}: name a folder that has one with the environment variable PYODIDE",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "live"
    live.build_live(folder, PYODIDE)
    site = LiveSite(folder)
    yield site
    site.close()


@pytest.fixture(scope="module")
def context(browser):
    """One profile for all chapters: the second one finds Python in the cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield context
    context.close()


def stored(name):
    """The cells of code of a notebook of the book."""
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def solved(name):
    """The first right and the first wrong answer of the worked solutions, and what `check` says to them."""
    cells = stored(f"solutions/{name}")
    checked = [cell for cell in cells if "check(" in cell.source and cell.outputs][:2]
    return cells[0].source, [cell.source for cell in checked], [told(cell.outputs) for cell in checked]


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name in SHORT else WHY) for name in CHAPTERS])
def test_a_chapter_runs_and_tells_what_is_stored(site, context, name):
    notebook = site.open(context, name)
    imports, answers, said = solved(name)
    assert notebook.page.locator(".jp-Dialog").count() == 0, "nothing is asked before the chapter can be read"
    add(notebook, [imports, *answers])
    notebook.run_all()
    found = outputs(notebook)
    got = [told(outputs_) for outputs_ in found]
    wanted = [told(cell.outputs) for cell in stored(name)]
    assert {k: pair for k, pair in enumerate(zip(got, wanted, strict=False)) if pair[0] != pair[1]} == {}
    assert got[-2:] == said, "`check` knows right from wrong"
    assert [one for cell in found for one in cell if one.get("name") == "stderr"] == []
    steps(notebook)
    assert notebook.trouble == []
    notebook.close()


def steps(notebook):
    """The first stepper of the chapter turns; if it asks what comes, after that."""
    stepper = notebook.page.locator(".rnn-stepper").first
    stepper.scroll_into_view_if_needed()
    pages = captions(notebook.page, stepper)  # two a page: with its question, and without
    for t in range(2):
        next(pages)
        expect(stepper.locator("input[type=range]").first).to_have_value(str(t))
        next(pages)


def test_a_slider_is_answered_by_python_in_the_page_and_a_training_can_be_stopped(site, context):
    notebook = site.open(context, "06_memory.ipynb")
    cells = ["from rnnlib.widgets import MemoryRace, VanishOrExplode\nVanishOrExplode(ask=False)", "MemoryRace(t=5)"]
    add(notebook, cells, alone=True)
    notebook.run_all()
    moved, race = (notebook.page.locator(".rnn-lab").nth(k) for k in range(2))
    before = moved.locator(".stage").first.inner_html()
    moved.locator(".noUi-handle").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    moved_on = "([stage, before]) => stage.innerHTML !== before"
    stage = moved.locator(".stage").first.element_handle()
    notebook.page.wait_for_function(moved_on, arg=[stage, before], timeout=PATIENCE * 1000)
    race.get_by_role("button", name="Train one").click()
    expect(race.get_by_text(re.compile(r"epoch \d+ of at most"))).to_be_visible(timeout=PATIENCE * 1000)
    race.get_by_role("button", name="Stop").click()
    expect(race.get_by_text(re.compile(r"stopped after epoch \d+"))).to_be_visible(timeout=PATIENCE * 1000)
    assert notebook.trouble == []
    notebook.close()


def test_a_link_to_a_section_opens_the_chapter_there(site, context):
    page = context.new_page()
    page.goto(site.address_of("06_memory.ipynb#2.-How-much-of-a-gradient-arrives"))
    expect(page.get_by_role("heading", name="2. How much of a gradient arrives")).to_be_in_viewport(
        timeout=PATIENCE * 1000
    )
    page.close()


@pytest.mark.long("it runs the same chapters as the form that has Pyodide with it")
def test_the_form_that_loads_python_from_its_own_servers_runs_a_chapter(browser, tmp_path, monkeypatch):
    lock = json.loads((PYODIDE / live.LOCK).read_text(encoding="utf-8"))
    monkeypatch.setattr(live, "_fetched", lambda url: lock)
    live.build_live(tmp_path / "live", None)
    site = LiveSite(tmp_path / "live", elsewhere=(live.PYODIDE_CDN_URL, PYODIDE))
    fresh = browser.new_context(viewport={"width": 1366, "height": 768})
    notebook = site.open(fresh, "03_unrolling.ipynb")
    notebook.run_all()
    assert [told(found) for found in outputs(notebook)] == [told(c.outputs) for c in stored("03_unrolling.ipynb")]
    asked = [line for line in notebook.trouble if live.PYODIDE_CDN_URL in line]
    assert asked and asked == notebook.trouble, "Pyodide's servers are asked, and no other"
    fresh.close()
    site.close()
