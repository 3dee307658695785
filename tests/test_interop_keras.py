"""Weights in the order of Keras' `get_weights()`. The numbers to compare with are Keras' own (tests/goldens)."""

import numpy as np
import pytest

from rnnlib import Dense, Embedding, RNNCell, Stacked, TreeRNN
from rnnlib.interop import from_keras, to_keras
from rnnlib.layers import Bidirectional, Recurrent
from tests import zoo
from tests.goldens import read
from tests.interop_checks import against_keras

CASES = read("keras")


def arrays(G, H=3, inputs=2, bias=None):
    rng = np.random.default_rng(0)
    shapes = [(inputs, G * H), (H, G * H), *([] if bias is None else [bias])]
    return [rng.standard_normal(shape) for shape in shapes]


@pytest.mark.parametrize("title", CASES)
def test_outputs_are_keras_s(title):
    # Keras itself computes the others with products rounded to float32
    exact = title.startswith("LSTM") or (title.startswith("GRU") and "before" not in title)
    assert against_keras(CASES[title])["output"] < (1e-10 if exact else 1e-6)


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
        ("gru", arrays(3), {"activation": "relu"}, "activation: expected \"tanh\", got 'relu'"),
        ("gru", arrays(3), {"recurrent_activation": "hard_sigmoid"}, "only sigmoid is supported"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_the_reason(kind, weights, options, message):
    with pytest.raises(ValueError, match=message):
        from_keras(kind, weights, **options)


# ---- to Keras -----------------------------------------------------------------------------------------------------

PLAIN = [name for name in zoo.CELLS if name != "lstm with peepholes"]
RNG = np.random.default_rng(0)


def said(cell):
    """What the weights do not say."""
    names = ("activation", "reset_after")
    return {"kind": cell.kind} | {name: getattr(cell, name) for name in names if hasattr(cell, name)}


@pytest.mark.parametrize("title", CASES)
def test_the_arrays_that_keras_gave_come_back(title):
    """Two rows of bias that stand in one sum come back as that sum, in the first row."""
    given = list(CASES[title].starting("weight:").values())
    back = to_keras(from_keras(weights=given, **CASES[title].settings))
    for k, (ours, theirs) in enumerate(zip(back, given, strict=True)):
        assert ours.shape == theirs.shape
        if k % 3 == 2 and theirs.ndim == 2:
            n = theirs.shape[1] * 2 // 3
            np.testing.assert_array_equal(ours[:, :n], [theirs[0, :n] + theirs[1, :n], np.zeros(n)])
            ours, theirs = ours[:, n:], theirs[:, n:]
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", PLAIN)
def test_from_keras_reads_what_to_keras_wrote(name):
    cell = zoo.cell(name)
    for given in (cell, Recurrent(cell)):
        weights = to_keras(given)
        back = from_keras(weights=weights, **said(cell)).cell
        for array in weights:
            array[...] = 7  # a copy
        assert back.params.keys() == cell.params.keys()
        for key, array in cell.params.items():
            np.testing.assert_array_equal(back.params[key], array)


@pytest.mark.parametrize("name", PLAIN)
def test_two_directions_are_read_back_too(name):
    layer = both(zoo.cell(name), zoo.cell(name, hidden=2, seed=1))
    back = from_keras(weights=to_keras(layer), bidirectional=True, **said(layer.left.cell))
    x = zoo.inputs_for(layer, 4, 3)
    np.testing.assert_array_equal(back.forward(x)[0], layer.forward(x)[0])


def test_a_dense_layer_and_an_embedding_go_along():
    dense, embedding = zoo.shaken(Dense(3, 2, rng=RNG), 1), Embedding(5, 3, rng=RNG)
    kernel, bias = to_keras(dense)
    h = RNG.standard_normal((4, 3))
    np.testing.assert_allclose(h @ kernel + bias, dense.forward(h), rtol=0, atol=1e-15)
    np.testing.assert_array_equal(to_keras(embedding)[0], embedding.W_e)


def both(left, right):
    return Bidirectional(Recurrent(left), Recurrent(right, reverse=True))


class OwnCell(RNNCell):
    """A cell that could do anything."""


@pytest.mark.parametrize(
    ("layer", "error", "message"),
    [
        (zoo.cell("lstm with peepholes"), ValueError, "Keras' LSTM has no peepholes"),
        (zoo.layer("reverse gru"), ValueError, "give layer.cell, set go_backwards=True"),
        (both(zoo.cell("gru"), zoo.cell("lstm")), ValueError, "one kind for both directions, got 'gru' and 'lstm'"),
        (both(zoo.cell("rnn tanh"), zoo.cell("rnn relu")), ValueError, "one activation for both directions"),
        (both(zoo.cell("gru"), zoo.cell("gru reset before")), ValueError, "one reset_after for both directions"),
        (both(zoo.cell("lstm"), zoo.cell("lstm without bias")), ValueError, "one bias for both directions"),
        (Stacked([zoo.layer("gru"), zoo.layer("gru", 3)]), ValueError, "Stacked is no single layer of Keras"),
        (TreeRNN(2, 3, rng=RNG), ValueError, "TreeRNN is no single layer of Keras"),
        (OwnCell(2, 3, rng=RNG), ValueError, "expected RNNCell, LSTMCell or GRUCell, got OwnCell"),
    ],
)
def test_what_keras_has_no_layer_for_is_refused_with_the_reason(layer, error, message):
    with pytest.raises(error, match=message):
        to_keras(layer)
