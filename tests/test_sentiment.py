"""What a reader may rely on when real sentences meet a bag of words and recurrent networks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnlib.book.sentiment import (
    SentimentResult,
    bag_of_words,
    logistic_regression,
    sentiment_recipe,
)
from rnnlib.data import LabelledSentences, LabelledSet, load_labelled_sentences, phrases

GOOD, BAD = ["lovely", "tasty", "warm", "kind"], ["cold", "rude", "stale", "dirty"]
THINGS = ["soup", "bread", "waiter", "table", "music", "tea", "room", "window"]


def sentences(count: int, rng: np.random.Generator) -> str:
    """Reviews: two things and how they were; "not" turns what follows; who says more good than bad is positive."""
    rows: dict[str, int] = {}
    while len(rows) < count:
        said, score = [], 0
        for thing in rng.choice(THINGS, 2, replace=False):
            good, turned = rng.random() < 0.5, rng.random() < 0.3
            said.append(f"the {thing} was {'not ' if turned else ''}{rng.choice(GOOD if good else BAD)}")
            score += 1 if good != turned else -1
        if score:
            rows[f"{said[0]}, {said[1]}"] = int(score > 0)
    return "".join(f"{text}\t{label}\n" for text, label in rows.items())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> LabelledSentences:
    path = Path(tmp_path_factory.mktemp("reviews"), "reviews.tsv")
    path.write_text(sentences(500, np.random.default_rng(3)), encoding="utf-8")
    return load_labelled_sentences(path)


@pytest.fixture(scope="module")
def result(data: LabelledSentences) -> SentimentResult:
    return sentiment_recipe(data, seed=1, members=2, progress=False)


def test_logistic_regression_finds_the_minimum_of_what_it_says(data: LabelledSentences) -> None:
    part, V, penalty = data.train, len(data.vocabulary), 0.7
    w, b = logistic_regression(part.x, part.y, part.lengths, V, penalty=penalty)
    counts = np.array([np.bincount(part.x[: part.lengths[k], k], minlength=V) for k in range(len(part))])
    p = 1 / (1 + np.exp(-(counts @ w + b)))
    with pytest.raises(ValueError, match="expected numbers 0 to 1, got 3 to 3"):
        logistic_regression([[3]], [1], [1], 2)
    assert np.abs(counts.T @ (p - part.y) + penalty * w).max() < 1e-4
    assert abs((p - part.y).sum()) < 1e-4


def test_a_bag_of_words_does_not_see_the_order(data: LabelledSentences) -> None:
    bag = bag_of_words(data.train.texts, data.train.y)
    p = bag.predict(["the soup was not cold, the tea was warm", "the tea was cold, the soup was not warm"])
    assert p[0, 1] == pytest.approx(p[1, 1], abs=1e-12)
    assert np.allclose(p.sum(axis=1), 1, rtol=0, atol=1e-12)


def test_a_bag_of_words_is_wrong_about_half_of_the_order_pairs() -> None:
    every = phrases.train_data | phrases.test_data
    bag = bag_of_words(list(every), list(every.values()))
    for pair in phrases.order_pairs:
        assert bag.accuracy(pair, [every[text] for text in pair]) == 0.5


def test_the_network_reads_the_order(result: SentimentResult) -> None:
    texts = ["the soup was not cold, the tea was warm", "the tea was cold, the soup was not warm"]
    p = result.network.predict(*result.data.encode(texts))[:, 1]
    assert p[0] > 0.9 and p[1] < 0.1


def test_the_recipe_learns_what_a_bag_of_words_cannot(result: SentimentResult) -> None:
    assert min(result.accuracy, result.network_accuracy) > 0.95 > 0.85 > result.bag_accuracy
    assert result.keeps_up() and result.keeps_up("network")


def test_a_committee_answers_with_the_mean_of_its_members(result: SentimentResult) -> None:
    x, _, lengths = result.data.test
    alone = [member.predict(x, lengths) for member in result.network.members]
    assert len(alone) == 2
    assert np.allclose(result.network.predict(x, lengths), np.mean(alone, axis=0), rtol=0, atol=1e-6)


def test_the_test_sentences_are_not_learned_from(data: LabelledSentences) -> None:
    turned = replace(data, test=replace(data.test, y=1 - data.test.y))
    one, same = (sentiment_recipe(part, seed=1, members=1, epochs=2, progress=False) for part in (data, turned))
    assert np.array_equal(one.network.members[0].vector(), same.network.members[0].vector())
    assert same.network_accuracy == pytest.approx(1 - one.network_accuracy)


def test_the_report_says_both_accuracies_and_whether_the_network_keeps_up(result: SentimentResult) -> None:
    said = result.report()
    for share in (result.accuracy, result.network_accuracy, result.bag_accuracy):
        assert f"{share:.1%}" in said
    assert repr(result).startswith("SentimentResult(together ") and len(repr(result.bag)) < 60
    assert f"{result.seconds:.1f} s" in said and said.endswith("minus 2 points: networks yes, together yes")


def knows(result: SentimentResult, network: int, together: int) -> SentimentResult:
    """As if so many of 1,000 test sentences were right, and 700 of the bag's."""
    counts = {"bag": 700, "network": network, "together": together}
    return replace(result, right={who: np.arange(1000) < count for who, count in counts.items()})


def test_two_points_behind_is_the_limit(result: SentimentResult) -> None:
    assert knows(result, 679, 680).report().endswith("minus 2 points: networks NO, together yes")
    assert knows(result, 680, 679).report().endswith("minus 2 points: networks yes, together NO")


def test_what_chance_leaves_open_is_two_standard_errors_of_the_difference(result: SentimentResult) -> None:
    gap = np.repeat([0.0, 1.0], [960, 40])  # the networks are right about 40 more
    assert f"networks +4.0 (+-{200 * gap.std() / 1000**0.5:.1f})" in knows(result, 740, 700).report()


def test_the_recipes_answer_is_the_mean_of_the_networks_and_the_bag(result: SentimentResult) -> None:
    texts = ["the soup was not cold, the tea was warm", "a word that nobody knows"]
    network, bag = result.network.predict(*result.data.encode(texts)), result.bag.predict(texts)
    assert np.allclose(result.probability(texts), (network + bag)[:, 1] / 2)


def test_a_report_without_times_is_the_same_everywhere(result: SentimentResult) -> None:
    slower = replace(result, seconds=1000.0, bag_seconds=50.0)
    assert slower.report(times=False) == result.report(times=False)


def test_more_words_mean_fewer_members(data: LabelledSentences, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnlib.book.sentiment._train", lambda *arguments, **options: None)
    assert len(sentiment_recipe(data).network.members) == 8
    many = int(data.train.lengths.sum())
    monkeypatch.setattr("rnnlib.book.sentiment.WORDS", 2 * many)
    assert len(sentiment_recipe(data).network.members) == 2


def test_two_networks_find_out_when_to_stop_and_the_others_learn_from_all_for_as_long(
    data: LabelledSentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, int]] = []

    def train(model: object, part: LabelledSet, rng: object, epochs: int, callbacks: tuple = (), **options: object):
        said.append((len(part), epochs))
        for stop in callbacks:
            stop.best_epoch = 4 + 2 * len(said)  # 6, then 8

    monkeypatch.setattr("rnnlib.book.sentiment._train", train)
    sentiment_recipe(data, members=4, epochs=30)
    assert said == [(350, 30), (350, 30), (400, 7), (400, 7)]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> SentimentResult:
    """The recipe on three classes in words, uneven ones: 200 good, 100 bad, 50 neither."""
    rng = np.random.default_rng(4)
    rows = {
        f"the {thing} and the {other} were {rng.choice(words)} number {n}": label
        for n in range(50)
        for label, words, times in (("good", GOOD, 4), ("bad", BAD, 2), ("mixed", ["average", "usual", "plain"], 1))
        for thing, other in [rng.choice(THINGS, 2, replace=False) for _ in range(times)]
    }
    path = tmp_path_factory.mktemp("three") / "reviews.tsv"
    path.write_text("".join(f"{text}\t{label}\n" for text, label in rows.items()), encoding="utf-8")
    return sentiment_recipe(load_labelled_sentences(path), seed=1, members=2, progress=False)


def test_three_classes_are_learned_and_answered(three: SentimentResult) -> None:
    assert three.data.classes == ("bad", "good", "mixed") == three.network.members[0].classes
    assert three.bag.weights.shape == (3, len(three.bag.vocabulary)) and three.bag.bias.shape == (3,)
    p = three.predict(["the soup was cold", "a lovely room", "plain music"])
    assert p.shape == (3, 3) and np.allclose(p.sum(axis=1), 1) and p.argmax(axis=1).tolist() == [0, 1, 2]
    assert min(three.accuracy, three.bag_accuracy) > 0.95
    with pytest.raises(ValueError, match="expected two classes, got bad, good, mixed; use predict"):
        three.probability(["a lovely room"])


def test_the_largest_class_stands_beside_and_uneven_classes_have_their_recall(three: SentimentResult) -> None:
    counts = three.data.test.counts
    silent = replace(three, right={who: three.data.test.y == 1 for who in three.right})  # says always "good"
    said = silent.report(times=False)
    assert f"always the most frequent label        {max(counts) / sum(counts):6.1%}" in said
    rows = [line.split() for line in said.splitlines() if line.startswith(("  bad", "  good", "  mixed"))]
    assert rows == [
        [name, str(n), *[share] * 3]
        for name, n, share in zip(("bad", "good", "mixed"), counts, ("0.0%", "100.0%", "0.0%"), strict=True)
    ]


def test_each_class_of_a_bag_is_told_from_all_others(data: LabelledSentences) -> None:
    texts, y = data.train.texts, np.where(np.arange(len(data.train)) % 10 == 0, 2, data.train.y)
    bag = bag_of_words(texts, y, penalties=(1.0,))
    for k in range(3):
        alone = bag_of_words(texts, y == k, penalties=(1.0,))
        assert np.allclose(bag.weights[k], alone.weights) and bag.bias[k] == pytest.approx(alone.bias)
