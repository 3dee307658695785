"""Weights, states and gradients under PyTorch's names, compared with PyTorch's own numbers (tests/goldens)."""

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.interop import (
    from_pytorch,
    gradients_to_pytorch,
    state_from_pytorch,
    state_to_pytorch,
    to_pytorch,
)
from rnnlib.layers import Bidirectional, Dense, Embedding, Recurrent, Stacked
from rnnlib.parameters import named
from tests.goldens import read
from tests.interop_checks import against_pytorch, apart

CASES = read("pytorch")
ROWS = {"rnn": 1, "lstm": 4, "gru": 3}


def state_dict(kind="lstm", inputs=2, hidden=3, layers=1, bidirectional=False, bias=True, dtype=np.float64, seed=0):
    rng, G, D = np.random.default_rng(seed), ROWS[kind], 2 if bidirectional else 1
    weights = {}
    for k in range(layers):
        for end in ("", "_reverse")[:D]:
            weights[f"weight_ih_l{k}{end}"] = rng.standard_normal((G * hidden, D * hidden if k else inputs))
            weights[f"weight_hh_l{k}{end}"] = rng.standard_normal((G * hidden, hidden))
            if bias:
                weights[f"bias_ih_l{k}{end}"] = rng.standard_normal(G * hidden)
                weights[f"bias_hh_l{k}{end}"] = rng.standard_normal(G * hidden)
    return {name: array.astype(dtype) for name, array in weights.items()}


@pytest.mark.parametrize("title", CASES)
def test_outputs_states_and_all_gradients_are_pytorch_s(title):
    for what, difference in against_pytorch(CASES[title]).items():
        assert difference < 1e-10, what


@pytest.mark.parametrize("title", CASES)
def test_in_float32_they_are_so_to_rounding(title):
    for what, difference in against_pytorch(CASES[title], np.float32).items():
        assert difference < 2e-5, what


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("bias", [True, False])
def test_weights_survive_the_way_there_and_back(kind, bias):
    weights = state_dict(kind, layers=2, bidirectional=True, bias=bias, dtype=np.float16)
    with pytest.raises(TypeError, match=r"expected float32 or float64, got dtype\('float16'\)"):
        from_pytorch(weights, kind=kind, num_layers=2, bidirectional=True)
    layer = from_pytorch(weights, kind=kind, num_layers=2, bidirectional=True, dtype="float32")
    assert layer.dtype == np.float32 and type(layer) is Stacked and type(layer.layers[0]) is Bidirectional
    kept, out = {name: array.copy() for name, array in layer.params.items()}, to_pytorch(layer)
    for array in out.values():
        assert array.dtype == np.float32
        array += 1  # nothing is shared
    np.testing.assert_equal(layer.params, kept)
    again = from_pytorch(to_pytorch(layer), kind=kind, num_layers=2, bidirectional=True)
    for name, array in layer.params.items():
        np.testing.assert_array_equal(again.params[name], array)


def test_mixed_dtypes_are_refused():
    weights = state_dict()
    weights["bias_hh_l0"] = weights["bias_hh_l0"].astype(np.float32)
    with pytest.raises(TypeError, match="expected one dtype"):
        from_pytorch(weights, kind="lstm")


def test_lists_and_tensors_are_read():
    class Tensor:
        """What a tensor that needs a gradient answers."""

        def __init__(self, array):
            self.array = array

        def __array__(self, *_, **__):
            raise RuntimeError("can't call numpy() on a tensor that requires grad")

        def detach(self):
            return self

        cpu = detach

        def numpy(self):
            return self.array

    weights = state_dict()
    plain = to_pytorch(from_pytorch(weights, kind="lstm"))
    for change in (Tensor, lambda array: array.tolist()):
        read_again = to_pytorch(from_pytorch({name: change(a) for name, a in weights.items()}, kind="lstm"))
        for name, array in plain.items():
            np.testing.assert_array_equal(read_again[name], array)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda w: w.pop("bias_hh_l0"), {}, r"\['bias_hh_l0'\] are missing"),
        (lambda w: w.update(weight_hr_l0=np.zeros((2, 3))), {}, "proj_size is not supported"),
        (lambda w: w.update(other=np.zeros(2)), {}, r"got also \['other'\]"),
        (lambda w: w.update({"lstm.weight_ih_l0": w["weight_ih_l0"]}), {}, "needs its prefix cut off"),
        (lambda w: w.update(state_dict(layers=2)), {}, "num_layers=2 and more"),
        (lambda w: w.update(state_dict(bidirectional=True)), {}, "bidirectional=True"),
        (lambda w: None, {"num_layers": 2}, "are missing"),
        (lambda w: None, {"kind": "gru"}, r"weight_ih_l0: expected \(9, 2\), as 3 blocks of 3 units.*got \(12, 2\)"),
        (lambda w: None, {"nonlinearity": "relu"}, "nonlinearity: expected"),
        (lambda w: w.update(bias_ih_l0=np.zeros((12, 1))), {}, r"bias_ih_l0: expected \(12,\).*got \(12, 1\)"),
    ],
)  # fmt: skip
def test_weights_that_do_not_fit_are_refused_with_the_reason(change, options, message):
    weights = state_dict()
    change(weights)
    with pytest.raises(ValueError, match=message):
        from_pytorch(weights, **{"kind": "lstm"} | options)


def cell(kind=LSTMCell, inputs=2, hidden=3, **options):
    return kind(inputs, hidden, rng=np.random.default_rng(0), **options)


def both(inputs):
    return Bidirectional(Recurrent(cell(inputs=inputs)), Recurrent(cell(inputs=inputs), reverse=True))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (Recurrent(cell(GRUCell, reset_after=False)), "reset_after=False multiplies r before the product"),
        (Recurrent(cell(peepholes=True)), "PyTorch's LSTM has no peepholes"),
        (Recurrent(cell(RNNCell, activation="linear")), "PyTorch's RNN has no linear form"),
        (Recurrent(cell(), reverse=True), "no module that reads in reverse alone"),
        (Stacked([Recurrent(cell()), Recurrent(cell(GRUCell, 3))]), "one kind for all layers, got 'lstm' and 'gru'"),
        (Stacked([Recurrent(cell()), Recurrent(cell(LSTMCell, 3, 4))]), "one hidden for all layers, got 3 and 4"),
        (Stacked([Recurrent(cell(RNNCell)), Recurrent(cell(RNNCell, 3, activation="relu"))]), "one activation for all"),
        (Stacked([Embedding(4, 2, rng=np.random.default_rng(0)), Recurrent(cell())]), "hold recurrent layers only"),
        (Dense(2, 3, rng=np.random.default_rng(0)), "expected Recurrent, Bidirectional or Stacked"),
        (Stacked([Recurrent(cell()), both(3)]), "either all in both directions or all in one"),
    ],
)  # fmt: skip
def test_a_layer_that_pytorch_has_no_form_of_is_refused_with_the_reason(layer, message):
    with pytest.raises(ValueError, match=message):
        to_pytorch(layer)


def test_dropout_between_layers_does_not_stand_in_the_way():
    layer = Stacked([Recurrent(cell()), Recurrent(cell(LSTMCell, 3))], dropout=0.5)
    assert list(to_pytorch(layer)) == list(state_dict(layers=2))
    state = state_from_pytorch(layer, (np.ones((2, 4, 3)), np.zeros((2, 4, 3))))
    h, _ = state_to_pytorch(layer, layer.forward(np.zeros((1, 4, 2)), state)[1])
    assert h.shape == (2, 4, 3)


def test_states_stand_in_the_order_of_layers_then_directions():
    layer = from_pytorch(state_dict("gru", layers=2, bidirectional=True), kind="gru", num_layers=2, bidirectional=True)
    h = np.arange(4.0)[:, None, None] + np.zeros((4, 5, 3))
    (lower_left, lower_right), (upper_left, upper_right) = state_from_pytorch(layer, h)
    assert [s[0, 0] for s in (lower_left, lower_right, upper_left, upper_right)] == [0, 1, 2, 3]
    assert apart(state_to_pytorch(layer, state_from_pytorch(layer, h)), h) == 0


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (np.zeros((1, 2, 3)), r"state: expected \(h, c\), got ndarray"),
        ((np.zeros((1, 2, 3)), np.zeros((1, 2, 4))), r"state c: expected \(1, 2, 3\).*got \(1, 2, 4\)"),
        ((np.zeros((2, 2, 3)), np.zeros((2, 2, 3))), r"state h: expected \(1, 2, 3\).*got \(2, 2, 3\)"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(state, message):
    with pytest.raises(ValueError, match=message):
        state_from_pytorch(from_pytorch(state_dict(), kind="lstm"), state)


def test_missing_gradients_are_refused():
    layer = from_pytorch(state_dict(bidirectional=True), kind="lstm", bidirectional=True)
    with pytest.raises(ValueError, match=r"\['right.W_xh', 'right.W_hh', 'right.b_h'\] are missing"):
        gradients_to_pytorch(layer, named(left=layer.left.params))
