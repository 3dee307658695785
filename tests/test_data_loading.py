"""What a reader may rely on when a file of phrases is read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnnlib.data import Phrases, labels, load_phrases

Write = Callable[[str | bytes], Path]
GOOD = "train_data = {'good': True, 'bad': False}\n"
TEST = "test_data = {'not bad': True}\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "data.py"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_file_of_two_dictionaries_is_read_in_its_order(write: Write) -> None:
    expected = Phrases({"good": True, "bad": False}, {"not bad": True})
    data = load_phrases(write(GOOD + TEST))
    assert data == expected and list(data.train_data) == ["good", "bad"]


@pytest.mark.parametrize(
    "content",
    [
        '# -*- coding: utf-8 -*-\n"""Phrases."""\n\n# to learn from\n' + GOOD + "\n" + TEST,
        b"\xef\xbb\xbf" + (GOOD + TEST).encode(),
        (GOOD + TEST).encode("utf-16"),
        (GOOD + TEST).replace("\n", "\r\n"),
        "train_data = {\n  'good': True,  # yes\n\n  'bad': False,\n}\ntest_data = {'not bad': True,}",
        "train_data = {'go' 'od': True, 'bad': False}; test_data = {'not bad': True}",
    ],
    ids=["comments and docstring", "byte order mark", "UTF-16", "CRLF", "many lines", "joined strings"],
)
def test_what_may_stand_around_the_entries(write: Write, content: str | bytes) -> None:
    assert load_phrases(write(content)) == Phrases({"good": True, "bad": False}, {"not bad": True})


def test_a_phrase_twice_with_the_same_label_counts_once(write: Write) -> None:
    data = load_phrases(write("train_data = {'good': True, 'bad': False, 'good': True}\n" + TEST))
    assert data.train_data == {"good": True, "bad": False}


@pytest.mark.parametrize("second", ["'not bad': False", "'not  bad ': False"], ids=["same spelling", "other blanks"])
def test_a_phrase_with_two_labels_is_an_error_with_both_lines(write: Write, second: str) -> None:
    path = write("train_data = {\n'not bad': True,\n'sad': False,\n" + second + "}\n" + TEST)
    with pytest.raises(ValueError, match=r"line 4: train_data: .*'not bad' is False, but True on line 2"):
        load_phrases(path)


REFUSED = {
    "an import": ("import os\n" + GOOD + TEST, 1, "got another statement .Import"),
    "a second text": ('"""One."""\n"""Two."""\n' + GOOD + TEST, 2, "got 'Two.'"),
    "a comprehension": ("train_data = {w: True for w in 'ab'}\n" + TEST, 1, "got a comprehension"),
    "bytes": (GOOD + "test_data = {b'good': True}", 2, "expected a phrase in quotes, got b'good'"),
    "an f-string": ("train_data = {f'good': True}\n" + TEST, 1, "written out, got an f-string"),
    "a call": (GOOD + TEST + "print('hi')\n", 3, "got a call"),
    "another name": (GOOD + TEST + "names = {'a': True}\n", 3, "got the name 'names'"),
    "an annotation": ("train_data: dict = {'good': True}\n" + TEST, 1, "leave the annotation out"),
    "a name twice": (GOOD + TEST + GOOD, 3, "train_data: expected it once, got it on line 1 too"),
    "a list": ("train_data = [('good', True)]\n" + TEST, 1, "train_data: expected a dictionary"),
    "a key that is no str": (
        GOOD + "test_data = {\n3: True}",
        3,
        "test_data: expected a phrase in quotes, got 3",
    ),
    "a name for a label": ("train_data = {'good': yes}\n" + TEST, 1, "written out, got the name 'yes'"),
    "two stars": ("train_data = {'good': True, **more}\n" + TEST, 1, r"written out, got \*\*"),
    "a label 1": ("train_data = {'good': 1}\n" + TEST, 1, "label of 'good': expected True or False, got 1"),
    "a blank phrase": ("train_data = {'  ': True}\n" + TEST, 1, "at least one word, got '  '"),
    "an empty dictionary": ("train_data = {}\n" + TEST, 1, "at least one phrase, got an empty dictionary"),
    "a syntax error": (GOOD + "test_data = {'bad' False}\n", 2, "got a syntax error"),
    "not UTF-8": (b"# one\ntrain_data = {'caf\xe9': True}\n", 2, "expected UTF-8 text, got the byte 0xe9"),
    "UTF-16 without its mark": (
        (GOOD + TEST).encode("utf-16-le"),
        1,
        'got a NUL character; .* encoding="utf-16-le"',
    ),
}


@pytest.mark.parametrize(("content", "line", "message"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_with_file_and_line(
    write: Write, content: str | bytes, line: int, message: str
) -> None:
    with pytest.raises(ValueError, match=rf"data\.py, line {line}: .*{message}") as caught:
        load_phrases(write(content))
    assert caught.value.__suppress_context__ and len(str(caught.value)) < 400


@pytest.mark.parametrize(("content", "name"), [(GOOD, "test_data"), (TEST, "train_data"), ("", "train_data")])
def test_a_missing_dictionary_is_named(write: Write, content: str, name: str) -> None:
    with pytest.raises(ValueError, match=rf"data\.py: expected two dictionaries, .* got no {name}"):
        load_phrases(write(content))


@pytest.mark.parametrize(
    "label",
    [
        "(" * 5000 + "True" + ")" * 5000,
        "-" * 100_000 + "1",
        "+".join("1" * 100_000),
    ],
    ids=["parentheses", "minus signs", "a sum"],
)
def test_an_expression_nested_too_deeply_is_a_value_error(write: Write, label: str) -> None:
    path = write(f"train_data = {{'good': {label}}}\n{TEST}")
    with pytest.raises(ValueError, match=r"data\.py"):
        load_phrases(path)


def test_a_file_of_more_than_5_mb_is_refused_unread(write: Write) -> None:
    with pytest.raises(ValueError, match=r"data\.py: expected .* at most 5,000,000 bytes, got a larger one"):
        load_phrases(write(GOOD + TEST + "#" * 5_000_000))


def test_a_doubtful_escape_in_a_phrase_warns_of_nothing(write: Write) -> None:
    assert load_phrases(write(r"train_data = {'so \good': True}" + "\n" + TEST)).train_data == {r"so \good": True}


def test_labels_are_one_for_true_and_zero_for_false_in_order() -> None:
    y = labels({"good": True, "bad": False, "not bad": True})
    assert y.tolist() == [1, 0, 1] and y.dtype == np.intp


@pytest.mark.parametrize("label", [1, None])
def test_another_label_is_refused_by_name(label: object) -> None:
    with pytest.raises(ValueError, match=f"label of 'bad': expected True or False, got {label!r}"):
        labels({"good": True, "bad": label})  # type: ignore[dict-item]
