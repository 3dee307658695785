"""One small example of every wiring, by name, with a batch of data for it."""

import numpy as np

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.layers import Dense, Embedding, Recurrent, Stacked
from rnnlib.models import EncoderDecoder, ManyToMany, ManyToOne, OneToMany, OneToOne

from . import zoo

CELLS = {"rnn": RNNCell, "lstm": LSTMCell, "gru": GRUCell}
READING = {  # name -> wiring, layer, options
    "one to one": (OneToOne, "rnn tanh", {}),
    "one to one, gru": (OneToOne, "gru", {}),
    "many to one": (ManyToOne, "rnn tanh", {}),
    "many to one, lstm": (ManyToOne, "lstm with peepholes", {}),
    "many to one, gru, mean": (ManyToOne, "gru", {"pool": "mean"}),
    "many to one, both ways": (ManyToOne, "both ways lstm", {}),
    "many to one, both ways, max": (ManyToOne, "both ways gru", {"pool": "max"}),
    "many to one, stack": (ManyToOne, "stack of both ways", {}),
    "many to one, conv": (ManyToOne, "conv causal", {}),
    "many to one, conv, max": (ManyToOne, "conv centred", {"pool": "max"}),
    "many to one, words": (ManyToOne, "stack of embedding and gru", {}),
    "many to one, class weights": (ManyToOne, "rnn tanh", {"class_weights": [0.5, 2.0, 1.0]}),
    "many to one, yes and no": (ManyToOne, "rnn tanh", {"loss": "binary_cross_entropy"}),
    "many to one, numbers": (ManyToOne, "gru", {"loss": "mean_squared_error"}),
    "many to many": (ManyToMany, "rnn tanh", {}),
    "many to many, both ways": (ManyToMany, "both ways lstm", {}),
    "many to many, stack": (ManyToMany, "stack of rnn and gru", {}),
    "many to many, class weights": (ManyToMany, "gru", {"class_weights": [0.5, 2.0, 0.0]}),
    "many to many, numbers": (ManyToMany, "lstm", {"loss": "mean_squared_error"}),
}
WRITING = {  # name -> kind of cell, whether its decoder looks words up and has two layers
    "one to many, rnn": ("rnn", False),
    "one to many, lstm": ("lstm", False),
    "one to many, gru, words and two layers": ("gru", True),
    "encoder and decoder, rnn": ("rnn", False),
    "encoder and decoder, lstm, words and two layers": ("lstm", True),
    "encoder and decoder, gru": ("gru", False),
}
MODELS = (*READING, *WRITING)
WITH_TIME = tuple(name for name in MODELS if not name.startswith("one"))


def model(name, inputs=2, hidden=3, classes=3, seed=0, dtype=np.float64, **more):
    """A model by its name in `MODELS`, every parameter drawn from N(0, 0.5**2)."""
    rng = np.random.default_rng(seed)
    if name in READING:
        wiring, layer, options = READING[name]
        body = zoo.layer(layer, inputs, hidden, seed, dtype)
        built = wiring(body, Dense(body.outputs, classes, rng=rng, dtype=dtype), **(options | more))
    else:
        built = _writer(name, inputs, hidden, classes, rng, dtype, more)
    return zoo.shaken(built, seed)


def _writer(name, inputs, hidden, symbols, rng, dtype, more):
    kind, deep = WRITING[name]

    def recurrent(width):
        return Recurrent(CELLS[kind](width, hidden, rng=rng, dtype=dtype))

    def tower(width):
        return Stacked([recurrent(width), recurrent(hidden)]) if deep else recurrent(width)

    body = tower(symbols)
    if deep:
        body = Stacked([Embedding(symbols, 2, rng=rng, dtype=dtype), recurrent(2), recurrent(hidden)])
    output = Dense(hidden, symbols, rng=rng, dtype=dtype)
    if name.startswith("one to many"):
        return OneToMany(Dense(inputs, hidden, rng=rng, dtype=dtype), body, output, end=0, **more)
    return EncoderDecoder(tower(inputs), body, output, end=0, **more)


def data(built, T=4, B=3, S=5, seed=0, ragged=True):
    """x, y and the lengths (a dictionary of keywords) that the model takes."""
    rng = np.random.default_rng([seed, 6])
    K = built.output.outputs
    reads = getattr(built, "encoder", built.body) if built.x_time else None
    if reads is None:
        x = rng.standard_normal((B, built.begin.inputs if hasattr(built, "begin") else built.body.inputs))
    else:
        x = zoo.inputs_for(reads, T, B, seed)
    more = {"lengths": zoo.lengths_for(T, B, seed, least=1)} if ragged and built.x_time else {}
    x = x.astype(built.dtype) if x.dtype.kind == "f" else x
    if hasattr(built, "end"):
        more |= {"y_lengths": zoo.lengths_for(S, B, seed + 1, least=1)} if ragged else {}
        return x, rng.integers(0, K, (S, B)), more
    shape = (T, B) if built.y_time else (B,)
    if built.loss_name == "cross_entropy":
        return x, rng.integers(0, K, shape), more
    return x, rng.random((*shape, K)), more
