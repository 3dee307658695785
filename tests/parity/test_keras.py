"""Weights to and from `SimpleRNN`, `LSTM` and `GRU` of Keras: to 1e-10, and to 1e-6 where Keras itself rounds."""

import os

import numpy as np
import pytest

from rnnlib import Dense, Embedding, GRUCell, LSTMCell, RNNCell
from rnnlib.interop import to_keras
from rnnlib.layers import Bidirectional, Recurrent
from tests import zoo
from tests.interop_checks import against_keras, apart
from tools.make_goldens import keras_case

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # within Keras
KINDS = [
    ({"kind": "rnn"}, 1e-6),
    ({"kind": "rnn", "activation": "relu"}, 1e-5),
    ({"kind": "lstm"}, 1e-10),
    ({"kind": "gru"}, 1e-10),
    ({"kind": "gru", "reset_after": False}, 1e-6),
]


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize(("kind", "tolerance"), KINDS, ids=str)
def test_outputs(kind, tolerance, bias, bidirectional):
    case = keras_case(**kind, bias=bias, bidirectional=bidirectional, seed=5, T=9, B=4, inputs=5, hidden=6)
    assert against_keras(case)["output"] < tolerance


# ---- a layer of ours runs in Keras --------------------------------------------------------------------------------

CELLS = {"rnn": RNNCell, "lstm": LSTMCell, "gru": GRUCell}


def keras_layers():
    """Keras' layers, in float64, with the backend that the cases take."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    keras.config.set_floatx("float64")
    return keras.layers


def theirs(layer, x):
    """What a Keras layer answers, time first again."""
    return np.asarray(layer(x.swapaxes(0, 1)).detach()).swapaxes(0, 1)


def built(kind, bias, *, activation="tanh", reset_after=True, bidirectional=False, **more):
    layers = keras_layers()
    options = {"return_sequences": True, "use_bias": bias, "activation": activation} | more
    options |= {"reset_after": reset_after} if kind == "gru" else {}
    layer = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}[kind](6, **options)
    layer = layers.Bidirectional(layer) if bidirectional else layer
    layer.build((4, 9, 5))
    return layer


def cell_of(kind, bias, seed, **options):
    cell = CELLS[kind](5, 6, rng=np.random.default_rng(seed), bias=bias, **options)
    return zoo.shaken(cell, seed)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize(("options", "tolerance"), KINDS, ids=str)
def test_a_layer_of_ours_runs_in_keras(options, tolerance, bias, bidirectional):
    one, two = (cell_of(bias=bias, seed=seed, **options) for seed in (1, 2))
    ours = Bidirectional(Recurrent(one), Recurrent(two, reverse=True)) if bidirectional else Recurrent(one)
    layer = built(bias=bias, bidirectional=bidirectional, **options)
    layer.set_weights(to_keras(ours))
    x = zoo.inputs_for(ours, 9, 4)
    assert apart(theirs(layer, x), ours.forward(x)[0]) < tolerance


@pytest.mark.parametrize("kind", CELLS)
def test_one_that_reads_in_reverse_runs_with_go_backwards_and_its_outputs_turned_round(kind):
    ours = Recurrent(cell_of(kind, True, 1), reverse=True)
    layer = built(kind, True, go_backwards=True)
    layer.set_weights(to_keras(ours.cell))
    x = zoo.inputs_for(ours, 9, 4)
    assert apart(theirs(layer, x)[::-1], ours.forward(x)[0]) < 1e-6


def test_a_dense_layer_and_an_embedding_of_ours_run_in_keras():
    layers, rng = keras_layers(), np.random.default_rng(0)
    dense, embedding = zoo.shaken(Dense(6, 3, rng=rng), 1), Embedding(8, 6, rng=rng)
    theirs_dense, theirs_embedding = layers.Dense(3), layers.Embedding(8, 6)
    theirs_dense.build((4, 6))
    theirs_embedding.build((4, 9))
    theirs_dense.set_weights(to_keras(dense))
    theirs_embedding.set_weights(to_keras(embedding))
    ids = rng.integers(0, 8, (9, 4))
    expected = dense.forward(embedding.forward(ids)[0])
    assert apart(np.asarray(theirs_dense(theirs_embedding(ids)).detach()), expected) < 1e-6
