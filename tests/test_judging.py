"""An accuracy beside its floor: the share of the largest class, and the recall of each."""

import numpy as np
import pytest

from rnnlib import Dense, ManyToMany, ManyToOne, OneToMany, OneToOne, Recurrent, RNNCell
from rnnlib.judging import floor, judge


def a_model(kind=OneToOne, K=3, seed=0, **options):
    rng = np.random.default_rng(seed)
    return kind(Recurrent(RNNCell(2, 4, rng=rng)), Dense(4, K, rng=rng), **options)


def examples(B=60, seed=1, shares=(0.7, 0.2, 0.1)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(B, 2)), np.repeat(range(3), [round(B * share) for share in shares])


def test_the_floor_is_the_accuracy_of_always_naming_the_largest_class():
    x, y = examples()
    assert floor(a_model(), x, y) == judge(a_model(), x, y).floor == pytest.approx(0.7)


def test_the_accuracy_is_that_of_evaluate_and_the_recalls_are_each_class_by_itself():
    model, (x, y) = a_model(), examples()
    found = judge(model, x, y)
    assert found.accuracy == pytest.approx(model.evaluate(model.batch(x, y))[1])
    each = [model.evaluate(model.batch(x[y == k], y[y == k]))[1] for k in range(3)]
    assert found.recalls == pytest.approx(each)


def test_padding_does_not_count():
    x, y = np.random.default_rng(0).normal(size=(5, 2, 2)), np.zeros((5, 2), int)
    y[0] = 1  # of 3 true steps two are class 1; the padding is class 0
    model, lengths = a_model(ManyToMany), [1, 2]
    found = judge(model, x, y, lengths)
    assert found.counts.tolist() == [1, 2, 0]
    assert found.floor == floor(model, x, y, lengths) == pytest.approx(2 / 3)


def test_a_writer_is_judged_on_its_true_symbols():
    rng = np.random.default_rng(0)
    model = OneToMany(Dense(1, 4, rng=rng), Recurrent(RNNCell(3, 4, rng=rng)), Dense(4, 3, rng=rng), end=2)
    y, y_lengths = np.array([[0, 1], [2, 1], [0, 2]]), [2, 3]
    examples = (np.zeros((2, 1)), y, None, y_lengths)
    assert judge(model, *examples).counts.tolist() == [1, 2, 2]
    assert floor(model, *examples) == pytest.approx(0.4)


@pytest.mark.parametrize(("shares", "said"), [((0.7, 0.2, 0.1), True), ((0.4, 0.3, 0.3), False)])
def test_the_recall_of_each_is_said_where_classes_are_uneven(shares, said):
    text = str(judge(a_model(classes=("low", "middle", "high")), *examples(shares=shares)))
    assert f"always 'low', the most frequent class: {shares[0]:.3f}" in text
    assert ("recall of each class: low" in text) is said


def test_of_several_yes_and_no_the_floor_is_the_most_frequent_combination():
    y = np.array([[1, 0], [1, 0], [0, 1], [1, 1]])
    assert floor(a_model(K=2, loss="binary_cross_entropy"), np.zeros((4, 2)), y) == 0.5


def test_numbers_have_no_floor_and_are_no_classes():
    model = a_model(ManyToOne, K=1, loss="mean_squared_error")
    x, y = np.zeros((3, 4, 2)), np.zeros(4)
    assert np.isnan(floor(model, x, y))
    with pytest.raises(ValueError, match="names a class"):
        judge(model, x, y)


@pytest.mark.parametrize(("B", "y"), [(0, np.zeros(0, int)), (2, None), (2, [0, 3])])
def test_what_cannot_be_judged_is_an_error(B, y):
    with pytest.raises(ValueError, match=r"[xy]: expected"):
        judge(a_model(), np.zeros((B, 2)), y)
