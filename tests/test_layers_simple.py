"""Dense, Embedding, Dropout, and how layers are put together."""

import numpy as np
import pytest

from rnnlib.cells import RNNCell
from rnnlib.gradcheck import numerical_gradient, relative_error
from rnnlib.layers import Bidirectional, Dense, Dropout, Embedding, Recurrent, Stacked

from . import zoo


def rng(seed=0):
    return np.random.default_rng(seed)


def rnn(inputs=2, hidden=3, **options):
    return Recurrent(RNNCell(inputs, hidden, rng=rng(), **options))


# ---- Dense ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(4, 2), (3, 4, 2)])
def test_dense_gradients_agree_with_central_differences(shape):
    dense, h = zoo.shaken(Dense(2, 3, rng=rng()), 0), rng(1).standard_normal(shape)
    d_y = rng(2).standard_normal((*shape[:-1], 3))
    d_h, grads = dense.backward(d_y, h)
    for gradient, array in ((d_h, h), (grads["W_hy"], dense.W_hy), (grads["b_y"], dense.b_y)):
        numerical = numerical_gradient(lambda: float(np.vdot(d_y, dense.forward(h))), array)
        assert relative_error(gradient, numerical) < 1e-9


# ---- Embedding ------------------------------------------------------------------------------------------------------


def test_the_sparse_gradient_names_the_words_that_occur_and_no_others():
    layer = Embedding(1000, 2, rng=rng())
    _, _, tape = layer.forward(np.array([[7, 3], [7, 999]]), None, np.array([2, 1]))
    rows, sums = layer.sparse_gradient(np.ones((2, 2, 2)), tape)
    assert rows.tolist() == [3, 7]
    assert sums.tolist() == [[1, 1], [2, 2]]


def test_a_frozen_embedding_has_nothing_to_learn_and_keeps_a_copy_of_its_vectors():
    vectors = np.ones((4, 2))
    layer = Embedding(4, 2, vectors=vectors, frozen=True)
    assert layer.W_e is not vectors and np.array_equal(layer.W_e, vectors)
    y, _, tape = layer.forward(np.array([[1]]))
    assert layer.parameter_count == 0 and layer.backward(y, tape)[2] == {}


# ---- Dropout --------------------------------------------------------------------------------------------------------


def test_dropout_sets_its_share_to_zero_and_keeps_the_mean():
    y, _, _ = Dropout(50, 0.3).forward(np.ones((20, 20, 50)), rng=rng())
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert set(np.unique(y)) == {0, 1 / 0.7}
    assert y.mean() == pytest.approx(1, abs=0.01)


def test_whole_dropout_takes_words_and_not_single_numbers():
    layer, x = Dropout(4, 0.5, whole=True), rng().standard_normal((30, 20, 4))
    y, _, tape = layer.forward(x, rng=rng())
    kept = (y == 2 * x).all(axis=2)
    assert (kept | (y == 0).all(axis=2)).all()
    assert kept.mean() == pytest.approx(0.5, abs=0.05)
    d_x, _, _ = layer.backward(np.ones_like(y), tape)
    np.testing.assert_array_equal(d_x, np.broadcast_to(2.0 * kept[:, :, None], x.shape))


def test_gradients_through_dropout_agree_with_central_differences():
    stack, x = zoo.shaken(Stacked([rnn(2, 4), rnn(4, 3)], dropout=0.4), 0), rng().standard_normal((4, 2, 2))
    d_y = rng(1).standard_normal((4, 2, 3))

    def run():
        return stack.forward(x, rng=rng(5))  # the same numbers are dropped each time

    d_x, _, grads = stack.backward(d_y, run()[2])
    loss = lambda: float(np.vdot(d_y, run()[0]))  # noqa: E731
    assert relative_error(d_x, numerical_gradient(loss, x)) < 1e-8
    for name, array in stack.params.items():
        assert relative_error(grads[name], numerical_gradient(loss, array)) < 1e-8


# ---- how layers are put together ------------------------------------------------------------------------------------


def shared(part):
    """The same part in two places."""
    return Stacked([part, part]) if isinstance(part, Recurrent) else Stacked([Recurrent(part), Recurrent(part)])


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: shared(rnn(3, 3)), "used twice"),
        (lambda: shared(RNNCell(3, 3, rng=rng())), "used twice"),
        (
            lambda: (lambda c: Bidirectional(Recurrent(c), Recurrent(c, reverse=True)))(RNNCell(2, 3, rng=rng())),
            "twice",
        ),
        (lambda: Stacked([rnn(2, 3), rnn(4, 3)]), "cannot read the 3 outputs"),
        (lambda: Stacked([rnn(2, 3), rnn(3, 3, dtype=np.float32)]), "dtype"),
        (lambda: Bidirectional(rnn(), rnn()), "reverse=True"),
        (lambda: Bidirectional(rnn(2), rnn(3)), "reverse=True"),
        (lambda: Bidirectional(rnn(2), Recurrent(RNNCell(3, 3, rng=rng()), reverse=True)), "inputs=2"),
        (lambda: Stacked([]), "at least one layer"),
        (lambda: Embedding(4, 2, vectors=np.zeros((4, 3))), r"vectors: expected \(4, 2\), got \(4, 3\)"),
        (lambda: zoo.layer("embedding").forward(np.array([[0], [5]])), "x: expected numbers 0 to 4"),
        (lambda: zoo.layer("embedding").forward(np.array([[0.0]])), "x: expected whole numbers"),
        (
            lambda: rnn().forward(np.zeros((4, 2))),
            r"x: expected \(T, B, 2\), got \(4, 2\); one sequence is x\[:, None\]",
        ),
        (lambda: rnn().forward([[[1.0, 2.0]], [[3.0]]]), "x: .*different lengths"),
    ],
)
def test_what_does_not_fit_together_is_refused(build, says):
    with pytest.raises((ValueError, TypeError), match=says):
        build()
