"""Wirings that read: what is pooled, weighted, predicted and evaluated; windows of truncated backpropagation."""

import numpy as np
import pytest

from rnnlib.cells import RNNCell
from rnnlib.gradcheck import numerical_gradient, relative_error
from rnnlib.layers import Dense, Embedding, Recurrent, TreeRNN
from rnnlib.models import ManyToMany, ManyToOne, OneToOne
from rnnlib.parameters import leaves

from . import model_zoo, zoo


def rng(seed=0):
    return np.random.default_rng(seed)


def build(wiring=ManyToOne, classes=3, hidden=4, **options):
    body = Recurrent(RNNCell(2, hidden, rng=rng()))
    return zoo.shaken(wiring(body, Dense(hidden, classes, rng=rng()), **options), 0)


def ragged(T=5, B=3):
    return rng(1).standard_normal((T, B, 2)), np.array([5, 2, 3])


# ---- what is read ---------------------------------------------------------------------------------------------------


def test_where_two_steps_are_largest_the_first_gets_the_gradient():
    model = build(pool="max")
    x = np.zeros((3, 1, 2))
    model.body.cell.W_hh[...] = 0  # all steps are equal
    seen = []
    backward = model.body.backward
    model.body.backward = lambda d_y, *rest, **options: seen.append(d_y) or backward(d_y, *rest, **options)
    _, tape = model.features(model.batch(x, [1]))
    model.features_back(np.ones((1, 4)), tape)
    assert seen[0][:, 0].sum(axis=1).tolist() == [4, 0, 0]


@pytest.mark.parametrize("lengths", [None, np.array([5, 2, 3])])
@pytest.mark.parametrize("name", ["gru", "reverse gru", "both ways gru"])
def test_what_is_read_last_is_the_final_state_of_every_direction(name, lengths):
    body = zoo.layer(name)
    model = ManyToOne(body, Dense(body.outputs, 2, rng=rng()))
    batch = model.batch(ragged()[0], [0, 1, 0], lengths)
    s, tape = model.features(batch)
    _, final, ran = body.forward(batch.x, None, lengths)
    assert np.array_equal(s, np.concatenate(leaves(final), axis=1))
    halves = np.split(np.ones_like(s), len(leaves(final)), axis=1)
    _, _, grads = body.backward(None, ran, tuple(halves) if len(halves) > 1 else halves[0])
    for key, gradient in model.features_back(np.ones_like(s), tape).items():
        np.testing.assert_allclose(gradient, grads[key.removeprefix("body.")], atol=1e-15)


def test_one_to_one_has_no_use_for_the_recurrent_weights():
    model = build(OneToOne)
    _, grads = model.gradients(rng().standard_normal((5, 2)), [0, 1, 2, 1, 0])
    assert not grads["body.W_hh"].any() and grads["body.W_xh"].all()


# ---- loss -----------------------------------------------------------------------------------------------------------


def test_the_accuracy_counts_the_true_steps_only():
    model, (x, lengths) = build(ManyToMany), ragged()
    y = model.predict(x, lengths).argmax(axis=2)
    y[:, 1] = (y[:, 1] + 1) % 3  # the second sequence is wrong in its 2 true steps
    assert model.evaluate(model.batch(x, y, lengths))[1] == pytest.approx(8 / 10)


def test_a_batch_whose_classes_all_weigh_nothing_gives_loss_and_gradient_zero():
    loss, grads = build(class_weights=[0, 1, 1]).gradients(rng(1).standard_normal((4, 2, 2)), [0, 0])
    assert loss == 0 and not any(array.any() for array in grads.values())


# ---- answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "answer"),
    [
        ("cross_entropy", lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)),
        ("binary_cross_entropy", lambda z: 1 / (1 + np.exp(-z))),
        ("mean_squared_error", lambda z: z),
    ],
)
def test_the_answer_is_what_the_loss_makes_of_the_logits(loss, answer):
    model, (x, lengths) = build(loss=loss), ragged()
    logits = model.logits(model.batch(x, None, lengths))
    np.testing.assert_allclose(model.predict(x, lengths), answer(logits), rtol=1e-13)


def test_evaluate_gives_the_loss_that_training_sees_and_the_share_of_right_answers():
    model, (x, lengths) = build(), ragged()
    y = model.predict(x, lengths).argmax(axis=1)
    y[0] = (y[0] + 1) % 3
    loss, accuracy = model.evaluate(model.batch(x, y, lengths))
    assert accuracy == pytest.approx(2 / 3)
    assert loss == pytest.approx(model.gradients(x, y, lengths)[0], rel=1e-14)


def test_numbers_have_no_accuracy():
    model = build(loss="mean_squared_error", classes=1)
    assert np.isnan(model.evaluate(model.batch(rng().standard_normal((3, 2, 2)), [0.5, 1.0]))[1])


def test_a_single_number_a_sequence_needs_no_axis_of_its_own():
    model, x = build(loss="mean_squared_error", classes=1), rng().standard_normal((3, 2, 2))
    assert model.gradients(x, [0.5, 1.0])[0] == model.gradients(x, [[0.5], [1.0]])[0]


# ---- a batch, and a part of it --------------------------------------------------------------------------------------


def test_the_chosen_examples_are_cut_to_the_longest_of_them():
    model, (x, lengths) = build(ManyToMany), ragged()
    batch = model.batch(x, rng().integers(0, 3, (5, 3)), lengths)
    chosen = batch.take(np.array([2, 1]))
    assert chosen.x.shape == (3, 2, 2) and chosen.y.shape == (3, 2, 3) and chosen.lengths.tolist() == [3, 2]
    np.testing.assert_array_equal(chosen.x[:2, 1], x[:2, 1])


# ---- windows of truncated backpropagation ---------------------------------------------------------------------------


def windows(size, lengths=None):
    model, (x, _) = build(ManyToMany), ragged()
    batch = model.batch(x, rng(2).integers(0, 3, (5, 3)), lengths)
    return model, batch, model.windows(batch, size)


@pytest.mark.parametrize(("size", "steps"), [(1, [1] * 5), (2, [2, 2, 1]), (9, [5])])
def test_windows_are_the_batch_in_order_of_time(size, steps):
    _, batch, pieces = windows(size)
    _, _, ragged = windows(size, np.array([5, 2, 3], np.uint8))  # of any whole dtype
    assert np.sum([piece.lengths for piece in ragged], axis=0).tolist() == [5, 2, 3]
    assert all(piece.lengths.max() <= len(piece.x) for piece in ragged)
    assert [len(piece.x) for piece in pieces] == steps
    np.testing.assert_array_equal(np.concatenate([piece.x for piece in pieces]), batch.x)
    np.testing.assert_array_equal(np.concatenate([piece.y for piece in pieces]), batch.y)


@pytest.mark.parametrize("lengths", [None, np.array([5, 2, 3])])
def test_windows_carry_the_state_and_have_the_gradient_of_their_own_loss(lengths):
    model, batch, pieces = windows(2, lengths)
    state, total, count = None, 0.0, 0
    for piece in pieces:
        loss, _, state = model.loss_from(state, piece)
        steps = piece.lengths.sum() if lengths is not None else piece.x.shape[0] * 3
        total, count = total + loss * steps, count + steps
    assert total / count == pytest.approx(model.loss(batch)[0], rel=1e-12)
    state = model.loss_from(None, pieces[0])[2].copy()
    grads = model.loss_from(state, pieces[1])[1]
    for name, array in model.params.items():
        numerical = numerical_gradient(lambda: model.loss_from(state, pieces[1])[0], array)
        assert relative_error(grads[name], numerical) < 1e-6, name


# ---- at the door ----------------------------------------------------------------------------------------------------

X = np.zeros((4, 3, 2))


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((np.zeros((4, 3, 5)), [0, 1, 2]), ValueError, r"x: expected \(T, B, 2\), got \(4, 3, 5\)"),
        ((np.zeros((0, 3, 2)), [0, 1, 2]), ValueError, "x: expected at least one step"),
        ((X, [0, 1]), ValueError, r"y: expected \(3,\), got \(2,\)"),
        ((X, [0, 1, 3]), ValueError, "y: expected labels 0 to 2, got 0 to 3"),
        ((X, [0, 1, 2], [4, 4, 0]), ValueError, "lengths: expected at least 1 for a model, got 0 for sequence 2"),
        ((X, [0, 1, 2], [4, 4, 5]), ValueError, "lengths: expected 0 to 4"),
    ],
)
def test_data_that_do_not_fit_are_refused_by_name(arguments, error, says):
    with pytest.raises(error, match=says):
        build().batch(*arguments)


@pytest.mark.parametrize(
    ("loss", "y", "says"),
    [
        ("binary_cross_entropy", [[0, 1, 2]] * 3, "between 0 and 1"),
        ("mean_squared_error", [[0, 1, np.inf]] * 3, "finite"),
        ("mean_squared_error", [[0, 1]] * 3, r"y: expected \(3, 3\)"),
    ],
)
def test_targets_that_do_not_suit_the_loss_are_refused(loss, y, says):
    with pytest.raises(ValueError, match=says):
        build(loss=loss).batch(X, y)


@pytest.mark.parametrize("name", model_zoo.READING)
def test_no_examples_give_no_answers(name):
    model = model_zoo.model(name)
    x = model_zoo.data(model, B=2)[0]
    empty = x[:, :0] if model.x_time else x[:0]
    assert model.predict(empty).size == 0


def over(wiring, output=None, body=None, **options):
    return wiring(body or Recurrent(RNNCell(2, 4, rng=rng())), output or Dense(4, 3, rng=rng()), **options)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: build().loss(build().batch(X)), "targets y"),
        (lambda: build().evaluate(build().batch(X)), "targets y"),
        (lambda: build(class_weights=[1, 2, -1]), "class_weights"),
        (lambda: build(class_weights=[1, 2, 3], loss="mean_squared_error"), "class_weights"),
        (lambda: over(OneToOne, Dense(4, 1, rng=rng())), "output: expected at least 2 outputs"),
        (lambda: over(ManyToOne, Dense(5, 3, rng=rng())), "output: expected inputs=4"),
        (lambda: over(ManyToOne, Dense(4, 3, rng=rng(), dtype=np.float32)), "output: expected dtype float64"),
        (lambda: over(ManyToMany, body=TreeRNN(2, 4, rng=rng())), "one output a sequence"),
        (lambda: over(OneToOne, body=TreeRNN(2, 4, rng=rng())), "body"),
        (lambda: over(OneToOne, body=Embedding(5, 4, rng=rng())), "body"),
        (lambda: over(OneToOne).batch(np.zeros((3, 2)), [0, 1, 2], [1, 1, 1]), "lengths: expected None"),
    ],
)
def test_what_does_not_go_together_is_refused(build, says):
    with pytest.raises((ValueError, TypeError), match=says):
        build()
