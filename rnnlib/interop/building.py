"""From arrays in the book's order to cells, with the checks that all conversions share."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..cells import Cell, GRUCell, LSTMCell, RNNCell
from ..checks import as_dtype, as_floats, one_of
from ..functions import FloatArray

__all__ = ["BLOCKS", "as_arrays", "as_kind", "as_path", "expect_shape", "make_cell"]

BLOCKS = {cell.kind: len(cell.gates) for cell in (RNNCell, LSTMCell, GRUCell)}  # G, the gates of each kind


def as_kind(kind: Any) -> str:
    """ "rnn", "lstm" or "gru", or a ValueError. `"LSTM"`, as a class is called, means the same."""
    return str(one_of("kind", kind.lower() if isinstance(kind, str) else kind, BLOCKS))


def as_path(path: Any) -> Path:
    """The name of a file, or a TypeError."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path: expected the name of a file, got {type(path).__name__}")
    return Path(path)


def as_arrays(values: Mapping[str, Any], dtype: DTypeLike | None = None) -> dict[str, FloatArray]:
    """Anything that NumPy can read (a tensor with `.detach().numpy()` too) as arrays of one dtype, all new.

    float32 and float64 stay what they are. Other floats are a TypeError unless `dtype` says what they shall become;
    so are float32 and float64 side by side. Whole numbers become float64.
    """
    read = {name: _read(name, value) for name, value in values.items()}
    if dtype is None:
        found = {array.dtype for array in read.values()} or {np.dtype(np.float64)}
        if len(found) > 1:
            raise TypeError(f"weights: expected one dtype, got {sorted(map(str, found))}; say which with dtype=")
        dtype = found.pop()
    return {name: np.array(array, dtype=as_dtype(dtype), order="C") for name, array in read.items()}


def _read(name: str, value: Any) -> FloatArray:
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.numpy()
    return as_floats(name, value, (...,))


def expect_shape(name: str, array: FloatArray, shape: Sequence[int], why: str = "") -> None:
    """ValueError where the shape is another one."""
    if array.shape != tuple(shape):
        raise ValueError(f"{name}: expected {tuple(shape)}{f', {why}' if why else ''}, got {array.shape}")


def make_cell(
    kind: str,
    W_xh: FloatArray,
    W_hh: FloatArray,
    b_h: FloatArray | None,
    *,
    b_hn: FloatArray | None = None,
    W_ch: FloatArray | None = None,
    activation: str = "tanh",
    reset_after: bool = True,
) -> Cell:
    """A cell that holds these arrays, which are in the book's order and have been checked. No b_h: `bias=False`."""
    inputs, hidden = W_xh.shape[1], W_hh.shape[1]
    options: dict[str, Any] = {"rng": np.random.default_rng(0), "init": 0.0, "dtype": W_xh.dtype}
    options["bias"] = b_h is not None
    cell: Cell
    if kind == "rnn":
        cell = RNNCell(inputs, hidden, activation=activation, **options)
    elif kind == "lstm":
        cell = LSTMCell(inputs, hidden, peepholes=W_ch is not None, **options)
    else:
        cell = GRUCell(inputs, hidden, reset_after=reset_after, **options)
    given = {"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h, "b_hn": b_hn, "W_ch": W_ch}
    cell.set_params({name: array for name, array in given.items() if array is not None})
    return cell
