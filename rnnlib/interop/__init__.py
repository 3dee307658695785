"""To and from others: the weights of PyTorch, ONNX and Keras, and files of our own. NumPy alone; nothing is imported.

notation   who calls what how, and in which order the gates stand: one table     chapter 00
pytorch    `nn.RNN`, `nn.LSTM`, `nn.GRU`: weights, states and gradients, both ways  chapter 06
onnx       the operators RNN, LSTM and GRU, run as their specification says       chapter 06
onnx_out   `to_onnx`: a model or a layer as a file that onnxruntime runs          chapter 09
keras      `SimpleRNN`, `LSTM`, `GRU`: weights, both ways                         chapter 06
storage    `save` and `load`: a model in one file that is checked and never run   chapter 08

A conversion that would lose something (a second bias, the place of the reset, a clip) raises and says why.
"""

from .keras import from_keras, to_keras
from .notation import GATES, Row, notation_table, reorder
from .onnx import OnnxOperator, from_onnx
from .onnx_out import to_onnx
from .pytorch import from_pytorch, gradients_to_pytorch, state_from_pytorch, state_to_pytorch, to_pytorch
from .storage import load, load_words, save

__all__ = [
    "GATES",
    "OnnxOperator",
    "Row",
    "from_keras",
    "from_onnx",
    "from_pytorch",
    "gradients_to_pytorch",
    "load",
    "load_words",
    "notation_table",
    "reorder",
    "save",
    "state_from_pytorch",
    "state_to_pytorch",
    "to_keras",
    "to_onnx",
    "to_pytorch",
]
