"""The chapters themselves in a real application: run, and opened again the next day.

Every cell of three chapters runs (the first one's in Notebook 7, too), the first widget answers the keys, there is no
trouble. Then the reader saves and closes, the kernel and the server stop, and start again: her pictures are there, and
step, in both applications. Of the other chapters the cells up to the first widget run, for the tests of notebooks run
all of them; here they run whole with --all.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from rnnlib.widgets.standalone import SENTENCE, kept
from tests.browser.applications import CODE_CELLS, END_KERNEL, PATIENCE, OpenNotebook, Server
from tests.browser.conftest import both_applications, one_theme
from tests.browser.test_screen import HEIGHTS, LAPTOP, too_high
from tests.test_notebooks import LARGEST
from tests.test_widgets import reader

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LONGEST = 60  # pages of a first widget
START, _, MEMORY = KEPT_CHAPTERS = "00_start_here.ipynb", "04_learning.ipynb", "06_memory.ipynb"
CHAPTERS = sorted(path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
TYPED = "she was not sad"
KEPT = f"""said => JSON.stringify({CODE_CELLS}.flatMap(cell => cell.outputs.toJSON()).map(
    output => output.data?.['text/html'] && output.data['text/plain'])).includes(said)"""
SEEN = 0.75  # of the first picture's height
FIRST_SCREEN = """async () => {
    const panel = document.querySelector('.jp-WindowedPanel-outer');
    panel.scrollTop = 0;
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 200)));
    const { top, bottom, height } = document.querySelector('.stage > svg').getBoundingClientRect();
    return Math.round(100 * (Math.min(bottom, panel.getBoundingClientRect().bottom) - top) / height) / 100;
}"""
NOT_SHOWN = ("Error displaying widget", "Loading widget")


def first_widget(name):
    """The number of the first cell that stores a picture of a widget, and the lines stored with it."""
    for number, cell in enumerate(nbformat.read(NOTEBOOKS / name, as_version=4).cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "rnn-alone" in "".join(data.get("text/html", "")):
                return number, "".join(data["text/plain"]).splitlines()
    raise AssertionError(f"{name} stores no picture of a stepper")


def skip_question(stepper):
    """Skip what is asked, if something is: a step over it would be announced first."""
    skip = stepper.get_by_role("button", name="skip")
    if skip.count() and skip.first.is_visible():
        skip.first.click()
        stepper.locator(".stage").focus()


def captions(page, stepper):
    """What the widget says on its pages, from the first on, and asks: each question is skipped, then a step forward."""
    stepper.locator(".stage").focus()
    page.keyboard.press("Home")
    for _ in range(LONGEST):
        yield stepper.locator(".caption").text_content()
        skip_question(stepper)
        yield stepper.locator(".caption").text_content()
        page.keyboard.press("ArrowRight")


def work(notebook, name, whole=True):
    """What a reader does: run all, step through the first widget, type, save, close. What the widget said."""
    number, _ = first_widget(name)
    notebook.open(name)
    notebook.run_all(None if whole else number)
    output = notebook.output(number)
    said = list(dict.fromkeys(captions(notebook.page, output.locator(".rnn-stepper"))))
    if name == START:
        field = output.locator("input[type=text]").first
        field.fill(TYPED)
        field.press("Enter")
        notebook.page.wait_for_function(KEPT, arg="Step 4 of 4", timeout=PATIENCE * 1000)
    notebook.save()
    high = too_high_in(notebook)
    notebook.close()
    return said, high


def too_high_in(notebook):
    """On a laptop: the widgets that do not fit the screen, and how much of the first picture the first screen shows."""
    notebook.page.set_viewport_size(LAPTOP)
    seen = notebook.page.evaluate(FIRST_SCREEN)
    found = {} if seen >= SEEN else {"first screen": seen}
    for number, output in enumerate(notebook.page.locator(".jp-OutputArea-output:has(.rnn-stepper)").all()):
        found |= {f"widget {number}": pages[:2]} if (pages := too_high(output.evaluate(HEIGHTS))) else {}
    return found


@pytest.fixture(scope="module")
def applications(tmp_path_factory):
    """Both applications, each with a copy of the book."""
    running = {name: Server(name, tmp_path_factory.mktemp(name)) for name in ("lab", "notebook")}
    yield running
    for server in running.values():
        server.stop()


@pytest.fixture(scope="module")
def worked(profile, applications):
    """Work through a chapter in an application, once: what its first widget said, and the trouble that there was."""
    done = {}

    def work_once(application, name, whole=True):
        if (application, name) not in done:
            notebook = OpenNotebook(profile.new_page(), applications[application])
            notebook.watch()
            done[application, name] = *work(notebook, name, whole), notebook.trouble
        return done[application, name]

    return work_once


@pytest.fixture(scope="module")
def next_day(applications, worked):
    """The applications, started again on the day after."""
    lab, notebook = applications.values()
    worked("notebook", START)
    for chapter in KEPT_CHAPTERS:
        worked("lab", chapter)
        if chapter != START:
            shutil.copy(lab.notebooks / chapter, notebook.notebooks / chapter)
            notebook.trust(notebook.notebooks / chapter)
    for server in applications.values():
        server.stop()
        server.start()
    return applications


@pytest.fixture
def server(next_day, application):
    return next_day[application]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_and_its_first_widget_steps_to_the_stored_caption(worked, name):
    said, _, trouble = worked("lab", name, whole=name in KEPT_CHAPTERS)
    assert len(said) > 2 and {*said} & {*first_widget(name)[1]}
    assert trouble == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_begins_with_its_picture_and_its_widgets_fit_a_laptop(worked, name):
    _, high, _ = worked("lab", name, whole=name in KEPT_CHAPTERS)
    assert high == {}


@pytest.mark.long("runs every cell of the chapters of which only the beginning was run")
@pytest.mark.parametrize("name", sorted({*CHAPTERS} - {*KEPT_CHAPTERS}))
def test_every_cell_of_a_chapter_runs_without_trouble(profile, applications, name):
    notebook = OpenNotebook(profile.new_page(), applications["lab"])
    notebook.watch()
    _, high = work(notebook, name)
    assert (high, notebook.trouble) == ({}, [])


def views(path):
    """How many widgets the notebook shows."""
    cells = nbformat.read(path, as_version=4).cells
    kinds = [kind for cell in cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    return kinds.count("application/vnd.jupyter.widget-view+json")


def step_through(page, count):
    """Each stored page is in sight, and turns when a key is pressed."""
    stored = page.locator("[data-rnn]")
    expect(stored).to_have_count(count, timeout=PATIENCE * 1000)
    for place in range(count):
        stored.nth(place).scroll_into_view_if_needed()
        frame = stored.nth(place).locator("iframe").content_frame
        assert frame.locator(".stage svg").bounding_box()["width"] > 400
        frame.locator(".stage").focus()
        page.keyboard.press("Home")
        skip_question(frame)
        where = frame.locator(".where")
        first = where.text_content()
        page.keyboard.press("ArrowRight")
        expect(where).not_to_have_text(first)
    for text in NOT_SHOWN:
        found = page.locator(".jp-OutputArea-output").get_by_text(text)
        assert not any(one.is_visible() for one in found.all())


@one_theme
@both_applications
@pytest.mark.parametrize("name", KEPT_CHAPTERS)
def test_yesterdays_pictures_are_there_and_step_without_a_kernel(server, open_notebook, name):
    path = server.notebooks / name
    assert path.stat().st_size < LARGEST
    assert "widgets" not in nbformat.read(path, as_version=4).metadata
    notebook = open_notebook(name)
    notebook.page.evaluate(END_KERNEL)
    step_through(notebook.page, views(path))
    if name == START:  # what was typed yesterday
        caption = notebook.page.locator("[data-rnn] iframe").first.content_frame.locator(".caption")
        expect(caption).to_contain_text("reads “she”")
    notebook.page.keyboard.press("Escape")
    expect(notebook.page.locator("iframe:focus")).to_have_count(0)
    assert [trouble for trouble in notebook.trouble if not trouble.startswith("console")] == []


@one_theme
@both_applications
def test_a_notebook_that_is_not_trusted_shows_the_picture_and_a_sentence(server, open_notebook):
    shutil.copy(server.notebooks / START, server.notebooks / "given.ipynb")
    text = (server.notebooks / START).read_text(encoding="utf-8").replace(TYPED, TYPED + " ")
    (server.notebooks / "given.ipynb").write_text(text, encoding="utf-8")
    output = open_notebook("given.ipynb").cell(1).locator(".jp-RenderedHTML")
    picture = output.locator("img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("node => node.complete && node.naturalWidth") > 500
    expect(output.get_by_text("trust the notebook")).to_be_visible()


def test_a_page_made_with_nbconvert_steps_with_the_network_off(next_day, browser, tmp_path):
    path = next_day["lab"].notebooks / MEMORY
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", tmp_path, path]
    subprocess.run(command, env=next_day["lab"].environment, check=True, capture_output=True)
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / MEMORY).with_suffix(".html").as_uri())
    step_through(page, views(path))
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_picture_stands_until_its_page_steps(browser, scripts):
    shown = reader()
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.set_content("<!doctype html>" + kept(shown.html(), shown.stepper.stored(), "a widget", "some"))
    if scripts:
        expect(page.locator("iframe").content_frame.locator(".stage svg")).to_be_visible()
    expect(page.locator("img")).to_be_visible(visible=not scripts)
    expect(page.get_by_text(SENTENCE)).to_be_visible(visible=not scripts)
    context.close()
