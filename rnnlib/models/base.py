"""What the wirings share: the batch, the loss, prediction and evaluation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..functions import (
    FloatArray,
    IntArray,
    binary_cross_entropy,
    cross_entropy,
    mean_squared_error,
    sigmoid,
    softmax,
)
from ..layers import Dense, Layer, Practice
from ..layers.base import past_end
from ..parameters import Grads, Parametric, as_floats, flatten

__all__ = ["Batch", "Model"]

LOSSES = {
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "mean_squared_error": mean_squared_error,
}


class Batch(NamedTuple):
    """Checked examples: inputs, targets (None where only a prediction is wanted), and their true lengths.

    The examples lie along axis 1 where there is time (`x_time`, `y_time`), else along axis 0. `in_step`: y has a row
    for each step of x, so that `lengths` are its lengths too.
    """

    x: Any
    y: Any
    lengths: IntArray | None = None
    y_lengths: IntArray | None = None
    x_time: bool = True
    y_time: bool = False
    in_step: bool = False

    @property
    def past(self) -> NDArray[np.bool_] | None:
        """Which steps of y are padding, (T, B); None where there are none."""
        return past_end(self.lengths if self.in_step else self.y_lengths, len(self.y)) if self.y_time else None

    @property
    def size(self) -> int:
        """The number of examples."""
        return int(self.x.shape[1 if self.x_time else 0])

    def take(self, chosen: IntArray) -> Batch:
        """The chosen examples; time is cut to the longest of them."""
        x, lengths = _take(self.x, chosen, self.lengths, self.x_time)
        y, y_lengths = _take(self.y, chosen, self.lengths if self.in_step else self.y_lengths, self.y_time)
        return self._replace(x=x, y=y, lengths=lengths, y_lengths=None if self.in_step else y_lengths)


def _take(array: Any, chosen: IntArray, lengths: IntArray | None, time: bool) -> tuple[Any, IntArray | None]:
    if array is None:
        return None, None
    if not time:
        return array[chosen], None
    if hasattr(array, "take") and not isinstance(array, np.ndarray):
        return array.take(chosen), None
    if lengths is None:
        return np.ascontiguousarray(array[:, chosen]), None
    lengths = lengths[chosen]
    longest = int(lengths.max(initial=0))
    return np.ascontiguousarray(array[:longest, chosen]), None if (lengths == longest).all() else lengths


class Model(Parametric):
    """A body that reads, an output layer, and a loss.

    loss: "cross_entropy" (K classes, softmax), "binary_cross_entropy" (K independent yes/no, sigmoid) or
    "mean_squared_error" (K numbers). class_weights (K,): how much an example of each class counts (cross-entropy only).
    classes: a name for each of the K outputs.
    """

    x_time = True
    y_time = False

    def __init__(
        self,
        body: Layer,
        output: Dense,
        *,
        loss: str = "cross_entropy",
        class_weights: ArrayLike | None = None,
        classes: tuple[str, ...] = (),
    ) -> None:
        if body.outputs != output.inputs:
            raise ValueError(f"output: expected inputs={body.outputs}, as the body gives, got {output.inputs}")
        if body.dtype != output.dtype:
            raise TypeError(f"output: expected dtype {body.dtype}, as the body has, got {output.dtype}")
        if loss not in LOSSES:
            raise ValueError(f"loss: expected one of {', '.join(LOSSES)}, got {loss!r}")
        if classes and len(classes) != output.outputs:
            raise ValueError(f"classes: expected {output.outputs} names, got {len(classes)}")
        if self.y_time and not body.keeps_time:
            raise ValueError(f"body: {body!r} gives one output a sequence, but this model needs one a step")
        self.body, self.output, self.dtype, self.loss_name = body, output, body.dtype, loss
        self.classes = tuple(classes) or tuple(f"class {k}" for k in range(output.outputs))
        self.class_weights: FloatArray | None = None
        if class_weights is not None:
            weights = as_floats("class_weights", class_weights, (output.outputs,), self.dtype)
            if loss != "cross_entropy" or not np.isfinite(weights).all() or (weights < 0).any():
                raise ValueError("class_weights: expected finite numbers >= 0, and loss='cross_entropy'")
            self.class_weights = weights

    def parts(self) -> dict[str, Parametric]:
        return {"body": self.body, "output": self.output}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.body!r}, {self.output!r})"

    # ---- at the door ----------------------------------------------------------------------------------------------

    def batch(self, x: Any, y: ArrayLike | None = None, lengths: ArrayLike | None = None) -> Batch:
        """The examples as a checked `Batch`; a ValueError or TypeError names what does not fit."""
        inputs, checked = self.body.check(x, lengths)
        T, B = inputs.shape[:2]
        if T == 0:
            raise ValueError("x: expected at least one step, got T = 0")
        if checked is not None and B and checked.min() < 1:
            raise ValueError(f"lengths: expected at least 1 for a model, got 0 for sequence {int(checked.argmin())}")
        targets = None if y is None else self._targets(y, (T, B) if self.y_time else (B,))
        return Batch(inputs, targets, checked, None, self.x_time, self.y_time, self.y_time)

    def _targets(self, y: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
        """Labels as one-hot rows (..., K); for the other losses numbers (..., K), or (...) where K = 1."""
        K = self.output.outputs
        if self.loss_name == "cross_entropy":
            return np.eye(K, dtype=self.dtype)[as_labels("y", y, shape, K)]
        values = np.asarray(y)
        values = values[..., None] if K == 1 and values.ndim == len(shape) else values
        targets = as_floats("y", values, (*shape, K), self.dtype)
        if not np.isfinite(targets).all():
            raise ValueError("y: expected finite numbers, got NaN or infinity")
        if self.loss_name == "binary_cross_entropy" and ((targets < 0) | (targets > 1)).any():
            raise ValueError("y: expected numbers between 0 and 1")
        return targets

    # ---- loss -----------------------------------------------------------------------------------------------------

    def logits(self, batch: Batch) -> FloatArray:
        """The outputs before the softmax (or the sigmoid)."""
        raise NotImplementedError

    def loss(self, batch: Batch, into: Grads | None = None, practice: Practice | None = None) -> tuple[float, Grads]:
        """Mean loss over the batch, and its gradient for every parameter (nested as in `blank()`)."""
        raise NotImplementedError

    def _score(self, logits: FloatArray, batch: Batch) -> tuple[float, FloatArray]:
        """Loss and gradient on the logits; padded steps have weight 0."""
        if batch.y is None:
            raise ValueError("batch: expected targets y, got a batch without them")
        weights = self._weights(batch)
        if logits.ndim == 2:
            return LOSSES[self.loss_name](logits, batch.y, weights)
        K = logits.shape[-1]
        loss, d_logits = LOSSES[self.loss_name](logits.reshape(-1, K), batch.y.reshape(-1, K), weights)
        return loss, d_logits.reshape(logits.shape)

    def _weights(self, batch: Batch) -> FloatArray | None:
        weights = None if batch.past is None else (~batch.past).astype(self.dtype).ravel()
        if self.class_weights is None:
            return weights
        by_class = batch.y.reshape(-1, batch.y.shape[-1]) @ self.class_weights
        return by_class if weights is None else weights * by_class

    def gradients(
        self, x: Any, y: ArrayLike, lengths: ArrayLike | None = None, **more: Any
    ) -> tuple[float, dict[str, FloatArray]]:
        """Loss and gradients under the flat names of `params`; arguments as for `batch`."""
        loss, grads = self.loss(self.batch(x, y, lengths, **more))
        return loss, flatten(grads)

    # ---- answers --------------------------------------------------------------------------------------------------

    def predict(self, x: Any, lengths: ArrayLike | None = None) -> FloatArray:
        """The probability of each class over the last axis (for mean squared error: the numbers themselves)."""
        logits = self.logits(self.batch(x, None, lengths))
        return self.answer(logits)

    def answer(self, logits: FloatArray) -> FloatArray:
        """Logits as the loss reads them: softmax, sigmoid, or (mean squared error) as they are."""
        if self.loss_name == "mean_squared_error":
            return logits
        return softmax(logits) if self.loss_name == "cross_entropy" else sigmoid(logits)

    def evaluate(self, batch: Batch) -> tuple[float, float]:
        """Loss and accuracy on a batch; padded steps do not count. For mean squared error the accuracy is NaN."""
        logits = self.logits(batch)
        loss = self._score(logits, batch)[0]
        if self.loss_name == "mean_squared_error":
            return loss, float("nan")
        if self.loss_name == "cross_entropy":
            right = logits.argmax(axis=-1) == batch.y.argmax(axis=-1)
        else:
            right = ((logits > 0) == (batch.y > 0.5)).all(axis=-1)
        return loss, float(right.mean() if batch.past is None else right[~batch.past].mean())


def as_labels(name: str, y: ArrayLike, shape: tuple[int, ...], classes: int) -> IntArray:
    """Labels as integers 0..classes-1 in the given shape, or an error that says what came."""
    labels = np.asarray(y)
    if labels.dtype.kind == "b":
        labels = labels.astype(np.intp)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected whole numbers (one label each), got dtype {labels.dtype}")
    if labels.shape != shape:
        raise ValueError(f"{name}: expected {shape}, got {labels.shape}")
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(f"{name}: expected labels 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    return labels
