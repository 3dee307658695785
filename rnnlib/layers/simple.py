"""Layers without time: the output computation, the lookup of word vectors, and dropout."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..checks import as_array, as_dtype, as_flag, as_floats, as_labels, as_lengths, as_number, as_rng, as_size, expect
from ..functions import FloatArray, IntArray
from ..parameters import Grads, Init, Parametric, initial
from .base import Back, D, Layer, Lengths, Ran, Rng, masked, padding, rows


class Dense(Parametric):
    """The output computation: `y = W_hy h + b_y`, W_hy (K, H), b_y (K,). Used on every row of any array (..., H).

    The activation that follows (softmax, sigmoid) belongs to the loss, see `functions`. Chapter 02.
    """

    names = ("W_hy", "b_y")

    def __init__(
        self, inputs: int, outputs: int, *, rng: np.random.Generator, init: Init = "uniform", dtype: DTypeLike = "f8"
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("outputs", outputs)
        self.dtype = as_dtype(dtype)
        self.W_hy = initial(init, (outputs, inputs), inputs, rng, self.dtype)
        self.b_y = np.zeros(outputs, self.dtype)

    def __repr__(self) -> str:
        return f"Dense(inputs={self.inputs}, outputs={self.outputs})"

    def check(self, h: Any) -> FloatArray:
        """Inputs (..., H) that fit, or an error that says what does not."""
        return as_floats("h", h, (..., self.inputs), self.dtype)

    def forward(self, h: FloatArray) -> FloatArray:
        """h (..., H) -> y (..., K). ValueError or TypeError for what does not fit."""
        h = self.check(h)
        y = np.dot(rows(h), self.W_hy.T)
        y += self.b_y
        return y.reshape(*h.shape[:-1], self.outputs)

    def backward(self, d_y: FloatArray, h: FloatArray) -> tuple[FloatArray, Grads]:
        """`d_h = W_hy^T d_y`, `d_W_hy = sum d_y h^T`, `d_b_y = sum d_y`, sums over all rows; h as `forward` read it."""
        h = self.check(h)
        d_y = as_floats("d_y", d_y, (*h.shape[:-1], self.outputs), self.dtype)
        d_rows = rows(d_y)
        d_h = np.dot(d_rows, self.W_hy).reshape(h.shape)
        return d_h, {"W_hy": np.dot(d_rows.T, rows(h)), "b_y": np.add.reduce(d_rows, axis=0)}


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
        rng: Rng = None,
        vectors: Any = None,
        frozen: bool = False,
        dtype: DTypeLike = "f8",
    ) -> None:
        self.inputs, self.outputs = as_size("words", words), as_size("outputs", outputs)
        self.dtype, self.frozen, shape = as_dtype(dtype), as_flag("frozen", frozen), (words, outputs)
        if vectors is None:
            vectors = initial(1.0, shape, outputs, as_rng("rng (or give vectors)", rng), self.dtype)
        self.W_e = as_floats("vectors", vectors, shape, self.dtype).copy()

    def own(self) -> tuple[str, ...]:
        return () if self.frozen else self.names

    def __repr__(self) -> str:
        return f"Embedding(words={self.inputs}, outputs={self.outputs}{', frozen=True' if self.frozen else ''})"

    def check(self, x: Any, lengths: Lengths = None) -> tuple[IntArray, IntArray | None]:
        ids = as_array("x", x, ("T", "B"), "iu", "whole numbers")
        checked = as_lengths(lengths, *ids.shape)
        mask = padding(checked, len(ids))
        read = ids if mask is None else np.where(mask, 0, ids)
        return as_labels("x", read, ids.shape, self.inputs, "numbers"), checked

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, lengths = self.check(x, lengths)
        self.check_state(state, x.shape[1])
        mask = padding(lengths, len(x))
        return masked(self.W_e[x], mask), (), (self, x, mask)

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """`d_W_e[k] = sum of d_y[t, b] over all places where word k stands`; there is no gradient on x."""
        d_y = self.check_back(d_y, tape, lambda own: (*own[1].shape, self.outputs), d_final)
        if self.frozen:
            return None, (), {}
        d_W_e = np.zeros_like(self.W_e)
        if d_y is not None:
            words, sums = self.sparse_gradient(d_y, tape)
            d_W_e[words] = sums
        return None, (), {"W_e": d_W_e}

    def sparse_gradient(self, d_y: FloatArray, tape: Any) -> tuple[IntArray, FloatArray]:
        """The words that occur (R,), and the gradient on their vectors (R, D); all other rows are zero."""
        expect(d_y is not None, "d_y: expected the gradient on the outputs, got None")
        d_y = self.check_back(d_y, tape, lambda own: (*own[1].shape, self.outputs))
        _, x, mask = tape
        here = np.ones(x.shape, bool) if mask is None else ~mask
        words, place = np.unique(x[here], return_inverse=True)
        sums = np.zeros((len(words), self.outputs), self.dtype)
        np.add.at(sums, place, d_y[here])
        return words, sums


class Dropout(Layer):
    """In training, each number is kept with probability 1 - rate and divided by it, else set to 0; otherwise nothing.

    "Inverted" dropout (Srivastava et al., 2014): the mean of every number stays, so a prediction needs no correction.
    Put it between layers, never on the recurrent connection. whole=True drops all numbers of a step together: after an
    `Embedding` that is word dropout (Iyyer et al., 2015), and the next layer learns to do without any one word. It has
    no dtype of its own: float32 stays float32. Chapter 08.
    """

    one_step = True
    dtype: Any = None

    def __init__(self, outputs: int, rate: float, *, whole: bool = False) -> None:
        self.inputs = self.outputs = as_size("outputs", outputs)
        self.rate, self.whole = as_number("rate", rate, zero=True, below=1), as_flag("whole", whole)

    def __repr__(self) -> str:
        return f"Dropout({self.outputs}, {self.rate}{', whole=True' if self.whole else ''})"

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, _ = self.check(x, lengths)
        self.check_state(state, x.shape[1])
        if rng is None or not self.rate:
            return x, (), (self, x.dtype.type(1), x.shape)
        shape = (*x.shape[:-1], 1) if self.whole else x.shape
        keep = (as_rng("rng", rng).random(shape, dtype=np.float32) >= self.rate) / x.dtype.type(1 - self.rate)
        return x * keep, (), (self, keep, x.shape)

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """What was dropped gets no gradient; what was kept gets it with the same factor."""
        d_y = self.check_back(d_y, tape, lambda own: own[2], d_final)
        return None if d_y is None else d_y * tape[1], (), {}
