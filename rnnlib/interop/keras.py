"""Weights of Keras' SimpleRNN, LSTM and GRU, in the order of `layer.get_weights()`, both ways. Chapter 06.

Keras stores (in, out), so every matrix is turned over. Its batches are (B, T, I); the layers here read (T, B, I).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..cells import Cell, GRUCell, LSTMCell, RNNCell
from ..checks import as_flag, one_of
from ..functions import FloatArray
from ..layers import Bidirectional, Dense, Embedding, Layer, Recurrent
from ..parameters import Parametric
from .building import BLOCKS, as_arrays, as_kind, expect_shape, make_cell
from .notation import reorder

__all__ = ["from_keras", "to_keras"]


def from_keras(
    kind: str,
    weights: Sequence[Any],
    *,
    reset_after: bool = True,
    bidirectional: bool = False,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    dtype: DTypeLike | None = None,
) -> Recurrent | Bidirectional:
    """`layer.get_weights()` of a Keras layer -> a layer that computes the same.

    kind: "rnn" (or "SimpleRNN"), "lstm" or "gru". weights: kernel (I, G*H), recurrent_kernel (H, G*H) and bias (G*H,);
    without a bias (`use_bias=False`) two arrays, and the cell has none. A bidirectional layer: the forward arrays, then
    the backward ones; its outputs stand side by side (`merge_mode="concat"`). A GRU: bias (2, 3*H), row 0 for the input
    and row 1 for the state, with `reset_after=True` (Keras' default), and (3*H,) with `reset_after=False`.
    Weights alone do not say `reset_after` (where there is no bias) or the activations: give what the layer had.

    Raises: ValueError, which says why, for another number of arrays, a shape that does not fit, a bias of the other
    form of GRU, or activations that no cell here has (for an RNN "tanh", "relu" and "linear"). TypeError
    as for `from_pytorch`.
    Source: Keras' pages on the three layers. Chapter 06.
    """
    kind = "rnn" if isinstance(kind, str) and kind.lower() == "simplernn" else as_kind(kind)
    _check_activations(kind, activation, recurrent_activation)
    as_flag("reset_after", reset_after)
    D = 2 if as_flag("bidirectional", bidirectional) else 1
    if not isinstance(weights, (list, tuple)):
        raise TypeError(f"weights: expected a list of arrays, got {type(weights).__name__}")
    if len(weights) not in (2 * D, 3 * D):
        hint = "; bidirectional=True takes 4 or 6" if not bidirectional and len(weights) in (4, 6) else ""
        raise ValueError(f"weights: expected {2 * D} or {3 * D} arrays, got {len(weights)}{hint}")
    count = len(weights) // D
    labels = [f"weights[{k}]" for k in range(len(weights))]
    arrays = list(as_arrays(dict(zip(labels, weights, strict=True)), dtype).values())
    cells = [_cell(kind, arrays[d * count : (d + 1) * count], d * count, activation, reset_after) for d in range(D)]
    if not bidirectional:
        return Recurrent(cells[0])
    return Bidirectional(Recurrent(cells[0]), Recurrent(cells[1], reverse=True))


def _check_activations(kind: str, activation: str, recurrent_activation: str) -> None:
    usual = ("tanh", "relu", "linear") if kind == "rnn" else ("tanh",)
    one_of("activation", activation, usual)
    if not isinstance(recurrent_activation, str) or recurrent_activation != "sigmoid":
        raise ValueError(
            f"recurrent_activation: only sigmoid is supported, got {recurrent_activation!r}; "
            "hard_sigmoid, the default of Keras 2.2 and before, is another function"
        )


def _cell(kind: str, arrays: Sequence[FloatArray], first: int, activation: str, reset_after: bool) -> Cell:
    kernel, recurrent, *biases = arrays
    G = BLOCKS[kind]
    H = recurrent.shape[0] if recurrent.ndim == 2 else 1
    why = f"as {G} blocks of {H} units ({kind}) ask for"
    expect_shape(f"weights[{first + 1}] (recurrent_kernel)", recurrent, (H, G * H), why)
    inputs = kernel.shape[0] if kernel.ndim == 2 else 1
    expect_shape(f"weights[{first}] (kernel)", kernel, (inputs, G * H), why)
    W_xh, W_hh = (reorder(array.T, kind, before="keras", after="book") for array in (kernel, recurrent))
    b_h = b_hn = None
    if biases:
        b_h, b_hn = _biases(kind, biases[0], H, f"weights[{first + 2}] (bias)", reset_after)
    return make_cell(kind, W_xh, W_hh, b_h, b_hn=b_hn, activation=activation, reset_after=reset_after)


def _biases(kind: str, bias: FloatArray, H: int, name: str, reset_after: bool) -> tuple[FloatArray, FloatArray | None]:
    """b_h, and b_hn for a GRU with reset_after."""
    G = BLOCKS[kind]
    if kind != "gru" or not reset_after:
        two = kind == "gru" and bias.shape == (2, G * H)
        why = "one row, because reset_after=False; two rows belong to reset_after=True" if two else ""
        expect_shape(name, bias, (G * H,), why)
        return reorder(bias, kind, before="keras", after="book"), None
    expect_shape(name, bias, (2, G * H), "two rows, because reset_after=True; one row belongs to reset_after=False")
    b_i, b_r = (reorder(row, kind, before="keras", after="book") for row in bias)
    b_hn = b_r[2 * H :].copy()
    b_r[2 * H :] = 0
    return b_i + b_r, b_hn


# ---- to Keras -----------------------------------------------------------------------------------------------------


def to_keras(layer: Parametric) -> list[FloatArray]:
    """A layer or a cell -> the arrays for `set_weights` of the Keras layer that computes the same; all are copies.

    The other way round from `from_keras`: kernel, recurrent_kernel and, with a bias, bias; for a `Bidirectional` those
    of `left`, then those of `right`. Weights do not say everything: give the Keras layer the same sizes,
    `use_bias=cell.bias`, for `SimpleRNN` `activation=cell.activation`, for `GRU` `reset_after=cell.reset_after`; and
    its batches are (B, T, I). Its GRU with `reset_after=True` has two rows of bias: b_h stands in the first, and b_hn
    at the end of the second. `Dense`: kernel and bias; `Embedding`: its vectors.

    Raises: ValueError, which says why, for what Keras has no layer for: peepholes, a `Recurrent` that reads in reverse
    (Keras turns its outputs round: give `layer.cell`, and set `go_backwards=True`), directions that differ in more than
    their weights and sizes, several layers at once. TypeError for what is no layer and no cell. Chapter 09.
    """
    if isinstance(layer, Bidirectional):
        left, right = layer.left.cell, layer.right.cell
        for name in ("kind", "bias", "activation", "reset_after"):
            ours = [getattr(cell, name, None) for cell in (left, right)]
            if ours[0] != ours[1]:
                got = f"{ours[0]!r} and {ours[1]!r}"
                raise ValueError(f"layer: Keras' Bidirectional has one {name} for both directions, got {got}")
        return _arrays_of(left) + _arrays_of(right)
    if isinstance(layer, Recurrent):
        if layer.reverse:
            raise ValueError(
                "layer: Keras gives the outputs of go_backwards=True in the order of reading, the last step first; "
                "give layer.cell, set go_backwards=True there, and turn the outputs round"
            )
        return _arrays_of(layer.cell)
    if isinstance(layer, Cell):
        return _arrays_of(layer)
    if isinstance(layer, Dense):
        return [layer.W_hy.T.copy(), layer.b_y.copy()]
    if isinstance(layer, Embedding):
        return [layer.W_e.copy()]
    if isinstance(layer, Layer):
        raise ValueError(f"layer: {type(layer).__name__} is no single layer of Keras; give its parts one by one")
    raise TypeError(f"layer: expected a layer or a cell, got {type(layer).__name__}")


def _arrays_of(cell: Cell) -> list[FloatArray]:
    if type(cell) not in (RNNCell, LSTMCell, GRUCell):
        raise ValueError(f"cell: expected RNNCell, LSTMCell or GRUCell, got {type(cell).__name__}")
    if isinstance(cell, LSTMCell) and cell.peepholes:
        raise ValueError("cell: Keras' LSTM has no peepholes; leaving W_ch out would change every gate")
    W_xh, W_hh = (reorder(W, cell.kind, before="book", after="keras") for W in (cell.W_xh, cell.W_hh))
    arrays = [np.ascontiguousarray(W_xh.T), np.ascontiguousarray(W_hh.T)]
    if not cell.bias:
        return arrays
    bias = reorder(cell.b_h, cell.kind, before="book", after="keras")
    if isinstance(cell, GRUCell) and cell.reset_after:
        second = np.zeros_like(bias)
        second[2 * cell.hidden :] = cell.b_hn  # n is the last block there, too
        bias = np.stack([bias, second])
    return [*arrays, bias]
