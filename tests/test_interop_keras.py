"""Weights in the order of Keras' `get_weights()`. The numbers to compare with are Keras' own (tests/goldens)."""

import numpy as np
import pytest

from rnnlib.interop import from_keras
from rnnlib.layers import Bidirectional, Recurrent
from tests.goldens import read
from tests.interop_checks import against_keras

CASES = read("keras")
EXACT = [title for title in CASES if title.startswith("LSTM") or (title.startswith("GRU") and "before" not in title)]


def arrays(G, H=3, inputs=2, bias=None):
    rng = np.random.default_rng(0)
    shapes = [(inputs, G * H), (H, G * H), *([] if bias is None else [bias])]
    return [rng.standard_normal(shape) for shape in shapes]


@pytest.mark.parametrize("title", CASES)
def test_outputs_are_keras_s(title):
    assert against_keras(CASES[title])["output"] < 1e-6


@pytest.mark.parametrize("title", EXACT)  # the others Keras itself computes with products rounded to float32
def test_outputs_are_keras_s_to_the_last_bits(title):
    assert against_keras(CASES[title])["output"] < 1e-10


def test_the_two_biases_of_a_gru_stay_apart():
    weights = arrays(3, bias=(2, 9))
    cell = from_keras("gru", weights).cell
    np.testing.assert_array_equal(cell.b_hn, weights[2][1, 6:])
    np.testing.assert_array_equal(cell.b_h[6:], weights[2][0, 6:])
    np.testing.assert_array_equal(cell.b_h[:3], weights[2][0, 3:6] + weights[2][1, 3:6])  # r stands second there


@pytest.mark.parametrize("kind", ["rnn", "SimpleRNN"])
def test_both_names_of_a_simple_rnn_are_known(kind):
    for activation in ("relu", "linear"):
        assert from_keras(kind, arrays(1), activation=activation).cell.activation == activation


def test_two_directions_give_a_bidirectional_layer():
    assert type(from_keras("lstm", arrays(4, bias=(12,)) * 2, bidirectional=True)) is Bidirectional
    assert type(from_keras("lstm", arrays(4))) is Recurrent


def test_float32_stays_float32():
    assert from_keras("lstm", [a.astype(np.float32) for a in arrays(4, bias=(12,))]).dtype == np.float32


@pytest.mark.parametrize(
    ("kind", "weights", "options", "message"),
    [
        ("gru", arrays(3, bias=(9,)), {}, r"expected \(2, 9\), two rows, because reset_after=True.*got \(9,\)"),
        ("gru", arrays(3, bias=(2, 9)), {"reset_after": False}, r"expected \(9,\), one row, because reset_after=False"),
        ("lstm", arrays(4, bias=(2, 12)), {}, r"\(bias\): expected \(12,\), got \(2, 12\)"),
        ("lstm", arrays(4) * 2, {}, r"expected 2 or 3 arrays, got 4; bidirectional=True takes 4 or 6"),
        ("lstm", arrays(4), {"bidirectional": True}, "expected 4 or 6 arrays, got 2"),
        ("lstm", arrays(3), {}, r"weights\[1\] \(recurrent_kernel\): expected \(3, 12\).*got \(3, 9\)"),
        ("rnn", [np.zeros((2, 4)), np.zeros((3, 3))], {}, r"weights\[0\] \(kernel\): expected \(2, 3\).*got \(2, 4\)"),
        ("gru", arrays(3), {"activation": "relu"}, "activation: expected tanh for 'gru', got 'relu'"),
        ("gru", arrays(3), {"recurrent_activation": "hard_sigmoid"}, "only sigmoid is supported"),
        ("cnn", arrays(3), {}, "kind: expected"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_the_reason(kind, weights, options, message):
    with pytest.raises(ValueError, match=message):
        from_keras(kind, weights, **options)
