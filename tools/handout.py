"""A sheet to compute by hand, for chapters 02, 03 and 04: `python start.py handout 02 --seed 7`.

One small network with its numbers and blanks to fill, and the key on a second page. It is written as a page to print,
and as PDF where a browser is found. Another seed gives another sheet.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.browser.chromium import find  # noqa: E402
from tools.handout_numbers import sheet  # noqa: E402
from tools.handout_page import page  # noqa: E402

SECONDS = 60  # that a browser may take to print


def browser() -> str | None:
    """A browser that can print to a file, if this machine has one."""
    try:
        return find()
    except ModuleNotFoundError:  # playwright comes with the tests, not with the book
        return None


def print_pdf(program: str, html: Path, pdf: Path) -> None:
    """Let the browser print the page, with nothing around it and in a profile that is thrown away."""
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", "--disable-gpu", f"--user-data-dir={profile}", "--no-first-run"]
        command += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command += ["--no-pdf-header-footer", f"--print-to-pdf={pdf}", html.as_uri()]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, timeout=SECONDS, stdin=quiet, stdout=quiet, stderr=quiet)


def write(chapter: str, seed: int, folder: Path) -> list[Path]:
    """Write the sheet into the folder; the files that were written. ValueError as `sheet` raises it."""
    html = folder / f"chapter-{chapter}-sheet-{seed}.html"
    text = page(sheet(chapter, seed))
    folder.mkdir(parents=True, exist_ok=True)
    html.write_text(text, encoding="utf-8")
    program, pdf = browser(), html.with_suffix(".pdf")
    if program is None:
        return [html]
    print_pdf(program, html, pdf)
    return [html, pdf]


def main(arguments: list[str]) -> int:
    """Write one sheet and say where."""
    parser = argparse.ArgumentParser(prog="handout", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("chapter", help="02, 03 or 04")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another sheet")
    parser.add_argument("--to", type=Path, default=ROOT / "handouts", help="the folder to write to: handouts/")
    options = parser.parse_args(arguments)
    try:
        written = write(options.chapter, options.seed, options.to.resolve())
    except (ValueError, OSError, subprocess.SubprocessError) as problem:
        print(problem, file=sys.stderr)
        return 1
    for path in written:
        print(path)
    if len(written) == 1:
        print("No browser was found to make a PDF: open the page in yours and print it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
