"""Exercises and quiz of chapter 08: sentiment, from the words to the verdict."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions import FloatArray, IntArray, sigmoid, softmax
from ..layers import Dense
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

WORDS = ["<unk>", "all", "at", "bad", "good", "it", "not", "was"]
NEW = ["soup", "Waiter", "wine", "AND"]


# ---- 08.1 words to numbers


def typed(rng: np.random.Generator) -> tuple[str, list[str]]:
    """A text with capitals and unknown words, and a vocabulary."""
    known = rng.choice(WORDS[1:], 5).tolist()
    words = [known[0].upper(), known[1].capitalize(), known[2], *rng.choice(NEW, 2).tolist(), known[3], known[4]]
    order = rng.permutation(len(words))
    return " ".join(words[k] for k in order), list(WORDS)


def numbers(text: str, vocabulary: list[str]) -> IntArray:
    places = {word: k for k, word in enumerate(vocabulary)}
    return np.array([places.get(word, 0) for word in text.lower().split()])


def as_typed(text: str, vocabulary: list[str]) -> IntArray:
    return np.array([vocabulary.index(word) if word in vocabulary else 0 for word in text.split()])


def unknown_left_out(text: str, vocabulary: list[str]) -> IntArray:
    return np.array([vocabulary.index(word) for word in text.lower().split() if word in vocabulary])


def minus_one(text: str, vocabulary: list[str]) -> IntArray:
    return np.array([vocabulary.index(word) if word in vocabulary else -1 for word in text.lower().split()])


def from_one(text: str, vocabulary: list[str]) -> IntArray:
    return numbers(text, vocabulary) + 1


def sorted_words(text: str, vocabulary: list[str]) -> IntArray:
    return np.sort(numbers(text, vocabulary))


NUMBERS = Exercise(
    "08.1",
    "Write `numbers(text, vocabulary)`: the number of each word, 0 for an unknown one.",
    numbers,
    (
        Wrong(as_typed, "`Good` became unknown: capitals are still there.", "`text.lower()` before you split."),
        Wrong(
            unknown_left_out,
            "unknown words are left out. Then `not soup good` reads like `not good`: the network must see that "
            "something stood there.",
            "Each word gives one number; an unknown one gives 0.",
        ),
        Wrong(
            minus_one,
            "unknown words are -1. NumPy reads that as the last row: every unknown word would be the last one.",
            "0 is the place of `<unk>`.",
        ),
        Wrong(from_one, "you count from 1: the last word has then no row in the table.", "Python counts from 0."),
        Wrong(sorted_words, "the numbers are sorted. The order of the words is what this chapter is about."),
    ),
    (
        "Lower case, split, and look each word up.",
        "`places = {word: k for k, word in enumerate(vocabulary)}`, and `places.get(word, 0)`.",
    ),
    inputs=typed,
    praise="right. Any sentence can be read now.",
)


# ---- 08.2 one-hot


def a_batch(rng: np.random.Generator) -> tuple[IntArray, IntArray, int]:
    """ids (T, B), lengths (B,), V, with T = 4, B = 3, V = 5; one sequence is full, the padding is 0."""
    lengths = rng.permutation([2, 3, 4])
    ids = rng.integers(0, 5, (4, 3))
    ids[np.arange(4)[:, None] >= lengths] = 0
    return ids, lengths, 5


def one_hot(ids: IntArray, lengths: IntArray, V: int) -> FloatArray:
    x = np.eye(V)[ids]
    x[np.arange(len(ids))[:, None] >= lengths] = 0
    return x


def padding_is_a_word(ids: IntArray, lengths: IntArray, V: int) -> FloatArray:
    return np.eye(V)[ids]


def sentence_first(ids: IntArray, lengths: IntArray, V: int) -> FloatArray:
    return one_hot(ids, lengths, V).transpose(1, 0, 2)


def without_word_0(ids: IntArray, lengths: IntArray, V: int) -> FloatArray:
    x = np.eye(V)[ids]
    x[ids == 0] = 0
    return x


def one_step_short(ids: IntArray, lengths: IntArray, V: int) -> FloatArray:
    return one_hot(ids, lengths - 1, V)


ONE_HOT = Exercise(
    "08.2",
    "Fill the blank of `one_hot(ids, lengths, V)`: (T, B, V), all zeros past each end.",
    one_hot,
    (
        Wrong(
            padding_is_a_word,
            "past the end stands word 0, again and again: padding has the number of a word.",
            "Where `np.arange(T)[:, None] >= lengths`, all V places are 0.",
        ),
        Wrong(sentence_first, "the sentences come first here. Time comes first: (T, B, V).", "No transpose is needed."),
        Wrong(
            without_word_0,
            "word 0 has lost its 1 inside the sentences, too: you looked at the number, not at the length.",
            "The step decides what is padding, not the word.",
        ),
        Wrong(one_step_short, "each sentence ends one word too early.", "Step t is inside if t < length."),
    ),
    ("`np.eye(V)[ids]` makes the ones. What is left over?", "`x[np.arange(T)[:, None] >= lengths] = 0`."),
    inputs=a_batch,
)


# ---- 08.3 the verdict


def states(rng: np.random.Generator) -> tuple[Any, ...]:
    """h (T, B, H), lengths (B,), W_hy (2, H), b_y (2,), with T = 5, B = 3, H = 2."""
    lengths = rng.permutation([2, 3, 4])
    return rng.normal(size=(5, 3, 2)), lengths, rng.normal(size=(2, 2)), rng.normal(size=2)


def verdicts(h: FloatArray, lengths: IntArray, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    """The library's output layer on each last true state."""
    output = Dense(h.shape[-1], len(b_y), rng=np.random.default_rng(0))
    output.W_hy, output.b_y = W_hy, b_y
    return softmax(output.forward(h[lengths - 1, np.arange(h.shape[1])]))


def last_row(h: FloatArray, lengths: IntArray, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return softmax(h[-1] @ W_hy.T + b_y)


def one_too_late(h: FloatArray, lengths: IntArray, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return softmax(h[lengths, np.arange(h.shape[1])] @ W_hy.T + b_y)


def scores_alone(h: FloatArray, lengths: IntArray, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return h[lengths - 1, np.arange(h.shape[1])] @ W_hy.T + b_y


def not_turned(h: FloatArray, lengths: IntArray, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return softmax(h[lengths - 1, np.arange(h.shape[1])] @ W_hy + b_y)


def over_the_batch(h: FloatArray, lengths: IntArray, W_hy: FloatArray, b_y: FloatArray) -> FloatArray:
    return softmax(scores_alone(h, lengths, W_hy, b_y).T).T


VERDICT = Exercise(
    "08.3",
    "Write `verdicts(h, lengths, W_hy, b_y)`: the two probabilities of each sentence, (B, 2).",
    verdicts,
    (
        Wrong(
            last_row,
            "`h[-1]` is the last row of the table, and for a short sentence that is padding.",
            "Sentence b ends at step `lengths[b] - 1`.",
        ),
        Wrong(one_too_late, "you read one step past the end: the first step is 0, so the last is `lengths - 1`."),
        Wrong(scores_alone, "these are the scores. Softmax makes probabilities of them.", "`softmax(scores)`."),
        Wrong(
            not_turned,
            "`W_hy` is not transposed. It is (2, H), and H is 2 here, so NumPy does not complain.",
            "`h @ W_hy.T`.",
        ),
        Wrong(
            over_the_batch,
            "softmax ran over the sentences and not over the two classes: each row must add up to 1.",
            "The classes are the last axis.",
        ),
    ),
    ("First pick the state at each true end, (B, H).", "`h[lengths - 1, np.arange(B)] @ W_hy.T + b_y`, then softmax."),
    inputs=states,
)


# ---- 08.4 the bag of words


def bags(rng: np.random.Generator) -> tuple[Any, ...]:
    """ids (T, B), lengths (B,), w (V,), b, with T = 6, B = 3, V = 4; some words stand twice."""
    lengths = rng.permutation([4, 5, 6])
    ids = rng.integers(0, 4, (6, 3))
    ids[np.arange(6)[:, None] >= lengths] = 0
    return ids, lengths, rng.normal(size=4), float(rng.normal())


def weigh(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    inside = np.arange(len(ids))[:, None] < lengths
    return sigmoid((w[ids] * inside).sum(axis=0) + b)


def padding_weighs(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    return sigmoid(w[ids].sum(axis=0) + b)


def without_bias(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    return weigh(ids, lengths, w, 0.0)


def bias_each_word(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    return sigmoid(((w[ids] + b) * (np.arange(len(ids))[:, None] < lengths)).sum(axis=0))


def mean_of_words(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    return sigmoid((w[ids] * (np.arange(len(ids))[:, None] < lengths)).sum(axis=0) / lengths + b)


def each_once(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    said = [w[np.unique(ids[:end, k])].sum() for k, end in enumerate(lengths)]
    return sigmoid(np.array(said) + b)


def no_sigmoid(ids: IntArray, lengths: IntArray, w: FloatArray, b: float) -> FloatArray:
    return (w[ids] * (np.arange(len(ids))[:, None] < lengths)).sum(axis=0) + b


BAG = Exercise(
    "08.4",
    "Write `weigh(ids, lengths, w, b)`: the probability of positive that a bag of words gives, (B,).",
    weigh,
    (
        Wrong(
            padding_weighs,
            "the padding is weighed, too: word 0 is added once more for each empty place.",
            "`inside = np.arange(T)[:, None] < lengths`, and multiply.",
        ),
        Wrong(without_bias, "the bias `b` is left out."),
        Wrong(bias_each_word, "the bias is added for every word. It belongs to the sentence: add it once."),
        Wrong(mean_of_words, "this is a mean: it divides by the length. A bag adds up."),
        Wrong(each_once, "each word counts once here. A word that stands twice weighs twice."),
        Wrong(no_sigmoid, "this is the sum. The sigmoid makes a probability of it."),
    ),
    (
        "`w[ids]` is (T, B): the weight of every word. Which ones count?",
        "`sigmoid((w[ids] * inside).sum(axis=0) + b)`.",
    ),
    inputs=bags,
    praise="right. Shuffle the words: nothing changes, and that is its whole weakness.",
)


# ---- 08.5 a fair split


def labels_and_share(rng: np.random.Generator) -> tuple[Any, ...]:
    """labels (40,): 30 negative, then 10 positive; share 0.2; a generator."""
    return np.repeat([0, 1], [30, 10]), 0.2, np.random.default_rng(rng.integers(1000))


def fair_split(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    chosen = []
    for label in (0, 1):
        where = rng.permutation(np.flatnonzero(labels == label))
        chosen.append(where[: round(share * len(where))])
    return np.concatenate(chosen)


def the_end(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    return np.arange(len(labels) - round(share * len(labels)), len(labels))


def first_of_each(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    return np.concatenate([np.flatnonzero(labels == k)[: round(share * (labels == k).sum())] for k in (0, 1)])


def any_of_all(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    return np.concatenate([rng.permutation(30)[:4], 30 + rng.permutation(10)[:4]])


def with_repeats(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    return np.array([0, 0, 1, 2, 3, 4, 30, 31])


def the_others(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    return np.setdiff1d(np.arange(len(labels)), fair_split(labels, share, rng))


def _counts(test: Any, labels: IntArray) -> tuple[int, int]:
    chosen = np.asarray(test)
    return int((labels[chosen] == 0).sum()), int((labels[chosen] == 1).sum())


def _whole(test: Any, labels: IntArray) -> bool:
    chosen = np.asarray(test)
    return chosen.ndim == 1 and chosen.dtype.kind in "iu" and bool(((chosen >= 0) & (chosen < len(labels))).all())


def _fair(test: Any, labels: IntArray, share: float, rng: np.random.Generator) -> bool:
    sound = _whole(test, labels) and len(set(np.asarray(test).tolist())) == len(test)
    return sound and _counts(test, labels) == (6, 2) and not _first(test, labels, share, rng)


def _first(test: Any, labels: IntArray, share: float, rng: np.random.Generator) -> bool:
    return _whole(test, labels) and set(np.asarray(test).tolist()) == {0, 1, 2, 3, 4, 5, 30, 31}


def _end(test: Any, labels: IntArray, share: float, rng: np.random.Generator) -> bool:
    return _whole(test, labels) and set(np.asarray(test).tolist()) == set(range(32, 40))


def _repeats(test: Any, labels: IntArray, share: float, rng: np.random.Generator) -> bool:
    return _whole(test, labels) and len(set(np.asarray(test).tolist())) < len(test)


def _turned_round(test: Any, labels: IntArray, share: float, rng: np.random.Generator) -> bool:
    return _whole(test, labels) and len(test) == 32


def _unlike(test: Any, labels: IntArray, share: float, rng: np.random.Generator) -> bool:
    return _whole(test, labels) and len(test) == 8 and _counts(test, labels) != (6, 2)


SPLIT = Exercise(
    "08.5",
    "Write `fair_split(labels, share, rng)`: the numbers of the test sentences.",
    fair_split,
    (
        Wrong(
            the_end,
            "the test is the end of the file, and the end is all positive. Files are often sorted.",
            "Treat the two labels apart, and shuffle each.",
            _end,
        ),
        Wrong(
            first_of_each,
            "the shares are right, but nothing is drawn: always the first of each label. Neighbours in a file often "
            "come from one writer.",
            "`rng.permutation` of the places of each label.",
            _first,
        ),
        Wrong(
            with_repeats, "a sentence was drawn twice.", "A permutation has everything once; take its start.", _repeats
        ),
        Wrong(the_others, "these are the training sentences. The test is the small part.", "", _turned_round),
        Wrong(
            any_of_all,
            "the test has another share of positive sentences than the whole: an accuracy there says less.",
            "`round(share * count)` of each label.",
            _unlike,
        ),
    ),
    (
        "`np.flatnonzero(labels == 1)` are the places of the positive ones.",
        "Shuffle the places of each label, and take the first `round(share * count)` of each.",
    ),
    inputs=labels_and_share,
    accepts=_fair,
    praise="right. There are many such splits; yours is one.",
    otherwise="expected the numbers (whole, 0 to 39) of 8 different sentences, 6 negative and 2 positive.",
)

EXERCISES = (NUMBERS, ONE_HOT, VERDICT, BAG, SPLIT)

QUIZ = (
    Item(
        "A bag of words gets every training phrase right except some. Which must be among the wrong ones?",
        (
            Choice("The longest phrases.", "Length is no trouble for a sum."),
            Choice(
                "One of each two phrases with the same words and opposite verdicts.",
                "The same words give the same sum, so the same verdict. One of the two is wrong, whatever the weights.",
                True,
            ),
            Choice("Those with words that are new.", "All words of the training phrases are known to it."),
        ),
    ),
    Item(
        "What is an embedding of V words in D numbers?",
        (
            Choice(
                "A compression of one-hot vectors that is computed once.", "It is learned, like every other weight."
            ),
            Choice("D words that stand for all V.", "Every word has its own row."),
            Choice("A dictionary with synonyms.", "Rows of synonyms may come to lie near. Nobody tells them to."),
            Choice(
                "A table of weights, V x D; a word picks its row.",
                "It is the product with a one-hot vector, without the multiplications by zero.",
                True,
            ),
        ),
    ),
    Item(
        "A file has 3,000 reviews; 200 stand in it twice. Why must no review be on both sides of the split?",
        (
            Choice(
                "The test would ask what was learned by heart.",
                "Such a sentence is right without any rule learned: the accuracy is too high.",
                True,
            ),
            Choice("Training would be slower.", "A little, but that is not the trouble."),
            Choice("The vocabulary would be too large.", "A repeated sentence has no new words."),
        ),
    ),
    Item(
        "The network has 77.5% and the bag of words 76.4%, on 600 sentences. What may you say?",
        (
            Choice(
                "The network is better.", "One point is 6 or 7 sentences. Chance alone moves either by about 3 points."
            ),
            Choice(
                "They are about as good here; for more, use other splits, seeds and data.",
                "The spread of 600 sentences is larger than the difference.",
                True,
            ),
            Choice(
                "Recurrent networks understand order and so are better everywhere.",
                "One test says nothing of the kind.",
            ),
        ),
    ),
    Item(
        "Why do rare words become `<unk>` in training, and not only in the test?",
        (
            Choice("To save memory.", "That, too. But there is a better reason."),
            Choice("Because rare words are wrong.", "They are as right as others."),
            Choice(
                "So that the network learns what to do with a word that it does not know.",
                "Without that, the vector of `<unk>` would stay as it was drawn at random, and be met in the test.",
                True,
            ),
        ),
    ),
)
