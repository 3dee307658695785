"""A real JupyterLab, a real Notebook 7 and a real Chromium for the browser tests.

    def test_something(run_cells):
        notebook = run_cells("1 + 1", "print('done')")   # returns when every cell has finished
        expect(notebook.output(1)).to_contain_text("done")
        assert notebook.trouble == []                    # console or page errors, requests to other hosts

All tests have one notebook, which stays open with its kernel; `run_cells` puts other cells into it, and leaves nothing
of those before. It costs a second, where a notebook of one's own costs ten: `open_notebook` is for a test that needs a
file of the book, or that ends the kernel.

Each test with a notebook runs in the light and in the dark theme. For one theme only:
`@pytest.mark.parametrize("theme", ["light"], indirect=True)`, or its short form `one_theme`.

It runs in JupyterLab. With `@both_applications` (imported from here) it runs in JupyterLab and in Notebook 7;
`application` is then "lab" or "notebook". Another application is another entry in applications.APPLICATIONS.
"""

import functools
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.browser import chromium
from tests.browser.applications import VIEWPORT, OpenNotebook, Server
from tests.browser.catalogue import CATALOGUE, cells

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PARTS = ("stage", "caption", "where", "badge", "note", "quiz", "said", "error", "title")

both_applications = pytest.mark.parametrize("application", ["lab", "notebook"], indirect=True)
one_theme = pytest.mark.parametrize("theme", ["light"], indirect=True)


@pytest.fixture(scope="session")
def application(request) -> str:
    """The notebook application under test: JupyterLab, where a test does not ask for another."""
    return getattr(request, "param", "lab")


@pytest.fixture(scope="session")
def servers(tmp_path_factory) -> Iterator[Callable[[str], Server]]:
    """Each application that a test asks for is started once, and runs until the last test."""
    running: dict[str, Server] = {}

    def server(name: str) -> Server:
        if name not in running:
            running[name] = Server(name, tmp_path_factory.mktemp(name))
        return running[name]

    yield server
    for server in running.values():
        server.stop()


@pytest.fixture
def server(servers, application) -> Server:
    """The application, running in a temporary copy of the book, without a token."""
    return servers(application)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. A machine without one fails here; it does not skip."""
    path = chromium.find()
    if path is None:
        pytest.fail("Chromium is missing: `python start.py test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def theme(request) -> str:
    """The theme of the application."""
    return request.param


@pytest.fixture(scope="session")
def profile(browser) -> Iterator[BrowserContext]:
    """A browser profile for all pages of applications, which are large: it fetches them once."""
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture(scope="session")
def benches(servers, profile) -> Iterator[Callable[[str], OpenNotebook]]:
    """The notebook that stays open in an application."""
    opened: dict[str, OpenNotebook] = {}

    def bench(application: str) -> OpenNotebook:
        if application not in opened:
            server = servers(application)
            notebook = OpenNotebook(profile.new_page(), server)
            notebook.watch()
            notebook.open(server.write_notebook("bench.ipynb", "1"))
            opened[application] = notebook
        return opened[application]

    yield bench
    for notebook in opened.values():
        notebook.close()


@pytest.fixture
def run_cells(benches, application, theme) -> Callable[..., OpenNotebook]:
    """Run these cells in the notebook that stays open."""

    def run(*cells: str) -> OpenNotebook:
        notebook = benches(application)
        notebook.renew(cells, theme)
        notebook.run_all()
        return notebook

    return run


@pytest.fixture
def page(browser, theme) -> Iterator[Page]:
    """An empty page, with nothing of earlier tests in it."""
    page = browser.new_page(viewport=VIEWPORT, color_scheme=theme)
    yield page
    page.close()


@pytest.fixture
def open_notebook(server, profile, theme) -> Iterator[Callable[[str], OpenNotebook]]:
    """Open a notebook of the book by its name, in a page of its own."""

    opened: list[OpenNotebook] = []

    def open_one(name: str) -> OpenNotebook:
        server.use_theme(theme)
        notebook = OpenNotebook(profile.new_page(), server)
        opened.append(notebook)
        notebook.show_as(theme)
        notebook.watch()
        notebook.open(name)
        return notebook

    yield open_one
    for notebook in opened:
        notebook.close()


def unfold(output: Locator) -> None:
    """Press "more" in each stepper: what is folded is to be seen."""
    output.locator(".controls button[aria-expanded=false]").evaluate_all("them => them.forEach(one => one.click())")


@pytest.fixture
def open_laboratory(run_cells) -> Callable[..., SimpleNamespace]:
    """Run these cells; what the second one shows, by its parts, with the focus on the pages."""

    def open_one(*cells: str) -> SimpleNamespace:
        notebook = run_cells(*cells)
        root = notebook.output(1).first
        root.locator(".stage svg").first.wait_for()
        unfold(root)
        parts = {name: root.locator(f".{name}").first for name in PARTS}
        parts["line"] = root.locator(".line")
        parts["stage"].focus()
        page, press = notebook.page, notebook.page.keyboard.press

        def button(name: str) -> Locator:
            return root.get_by_role("button", name=name, exact=True).or_(root.get_by_role("radio", name=name)).first

        return SimpleNamespace(notebook=notebook, page=page, root=root, press=press, button=button, **parts)

    return open_one


@pytest.fixture(scope="module")
def catalogues(benches):
    """The notebook with all widgets in an application, run once and unfolded; `widgets` is name -> its output."""

    @functools.cache
    def catalogue(application):
        notebook = benches(application)
        notebook.renew(cells(), "light")
        notebook.run_all()
        outputs = {name: notebook.output(k).first for k, name in enumerate(CATALOGUE, 1)}
        for output in outputs.values():
            output.locator(".stage svg").first.wait_for()
            unfold(output)
        return notebook, outputs

    return catalogue


@pytest.fixture
def shown(request, catalogues):
    """The notebook with all widgets, in this application and theme."""
    application, theme = request.param
    notebook, outputs = catalogues(application)
    notebook.use_theme(theme)
    parts = {"application": application, "theme": theme, "page": notebook.page}
    return SimpleNamespace(notebook=notebook, widgets=outputs, **parts)
