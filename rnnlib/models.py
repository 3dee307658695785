"""Wirings: one class for each shape of input and output. The cell inside is always the same.

Every model has `loss(batch, into=None) -> (loss, grads)`, `predict(x, lengths) -> probabilities`, and is trained by
`training.fit`. A batch is checked once, by `model.batch(...)`, before anything is computed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .functions import FloatArray, IntArray, cross_entropy, softmax
from .layers import Dense, Recurrent, Workspace
from .parameters import Grads, Parametric, as_floats, as_lengths, flatten

__all__ = ["Batch", "ManyToOne", "Model"]


class Batch(NamedTuple):
    """Checked examples: inputs, targets (None where only a prediction is wanted) and true lengths."""

    x: Any
    y: Any
    lengths: IntArray | None = None

    def __len__(self) -> int:  # the number of examples, not of fields
        return int(self.x.shape[1])

    def take(self, chosen: IntArray) -> Batch:
        """The chosen examples; time is cut to the longest of them."""
        if self.lengths is None:
            return Batch(self.x[:, chosen], self.y[chosen])
        lengths = self.lengths[chosen]
        longest = int(lengths.max())
        x = np.ascontiguousarray(self.x[:longest, chosen])
        return Batch(x, self.y[chosen], None if (lengths == longest).all() else lengths)


class Model(Parametric):
    """What the wirings share: a body that reads, an output layer, and the classes' names."""

    def __init__(self, body: Recurrent, output: Dense, *, classes: tuple[str, ...] = ()) -> None:
        if body.outputs != output.inputs:
            raise ValueError(f"output: expected inputs={body.outputs} as the body gives, got {output.inputs}")
        if body.dtype != output.dtype:
            raise TypeError(f"output: expected dtype {body.dtype} as the body has, got {output.dtype}")
        if classes and len(classes) != output.outputs:
            raise ValueError(f"classes: expected {output.outputs} names, got {len(classes)}")
        self.body, self.output, self.dtype = body, output, body.dtype
        self.classes = tuple(classes) or tuple(f"class {k}" for k in range(output.outputs))

    def parts(self) -> dict[str, Parametric]:
        return {"body": self.body, "output": self.output}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.body!r}, {self.output!r})"

    def batch(self, x: ArrayLike, y: ArrayLike | None = None, lengths: ArrayLike | None = None) -> Batch:
        """The examples as a checked `Batch`; a ValueError or TypeError names what does not fit."""
        raise NotImplementedError

    def loss(
        self, batch: Batch, into: Grads | None = None, workspace: Workspace | None = None
    ) -> tuple[float, Grads]:
        """Mean loss over the batch, and its gradient for every parameter (nested as in `blank()`)."""
        raise NotImplementedError

    def logits(self, batch: Batch) -> FloatArray:
        """The outputs before the softmax."""
        raise NotImplementedError

    def gradients(
        self, x: ArrayLike, y: ArrayLike, lengths: ArrayLike | None = None
    ) -> tuple[float, dict[str, FloatArray]]:
        """Loss and gradients under the flat names of `params`."""
        loss, grads = self.loss(self.batch(x, y, lengths))
        return loss, flatten(grads)

    def predict(self, x: ArrayLike, lengths: ArrayLike | None = None) -> FloatArray:
        """The probability of each class, over the last axis."""
        return softmax(self.logits(self.batch(x, None, lengths)))

    def evaluate(self, batch: Batch) -> tuple[float, float]:
        """Loss and accuracy on a batch."""
        logits = self.logits(batch)
        return cross_entropy(logits, batch.y)[0], float(np.mean(logits.argmax(axis=-1) == batch.y.argmax(axis=-1)))


class ManyToOne(Model):
    """A sequence in, one answer out (N to 1): `y = softmax(W_hy h_T + b_y)`, read once, after the last step.

    x (T, B, I) with lengths (B,) -> one label a sequence (B,), 0..K-1. Chapters 05 and 08.
    """

    def batch(self, x: ArrayLike, y: ArrayLike | None = None, lengths: ArrayLike | None = None) -> Batch:
        inputs = as_floats("x", x, ("T", "B", self.body.inputs), self.dtype)
        T, B, _ = inputs.shape
        if T == 0:
            raise ValueError("x: expected at least one step, got T = 0")
        targets = None if y is None else one_hot(as_labels("y", y, (B,), self.output.outputs), self.output)
        return Batch(inputs, targets, as_lengths(lengths, T, B))

    def logits(self, batch: Batch) -> FloatArray:
        y, final, _ = self.body.forward(batch.x, None, batch.lengths)
        return self.output.forward(self.body.summary(y, final))

    def loss(
        self, batch: Batch, into: Grads | None = None, workspace: Workspace | None = None
    ) -> tuple[float, Grads]:
        y, final, tape = self.body.forward(batch.x, None, batch.lengths, workspace=workspace)
        h = self.body.summary(y, final)
        loss, d_logits = cross_entropy(self.output.forward(h), batch.y)
        grads = self.blank() if into is None else into
        d_h, _ = self.output.backward(d_logits, h, grads["output"])
        self.body.backward(None, tape, self.body.summary_back(d_h), into=grads["body"], inputs=False)
        return loss, grads


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


def one_hot(labels: IntArray, output: Dense) -> FloatArray:
    """labels (...) -> (..., K): 1 at the label, 0 elsewhere."""
    return np.eye(output.outputs, dtype=output.dtype)[labels]
