"""Layers without time: the output computation, and the lookup of word vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..functions import FloatArray, IntArray
from ..parameters import Grads, Parametric, as_dtype, as_floats, as_lengths, as_size, initial
from .base import Back, Layer, Lengths, Practice, Ran, past_end

__all__ = ["Dense", "Embedding"]


class Dense(Parametric):
    """The output computation: `y = W_hy h + b_y`, W_hy (K, H), b_y (K,). Used on every row of any array (..., H).

    The activation that follows (softmax, sigmoid) belongs to the loss, see `functions`. Chapter 02.
    """

    names = ("W_hy", "b_y")

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        rng: np.random.Generator,
        init: float | str = "uniform",
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("outputs", outputs)
        self.dtype = as_dtype(dtype)
        self.W_hy = initial(init, (outputs, inputs), inputs, rng, self.dtype)
        self.b_y = np.zeros(outputs, self.dtype)

    def __repr__(self) -> str:
        return f"Dense(inputs={self.inputs}, outputs={self.outputs})"

    def forward(self, h: FloatArray) -> FloatArray:
        """h (..., H) -> y (..., K)."""
        y = np.dot(h, self.W_hy.T)
        y += self.b_y
        return y

    def backward(self, d_y: FloatArray, h: FloatArray, into: Grads | None = None) -> tuple[FloatArray, Grads]:
        """`d_h = W_hy^T d_y`, `d_W_hy = sum d_y h^T`, `d_b_y = sum d_y`, sums over all rows."""
        d_rows, rows = (d_y, h) if h.ndim == 2 else (d_y.reshape(-1, self.outputs), h.reshape(-1, self.inputs))
        grads = self.blank() if into is None else into
        np.dot(d_rows.T, rows, out=grads["W_hy"])
        np.add.reduce(d_rows, axis=0, out=grads["b_y"])
        return np.dot(d_y, self.W_hy), grads


class Embedding(Layer):
    """A lookup: word k has the vector W_e[k]; W_e (V, D). The same as `one_hot @ W_e`, without the product.

    x (T, B) whole numbers 0..V-1 -> (T, B, D). `vectors` gives first values (V, D), drawn from N(0, 1) otherwise;
    `frozen=True` keeps them. Chapter 08.
    """

    names = ("W_e",)
    takes_ids = one_step = True

    def __init__(
        self,
        words: int,
        outputs: int,
        *,
        rng: np.random.Generator | None = None,
        vectors: ArrayLike | None = None,
        frozen: bool = False,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.inputs, self.outputs = as_size("words", words), as_size("outputs", outputs)
        self.dtype, self.frozen = as_dtype(dtype), bool(frozen)
        if vectors is not None:
            self.W_e = as_floats("vectors", vectors, (words, outputs), self.dtype).copy()
        elif rng is not None:
            self.W_e = initial(1.0, (words, outputs), outputs, rng, self.dtype)
        else:
            raise TypeError("Embedding: expected rng= for random vectors, or vectors=")

    def own(self) -> tuple[str, ...]:
        return () if self.frozen else self.names

    def kept(self) -> tuple[str, ...]:
        return self.names

    def __repr__(self) -> str:
        return f"Embedding(words={self.inputs}, outputs={self.outputs}{', frozen=True' if self.frozen else ''})"

    def check(self, x: Any, lengths: ArrayLike | None = None) -> tuple[IntArray, IntArray | None]:
        ids = np.asarray(x)
        if ids.dtype.kind not in "iu":
            raise TypeError(f"x: expected whole numbers (T, B), one for each word, got dtype {ids.dtype}")
        if ids.ndim != 2:
            raise ValueError(f"x: expected (T, B), got {ids.shape}")
        checked = as_lengths(lengths, *ids.shape)
        past = past_end(checked, len(ids))
        ids = ids if past is None else np.where(past, 0, ids)
        if ids.size and (ids.min() < 0 or ids.max() >= self.inputs):
            raise ValueError(f"x: expected numbers 0 to {self.inputs - 1}, got {ids.min()} to {ids.max()}")
        return ids, checked

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        y = self.W_e[x]
        past = past_end(lengths, len(x))
        if past is not None:
            y[past] = 0
        return y, (), (x, past)

    def back(self, d_y: FloatArray | None, tape: Any, d_final: Any, grads: Grads, inputs: bool) -> Back:
        """`d_W_e[k] = sum of d_y[t, b] over all places where word k stands`; there is no gradient on x."""
        if not self.frozen:
            grads["W_e"][...] = 0
            if d_y is not None:
                rows, sums = self.sparse_gradient(d_y, tape)
                grads["W_e"][rows] = sums
        return None, (), grads

    def sparse_gradient(self, d_y: FloatArray, tape: Any) -> tuple[IntArray, FloatArray]:
        """The words that occur (R,), and the gradient on their vectors (R, D); all other rows are zero."""
        x, past = tape
        here = slice(None) if past is None else ~past.ravel()
        rows, place = np.unique(x.ravel()[here], return_inverse=True)
        sums = np.zeros((len(rows), self.outputs), self.dtype)
        np.add.at(sums, place.ravel(), d_y.reshape(-1, self.outputs)[here])
        return rows, sums
