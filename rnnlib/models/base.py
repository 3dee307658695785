"""What the wirings share: the batch, the loss, prediction and evaluation."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import functions as f
from ..checks import as_finite, as_floats, as_labels, as_rng, as_texts, expect, one_of
from ..functions import FloatArray, IntArray
from ..layers import Dense, Layer
from ..layers.base import Lengths, Rng, padding
from ..parameters import Grads, Parametric, named

LOSSES = {loss.__name__: loss for loss in (f.cross_entropy, f.binary_cross_entropy, f.mean_squared_error)}


class Batch(NamedTuple):
    """Checked examples: inputs, targets (None where only a prediction is wanted), their true lengths, and where a model
    writes the symbols that are read first, if they are not all the same.

    The examples lie along axis 1 where there is time (`x_time`, `y_time`), else along axis 0.
    """

    x: Any
    y: Any
    lengths: IntArray | None = None
    y_lengths: IntArray | None = None
    x_time: bool = True
    y_time: bool = False
    first: IntArray | None = None

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        """Which steps of y are padding, (T, B); None where there are none."""
        return padding(self.y_lengths, len(self.y)) if self.y_time else None

    @property
    def size(self) -> int:
        """The number of examples."""
        return int(self.x.shape[1 if self.x_time else 0])

    def take(self, chosen: ArrayLike) -> "Batch":
        """The chosen examples, by their numbers; time is cut to the longest of them."""
        chosen = as_labels("chosen", chosen, ("N",), self.size, "examples")
        x, lengths = _take(self.x, chosen, self.lengths, self.x_time)
        y, y_lengths = _take(self.y, chosen, self.y_lengths, self.y_time)
        first = None if self.first is None else self.first[chosen]
        return Batch(x, y, lengths, y_lengths, self.x_time, self.y_time, first)


def _take(array: Any, chosen: IntArray, lengths: IntArray | None, time: bool) -> tuple[Any, IntArray | None]:
    if array is None or not time:
        return None if array is None else array[chosen], None
    if lengths is None:
        return array.take(chosen) if hasattr(array, "trees") else np.ascontiguousarray(array[:, chosen]), None
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
        self, body: Layer, output: Dense, *, loss: str = "cross_entropy", class_weights: Any = None, classes: Any = ()
    ) -> None:
        for name, part, kind in (("body", body, Layer), ("output", output, Dense)):
            expect(isinstance(part, kind), f"{name}: expected a {kind.__name__}, got {part!r}", TypeError)
        K, dtype = output.outputs, body.dtype
        expect(output.inputs == body.outputs, f"output: expected inputs={body.outputs}, got {output.inputs}")
        expect(output.dtype == dtype, f"output: expected dtype {dtype}, as the body has, got {output.dtype}", TypeError)
        two = one_of("loss", loss, LOSSES) != "cross_entropy" or K > 1
        expect(two, 'output: expected at least 2 outputs for "cross_entropy": of one class p is always 1')
        expect(body.keeps_time or not self.y_time, f"body: {body!r} gives one output a sequence, expected one a step")
        self.body, self.output, self.dtype, self.loss_name = body, output, dtype, loss
        self.classes = as_texts("classes", as_texts("classes", classes) or [f"class {k}" for k in range(K)], K, K)
        weights = None if class_weights is None else as_floats("class_weights", class_weights, (K,), dtype)
        right = weights is None or (loss == "cross_entropy" and np.isfinite(weights).all() and (weights >= 0).all())
        expect(right, "class_weights: expected finite numbers >= 0, and loss='cross_entropy'")
        self.class_weights = weights

    def parts(self) -> dict[str, Parametric]:
        return {"body": self.body, "output": self.output}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.body!r}, {self.output!r})"

    # ---- at the door ----------------------------------------------------------------------------------------------

    def batch(self, x: Any, y: ArrayLike | None = None, lengths: Lengths = None) -> Batch:
        """The examples as a checked `Batch`; a ValueError or TypeError names what does not fit."""
        inputs, checked = self.check_inputs(x, lengths)
        shape = inputs.shape[: 2 if self.x_time else 1]
        targets = None if y is None else self.targets(y, shape if self.y_time else shape[-1:])
        return Batch(inputs, targets, checked, checked if self.y_time else None, self.x_time, self.y_time)

    def check_inputs(self, x: Any, lengths: Lengths) -> tuple[Any, IntArray | None]:
        """Inputs and lengths as the part that reads them takes them (it is the first of `parts`): at least one step
        each, and no NaN or infinity in what is read."""
        reader: Any = next(iter(self.parts().values()))
        if not self.x_time:
            expect(lengths is None, "lengths: expected None, because the input has no time in this model")
            return as_finite("x", as_floats("x", x, ("B", reader.inputs), self.dtype)), None
        inputs, checked = reader.check(x, lengths)
        expect(inputs.shape[0], "x: expected at least one step, got T = 0")
        if checked is not None and checked.min(initial=1) < 1:
            raise ValueError(f"lengths: expected at least 1 for a model, got 0 for sequence {int(checked.argmin())}")
        if not reader.takes_ids:
            as_finite("x", getattr(inputs, "x", inputs), checked)
        return inputs, checked

    def targets(self, y: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
        """Labels as one-hot rows (..., K); for the other losses numbers (..., K), or (...) where K = 1."""
        K = self.output.outputs
        if self.loss_name == "cross_entropy":
            return np.eye(K, dtype=self.dtype)[as_labels("y", y, shape, K)]
        if K == 1 and np.ndim(y) == len(shape):
            y = np.asarray(y)[..., None]
        targets = as_finite("y", as_floats("y", y, (*shape, K), self.dtype))
        share = self.loss_name == "mean_squared_error" or ((targets >= 0) & (targets <= 1)).all()
        expect(share, "y: expected numbers between 0 and 1")
        return targets

    def check_lesson(self, batch: Batch) -> None:
        """What `fit` asks of a batch besides: nothing, where a model reads."""

    # ---- loss -----------------------------------------------------------------------------------------------------

    def features(self, batch: Batch, rng: Rng = None) -> tuple[FloatArray, Any]:
        """What the output layer reads, (..., H), and what `features_back` needs."""
        raise NotImplementedError

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        """The gradient on what the output layer read, carried on to every parameter before it."""
        raise NotImplementedError

    def logits(self, batch: Batch) -> FloatArray:
        """The outputs before the softmax (or the sigmoid)."""
        return self.output.forward(self.features(as_batch(batch))[0])

    def loss(self, batch: Batch, rng: Rng = None) -> tuple[float, Grads]:
        """Mean loss over the batch, and its gradient for every parameter, under the names of `params`.

        rng: a generator switches on what belongs to training alone (dropout, `teacher_forcing`).
        """
        rng = None if rng is None else as_rng("rng", rng)
        return self.loss_of(*self.features(as_batch(batch, True), rng), batch)

    def loss_of(self, s: FloatArray, tape: Any, batch: Batch) -> tuple[float, Grads]:
        """The same, from what `features` gave."""
        loss, d_logits = self.score(self.output.forward(s), batch)
        d_s, output = self.output.backward(d_logits, s)
        return loss, self.features_back(d_s, tape) | named(output=output)

    def score(self, logits: FloatArray, batch: Batch) -> tuple[float, FloatArray]:
        """Loss and gradient on the logits."""
        y, weights = batch.y.reshape(-1, batch.y.shape[-1]), self.weights(batch)
        flat = None if weights is None else weights.ravel()
        loss, d_logits = LOSSES[self.loss_name](logits.reshape(y.shape), y, flat)
        return loss, d_logits.reshape(logits.shape)

    def weights(self, batch: Batch) -> FloatArray | None:
        """How much each target counts, (B,) or (T, B): padding not at all, a label as its class does; None: alike."""
        weights = None if batch.mask is None else (~batch.mask).astype(self.dtype)
        if self.class_weights is None:
            return weights
        return np.asarray(batch.y @ self.class_weights * (1 if weights is None else weights))

    def gradients(self, x: Any, y: ArrayLike, lengths: Lengths = None, **more: Any) -> tuple[float, Grads]:
        """Loss and gradients under the flat names of `params`; arguments as for `batch`."""
        batch = self.batch(x, y, lengths, **more)
        expect(batch.size, "x: expected at least one example, got B = 0")
        return self.loss(batch)

    # ---- answers --------------------------------------------------------------------------------------------------

    def predict(self, x: Any, lengths: Lengths = None) -> FloatArray:
        """The probability of each class over the last axis (for mean squared error: the numbers themselves)."""
        return self.answer(self.logits(self.batch(x, None, lengths)))

    def answer(self, logits: FloatArray) -> FloatArray:
        """Logits as the loss reads them: softmax, sigmoid, or (mean squared error) as they are."""
        if self.loss_name == "mean_squared_error":
            return logits
        return f.softmax(logits) if self.loss_name == "cross_entropy" else f.sigmoid(logits)

    def evaluate(self, batch: Batch) -> tuple[float, float]:
        """Loss and accuracy on a batch. Padded steps do not count, nor do labels of a class of weight 0. The accuracy
        is NaN for mean squared error, and where nothing counts."""
        logits = self.logits(as_batch(batch, True))
        loss = self.score(logits, batch)[0]
        if self.loss_name == "mean_squared_error":
            return loss, float("nan")
        if self.loss_name == "cross_entropy":
            right = logits.argmax(axis=-1) == batch.y.argmax(axis=-1)
        else:
            right = ((logits > 0) == (batch.y > 0.5)).all(axis=-1)
        weights = self.weights(batch)
        counted = right if weights is None else right[weights > 0]
        return loss, float(counted.mean()) if counted.size else float("nan")


def as_batch(batch: Batch, targets: bool = False) -> Batch:
    """What `model.batch(...)` gives, with targets where they are wanted; or a TypeError or ValueError."""
    expect(isinstance(batch, Batch), f"batch: expected what model.batch gives, got {type(batch).__name__}", TypeError)
    expect(batch.y is not None or not targets, "batch: expected targets y, got a batch without them")
    return batch
