"""The book's own phrases are what their data card says, and what the chapter relies on."""

import pytest

from rnnlib.data import Vocabulary, phrases

BOTH = {**phrases.train_data, **phrases.test_data}


def test_there_are_enough_phrases_to_learn_from_and_to_test_with():
    assert len(phrases.train_data) == 200
    assert len(phrases.test_data) == 26


@pytest.mark.parametrize("data", [phrases.train_data, phrases.test_data], ids=["train", "test"])
def test_as_many_phrases_are_positive_as_negative(data):
    assert sum(data.values()) * 2 == len(data)


def test_the_vocabulary_is_small_and_every_test_word_stands_in_the_training_data():
    vocabulary = Vocabulary.from_texts(phrases.train_data)
    assert len(vocabulary) == 20
    assert not any(vocabulary.unknown(phrase) for phrase in phrases.test_data)


def test_no_phrase_stands_in_both_sets():
    assert not set(phrases.train_data) & set(phrases.test_data)


def test_every_pair_with_the_same_words_and_opposite_labels_is_named():
    positive, negative = ([p for p, label in BOTH.items() if label == side] for side in (True, False))
    pairs = {(p, q) for p in positive for q in negative if sorted(p.split()) == sorted(q.split())}
    assert set(phrases.order_pairs) == pairs


@pytest.mark.parametrize("word", ["not", "never", "but", "was", "now", "earlier", "today"])
def test_negation_contrast_and_time_occur_in_the_training_data(word):
    assert sum(word in phrase.split() for phrase in phrases.train_data) >= 5


@pytest.mark.parametrize("phrase", [p for p in BOTH if len(p.split()) <= 4 and "but" not in p])
def test_a_short_phrase_has_the_label_that_its_words_say(phrase):
    words = phrase.split()
    positive = bool({"good", "happy", "calm"} & set(words))
    assert BOTH[phrase] == (positive != bool({"not", "never"} & set(words)))
