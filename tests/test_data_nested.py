"""Nested judgements: their truth, their trees, and what is refused."""

import itertools

import numpy as np
import pytest

from rnnlib.data import nested, nested_words
from rnnlib.data.nested import BLAME, LONGEST, PRAISE, _left


def rng(seed=0):
    return np.random.default_rng(seed)


def truth(words):
    """What a prefix reader says: the truth of the first judgement, and what comes after it."""
    first, *rest = words
    if first == "not":
        value, rest = truth(rest)
        return not value, rest
    if first in ("both", "either"):
        a, (_, *rest) = truth(rest)
        b, rest = truth(rest)
        return (a and b) if first == "both" else (a or b), rest
    return first in PRAISE, rest


def leaves(tree):
    return [tree] if not isinstance(tree, tuple) else leaves(tree[0]) + leaves(tree[1])


def deep(words):
    """How many rules lie inside each other, and what comes after the first judgement."""
    first, *rest = words
    if first == "not":
        depth, rest = deep(rest)
        return depth + 1, rest
    if first in ("both", "either"):
        a, (_, *rest) = deep(rest)
        b, rest = deep(rest)
        return max(a, b) + 1, rest
    return 0, rest


def test_every_sentence_has_the_truth_that_a_reader_finds():
    data = nested(200, range(5), rng=rng())
    assert [truth(words) for words in data.sentences] == [(bool(y), []) for y in data.y]


def test_half_of_them_are_true_and_none_comes_twice():
    data = nested(300, (2, 3), rng=rng())
    assert data.y.sum() == 150 and len(set(data.sentences)) == 300
    assert max(map(len, data.sentences)) <= LONGEST


def test_the_depth_is_the_number_of_rules_inside_each_other():
    data = nested(120, (1, 4), rng=rng())
    assert [deep(words) for words in data.sentences] == [(depth, []) for depth in data.depths]
    assert set(data.depths) == {1, 4}


def test_a_tree_has_the_words_as_its_leaves_in_their_order():
    data = nested(50, (3,), rng=rng())
    assert [leaves(tree) for tree in data.trees] == [list(range(len(words))) for words in data.sentences]


def test_not_takes_what_follows_as_its_scope():
    data = nested(400, (2,), rng=rng())
    tree = data.trees[data.sentences.index(next(w for w in data.sentences if w[:2] == ("not", "both")))]
    assert tree == (0, ((1, 2), (3, 4)))


def test_words_become_one_hot_vectors_and_padding_is_zero():
    data = nested(40, (0, 1, 2), rng=rng())
    x, y, lengths = data.one_hot()
    assert x.shape == (lengths.max(), 40, len(nested_words())) and np.array_equal(y, data.y)
    for b, words in enumerate(data.sentences):
        assert tuple(nested_words()[k] for k in x[: len(words), b].argmax(axis=1)) == words
        assert x[:, b].sum() == lengths[b] == len(words)


def test_what_was_trained_on_does_not_come_again():
    train = nested(60, (1,), rng=rng())
    assert not set(nested(60, (1,), rng=rng(), without=train).sentences) & set(train.sentences)


@pytest.mark.parametrize("examples", [0, 7, 10**9])
def test_an_odd_number_of_sentences_is_refused(examples):
    with pytest.raises(ValueError, match="examples: expected an even number"):
        nested(examples, (2,), rng=rng())


def every(depth):
    """All sentences of exactly this depth."""
    if depth < 0:
        return set()
    if depth == 0:
        return {(word,) for word in (*PRAISE, *BLAME)}
    full, under = every(depth - 1), {words for less in range(depth) for words in every(less)}
    pairs = {(a, b) for a in full for b in under} | {(a, b) for a in under for b in full}
    joined = {(rule, *a, word, *b) for a, b in pairs for rule, word in (("both", "and"), ("either", "or"))}
    return {("not", *words) for words in full} | joined


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_sentences_are_counted_as_they_are(depth):
    sentences = [words for words in every(depth) if len(words) <= LONGEST]
    true = sum(truth(words)[0] for words in sentences)
    assert _left([depth], None) == (len(sentences) - true, true)


def test_too_many_sentences_are_refused_before_any_is_drawn(monkeypatch):
    monkeypatch.delitem(nested.__globals__, "_part")
    with pytest.raises(ValueError, match="fewer than 10000 sentences"):
        nested(10_000, [0, 1], rng=rng())


@pytest.mark.parametrize("depths", [(), (9,), (1.5,), itertools.count(), "ab"])
def test_a_depth_that_is_none_is_refused(depths):
    with pytest.raises(ValueError, match="depths"):
        nested(4, depths, rng=rng())
