"""Weights, outputs, states and all gradients against `nn.RNN`, `nn.LSTM` and `nn.GRU` in float64, to 1e-10."""

import numpy as np
import pytest
import torch

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.interop import from_pytorch, to_pytorch
from rnnlib.layers import Bidirectional, Recurrent, Stacked
from tests.interop_checks import against_pytorch, apart
from tools.make_goldens import FORMS, KINDS, pytorch_case

MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
CELLS = {"rnn": RNNCell, "lstm": LSTMCell, "gru": GRUCell}
SIZES = [(7, 3, 5, 6), (20, 3, 9, 17), (3, 3, 1, 1)]  # T, B, I, H


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_outputs_states_and_gradients(kind, form, sizes):
    T, B, inputs, hidden = sizes
    options = dict(FORMS[form])
    if "lengths" in options:
        options["lengths"] = (T, 1, max(1, T - 2))
    case = pytorch_case(
        *KINDS[kind], **options, seed=sum(map(ord, kind + form)) + T, T=T, B=B, inputs=inputs, hidden=hidden
    )
    for what, difference in against_pytorch(case).items():
        assert difference < 1e-10, what


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", MODULES)
def test_a_layer_of_ours_runs_in_pytorch(kind, bias):
    rng = np.random.default_rng(3)
    make = lambda inputs: CELLS[kind](inputs, 4, rng=rng, init=0.5, bias=bias)  # noqa: E731
    both = [Bidirectional(Recurrent(make(n)), Recurrent(make(n), reverse=True)) for n in (3, 8)]
    layer = Stacked(both)
    for array in layer.params.values():
        array += 0.1 * rng.standard_normal(array.shape)
    module = MODULES[kind](3, 4, num_layers=2, bidirectional=True, bias=bias).double()
    module.load_state_dict({name: torch.from_numpy(array) for name, array in to_pytorch(layer).items()}, strict=True)
    x = rng.standard_normal((6, 2, 3))
    assert apart(layer.forward(x)[0], module(torch.from_numpy(x))[0].detach().numpy()) < 1e-10


@pytest.mark.parametrize("kind", MODULES)
def test_a_state_dict_is_read_as_it_comes(kind):
    module = MODULES[kind](3, 4, num_layers=2, bidirectional=True)
    layer = from_pytorch(module.state_dict(), kind=kind, num_layers=2, bidirectional=True)
    named = from_pytorch(dict(module.named_parameters()), kind=kind, num_layers=2, bidirectional=True)
    assert layer.dtype == np.float32
    for name, array in layer.params.items():
        np.testing.assert_array_equal(named.params[name], array)


def test_projections_are_refused():
    module = torch.nn.LSTM(3, 4, proj_size=2)
    with pytest.raises(ValueError, match="proj_size is not supported"):
        from_pytorch(module.state_dict(), kind="lstm")


def test_bfloat16_needs_a_dtype():
    module = torch.nn.GRU(3, 4).bfloat16()
    with pytest.raises(TypeError):
        from_pytorch(module.state_dict(), kind="gru")
