"""Activations and losses: right values, right slopes, finite at +-10,000, float32 stays float32."""

import numpy as np
import pytest

from rnnlib import functions as f
from rnnlib.gradcheck import numerical_gradient, relative_error

HUGE = np.array([-1e4, -800.0, -1.0, 0.0, 1.0, 800.0, 1e4])
KNOWN = {  # at 1/2
    "sigmoid": 0.6224593312018546,
    "tanh": 0.46211715726000973,
    "relu": 0.5,
    "linear": 0.5,
}
ACTIVATIONS = {
    "sigmoid": (f.sigmoid, f.sigmoid_slope),
    "tanh": (f.tanh, f.tanh_slope),
    "relu": (f.relu, f.relu_slope),
    "linear": (f.linear, f.linear_slope),
}
LOSSES = {
    "cross_entropy": f.cross_entropy,
    "binary_cross_entropy": f.binary_cross_entropy,
    "mean_squared_error": f.mean_squared_error,
}
activations = pytest.mark.parametrize("name", ACTIVATIONS)
losses = pytest.mark.parametrize("name", LOSSES)


def examples(name, N=5, K=3, dtype=np.float64):
    """Logits and targets that suit the loss."""
    rng = np.random.default_rng(0)
    logits = 2 * rng.standard_normal((N, K))
    targets = {
        "cross_entropy": np.eye(K)[rng.integers(0, K, N)],
        "binary_cross_entropy": rng.random((N, K)),
        "mean_squared_error": rng.standard_normal((N, K)),
    }[name]
    return logits.astype(dtype), targets.astype(dtype)


# ---- activations ----------------------------------------------------------------------------------------------------


@activations
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_activations_and_slopes_are_finite_for_huge_numbers_and_change_neither_dtype_nor_argument(name, dtype):
    act, slope = ACTIVATIONS[name]
    a = HUGE.astype(dtype)
    y = act(a)
    d = slope(y)
    assert np.isfinite([y, d]).all() and y.dtype == d.dtype == dtype
    assert np.array_equal(a, HUGE.astype(dtype)) and np.array_equal(y, act(a))


def test_relu_cuts_what_is_negative_and_its_slope_at_zero_is_zero():
    y = f.relu(np.array([-2.0, 0.0, 3.0]))
    assert y.tolist() == [0, 0, 3]
    assert f.relu_slope(y).tolist() == [0, 0, 1]


@activations
def test_slopes_agree_with_central_differences(name):
    act, slope = ACTIVATIONS[name]
    a = np.random.default_rng(0).standard_normal(20)
    assert relative_error(slope(act(a)), numerical_gradient(lambda: float(act(a).sum()), a)) < 1e-9


@activations
def test_activations_leave_what_they_are_given_as_it_is(name):
    act, slope = ACTIVATIONS[name]
    a = np.linspace(-3, 3, 7)
    y = act(a)
    before = a.copy(), y.copy()
    act(a)[...], slope(y)[...] = 7, 7
    assert np.array_equal((a, y), before)


@activations
@pytest.mark.parametrize("a", [0.5, np.array(0.5), np.float32(0.5), [0.5]])
def test_activations_take_a_single_number_and_a_list(name, a):
    act, slope = ACTIVATIONS[name]
    np.testing.assert_allclose(act(a), np.full(np.shape(a), KNOWN[name]), rtol=1e-6)
    assert np.shape(slope(act(a))) == np.shape(a)


# ---- softmax --------------------------------------------------------------------------------------------------------


def test_softmax_has_its_known_values():
    np.testing.assert_allclose(f.softmax(np.log([[1.0, 2.0, 5.0]])), [[1 / 8, 2 / 8, 5 / 8]], rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_softmax_is_finite_and_adds_up_to_one_at_plus_and_minus_ten_thousand(dtype):
    logits = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4 - 1]], dtype)
    p = f.softmax(logits)
    assert p.dtype == dtype
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-6)
    np.testing.assert_allclose(p[1], 1 / 3, rtol=1e-6)
    assert np.isfinite(f.log_softmax(logits)).all()


def test_a_low_temperature_sharpens_and_a_high_one_flattens():
    logits = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(f.softmax(logits, 0.5), f.softmax(2 * logits), rtol=1e-14)
    assert f.softmax(logits, 0.01)[2] == pytest.approx(1)
    np.testing.assert_allclose(f.softmax(logits, 1e6), 1 / 3, rtol=1e-5)


# ---- losses ---------------------------------------------------------------------------------------------------------


def test_cross_entropy_is_minus_the_log_probability_of_the_label():
    loss, d_logits = f.cross_entropy(np.log([[1.0, 3.0], [4.0, 1.0]]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    assert loss == pytest.approx((np.log(4) + np.log(5 / 4)) / 2, rel=1e-14)
    np.testing.assert_allclose(d_logits, [[(1 / 4 - 1) / 2, 3 / 8], [(4 / 5 - 1) / 2, 1 / 10]], rtol=1e-14)


def test_binary_cross_entropy_has_its_known_value():
    z = np.log([[3.0, 1 / 3]])  # probabilities 3/4 and 1/4
    loss, d_z = f.binary_cross_entropy(z, np.array([[1.0, 1.0]]))
    assert loss == pytest.approx(-(np.log(3 / 4) + np.log(1 / 4)) / 2, rel=1e-14)
    np.testing.assert_allclose(d_z, [[(3 / 4 - 1) / 2, (1 / 4 - 1) / 2]], rtol=1e-14)


def test_mean_squared_error_has_its_known_value():
    loss, d_y = f.mean_squared_error(np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 4.0], [0.0, 1.0]]))
    assert loss == (1 + 4 + 0 + 1) / 4
    np.testing.assert_allclose(d_y, [[2 / 4, -4 / 4], [0, -2 / 4]])


@losses
@pytest.mark.parametrize("weights", [None, [1.0, 0.0, 2.5, 1.0, 0.5]])
def test_loss_gradients_agree_with_central_differences(name, weights):
    logits, targets = examples(name)
    weights = None if weights is None else np.array(weights)
    _, gradient = LOSSES[name](logits, targets, weights)
    numerical = numerical_gradient(lambda: LOSSES[name](logits, targets, weights)[0], logits)
    assert relative_error(gradient, numerical) < 1e-8


@losses
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_losses_and_gradients_are_finite_for_huge_logits(name, size):
    targets = examples(name)[1]
    loss, gradient = LOSSES[name](np.full((5, 3), size) * [1, -1, 1], targets)
    assert np.isfinite(loss) and np.isfinite(gradient).all()


@losses
def test_a_weight_of_zero_takes_an_example_out(name):
    logits, targets = examples(name)
    loss, gradient = LOSSES[name](logits, targets, np.array([1.0, 0, 1, 1, 0]))
    kept = [0, 2, 3]
    loss_kept, gradient_kept = LOSSES[name](logits[kept], targets[kept])
    assert loss == pytest.approx(loss_kept, rel=1e-13)
    np.testing.assert_allclose(gradient[kept], gradient_kept, rtol=1e-12)
    assert not gradient[[1, 4]].any()


@losses
@pytest.mark.parametrize("weights", [[1.0, 0, 2, 1, 1], [0.0] * 5, None])
def test_losses_keep_float32_and_their_arguments_and_give_0_where_nothing_counts(name, weights):
    arguments = [*examples(name, dtype=np.float32)] + ([] if weights is None else [np.array(weights, np.float32)])
    before = [a.copy() for a in arguments]
    loss, gradient = LOSSES[name](*arguments)
    assert isinstance(loss, float) and gradient.dtype == np.float32
    assert (loss == 0 and not gradient.any()) == (weights == [0.0] * 5)
    assert all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))
