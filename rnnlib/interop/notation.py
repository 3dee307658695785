"""Who calls what how: the notations of the book, its source, PyTorch, Keras and ONNX in one table. Chapter 00.

The conversions read the gate orders here, so the table that a reader sees is the one that the library computes with.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checks import as_size, one_of
from ..functions import FloatArray

__all__ = ["GATES", "Row", "notation_table", "reorder"]

# The blocks of a stacked array from the top down, in the book's letters.
GATES: dict[str, dict[str, tuple[str, ...]]] = {
    "book": {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")},
    "pytorch": {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")},
    "keras": {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("z", "r", "n")},
    "onnx": {"rnn": ("h",), "lstm": ("i", "o", "f", "g"), "gru": ("z", "r", "n")},
}
LETTERS = {"keras": {"g": "c", "n": "h"}, "onnx": {"g": "c", "n": "h"}}  # where theirs is another one
PEEPHOLES = {"book": ("i", "f", "o"), "onnx": ("i", "o", "f")}
NONE = "-"


class Row(NamedTuple):
    """One line of the table: what it is about, and how each of the five says it ("-": it has no such thing)."""

    about: str
    book: str
    source: str
    pytorch: str
    keras: str
    onnx: str


def reorder(array: FloatArray, kind: str, *, before: str, after: str, axis: int = 0) -> FloatArray:
    """The gate blocks along `axis` in another order: those of `GATES[before]` become those of `GATES[after]`.

    kind: "rnn", "lstm" or "gru". array (..., G*H, ...) -> a new array of the same shape. Chapter 06.
    ValueError where the axis cannot be cut into the blocks of this cell, and for a name that `GATES` has not.
    """
    one_of("before", before, GATES), one_of("after", after, GATES), one_of("kind", kind, GATES["book"])
    if not isinstance(array, np.ndarray):
        raise TypeError(f"array: expected an array, got {type(array).__name__}")
    as_size("axis", axis, 0, array.ndim - 1)
    have, want = GATES[before][kind], GATES[after][kind]
    if array.shape[axis] % len(have):
        raise ValueError(f"array: expected {len(have)} equal blocks along axis {axis}, got {array.shape}")
    blocks = dict(zip(have, np.split(array, len(have), axis=axis), strict=True))
    return np.concatenate([blocks[gate] for gate in want], axis=axis)


def _gates(about: str, kind: str) -> Row:
    """A row made from `GATES`, each in its own letters."""
    spelled = {who: " ".join(LETTERS.get(who, {}).get(g, g) for g in order[kind]) for who, order in GATES.items()}
    return Row(about=about, source=NONE, **spelled)


def notation_table() -> tuple[Row, ...]:
    """All lines of the table; `Row._fields` are the headings. Chapter 00.

    Sources: PyTorch's pages on `nn.RNN`, `nn.LSTM`, `nn.GRU`; Keras' on `SimpleRNN`, `LSTM`, `GRU`; the ONNX operators
    RNN, LSTM and GRU (version 22). The source of the book writes its equations with a and its code with h.
    """
    return (*_names(), *_shapes(), *_meaning())


def _names() -> tuple[Row, ...]:
    peepholes = [" ".join(PEEPHOLES[who]) for who in ("book", "onnx")]
    return (
        Row("input at step t", "x_t", "x<t>", "input", "inputs", "X"),
        Row("state at step t", "h_t", "a<t> (in code h)", "h_t (output, h_n)", "state", "H_t (Y, Y_h)"),
        Row("cell state of an LSTM", "c_t", NONE, "c_t (c_n)", "carry", "C_t (Y_c)"),
        Row("weights, input to state", "W_xh", "W_ax (in code W_xh)", "weight_ih_l0", "kernel", "W"),
        Row("weights, state to state", "W_hh", "W_aa (in code W_hh)", "weight_hh_l0", "recurrent_kernel", "R"),
        Row("bias of the state", "b_h", "b_a", "bias_ih_l0 + bias_hh_l0", "bias", "B (Wb + Rb)"),
        Row("weights, state to output", "W_hy", "W_ya (in code W_hy)", "nn.Linear: weight", "Dense: kernel", "Gemm"),
        Row("bias of the output", "b_y", "b_y", "nn.Linear: bias", "Dense: bias", "Gemm"),
        _gates("LSTM gates in order", "lstm"),
        _gates("GRU gates in order", "gru"),
        Row("peepholes in order", f"W_ch: {peepholes[0]}", NONE, NONE, NONE, f"P: {peepholes[1]}"),
    )


def _shapes() -> tuple[Row, ...]:
    return (
        Row("input weights stored as", "(G*H, I)", "(H, I)", "(G*H, I)", "(I, G*H)", "(directions, G*H, I)"),
        Row("and used as", "x @ W.T", "W x", "x @ W.T", "x @ W", "X @ W.T"),
        Row(
            "a batch of sequences",
            "(T, B, I)",
            "one sequence",
            "(T, B, I) (batch_first: (B, T, I))",
            "(B, T, I)",
            "(T, B, I) (layout=1: (B, T, I))",
        ),
        Row(
            "final states",
            "(B, H)",
            "(H,)",
            "(layers * directions, B, H)",
            "(B, H)",
            "(directions, B, H) (layout=1: (B, directions, H))",
        ),
        Row("biases, RNN and LSTM", "1: b_h", "1: b_a", "2, added", "1", "2, added"),
        Row(
            "biases, GRU",
            "b_h, and b_hn in n",
            NONE,
            "2, apart in n",
            "2 rows, apart in n (reset_after=False: 1)",
            "2, added (linear_before_reset=1: apart in n)",
        ),
        Row(
            "the other direction",
            "Bidirectional: right",
            NONE,
            "names end in _reverse",
            "second half of the list",
            "index 1 of directions",
        ),
    )


def _meaning() -> tuple[Row, ...]:
    keeps = "z * h_(t-1) + (1 - z) * n"
    return (
        Row("sign of z in a GRU", keeps, NONE, keeps, keeps, keeps),
        Row(
            "the reset acts",
            "after the product (reset_after=False: before)",
            NONE,
            "after the product",
            "after the product (reset_after=False: before)",
            "before the product (linear_before_reset=1: after)",
        ),
        Row(
            "forget gate at first",
            "b_f = 1",
            NONE,
            "drawn from U(-1/sqrt(H), 1/sqrt(H))",
            "b_f = 1 (unit_forget_bias)",
            NONE,
        ),
    )
