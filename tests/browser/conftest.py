"""A real JupyterLab and a real Chromium for the browser tests.

    def test_something(open_notebook):
        notebook = open_notebook("08_sentiment.ipynb")   # from a temporary copy of notebooks/
        notebook.run_all()                               # returns when every cell has finished
        expect(notebook.output(3)).to_contain_text("...")
        assert notebook.trouble == []                    # console or page errors, requests to other hosts

Each test that opens a notebook runs in the light and in the dark theme. For one theme only:
`@pytest.mark.parametrize("theme", ["light"], indirect=True)`. The notebook application is `application`;
another one is another entry in applications.APPLICATIONS and another name in the fixture's params.
"""

from collections.abc import Callable, Iterator

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


@pytest.fixture(scope="session", params=["lab"])
def application(request) -> str:
    """The notebook application under test."""
    return request.param


@pytest.fixture(scope="session")
def server(application, tmp_path_factory) -> Iterator[Server]:
    """The application, running in a temporary copy of the book, without a token."""
    server = Server(application, tmp_path_factory.mktemp(application))
    yield server
    server.stop()


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
