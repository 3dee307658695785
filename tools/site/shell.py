"""What stands around the articles: the bar, the book's pages at the side, the front page, style and scripts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rnnlib.book.chapters import CHAPTERS
from rnnlib.diagrams.book_map import book_map
from rnnlib.look.palette import DARK, LIGHT, theme_css

from .formulas import font
from .pages import Article

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MOVING = (
    "A network reads “he was not sad today” word by word: at each step the numbers of its hidden state, the "
    "probability of “positive”, and the arithmetic of one unit."
)
LIVE_WORDS = {
    True: "Live, Python runs in your browser; nothing is installed, and what you change stays on your machine.",
    False: "Live, Python runs on your own machine.",
}
# Beside the colours of the pictures: links and code. Each has a contrast of 4.5 or more on surface and on panel.
MORE = {
    "light": {"link": "#0b5fae", "code-word": "#5b3fa8", "code-text": "#8f3d00", "code-number": "#0a6662"},
    "dark": {"link": "#7db8f2", "code-word": "#b9a3ff", "code-text": "#f0a35c", "code-number": "#5fd6ce"},
}


class Entry(NamedTuple):
    """A page: its address in the site, and what links to it say."""

    page: str
    name: str


def environment() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def page(entry: Entry, article: Article, around: Mapping[str, Any], live: str = "") -> str:
    """A page with an article. around: `book`, the entries at the side; `before`, `after`, `other`: entries or None."""
    up = "../" * entry.page.count("/")
    template = environment().get_template("page.html.j2")
    return template.render(page=entry.page, up=up, article=article, live=live, slides=bool(live), **around)


def front(live: bool, teacher: Sequence[Entry]) -> str:
    """The front page. live: whether the browser edition is in the site."""
    chapters = [
        {
            "number": chapter.number,
            "title": chapter.title,
            "question": chapter.question,
            "page": f"read/{Path(chapter.file).stem}.html",
            "solutions": f"read/solutions/{Path(chapter.file).stem}.html",
        }
        for chapter in CHAPTERS
    ]
    ways = {"first": chapters[0]["page"], "live": live_address("", live), "live_words": LIVE_WORDS[live]}
    template = environment().get_template("front.html.j2")
    around = {"up": "", "map": str.__str__(book_map()), "moving": MOVING}
    return template.render(chapters=chapters, teacher=teacher, **around, **ways)


def live_address(notebook: str, built: bool) -> str:
    """Where a chapter is run (or any, if none is named), seen from the front page; where that is said, if the browser
    edition was not built."""
    place = f"notebooks/index.html?path=notebooks/{notebook}" if notebook else "index.html"
    return f"live/{place}" if built else "live.html"


def live_page() -> str:
    return environment().get_template("live.html.j2").render(up="")


def assets(folder: Path, characters: set[str]) -> None:
    """Style, scripts and pictures. characters: those of all formulas."""
    folder.mkdir(parents=True, exist_ok=True)
    style = (HERE / "static" / "site.css").read_text(encoding="utf-8")
    slides = (ROOT / "tools" / "slides.css").read_text(encoding="utf-8")
    sheet = font(characters) + colours() + theme_css(":is(.rnn-alone, .rnn-plot)") + style + slides
    (folder / "site.css").write_text(sheet, encoding="utf-8")
    for script in (HERE / "static" / "site.js", *sorted((ROOT / "tools").glob("slides*.js"))):
        shutil.copy(script, folder / script.name)
    for picture in (ROOT / "images").glob("stepper*"):
        shutil.copy(picture, folder / picture.name)


def colours() -> str:
    """The palette as variables of the whole page."""
    rules = []
    for name, palette, chosen in (("light", LIGHT, "true"), ("dark", DARK, "false")):
        values = "".join(f"--{token}:{colour};" for token, colour in (palette | MORE[name]).items())
        rules.append(f'body[data-jp-theme-light="{chosen}"]{{{values}}}\n')
    return "".join(rules)
