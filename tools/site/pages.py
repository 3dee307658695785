"""A notebook, or a text in Markdown, as the article of a page."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from .formulas import mathml

HERE = Path(__file__).resolve().parent
CELLS = (HERE / "templates" / "cells.html.j2").read_text(encoding="utf-8")
DRAWN = re.compile(r"""<img alt="[^"]*" src='data:image/svg\+xml;charset=utf-8,([^']*)'>""")
PACKED = re.compile(r'atob\((?:"|&quot;)([A-Za-z0-9+/=]+)')
HEADING = re.compile(r'<h([1-4]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
NEEDS = '<p class="live">Its controls need Python: <a href="{}">run this chapter live</a>.</p>'


@dataclass
class Article:
    """What a page shows. title: its first heading. contents: (level, id, text) of its headings. html: the rest."""

    title: str
    html: str
    contents: list[tuple[int, str, str]] = field(default_factory=list)


class MathRenderer(IPythonRenderer):
    """Markdown in which mathematics becomes MathML, which browsers draw themselves."""

    def block_html(self, html: str) -> str:
        # Embedding a picture closes every tag; <details> is open until a later block.
        return super().block_html(html) if "<img" in html else html

    def inline_math(self, text: str) -> str:
        return mathml(text)

    def block_math(self, body: str) -> str:
        return f'<div class="formula">{mathml(body, "block")}</div>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


class ArticleExporter(HTMLExporter):
    """The cells of a notebook. live: where the chapter can be run."""

    def __init__(self, live: str) -> None:
        super().__init__(raw_template=CELLS, embed_images=True)  # type: ignore[no-untyped-call]
        self.live, self.section = live, ""

    def markdown2html(self, context: Any, source: str) -> str:
        path = context["resources"]["metadata"]["path"]
        renderer = MathRenderer(escape=False, embed_images=True, path=path, anchor_link_text="¶")
        html: str = MarkdownWithMath(renderer=renderer).render(linked(source))
        self.section = ([self.section] + [found[2] for found in HEADING.finditer(html)])[-1]
        html = html.replace('<a class="anchor-link"', '<a class="anchor-link" aria-label="link to this section"')
        html = html.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
        return re.sub(r"<th[^>]*>\s*</th>", "<td></td>", html)  # a head without words is none

    def shown(self, html: str) -> str:
        """Pictures are drawn in the page itself and follow its theme; a widget whose controls need Python says where
        there is one."""
        if 'data-rnn="' not in html:
            return DRAWN.sub(lambda found: unquote(found[1].replace("\n", "")), html)
        packed = PACKED.search(html)
        inside = zlib.decompress(base64.b64decode(packed[1])).decode() if packed else ""
        return html + (NEEDS.format(f"{self.live}#{self.section}") if '<p class="rnn-words">' in inside else "")

    def default_filters(self) -> Any:
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield ("markdown2html", self.markdown2html)
        yield ("shown", self.shown)


ArticleExporter.markdown2html.__dict__.update(HTMLExporter.markdown2html.__dict__)  # Jinja is to pass its context


def linked(source: str) -> str:
    """Links to chapters lead to their pages."""
    return re.sub(r"(\]\([^)\s]*)\.ipynb(?=[)#\s])", r"\1.html", source)


def placed(notebook: NotebookNode) -> None:
    """Each cell's place on the slides as a tag, which the page keeps."""
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        cell.metadata.tags = [*cell.metadata.get("tags", []), f"slide_{kind}"]


def article(notebook: NotebookNode, name: str, folder: Path, live: str) -> Article:
    """The notebook as an article. folder: where its pictures are."""
    placed(notebook)
    resources = {"metadata": {"name": name, "path": str(folder)}}
    html, _ = ArticleExporter(live).from_notebook_node(notebook, resources)
    headings = [(int(level), address, words(text)) for level, address, text in HEADING.findall(html)]
    title = next((text for level, _, text in headings if level == 1), name)
    return Article(title, html, headings)


def words(html: str) -> str:
    """What is to be read of a piece of HTML, in one line."""
    html = re.sub(r"(?s)<(style|script|svg|iframe)\b.*?</\1>|<a\b[^>]*anchor-link.*?</a>", " ", html)
    html = re.sub(r"</?(?:p|div|li|h\d|td|th|tr|table|pre|summary|details|br|ul|ol)\b[^>]*>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
