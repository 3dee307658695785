"""Start a notebook application in a temporary copy of the book, and steer a notebook that is open in it."""

import itertools
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page

import start

ROOT = Path(__file__).resolve().parents[2]
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
PATIENCE = 120  # seconds for the slowest thing on a busy machine
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@dataclass(frozen=True)
class Application:
    """How one notebook application is started and where it shows a notebook."""

    module: str
    options: tuple[str, ...]
    address: str  # of a notebook at `path`, in the page number `page`, below the server's address
    own: tuple[str, ...] = ()  # trouble that it has with any notebook, an empty one as well


APPLICATIONS = {
    "lab": Application(
        module="jupyterlab",
        options=(
            "--LabApp.expose_app_in_browser=True",  # window.jupyterapp: run all, and know when it is done
            "--LabApp.app_settings_dir={folder}/defaults",
            *start.LAB_OPTIONS,
        ),
        address="/lab/workspaces/{page}/tree/{path}",  # a new workspace brings back no tabs of earlier tests
    ),
    "notebook": Application(
        module="notebook",
        options=(
            "--JupyterNotebookApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.app_settings_dir={folder}/defaults",
        ),
        address="/notebooks/{path}",
        # Its shortcuts hear of the first other settings before they have read their own.
        own=("page: Cannot read properties of undefined (reading 'schema')",),
    ),
}


class Server:
    """A running application on a free port of this machine, with settings of its own, in `folder`."""

    def __init__(self, name: str, folder: Path):
        self.application = APPLICATIONS[name]
        self.folder = folder
        self.book = folder / "book"
        self.notebooks = self.book / "notebooks"
        self.pages = itertools.count(1)
        self.environment = self._environment()
        self._copy_book()
        self._write_settings("defaults/overrides.json", start.LAB_DEFAULTS)
        self.start()

    def start(self) -> None:
        """Start the application; after `stop`, again: on the next day."""
        self.process = self._run()
        self.url = self._wait_for_url()

    def _environment(self) -> dict[str, str]:
        names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
        own = {f"JUPYTER_{name}": str(self.folder / name.lower()) for name in names}
        own["JUPYTERLAB_SETTINGS_DIR"] = str(self.folder / "settings")
        own["JUPYTERLAB_WORKSPACES_DIR"] = str(self.folder / "workspaces")
        own["IPYTHONDIR"] = str(self.folder / "ipython")
        own["PYTHONPATH"] = str(ROOT)
        foreign = ("JUPYTER_TOKEN", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "RNNLIB_PICTURES")
        return {name: value for name, value in os.environ.items() if name not in foreign} | own

    def _copy_book(self) -> None:
        """The notebooks, and the pictures that they show; trusted, as start.py does it for a reader."""
        self.notebooks.mkdir(parents=True)
        for part in ("notebooks", "images"):
            if (ROOT / part).is_dir():
                skip = shutil.ignore_patterns(".ipynb_checkpoints")
                shutil.copytree(ROOT / part, self.book / part, dirs_exist_ok=True, ignore=skip)
        self.trust(*sorted(self.notebooks.rglob("*.ipynb")))

    def trust(self, *paths: Path) -> None:
        if paths:
            command = [sys.executable, "-m", "jupyter", "trust", *map(str, paths)]
            subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def _run(self) -> subprocess.Popen[str]:
        options = [option.format(folder=self.folder) for option in self.application.options]
        command = [sys.executable, "-m", self.application.module, "--no-browser", *options]
        command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--ServerApp.root_dir={self.book}"]
        command += ["--IdentityProvider.token=", "--ServerApp.password="]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--allow-root")
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, env=self.environment, encoding="utf-8", errors="replace", **pipes)

    def _wait_for_url(self) -> str:
        """The address that the server says it runs at; after that its words are read and forgotten."""
        said: list[str] = []
        found: queue.Queue[str | None] = queue.Queue()

        def read() -> None:
            for line in self.process.stdout or ():
                said.append(line)
                if address := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line):
                    found.put(address.group())
            found.put(None)

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        try:
            url = found.get(timeout=PATIENCE)
        except queue.Empty:
            url = None
        if url is None:
            self.stop()
            raise RuntimeError("the server did not start:\n" + "".join(said))
        return url

    def use_theme(self, theme: str) -> None:
        """Read by the application each time that a page is opened."""
        file = "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
        self._write_settings(file, {"theme": THEMES[theme]})

    def _write_settings(self, name: str, settings: dict[str, object]) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), encoding="utf-8")

    def write_notebook(self, name: str, *cells: str) -> str:
        """A new notebook of these code cells in the copy of notebooks/; returns its name."""
        metadata = {"kernelspec": KERNEL}
        notebook = new_notebook(cells=[new_code_cell(source) for source in cells], metadata=metadata)
        nbformat.write(notebook, self.notebooks / name)
        return name

    def address_of(self, name: str) -> str:
        path = quote("notebooks/" + name)
        return self.url + self.application.address.format(page=next(self.pages), path=path)

    def stop(self) -> None:
        """End the server; it ends its kernels."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        if self.process.stdout:
            self.process.stdout.close()


NOTEBOOK = "window.jupyterapp?.shell?.currentWidget"
KERNEL_IS_IDLE = f"{NOTEBOOK}?.context?.isReady && {NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'"
SAVE = f"async () => {{ await {NOTEBOOK}.context.save(); }}"
RUN_TO = """async last => {
    const { commands, shell } = window.jupyterapp;
    const { content } = shell.currentWidget;
    content.activeCellIndex = last ?? content.model.cells.length - 1;
    await commands.execute('notebook:run-all-above');
    await commands.execute('notebook:run-cell');
}"""
CODE_CELLS = f"[...{NOTEBOOK}.content.model.cells].filter(cell => cell.type === 'code')"
UNFINISHED = f"""last => [...{NOTEBOOK}.content.model.cells].slice(0, (last ?? Infinity) + 1).filter(cell =>
    cell.type === 'code' && cell.sharedModel.getSource().trim() && cell.executionCount === null).length"""
ERRORS = f"""() => {CODE_CELLS}.flatMap(cell => cell.outputs.toJSON()).filter(
    output => output.output_type === 'error').map(output => output.ename + ': ' + output.evalue)"""
END_KERNEL = f"async () => {{ await {NOTEBOOK}?.sessionContext?.shutdown(); }}"
# While a theme's style sheet is fetched, nothing has its size.
LAID_OUT = "() => [...document.querySelectorAll('.stage svg')].every(svg => svg.getBoundingClientRect().width > 0)"
USE_THEME = "async theme => { await window.jupyterapp.commands.execute('apputils:change-theme', { theme }); }"
RENEW = f"""async ({{ sources, tidy }}) => {{
    const {{ content, sessionContext }} = {NOTEBOOK};
    const model = content.model.sharedModel;
    const cells = sources.map(source => ({{ cell_type: 'code', source, metadata: {{}} }}));
    model.deleteCellRange(0, model.cells.length);
    if (!sessionContext.session) await sessionContext.changeKernel({{ name: 'python3' }});
    await sessionContext.session.kernel.requestExecute({{ code: tidy, silent: true }}).done;
    model.transact(() => {{ model.deleteCellRange(0, model.cells.length); model.insertCells(0, cells); }});
}}"""
TIDY = """import ipywidgets
ipywidgets.Widget.close_all()
get_ipython().run_line_magic("reset", "-f")"""
VIEWPORT = {"width": 1280, "height": 900}
SETTLED = """async size => {
    const frame = () => new Promise(requestAnimationFrame);
    const widths = () => [...document.querySelectorAll('.jp-Notebook, .rnn-stepper, .stage > svg')].map(
        node => node.getBoundingClientRect().width).join();
    const there = () => innerWidth === size.width && innerHeight === size.height;
    for (let before = '', same = 0, k = 0; same < 12 && k < 240; before = widths(), k++) {
        await frame();
        same = there() && widths() === before ? same + 1 : 0;
    }
}"""


def resize(page: Page, size: dict[str, int]) -> None:
    """Another size of the window, and wait until all that follows it does: the observers of widgets come later."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.evaluate(SETTLED, size)


@dataclass
class OpenNotebook:
    """A notebook that is open in a browser. `page` is playwright's; `trouble` fills as things go wrong."""

    page: Page
    server: Server
    trouble: list[str] = field(default_factory=list)
    patience: float = PATIENCE

    def watch(self) -> None:
        """Note errors on the console and in the page, and every request to another host."""
        self.page.on("console", lambda m: self._note("console", m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note("page", str(error)))
        self.page.on("request", lambda request: self._check_host(request.url))
        self.page.on("websocket", lambda socket: self._check_host(socket.url))

    def _note(self, where: str, what: str) -> None:
        trouble = f"{where}: {what}"
        of_the_site = "@jupyterlite/pyodide-kernel-extension" in what  # belongs to the browser edition, and lies beside
        if trouble not in self.server.application.own and not of_the_site:
            self.trouble.append(trouble)

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.server.url).netloc:
            self._note("request to another host", url)

    def open(self, name: str) -> None:
        """Show the notebook and wait until its kernel is ready for work."""
        self.page.goto(self.server.address_of(name), timeout=PATIENCE * 1000)
        self.wait_until_idle()
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    def wait_until_idle(self) -> None:
        self.page.wait_for_function(f"() => {KERNEL_IS_IDLE}", timeout=self.patience * 1000)

    def run_all(self, last: int | None = None) -> None:
        """Run every cell, or those up to `last`, and wait for their end; a cell that fails is an AssertionError."""
        self.page.evaluate(RUN_TO, last)
        self.wait_until_idle()
        errors = self.page.evaluate(ERRORS)
        assert errors == [], f"a cell failed: {errors}"
        assert self.page.evaluate(UNFINISHED, last) == 0, "not every cell has run"

    def show_as(self, theme: str) -> None:
        """The size of the page, and whether its reader likes it dark, as at first."""
        resize(self.page, VIEWPORT)
        self.page.emulate_media(color_scheme=theme, reduced_motion="no-preference")

    def renew(self, cells: Sequence[str], theme: str) -> None:
        """Other cells in place of those that there are, and nothing left of what they made, on the page as at first."""
        self.page.mouse.move(0, 0)
        self.use_theme(theme)
        self.page.evaluate(RENEW, {"sources": cells, "tidy": TIDY})
        self.trouble.clear()

    def use_theme(self, theme: str) -> None:
        """Change the theme of the application that is open."""
        self.show_as(theme)
        self.page.evaluate(USE_THEME, THEMES[theme])
        self.page.locator(f"body[data-jp-theme-light={str(theme == 'light').lower()}]").wait_for(state="attached")
        self.page.wait_for_function(LAID_OUT, timeout=self.patience * 1000)

    def save(self) -> None:
        self.page.evaluate(SAVE)

    def cell(self, index: int) -> Locator:
        """The cell at this place."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """The outputs of the cell at this place, without the prompt beside them."""
        return self.cell(index).locator(".jp-OutputArea-output")

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.page.evaluate(END_KERNEL)
        self.page.close()
