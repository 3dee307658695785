"""The gradient check sees mistakes: each mutant below is a backward pass with one thing wrong."""

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.gradcheck import GradientReport, check_layer, check_model, numerical_gradient, relative_error
from rnnlib.layers import Bidirectional, Dense, Recurrent
from rnnlib.models import ManyToOne

from . import zoo

WORDS, HIDDEN = 6, 5


def one_phrase():
    """One phrase of six words, one-hot."""
    return np.eye(WORDS)[[3, 1, 4, 1, 5, 2]][:, None], [1], None


def padded_batch():
    """Four phrases of 2 to 6 words."""
    ids = np.random.default_rng(2).integers(0, WORDS, (6, 4))
    return np.eye(WORDS)[ids], [1, 0, 0, 1], [6, 3, 2, 5]


DATA = pytest.mark.parametrize("data", [one_phrase, padded_batch], ids=["one phrase", "padded batch"])


def model_of(kind, seed=0, **options):
    rng = np.random.default_rng(seed)
    return zoo.shaken(ManyToOne(Recurrent(kind(WORDS, HIDDEN, rng=rng, **options)), Dense(HIDDEN, 2, rng=rng)), seed)


def passes(kind, data, **options):
    return check_model(model_of(kind, **options), *data()).ok(1e-7)


# ---- mutants of the plain cell --------------------------------------------------------------------------------------


class NotTransposed(RNNCell):
    """d_h_(t-1) = W_hh d_a in place of W_hh^T d_a."""

    def backward(self, d_state, kept):
        d_a, d_s, _ = super().backward(d_state, kept)
        return d_a, d_s, (np.dot(d_s, self.W_hh.T),)


class FutureDropped(RNNCell):
    """No gradient passes from a step to the one before."""

    def backward(self, d_state, kept):
        d_a, d_s, (d_h,) = super().backward(d_state, kept)
        return d_a, d_s, (np.zeros_like(d_h),)


class WithoutBiasGradient(RNNCell):
    def gradients(self, *run):
        grads = super().gradients(*run)
        grads["b_h"][...] = 0
        return grads


class SlightlyWrong(RNNCell):
    """A millionth too much."""

    def gradients(self, *run):
        grads = super().gradients(*run)
        grads["W_hh"] *= 1 + 1e-6
        return grads


# ---- mutants of the LSTM and the GRU --------------------------------------------------------------------------------


class WithoutPeephole(LSTMCell):
    """d_c leaves out the way through the peepholes."""

    def backward(self, d_state, kept):
        self.peepholes = False
        found = super().backward(d_state, kept)
        self.peepholes = True
        return found


class DirectRoadDropped(GRUCell):
    """h_(t-1) is not reached through z."""

    def backward(self, d_state, kept):
        _, z, *_ = kept
        d_a, d_s, (d_h,) = super().backward(d_state, kept)
        return d_a, d_s, (d_h - d_state[0] * z,)


MUTANTS = [
    (NotTransposed, {}),
    (FutureDropped, {}),
    (WithoutBiasGradient, {}),
    (SlightlyWrong, {}),
    (WithoutPeephole, {"peepholes": True}),
    (DirectRoadDropped, {}),
    (DirectRoadDropped, {"reset_after": False}),
]


@DATA
@pytest.mark.parametrize(("mutant", "options"), MUTANTS, ids=lambda value: getattr(value, "__name__", None))
def test_the_check_sees_a_wrong_backward_pass_and_passes_the_right_one(mutant, options, data):
    right = mutant.__mro__[1]
    assert not passes(mutant, data, **options) and passes(right, data, **options)
    x, _, lengths = data()
    forward = (model_of(kind, **options).predict(x, lengths) for kind in (mutant, right))
    assert np.array_equal(*forward)  # so what it sees is the backward pass alone


def test_the_report_names_what_is_wrong():
    report = check_model(model_of(WithoutBiasGradient), *one_phrase())
    assert [name for name, error in report.errors.items() if error > 1e-7] == ["body.b_h"]
    assert report.worst == report.errors["body.b_h"] == 1
    assert "body.b_h" in str(report) and "1.0e+00" in str(report)


def test_the_directions_of_a_bidirectional_layer_are_checked_each():
    left, right = (Recurrent(RNNCell(2, 3, rng=np.random.default_rng(0)), reverse=r) for r in (False, True))
    right.cell = WithoutBiasGradient(2, 3, rng=np.random.default_rng(0))
    report = check_layer(
        Bidirectional(left, right), np.random.default_rng(1).standard_normal((4, 2, 2)), rng=np.random.default_rng(2)
    )
    assert [name for name, error in report.errors.items() if error > 1e-6] == ["right.b_h"]


# ---- the tools ------------------------------------------------------------------------------------------------------


def test_the_numerical_gradient_of_a_square_is_twice_the_number():
    a = np.array([[1.0, -2.0], [0.0, 3.0]])
    np.testing.assert_allclose(numerical_gradient(lambda: float((a * a).sum()), a), 2 * a, atol=1e-9)


def test_the_numerical_gradient_puts_everything_back_where_the_function_raises():
    a = np.array([0.1, 0.2])

    def f():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        numerical_gradient(f, a)
    assert a.tolist() == [0.1, 0.2]


def test_float32_is_refused_because_rounding_would_win():
    with pytest.raises(ValueError, match="float64"):
        numerical_gradient(lambda: 0.0, np.zeros(2, np.float32))
    layer = zoo.layer("rnn tanh", dtype=np.float32)
    with pytest.raises(ValueError, match="float64"):
        check_layer(layer, zoo.inputs_for(layer, 2, 1), rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [([3.0, 4.0], [3.0, 4.0], 0), ([0.0], [0.0], 0), ([1.0], [-1.0], 1), ([1.0], [0.0], 1), ([3.0], [1.0], 0.5)],
)
def test_relative_errors(a, b, error):
    assert relative_error(np.array(a), np.array(b)) == error


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_nan_and_infinity_never_pass_as_agreement(wrong):
    assert relative_error(np.array([wrong]), np.array([wrong])) == np.inf
    assert not GradientReport({"W": float("inf"), "b": 0.0}).ok(1e300)


def test_checking_changes_nothing():
    model = model_of(LSTMCell)
    before = model.vector()
    x, y, lengths = padded_batch()
    check_model(model, x, y, lengths)
    assert np.array_equal(model.vector(), before)
    state = (np.ones((1, HIDDEN)), np.ones((1, HIDDEN)))
    phrase = one_phrase()[0]
    check_layer(model.body, phrase, state, rng=np.random.default_rng(0))
    assert np.array_equal(phrase, one_phrase()[0]) and all((s == 1).all() for s in state)
