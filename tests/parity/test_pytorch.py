"""Weights, outputs, states and all gradients against `nn.RNN`, `nn.LSTM` and `nn.GRU` in float64, to 1e-10."""

import numpy as np
import pytest
import torch

from rnnlib import SGD, Adam, Dense, ManyToOne, fit
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.interop import from_pytorch, to_pytorch
from rnnlib.layers import Bidirectional, Recurrent, Stacked
from tests import zoo
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


# ---- two biases train as one only if one of them is held ------------------------------------------------------------

STEPS, TIMES, COUNT, INPUTS, H, CLASSES = 40, 7, 12, 3, 5, 4
SAID = {("gru", "SGD", None): ("0.3098", "0.2905"), ("gru", "Adam", None): ("0.3180", "0.2840")}  # in the docstring
OPTIMIZERS = {
    "SGD": (lambda: SGD(0.5), lambda p: torch.optim.SGD(p, 0.5)),
    "SGD with momentum": (lambda: SGD(0.1, momentum=0.9), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    "Adam": (lambda: Adam(0.02), lambda p: torch.optim.Adam(p, 0.02)),
}


def to_be_trained(kind):
    rng = np.random.default_rng(1)
    model = zoo.shaken(ManyToOne(Recurrent(CELLS[kind](INPUTS, H, rng=rng)), Dense(H, CLASSES, rng=rng)), 1)
    return model, rng.standard_normal((TIMES, COUNT, INPUTS)), rng.integers(0, CLASSES, COUNT)


def loss_in_pytorch(model, x, y, optimizer, held, clip):
    """The loss after so many steps over all examples. held: `bias_hh` is held where it stands in one sum."""
    module, output = MODULES[model.body.cell.kind](INPUTS, H).double(), torch.nn.Linear(H, CLASSES).double()
    module.load_state_dict({name: torch.tensor(array) for name, array in to_pytorch(model.body).items()})
    output.load_state_dict({"weight": torch.tensor(model.output.W_hy), "bias": torch.tensor(model.output.b_y)})
    if held and model.body.cell.kind == "gru":
        module.bias_hh_l0.register_hook(lambda g: torch.cat([torch.zeros_like(g[: 2 * H]), g[2 * H :]]))
    elif held:
        module.bias_hh_l0.requires_grad_(False)
    parameters = [p for p in [*module.parameters(), *output.parameters()] if p.requires_grad]
    steps, x, y = optimizer(parameters), torch.tensor(x), torch.tensor(y)

    def loss():
        return torch.nn.functional.cross_entropy(output(module(x)[0][-1]), y)

    for _ in range(STEPS):
        steps.zero_grad()
        loss().backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(parameters, clip)
        steps.step()
    return loss().item()


@pytest.mark.parametrize(
    ("optimizer", "clip", "tolerance"),
    [*((name, None, 1e-12) for name in OPTIMIZERS), ("SGD", 0.3, 1e-6)],  # PyTorch clips to 0.3 / (norm + 1e-6) * norm
)
@pytest.mark.parametrize("kind", CELLS)
def test_training_is_the_same_where_one_bias_is_held_and_another_where_not(kind, optimizer, clip, tolerance):
    """What the docstring of `interop.pytorch` says."""
    model, x, y = to_be_trained(kind)
    ours, theirs = OPTIMIZERS[optimizer]
    held, free = (loss_in_pytorch(model, x, y, theirs, held, clip) for held in (True, False))
    options = {"batch_size": COUNT, "rng": np.random.default_rng(0), "progress": False, "clip_norm": clip}
    fit(model, x, y, epochs=STEPS, optimizer=ours(), **options)
    loss, _ = model.evaluate(model.batch(x, y))
    assert abs(held - loss) < tolerance
    assert abs(free - loss) > 1e-4
    if (kind, optimizer, clip) in SAID:
        assert (f"{loss:.4f}", f"{free:.4f}") == SAID[kind, optimizer, clip]
