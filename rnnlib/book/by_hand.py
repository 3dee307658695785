"""A network that nobody trained: its weights are small whole numbers, and it gets "not" right. Chapter 02."""

from __future__ import annotations

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray
from ..layers import Dense, Recurrent
from ..models import ManyToMany

__all__ = ["WORDS", "by_hand", "one_hot"]

WORDS = ("good", "bad", "not")
PARAMS = {
    "body.W_xh": [[0, 0, 2], [2, -2, 0], [-2, 2, 0]],  # a column for each word
    "body.W_hh": [[0, 0, 0], [-4, 0, 0], [4, 0, 0]],  # a column for each unit of the state before
    "body.b_h": [0, 0, -4],
    "output.W_hy": [[0, -2, -2], [0, 2, 2]],  # a row for each class
    "output.b_y": [-2, 2],
}


def by_hand() -> ManyToMany:
    """The network: three words in, three units, "negative" and "positive" out. Chapter 02."""
    rng = np.random.default_rng(0)
    body, output = Recurrent(RNNCell(3, 3, rng=rng)), Dense(3, 2, rng=rng)
    model = ManyToMany(body, output, classes=("negative", "positive"))
    model.set_params({name: np.array(values, float) for name, values in PARAMS.items()})
    return model


def one_hot(text: str) -> FloatArray:
    """The words of a text as vectors (T, 3). ValueError for a word that the network does not know,
    TypeError for what is no text."""
    if not isinstance(text, str):
        raise TypeError(f"text: expected a text, got {type(text).__name__}")
    unknown = [word for word in text.split() if word not in WORDS]
    if unknown or not text.split():
        raise ValueError(f"text: expected words out of {', '.join(WORDS)}, got {text!r}")
    return np.eye(3)[[WORDS.index(word) for word in text.split()]]
