"""Links that open a chapter on machines of others, in each chapter and in README.md: Colab, Binder.

    python -m tools.badges                     # write them for the address below
    python -m tools.badges NAME/REPOSITORY     # the same, after the book has moved to (or got) this address on GitHub

The address stands in one place, here. They are words, not pictures: a picture would ask another host each time that a
chapter is opened. What Colab lacks is one line, which the link's own sentence names; no chapter has a cell for it.
They end a chapter's first cell, where a visitor looks; as long as there is no address, its last one: nobody's first
screen is spent on links that lead nowhere.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NONE = "OWNER/REPOSITORY"
ADDRESS = "OWNER/REPOSITORY"  # of the book on GitHub; this one, `NONE`, means that it has none yet
FORM = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+"
START, END = "*Without installing anything:", "*"
README_MARKS = ("<!-- badges -->", "<!-- /badges -->")


def links(path: str, address: str = ADDRESS) -> str:
    """Markdown links for a notebook at this path in the repository."""
    colab = f"https://colab.research.google.com/github/{address}/blob/HEAD/{path}"
    binder = f"https://mybinder.org/v2/gh/{address}/HEAD?urlpath=lab/tree/{path}"
    return f"[open in Colab]({colab}), [open in Binder]({binder})"


def needed(address: str = ADDRESS) -> str:
    """What Colab has to be told before the first cell."""
    return f'%pip install -q anywidget "rnnlib @ git+https://github.com/{address}"'


def sentence(path: str, address: str = ADDRESS) -> str:
    """The line at the end of a chapter's first or last cell."""
    return f"{START} {links(path, address)}. Colab needs a cell with `{needed(address)}` first.{END}"


def chapters() -> list[Path]:
    """The notebooks that have a line."""
    return sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


def place(address: str = ADDRESS) -> int:
    """The cell of a chapter that ends with the line: 0, the first, or -1, the last."""
    return -1 if address == NONE else 0


def without_line(source: str) -> str:
    """A cell's text without the line, if it has one."""
    return "\n".join(text for text in source.split("\n") if not text.startswith(START)).rstrip()


def write(address: str) -> None:
    """The lines for this address, in every chapter and in README.md."""
    for path in chapters():
        notebook = nbformat.read(path, as_version=4)
        for cell in (notebook.cells[0], notebook.cells[-1]):
            cell.source = without_line(cell.source)
        notebook.cells[place(address)].source += f"\n\n{sentence(path.relative_to(ROOT).as_posix(), address)}"
        nbformat.write(notebook, path)
    readme = ROOT / "README.md"
    begin, end = README_MARKS
    text = readme.read_text(encoding="utf-8")
    inside = f"{begin}\n{links('notebooks/00_start_here.ipynb', address)}\n{end}"
    inside += f"\n\nColab needs one cell before the first one: `{needed(address)}`."
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}\n\nColab needs[^\n]*"
    readme.write_text(re.sub(pattern, lambda _: inside, text, flags=re.DOTALL), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the lines; with an address, that address into this file first."""
    address = arguments[0] if arguments else ADDRESS
    if not re.fullmatch(FORM, address):
        print(f"address: expected NAME/REPOSITORY, got {address!r}", file=sys.stderr)
        return 1
    here = Path(__file__)
    text = here.read_text(encoding="utf-8")
    here.write_text(text.replace(f'ADDRESS = "{ADDRESS}"', f'ADDRESS = "{address}"', 1), encoding="utf-8")
    write(address)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
