"""What the wirings share: the batch, the loss, prediction and evaluation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..checks import as_finite, as_floats, as_labels, one_of
from ..functions import (
    FloatArray,
    IntArray,
    binary_cross_entropy,
    cross_entropy,
    mean_squared_error,
    sigmoid,
    softmax,
)
from ..layers import Dense, Layer
from ..layers.base import padding
from ..parameters import Grads, Parametric

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
    def mask(self) -> NDArray[np.bool_] | None:
        """Which steps of y are padding, (T, B); None where there are none."""
        return padding(self.lengths if self.in_step else self.y_lengths, len(self.y)) if self.y_time else None

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
        for name, part, kind in (("body", body, Layer), ("output", output, Dense)):
            if not isinstance(part, kind):
                raise TypeError(f"{name}: expected a {kind.__name__}, got {type(part).__name__}")
        if body.outputs != output.inputs:
            raise ValueError(f"output: expected inputs={body.outputs}, as the body gives, got {output.inputs}")
        if body.dtype != output.dtype:
            raise TypeError(f"output: expected dtype {body.dtype}, as the body has, got {output.dtype}")
        if one_of("loss", loss, LOSSES) == "cross_entropy" and output.outputs == 1:
            raise ValueError('output: expected at least 2 outputs for "cross_entropy": of one class p is always 1')
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
        inputs, checked = self.check_sequences(self.body, x, lengths)
        shape = inputs.shape[:2] if self.y_time else inputs.shape[1:2]
        targets = None if y is None else self._targets(y, shape)
        return Batch(inputs, targets, checked, None, self.x_time, self.y_time, self.y_time)

    def check_sequences(self, reader: Layer, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        """Inputs and lengths as `reader` takes them: at least one step each, and no NaN or infinity in what is read."""
        inputs, checked = reader.check(x, lengths)
        numbers = getattr(inputs, "x", inputs)
        if len(numbers) == 0:
            raise ValueError("x: expected at least one step, got T = 0")
        if checked is not None and len(checked) and checked.min() < 1:
            raise ValueError(f"lengths: expected at least 1 for a model, got 0 for sequence {int(checked.argmin())}")
        if numbers.dtype.kind == "f":
            as_finite("x", numbers, checked)
        return inputs, checked

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

    def loss(self, batch: Batch, rng: np.random.Generator | None = None) -> tuple[float, Grads]:
        """Mean loss over the batch, and its gradient for every parameter, under the names of `params`.

        rng: a generator switches on what belongs to training alone (dropout, `teacher_forcing`).
        """
        raise NotImplementedError

    def score(self, logits: FloatArray, batch: Batch) -> tuple[float, FloatArray]:
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
        weights = None if batch.mask is None else (~batch.mask).astype(self.dtype).ravel()
        if self.class_weights is None:
            return weights
        by_class = batch.y.reshape(-1, batch.y.shape[-1]) @ self.class_weights
        return by_class if weights is None else weights * by_class

    def gradients(self, x: Any, y: ArrayLike, lengths: ArrayLike | None = None, **more: Any) -> tuple[float, Grads]:
        """Loss and gradients under the flat names of `params`; arguments as for `batch`."""
        batch = self.batch(x, y, lengths, **more)
        if not batch.size:
            raise ValueError("x: expected at least one example, got B = 0")
        return self.loss(batch)

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
        if not isinstance(batch, Batch):
            raise TypeError(f"batch: expected what `batch(x, y, lengths)` gives, got {type(batch).__name__}")
        logits = self.logits(batch)
        loss = self.score(logits, batch)[0]
        if self.loss_name == "mean_squared_error":
            return loss, float("nan")
        if self.loss_name == "cross_entropy":
            right = logits.argmax(axis=-1) == batch.y.argmax(axis=-1)
        else:
            right = ((logits > 0) == (batch.y > 0.5)).all(axis=-1)
        return loss, float(right.mean() if batch.mask is None else right[~batch.mask].mean())
