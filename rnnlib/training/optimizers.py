"""Optimizers and gradient clipping, on one flat vector of parameters and one of gradients."""

from math import isfinite

import numpy as np

from ..checks import as_array, as_flag, as_floats, as_number, expect
from ..functions import FloatArray


def norm(gradient: FloatArray) -> float:
    """The Euclidean norm. A long vector is summed by NumPy and not by BLAS, whose threads would change the last bits.

    Where a square is too large for the dtype (1e20 in float32), the largest element is taken out first.
    """
    with np.errstate(over="ignore"):
        square = np.dot(gradient, gradient) if gradient.size < 8192 else np.einsum("i,i->", gradient, gradient)
    if isfinite(square):
        return float(float(square) ** 0.5)
    largest = float(np.abs(gradient).max())
    return largest * norm(gradient / gradient.dtype.type(largest)) if isfinite(largest) else largest


def _flat(name: str, array: FloatArray) -> FloatArray:
    """What is to be changed in place: an array of floats in a row, or an error."""
    expect(isinstance(array, np.ndarray), f"{name}: expected an array, got {type(array).__name__}", TypeError)
    return as_array(name, array, ("N",), "f", "floats")


def clip_by_value(gradient: FloatArray, bound: float) -> float:
    """Put every element between -bound and +bound, in place; gives back the norm before. The direction may change.

    Where the norm is at most `bound`, no element can be beyond it, and nothing has to be looked at. Chapter 04.
    """
    size = norm(_flat("gradient", gradient))
    if not size <= as_number("bound", bound):
        np.clip(gradient, -bound, bound, out=gradient)
    return size


def clip_by_norm(gradient: FloatArray, bound: float) -> float:
    """Scale the whole gradient so that its norm is at most `bound`, in place; gives back the norm before.

    The direction stays (Pascanu et al., 2013). Chapter 04.
    """
    size = norm(_flat("gradient", gradient))
    if as_number("bound", bound) < size < float("inf"):
        gradient *= bound / size
    return size


class Optimizer:
    """Anything with a learning rate and an `update`. The rate may be changed at any time; it stays a number > 0."""

    m: FloatArray | None = None  # what is remembered for each parameter: a mean of its gradients,
    v: FloatArray | None = None  # and one of their squares

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    @property
    def learning_rate(self) -> float:
        """The size of a step."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = as_number("learning_rate", value)

    def update(self, vector: FloatArray, gradient: FloatArray) -> None:
        """One update of `vector`, in place. ValueError or TypeError, and nothing has changed, where they do not fit."""
        self.step(_flat("vector", vector), as_floats("gradient", gradient, vector.shape, vector.dtype))

    def step(self, vector: FloatArray, gradient: FloatArray) -> None:
        """The formula: what `update` does once both are checked."""
        raise NotImplementedError


def _memory(kept: FloatArray | None, vector: FloatArray) -> FloatArray:
    """What an optimizer remembers for each parameter: zeros at first; a ValueError where the model is another one."""
    if kept is not None and kept.shape != vector.shape:
        sizes = f"it remembers {kept.size} parameters, this model has {vector.size}"
        raise ValueError(f"optimizer: {sizes}; make a new one")
    return np.zeros_like(vector) if kept is None else kept


class SGD(Optimizer):
    """Stochastic gradient descent: `p <- p - learning_rate g`.

    With momentum b: `m <- b m + g`, `p <- p - learning_rate m`; with `nesterov=True` `p <- p - learning_rate (g + b
    m)`, which looks ahead to where m leads (Sutskever et al., 2013, in PyTorch's form). Chapter 04.
    """

    def __init__(self, learning_rate: float, *, momentum: float = 0.0, nesterov: bool = False) -> None:
        super().__init__(learning_rate)
        self.momentum = as_number("momentum", momentum, zero=True, below=1)
        expect(self.momentum or not nesterov, "nesterov: expected a momentum > 0 with it")
        self.nesterov = as_flag("nesterov", nesterov)

    def step(self, vector: FloatArray, gradient: FloatArray) -> None:
        """One update, in place."""
        if self.momentum:
            self.m = self.momentum * _memory(self.m, vector) + gradient
            gradient = gradient + self.momentum * self.m if self.nesterov else self.m
        vector -= self.learning_rate * gradient


class RMSProp(Optimizer):
    """Each parameter's gradient over a running root mean square of it: `v <- d v + (1 - d) g**2`,
    `p <- p - learning_rate g / (sqrt(v) + epsilon)` (Tieleman and Hinton, 2012). Chapter 04.
    """

    def __init__(self, learning_rate: float = 0.001, *, decay: float = 0.99, epsilon: float = 1e-8) -> None:
        super().__init__(learning_rate)
        self.decay = as_number("decay", decay, zero=True, below=1)
        self.epsilon = as_number("epsilon", epsilon)

    def step(self, vector: FloatArray, gradient: FloatArray) -> None:
        """One update, in place."""
        self.v = _memory(self.v, vector)
        self.v += (1 - self.decay) * (gradient * gradient - self.v)
        vector -= self.learning_rate * gradient / (np.sqrt(self.v) + self.epsilon)


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): running means m of g and v of g**2, corrected for their start at zero.

    `m^ = m / (1 - beta1**t)`, `v^ = v / (1 - beta2**t)`, `p <- p - learning_rate m^ / (sqrt(v^) + epsilon)`. Chapter
    04.
    """

    def __init__(
        self, learning_rate: float = 0.001, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.beta1, self.beta2 = (as_number(f"beta{k}", b, zero=True, below=1) for k, b in ((1, beta1), (2, beta2)))
        self.epsilon, self.t = as_number("epsilon", epsilon), 0

    def step(self, vector: FloatArray, gradient: FloatArray) -> None:
        """One update, in place."""
        self.m, self.v, self.t = _memory(self.m, vector), _memory(self.v, vector), self.t + 1
        self.m += (1 - self.beta1) * (gradient - self.m)
        self.v += (1 - self.beta2) * (gradient * gradient - self.v)
        scale = np.sqrt(self.v / (1 - self.beta2**self.t)) + self.epsilon
        vector -= (self.learning_rate / (1 - self.beta1**self.t)) * self.m / scale


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: first `p <- p (1 - learning_rate weight_decay)`, then Adam's
    update (Loshchilov and Hutter, 2019). It decays every parameter, biases included. Chapter 04.
    """

    def __init__(self, learning_rate: float = 0.001, *, weight_decay: float = 0.01, **options: float) -> None:
        super().__init__(learning_rate, **options)
        self.weight_decay = as_number("weight_decay", weight_decay, zero=True)

    def step(self, vector: FloatArray, gradient: FloatArray) -> None:
        vector *= 1 - self.learning_rate * self.weight_decay
        super().step(vector, gradient)
