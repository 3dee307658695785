"""Activations and losses, each beside its derivative.

A derivative is written in terms of the *output* wherever that is possible, because a backward pass has the
output at hand: `tanh_slope(tanh(a))` is `d tanh(a) / d a`. All functions work element by element on arrays
of any shape, keep float32 as float32, and are finite at +-10,000.
"""

import numpy as np

from .checks import FloatArray, IntArray, as_floats, as_number

Weights = FloatArray | None
Loss = tuple[float, FloatArray]  # the loss, and its gradient

__all__ = ["FloatArray", "IntArray", "binary_cross_entropy", "cross_entropy", "linear", "linear_slope", "log_softmax"]
__all__ += ["mean_squared_error", "relu", "relu_slope", "sigmoid", "sigmoid_slope", "softmax", "tanh", "tanh_slope"]


def sigmoid(a: FloatArray) -> FloatArray:
    """`1 / (1 + exp(-a))`, computed as `(1 + tanh(a / 2)) / 2`, which cannot overflow. Chapter 02."""
    return 0.5 + 0.5 * np.tanh(0.5 * as_floats("a", a, (...,)))


def sigmoid_slope(y: FloatArray) -> FloatArray:
    """`d sigmoid(a) / d a = y (1 - y)` for `y = sigmoid(a)`."""
    y = as_floats("y", y, (...,))
    return y * (1 - y)


def tanh(a: FloatArray) -> FloatArray:
    """`(exp(a) - exp(-a)) / (exp(a) + exp(-a))`: between -1 and 1, with slope 1 at 0. Chapter 02."""
    return np.tanh(as_floats("a", a, (...,)))


def tanh_slope(y: FloatArray) -> FloatArray:
    """`d tanh(a) / d a = 1 - y**2` for `y = tanh(a)`."""
    return 1 - np.square(as_floats("y", y, (...,)))


def relu(a: FloatArray) -> FloatArray:
    """`max(a, 0)`. Chapter 04."""
    return np.maximum(as_floats("a", a, (...,)), 0)


def relu_slope(y: FloatArray) -> FloatArray:
    """`d relu(a) / d a` for `y = relu(a)`: 1 where `y > 0`, else 0 (at 0 it is taken as 0)."""
    y = as_floats("y", y, (...,))
    return (y > 0).astype(y.dtype)


def linear(a: FloatArray) -> FloatArray:
    """`a` as it is: a network without a squashing function, to compare the others with. Chapter 04."""
    return as_floats("a", a, (...,)).copy()


def linear_slope(y: FloatArray) -> FloatArray:
    """`d a / d a = 1`."""
    return np.ones_like(as_floats("y", y, (...,)))


def log_softmax(logits: FloatArray) -> FloatArray:
    """`z - log(sum(exp(z)))` over the last axis; the largest logit is taken out first, so nothing overflows.

    logits: numbers (..., K), K >= 1; ValueError or TypeError for anything else. Chapter 02.
    """
    logits = as_floats("logits", logits, (..., "K"))
    if not logits.shape[-1]:
        raise ValueError(f"logits: expected at least one class, got {logits.shape}")
    shifted = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))


def softmax(logits: FloatArray, temperature: float = 1.0) -> FloatArray:
    """`exp(z_k / T) / sum_j exp(z_j / T)` over the last axis: positive numbers that add up to 1.

    T, the temperature, is 1 in training; below 1 it sharpens, above 1 it flattens. ValueError for a temperature that
    is not a finite number > 0. Chapters 02 and 05.
    """
    as_number("temperature", temperature)
    return np.exp(log_softmax(logits if temperature == 1 else as_floats("logits", logits, (..., "K")) / temperature))


def cross_entropy(logits: FloatArray, targets: FloatArray, weights: Weights = None) -> Loss:
    """Mean of `-sum_k t_k log softmax(z)_k`, and its gradient with respect to the logits, `(softmax(z) - t) / N`.

    logits and targets (N, K); a row of targets adds up to 1 (one-hot for a label); weights (N,), by default all 1.
    A weight of 0 takes an example out (so padding is masked); where all weights are 0, loss and gradient are 0.
    ValueError for shapes that do not fit each other. Chapters 04 and 08.
    """
    logits, targets, weights = _alike("logits", logits, targets, weights)
    log_p = log_softmax(logits)
    slopes = np.exp(log_p) - targets
    if weights is None:
        return -float(np.vdot(targets, log_p)) / len(logits), slopes * (1 / len(logits))
    share = (weights / (float(weights.sum()) or 1.0))[:, None]
    return -float(np.vdot(targets * share, log_p)), slopes * share


def binary_cross_entropy(logits: FloatArray, targets: FloatArray, weights: Weights = None) -> Loss:
    """Mean of `-(t log s + (1 - t) log(1 - s))` with `s = sigmoid(z)`, and its gradient `(s - t) / N`.

    logits and targets (N, K), targets between 0 and 1; weights (N,). Computed as `log(1 + exp(z)) - t z`,
    in the form that does not overflow. The mean is over all N K numbers (weighted by row). ValueError for shapes that
    do not fit each other. Chapter 02.
    """
    logits, targets, weights = _alike("logits", logits, targets, weights)
    losses = np.logaddexp(0, logits).astype(logits.dtype, copy=False) - targets * logits
    return _weighted_mean(losses, sigmoid(logits) - targets, weights)


def mean_squared_error(y: FloatArray, targets: FloatArray, weights: Weights = None) -> Loss:
    """Mean of `(y - t)**2` over all N K numbers (weighted by row), and its gradient `2 (y - t) / (N K)`.

    y and targets (N, K), in the same unit; the loss is in that unit squared. ValueError for shapes that do not fit
    each other. Chapter 05.
    """
    y, targets, weights = _alike("y", y, targets, weights)
    error = y - targets
    return _weighted_mean(error * error, 2 * error, weights)


def _weighted_mean(losses: FloatArray, slopes: FloatArray, weights: Weights) -> Loss:
    if weights is None:
        return float(losses.mean()), slopes / losses.dtype.type(losses.size)
    share = (weights / ((float(weights.sum()) or 1.0) * losses.shape[1]))[:, None]
    return float((losses * share).sum()), slopes * share


def _alike(name: str, y: FloatArray, targets: FloatArray, weights: Weights) -> tuple[FloatArray, FloatArray, Weights]:
    """Outputs, targets and weights are told apart by their shapes: what NumPy would stretch is refused."""
    y = as_floats(name, y, ("N", "K"))
    if not y.size:
        raise ValueError(f"{name}: expected at least one row and one column, got {y.shape}")
    targets = as_floats("targets", targets, y.shape, y.dtype)
    return y, targets, None if weights is None else as_floats("weights", weights, y.shape[:1], y.dtype)
