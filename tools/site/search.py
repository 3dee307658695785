"""The index of the search: the words of each section of each page, as a script, which a page from a disk may load."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .pages import HEADING, Article, words

CODE = re.compile(r'<div class="jp-Cell-inputWrapper">.*?</div>\s*</div>', re.DOTALL)


def sections(page: str, article: Article) -> Iterator[tuple[str, str, str, str]]:
    """(address, title of the page, heading, words) of each section, in order."""
    places = list(HEADING.finditer(article.html))
    for k, place in enumerate(places):
        end = places[k + 1].start() if k + 1 < len(places) else len(article.html)
        text = CODE.sub(" ", article.html[place.end() : end])
        yield f"{page}#{place[2]}", article.title, words(place[3]), words(text)


def index(articles: dict[str, Article]) -> str:
    """The script: all sections of all pages. articles: address of a page -> what it shows."""
    rows = [row for page, article in articles.items() for row in sections(page, article)]
    return "window.BOOK = " + json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/") + ";\n"
