"""The map of the chapters: it names what there is, and says of the rest that it is to come."""

import re

import pytest

from rnnlib.book.chapters import CHAPTERS, Chapter
from rnnlib.diagrams import book_map
from tests.svg import elements, texts
from tests.test_notebooks import NOTEBOOKS, read


def boxes(svg):
    return [box.attrib for box in elements(svg, "rect") if box.attrib["class"] != "surface"]


def first_cell(chapter):
    return "".join(read(NOTEBOOKS / chapter.file)["cells"][0]["source"])


# ---- the table of chapters is what there is


def test_a_chapter_has_a_file_exactly_if_its_notebook_exists():
    there = {path.name[:2]: path.name for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}
    assert {chapter.number: chapter.file for chapter in CHAPTERS if chapter.file} == there


@pytest.mark.parametrize("chapter", [each for each in CHAPTERS if each.file], ids=lambda chapter: chapter.number)
def test_a_notebook_has_the_number_and_the_title_of_the_table(chapter):
    head = first_cell(chapter).split("\n")[0].replace(",", "")
    assert re.match(rf"# {chapter.number} {chapter.title}\b", head)


def test_the_chapters_are_numbered_in_order():
    assert [chapter.number for chapter in CHAPTERS] == [f"{k:02d}" for k in range(10)]


# ---- the picture


def test_every_chapter_stands_on_the_map_with_its_number_and_title():
    said = " ".join(texts(book_map()))
    for chapter in CHAPTERS:
        assert f" {chapter.number} {chapter.title}" in said


def test_every_chapter_that_builds_on_another_has_an_arrow_from_it_and_there_are_no_others():
    drawn = [(way.get("data-from"), way.get("data-to")) for way in elements(book_map(), "g", "way")]
    assert sorted(drawn) == sorted((needed, chapter.number) for chapter in CHAPTERS for needed in chapter.builds_on)


def test_what_has_no_file_is_to_come_and_has_a_broken_edge():
    written = [chapter._replace(file="x.ipynb") for chapter in CHAPTERS]
    for chapters in (CHAPTERS, written, [chapter._replace(file="") for chapter in CHAPTERS]):
        missing = sum(not chapter.file for chapter in chapters)
        picture = book_map("", chapters)
        assert texts(picture).count("to come") == picture.alt.count("to come") == missing
        assert sum("broken" in box["class"] for box in boxes(picture)) == missing


def test_one_chapter_is_marked_as_the_one_where_the_reader_is():
    assert [box["class"] for box in boxes(book_map("03"))].count("nowsoft now") == 1
    assert "you are here" in texts(book_map("03")) and "you are here" not in texts(book_map())


def test_a_short_cut_is_said():
    assert "Short cut: 08, right after 00." in texts(book_map())


def test_no_box_lies_on_another_and_all_are_inside():
    picture = book_map()
    (root,) = elements(picture, "svg")
    places = [tuple(float(box[name]) for name in ("x", "y", "width", "height")) for box in boxes(picture)]
    for place, (x, y, width, height) in enumerate(places):
        assert x + width < float(root.attrib["width"]) and y + height < float(root.attrib["height"])
        for x1, y1, width1, height1 in places[:place]:
            assert x + width <= x1 or x1 + width1 <= x or y + height <= y1 or y1 + height1 <= y


def test_it_fits_on_a_projector_and_into_a_narrow_window():
    (root,) = elements(book_map(), "svg")
    assert float(root.attrib["width"]) <= 588 and float(root.attrib["height"]) <= 480


def test_the_description_says_all_that_the_picture_shows():
    said = book_map("00").alt
    assert all(f"{chapter.number} {chapter.title}" in said for chapter in CHAPTERS)
    later = [c for c in CHAPTERS if c.builds_on]
    ends = {c.number: f"{c.number} {c.title}{'' if c.file else ' (to come)'} builds on" for c in later}
    assert all(end in said for end in ends.values()) and "You are here." in said
    assert f"{ends['09']} 05 and 06 and 07 and 08." in said


def test_other_tables_can_be_drawn():
    one = [Chapter("00", "alone")]
    three = [*one, Chapter("01", "second", "?", ("00",)), Chapter("02", "third", "?", ("00",))]
    assert "alone" in texts(book_map("", one)) and len(boxes(book_map("", three))) == 3


def test_a_wrong_table_is_refused():
    with pytest.raises(ValueError, match="here: expected one of 00"):
        book_map("77")
    with pytest.raises(ValueError, match="chapters: expected at least one"):
        book_map("", [])
    with pytest.raises(ValueError, match="01 needs '02'"):
        book_map("", [Chapter("00", "a"), Chapter("01", "b", "?", ("02",)), Chapter("02", "c")])
    with pytest.raises(ValueError, match="each with a number of its own"):
        book_map("", [Chapter("00", "a"), Chapter("00", "b")])
