"""One update of each optimizer against numbers worked out by hand; gradient clipping."""

import numpy as np
import pytest

from rnnlib.training import SGD, Adam, AdamW, RMSProp, clip_by_norm, clip_by_value

P, G = [1.0, -2.0, 0.5], [0.5, -1.0, 0.0]


def after(optimizer, *gradients, p=P, dtype=np.float64):
    vector = np.array(p, dtype)
    for gradient in gradients:
        optimizer.update(vector, np.array(gradient, dtype))
    return vector


# ---- SGD ------------------------------------------------------------------------------------------------------------


def test_sgd_subtracts_the_learning_rate_times_the_gradient():
    np.testing.assert_allclose(after(SGD(0.1), G), [0.95, -1.9, 0.5], rtol=1e-15)


def test_momentum_adds_a_share_of_the_velocity_before():
    # v1 = g = 1, p = 1 - 0.1; v2 = 0.9 * 1 + 2 = 2.9, p = 0.9 - 0.29
    np.testing.assert_allclose(after(SGD(0.1, momentum=0.9), [1.0], [2.0], p=[1.0]), [0.61], rtol=1e-15)


def test_nesterov_looks_ahead():
    # v1 = 1, p = 1 - 0.1 (1 + 0.9); v2 = 0.9 + 2 = 2.9, p = 0.81 - 0.1 (2 + 0.9 * 2.9)
    got = after(SGD(0.1, momentum=0.9, nesterov=True), [1.0], [2.0], p=[1.0])
    np.testing.assert_allclose(got, [1 - 0.19 - 0.461], rtol=1e-14)


# ---- RMSProp --------------------------------------------------------------------------------------------------------


def test_rmsprop_divides_by_the_running_root_mean_square():
    # g = 2, then 1; decay 0.9: v = 0.4, then 0.46
    wanted = 1 - 0.1 * 2 / (0.4**0.5 + 1e-8) - 0.1 * 1 / (0.46**0.5 + 1e-8)
    np.testing.assert_allclose(after(RMSProp(0.1, decay=0.9), [2.0], [1.0], p=[1.0]), [wanted], rtol=1e-14)


# ---- Adam -----------------------------------------------------------------------------------------------------------


def test_the_second_update_of_adam_against_numbers_worked_out_by_hand():
    # g = 1, then 3; beta1 = 0.9, beta2 = 0.99
    # m = 0.1, then 0.39; m^ = 0.39 / (1 - 0.81) = 39/19;  v = 0.01, then 0.0999; v^ = 0.0999 / (1 - 0.9801) = 999/199
    wanted = 1 - 0.1 * 1 / (1 + 1e-8) - 0.1 * (39 / 19) / ((999 / 199) ** 0.5 + 1e-8)
    got = after(Adam(0.1, beta1=0.9, beta2=0.99), [1.0], [3.0], p=[1.0])
    np.testing.assert_allclose(got, [wanted], rtol=1e-13)


def test_adamw_first_shrinks_every_parameter_then_does_as_adam():
    shrunk = [p * (1 - 0.01 * 0.1) for p in P]
    np.testing.assert_allclose(after(AdamW(0.01, weight_decay=0.1), G), after(Adam(0.01), G, p=shrunk), rtol=1e-15)


@pytest.mark.parametrize(
    "optimizer",
    [SGD(0.1), SGD(0.1, momentum=0.9), SGD(0.1, momentum=0.9, nesterov=True), RMSProp(0.1), Adam(0.1), AdamW(0.1)],
    ids=["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"],
)
def test_float32_stays_float32(optimizer):
    vector = after(optimizer, G, G, dtype=np.float32)
    state = [value for value in vars(optimizer).values() if isinstance(value, np.ndarray)]
    assert {array.dtype for array in (vector, *state)} == {np.dtype(np.float32)}


# ---- clipping -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1.001, 1.999, 50.0])
def test_clipping_by_value_begins_at_the_bound_and_gives_the_norm_before(value):
    gradient = np.array([value, -value, 0.25])
    assert clip_by_value(gradient, 1.0) == pytest.approx((2 * value**2 + 0.0625) ** 0.5)
    np.testing.assert_array_equal(gradient, [1, -1, 0.25])
    assert not np.isfinite(clip_by_value(np.array([np.nan]), 1.0)) and clip_by_value(np.zeros(2), 1.0) == 0


def test_clipping_by_value_leaves_what_is_within_the_bound():
    gradient = np.array([0.9, -0.9, 0.9])  # its norm is beyond the bound, no element is
    clip_by_value(gradient, 1.0)
    assert gradient.tolist() == [0.9, -0.9, 0.9]


def test_clipping_by_norm_keeps_the_direction_and_gives_the_norm_before():
    gradient = np.array([3.0, -4.0])
    assert clip_by_norm(gradient, 1.0) == 5
    np.testing.assert_allclose(gradient, [0.6, -0.8], rtol=1e-15)


def test_clipping_by_norm_leaves_a_short_gradient_bit_for_bit():
    gradient = np.array([0.3, -0.4])
    assert clip_by_norm(gradient, 0.6) == pytest.approx(0.5)
    assert gradient.tolist() == [0.3, -0.4]


@pytest.mark.parametrize(("dtype", "size"), [(np.float32, 1e25), (np.float64, 1e200)])
def test_a_gradient_whose_square_is_too_large_for_its_dtype_is_clipped_all_the_same(dtype, size):
    gradient = np.array([3 * size, -4 * size], dtype)
    assert clip_by_norm(gradient, 1.0) == pytest.approx(5 * size, rel=1e-6)
    np.testing.assert_allclose(gradient, [0.6, -0.8], rtol=1e-6)
    gradient = np.array([3 * size, -0.5], dtype)
    assert clip_by_value(gradient, 1.0) == pytest.approx(3 * size, rel=1e-6)
    assert gradient.tolist() == [1, -0.5]


@pytest.mark.parametrize("size", [3, 10_000])
def test_the_norm_is_that_of_the_whole_vector(size):
    gradient = np.random.default_rng(0).standard_normal(size)
    assert clip_by_norm(gradient.copy(), 1e9) == pytest.approx(np.linalg.norm(gradient), rel=1e-13)


@pytest.mark.parametrize("kind", [SGD, RMSProp, Adam, AdamW])
def test_a_learning_rate_may_be_changed_to_what_is_one(kind):
    optimizer = kind(np.float32(0.1))
    for wrong in (0, np.inf, True, 10**400):
        with pytest.raises(ValueError, match="learning_rate"):
            optimizer.learning_rate = wrong
        with pytest.raises(ValueError, match="learning_rate"):
            kind(wrong)
    assert optimizer.learning_rate == np.float32(0.1)
    optimizer.learning_rate = np.int64(2)
    assert optimizer.learning_rate == 2.0


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (SGD, {"momentum": 1}),
        (RMSProp, {"decay": 1.5}),
        (Adam, {"beta1": 1}),
        (AdamW, {"beta2": -0.1}),
        (Adam, {"epsilon": 0}),
        (SGD, {"nesterov": True}),
    ],
)
def test_options_lie_within_their_bounds(kind, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        kind(0.1, **options)
