"""The gradient check sees mistakes: each mutant below is a backward pass with one thing wrong."""

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.functions import sigmoid_slope, tanh_slope
from rnnlib.gradcheck import GradientReport, check_layer, check_model, numerical_gradient, relative_error
from rnnlib.layers import Bidirectional, Dense, Embedding, Recurrent
from rnnlib.models import ManyToMany, ManyToOne

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


# ---- the library's own cells pass -----------------------------------------------------------------------------------


@DATA
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (RNNCell, {}),
        (RNNCell, {"activation": "relu"}),
        (RNNCell, {"activation": "linear"}),
        (LSTMCell, {}),
        (LSTMCell, {"peepholes": True}),
        (GRUCell, {}),
        (GRUCell, {"reset_after": False}),
    ],
)
def test_the_library_s_own_gradients_pass(kind, options, data):
    assert passes(kind, data, **options)


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


class WithoutSlope(RNNCell):
    """d_a = d_h: the slope of tanh is left out."""

    def backward(self, d_state, kept):
        (d_h,) = d_state
        return d_h, d_h, (np.dot(d_h, self.W_hh),)


class OneStepLate(RNNCell):
    """d_W_hh is made with h_t in place of h_(t-1)."""

    def gradients(self, x, h, d_a, d_s, kept):
        after = np.concatenate([h_t for (h_t,) in kept])
        return super().gradients(x, h, d_a, d_s, kept) | {"W_hh": np.dot(d_s.T, after)}


class MeanForSum(RNNCell):
    """The gradients of the steps are averaged in place of added."""

    def gradients(self, x, h, d_a, d_s, kept):
        grads = super().gradients(x, h, d_a, d_s, kept)
        grads["W_xh"] /= len(kept)
        return grads


class Clipped(RNNCell):
    """The gradient from the future is clamped inside the backward pass."""

    def backward(self, d_state, kept):
        d_a, d_s, (d_h,) = super().backward(d_state, kept)
        return d_a, d_s, (np.clip(d_h, -1e-2, 1e-2),)


class SlightlyWrong(RNNCell):
    """A millionth too much."""

    def gradients(self, *run):
        grads = super().gradients(*run)
        grads["W_hh"] *= 1 + 1e-6
        return grads


# ---- mutants of the LSTM and the GRU --------------------------------------------------------------------------------


class ForgetGateNotDifferentiated(LSTMCell):
    """f is taken for a constant."""

    def backward(self, d_state, kept):
        d_a, d_s, d_before = super().backward(d_state, kept)
        self.split(d_a)[1][...] = self.split(d_s)[1][...] = 0
        return d_a, d_s, d_before


class CellFutureDropped(LSTMCell):
    """Nothing comes back through c_(t-1)."""

    def backward(self, d_state, kept):
        d_a, d_s, (d_h, d_c) = super().backward(d_state, kept)
        return d_a, d_s, (d_h, np.zeros_like(d_c))


class OutputGateOutsideTanh(LSTMCell):
    """The slope of tanh(c) is left out on the way from h to c."""

    def backward(self, d_state, kept):
        (d_h, d_c), (_, _, _, o, _, tanh_c, _) = d_state, kept
        return super().backward((d_h, d_c + d_h * o * (1 - tanh_slope(tanh_c))), kept)


class WithoutPeephole(LSTMCell):
    """d_c leaves out the way through the peepholes."""

    def backward(self, d_state, kept):
        self.peepholes = False
        found = super().backward(d_state, kept)
        self.peepholes = True
        return found


class ResetPathDropped(GRUCell):
    """No gradient reaches the reset gate."""

    def backward(self, d_state, kept):
        d_a, d_s, d_before = super().backward(d_state, kept)
        self.split(d_a)[0][...] = self.split(d_s)[0][...] = 0
        return d_a, d_s, d_before


class ResetForgottenOnTheWayBack(GRUCell):
    """W_hn gets d_n in place of r * d_n."""

    def gradients(self, x, h, d_a, d_s, kept):
        return super().gradients(x, h, d_a, d_a, kept)


class DirectRoadDropped(GRUCell):
    """h_(t-1) is not reached through z."""

    def backward(self, d_state, kept):
        _, z, *_ = kept
        d_a, d_s, (d_h,) = super().backward(d_state, kept)
        return d_a, d_s, (d_h - d_state[0] * z,)


class UpdateGateTurnedRound(GRUCell):
    """The slope of z has the wrong sign."""

    def backward(self, d_state, kept):
        d_a, d_s, d_before = super().backward(d_state, kept)
        self.split(d_a)[1][...] *= -1
        self.split(d_s)[1][...] *= -1
        return d_a, d_s, d_before


MUTANTS = [
    (NotTransposed, {}),
    (FutureDropped, {}),
    (WithoutBiasGradient, {}),
    (WithoutSlope, {}),
    (OneStepLate, {}),
    (MeanForSum, {}),
    (Clipped, {}),
    (SlightlyWrong, {}),
    (ForgetGateNotDifferentiated, {}),
    (CellFutureDropped, {}),
    (OutputGateOutsideTanh, {}),
    (WithoutPeephole, {"peepholes": True}),
    (ResetPathDropped, {}),
    (ResetPathDropped, {"reset_after": False}),
    (ResetForgottenOnTheWayBack, {}),
    (DirectRoadDropped, {}),
    (DirectRoadDropped, {"reset_after": False}),
    (UpdateGateTurnedRound, {}),
]


@DATA
@pytest.mark.parametrize(("mutant", "options"), MUTANTS, ids=lambda value: getattr(value, "__name__", None))
def test_the_check_sees(mutant, options, data):
    assert not passes(mutant, data, **options)


@pytest.mark.parametrize(("mutant", "options"), MUTANTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_mutant_computes_the_right_answer_forward(mutant, options):
    """So what the check sees is the backward pass alone."""
    right = mutant.__mro__[1]
    x, _, lengths = padded_batch()
    assert np.array_equal(
        model_of(mutant, **options).predict(x, lengths), model_of(right, **options).predict(x, lengths)
    )


class LeaksOutOfThePadding(Recurrent):
    """The backward pass takes padded steps for true ones."""

    def backward(self, d_y, tape, *arguments, **options):
        return super().backward(d_y, tape._replace(mask=None), *arguments, **options)


def test_a_gradient_that_leaks_out_of_the_padding_is_seen():
    model = model_of(RNNCell)
    model.body = LeaksOutOfThePadding(model.body.cell)
    assert check_model(model, *one_phrase()).ok(1e-7)
    assert not check_model(model, *padded_batch()).ok(1e-7)


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


def test_the_numerical_gradient_puts_everything_back():
    a = np.array([0.1, 0.2])
    numerical_gradient(lambda: float(a.sum()), a)
    assert a.tolist() == [0.1, 0.2]


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


def test_a_layer_that_reads_words_has_no_gradient_for_them():
    report = check_layer(Embedding(5, 2, rng=np.random.default_rng(0)), [[1], [4]], rng=np.random.default_rng(0))
    assert list(report.errors) == ["W_e"] and report.ok(1e-8)


def test_a_model_of_steps_is_checked_at_every_step():
    rng = np.random.default_rng(0)
    model = ManyToMany(Recurrent(FutureDropped(WORDS, HIDDEN, rng=rng)), Dense(HIDDEN, 2, rng=rng))
    x, _, lengths = padded_batch()
    assert not check_model(model, x, np.zeros((6, 4), int), lengths).ok(1e-7)


def test_sigmoid_slope_is_not_tanh_slope():
    assert sigmoid_slope(np.array([0.5]))[0] == 0.25 and tanh_slope(np.array([0.5]))[0] == 0.75
