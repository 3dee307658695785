"""What a reader may rely on when words become numbers."""

import dataclasses

import numpy as np
import pytest

from rnnlib.data import Vocabulary

TEXTS = ["it is good", "not good at all", "bad"]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.from_texts(TEXTS)  # all at bad good is it not -> sorted below


def test_words_are_distinct_and_sorted(vocabulary: Vocabulary) -> None:
    assert vocabulary.words == ("all", "at", "bad", "good", "is", "it", "not")


def test_the_order_of_the_texts_does_not_matter(vocabulary: Vocabulary) -> None:
    assert Vocabulary.from_texts(reversed(TEXTS)) == vocabulary


def test_a_dictionary_of_phrases_serves_as_texts() -> None:
    assert Vocabulary.from_texts({"good": True, "bad": False}).words == ("bad", "good")


def test_the_order_that_was_given_is_kept() -> None:
    assert list(Vocabulary(["good", "bad"])) == ["good", "bad"]


def test_another_order_is_another_vocabulary() -> None:
    assert Vocabulary(["good", "bad"]) != Vocabulary(["bad", "good"])


def test_equal_vocabularies_have_equal_hashes() -> None:
    assert len({Vocabulary(["good", "bad"]), Vocabulary(["good", "bad"])}) == 1


def test_length_counts_the_words(vocabulary: Vocabulary) -> None:
    assert len(vocabulary) == 7


def test_in_knows_words(vocabulary: Vocabulary) -> None:
    assert "good" in vocabulary and "awful" not in vocabulary and 3 not in vocabulary


def test_index_and_brackets_are_inverse(vocabulary: Vocabulary) -> None:
    assert [vocabulary[vocabulary.index(word)] for word in vocabulary] == list(vocabulary.words)


@pytest.mark.parametrize("number", [-1, 7])
def test_a_number_outside_has_no_word(vocabulary: Vocabulary, number: int) -> None:
    with pytest.raises(IndexError, match=f"number: expected 0 to 6, got {number}"):
        vocabulary[number]


def test_it_is_frozen(vocabulary: Vocabulary) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        vocabulary.words = ("other",)  # type: ignore[misc]


def test_repr_is_short() -> None:
    words = [f"word{n}" for n in range(10_000)]
    assert repr(Vocabulary(words)) == "Vocabulary(10000 words: 'word0', 'word1', 'word2', ...)"
    assert repr(Vocabulary(["bad", "good"])) == "Vocabulary(2 words: 'bad', 'good')"


def test_decode_gives_back_what_encode_read(vocabulary: Vocabulary) -> None:
    ids = vocabulary.encode("  not   good\tat all\n")
    assert ids.dtype == np.intp and ids.shape == (4,)
    assert vocabulary.decode(ids) == "not good at all"


def test_decoding_nothing_gives_an_empty_text(vocabulary: Vocabulary) -> None:
    assert vocabulary.decode([]) == ""


def test_unknown_words_are_named_once_in_reading_order(vocabulary: Vocabulary) -> None:
    assert vocabulary.unknown("so good and so not and") == ("so", "and")


def test_a_known_or_empty_text_has_no_unknown_words(vocabulary: Vocabulary) -> None:
    assert vocabulary.unknown("it is good") == vocabulary.unknown("") == ()


def test_padding_is_time_first_with_zeros_past_the_end(vocabulary: Vocabulary) -> None:
    ids, lengths = vocabulary.pad(TEXTS)
    assert ids.tolist() == [[5, 6, 2], [4, 3, 0], [3, 1, 0], [0, 0, 0]]
    assert lengths.tolist() == [3, 4, 1]


def test_every_column_of_a_padded_batch_decodes_to_its_text(vocabulary: Vocabulary) -> None:
    ids, lengths = vocabulary.pad(TEXTS)
    assert [vocabulary.decode(ids[: lengths[b], b]) for b in range(3)] == TEXTS


def test_one_hot_is_one_at_each_word_and_zero_elsewhere(vocabulary: Vocabulary) -> None:
    x, lengths = vocabulary.one_hot(TEXTS)
    ids, _ = vocabulary.pad(TEXTS)
    expected = np.eye(7)[ids]
    for b, length in enumerate(lengths):
        expected[length:, b] = 0
    assert x.dtype == np.float64 and x.shape == (4, 3, 7)
    np.testing.assert_array_equal(x, expected)


def test_one_hot_keeps_the_dtype_that_is_asked_for(vocabulary: Vocabulary) -> None:
    assert vocabulary.one_hot(TEXTS, dtype=np.float32)[0].dtype == np.float32


def test_one_hot_refuses_a_dtype_that_is_not_floating(vocabulary: Vocabulary) -> None:
    with pytest.raises(TypeError, match="dtype: expected a floating type such as float64, got int64"):
        vocabulary.one_hot(TEXTS, dtype=np.int64)


def test_texts_may_come_from_a_generator(vocabulary: Vocabulary) -> None:
    assert vocabulary.pad(text for text in TEXTS)[1].tolist() == [3, 4, 1]


def test_an_unknown_word_is_named_with_its_text_and_the_nearest_known(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match="unknown word 'goood' in 'it is goood'; the nearest known: 'good'"):
        vocabulary.encode("it is goood")


def test_a_capital_letter_is_answered_with_the_small_one(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match="unknown word 'GOOD'; the nearest known: 'good'"):
        vocabulary.index("GOOD")


def test_a_word_near_to_none_says_so(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match="unknown word 'xyzzy' in 'xyzzy'; no known word is near"):
        vocabulary.pad(["good", "xyzzy"])


def test_the_message_about_a_huge_word_stays_short(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError) as caught:
        vocabulary.encode("x" * 1_000_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_refused(vocabulary: Vocabulary, text: str) -> None:
    with pytest.raises(ValueError, match="text: expected at least one word, got '"):
        vocabulary.encode(text)


def test_an_empty_text_in_a_batch_is_found(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match="text: expected at least one word, got ' ' at place 1"):
        vocabulary.one_hot(["good", " ", "bad"])


def test_no_texts_at_all_are_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match="texts: expected at least one text, got none"):
        vocabulary.pad([])


def test_one_str_in_place_of_a_list_says_what_to_write(vocabulary: Vocabulary) -> None:
    with pytest.raises(TypeError, match=r"texts: expected a list of str, got one str; write pad\(\[text\]\)"):
        vocabulary.pad("good")
    with pytest.raises(TypeError, match=r"write one_hot\(\[text\]\)"):
        vocabulary.one_hot("good")
    with pytest.raises(TypeError, match=r"write Vocabulary\.from_texts\(\[text\]\)"):
        Vocabulary.from_texts("good")
    with pytest.raises(TypeError, match=r"write Vocabulary\(\[\"bad\", \"good\"\]\)"):
        Vocabulary("good")


def test_a_list_in_place_of_one_text_says_what_to_write(vocabulary: Vocabulary) -> None:
    with pytest.raises(TypeError, match=r"text: expected one str, got list; for several write pad\(texts\)"):
        vocabulary.encode(["good"])  # type: ignore[arg-type]


def test_something_else_among_the_texts_is_found(vocabulary: Vocabulary) -> None:
    with pytest.raises(TypeError, match="texts: expected a list of str, got NoneType at place 1"):
        vocabulary.pad(["good", None])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="texts: expected a list of str, got int"):
        vocabulary.pad(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["good", "good"], "expected distinct words, got 'good' twice"),
        (["good", ""], "expected words without blanks, got '' at place 1"),
        (["very good"], "expected words without blanks, got 'very good' at place 0"),
        ([], "expected at least one word, got none"),
    ],
)
def test_words_that_cannot_be_numbered_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=f"words: {message}"):
        Vocabulary(words)


@pytest.mark.parametrize("ids", [[0, 7], [-1]])
def test_decode_refuses_numbers_outside(vocabulary: Vocabulary, ids: list[int]) -> None:
    with pytest.raises(ValueError, match=f"ids: expected 0 to 6, got {ids[-1]}"):
        vocabulary.decode(ids)


def test_decode_refuses_a_batch(vocabulary: Vocabulary) -> None:
    with pytest.raises(ValueError, match=r"ids: expected \(T,\), got \(4, 3\)"):
        vocabulary.decode(vocabulary.pad(TEXTS)[0])


def test_decode_refuses_probabilities(vocabulary: Vocabulary) -> None:
    with pytest.raises(TypeError, match="ids: expected whole numbers, got dtype float64"):
        vocabulary.decode([0.2, 0.8])
