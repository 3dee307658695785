"""One small example of every layer, by name, for the tests that hold for all of them."""

import numpy as np

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.layers import Bidirectional, Conv1D, Embedding, Recurrent, Stacked
from rnnlib.parameters import leaves, map_state

CELLS = {
    "rnn tanh": (RNNCell, {}),
    "rnn relu": (RNNCell, {"activation": "relu"}),
    "rnn linear": (RNNCell, {"activation": "linear"}),
    "rnn without bias": (RNNCell, {"bias": False}),
    "lstm": (LSTMCell, {}),
    "lstm with peepholes": (LSTMCell, {"peepholes": True}),
    "lstm without bias": (LSTMCell, {"bias": False}),
    "gru": (GRUCell, {}),
    "gru reset before": (GRUCell, {"reset_after": False}),
    "gru without bias": (GRUCell, {"bias": False}),
    "gru reset before, without bias": (GRUCell, {"bias": False, "reset_after": False}),
}
CONVOLUTIONS = {
    "conv causal": {"kernel": 2},
    "conv causal, dilated": {"kernel": 3, "dilation": 2, "activation": "tanh"},
    "conv centred": {"kernel": 3, "causal": False},
    "conv centred, even and dilated": {"kernel": 2, "causal": False, "dilation": 3, "activation": None},
}


def cell(name, inputs=2, hidden=3, seed=0, dtype=np.float64):
    """A cell with every parameter drawn anew (first biases are zero, which would hide mistakes)."""
    kind, options = CELLS[name]
    return shaken(kind(inputs, hidden, rng=np.random.default_rng(seed), dtype=dtype, **options), seed)


def shaken(part, seed):
    """The same part, every parameter drawn from N(0, 0.5**2)."""
    rng = np.random.default_rng([seed, 1])
    for array in part.params.values():
        array[...] = 0.5 * rng.standard_normal(array.shape)
    return part


def layer(name, inputs=2, hidden=3, seed=0, dtype=np.float64):
    """A layer by its name in `LAYERS`."""
    rng = np.random.default_rng(seed)

    def over_time(kind, width, reverse=False):
        return Recurrent(cell(kind, width, hidden, seed, dtype), reverse=reverse)

    def both(kind, width):
        return Bidirectional(over_time(kind, width), over_time(kind, width, reverse=True))

    if name in CELLS:
        return over_time(name, inputs)
    if name.startswith("reverse "):
        return over_time(name.removeprefix("reverse "), inputs, reverse=True)
    if name.startswith("both ways "):
        return shaken(both(name.removeprefix("both ways "), inputs), seed)
    if name in CONVOLUTIONS:
        return shaken(Conv1D(inputs, hidden, rng=rng, dtype=dtype, **CONVOLUTIONS[name]), seed)
    if name == "embedding":
        return Embedding(inputs + 3, hidden, rng=rng, dtype=dtype)
    parts = {
        "stack of rnn and gru": lambda: [over_time("rnn tanh", inputs), over_time("gru", hidden)],
        "stack of both ways": lambda: [both("lstm", inputs), both("rnn tanh", 2 * hidden)],
        "stack of conv and lstm": lambda: [
            layer("conv causal", inputs, hidden, seed, dtype),
            over_time("lstm", hidden),
        ],
        "stack of lstm and conv": lambda: [
            over_time("lstm", inputs),
            layer("conv centred", hidden, hidden, seed, dtype),
        ],
        "stack of embedding and gru": lambda: [
            Embedding(inputs + 3, 2, rng=rng, dtype=dtype),
            over_time("gru", 2),
        ],
    }[name]()
    return shaken(Stacked(parts), seed)


STACKS = (
    "stack of rnn and gru",
    "stack of both ways",
    "stack of conv and lstm",
    "stack of lstm and conv",
    "stack of embedding and gru",
)
REVERSED = ("reverse rnn tanh", "reverse lstm with peepholes", "reverse gru", "reverse gru reset before")
BOTH_WAYS = ("both ways rnn relu", "both ways lstm", "both ways gru")
LAYERS = (*CELLS, *REVERSED, *BOTH_WAYS, *CONVOLUTIONS, *STACKS, "embedding")
WITH_MEMORY = tuple(name for name in LAYERS if not name.startswith(("conv", "embedding")))


def inputs_for(part, T, B, seed=0):
    """Random inputs (T, B, I), or whole numbers (T, B) for a layer that looks words up."""
    rng = np.random.default_rng([seed, 2])
    if part.takes_ids:
        return rng.integers(0, part.inputs, (T, B))
    return rng.standard_normal((T, B, part.inputs)).astype(part.dtype)


def state_for(part, B, seed=0):
    """A random first state in the form that the layer takes; None for a layer without memory."""
    rng = np.random.default_rng([seed, 3])
    _, final, _ = part.forward(inputs_for(part, 1, B))
    if not leaves(final):
        return None
    return map_state(lambda s: rng.standard_normal(s.shape).astype(s.dtype), final)


def seeds_back(y, final, seed=0):
    """Random gradients on the outputs and on the final state."""
    rng = np.random.default_rng([seed, 4])
    draw = lambda s: rng.standard_normal(s.shape).astype(s.dtype)  # noqa: E731
    return draw(y), map_state(draw, final)


def lengths_for(T, B, seed=0, least=0):
    """Random true lengths, `least` to T."""
    return np.random.default_rng([seed, 5]).integers(least, T + 1, B)
