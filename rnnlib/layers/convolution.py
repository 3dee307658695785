"""Convolution along time: the alternative to recurrence that reads a window and no more."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..cells import ACTIVATIONS
from ..checks import as_dtype, as_flag, as_size, one_of
from ..parameters import Init, initial
from .base import Back, D, Layer, Lengths, Ran, Rng, masked, padding, rows


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
        init: Init = "uniform",
        dtype: DTypeLike = "f8",
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("outputs", outputs)
        self.kernel, self.dilation = as_size("kernel", kernel), as_size("dilation", dilation)
        self.activation = one_of("activation", activation, ("relu", "tanh", None))
        self.act, self.slope = ACTIVATIONS[activation or "linear"]
        self.causal, self.dtype = as_flag("causal", causal), as_dtype(dtype)
        flat = initial(init, (outputs, kernel * inputs), kernel * inputs, rng, self.dtype)
        self.W_k = np.ascontiguousarray(flat.reshape(outputs, kernel, inputs).transpose(1, 0, 2))
        self.b_k = np.zeros(outputs, self.dtype)

    def __repr__(self) -> str:
        return f"Conv1D({self.inputs}, {self.outputs}, kernel={self.kernel}, dilation={self.dilation})"

    @property
    def receptive_field(self) -> int:
        """How many steps one output can see: `1 + (k - 1) d`."""
        return 1 + (self.kernel - 1) * self.dilation

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        x, lengths = self.check(x, lengths)
        (T, B, _), mask, reach = x.shape, padding(lengths, len(x)), self.receptive_field - 1
        self.check_state(state, B)
        before = reach if self.causal else reach // 2
        padded = np.zeros((T + reach, B, self.inputs), self.dtype)
        padded[before : before + T] = masked(x, mask)
        a = np.tile(self.b_k, (T, B, 1))
        for j in range(self.kernel):
            a += np.dot(padded[j * self.dilation : j * self.dilation + T], self.W_k[j].T)
        y = masked(self.act(a), mask)
        return y, (), (self, padded, y, mask, before)

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """`d_W_k[j] = sum_t d_a_t x_(t + j d - shift)^T`, `d_x_(t + j d - shift) += W_k[j]^T d_a_t`."""
        d_y = self.check_back(d_y, tape, lambda own: own[2].shape, d_final)
        _, padded, y, mask, before = tape
        d_a = np.zeros_like(y) if d_y is None else masked(d_y * self.slope(y), mask)
        T, d_rows = len(y), rows(d_a)
        d_W_k, d_padded = np.empty_like(self.W_k), np.zeros_like(padded)
        for j in range(self.kernel):
            window = slice(j * self.dilation, j * self.dilation + T)
            d_W_k[j] = np.dot(d_rows.T, rows(padded[window]))
            d_padded[window] += np.dot(d_a, self.W_k[j])
        d_x = masked(d_padded[before : before + T], mask) if as_flag("inputs", inputs) else None
        return d_x, (), {"W_k": d_W_k, "b_k": np.add.reduce(d_rows, axis=0)}
