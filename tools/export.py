"""The book as pages of HTML that step without Python and ask no other host: `python start.py export`.

`python start.py export -- notebooks/08_sentiment.ipynb` exports one. Each notebook is run anew and written to html/.
Widgets become pages that turn (their controls need Python, and say so), mathematics is MathML, pictures are embedded.
`--theme dark` makes dark pages. On a page the key S shows it as slides, as the cells' slide types say.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from latex2mathml.converter import convert
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.execute import all_notebooks, execute, normalise, plain  # noqa: E402

# Of the usual page all that would be fetched from elsewhere is left out.
HERE = Path(__file__).resolve().parent
SLIDES = {kind: (HERE / f"slides.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")}
TEMPLATE = """{% extends "lab/index.html.j2" %}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
{% block extra_css %}<style>
@media (min-width: 900px) { .jp-Notebook { max-width: 1100px; margin: 0 auto; } }
CSS</style>
<script>JS</script>{% endblock %}
""".replace("CSS", SLIDES["css"]).replace("JS", SLIDES["js"])


class MathRenderer(IPythonRenderer):
    """Markdown in which mathematics becomes MathML, which browsers draw themselves."""

    def block_html(self, html: str) -> str:
        # Embedding a picture closes every tag; <details> is open until a later block.
        return super().block_html(html) if "<img" in html else html

    def inline_math(self, text: str) -> str:
        return convert(text)

    def block_math(self, body: str) -> str:
        return convert(body, display="block")

    def latex_environment(self, name: str, body: str) -> str:
        return convert(rf"\begin{{{name}}}{body}\end{{{name}}}", display="block")


class PageExporter(HTMLExporter):
    """A notebook as one page of HTML with everything in it."""

    def __init__(self, theme: str) -> None:
        super().__init__(raw_template=TEMPLATE, theme=theme, embed_images=True)  # type: ignore[no-untyped-call]

    def markdown2html(self, context: Any, source: str) -> str:
        path = context["resources"]["metadata"]["path"]
        renderer = MathRenderer(escape=False, embed_images=True, path=path, anchor_link_text="¶")
        return MarkdownWithMath(renderer=renderer).render(_linked(source))

    def default_filters(self) -> Any:
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield ("markdown2html", self.markdown2html)


PageExporter.markdown2html.__dict__.update(HTMLExporter.markdown2html.__dict__)  # Jinja is to pass its context


def _linked(source: str) -> str:
    """Links to chapters lead to their pages."""
    return re.sub(r"(\]\([^)\s]*)\.ipynb(?=[)#\s])", r"\1.html", source)


def _placed(notebook: NotebookNode) -> None:
    """Each cell's place on the slides as a tag, which the page keeps."""
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        cell.metadata.tags = [*cell.metadata.get("tags", []), f"slide_{kind}"]


def export(path: Path, folder: Path, theme: str) -> Path:
    """Run one notebook and write its page."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    execute(notebook, path.parent)
    normalise(notebook)
    _placed(notebook)
    resources = {"metadata": {"name": path.stem, "path": str(path.parent)}}
    page, _ = PageExporter(theme).from_notebook_node(notebook, resources)
    book = ROOT / "notebooks"
    name = path.relative_to(book) if path.is_relative_to(book) else Path(path.name)
    target = folder / name.with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def main(arguments: list[str]) -> int:
    """Export the notebooks named, or all."""
    parser = argparse.ArgumentParser(prog="export", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--to", type=Path, default=ROOT / "html", help="the folder to write to: html/")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    options = parser.parse_args(arguments)
    failed = 0
    for path in [given.resolve() for given in options.notebooks] or all_notebooks():
        began = time.monotonic()
        try:
            target = export(path, options.to.resolve(), options.theme)
        except CellExecutionError as error:
            failed += 1
            print(f"{path.name}: {plain(error)}", flush=True)
            continue
        size = target.stat().st_size / 1e6
        print(f"{target.name}: {size:.1f} MB ({time.monotonic() - began:.1f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
