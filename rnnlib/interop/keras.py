"""Weights of Keras' SimpleRNN, LSTM and GRU, in the order of `layer.get_weights()`. Chapter 06.

Keras stores (in, out), so every matrix is turned over. Its batches are (B, T, I); the layers here read (T, B, I).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import DTypeLike

from ..cells import Cell
from ..functions import FloatArray
from ..layers import Bidirectional, Recurrent
from .building import BLOCKS, as_arrays, as_kind, expect_shape, make_cell
from .notation import reorder

__all__ = ["from_keras"]


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
    D = 2 if bidirectional else 1
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
    if activation not in usual:
        raise ValueError(f"activation: expected {' or '.join(usual)} for {kind!r}, got {activation!r}")
    if recurrent_activation != "sigmoid":
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
