"""Convolution along time: the alternative to recurrence that reads a window and no more."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..functions import FloatArray, relu, relu_slope, tanh, tanh_slope
from ..parameters import Grads, as_dtype, as_size, initial
from .base import Back, Layer, Lengths, Practice, Ran, past_end

__all__ = ["Conv1D"]


class Conv1D(Layer):
    """`y_t = activation(b_k + sum_j W_k[j] x_(t + j d - shift))`, j = 0..k-1: the same k weights at every t.

    W_k (k, O, I), b_k (O,); d is the dilation. `causal=True`: shift = (k - 1) d, so y_t sees x_t and what came before;
    otherwise the window is centred, shift = (k - 1) d // 2. Outside the sequence x counts as 0. Receptive field:
    1 + (k - 1) d steps; no step waits for another. activation: "relu", "tanh" or None. Chapter 07.
    """

    names = ("W_k", "b_k")

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        kernel: int,
        rng: np.random.Generator,
        dilation: int = 1,
        causal: bool = True,
        activation: str | None = "relu",
        init: float | str = "uniform",
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("outputs", outputs)
        self.kernel, self.dilation = as_size("kernel", kernel), as_size("dilation", dilation)
        if activation not in ("relu", "tanh", None):
            raise ValueError(f'activation: expected "relu", "tanh" or None, got {activation!r}')
        self.causal, self.activation, self.dtype = bool(causal), activation, as_dtype(dtype)
        flat = initial(init, (outputs, kernel * inputs), kernel * inputs, rng, self.dtype)
        self.W_k = np.ascontiguousarray(flat.reshape(outputs, kernel, inputs).transpose(1, 0, 2))
        self.b_k = np.zeros(outputs, self.dtype)

    def __repr__(self) -> str:
        return f"Conv1D({self.inputs}, {self.outputs}, kernel={self.kernel}, dilation={self.dilation})"

    @property
    def receptive_field(self) -> int:
        """How many steps one output can see: `1 + (k - 1) d`."""
        return 1 + (self.kernel - 1) * self.dilation

    def run(self, x: Any, state: Any = None, lengths: Lengths = None, practice: Practice | None = None) -> Ran:
        T, B, _ = x.shape
        past = past_end(lengths, T)
        reach = self.receptive_field - 1
        before = reach if self.causal else reach // 2
        padded = np.zeros((T + reach, B, self.inputs), self.dtype)
        padded[before : before + T] = x if past is None else np.where(past[:, :, None], x.dtype.type(0), x)
        y = np.tile(self.b_k, (T, B, 1))
        for j in range(self.kernel):
            y += np.dot(padded[j * self.dilation : j * self.dilation + T], self.W_k[j].T)
        if self.activation:
            (relu if self.activation == "relu" else tanh)(y, y)
        if past is not None:
            y[past] = 0
        return y, (), (padded, y, past, before)

    def back(self, d_y: FloatArray | None, tape: Any, d_final: Any, grads: Grads, inputs: bool) -> Back:
        """`d_W_k[j] = sum_t d_a_t x_(t + j d - shift)^T`, `d_x_(t + j d - shift) += W_k[j]^T d_a_t`."""
        padded, y, past, before = tape
        d_a = np.zeros_like(y) if d_y is None else np.array(d_y, dtype=self.dtype)
        if self.activation:
            d_a *= (relu_slope if self.activation == "relu" else tanh_slope)(y)
        if past is not None:
            d_a[past] = 0
        T = len(y)
        rows = d_a.reshape(-1, self.outputs)
        d_padded = np.zeros_like(padded) if inputs else None
        for j in range(self.kernel):
            window = slice(j * self.dilation, j * self.dilation + T)
            np.dot(rows.T, padded[window].reshape(-1, self.inputs), out=grads["W_k"][j])
            if d_padded is not None:
                d_padded[window] += np.dot(d_a, self.W_k[j])
        np.add.reduce(rows, axis=0, out=grads["b_k"])
        if d_padded is None:
            return None, (), grads
        d_x = d_padded[before : before + T]
        return (d_x if past is None else np.where(past[:, :, None], d_x.dtype.type(0), d_x)), (), grads
