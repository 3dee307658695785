"""The first page of the browser edition, and the words about where a reader's changes are kept."""

import shutil
from html import escape
from pathlib import Path

from rnnlib.book.chapters import CHAPTERS

NAME = "Recurrent neural networks, live"
FIRST_VISIT = 41  # MB, as a server without compression sends them (27 with it)
KEPT = (
    "Python runs in this page, on your computer: nothing is installed and nothing is sent anywhere.",
    "What you change and run is kept in this browser, on this computer, and nowhere else. It is there the next time "
    "you open the same address with the same browser, until you clear the browser's data; a private window forgets "
    "it at once.",
    "To keep a copy, or to take it to another computer: File, then Download. To get a chapter as it was: delete your "
    "copy of it in the list of files.",
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{{}}</script>
<style>
:root {{ color-scheme: light dark; --ink: #1d2433; --soft: #4a5468; --surface: #fff; --line: #c9d0da; --now: #0b7a75; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6e9ef; --soft: #b3bccb; --surface: #111; --line: #3c4557; --now: #4fc3bc; }}
}}
body {{ margin: 0 auto; padding: 24px; max-width: 760px; font: 17px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--surface); }}
a {{ color: var(--now); }}
ol {{ padding: 0; list-style: none; }}
li {{ padding: 8px 0; border-bottom: 1px solid var(--line); }}
li span {{ display: block; color: var(--soft); }}
</style>
</head>
<body>
<h1>{name}</h1>
<p>Choose a chapter. The first time some {megabytes} MB are fetched, later Python comes from the browser's cache and
starts in about 15 seconds. Then press <b>Shift + Enter</b> cell by cell, or choose <b>Run</b>, <b>Run All
Cells</b>.</p>
<ol>
{chapters}
</ol>
<h2>What stays with you</h2>
{kept}
<p><a href="tree/index.html">All files, yours and the book's</a></p>
</body>
</html>
"""


SECTION = Path(__file__).parent / "static" / "section.js"


def about() -> str:
    """The same words as a file among the notebooks."""
    return f"# {NAME}\n\n" + "\n\n".join(KEPT) + "\n"


def write(target: Path) -> None:
    """The site's first page. Every page of JupyterLite looks into it for the script with settings."""
    items = []
    for chapter in CHAPTERS:
        if chapter.file:
            title, address = (
                f"{chapter.number} {escape(chapter.title)}",
                f"notebooks/index.html?path=notebooks/{chapter.file}",
            )
            items.append(f'<li><a href="{address}">{title}</a><span>{escape(chapter.question)}</span></li>')
    kept = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in KEPT)
    page = PAGE.format(name=escape(NAME), megabytes=FIRST_VISIT, chapters="\n".join(items), kept=kept)
    (target / "index.html").write_text(page, encoding="utf-8")


def lead_to_sections(target: Path) -> None:
    """An address that ends in `#9.-The-race` opens the chapter there; JupyterLite alone takes no notice of it."""
    page = target / "notebooks" / "index.html"
    script = '<script type="module" src="../section.js"></script>'
    page.write_text(page.read_text(encoding="utf-8").replace("</head>", f"{script}</head>", 1), encoding="utf-8")
    shutil.copy2(SECTION, target)
