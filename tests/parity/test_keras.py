"""Weights against `SimpleRNN`, `LSTM` and `GRU` of Keras: to 1e-10, and to 1e-6 where Keras itself rounds."""

import pytest

from tests.interop_checks import against_keras
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
