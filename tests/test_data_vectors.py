"""What a reader may rely on when word vectors are read from a file."""

from collections.abc import Callable

import numpy as np
import pytest

from rnnlib.data import Vocabulary, WordVectors, load_word_vectors
from tests.conftest import Write

WORDS = Vocabulary(["<unk>", "the", "Cat", "2", "été", "zzz"])
GLOVE = "the 0.1 0.2 -0.3\nof 0.2 0.1 0.0\n. . . 0.3 0.1 0.2\ncat 0.5 -0.5 1e-1\n2 1 2 3\nété 4 5 6\n"
Load = Callable[..., WordVectors]


@pytest.fixture
def load(write: Write) -> Load:
    return lambda content, codec="utf-8", **options: load_word_vectors(write(content, codec=codec), WORDS, **options)


@pytest.mark.parametrize(
    "content",
    [
        GLOVE,
        "6 3\n" + GLOVE,
        GLOVE.replace("\n", " \r\n"),
        GLOVE.replace(". . .", "...").replace(" ", "\t"),
        GLOVE + "the 9 9 9\n\n",
        GLOVE.replace("été", "e\u0301te\u0301"),
        GLOVE.replace(". . .", "at name@domain.com").replace("of", "\xa0"),
    ],
    ids=["GloVe", "word2vec", "CRLF", "tabs", "a word twice", "accents apart", "words with blanks"],
)
def test_every_usual_form_gives_the_same_vectors(load: Load, content: str) -> None:
    read = load(content)
    assert read.found.tolist() == [False, True, True, True, True, False] and read.lower == 1
    assert read.vectors[1:5].tolist() == [[0.1, 0.2, -0.3], [0.5, -0.5, 0.1], [1, 2, 3], [4, 5, 6]]


def test_the_report_says_how_many_words_were_found(load: Load) -> None:
    assert load(GLOVE).report.split("\n")[1:] == [
        "  found          4 of 6 words (66.7%)",
        "  of these       1 in lower case only",
        "  random         2: <unk>, zzz",
    ]
    assert load(GLOVE).missing == ("<unk>", "zzz")


def test_a_word_as_it_is_written_goes_before_its_lower_case(load: Load) -> None:
    for content in (GLOVE + "Cat 7 7 7\n", "Cat 7 7 7\n" + GLOVE):
        read = load(content)
        assert read.vectors[2].tolist() == [7, 7, 7] and read.lower == 0


def test_words_that_are_not_there_get_random_numbers_of_the_same_size(load: Load) -> None:
    one, same, other = load(GLOVE), load(GLOVE), load(GLOVE, seed=1)
    assert np.array_equal(one.vectors, same.vectors) and not np.array_equal(one.vectors[0], other.vectors[0])
    assert 0 < np.abs(one.vectors[0]).max() < 4 * one.vectors[1:5].std()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (GLOVE.replace("0.5", "nan"), "line 4: expected finite numbers, got nan in the row of 'cat'"),
        (GLOVE.replace("1 2 3", "1 1e999 3"), "line 5: expected finite numbers, got 1e999"),
        (GLOVE.replace("1 2 3", "1 2"), "line 5: expected a word and 3 numbers, got 2 numbers: '2 1 2'"),
        (GLOVE.replace("4 5 6", "4 5 6 7"), "line 6: expected a word and 3 numbers, got 4 numbers"),
        (GLOVE.replace("4 5 6", "4 x 6"), "line 6: expected a word and 3 numbers, got 'x' in the row of 'été'"),
        ("3 3\n" + GLOVE, "expected 3 rows, as line 1 says, got 6: the file is not complete"),
        ("6 4\n" + GLOVE, "line 2: expected a word and 4 numbers, got 3"),
        ("one 1 2\ntwo 3 4\n", "expected vectors for words such as 'zzz', got none"),
        ("", "got no line with text"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_line(load: Load, content: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        load(content)


def test_the_size_can_be_given(load: Load) -> None:
    with pytest.raises(ValueError, match="line 1: expected a word and 4 numbers, got 3"):
        load(GLOVE, size=4)
    with pytest.raises(ValueError, match="size: expected a whole number from 1, got 0"):
        load(GLOVE, size=0)
