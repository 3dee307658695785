"""Recurrent neural networks from nothing but NumPy: the library of an interactive book.

functions     activations and losses, each beside its derivative         chapter 02
cells         one time step, forward and back: RNNCell, LSTMCell, GRUCell  chapters 02, 06
layers        a whole sequence: Recurrent; the output layer: Dense        chapters 03, 04
models        wirings: ManyToOne                                          chapters 05, 08
training      SGD, Adam, clipping, fit                                    chapter 04
gradcheck     every gradient against central differences                  chapter 04
trace         everything that one run computed, for diagrams              chapter 03
data          phrases, vocabularies, loaders                              chapter 08

Sizes: T steps, B sequences, I inputs, H hidden units, K classes. Time comes first: x is (T, B, I), so x[t] is step t.
"""

from . import data
from .cells import GRUCell, LSTMCell, RNNCell
from .gradcheck import check_layer, check_model, numerical_gradient
from .layers import Dense, Recurrent
from .models import ManyToOne
from .trace import Trace, trace
from .training import SGD, Adam, History, clip_by_norm, clip_by_value, fit

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Adam",
    "Dense",
    "GRUCell",
    "History",
    "LSTMCell",
    "ManyToOne",
    "RNNCell",
    "Recurrent",
    "Trace",
    "check_layer",
    "check_model",
    "clip_by_norm",
    "clip_by_value",
    "data",
    "fit",
    "numerical_gradient",
    "trace",
]
