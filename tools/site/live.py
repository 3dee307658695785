"""The book in a browser with nothing installed: JupyterLite, with Python (Pyodide) as WebAssembly.

`python start.py site --live` loads Pyodide from its network of servers; with `--self-contained PYODIDE_DIR` a copy goes
into the site, which then asks no other host. All chapters are in it as they are; only the metadata of their
copies say which language they are in (so that no kernel has to be chosen) and that what they store may be shown.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import jupyter_server
import nbformat
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

from . import live_packages, live_page
from .live_packages import Incomplete

ROOT = live_packages.ROOT
APPS = ("lab", "notebooks", "tree", "edit")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = ("anywidget", "@jupyter-widgets/jupyterlab-manager", KERNEL)
SHARED = Path(sys.prefix, "share", "jupyter", "labextensions")
PYTHON = Path("static", "pyodide")
LOCK = "pyodide-lock.json"
NEEDED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)


def build_live(target: Path, pyodide: Path | None) -> None:
    """Write the browser edition into the folder `target`, which is made anew.

    pyodide: a folder with Pyodide's files and the wheels of its lock file, which are copied; None to load them from
    Pyodide's own servers. `Incomplete` where something is missing.
    """
    if pyodide is not None:
        missing = [name for name in NEEDED if not (pyodide / name).is_file()]
        if missing:
            raise Incomplete(f"{pyodide} has no {missing[0]}: it is no complete Pyodide.")
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        source, python = Path(folder, "source"), Path(folder, "python")
        _contents(source / "files")
        _python(source / PYTHON, pyodide)
        if pyodide is None:  # JupyterLite would take a folder of this name for a whole Pyodide
            (source / PYTHON).rename(python)
        _build(source, target)
        if pyodide is None:
            shutil.copytree(python, target / PYTHON)
    _icons(target)
    _complete(target)
    live_page.write(target)
    live_page.lead_to_sections(target)


def _contents(folder: Path) -> None:
    """The notebooks and their pictures, and a page that says where changes are kept."""
    book = ROOT / "notebooks"
    for path in sorted([*book.glob("[0-9]*.ipynb"), *book.glob("solutions/[0-9]*.ipynb")]):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata["language_info"] = {"name": "python"}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata["trusted"] = True
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        # A source in one piece: the table of contents, which reads it without a server, knows no list of lines.
        copy.write_text(json.dumps(notebook), encoding="utf-8")
    shutil.copytree(ROOT / "images", folder / "images", ignore=shutil.ignore_patterns("stepper*"))
    (folder / "about.md").write_text(live_page.about(), encoding="utf-8")


def _python(folder: Path, pyodide: Path | None) -> None:
    """Pyodide (or its lock file alone), the wheels of the book, and the settings that name them."""
    folder.mkdir(parents=True)
    if pyodide is None:
        lock = _fetched(f"{PYODIDE_CDN_URL}/{LOCK}")
        for package in lock["packages"].values():
            package["file_name"] = f"{PYODIDE_CDN_URL}/{package['file_name']}"
    else:
        lock = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))
        for name in {*NEEDED, *(package["file_name"] for package in lock["packages"].values())}:
            shutil.copy2(pyodide / name, folder)
    names = live_packages.complete(lock, folder, SHARED / KERNEL / "static" / "pypi")
    live_packages.write(lock, folder / LOCK)
    options = {"lockFileURL": f"./{PYTHON.as_posix()}/{LOCK}", "packages": names}
    url = f"{PYODIDE_CDN_URL}/pyodide.mjs" if pyodide is None else f"./{PYTHON.as_posix()}/pyodide.mjs"
    settings = {"pyodideUrl": url, "disablePyPIFallback": pyodide is not None, "loadPyodideOptions": options}
    config: dict[str, Any] = {"appName": live_page.NAME, "litePluginSettings": {f"{KERNEL}:kernel": settings}}
    config["exposeAppInBrowser"] = True  # section.js asks it for the open notebook
    document = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
    (folder.parents[1] / "jupyter-lite.json").write_text(json.dumps(document), encoding="utf-8")


def _fetched(url: str) -> dict[str, Any]:
    """A document of JSON from another host."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            document: dict[str, Any] = json.load(answer)
    except OSError as error:
        raise Incomplete(f"{url} could not be read ({error}): build with --self-contained, or online.") from error
    return document


def _build(source: Path, target: Path) -> None:
    """Let JupyterLite make the site. It can fail and still end as if it had not: what it says is read."""
    build = {
        "apps": APPS,
        "contents": [str(source / "files")],
        "federated_extensions": [str(SHARED / name) for name in EXTENSIONS],
        "ignore_sys_prefix": True,
        "lite_dir": str(source),
        "no_sourcemaps": True,
        "output_dir": str(target.resolve()),
    }
    (source / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core.app", "build"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    result = subprocess.run(command, cwd=source, check=False, **pipes)
    if problem := failure(result.returncode, result.stdout):
        raise Incomplete(f"JupyterLite did not build the site: {problem}")


def _icons(target: Path) -> None:
    """The small pictures that Notebook asks its server for."""
    static = Path(jupyter_server.__file__).parent / "static"
    shutil.copytree(static / "favicons", target / "static" / "favicons", dirs_exist_ok=True)
    shutil.copy2(static / "favicon.ico", target)


def failure(status: int, said: str) -> str:
    """What went wrong according to the words of a build; empty where nothing did."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    bad = [line for line in lines if "FAIL" in line or "TaskError" in line or line.startswith("Traceback")]
    if bad:
        return bad[0]
    return lines[-1] if status and lines else f"it ended with {status}" if status else ""


def _complete(target: Path) -> None:
    """`Incomplete` if a chapter, a wheel or an extension is not there."""
    here = target / PYTHON
    lock = json.loads((here / LOCK).read_text(encoding="utf-8"))
    local = [package["file_name"] for package in lock["packages"].values() if "://" not in package["file_name"]]
    notebooks = [path.relative_to(ROOT) for path in (ROOT / "notebooks").rglob("[0-9]*.ipynb")]
    wanted = [here / name for name in local]
    wanted += [target / "files" / path for path in notebooks if ".ipynb_checkpoints" not in path.parts]
    wanted += [target / "extensions" / name / "package.json" for name in EXTENSIONS]
    wanted += [target / name / "index.html" for name in APPS]
    if missing := [path for path in wanted if not path.is_file()]:
        raise Incomplete(f"The browser edition has no {missing[0].relative_to(target)}.")
