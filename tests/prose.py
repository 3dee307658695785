"""Which numbers of a chapter's prose its outputs show: a finder for `test_prose.py`.

`python -m tests.prose 05` prints, cell by cell, the numbers of a chapter that nothing on its page shows.

A number in prose is a decimal, a percentage, or a whole number from 10 on. It is shown if it stands in an output or in
the code of its section, as it is or rounded as the prose rounds it; a number of three digits or more may stand anywhere
in the chapter, and so may what the chapter's opening says. What is no claim about a run is left out: formulas, code,
links, headings, the boxes for the class, exercises and sources, numbers of chapters and sections, times of reading.
"""

import json
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
NUMBER = re.compile(r"(?<![\w.,:/#-])[−-]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w]|[.,:/]\d|-\w)")
PRINTED = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:e([+−-]?\d+))?")
NO_CLAIM = [
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`",  # formulas, code
        r"\]\([^)]*\)|https?://\S+",  # links
        r"^#+ [^\n]*$",
        r"<details><summary>In class</summary>.*?</details>",
        r"\b\d+ minutes|\*\*Sources\.?\*\*.*\Z|^\*Without installing[^\n]*$",
        r"\b(?i:chapters?|sections?|exercises?|steps?|places?|seeds?|units?|words?|lines?|PyTorch)"
        r" \d[\d.]*(?:(?:, | and | to |–)\d[\d.]*)*",  # names of things
        r"^- \([a-d]\)[^\n]*|\([a-d]\) [\d.,]+",  # what may be answered
        r"\(\d\d(?:, \d\d)*\)|\[\d\d[^\]]*\]",  # (06, 09): chapters
        r"\(\d{4}\)|\b(?:1[5-9]|20)\d\d\b(?!\.\d)",  # years
    )
]
WITHOUT = ("## Exercises", "### 0", "## Quiz")  # what is asked, not told
LONG = 3  # digits from which on a number speaks for itself


class Claim(NamedTuple):
    """A number in prose: the cell it stands in, as it is written, its value, its decimals; is it a percentage?"""

    cell: str
    written: str
    value: float
    decimals: int
    percent: bool


class Section(NamedTuple):
    """From a heading of the second degree to the next."""

    claims: list[Claim]
    shown: set[float]


def claims(cell: str, text: str) -> list[Claim]:
    """The numbers of a piece of prose that say something."""
    for pattern in NO_CLAIM:
        text = pattern.sub(" ", text)
    found = []
    for match in NUMBER.finditer(text):
        whole, part = match[1].replace(",", ""), match[2] or ""
        percent = text[match.end() :].lstrip().startswith("%")
        if part or percent or int(whole) >= 10:
            found.append(Claim(cell, match[0], float(whole + part), max(0, len(part) - 1), percent))
    return found


def printed(text: str) -> set[float]:
    """All numbers of an output or of code, without their signs."""
    return {
        float(f"{m[1].replace(',', '')}{m[2] or ''}e{(m[3] or '0').replace('−', '-')}") for m in PRINTED.finditer(text)
    }


def said(output: dict[str, Any]) -> Iterator[str]:
    """What is to be read in an output: its text, and the text inside its pictures."""
    yield "".join(output.get("text", ""))
    for kind, value in output.get("data", {}).items():
        text = "".join(value) if isinstance(value, (list, str)) else ""
        if kind != "text/html":
            yield text
            continue
        picture = re.search(r"src='data:image/svg\+xml[^,]*,([^']*)'", text)
        yield readable(unquote(picture[1]) if picture else re.sub(r"data:[^\"']*", "", text))


def readable(markup: str) -> str:
    """What stands between the tags, and the texts for those who do not see."""
    markup = re.sub(r"<style.*?</style>", " ", unescape(markup), flags=re.DOTALL)
    spoken = " ".join(re.findall(r'(?:alt|aria-label|title)="([^"]*)"', markup))
    return spoken + " " + re.sub(r"<[^>]*>", " ", markup)


def sections(path: Path) -> list[Section]:
    """A chapter, section by section."""
    found = [Section([], set())]
    counted = True
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            found[-1].shown.update(printed(text), *(printed(part) for out in cell["outputs"] for part in said(out)))
            continue
        if text.startswith("## "):
            found.append(Section([], set()))
        if text.startswith(("## ", "### ")):
            counted = not text.startswith(WITHOUT)
        found[-1].claims.extend(claims(cell["id"], text) if counted else [])
    return found


def shows(claim: Claim, numbers: set[float]) -> bool:
    """Whether one of these is the number: as it is, or rounded as it is written; of a percentage, the share, too."""
    close = 0.5 * 10.0**-claim.decimals + 1e-9 if claim.decimals or claim.percent else 1e-9
    scales = (1, 100) if claim.percent else (1,)
    return any(abs(scale * number - claim.value) < close for number in numbers for scale in scales)


def unshown(path: Path) -> list[Claim]:
    """The numbers of a chapter's prose that nothing on its page shows."""
    parts = sections(path)
    everywhere = set[float]().union(*(part.shown for part in parts))
    result = []
    for place, part in enumerate(parts):
        for claim in part.claims:
            digits = len(re.sub(r"\D", "", claim.written).lstrip("0"))
            anywhere = digits >= LONG or not part.shown or place == 0  # a chapter's opening says what will come
            if not shows(claim, everywhere if anywhere else part.shown):
                result.append(claim)
    return result


if __name__ == "__main__":
    for chapter in sys.argv[1:] or ["0"]:
        for path in sorted(NOTEBOOKS.glob(f"{chapter}*.ipynb")):
            for claim in unshown(path):
                print(f"{path.stem:15} {claim.cell:16} {claim.written}")
