"""Recurrent neural networks from nothing but NumPy: the library of an interactive book.

The core: what computes and learns.

functions   activations and losses, each beside its derivative                                  chapter 02
checks      what is asked of every argument, at the door
parameters  first weights, and every weight of a model under its name
cells       one time step, forward and back: RNNCell, LSTMCell, GRUCell                         chapters 02, 06
layers      a whole sequence: Recurrent, Bidirectional, Stacked, Conv1D, TreeRNN, Embedding,
            Dropout, Dense                                                                      chapters 03, 07
models      wirings: OneToOne, OneToMany, ManyToOne, ManyToMany, EncoderDecoder                 chapter 05
training    fit; SGD, RMSProp, Adam, AdamW; clipping; EarlyStopping, Schedule                   chapter 04

Its instruments: they look into what the core computes, or carry it elsewhere.

trace       everything that one run computed, forward (trace) and backward (trace_back)         chapters 03, 04
flow        dh_T/dh_t: how much of a gradient survives its way back; spectral radius            chapter 04
saliency    what an answer hangs on: each step left out                                         chapter 08
language    LanguageModel: what comes next in a text, and writing on from a prompt             chapter 09
judging     an accuracy beside its floor, the share of the largest class; recalls           chapters 05, 08
gradcheck   every gradient against central differences: check_model, check_layer                chapter 04
interop     weights to and from PyTorch, Keras and ONNX; to_onnx; save and load                 chapter 09

Data: it reads nothing else of the library.

data        small data sets, vocabularies, load_phrases, load_labelled_sentences                chapters 05, 08

The book: what only the book needs. The library ends here: nothing above reads what stands below.

book        bugs, datebook, race, ladder, contest, sentiment: experiments, with stored results  chapters 04 to 08
diagrams    pictures, drawn from what a model computed                                          chapters 00 to 09
plots       curves and heat maps, in the same colours                                           chapters 00 to 09
widgets     things to step through in a notebook                                                chapters 00 to 09
exercises   tasks with hints and answers, each checked by running it                            chapters 00 to 09

`import rnnlib` loads none of the book: each part is imported by its own name (`from rnnlib.book import race`, `from
rnnlib import diagrams`). Pictures, plots and widgets need more than NumPy.

Sizes: T steps, B sequences, I inputs, H hidden units, K classes. Time comes first: x is (T, B, I), so x[t] is step t.
Weights are stored (out, in): `W_xh` (H, I), `W_hh` (H, H), `W_hy` (K, H).
"""

from . import data, flow, functions, interop, trace
from .cells import GRUCell, LSTMCell, RNNCell
from .gradcheck import check_layer, check_model
from .layers import Bidirectional, Conv1D, Dense, Dropout, Embedding, Recurrent, Stacked, TreeRNN
from .models import EncoderDecoder, ManyToMany, ManyToOne, OneToMany, OneToOne
from .training import SGD, Adam, AdamW, EarlyStopping, RMSProp, Schedule, fit

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "Bidirectional",
    "Conv1D",
    "Dense",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "EncoderDecoder",
    "GRUCell",
    "LSTMCell",
    "ManyToMany",
    "ManyToOne",
    "OneToMany",
    "OneToOne",
    "RMSProp",
    "RNNCell",
    "Recurrent",
    "Schedule",
    "Stacked",
    "TreeRNN",
    "check_layer",
    "check_model",
    "data",
    "fit",
    "flow",
    "functions",
    "interop",
    "trace",
]
