"""The browser edition as a reader has it: files from a plain server, Python in the page, no other host."""

from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import BrowserContext, Route

from tests.browser.applications import CODE_CELLS, NOTEBOOK, OpenNotebook
from tools.site.served import served

PATIENCE = 300  # seconds: Python's start is work for 10 to 25 s of one processor, which may be shared
ADD = f"""({{ cells, alone }}) => {{
    const model = {NOTEBOOK}.content.model.sharedModel;
    if (alone) model.deleteCellRange(0, model.cells.length);
    model.insertCells(model.cells.length, cells);
}}"""
OUTPUTS = f"() => {CODE_CELLS}.map(cell => cell.outputs.toJSON())"


class LiveSite:
    """The folder of a site on a free port of this machine; what `OpenNotebook` asks of a server."""

    application = SimpleNamespace(own=())

    def __init__(self, folder: Path, elsewhere: tuple[str, Path] | None = None):
        """elsewhere: the address of another host, and the folder that stands for it."""
        self.folder = folder
        self.elsewhere = elsewhere
        self._server = ExitStack()
        self.url = self._server.enter_context(served(folder))

    def address_of(self, name: str) -> str:
        return f"{self.url}/notebooks/index.html?path=notebooks/{name}"

    def open(self, context: BrowserContext, name: str) -> OpenNotebook:
        """A notebook of the site, in a page that reaches nothing but this server."""

        def only_here(route: Route) -> None:
            host, stand_in = self.elsewhere or ("", None)
            if route.request.url.startswith(self.url + "/"):
                route.continue_()
            elif stand_in is not None and route.request.url.startswith(host + "/"):
                route.fulfill(path=stand_in / route.request.url.removeprefix(host + "/"))
            else:
                route.abort()

        context.route("http*://**/*", only_here)
        notebook = OpenNotebook(context.new_page(), self, patience=PATIENCE)  # type: ignore[arg-type]
        notebook.watch()
        notebook.open(name)
        return notebook

    def close(self) -> None:
        self._server.close()


def add(notebook: OpenNotebook, sources: list[str], alone: bool = False) -> None:
    """Cells at the end of an open notebook; alone: in place of those that there are."""
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    notebook.page.evaluate(ADD, {"cells": cells, "alone": alone})


def outputs(notebook: OpenNotebook) -> list[list[dict]]:
    """The outputs of each cell of code."""
    found: list[list[dict]] = notebook.page.evaluate(OUTPUTS)
    return found


def told(cell_outputs: list[dict]) -> list[str]:
    """What a cell says in words and numbers: what was printed, in one piece, and the text of all else.

    A stored widget is a picture and its lines; a living one is a view, and the same lines with what is kept.
    """
    printed = "".join("".join(one["text"]) for one in cell_outputs if one["output_type"] == "stream")
    texts = ["".join(one.get("data", {}).get("text/plain", "")) for one in cell_outputs]
    return [printed, *(text for text in texts if text)]
