"""Exercises and quiz of chapter 09: perplexity, attention, gates in another order, what is drawn from."""

from __future__ import annotations

import numpy as np

from ..functions import FloatArray, IntArray, softmax
from ..interop import reorder
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]


# ---- 09.1 perplexity


def said(rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Probabilities (5, 4), in the padding, too, and lengths (4,), not all alike."""
    return rng.uniform(0.05, 0.95, (5, 4)), np.array([5, 2, 3, 4])[rng.permutation(4)]


def _true(probabilities: FloatArray, lengths: IntArray) -> FloatArray:
    """The probabilities of the words that are there, in a row."""
    result: FloatArray = probabilities[np.arange(len(probabilities))[:, None] < lengths]
    return result


def perplexity(probabilities: FloatArray, lengths: IntArray) -> float:
    """exp of minus the mean logarithm, over the true words."""
    return float(np.exp(-np.log(_true(probabilities, lengths)).mean()))


def with_padding(probabilities: FloatArray, lengths: IntArray) -> float:
    return float(np.exp(-np.log(probabilities).mean()))


def entropy_itself(probabilities: FloatArray, lengths: IntArray) -> float:
    return float(-np.log(_true(probabilities, lengths)).mean())


def upside_down(probabilities: FloatArray, lengths: IntArray) -> float:
    return 1 / perplexity(probabilities, lengths)


def of_mean_probability(probabilities: FloatArray, lengths: IntArray) -> float:
    return float(1 / _true(probabilities, lengths).mean())


def sentence_by_sentence(probabilities: FloatArray, lengths: IntArray) -> float:
    means = [np.log(probabilities[:n, b]).mean() for b, n in enumerate(lengths)]
    return float(np.exp(-np.mean(means)))


def in_bits(probabilities: FloatArray, lengths: IntArray) -> float:
    return float(np.exp(-np.log2(_true(probabilities, lengths)).mean()))


PERPLEXITY = Exercise(
    "09.1",
    "Write `perplexity(probabilities, lengths)`: exp of the mean cross-entropy, padding left out.",
    perplexity,
    (
        Wrong(
            with_padding,
            "the padding is counted: what lies past the end of a sentence is no word.",
            "`np.arange(T)[:, None] < lengths` is True where a word is.",
        ),
        Wrong(entropy_itself, "this is the mean cross-entropy. Perplexity is exp of it.", "One `np.exp` is missing."),
        Wrong(upside_down, "it is upside down: a worse model must get a *larger* number.", "Minus, before exp."),
        Wrong(
            of_mean_probability,
            "the mean is taken of the probabilities. It is taken of their logarithms.",
            "Logarithm first, then the mean.",
        ),
        Wrong(
            sentence_by_sentence,
            "each sentence gets the same weight. Each *word* has to: a long sentence counts for more.",
            "One mean over all true words.",
        ),
        Wrong(
            in_bits,
            "the logarithm is to base 2, and exp is to base e. They have to be of one kind.",
            "`np.log` and `np.exp`, or `np.log2` and `2 **`.",
        ),
    ),
    (
        "Choose the true words first; then logarithm, mean, minus, exp.",
        "`true = np.arange(len(p))[:, None] < lengths`, then `np.exp(-np.log(p[true]).mean())`.",
    ),
    inputs=said,
    praise="right. So many words, all alike, would be as surprising.",
)


# ---- 09.2 where to look


def a_question(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """q (9,), keys (5, 9)."""
    return rng.normal(size=9), rng.normal(size=(5, 9))


def weights_of(q: FloatArray, keys: FloatArray) -> FloatArray:
    """softmax over the entries of k_i q / sqrt(D)."""
    return softmax((keys @ q / np.sqrt(len(q)))[None])[0]


def not_scaled(q: FloatArray, keys: FloatArray) -> FloatArray:
    return softmax((keys @ q)[None])[0]


def divided_by_size(q: FloatArray, keys: FloatArray) -> FloatArray:
    return softmax((keys @ q / len(q))[None])[0]


def divided_by_entries(q: FloatArray, keys: FloatArray) -> FloatArray:
    return softmax((keys @ q / np.sqrt(len(keys)))[None])[0]


def scores_alone(q: FloatArray, keys: FloatArray) -> FloatArray:
    result: FloatArray = keys @ q / np.sqrt(len(q))
    return result


def by_their_sum(q: FloatArray, keys: FloatArray) -> FloatArray:
    scores = scores_alone(q, keys)
    result: FloatArray = scores / scores.sum()
    return result


WEIGHTS = Exercise(
    "09.2",
    "Write `weights_of(q, keys)`: the attention weights, one for each entry.",
    weights_of,
    (
        Wrong(
            not_scaled,
            "the products are not divided by the root of D. With long keys they grow, and softmax saturates.",
            "`/ np.sqrt(len(q))`.",
        ),
        Wrong(divided_by_size, "they are divided by D. It is the *root* of D.", "`np.sqrt`."),
        Wrong(
            divided_by_entries,
            "they are divided by the root of T, the number of entries. D is the length of a key.",
            "`keys.shape` is (T, D).",
        ),
        Wrong(scores_alone, "these are the scores. The softmax over the entries is missing.", "They must add up to 1."),
        Wrong(
            by_their_sum,
            "they add up to 1, but some are negative: exp is missing.",
            "exp of each score, divided by the sum of all.",
        ),
    ),
    (
        "One product gives all scores at once: a matrix times a vector.",
        "`scores = keys @ q / np.sqrt(len(q))`, then exp, then divide by the sum.",
    ),
    inputs=a_question,
)


# ---- 09.3 look it up


def a_book(rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray, int]:
    """q (4,), keys (6, 4), values (6, 3), and how many entries are there."""
    return rng.normal(size=4), rng.normal(size=(6, 4)), rng.normal(size=(6, 3)), int(rng.integers(2, 5))


def context(q: FloatArray, keys: FloatArray, values: FloatArray, length: int) -> FloatArray:
    """The weighted mean of the values that are there."""
    return weights_of(q, keys[:length]) @ values[:length]


def padding_too(q: FloatArray, keys: FloatArray, values: FloatArray, length: int) -> FloatArray:
    return weights_of(q, keys) @ values


def masked_too_late(q: FloatArray, keys: FloatArray, values: FloatArray, length: int) -> FloatArray:
    return weights_of(q, keys)[:length] @ values[:length]


def padding_scores_zero(q: FloatArray, keys: FloatArray, values: FloatArray, length: int) -> FloatArray:
    return weights_of(q, np.where(np.arange(len(keys))[:, None] < length, keys, 0)) @ values


def hard_choice(q: FloatArray, keys: FloatArray, values: FloatArray, length: int) -> FloatArray:
    result: FloatArray = values[:length][(keys[:length] @ q).argmax()]
    return result


def plain_mean(q: FloatArray, keys: FloatArray, values: FloatArray, length: int) -> FloatArray:
    result: FloatArray = values[:length].mean(axis=0)
    return result


CONTEXT = Exercise(
    "09.3",
    "Write `context(q, keys, values, length)`: the weighted mean of the values that are there.",
    context,
    (
        Wrong(padding_too, "the padding gets weights, too.", "Only the first `length` entries are there."),
        Wrong(
            masked_too_late,
            "the padding is left out after the softmax, so the weights no longer add up to 1.",
            "Leave it out *before* the softmax (or set its scores to minus infinity).",
        ),
        Wrong(
            padding_scores_zero,
            "the padding's scores are 0, and exp(0) is 1: it still gets weight.",
            "Minus infinity is the score that gets nothing.",
        ),
        Wrong(
            hard_choice,
            "it hands out the value of the best key alone. Then no gradient could say “a little more of that one”.",
            "A mean of all values, with the weights of 09.2.",
        ),
        Wrong(plain_mean, "all entries get the same weight: the query is not asked.", "Use the weights of 09.2."),
    ),
    (
        "The weights of 09.2, for the entries that are there; then a weighted sum.",
        "Cut `keys` and `values` to `[:length]` first. `weights @ values` is the weighted sum.",
    ),
    inputs=a_book,
    praise="right. That is attention, padding and all.",
)


# ---- 09.4 gates in another order


def stacked_gates(rng: np.random.Generator) -> tuple[FloatArray]:
    """W (3H, I) for H = 4, I = 2."""
    return (rng.normal(size=(12, 2)),)


def from_keras_order(W: FloatArray) -> FloatArray:
    """The blocks z, r, n as r, z, n."""
    return reorder(W, "gru", before="keras", after="book")


def as_it_was(W: FloatArray) -> FloatArray:
    return W.copy()


def all_reversed(W: FloatArray) -> FloatArray:
    return np.concatenate(np.split(W, 3)[::-1])


def rows_in_turn(W: FloatArray) -> FloatArray:
    result = W.copy()
    result[0::3], result[1::3] = W[1::3], W[0::3]
    return result


def first_rows(W: FloatArray) -> FloatArray:
    result = W.copy()
    result[[0, 1]] = W[[1, 0]]
    return result


def last_two(W: FloatArray) -> FloatArray:
    z, r, n = np.split(W, 3)
    return np.concatenate([z, n, r])


GATES = Exercise(
    "09.4",
    "Write `from_keras_order(W)`: the blocks z, r, n in the order r, z, n.",
    from_keras_order,
    (
        Wrong(
            as_it_was,
            "nothing has moved. It would run without an error, with the two gates exchanged.",
            "Cut W into three blocks of H rows.",
        ),
        Wrong(all_reversed, "the blocks are in reverse: n, r, z.", "Only the first two change places."),
        Wrong(
            rows_in_turn,
            "single rows have changed places, as if a unit had its gates together. They stand in blocks of H rows.",
            "The rows 0 to H - 1 are z, all units of it.",
        ),
        Wrong(first_rows, "two rows have changed places, not two blocks.", "A block has H = len(W) // 3 rows."),
        Wrong(last_two, "the last two blocks have changed places; it is the first two.", "z, r, n to r, z, n."),
    ),
    (
        "Three blocks of H rows: `np.split` cuts them, `np.concatenate` joins them.",
        "`z, r, n = np.split(W, 3)`.",
    ),
    inputs=stacked_gates,
    praise="right. And the library does the same for the recurrent weights and the biases.",
)


# ---- 09.5 only the best


def some_probabilities(rng: np.random.Generator) -> tuple[FloatArray, int]:
    """p (8,), and how many of them are kept."""
    return rng.dirichlet(np.ones(8)), int(rng.integers(2, 5))


def top_k(p: FloatArray, k: int) -> FloatArray:
    """Keep the k largest, and make them add up to 1."""
    kept = np.where(p >= np.sort(p)[-k], p, 0)
    result: FloatArray = kept / kept.sum()
    return result


def not_made_one(p: FloatArray, k: int) -> FloatArray:
    return np.where(p >= np.sort(p)[-k], p, 0)


def all_alike(p: FloatArray, k: int) -> FloatArray:
    return np.where(p >= np.sort(p)[-k], 1 / k, 0)


def the_smallest(p: FloatArray, k: int) -> FloatArray:
    kept = np.where(p <= np.sort(p)[k - 1], p, 0)
    result: FloatArray = kept / kept.sum()
    return result


def one_too_few(p: FloatArray, k: int) -> FloatArray:
    kept = np.where(p > np.sort(p)[-k], p, 0)
    result: FloatArray = kept / kept.sum()
    return result


def softmax_again(p: FloatArray, k: int) -> FloatArray:
    return softmax(not_made_one(p, k)[None])[0]


def first_k(p: FloatArray, k: int) -> FloatArray:
    kept = np.where(np.arange(len(p)) < k, p, 0)
    result: FloatArray = kept / kept.sum()
    return result


TOP_K = Exercise(
    "09.5",
    "Write `top_k(p, k)`: 0 for all but the k most probable, and a sum of 1.",
    top_k,
    (
        Wrong(not_made_one, "they do not add up to 1 any more.", "Divide by what is left."),
        Wrong(all_alike, "the kept ones are all alike. They keep their proportions.", "Divide each by the sum."),
        Wrong(the_smallest, "these are the k *least* probable.", "`np.sort` sorts upward."),
        Wrong(one_too_few, "one too few is kept: the k-th largest itself belongs to them.", "`>=` and not `>`."),
        Wrong(
            softmax_again,
            "softmax is for scores. These are probabilities: exp(0) = 1 gives the dropped ones a share again.",
            "Divide by the sum.",
        ),
        Wrong(first_k, "it keeps the first k, whatever their probability.", "Sort, or use `np.argsort`."),
    ),
    (
        "Which probability is the k-th largest? Whatever is below it becomes 0.",
        "`bound = np.sort(p)[-k]`, then `np.where(p >= bound, p, 0)`, then divide by the sum.",
    ),
    inputs=some_probabilities,
)


EXERCISES: tuple[Exercise, ...] = (PERPLEXITY, WEIGHTS, CONTEXT, GATES, TOP_K)


QUIZ: tuple[Item, ...] = (
    Item(
        "A language model has perplexity 7 on new sentences. What does that say?",
        (
            Choice("It is right in one of seven cases", "Being right is accuracy. It may be right far more often."),
            Choice(
                "It is as unsure, on average, as somebody who chooses among 7 words, all alike",
                "exp of the mean cross-entropy: the size of a fair die that would surprise as much.",
                right=True,
            ),
            Choice("It needs 7 steps to know the next word", "Perplexity is about probabilities, not about time."),
        ),
    ),
    Item(
        "The temperature goes from 1 to 0.1. What changes?",
        (
            Choice("The model's weights", "They stay. Only the scores are divided before the softmax."),
            Choice("Rare words come more often", "The other way round: a low temperature sharpens."),
            Choice(
                "The most probable word is drawn almost every time",
                "Differences between scores are ten times as large, and softmax makes them ratios.",
                right=True,
            ),
        ),
    ),
    Item(
        "You carry a GRU's weights from Keras to PyTorch and forget to exchange two gates. How do you notice?",
        (
            Choice("An exception is raised", "All blocks have the same shape. Nothing complains."),
            Choice("The loss is NaN", "The numbers are all fine, only in the wrong place."),
            Choice(
                "By comparing outputs on the same input, number by number",
                "That is the only test that sees it.",
                right=True,
            ),
            Choice("Never: the order does not matter", "Update and reset gate do different things."),
        ),
    ),
    Item(
        "Why did the GRU fail at phone books of three entries, with 32 units?",
        (
            Choice(
                "It has to learn to write into one vector, before it knows what will be asked, and not to overwrite",
                "There would be room. With more training it gets better. Attention has nothing to squeeze in.",
                right=True,
            ),
            Choice("32 numbers cannot hold three names and three digits", "They can, as numbers. See section 4."),
            Choice("Its gradients vanish over four steps", "Four steps are few: chapter 04 went to fifty."),
        ),
    ),
    Item(
        "The entries of the phone book are read in another order. What does attention answer?",
        (
            Choice("Something else: it read them in another order", "A weighted sum does not know an order."),
            Choice(
                "The same, to rounding", "It has to be *told* where a word stands, if that is to matter.", right=True
            ),
            Choice("Nothing, until it is trained again", "The weights do not depend on places at all."),
        ),
    ),
)
