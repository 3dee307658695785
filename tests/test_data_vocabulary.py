"""What a reader may rely on when words become numbers."""

import dataclasses

import numpy as np
import pytest

from rnnlib.data import Vocabulary

TEXTS = ["it is good", "not good at all", "bad"]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.from_texts(TEXTS)  # all at bad good is it not -> sorted below


def test_repr_is_short() -> None:
    words = [f"word{n}" for n in range(10_000)]
    assert repr(Vocabulary(words)) == "Vocabulary(10000 words: 'word0', 'word1', 'word2', ...)"
    assert repr(Vocabulary(["bad", "good"])) == "Vocabulary(2 words: 'bad', 'good')"


def test_decode_gives_back_what_encode_read(vocabulary: Vocabulary) -> None:
    ids = vocabulary.encode("  not   good\tat all\n")
    assert ids.dtype == np.intp and ids.shape == (4,)
    assert vocabulary.decode(ids) == "not good at all" and vocabulary.decode([]) == ""


def test_padding_is_time_first_with_zeros_past_the_end(vocabulary: Vocabulary) -> None:
    ids, lengths = vocabulary.pad(text for text in TEXTS)
    assert ids.tolist() == [[5, 6, 2], [4, 3, 0], [3, 1, 0], [0, 0, 0]]
    assert lengths.tolist() == [3, 4, 1]


def test_one_hot_is_one_at_each_word_and_zero_elsewhere(vocabulary: Vocabulary) -> None:
    x, lengths = vocabulary.one_hot(TEXTS)
    ids, _ = vocabulary.pad(TEXTS)
    expected = np.eye(7)[ids]
    for b, length in enumerate(lengths):
        expected[length:, b] = 0
    assert x.dtype == np.float64 and vocabulary.one_hot(TEXTS, dtype=np.float32)[0].dtype == np.float32
    np.testing.assert_array_equal(x, expected)


def test_words_are_distinct_and_sorted_or_in_the_order_that_was_given(vocabulary: Vocabulary) -> None:
    assert vocabulary.words == ("all", "at", "bad", "good", "is", "it", "not") and len(vocabulary) == 7
    assert Vocabulary.from_texts(dict.fromkeys(reversed(TEXTS))) == vocabulary
    given = Vocabulary(["good", "bad"])
    assert list(given) == ["good", "bad"] and given != Vocabulary(["bad", "good"])
    assert len({given, Vocabulary(["good", "bad"])}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        vocabulary.words = ("other",)  # type: ignore[misc]


def test_a_word_has_a_number_and_a_number_its_word(vocabulary: Vocabulary) -> None:
    assert "good" in vocabulary and "awful" not in vocabulary and 3 not in vocabulary
    assert [vocabulary[vocabulary.index(word)] for word in vocabulary] == list(vocabulary.words)
    assert vocabulary.unknown("so good and so not and") == ("so", "and") and vocabulary.unknown("it is") == ()
    for number in (-1, 7):
        with pytest.raises(IndexError, match=f"number: expected 0 to 6, got {number}"):
            vocabulary[number]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda v: v.encode("it is goood"), ValueError, "'goood' in 'it is goood'; the nearest known: 'good'$"),
        (lambda v: v.index("GOOD"), ValueError, "unknown word 'GOOD'; the nearest known: 'good'$"),
        (lambda v: v.pad(["good", "xyzzy"]), ValueError, "unknown word 'xyzzy' in 'xyzzy'; no known word is near$"),
        (lambda v: v.encode("x" * 1_000_000), ValueError, "^.{1,299}$"),
        (lambda v: v.encode("  \n"), ValueError, "text: expected at least one word"),
        (lambda v: v.one_hot(["good", " "]), ValueError, "text: expected at least one word, got ' ' at place 1"),
        (lambda v: v.one_hot(["good"], dtype=np.int64), TypeError, "dtype: expected a floating type"),
        (lambda v: v.pad([]), ValueError, "texts: expected at least one text"),
        (lambda v: v.pad("good"), TypeError, r"texts: expected .*; write pad\(\[text\]\)"),
        (lambda v: Vocabulary.from_texts("good"), TypeError, r"write Vocabulary\.from_texts\(\[text\]\)"),
        (lambda v: v.encode(["good"]), TypeError, r"text: expected one str, got list; for several write pad\(texts\)"),
        (lambda v: v.pad(["good", None]), TypeError, "texts: expected .*, got NoneType at place 1"),
        (lambda v: Vocabulary(["good", "good"]), ValueError, "words: expected distinct words, got 'good' twice"),
        (lambda v: Vocabulary(["very good"]), ValueError, "words: expected words without blanks"),
        (lambda v: Vocabulary([]), ValueError, "words: expected at least one word"),
        (lambda v: v.decode([0, 7]), ValueError, "ids: expected 0 to 6, got 7"),
        (lambda v: v.decode([-1]), ValueError, "ids: expected 0 to 6, got -1"),
        (lambda v: v.decode(v.pad(TEXTS)[0]), ValueError, r"ids: expected \(T,\), got \(4, 3\)"),
        (lambda v: v.decode([0.2]), TypeError, "ids: expected whole numbers"),
    ],
)
def test_what_has_no_number_is_refused_with_what_to_write(vocabulary: Vocabulary, call, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        call(vocabulary)
