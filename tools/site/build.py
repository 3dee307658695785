"""The book as a static site that any host serves and that opens from a disk: `python start.py site`.

It is written to site/: a front page, the chapters and their solutions as pages that step without Python and ask no
other host, and a search over all of them. `python start.py site notebooks/08_sentiment.ipynb` makes one page only.
`--stored` runs nothing: what the notebooks store is shown, and pictures stand still. With `--live`, or with
`--self-contained PYODIDE_DIR`, the browser edition, in which all can be run, is built into site/live/.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.execute import all_notebooks, execute, normalise, plain  # noqa: E402
from tools.site import search, shell  # noqa: E402
from tools.site.pages import Article, article  # noqa: E402
from tools.site.shell import Entry  # noqa: E402

BOOK = ROOT / "notebooks"
CLASSROOM = ROOT / "classroom"  # its texts for teachers are pages of the site
AT_ONCE = 2  # notebooks that run side by side
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")  # for each of them: more get in each other's way


def run(path: Path, stored: bool) -> NotebookNode | str:
    """The notebook with its outputs, run anew or as it is stored; or what went wrong."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    try:
        if not stored:
            execute(notebook, path.parent)
    except CellExecutionError as error:
        return plain(error)
    except (CellTimeoutError, DeadKernelError) as error:
        return str(error)
    normalise(notebook)
    return notebook


def notebooks(paths: Sequence[Path], stored: bool) -> Iterator[tuple[Path, NotebookNode | str, float]]:
    """Each notebook when it has run, in order: (path, notebook or what went wrong, seconds)."""

    def timed(path: Path) -> tuple[Path, NotebookNode | str, float]:
        began = time.monotonic()
        return path, run(path, stored), time.monotonic() - began

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(timed, paths)


def address(path: Path) -> str:
    """The page of a notebook in the site: read/00_start_here.html, read/solutions/00_start_here.html."""
    name = path.relative_to(BOOK) if path.is_relative_to(BOOK) else Path(path.name)
    return (Path("read") / name).with_suffix(".html").as_posix()


def lesson(path: Path) -> Article:
    """A text in Markdown, such as a teacher's page, as an article."""
    text = re.sub(r"(?:\.\./)+notebooks/", "../read/", path.read_text(encoding="utf-8"))
    text = re.sub(r"\[([^\]]*)\]\((?!\.\./read/|#|https?:)[^)]*\)", r"\1", text)  # what is not in the site
    return article(new_notebook(cells=[new_markdown_cell(text)]), path.stem, path.parent, "")


def write(folder: Path, articles: dict[str, Article], live: bool) -> None:
    """All pages with what stands around them. articles: address -> article, in the order of reading."""
    entries = _entries(articles)
    shelves = [
        [entry for entry in entries if Path(entry.page).parent.as_posix() == shelf]
        for shelf in ("read", "read/solutions", "teacher")
    ]
    for shelf in shelves:
        for k, entry in enumerate(shelf):
            around = {
                "book": shelf if entry.page.startswith("read/") else [*shelf, *shelves[0]],
                "before": shelf[k - 1] if k else None,
                "after": shelf[k + 1] if k + 1 < len(shelf) else None,
                "other": _other(entry, entries),
            }
            target = folder / entry.page
            target.parent.mkdir(parents=True, exist_ok=True)
            place = _live(entry.page, live) if entry.page.startswith("read/") else ""
            target.write_text(shell.page(entry, articles[entry.page], around, place), encoding="utf-8")
    teacher = [Entry(entry.page, articles[entry.page].title) for entry in shelves[2]]
    (folder / "index.html").write_text(shell.front(live, teacher), encoding="utf-8")
    if not live:
        (folder / "live.html").write_text(shell.live_page(), encoding="utf-8")
    shell.assets(folder / "assets", _characters(articles.values()))
    (folder / "assets" / "index.js").write_text(search.index(articles), encoding="utf-8")


def _entries(articles: dict[str, Article]) -> list[Entry]:
    """What links to each page say: the title without its question; solutions are called as their chapters."""
    names = {page: found.title.partition(":")[0] for page, found in articles.items()}
    return [Entry(page, names.get(page.replace("solutions/", ""), name)) for page, name in names.items()]


def _other(entry: Entry, entries: Sequence[Entry]) -> Entry | None:
    """From a chapter to its solutions, and back."""
    pages = {found.page for found in entries}
    there, name = entry.page.replace("read/", "read/solutions/"), "Worked solutions"
    if entry.page.startswith("read/solutions/"):
        there, name = entry.page.replace("solutions/", ""), "Back to the chapter"
    return Entry(there, name) if there in pages and there != entry.page else None


def _live(page: str, built: bool) -> str:
    """From a page to where its notebook is run."""
    notebook = Path(page).relative_to("read").with_suffix(".ipynb").as_posix()
    return "../" * page.count("/") + shell.live_address(notebook, built)


def _characters(articles: Iterable[Article]) -> set[str]:
    return {sign for found in articles for formula in found.html.split("<math ")[1:] for sign in formula}


def build(paths: Sequence[Path], folder: Path, *, stored: bool = False, live: bool = False) -> int:
    """Write the pages of these notebooks and all that belongs to them; the number of those that failed."""
    articles: dict[str, Article] = {}
    failed = 0
    for path, notebook, seconds in notebooks(paths, stored):
        page = address(path)
        if isinstance(notebook, str):
            failed += 1
            print(f"{page}: {notebook}", flush=True)
            continue
        articles[page] = article(notebook, path.stem, path.parent, _live(page, live))
        print(f"{page}: {len(articles[page].html.encode()) / 1e3:.0f} kB ({seconds:.1f} s)", flush=True)
    if articles:
        texts = sorted([*CLASSROOM.glob("teacher*.md"), *CLASSROOM.glob("teacher/*.md")])
        articles |= {f"teacher/{path.stem}.html": lesson(path) for path in texts}
        write(folder, articles, live)
    return failed


def main(arguments: list[str]) -> int:
    """Build the site, or the pages of the notebooks named."""
    parser = argparse.ArgumentParser(prog="site", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="make the pages of these only")
    parser.add_argument("--to", type=Path, default=ROOT / "site", help="the folder to write to: site/")
    parser.add_argument("--stored", action="store_true", help="run nothing: show what the notebooks store")
    parser.add_argument("--live", action="store_true", help="with the browser edition; Python comes from its own host")
    parser.add_argument("--self-contained", type=Path, metavar="PYODIDE_DIR", help="with all that the edition needs")
    options = parser.parse_args(arguments)
    os.environ.pop("RNNLIB_PICTURES", None)  # a reader's widgets, that step
    os.environ.setdefault(*ONE_THREAD)
    folder, live = options.to.resolve(), bool(options.live or options.self_contained)
    paths = [given.resolve() for given in options.notebooks] or all_notebooks()
    failed = build(paths, folder, stored=options.stored, live=live)
    if live:
        from tools.site import live as edition  # its packages are there where it is asked for
        from tools.site import live_packages

        try:
            edition.build_live(folder / "live", options.self_contained)
        except live_packages.Incomplete as problem:
            print(problem, file=sys.stderr)
            return 1
    if failed < len(paths):
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        print(f"The site is in {folder} ({size:.1f} MB): open {folder / 'index.html'}, or copy the folder to any host.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
