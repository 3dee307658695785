"""Recurrent neural networks from nothing but NumPy: the library of an interactive book.

functions   activations and losses, each beside its derivative                                  chapter 02
cells       one time step, forward and back: RNNCell, LSTMCell, GRUCell                         chapters 02, 06
layers      a whole sequence: Recurrent, Bidirectional, Stacked, Conv1D, TreeRNN, Embedding,
            Dropout, Dense                                                                      chapters 03, 07
models      wirings: OneToOne, OneToMany, ManyToOne, ManyToMany, EncoderDecoder                 chapter 05
training    fit; SGD, RMSProp, Adam, AdamW; clipping; EarlyStopping, Schedule                   chapter 04
gradcheck   every gradient against central differences: check_model, check_layer                chapter 04
bugs        five backward passes, four of them wrong: find them                                 chapter 04
flow        dh_T/dh_t: how much of a gradient survives its way back; spectral radius            chapter 04
trace       everything that one run computed, forward (trace) and backward (trace_back)         chapters 03, 04
race        RNN, LSTM and GRU on the recall task                                                chapter 06
ladder      a bare cell state, and one gate after the other                                     chapter 06
contest     seven structures on one task, with one budget                                       chapter 07
datebook    networks that read dates in eight languages                                         chapter 05
saliency    what an answer hangs on: each step left out                                         chapter 08
sentiment   a bag of words, and recurrent networks that have to stand beside it                 chapter 08
interop     weights to and from PyTorch, Keras and ONNX; save and load                          chapter 09
data        small data sets, vocabularies, load_phrases, load_labelled_sentences                chapters 05, 08

and, each imported by its own name because it needs more than NumPy: `rnnlib.diagrams` (pictures), `rnnlib.widgets`
(things to step through in a notebook).

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
    "trace_back",
]
