"""Wirings that read: one answer for one input, one for a whole sequence, one for every step."""

from typing import Any

import numpy as np

from ..checks import as_size, expect, one_of
from ..functions import FloatArray
from ..layers import Dense, Layer
from ..layers.base import Rng, padding
from ..parameters import Grads, named
from .base import Batch, Model, as_batch


class ManyToOne(Model):
    """A sequence in, one answer out (N to 1): `y = softmax(W_hy s + b_y)`, read once.

    x (T, B, I) with lengths (B,) -> one label a sequence (B,), 0..K-1. What is read, s: `pool="last"` the final state
    (the natural choice), `"mean"` the mean of all h_t, `"max"` the largest of each unit over time. Chapters 05 and 08.
    """

    def __init__(self, body: Layer, output: Dense, *, pool: str = "last", **options: Any) -> None:
        super().__init__(body, output, **options)
        self.pool = one_of("pool", pool, ("last", "mean", "max"))

    def features(self, batch: Batch, rng: Rng = None) -> tuple[FloatArray, Any]:
        y, _, tape = self.body.forward(batch.x, None, batch.lengths, rng=rng)
        places = self.places(y, batch)
        s = y[places] if self.pool != "mean" else y.sum(axis=0) / _counts(y, batch)
        return s, (y, tape, batch, places)

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        y, tape, batch, places = tape
        d_y = np.zeros_like(y)
        d_y[places] = d_s if self.pool != "mean" else d_s / _counts(y, batch)
        return named(body=self.body.backward(d_y, tape, inputs=False)[2])

    def places(self, y: FloatArray, batch: Batch) -> tuple[Any, ...]:
        """Where in the outputs (T, B, O) stands what is read of them: all of them for a mean; the largest of each unit
        (of several that are, the first); or the last one, at the true end, or at t = 0 where a layer reads back."""
        (T, B, units), mask = y.shape, padding(batch.lengths, len(y))
        if self.pool == "mean":
            return (...,)
        if self.pool == "last" and batch.lengths is None and isinstance(self.body.reads_back, bool):
            return (0 if self.body.reads_back else T - 1,)  # for all alike
        if self.pool == "max":
            t = (y if mask is None else np.where(mask[:, :, None], -np.inf, y)).argmax(axis=0)
        else:
            t = np.where(self.body.reads_back, 0, (T if batch.lengths is None else batch.lengths[:, None]) - 1)
        return t, np.arange(B)[:, None], np.arange(units)


def _counts(y: FloatArray, batch: Batch) -> Any:
    """The number of true steps of each sequence."""
    return y.dtype.type(len(y)) if batch.lengths is None else batch.lengths[:, None].astype(y.dtype)


class ManyToMany(Model):
    """A sequence in, an answer at every step (N to N, no lag): `y_t = softmax(W_hy h_t + b_y)`.

    x (T, B, I) with lengths (B,) -> labels (T, B). The loss is the mean over all true steps. Chapters 05 and 07.
    """

    y_time = True

    def features(self, batch: Batch, rng: Rng = None, state: Any = None) -> tuple[FloatArray, Any]:
        h, final, tape = self.body.forward(batch.x, state, batch.lengths, rng=rng)
        return h, (final, tape)

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        return named(body=self.body.backward(d_s, tape[1], inputs=False)[2])

    def loss_from(self, state: Any, batch: Batch, rng: Rng = None) -> tuple[float, Grads, Any]:
        """`loss`, started from a state, and the final state: a window of truncated backpropagation."""
        h, (final, tape) = self.features(batch, rng, state)
        return *self.loss_of(h, (final, tape), batch), final

    def windows(self, batch: Batch, size: int) -> list[Batch]:
        """The batch cut into pieces of `size` steps, in order of time."""
        pieces = []
        for start in range(0, len(as_batch(batch, True).x), as_size("size", size)):
            here = slice(start, start + size)
            lengths = None if batch.lengths is None else np.clip(batch.lengths - start, 0, len(batch.x[here]))
            pieces.append(batch._replace(x=batch.x[here], y=batch.y[here], lengths=lengths, y_lengths=lengths))
        return pieces


class OneToOne(Model):
    """One input, one answer (1 to 1): a recurrent network of a single step, an ordinary network with one hidden layer.

    x (B, I) -> labels (B,). The first state is zero, so W_hh has nothing to do: its gradient is 0. Chapter 05.
    """

    x_time = False

    def __init__(self, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        expect(body.keeps_time and not body.takes_ids, f"body: expected a layer that reads vectors, got {body!r}")

    def features(self, batch: Batch, rng: Rng = None) -> tuple[FloatArray, Any]:
        h, _, tape = self.body.forward(batch.x[None], rng=rng)
        return h[0], tape

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        return named(body=self.body.backward(d_s[None], tape, inputs=False)[2])
