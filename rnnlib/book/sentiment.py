"""Sentiment of real sentences: a bag of words as the baseline, and recurrent networks that have to stand beside it.

`sentiment_recipe(data)` does both on the sentences of `rnnlib.data.load_labelled_sentences`, and its result says how
both did on the test sentences, and how long it took. Chapter 08.

The baseline is logistic regression on word counts, with its L2 penalty chosen by cross-validation: on a few thousand
sentences it is hard to beat. The recipe is a committee of recurrent networks: each one an embedding, a GRU in both
directions, the mean of all its states, and softmax over the classes, with dropout of numbers and of whole words. The
first two leave some sentences out, which say when to stop; the others learn from all, for as long. Their probabilities
are averaged, and the recipe's answer is the mean of that and of what the bag of words says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..cells import GRUCell
from ..checks import (
    as_array,
    as_flag,
    as_floats,
    as_labels,
    as_lengths,
    as_number,
    as_rng,
    as_size,
    as_texts,
    expect,
    one_of,
    shown,
)
from ..data import CLASSES, LabelledSentences, LabelledSet, Vocabulary, tokens
from ..data.given import texts as texts_of
from ..data.labelled import encode_sentences
from ..data.text import UNKNOWN
from ..functions import FloatArray, IntArray, sigmoid
from ..layers import Bidirectional, Dense, Dropout, Embedding, Recurrent, Stacked
from ..models import ManyToOne
from ..training import Adam, EarlyStopping, History, fit

__all__ = [
    "BagOfWords",
    "Committee",
    "SentimentResult",
    "bag_of_words",
    "logistic_regression",
    "review_network",
    "sentiment_recipe",
]

PENALTIES = (0.3, 1.0, 3.0, 10.0)  # what the baseline may choose from
UNEVEN = 1.5  # classes are, where the largest has so many times the sentences of the smallest
MARGIN = 0.02  # the network may be behind the bag of words by so much
MEMBERS, SCOUTS = 8, 2  # networks of a committee; those of them that find out when to stop
WORDS = 1_000_000  # so many words are read in an epoch of all members together, at most

Counts = tuple[IntArray, IntArray, int, int]  # sentence and word of each place, B, V


# ---- the baseline


@dataclass(frozen=True, repr=False)
class BagOfWords:
    """`p(positive) = sigmoid(sum of weights[k] over the words k of a sentence + bias)`: whatever their order.

    vocabulary: "<unk>" (weight 0), then every word of the sentences it learned from. weights (V,): what each word says,
    in units of log odds. penalty: the L2 penalty with which they were learned. split: what makes words of a sentence.
    With more than two classes there is such a sigmoid for each of them against all others, weights (K, V) and bias
    (K,), and the probabilities are the K answers divided by their sum. Chapter 08.
    """

    vocabulary: Vocabulary
    weights: FloatArray
    bias: Any  # a number, or (K,)
    penalty: float
    split: Callable[[str], list[str]] = tokens

    def __repr__(self) -> str:
        return f"BagOfWords({len(self.vocabulary) - 1} words, penalty={self.penalty:g})"

    def predict(self, sentences: Iterable[str]) -> FloatArray:
        """B sentences -> (B, K): the probability of each class. An unknown word says nothing."""
        return self.answers(*encode_sentences(sentences, self.vocabulary, self.split))

    def answers(self, x: ArrayLike, lengths: ArrayLike) -> FloatArray:
        counts = _counts(x, lengths, len(self.vocabulary))
        if self.weights.ndim == 1:
            p = sigmoid(_sums(counts, self.weights) + self.bias)
            return np.stack([1 - p, p], axis=1)
        p = sigmoid(np.stack([_sums(counts, w) for w in self.weights], axis=1) + self.bias)  # (B, K)
        shares: FloatArray = p / p.sum(axis=1, keepdims=True)
        return shares

    def accuracy(self, sentences: Iterable[str], y: ArrayLike) -> float:
        """The share of right verdicts."""
        p = self.predict(sentences)
        return _accuracy(p, as_labels("y", y, (len(p),), p.shape[1]))


def bag_of_words(
    sentences: Iterable[str],
    y: ArrayLike,
    *,
    seed: int = 0,
    penalties: Sequence[float] = PENALTIES,
    split: Callable[[str], list[str]] = tokens,
) -> BagOfWords:
    """The baseline: logistic regression on how often each word stands in a sentence.

    It knows every word of the B sentences, rare ones too; y (B,) labels 0..K-1, each of them somewhere. Of `penalties`
    that one is taken which gets most sentences right in four-fold cross-validation, the folds drawn by `seed`
    (of equals the largest); then it learns from all sentences. split: what makes words of a sentence.
    ValueError for other labels, and for less than 8 sentences. Chapter 08.
    """
    as_size("seed", seed, 0)
    expect(callable(split), f"split: expected a function of a sentence, got {shown(split)}", TypeError)
    penalties = [as_number("penalties", one) for one in as_floats("penalties", penalties, ("N",))]
    expect(penalties, "penalties: expected at least one")
    texts, labels = texts_of("sentences", sentences), as_labels("y", y, ("B",), 1 << 31)
    K = max(2, len(np.unique(labels)))
    if labels.shape != (len(texts),) or len(texts) < 8 or not np.isin(labels, range(K)).all():
        raise ValueError(
            "sentences, y: expected at least 8, each with a label 0 or 1 (or 0 to K-1, each of them somewhere); "
            f"got {len(texts)}, y {labels.shape}"
        )
    vocabulary = Vocabulary([UNKNOWN, *sorted({word for text in texts for word in split(text)})])
    x, lengths = encode_sentences(texts, vocabulary, split)
    V, fold = len(vocabulary), np.random.default_rng(seed).permutation(len(texts)) % 4
    right = []
    for penalty in sorted(penalties, reverse=True):
        right.append(0)
        for held in (fold == k for k in range(4) if len(penalties) > 1):
            bag = BagOfWords(vocabulary, *_fitted(x[:, ~held], labels[~held], lengths[~held], V, K, penalty), penalty)
            right[-1] += int((bag.answers(x[:, held], lengths[held]).argmax(axis=1) == labels[held]).sum())
    best = sorted(penalties, reverse=True)[int(np.argmax(right))]
    return BagOfWords(vocabulary, *_fitted(x, labels, lengths, V, K, best), best, split)


def _fitted(x: Any, y: Any, lengths: Any, words: int, classes: int, penalty: float) -> tuple[FloatArray, Any]:
    """Weights and bias: of class 1 against class 0, or of each class against all others."""
    if classes == 2:
        return logistic_regression(x, y, lengths, words, penalty=penalty)
    each = [logistic_regression(x, y == k, lengths, words, penalty=penalty) for k in range(classes)]
    return np.stack([w for w, _ in each]), np.array([b for _, b in each])


def logistic_regression(
    x: ArrayLike, y: ArrayLike, lengths: ArrayLike, words: int, *, penalty: float = 1.0, steps: int = 30
) -> tuple[FloatArray, float]:
    """The weights w (V,) and the bias b that make this as small as can be (the bias is not penalised):

        sum over sentences of -log p(label) + penalty / 2 * sum of w**2

    x (T, B) words, y (B,) labels 0 or 1, lengths (B,). Newton's method: each step solves `H step = gradient` by
    conjugate gradients, with products with H and not H itself, and is halved while it does not help. The loss is
    convex: there is one answer, whatever the start. (scikit-learn's C is 1 / penalty.) ValueError for a penalty that is
    not above 0.
    """
    as_size("words", words), as_size("steps", steps)
    penalty, (_, _, B, V) = as_number("penalty", penalty), (counts := _counts(x, lengths, words))
    signs = 2.0 * as_labels("y", y, (B,), 2) - 1  # (B,)
    ridge = np.append(np.full(V, penalty), 0)
    w = np.zeros(V + 1)

    def loss(w: FloatArray) -> float:
        margins = signs * (_sums(counts, w[:V]) + w[V])
        return float(np.logaddexp(0, -margins).sum() + 0.5 * (ridge * w * w).sum())

    def across(v: FloatArray) -> FloatArray:  # X^T v, (V + 1,)
        return np.append(_by_word(counts, v), v.sum())

    now = loss(w)
    for _ in range(steps):
        p = sigmoid(_sums(counts, w[:V]) + w[V])
        gradient = across(p - (signs > 0)) + ridge * w
        if np.abs(gradient).max() < 1e-5 * max(1, B / 1000):
            break
        curve = p * (1 - p)
        step = _solve(lambda v, curve=curve: across(curve * (_sums(counts, v[:V]) + v[V])) + ridge * v, gradient)
        size = 1.0
        while (then := loss(w - size * step)) > now and size > 1e-6:
            size /= 2
        w, now = w - size * step, then
    return w[:V], float(w[V])


def _solve(product: Any, b: FloatArray, most: int = 60) -> FloatArray:
    """`H v = b` by conjugate gradients (Hestenes and Stiefel, 1952), to a hundredth of b."""
    v, r, d = np.zeros_like(b), b.copy(), b.copy()
    square = start = float(r @ r)
    for _ in range(most):
        if square <= 1e-4 * start:
            break
        Hd = product(d)
        rate = square / float(d @ Hd)
        v += rate * d
        r -= rate * Hd
        square, before = float(r @ r), square
        d = r + square / before * d
    return v


def _words(x: ArrayLike, lengths: ArrayLike | None) -> tuple[IntArray, IntArray]:
    """Words (T, B) and lengths (B,), checked; None: every sentence has T words."""
    ids = as_array("x", x, ("T", "B"), "iu", "whole numbers")
    ends = as_lengths(lengths, *ids.shape)
    return np.asarray(ids, np.intp), np.full(ids.shape[1], len(ids)) if ends is None else ends


def _counts(x: ArrayLike, lengths: ArrayLike, words: int) -> Counts:
    """Which word stands in which sentence, a pair for each place that is no padding."""
    ids, ends = _words(x, lengths)
    step, sentence = np.nonzero(np.arange(len(ids))[:, None] < ends)
    word = as_labels("x", ids[step, sentence], ("N",), words, "numbers")
    return sentence, word, ids.shape[1], words


def _sums(counts: Counts, w: FloatArray) -> FloatArray:
    """For each sentence the sum of w over its words, (B,)."""
    sentence, word, B, _ = counts
    sums: FloatArray = np.bincount(sentence, weights=w[word], minlength=B).astype(np.float64, copy=False)
    return sums


def _by_word(counts: Counts, v: FloatArray) -> FloatArray:
    """For each word the sum of v over the sentences in which it stands, (V,)."""
    sentence, word, _, V = counts
    sums: FloatArray = np.bincount(word, weights=v[sentence], minlength=V).astype(np.float64, copy=False)
    return sums


# ---- the recurrent networks


@dataclass(frozen=True, repr=False)
class Committee:
    """Networks that were trained apart, and answer together: the mean of their probabilities."""

    members: tuple[ManyToOne, ...]

    def __repr__(self) -> str:
        return f"Committee({len(self.members)} x {self.members[0]!r})"

    def predict(self, x: Any, lengths: ArrayLike) -> FloatArray:
        """x (T, B) words, lengths (B,) -> (B, K): the probability of each class."""
        answers = [_in_pieces(member, *_words(x, lengths)) for member in self.members]
        result: FloatArray = np.mean(answers, axis=0)
        return result

    def accuracy(self, part: LabelledSet) -> float:
        """The share of right verdicts."""
        expect(isinstance(part, LabelledSet), f"part: expected a LabelledSet, got {shown(part)}", TypeError)
        return _accuracy(self.predict(part.x, part.lengths), part.y)


def review_network(
    words: int,
    *,
    rng: np.random.Generator,
    size: int = 32,
    units: int = 24,
    dropout: float = 0.5,
    word_dropout: float = 0.5,
    classes: Sequence[str] = CLASSES,
) -> ManyToOne:
    """One recurrent network for sentences: word numbers (T, B) -> the classes, by default negative and positive.

    `Embedding` (words, size) -> word dropout -> dropout -> a GRU from the left and one from the right, `units` each ->
    dropout -> the mean over all words -> softmax. The mean, and not the last state: in a sentence of twenty words the
    word that decides may stand anywhere, and a mean is one step away from all of them. In training half of the words
    are not seen, so that no sentence can be learned by heart. float32. Chapter 08.
    """
    as_rng("rng", rng), as_size("units", units), as_texts("classes", classes, 2)
    rates = {"dropout": dropout, "word_dropout": word_dropout}
    dropout, word_dropout = (as_number(name, rate, zero=True, below=1) for name, rate in rates.items())
    options: dict[str, Any] = {"rng": rng, "dtype": np.float32}
    vectors = rng.normal(0, 0.3, (as_size("words", words), as_size("size", size)))
    embedding = Embedding(words, size, vectors=vectors.astype(np.float32), dtype=np.float32)
    left = Recurrent(GRUCell(size, units, **options))
    right = Recurrent(GRUCell(size, units, **options), reverse=True)
    drops = [Dropout(size, word_dropout, whole=True), Dropout(size, dropout)]
    both = Stacked([embedding, *drops, Bidirectional(left, right), Dropout(2 * units, dropout)])
    return ManyToOne(both, Dense(2 * units, len(classes), **options), pool="mean", classes=tuple(classes))


@dataclass(frozen=True, repr=False)
class SentimentResult:
    """What the recipe found. `print(result.report())` says it in words.

    network: the `Committee`. bag: the baseline. data: the sentences. histories: of each member's training; the first
    two (of less than four: the first) have their "validation" sentences. right: who is right about which test sentence,
    "bag", "network" and "together" -> (B,) bool. alone: the accuracy of each member by itself. seconds, bag_seconds:
    how long training took.

    The recipe's answer is "together", the mean of the networks' probability and the bag's: the one reads, the other
    counts, and they are wrong about different sentences. Its accuracy is `accuracy`; `network_accuracy` is that of the
    recurrent networks without the bag, `bag_accuracy` the baseline's.
    """

    network: Committee
    bag: BagOfWords
    data: LabelledSentences
    histories: tuple[History, ...]
    right: dict[str, NDArray[np.bool_]]
    alone: tuple[float, ...]
    seconds: float
    bag_seconds: float

    def __repr__(self) -> str:
        return (
            f"SentimentResult(together {self.accuracy:.3f}, networks {self.network_accuracy:.3f}, "
            f"bag of words {self.bag_accuracy:.3f})"
        )

    @property
    def accuracy(self) -> float:
        """Of the recipe's answer, networks and bag of words together; 0 to 1, on the test sentences."""
        return float(self.right["together"].mean())

    @property
    def network_accuracy(self) -> float:
        """Of the recurrent networks without the bag of words."""
        return float(self.right["network"].mean())

    @property
    def bag_accuracy(self) -> float:
        """Of the baseline."""
        return float(self.right["bag"].mean())

    def keeps_up(self, who: str = "together") -> bool:
        """Whether it is at most two points behind the bag of words: "together", or the "network" without the bag."""
        return self._ahead(one_of("who", who, ("network", "together")))[0] >= -MARGIN - 1e-12

    def predict(self, sentences: Iterable[str]) -> FloatArray:
        """New sentences -> (B, K), the recipe's probability of each of `data.classes`."""
        texts = texts_of("sentences", sentences)
        return (self.network.predict(*self.data.encode(texts)) + self.bag.predict(texts)) / 2

    def probability(self, sentences: Iterable[str]) -> FloatArray:
        """New sentences -> (B,), the recipe's probability that each is positive (of two classes the second one).

        ValueError where there are more than two; `predict` has them all.
        """
        if len(self.data.classes) != 2:
            raise ValueError(f"expected two classes, got {', '.join(self.data.classes)}; use predict")
        return self.predict(sentences)[:, 1]

    def report(self, *, times: bool = True) -> str:
        """The test in words: all accuracies, the differences and what they are worth, and the seconds (if `times`)."""
        as_flag("times", times)
        test, members = self.data.test, len(self.network.members)
        more = "more" if len(self.data.classes) == 2 else "most"
        majority = max(test.counts) / len(test)
        taken = [f"   {s:6.1f} s" if times else "" for s in (self.bag_seconds, self.seconds)]
        said = [
            f"{100 * gain:+.1f} (+-{200 * spread:.1f})" for gain, spread in map(self._ahead, ("network", "together"))
        ]
        verdicts = ["yes" if self.keeps_up(who) else "NO" for who in ("network", "together")]
        read, counted = self.right["network"], self.right["bag"]
        only = [int((one & ~other).sum()) for one, other in ((read, counted), (counted, read))]
        return "\n".join(
            [
                f"Test: {len(test):,} sentences that nothing was learned from or chosen by",
                f"  always the {more} frequent label        {majority:6.1%}",
                f"  bag of words, logistic regression     {self.bag_accuracy:6.1%}{taken[0]}",
                f"  recurrent networks, {members} of them         {self.network_accuracy:6.1%}{taken[1]}",
                f"    each one alone                      {min(self.alone):6.1%} to {max(self.alone):.1%}",
                f"  networks and bag of words together    {self.accuracy:6.1%}",
                *self._recalls(),
                f"Points ahead of the bag of words (+- is chance): networks {said[0]}, together {said[1]}",
                f"  only the networks right {only[0]:,}, only the bag of words right {only[1]:,}",
                f"At least the bag of words minus {100 * MARGIN:.0f} points: "
                f"networks {verdicts[0]}, together {verdicts[1]}",
            ]
        )

    def _recalls(self) -> list[str]:
        """Of each class the share that was found, where classes are uneven: there one accuracy hides the small ones."""
        test = self.data.test
        if max(test.counts) < UNEVEN * min(test.counts):
            return []
        said = ["Found of each class (recall)             bag  networks  together"]
        for k, (name, count) in enumerate(zip(self.data.classes, test.counts, strict=True)):
            found = [self.right[who][test.y == k].mean() for who in ("bag", "network", "together")]
            said.append(f"  {name[:24]:24} {count:6,} {found[0]:9.1%} {found[1]:9.1%} {found[2]:9.1%}")
        return said

    def _ahead(self, who: str) -> tuple[float, float]:
        """How far ahead of the bag of words, and the standard error of that, from the pairs in which they differ."""
        mine, bag = self.right[who], self.right["bag"]
        difference = mine.astype(np.float64) - bag
        return float(difference.mean()), float(difference.std() / len(bag) ** 0.5)


def sentiment_recipe(
    data: LabelledSentences,
    *,
    seed: int = 0,
    members: int | None = None,
    epochs: int | None = None,
    learning_rate: float = 0.004,
    progress: bool = True,
    **network: Any,
) -> SentimentResult:
    """Train the baseline and the committee on `data.train`; test both, and both together, on `data.test`. Chapter 08.

    epochs: at most, for each network; by default 12, and more where there are fewer than about 1,300 sentences, so that
    there are some 500 updates. members: how many networks; by default 8, and fewer where the training sentences have
    more than 125,000 words together, so that the time stays about the same. The first two (of less than four: the first
    one) each leave another eighth of the training sentences out, stop when the loss on them has not fallen for a
    half of the epochs, and go back to their best weights. The others learn from all training sentences, for as many
    epochs as those had come to, in the mean. Adam, 32 sentences of similar length an update, gradient norm at most 1.
    network: `size`, `units`, `dropout`, `word_dropout` of `review_network`. The same data and seed give the same result
    on the same machine. ValueError for fewer than 16 training sentences.
    """
    if not isinstance(data, LabelledSentences):
        raise TypeError(f"data: expected what load_labelled_sentences gives, got {type(data).__name__}")
    as_size("seed", seed, 0), as_number("learning_rate", learning_rate), as_flag("progress", progress)
    epochs = None if epochs is None else as_size("epochs", epochs)
    members = None if members is None else as_size("members", members)
    train, test = data.train, data.test
    if len(train) < 16:
        raise ValueError(f"data: expected at least 16 sentences to learn from, got {len(train)}")
    if epochs is None:
        epochs = max(12, 16_000 // len(train))
    count = _members(train) if members is None else members
    start = perf_counter()
    bag = bag_of_words(train.texts, train.y, seed=seed, split=data.split)
    between = perf_counter()
    makers = [np.random.default_rng([seed, m]) for m in range(count)]
    models = [review_network(len(data.vocabulary), rng=rng, classes=data.classes, **network) for rng in makers]
    order = np.random.default_rng(seed).permutation(len(train))
    options = {"learning_rate": learning_rate, "progress": progress}
    histories = _train_all(models, makers, train, order, epochs, options)
    seconds = perf_counter() - between
    committee = Committee(tuple(models))
    p, q = committee.predict(test.x, test.lengths), bag.predict(test.texts)
    answers = {"bag": q, "network": p, "together": (p + q) / 2}
    right = {who: answer.argmax(axis=1) == test.y for who, answer in answers.items()}
    alone = tuple(Committee((model,)).accuracy(test) for model in models)
    return SentimentResult(committee, bag, data, tuple(histories), right, alone, seconds, between - start)


def _members(train: LabelledSet) -> int:
    return int(np.clip(WORDS // int(train.lengths.sum()), 1, MEMBERS))


def _train_all(
    models: list[ManyToOne],
    makers: list[np.random.Generator],
    train: LabelledSet,
    order: NDArray[np.intp],
    epochs: int,
    options: dict[str, Any],
) -> list[History]:
    """The scouts leave an eighth out and stop early; the others learn from all, for the mean of the scouts' epochs."""
    scouts = SCOUTS if len(models) >= 2 * SCOUTS else 1
    histories, best = [], []
    for m, (model, rng) in enumerate(zip(models[:scouts], makers[:scouts], strict=True)):
        held = order[m % 8 :: 8]
        stop = EarlyStopping("validation", patience=max(3, epochs // 2))
        watch: dict[str, Any] = {"evaluate": {"validation": tuple(train.take(held))}, "callbacks": [stop]}
        histories.append(_train(model, train.take(np.setdiff1d(order, held)), rng, epochs, **options, **watch))
        best.append(stop.best_epoch)
    found = max(1, round(float(np.mean(best))))
    others = zip(models[scouts:], makers[scouts:], strict=True)
    return histories + [_train(model, train, rng, found, **options) for model, rng in others]


def _train(
    model: ManyToOne, part: LabelledSet, rng: np.random.Generator, epochs: int, learning_rate: float, **options: Any
) -> History:
    adam = Adam(learning_rate)
    return fit(model, *part, epochs=epochs, optimizer=adam, rng=rng, batch_size=32, bucket=True, clip_norm=1, **options)


def _in_pieces(model: ManyToOne, x: Any, lengths: ArrayLike, size: int = 512) -> FloatArray:
    """`predict`, a few sentences at a time, so that many of them need no more memory."""
    ids, ends = np.asarray(x), np.asarray(lengths)
    pieces = [slice(start, start + size) for start in range(0, len(ends), size)]
    return np.concatenate([model.predict(ids[: int(ends[s].max()), s], ends[s]) for s in pieces])


def _accuracy(p: FloatArray, y: IntArray) -> float:
    return float((p.argmax(axis=1) == y).mean())
