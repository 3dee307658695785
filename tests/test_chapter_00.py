"""Chapter 00: its tables are those of the library and of the other chapters."""

import re
import tomllib

import pytest

from rnnlib import interop
from rnnlib.book.chapters import CHAPTERS
from tests.test_chapters import CHINESE, prose, text
from tests.test_notebooks import NOTEBOOKS, code_cells, outputs

HERE = NOTEBOOKS / "00_start_here.ipynb"
TERM = re.compile(r"\(([\u4e00-\u9fff]+)\)")


def rows(head):
    """The rows of all tables in the chapter that begin with this heading, as lists of cells."""
    for part in prose(HERE):
        for table in re.split(r"\n\n+", part):
            first, *rest = [line for line in table.split("\n") if line.startswith("|")] or [""]
            if first.startswith(f"| {head} |"):
                yield from ([cell.strip() for cell in line.strip("|").split("|")] for line in rest[1:])


def plain(cell):
    """A cell of a table without its link."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cell).replace("*", "")


GLOSSARY = list(rows("term"))


def test_the_table_of_chapters_has_the_titles_and_questions_of_the_one_table():
    written = [(plain(name), question) for name, question in rows("chapter")]
    expected = [(f"{c.number} {c.title}{'' if c.file else ' (to come)'}", c.question) for c in CHAPTERS]
    assert written == expected


def test_a_chapter_that_exists_is_linked():
    links = {plain(name)[:2]: re.findall(r"\((\S+\.ipynb)\)", name) for name, _ in rows("chapter")}
    assert links == {c.number: [c.file] if c.file and c.number != "00" else [] for c in CHAPTERS}


def test_the_notation_that_is_shown_is_that_of_the_library():
    shown = "".join("".join(output.get("data", {}).get("text/markdown", "")) for output in outputs(HERE))
    for row in interop.notation_table():
        cells = [row.about, *("–" if name == "-" else f"`{name}`" for name in row[1:])]
        assert f"| {' | '.join(cells)} |" in shown


def test_the_check_of_the_set_up_asks_for_what_the_package_asks_for(root):
    (cell,) = [text(cell) for cell in code_cells(HERE) if "metadata.version" in text(cell)]
    asked = {name: (int(a), int(b)) for name, a, b in re.findall(r'"(\w+)": \((\d+), (\d+)\)', cell)}
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["book"]]
    floors = {name: (int(a), int(b or 0)) for name, a, b in re.findall(r"(\w+)>=(\d+)(?:\.(\d+))?", " ".join(needed))}
    assert asked and asked == {name: floors[name] for name in asked}
    assert project["requires-python"] == ">=3.11" and "sys.version_info >= (3, 11)" in cell


# ---- the glossary


def test_the_glossary_is_in_alphabetical_order_and_has_each_term_once():
    terms = [row[0] for row in GLOSSARY]
    assert len(terms) > 40 and terms == sorted(set(terms), key=str.lower)


def test_a_term_has_one_chinese_name_one_line_and_a_chapter():
    for term, chinese, line, chapter in GLOSSARY:
        assert CHINESE.fullmatch(chinese), term
        assert 10 < len(line) < 130 and plain(chapter) in {c.number for c in CHAPTERS}, term


@pytest.mark.parametrize("row", GLOSSARY, ids=[row[0] for row in GLOSSARY])
def test_the_chapter_that_is_named_explains_the_term(row):
    _, chinese, _, chapter = row
    (file,) = [c.file for c in CHAPTERS if c.number == plain(chapter)]
    told = [part for part in prose(NOTEBOOKS / file) if not part.startswith("## 8. Glossary")] if file else [chinese]
    assert any(chinese in part for part in told)


def test_one_chinese_name_stands_for_one_term():
    names = [chinese for _, chinese, _, _ in GLOSSARY]
    assert sorted(names) == sorted(set(names))
