"""The README's moving picture: there, of the widget, and still for who wants no motion."""

import re

import pytest
from PIL import Image

from rnnlib.book.chapters import CHAPTERS
from rnnlib.data import phrases

SENTENCE = ["he", "was", "not", "sad", "today"]


def test_every_picture_that_the_readme_names_is_there(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|srcset)="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)', text)
    assert len(named) >= 4
    assert [name for pair in named for name in pair if name and not (root / name).is_file()] == []


@pytest.mark.parametrize("name", ["stepper.webp", "stepper-dark.webp"])
def test_the_moving_picture_has_a_page_for_each_step(root, name):
    with Image.open(root / "images" / name) as picture:
        assert picture.n_frames == len(SENTENCE) + 1
        assert picture.info["loop"] == 0
    assert (root / "images" / name).stat().st_size < 400_000


@pytest.mark.parametrize("name", ["stepper.png", "stepper-dark.png"])
def test_for_who_wants_no_motion_it_stands_still(root, name):
    with Image.open(root / "images" / name) as picture:
        assert getattr(picture, "n_frames", 1) == 1


def test_the_sentence_of_the_picture_is_made_of_known_words():
    known = {word for text in phrases.train_data for word in text.split()}
    assert set(SENTENCE) <= known


def test_the_table_of_chapters_is_that_of_the_book(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\d) ([^\]]+)\]\(notebooks/([^)]+)\) \| ([^|]+) \|", text, re.MULTILINE)
    assert rows == [(c.number, c.title, c.file, c.question) for c in CHAPTERS if c.file]
