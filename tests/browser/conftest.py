"""A real JupyterLab, a real Notebook 7 and a real Chromium for the browser tests.

    def test_something(open_notebook):
        notebook = open_notebook("08_sentiment.ipynb")   # from a temporary copy of notebooks/
        notebook.run_all()                               # returns when every cell has finished
        expect(notebook.output(3)).to_contain_text("...")
        assert notebook.trouble == []                    # console or page errors, requests to other hosts

Each test that opens a notebook runs in the light and in the dark theme. For one theme only:
`@pytest.mark.parametrize("theme", ["light"], indirect=True)`, or its short form `one_theme`.

It runs in JupyterLab. With `@both_applications` (imported from here) it runs in JupyterLab and in Notebook 7, and so
does every fixture that opens a notebook; `application` is then "lab" or "notebook". `run_all`, `cell`, `output` and
`trouble` are the same in both. Another application is another entry in applications.APPLICATIONS.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser import chromium
from tests.browser.applications import OpenNotebook, Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PARTS = ("stage", "caption", "where", "badge", "note", "quiz", "said", "line", "error")

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


@pytest.fixture
def context(browser, theme) -> Iterator[BrowserContext]:
    """A browser profile with nothing of earlier tests in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    yield context
    context.close()


@pytest.fixture
def open_notebook(server, context, theme) -> Iterator[Callable[[str], OpenNotebook]]:
    """Open a notebook of the book by its name, in a page of its own."""

    opened: list[OpenNotebook] = []

    def open_one(name: str) -> OpenNotebook:
        server.use_theme(theme)
        notebook = OpenNotebook(context.new_page(), server)
        opened.append(notebook)
        notebook.watch()
        notebook.open(name)
        return notebook

    yield open_one
    for notebook in opened:
        notebook.close()


@pytest.fixture
def open_laboratory(server, open_notebook) -> Callable[..., SimpleNamespace]:
    """Run a notebook of these cells; the laboratory in its second one, by its parts, with the focus on the pages."""

    def open_one(*cells: str) -> SimpleNamespace:
        notebook = open_notebook(server.write_notebook("laboratory.ipynb", *cells))
        notebook.run_all()
        root = notebook.output(1).locator(".rnn-lab")
        root.locator(".stage svg").wait_for()
        parts = {name: root.locator(f".{name}") for name in PARTS}
        parts["stage"].focus()
        page = notebook.page
        return SimpleNamespace(notebook=notebook, page=page, root=root, press=page.keyboard.press, **parts)

    return open_one
