"""Parts that read a whole sequence: time, depth, direction, convolution, trees, and the output layer.

Every layer over time has the same two methods:

- `forward(x, state=None, lengths=None) -> (y, final, tape)`: x (T, B, I) -> y (T, B, O) and the final state;
- `backward(d_y, tape, d_final=None) -> (d_x, d_state, grads)`: gradients on outputs and final state -> on all before;
  grads is flat, name -> array, under the names of `params`.

The tape holds what one run needs for its backward pass; nothing is stored in the layer. Steps past a sequence's
length change no state, give output 0 and pass no gradient; what stands in the padding is never read.
"""

from .base import Layer
from .convolution import Conv1D
from .recurrent import Recurrent
from .simple import Dense, Dropout, Embedding
from .stacked import Bidirectional, Stacked
from .tree import Forest, TreeRNN

__all__ = ["Bidirectional", "Conv1D", "Dense", "Dropout", "Embedding", "Forest", "Layer"]
__all__ += ["Recurrent", "Stacked", "TreeRNN"]
