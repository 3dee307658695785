"""The words of exercises and quizzes: `texts/NN.ini` has a section for each exercise and each question of a chapter.

An exercise has its `task`, its `hints`, its `praise`, and then a diagnosis for each known wrong answer, under the name
that the answer has in `chapter_NN`, the more special first. A question is `asked`, and has its answers, of which one is
`right`. A line that begins with `>` is what comes second: a further hint, the hint to a diagnosis, an answer's reason.
"""

from __future__ import annotations

from configparser import ConfigParser
from functools import cache
from pathlib import Path

__all__ = ["sections"]

Said = tuple[str, str]


@cache
def sections(chapter: str) -> dict[str, dict[str, Said]]:
    """All that is said in a chapter: by section and name, each with what comes second. OSError where there is none."""
    parser = ConfigParser(delimiters=("=",), comment_prefixes=("#",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names as they are written
    parser.read_string((Path(__file__).parent / "texts" / f"{chapter}.ini").read_text(encoding="utf-8"))
    return {name: {key: _said(parser[name][key]) for key in parser[name]} for name in parser.sections()}


def _said(value: str) -> Said:
    """Lines as one line; what comes first, and what comes second."""
    first, _, second = value.partition("\n>")
    return " ".join(first.split("\n")), " ".join(second.split("\n")).strip()
