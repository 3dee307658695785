"""The ONNX operators RNN, LSTM and GRU, compared with what the ONNX reference evaluator computed (tests/goldens)."""

import numpy as np
import pytest

from rnnlib.interop import from_onnx
from tests.goldens import read
from tests.interop_checks import against_onnx, onnx_operator

CASES = read("onnx")
BLOCKS = {"RNN": 1, "LSTM": 4, "GRU": 3}


@pytest.mark.parametrize("title", CASES)
def test_all_outputs_are_the_operator_s(title):
    for name, difference in against_onnx(CASES[title]).items():
        assert difference < 1e-10, name


@pytest.mark.parametrize("title", CASES)
def test_in_float32_they_are_so_to_rounding(title):
    operator = onnx_operator(CASES[title], np.float32)
    assert operator.layer.dtype == np.float32
    assert {output.dtype for output in operator.run(CASES[title].arrays["X"].astype(np.float32))} == {
        np.dtype("float32")
    }
    for name, difference in against_onnx(CASES[title], np.float32).items():
        assert difference < 1e-6, name


def weights(op_type, D=1, inputs=2, hidden=3):
    rng, G = np.random.default_rng(0), BLOCKS[op_type]
    shapes = {"W": (D, G * hidden, inputs), "R": (D, G * hidden, hidden), "B": (D, 2 * G * hidden)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()} | {"hidden_size": hidden}


@pytest.mark.parametrize("layout", [0, 1])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("op_type", BLOCKS)
def test_outputs_have_the_shapes_of_the_specification(op_type, direction, layout):
    T, B, D = 4, 5, 2 if direction == "bidirectional" else 1
    outputs = from_onnx(op_type, **weights(op_type, D), direction=direction, layout=layout).run(
        np.zeros((B, T, 2) if layout else (T, B, 2))
    )
    assert len(outputs) == (3 if op_type == "LSTM" else 2)
    assert outputs[0].shape == ((B, T, D, 3) if layout else (T, D, B, 3))
    assert {end.shape for end in outputs[1:]} == {(B, D, 3) if layout else (D, B, 3)}


def test_outputs_past_the_end_are_zero_and_padding_is_never_read():
    X = np.random.default_rng(1).standard_normal((4, 2, 2))
    X[2:, 1] = np.nan
    Y, Y_h = from_onnx("GRU", **weights("GRU"), direction="reverse", sequence_lens=[4, 2]).run(X)
    assert np.isfinite(Y_h).all()
    assert (Y[2:, :, 1] == 0).all()
    np.testing.assert_array_equal(Y[0], Y_h)  # what a reverse reading knows at the end stands at its first step


def test_each_direction_of_an_rnn_has_its_own_activation():
    layer = from_onnx("RNN", **weights("RNN", 2), direction="bidirectional", activations=["Relu", "Tanh"]).layer
    assert (layer.left.cell.activation, layer.right.cell.activation) == ("relu", "tanh")


def test_affine_that_changes_nothing_is_the_linear_cell():
    plain = {"activations": ["Affine"], "activation_alpha": [1.0], "activation_beta": [0.0]}
    assert from_onnx("RNN", **weights("RNN"), **plain).layer.cell.activation == "linear"


@pytest.mark.parametrize(
    "changed", [{"activation_alpha": [0.5]}, {"activation_beta": [1.0]}, {"activation_beta": None}]
)
def test_any_other_affine_is_refused(changed):
    plain = {"activations": ["Affine"], "activation_alpha": [1.0], "activation_beta": [0.0]}
    with pytest.raises(ValueError, match=r"only Tanh or Relu is supported for RNN \(and Affine with"):
        from_onnx("RNN", **weights("RNN"), **plain | changed)


def test_the_operator_shares_nothing_with_what_it_was_made_of():
    given = weights("RNN") | {"initial_h": np.ones((1, 2, 3)), "sequence_lens": np.array([1, 2])}
    operator, X = from_onnx("RNN", **given), np.ones((2, 2, 2))
    before = operator.run(X)
    for array in given.values():
        if isinstance(array, np.ndarray):
            array[...] = 0
    np.testing.assert_equal(operator.run(X), before)


@pytest.mark.parametrize(
    ("op_type", "options", "message"),
    [
        ("LSTM", {"clip": 3.0}, "clip: not supported"),
        ("LSTM", {"input_forget": 1}, "input_forget: not supported"),
        ("LSTM", {"activations": ["HardSigmoid", "Tanh", "Tanh"]}, "only Sigmoid, Tanh, Tanh is supported for LSTM"),
        ("LSTM", {"activations": ["Sigmoid", "Tanh"]}, "activations: expected 3, 3 for each direction, got 2"),
        ("GRU", {"activations": ["Sigmoid", "Relu"]}, "only Sigmoid, Tanh is supported for GRU"),
        ("RNN", {"activations": ["Affine"]}, "only Tanh or Relu is supported for RNN"),
        ("RNN", {"P": np.zeros((1, 9))}, "P: expected None, because only an LSTM has it"),
        ("GRU", {"initial_c": np.zeros((1, 2, 3))}, "initial_c: expected None, because only an LSTM has it"),
        ("RNN", {"linear_before_reset": 1}, "linear_before_reset: expected 0, because only a GRU has it"),
        ("LSTM", {"P": np.zeros((1, 12))}, r"P: expected \(1, 9\).*got \(1, 12\)"),
        ("GRU", {"direction": "bidirectional"}, r"W: expected \(2, 9, 2\), as 2 direction\(s\).*got \(1, 9, 2\)"),
        ("GRU", {"hidden_size": 4}, r"W: expected \(1, 12, 2\).*got \(1, 9, 2\)"),
        ("GRU", {"initial_h": np.zeros((2, 4, 3))}, r"initial_h: expected \(1, 4, 3\).*got \(2, 4, 3\)"),
    ],
)
def test_what_is_not_supported_or_does_not_fit_is_refused_with_the_reason(op_type, options, message):
    with pytest.raises(ValueError, match=message):
        from_onnx(op_type, **weights(op_type if op_type in BLOCKS else "RNN") | options)


def test_mixed_dtypes_are_refused():
    with pytest.raises(TypeError, match="expected one dtype"):
        from_onnx("RNN", **weights("RNN") | {"B": np.zeros((1, 6), np.float32)})


@pytest.mark.parametrize(
    ("options", "X", "message"),
    [
        ({}, np.zeros((4, 2)), r"X: expected \(T, B, 2\), got \(4, 2\)"),
        ({"sequence_lens": [1, 2, 3]}, np.zeros((4, 2, 2)), "sequence_lens: expected"),
        ({"sequence_lens": [5, 1]}, np.zeros((4, 2, 2)), "sequence_lens: expected 0 to 4"),
        ({"initial_h": np.zeros((1, 3, 3))}, np.zeros((4, 2, 2)), r"initial_h: expected \(1, 2, 3\)"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(options, X, message):
    with pytest.raises(ValueError, match=message):
        from_onnx("RNN", **weights("RNN"), **options).run(X)
